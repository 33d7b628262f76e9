"""The sample plan (kế hoạch mẫu) as a sheet: per respondent group how it is counted, planned, collected."""

from __future__ import annotations

from decimal import Decimal

from xlscore.layout import Entry
from xlscore.methods.base import Input
from xlscore.numbers import quantise
from xlscore.procedure import SampleGroup
from xlscore.workbooks.heights import column_pixels, row_height
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.inputs import validation
from xlscore.workbooks.scorecard.looks import TOTAL
from xlscore.workbooks.surveys.form import (
    COLLECTED,
    GROUP,
    SAMPLE_MARK,
    SAMPLE_SHEET,
    SurveyForm,
    cell_look,
    heading_look,
    input_look,
    start,
)

COLLECTED_INPUT = Input(COLLECTED, "Số phiếu đã thu", whole=True)
FIRST = 5
"""Row (from 0) of the first group."""

_HEADINGS = ("TT", "Nhóm đối tượng điều tra", "Cách tính", "Số phiếu theo kế hoạch",
             "Số phiếu đã thu", "Tỷ lệ (%)")  # fmt: skip
_WIDTHS = (5, 42, 46, 12, 12, 11)
_RATE = "0.0#"


def write_sample(book: Book, form: SurveyForm) -> Pen:
    """Write the sheet; the campaign has a sample plan."""
    pen = book.sheet(SAMPLE_SHEET)
    start(pen, SAMPLE_MARK, {5: COLLECTED})
    for column, width in enumerate(_WIDTHS, 1):
        pen.sheet.set_column(column, column, width)
    bold = book.look(bold=True, font_size=14, align="center")
    pen.merge(1, (1, 6), "KẾ HOẠCH MẪU ĐIỀU TRA XÃ HỘI HỌC", bold)
    pen.merge(2, (1, 6), form.settings.title, book.look(italic=True, align="center"))
    pen.height(1, 22)
    for column, heading in enumerate(_HEADINGS, 1):
        pen.text(4, column, heading, heading_look(book))
    pen.height(4, 50)
    sample = form.settings.survey.sample
    for place, (code, group) in enumerate(sample.items()):
        _group(book, pen, form, (place, code, group))
    _total(book, pen, form)
    pen.sheet.freeze_panes(FIRST, 3)
    pen.sheet.set_paper(9)
    pen.sheet.set_landscape()
    pen.sheet.fit_to_pages(1, 0)
    pen.sheet.repeat_rows(4)
    return pen


def _group(book: Book, pen: Pen, form: SurveyForm, said: tuple[int, str, SampleGroup]) -> None:
    place, code, group = said
    row, way = FIRST + place, _counted(group)
    pen.text(row, 0, form.key(GROUP, code))
    pen.number(row, 1, Decimal(place + 1), cell_look(book, align="center"))
    pen.text(row, 2, group.title, cell_look(book))
    pen.text(row, 3, way, cell_look(book))
    product = "*".join(str(n) for n in (group.each, *group.times))
    pen.formula(row, 4, product, Decimal(group.planned), cell_look(book, align="center"))
    look = input_look(book, align="center")
    collected = form.filling.collected.get(code)
    if collected is None:
        pen.blank(row, 5, look)
    else:
        pen.number(row, 5, Decimal(collected), look)
    pen.validate(row, 5, validation(Entry("", COLLECTED, COLLECTED_INPUT), "", ()))
    _rate(book, pen, row, group.planned, collected)
    texts = ((group.title, _WIDTHS[1]), (way, _WIDTHS[2]))
    pen.height(row, row_height([(t, column_pixels(w), 11, False) for t, w in texts]) + 6)


def _counted(group: SampleGroup) -> str:
    """Return how a group is counted, in words."""
    if group.basis or not group.times:
        return group.basis or f"{group.each} người"
    return " × ".join([f"{group.each} người", *map(str, group.times)])


def _rate(
    book: Book, pen: Pen, row: int, planned: int, collected: int | None, *, bold: bool = False
) -> None:
    number = row + 1
    value: Decimal | str = ""
    if collected is not None and planned:
        value = quantise(Decimal(collected) * 100 / Decimal(planned), 12)
    formula = f'IF(AND(ISNUMBER(F{number}),E{number}>0),F{number}/E{number}*100,"")'
    fill = {"bg_color": TOTAL} if bold else {}
    look = cell_look(book, align="center", num_format=_RATE, bold=bold, **fill)
    pen.formula(row, 6, formula, value, look)


def _total(book: Book, pen: Pen, form: SurveyForm) -> None:
    sample, collected = form.settings.survey.sample, form.filling.collected
    row = FIRST + len(sample)
    first, last = FIRST + 1, row
    look = cell_look(book, bold=True, align="center", bg_color=TOTAL)
    pen.merge(row, (1, 3), "TỔNG CỘNG", look)
    planned = sum(group.planned for group in sample.values())
    pen.formula(row, 4, f"SUM(E{first}:E{last})", Decimal(planned), look)
    known = [collected[code] for code in sample if code in collected]
    shown = Decimal(sum(known)) if known else ""
    formula = f'IF(COUNT(F{first}:F{last})=0,"",SUM(F{first}:F{last}))'
    pen.formula(row, 5, formula, shown, look)
    _rate(book, pen, row, planned, sum(known) if known else None, bold=True)
    pen.height(row, 22)
