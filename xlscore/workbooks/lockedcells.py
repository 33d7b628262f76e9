"""Altered locked cells: headings, formulas replaced or changed, cached totals that disagree.

None of it changes a score: the original texts and the recomputed figures are used. It is said so that
people trust what they see, and an inspector sees what was tried.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from xlscore.checking import CheckedCard
from xlscore.findings import Finding, finding
from xlscore.layout import Calculation, Column, Layout, Row
from xlscore.numbers import from_excel, plain
from xlscore.text import folded
from xlscore.workbooks.cached import calculated
from xlscore.workbooks.formsheet import FormSheet
from xlscore.workbooks.package import Cell, column_letters

_TOLERANCE = Decimal("1e-9")
_REFERENCE = re.compile(r"('[^']*'!)?\$?([A-Z]{1,3})\$?(\d+)|\"[^\"]*\"")
_SHOWN = {"score", "total", "total-applicable", "index"}


def check_locked(
    form: FormSheet, layout: Layout, card: CheckedCard, leaf_decimals: int
) -> list[Finding]:
    """Return the findings on the form's headings and formula cells."""
    shows = calculated(layout, card.answers, leaf_decimals)
    found = _headings(form, layout)
    stale: list[Finding] = []
    moved = _Moved(form, layout)
    for row, column, calculation in layout.calculations:
        cell = form.cell(row.key, column)
        if row.key not in form.rows or column not in form.columns or row.node in form.refused:
            continue
        computed = shows[row.key, column]
        if cell is None or cell.formula is None:
            if cell is not None or calculation.what in _SHOWN:
                found += _overwritten(form, row, column, cell, calculation, computed)
        elif not moved.same(cell.formula, calculation.formula):
            found.append(_at(form, row, column, "altered-locked-cell", f"={cell.formula}"))
        elif calculation.what in _SHOWN and _differs(cell, computed):
            params = {"computed": _words(computed)}
            stale.append(_at(form, row, column, "total-differs", cell.value, params))
    # With a row refused, the recomputed totals differ by its points: a consequence, not a finding.
    return found if card.refused else found + _once(stale)


def _headings(form: FormSheet, layout: Layout) -> list[Finding]:
    offset = layout.rows[0].number - layout.heading_row
    first = form.rows.get(layout.rows[0].key)
    found = []
    for spec in layout.columns:
        number = form.columns.get(spec.column)
        if not spec.heading or number is None or first is None:
            continue
        cell = form.sheet.cells.get((first - offset, number))
        said = folded(cell.value) if cell else ""
        if said != spec.heading:
            place = f"{column_letters(number)}{first - offset}"
            found.append(
                finding("altered-locked-cell", sheet=form.name, cell=place, entered=said)
            )
    # An inserted row between headings and body moves them all: that alters nothing.
    return found if len(found) < len([s for s in layout.columns if s.heading]) else []


def _overwritten(
    form: FormSheet,
    row: Row,
    column: Column,
    cell: Cell | None,
    calculation: Calculation,
    computed: Decimal | str,
) -> list[Finding]:
    said = cell.value if cell else ""
    # LibreOffice stores a constant text result of a formula as it should; a blank cell where the
    # formula shows nothing is the formula deleted.
    params = {"computed": _words(computed)}
    name = "formula-overwritten" if calculation.what in _SHOWN else "altered-locked-cell"
    return [_at(form, row, column, name, said, params)]


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
    return computed if isinstance(computed, str) else plain(computed)


class _Moved:
    """Compare formulas although rows and columns have moved and programs spell them differently."""

    def __init__(self, form: FormSheet, layout: Layout) -> None:
        by_number = {row.number: row.key for row in layout.rows}
        self.rows = {number: form.rows.get(key) for number, key in by_number.items()}
        self.columns = {
            letter: form.columns.get(column) for column, letter in layout.letters.items()
        }

    def same(self, found: str, issued: str) -> bool:
        """Whether `found` is the issued formula, with every reference where its cell now is."""
        if not found or found == issued:  # a shared formula's dependants carry no text
            return True
        expected = _REFERENCE.sub(self._translate, issued)
        return _plain_formula(found) == _plain_formula(expected)

    def _translate(self, match: re.Match[str]) -> str:
        sheet, letter, number = match.group(1), match.group(2), match.group(3)
        if sheet or letter is None:
            return match.group(0)
        row, column = self.rows.get(int(number)), self.columns.get(letter)
        return match.group(0) if row is None or column is None else f"{column_letters(column)}{row}"


def _plain_formula(text: str) -> str:
    """Drop what programs add or leave out: spaces, dollars, quotes around names, prefixes, case."""
    squeezed = re.sub(r"\s+|\$|_xlfn\.|'|of:|\.0+(?=\D|$)", "", text).replace(";", ",")
    return squeezed.casefold()
