"""The workbook being written: formats, sheet names, page set-up, rows of typed cells.

XlsxWriter runs in its constant-memory mode: rows are written top down and never touched again. Texts
are always written as texts, whatever they begin with.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import xlsxwriter

from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.ranking.cells import Cell, CellSheet, clean

FONT = "Times New Roman"
MAX_SHEET_NAME = 31
MIN_ROW_HEIGHT = 20.0
_ILLEGAL_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_RESERVED_NAMES = {"history"}

INK, LINE = "#1F2937", "#9CA3AF"
HEADING_FILL, DOMAIN_FILL, GROUP_FILL, QUIET = "#DCE6F1", "#DCE6F1", "#F1F5FA", "#6B7280"


class TargetInUseError(Exception):
    """The target file cannot be replaced: it is open in another program."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: tệp đang được mở, hãy đóng lại rồi thử lại")
        self.path = path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` that takes its place when everything went well.

    Raises:
        TargetInUseError: `path` is open in Excel.
    """
    temporary = path.with_name(f"{path.stem}.{os.getpid()}.tmp")
    try:
        yield temporary
        try:
            temporary.replace(path)
        except PermissionError as error:
            raise TargetInUseError(path) from error
    finally:
        temporary.unlink(missing_ok=True)


class Book:
    """An XlsxWriter workbook with the formats and habits of the ranking workbook.

    Args:
        decimals: digits shown behind the comma; the values themselves keep all of theirs.
        footer: what is printed at the foot of every page, beside the page number.
    """

    def __init__(self, path: Path, decimals: int, footer: str, created: datetime | None) -> None:
        self._scratch = TemporaryDirectory(prefix="xlscore-")
        options = {
            "constant_memory": True,
            "tmpdir": self._scratch.name,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": 11},
        }
        self._workbook: Any = xlsxwriter.Workbook(os.fspath(path), options)
        properties: dict[str, Any] = {"title": clean(footer)[:255]}
        if created is not None:
            # XlsxWriter puts a “Z” after it, whatever it is.
            properties["created"] = created.astimezone(UTC).replace(tzinfo=None)
        self._workbook.set_properties(properties)
        self._workbook.set_size(2400, 1400)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: dict[str, str] = {}
        self.footer = footer
        self.number = "0." + "0" * decimals if decimals else "0"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write the file, or on an error let go of everything."""
        try:
            if kind is None:
                self._workbook.close()
        finally:
            for worksheet in self._workbook.worksheets():
                worksheet.abandon()
            self._scratch.cleanup()

    def tell(self, facts: Mapping[str, str]) -> None:
        """Keep facts in the file's own properties, where a program finds them without reading sheets."""
        for name, fact in facts.items():
            # A file cannot hold an empty property: Excel offers to repair it.
            if fact != "":
                self._workbook.set_custom_property(name, clean(fact)[:255], "text")

    def chart(self, kind: Mapping[str, str]) -> Any:
        """Return a new native chart."""
        return self._workbook.add_chart(dict(kind))

    def hide(self, name: str) -> None:
        """Hide a sheet that only formulas need."""
        self._workbook.get_worksheet_by_name(name).hide()

    def format(self, **properties: Any) -> Any:
        """Return the format of these properties; one object per distinct set."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "font_color": INK}
            self._formats[key] = self._workbook.add_format(base | properties)
        return self._formats[key]

    def shade(self, **properties: Any) -> Any:
        """Return a format that a conditional format lays over a cell: only what it changes."""
        key = (("over", True), *sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(properties)
        return self._formats[key]

    def cell(self, **properties: Any) -> Any:
        """Return the format of a table cell: a hair line around it."""
        return self.format(**({"border": 1, "border_color": LINE} | properties))

    def heading(self, **properties: Any) -> Any:
        """Return the format of a table's heading."""
        look = {"bold": True, "align": "center", "text_wrap": True, "bg_color": HEADING_FILL}
        return self.cell(**(look | properties))

    def name(self, wanted: str) -> str:
        """Return a legal, still unused sheet name like `wanted`, and reserve it."""
        legal = _ILLEGAL_IN_NAME.sub(" ", clean(wanted)).strip(" '") or "Trang"
        if legal.casefold() in _RESERVED_NAMES:
            legal += " "
        number, suffix = 1, ""
        while (name := _shortened(legal, suffix)).casefold() in self._names:
            number += 1
            suffix = f" ({number})"
        self._names[name.casefold()] = name
        return name

    def sheet(self, name: str, *, tab: str = "") -> Sheet:
        """Add a sheet under a name that `name` returned."""
        worksheet = self._workbook.add_worksheet(name, CellSheet)
        if tab:
            worksheet.set_tab_color(tab)
        return Sheet(self, worksheet, name)


def fitting(texts: Iterable[tuple[str, float, float, bool]]) -> float:
    """Return the height in points of a row of wrapped texts: text, width, size, whether it is bold."""
    cells = [(text, column_pixels(width), size, bold) for text, width, size, bold in texts]
    return min(max(row_height(cells) + 3, MIN_ROW_HEIGHT), MAX_ROW_HEIGHT)


def signed(number: str) -> str:
    """Return the number format with a sign before every change; a sign beyond ASCII must be quoted."""
    return f'+{number};"−"{number};{number}'


def _shortened(text: str, suffix: str) -> str:
    """Fit `text` into a sheet name by taking words out of its middle: titles differ at their ends."""
    room = MAX_SHEET_NAME - len(suffix)
    if _units(text) <= room:
        return text + suffix
    words, tail = text.split(" "), ""
    while words and _units(f"{words[-1]} {tail}") <= room * 2 // 3:
        tail = f"{words.pop()} {tail}".strip()
    head = " ".join(words)
    while _units(head) > room - _units(tail) - 1:
        head = head[:-1]
    return f"{head.rstrip(' –-,')}…{tail}{suffix}"


def _units(text: str) -> int:
    """Return the length as Excel counts it."""
    return len(text.encode("utf-16-le")) // 2


class Sheet:
    """One sheet, written row by row from the top.

    Attributes:
        widths: of its columns, in characters.
        used: height in points of the rows whose height was set.
    """

    def __init__(self, book: Book, worksheet: Any, name: str) -> None:
        self.book, self.raw, self.name = book, worksheet, name
        self.widths: dict[int, float] = {}
        self.used = 0.0
        worksheet.hide_gridlines(2)

    def columns(self, widths: Sequence[float], *, first: int = 0, hidden: bool = False) -> None:
        """Set the widths of consecutive columns, in Excel's characters."""
        for place, width in enumerate(widths, start=first):
            self.widths[place] = width
            self.raw.set_column(place, place, width, None, {"hidden": hidden})

    def page(
        self,
        heading: tuple[int, int] | None,
        frozen_columns: int,
        *,
        fit: bool = True,
        upright: bool = False,
    ) -> None:
        """Set up printing: A4, landscape unless `upright`; page numbers, headings (first, last row)."""
        raw = self.raw
        if not upright:
            raw.set_landscape()
        raw.set_paper(9)
        raw.set_margins(left=0.6, right=0.5, top=0.6, bottom=0.7)
        if heading:
            raw.repeat_rows(*heading)
            raw.freeze_panes(heading[1] + 1, frozen_columns)
        if frozen_columns:
            raw.repeat_columns(0, frozen_columns - 1)
        if fit:
            raw.fit_to_pages(1, 0)
        font = f'&9&"{FONT},Regular"'  # the size first: a text may begin with a digit
        said = self.book.footer.replace("&", "&&")[:160]
        raw.set_footer(f"&L{font}{said}&R{font}Trang &P/&N", {"margin": 0.35})

    def title(self, row: int, text: str, said: str) -> None:
        """Write a title on `row` and a line about the sheet below it."""
        self.height(row, 24)
        self.raw.write_string(row, 0, clean(text), self.book.format(bold=True, font_size=14))
        self.raw.write_string(
            row + 1, 0, clean(said), self.book.format(italic=True, font_color=QUIET)
        )

    def write(self, row: int, column: int, cell: Cell, look: Any) -> None:
        """Write one cell after its type."""
        self.raw.put(row, column, cell, look)

    def row(self, row: int, cells: Iterable[Cell], looks: Sequence[Any]) -> None:
        """Write the cells of a row from the first column on."""
        put = self.raw.put
        for column, (cell, look) in enumerate(zip(cells, looks, strict=True)):
            put(row, column, cell, look)

    def span(self, row: int, first: int, last: int, cell: Cell, look: Any) -> None:
        """Write a cell that goes over the columns `first` to `last` of its row."""
        if last > first:
            self.raw.merge_range(row, first, row, last, "", look)
        self.raw.put(row, first, cell, look)

    def link(self, row: int, column: int, name: str, text: str, look: Any) -> None:
        """Write a text that leads to the top of another sheet."""
        quoted = name.replace("'", "''")
        self.raw.write_url(row, column, f"internal:'{quoted}'!A1", look, clean(text))

    def fit_row(
        self, row: int, texts: Iterable[tuple[int, str]], size: float = 11, *, bold: bool = False
    ) -> None:
        """Make a row high enough for wrapped texts (column, text) where one line is not enough."""
        self.height(row, fitting((text, self.widths[c], size, bold) for c, text in texts))

    def height(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self.used += points
        self.raw.set_row(row, points)
