"""Earlier years beside the ranks: last year's index and rank, the change, a sparkline of all years."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from xlscore.ranking import RankedRow, Results
from xlscore.workbooks.ranking.book import signed
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.columns import CellOf, Column
from xlscore.years import Past

TREND = "trend"
"""Key of the column with the sparklines."""


@dataclass(frozen=True)
class PastColumns:
    """What earlier years add to a ranking sheet; nothing where none of its units was there.

    Attributes:
        at: gives the reference to a column's cell (by key) on a 0-based row.
        number: number format of indices.
    """

    results: Results
    rows: Sequence[RankedRow]
    number: str
    at: Callable[[str, int], str]

    @property
    def shown(self) -> Iterator[Column]:
        """Yield the columns that are seen."""
        if self._last in self.years:
            yield Column(
                "before", f"Chỉ số năm {self._last} (%)", 9.5, self._index(self._last), self.number
            )
            heading = f"Tăng, giảm so với {self._last} (điểm %)"
            yield Column("change", heading, 12, self._change, signed(self.number), bold=True)
            yield Column("rank before", f"Hạng năm {self._last}", 8.5, self._rank)
        if self.years:
            heading = f"Diễn biến {self.years[0]}–{self._this}"
            yield Column(TREND, heading, 13, lambda *_: None)

    @property
    def drawn(self) -> Iterator[Column]:
        """Yield the columns that the sparklines draw: years from the oldest on, then this one."""
        for year in [*self.years, *([self._this] if self.years else [])]:
            cell = self._today if year == self._this else self._index(year)
            yield Column(trend_key(year), f"Chỉ số năm {year} (%)", 10, cell, self.number)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The earlier years that know any of these units, oldest first."""
        units = [row.result.unit.code for row in self.rows]
        known = self.results.years
        found = (y.year for y in known.years if any(known.past(code, y.year) for code in units))
        return tuple(sorted(year for year in found if year < self._this))

    @property
    def trend(self) -> tuple[str, str] | None:
        """The first and the last key of what the sparklines draw."""
        return (trend_key(self.years[0]), trend_key(self._this)) if self.years else None

    @property
    def indices(self) -> list[Fraction]:
        """All indices of all years."""
        codes = [row.result.unit.code for row in self.rows]
        pasts = (self.results.years.past(c, year) for c in codes for year in self.years)
        found = [Fraction(p.index) for p in pasts if p is not None and p.index is not None]
        return found + [row.result.index for row in self.rows if row.result.assessed]

    def remark(self, row: RankedRow) -> str:
        """Say where last year's figure is not simply the unit's own."""
        past = self.results.before(row.result.unit)
        if past is None:
            return ""
        if why := lacking(past):
            return f"Năm {past.year}: {why}"
        if past.index is None:
            return ""
        if past.merged:
            names = ", ".join(unit.name for unit in past.units)
            return f"Năm {past.year}: trung bình của {names}"
        return (
            f"Năm {past.year}: của {past.units[0].name}, trước khi chia tách" if past.shared else ""
        )

    @property
    def _this(self) -> int:
        return self.results.campaign.settings.year

    @property
    def _last(self) -> int:
        return self._this - 1

    def _index(self, year: int) -> CellOf:
        def cell(row: RankedRow, _: int) -> Cell:
            past = self.results.years.past(row.result.unit.code, year)
            return past.index if past else None

        return cell

    def _change(self, row: RankedRow, at: int) -> Cell:
        by = self.results.change(row.result)
        if by is None:
            return None
        return Live(f"{self.at('index', at)}-{self.at('before', at)}", float(by))

    def _rank(self, row: RankedRow, _: int) -> Cell:
        past = self.results.before(row.result.unit)
        return past.rank if past else None

    def _today(self, row: RankedRow, at: int) -> Cell:
        if not row.result.assessed:
            return None
        return Live(self.at("index", at), float(row.result.index))


def lacking(past: Past) -> str:
    """Say why merged units are not compared, where the index of one of them is not known."""
    if not (past.merged and past.lacking):
        return ""
    named = ", ".join([*(unit.name for unit in past.units), *past.absent])
    return f"hợp nhất từ {named}; không so sánh vì thiếu chỉ số của {', '.join(past.lacking)}"


def trend_key(year: int) -> str:
    """Return the key of the column beside the table that holds a year's indices."""
    return f"index {year}"
