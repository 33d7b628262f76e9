"""Points and applicable maxima: of one card, and of one unit when everything is consolidated.

A leaf's ratio is exact until it is quantised once, half up, to the campaign's `leaf_decimals`; from
there on sums are exact decimals. A leaf that does not apply leaves the denominator; a leaf still open
stays in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from xlscore.answers import Answers
from xlscore.form import card_inputs, computed_on_card
from xlscore.methods.base import Method, UndefinedScoreError, Value, Values
from xlscore.numbers import quantise
from xlscore.rubric import Channel, Combine, Node, Rubric

ZERO = Decimal(0)
MethodsByLeaf = Mapping[str, Method]


class Open(StrEnum):
    """Why a leaf has no score.

    `missing`: the unit has not entered it; `undefined`: its figures have no score; `not-applicable`;
    `elsewhere`: survey, appraiser, derived or peer rows, not known here or not yet.
    """

    MISSING = "missing"
    UNDEFINED = "undefined"
    NOT_APPLICABLE = "not-applicable"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one node.

    Attributes:
        points: exact points, or None while open.
        applicable: points that could be reached; 0 where nothing applies or nothing is known.
        open: why there are no points.
    """

    points: Decimal | None
    applicable: Decimal
    open: Open | None = None


Scores = Mapping[str, Score]
"""Scores by node id, groups included."""


class NotApplicablePolicy(StrEnum):
    """What a row that does not apply counts: it leaves the denominator, or it is full, or nothing."""

    LEAVE_OUT = "leave_out"
    FULL_POINTS = "full_points"
    ZERO = "zero"


def score_leaf(leaf: Node, method: Method, values: Values, decimals: int) -> Score:
    """Score one leaf from its inputs; missing required inputs leave it open."""
    required = (item.key for item in method.inputs(leaf.max) if item.required)
    if any(key not in values for key in required):
        return Score(None, leaf.max, Open.MISSING)
    try:
        outcome = method.evaluate(values, leaf.max)
    except UndefinedScoreError:
        return Score(None, leaf.max, Open.UNDEFINED)
    applicable = quantise(outcome.applicable, decimals)
    if applicable == 0:
        return Score(None, ZERO, Open.NOT_APPLICABLE)
    return Score(quantise(outcome.score, decimals), applicable)


def not_applicable_leaves(rubric: Rubric, answered: Iterable[str]) -> frozenset[str]:
    """Return the leaves at or below the nodes that were answered "Không áp dụng"."""
    return frozenset(
        leaf.id
        for node_id in answered
        if node_id in rubric.by_id
        for leaf in rubric.by_id[node_id].leaves()
    )


def score_card(
    rubric: Rubric, methods: MethodsByLeaf, answers: Answers, decimals: int = 12
) -> Scores:
    """Score a scorecard as its own formulas do: rows computed elsewhere are left out."""
    left_out = not_applicable_leaves(rubric, answers.not_applicable)
    leaves: dict[str, Score] = {}
    for leaf in rubric.leaves:
        method = methods[leaf.id]
        if not computed_on_card(leaf, method):
            leaves[leaf.id] = Score(None, ZERO, Open.ELSEWHERE)
        elif leaf.id in left_out:
            leaves[leaf.id] = Score(None, ZERO, Open.NOT_APPLICABLE)
        else:
            leaves[leaf.id] = score_leaf(leaf, method, answers.values.get(leaf.id, {}), decimals)
    return add_up(rubric, leaves)


def add_up(rubric: Rubric, leaves: Scores) -> Scores:
    """Return the scores of all nodes from those of the leaves."""
    scores = dict(leaves)
    for node in rubric.nodes:
        _add_up(node, scores)
    return scores


def _add_up(node: Node, scores: dict[str, Score]) -> Score:
    if node.is_leaf:
        return scores[node.id]
    parts = [_add_up(child, scores) for child in node.nodes]
    points = [part.points for part in parts if part.points is not None]
    applicable = _combine(node, [part.applicable for part in parts])
    if not points:
        open_ = Open.NOT_APPLICABLE if applicable == 0 else Open.MISSING
        scores[node.id] = Score(None, applicable, open_)
    else:
        scores[node.id] = Score(_combine(node, points), applicable)
    return scores[node.id]


def _combine(node: Node, values: list[Decimal]) -> Decimal:
    value = sum(values, ZERO) if node.combine is Combine.SUM else max(values)
    return min(value, node.max) if node.is_extra else value


@dataclass(frozen=True, slots=True)
class Totals:
    """The foot of a card: points, applicable maximum, bonus and penalty, index in percent (0–100)."""

    points: Decimal
    applicable: Decimal
    bonus: Decimal = ZERO
    penalty: Decimal = ZERO

    @property
    def achieved(self) -> Decimal:
        """Points with bonus added and penalty taken off, never below 0."""
        return max(self.points + self.bonus - self.penalty, ZERO)


def totals(rubric: Rubric, scores: Scores) -> Totals:
    """Return the totals over the domains; bonus and penalty stand apart."""
    return Totals(
        _sum(scores[node.id].points for node in rubric.domains),
        _sum(scores[node.id].applicable for node in rubric.domains),
        _sum(scores[n.id].points for n in rubric.nodes if n.channel is Channel.BONUS),
        _sum(scores[n.id].points for n in rubric.nodes if n.channel is Channel.PENALTY),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), ZERO)


class Unappraised(StrEnum):
    """What a row without an appraised score achieves: the self score, or nothing."""

    SELF = "self"
    ZERO = "zero"


class Pending(StrEnum):
    """What a row still unknown (survey not out, no appraisal yet) does to the index.

    `leave_out`: it leaves the denominator and the ranking is provisional; `zero`: it counts 0.
    """

    LEAVE_OUT = "leave_out"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class ScoringPolicy:
    """The campaign's settings that scoring follows."""

    leaf_decimals: int = 12
    not_applicable: NotApplicablePolicy = NotApplicablePolicy.LEAVE_OUT
    unappraised: Unappraised = Unappraised.SELF
    pending: Pending = Pending.LEAVE_OUT


@dataclass(frozen=True, slots=True)
class Known:
    """Everything known about one unit, from which its achieved scores follow.

    Attributes:
        answers: the unit's own, or None when nothing valid was returned.
        figures: inputs that others supply (survey, system, peers) by leaf id and input key.
        appraised: points given by appraisers by leaf id, the last word of each row.
        reentered: figures that appraisers entered in place of the unit's, by leaf id and input key.
        confirmed: leaves whose self score, or “Không áp dụng”, the appraisers accept.
        refused: leaves whose “Không áp dụng” they refuse.
        appraisal_done: whether appraisal has taken place at all; before it every self score stands.
        excluded: leaves that do not apply by the council's word, whatever the unit says later.
    """

    answers: Answers | None = None
    figures: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    appraised: Mapping[str, Decimal] = field(default_factory=dict)
    reentered: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    appraisal_done: bool = False
    excluded: frozenset[str] = frozenset()

    def counts_nothing(self, node: str, policy: ScoringPolicy) -> bool:
        """Whether a row that the unit answers is 0 because nobody has appraised it."""
        decided = node in self.confirmed or node in self.reentered
        return self.appraisal_done and policy.unappraised is Unappraised.ZERO and not decided


def consolidate(
    rubric: Rubric, methods: MethodsByLeaf, known: Known, policy: ScoringPolicy
) -> Scores:
    """Return the achieved scores (điểm đạt được) of one unit for all nodes.

    Precedence per leaf: the appraised score, then the self score (or zero, as the policy says).
    """
    return add_up(rubric, consolidate_leaves(rubric, methods, known, policy, rubric.leaves))


def consolidate_leaves(
    rubric: Rubric,
    methods: MethodsByLeaf,
    known: Known,
    policy: ScoringPolicy,
    wanted: Iterable[Node],
) -> dict[str, Score]:
    """Return the achieved scores of some leaves alone: no leaf's score depends on another's."""
    answers = known.answers or Answers()
    left_out = not_applicable_leaves(rubric, answers.not_applicable) - known.refused
    left_out |= known.excluded
    return {
        leaf.id: _achieved(leaf, methods[leaf.id], known, answers, policy)
        if leaf.id not in left_out or leaf.id in known.appraised
        else _left_out(leaf, known, policy)
        for leaf in wanted
    }


def _left_out(leaf: Node, known: Known, policy: ScoringPolicy) -> Score:
    if known.counts_nothing(leaf.id, policy) and not leaf.is_extra:
        return Score(ZERO, leaf.max)  # no unit takes rows out of its own denominator
    return not_applicable_score(leaf, policy)


def not_applicable_score(leaf: Node, policy: ScoringPolicy) -> Score:
    """Return what a leaf counts that does not apply, as the policy says."""
    # Full points are for the scale: an extra that does not apply neither adds nor takes off.
    if leaf.is_extra or policy.not_applicable is NotApplicablePolicy.LEAVE_OUT:
        return Score(None, ZERO, Open.NOT_APPLICABLE)
    full = policy.not_applicable is NotApplicablePolicy.FULL_POINTS
    return Score(leaf.max if full else ZERO, leaf.max)


def _achieved(
    leaf: Node, method: Method, known: Known, answers: Answers, policy: ScoringPolicy
) -> Score:
    if leaf.id in known.appraised:
        return Score(quantise(known.appraised[leaf.id], policy.leaf_decimals), leaf.max)
    if leaf.channel is Channel.APPRAISER and leaf.id not in known.reentered:
        return _pending(leaf, policy)
    values = {
        **answers.values.get(leaf.id, {}),
        **known.reentered.get(leaf.id, {}),
        **known.figures.get(leaf.id, {}),
    }
    score = score_leaf(leaf, method, values, policy.leaf_decimals)
    if score.open is Open.NOT_APPLICABLE:
        return _left_out(leaf, known, policy)
    from_unit = bool(card_inputs(leaf, method))
    if score.points is None and not from_unit:
        return _pending(leaf, policy)
    # What a unit admits against itself stands, whether anybody has looked at it or not.
    admitted = leaf.channel is Channel.PENALTY
    if from_unit and not admitted and known.counts_nothing(leaf.id, policy):
        return Score(ZERO, score.applicable)
    return Score(score.points or ZERO, score.applicable) if not leaf.is_extra else score


def _pending(leaf: Node, policy: ScoringPolicy) -> Score:
    if policy.pending is Pending.ZERO:
        return Score(ZERO, leaf.max)
    return Score(None, ZERO, Open.ELSEWHERE)
