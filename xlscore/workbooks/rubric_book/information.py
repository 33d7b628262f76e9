"""The information sheet: the header of a rubric as labelled rows, its agencies and its roles."""

from __future__ import annotations

from decimal import Decimal

from xlscore.numbers import from_excel
from xlscore.rubric import Rubric
from xlscore.workbooks.heights import column_pixels, row_height
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.rubric_book.columns import PEOPLE, SCALARS
from xlscore.workbooks.rubric_book.header import NUMBERS, header_values

_WIDTHS = (34.0, 70.0, 52.0)
_SIZE = 12
_HEADING = "#D9D9D9"
_HINTS = {
    "id": "Chữ không dấu, số, dấu chấm, gạch ngang; không đổi trong năm.",
    "tier": "Mã cấp như trong campaign.yaml, ví dụ so, xa.",
    "scale": "Tổng điểm tối đa các lĩnh vực, không tính điểm cộng, điểm trừ.",
    "declared.counts": "Lĩnh vực; tiêu chí; tiêu chí thành phần, ví dụ 8; 34; 99. Dùng để kiểm tra.",
    "declared.totals.self": "Tự chấm, thẩm định, hệ thống tính. Dùng để kiểm tra.",
    "declared.totals.survey": "Điều tra xã hội học. Dùng để kiểm tra.",
    "provenance.structure": "Nói rõ lấy từ văn bản nào.",
    "provenance.content": "Nói rõ chính thức hay phục dựng.",
}
_SPARE = 4
"""Bordered empty rows below the agencies and the roles, for further ones."""


def write_information(book: Book, pen: Pen, rubric: Rubric) -> None:
    """Write the header, one field a row, then agencies and roles as tables of code and name."""
    for column, width in enumerate(_WIDTHS):
        pen.sheet.set_column(column, column, width)
    pen.text(0, 0, "THÔNG TIN BỘ TIÊU CHÍ", book.look(bold=True, font_size=14, text_wrap=False))
    row = 2
    for name, text in header_values(rubric).items():
        _field(book, pen, row, name, text)
        row += 1
    for part, heading in PEOPLE.items():
        row = _people(book, pen, row + 1, heading, dict(getattr(rubric, part)))
    sheet = pen.sheet
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _field(book: Book, pen: Pen, row: int, name: str, text: str) -> None:
    is_number = name in NUMBERS and text and from_excel(repr(float(text))) == Decimal(text)
    pen.text(row, 0, SCALARS[name], book.look(bold=True, border=1, bg_color="#F5F5F5"))
    look = book.look(border=1, align="left", num_format="General" if name in NUMBERS else "@")
    if is_number:
        pen.number(row, 1, Decimal(text), look)
    elif text:
        pen.text(row, 1, text, look)
    else:
        pen.blank(row, 1, look)
    hint = _HINTS.get(name, "")
    if hint:
        pen.text(row, 2, hint, book.look(italic=True, font_size=10, font_color="#595959"))
    cells = zip(
        (SCALARS[name], text, hint), _WIDTHS, (_SIZE, _SIZE, 10), (True, False, False), strict=True
    )
    pen.height(row, row_height([(t, column_pixels(w), s, b) for t, w, s, b in cells]) + 4)


def _people(book: Book, pen: Pen, row: int, heading: str, people: dict[str, str]) -> int:
    """Write one table, and return the row below it."""
    head = book.look(bold=True, border=1, bg_color=_HEADING, text_wrap=False)
    pen.text(row, 0, heading, head)
    pen.blank(row, 1, head)
    cell = book.look(border=1, num_format="@")
    for place, (code, name) in enumerate(people.items(), row + 1):
        pen.text(place, 0, code, cell)
        pen.text(place, 1, name, cell)
        pen.height(place, row_height([(name, column_pixels(_WIDTHS[1]), _SIZE, False)]) + 4)
    end = row + 1 + len(people)
    for place in range(end, end + _SPARE):
        pen.blank(place, 0, cell)
        pen.blank(place, 1, cell)
    return end + _SPARE
