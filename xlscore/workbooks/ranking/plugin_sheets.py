"""A plugin's own sheet of several parts: paragraphs, tables, a chart of intervals; written top down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell

from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.ranking.book import FONT, INK, MIN_ROW_HEIGHT, Book
from xlscore.workbooks.ranking.cells import Live, clean

PluginCell = str | Decimal | int | None
"""What a plugin may put into a cell; texts stay texts, None is blank."""

Intervals = tuple[str, int, int, int, int]
"""Title of a chart, then the columns of the labels, of the low, the middle and the high figure."""

MAX_COLUMNS, MAX_ROWS = 16_384, 1_000_000
UNITS_A_CHART = 40
"""So many intervals can be read side by side; more take a further chart."""
_CHART_HEIGHT, _ROW_PIXELS = 560, 20
LONG = 12
"""Texts up to this length stand in the middle of their column."""


def checked(value: Any) -> PluginCell:
    """Return a plugin's value if a cell can hold it.

    Raises:
        TypeError: it cannot; floats are refused since scores are exact.
        ValueError: a number that is not finite.
    """
    if value is None or (isinstance(value, str | Decimal | int) and not isinstance(value, bool)):
        if isinstance(value, Decimal) and not value.is_finite():
            raise ValueError(value)
        return value
    raise TypeError(f"{type(value).__name__}: a cell takes text, Decimal, int or None")


class PluginSheet:
    """A sheet as a plugin sees it (`RankingBook.add_sheet`); parts stand one below the other.

    Attributes:
        name: the name that the sheet got.
    """

    def __init__(self, book: Book, name: str, title: str, widths: Sequence[float]) -> None:
        if not 0 < len(widths) <= MAX_COLUMNS:
            raise ValueError(f"{len(widths)} columns")
        self.name = name
        self._book, self._sheet = book, book.sheet(name)
        self._sheet.columns([float(width) for width in widths])
        self._sheet.title(0, title.upper(), "")
        self._sheet.page((0, 0), 0)
        self._next = 1
        self._filtered = False
        self._breaks: list[int] = []
        self._last = len(widths) - 1
        self._pixels = sum(column_pixels(width) for width in self._sheet.widths.values())

    def text(self, *paragraphs: str, heading: bool = False) -> None:
        """Add paragraphs over the whole width, wrapped; `heading` sets them off as headings of a part."""
        look = {"bold": True, "font_size": 12} if heading else {"valign": "top"}
        for paragraph in paragraphs:
            said = clean(str(paragraph))
            self._next += heading  # a blank line above
            self._sheet.span(
                self._next, 0, self._last, said, self._book.format(text_wrap=True, **look)
            )
            size = 12.0 if heading else 11.0
            height = row_height([(said, self._pixels, size, heading)])
            self._sheet.raw.set_row(self._next, max(height + 3, MIN_ROW_HEIGHT))
            self._next += 1

    def table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[PluginCell]],
        decimals: Mapping[int, int] | None = None,
        intervals: Intervals | None = None,
    ) -> None:
        """Add a table from the first column on; the first of a sheet gets a filter.

        One with fewer columns than the sheet gives the rest of the width to its last column.

        Args:
            rows: cells in the order of the headings.
            decimals: digits behind the comma by column (from 0); elsewhere as many as a number has.
            intervals: what a chart below the table draws: its title, then the columns (from 0) of the
                labels, of the low, the middle and the high figure. A bar goes from low to high, a mark
                stands at the middle, lower figures stand higher, as ranks do.

        Raises:
            ValueError: no headings, more than the sheet has columns, a row of another length, or more
                than a sheet holds.
            TypeError: a cell is neither text, `Decimal`, whole number nor None.
        """
        titles = [str(heading) for heading in headings]
        if not 0 < len(titles) <= self._last + 1:
            raise ValueError(f"{len(titles)} headings for {self._last + 1} columns")
        table = [[checked(cell) for cell in row] for row in rows]
        if self._next + len(table) > MAX_ROWS or any(len(row) != len(titles) for row in table):
            raise ValueError("every row needs one cell per heading")
        first = self._next + 1
        self._row(titles, [self._book.heading()] * len(titles), bold=True)
        looks = [self._look(table, place, decimals or {}) for place in range(len(titles))]
        for row in table:
            if intervals:
                self._reach(row, intervals)
            self._row(row, looks)
        if not self._filtered and table:
            self._sheet.raw.autofilter(first - 1, 0, self._next - 1, len(titles) - 1)
            self._filtered = True
        if intervals:
            for top in range(0, len(table), UNITS_A_CHART):
                self._draw(intervals, table[top : top + UNITS_A_CHART], first + top)

    def _reach(self, cells: Sequence[PluginCell], intervals: Intervals) -> None:
        """Write how far the bar reaches up and down: formulas, so that they follow a table being sorted."""
        _, _, low, middle, high = intervals
        for place, (far, near) in enumerate(((high, middle), (middle, low)), start=self._last + 1):
            cells_named = (xl_rowcol_to_cell(self._next, column) for column in (far, near))
            live = "-".join(cells_named)
            value = float(_number(cells[far]) - _number(cells[near]))
            self._sheet.write(self._next, place, Live(live, value), self._book.format())

    def _row(
        self, cells: Sequence[PluginCell], looks: Sequence[Any], *, bold: bool = False
    ) -> None:
        """Write one row of a table and make it as high as its texts need."""
        widths = [column_pixels(self._sheet.widths[c]) for c in range(self._last + 1)]
        end = len(cells) - 1
        widths[end:] = [sum(widths[end:])]
        self._sheet.row(self._next, cells[:end], looks[:end])
        self._sheet.span(self._next, end, self._last, cells[end], looks[end])
        texts = [
            (c, w, 11.0, bold) for c, w in zip(cells, widths, strict=True) if isinstance(c, str)
        ]
        height = max(row_height(texts) + 3, MIN_ROW_HEIGHT)
        self._sheet.raw.set_row(self._next, min(height, MAX_ROW_HEIGHT))
        self._next += 1

    def _look(
        self, table: Sequence[Sequence[PluginCell]], place: int, decimals: Mapping[int, int]
    ) -> Any:
        cells = [row[place] for row in table]
        look: dict[str, Any] = {"text_wrap": True}
        if all(cell is None or len(str(cell)) <= LONG for cell in cells):
            look["align"] = "center"
        if place in decimals:
            digits = decimals[place]
            look["num_format"] = "0." + "0" * digits if digits else "0"
        return self._book.cell(**look)

    def _draw(self, intervals: Intervals, rows: Sequence[Sequence[PluginCell]], first: int) -> None:
        """Draw some rows: a mark at the middle, an error bar down to the low and up to the high figure."""
        title, labels, low, middle, high = intervals
        last, helper = first + len(rows) - 1, self._last + 1
        self._sheet.columns([8.0, 8.0], first=helper, hidden=True)
        font = {"name": FONT, "size": 9}
        ink = {"color": INK}
        chart = self._book.chart({"type": "line"})
        chart.show_hidden_data()
        chart.add_series(
            {
                "name": title,
                "categories": [self.name, first, labels, last, labels],
                "values": [self.name, first, middle, last, middle],
                "line": {"none": True},
                "marker": {"type": "diamond", "size": 8, "fill": ink, "border": ink},
                "y_error_bars": {
                    "type": "custom",
                    "plus_values": self._range(first, last, helper),
                    "minus_values": self._range(first, last, helper + 1),
                    "line": {"color": INK, "width": 1.5},
                },
            }
        )
        chart.set_title({"name": title, "name_font": font | {"size": 12}})
        chart.set_x_axis({"num_font": font | {"rotation": -90}, "label_position": "high"})
        grid = {"visible": True, "line": {"color": "#D1D5DB", "width": 0.5}}
        ends = {
            "min": max(math.floor(min(_number(row[low]) for row in rows)) - 1, 0),
            "max": math.ceil(max(_number(row[high]) for row in rows)) + 1,
        }
        look = {"reverse": True, "num_font": font, "num_format": "0", "major_gridlines": grid}
        chart.set_y_axis(look | ends)
        chart.set_legend({"none": True})
        chart.set_size({"width": self._pixels, "height": _CHART_HEIGHT})
        self._place(chart, title)

    def _range(self, first: int, last: int, column: int) -> str:
        named = quote_sheetname(self.name)
        return f"={named}!{xl_range_abs(first, column, last, column)}"

    def _place(self, chart: Any, title: str) -> None:
        """Put a chart onto a printed page of its own: one that is cut in two is of no use."""
        self._breaks.append(self._next)
        self._sheet.raw.set_h_pagebreaks(self._breaks)
        seen = clean(f"Biểu đồ: {title}. Số liệu ở bảng phía trên.")
        place = {"object_position": 1, "y_offset": 10, "description": seen}
        self._sheet.raw.insert_chart(self._next, 0, chart, place)
        self._next += _CHART_HEIGHT // _ROW_PIXELS + 2


def _number(cell: PluginCell) -> Decimal:
    """Return a figure that is drawn.

    Raises:
        TypeError: the cell is blank or a text.
    """
    if isinstance(cell, str) or cell is None:
        raise TypeError(f"{cell!r}: an interval is drawn from numbers")
    return Decimal(cell)
