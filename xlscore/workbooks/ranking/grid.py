"""A page that is laid out in any order and written from the top, as rows must be."""

from __future__ import annotations

from typing import Any

from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import Sheet
from xlscore.workbooks.ranking.cells import Cell


def at(row: int, column: int) -> str:
    """Return the fixed reference to a cell, from 0-based places."""
    return f"${letters(column)}${row + 1}"


def down(first: int, last: int, column: int) -> str:
    """Return the fixed reference to the cells of a column, from 0-based rows."""
    return f"{at(first, column)}:{at(last, column)}"


class Grid:
    """The cells of a page, gathered and then written in the order of rows."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cells: dict[tuple[int, int], tuple[Cell, Any, int]] = {}
        self._heights: dict[int, float] = {}

    def put(self, row: int, column: int, cell: Cell, look: Any, *, last: int = -1) -> None:
        """Lay a cell; `last` is the last column where it spans several."""
        self._cells[row, column] = cell, look, max(column, last)

    def line(self, row: int, cells: tuple[Cell, ...], look: Any) -> None:
        """Lay cells of one look from the first column on."""
        for column, cell in enumerate(cells):
            self.put(row, column, cell, look)

    def height(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self._heights[row] = points

    def write(self) -> None:
        """Write everything."""
        raw = self._sheet.raw
        rows = {row for row, _ in self._cells} | set(self._heights)
        by_row: dict[int, list[int]] = {row: [] for row in sorted(rows)}
        for row, column in self._cells:
            by_row[row].append(column)
        for row, columns in by_row.items():
            if row in self._heights:
                raw.set_row(row, self._heights[row])
            for column in sorted(columns):
                cell, look, last = self._cells[row, column]
                if last > column:
                    raw.merge_range(row, column, row, last, "", look)
                raw.put(row, column, cell, look)
