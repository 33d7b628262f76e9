"""Consolidate one unit: what it submitted, what appraisers said, what others supply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from xlscore.appraising import UnitAppraisal
from xlscore.campaign import Campaign, SurveyFigure, Unit
from xlscore.checking import evidence_coverage
from xlscore.form import computed_on_card
from xlscore.layout import Layout
from xlscore.methods.base import Source, Value
from xlscore.methods.consolidated import Index, Quantity
from xlscore.ranking.results import Figures, UnitResult
from xlscore.reported import Reported
from xlscore.rubric import Channel, Node, Rubric
from xlscore.scoring import (
    ZERO,
    Known,
    Open,
    Score,
    Scores,
    add_up,
    consolidate,
    consolidate_leaves,
    not_applicable_leaves,
    score_leaf,
    totals,
)
from xlscore.submission import Submission

LayoutOf = Callable[[Unit], Layout]
Best = Mapping[tuple[str, str], Decimal]
"""The best value among the units of a tier, by (tier, leaf id)."""


def days_late(received: datetime, deadline: datetime) -> int:
    """Return whole days after the deadline, begun days counting; 0 in time."""
    seconds = (received - deadline).total_seconds()
    return 0 if seconds <= 0 else int(-(-seconds // 86_400))


@dataclass(frozen=True)
class Case:
    """One unit's submission with what appraisers said of it."""

    campaign: Campaign
    unit: Unit
    submission: Submission
    layout: Layout
    appraisal: UnitAppraisal | None

    @cached_property
    def left_out(self) -> frozenset[str]:
        """Leaves that the unit says do not apply, and nobody says they do."""
        answered = self.submission.answers.not_applicable
        left_out = not_applicable_leaves(self.layout.rubric, answered)
        said = self.appraisal
        return (left_out - said.refused) | said.excluded if said else left_out

    @property
    def late(self) -> int:
        """Whole days after the deadline, 0 in time."""
        return days_late(self.submission.received, self.campaign.deadline(self.unit))

    def known(self, figures: Figures) -> Known:
        """Return everything known about the unit, given what others supply."""
        said = self.appraisal
        if said is None:
            return Known(self.submission.answers, figures)
        return Known(
            self.submission.answers, figures, said.points, said.reentered, said.confirmed,
            said.refused, said.begun, said.excluded,
        )  # fmt: skip

    def value(self, node: str, key: str) -> Value | None:
        """Return an input of a leaf: as the appraisers entered it, else as the unit did."""
        reentered = self.appraisal.reentered.get(node, {}) if self.appraisal else {}
        return reentered.get(key, self.submission.answers.values.get(node, {}).get(key))


def unit_result(
    campaign: Campaign, unit: Unit, case: Case | None, layout_of: LayoutOf, best: Best
) -> UnitResult:
    """Return the result of one unit; without a case, of one that sent nothing."""
    policies = campaign.settings.policies
    if case is None:
        layout = layout_of(unit)
        return UnitResult(unit, layout, None, _nothing(layout.rubric), policies)
    layout = case.layout
    figures, fallbacks = _figures(case, best)
    rubric, methods, scoring = layout.rubric, layout.methods, policies.scoring
    achieved = consolidate(rubric, methods, case.known(figures), scoring)
    if gap := _gap(case, achieved):
        figures |= gap
        asking = [rubric.by_id[node] for node in gap]
        again = consolidate_leaves(rubric, methods, case.known(figures), scoring, asking)
        achieved = add_up(rubric, {leaf.id: achieved[leaf.id] for leaf in rubric.leaves} | again)
    pending = tuple(
        leaf.id for leaf in rubric.leaves if _is_pending(leaf, achieved[leaf.id], figures, case)
    )
    return UnitResult(
        unit,
        layout,
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


def reported_result(campaign: Campaign, unit: Unit, told: Reported, layout: Layout) -> UnitResult:
    """Return what the unit above found.

    A survey row that it left open, or scored from an older year's figure, takes this campaign's figure.
    """
    policies, rubric = campaign.settings.policies, layout.rubric
    leaves, figures = dict(told.achieved), dict(told.figures)
    pending, fallbacks = list(told.pending), dict(told.fallbacks)
    for node, (inputs, figure) in _newer_figures(campaign, unit, told, layout).items():
        figures[node] = dict.fromkeys(inputs, figure.value)
        leaf, method = rubric.by_id[node], layout.methods[node]
        leaves[node] = score_leaf(leaf, method, figures[node], policies.leaf_decimals)
        if node in pending:
            pending.remove(node)
        fallbacks.pop(node, None)
        if figure.year != campaign.settings.year:
            fallbacks[node] = figure.year
    return UnitResult(
        unit,
        layout,
        add_up(rubric, told.own),
        add_up(rubric, leaves),
        policies,
        pending=tuple(pending),
        fallbacks=fallbacks,
        figures=figures,
        days_late=told.days_late,
        reported=told,
    )


def _newer_figures(
    campaign: Campaign, unit: Unit, told: Reported, layout: Layout
) -> dict[str, tuple[list[str], SurveyFigure]]:
    """Return this campaign's figures, with the inputs they are for, that the unit above had not yet."""
    found = {}
    for node in (*told.pending, *told.fallbacks):
        inputs = [i.key for i in layout.supplied.get(node, ()) if i.source is Source.SURVEY]
        if not inputs or (node in told.fallbacks and node in told.words):
            continue  # a score given by word follows from no figure
        figure = published_figure(campaign, unit, layout, node)
        if figure is not None and figure.year > told.fallbacks.get(node, 0):
            found[node] = inputs, figure
    return found


def _nothing(rubric: Rubric) -> Scores:
    return add_up(rubric, {leaf.id: Score(Decimal(0), leaf.max) for leaf in rubric.leaves})


def _is_pending(leaf: Node, score: Score, figures: Figures, case: Case) -> bool:
    if score.open is Open.ELSEWHERE:
        return True
    if score.open is not None or leaf.id in case.left_out:
        return False
    if case.appraisal and leaf.id in case.appraisal.points:
        return False
    waits = leaf.id in case.layout.supplied and leaf.id not in figures
    unappraised = case.appraisal is None or leaf.id not in case.appraisal.decisions
    return waits or (leaf.channel is Channel.APPRAISER and unappraised)


def _figures(case: Case, best: Best) -> tuple[dict[str, dict[str, Value]], dict[str, int]]:
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
            elif figure := published_figure(case.campaign, case.unit, case.layout, node):
                value = figure.value
                if figure.year != case.campaign.settings.year:
                    fallbacks[node] = figure.year
            if value is not None:
                found.setdefault(node, {})[item.key] = value
    return found, fallbacks


def _system(quantity: str, case: Case) -> Decimal | None:
    """Return what the system derives for a row; None while it is not known."""
    if quantity == Quantity.DAYS_LATE:
        return Decimal(case.late)
    if quantity == Quantity.EVIDENCE_COVERAGE:
        return evidence_coverage(case.layout, case.submission.answers, case.submission.scores)
    return None  # the gap follows from the scores


def _gap(case: Case, achieved: Scores) -> dict[str, dict[str, Value]]:
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
    own, appraised = compared_totals(case.layout, case.submission.scores, achieved, case.left_out)
    gap = abs(own - appraised)
    return {node: {Quantity.SELF_APPRAISED_GAP.value: gap} for node in asking}


def compared_totals(
    layout: Layout, own: Scores, achieved: Scores, left_out: frozenset[str]
) -> tuple[Decimal, Decimal]:
    """Return the self total and the appraised total that the gap compares."""
    rubric = layout.rubric
    appraised = {
        leaf.id: achieved[leaf.id]
        if computed_on_card(leaf, layout.methods[leaf.id]) and leaf.id not in left_out
        else Score(None, ZERO, Open.ELSEWHERE)
        for leaf in rubric.leaves
    }
    return totals(rubric, own).points, totals(rubric, add_up(rubric, appraised)).points


def published_figure(
    campaign: Campaign, unit: Unit, layout: Layout, node: str
) -> SurveyFigure | None:
    """Return the newest published figure that the method admits: this year's, else within its fallback."""
    method, year = layout.methods[node], campaign.settings.year
    oldest = year - (method.fallback if isinstance(method, Index) else 0)
    published = campaign.survey_values.get((unit.code, node), ())
    return next((f for f in published if oldest <= f.year <= year), None)


def best_values(cases: Iterable[Case]) -> Best:
    """Return the best values of the rows that compare units with each other.

    A figure that was left standing on a row that does not apply measures nobody.
    """
    best: dict[tuple[str, str], Decimal] = {}
    for case in cases:
        for node, inputs in case.layout.supplied.items():
            value = case.value(node, "value")
            compared = any(item.source is Source.PEERS for item in inputs)
            if compared and isinstance(value, Decimal) and node not in case.left_out:
                key = (case.unit.tier, node)
                best[key] = max(best.get(key, value), value)
    return best
