"""Validation of a scorecard's input cells, with Vietnamese titles and messages of Excel's lengths.

Validation guides the person who types; it proves nothing (pasting and other programs pass it by),
so every value is checked again when the form returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlscore.layout import COMPLETE, NOT_APPLICABLE, Entry, Slot
from xlscore.methods.base import Input, InputKind, vi_number
from xlscore.numbers import plain
from xlscore.workbooks.carrier import list_name

_TITLE, _MESSAGE = 32, 255
"""Excel's limits of a title and a message, in UTF-16 units."""

_LONGEST_TEXT = 32_000
_WIDE = Decimal(10) ** 12
_SEPARATOR = "Dùng dấu thập phân của máy: 0,5 hoặc 0.5."


_CHOICES: Mapping[str, str] = {
    Slot.APPLICABILITY: f"Chỉ chọn “{NOT_APPLICABLE}” khi đúng điều kiện đã nêu, và giải trình.",
    Slot.SUBMIT: f"Nhập xong toàn bộ phiếu mới chọn “{COMPLETE}”.",
}


def validation(entry: Entry, cell: str, lists: Sequence[tuple[str, ...]]) -> Mapping[str, Any]:
    """Return XlsxWriter's options for the validation of one input cell at address `cell`."""
    item = entry.input
    if item is None:
        return _free_text(entry)
    if item.kind is InputKind.CHOICE:
        return _choice(item, lists.index(item.choices))
    return _number(item, cell)


def pointed_out(rule: Mapping[str, Any] | None, title: str, text: str) -> Mapping[str, Any]:
    """Return a validation whose input message says `text`, then as much of its own as has room.

    Without a `rule` anything may stand in the cell: it is locked, and only the message is shown.
    """
    given = rule or {"validate": "any"}
    own = given.get("input_message", "")
    # A message parted in the middle of the form's own words would hide behind them.
    whole = f"{text} {own}" if own and _units(f"{text} {own}") <= _MESSAGE else text
    return {
        **given,
        "input_title": _cut(title, _TITLE),
        "input_message": _cut(whole, _MESSAGE),
    }


def number_words(item: Input) -> str:
    """Return range and step of a number in words (`Số từ 0 đến 1, bước 0,25`), with a full stop."""
    low, high = item.minimum, item.maximum
    words = "Số nguyên" if item.whole else "Số"
    if low is not None and high is not None:
        words += f" từ {vi_number(low)} đến {vi_number(high)}"
    elif low is not None:
        words += f" từ {vi_number(low)} trở lên"
    elif high is not None:
        words += f" không quá {vi_number(high)}"
    if item.step:
        words += f", bước {vi_number(item.step)}"
    return words + "."


def _number(item: Input, cell: str) -> Mapping[str, Any]:
    words = number_words(item)
    separator = "" if item.whole else f" {_SEPARATOR}"
    percent = " Nhập số phần trăm, ví dụ 85 cho 85%." if item.percent else ""
    texts = _texts(
        (
            "Chưa đúng số",
            f"Cần: {words}{percent}{separator} Không gõ chữ hay đơn vị tính vào ô này.",
        ),
        (item.label or "Điểm tự đánh giá", f"{words}{percent}{separator}"),
    )
    low, high = item.minimum, item.maximum
    if item.step:
        return texts | {"validate": "custom", "value": f"={_on_step(item, cell)}"}
    return texts | {
        "validate": "integer" if item.whole else "decimal",
        "criteria": "between",
        "minimum": plain(-_WIDE if low is None else low),
        "maximum": plain(_WIDE if high is None else high),
    }


def _on_step(item: Input, cell: str) -> str:
    tests = [f"ISNUMBER({cell})"]
    if item.minimum is not None:
        tests.append(f"{cell}>={plain(item.minimum)}")
    if item.maximum is not None:
        tests.append(f"{cell}<={plain(item.maximum)}")
    steps = f"{cell}/{plain(item.step or Decimal(1))}"
    return f"AND({','.join(tests)},ABS({steps}-ROUND({steps},0))<0.000001)"


def _choice(item: Input, place: int) -> Mapping[str, Any]:
    wanted = _CHOICES.get(item.key, "Chọn một mức trong danh sách.")
    texts = _texts(
        ("Chưa đúng danh sách", "Hãy bấm mũi tên bên phải ô và chọn một mục trong danh sách."),
        (item.label or "Chọn trong danh sách", wanted),
    )
    return texts | {"validate": "list", "source": f"={list_name(place)}"}


def _free_text(entry: Entry) -> Mapping[str, Any]:
    prompts = {
        Slot.EVIDENCE: (
            "Tài liệu kiểm chứng",
            "Ghi số, ký hiệu, ngày của từng văn bản, cách nhau bằng dấu chấm phẩy.",
        ),
        Slot.EXPLANATION: (
            "Giải trình",
            "Ghi lý do nếu không có tài liệu kiểm chứng, không áp dụng hoặc cần nói rõ số liệu.",
        ),
        Slot.REPLY: (
            "Ý kiến phản hồi",
            "Nêu ý kiến về điểm thẩm định: thống nhất hay đề nghị xem lại, điểm đề nghị và lý do.",
        ),
        Slot.ADDED: (
            "Tài liệu bổ sung",
            "Ghi số, ký hiệu, ngày của tài liệu gửi thêm, cách nhau bằng dấu chấm phẩy.",
        ),
    }
    texts = _texts(
        ("Nội dung quá dài", f"Ô này nhận tối đa {_LONGEST_TEXT} ký tự."), prompts[Slot(entry.slot)]
    )
    return texts | {
        "validate": "length",
        "criteria": "<=",
        "value": str(_LONGEST_TEXT),
    }


def _texts(error: tuple[str, str], prompt: tuple[str, str]) -> dict[str, Any]:
    return {
        "error_title": _cut(error[0], _TITLE),
        "error_message": _cut(error[1], _MESSAGE),
        "input_title": _cut(prompt[0], _TITLE),
        "input_message": _cut(prompt[1], _MESSAGE),
    }


def _cut(text: str, limit: int) -> str:
    """Shorten at a word, counting as Excel does (letters beyond the basic plane are two)."""
    if _units(text) <= limit:
        return text
    while _units(text) > limit - 1:
        text = text[:-1]
    return (text.rsplit(" ", 1)[0] if " " in text else text) + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
