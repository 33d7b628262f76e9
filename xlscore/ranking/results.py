"""What results are made of: one unit's, one group's, the campaign's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from xlscore.appraising import UnitAppraisal
from xlscore.campaign import Campaign, Unit
from xlscore.findings import Finding
from xlscore.layout import Layout
from xlscore.methods.base import Value
from xlscore.numbers import quantise
from xlscore.reported import Reported
from xlscore.rubric import Rubric
from xlscore.scoring import Scores, Totals, totals
from xlscore.settings import Policies
from xlscore.submission import Submission
from xlscore.years import Past, Years

HUNDRED = Fraction(100)

DECISIVE_DECIMALS = 9
"""Decimals of an index (percent) that decide ranks and bands."""

Figures = Mapping[str, Mapping[str, Value]]


def decisive(index: Fraction | None) -> Decimal:
    """Return an index as far as it decides ranks and bands; 0 where there is none."""
    return quantise(index or 0, DECISIVE_DECIMALS)


@dataclass(frozen=True)
class UnitResult:
    """One unit's result.

    Attributes:
        layout: of the whole scorecard, with the methods of the rows that apply here.
        own: the card's own scores, or None for a missing unit.
        achieved: consolidated scores by node id (điểm đạt được).
        pending: leaves that are still unknown (survey not out, appraisal not done).
        fallbacks: leaves scored from an older year's published figure, with that year.
        appraisal: what appraisers said of the submission, or None where nothing was submitted.
        figures: what others than the unit supplied (survey, system, peers), by leaf id and input key.
        days_late: whole days after the deadline, 0 in time.
        reported: what the unit above reported, where it appraises the unit itself.
    """

    unit: Unit
    layout: Layout
    own: Scores | None
    achieved: Scores
    policies: Policies
    submission: Submission | None = None
    pending: tuple[str, ...] = ()
    fallbacks: Mapping[str, int] = field(default_factory=dict)
    appraisal: UnitAppraisal | None = None
    figures: Figures = field(default_factory=dict)
    days_late: int = 0
    reported: Reported | None = None

    @property
    def rubric(self) -> Rubric:
        """The rubric that the unit follows."""
        return self.layout.rubric

    @property
    def assessed(self) -> bool:
        """Whether there is anything to rank: a submission of its own, or a result from above."""
        return self.submission is not None or self.reported is not None

    @cached_property
    def appraised(self) -> Mapping[str, Decimal | None]:
        """What each leaf reaches by the appraisers' word; None where they agree that it does not apply."""
        decided: Iterable[str] = self.appraisal.decisions if self.appraisal else ()
        if self.reported is not None:
            decided = self.reported.words
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

    def is_figured_here(self, node_id: str) -> bool:
        """Whether a row of a unit that is reported from above takes this campaign's own figure."""
        told = self.reported
        return told is not None and self.figures.get(node_id) != told.figures.get(node_id)

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
        missing: units without a valid, complete submission, or without a result from above.
        across: further rankings of whole tiers, beside their groups.
        years: what earlier years found.
        edition: number under which this ranking is frozen (lần ban hành); 0: a draft.
        provenance: facts that let the ranking be traced, label → value.
        notes: findings of the returns that count; the caller adds those of refused ones.
    """

    campaign: Campaign
    groups: tuple[GroupRanking, ...]
    unranked: tuple[RankedRow, ...]
    missing: tuple[UnitResult, ...]
    provenance: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    across: tuple[GroupRanking, ...] = ()
    years: Years = field(default_factory=Years)
    edition: int = 0

    @property
    def rows(self) -> Iterable[RankedRow]:
        """All rows, ranked and not."""
        for group in self.groups:
            yield from group.rows
        yield from self.unranked

    @cached_property
    def waiting(self) -> tuple[tuple[UnitResult, str], ...]:
        """The rows (leaf ids) that wait for a figure, or for a word once appraisal has begun."""
        results = [row.result for row in self.rows]
        begun = any(r.appraisal and r.appraisal.begun for r in results)
        return tuple(
            (result, node)
            for result in results
            for node in dict.fromkeys((*result.pending, *_unsettled(result, begun=begun)))
        )

    def before(self, unit: Unit) -> Past | None:
        """Return what last year said of a unit; None where last year is not on record."""
        return self.years.past(unit.code, self.campaign.settings.year - 1)

    def change(self, result: UnitResult) -> Fraction | None:
        """Return by how many percentage points the index changed against last year, if both are known."""
        past = self.before(result.unit)
        if past is None or past.index is None or not result.assessed:
            return None
        return result.index - Fraction(past.index)

    @property
    def provisional(self) -> bool:
        """Whether any result still waits for a survey or an appraisal that has begun."""
        return bool(self.waiting)


def _unsettled(result: UnitResult, *, begun: bool) -> Iterable[str]:
    """Return the leaves that appraisers still have to look at, here or in the unit above."""
    if result.reported is not None:
        return result.reported.unsettled
    return result.appraisal.open if begun and result.appraisal else ()
