"""What the input cells admit: one validation per rule, over all the cells that it holds for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from xlscore.layout import Entry
from xlscore.methods.base import Input
from xlscore.workbooks.package import cell_address
from xlscore.workbooks.pen import Pen
from xlscore.workbooks.scorecard.inputs import validation

_AREAS = 300
"""So many areas at most share one validation."""

_REASON: Mapping[str, str] = {
    "validate": "length",
    "criteria": "<=",
    "value": "32000",
    "input_title": "Lý do",
    "input_message": (
        "Bắt buộc khi điểm khác điểm tự chấm, khi không đồng ý “Không áp dụng”, và khi yêu cầu giải trình."
    ),
    "error_title": "Nội dung quá dài",
    "error_message": "Ô này nhận tối đa 32000 ký tự.",
}


class Rules:
    """Collects what the cells of the table admit, then writes it.

    A run of cells goes on over cells without a rule of their own: those are locked, nobody types there.
    """

    def __init__(self, lists: Sequence[tuple[str, ...]]) -> None:
        self._lists = lists
        self._areas: dict[tuple[int, Input], list[list[int]]] = {}
        self._current: dict[int, Input] = {}

    def add(self, column: int, row: int, item: Input, prompt: str) -> None:
        """Say what the cell at `column` and `row` (from 0) admits; rows come in order."""
        rule = _rule(item, prompt)
        areas = self._areas.setdefault((column, rule), [])
        if areas and self._current[column] == rule:
            areas[-1][1] = row
        else:
            areas.append([row, row])
        self._current[column] = rule

    def write(self, pen: Pen) -> None:
        """Put the validations on the sheet."""
        for (column, item), areas in self._areas.items():
            for start in range(0, len(areas), _AREAS):
                part = [[low, column, high, column] for low, high in areas[start : start + _AREAS]]
                row = part[0][0]
                rule = validation(
                    Entry("", "", item), cell_address(row + 1, column + 1), self._lists
                )
                pen.validate_areas(part, rule)

    @staticmethod
    def write_reasons(pen: Pen, column: int, rows: tuple[int, int]) -> None:
        """Put the rule of free texts on a whole column."""
        pen.validate_areas([[rows[0], column, rows[1], column]], _REASON)


@lru_cache(maxsize=1024)  # asked for at every cell
def _rule(item: Input, prompt: str) -> Input:
    """Return what a cell admits: inputs that differ in their labels alone share a rule."""
    return replace(item, key="", label=prompt)
