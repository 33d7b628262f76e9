"""One node as one row of cell texts, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xlscore.numbers import plain
from xlscore.rubric import Combine, Node, Rubric
from xlscore.workbooks.rubric_book.columns import CHANNELS, COMBINES, EVERYBODY, NOBODY, same_words
from xlscore.workbooks.rubric_book.spelling import (
    CELLS,
    read_method,
    spelling_of,
    write_method,
)
from xlscore.workbooks.rubric_book.values import (
    UnreadableError,
    read_list,
    read_plain,
    write_list,
    write_plain,
)

_ROOT = Node(id="root", code="", title="", max=Decimal(0))
"""What the domains inherit: nothing but the defaults."""


@dataclass(frozen=True, slots=True)
class Row:
    """A node's row: its depth (1 for the domains) and the text of each cell by column key."""

    depth: int
    node: Node
    cells: Mapping[str, str]


def rows(rubric: Rubric, titles: Mapping[str, str]) -> Iterator[Row]:
    """Yield a row per node in printed order; `titles` names the methods by kind."""
    for node in rubric.nodes:
        yield from _rows(node, _ROOT, 1, titles)


def _rows(node: Node, above: Node, depth: int, titles: Mapping[str, str]) -> Iterator[Row]:
    yield Row(depth, node, _cells(node, above, depth, titles))
    for child in node.nodes:
        yield from _rows(child, node, depth + 1, titles)


def _cells(node: Node, above: Node, depth: int, titles: Mapping[str, str]) -> dict[str, str]:
    cells = {
        "id": node.id,
        "code": node.code,
        "depth": str(depth),
        "title": node.title,
        "max": plain(node.max),
        "evidence": write_list(list(node.evidence), "\n"),
        "applies_when": write_conditions(node.applies_when),
        "may_be_not_applicable": node.may_be_not_applicable,
        "note": node.note,
        "counts": "; ".join(map(str, node.counts)),
    }
    if node.nodes or node.combine is not Combine.SUM:
        cells["combine"] = _word(COMBINES, node.combine)
    if node.is_leaf or node.channel is not above.channel:
        cells["channel"] = _word(CHANNELS, node.channel)
    if node.lead != above.lead:
        cells["lead"] = node.lead or NOBODY
    if node.role != above.role:
        cells["role"] = write_list(list(node.role), "; ", EVERYBODY)
    if node.method is not None:
        kind = str(node.method.get("kind"))
        cells |= {"kind": titles.get(kind, kind), **write_method(node.method)}
    return {key: text for key, text in cells.items() if text}


def _word(words: Mapping[str, str], value: str) -> str:
    return next(word for word, meant in words.items() if meant == value)


def write_conditions(conditions: Mapping[str, tuple[str, ...]]) -> str:
    """Spell `applies_when`: `kind: phường; thị trấn`, one attribute a line."""
    said = "\n".join(f"{name}: {'; '.join(values)}" for name, values in conditions.items())
    wanted = {name: list(values) for name, values in conditions.items()}
    try:
        readable = read_conditions(said) == wanted
    except UnreadableError:
        readable = False
    return said if readable else write_plain(wanted)


def read_conditions(text: str) -> dict[str, list[str]]:
    """Read what `write_conditions` spells.

    Raises:
        UnreadableError: a line names no attribute or no value.
    """
    if text.startswith("{"):
        value = read_plain(text)
        if isinstance(value, dict):
            return value
    found: dict[str, list[str]] = {}
    for line in filter(None, map(str.strip, text.split("\n"))):
        name, _, values = line.partition(":")
        admitted = [value.strip() for value in values.split(";") if value.strip()]
        if not admitted or not name.strip() or name.strip() in found:
            raise UnreadableError(
                "mỗi dòng viết “thuộc tính: giá trị; giá trị”, ví dụ kind: phường"
            )
        found[name.strip()] = admitted
    return found


@dataclass
class ReadNode:
    """A row as plain data.

    Attributes:
        data: the node without its parts, as in a YAML rubric.
        homes: the column of each path inside the node.
        problems: (column, what is entered, what is wanted).
    """

    data: dict[str, Any] = field(default_factory=dict)
    homes: dict[tuple[str | int, ...], str] = field(default_factory=dict)
    problems: list[tuple[str, str, str]] = field(default_factory=list)


def read_node(cells: Mapping[str, str], kinds: Mapping[str, str]) -> ReadNode:
    """Read a row's texts; `kinds` gives a method's kind for its title, in comparable words."""
    result = ReadNode(homes={(key,): key for key in cells})
    data = result.data
    data["code"] = cells.get("code", "")
    for key, text in cells.items():
        if key in CELLS or key in {"kind", "depth"}:
            continue
        try:
            data[key] = _READERS[key](text) if key in _READERS else text
        except UnreadableError as error:
            result.problems.append((key, text, str(error)))
    _read_method(cells, kinds, result)
    return result


def _chosen(text: str, words: Mapping[str, str]) -> str:
    known = {same_words(word): meant for word, meant in words.items()}
    if same_words(text) not in known:
        raise UnreadableError(f"chọn một trong: {', '.join(words)}")
    return known[same_words(text)]


def read_counts(text: str) -> list[str]:
    """Read declared counts: whole numbers parted by semicolons.

    Raises:
        UnreadableError: something else stands there.
    """
    counts = [part.strip() for part in text.split(";")]
    if not all(part.isdecimal() and part.isascii() for part in counts):
        raise UnreadableError("cần các số nguyên cách nhau bằng dấu ;, ví dụ 4; 11")
    return counts


def _read_method(cells: Mapping[str, str], kinds: Mapping[str, str], result: ReadNode) -> None:
    title = cells.get("kind")
    if title is None:
        stray = next((cell for cell in CELLS if cell in cells), None)
        if stray is not None:
            what = "có cách chấm nhưng chưa chọn phương pháp"
            result.problems.append(("kind", cells[stray], what))
            result.homes[("method",)] = "kind"
            result.data["method"] = {}  # so that the linter does not ask for a method as well
        return
    kind = kinds.get(same_words(title), title)
    read = read_method(kind, cells)
    result.data["method"] = read.spec
    if kind in kinds.values():  # an unknown method is the linter's to report
        result.problems += read.problems
    keys = [key for cell in CELLS for key in spelling_of(kind).block(cell).keys]
    homes = {**{key: spelling_of(kind).home(key) for key in keys}, **read.homes}
    result.homes |= {("method", key): cell for key, cell in homes.items()}
    result.homes[("method",)] = "kind"


_READERS: Mapping[str, Callable[[str], Any]] = {
    "combine": lambda text: _chosen(text, COMBINES),
    "channel": lambda text: _chosen(text, CHANNELS),
    "lead": lambda text: "" if text == NOBODY else text,
    "role": lambda text: read_list(text, "; ", EVERYBODY),
    "evidence": lambda text: read_list(text, "\n"),
    "applies_when": read_conditions,
    "counts": read_counts,
}
"""Columns whose text is more than a text."""
