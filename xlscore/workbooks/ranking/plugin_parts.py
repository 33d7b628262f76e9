"""What plugins may add: columns of the ranking sheets, and sheets of their own.

Plugins never see the spreadsheet library. One that raises, or gives what no cell can hold, loses only
its own column or sheet; the workbook says so on its last sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from xlscore.plugins import PluginFailure, Plugins
from xlscore.ranking import RankedRow, Results, UnitResult
from xlscore.workbooks.ranking.book import Book
from xlscore.workbooks.ranking.cells import Cell
from xlscore.workbooks.ranking.plugin_sheets import (
    LONG,
    MAX_COLUMNS,
    MAX_ROWS,
    PluginCell,
    PluginSheet,
    checked,
)
from xlscore.workbooks.ranking.tables import TableColumn, write_table

_ADDED = "bảng của phần mở rộng"


class RankingColumn(Protocol):
    """A further column of the ranking sheets (hook `xlscore_ranking_columns`).

    Attributes:
        title: the heading.
    """

    title: str

    def value(self, result: UnitResult) -> PluginCell:
        """Return what stands in the unit's row."""


@dataclass(frozen=True)
class ExtraColumn:
    """A plugin's column with its values for all units, already checked."""

    title: str
    values: Mapping[str, PluginCell]

    @property
    def long(self) -> bool:
        """Whether the column holds texts that read better from the left."""
        return any(isinstance(v, str) and len(v) > LONG for v in self.values.values())

    def cell(self, row: RankedRow, _: int) -> Cell:
        """Return the cell of a unit."""
        return self.values[row.result.unit.code]


class RankingBook:
    """The ranking workbook as a plugin sees it (hook `xlscore_ranking_sheets`).

    Attributes:
        added: the sheets that were added: name, and what is on it.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self.added: list[tuple[str, str]] = []

    def add_table_sheet(
        self, name: str, headings: Sequence[str], rows: Iterable[Sequence[PluginCell]]
    ) -> str:
        """Add a filterable sheet at the end of the workbook.

        Args:
            name: title of the sheet; shortened, and numbered where it is taken.
            headings: one text per column.
            rows: cells in the order of the headings.

        Returns:
            The name that the sheet got.

        Raises:
            ValueError: no headings, a row of another length, or more than a sheet holds.
            TypeError: a cell is neither text, `Decimal`, whole number nor None.
        """
        titles = [str(heading) for heading in headings]
        if not 0 < len(titles) <= MAX_COLUMNS:
            raise ValueError(f"{len(titles)} headings")
        table = [[checked(cell) for cell in row] for row in rows]
        if len(table) > MAX_ROWS or any(len(row) != len(titles) for row in table):
            raise ValueError("every row needs one cell per heading")
        columns = [
            TableColumn(title, _width(title, table, place)) for place, title in enumerate(titles)
        ]
        taken = self._book.name(name)
        write_table(self._book, taken, name, "", columns, table)
        self.added.append((taken, _ADDED))
        return taken

    def add_sheet(self, name: str, title: str, widths: Sequence[float]) -> PluginSheet:
        """Add a sheet of several parts at the end of the workbook; it is filled from the top down.

        Args:
            name: name of the sheet; shortened, and numbered where it is taken.
            title: above the sheet, in capitals; in the contents as it is given.
            widths: of its columns, in characters.

        Raises:
            ValueError: no columns, or more than a sheet holds.
        """
        sheet = PluginSheet(self._book, self._book.name(name), title, widths)
        self.added.append((sheet.name, title))
        return sheet


def _width(title: str, table: Sequence[Sequence[PluginCell]], place: int) -> float:
    longest = max(
        (len(str(row[place])) for row in table[:200] if row[place] is not None), default=0
    )
    return float(min(max(longest * 1.1 + 2, len(title) * 0.8, 10), 60))


def extra_columns(
    plugins: Plugins, results: Results, failures: list[PluginFailure]
) -> list[ExtraColumn]:
    """Return the columns of all plugins; those that fail are added to `failures`."""
    found: list[ExtraColumn] = []
    for name, columns in plugins.each("xlscore_ranking_columns", results=results):
        if isinstance(columns, PluginFailure):
            failures.append(columns)
            continue
        try:
            found.extend(_filled(column, results) for column in columns)
        except Exception as error:  # noqa: BLE001  a plugin may raise anything
            failures.append(PluginFailure(name, f"{type(error).__name__}: {error}"))
    return found


def first_remarks(plugins: Plugins, results: Results, failures: list[PluginFailure]) -> list[str]:
    """Return what plugins say on the first page; those that fail are added to `failures`."""
    found: list[str] = []
    for name, remarks in plugins.each("xlscore_ranking_remarks", results=results):
        if isinstance(remarks, PluginFailure):
            failures.append(remarks)
            continue
        try:
            # A text alone would be taken letter by letter; a failure loses all of a plugin's remarks.
            told = [remarks] if isinstance(remarks, str) else remarks
            found += [_sentence(remark) for remark in told]
        except Exception as error:  # noqa: BLE001  a plugin may return anything
            failures.append(PluginFailure(name, f"{type(error).__name__}: {error}"))
    return found


def _sentence(remark: object) -> str:
    if not isinstance(remark, str):
        raise TypeError(f"{remark!r}: a remark is a text")
    return remark


def _filled(column: RankingColumn, results: Results) -> ExtraColumn:
    values = {r.result.unit.code: checked(column.value(r.result)) for r in results.rows}
    return ExtraColumn(str(column.title), values)


def add_sheets(
    plugins: Plugins, book: Book, results: Results, failures: list[PluginFailure]
) -> list[tuple[str, str]]:
    """Let every plugin add its sheets; those that fail are added to `failures`.

    Returns:
        The sheets that are there now: name, and what is on it.
    """
    facade = RankingBook(book)
    for _, outcome in plugins.each("xlscore_ranking_sheets", book=facade, results=results):
        if isinstance(outcome, PluginFailure):
            failures.append(outcome)
    return facade.added
