"""Index, ranks, bands: published results, exact thresholds, ties, units that are missing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.small_campaign import (
    DEADLINE,
    Returned,
    group,
    leaf,
    points,
    random_results,
    ranked,
    rubric,
)
from xlscore.campaign import SurveyFigure, Unit
from xlscore.numbers import quantise
from xlscore.ranking import Results, assign_ranks, days_late
from xlscore.settings import Ties

ONE = rubric([leaf("a", "100")])
TWO = rubric([group("d1", "10", [leaf("a", "6"), leaf("b", "4")]), leaf("d2", "10")])


def of(*scores: str, **more: object) -> Results:
    returned = {f"u{i}": Returned(points(a=score)) for i, score in enumerate(scores)}
    return ranked(ONE, returned, **more)  # type: ignore[arg-type]


def places(results: Results) -> list[tuple[str, int | None]]:
    return [(row.result.unit.code, row.rank) for row in results.groups[0].rows]


@pytest.mark.parametrize(
    ("maximum", "achieved", "published"),
    [("84", "68.32", "81.33"), ("70", "62.62", "89.46"), ("100", "85.57", "85.57")],
)
def test_published_results_follow_from_each_units_own_maximum(
    maximum: str, achieved: str, published: str
) -> None:
    left = Decimal(100) - Decimal(maximum)
    whole = rubric([leaf("a", maximum), leaf("b", str(left + 1), may_be_not_applicable="không có")])
    sent = Returned(points(a=achieved), frozenset({"b"}))
    (row,) = ranked(whole, {"u": sent}).groups[0].rows
    assert row.result.totals.applicable == Decimal(maximum)
    assert row.result.index == Fraction(achieved) / Fraction(maximum) * 100
    assert quantise(row.result.index, 2) == Decimal(published)


def test_a_row_that_does_not_apply_to_the_unit_leaves_its_denominator() -> None:
    whole = rubric([leaf("a", "6"), leaf("b", "4", applies_when={"kind": "phường"})])
    units = [
        Unit(code="p", name="P", tier="so", attributes={"kind": "phường"}),
        Unit(code="x", name="X", tier="so", attributes={"kind": "xã"}),
    ]
    sent = {"p": Returned(points(a="3", b="2")), "x": Returned(points(a="3"))}
    found = {r.result.unit.code: r.result for r in ranked(whole, sent, units).rows}
    assert (int(found["p"].totals.applicable), int(found["p"].index)) == (10, 50)
    assert (int(found["x"].totals.applicable), int(found["x"].index)) == (6, 50)


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("shared", [1, 2, 2, 4]), ("dense", [1, 2, 2, 3]), ("ordered", [1, 2, 3, 4])],
)
def test_equal_indices_are_ranked_as_the_campaign_says(ties: str, expected: list[int]) -> None:
    results = of("90", "80", "80", "70", policies={"ties": ties})
    assert [rank for _, rank in places(results)] == expected


def test_ordered_ties_follow_the_list_of_units() -> None:
    results = of("80", "90", "80", policies={"ties": "ordered"})
    assert places(results) == [("u1", 1), ("u0", 2), ("u2", 3)]


def test_tie_breakers_decide_in_their_order() -> None:
    sent = {
        "first": Returned(points(a="2", b="4", d2="6")),
        "second": Returned(points(a="6", b="0", d2="6")),
        "third": Returned(points(a="5", b="0", d2="7")),
    }
    policies = {"ties": "shared", "tie_breakers": ["d2", "b"]}
    results = ranked(TWO, sent, policies=policies)
    assert places(results) == [("third", 1), ("first", 2), ("second", 3)]


def test_ranks_are_decided_before_rounding() -> None:
    results = of("71.0449", "71.0451", "71.04500000001")
    assert places(results) == [("u1", 1), ("u2", 2), ("u0", 3)]


def test_differences_that_stem_from_stored_thirds_decide_nothing() -> None:
    parts = [
        leaf(node, "1", method={"kind": "proportional", "numerator": "x", "denominator": "y"})
        for node in ("a", "b", "c")
    ]
    third = {"numerator": Decimal(1), "denominator": Decimal(3)}
    zero, full = third | {"numerator": Decimal(0)}, third | {"numerator": Decimal(3)}
    sent = {
        "thirds": Returned({"a": third, "b": third, "c": third}),
        "whole": Returned({"a": full, "b": zero, "c": zero}),
    }
    results = ranked(rubric(parts), sent)
    assert (
        results.groups[0].rows[0].result.totals.points
        != results.groups[0].rows[1].result.totals.points
    )
    assert [rank for _, rank in places(results)] == [1, 1]


@pytest.mark.parametrize(
    ("score", "band"), [("80", "A"), ("79.999999", "B"), ("80.000001", "A"), ("0", "B")]
)
def test_a_band_begins_exactly_at_its_threshold(score: str, band: str) -> None:
    assert of(score).groups[0].rows[0].band == band


def test_below_the_lowest_band_there_is_none() -> None:
    results = of("49", bands=[{"name": "A", "at_least": "50"}])
    assert results.groups[0].rows[0].band == ""


@pytest.mark.parametrize(("admitted", "index"), [(False, 100), (True, 104)])
def test_the_index_passes_100_only_where_it_may(admitted: bool, index: int) -> None:
    whole = rubric([leaf("a", "50"), leaf("cong", "5", channel="bonus")])
    sent = {"u": Returned(points(a="50", cong="2"))}
    policies = {"index_may_pass_100": admitted}
    assert ranked(whole, sent, policies=policies).groups[0].rows[0].result.index == index


def test_penalties_never_take_a_unit_below_zero() -> None:
    whole = rubric([leaf("a", "50"), leaf("tru", "5", channel="penalty")])
    (row,) = ranked(whole, {"u": Returned(points(a="2", tru="5"))}).groups[0].rows
    assert row.result.totals.penalty == 5
    assert row.result.totals.achieved == 0
    assert row.result.index == 0


def missing_unit(policy: str) -> Results:
    units = [Unit(code=c, name=c, tier="so") for c in ("away", "zero", "good")]
    sent = {"zero": Returned(points(a="0")), "good": Returned(points(a="60"))}
    return ranked(ONE, sent, units, policies={"missing_unit": policy})


def test_a_missing_unit_ranks_behind_one_that_reached_nothing() -> None:
    results = missing_unit("rank_last")
    assert places(results) == [("good", 1), ("zero", 2), ("away", 3)]
    assert [r.unit.code for r in results.missing] == ["away"]


def test_a_missing_unit_is_only_listed_where_the_campaign_says_so() -> None:
    results = missing_unit("list_only")
    assert places(results) == [("good", 1), ("zero", 2)]
    assert [r.unit.code for r in results.missing] == ["away"]


def test_units_that_are_only_assessed_have_no_rank() -> None:
    units = [
        Unit(code="t", name="Thanh tra", tier="so", ranked=False),
        Unit(code="s", name="Sở", tier="so"),
    ]
    sent = {"t": Returned(points(a="99")), "s": Returned(points(a="50"))}
    results = ranked(ONE, sent, units)
    assert places(results) == [("s", 1)]
    assert [(r.result.unit.code, r.rank, r.band) for r in results.unranked] == [("t", None, "A")]


def test_groups_are_ranked_each_for_itself() -> None:
    units = [
        Unit(code=c, name=c, tier="so", group=g) for c, g in (("a", "n1"), ("b", "n2"), ("c", "n1"))
    ]
    sent = {c: Returned(points(a=s)) for c, s in (("a", "50"), ("b", "60"), ("c", "70"))}
    results = ranked(ONE, sent, units, groups={"n1": {"title": "Nhóm 1"}})
    assert [(g.id, g.title, [r.rank for r in g.rows]) for g in results.groups] == [
        ("n1", "Nhóm 1", [1, 2]),
        ("n2", "Cấp so", [1]),
    ]


@pytest.mark.parametrize(
    ("late", "days"),
    [(timedelta(0), 0), (timedelta(seconds=1), 1), (timedelta(days=1), 1), (timedelta(days=1, seconds=1), 2),
     (timedelta(days=-3), 0)],
)  # fmt: skip
def test_a_begun_day_after_the_deadline_is_a_day_late(late: timedelta, days: int) -> None:
    assert days_late(DEADLINE + late, DEADLINE) == days


def test_days_late_score_the_row_that_is_derived_from_them() -> None:
    method = {"kind": "derived", "quantity": "days_late",
              "else": "0",
              "bands": [{"at_most": "0", "points": "2"}, {"at_most": "2", "points": "1"}]}  # fmt: skip
    whole = rubric([leaf("a", "8"), leaf("han", "2", method=method, channel="derived")])
    sent = {
        f"u{days}": Returned(points(a="8"), received=DEADLINE + timedelta(days=days))
        for days in (0, 2, 3)
    }
    found = {r.result.unit.code: r.result for r in ranked(whole, sent).rows}
    reached = {r.days_late: r.achieved["han"].points for r in found.values()}
    assert reached == {0: 2, 2: 1, 3: 0}


def test_evidence_coverage_scores_the_row_that_is_derived_from_it() -> None:
    method = {"kind": "derived", "quantity": "evidence_coverage",
              "else": "0",
              "bands": [{"at_least": "100", "points": "1"}, {"at_least": "50", "points": "0.5"}]}  # fmt: skip
    parts = [leaf("a", "4", evidence="QĐ"), leaf("b", "4", evidence="QĐ")]
    whole = rubric([*parts, leaf("mc", "1", method=method, channel="derived")])
    sent = {
        "both": Returned(points(a="4", b="4"), evidence={"a": "1/QĐ", "b": "2/QĐ"}),
        "half": Returned(points(a="4", b="4"), evidence={"a": "1/QĐ"}),
        "claimed": Returned(points(a="4", b="0"), evidence={"a": "1/QĐ"}),
        "none": Returned(points(a="4", b="4")),
    }
    found = {r.result.unit.code: r.result.achieved["mc"].points for r in ranked(whole, sent).rows}
    assert found == {"both": 1, "half": Decimal("0.5"), "claimed": 1, "none": 0}


def test_peers_are_measured_by_the_best_unit_of_their_tier() -> None:
    peer = leaf("ict", "3", method={"kind": "peer", "label": "Chỉ số"})
    rubrics = {"so": rubric([peer]), "xa": rubric([peer], "xa")}
    units = [Unit(code=c, name=c, tier=t) for c, t in (("s1", "so"), ("s2", "so"), ("x1", "xa"))]
    sent = {
        c: Returned({"ict": {"value": Decimal(v)}})
        for c, v in (("s1", "40"), ("s2", "30"), ("x1", "5"))
    }
    found = {
        r.result.unit.code: r.result.achieved["ict"].points
        for r in ranked(rubrics, sent, units).rows
    }
    assert found == {"s1": 3, "s2": Decimal("2.25"), "x1": 3}


SURVEYED = rubric(
    [leaf("a", "5"), leaf("pi", "5", method={"kind": "index", "fallback": 1}, channel="survey")]
)


@pytest.mark.parametrize(
    ("figures", "reached", "fallback"),
    [
        ([("80", 2026), ("60", 2025)], Decimal(4), {}),
        ([("60", 2025)], Decimal(3), {"pi": 2025}),
        ([("60", 2024)], None, {}),
        ([("60", 2027)], None, {}),
    ],
)
def test_an_older_figure_serves_within_the_admitted_years_and_is_named(
    figures: list[tuple[str, int]], reached: Decimal | None, fallback: dict[str, int]
) -> None:
    surveys = [SurveyFigure("u", "pi", Decimal(value), year) for value, year in figures]
    results = ranked(SURVEYED, {"u": Returned(points(a="5"))}, surveys=surveys)
    (row,) = results.groups[0].rows
    assert row.result.achieved["pi"].points == reached
    assert row.result.fallbacks == fallback
    assert results.provisional is (reached is None)
    assert row.result.pending == (() if reached is not None else ("pi",))


@pytest.mark.parametrize(("policy", "index"), [("leave_out", 80), ("zero", 40)])
def test_a_pending_row_counts_as_the_campaign_says(policy: str, index: int) -> None:
    results = ranked(SURVEYED, {"u": Returned(points(a="4"))}, policies={"pending": policy})
    assert results.groups[0].rows[0].result.index == index
    assert results.provisional


@given(st.lists(st.integers(0, 4), min_size=1, max_size=9))
def test_ranks_never_contradict_the_merits(scores: list[int]) -> None:
    merits = sorted(((Decimal(score),) for score in scores), reverse=True)
    shared, dense = assign_ranks(merits, Ties.SHARED), assign_ranks(merits, Ties.DENSE)
    assert shared == [1 + sum(other > own for other in merits) for own in merits]
    assert dense == [1 + len({other for other in merits if other > own}) for own in merits]
    assert assign_ranks(merits, Ties.ORDERED) == list(range(1, len(merits) + 1))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_units_never_changes_a_rank(scores: list[int], draw: Random) -> None:
    sent = [(f"u{i}", Returned(points(a=str(Decimal(s) / 4)))) for i, s in enumerate(scores)]
    mixed = draw.sample(sent, len(sent))
    assert dict(places(ranked(ONE, dict(sent)))) == dict(places(ranked(ONE, dict(mixed))))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 100), min_size=2, max_size=8),
    st.integers(1, 40),
    st.sampled_from(["shared", "dense", "ordered"]),
)
def test_a_better_score_never_ranks_lower(scores: list[int], gain: int, ties: str) -> None:
    before = dict(places(of(*map(str, scores), policies={"ties": ties})))["u0"]
    better = [min(scores[0] + gain, 100), *scores[1:]]
    after = dict(places(of(*map(str, better), policies={"ties": ties})))["u0"]
    assert before is not None
    assert after is not None
    assert after <= before


@pytest.mark.parametrize("seed", range(25))
def test_random_campaigns_keep_index_and_parts_in_bounds(seed: int) -> None:
    results = random_results(seed)
    for row in results.rows:
        result = row.result
        assert result.index >= 0
        assert result.index <= 100 or result.policies.index_may_pass_100
        assert result.totals.applicable == sum(
            (result.achieved[n.id].applicable for n in result.rubric.domains), Decimal(0)
        )
        assert (row.rank is None) is not result.unit.ranked
    ranks = [[row.rank or 0 for row in found.rows] for found in results.groups]
    assert all(found == sorted(found) and found[0] == 1 for found in ranks)
