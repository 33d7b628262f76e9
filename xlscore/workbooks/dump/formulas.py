"""Formulas in one spelling: what programs write differently when they save a workbook unchanged.

Spaces, the case of names, prefixes of newer functions (`_xlfn.`), quotes around sheet names, the own
sheet's name, and references to tables, which LibreOffice resolves: all of that is one to us. Relative
references stay as they are, so that a formula that points elsewhere differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xlscore.workbooks.package.values import column_letters, parse_address

Place = tuple[int, int]

_TOKEN = re.compile(
    r'(?P<text>"(?:[^"]|"")*")'
    r"|(?P<sheet>(?:'(?:[^']|'')*'|[^\W\d][\w.]*)!)"
    r"|(?P<table>[^\W\d][\w.]*\[(?:[^\[\]]|\[[^\[\]]*\])*\])"
    r"|(?P<cell>\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?![\w.(]))"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d][\w.]*)"
    r"|(?P<space>\s+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
# What is in the one spelling already, as nearly all that we write is: no spaces, tables, small letters,
# prefixes, unusual numbers. Atomic, so that no formula is tried in two ways.
_PLAIN = re.compile(
    r'''(?>"(?>[^"]|"")*+"'''
    r"|'[^']*'!"
    r"|\$?[A-Z]{1,3}\$?[0-9]{1,7}(?![\w.(!\[])"
    r"|(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{0,3}[1-9])?(?![\w.!\[])"
    r"|[A-Z][A-Z0-9]*(?![\w.!\[])"
    r"|[-+*/^&<>=%(),:;{}])*+"
)
# A range of one cell, which Gnumeric writes as that cell; what stands in quotes is a text or a sheet.
_OF_ONE = re.compile(r"""(?<![\w$.:'"])(\$?[A-Z]{1,3}\$?[0-9]{1,7}):\1(?![\w.(:])""")
_PREFIX = re.compile(r"^(?:_xlfn\.|_xlws\.|_xlpm\.|COM\.MICROSOFT\.)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its data rows (first and last) and its columns from `left` on."""

    name: str
    sheet: str
    top: int
    bottom: int
    left: int
    columns: tuple[str, ...]


Tables = dict[str, Table]


def canonical_formula(formula: str, sheet: str, place: Place, tables: Tables) -> str:
    """Return a formula in the one spelling; empty for none."""
    if not formula:
        return ""
    spelled = formula.lstrip("=")
    of_own = "'!" in spelled and f"'{sheet}'!".casefold() in spelled.casefold()
    if of_own or not _PLAIN.fullmatch(spelled):
        spelled = "".join(_spelled(spelled, sheet, place, tables))
    return _OF_ONE.sub(r"\1", spelled)


def _spelled(formula: str, sheet: str, place: Place, tables: Tables) -> Iterator[str]:
    for found in _TOKEN.finditer(formula):
        kind, text = found.lastgroup, found[0]
        if kind == "space":
            continue
        if kind == "sheet":
            named = _sheet_name(text)
            if named.casefold() != sheet.casefold():
                yield f"'{named}'!"
        elif kind == "table":
            yield _resolved(text, sheet, place, tables)
        elif kind == "cell":
            yield text.upper()
        elif kind == "number":
            yield f"{float(text):.15g}"
        elif kind == "name":
            yield _PREFIX.sub("", text).upper()
        else:
            yield text


def _sheet_name(text: str) -> str:
    return text[:-1].strip("'").replace("''", "'")


def _resolved(text: str, sheet: str, place: Place, tables: Tables) -> str:
    """Return a reference to a table's column as the cells that it means; what else there is, as it stands."""
    name, _, inner = text.partition("[")
    table = tables.get(name.lower())
    if table is None:
        return text
    inner = inner[:-1]
    this_row = "#This Row" in inner or inner.startswith("@")
    column = inner.rpartition("[")[2].strip("[]@") if "[" in inner else inner.lstrip("@")
    column = re.sub(r"'(.)", r"\1", column)
    if column not in table.columns:
        return text
    letters = column_letters(table.left + table.columns.index(column))
    where = "" if table.sheet.casefold() == sheet.casefold() else f"'{table.sheet}'!"
    if this_row:
        return f"{where}${letters}{place[0]}"
    return f"{where}${letters}${table.top}:${letters}${table.bottom}"


def plain_reference(text: str) -> str:
    """Return what a chart refers to, in one spelling."""
    return _OF_ONE.sub(r"\1", "".join(_spelled(text, "", (1, 1), {})).replace("$", ""))


_SHIFTED = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})\Z")


def moved(formula: str, origin: Place, place: Place) -> str:
    """Return the formula of a dependant of a shared formula: relative references move along."""
    down, right = place[0] - origin[0], place[1] - origin[1]
    made = []
    for found in _TOKEN.finditer(formula):
        text = found[0]
        if found.lastgroup == "cell" and (parts := _SHIFTED.match(text.upper())):
            row, column = parse_address(f"{parts[2]}{parts[4]}")
            column = column if parts[1] else column + right
            row = row if parts[3] else row + down
            text = f"{parts[1]}{column_letters(max(1, column))}{parts[3]}{row}"
        made.append(text)
    return "".join(made)
