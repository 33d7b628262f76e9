"""One cell of an officer's own workbook as text: exact numbers, and what Excel made of an entry.

A cell that says nothing usable still gives a text, the one that is shown, so that the rubric's own
typing refuses it too and nothing that follows from it is reported.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from xlscore.numbers import Misreading, from_excel, plain, understand
from xlscore.text import nfc

NOT_TEXT = "sheet-not-text"
BAD_CELL = "sheet-cell"

_MISREAD = {
    Misreading.NOT_A_NUMBER: "cần một số, ví dụ 0,5",
    Misreading.AMBIGUOUS_THOUSANDS: "không rõ là hàng nghìn hay phần thập phân",
    Misreading.DATE: "giống ngày tháng; cần một số, ví dụ 0,5",
}
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_DATES = dt.date | dt.time | dt.timedelta  # a datetime is a date


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell says; `problem` is the catalogue name of what is wrong, `what` says it in words."""

    text: str
    problem: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """A cell as openpyxl gives it: the value, the formula if there is one, the number format."""

    value: Any
    formula: str = ""
    format: str = "General"

    @property
    def is_blank(self) -> bool:
        """Whether nothing but white space stands there."""
        return not self.formula and (self.value is None or not str(self.value).strip())


def entry(raw: Raw, *, number: bool, strict: bool) -> Entry:
    """Return what a cell says.

    Args:
        raw: the cell.
        number: a number is wanted; its text is plain (`0.25`).
        strict: a text is wanted whose digits matter (`1.10`), so a number is refused.
    """
    value = raw.value
    if raw.is_blank:
        return Entry("")
    if value is None:
        return Entry(raw.formula, BAD_CELL, "công thức chưa có kết quả; gõ trực tiếp giá trị")
    if isinstance(value, bool | int | float | _DATES):
        return _stored(raw, number=number, strict=strict)
    text = nfc(str(value)).replace("\r\n", "\n")
    if text in _ERRORS:
        return Entry(text, BAD_CELL, "là lỗi Excel")
    return _typed_number(text) if number else Entry(text)


def _stored(raw: Raw, *, number: bool, strict: bool) -> Entry:
    value = raw.value
    if isinstance(value, bool):
        return Entry(str(value).upper(), BAD_CELL, "là giá trị đúng/sai")
    if isinstance(value, int | float):
        return _stored_number(raw, number=number, strict=strict)
    shown = f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)
    if strict:
        return Entry(shown, NOT_TEXT)
    return Entry(shown, BAD_CELL, "Excel đã đổi thành ngày tháng; gõ lại")


def _stored_number(raw: Raw, *, number: bool, strict: bool) -> Entry:
    shown = plain(from_excel(repr(raw.value)))
    if strict:
        return Entry(shown, NOT_TEXT)
    if number and "%" in raw.format:
        return Entry(
            f"{plain(from_excel(repr(raw.value)) * 100)}%", BAD_CELL, "cần một số, không ghi %"
        )
    return Entry(shown)


def _typed_number(text: str) -> Entry:
    read = understand(text)
    if read.misreading is not None:
        return Entry(text, BAD_CELL, _MISREAD[read.misreading])
    if read.percent or read.value is None:
        return Entry(text, BAD_CELL, "cần một số, không ghi %")
    return Entry(plain(read.value))
