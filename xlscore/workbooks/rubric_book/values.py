"""Values of a method as cell text: numbers, numbers by unit attribute, and any plain data at all.

A number is written with a decimal comma and read with comma or point. A number that depends on a
unit attribute stands in brackets: `[kind: ban = 60; còn lại = 80]`. Whatever has no readable
spelling is written as one line of YAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlscore.located import LocatedError, parse_yaml
from xlscore.rubric import is_by_attribute

REST = "còn lại"
"""The remaining band, the remaining case, the remaining branch."""

_NUMBER = r"[+-]?\d{1,30}(?:[.,]\d{1,30})?"
VALUE = rf"(?:{_NUMBER}\s*%?|\[[^\[\]]*\])"
"""Pattern of a number, or of a bracket of numbers by attribute."""

_READ_NUMBER = re.compile(rf"({_NUMBER})\s*(%?)")
_READ_BRACKET = re.compile(r"\[\s*([^:\[\]]+?)\s*:\s*([^\[\]]*)\]")
_BARE = re.compile(r"[^\W_](?:[\w ./%-]*\w)?")


class UnreadableError(ValueError):
    """Cell text that says nothing; the message is what is wanted, in Vietnamese."""


class UnspeakableError(ValueError):
    """A value for which there is no readable spelling."""


def write_number(value: Any, unit: str = "") -> str:
    """Spell a number (text with a point), or a number by unit attribute.

    Raises:
        UnspeakableError: it is neither.
    """
    if is_by_attribute(value):
        cases = {**value["cases"], **({REST: value["default"]} if "default" in value else {})}
        said = (f"{case} = {write_number(given, unit)}" for case, given in cases.items())
        return f"[{value['by']}: {'; '.join(said)}]"
    if not isinstance(value, str) or not re.fullmatch(_NUMBER, value):
        raise UnspeakableError(value)
    return value.replace(".", ",") + unit


def read_number(text: str) -> tuple[Any, bool]:
    """Read what `write_number` spells: the value, and whether it is a percent.

    Raises:
        UnreadableError: the text is no number, or percents and points are mixed in one bracket.
    """
    text = text.strip()
    if plain := _READ_NUMBER.fullmatch(text):
        return plain[1].replace(",", "."), bool(plain[2])
    bracket = _READ_BRACKET.fullmatch(text)
    if bracket is None:
        raise UnreadableError("cần một số, ví dụ 0,5")
    cases: dict[str, str] = {}
    percents = set()
    for part in filter(None, map(str.strip, bracket[2].split(";"))):
        case, _, given = part.partition("=")
        number = _READ_NUMBER.fullmatch(given.strip())
        if number is None or not case.strip() or case.strip() in cases:
            raise UnreadableError(
                "giá trị theo loại đơn vị viết như [kind: ban = 60; còn lại = 80]"
            )
        cases[case.strip()] = number[1].replace(",", ".")
        percents.add(bool(number[2]))
    if len(percents) != 1:
        raise UnreadableError("trong ngoặc vuông: tất cả là phần trăm, hoặc không giá trị nào")
    rest = {"default": cases.pop(REST)} if REST in cases else {}
    return {"by": bracket[1], "cases": cases, **rest}, percents.pop()


def write_plain(value: Any) -> str:
    """Spell plain data (texts, lists, mappings, None) as one line of YAML."""
    if isinstance(value, Mapping):
        parts = (f"{write_plain(str(key))}: {write_plain(part)}" for key, part in value.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(write_plain, value))}]"
    if isinstance(value, str) and (not _BARE.fullmatch(value) or value.casefold() == "null"):
        return json.dumps(value, ensure_ascii=False)
    return "null" if value is None else str(value)


def read_plain(text: str) -> Any:
    """Read one line of YAML.

    Raises:
        UnreadableError: it is not YAML.
    """
    try:
        return parse_yaml(text, Path()).data
    except LocatedError as error:
        raise UnreadableError(f"không đọc được ({error.words[0]})") from error


def write_list(values: list[str], separator: str, empty: str = "") -> str:
    """Spell texts parted by `separator`, or as YAML where that is ambiguous."""
    said = separator.join(values) if values else empty
    return said if read_list(said, separator, empty) == values else write_plain(values)


def read_list(text: str, separator: str, empty: str = "") -> list[str]:
    """Read a list of texts; a text in brackets that is a YAML list is one.

    Raises:
        UnreadableError: never for what `write_list` spells.
    """
    text = text.strip()
    if text == empty:
        return []
    if text.startswith("[") and text.endswith("]"):
        try:
            value = read_plain(text)
        except UnreadableError:
            value = None
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return value
    return [part.strip() for part in text.split(separator.strip() or separator) if part.strip()]
