"""The live formulas of one row, and what they show while nobody has typed anything."""

from __future__ import annotations

from decimal import Decimal

from xlscore.form import list_range
from xlscore.layout import NOTHING, UNCOMPUTED
from xlscore.methods.base import Cells, ComputedAt, InputKind
from xlscore.numbers import plain, quantise
from xlscore.workbooks.appraisal.columns import REST_LINE, Columns, Placed
from xlscore.workbooks.appraisal.model import (
    ACCEPT,
    ADJUST,
    QUERY,
    REST,
)

_DOUBLE_DECIMALS = 9
_TIE = Decimal("1E-12")
"""Taken off per row, so that no two differences are equal and each finds its own row."""


class RowFormulas:
    """Excel expressions (without `=`) for the rows of one book."""

    def __init__(self, columns: Columns, lists: dict[tuple[str, ...], int], decimals: int) -> None:
        self._columns, self._lists = columns, lists
        self._decimals = min(decimals, _DOUBLE_DECIMALS)
        self._rest = f'{columns.absolute("choice", REST_LINE)}="{REST}"'

    def effective(self, row: int) -> str:
        """Return the figure that counts: the one entered anew, else the declared one."""
        typed, given = self._columns.cell("figure", row), self._columns.cell("declared", row)
        return f'IF({typed}<>"",{typed},IF({given}="","",{given}))'

    def result(self, placed: Placed) -> str:
        """Return the score after this round as far as it is known; an open one is an empty text."""
        at, row, line = self._columns.cell, placed.row, placed.line
        before = '""' if line.result is None else plain(line.result)
        shown = '""' if line.shown == "" else at("self", row)
        decided = f"IF({self._accepted(placed)},{shown},{before})"
        if line.figures:
            again = f"COUNTA({self._figures(placed)})>0"
            decided = f"IF({again},{self._computed(placed)},{decided})"
        score, choice = at("score", row), at("choice", row)
        return f'IF({choice}="{QUERY}",{before},IF(ISNUMBER({score}),{score},{decided}))'

    def state(self, placed: Placed) -> str:
        """Return the state of a row in words."""
        at, row = self._columns.cell, placed.row
        choice, score = at("choice", row), at("score", row)
        answered = f'{score}<>""'
        if placed.line.figures:
            answered = f"OR({answered},COUNTA({self._figures(placed)})>0)"
        same = f'IF({score}={at("self", row)},"{ACCEPT}","{ADJUST}")'
        untouched = f'"{placed.line.idle}"'
        if placed.line.covered:
            blank = f'{at("reason", row)}=""'
            untouched = f'IF(AND({self._rest},{blank}),"{ACCEPT}",{untouched})'
        return f'IF({choice}<>"",{choice},IF({answered},{same},{untouched}))'

    def order(self, placed: Placed) -> str:
        """Return the difference between self score and result, each with a trace of its row's number."""
        given, result = (self._columns.cell(key, placed.row) for key in ("self", "result"))
        gap = f"ROUND(ABS({result}-{given}),6)"
        return (
            f'IF(AND(ISNUMBER({given}),ISNUMBER({result})),IF({gap}=0,"",{gap}-ROW()*{_TIE:f}),"")'
        )

    def _figures(self, placed: Placed) -> str:
        return f"{self._columns.cell('figure', placed.row)}:{self._columns.cell('figure', placed.last)}"

    def _accepted(self, placed: Placed) -> str:
        choice = self._columns.cell("choice", placed.row)
        accepted = f'{choice}="{ACCEPT}"'
        if not placed.line.covered:
            return accepted
        reason = self._columns.cell("reason", placed.row)
        return f'OR({accepted},AND({self._rest},{choice}="",{reason}=""))'

    def _computed(self, placed: Placed) -> str:
        line = placed.line
        if line.method.computed_at is ComputedAt.CONSOLIDATION:
            return '""'
        inputs = {item.key: self._columns.cell("effective", row) for item, row in placed.figures}
        lists = {
            item.key: list_range(self._lists[item.choices], len(item.choices))
            for item in line.figures
            if item.choices
        }
        maximum = self._columns.cell("max", placed.row)
        rule = line.method.formula(Cells(inputs, maximum, lists), line.leaf.max)
        score = f'IFERROR(ROUND({rule.score},{self._decimals}),"{UNCOMPUTED}")'
        if rule.applicable != maximum:
            score = f'IF(IFERROR({rule.applicable},1)=0,"{NOTHING}",{score})'
        return f'IF({self._blank(placed)},"",{score})'

    def _blank(self, placed: Placed) -> str:
        needed = [(item, row) for item, row in placed.figures if item.required]
        at = self._columns.cell
        numbers = [at("effective", row) for item, row in needed if item.kind is InputKind.NUMBER]
        tests = [f"COUNT({','.join(numbers)})<{len(numbers)}"] if numbers else []
        tests += [
            f'{at("effective", row)}=""' for item, row in needed if item.kind is InputKind.CHOICE
        ]
        if not tests:
            return "FALSE"
        return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def idle_order(placed: Placed) -> Decimal | str:
    """Return what the difference shows while nobody has typed anything."""
    given, result = placed.line.self_score, placed.line.result
    if given is None or result is None or placed.line.left_out:
        return ""
    gap = quantise(abs(result - given), 6)
    return gap - placed.row * _TIE if gap else ""
