"""Formulas as Excel's loader takes them: what it refuses, and what it would cut to one cell.

Sources: Microsoft's “Excel specifications and limits”, [MS-XLSX] 2.2.2 (formulas) and Microsoft's
“Implicit intersection operator: @”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

PLAIN = frozenset(
    ("ABS", "AND", "AVERAGE", "AVERAGEIF", "CHOOSE", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "HYPERLINK",
     "IF", "IFERROR", "INDEX", "ISNA", "ISNUMBER", "LARGE", "LEN", "MATCH", "MAX", "MIN", "NOT", "OR",
     "ROUND", "ROW", "SUM", "SUMIFS", "SUMPRODUCT")
)  # fmt: skip
"""The functions that our workbooks use. Whoever adds one looks up whether files spell it `_xlfn.…`."""
_WHOLE = frozenset(
    ("AND", "AVERAGE", "AVERAGEIF", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "LARGE", "MAX", "MIN", "OR",
     "ROW", "SUM", "SUMIFS", "SUMPRODUCT")
)  # fmt: skip
"""Functions every argument of which may be a range (a criterion that is one is not looked for)."""
_WHOLE_AT = {"INDEX": {0}, "MATCH": {1}, "IF": {1, 2}, "CHOOSE": set(range(1, 255))}
_PASSES = frozenset(("IF", "CHOOSE"))  # give a range on
_ONE_CELL = frozenset(("IF", "CHOOSE", "INDEX"))  # not lifted over arrays, even in SUMPRODUCT

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
      | (?P<error>\#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!))
      | (?P<array>\{[^{}]*\})
      | (?P<call>[A-Za-z_][\w.]*)\(
      | (?P<place>(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?
          (?:\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+))
          (?![\w(.])
      | (?P<number>\d+(?:\.\d*)?(?:E[+-]?\d+)?|\.\d+)
      | (?P<name>[^\W\d][\w.]*)
      | (?P<operator><>|<=|>=|[-+*/^&=<>%])
      | (?P<open>\() | (?P<close>\)) | (?P<comma>,) | (?P<space>[ \n]+)""",
    re.VERBOSE,
)
_SHEET = re.compile(r"'((?:[^']|'')+)'!|(?:^|(?<=[-+*/^&=<>%(, ]))([^\W\d][\w.]*)!")
_LINKED = re.compile(r"\"#'((?:[^'\"]|'')+)'!")
_STRING = re.compile(r'"(?:[^"]|"")*"')
_LONG = re.compile(r"(?<=[A-Z$])\d{7,}(?!\w)")
_QUOTED_OR_NUMBER = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')+'!|(?<=[A-Z$])\d+|\b\d+")


class _Reading:
    """One formula read from left to right; `faults` collects what Excel would not take."""

    def __init__(self, formula: str, *, single: bool) -> None:
        self.faults: list[str] = []
        self._tokens = list(self._split(formula))
        self._at = 0
        self._single = single
        self.deepest = 0
        self.names = {text.casefold() for kind, text in self._tokens if kind == "name"}

    def _split(self, formula: str) -> Iterator[tuple[str, str]]:
        at = 0
        while at < len(formula):
            found = _TOKEN.match(formula, at)
            if found is None:
                self.faults.append(f"cannot be read at {formula[at : at + 20]!r}")
                return
            at = found.end()
            if found.lastgroup != "space":
                yield str(found.lastgroup), found[0]

    def run(self) -> None:
        if self.faults:
            return
        whole = self._expression(arrays=False, depth=0)
        if self._at < len(self._tokens):
            self.faults.append(f"ends at {self._tokens[self._at][1]!r}")
        if whole and self._single:
            self.faults.append("a range where one value stands")

    def _expression(self, *, arrays: bool, depth: int) -> bool:
        """Read up to a comma or a closing bracket; return whether a range comes out."""
        self.deepest = max(self.deepest, depth)
        ranges, operators, operands = 0, 0, 0
        while self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind in ("comma", "close"):
                break
            self._at += 1
            if kind == "operator":
                operators += 1
                continue
            operands += 1
            if kind == "call":
                ranges += self._call(text[:-1], arrays=arrays, depth=depth + 1)
            elif kind == "open":
                ranges += self._expression(arrays=arrays, depth=depth + 1)
                self._closes("(")
            else:
                ranges += kind == "array" or (kind == "place" and ":" in text)
        if operators < operands - 1:
            self.faults.append("two values without an operator between them")
        if operators and ranges and not arrays:
            self.faults.append("an operator over a range outside SUMPRODUCT")
        return ranges > 0

    def _call(self, name: str, *, arrays: bool, depth: int) -> bool:
        if name not in PLAIN:
            self.faults.append(f"function {name}")
        within = name == "SUMPRODUCT" or (arrays and name not in _ONE_CELL)
        number, passed = 0, False
        while self._at < len(self._tokens) and self._tokens[self._at][0] != "close":
            whole = self._expression(arrays=within, depth=depth)
            taken = within or name in _WHOLE or number in _WHOLE_AT.get(name, ())
            if whole and not taken:
                self.faults.append(f"a range as argument {number + 1} of {name}")
            passed = passed or (whole and (name in _PASSES or (within and name not in _WHOLE)))
            number += 1
            if self._at < len(self._tokens) and self._tokens[self._at][0] == "comma":
                self._at += 1
        if number > 255:
            self.faults.append(f"{number} arguments of {name}")
        self._closes(name)
        return passed

    def _closes(self, what: str) -> None:
        if self._at < len(self._tokens) and self._tokens[self._at][0] == "close":
            self._at += 1
        else:
            self.faults.append(f"{what} is not closed")


@cache
def _of_shape(shape: str, *, single: bool) -> _Reading:
    """Read a formula; most differ from others in numbers, texts and sheets alone."""
    reading = _Reading(shape, single=single)
    reading.run()
    if reading.deepest > 64:
        reading.faults.append(f"{reading.deepest} levels")
    return reading


def formula_faults(text: str, sheets: set[str], names: set[str], *, single: bool) -> list[str]:
    """Return what Excel would refuse, or cut to one cell, in a formula (without `=`).

    Args:
        sheets, names: of the workbook, in lower case.
        single: whether one value is wanted, as in a cell; else a range may come out.
    """
    reading = _of_shape(_QUOTED_OR_NUMBER.sub(_plainer, text), single=single)
    said = [*reading.faults]
    if len(text) > 8192:
        said.append(f"{len(text)} characters")
    said += [f"unknown name {name}" for name in reading.names - names - {"true", "false"}]
    if "#REF!" in text:
        said.append("a lost reference")
    if "!" in text:
        bare = _SHEET.findall(_STRING.sub('""', text))
        found = [quoted or plain for quoted, plain in bare] + _LINKED.findall(text)
        said += [f"unknown sheet {sheet}" for sheet in found if unquoted(sheet) not in sheets]
    if len(text) > 255:
        longest = max(map(len, _STRING.findall(text)), default=2) - 2
        said += [f"a text of {longest} characters"] if longest > 255 else []
    said += [f"no such row {row}" for row in _LONG.findall(text) if int(row) > 1_048_576]
    return said


def _plainer(found: re.Match[str]) -> str:
    first = found[0][0]
    return '""' if first == '"' else "'x'!" if first == "'" else "1"


def unquoted(sheet: str) -> str:
    """Return a sheet's name as it is compared."""
    return sheet.replace("''", "'").casefold()
