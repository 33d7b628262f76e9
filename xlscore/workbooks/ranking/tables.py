"""Plain tables: a title, headings, rows, a filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xlscore.workbooks.ranking.book import Book, Sheet
from xlscore.workbooks.ranking.cells import Cell

HEADING_ROW, FIRST_ROW = 3, 4
"""0-based rows of the headings and of the first row of data."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """Heading, width in characters, and look of a column."""

    heading: str
    width: float
    number: str = ""
    align: str = ""
    wrap: bool = True
    bold: bool = False


def table_sheet(
    book: Book, name: str, title: str, said: str, columns: Sequence[TableColumn]
) -> tuple[Sheet, list[Any]]:
    """Start a sheet with a table; return it with the formats of the columns."""
    sheet = book.sheet(name)
    sheet.columns([column.width for column in columns])
    sheet.title(0, title, said)
    headings = [column.heading for column in columns]
    sheet.row(HEADING_ROW, headings, [book.heading()] * len(columns))
    sheet.fit_row(HEADING_ROW, enumerate(headings), bold=True)
    return sheet, [_look(book, column) for column in columns]


def finish_table(
    sheet: Sheet, columns: int, rows: int, frozen: int = 0, *, upright: bool = False
) -> None:
    """Set up filter and printing once all rows are written."""
    sheet.page((HEADING_ROW, HEADING_ROW), frozen, upright=upright)
    sheet.raw.autofilter(HEADING_ROW, 0, HEADING_ROW + max(rows, 1), columns - 1)
    # Otherwise a text that runs out of the last column takes part in the page, and shrinks it.
    sheet.raw.print_area(0, 0, HEADING_ROW + max(rows, 1), columns - 1)


def write_table(
    book: Book,
    name: str,
    title: str,
    said: str,
    columns: Sequence[TableColumn],
    rows: Iterable[Sequence[Cell]],
    *,
    upright: bool = False,
) -> None:
    """Write a whole table sheet under a name that is reserved; `upright` is how it is printed."""
    sheet, looks = table_sheet(book, name, title, said, columns)
    number = FIRST_ROW - 1
    for number, row in enumerate(rows, start=FIRST_ROW):
        sheet.row(number, row, looks)
        wrapped = (
            (place, cell)
            for place, cell in enumerate(row)
            if isinstance(cell, str) and columns[place].wrap
        )
        sheet.fit_row(number, wrapped)
    finish_table(sheet, len(columns), number - FIRST_ROW + 1, upright=upright)


def _look(book: Book, column: TableColumn) -> Any:
    look: dict[str, Any] = {"text_wrap": column.wrap, "bold": column.bold}
    if column.number:
        look["num_format"] = column.number
    if column.align:
        look["align"] = column.align
    return book.cell(**look)
