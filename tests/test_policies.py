"""What the campaign's policies make of rows that do not apply, are extra, shared, or one of several."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xlscore import testing
from xlscore.answers import Answers
from xlscore.findings import Status
from xlscore.form import scorecard_layout
from xlscore.issuing import SUPERSEDED, forms, issue
from xlscore.layout import Column
from xlscore.ledger import open_ledger
from xlscore.located import dump_yaml
from xlscore.methods import BUILT_IN, registry
from xlscore.rubric import Rubric
from xlscore.scoring import (
    Known,
    NotApplicablePolicy,
    Open,
    Pending,
    ScoringPolicy,
    Unappraised,
    consolidate,
    score_card,
    totals,
)
from xlscore.standing import State, standings
from xlscore.workbooks.scorecard.cached import calculated
from xlscore.workspace import open_workspace

METHODS = registry(BUILT_IN)


def leaf(node: str, maximum: str, **more: Any) -> dict[str, Any]:
    made = {"id": node, "code": node, "title": f"Tiêu chí {node}", "max": maximum}
    return made | {"method": {"kind": "points"}} | more


def group(node: str, maximum: str, nodes: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": node,
        "code": node,
        "title": f"Nhóm {node}",
        "max": maximum,
        "nodes": nodes,
    } | more


def rubric(*nodes: dict[str, Any], **more: Any) -> Rubric:
    head = {"id": "r", "title": "Bộ tiêu chí", "year": 2026, "tier": "so"}
    return Rubric.model_validate({**head, "nodes": list(nodes), **more})


def typed(**points: str) -> Answers:
    return Answers({node: {"points": Decimal(value)} for node, value in points.items()})


def decimals(*numbers: int) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


EXTRAS = (
    group("d1", "10", [leaf("a", "10")]),
    group("plus", "5", [leaf("p", "3", channel="bonus")], channel="bonus"),
    group("minus", "2", [leaf("m", "3", channel="penalty")], channel="penalty"),
)


@pytest.mark.parametrize("policy", list(NotApplicablePolicy))
def test_an_extra_that_does_not_apply_neither_adds_nor_takes_off(
    policy: NotApplicablePolicy,
) -> None:
    layout = scorecard_layout(rubric(*EXTRAS), METHODS)
    answers = Answers({"a": {"points": Decimal(8)}}, frozenset({"p", "m"}))
    scores = consolidate(
        layout.rubric, layout.methods, Known(answers), ScoringPolicy(not_applicable=policy)
    )
    reached = totals(layout.rubric, scores)
    assert [reached.points, reached.bonus, reached.penalty] == decimals(8, 0, 0)


@pytest.mark.parametrize(
    ("policy", "points", "applicable"),
    [
        (NotApplicablePolicy.LEAVE_OUT, "3", "4"),
        (NotApplicablePolicy.FULL_POINTS, "9", "10"),
        (NotApplicablePolicy.ZERO, "3", "10"),
    ],
)
def test_a_row_that_does_not_apply_counts_as_the_campaign_says(
    policy: NotApplicablePolicy, points: str, applicable: str
) -> None:
    layout = scorecard_layout(rubric(group("d1", "10", [leaf("a", "4"), leaf("b", "6")])), METHODS)
    answers = Answers({"a": {"points": Decimal(3)}}, frozenset({"b"}))
    scores = consolidate(
        layout.rubric, layout.methods, Known(answers), ScoringPolicy(not_applicable=policy)
    )
    reached = totals(layout.rubric, scores)
    assert (reached.points, reached.applicable) == (Decimal(points), Decimal(applicable))


def test_bonus_and_penalty_are_capped_by_their_groups_and_stand_outside_the_scale() -> None:
    layout = scorecard_layout(rubric(*EXTRAS), METHODS)
    reached = totals(
        layout.rubric, score_card(layout.rubric, layout.methods, typed(a="9", p="3", m="3"))
    )
    assert [reached.points, reached.applicable] == decimals(9, 10)
    assert [reached.bonus, reached.penalty, reached.achieved] == decimals(3, 2, 10)


def test_an_appraised_score_comes_before_the_self_score_and_before_not_applicable() -> None:
    layout = scorecard_layout(rubric(group("d1", "10", [leaf("a", "4"), leaf("b", "6")])), METHODS)
    answers = Answers({"a": {"points": Decimal(4)}}, frozenset({"b"}))
    known = Known(answers, appraised={"a": Decimal("2.5"), "b": Decimal(1)}, appraisal_done=True)
    scores = consolidate(layout.rubric, layout.methods, known, ScoringPolicy())
    assert scores["a"].points == Decimal("2.5")
    assert scores["b"].points == 1
    assert scores["d1"].applicable == 10


@pytest.mark.parametrize(("policy", "points"), [(Unappraised.SELF, 4), (Unappraised.ZERO, 0)])
def test_an_unappraised_row_keeps_the_self_score_or_counts_nothing(
    policy: Unappraised, points: int
) -> None:
    layout = scorecard_layout(rubric(group("d1", "4", [leaf("a", "4")])), METHODS)
    known = Known(typed(a="4"), appraisal_done=True)
    scores = consolidate(layout.rubric, layout.methods, known, ScoringPolicy(unappraised=policy))
    assert scores["a"].points == points


@pytest.mark.parametrize(
    ("policy", "points", "applicable", "open_"),
    [(Pending.LEAVE_OUT, None, 0, Open.ELSEWHERE), (Pending.ZERO, 0, 6, None)],
)
def test_a_row_still_unknown_leaves_the_denominator_or_counts_nothing(
    policy: Pending, points: int | None, applicable: int, open_: Open | None
) -> None:
    asked = leaf("b", "6", channel="survey", method={"kind": "survey"})
    layout = scorecard_layout(rubric(group("d1", "10", [leaf("a", "4"), asked])), METHODS)
    scores = consolidate(
        layout.rubric, layout.methods, Known(typed(a="4")), ScoringPolicy(pending=policy)
    )
    assert scores["b"].points == points
    assert scores["b"].applicable == applicable
    assert scores["b"].open is open_


# --- best of several cases ----------------------------------------------------------------------------

BEST = group("g", "3", [leaf("x", "3"), leaf("y", "2"), leaf("z", "1")], combine="best")


@pytest.mark.parametrize(
    ("filled", "missing"), [({}, {"x", "y", "z"}), ({"y": "2"}, set()), ({"z": "0"}, set())]
)
def test_one_case_of_a_best_of_group_is_enough(filled: dict[str, str], missing: set[str]) -> None:
    layout = scorecard_layout(rubric(group("d1", "3", [BEST])), METHODS)
    shown = calculated(layout, typed(**filled))
    flagged = {node for node in "xyz" if shown[f"s:{node}", Column.MISSING] == 1}
    assert flagged == missing


def test_a_return_with_one_case_of_a_best_of_group_is_valid(tmp_path: Path) -> None:
    campaign = testing.campaign(tmp_path, rubric=document(group("d1", "3", [BEST])))
    path = campaign.fill("A", {("y", "points"): Decimal(2)})
    outcome = campaign.check(path)
    assert outcome.status is Status.VALID
    assert outcome.card is not None
    assert outcome.card.scores["d1"].points == 2


# --- rows that roles share --------------------------------------------------------------------------

ROLES = {"x": "Người thứ nhất", "y": "Người thứ hai"}
SHARED = group(
    "d1",
    "6",
    [
        leaf("own-x", "2", role=["x"]),
        leaf("own-y", "2", role=["y"]),
        leaf("both", "1", role=["x", "y"]),
        leaf("nobody", "1"),
    ],
)


def document(*nodes: dict[str, Any], **more: Any) -> str:
    head = {"id": "r", "title": "Bộ tiêu chí", "year": "2026", "tier": "so"}
    total = sum(Decimal(node["max"]) for node in nodes)
    return dump_yaml({**head, "scale": str(total), **more, "nodes": list(nodes)})


def sent(tmp_path: Path, x: dict[str, str], y: dict[str, str]) -> testing.TestCampaign:
    campaign = testing.campaign(tmp_path, rubric=document(SHARED, roles=ROLES))
    for role, points in (("x", x), ("y", y)):
        figures = {(node, "points"): Decimal(value) for node, value in points.items()}
        path = campaign.fill("A", figures, role=role)
        assert campaign.check(path).status is Status.VALID
        campaign.send(path)
    campaign.collect()
    return campaign


def state(campaign: testing.TestCampaign) -> tuple[State, list[str]]:
    workspace = campaign.workspace
    with open_ledger(workspace.ledger_path) as ledger:
        recorded = ledger.submissions()
    standing = standings(workspace, recorded, datetime(2026, 1, 1, tzinfo=UTC))["A"]
    return standing.state, [f"{f.name} {f.row}" for f in standing.findings]


def test_a_shared_row_filled_in_one_card_is_enough(tmp_path: Path) -> None:
    campaign = sent(tmp_path, {"own-x": "2", "both": "1"}, {"own-y": "1", "nobody": "1"})
    assert state(campaign) == (State.SUBMITTED, [])


def test_a_shared_row_that_no_card_fills_is_said_when_all_cards_are_in(tmp_path: Path) -> None:
    campaign = sent(tmp_path, {"own-x": "2"}, {"own-y": "1", "nobody": "1"})
    assert state(campaign) == (State.INVALID, ["missing-entry both"])


def test_a_role_card_is_refused_for_its_own_blank_row(tmp_path: Path) -> None:
    campaign = testing.campaign(tmp_path, rubric=document(SHARED, roles=ROLES))
    outcome = campaign.check(campaign.fill("A", {("both", "points"): Decimal(1)}, role="x"))
    assert outcome.status is Status.INVALID
    assert [(f.code, f.row) for f in outcome.findings if f.code == "S011"] == [("S011", "own-x")]


def test_a_row_that_only_appraisers_fill_keeps_the_ranking_provisional_though_it_counts_zero(
    tmp_path: Path,
) -> None:
    asked = leaf("b", "4", channel="appraiser")
    campaign = testing.campaign(
        tmp_path,
        rubric=document(group("d1", "6", [leaf("a", "2"), asked])),
        settings={"policies": {"pending": "zero"}},
    )
    campaign.send(campaign.fill("A", {("a", "points"): Decimal(2)}))
    campaign.collect()
    results = campaign.rank().results
    (row,) = [row for row in results.rows if row.result.unit.code == "A"]
    assert (row.result.pending, row.result.totals.applicable) == (("b",), Decimal(6))
    assert results.provisional


def test_a_form_filled_in_place_is_kept_aside_when_a_newer_one_replaces_it(tmp_path: Path) -> None:
    campaign = testing.campaign(tmp_path, rubric=document(group("d1", "2", [leaf("a", "2")])))
    place = campaign.issue("A")
    filled = campaign.fill("A", {("a", "points"): Decimal(2)}).read_bytes()
    place.write_bytes(filled)
    (tmp_path / "rubrics" / "rubric.yaml").write_text(
        document(group("d1", "3", [leaf("a", "3")])), encoding="utf-8"
    )
    workspace = open_workspace(tmp_path)
    form = forms(workspace, [workspace.campaign.units["A"]], by_role=False)[0]
    assert issue(workspace, [form]).written == (place,)
    assert place.read_bytes() != filled
    assert [path.read_bytes() for path in (place.parent / SUPERSEDED).iterdir()] == [filled]
