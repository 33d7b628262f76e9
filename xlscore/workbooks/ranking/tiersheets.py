"""Where the figures of one tier stand on the sheets of criteria × units, and how formulas find them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from xlscore.ranking import UnitResult
from xlscore.rubric import Rubric
from xlscore.workbooks.quicksheet import letters

CODE_ROW, TITLE_ROW, MAXIMUM_ROW, FIRST_ROW = 2, 3, 4, 5
"""0-based rows of the heading block and of the first unit."""

UNIT_COLUMNS = 2


class Total(IntEnum):
    """Which column behind the nodes of the points sheet (`TierSheets.totals` + this) holds what."""

    DOMAINS = 0
    BONUS = 1
    PENALTY = 2
    ACHIEVED = 3
    SURVEY = 4


@dataclass(frozen=True)
class TierSheets:
    """Where the figures of one tier stand; rows and columns are the same on points and maxima.

    Attributes:
        results: the units, one row each.
        points, maxima, indices: names of the sheets.
    """

    tier: str
    title: str
    rubric: Rubric
    results: tuple[UnitResult, ...]
    points: str
    maxima: str
    indices: str

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """The 0-based column of every node."""
        return {node.id: UNIT_COLUMNS + i for i, node in enumerate(self.rubric.walk())}

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """The depth of every node, 1 for domains."""
        return {node.id: len(self.rubric.ancestors(node.id)) + 1 for node in self.rubric.walk()}

    @property
    def totals(self) -> int:
        """The first column behind the nodes: on the points sheet those of `Total`, on maxima the sum."""
        return UNIT_COLUMNS + len(self.columns)

    def block(self, sheet: str, column: int) -> str:
        """Return the range of all units in a column, for formulas on other sheets."""
        # One blank row more than there are units: Gnumeric takes a range of one cell for a value.
        letter, last = letters(column), FIRST_ROW + len(self.results) + 1
        quoted = sheet.replace("'", "''")
        return f"'{quoted}'!${letter}${FIRST_ROW + 1}:${letter}${last}"

    def position(self, sheet: str, code_cell: str) -> str:
        """Return the formula that finds a unit's place on a sheet."""
        return f"MATCH({code_cell},{self.block(sheet, 0)},0)"

    def place(self, result: UnitResult) -> int:
        """Return a unit's place (1-based) on the sheets as written."""
        return self._places[result.unit.code]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {r.unit.code: place for place, r in enumerate(self.results, start=1)}


def component(sheets: TierSheets, column: int, own: str, maximum: str, nothing: str) -> str:
    """Return the formula of a component index (percent): points ÷ maximum, found by place."""
    # SUM takes a text, such as the dash of a component without any points yet, as nothing.
    points = f"SUM(INDEX({sheets.block(sheets.points, column)},{own}))"
    maxima = f"INDEX({sheets.block(sheets.maxima, column)},{maximum})"
    return f"IF({maxima}=0,{nothing},{points}/{maxima}*100)"


def whole_tier(sheets: TierSheets) -> str:
    """Say whose mean a tier's mean is, where it differs from that of its ranking groups; or nothing."""
    if all(result.unit.ranked for result in sheets.results):
        return ""
    return " Trung bình cả cấp tính cả đơn vị không xếp hạng."
