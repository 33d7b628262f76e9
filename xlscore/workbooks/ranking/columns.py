"""A column of a ranking sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlscore.ranking import RankedRow
from xlscore.workbooks.ranking.cells import Cell

CellOf = Callable[[RankedRow, int], Cell]
"""What gives a unit's cell, for the 0-based row that it stands on."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ranking sheet.

    Attributes:
        key: by which other columns and sheets find it.
        cell: what stands in a unit's row.
        hidden: whether it only serves formulas.
    """

    key: str
    heading: str
    width: float
    cell: CellOf
    number: str = ""
    align: str = "center"
    bold: bool = False
    size: int = 11
    hidden: bool = False
