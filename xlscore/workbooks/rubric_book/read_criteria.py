"""The criteria sheet as plain data: headings, rows, and the tree that their depths make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xlscore.located import Path_
from xlscore.workbooks.rubric_book.cellvalues import BAD_CELL, Raw, entry
from xlscore.workbooks.rubric_book.columns import COLUMNS, CRITERIA, Column, same_words
from xlscore.workbooks.rubric_book.grid import Grid, address, words
from xlscore.workbooks.rubric_book.nodes import ReadNode, read_node
from xlscore.workbooks.rubric_book.spelling import CELLS
from xlscore.workbooks.rubric_book.under_way import Reading

_METHOD = frozenset({"kind", *CELLS})
_STRICT = frozenset({"id", "code"})
_TRIMMED = frozenset({"id", "code", "lead", "kind"})
_SEARCHED = 30
"""Rows at the top of a sheet among which the headings are looked for."""


def read_criteria(under_way: Reading, sheets: Mapping[str, Grid]) -> dict[str, Any]:
    """Return the nodes, from the first sheet that has the headings."""
    required = {same_words(column.heading) for column in COLUMNS if column.required}
    for sheet, grid in sheets.items():
        for row in range(1, _SEARCHED + 1):
            there = {words(grid, row, c) for r, c in grid if r == row}
            if len(there & required) >= len(required) // 2:
                columns = _columns(under_way, sheet, grid, row)
                return {"nodes": _tree(under_way, sheet, _rows(grid, row, columns))}
    under_way.report("sheet-missing", "", "", params={"sheet": CRITERIA})
    return {}


def _columns(under_way: Reading, sheet: str, grid: Grid, row: int) -> dict[int, Column]:
    by_words = {same_words(column.heading): column for column in COLUMNS}
    found: dict[int, Column] = {}
    for number in sorted(c for r, c in grid if r == row):
        column, cell = by_words.get(words(grid, row, number)), address(row, number)
        if column is None:
            entered = str(grid[row, number].value)
            under_way.report("sheet-part-ignored", sheet, cell, entered=entered)
        elif column in found.values():
            first = next(c for c, earlier in found.items() if earlier is column)
            params = {"column": column.heading, "first": address(row, first)}
            under_way.report("sheet-heading-repeated", sheet, cell, params=params)
        else:
            found[number] = column
            under_way.cells.setdefault(("nodes",), (sheet, cell))
    for column in COLUMNS:
        if column.required and column not in found.values():
            under_way.report("sheet-heading", sheet, "", params={"column": column.heading})
    return found


@dataclass(frozen=True)
class _Line:
    """A row of the criteria sheet: its cells and their addresses by column key."""

    raw: Mapping[str, Raw]
    addresses: Mapping[str, str]


def _rows(grid: Grid, heading: int, columns: Mapping[int, Column]) -> Iterator[_Line]:
    for row in sorted({r for r, _ in grid if r > heading}):
        raw = {col.key: grid[row, c] for c, col in columns.items() if (row, c) in grid}
        if raw:
            yield _Line(raw, {col.key: address(row, c) for c, col in columns.items()})


def _tree(under_way: Reading, sheet: str, lines: Iterator[_Line]) -> list[dict[str, Any]]:
    top: list[dict[str, Any]] = []
    open_lists: list[tuple[list[dict[str, Any]], Path_]] = [(top, ("nodes",))]
    for line in lines:
        texts = _texts(under_way, sheet, line)
        depth = _depth(under_way, sheet, line, texts, len(open_lists))
        del open_lists[depth:]
        siblings, path = open_lists[-1]
        here = (*path, len(siblings))
        read = read_node(texts, under_way.kinds)
        _note(under_way, sheet, line, read, here)
        siblings.append(read.data)
        open_lists.append(([], (*here, "nodes")))
        read.data["nodes"] = open_lists[-1][0]
    return top


def _texts(under_way: Reading, sheet: str, line: _Line) -> dict[str, str]:
    texts = {}
    code = "" if "code" not in line.raw else entry(line.raw["code"], number=False, strict=True).text
    for column in COLUMNS:
        if column.key in line.raw:
            said = entry(line.raw[column.key], number=column.number, strict=column.key in _STRICT)
            cell = line.addresses[column.key]
            text = under_way.entry(said, sheet, cell, column.heading, code)
            texts[column.key] = text.strip() if column.key in _TRIMMED else text
    return texts


def _depth(
    under_way: Reading, sheet: str, line: _Line, texts: Mapping[str, str], deepest: int
) -> int:
    text = texts.get("depth", "")
    if text.isdecimal() and 1 <= int(text) <= deepest:
        return int(text)
    cell = line.addresses.get("depth", "")
    if (sheet, cell) not in under_way.doubtful:
        row, params = texts.get("code", ""), {"deepest": str(deepest)}
        under_way.report("sheet-depth", sheet, cell, entered=text, params=params, row=row)
    return max(1, deepest - 1)  # beside the row above: most likely, and the least follows from it


def _note(under_way: Reading, sheet: str, line: _Line, read: ReadNode, here: Path_) -> None:
    """Note where a node's values stand, and which of its cells could not be read."""
    first = line.addresses.get("id") or next(iter(line.addresses.values()))
    under_way.cells[here] = (sheet, first)
    for column in COLUMNS:
        if column.key in line.addresses and column.key not in CELLS:
            under_way.cells[(*here, column.key)] = (sheet, line.addresses[column.key])
    for path, key in read.homes.items():
        if key in line.addresses:
            under_way.cells[(*here, *path)] = (sheet, line.addresses[key])
    headings = {column.key: column.heading for column in COLUMNS}
    for key, entered, what in read.problems:
        cell = line.addresses.get(key, first)
        if (sheet, cell) not in under_way.doubtful or key in CELLS:
            params, code = {"column": headings[key], "what": what}, read.data["code"]
            under_way.report(BAD_CELL, sheet, cell, entered=entered, params=params, row=code)
        if key not in _METHOD:
            read.data[key] = entered
    if any((sheet, line.addresses.get(key, "")) in under_way.doubtful for key in _METHOD):
        # What a method lacks follows from the line that could not be read.
        under_way.doubtful |= {
            (sheet, line.addresses[key]) for key in _METHOD if key in line.addresses
        }
