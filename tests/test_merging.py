"""Many hands: role cards of one unit are merged by row, never by file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.campaigns import Campaign, Key, TypedCells, assert_readable, make_campaign
from tests.collecting import collect
from tests.spoiled import found
from xlscore.cardjson import card_from_json, card_to_json
from xlscore.findings import Finding, Status
from xlscore.layout import NOT_APPLICABLE, Slot
from xlscore.ledger import open_ledger
from xlscore.scoring import Open
from xlscore.standing import State, standings
from xlscore.submission import Card, Submission, merge_cards, roles_of
from xlscore.workbooks.scorecard.fill import Typed

OFFICE, EXPERTS = "van-phong", "chuyen-mon"
LEFT_OUT: Mapping[Key, Typed | None] = {
    ("n2.2", Slot.APPLICABILITY): NOT_APPLICABLE,
    ("n2.2", Slot.EXPLANATION): "Không được giao",
    ("n2.2.1", "tong"): None,
    ("n2.2.1", "dat"): None,
    ("n2.2.2", "item1"): None,
    ("n2.2.2", "item2"): None,
}


def card(campaign: Campaign, role: str, changes: Mapping[Key, Typed | None] | None = None) -> Card:
    back = campaign.read(campaign.filled(changes, role=role), f"{role or 'ca-phieu'}.xlsx")
    assert back.card is not None
    assert back.layout is not None
    return Card(back.file, role, back.sheet, back.layout, back.card)


def merged(campaign: Campaign, *cards: Card) -> tuple[Submission, tuple[Finding, ...]]:
    answers, scores, conflicts = merge_cards(campaign.layout(), cards, 12)
    for said in conflicts:
        assert_readable(said)
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    return Submission("STP", answers, scores, moment, findings=conflicts), conflicts


def test_the_cards_of_all_roles_make_the_whole_card(campaign: Campaign) -> None:
    submission, conflicts = merged(campaign, card(campaign, OFFICE), card(campaign, EXPERTS))
    whole = campaign.read(campaign.filled()).card
    assert whole is not None
    assert conflicts == ()
    assert submission.answers == whole.answers
    assert submission.scores == whole.scores


def test_the_same_value_twice_is_no_conflict(campaign: Campaign) -> None:
    same: TypedCells = {("n3", "points"): Decimal("2.50")}
    other: TypedCells = {("n3", "points"): Decimal("2.5")}
    submission, conflicts = merged(
        campaign, card(campaign, OFFICE, same), card(campaign, EXPERTS, other)
    )
    assert conflicts == ()
    assert submission.scores["n3"].points == Decimal("2.5")


def test_a_row_that_only_one_card_fills_counts(campaign: Campaign) -> None:
    blank: Mapping[Key, Typed | None] = {("n3", "points"): None}
    submission, conflicts = merged(campaign, card(campaign, OFFICE, blank), card(campaign, EXPERTS))
    assert conflicts == ()
    assert submission.scores["n3"].points == 1


def test_a_conflict_names_both_files_and_both_cells_and_neither_counts(campaign: Campaign) -> None:
    first = card(campaign, OFFICE, {("n3", "points"): Decimal(2)})
    second = card(campaign, EXPERTS, {("n3", "points"): Decimal("3.5")})
    submission, conflicts = merged(campaign, first, second)
    assert [(f.name, f.row, f.node) for f in conflicts] == [("role-conflict", "3", "n3")]
    assert conflicts[0].params == {
        "first": "2",
        "first_place": "van-phong.xlsx, Phiếu chấm điểm!F38",
        "second": "3.5",
        "second_place": "chuyen-mon.xlsx, Phiếu chấm điểm!F38",
    }
    assert submission.scores["n3"].points is None
    assert submission.scores["n3"].open is Open.MISSING
    assert "n3" not in submission.answers.values


def test_a_third_card_that_agrees_with_one_settles_nothing(campaign: Campaign) -> None:
    cards = [
        card(campaign, role, {("n3", "points"): Decimal(points)})
        for role, points in ((OFFICE, 2), (EXPERTS, 3), ("", 2))
    ]
    _, conflicts = merged(campaign, *cards)
    assert [f.node for f in conflicts] == ["n3"]


def test_left_out_by_one_card_and_filled_by_another_is_a_conflict(campaign: Campaign) -> None:
    whole = card(campaign, "", LEFT_OUT)
    submission, conflicts = merged(campaign, whole, card(campaign, EXPERTS))
    assert [f.node for f in conflicts] == ["n2.2.1", "n2.2.2"]
    assert conflicts[0].params == {
        "first": NOT_APPLICABLE,
        "first_place": "ca-phieu.xlsx, Phiếu chấm điểm!E26",
        "second": "2; 2",
        "second_place": "chuyen-mon.xlsx, Phiếu chấm điểm!E29",
    }
    assert submission.answers.not_applicable == frozenset()
    assert submission.scores["n2.2.1"].open is Open.MISSING


def test_what_every_card_leaves_out_is_left_out(campaign: Campaign) -> None:
    submission, conflicts = merged(
        campaign, card(campaign, OFFICE), card(campaign, EXPERTS, LEFT_OUT)
    )
    assert conflicts == ()
    assert submission.answers.not_applicable == {"n2.2"}
    assert submission.scores["n2.2"].applicable == 0
    assert submission.answers.explanation == {"n2.2": "Không được giao"}


def test_texts_of_both_cards_are_kept_once_each(campaign: Campaign) -> None:
    first: TypedCells = {("n3", Slot.EVIDENCE): "KH số 1"}
    second: TypedCells = {("n3", Slot.EVIDENCE): "BC số 2"}
    both, _ = merged(campaign, card(campaign, OFFICE, first), card(campaign, EXPERTS, second))
    assert both.answers.evidence["n3"] == "KH số 1\nBC số 2"
    same, _ = merged(campaign, card(campaign, OFFICE, first), card(campaign, EXPERTS, first))
    assert same.answers.evidence["n3"] == "KH số 1"


def test_a_submission_is_marked_complete_only_by_every_card(campaign: Campaign) -> None:
    open_card = card(campaign, EXPERTS, {("", Slot.SUBMIT): None})
    submission, _ = merged(campaign, card(campaign, OFFICE), open_card)
    assert not submission.answers.complete


def test_a_card_survives_being_stored(campaign: Campaign) -> None:
    given = card(campaign, "", LEFT_OUT).checked
    stored = card_from_json(card_to_json(given, "Phiếu"))
    assert (stored.answers, stored.scores, stored.places) == (
        given.answers,
        given.scores,
        given.places,
    )


def test_roles_are_those_that_have_rows(campaign: Campaign) -> None:
    assert roles_of(campaign.layout()) == (OFFICE, EXPERTS)


# --- through the inbox --------------------------------------------------------------------------------


@pytest.fixture
def inbox(tmp_path: Path) -> Campaign:
    made = make_campaign(tmp_path, intake={"settle_seconds": "0"})
    made.workspace.inbox.mkdir()
    return made


def sent(campaign: Campaign, role: str, changes: TypedCells | None = None) -> None:
    data = campaign.filled(changes, role=role)
    (campaign.workspace.inbox / f"STP__{role}.xlsx").write_bytes(data)


def standing(campaign: Campaign) -> tuple[State, list[str], bool]:
    collect(campaign.workspace)
    with open_ledger(campaign.workspace.ledger_path) as ledger:
        recorded = ledger.submissions()
    now = datetime(2026, 12, 1, tzinfo=UTC)
    stands = standings(campaign.workspace, recorded, now)["STP"]
    for said in stands.findings:
        assert_readable(said)
    return stands.state, [f.name for f in stands.findings], stands.submission is not None


def test_a_submission_is_complete_when_every_card_is_in(inbox: Campaign) -> None:
    sent(inbox, OFFICE)
    assert standing(inbox) == (State.PARTIAL, ["card-outstanding"], False)
    sent(inbox, EXPERTS)
    assert standing(inbox) == (State.SUBMITTED, [], True)


def test_a_conflict_between_cards_keeps_the_unit_from_counting(inbox: Campaign) -> None:
    sent(inbox, OFFICE, {("n3", "points"): Decimal(2)})
    sent(inbox, EXPERTS, {("n3", "points"): Decimal(3)})
    assert standing(inbox) == (State.INVALID, ["role-conflict"], False)
    sent(inbox, OFFICE, {("n3", "points"): Decimal(3)})
    assert standing(inbox) == (State.SUBMITTED, [], True)


def test_a_role_card_is_valid_by_itself(campaign: Campaign) -> None:
    for role in (OFFICE, EXPERTS):
        back = campaign.read(campaign.filled(role=role))
        assert (found(back), back.status, back.token and back.token.role) == (
            [],
            Status.VALID,
            role,
        )
