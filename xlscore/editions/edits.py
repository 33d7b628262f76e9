"""What was changed in an input file: keys of a YAML file, lines of a table of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Any

from xlscore.located import LocatedError, parse_yaml

_NAMES = ("id", "code", "name")
"""What tells the items of a list from each other, where all have it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: the key (`tiers.so.bands.Tốt.at_least`) or the number of the line, before and after.

    Attributes:
        before, after: None where there was nothing, or is nothing any more.
    """

    where: str
    before: str | None
    after: str | None


def edits(name: str, before: bytes, after: bytes) -> tuple[Edit, ...] | None:
    """Return what was changed; None for a file that is no text, such as a workbook."""
    try:
        sides = before.decode("utf-8-sig"), after.decode("utf-8-sig")
        match PurePosixPath(name.replace("\\", "/")).suffix.casefold():
            case ".yaml" | ".yml":
                return tuple(_of_keys(*sides, name))
            case ".csv" | ".txt":
                return tuple(_of_lines(*sides))
    except (UnicodeDecodeError, LocatedError):
        pass
    return None


def _of_keys(before: str, after: str, name: str) -> Iterator[Edit]:
    path: Any = PurePosixPath(name)  # for messages only
    old, new = (dict(_flat(parse_yaml(text, path).data, "")) for text in (before, after))
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield Edit(key, old.get(key), new.get(key))


def _flat(data: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield every text with its keys; items of a list by what they are called, else by their place."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _flat(value, f"{where}.{key}" if where else str(key))
    elif isinstance(data, list) and any(isinstance(item, Mapping | list) for item in data):
        for name, item in zip(_item_names(data), data, strict=True):
            yield from _flat(item, f"{where}.{name}")
    elif data is not None:
        yield where, ", ".join(map(str, data)) if isinstance(data, list) else str(data)


def _item_names(items: list[Any]) -> list[str]:
    for name in _NAMES:
        named = [item.get(name) if isinstance(item, Mapping) else None for item in items]
        if all(isinstance(one, str) for one in named) and len(set(named)) == len(named):
            return [str(one) for one in named]
    return [str(place) for place, _ in enumerate(items, 1)]


def _of_lines(before: str, after: str) -> Iterator[Edit]:
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag != "equal":
            pairs = zip_longest(range(first, last), range(begin, end))
            for ours, theirs in pairs:
                line = theirs if theirs is not None else ours
                yield Edit(
                    str((line or 0) + 1),
                    None if ours is None else old[ours],
                    None if theirs is None else new[theirs],
                )
