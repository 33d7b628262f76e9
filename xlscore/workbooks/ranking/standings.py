"""The ranking sheets: one per group, and one for the units that are assessed but not ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xlscore.campaign import Campaign
from xlscore.layout import NOTHING
from xlscore.numbers import plain
from xlscore.ranking import DECISIVE_DECIMALS, RankedRow, Results, decisive, group_of, parts
from xlscore.ranking_words import remarks
from xlscore.rubric import Channel, Node
from xlscore.settings import Ties
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import fitting
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.columns import CellOf, Column
from xlscore.workbooks.ranking.matrices import foot
from xlscore.workbooks.ranking.matrixframe import unit_widths
from xlscore.workbooks.ranking.pastcolumns import PastColumns
from xlscore.workbooks.ranking.plugin_parts import ExtraColumn
from xlscore.workbooks.ranking.rank_formula import RankKeys, position
from xlscore.workbooks.ranking.tiersheets import TierSheets, Total, component

HEADING_ROW, FIRST_ROW = 3, 4
"""0-based rows of the headings and of the first unit."""


@dataclass(frozen=True)
class Standing:
    """One ranking sheet, before it is written.

    Attributes:
        name: name of the sheet.
        tiers: the sheets of figures by tier; a group may hold units of several.
        ranked: whether ranks are given.
        across: whether it ranks a whole tier, so that each unit's group is worth a column.
        extras: further columns, from plugins.
        remarked: whether remarks are shown.
        called: the group's own title.
        charts: name of the sheet with the charts, where the sheet itself has no room for them.
    """

    results: Results
    name: str
    title: str
    rows: Sequence[RankedRow]
    tiers: Mapping[str, TierSheets]
    number: str
    ranked: bool = True
    extras: Sequence[ExtraColumn] = ()
    across: bool = False
    remarked: bool = True
    called: str = ""
    charts: str = ""

    @property
    def campaign(self) -> Campaign:
        """The campaign that is ranked."""
        return self.results.campaign

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns in order: what is printed, component indices, earlier years, helpers."""
        return (*self._printed, *self._domains(), *self.past.drawn, *self._helpers())

    @cached_property
    def _printed(self) -> tuple[Column, ...]:
        shown = [*self._identity(), *self._scores(), *self.past.shown, *self._extra()]
        if self.remarked:
            shown.append(Column("remark", "Ghi chú", 30, self._remark, align="left", size=10))
        return tuple(shown)

    @property
    def printed(self) -> int:
        """How many columns go on paper: component indices have printed sheets of their own."""
        return len(self._printed)

    @cached_property
    def past(self) -> PastColumns:
        """What earlier years add."""
        return PastColumns(self.results, self.rows, self.number, self.at)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """0-based column by key."""
        return {column.key: place for place, column in enumerate(self.columns)}

    @property
    def last_row(self) -> int:
        """0-based row of the last unit."""
        return FIRST_ROW + len(self.rows) - 1

    def block(self, key: str) -> str:
        """Return the range of a column, for formulas on other sheets (with a blank row behind)."""
        letter, quoted = letters(self.places[key]), self.name.replace("'", "''")
        return f"'{quoted}'!${letter}${FIRST_ROW + 1}:${letter}${self.last_row + 2}"

    @property
    def heading_height(self) -> float:
        """Height of the headings in points."""
        shown = [column for column in self.columns if not column.hidden]
        return fitting((c.heading, c.width, 10, True) for c in shown)

    def height(self, row: RankedRow, at: int) -> float:
        """Return the height of a unit's row in points."""
        # Room for the indent, which heights do not know.
        return fitting(
            (f"{c.cell(row, at) or ''} mm", c.width, c.size, c.bold) for c in self._wrapped
        )

    @cached_property
    def _wrapped(self) -> list[Column]:
        return [c for c in self.columns if c.key in {"name", "group", "tier", "remark"}]

    @property
    def missing(self) -> int:
        """How many of the units listed have no return, or no result from above."""
        return sum(not row.result.assessed for row in self.rows)

    # --- columns ----------------------------------------------------------------------------------

    def _identity(self) -> list[Column]:
        code_width, name_width = unit_widths([row.result for row in self.rows])
        found = [
            Column("code", "Mã", code_width, lambda r, _: r.result.unit.code, align="left"),
            Column("name", "Đơn vị", name_width + 7, lambda r, _: r.result.unit.name,
                   align="left", bold=True),
        ]  # fmt: skip
        if self.ranked:
            found = [Column("rank", "Hạng", 7, self._rank, align="center", bold=True), *found]
            if self.across:
                found.append(Column("group", "Nhóm", 26, self._group, align="left", size=10))
            return found
        tiers = self.campaign.settings.tiers
        group = Column(
            "tier", "Cấp", 24, lambda r, _: tiers[r.result.unit.tier].title, align="left"
        )
        return [*found, group]

    def _scores(self) -> list[Column]:
        return [
            Column("self", "Điểm tự chấm", 8.5, self._self_points, self.number),
            Column("appraised", "Điểm thẩm định", 9, self._appraised, self.number),
            *self._added,
            Column("achieved", "Điểm đạt được", 9, self._achieved, self.number, bold=True),
            Column("applicable", "Điểm tối đa áp dụng", 9, self._applicable, self.number),
            Column("index", "Chỉ số (%)", 12, self._index, self.number, bold=True),
            Column("band", "Xếp loại", 10, self._band, bold=True),
        ]

    @cached_property
    def _added(self) -> list[Column]:
        """What beside appraised rows makes up a score, as far as any rubric here has it."""
        nodes = [node for tier in self.tiers.values() for node in tier.rubric.walk()]
        channels = {node.channel for node in nodes if node.is_leaf}
        known = (
            (Channel.SURVEY, "survey", "Điều tra XHH", 8.5, Total.SURVEY),
            (Channel.BONUS, "bonus", "Điểm cộng", 7.0, Total.BONUS),
            (Channel.PENALTY, "penalty", "Điểm trừ", 7.0, Total.PENALTY),
        )
        return [
            Column(key, heading, width, self._total(total), self.number)
            for channel, key, heading, width, total in known
            if channel in channels
        ]

    def _domains(self) -> list[Column]:
        if len(self.tiers) != 1:
            return []
        (tier,) = self.tiers.values()
        return [
            Column(
                f"domain {node.id}",
                f"{node.code}. {node.title}",
                17,
                self._component(node),
                self.number,
            )
            for node in tier.rubric.domains
        ]

    def _extra(self) -> list[Column]:
        return [
            Column(
                f"extra {i}", extra.title, 12, extra.cell, align="left" if extra.long else "center"
            )
            for i, extra in enumerate(self.extras)
        ]

    def _helpers(self) -> list[Column]:
        found = [
            Column("own", "", 6, self._place("points"), hidden=True),
            Column("max", "", 6, self._place("maxima"), hidden=True),
        ]
        if self.ranked:
            found += [Column(key, "", 6, cell, hidden=True) for key, cell in self._keys().items()]
            if self._ties is Ties.DENSE:
                found.append(Column("tie size", "", 6, self._tie_size, hidden=True))
            found.append(Column("position", "", 6, self._position, hidden=True))
        return found

    def _keys(self) -> dict[str, CellOf]:
        """Return what decides the rank, from the heaviest key on; in each, higher is better."""
        policies = self.campaign.settings.policies
        keys: dict[str, CellOf] = {"key index": self._key_index}
        keys |= {f"key {node}": self._key_component(node) for node in policies.tie_breakers}
        keys["key sent"] = lambda row, _: 1.0 if row.result.assessed else 0.0
        if self._ties is Ties.ORDERED:
            keys["key order"] = lambda row, _: -self._positions[row.result.unit.code]
        return keys

    # --- cells ------------------------------------------------------------------------------------

    def at(self, key: str, row: int) -> str:
        """Return the reference to a column's cell on the same row."""
        return f"${letters(self.places[key])}{row + 1}"

    def _group(self, row: RankedRow, _: int) -> Cell:
        group = self.campaign.settings.groups.get(group_of(row.result.unit))
        return group.title if group else self.campaign.tier(row.result.unit).title

    def _tier(self, row: RankedRow) -> TierSheets:
        return self.tiers[row.result.unit.tier]

    def _rank(self, row: RankedRow, at: int) -> Cell:
        return Live(self._rank_keys.rank(at + 1, self._ties), row.rank or 0)

    def _tie_size(self, row: RankedRow, at: int) -> Cell:
        return Live(self._rank_keys.ties(at + 1), self._sizes[row.rank])

    @cached_property
    def _sizes(self) -> Mapping[int | None, int]:
        return Counter(row.rank for row in self.rows)

    def _position(self, row: RankedRow, at: int) -> Cell:
        """Return the place among all rows: as the rank, but equal ones one after the other."""
        formula = position(
            letters(self.places["rank"]), at + 1, FIRST_ROW + 1, self.last_row + 1, self._ties
        )
        return Live(formula, self._positions[row.result.unit.code])

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {row.result.unit.code: place for place, row in enumerate(self.rows, start=1)}

    @cached_property
    def _rank_keys(self) -> RankKeys:
        columns = [self.places[key] for key in self._keys()]
        tie_size = self.places.get("tie size", 0)
        return RankKeys(columns, tie_size, FIRST_ROW + 1, self.last_row + 1)

    @property
    def _ties(self) -> Ties:
        return self.campaign.settings.policies.ties

    def _self_points(self, row: RankedRow, _: int) -> Cell:
        return row.result.self_totals.points if row.result.self_totals else None

    def _fetched(self, total: Total, row: RankedRow, at: int) -> str:
        """Return the formula that fetches a total of the points sheet."""
        tier = self._tier(row)
        return f"INDEX({tier.block(tier.points, tier.totals + total)},{self.at('own', at)})"

    def _total(self, total: Total) -> CellOf:
        def cell(row: RankedRow, at: int) -> Cell:
            return Live(self._fetched(total, row, at), float(foot(row.result)[total]))

        return cell

    def _appraised(self, row: RankedRow, at: int) -> Cell:
        """Return what the domains give without surveys."""
        formula = self._fetched(Total.DOMAINS, row, at)
        if any(column.key == "survey" for column in self._added):
            formula += f"-{self.at('survey', at)}"
        return Live(formula, float(parts(row.result).appraised))

    def _achieved(self, row: RankedRow, at: int) -> Cell:
        """Return the sum that stands in the row: appraised + survey + bonus − penalty, never below 0."""
        said = self.at("appraised", at)
        for column in self._added:
            said += f"{'-' if column.key == 'penalty' else '+'}{self.at(column.key, at)}"
        return Live(f"MAX({said},0)", float(row.result.totals.achieved))

    def _applicable(self, row: RankedRow, at: int) -> Cell:
        tier = self._tier(row)
        formula = f"INDEX({tier.block(tier.maxima, tier.totals)},{self.at('max', at)})"
        return Live(formula, float(row.result.totals.applicable))

    def _index(self, row: RankedRow, at: int) -> Cell:
        achieved, applicable = self.at("achieved", at), self.at("applicable", at)
        index = f"{achieved}/{applicable}*100"
        if not self.campaign.settings.policies.index_may_pass_100:
            index = f"MIN(100,{index})"
        return Live(f"IF({applicable}=0,0,{index})", float(row.result.index))

    def _band(self, row: RankedRow, at: int) -> Cell:
        bands = self.campaign.tier(row.result.unit).bands
        if not bands:
            return None
        index, formula = f"ROUND({self.at('index', at)},{DECISIVE_DECIMALS})", '""'
        for band in reversed(bands):
            name = band.name.replace('"', '""')
            formula = f'IF({index}>={plain(band.at_least)},"{name}",{formula})'
        return Live(formula, row.band)

    def _component(self, node: Node) -> CellOf:
        def cell(row: RankedRow, at: int) -> Cell:
            tier, index = self._tier(row), row.result.node_index(node.id)
            own, maximum = self.at("own", at), self.at("max", at)
            formula = component(tier, tier.columns[node.id], own, maximum, f'"{NOTHING}"')
            return Live(formula, NOTHING if index is None else float(index))

        return cell

    def _place(self, sheet: str) -> CellOf:
        def cell(row: RankedRow, at: int) -> Cell:
            tier = self._tier(row)
            found = tier.position(getattr(tier, sheet), self.at("code", at))
            return Live(found, tier.place(row.result))

        return cell

    def _key_index(self, row: RankedRow, at: int) -> Cell:
        rounded = f"ROUND({self.at('index', at)},{DECISIVE_DECIMALS})"
        return Live(rounded, float(row.result.decisive_index))

    def _key_component(self, node: str) -> CellOf:
        def cell(row: RankedRow, at: int) -> Cell:
            tier = self._tier(row)
            if node not in tier.columns:
                return Decimal(0)
            own, maximum = self.at("own", at), self.at("max", at)
            found = component(tier, tier.columns[node], own, maximum, "0")
            value = decisive(row.result.node_index(node))
            return Live(f"ROUND({found},{DECISIVE_DECIMALS})", float(value))

        return cell

    def _remark(self, row: RankedRow, _: int) -> Cell:
        said = (remarks(self.campaign, row.result), self.past.remark(row))
        return "; ".join(part for part in said if part)
