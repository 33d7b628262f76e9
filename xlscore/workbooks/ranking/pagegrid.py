"""A page on a fine grid: texts and figures that go over as many narrow columns as they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xlscore.workbooks.heights import column_pixels, row_height
from xlscore.workbooks.ranking.book import Book, Sheet
from xlscore.workbooks.ranking.cells import Cell, Live

COLUMN = 4.0
PIXELS = column_pixels(COLUMN)
"""Width of a column of the grid, in characters and in pixels."""

LINE = 17.0
"""Height of a row with one line, in points."""

_INDENT = 20


@dataclass(frozen=True, slots=True)
class Span:
    """A cell over the columns `first` to `last` (0-based).

    Attributes:
        link: name of a sheet that it leads to.
        high: whether its text may make the row higher.
    """

    first: int
    last: int
    cell: Cell
    look: dict[str, Any]
    link: str = ""
    high: bool = False


@dataclass(frozen=True)
class PageGrid:
    """A sheet with a grid of so many columns, written from the top down."""

    sheet: Sheet
    columns: int

    @property
    def book(self) -> Book:
        """The workbook."""
        return self.sheet.book

    @property
    def last(self) -> int:
        """The last column, 0-based."""
        return self.columns - 1

    def begin(self) -> None:
        """Set the widths of the columns."""
        self.sheet.columns([COLUMN] * self.columns)

    def put(self, row: int, spans: Sequence[Span], *, least: float = LINE) -> None:
        """Write the cells of a row, which is made high enough for its texts."""
        self.sheet.height(row, max([least, *(_height(s) for s in spans if s.high)]))
        for span in spans:
            look = self.book.format(**span.look)
            self.sheet.span(row, span.first, span.last, span.cell, look)
            # LibreOffice does not wrap a link but cuts it: what takes two lines is only a text.
            if span.link and _height(span) <= LINE + 2:
                self.sheet.link(row, span.first, span.link, str(span.cell), look)

    def line(self, row: int, text: str, *, least: float = LINE, **look: Any) -> None:
        """Write a text over the whole width."""
        span = Span(0, self.last, text, {"text_wrap": True, **look}, high=True)
        self.put(row, [span], least=least)


def _height(span: Span) -> float:
    text = str(span.cell.value) if isinstance(span.cell, Live) else str(span.cell or "")
    width = (span.last - span.first + 1) * PIXELS - _INDENT
    size, bold = span.look.get("font_size", 11), bool(span.look.get("bold"))
    return row_height([(text, width, size, bold)]) + 2


def placed(spans: Sequence[int], start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield the first and the last column of neighbours that take so many columns each."""
    for span in spans:
        yield start, start + span - 1
        start += span
