"""One survey book to print, and the looks and keys that its sheets share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format

from xlscore.identity import KeyRing, Token
from xlscore.keyed import RowKey
from xlscore.layout import COMPLETE, IN_PROGRESS
from xlscore.methods.base import Input, InputKind
from xlscore.settings import Settings
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.looks import DOTTED, FAINT, HEADING, THIN, YELLOW
from xlscore.workbooks.surveys.fill import SurveyFilling
from xlscore.workbooks.surveys.plan import SurveyPlan, Way

FRONT_SHEET, RESULT_SHEET, SAMPLE_SHEET = "Thông tin chung", "Kết quả điều tra", "Kế hoạch mẫu"
FRONT_MARK, SAMPLE_MARK = "xlscore:front", "xlscore:sample"
"""As `keyed.BOOK_MARK`, of the sheets beside that of the figures."""

FRONT, UNIT, GROUP = "front", "unit", "group"
"""Kinds of row keys: a fact about the book, a unit, a group of respondents."""

VALUE, COLLECTED = "value", "collected"
"""Column keys; those of figures are `SurveyColumn.key`."""

YEAR, SOURCE, BY, STATE = "year", "source", "by", "state"
"""Slots of the facts about the book."""

OLDEST = 5
"""No method admits a figure that is more years old."""

STATE_INPUT = Input(
    STATE, "Trạng thái", kind=InputKind.CHOICE, choices=(IN_PROGRESS, COMPLETE), required=False
)

WAY_WORDS: Mapping[Way, str] = {
    Way.PERCENT: "Nhập tỷ lệ phần trăm từ 0 đến 100 (ví dụ 85,5 cho 85,5%) hoặc chỉ số như đã công bố.",
    Way.ANSWERS: "Nhập số phiếu trả lời của từng phương án; tỷ lệ (%) do bảng tính tự tính.",
    Way.POINTS: "Nhập điểm điều tra xã hội học, từ 0 đến điểm tối đa của từng tiêu chí.",
}


def year_input(year: int) -> Input:
    """Return what may stand in the year's cell, in a campaign of `year`."""
    lowest, highest = Decimal(year - OLDEST), Decimal(year)
    return Input(YEAR, "Năm của số liệu", minimum=lowest, maximum=highest, whole=True)


@dataclass(frozen=True)
class SurveyForm:
    """One book: what it asks for, whose it is, what it holds already.

    Attributes:
        year: of the figures, as the year's cell says when the book goes out.
        text: the token, signed.
    """

    settings: Settings
    plan: SurveyPlan
    year: int
    token: Token
    text: str
    ring: KeyRing
    password: str
    filling: SurveyFilling

    def key(self, kind: str, subject: str) -> str:
        """Return the sealed key of a row."""
        row = RowKey(kind, subject) if kind == UNIT else RowKey(kind, slot=subject)
        return row.sealed(self.token.serial, self.ring)


def start(pen: Pen, mark: str, columns: Mapping[int, str]) -> None:
    """Write the mark and the column keys into the hidden first row and column."""
    pen.text(0, 0, mark)
    for place, key in columns.items():
        pen.text(0, place, key)
    pen.sheet.set_row(0, None, None, {"hidden": True})
    pen.sheet.set_column(0, 0, 4, None, {"hidden": True})
    pen.sheet.set_footer("&R&P/&N")


def heading_look(book: Book, **more: Any) -> Format:
    """Return the look of a table's headings."""
    look = {"bold": True, "align": "center", "bg_color": HEADING, "font_size": 11}
    return book.look(**{**look, "border": THIN, "border_color": FAINT, **more})


def cell_look(book: Book, **more: Any) -> Format:
    """Return the look of a printed cell of a table."""
    return book.look(**{"border": THIN, "border_color": FAINT, "font_size": 11, **more})


def input_look(book: Book, **more: Any) -> Format:
    """Return the look of a cell that may be filled."""
    look = {"locked": False, "bg_color": YELLOW, "border": DOTTED, "border_color": FAINT}
    return book.look(**{**look, "font_size": 12, **more})
