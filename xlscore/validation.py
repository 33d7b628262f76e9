"""What pydantic refuses, in an officer's words: which field, what is wanted, what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from xlscore.reasons import Words

_WHOLE = ("phải là số nguyên", "must be a whole number")
_NUMBER = ("phải là số, viết như 0.25", "must be a number such as 0.25")
_COMMA = (
    "số thập phân viết bằng dấu chấm, như 0.25, không dùng dấu phẩy",
    "decimals are written with a point, as 0.25, not with a comma",
)
_FLAG = ("phải là “có” hoặc “không”", "must be yes or no")
_CHOICE = ("phải là một trong: {expected}", "must be one of: {expected}")
_MAPPING = ("phải gồm các cặp “tên: giá trị”", "must be pairs “name: value”")
_LIST = ("phải là danh sách", "must be a list")
_DAY = ("phải là ngày, viết như 2026-12-15", "must be a day such as 2026-12-15")
_MOMENT = (
    "phải là ngày giờ, viết như 2026-12-15T17:00",
    "must be a day and time such as 2026-12-15T17:00",
)
_TIME = ("phải là giờ, viết như 17:00", "must be a time such as 17:00")
_WORDS: dict[str, Words] = {
    "missing": ("chưa ghi", "is missing"),
    "extra_forbidden": ("không có trường này", "there is no such field"),
    "string_type": ("phải là văn bản", "must be a text"),
    "string_pattern_mismatch": (
        "phải theo mẫu {pattern} (chữ cái không dấu, chữ số)",
        "must match {pattern} (plain letters, digits)",
    ),
    "string_too_long": ("tối đa {max_length} ký tự", "at most {max_length} characters"),
    "string_too_short": ("tối thiểu {min_length} ký tự", "at least {min_length} characters"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "bool_type": _FLAG,
    "bool_parsing": _FLAG,
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "mapping_type": _MAPPING,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "too_short": ("cần ít nhất {min_length} mục", "needs at least {min_length} items"),
    "too_long": ("tối đa {max_length} mục", "at most {max_length} items"),
    "greater_than": ("phải lớn hơn {gt}", "must be above {gt}"),
    "greater_than_equal": ("phải từ {ge} trở lên", "must be {ge} or more"),
    "less_than": ("phải nhỏ hơn {lt}", "must be below {lt}"),
    "less_than_equal": ("phải từ {le} trở xuống", "must be {le} or less"),
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "time_type": _TIME,
    "time_parsing": _TIME,
}


class FieldProblem(NamedTuple):
    """One refused value: the path of its field, what is wanted, what was entered."""

    loc: tuple[str | int, ...]
    words: Words
    entered: str

    @property
    def missing(self) -> bool:
        """Whether nothing was entered where something must be."""
        return self.words == _WORDS["missing"]

    @property
    def params(self) -> dict[str, str]:
        """The field and what is wanted, for a finding."""
        whole = {"field": "(cả tệp)", "field_en": "(whole file)"}
        named = {"field": field_name(self.loc)} if self.loc else whole
        return named | {"what": self.words[0], "what_en": self.words[1]}


def problems(error: ValidationError) -> Iterator[FieldProblem]:
    """Yield every problem of a validation error, in words save for unforeseen kinds."""
    for details in error.errors(include_url=False):
        if _follows(details):
            continue
        missing = details["type"] == "missing"
        entered = "" if missing else shown(details["input"])
        # A key that does not fit is told where it stands, like a value.
        loc = details["loc"][:-1] if details["loc"][-1:] == ("[key]",) else details["loc"]
        # In `{points: 0,5}` YAML finds `points: 0` and a second name, `5`, without a value.
        comma = details["type"] == "extra_forbidden" and _is_rest(loc[-1], details["input"])
        if comma:
            loc, entered = loc[:-1], f"…,{loc[-1]}"
        yield FieldProblem(loc, _COMMA if comma else _what(details), entered)


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


def _is_rest(name: str | int, value: Any) -> bool:
    return value is None and isinstance(name, str) and name.isascii() and name.isdecimal()


def _follows(details: ErrorDetails) -> bool:
    # A list counts as too short when items that do not fit, reported themselves, leave too few.
    if details["type"] != "too_short":
        return False
    return len(details["input"]) >= int(details["ctx"]["min_length"])


def _what(details: ErrorDetails) -> Words:
    context = details.get("ctx", {})
    if details["type"] in {"value_error", "assertion_error"}:
        # A validator that speaks both languages raises ValueError(vietnamese, english).
        said = [str(text) for text in getattr(context.get("error"), "args", ())] or [""]
        # Numbers are read by `numbers.exact`, which raises with nothing but the text it refused.
        return _NUMBER if said[0] == str(details["input"]) else (said[0], said[-1])
    if details["type"] not in _WORDS:
        return f"giá trị không hợp lệ ({details['msg']})", details["msg"]
    values = {key: str(value).replace(" or ", ", ") for key, value in context.items()}
    vietnamese, english = _WORDS[details["type"]]
    return vietnamese.format_map(values), english.format_map(values)
