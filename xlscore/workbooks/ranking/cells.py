"""Cells: what they may hold, and how a worksheet takes them after their type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from xlscore.text import EXCEL_TEXT_LIMIT
from xlscore.workbooks.pen import is_taken_for_runs
from xlscore.workbooks.quicksheet import QuickSheet

_UNHOLDABLE = re.compile("[\ud800-\udfff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Live:
    """A formula (without `=`) with the value that it has.

    Only functions that every Excel has always had: newer ones would need a prefix in the file.
    """

    formula: str
    value: float | str


Cell = str | float | Decimal | Fraction | Live | None
"""What a cell may hold; None and the empty text leave it blank."""


@lru_cache(maxsize=65_536)  # names and titles recur on every sheet
def clean(text: str) -> str:
    """Return a text as a worksheet can hold it: without characters that XML forbids, not too long."""
    held = _UNHOLDABLE.sub("\ufffd", text)[:EXCEL_TEXT_LIMIT]
    # A space keeps XlsxWriter from writing it as XML: nobody's evidence begins so but an attacker's.
    return f" {held}"[:EXCEL_TEXT_LIMIT] if is_taken_for_runs(held) else held


class CellSheet(QuickSheet):
    """A worksheet that takes cells after their type."""

    def abandon(self) -> None:
        """Let go of the file in which XlsxWriter keeps the rows of a workbook never finished."""
        self._opt_close()

    def put(self, row: int, column: int, cell: Cell, look: Any) -> None:
        """Write one cell; a text is always a text, whatever it begins with."""
        if isinstance(cell, str) and cell:
            self._write_string(row, column, clean(cell), look)
        elif isinstance(cell, Live):
            self.put_formula(row, column, cell.formula, look, cell.value)
        elif cell is None or cell == "":
            self._write_blank(row, column, None, look)
        else:
            self._write_number(row, column, float(cell), look)

    def put_formula(
        self, row: int, column: int, formula: str, look: Any, value: float | str
    ) -> None:
        """Write a formula with its value, without the detour of a `Live`."""
        shown = clean(value) if isinstance(value, str) else value
        self._write_formula(row, column, formula, look, shown)
