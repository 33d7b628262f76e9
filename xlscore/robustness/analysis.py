"""One ranking group through all trials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xlscore.campaign import Campaign
from xlscore.ranking import GroupRanking, RankedRow
from xlscore.robustness.disagreement import Disagreement, Neighbours, disagreement, neighbours
from xlscore.robustness.leaving_out import LeftOut, leave_out_each
from xlscore.robustness.material import Material, Part, shared_ranks
from xlscore.robustness.weights import Spread, vary_weights
from xlscore.settings import RobustnessSettings

FIRM_SHARE = 20
"""A rank is firm if it moves by no more than one twentieth of the group, 1 in any case."""


@dataclass(frozen=True, slots=True)
class UnitRobustness:
    """One unit with a result.

    Attributes:
        nominal: its rank with everything in, by the rule of the trials.
        spread: its ranks over the random weights.
        best, worst: its ranks over the rankings without one criterion; the nominal one among them.
        moved_by: the criterion without which it moves furthest, and `moved_to` where; None if nowhere.
    """

    row: RankedRow
    nominal: int
    spread: Spread
    best: int
    worst: int
    moved_by: Part | None
    moved_to: int

    @property
    def weight_shift(self) -> int:
        """By how many ranks nine random weightings in ten move it at most."""
        return max(self.nominal - self.spread.low, self.spread.high - self.nominal, 0)

    @property
    def criterion_shift(self) -> int:
        """By how many ranks the loss of one criterion moves it at most."""
        return max(self.nominal - self.best, self.worst - self.nominal)


@dataclass(frozen=True)
class Robustness:
    """How robust the ranks of one group are.

    Attributes:
        units: those with a result, best first; empty where there are not two to compare.
        left_out: the rankings without one domain or criterion, in printed order.
        disagreement: of the appraisers, over the whole campaign.
        neighbours: consecutive units whose gap could be judged.
    """

    group: GroupRanking
    settings: RobustnessSettings
    units: tuple[UnitRobustness, ...]
    left_out: tuple[LeftOut, ...]
    disagreement: Disagreement
    neighbours: tuple[Neighbours, ...]

    @property
    def tolerance(self) -> int:
        """By how many ranks a firm rank may move."""
        return max(1, len(self.units) // FIRM_SHARE)

    def is_firm(self, unit: UnitRobustness) -> bool:
        """Whether no lost criterion, and nine weightings in ten, move a unit by more than the tolerance."""
        return max(unit.weight_shift, unit.criterion_shift) <= self.tolerance

    @cached_property
    def by_code(self) -> dict[str, UnitRobustness]:
        """The units by their codes."""
        return {unit.row.result.unit.code: unit for unit in self.units}

    @property
    def without_criterion(self) -> tuple[LeftOut, ...]:
        """The rankings without one criterion, whole domains aside."""
        return tuple(trial for trial in self.left_out if not trial.part.domain)


def assess(
    campaign: Campaign, group: GroupRanking, apart: Disagreement | None = None
) -> Robustness:
    """Try the ranks of a group as `robustness:` in the campaign says; `draws` must not be 0.

    Args:
        apart: what the appraisers disagree by; that of the group's own rows by default.
    """
    settings = campaign.settings.robustness
    material = Material(campaign, group)
    found = apart or disagreement(row.result for row in group.rows)
    entrants = material.entrants
    if len(entrants) < 2:  # noqa: PLR2004  one alone has no rank to lose
        return Robustness(group, settings, (), (), found, ())
    nominal = shared_ranks([e.index(e.points, e.applicable) for e in entrants])
    trials = leave_out_each(material, nominal)
    criteria = [trial for trial in trials if not trial.part.domain]
    spreads = vary_weights(material, settings)
    units = tuple(
        _unit(entrant.row, place, rank, spread, criteria)
        for place, (entrant, rank, spread) in enumerate(
            zip(entrants, nominal, spreads, strict=True)
        )
    )
    return Robustness(group, settings, units, trials, found, neighbours(group, found))


def _unit(
    row: RankedRow, place: int, nominal: int, spread: Spread, trials: list[LeftOut]
) -> UnitRobustness:
    ranks = [nominal, *(trial.ranks[place] for trial in trials)]
    worst = max(trials, key=lambda trial: trial.shifts[place], default=None)
    if worst is None or worst.shifts[place] == 0:
        return UnitRobustness(row, nominal, spread, min(ranks), max(ranks), None, nominal)
    moved = worst.ranks[place]
    return UnitRobustness(row, nominal, spread, min(ranks), max(ranks), worst.part, moved)
