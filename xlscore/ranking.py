"""Index, groups, ranks, bands: from what every unit submitted to the results that are published.

Index % = achieved ÷ applicable maximum, per unit: a unit with smaller maxima is measured by its own.
Rounding for display never decides anything. Ranks and bands compare indices to 9 decimals, in Python as
in the workbook's formulas: a leaf is stored with at most 12 decimals (a third is 0.333333333333), so
finer differences come from that, not from merit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from xlscore.appraising import UnitAppraisal
from xlscore.campaign import Campaign, MissingUnits, Policies, SurveyFigure, Ties, Unit
from xlscore.checking import evidence_coverage
from xlscore.findings import Finding
from xlscore.form import computed_on_card
from xlscore.layout import Layout
from xlscore.methods.base import Source, Value
from xlscore.methods.consolidated import Index, Quantity
from xlscore.numbers import quantise
from xlscore.rubric import Channel, Node, Rubric
from xlscore.scoring import ZERO, Known, Open, Score, Scores, Totals, add_up, consolidate, totals
from xlscore.submission import Submission

HUNDRED = Fraction(100)

DECISIVE_DECIMALS = 9
"""Decimals of an index (percent) that decide ranks and bands."""
LayoutOf = Callable[[Unit], Layout]
Figures = Mapping[str, Mapping[str, Value]]


def decisive(index: Fraction | None) -> Decimal:
    """Return an index as far as it decides ranks and bands; 0 where there is none."""
    return quantise(index or 0, DECISIVE_DECIMALS)


@dataclass(frozen=True)
class UnitResult:
    """One unit's result.

    Attributes:
        own: the card's own scores, or None for a missing unit.
        achieved: consolidated scores by node id (điểm đạt được).
        pending: leaves that are still unknown (survey not out, appraisal not done).
        fallbacks: leaves scored from an older year's published figure, with that year.
        appraisal: what appraisers said of the submission, or None where nothing was submitted.
        figures: what others than the unit supplied (survey, system, peers), by leaf id and input key.
        days_late: whole days after the deadline, 0 in time.
    """

    unit: Unit
    rubric: Rubric
    own: Scores | None
    achieved: Scores
    policies: Policies
    submission: Submission | None = None
    pending: tuple[str, ...] = ()
    fallbacks: Mapping[str, int] = field(default_factory=dict)
    appraisal: UnitAppraisal | None = None
    figures: Figures = field(default_factory=dict)
    days_late: int = 0

    @cached_property
    def appraised(self) -> Mapping[str, Decimal | None]:
        """What each leaf reaches by the appraisers' word; None where they agree that it does not apply."""
        decided = self.appraisal.decisions if self.appraisal else {}
        return {node: self.achieved[node].points for node in decided if node in self.achieved}

    @cached_property
    def self_totals(self) -> Totals | None:
        """Totals of the card itself."""
        return None if self.own is None else totals(self.rubric, self.own)

    @cached_property
    def totals(self) -> Totals:
        """Consolidated totals."""
        return totals(self.rubric, self.achieved)

    @cached_property
    def index(self) -> Fraction:
        """The index in percent, exact: achieved ÷ applicable maximum; 0 where nothing applies."""
        if self.totals.applicable == 0:
            return Fraction(0)
        index = Fraction(self.totals.achieved) / Fraction(self.totals.applicable) * 100
        return index if self.policies.index_may_pass_100 else min(index, HUNDRED)

    @cached_property
    def decisive_index(self) -> Decimal:
        """The index as far as it decides ranks and bands."""
        return decisive(self.index)

    def node_index(self, node_id: str) -> Fraction | None:
        """Return a component index in percent, or None where the node does not apply here."""
        score = self.achieved.get(node_id)
        if score is None or score.applicable == 0:
            return None
        return Fraction(score.points or 0) / Fraction(score.applicable) * 100


@dataclass(frozen=True, slots=True)
class RankedRow:
    """A unit's line in its group: `rank` is None for units that are not ranked."""

    rank: int | None
    result: UnitResult
    band: str


@dataclass(frozen=True, slots=True)
class Note:
    """A finding worth leadership's eye: what a unit's return left behind, or why one was refused."""

    unit: str
    finding: Finding


@dataclass(frozen=True)
class GroupRanking:
    """One ranking group, best first."""

    id: str
    title: str
    tier: str
    rows: tuple[RankedRow, ...]


@dataclass(frozen=True)
class Results:
    """Everything that a ranking workbook shows.

    Attributes:
        unranked: units assessed but not ranked (đánh giá, không xếp hạng).
        missing: units without a valid, complete submission.
        provenance: facts that let the ranking be traced, label → value.
        notes: findings of the returns that count; the caller adds those of refused ones.
    """

    campaign: Campaign
    groups: tuple[GroupRanking, ...]
    unranked: tuple[RankedRow, ...]
    missing: tuple[UnitResult, ...]
    provenance: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def rows(self) -> Iterable[RankedRow]:
        """All rows, ranked and not."""
        for group in self.groups:
            yield from group.rows
        yield from self.unranked

    @property
    def provisional(self) -> bool:
        """Whether any result still waits for a survey or an appraisal that has begun."""
        begun = any(r.result.appraisal and r.result.appraisal.begun for r in self.rows)
        return any(
            row.result.pending or (begun and row.result.appraisal and row.result.appraisal.open)
            for row in self.rows
        )


def rank_campaign(
    campaign: Campaign,
    submissions: Mapping[str, Submission],
    layout_of: LayoutOf,
    units: Iterable[Unit] | None = None,
    appraisals: Mapping[str, UnitAppraisal] | None = None,
) -> Results:
    """Consolidate every unit and rank the groups.

    Args:
        submissions: the counting submission by unit code; incomplete ones count as missing.
        layout_of: the whole card's layout for a unit.
        units: the units to rank; all of the campaign by default.
        appraisals: what appraisers said, by unit code.
    """
    chosen = list(campaign.active.values() if units is None else units)
    said = appraisals or {}
    cases = {
        code: _Case(
            campaign, campaign.units[code], s, layout_of(campaign.units[code]), said.get(code)
        )
        for code, s in submissions.items()
        if s.complete and code in campaign.units
    }
    best = _peers(cases[unit.code] for unit in chosen if unit.code in cases)
    results = [_result(campaign, unit, cases.get(unit.code), layout_of, best) for unit in chosen]
    missing = tuple(r for r in results if r.submission is None)
    listed = [
        r
        for r in results
        if r.submission or campaign.settings.policies.missing_unit is MissingUnits.RANK_LAST
    ]
    groups = tuple(
        _group(campaign, group, [r for r in listed if r.unit.ranked and group_of(r.unit) == group])
        for group in dict.fromkeys(group_of(r.unit) for r in listed if r.unit.ranked)
    )
    unranked = tuple(RankedRow(None, r, band_of(campaign, r)) for r in listed if not r.unit.ranked)
    sent = (submissions[unit.code] for unit in chosen if unit.code in submissions)
    notes = tuple(Note(s.unit, found) for s in sent for found in s.findings)
    return Results(campaign, groups, unranked, missing, notes=notes)


def group_of(unit: Unit) -> str:
    """Return the id of a unit's ranking group: its own, or its tier."""
    return unit.group or unit.tier


def days_late(received: datetime, deadline: datetime) -> int:
    """Return whole days after the deadline, begun days counting; 0 in time."""
    seconds = (received - deadline).total_seconds()
    return 0 if seconds <= 0 else int(-(-seconds // 86_400))


# --- one unit ---------------------------------------------------------------------------------------

Best = Mapping[tuple[str, str], Decimal]
"""The best value among the units of a tier, by (tier, leaf id)."""


@dataclass(frozen=True)
class _Case:
    """One unit's submission with what appraisers said of it."""

    campaign: Campaign
    unit: Unit
    submission: Submission
    layout: Layout
    appraisal: UnitAppraisal | None

    @property
    def late(self) -> int:
        return days_late(self.submission.received, self.campaign.deadline(self.unit))

    def known(self, figures: Figures) -> Known:
        """Return everything known about the unit, given what others supply."""
        said = self.appraisal
        if said is None:
            return Known(self.submission.answers, figures)
        return Known(
            self.submission.answers, figures, said.points, said.reentered, said.confirmed,
            said.refused, bool(said.decisions),
        )  # fmt: skip

    def value(self, node: str, key: str) -> Value | None:
        """Return an input of a leaf: as the appraisers entered it, else as the unit did."""
        reentered = self.appraisal.reentered.get(node, {}) if self.appraisal else {}
        return reentered.get(key, self.submission.answers.values.get(node, {}).get(key))


def _result(
    campaign: Campaign, unit: Unit, case: _Case | None, layout_of: LayoutOf, best: Best
) -> UnitResult:
    policies = campaign.settings.policies
    if case is None:
        rubric = layout_of(unit).rubric
        return UnitResult(unit, rubric, None, _nothing(rubric), policies)
    layout = case.layout
    figures, fallbacks = _figures(case, best)
    achieved = consolidate(layout.rubric, layout.methods, case.known(figures), policies.scoring)
    if gap := _gap(case, achieved):
        figures |= gap
        achieved = consolidate(layout.rubric, layout.methods, case.known(figures), policies.scoring)
    pending = tuple(
        leaf.id
        for leaf in layout.rubric.leaves
        if _is_pending(leaf, achieved[leaf.id], figures, case)
    )
    return UnitResult(
        unit,
        layout.rubric,
        case.submission.scores,
        achieved,
        policies,
        case.submission,
        pending,
        fallbacks,
        case.appraisal,
        figures,
        case.late,
    )


def _nothing(rubric: Rubric) -> Scores:
    return add_up(rubric, {leaf.id: Score(Decimal(0), leaf.max) for leaf in rubric.leaves})


def _is_pending(leaf: Node, score: Score, figures: Figures, case: _Case) -> bool:
    if score.open is Open.ELSEWHERE:
        return True
    if score.open is not None or (case.appraisal and leaf.id in case.appraisal.points):
        return False
    waits = leaf.id in case.layout.supplied and leaf.id not in figures
    unappraised = case.appraisal is None or leaf.id not in case.appraisal.decisions
    return waits or (leaf.channel is Channel.APPRAISER and unappraised)


def _figures(case: _Case, best: Best) -> tuple[dict[str, dict[str, Value]], dict[str, int]]:
    """Return the inputs that others than the unit supply, and the years of fallback figures."""
    found: dict[str, dict[str, Value]] = {}
    fallbacks: dict[str, int] = {}
    for node, inputs in case.layout.supplied.items():
        for item in inputs:
            value: Decimal | None = None
            if item.source is Source.SYSTEM:
                value = _system(item.key, case)
            elif item.source is Source.PEERS:
                value = best.get((case.unit.tier, node))
            elif figure := _survey(case, node):
                value = figure.value
                if figure.year != case.campaign.settings.year:
                    fallbacks[node] = figure.year
            if value is not None:
                found.setdefault(node, {})[item.key] = value
    return found, fallbacks


def _system(quantity: str, case: _Case) -> Decimal | None:
    """Return what the system derives for a row; None while it is not known."""
    if quantity == Quantity.DAYS_LATE:
        return Decimal(case.late)
    if quantity == Quantity.EVIDENCE_COVERAGE:
        return evidence_coverage(case.layout, case.submission.answers, case.submission.scores)
    return None  # the gap follows from the scores


def _gap(case: _Case, achieved: Scores) -> dict[str, dict[str, Value]]:
    """Return |self total − appraised total| for the rows that ask for it, once nothing is open.

    Over the rows that the unit scores itself, bonus and penalty aside: what others supply is no
    self-assessment.
    """
    asking = [
        node
        for node, inputs in case.layout.supplied.items()
        if any(item.key == Quantity.SELF_APPRAISED_GAP for item in inputs)
    ]
    said = case.appraisal
    if not asking or said is None or not said.begun or said.open:
        return {}
    own = [
        leaf.id
        for leaf in case.layout.rubric.leaves
        if not leaf.is_extra and computed_on_card(leaf, case.layout.methods[leaf.id])
    ]
    scored = case.submission.scores
    gaps = [(scored[n].points or ZERO) - (achieved[n].points or ZERO) for n in own]
    gap = abs(sum(gaps, ZERO))
    return {node: {Quantity.SELF_APPRAISED_GAP.value: gap} for node in asking}


def _survey(case: _Case, node: str) -> SurveyFigure | None:
    """Return the newest published figure that the method admits: this year's, else within its fallback."""
    method, year = case.layout.methods[node], case.campaign.settings.year
    oldest = year - (method.fallback if isinstance(method, Index) else 0)
    published = case.campaign.survey_values.get((case.unit.code, node), ())
    return next((f for f in published if oldest <= f.year <= year), None)


def _peers(cases: Iterable[_Case]) -> Best:
    best: dict[tuple[str, str], Decimal] = {}
    for case in cases:
        for node, inputs in case.layout.supplied.items():
            value = case.value(node, "value")
            compared = any(item.source is Source.PEERS for item in inputs)
            if compared and isinstance(value, Decimal):
                key = (case.unit.tier, node)
                best[key] = max(best.get(key, value), value)
    return best


# --- groups -----------------------------------------------------------------------------------------


Merit = tuple[Decimal, ...]
"""What ranks a unit, compared from the first value on; higher is better."""


def _group(campaign: Campaign, group: str, results: Sequence[UnitResult]) -> GroupRanking:
    settings = campaign.settings
    breakers = settings.policies.tie_breakers
    ordered = sorted(results, key=lambda r: _merit(r, breakers), reverse=True)
    ranks = assign_ranks([_merit(r, breakers) for r in ordered], settings.policies.ties)
    rows = tuple(
        RankedRow(rank, result, band_of(campaign, result))
        for rank, result in zip(ranks, ordered, strict=True)
    )
    tier = results[0].unit.tier
    named = settings.groups.get(group)
    return GroupRanking(group, named.title if named else settings.tiers[tier].title, tier, rows)


def _merit(result: UnitResult, breakers: Sequence[str]) -> Merit:
    """Return what ranks a unit: its index, then its component indices in the order of the breakers."""
    components = (decisive(result.node_index(node)) for node in breakers)
    # A missing unit never ties with one that sent a return and reached 0.
    sent = Decimal(1 if result.submission else 0)
    return (result.decisive_index, *components, sent)


def assign_ranks(merits: Sequence[Merit], ties: Ties) -> list[int]:
    """Return the ranks of merits sorted best first, ties as the setting says."""
    ranks: list[int] = []
    for place, merit in enumerate(merits):
        if ties is not Ties.ORDERED and place and merit == merits[place - 1]:
            ranks.append(ranks[-1])
        elif ties is Ties.DENSE:
            ranks.append((ranks[-1] if ranks else 0) + 1)
        else:
            ranks.append(place + 1)
    return ranks


def band_of(campaign: Campaign, result: UnitResult) -> str:
    """Return the band (xếp loại) of a result, decided on the decisive index; empty where none holds."""
    bands = campaign.tier(result.unit).bands
    return next((b.name for b in bands if result.decisive_index >= b.at_least), "")
