"""The ranking sheets: one per group, and one for the units that are assessed but not ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from xlscore.campaign import Campaign
from xlscore.layout import NOTHING
from xlscore.numbers import plain
from xlscore.ranking import DECISIVE_DECIMALS, RankedRow, decisive, group_of
from xlscore.rubric import Channel, Node
from xlscore.settings import Ties
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import Book, Sheet
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.matrices import foot
from xlscore.workbooks.ranking.matrixframe import unit_widths
from xlscore.workbooks.ranking.plugin_parts import ExtraColumn
from xlscore.workbooks.ranking.rank_formula import RankKeys
from xlscore.workbooks.ranking.tiersheets import TierSheets, component
from xlscore.workbooks.ranking.words import remarks

HEADING_ROW, FIRST_ROW = 3, 4
"""0-based rows of the headings and of the first unit."""

_BAR = "#A9C4E4"


CellOf = Callable[[RankedRow, int], Cell]
"""What gives a unit's cell, for the 0-based row that it stands on."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ranking sheet."""

    key: str
    heading: str
    width: float
    cell: CellOf
    number: str = ""
    align: str = "center"
    bold: bool = False
    size: int = 11
    hidden: bool = False


@dataclass(frozen=True)
class Standing:
    """One ranking sheet, before it is written.

    Attributes:
        name: name of the sheet.
        tiers: the sheets of figures by tier; a group may hold units of several.
        ranked: whether ranks are given.
        across: whether it ranks a whole tier, so that each unit's group is worth a column.
        extras: further columns, from plugins.
    """

    campaign: Campaign
    name: str
    title: str
    rows: Sequence[RankedRow]
    tiers: Mapping[str, TierSheets]
    number: str
    ranked: bool = True
    extras: Sequence[ExtraColumn] = ()
    across: bool = False

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns in order, helpers last."""
        shown = [*self._identity(), *self._scores(), *self._domains(), *self._extra()]
        shown.append(Column("remark", "Ghi chú", 34, self._remark, align="left", size=10))
        return (*shown, *self._helpers())

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
    def missing(self) -> int:
        """How many of the units listed have no return, or no result from above."""
        return sum(not row.result.assessed for row in self.rows)

    # --- columns ----------------------------------------------------------------------------------

    def _identity(self) -> list[Column]:
        code_width, name_width = unit_widths([row.result for row in self.rows])
        found = [
            Column("code", "Mã", code_width, lambda r, _: r.result.unit.code, align="left"),
            Column("name", "Đơn vị", name_width, lambda r, _: r.result.unit.name,
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
        found = [
            Column("self", "Điểm tự chấm", 10, self._self_points, self.number),
            Column(
                "achieved", "Điểm đạt được", 10, self._figure("points", 3), self.number, bold=True
            ),
        ]
        for channel, heading, place in (
            (Channel.BONUS, "Điểm cộng", 1),
            (Channel.PENALTY, "Điểm trừ", 2),
        ):
            if any(n.channel is channel for t in self.tiers.values() for n in t.rubric.nodes):
                found.append(
                    Column(channel.value, heading, 8, self._figure("points", place), self.number)
                )
        return [
            *found,
            Column("applicable", "Điểm tối đa áp dụng", 10, self._figure("maxima", 0), self.number),
            Column("index", "Chỉ số (%)", 13, self._index, self.number, bold=True),
            Column("band", "Xếp loại", 10, self._band, align="center", bold=True),
        ]

    def _domains(self) -> list[Column]:
        if len(self.tiers) != 1:
            return []
        (tier,) = self.tiers.values()
        return [
            Column(
                f"domain {node.id}",
                f"{node.code}. {node.title}",
                10.5,
                self._component(node),
                self.number,
            )
            for node in tier.rubric.domains
        ]

    def _extra(self) -> list[Column]:
        return [
            Column(
                f"extra {i}", extra.title, 12, extra.cell, align="left" if extra.texts else "center"
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
            found.append(Column("tie size", "", 6, self._tie_size, hidden=True))
            found.append(Column("sent rank", "", 6, self._sent_rank, hidden=True))
        return found

    def _keys(self) -> dict[str, CellOf]:
        """Return what decides the rank, from the heaviest key on; in each, higher is better."""
        policies = self.campaign.settings.policies
        keys: dict[str, CellOf] = {"key index": self._key_index}
        keys |= {f"key {node}": self._key_component(node) for node in policies.tie_breakers}
        keys["key sent"] = lambda row, _: 1.0 if row.result.assessed else 0.0
        if policies.ties is Ties.ORDERED:
            order = {row.result.unit.code: -place for place, row in enumerate(self.rows, start=1)}
            keys["key order"] = lambda row, _: order[row.result.unit.code]
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
        return Live(
            self._rank_keys.rank(at + 1, self.campaign.settings.policies.ties), row.rank or 0
        )

    def _tie_size(self, row: RankedRow, at: int) -> Cell:
        return Live(self._rank_keys.ties(at + 1), self._sizes[row.rank])

    @cached_property
    def _sizes(self) -> Mapping[int | None, int]:
        return Counter(row.rank for row in self.rows)

    def _sent_rank(self, row: RankedRow, at: int) -> Cell:
        """Return the rank among those who sent a return, 0 for the others."""
        rank = row.rank if row.result.assessed and row.rank else 0
        return Live(f"{self.at('key sent', at)}*{self.at('rank', at)}", rank)

    @cached_property
    def _rank_keys(self) -> RankKeys:
        columns = [self.places[key] for key in self._keys()]
        return RankKeys(columns, self.places["tie size"], FIRST_ROW + 1, self.last_row + 1)

    def _self_points(self, row: RankedRow, _: int) -> Cell:
        return row.result.self_totals.points if row.result.self_totals else None

    def _figure(self, sheet: str, place: int) -> CellOf:
        """Return the cell that fetches a total of the points or maxima sheet."""

        def cell(row: RankedRow, at: int) -> Cell:
            tier, result = self._tier(row), row.result
            own = self.at("own" if sheet == "points" else "max", at)
            source = tier.block(getattr(tier, sheet), tier.totals + place)
            value = result.totals.applicable if sheet == "maxima" else foot(result)[place]
            return Live(f"INDEX({source},{own})", float(value))

        return cell

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
        return remarks(self.campaign, row.result)


def write_standing(book: Book, standing: Standing, said: str) -> None:
    """Write one ranking sheet."""
    sheet = book.sheet(standing.name, tab="#2F5D8C" if standing.ranked else "#8A9BB0")
    columns = standing.columns
    sheet.columns([c.width for c in columns])
    _hide_helpers(sheet, columns)
    shown = [column for column in columns if not column.hidden]
    sheet.title(0, standing.title, said)
    sheet.row(HEADING_ROW, [c.heading for c in shown], [book.heading(font_size=10)] * len(shown))
    sheet.fit_row(HEADING_ROW, ((i, c.heading) for i, c in enumerate(shown)), 10, bold=True)
    looks = [_look(book, column) for column in columns]
    remark, name = standing.places["remark"], standing.places["name"]
    for number, row in enumerate(standing.rows, start=FIRST_ROW):
        cells = [column.cell(row, number) for column in columns]
        sheet.row(number, cells, looks)
        # Room for the indent, which the heights do not know.
        wrapped = (name, remark, *([standing.places["group"]] if standing.across else []))
        texts = ((place, f"{cells[place] or ''} mm") for place in wrapped)
        sheet.fit_row(number, texts, bold=True)
    _finish(sheet, standing, len(shown))


def _hide_helpers(sheet: Sheet, columns: Sequence[Column]) -> None:
    helpers = [column.width for column in columns if column.hidden]
    sheet.columns(helpers, first=len(columns) - len(helpers), hidden=True)


def _look(book: Book, column: Column) -> Any:
    if column.hidden:
        return book.format()
    look: dict[str, Any] = {"align": column.align, "bold": column.bold, "font_size": column.size}
    if column.number:
        look["num_format"] = column.number
    if column.align == "left":
        look |= {"text_wrap": True, "indent": 1}
    return book.cell(**look)


def _finish(sheet: Sheet, standing: Standing, shown: int) -> None:
    sheet.page((HEADING_ROW, HEADING_ROW), standing.places["name"] + 1)
    sheet.raw.print_area(0, 0, standing.last_row, shown - 1)
    sheet.raw.autofilter(HEADING_ROW, 0, standing.last_row, shown - 1)
    bar = {
        "type": "data_bar",
        "bar_solid": True,
        "bar_color": _BAR,
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": 100,
    }
    place = standing.places["index"]
    sheet.raw.conditional_format(FIRST_ROW, place, standing.last_row, place, bar)
