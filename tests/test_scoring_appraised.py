"""Achieved scores after appraisal, compared with a computation of their own, under every policy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.appraised import ADJUST, QUERY, card, results, word
from tests.small_campaign import DEADLINE, METHODS, Returned, group, leaf, points, rubric
from xlscore.answers import Answers
from xlscore.appraising import Claim
from xlscore.campaign import SurveyFigure
from xlscore.form import scorecard_layout
from xlscore.methods.base import Value
from xlscore.ranking import UnitResult
from xlscore.scoring import (
    Known,
    NotApplicablePolicy,
    Pending,
    Score,
    ScoringPolicy,
    Unappraised,
    consolidate,
    totals,
)

SHARE = {
    "kind": "proportional",
    "numerator": "Đạt",
    "denominator": "Tất cả",
    "if_zero": "not-applicable",
}
WHOLE = rubric(
    [
        group(
            "d1",
            "10",
            [leaf("a", "4"), leaf("b", "6", method=SHARE, may_be_not_applicable="không")],
        ),
        group(
            "d2",
            "8",
            [leaf("s", "3", method={"kind": "survey"}, channel="survey"), leaf("e", "5")],
            may_be_not_applicable="không được giao",
        ),
        group("d3", "2", [leaf("x", "2"), leaf("y", "1")], combine="best"),
        leaf("c", "3", channel="appraiser"),
        group(
            "plus",
            "2",
            [leaf("p1", "2", channel="bonus"), leaf("p2", "1", channel="bonus")],
            channel="bonus",
        ),
        leaf("minus", "2", channel="penalty"),
    ]
)
LAYOUT = scorecard_layout(WHOLE.for_unit({}), METHODS)
MAXIMA = {node.id: node.max for node in WHOLE.leaves}
TYPED = ("a", "e", "x", "y", "p1", "p2", "minus")
POLICIES = [
    ScoringPolicy(12, *chosen) for chosen in product(NotApplicablePolicy, Unappraised, Pending)
]
Exact = tuple[Fraction | None, Fraction]


# --- the same, computed on its own ----------------------------------------------------------------


def expected(node: str, known: Known, policy: ScoringPolicy) -> Exact:
    """Return points and applicable maximum of a leaf as the decision's words have it."""
    assert known.answers is not None
    maximum, extra = Fraction(MAXIMA[node]), node in {"p1", "p2", "minus"}
    waived = {"b": {"b"}, "d2": {"s", "e"}}
    left_out = {leaf_ for n in known.answers.not_applicable for leaf_ in waived[n]} - known.refused
    looked_at = node in known.confirmed or node in known.reentered
    nothing = known.appraisal_done and policy.unappraised is Unappraised.ZERO and not looked_at
    no_points = {
        NotApplicablePolicy.LEAVE_OUT: (None, Fraction(0)),
        NotApplicablePolicy.FULL_POINTS: (maximum, maximum),
        NotApplicablePolicy.ZERO: (Fraction(0), maximum),
    }[policy.not_applicable]
    waiting = (Fraction(0), maximum) if policy.pending is Pending.ZERO else (None, Fraction(0))
    if node in known.appraised:
        return Fraction(known.appraised[node]), maximum
    if node in left_out:
        return (Fraction(0), maximum) if nothing else no_points
    if node == "c":
        return waiting
    given_: dict[str, Any] = {**known.answers.values.get(node, {}), **known.reentered.get(node, {})}
    if node == "s":
        figure = known.figures.get("s", {}).get("value")
        return waiting if figure is None else (Fraction(figure) * 3 / 100, maximum)
    if node == "b" and {"numerator", "denominator"} <= given_.keys() and not given_["denominator"]:
        return (Fraction(0), maximum) if nothing else no_points
    if nothing and node != "minus":
        return Fraction(0), maximum
    if node == "b":
        blank = not {"numerator", "denominator"} <= given_.keys()
        reached = (
            0 if blank else Fraction(given_["numerator"]) / Fraction(given_["denominator"]) * 6
        )
        return Fraction(reached), maximum
    if "points" not in given_:
        return (None if extra else Fraction(0)), maximum
    return Fraction(given_["points"]), maximum


def expected_totals(rows: dict[str, Exact]) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Return points, applicable maximum, bonus and penalty."""

    def reached(*nodes: str) -> list[Fraction]:
        return [found for node in nodes if (found := rows[node][0]) is not None]

    plain = ("a", "b", "s", "e", "c")
    return (
        sum(reached(*plain), Fraction(0)) + max(reached("x", "y"), default=Fraction(0)),
        sum((rows[node][1] for node in plain), Fraction(0)) + max(rows["x"][1], rows["y"][1]),
        min(sum(reached("p1", "p2"), Fraction(0)), Fraction(2)),
        sum(reached("minus"), Fraction(0)),
    )


# --- every case against it ------------------------------------------------------------------------


def amounts(node: str) -> st.SearchStrategy[Decimal]:
    return st.integers(0, int(MAXIMA[node] * 4)).map(lambda quarters: Decimal(quarters) / 4)


def some(nodes: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(nodes))


@st.composite
def known_units(draw: st.DrawFn) -> Known:
    """Return everything known of one unit: what it gave, what appraisers and surveys said."""
    values: dict[str, dict[str, Value]] = {
        node: {"points": draw(amounts(node))} for node in draw(some(TYPED))
    }
    count = st.sampled_from([0, 0, 3, 4]).map(Decimal)
    if draw(st.booleans()):
        of = draw(count)
        values["b"] = {"numerator": min(draw(count), of), "denominator": of}
    left_out = draw(some(("b", "d2")))
    below = {"b": {"b"}, "d2": {"s", "e"}}
    leaves = {node for one in left_out for node in below[one]}
    decided = draw(some((*TYPED, "b", "c", *sorted(leaves & {"s"}))))
    appraised = {n: draw(amounts(n)) for n in decided if n == "c" or draw(st.booleans())}
    rest = decided - appraised.keys()
    reentered: dict[str, dict[str, Value]] = {}
    if "b" in rest and draw(st.booleans()):
        reentered["b"] = {"numerator": Decimal(1), "denominator": draw(count)}
    changed = appraised.keys() | reentered.keys()
    figures = {"s": {"value": Decimal(draw(st.integers(0, 100)))}} if draw(st.booleans()) else {}
    return Known(
        Answers(values, left_out),
        figures,
        appraised,
        reentered,
        frozenset(rest - changed),
        frozenset(changed & leaves),
        appraisal_done=bool(decided) or draw(st.booleans()),
    )


@given(known_units(), st.sampled_from(POLICIES))
@settings(max_examples=600, deadline=None)
def test_every_row_and_total_is_what_a_computation_of_its_own_gives(
    known: Known, policy: ScoringPolicy
) -> None:
    scores = consolidate(LAYOUT.rubric, LAYOUT.methods, known, policy)
    rows = {node: expected(node, known, policy) for node in MAXIMA}
    assert {node: exact(scores[node]) for node in MAXIMA} == rows
    made = totals(LAYOUT.rubric, scores)
    told = [made.points, made.applicable, made.bonus, made.penalty]
    assert [Fraction(number) for number in told] == list(expected_totals(rows))


def exact(score: Score) -> Exact:
    return None if score.points is None else Fraction(score.points), Fraction(score.applicable)


EVERYTHING = Known(
    Answers({**points(a="3", x="1", minus="1"), "b": {"numerator": Decimal(1), "denominator": Decimal(3)}},
            frozenset({"d2"})),
    appraisal_done=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "row", "self_", "zero"),
    [
        ({}, "a", ("3", 4), ("0", 4)),
        ({"confirmed": {"a"}}, "a", ("3", 4), ("3", 4)),
        ({"appraised": {"a": Decimal(1)}}, "a", ("1", 4), ("1", 4)),
        ({"confirmed": {"b"}}, "b", ("2", 6), ("2", 6)),
        ({"reentered": {"b": {"numerator": Decimal(2)}}}, "b", ("4", 6), ("4", 6)),
        ({}, "e", (None, 0), ("0", 5)),
        ({"confirmed": {"e", "s"}}, "e", (None, 0), (None, 0)),
        ({"refused": {"e"}, "appraised": {"e": Decimal(2)}}, "e", ("2", 5), ("2", 5)),
        ({"refused": {"e"}, "reentered": {"e": {"points": Decimal(4)}}}, "e", ("4", 5), ("4", 5)),
        ({}, "minus", ("1", 2), ("1", 2)),
        ({"appraised": {"minus": Decimal(2)}}, "minus", ("2", 2), ("2", 2)),
    ],
)
def test_what_an_appraisers_word_makes_of_a_row(
    said: dict[str, Any], row: str, self_: tuple[str | None, int], zero: tuple[str | None, int]
) -> None:
    frozen: dict[str, Any] = {k: frozenset(v) if isinstance(v, set) else v for k, v in said.items()}
    known = replace(EVERYTHING, **frozen)
    for policy, (reached, applicable) in ((Unappraised.SELF, self_), (Unappraised.ZERO, zero)):
        chosen = ScoringPolicy(unappraised=policy)
        score = consolidate(LAYOUT.rubric, LAYOUT.methods, known, chosen)[row]
        assert score.points == (None if reached is None else Decimal(reached))
        assert score.applicable == applicable


def test_before_appraisal_every_self_score_stands_whatever_the_policy() -> None:
    known = replace(EVERYTHING, appraisal_done=False)
    made = [
        consolidate(LAYOUT.rubric, LAYOUT.methods, known, ScoringPolicy(unappraised=policy))
        for policy in Unappraised
    ]
    assert made[0] == made[1]


# --- what follows from all of it: the index and the derived rows -----------------------------------

GAP = {"kind": "derived", "quantity": "self_appraised_gap",
       "bands": [{"at_most": "1", "points": "2"}, {"at_most": "3", "points": "1"}], "else": "0"}  # fmt: skip
GAPPED = rubric(
    [
        group("d1", "8", [leaf("a", "5"), leaf("b", "3", may_be_not_applicable="không")]),
        group("d2", "3", [leaf("x", "3"), leaf("y", "2")], combine="best"),
        leaf("gap", "2", method=GAP, channel="derived"),
        leaf("s", "4", method={"kind": "survey"}, channel="survey"),
        leaf("plus", "2", channel="bonus"),
    ]
)
GAVE = points(a="5", b="3", x="3", y="2", plus="2")
ALL = ("a", "b", "x", "y", "plus")


def one(claims: list[Claim], sent: Returned | None = None, **more: Any) -> UnitResult:
    """Return unit U's result."""
    made = results(more.pop("whole", GAPPED), {"U": sent or Returned(GAVE)}, {"U": claims}, **more)
    (row,) = made.rows
    return row.result


def accepted(*nodes: str) -> list[Claim]:
    return [word(node) for node in nodes]


def test_the_gap_is_unknown_until_nothing_is_open() -> None:
    for claims in ([], accepted("a", "b", "x", "y"), [*accepted(*ALL), word("a", QUERY, round=2)]):
        result = one(claims)
        assert "gap" in result.pending
        assert "gap" not in result.figures
        assert result.achieved["gap"].applicable == 0


@pytest.mark.parametrize(
    ("changed", "gap", "reached"),
    [
        ({}, "0", 2),
        ({"a": "4"}, "1", 2),
        ({"a": "4", "b": "2"}, "2", 1),
        ({"a": "1"}, "4", 0),
        ({"y": "0"}, "0", 2),  # another case of the group gives the same points
        ({"x": "0"}, "1", 2),
        ({"plus": "0"}, "0", 2),  # extra points are no part of either total
    ],
)
def test_the_gap_is_that_between_the_totals(
    changed: dict[str, str], gap: str, reached: int
) -> None:
    said = [word(node, ADJUST, score) for node, score in changed.items()]
    result = one([*accepted(*(node for node in ALL if node not in changed)), *said])
    assert result.figures["gap"] == {"self_appraised_gap": Decimal(gap)}
    assert result.achieved["gap"].points == reached
    assert "gap" not in result.pending


@pytest.mark.parametrize("policy", list(NotApplicablePolicy))
def test_a_row_that_both_say_does_not_apply_makes_no_gap(policy: NotApplicablePolicy) -> None:
    sent = Returned(points(a="5", x="3", y="2", plus="2"), frozenset({"b"}))
    result = one(accepted(*ALL), sent, policies={"not_applicable": policy.value})
    assert result.figures["gap"] == {"self_appraised_gap": Decimal(0)}
    refused = one([*accepted("a", "x", "y", "plus"), word("b", ADJUST, "1")], sent)
    assert refused.figures["gap"] == {"self_appraised_gap": Decimal(1)}


def test_a_newer_version_of_the_unit_makes_the_gap_unknown_again() -> None:
    newer = card(GAPPED, Answers(GAVE | points(a="4")))
    before = card(GAPPED, Answers(GAVE))
    said = [before.claim("a"), *accepted("b", "x", "y", "plus")]
    assert "gap" in one(said, Returned(newer.answers.values)).pending
    assert "gap" not in one(said).pending


def test_peers_are_compared_by_the_figures_that_appraisers_entered() -> None:
    whole = rubric([leaf("a", "4", method={"kind": "peer", "label": "Số dịch vụ"}), leaf("b", "1")])
    sent = {code: Returned({"a": {"value": Decimal(n)}, **points(b="1")})
            for code, n in (("P", 10), ("Q", 5))}  # fmt: skip
    says = {"P": [word("a", ADJUST, values={"value": Decimal(4)})]}
    reached = {
        claims: {
            row.result.unit.code: row.result.achieved["a"].points
            for row in results(whole, sent, says if claims else {}).rows
        }
        for claims in (False, True)
    }
    assert reached[False] == {"P": 4, "Q": 2}
    assert reached[True] == {"P": Decimal("3.2"), "Q": 4}


def test_a_figure_left_standing_on_a_row_that_does_not_apply_measures_nobody() -> None:
    peer = leaf("a", "4", method={"kind": "peer", "label": "Số dịch vụ"},
                may_be_not_applicable="không phát sinh")  # fmt: skip
    whole = rubric([peer, leaf("b", "1")])
    sent = {code: Returned({"a": {"value": Decimal(n)}, **points(b="1")}, frozenset(out))
            for code, n, out in (("P", 100, {"a"}), ("Q", 5, ()))}  # fmt: skip

    def of_q(*words: Claim) -> Decimal | None:
        rows = results(whole, sent, {"P": words}).rows
        return next(row.result.achieved["a"].points for row in rows if row.result.unit.code == "Q")

    assert of_q() == of_q(word("a")) == 4
    refused = word("a", ADJUST, values={"value": Decimal(100)})
    assert of_q(refused) == Decimal("0.2")
    assert of_q(refused, word("a", council=True)) == 4


@pytest.mark.parametrize(("late", "days", "reached"), [(0, 0, 1), (3600, 1, 0), (86_401, 2, 0)])
def test_days_late_follow_from_the_deadline_and_stand_with_their_figure(
    late: int, days: int, reached: int
) -> None:
    method = {"kind": "derived", "quantity": "days_late",
              "bands": [{"at_most": "0", "points": "1"}], "else": "0"}  # fmt: skip
    whole = rubric([leaf("a", "4"), leaf("late", "1", method=method, channel="derived")])
    sent = Returned(points(a="3"), received=DEADLINE + timedelta(seconds=late))
    result = one([], sent, whole=whole)
    assert (result.days_late, result.figures["late"]) == (days, {"days_late": Decimal(days)})
    assert result.achieved["late"].points == reached


def test_the_coverage_of_evidence_stands_with_its_figure() -> None:
    method = {"kind": "derived", "quantity": "evidence_coverage",
              "bands": [{"at_least": "100", "points": "1"}], "else": "0.5"}  # fmt: skip
    rows = [leaf(node, "2", evidence="Văn bản") for node in ("a", "b")]
    whole = rubric([*rows, leaf("all", "1", method=method, channel="derived")])
    sent = Returned(points(a="1", b="1"), evidence={"a": "12/KH"})
    result = one(accepted("a", "b"), sent, whole=whole)
    assert result.figures["all"] == {"evidence_coverage": Decimal(50)}
    assert result.achieved["all"].points == Decimal("0.5")


# --- what is still open ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """What was said by a moment, and whether results are provisional then."""

    claims: list[Claim]
    survey: bool
    provisional: bool


@pytest.mark.parametrize(
    "moment",
    [
        Moment([], survey=True, provisional=True),  # the gap is not known
        Moment(accepted("a"), survey=True, provisional=True),
        Moment(accepted(*ALL), survey=False, provisional=True),
        Moment([*accepted(*ALL), word("a", QUERY, round=2)], survey=True, provisional=True),
        Moment(accepted(*ALL), survey=True, provisional=False),
    ],
)
def test_results_are_provisional_while_anything_is_open(moment: Moment) -> None:
    surveys = [SurveyFigure("U", "s", Decimal(50), 2026)] if moment.survey else []
    made = results(GAPPED, {"U": Returned(GAVE)}, {"U": moment.claims}, surveys=surveys)
    assert bool(made.provisional) is moment.provisional


@pytest.mark.parametrize("policy", ["leave_out", "full_points", "zero"])
def test_a_survey_row_that_does_not_apply_is_not_waited_for(policy: str) -> None:
    parts = [leaf("s", "3", method={"kind": "survey"}, channel="survey"), leaf("e", "5")]
    whole = rubric([leaf("a", "2"), group("d", "8", parts, may_be_not_applicable="không có")])
    sent = Returned(points(a="1"), frozenset({"d"}))
    policies = {"not_applicable": policy, "pending": "zero"}
    for claims in ([], accepted("a", "s", "e")):
        assert one(claims, sent, whole=whole, policies=policies).pending == ()


def test_a_row_that_only_appraisers_fill_is_pending_until_they_do() -> None:
    whole = rubric([leaf("a", "2"), leaf("c", "3", channel="appraiser")])
    sent = Returned(points(a="1"))
    for claims in ([], [word("c", rest=True)], [word("c", QUERY)]):
        assert one(claims, sent, whole=whole).pending == ("c",)
    result = one([word("a", rest=True), word("c", ADJUST, "2")], sent, whole=whole)
    assert (result.pending, result.index) == ((), Fraction(60))
    assert result.appraised == {"a": Decimal(1), "c": Decimal(2)}


def test_a_unit_does_not_win_its_own_scores_back_by_changing_every_row() -> None:
    whole = rubric([leaf("a", "4"), leaf("b", "4")])
    before = card(whole, Answers(points(a="4", b="4")))
    said = [before.claim("a", ADJUST, "1"), before.claim("b", ADJUST, "1")]
    newer = Returned(points(a="3", b="3"))
    for policy, index in (("zero", 0), ("self", 75)):
        result = one(said, newer, whole=whole, policies={"unappraised": policy})
        assert result.index == index
