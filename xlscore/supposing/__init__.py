"""Suppose (giả định): what the ranking would be with other rules, weights or scores.

Nothing here is a result, and nothing here writes: from a ranking and what it was made of follows another
ranking, and the comparison of both.
"""

from xlscore.supposing.comparing import (
    Basis,
    Comparison,
    GroupComparison,
    Move,
    RowChange,
    Scenario,
    compare,
    suppose,
)
from xlscore.supposing.reading import SuppositionFile, read_supposition
from xlscore.supposing.supposition import SupposedAbsence, SupposedScore, Supposition

__all__ = [
    "Basis",
    "Comparison",
    "GroupComparison",
    "Move",
    "RowChange",
    "Scenario",
    "SupposedAbsence",
    "SupposedScore",
    "Supposition",
    "SuppositionFile",
    "compare",
    "read_supposition",
    "suppose",
]
