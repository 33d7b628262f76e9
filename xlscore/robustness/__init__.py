"""How robust the ranks are (độ vững của thứ hạng): do other weights, or one criterion less, rank otherwise?

Every ranking group is tried on its own: each criterion is left out once, the weights are varied at
random, and the gaps between neighbours are held against what appraisers disagree by. It changes no
score and no rank. Units without a result stay last in every trial and are not shown.

A unit's index is Σ points ÷ Σ applicable maxima over its own rows, so rows that do not apply to it are
in no trial of it. Bonus and penalty have no weight: they are added as they are, in every trial. A best-of
group is one content and takes one weight; its best case stays the best. Of units whose result came from
above, rows and maxima are known and varied like any other's; how far their appraisers disagree is not.

Ranks are by the shared rule (1, 2, 2, 4), on indices to 9 decimals, without tie breakers, whatever the
campaign publishes: with one rule for all trials a shift comes from the trial alone.
"""

from xlscore.robustness.analysis import Robustness, UnitRobustness, assess
from xlscore.robustness.disagreement import Disagreement, Neighbours, disagreement
from xlscore.robustness.leaving_out import LeftOut
from xlscore.robustness.weights import Spread

__all__ = [
    "Disagreement",
    "LeftOut",
    "Neighbours",
    "Robustness",
    "Spread",
    "UnitRobustness",
    "assess",
    "disagreement",
]
