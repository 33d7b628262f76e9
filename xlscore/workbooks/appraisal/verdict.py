"""What an appraiser's entries on one row mean: a word on the row, or why there is none.

No ledger and no file: the row as it was issued, what was typed, the rubric of today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xlscore.appraising import Decision
from xlscore.findings import Finding, Severity, finding
from xlscore.layout import NOT_APPLICABLE
from xlscore.methods.base import ComputedAt, Method, Value
from xlscore.methods.base import vi_number as spelt
from xlscore.numbers import plain, quantise
from xlscore.rubric import Channel, Node
from xlscore.scoring import Open, Score, score_leaf
from xlscore.workbooks.appraisal.model import ACCEPT, ADJUST, LEFT_OUT, QUERY, Facts, figures_of

_SHOWN_DECIMALS = 4
"""Scores are printed with so many: who types what is printed means the score itself."""


@dataclass(frozen=True)
class Typed:
    """What stands in the input cells of one row; `figures` are those entered anew, by input key."""

    choice: str = ""
    points: Decimal | None = None
    figures: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""

    @property
    def answered(self) -> bool:
        """Whether anything but a reason is there."""
        return bool(self.choice) or self.points is not None or bool(self.figures)

    @property
    def blank(self) -> bool:
        """Whether nothing is there."""
        return not self.answered and not self.reason


@dataclass(frozen=True)
class Verdict:
    """The word on a row: what a claim takes over; `found` are (problem, column of its cell)."""

    decision: Decision | None = None
    points: Decimal | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    found: tuple[tuple[Finding, str], ...] = ()


@dataclass(frozen=True)
class Issued:
    """A row as it was issued, and its leaf as the rubric has it today.

    Attributes:
        declared: the unit's figures, by input key.
        decimals: the campaign's `leaf_decimals`.
    """

    leaf: Node
    method: Method
    facts: Facts
    declared: Mapping[str, Value]
    decimals: int

    @property
    def left_out(self) -> bool:
        """Whether the unit says that the row does not apply."""
        return self.facts.standing == LEFT_OUT

    @property
    def shown(self) -> str:
        """What the unit gave, for messages."""
        if self.left_out:
            return NOT_APPLICABLE
        if self.facts.self_score is not None:
            return spelt(self.facts.self_score)
        return in_words(self.declared) or "–"

    def same(self, points: Decimal) -> bool:
        """Whether a typed score is the self score, as it is printed."""
        own = self.facts.self_score
        if own is None or self.left_out:
            return False
        return points in (own, quantise(own, _SHOWN_DECIMALS))


def in_words(values: Mapping[str, Value]) -> str:
    """Return figures in words."""
    return "; ".join(v if isinstance(v, str) else spelt(v) for v in values.values())


def verdict(issued: Issued, typed: Typed) -> Verdict:
    """Return what was decided on a row, or what is wrong with it.

    A score without a choice is an adjustment, an adjustment to what the unit gave an acceptance, a
    figure that is not entered anew stays as declared.
    """
    if not typed.answered:
        return _unanswered(typed)
    if typed.choice == QUERY:
        return _query(typed)
    changed = {k: v for k, v in typed.figures.items() if issued.declared.get(k) != v}
    if typed.choice == ACCEPT:
        return _accept(issued, typed, changed)
    if typed.choice == ADJUST and typed.points is None and not typed.figures:
        return _wrong("adjusted-to-nothing", "score")
    return _adjust(issued, typed, changed)


def _wrong(name: str, column: str, entered: str = "", **params: str) -> Verdict:
    return Verdict(found=((finding(name, entered=entered, params=params), column),))


def _unanswered(typed: Typed) -> Verdict:
    return _wrong("reason-alone", "choice", typed.reason) if typed.reason else Verdict()


def _query(typed: Typed) -> Verdict:
    if typed.points is not None or typed.figures:
        return _wrong("query-decided", "choice", _entered(typed, typed.figures))
    if not typed.reason:
        return _wrong("query-unasked", "reason")
    return Verdict(Decision.QUERY)


def _accept(issued: Issued, typed: Typed, changed: Mapping[str, Value]) -> Verdict:
    if issued.leaf.channel is Channel.APPRAISER and not issued.left_out:
        if typed.points is None and not typed.figures:
            return _wrong("nothing-to-accept", "score")
        return _adjust(issued, typed, changed)
    if changed or (typed.points is not None and not issued.same(typed.points)):
        entered = _entered(typed, changed)
        return _wrong("accepted-otherwise", "choice", entered, self_score=issued.shown)
    return Verdict(Decision.ACCEPT)


def _adjust(issued: Issued, typed: Typed, changed: Mapping[str, Value]) -> Verdict:
    points = typed.points
    values: dict[str, Value] = {**issued.declared, **typed.figures} if changed else {}
    computed: Decimal | None = None
    if values:
        wrong = tuple(_wrong_figures(issued, values))
        if any(f.severity is Severity.ERROR for f, _ in wrong):
            return Verdict(found=wrong)
        score = _score(issued, values)
        computed = score.points if score else None
        if score and score.open is Open.UNDEFINED:
            return _wrong("figures-without-score", "figure")
        if computed is not None and points is not None:
            if not _agree(points, computed):
                return _wrong(
                    "score-against-figures", "score", plain(points), computed=plain(computed)
                )
            points = None
    elif points is None or issued.same(points):
        return Verdict(Decision.ACCEPT)
    if not typed.reason and _differs(issued, points, computed):
        entered = _entered(typed, changed)
        return _wrong("adjustment-unexplained", "reason", entered, self_score=issued.shown)
    return Verdict(Decision.ADJUST, points, values)


def _agree(points: Decimal, computed: Decimal) -> bool:
    """Whether a typed score is the computed one, rounded to the decimals that were typed."""
    exponent = points.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return points == computed or (decimals >= 2 and quantise(computed, decimals) == points)  # noqa: PLR2004  scores are told to two decimals at least


def _differs(issued: Issued, points: Decimal | None, computed: Decimal | None) -> bool:
    """Whether the row ends with something else than the unit gave it, so that a reason is owed."""
    if issued.leaf.channel is Channel.APPRAISER and not issued.left_out:
        return False
    result = computed if points is None else points
    return result is None or not issued.same(result)


def _wrong_figures(issued: Issued, values: Mapping[str, Value]) -> Iterator[tuple[Finding, str]]:
    figures = figures_of(issued.leaf, issued.method)
    missing = [
        item.label or item.key for item in figures if item.required and item.key not in values
    ]
    if missing:
        yield finding("figures-incomplete", params={"missing": "; ".join(missing)}), "figure"
        return
    for problem in issued.method.contradictions(values, issued.leaf.max):
        params = dict(problem.params or {})
        yield finding(problem.name, entered=problem.entered, params=params), "figure"


def _score(issued: Issued, values: Mapping[str, Value]) -> Score | None:
    if issued.method.computed_at is ComputedAt.CONSOLIDATION:
        return None
    return score_leaf(issued.leaf, issued.method, values, issued.decimals)


def _entered(typed: Typed, figures: Mapping[str, Value]) -> str:
    said = [in_words(figures)] if figures else []
    said += [] if typed.points is None else [spelt(typed.points)]
    return "; ".join(said)
