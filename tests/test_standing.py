"""Where every unit stands, from what the ledger has recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from tests.campaigns import Campaign, TypedCells, make_campaign, rubric
from xlscore.cardjson import card_to_json
from xlscore.layout import Slot
from xlscore.ledger import Recorded
from xlscore.settings import Unproven
from xlscore.standing import Standing, State, needs_attention, standings, timing

DEADLINE = datetime(2026, 12, 15, 16, 59, 59, tzinfo=UTC)
EARLY = DEADLINE - timedelta(days=3)
LATER = DEADLINE + timedelta(hours=30)


class Arrivals:
    """Arrivals of unit STP as the ledger would tell them."""

    def __init__(self, office: Campaign) -> None:
        self.office = office
        self.recorded: list[Recorded] = []
        self._ids: Iterator[int] = count(1)

    def add(
        self,
        changes: TypedCells | None = None,
        *,
        role: str = "",
        at: datetime = EARLY,
        revoked: Mapping[int, str] | None = None,
    ) -> Recorded:
        name = f"STP{'-' + role if role else ''}.xlsx"
        data = self.office.filled(dict(changes or {}), role=role)
        back = self.office.read(data, name, revoked=revoked)
        assert back.unit is not None
        unit = back.unit.code
        digest = {"digest": back.token.digest if back.token else ""}
        card = card_to_json(back.card, back.sheet) | digest if back.card else {}
        version = 1 + sum(1 for r in self.recorded if r.role == role)
        self.recorded.append(
            Recorded(next(self._ids), name, back.status, unit, role, version, at, f"h{version}{role}",
                     card, back.findings)
        )  # fmt: skip
        return self.recorded[-1]

    def add_revoked(self, role: str = "") -> Recorded:
        return self.add(role=role, revoked=dict.fromkeys(range(1, 99), "cấp lại"))

    def standing(self, now: datetime = EARLY) -> Standing:
        found = standings(self.office.workspace, self.recorded, now)
        assert list(found) == ["STP", "STC", "AB"]
        assert found["STC"].state is State.MISSING
        return found["STP"]


DRAFT: TypedCells = {("", Slot.SUBMIT): "Đang thực hiện"}
WRONG: TypedCells = {("n1.1", "points"): Decimal(9)}
OFFICE, EXPERTS = "van-phong", "chuyen-mon"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return make_campaign(tmp_path_factory.mktemp("standing"))


@pytest.fixture
def arrivals(office: Campaign) -> Arrivals:
    return Arrivals(office)


def test_a_unit_that_sent_nothing_is_missing_and_late_after_its_deadline(
    arrivals: Arrivals,
) -> None:
    standing = arrivals.standing()
    assert (standing.state, standing.late, standing.version, standing.received) == (
        State.MISSING, False, 0, None,
    )  # fmt: skip
    assert not arrivals.standing(DEADLINE).late
    assert arrivals.standing(DEADLINE + timedelta(seconds=1)).late


def test_a_unit_whose_whole_card_is_in_has_submitted(arrivals: Arrivals) -> None:
    arrivals.add()
    standing = arrivals.standing(LATER)
    assert (standing.state, standing.late, standing.version) == (State.SUBMITTED, False, 1)
    assert standing.received == EARLY
    assert standing.submission is not None
    assert standing.submission.files == ("STP.xlsx",)
    assert not needs_attention(standing)


@pytest.mark.parametrize(("after", "late"), [(0, False), (1, True), (86_400, True)])
def test_a_return_after_the_deadline_is_late(arrivals: Arrivals, after: int, late: bool) -> None:
    arrivals.add(at=DEADLINE + timedelta(seconds=after))
    standing = arrivals.standing(LATER)
    assert (standing.state, standing.late) == (State.SUBMITTED, late)


def test_a_draft_is_no_submission(arrivals: Arrivals) -> None:
    arrivals.add(DRAFT)
    standing = arrivals.standing()
    assert (standing.state, standing.late, standing.submission) == (State.DRAFT, False, None)
    assert [f.name for f in standing.findings] == ["draft-unticked"]
    assert arrivals.standing(LATER).late


def test_a_refused_return_is_invalid_with_its_findings(arrivals: Arrivals) -> None:
    arrivals.add(WRONG)
    standing = arrivals.standing(LATER)
    assert (standing.state, standing.late, standing.version) == (State.INVALID, True, 1)
    assert [f.name for f in standing.findings] == ["over-maximum", "return-refused"]
    assert needs_attention(standing)


def test_the_latest_of_drafts_and_refused_returns_tells_the_state(arrivals: Arrivals) -> None:
    arrivals.add(WRONG)
    arrivals.add(DRAFT)
    assert arrivals.standing().state is State.DRAFT
    arrivals.add(WRONG)
    assert arrivals.standing().state is State.INVALID


def test_the_latest_valid_version_counts(arrivals: Arrivals) -> None:
    arrivals.add({("n1.1", "points"): Decimal(1)})
    arrivals.add({("n1.1", "points"): Decimal("0.25")})
    standing = arrivals.standing()
    assert standing.version == 2
    assert standing.submission is not None
    assert standing.submission.scores["n1.1"].points == Decimal("0.25")


def test_a_newer_refused_return_waits_while_the_older_counts(arrivals: Arrivals) -> None:
    arrivals.add()
    arrivals.add(WRONG)
    standing = arrivals.standing()
    assert (standing.state, standing.version, standing.newer_invalid) == (State.SUBMITTED, 1, True)
    assert "over-maximum" in {f.name for f in standing.findings}
    assert needs_attention(standing)


def test_a_newer_valid_return_settles_the_refused_one(arrivals: Arrivals) -> None:
    for changes in ({}, WRONG, {}):
        arrivals.add(changes)
    standing = arrivals.standing()
    assert (standing.version, standing.newer_invalid, standing.findings) == (3, False, ())


def test_a_newer_draft_changes_nothing(arrivals: Arrivals) -> None:
    arrivals.add()
    arrivals.add(DRAFT)
    standing = arrivals.standing()
    assert (standing.state, standing.version, standing.newer_invalid) == (State.SUBMITTED, 1, False)


# --- role cards -------------------------------------------------------------------------------------


def test_one_role_card_of_two_is_partial_and_says_whose_is_outstanding(arrivals: Arrivals) -> None:
    arrivals.add(role=OFFICE)
    standing = arrivals.standing()
    assert (standing.state, standing.late, standing.submission) == (State.PARTIAL, False, None)
    (found,) = standing.findings
    assert (found.name, found.params["roles"]) == ("card-outstanding", "Phòng chuyên môn")
    assert arrivals.standing(LATER).late


def test_all_role_cards_are_a_submission_received_with_the_last(arrivals: Arrivals) -> None:
    arrivals.add(role=OFFICE)
    arrivals.add(role=EXPERTS, at=LATER)
    standing = arrivals.standing(LATER)
    assert (standing.state, standing.late, standing.received) == (State.SUBMITTED, True, LATER)
    assert standing.submission is not None
    assert standing.submission.files == (f"STP-{OFFICE}.xlsx", f"STP-{EXPERTS}.xlsx")
    assert set(standing.submission.answers.values) >= {"n1.1", "n2.1"}


def test_a_whole_card_leaves_nobody_outstanding(arrivals: Arrivals) -> None:
    arrivals.add(role=OFFICE)
    arrivals.add()
    assert arrivals.standing().state is State.SUBMITTED


def test_a_newer_whole_card_replaces_role_cards_whatever_they_said(arrivals: Arrivals) -> None:
    arrivals.add({("n1.1", "points"): Decimal(2)}, role=OFFICE)
    arrivals.add({("n1.1", "points"): Decimal(1)})
    standing = arrivals.standing()
    assert (standing.state, standing.findings) == (State.SUBMITTED, ())
    assert standing.submission is not None
    assert standing.submission.files == ("STP.xlsx",)


def test_newer_role_cards_replace_a_whole_card_and_the_other_roles_are_waited_for(
    arrivals: Arrivals,
) -> None:
    arrivals.add({("n1.1", "points"): Decimal(1)})
    arrivals.add({("n1.1", "points"): Decimal(2)}, role=OFFICE)
    assert arrivals.standing().state is State.PARTIAL
    arrivals.add(role=EXPERTS)
    standing = arrivals.standing()
    assert standing.state is State.SUBMITTED
    assert standing.submission is not None
    assert standing.submission.files == (f"STP-{OFFICE}.xlsx", f"STP-{EXPERTS}.xlsx")


def test_a_refused_newer_card_of_one_role_is_told_though_another_came_after_it(
    arrivals: Arrivals,
) -> None:
    arrivals.add(role=OFFICE)
    arrivals.add(WRONG, role=OFFICE)
    arrivals.add(role=EXPERTS)
    standing = arrivals.standing()
    assert (standing.state, standing.newer_invalid) == (State.SUBMITTED, True)
    assert "over-maximum" in {f.name for f in standing.findings}


def test_the_refused_card_of_an_outstanding_role_is_told(arrivals: Arrivals) -> None:
    arrivals.add(WRONG, role=OFFICE)
    arrivals.add(role=EXPERTS)
    standing = arrivals.standing()
    assert (standing.state, standing.newer_invalid) == (State.PARTIAL, False)
    assert {f.name for f in standing.findings} >= {"card-outstanding", "over-maximum"}


def test_a_form_that_no_longer_counts_is_told_under_its_unit(arrivals: Arrivals) -> None:
    arrivals.add_revoked()
    standing = arrivals.standing()
    assert (standing.state, standing.version) == (State.INVALID, 1)
    assert [f.name for f in standing.findings] == ["revoked"]
    arrivals.add()
    assert (arrivals.standing().state, arrivals.standing().findings) == (State.SUBMITTED, ())
    arrivals.add_revoked()
    standing = arrivals.standing()
    assert (standing.state, standing.newer_invalid) == (State.SUBMITTED, True)
    assert [f.name for f in standing.findings] == ["revoked"]


def test_a_revoked_role_card_waits_only_until_the_whole_card_is_in(arrivals: Arrivals) -> None:
    arrivals.add_revoked(role=OFFICE)
    arrivals.add()
    standing = arrivals.standing()
    assert (standing.newer_invalid, standing.findings) == (False, ())
    arrivals.add_revoked(role=OFFICE)
    standing = arrivals.standing()
    assert (standing.state, standing.newer_invalid) == (State.SUBMITTED, True)


def test_a_return_that_follows_an_older_rubric_counts_no_more(tmp_path: Path) -> None:
    arrivals = Arrivals(make_campaign(tmp_path))
    arrivals.add()
    assert arrivals.standing().state is State.SUBMITTED
    data = rubric()
    data["nodes"][0]["nodes"][1]["method"]["levels"][0]["label"] = "Đúng hạn"
    arrivals.office = make_campaign(tmp_path, rubrics={"so": data})
    standing = arrivals.standing(LATER)
    assert (standing.state, standing.submission, standing.late) == (State.INVALID, None, True)
    assert [f.name for f in standing.findings] == ["old-rubric"]


def test_a_wording_fix_of_a_title_leaves_returns_as_they_are(tmp_path: Path) -> None:
    arrivals = Arrivals(make_campaign(tmp_path))
    arrivals.add()
    data = rubric()
    data["nodes"][0]["title"] = "Công tác chỉ đạo, điều hành"
    arrivals.office = make_campaign(tmp_path, rubrics={"so": data})
    assert arrivals.standing().state is State.SUBMITTED


def test_units_that_do_not_exist_at_their_deadline_are_not_waited_for(tmp_path: Path) -> None:
    units = "code,name,tier,valid_to\nSTP,a,so,\nCU,b,so,2026-01-01\n"
    made = make_campaign(tmp_path, units=units)
    assert list(standings(made.workspace, [], EARLY)) == ["STP"]


def test_a_scan_of_the_future_proves_nothing(arrivals: Arrivals) -> None:
    arrival = replace(arrivals.add(at=LATER), file_time=EARLY)
    seen = replace(arrival, scanned=LATER - timedelta(hours=1))
    ahead = replace(arrival, scanned=LATER + timedelta(days=9))
    assert not timing(seen, DEADLINE, Unproven.ASK).unproven
    assert timing(ahead, DEADLINE, Unproven.ASK).unproven
