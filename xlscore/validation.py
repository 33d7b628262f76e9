"""What pydantic refuses, in an officer's words: which field, what is wanted, what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_WORDS = {
    "missing": "chưa ghi",
    "extra_forbidden": "không có trường này",
    "string_type": "phải là văn bản",
    "string_pattern_mismatch": "phải theo mẫu {pattern} (chữ cái không dấu, chữ số)",
    "string_too_long": "tối đa {max_length} ký tự",
    "string_too_short": "tối thiểu {min_length} ký tự",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "decimal_type": "phải là số, viết như 0.25",
    "decimal_parsing": "phải là số, viết như 0.25",
    "bool_type": "phải là “có” hoặc “không”",
    "bool_parsing": "phải là “có” hoặc “không”",
    "enum": "phải là một trong: {expected}",
    "literal_error": "phải là một trong: {expected}",
    "mapping_type": "phải gồm các cặp “tên: giá trị”",
    "dict_type": "phải gồm các cặp “tên: giá trị”",
    "model_type": "phải gồm các cặp “tên: giá trị”",
    "model_attributes_type": "phải gồm các cặp “tên: giá trị”",
    "tuple_type": "phải là danh sách",
    "list_type": "phải là danh sách",
    "set_type": "phải là danh sách",
    "frozen_set_type": "phải là danh sách",
    "too_short": "cần ít nhất {min_length} mục",
    "too_long": "tối đa {max_length} mục",
    "greater_than": "phải lớn hơn {gt}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than": "phải nhỏ hơn {lt}",
    "less_than_equal": "phải từ {le} trở xuống",
    "date_type": "phải là ngày, viết như 2026-12-15",
    "date_parsing": "phải là ngày, viết như 2026-12-15",
    "date_from_datetime_parsing": "phải là ngày, viết như 2026-12-15",
    "date_from_datetime_inexact": "phải là ngày, viết như 2026-12-15",
    "datetime_type": "phải là ngày giờ, viết như 2026-12-15T17:00",
    "datetime_parsing": "phải là ngày giờ, viết như 2026-12-15T17:00",
    "datetime_from_date_parsing": "phải là ngày giờ, viết như 2026-12-15T17:00",
    "time_type": "phải là giờ, viết như 17:00",
    "time_parsing": "phải là giờ, viết như 17:00",
}
_NUMBER = "phải là số, viết như 0.25"


class FieldProblem(NamedTuple):
    """One refused value: the path of its field, what is wanted (Vietnamese), what was entered."""

    loc: tuple[str | int, ...]
    what: str
    entered: str


def problems(error: ValidationError) -> Iterator[FieldProblem]:
    """Yield every problem of a validation error, in Vietnamese save for unforeseen kinds."""
    for details in error.errors(include_url=False):
        if _follows(details):
            continue
        missing = details["type"] == "missing"
        entered = "" if missing else shown(details["input"])
        yield FieldProblem(details["loc"], _what(details), entered)


def field_name(loc: tuple[str | int, ...]) -> str:
    """Spell a path as people count: `("levels", 0, "points")` → `levels[1].points`."""
    name = ""
    for part in loc:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return name.removeprefix(".")


def shown(value: Any) -> str:
    """Spell an entered value on one line; only the shape of lists and mappings."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "{…}"
    return "[…]" if isinstance(value, list | tuple) else str(value)


def _follows(details: ErrorDetails) -> bool:
    # A list counts as too short when items that do not fit, reported themselves, leave too few.
    if details["type"] != "too_short":
        return False
    return len(details["input"]) >= int(details["ctx"]["min_length"])


def _what(details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    if details["type"] in {"value_error", "assertion_error"}:
        said = str(context.get("error", ""))
        # Numbers are read by `numbers.exact`, which raises with nothing but the text it refused.
        return _NUMBER if said == str(details["input"]) else said
    words = _WORDS.get(details["type"], details["msg"])
    values = {key: str(value).replace(" or ", ", ") for key, value in context.items()}
    return words.format_map(values) if details["type"] in _WORDS else words
