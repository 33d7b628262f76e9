"""How robust ranks are: against slow, direct computations in fractions, and by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from tests.appraised import ADJUST, QUERY, word
from tests.appraised import results as appraised
from tests.small_campaign import (
    Returned,
    group,
    leaf,
    points,
    random_results,
    ranked,
    rubric,
)
from xlscore.appraising import Claim
from xlscore.campaign import Unit
from xlscore.ranking import GroupRanking, Results, UnitResult, decisive
from xlscore.robustness import Robustness, Spread, assess, disagreement
from xlscore.robustness.disagreement import standard_error
from xlscore.robustness.weights import ONE, factors
from xlscore.robustness.wording import gap, sentence, summary
from xlscore.rubric import Combine, Node
from xlscore.settings import RobustnessSettings

DRAWS = {"draws": 40, "noise": "30", "seed": 7}
NONE = {"draws": 20, "noise": "0.00001", "seed": 1}
"""A noise below what a factor can show."""


def tried(results: Results, **settings: Any) -> list[Robustness]:
    """Try every group of results with these settings."""
    wanted = RobustnessSettings.model_validate(DRAWS | settings)
    told = results.campaign.settings.model_copy(update={"robustness": wanted})
    campaign = replace(results.campaign, settings=told)
    return [assess(campaign, found) for found in results.groups]


# --- the direct computation: one unit, one ranking at a time, in fractions ----------------------------


def parts_of(node: Node) -> Iterator[Node]:
    if node.is_leaf or node.combine is Combine.BEST:
        yield node
    else:
        for child in node.nodes:
            yield from parts_of(child)


def index(
    result: UnitResult,
    weights: dict[tuple[str, str], Fraction],
    without: tuple[str, str] = ("", ""),
) -> Decimal:
    tier, total, applicable = result.unit.tier, Fraction(0), Fraction(0)
    for domain in result.rubric.domains:
        for node in parts_of(domain):
            if without in {(tier, n) for n in (node.id, *result.rubric.ancestors(node.id))}:
                continue
            score, weight = result.achieved[node.id], weights.get((tier, node.id), Fraction(1))
            total += Fraction(score.points or 0) * weight
            applicable += Fraction(score.applicable) * weight
    extra = Fraction(result.totals.bonus) - Fraction(result.totals.penalty)
    if applicable == 0:
        return Decimal(0)
    found = max(total + extra, Fraction(0)) / applicable * 100
    return decisive(found if result.policies.index_may_pass_100 else min(found, Fraction(100)))


def shared(indices: Sequence[Decimal]) -> list[int]:
    return [1 + sum(other > one for other in indices) for one in indices]


def entrants(found: GroupRanking) -> list[UnitResult]:
    return [row.result for row in found.rows if row.result.assessed]


def rankings_under_noise(results: Results, found: Robustness) -> list[list[int]]:
    units = entrants(found.group)
    tiers = [t for t in results.campaign.rubrics if any(u.unit.tier == t for u in units)]
    parts = [
        (tier, node.id)
        for tier in tiers
        for domain in results.campaign.rubrics[tier].domains
        for node in parts_of(domain)
    ]
    rankings = []
    for draw in factors(found.group.id, found.settings, len(parts)):
        drawn = [Fraction(int(w), ONE) for w in draw]
        weights = dict(zip(parts, drawn, strict=True))
        rankings.append(shared([index(unit, weights) for unit in units]))
    return rankings


def quantile(ranks: Sequence[int], percent: int) -> int:
    return sorted(ranks)[math.ceil(len(ranks) * percent / 100) - 1]


@pytest.mark.parametrize("seed", range(12))
def test_noise_gives_the_ranks_of_a_direct_computation(seed: int) -> None:
    results = random_results(seed)
    for found in tried(results):
        rankings = rankings_under_noise(results, found)
        for place, unit in enumerate(found.units):
            ranks = [ranking[place] for ranking in rankings]
            assert unit.spread.low == quantile(ranks, 5)
            assert unit.spread.median == quantile(ranks, 50)
            assert unit.spread.high == quantile(ranks, 95)
            assert unit.spread.mean == Fraction(sum(ranks), len(ranks))


@pytest.mark.parametrize("seed", range(12))
def test_leaving_out_gives_the_ranks_of_a_direct_computation(seed: int) -> None:
    for found in tried(random_results(seed)):
        units = entrants(found.group)
        nominal = shared([index(unit, {}) for unit in units])
        assert [unit.nominal for unit in found.units] == (nominal if len(units) > 1 else [])
        assert found.left_out or len(units) < 2
        for trial in found.left_out:
            without = trial.part.tier, trial.part.node.id
            direct = shared([index(unit, {}, without) for unit in units])
            assert list(trial.ranks) == direct
            assert list(trial.shifts) == [abs(r - n) for r, n in zip(direct, nominal, strict=True)]
            assert trial.mean_shift == Fraction(sum(trial.shifts), len(units))


@pytest.mark.parametrize("seed", range(6))
def test_the_criterion_that_moves_a_unit_most_is_named(seed: int) -> None:
    for found in tried(random_results(seed)):
        for place, unit in enumerate(found.units):
            ranks = [trial.ranks[place] for trial in found.without_criterion]
            assert unit.best == min([unit.nominal, *ranks])
            assert unit.worst == max([unit.nominal, *ranks])
            assert abs(unit.moved_to - unit.nominal) == unit.criterion_shift
            assert (unit.moved_by is None) == (unit.criterion_shift == 0)


# --- what must hold whatever the figures are ----------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_without_noise_every_rank_is_the_nominal_one(seed: int) -> None:
    for found in tried(random_results(seed), **NONE):
        for unit in found.units:
            spread = unit.spread
            assert {spread.low, spread.median, spread.high, spread.mean} == {unit.nominal}


WIDE = rubric([
    group(f"d{d}", "8", [leaf(f"d{d}{i}", "2") for i in range(4)]) for d in range(3)
])  # fmt: skip
LEAVES = [node.id for node in WIDE.leaves]


def given(draw: Random, ceiling: dict[str, int] | None = None) -> dict[str, int]:
    tops = ceiling or dict.fromkeys(LEAVES, 8)
    return {node: draw.randint(0, tops[node]) for node in LEAVES}


def sent(quarters: dict[str, int]) -> Returned:
    return Returned(points(**{node: str(Decimal(n) / 4) for node, n in quarters.items()}))


@pytest.mark.parametrize("seed", range(8))
def test_a_dominated_unit_never_gets_in_front(seed: int) -> None:
    draw = Random(seed)
    better = given(draw)
    cards = {"better": better, "worse": given(draw, better)}
    cards |= {f"u{i}": given(draw) for i in range(5)}
    (found,) = tried(ranked(WIDE, {code: sent(card) for code, card in cards.items()}), noise="100")
    front, back = found.by_code["better"], found.by_code["worse"]
    for figure in ("low", "median", "mean", "high"):
        assert getattr(front.spread, figure) <= getattr(back.spread, figure)
    places = [found.units.index(unit) for unit in (front, back)]
    assert all(trial.ranks[places[0]] <= trial.ranks[places[1]] for trial in found.left_out)


def test_the_order_of_the_units_changes_nothing() -> None:
    draw = Random(3)
    cards = {f"u{i}": sent(given(draw)) for i in range(9)}
    units = [Unit(code=code, name=code, tier="so") for code in cards]
    one = tried(ranked(WIDE, cards, units))[0]
    other = tried(ranked(WIDE, cards, units[::-1]))[0]
    for code, unit in one.by_code.items():
        again = other.by_code[code]
        assert (unit.spread, unit.best, unit.worst) == (again.spread, again.best, again.worst)


def test_a_seed_gives_the_same_factors_for_ever() -> None:
    settings = RobustnessSettings(draws=2, noise=Decimal(25), seed=1)
    assert [draw.tolist() for draw in factors("so", settings, 3)] == FACTORS
    other = replace_seed(settings, 2)
    assert [draw.tolist() for draw in factors("so", other, 3)] != FACTORS
    assert [draw.tolist() for draw in factors("xa", settings, 3)] != FACTORS


FACTORS = [[956_881, 1_104_938, 1_172_377], [980_308, 949_357, 762_313]]


def replace_seed(settings: RobustnessSettings, seed: int) -> RobustnessSettings:
    return settings.model_copy(update={"seed": seed})


def test_factors_stay_within_the_noise() -> None:
    settings = RobustnessSettings(draws=2000, noise=Decimal(10), seed=5)
    drawn = [int(w) for draw in factors("so", settings, 5) for w in draw]
    assert min(drawn) >= 900_000
    assert max(drawn) <= 1_100_000
    assert abs(sum(drawn) / len(drawn) - ONE) < 2_000
    assert min(drawn) < 901_000
    assert max(drawn) > 1_099_000


def test_many_draws_are_worked_off_in_steps_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    results = random_results(4)
    whole = tried(results)
    monkeypatch.setattr("xlscore.robustness.weights._CELLS", 20)
    assert tried(results) == whole


# --- special units and groups -------------------------------------------------------------------------

PAIR = rubric([
    group("d1", "4", [leaf("a", "2"), leaf("b", "2")]),
    group("d2", "6", [leaf("c", "2"), leaf("d", "4")]),
])  # fmt: skip


def test_units_with_equal_indices_share_the_best_rank_in_every_trial() -> None:
    same = Returned(points(a="1", b="2", c="1", d="2"))
    less = Returned(points(a="0", b="1", c="0", d="1"))
    (found,) = tried(ranked(PAIR, {"x": same, "y": same, "z": less}), noise="90", draws=200)
    assert [unit.nominal for unit in found.units] == [1, 1, 3]
    assert [u.spread for u in found.units] == [
        Spread(1, 1, Fraction(1), 1), Spread(1, 1, Fraction(1), 1), Spread(3, 3, Fraction(3), 3)
    ]  # fmt: skip


def test_indices_are_rounded_half_up_to_nine_decimals_in_every_draw_as_ranks_are() -> None:
    whole = rubric([leaf("a", "2")])
    # 0.000 000 000 5 % and 0.000 000 001 %: the same to nine decimals.
    cards = {"x": Returned(points(a="1e-11")), "y": Returned(points(a="2e-11"))}
    (found,) = tried(ranked(whole, cards))
    ranks = [(u.nominal, u.spread.low, u.spread.high, u.spread.mean) for u in found.units]
    assert ranks == [(1, 1, 1, Fraction(1))] * 2


def test_a_missing_unit_is_not_tried_and_moves_nobody() -> None:
    cards = {"x": Returned(points(a="1", b="2", c="1", d="2")), "y": Returned(points(a="2"))}
    units = [Unit(code=code, name=code, tier="so") for code in ("x", "y", "gone")]
    (found,) = tried(ranked(PAIR, cards, units))
    assert [row.result.unit.code for row in found.group.rows][-1] == "gone"
    assert sorted(found.by_code) == ["x", "y"]


def test_one_unit_alone_has_nothing_to_compare() -> None:
    (found,) = tried(ranked(PAIR, {"x": Returned(points(a="1"))}))
    assert (found.units, found.left_out, found.neighbours) == ((), (), ())
    assert list(summary(found)) == [
        "Nhóm không có hai đơn vị có kết quả nên không có gì để so sánh."
    ]


def test_units_to_which_nothing_applies_are_equal_and_last() -> None:
    nothing = [
        leaf("a", "2", may_be_not_applicable="luôn"),
        leaf("b", "2", may_be_not_applicable="x"),
    ]
    whole = rubric([group("d1", "4", nothing)])
    none = Returned({}, frozenset({"a", "b"}))
    (found,) = tried(ranked(whole, {"x": Returned(points(a="1", b="1")), "y": none, "z": none}))
    assert [(u.nominal, u.spread.low, u.spread.high) for u in found.units] == [
        (1, 1, 1), (2, 2, 2), (2, 2, 2),
    ]  # fmt: skip


def test_what_is_all_that_a_unit_has_is_not_left_out() -> None:
    whole = rubric([
        group("d1", "2", [leaf("a", "2")]),
        group("d2", "4", [leaf("b", "2", may_be_not_applicable="x"), leaf("c", "2")]),
    ])  # fmt: skip
    full = Returned(points(a="1", b="1", c="2"))
    (found,) = tried(ranked(whole, {"x": full, "y": Returned(points(a="2", b="0", c="1"))}))
    assert [t.part.label for t in found.left_out] == ["d1", "a", "d2", "b", "c"]
    lone = rubric([group("d1", "4", [leaf("a", "4")])])
    (alone,) = tried(ranked(lone, {"x": Returned(points(a="1")), "y": Returned(points(a="2"))}))
    assert alone.left_out == ()
    assert "Không bỏ thử được tiêu chí nào" in " ".join(summary(alone))


def test_a_best_of_group_is_one_content_with_one_weight() -> None:
    best = group("g", "2", [leaf("g1", "2"), leaf("g2", "1")], combine="best")
    whole = rubric([group("d1", "4", [leaf("a", "2"), best])])
    cards = {"x": Returned(points(a="1", g1="0.5")), "y": Returned(points(a="1", g2="1"))}
    (found,) = tried(ranked(whole, cards))
    assert [t.part.node.id for t in found.left_out] == ["a", "g"]
    codes = [row.result.unit.code for row in found.group.rows]
    by_unit = {t.part.node.id: dict(zip(codes, t.ranks, strict=True)) for t in found.left_out}
    assert by_unit == {"a": {"y": 1, "x": 2}, "g": {"y": 1, "x": 1}}


def test_bands_that_change_without_a_criterion_are_counted() -> None:
    cards = {"x": Returned(points(a="2", b="2", c="2", d="2.4")), "y": Returned(points(d="1"))}
    (found,) = tried(ranked(PAIR, cards))  # x: 84 %, band A from 80 on
    rebanded = {t.part.node.id: t.rebanded for t in found.left_out}
    # Without d1 4.4/6, without a 6.4/8 = 80 %, without d 6/6.
    assert rebanded == {"d1": 1, "a": 0, "b": 0, "d2": 0, "c": 0, "d": 0}


def test_a_code_that_is_printed_twice_is_told_with_its_domain() -> None:
    whole = rubric([
        {**group("d1", "2", [{**leaf("a", "2"), "code": "1"}]), "code": "I"},
        {**group("d2", "2", [{**leaf("b", "2"), "code": "1"}]), "code": "II"},
    ])  # fmt: skip
    cards = {"x": Returned(points(a="1", b="2")), "y": Returned(points(a="2", b="0"))}
    (found,) = tried(ranked(whole, cards))
    assert [t.part.label for t in found.without_criterion] == ["1 (lĩnh vực I)", "1 (lĩnh vực II)"]


# --- what appraisers disagree by ----------------------------------------------------------------------

JUDGED = rubric([group("d", "10", [leaf("a", "2"), leaf("b", "4"), leaf("c", "4")])])


def twice(units: int) -> dict[str, list[Claim]]:
    """Row a: 2, then 1.5 of 2; row b: the same twice; row c: accepted and left standing."""
    said = [
        word("a"), word("a", ADJUST, "1.5", round=2, reason="x"),
        word("b"), word("b", round=2), word("c", rest=True),
    ]  # fmt: skip
    return {f"u{i}": said for i in range(units)}


def judged(units: int, claims: dict[str, list[Claim]]) -> Results:
    cards = {f"u{i}": Returned(points(a="2", b="2", c=str(Decimal(i) / 4))) for i in range(units)}
    return appraised(JUDGED, cards, claims)


def test_the_disagreement_is_as_worked_out_by_hand() -> None:
    results = judged(5, twice(5))
    found = disagreement(row.result for row in results.rows)
    assert (found.pairs, found.different, found.left) == (10, 5, 5)
    # Five differences of a quarter over fifteen second looks: √(5/16/15) = √(1/48).
    assert found.share == pytest.approx(math.sqrt(1 / 48))
    # √(2² + 4² + 4²) = 6 of 10 points: 100·√(1/48)/√2·6/10.
    error = standard_error(results.groups[0].rows[0].result, math.sqrt(1 / 48))
    assert error == pytest.approx(60 / math.sqrt(96))
    (robust,) = tried(results)
    assert len(robust.neighbours) == 4
    pair = robust.neighbours[0]
    assert pair.gap == Fraction(5, 2)  # 0.25 of 10 points
    assert pair.error == pytest.approx(60 / math.sqrt(48))
    assert not pair.told_apart
    assert gap(robust, pair) == (
        "Chênh lệch giữa hạng 1 và hạng 2 (2,50 điểm %) nhỏ hơn sai lệch giữa các cơ quan thẩm định "
        "(8,66): không nên coi là khác nhau."
    )


def test_units_of_one_index_share_a_rank_and_are_no_neighbours() -> None:
    cards = {f"u{i}": Returned(points(a="2", b="2", c=str(i // 2))) for i in range(6)}
    (found,) = tried(appraised(JUDGED, cards, twice(6)))
    assert [pair.gap for pair in found.neighbours] == [10, 10]


def test_too_few_pairs_give_no_figure_and_say_so() -> None:
    (found,) = tried(judged(4, twice(4)))
    assert (found.disagreement.pairs, found.disagreement.share) == (8, None)
    assert found.neighbours == ()
    assert any(line.startswith("Chưa đủ căn cứ") and "có 8 cặp" in line for line in summary(found))


@pytest.mark.parametrize(
    ("claims", "pairs", "different", "left"),
    [
        ([word("a", agency="A"), word("a", ADJUST, "1", agency="B", reason="x")], 1, 1, 0),
        ([word("a"), word("a", QUERY, round=2, reason="x")], 0, 0, 1),
        ([word("a", rest=True), word("a", ADJUST, "1", round=2, reason="x")], 1, 1, 0),
        ([word("a"), word("a", rest=True, agency="B")], 0, 0, 0),
        ([word("a", basis="khác"), word("a", round=2)], 0, 0, 0),
        ([word("a"), word("b", round=2)], 0, 0, 1),
        ([word("a"), word("a", ADJUST, "1", council=True, reason="x")], 1, 1, 0),
    ],
    ids=[
        "two-agencies",
        "query",
        "blanket-first",
        "blanket-beside",
        "other-inputs",
        "left",
        "council",
    ],
)
def test_what_counts_as_a_second_look(
    claims: list[Claim], pairs: int, different: int, left: int
) -> None:
    found = disagreement(row.result for row in judged(1, {"u0": claims}).rows)
    assert (found.pairs, found.different, found.left) == (pairs, different, left)


def test_figures_that_an_appraiser_enters_are_scored_before_they_are_compared() -> None:
    result = judged(1, {"u0": []}).groups[0].rows[0].result
    assert result.achieved["a"].points == 2
    claims = [word("a"), word("a", ADJUST, round=2, values={"points": Decimal("0.5")})]
    cards = {"u0": Returned(points(a="2", b="2", c="1"))}
    found = disagreement(row.result for row in appraised(JUDGED, cards, {"u0": claims}).rows)
    assert (found.pairs, found.different) == (1, 1)


# --- in words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("units", "tolerance"), [(5, 1), (39, 1), (40, 2), (60, 3)])
def test_a_firm_rank_moves_by_a_twentieth_of_the_group_at_most(units: int, tolerance: int) -> None:
    cards = {f"u{i}": Returned(points(a=str(Decimal(i) / 50))) for i in range(units)}
    (found,) = tried(ranked(rubric([leaf("a", "2")]), cards), draws=1)
    assert found.tolerance == tolerance
    one = found.units[0]
    edge, over = (replace(one, worst=one.nominal + tolerance + more) for more in (0, 1))
    assert (found.is_firm(edge), found.is_firm(over)) == (True, False)


def test_a_firm_and_a_sensitive_rank_are_said_in_a_sentence() -> None:
    cards = {
        "first": Returned(points(a="2", b="2", c="2", d="4")),
        "leaning": Returned(points(a="0", b="0", c="2", d="4")),
        "even": Returned(points(a="1", b="1", c="1", d="2")),
        "third": Returned(points(a="2", b="1", c="1", d="0.5")),
        "last": Returned(points(a="2", b="2", c="0", d="0")),
    }
    (found,) = tried(ranked(PAIR, cards), noise="5")
    said = {code: sentence(found, unit) for code, unit in found.by_code.items()}
    assert said["first"] == "Hạng 1 vững: 90% các phép thử cho hạng 1."
    assert said["leaning"] == (
        "Hạng 2 nhạy: bỏ tiêu chí d thì thành hạng 5; 90% các phép thử cho hạng 2."
    )
    assert next(iter(summary(found))).startswith("2/5 hạng vững: ")
