"""A rubric as a workbook that an officer reads, prints and edits in comfort."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from xlscore.methods import Registry
from xlscore.numbers import from_excel
from xlscore.rubric import Rubric
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.pen import Book, Pen, strict
from xlscore.workbooks.rubric_book.columns import (
    CHANNELS,
    COLUMNS,
    COMBINES,
    CRITERIA,
    GUIDE,
    INFORMATION,
    LISTS,
    Column,
    method_titles,
)
from xlscore.workbooks.rubric_book.guide import write_guide
from xlscore.workbooks.rubric_book.information import write_information
from xlscore.workbooks.rubric_book.nodes import Row, rows

_SIZE, _SMALL = 11, 10
_DOMAIN, _GROUP, _HEADING, _METHOD = "#D6E3F0", "#EDF3F9", "#D9D9D9", "#FBF6E6"
_FAINT = "#595959"
_HEAD_ROW = 3
_SPARE_ROWS = 300
"""Rows below the criteria that take drop-down lists too, for an officer to go on writing."""
_DEEPEST_OUTLINE = 7
_LISTED = {"channel": 0, "combine": 1, "kind": 2}
_OWN_CELLS = ("kind", "rules", "figures", "options")


def export_rubric(rubric: Rubric, methods: Registry, path: Path) -> None:
    """Write a rubric as a workbook from which `import_rubric` makes an equal one.

    Raises:
        WritingError: a text does not fit into a cell (32,767 characters).
        OSError: the file cannot be written.
    """
    titles = method_titles(methods)
    with strict():
        book = Book(title=rubric.title, subject="Bộ tiêu chí")
        criteria, information = book.sheet(CRITERIA), book.sheet(INFORMATION)
        _criteria(book, criteria, rubric, titles)
        write_information(book, information, rubric)
        write_guide(book, book.sheet(GUIDE))
        _lists(book, book.sheet(LISTS), list(titles.values()))
        data = book.close()
    path.write_bytes(data)


def _criteria(book: Book, pen: Pen, rubric: Rubric, titles: Mapping[str, str]) -> None:
    title = book.look(bold=True, font_size=14, text_wrap=False)
    hint = book.look(italic=True, font_size=_SMALL, font_color=_FAINT, text_wrap=False)
    pen.text(0, 0, f"{rubric.title}, năm {rubric.year}", title)
    pen.text(1, 0, f"Mỗi mục một hàng; cách ghi từng cột ở trang “{GUIDE}”.", hint)
    _headings(book, pen)
    number = _HEAD_ROW
    for number, row in enumerate(rows(rubric, titles), _HEAD_ROW + 1):
        _row(book, pen, number, row)
    _comfort(pen, number, len(titles))


def _headings(book: Book, pen: Pen) -> None:
    look = book.look(bold=True, font_size=_SIZE, align="center", border=1, bg_color=_HEADING)
    for number, column in enumerate(COLUMNS):
        pen.sheet.set_column(number, number, column.width, _cell_look(book, column, None))
        pen.text(_HEAD_ROW, number, column.heading, look)
    cells = [(c.heading, column_pixels(c.width), _SIZE, True) for c in COLUMNS]
    pen.height(_HEAD_ROW, row_height(cells) + 6)


def _row(book: Book, pen: Pen, number: int, row: Row) -> None:
    for place, column in enumerate(COLUMNS):
        look = _cell_look(book, column, row)
        text = row.cells.get(column.key, "")
        if not text:
            pen.blank(number, place, look)
        elif column.number and _fits(text):
            pen.number(number, place, Decimal(text), look)
        else:
            pen.text(number, place, text, look)
    height = min(_height(row), MAX_ROW_HEIGHT)
    level = min(row.depth - 1, _DEEPEST_OUTLINE)
    pen.sheet.set_row(number, height, None, {"level": level})


def _fits(text: str) -> bool:
    """Whether a double shows the number as it is; a longer one is written as text."""
    return from_excel(repr(float(text))) == Decimal(text)


def _height(row: Row) -> float:
    cells = []
    for column in COLUMNS:
        indent = 9 * (row.depth - 1) if column.key == "title" else 0
        width = column_pixels(column.width) - indent
        text = row.cells.get(column.key, "")
        cells.append((text, width, _size(column), _is_bold(column, row)))
    return row_height(cells) + 4


def _size(column: Column) -> float:
    return _SIZE if column.key in {"code", "depth", "title", "max"} else _SMALL


def _is_bold(column: Column, row: Row) -> bool:
    return not row.node.is_leaf and column.key in {"code", "title", "max"}


def _cell_look(book: Book, column: Column, row: Row | None) -> object:
    look = {"font_size": _size(column), "num_format": "General" if column.number else "@"}
    if column.centred:
        look["align"] = "center"
    if column.key == "id":
        look["font_color"] = _FAINT
    if row is None:
        return book.look(**look)
    look |= {"border": 1, "border_color": "#A6A6A6", "bold": _is_bold(column, row)}
    if column.key == "title":
        look["indent"] = row.depth - 1
    if not row.node.is_leaf:
        look["bg_color"] = _DOMAIN if row.depth == 1 else _GROUP
    elif column.key in _OWN_CELLS:
        look["bg_color"] = _METHOD
    return book.look(**look)


def _comfort(pen: Pen, last: int, methods: int) -> None:
    """Freeze, filter, outline, drop-down lists, prompts, and the printed page."""
    sheet, width = pen.sheet, len(COLUMNS) - 1
    sheet.freeze_panes(_HEAD_ROW + 1, 4)
    sheet.autofilter(_HEAD_ROW, 0, max(last, _HEAD_ROW + 1), width)
    sheet.outline_settings(symbols_below=False)
    sheet.set_zoom(90)
    sizes = {"channel": len(CHANNELS), "combine": len(COMBINES), "kind": methods}
    for number, column in enumerate(COLUMNS):
        rule: dict[str, object] = {"validate": "any"}
        if column.key in _LISTED:
            letter = "ABC"[_LISTED[column.key]]
            source = f"='{LISTS}'!${letter}$1:${letter}${sizes[column.key]}"
            rule = {"validate": "list", "source": source, "error_title": column.heading}
            rule["error_message"] = "Chọn một giá trị trong danh sách."
        if column.prompt:
            rule |= {"input_title": column.heading, "input_message": column.prompt}
        if len(rule) > 1:
            sheet.data_validation(_HEAD_ROW + 1, number, last + _SPARE_ROWS, number, rule)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3: eighteen columns
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.5)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.set_header('&C&"Times New Roman"&P', {"margin": 0.3})
    sheet.print_area(0, 0, max(last, _HEAD_ROW + 1), width)


def _lists(book: Book, pen: Pen, titles: list[str]) -> None:
    for column, words in enumerate((CHANNELS, COMBINES, titles)):
        pen.sheet.set_column(column, column, 30)
        for row, word in enumerate(words):
            pen.text(row, column, word, book.look())
    pen.sheet.hide()
