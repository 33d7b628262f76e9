"""The first sheet of a survey book: year, source, who entered it, state; how it is filled."""

from __future__ import annotations

from decimal import Decimal

from xlscore.layout import COMPLETE, IN_PROGRESS, Entry, Slot
from xlscore.workbooks.heights import column_pixels, row_height
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.inputs import validation
from xlscore.workbooks.surveys.form import (
    BY,
    FRONT,
    FRONT_MARK,
    FRONT_SHEET,
    RESULT_SHEET,
    SAMPLE_SHEET,
    SOURCE,
    STATE,
    STATE_INPUT,
    VALUE,
    WAY_WORDS,
    YEAR,
    SurveyForm,
    cell_look,
    input_look,
    start,
    year_input,
)

_LABEL, _VALUE = 34, 62
_LABELS = {
    YEAR: "Năm của số liệu",
    SOURCE: "Nguồn số liệu (cuộc điều tra, văn bản công bố)",
    BY: "Người nhập (họ tên, đơn vị)",
    STATE: "Trạng thái",
}
_CELLS = "Ô để trống là chưa có số liệu; ô màu xám là tiêu chí không áp dụng cho đơn vị."
_RULES = (
    "Tiêu chí có nhiều nhóm đối tượng: kết quả là trung bình có trọng số của các nhóm đã trả lời.",
    "Số liệu gửi sau của từng đơn vị, từng tiêu chí thay số gửi trước; ô trống không xóa số đã gửi.",
)
_FIRST = 5
PLACES = {slot: _FIRST + place for place, slot in enumerate(_LABELS)}
"""Rows (from 0) of the facts; each stands in column C."""


def write_front(book: Book, form: SurveyForm, progress: tuple[str, str]) -> Pen:
    """Write the sheet; `progress` is the formula that counts what is entered, and what it shows."""
    pen = book.sheet(FRONT_SHEET)
    start(pen, FRONT_MARK, {2: VALUE})
    pen.sheet.set_column(1, 1, _LABEL)
    pen.sheet.set_column(2, 2, _VALUE)
    settings, tier = form.settings, form.settings.tiers[form.plan.tier]
    _line(book, pen, 1, settings.authority.name.upper(), bold=True)
    title = "SỔ NHẬP KẾT QUẢ ĐIỀU TRA XÃ HỘI HỌC VÀ CHỈ SỐ CÔNG BỐ"
    _line(book, pen, 2, f"{title}\n{tier.title}", bold=True, size=14, centred=True)
    _line(book, pen, 3, f"{settings.title}   |   Số phiếu: {form.token.serial}", centred=True)
    for slot, row in PLACES.items():
        pen.text(row, 0, form.key(FRONT, slot))
        pen.text(row, 1, _LABELS[slot], cell_look(book, bold=True))
        pen.height(row, 34)
    _inputs(book, pen, form)
    row = _FIRST + len(PLACES)
    pen.text(row, 1, "Tiến độ", cell_look(book, bold=True))
    pen.formula(row, 2, progress[0], progress[1], cell_look(book, italic=True))
    for place, text in enumerate(_guide(form), row + 2):
        _line(book, pen, place, text)
    pen.sheet.set_paper(9)
    pen.sheet.fit_to_pages(1, 0)
    return pen


def _line(
    book: Book,
    pen: Pen,
    row: int,
    text: str,
    *,
    bold: bool = False,
    size: float = 12,
    centred: bool = False,
) -> None:
    look = book.look(bold=bold, font_size=size, align="center" if centred else "left")
    pen.merge(row, (1, 2), text, look)
    width = column_pixels(_LABEL) + column_pixels(_VALUE)
    pen.height(row, row_height([(text, width, size, bold)]) + 4)


def _inputs(book: Book, pen: Pen, form: SurveyForm) -> None:
    filling = form.filling
    pen.number(PLACES[YEAR], 2, Decimal(form.year), input_look(book, align="left"))
    rule = validation(Entry("", YEAR, year_input(form.settings.year)), "", ())
    pen.validate(PLACES[YEAR], 2, rule)
    for slot, text in ((SOURCE, filling.source), (BY, filling.by)):
        look = input_look(book, num_format="@", align="left")
        if text:
            pen.text(PLACES[slot], 2, text, look)
        else:
            pen.blank(PLACES[slot], 2, look)
    state = COMPLETE if filling.complete else IN_PROGRESS
    pen.text(PLACES[STATE], 2, state, input_look(book, bold=True, align="left"))
    choice = validation(Entry("", Slot.SUBMIT, STATE_INPUT), "", (STATE_INPUT.choices,))
    wanted = f"Nhập xong toàn bộ sổ mới chọn “{COMPLETE}”."
    pen.validate(PLACES[STATE], 2, {**choice, "input_message": wanted})


def _guide(form: SurveyForm) -> list[str]:
    lines = [
        WAY_WORDS[form.plan.way],
        f"Chỉ nhập vào các ô màu vàng của trang “{RESULT_SHEET}”. {_CELLS}",
        *_RULES,
        f"Nhập xong, chọn “{COMPLETE}” ở ô Trạng thái, lưu tệp và đưa vào thư mục tiếp nhận.",
    ]
    if form.settings.survey.sample:
        said = f"Ghi số phiếu đã thu của từng nhóm đối tượng ở trang “{SAMPLE_SHEET}”."
        lines.append(said)
    return [f"{number}. {line}" for number, line in enumerate(lines, 1)]
