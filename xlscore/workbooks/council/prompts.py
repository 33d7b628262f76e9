"""Validation of the council's cells: what a score and a remark may be, said in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlscore.layout import NOT_APPLICABLE, Entry
from xlscore.methods.base import Input, excel
from xlscore.workbooks.council.columns import LISTS
from xlscore.workbooks.scorecard.inputs import number_words, validation

_LONGEST = 32_000


def score_rule(entry: Entry, cell: str, *, left_out: bool) -> Mapping[str, Any]:
    """Return the validation of a score; “Không áp dụng” may be typed where the unit says so."""
    rule = dict(validation(entry, cell, LISTS))
    if not left_out or entry.input is None:
        return rule
    words = number_words(entry.input)
    return rule | {
        "validate": "custom",
        "value": f'=OR({cell}="{NOT_APPLICABLE}",{_in_range(entry.input, cell)})',
        "input_message": f"{words} Gõ “{NOT_APPLICABLE}” nếu hội đồng công nhận không áp dụng.",
        "error_message": f"Cần: {words} Hoặc gõ đúng “{NOT_APPLICABLE}”.",
    }


def _in_range(item: Input, cell: str) -> str:
    tests = [f"ISNUMBER({cell})", f"{cell}>=0"]
    if item.maximum is not None:
        tests.append(f"{cell}<={excel(item.maximum)}")
    if item.step:
        steps = f"{cell}/{excel(item.step)}"
        tests.append(f"ABS({steps}-ROUND({steps},0))<0.000001")
    return f"IFERROR(AND({','.join(tests)}),FALSE)"


def remark_rule() -> Mapping[str, Any]:
    """Return the validation of a remark."""
    return {
        "validate": "length",
        "criteria": "<=",
        "value": str(_LONGEST),
        "input_title": "Ý kiến của hội đồng",
        "input_message": "Bắt buộc ghi khi điểm hội đồng khác điểm đề xuất.",
        "error_title": "Nội dung quá dài",
        "error_message": f"Ô này nhận tối đa {_LONGEST} ký tự.",
    }
