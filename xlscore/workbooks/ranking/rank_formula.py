"""Ranks as live formulas: the same rule as `xlscore.ranking.assign_ranks`, over helper columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlscore.settings import Ties
from xlscore.workbooks.quicksheet import letters


@dataclass(frozen=True, slots=True)
class RankKeys:
    """Where the keys that decide stand: columns by weight, one row per unit.

    Attributes:
        columns: 0-based columns; in each, higher is better.
        tie_size: the column that counts the units with the same keys; only dense ranks need it.
        first, last: first and last row, 1-based.
    """

    columns: Sequence[int]
    tie_size: int
    first: int
    last: int

    def _range(self, column: int) -> str:
        letter = letters(column)
        return f"${letter}${self.first}:${letter}${self.last}"

    def _better(self, row: int, place: int = 0) -> str:
        column = self.columns[place]
        block, own = self._range(column), f"${letters(column)}{row}"
        if place == len(self.columns) - 1:
            return f"({block}>{own})"
        return f"(({block}>{own})+({block}={own})*{self._better(row, place + 1)})"

    def rank(self, row: int, ties: Ties) -> str:
        """Return the formula of the rank of the unit in `row`."""
        if ties is Ties.DENSE:
            return f"ROUND(1+SUMPRODUCT({self._better(row)}/{self._range(self.tie_size)}),0)"
        return f"1+SUMPRODUCT(1*{self._better(row)})"

    def ties(self, row: int) -> str:
        """Return the formula that counts the units with the same keys as the unit in `row`."""
        equal = "*".join(
            f"({self._range(column)}=${letters(column)}{row})" for column in self.columns
        )
        return f"SUMPRODUCT(1*{equal})"


def position(rank: str, row: int, first: int, last: int, ties: Ties) -> str:
    """Return the formula of a unit's place among all rows: equal ranks one after the other.

    Much quicker than a rank with a further key: a list of thousands is compared by one column only.

    Args:
        rank: letters of the column of ranks.
        row, first, last: the unit's row, the first and the last one, 1-based.
    """
    own = f"${rank}{row}"
    if ties is Ties.ORDERED:
        return own
    among = f"COUNTIF(${rank}${first}:{own},{own})"  # equal ones down to this row
    if ties is Ties.DENSE:
        return f'COUNTIF(${rank}${first}:${rank}${last},"<"&{own})+{among}'
    return f"{own}+{among}-1"
