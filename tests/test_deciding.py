"""Decisions: what a person may decide about a return, what follows, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.campaigns import make_campaign, rubric
from tests.intake_office import NOW, Office, codes
from xlscore.deciding import (
    DecisionError,
    Refusal,
    Said,
    Waived,
    accept,
    assign,
    restore,
    set_received,
    unwaive,
    void,
    waive,
)
from xlscore.findings import Severity, Status
from xlscore.histories import history_of, words
from xlscore.identity import SCORECARD
from xlscore.ledger import Ledger, Recorded
from xlscore.proceedings import proceedings
from xlscore.standing import Standing, State, counting, standings
from xlscore.upkeep import check_ledger, rebuild
from xlscore.workbooks.members import read_members, replace_members

SAID = Said("đã gọi điện xác nhận", "Lan", NOW + timedelta(days=1))
DEADLINE = datetime(2026, 12, 15, 16, 59, 59, tzinfo=UTC)


@pytest.fixture
def ledger(office: Office) -> Iterator[Ledger]:
    with office.ledger() as opened:
        yield opened


def take(office: Office, *contents: str | bytes, name: str = "STP.xlsx") -> None:
    for content in contents:
        office.put(name, content)
        office.collect(now=lambda: NOW)


def standing(office: Office, ledger: Ledger, unit: str = "STP") -> Standing:
    assert ledger.chain_is_sound()
    return standings(office.workspace, ledger.submissions(), NOW)[unit]


@contextmanager
def refused(refusal: Refusal) -> Iterator[list[DecisionError]]:
    told: list[DecisionError] = []
    with pytest.raises(DecisionError) as caught:
        yield told
    told.append(caught.value)
    assert caught.value.refusal is refusal


def anonymous(office: Office, content: str = "first") -> bytes:
    """Return a filled form of STP whose token nobody can verify: it no longer says whose it is."""
    spoiled = {
        m.name: re.sub(rb"XLS1\.[\w.-]+", b"XLS1.a.b.c", m.content)
        for m in read_members(office.returns[content])
    }
    return replace_members(office.returns[content], spoiled)


# --- accept -----------------------------------------------------------------------------------------


def test_a_refused_return_whose_values_are_there_is_accepted_as_a_further_version(
    office: Office, ledger: Ledger
) -> None:
    take(office, "first", "unproven")
    assert standing(office, ledger).newer_invalid
    kept = accept(office.workspace, ledger, 2, SAID)
    assert (kept.id, kept.version, kept.status, kept.judged_again) == (3, 3, Status.VALID, 2)
    assert kept.received == office.recorded()[1].received
    assert {f.waived for f in kept.findings} == {"đã gọi điện xác nhận (Lan)"}
    assert {f.severity for f in kept.findings} == {Severity.NOTE}
    now = standing(office, ledger)
    assert (now.state, now.version, now.newer_invalid) == (State.SUBMITTED, 3, False)
    last = [(e.kind, json.loads(e.body)) for e in ledger.events()][-1]
    assert last[0] == "judged-again"
    assert (last[1]["submission"], last[1]["again"], last[1]["by"]) == (2, 3, "Lan")


def test_a_complete_draft_is_accepted_though_it_was_not_ticked(
    office: Office, ledger: Ledger
) -> None:
    take(office, "draft")
    kept = accept(office.workspace, ledger, 1, SAID)
    assert (kept.status, kept.findings) == (Status.VALID, ())
    assert standing(office, ledger).state is State.SUBMITTED


def test_a_draft_with_open_rows_is_refused_with_their_list(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made.workspace.inbox.mkdir()
    office = Office(tmp_path, {})
    open_rows = {("n1.1", "points"): None, ("n1.5", "points"): None, ("", "@submit"): None}
    take(office, made.filled(open_rows))
    assert office.recorded()[0].status is Status.DRAFT
    with office.ledger() as ledger:
        with refused(Refusal.OPEN_ROWS) as told:
            accept(office.workspace, ledger, 1, SAID)
        assert [(f.name, f.row) for f in told[0].findings] == [
            ("missing-entry", "1.1"),
            ("missing-entry", "1.5"),
        ]
        assert len(ledger.submissions()) == 1
        for row in ("1.1", "1.5"):
            waive(office.workspace, ledger, "STP", "S011", row, SAID)
        assert accept(office.workspace, ledger, 1, SAID).status is Status.VALID


def test_an_open_row_of_a_ticked_card_is_waived_and_counts_nothing(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made.workspace.inbox.mkdir()
    office = Office(tmp_path, {})
    take(office, made.filled({("n1.1", "points"): None}))
    with office.ledger() as ledger:
        kept = accept(office.workspace, ledger, 1, SAID)
        assert [(f.name, bool(f.waived)) for f in kept.findings] == [("missing-entry", True)]
        results = standing(office, ledger).submission
        assert results is not None
        assert not results.scores["n1.1"].points


def test_a_value_that_was_refused_cannot_be_accepted(office: Office, ledger: Ledger) -> None:
    take(office, "wrong")
    with refused(Refusal.STILL_REFUSED) as told:
        accept(office.workspace, ledger, 1, SAID)
    assert codes(told[0].findings) == ["over-maximum"]
    assert len(ledger.submissions()) == 1


def test_a_file_that_is_no_form_cannot_be_accepted(office: Office, ledger: Ledger) -> None:
    take(office, b"no workbook")
    with refused(Refusal.NOT_TAKEN) as told:
        accept(office.workspace, ledger, 1, SAID)
    assert [f.severity for f in told[0].findings] == [Severity.ERROR]


def test_what_is_valid_void_or_unknown_cannot_be_accepted(office: Office, ledger: Ledger) -> None:
    take(office, "first")
    with refused(Refusal.ALREADY_VALID):
        accept(office.workspace, ledger, 1, SAID)
    void(ledger, 1, SAID)
    with refused(Refusal.IS_VOID):
        accept(office.workspace, ledger, 1, SAID)
    with refused(Refusal.NO_SUCH_ARRIVAL):
        accept(office.workspace, ledger, 2, SAID)


def test_a_file_is_not_accepted_twice_but_again_once_that_was_void(
    office: Office, ledger: Ledger
) -> None:
    take(office, "unproven")
    accept(office.workspace, ledger, 1, SAID)
    with refused(Refusal.JUDGED_AGAIN) as told:
        accept(office.workspace, ledger, 1, SAID)
    assert told[0].number == 2
    with refused(Refusal.JUDGED_AGAIN):
        void(ledger, 1, SAID)  # 2 is what counts: the number on the first receipt would do nothing
    void(ledger, 2, SAID)
    assert standing(office, ledger).state is State.INVALID
    assert accept(office.workspace, ledger, 1, SAID).id == 3


def test_accepting_leaves_the_inbox_alone(office: Office, ledger: Ledger) -> None:
    """The entry holds a newer content by now: looking at it again must not bring it a second time."""
    take(office, "unproven", "second")
    void(ledger, 2, SAID)
    accept(office.workspace, ledger, 1, SAID)
    assert standing(office, ledger).version == 3
    assert office.collect().recorded == []
    path = office.inbox / "STP.xlsx"
    path.touch()
    assert office.collect().recorded == []
    assert check_ledger(office.workspace).troubles == []
    office.put("copy.xlsx", "unproven")
    assert office.collect().recorded == []
    office.put("STP.xlsx", "first")
    (new,) = office.collect().recorded
    assert new.version == 4


def test_accepting_keeps_the_file_time_of_its_own_content(office: Office, ledger: Ledger) -> None:
    take(office, "unproven", "second")
    void(ledger, 2, SAID)
    first = office.recorded()[0]
    assert accept(office.workspace, ledger, 1, SAID).file_time == first.file_time
    assert office.recorded()[2].file_time == first.file_time


def test_a_rebuilt_ledger_knows_what_lies_in_the_inbox_after_a_decision(office: Office) -> None:
    take(office, "unproven", "second")
    with office.ledger() as ledger:
        void(ledger, 2, SAID)
        accept(office.workspace, ledger, 1, SAID)
        before = ledger.submissions()
    office.workspace.ledger_path.unlink()
    rebuild(office.workspace, NOW)
    with office.ledger() as ledger:
        assert ledger.submissions() == before
    assert office.collect().recorded == []


# --- assign -----------------------------------------------------------------------------------------


def test_a_form_that_does_not_say_whose_it_is_is_assigned(office: Office, ledger: Ledger) -> None:
    take(office, anonymous(office), name="phieu.xlsx")
    (lost,) = ledger.submissions()
    assert (lost.status, lost.unit) == (Status.REJECTED, "")
    kept = assign(office.workspace, ledger, 1, "STP", "", SAID)
    assert (kept.status, kept.unit, kept.version, kept.judged_again) == (Status.VALID, "STP", 1, 1)
    assert standing(office, ledger).state is State.SUBMITTED
    with refused(Refusal.JUDGED_AGAIN):
        assign(office.workspace, ledger, 1, "STC", "", SAID)
    void(ledger, 2, SAID)
    assert assign(office.workspace, ledger, 1, "STC", "", SAID).unit == "STC"
    assert standing(office, ledger).state is State.MISSING


def test_an_assigned_form_gets_a_marked_copy_and_can_be_accepted(
    office: Office, ledger: Ledger
) -> None:
    take(office, anonymous(office, "unproven"), name="phieu.xlsx")
    kept = assign(office.workspace, ledger, 1, "STP", "", SAID)
    assert kept.status is Status.INVALID
    marked = [p for p in ledger.posts() if p.kind == "marked"]
    assert [(p.subject, p.submission) for p in marked] == [("STP", 2)]
    own = ledger.issues(SCORECARD)["STP", ""]
    assert [i.copy_of for i in ledger.every_issue("STP") if i.copy_of] == [own.serial]
    assert accept(office.workspace, ledger, 2, SAID).status is Status.VALID


def test_a_form_in_the_wrong_folder_is_assigned_and_accepted(
    office: Office, ledger: Ledger
) -> None:
    take(office, "unproven", name="STC/phieu.xlsx")
    assert codes(ledger.submissions()[0].findings) == ["other-unit"]
    with refused(Refusal.NOT_TAKEN):
        accept(office.workspace, ledger, 1, SAID)
    assert assign(office.workspace, ledger, 1, "STP", "", SAID).status is Status.INVALID
    assert accept(office.workspace, ledger, 2, SAID).status is Status.VALID
    assert standing(office, ledger).state is State.SUBMITTED


def test_a_form_that_was_issued_anew_since_is_assigned(office: Office, ledger: Ledger) -> None:
    digest = ledger.issues(SCORECARD)["STP", ""].digest
    ledger.issue(SCORECARD, [("STP", "", "x")], NOW)
    ledger.issue(SCORECARD, [("STP", "", digest)], NOW)
    take(office, "first")
    assert codes(ledger.submissions()[0].findings) == ["revoked"]
    kept = assign(office.workspace, ledger, 1, "STP", "", SAID)
    assert (kept.status, kept.serial) == (Status.VALID, ledger.issues(SCORECARD)["STP", ""].serial)


def test_what_says_itself_whose_it_is_cannot_be_assigned(office: Office, ledger: Ledger) -> None:
    take(office, "first")
    with refused(Refusal.HAS_UNIT):
        assign(office.workspace, ledger, 1, "STC", "", SAID)


@pytest.mark.parametrize(
    ("unit", "role", "refusal"),
    [
        ("XXX", "", Refusal.UNKNOWN_UNIT),
        ("STP", "ke-toan", Refusal.UNKNOWN_ROLE),
        ("STP", "", Refusal.NOT_A_FORM),
    ],
)
def test_nonsense_is_not_assigned(
    office: Office, ledger: Ledger, unit: str, role: str, refusal: Refusal
) -> None:
    take(office, b"no workbook")
    with refused(refusal):
        assign(office.workspace, ledger, 1, unit, role, SAID)
    assert len(ledger.submissions()) == 1


def test_a_role_card_in_the_wrong_folder_stays_its_roles(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made.workspace.inbox.mkdir()
    office = Office(tmp_path, {})
    take(office, made.filled(role="van-phong"), name="STC/x.xlsx")
    with office.ledger() as ledger:
        kept = assign(office.workspace, ledger, 1, "STP", "", SAID)
        assert (kept.status, kept.role) == (Status.VALID, "van-phong")
        assert standing(office, ledger).state is State.PARTIAL


# --- void -------------------------------------------------------------------------------------------


def test_what_counted_before_counts_again_when_a_return_is_void(
    office: Office, ledger: Ledger
) -> None:
    take(office, "first", "second")

    def points() -> Decimal | None:
        own = standing(office, ledger).submission
        assert proceedings(office.workspace, ledger, NOW).results.rows
        assert own is not None
        return own.scores["n1.1"].points

    assert points() == Decimal("0.5")
    void(ledger, 2, SAID)
    assert (standing(office, ledger).version, points()) == (1, Decimal(1))
    with refused(Refusal.ALREADY_VOID):
        void(ledger, 2, SAID)
    restore(ledger, 2, SAID)
    assert (standing(office, ledger).version, points()) == (2, Decimal("0.5"))
    with refused(Refusal.NOT_VOID):
        restore(ledger, 2, SAID)
    assert [e.kind for e in ledger.events()][-2:] == ["voided", "restored"]


def test_a_unit_whose_only_return_is_void_has_sent_nothing(office: Office, ledger: Ledger) -> None:
    take(office, "first")
    void(ledger, 1, SAID)
    assert standing(office, ledger).state is State.MISSING
    assert [r.voided for r in ledger.submissions()] == ["đã gọi điện xác nhận (Lan)"]


def test_a_refused_return_that_is_void_no_longer_waits(office: Office, ledger: Ledger) -> None:
    take(office, "first", "wrong")
    void(ledger, 2, SAID)
    assert not standing(office, ledger).newer_invalid


# --- waive ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ["1.1", "n1.1", ""])
def test_a_waiver_has_the_latest_return_judged_again_and_holds_for_later_ones(
    office: Office, ledger: Ledger, row: str
) -> None:
    take(office, "unproven")
    done = waive(office.workspace, ledger, "STP", "S025", row, SAID)
    (kept,) = done.counting
    assert (kept.status, kept.version, done.refused) == (Status.VALID, 2, ())
    again = replace_members(office.returns["unproven"], {"docProps/core.xml": b"<x/>"})
    take(office, again)
    last = ledger.submissions()[-1]
    assert (last.status, last.version) == (Status.VALID, 3)
    unwaive(office.workspace, ledger, "STP", "S025", "n1.1" if row == "1.1" else row, SAID)
    with refused(Refusal.NOT_WAIVED):
        unwaive(office.workspace, ledger, "STP", "S025", row, SAID)
    assert standing(office, ledger).version == 3  # what was taken under it stays
    take(office, replace_members(office.returns["unproven"], {"docProps/core.xml": b"<y/>"}))
    assert ledger.submissions()[-1].status is Status.INVALID


def test_a_waiver_that_is_not_enough_says_what_is_left(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made.workspace.inbox.mkdir()
    office = Office(tmp_path, {})
    take(office, made.filled({("n1.1", "@evidence"): None, ("n1.5", "points"): Decimal(9)}))
    with office.ledger() as ledger:
        done = waive(office.workspace, ledger, "STP", "S025", "", SAID)
        ((before, findings),) = done.refused
        assert (before.id, codes(findings), done.counting) == (1, ["over-maximum"], ())
        assert len(ledger.submissions()) == 1


def test_waivers_of_the_campaign_and_of_the_operator_hold_together(tmp_path: Path) -> None:
    given = {"unit": "STP", "code": "S011", "row": "1.5", "reason": "x", "by": "y"}
    made = make_campaign(tmp_path, waivers=[given])
    made.workspace.inbox.mkdir()
    office = Office(tmp_path, {})
    take(office, made.filled({("n1.1", "@evidence"): None, ("n1.5", "points"): None}))
    with office.ledger() as ledger:
        (kept,) = waive(office.workspace, ledger, "STP", "S025", "1.1", SAID).counting
        assert {f.waived for f in kept.findings} == {"x (y)", "đã gọi điện xác nhận (Lan)"}


def test_a_waiver_does_not_bring_back_what_is_void_or_was_corrected(
    office: Office, ledger: Ledger
) -> None:
    take(office, "unproven", "first")
    assert waive(office.workspace, ledger, "STP", "S025", "", SAID) == Waived((), ())
    void(ledger, 1, SAID)
    void(ledger, 2, SAID)
    assert waive(office.workspace, ledger, "STP", "S025", "1.1", SAID) == Waived((), ())


@pytest.mark.parametrize(
    ("unit", "code", "row", "refusal"),
    [
        ("XXX", "S025", "", Refusal.UNKNOWN_UNIT),
        ("STP", "S012", "", Refusal.NOT_WAIVABLE),
        ("STP", "S025", "9.9", Refusal.UNKNOWN_ROW),
    ],
)
def test_nonsense_is_not_waived(
    office: Office, ledger: Ledger, unit: str, code: str, row: str, refusal: Refusal
) -> None:
    with refused(refusal):
        waive(office.workspace, ledger, unit, code, row, SAID)
    assert ledger.decisions() == []


# --- the time of arrival ----------------------------------------------------------------------------


def late(office: Office, ledger: Ledger) -> bool:
    return standing(office, ledger).late


def test_a_late_return_is_on_time_when_the_operator_says_so_and_back(
    office: Office, ledger: Ledger
) -> None:
    office.put("STP.xlsx")
    with office.watched(start=DEADLINE + timedelta(days=5)) as watched:
        watched.look()
    said = replace(SAID, at=DEADLINE + timedelta(days=6))
    assert (late(office, ledger), standing(office, ledger).unproven) == (True, True)
    set_received(ledger, 1, DEADLINE - timedelta(minutes=1), said)
    now = standing(office, ledger)
    assert (now.late, now.unproven, now.received) == (False, False, DEADLINE - timedelta(minutes=1))
    assert ledger.submissions()[0].timed == "đã gọi điện xác nhận (Lan)"
    set_received(ledger, 1, DEADLINE + timedelta(days=5), said)
    now = standing(office, ledger)
    assert (now.late, now.unproven) == (True, False)
    assert [e.kind for e in ledger.events()][-2:] == ["timed", "timed"]
    with refused(Refusal.IN_THE_FUTURE):
        set_received(ledger, 1, said.at + timedelta(seconds=1), said)


@pytest.mark.parametrize("order", ["time first", "accept first"])
def test_the_time_of_a_file_holds_for_every_judgement_on_it(
    office: Office, ledger: Ledger, order: str
) -> None:
    take(office, "unproven")
    when = NOW - timedelta(days=3)
    if order == "time first":
        set_received(ledger, 1, when, SAID)
        accept(office.workspace, ledger, 1, SAID)
    else:
        accept(office.workspace, ledger, 1, SAID)
        set_received(ledger, 1, when, SAID)
    assert [(r.received, r.timed) for r in ledger.submissions()] == [(when, SAID.words)] * 2


# --- every decision ---------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [replace(SAID, reason=" "), replace(SAID, by="")])
def test_nothing_is_decided_without_reason_and_name(
    office: Office, ledger: Ledger, said: Said
) -> None:
    take(office, "unproven")
    head = ledger.head()
    for decide in (
        lambda: accept(office.workspace, ledger, 1, said),
        lambda: assign(office.workspace, ledger, 1, "STP", "", said),
        lambda: void(ledger, 1, said),
        lambda: restore(ledger, 1, said),
        lambda: set_received(ledger, 1, NOW, said),
        lambda: waive(office.workspace, ledger, "STP", "S025", "", said),
        lambda: unwaive(office.workspace, ledger, "STP", "S025", "", said),
    ):
        with refused(Refusal.NO_REASON):
            decide()
    assert ledger.head() == head


def test_every_decision_is_an_event_with_reason_and_name(office: Office, ledger: Ledger) -> None:
    take(office, "unproven")
    before = len(ledger.events())
    waive(office.workspace, ledger, "STC", "S025", "", SAID)
    unwaive(office.workspace, ledger, "STC", "S025", "", SAID)
    set_received(ledger, 1, NOW, SAID)
    void(ledger, 1, SAID)
    restore(ledger, 1, SAID)
    accept(office.workspace, ledger, 1, SAID)
    told = [(e.kind, json.loads(e.body)) for e in ledger.events()[before:]]
    named = [kind for kind, body in told if body.get("reason") == SAID.reason]
    assert named == ["waived", "unwaived", "timed", "voided", "restored", "judged-again", "timed"]
    assert check_ledger(office.workspace).troubles == []


def test_the_history_of_a_unit_tells_why_a_return_was_judged_again(
    office: Office, ledger: Ledger
) -> None:
    take(office, "unproven")
    accept(office.workspace, ledger, 1, SAID)
    unit = office.workspace.campaign.units["STP"]
    lines = history_of(office.workspace, ledger, unit)
    (told,) = [line for line in lines if line.kind == "judged-again"]
    expected = {"submission": 1, "again": 2, "reason": SAID.reason, "by": "Lan"}
    assert told.facts == expected
    assert "đã gọi điện xác nhận" in words(told, office.workspace.campaign.zone)


# --- any sequence -----------------------------------------------------------------------------------

CONTENTS = ("first", "second", "draft", "wrong", "unproven", "other")


class Decisions(RuleBasedStateMachine):
    """Any sequence of arrivals and decisions."""

    make: ClassVar[Callable[[], Office]]

    @initialize()
    def begin(self) -> None:
        self.office = type(self).make()
        self.ledger_of = self.office.ledger()
        self.ledger = self.ledger_of.__enter__()
        self.seen: list[Recorded] = []
        self.copies = 0

    @rule(content=st.sampled_from(CONTENTS), folder=st.sampled_from(["", "STC/"]))
    def arrives(self, content: str, folder: str) -> None:
        self.copies += 1
        data = replace_members(
            self.office.returns[content], {"docProps/core.xml": f"<x{self.copies}/>".encode()}
        )
        take(self.office, data, name=f"{folder}{self.copies}.xlsx")

    @rule(
        number=st.integers(1, 8),
        what=st.sampled_from(["accept", "void", "restore", "assign", "time"]),
    )
    def decides(self, number: int, what: str) -> None:
        workspace, ledger = self.office.workspace, self.ledger
        try:
            match what:
                case "accept":
                    assert accept(workspace, ledger, number, SAID).status is Status.VALID
                case "void":
                    void(ledger, number, SAID)
                case "restore":
                    restore(ledger, number, SAID)
                case "assign":
                    assign(workspace, ledger, number, "STP", "", SAID)
                case _:
                    set_received(ledger, number, NOW - timedelta(days=number), SAID)
        except DecisionError as error:
            assert error.refusal in set(Refusal)  # noqa: PT017

    @rule(row=st.sampled_from(["", "1.1"]), back=st.booleans())
    def waives(self, row: str, back: bool) -> None:
        try:
            if back:
                unwaive(self.office.workspace, self.ledger, "STP", "S025", row, SAID)
            else:
                waive(self.office.workspace, self.ledger, "STP", "S025", row, SAID)
        except DecisionError as error:
            assert error.refusal is Refusal.NOT_WAIVED  # noqa: PT017

    @invariant()
    def all_is_kept_and_the_latest_valid_counts(self) -> None:
        now = self.ledger.submissions()
        assert self.ledger.chain_is_sound()
        bytes_of = [(r.id, r.sha256, r.status, r.findings, r.card) for r in now]
        assert bytes_of[: len(self.seen)] == [
            (r.id, r.sha256, r.status, r.findings, r.card) for r in self.seen
        ]
        self.seen = now
        for unit in ("STP", "STC"):
            own = [r for r in now if r.unit == unit]
            valid = [r for r in own if r.status is Status.VALID and not r.voided]
            chosen = counting(self.office.workspace, own).get("")
            assert (chosen.id if chosen else 0) == max((r.id for r in valid), default=0)
        assert {r.sha256 for r in now if r.sha256} <= self.office.blobs()

    def teardown(self) -> None:
        if hasattr(self, "ledger_of"):
            self.ledger_of.__exit__(None, None, None)
            assert check_ledger(self.office.workspace).troubles == []


def test_any_sequence_of_decisions_keeps_the_ledger_sound(
    prepared: tuple[Path, dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    def fresh() -> Office:
        folder = tmp_path_factory.mktemp("sequence") / "campaign"
        shutil.copytree(prepared[0], folder)
        return Office(folder, prepared[1])

    Decisions.make = staticmethod(fresh)
    run_state_machine_as_test(
        Decisions,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


# --- at once with others, and after the rubric has changed ------------------------------------------


def test_a_return_that_somebody_else_voids_meanwhile_is_not_voided_twice(
    office: Office, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(office, "first")
    real = ledger.transaction

    def late() -> AbstractContextManager[None]:
        monkeypatch.setattr(ledger, "transaction", real)
        with office.ledger() as other:
            void(other, 1, SAID)
        return real()

    monkeypatch.setattr(ledger, "transaction", late)
    with refused(Refusal.ALREADY_VOID):
        void(ledger, 1, SAID)
    assert len(ledger.decisions("void")) == 1


def test_an_older_return_is_not_accepted_over_a_newer_one_that_counts(
    office: Office, ledger: Ledger
) -> None:
    take(office, "unproven", "second")
    with refused(Refusal.NEWER_COUNTS) as told:
        accept(office.workspace, ledger, 1, SAID)
    assert told[0].number == 2
    assert standing(office, ledger).version == 2
    void(ledger, 2, SAID)
    assert accept(office.workspace, ledger, 1, SAID).version == 3


def test_no_decision_makes_a_return_fit_another_rubric(office: Office, ledger: Ledger) -> None:
    take(office, "first")
    changed = rubric()
    changed["nodes"][0]["nodes"][1]["method"]["levels"][0]["label"] = "Đúng hạn"
    office.workspace = make_campaign(office.root, rubrics={"so": changed}).workspace
    with refused(Refusal.OLD_RUBRIC):
        accept(office.workspace, ledger, 1, SAID)
    with refused(Refusal.OLD_RUBRIC):
        assign(office.workspace, ledger, 1, "STP", "", SAID)


def test_a_committed_decision_stands_though_the_journal_has_to_wait(
    office: Office, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(office, "first")

    def locked() -> None:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(ledger, "journalise", locked)
    void(ledger, 1, SAID)
    assert "locked" in ledger.journal_trouble
    assert office.recorded()[0].voided
    assert check_ledger(office.workspace).troubles == []
