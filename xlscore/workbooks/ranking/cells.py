"""Cells: what they may hold, and how a worksheet takes them quickly.

A ranking of 1,000 units has a million cells. XlsxWriter writes them; the two private steps that took
most of its time are replaced here by ones that know what this workbook holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xlscore.workbooks.pen import is_taken_for_runs

MAX_TEXT = 32_767
_UNHOLDABLE = re.compile("[\ud800-\udfff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f]")
_NEEDS_ESCAPE = re.compile(r"^\s|\s$|[&<>\r]|_x[0-9A-Fa-f]{4}_")


@dataclass(frozen=True, slots=True)
class Live:
    """A formula (without `=`) with the value that it has.

    Only functions that every Excel has always had: newer ones would need a prefix in the file.
    """

    formula: str
    value: float | str


Cell = str | float | Decimal | Fraction | Live | None
"""What a cell may hold; None and the empty text leave it blank."""


@cache
def letters(column: int) -> str:
    """Return the letters of a 0-based column."""
    found, place = "", column + 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


@lru_cache(maxsize=65_536)  # names and titles recur on every sheet
def clean(text: str) -> str:
    """Return a text as a worksheet can hold it: without characters that XML forbids, not too long."""
    held = _UNHOLDABLE.sub("\ufffd", text)[:MAX_TEXT]
    # A space keeps XlsxWriter from writing it as XML: nobody's evidence begins so but an attacker's.
    return f" {held}"[:MAX_TEXT] if is_taken_for_runs(held) else held


@lru_cache(maxsize=65_536)
def _is_plain(text: str) -> bool:
    """Whether a text can stand in XML as it is."""
    return _NEEDS_ESCAPE.search(text) is None


class CellSheet(Worksheet):  # type: ignore[misc]
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

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002
        # XlsxWriter looks for some thirty new functions: a third of the time of a whole workbook.
        return formula

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        # The innermost loop. The same XML as XlsxWriter's own, for the cells that are nearly all.
        kind = type(cell).__name__
        if kind == "Number" and cell.format:
            style = cell.format._get_xf_index()  # noqa: SLF001  XlsxWriter's own loop does so too
            self.fh.write(
                f'<c r="{letters(col)}{row + 1}" s="{style}"><v>{cell.number:.16G}</v></c>'
            )
        elif kind == "String" and cell.format and _is_plain(cell.string):
            style = cell.format._get_xf_index()  # noqa: SLF001
            at = f'<c r="{letters(col)}{row + 1}" s="{style}" t="inlineStr">'
            self.fh.write(f"{at}<is><t>{cell.string}</t></is></c>")
        else:
            super()._write_cell(row, col, cell)
