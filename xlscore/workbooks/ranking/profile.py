"""One unit's profile (hồ sơ đơn vị): chosen in a cell, everything on the page follows by formulas.

The cached values are those of the best unit of the tier, which is chosen when the workbook is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xlscore.layout import NOTHING
from xlscore.ranking import UnitResult
from xlscore.rubric import Node
from xlscore.workbooks.ranking.cells import Live
from xlscore.workbooks.ranking.components import FIRST_ROW as FIRST_UNIT
from xlscore.workbooks.ranking.components import UNRANKED, Components, mean, mean_of_group
from xlscore.workbooks.ranking.grid import at, down
from xlscore.workbooks.ranking.losses import MOST, Losses
from xlscore.workbooks.ranking.tiersheets import Total
from xlscore.workbooks.ranking.unityears import UnitYears
from xlscore.workbooks.ranking.yeartable import YearTable

CHOICE_ROW, FACTS_ROW, TABLE_ROW = 3, 5, 8
"""0-based rows of the chosen unit, of the headings of its facts and of the table of domains."""

CHOICE = at(CHOICE_ROW, 1)
"""The cell in which the unit is chosen."""

COLUMNS = 6
"""Columns of the page; what only formulas need stands behind them."""

LABEL, SHORT, LIST = COLUMNS + 1, COLUMNS + 2, COLUMNS + 3
"""Hidden columns, behind an empty one: LibreOffice prints ### of numbers in hidden columns that touch the
page."""
CHART_ROWS, TREND_ROWS = 17, 10
_PLACE_ROW, _OWN_ROW, _MAX_ROW, _YEAR_ROW = range(4)


@dataclass(frozen=True)
class Profile:
    """What the page shows, as cells.

    Attributes:
        name: of the sheet.
        years: earlier years of the tier, if any is on record.
    """

    name: str
    components: Components
    years: YearTable | None

    @cached_property
    def chosen(self) -> UnitResult:
        """The unit that is chosen at first: the best of the tier."""

        def merit(result: UnitResult) -> tuple[bool, Decimal, int]:
            row = self.components.homes[result.unit.code].row
            return result.assessed, result.decisive_index, -(row.rank or 1_000_000)

        return max(self.components.tier.results, key=merit)

    @property
    def domains(self) -> tuple[Node, ...]:
        """The domains, one line each."""
        return self.components.domains

    # --- rows -------------------------------------------------------

    @property
    def first_row(self) -> int:
        """The row of the first domain."""
        return TABLE_ROW + 1

    @property
    def total_row(self) -> int:
        """The row below the domains."""
        return self.first_row + len(self.domains)

    @property
    def chart_row(self) -> int:
        """The row at which the chart of domains begins, behind the strongest and the weakest."""
        return self.total_row + 4

    @property
    def loss_row(self) -> int:
        """The row of the headings of the losses."""
        return self.chart_row + CHART_ROWS + 1

    @property
    def year_row(self) -> int:
        """The row of the headings of the years."""
        return self.loss_row + MOST + 2

    @property
    def last_row(self) -> int:
        """The last row that is printed."""
        return self.year_row + 5 + TREND_ROWS if self.years else self.loss_row + MOST

    # --- the unit -------------------------------------------------------

    def guarded(self, formula: str) -> str:
        """Return the formula, blank while the chosen name is no unit's."""
        return f'IF({at(_PLACE_ROW, LIST)}=0,"",{formula})'

    def fetched(self, key: str) -> str:
        """Return the formula of the chosen unit's cell on the sheet of component indices."""
        return f"INDEX({self.components.block(key)},{at(_PLACE_ROW, LIST)})"

    @property
    def own(self) -> str:
        """The reference to the unit's place on the sheet of points."""
        return at(_OWN_ROW, LIST)

    @property
    def maximum(self) -> str:
        """The reference to the unit's place on the sheet of maxima."""
        return at(_MAX_ROW, LIST)

    def places(self) -> list[tuple[int, Live]]:
        """Return the hidden cells (row, cell) that find the unit on the other sheets."""
        labels = self.components.block("label")
        # Compared, not looked up: MATCH takes * and ? in a name for wildcards.
        rows = f"(ROW({labels})-{FIRST_UNIT})"
        found = f'IF({CHOICE}="",0,SUMPRODUCT(({labels}={CHOICE})*{rows}))'
        place = self.components.tier.place(self.chosen)
        cells = [
            (_PLACE_ROW, Live(found, place)),
            (_OWN_ROW, Live(self.guarded(self.fetched("own")), place)),
            (_MAX_ROW, Live(self.guarded(self.fetched("max")), place)),
        ]
        if self.years:
            code = self.fetched("code")
            match = f"MATCH({code},{self.years.block('code')},0)"
            cells.append((_YEAR_ROW, Live(self.guarded(match), place)))
        return cells

    def facts(self) -> tuple[Live, ...]:
        """Return what is said of the unit first: group, code, rank, of how many, index, band."""
        code, components = self.chosen.unit.code, self.components
        home, groups = components.homes[code], components.groups
        size = sum(group == groups[code] for group in groups.values())
        counted = f"SUMPRODUCT(1*({components.block('group')}={at(FACTS_ROW + 1, 0)}))"
        assessed = self.chosen.assessed
        index: float | str = float(self.chosen.index) if assessed else NOTHING
        return (
            Live(self.guarded(self.fetched("group")), groups[code]),
            Live(self.guarded(self.fetched("code")), code),
            Live(self.guarded(self.fetched("rank")), home.row.rank or NOTHING),
            Live(self.guarded(counted), size),
            Live(self.guarded(self.fetched("index")), index),
            Live(self.guarded(f'{self.fetched("band")}&""'), home.row.band),
        )

    # --- its domains -------------------------------------------------------

    def domain(self, node: Node, row: int) -> tuple[str | Live, ...]:
        """Return the line of a domain: title, points, maximum, index, mean, difference."""
        tier, column = self.components.tier, self.components.tier.columns[node.id]
        score = self.chosen.achieved.get(node.id)
        points = f"INDEX({tier.block(tier.points, column)},{self.own})"
        maximum = f"INDEX({tier.block(tier.maxima, column)},{self.maximum})"
        known = self.chosen.assessed and score is not None and score.points is not None
        index = self.components.index(self.chosen, node)
        return (
            f"{node.code}. {node.title}",
            Live(
                self.guarded(f'IF(COUNT({points})=0,"{NOTHING}",{points})'),
                float(score.points) if known else NOTHING,  # type: ignore[union-attr, arg-type]
            ),
            Live(self.guarded(maximum), float(score.applicable) if score else 0.0),
            Live(self.guarded(self.fetched(f"node {node.id}")), index),
            *self._against(f"node {node.id}", row, index),
        )

    def total(self) -> tuple[str | Live, ...]:
        """Return the line below the domains: everything together."""
        tier, row = self.components.tier, self.total_row
        achieved = f"INDEX({tier.block(tier.points, tier.totals + Total.ACHIEVED)},{self.own})"
        maximum = f"INDEX({tier.block(tier.maxima, tier.totals)},{self.maximum})"
        totals, assessed = self.chosen.totals, self.chosen.assessed
        index: float | str = float(self.chosen.index) if assessed else NOTHING
        known = f'IF(COUNT({at(row, 3)})=0,"{NOTHING}",{achieved})'
        extra = any(node.is_extra for node in tier.rubric.nodes)
        return (
            "Tổng hợp (gồm điểm cộng, điểm trừ)" if extra else "Tổng hợp",
            Live(self.guarded(known), float(totals.achieved) if assessed else NOTHING),
            Live(self.guarded(maximum), float(totals.applicable)),
            Live(self.guarded(self.fetched("index")), index),
            *self._against("index", row, index),
        )

    def _against(self, key: str, row: int, index: float | str) -> tuple[Live, Live]:
        """Return the mean of the group and the difference from it."""
        average = self._mean(key)
        known = not isinstance(index, str) and not isinstance(average.value, str)
        by = float(index) - float(average.value) if known else ""
        own, other = at(row, 3), at(row, 4)
        return average, Live(f'IF(COUNT({own},{other})=2,{own}-{other},"")', by)

    def _mean(self, key: str) -> Live:
        components, group = self.components, at(FACTS_ROW + 1, 0)
        block = components.block(key)
        of_group = mean_of_group(components.block("group"), group, block, f'"{NOTHING}"')
        of_all = f'IF(COUNT({block})=0,"{NOTHING}",AVERAGE({block}))'
        known = components.known(key, components.compared(self.chosen))
        return Live(self.guarded(f'IF({group}="{UNRANKED}",{of_all},{of_group})'), mean(known))

    def mean_heading(self) -> Live:
        """Return what the means are called: of the group, of the tier for units that are not ranked."""
        ranked = self.components.groups[self.chosen.unit.code] != UNRANKED
        of_group, of_all = "Trung bình nhóm (%)", "Trung bình cấp (%)"
        formula = f'IF({at(FACTS_ROW + 1, 0)}="{UNRANKED}","{of_all}","{of_group}")'
        return Live(formula, of_group if ranked else of_all)

    def extremes(self) -> tuple[tuple[str, Live, Live], ...]:
        """Return the strongest and the weakest domain: label, name, index."""
        known = [
            (index, node)
            for node in self.domains
            if not isinstance(index := self.components.index(self.chosen, node), str)
        ]
        return (
            ("Lĩnh vực có chỉ số cao nhất", *self._extreme("MAX", 1, known)),
            ("Lĩnh vực có chỉ số thấp nhất", *self._extreme("MIN", 2, known)),
        )

    def _extreme(
        self, function: str, least: int, known: Sequence[tuple[float, Node]]
    ) -> tuple[Live, Live]:
        # With the headings: programs take a range of one cell for a value.
        indices, titles = (down(TABLE_ROW, self.total_row - 1, column) for column in (3, 0))
        picked = f"{function}({indices})"
        name = f"INDEX({titles},MATCH({picked},{indices},0))"
        value: float | str = NOTHING
        said = NOTHING
        if len(known) >= least:
            value = (max if function == "MAX" else min)(index for index, _ in known)
            node = next(node for index, node in known if index == value)
            said = f"{node.code}. {node.title}"
        guard = f'IF(COUNT({indices})<{least},"{NOTHING}",'
        return Live(f"{guard}{name})", said), Live(f"{guard}{picked})", value)

    def label(self, node: Node, row: int) -> tuple[Live, str]:
        """Return what the chart calls a domain: its short name, and a dash where it has no index."""
        short = wrapped(f"{node.code}. {node.title}")
        none = isinstance(self.components.index(self.chosen, node), str)
        formula = f'{at(row, SHORT)}&IF(ISNUMBER({at(row, 3)}),""," ({NOTHING})")'
        return Live(formula, f"{short} ({NOTHING})" if none else short), short

    @cached_property
    def losses(self) -> Losses:
        """Where the unit loses points."""
        return Losses(
            self.components.tier, self.first_row, LIST, self.own, self.maximum,
            self.guarded, self.chosen,
        )  # fmt: skip

    @cached_property
    def over_years(self) -> UnitYears | None:
        """The unit over the years; None without earlier ones."""
        if self.years is None:
            return None
        place = at(_YEAR_ROW, LIST)
        return UnitYears(
            self.years, self.chosen, place, at(FACTS_ROW + 1, 0), self.guarded, COLUMNS - 1
        )


def wrapped(text: str, width: int = 26, lines: int = 2) -> str:
    """Return a title as a chart has room for it: short lines, the rest cut."""
    made = [""]
    for word in text.split():
        if made[-1] and len(made[-1]) + 1 + len(word) > width:
            if len(made) == lines:
                made[-1] += "…"
                break
            made.append(word)
        else:
            made[-1] = f"{made[-1]} {word}".strip()
    return "\n".join(made)
