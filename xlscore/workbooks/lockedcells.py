"""Altered locked cells: headings, formulas replaced or changed, cached totals that disagree.

None of it changes a score: the original texts and the recomputed figures are used. It is said so that
people trust what they see, and an inspector sees what was tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlscore.checking import CheckedCard
from xlscore.findings import Finding, finding
from xlscore.layout import NOTHING, Calculation, Column, Layout, Row, Text
from xlscore.numbers import from_excel, plain
from xlscore.text import folded
from xlscore.workbooks.formsheet import PRINTED, FormSheet, text_of
from xlscore.workbooks.package import Cell, cell_address, column_letters
from xlscore.workbooks.scorecard.cached import calculated

_TOLERANCE = Decimal("1e-9")
_REFERENCE = re.compile(
    r"(?P<elsewhere>'[^']*'!\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?)"
    r"|\"[^\"]*\""
    r"|\$?\b(?P<column>[A-Z]{1,3})\$?(?P<row>\d+)\b"
)
_SHEET_PREFIX = re.compile(r"('[^']*+'|(?<![\w.])[^\W\d][\w.]*+)!")
_NUMBER = re.compile(r"(?<![\w.])\d{1,30}(?:\.\d{1,30})?(?:E[+-]?\d{1,2})?(?![\w.])", re.IGNORECASE)
_ROUNDING = re.compile(r"round\(\(|\)\*\(1\+0\.0{12}1\),\d{1,2}\)")
_SINGLE_SUM = re.compile(r"sum\(([a-z]{1,3}\d{1,7})\)")
"""How a row's score is rounded: the campaign's `leaf_decimals`, which is no part of the row's rule."""
_LONGER = 4
"""So many times as long as issued may other programs spell a formula."""
_SHOWN = {"score", "total", "total-applicable", "index"}


def check_locked(
    form: FormSheet, layout: Layout, card: CheckedCard, leaf_decimals: int
) -> list[Finding]:
    """Return the findings on the form's headings, its other locked cells, and its formulas."""
    shows = calculated(layout, card.answers, leaf_decimals)
    found = [*_headings(form, layout), *_printed(form, layout)]
    stale: list[Finding] = []
    moved = _Moved(form, layout)
    for row, column, calculation in layout.calculations:
        cell = form.cell(row.key, column)
        if row.key not in form.rows or column not in form.columns or row.node in form.refused:
            continue
        computed = shows[row.key, column]
        if cell is None or cell.formula is None:
            if cell is not None or calculation.what in _SHOWN:
                found.append(_overwritten(form, row, column, cell, calculation, computed))
        elif not moved.same(cell.formula, calculation.formula):
            found.append(_at(form, row, column, "altered-locked-cell", f"={cell.formula}"))
        elif calculation.what in _SHOWN and _differs(cell, computed):
            params = {"computed": _words(computed)}
            shown = folded(cell.value) or NOTHING
            stale.append(_at(form, row, column, "total-differs", shown, params))
    # With a row refused, the recomputed totals differ by its points: a consequence, not a finding.
    return found if card.refused else found + _once(stale)


def _headings(form: FormSheet, layout: Layout) -> Iterator[Finding]:
    """Yield the column headings that were altered.

    Rows may have been inserted above and below them: the row that still says most of them is theirs.
    """
    headings = {
        form.columns[s.column]: s.heading for s in layout.columns if s.column in form.columns
    }
    printed = {column: heading for column, heading in headings.items() if heading}
    first = min(form.rows.values(), default=0)
    said: dict[int, dict[int, str]] = {}
    for (number, column), cell in form.sheet.cells.items():
        if number < first and column in printed:
            said.setdefault(number, {})[column] = folded(cell.value)
    best = max(said, key=lambda n: sum(said[n].get(c) == h for c, h in printed.items()), default=0)
    for column, heading in printed.items():
        entered = said.get(best, {}).get(column, "")
        if best and entered != heading:
            place = cell_address(best, column)
            yield finding("altered-locked-cell", sheet=form.name, cell=place, entered=entered)


def _printed(form: FormSheet, layout: Layout) -> Iterator[Finding]:
    """Yield what stands in cells that are empty on the form, or over "Hệ thống tính" and its like.

    Printed notes are not compared: their wording may be mended after forms have been issued.
    """
    for row in layout.rows:
        if row.node in form.refused or row.key not in form.rows:
            continue
        for column in form.columns:
            issued, cell = row.cells.get(column), form.cell(row.key, column)
            compared = issued is None or (isinstance(issued, Text) and column is Column.SCORE)
            empty = issued is None and cell is None
            if empty or not compared or column in PRINTED:
                continue
            said = folded(text_of(cell))
            if said != (issued.text if isinstance(issued, Text) else ""):
                yield _at(form, row, column, "altered-locked-cell", said)


def _overwritten(
    form: FormSheet,
    row: Row,
    column: Column,
    cell: Cell | None,
    calculation: Calculation,
    computed: Decimal | str,
) -> Finding:
    params = {"computed": _words(computed)}
    name = "formula-overwritten" if calculation.what in _SHOWN else "altered-locked-cell"
    return _at(form, row, column, name, text_of(cell), params)


def _at(
    form: FormSheet,
    row: Row,
    column: Column,
    name: str,
    entered: str,
    params: Mapping[str, str] | None = None,
) -> Finding:
    node = form.layout.rubric.by_id.get(row.node)
    return finding(
        name,
        sheet=form.name,
        cell=form.address(row.key, column),
        row=node.code if node else "",
        node=row.node,
        entered=entered,
        params=params,
    )


def _once(stale: list[Finding]) -> list[Finding]:
    """Say a stale file once, at its total where that differs: the rest follows from it."""
    totals = [f for f in stale if not f.node]
    return totals[:1] or stale[:3]


def _differs(cell: Cell, computed: Decimal | str) -> bool:
    if cell.kind == "blank":
        return False  # saved by a program that keeps no results: nothing is claimed
    if isinstance(computed, str):
        return folded(cell.value) != computed
    try:
        return abs(from_excel(cell.value) - computed) > _TOLERANCE
    except ValueError:
        return True


def _words(computed: Decimal | str) -> str:
    return (computed if isinstance(computed, str) else plain(computed)) or NOTHING


class _Moved:
    """Compare formulas although rows and columns have moved and programs spell them differently."""

    def __init__(self, form: FormSheet, layout: Layout) -> None:
        by_number = {row.number: row.key for row in layout.rows}
        self.rows = {number: form.rows.get(key) for number, key in by_number.items()}
        self.columns = {
            letter: form.columns.get(column) for column, letter in layout.letters.items()
        }

    def same(self, found: str, issued: str) -> bool:
        """Whether `found` is the issued formula, with every reference where its cell now is.

        A formula over a row that was deleted is passed over: the deletion is said already.
        """
        if not found or found == issued:  # a shared formula's dependants carry no text
            return True
        if len(found) > _LONGER * len(issued) + 100:
            return False
        if any(self.rows.get(int(m["row"]), 0) is None for m in _own_references(issued)):
            return True
        expected = _REFERENCE.sub(self._translate, issued)
        return _plain_formula(found) == _plain_formula(expected)

    def _translate(self, match: re.Match[str]) -> str:
        if match["row"] is None:
            return match[0]
        row, column = self.rows.get(int(match["row"])), self.columns.get(match["column"])
        return match[0] if row is None or column is None else f"{column_letters(column)}{row}"


def _own_references(formula: str) -> Iterator[re.Match[str]]:
    return (match for match in _REFERENCE.finditer(formula) if match["row"])


def _plain_formula(text: str) -> str:
    """Drop what programs and people change without changing the rule.

    Programs add or leave out spaces, dollars, quotes, prefixes and case, and Gnumeric spells 0.2 as
    0.200000000000000000003; people rename sheets. The rounding goes too: an operator may change it.
    """
    named = _SHEET_PREFIX.sub("!", text)
    squeezed = re.sub(r"\s+|\$|_xlfn\.|of:", "", named).replace(";", ",")
    numbered = _NUMBER.sub(lambda found: plain(from_excel(found[0])), squeezed).casefold()
    return _SINGLE_SUM.sub(r"\1", _ROUNDING.sub("", numbered))
