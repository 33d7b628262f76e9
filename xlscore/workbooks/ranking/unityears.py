"""The chosen unit over the years: its index beside the mean, its rank, what it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlscore.numbers import Exact
from xlscore.ranking import UnitResult
from xlscore.workbooks.ranking.cells import Live
from xlscore.workbooks.ranking.components import UNRANKED, mean, mean_of_group
from xlscore.workbooks.ranking.yeartable import YearTable

Line = tuple[str, tuple[Live | str, ...]]
"""A label with the cells behind it."""


@dataclass(frozen=True)
class UnitYears:
    """What the page of a unit says of its years.

    Attributes:
        place: reference to the unit's place on the sheet of years.
        group: reference to the title of its ranking group.
        guarded: what makes a formula blank while no unit is chosen.
        most: how many years there is room for; the newest are shown.
    """

    table: YearTable
    chosen: UnitResult
    place: str
    group: str
    guarded: Callable[[str], str]
    most: int

    @property
    def shown(self) -> tuple[int, ...]:
        """The years, oldest first."""
        return self.table.years[-self.most :]

    def lines(self) -> tuple[Line, Line, Line, Line]:
        """Return years, indices of the unit, means of all units, ranks."""
        table, unit, shown = self.table, self.chosen, self.shown
        return (
            ("Năm", tuple(str(year) for year in shown)),
            (
                "Chỉ số của đơn vị (%)",
                tuple(self._figure("index", year, table.index(unit, year)) for year in shown),
            ),
            ("Trung bình (%)", tuple(self._mean(f"index {year}") for year in shown)),
            ("Hạng", tuple(self._figure("rank", year, table.rank(unit, year)) for year in shown)),
        )

    def origin(self) -> Live:
        """Return what the unit was in earlier years, in words."""
        cell = f"INDEX({self.table.block('lineage')},{self.place})"
        return Live(self.guarded(f'{cell}&""'), self.table.lineage(self.chosen))

    def _mean(self, key: str) -> Live:
        table, block = self.table, self.table.block(key)
        of_group = mean_of_group(table.block("group"), self.group, block, '""')
        of_all = f'IF(COUNT({block})=0,"",AVERAGE({block}))'
        known = table.known(key, table.components.compared(self.chosen))
        formula = self.guarded(f'IF({self.group}="{UNRANKED}",{of_all},{of_group})')
        return Live(formula, mean(known, ""))

    def _figure(self, kind: str, year: int, value: Exact | None) -> Live:
        cell = f"INDEX({self.table.block(f'{kind} {year}')},{self.place})"
        formula = self.guarded(f'IF(COUNT({cell})=0,"",{cell})')
        return Live(formula, "" if value is None else float(value))
