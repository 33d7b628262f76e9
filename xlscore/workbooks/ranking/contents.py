"""The contents (Mục lục): every sheet with what is on it, and a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlscore.workbooks.ranking.book import LINE, Book, Sheet

CONTENTS = "Mục lục"
_ONE_PAGE = 60


def begin_contents(book: Book) -> Sheet:
    """Give the contents their place among the sheets; plugins add theirs later."""
    return book.sheet(CONTENTS, tab="#6B7280")


def write_contents(sheet: Sheet, sheets: Sequence[tuple[str, str]]) -> None:
    """Write the contents: names of sheets, with what is on them."""
    book = sheet.book
    sheet.columns([6, 40, 96])
    sheet.title(0, "MỤC LỤC", "Bấm vào tên trang để mở.")
    sheet.row(3, ["STT", "Trang", "Nội dung"], [book.heading()] * 3)
    border: dict[str, Any] = {"border": 1, "border_color": LINE}
    link = book.format(font_color="#1D4E89", underline=1, indent=1, **border)
    for number, (name, said) in enumerate(sheets, start=1):
        row = number + 3
        sheet.write(row, 0, number, book.cell(align="center"))
        sheet.link(row, 1, name, name, link)
        sheet.write(row, 2, said, book.cell(text_wrap=True, indent=1))
        sheet.fit_row(row, [(2, said)])
    sheet.page((3, 3), 0, upright=True)
    if len(sheets) <= _ONE_PAGE:
        sheet.raw.fit_to_pages(1, 1)
