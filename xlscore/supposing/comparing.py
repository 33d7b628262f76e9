"""Rank once more as supposed, and set both rankings side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from xlscore.appraising import UnitAppraisal
from xlscore.campaign import Campaign, Unit
from xlscore.layout import Layout
from xlscore.ranking import (
    GroupRanking,
    LayoutOf,
    RankedRow,
    Results,
    UnitResult,
    rank_campaign,
    rank_results,
)
from xlscore.reported import Reported
from xlscore.scoring import Score, Scores
from xlscore.submission import Submission
from xlscore.supposing.overlay import Overlay, overlays
from xlscore.supposing.supposition import Supposition
from xlscore.supposing.weights import Weights


@dataclass(frozen=True)
class Basis:
    """A ranking with what it was made of, as `rank_campaign` took it."""

    results: Results
    submissions: Mapping[str, Submission]
    layout_of: LayoutOf
    appraisals: Mapping[str, UnitAppraisal] = field(default_factory=dict)
    reported: Mapping[str, Reported] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """One unit in one ranking: its line before and after; None where it is not listed."""

    unit: Unit
    before: RankedRow | None
    after: RankedRow | None

    @property
    def ranks(self) -> int | None:
        """By how many places the unit rises (falls, where negative)."""
        before, after = self.rank_before, self.rank_after
        return None if before is None or after is None else before - after

    @property
    def rank_before(self) -> int | None:
        """The rank that the unit has."""
        return self.before.rank if self.before else None

    @property
    def rank_after(self) -> int | None:
        """The rank that it would have."""
        return self.after.rank if self.after else None

    @property
    def index(self) -> Fraction | None:
        """By how many percentage points the index would change."""
        if self.before is None or self.after is None:
            return None
        return self.after.result.index - self.before.result.index

    @property
    def moves(self) -> bool:
        """Whether the rank would be another, or there would be none any more."""
        return self.rank_before != self.rank_after

    @property
    def changes_band(self) -> bool:
        """Whether the band would be another."""
        return (
            self.before is not None
            and self.after is not None
            and (self.before.band != self.after.band)
        )

    @property
    def changes_index_alone(self) -> bool:
        """Whether the index would be another, and neither rank nor band."""
        return bool(self.index) and not (self.moves or self.changes_band)


@dataclass(frozen=True)
class GroupComparison:
    """One ranking group, in the supposed order.

    Attributes:
        ranked: False for the units that are assessed, not ranked.
        across: whether it is a ranking of a whole tier, beside its groups.
    """

    id: str
    title: str
    moves: tuple[Move, ...]
    ranked: bool = True
    across: bool = False

    @property
    def changes(self) -> bool:
        """Whether any rank, index or band would be another."""
        return any(move.moves or move.changes_band or move.index for move in self.moves)


@dataclass(frozen=True, slots=True)
class RowChange:
    """A leaf of one unit whose achieved score would be another; changed weights alone do not count."""

    unit: Unit
    node: str
    before: Score
    after: Score
    reason: str = ""


@dataclass(frozen=True)
class Scenario:
    """One supposition with what would follow from it."""

    supposition: Supposition
    results: Results
    groups: tuple[GroupComparison, ...]
    rows: tuple[RowChange, ...]

    @cached_property
    def own_groups(self) -> tuple[GroupComparison, ...]:
        """The ranking groups proper: every ranked unit once."""
        return tuple(group for group in self.groups if group.ranked and not group.across)


@dataclass(frozen=True)
class Comparison:
    """The ranking as it is, and as it would be."""

    base: Results
    scenarios: tuple[Scenario, ...]


def compare(basis: Basis, suppositions: Iterable[Supposition]) -> Comparison:
    """Return the comparison of a ranking with what would follow from each supposition."""
    return Comparison(basis.results, tuple(suppose(basis, one) for one in suppositions))


def suppose(basis: Basis, supposition: Supposition) -> Scenario:
    """Return what would follow from one supposition; `basis` stays as it is."""
    campaign = supposition.campaign(basis.results.campaign)
    laid = overlays(supposition, campaign, basis.layout_of)
    ranked = rank_campaign(
        campaign,
        basis.submissions,
        basis.layout_of,
        appraisals=_appraisals(basis, laid),
        reported=_reported(basis, campaign, laid),
    )
    unweighted = _by_unit(ranked)
    results = _weighed(ranked, supposition, unweighted)
    results = replace(results, years=basis.results.years, notes=basis.results.notes)
    groups = tuple(_groups(basis.results, results))
    return Scenario(
        supposition, results, groups, tuple(_rows(basis, supposition, results, unweighted))
    )


def _appraisals(basis: Basis, laid: Mapping[str, Overlay]) -> dict[str, UnitAppraisal]:
    units = basis.results.campaign.units
    return dict(basis.appraisals) | {
        code: overlay.appraisal(
            basis.appraisals.get(code), basis.submissions[code], basis.layout_of(units[code])
        )
        for code, overlay in laid.items()
        if code in basis.submissions
    }


def _reported(basis: Basis, campaign: Campaign, laid: Mapping[str, Overlay]) -> dict[str, Reported]:
    scoring = campaign.settings.policies.scoring
    return dict(basis.reported) | {
        code: overlay.reported(basis.reported[code], basis.layout_of(campaign.units[code]), scoring)
        for code, overlay in laid.items()
        if code in basis.reported
    }


def _by_unit(results: Results) -> dict[str, UnitResult]:
    """Return every unit's result, missing ones too, in the campaign's order."""
    found = {row.result.unit.code: row.result for row in results.rows}
    found |= {result.unit.code: result for result in results.missing}
    return {code: found[code] for code in results.campaign.active if code in found}


# --- other weights --------------------------------------------------------------------------------


def _weighed(
    ranked: Results, supposition: Supposition, unweighted: Mapping[str, UnitResult]
) -> Results:
    """Put every unit on the supposed scale and rank again; nothing to do where no weight changes."""
    if not any(supposition.weights.values()):
        return ranked
    layouts: dict[int, Layout] = {}
    given: dict[str, dict[str, Score]] = {}
    for code, result in unweighted.items():
        weights = supposition.weights.get(result.unit.tier, Weights())
        if id(result.layout) not in layouts:
            layouts[id(result.layout)] = replace(
                result.layout, rubric=weights.rubric(result.rubric)
            )
        leaves = layouts[id(result.layout)].rubric.by_id
        given[code] = {
            one.node: Score(one.points, leaves[one.node].max)
            for one in supposition.scores
            if one.unit == code
        }
    results = [
        _on_scale(result, layouts[id(result.layout)], supposition, given[code])
        if supposition.weights.get(result.unit.tier)
        else result
        for code, result in unweighted.items()
    ]
    return rank_results(ranked.campaign, results, ranked.notes)


def _on_scale(
    result: UnitResult, layout: Layout, supposition: Supposition, given: Scores
) -> UnitResult:
    weights = supposition.weights.get(result.unit.tier, Weights())
    own = result.own and weights.scores(layout.rubric, result.own, {})
    achieved = weights.scores(layout.rubric, result.achieved, given)
    return replace(result, layout=layout, own=own, achieved=achieved)


# --- side by side ---------------------------------------------------------------------------------


def _groups(base: Results, supposed: Results) -> Iterator[GroupComparison]:
    yield from _paired(base.groups, supposed.groups, across=False)
    yield from _paired(base.across, supposed.across, across=True)
    moves = tuple(_moves(base.unranked, supposed.unranked))
    if moves:
        title = "Đơn vị được đánh giá, không xếp hạng"
        yield GroupComparison("", title, moves, ranked=False)


def _paired(
    base: Iterable[GroupRanking], supposed: Iterable[GroupRanking], *, across: bool
) -> Iterator[GroupComparison]:
    before = {group.id: group for group in base}
    after = {group.id: group for group in supposed}
    for name in dict.fromkeys((*before, *after)):
        group = after.get(name) or before[name]
        rows = (g.rows if (g := side.get(name)) else () for side in (before, after))
        yield GroupComparison(name, group.title, tuple(_moves(*rows)), across=across)


def _moves(before: Iterable[RankedRow], after: Iterable[RankedRow]) -> Iterator[Move]:
    """Yield the units in their supposed order; last those that would not be listed any more."""
    old = {row.result.unit.code: row for row in before}
    new = {row.result.unit.code: row for row in after}
    for code in dict.fromkeys((*new, *old)):
        row = new.get(code) or old[code]
        yield Move(row.result.unit, old.get(code), new.get(code))


def _rows(
    basis: Basis,
    supposition: Supposition,
    results: Results,
    unweighted: Mapping[str, UnitResult],
) -> Iterator[RowChange]:
    reasons = {(one.unit, one.node): one.reason for one in supposition.scores}
    for one in supposition.absences:
        node = basis.layout_of(basis.results.campaign.units[one.unit]).rubric.by_id[one.node]
        reasons |= {(one.unit, leaf.id): one.reason for leaf in node.leaves()}
    after = _by_unit(results)
    for code, before in _by_unit(basis.results).items():
        if code not in after or not before.assessed:
            continue
        for leaf in before.rubric.leaves:
            old, unscaled = before.achieved[leaf.id], unweighted[code].achieved[leaf.id]
            if (old.points, old.applicable) != (unscaled.points, unscaled.applicable):
                new = after[code].achieved[leaf.id]
                yield RowChange(before.unit, leaf.id, old, new, reasons.get((code, leaf.id), ""))
