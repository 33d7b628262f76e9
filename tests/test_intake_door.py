"""Whose inbox it is, and whether it is there: where it is not, nothing is concluded."""

from __future__ import annotations

import errno
import io
import json
import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.intake_office import NOW, Office, Watched, posix
from xlscore import sentinel
from xlscore.archive import archive_copy
from xlscore.findings import Status
from xlscore.inbox import Tracker
from xlscore.intake import Availability, Collected, session
from xlscore.intake.door import INBOX
from xlscore.sentinel import NAME, Holder, hand_over, read_sentinel

UNAVAILABLE = Availability.UNAVAILABLE


def assert_closed(result: Collected, state: Availability, *said: str) -> None:
    assert (result.door.state, result.door.open, result.complete) == (state, False, False)
    assert (result.recorded, result.evidence, result.waiting, result.unchanged) == ([], [], [], 0)
    assert all(result.door.words)
    for part in said:
        assert part in result.door.words[1]


def test_the_first_pass_marks_the_inbox_and_the_ledger_remembers_it(office: Office) -> None:
    assert office.collect(now=lambda: NOW).door.open
    found = read_sentinel(office.inbox)
    assert found is not None
    assert (found.campaign, found.epoch, found.since) == ("thu-2026", 1, NOW)
    with office.ledger() as ledger:
        assert ledger.fact(INBOX) == found.inbox
        assert found.holder == Holder(ledger.id, sentinel.this_host(), sentinel.this_user())
        (event,) = [e for e in ledger.events() if e.kind == "inbox-opened"]
        assert json.loads(event.body)["inbox"] == found.inbox
    office.collect()
    assert read_sentinel(office.inbox) == found


def test_an_inbox_that_was_marked_but_not_yet_remembered_is_ours(office: Office) -> None:
    with office.ledger() as ledger:
        holder = Holder(ledger.id, sentinel.this_host(), sentinel.this_user())
    made = sentinel.create_sentinel(office.inbox, campaign="thu-2026", holder=holder, now=NOW)
    assert office.collect().door.open
    with office.ledger() as ledger:
        assert ledger.fact(INBOX) == made.inbox


def test_an_inbox_that_is_away_is_said_to_be_so(office: Office) -> None:
    office.inbox.rmdir()
    assert_closed(office.collect(), UNAVAILABLE, "is not there")
    office.inbox.mkdir()
    assert office.collect().door.open


def away(office: Office) -> Path:
    return office.inbox.rename(office.inbox.with_name("elsewhere"))


def back(office: Office, where: Path) -> None:
    if office.inbox.exists():
        office.inbox.rmdir()
    where.rename(office.inbox)


@pytest.mark.parametrize("empty", [False, True], ids=["gone", "empty folder left behind"])
def test_a_share_that_goes_and_comes_back_withdraws_nothing_and_repeats_nothing(
    office: Office, empty: bool
) -> None:
    with office.watched() as watched:
        office.put("STP.xlsx")
        watched.look()
        where = away(office)
        if empty:
            office.inbox.mkdir()
        for _ in range(3):
            assert_closed(watched.look(60), UNAVAILABLE)
        back(office, where)
        again = watched.look(60)
        assert (again.door.open, again.unchanged, again.recorded) == (True, 1, [])
        office.put("STC.xlsx", "other")
        assert len(watched.look(60).recorded) == 1
    assert office.told() == [("STP.xlsx", "valid", 1), ("STC.xlsx", "valid", 1)]


def test_what_came_while_the_share_was_away_is_not_proven_by_passes_that_saw_nothing(
    office: Office,
) -> None:
    with office.watched() as watched:
        watched.look()
        where = away(office)
        watched.look(60)
        (where / "STP.xlsx").write_bytes(office.returns["first"])
        watched.look(60)
        back(office, where)
        (kept,) = watched.look(60).recorded
    assert kept.scanned == NOW


def test_what_is_waited_for_outlives_a_share_that_goes_and_comes_back(office: Office) -> None:
    office.settle_on(intake={"incomplete_minutes": "10"})
    with office.watched() as watched:
        office.put("STP.xlsx", office.returns["first"][:4000])
        watched.look()
        where = away(office)
        watched.look(300)
        back(office, where)
        (answered,) = watched.look(300).recorded
    assert (answered.status, answered.received) == (Status.REJECTED, NOW)


def test_a_share_that_goes_while_it_is_looked_at_closes_the_inbox(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx")
    with office.watched() as watched:
        watched.look()
        real = os.scandir

        def failing(path: Any) -> Any:
            if str(path) == str(office.inbox):
                raise OSError(errno.EIO, "Input/output error", str(path))
            return real(path)

        monkeypatch.setattr(os, "scandir", failing)
        assert_closed(watched.look(60), UNAVAILABLE)
        monkeypatch.undo()
        office.put("STC.xlsx", "other")
        (kept,) = watched.look(60).recorded
    assert kept.scanned == NOW


def test_a_single_run_tells_what_it_recorded_before_the_share_went(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STC.xlsx", "other")
    office.put("STP.xlsx")
    look = Tracker.look

    def one_still_changes(*args: Any) -> Any:
        settled, _ = look(*args)
        return settled[:1], [settled[1].entry]

    monkeypatch.setattr(Tracker, "look", one_still_changes)
    monkeypatch.setattr("xlscore.intake.session.time.sleep", lambda _seconds: away(office))
    result = office.collect()
    assert (result.door.state, result.complete) == (UNAVAILABLE, False)
    assert ([r.file for r in result.recorded], result.unchanged) == (["STC.xlsx"], 0)


def test_a_folder_copied_from_another_inbox_is_not_the_one_used_so_far(office: Office) -> None:
    office.collect()
    mark = office.inbox / NAME
    said = json.loads(mark.read_text(encoding="utf-8"))
    mark.write_text(json.dumps({**said, "inbox": "0123456789abcdef"}), encoding="utf-8")
    assert_closed(office.collect(), UNAVAILABLE, "not the inbox used so far")


def test_a_mark_that_somebody_deletes_closes_the_inbox_until_it_is_back(office: Office) -> None:
    office.put("STP.xlsx")
    office.collect()
    mark = office.inbox / NAME
    kept = mark.read_bytes()
    mark.unlink()
    office.put("STC.xlsx", "other")
    assert_closed(office.collect(), UNAVAILABLE, NAME, "perhaps the share is not connected")
    assert not mark.exists()
    mark.write_bytes(kept)
    office.collect()
    assert [r.file for r in office.recorded()] == ["STP.xlsx", "STC.xlsx"]


def test_a_damaged_mark_closes_the_inbox_and_is_left_as_it_is(office: Office) -> None:
    mark = office.inbox / NAME
    mark.write_bytes(b"{}")
    assert_closed(office.collect(), UNAVAILABLE, "damaged")
    assert mark.read_bytes() == b"{}"


def test_the_inbox_of_another_campaign_is_refused_by_name(office: Office) -> None:
    holder = Holder("ledger", "host", "user")
    sentinel.create_sentinel(office.inbox, campaign="khac-2026", holder=holder, now=NOW)
    office.put("STP.xlsx")
    assert_closed(office.collect(), Availability.OTHER_CAMPAIGN, "khac-2026")
    assert office.blobs() == set()


@pytest.mark.parametrize("host", ["MAY-02", sentinel.this_host()], ids=["host", "ledger"])
def test_an_inbox_that_another_takes_in_is_refused_by_name(office: Office, host: str) -> None:
    holder = Holder("another", host, "binh")
    sentinel.create_sentinel(office.inbox, campaign="thu-2026", holder=holder, now=NOW)
    office.put("STP.xlsx")
    who = "this very computer" if host == sentinel.this_host() else "MAY-02"
    assert_closed(office.collect(), Availability.OTHER_HOST, who, "binh")
    assert office.blobs() == set()


def take_over(office: Office) -> None:
    found = read_sentinel(office.inbox)
    assert found is not None
    hand_over(office.inbox, found, Holder("another", "MAY-02", "binh"), NOW)


@pytest.mark.parametrize("name", ["STP.xlsx", "STP/minh-chung/a.pdf"])
def test_what_another_took_over_after_it_was_archived_is_not_recorded_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    office.collect()
    office.put(name)

    def meanwhile(*args: Any) -> Any:
        archived = archive_copy(*args)
        take_over(office)
        return archived

    monkeypatch.setattr("xlscore.intake.session.archive_copy", meanwhile)
    result = office.collect()
    assert (result.recorded, result.evidence) == ([], [])
    assert (office.recorded(), office.evidence(), office.generations()) == ([], [], {})
    monkeypatch.undo()
    assert_closed(office.collect(), Availability.OTHER_HOST, "MAY-02")


def test_a_mark_that_cannot_be_read_for_a_moment_does_not_undo_what_is_archived(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.collect()
    office.put("STP.xlsx")

    def meanwhile(*args: Any) -> Any:
        archived = archive_copy(*args)
        (office.inbox / NAME).write_bytes(b"{}")
        return archived

    monkeypatch.setattr("xlscore.intake.session.archive_copy", meanwhile)
    assert len(office.collect().recorded) == 1


def read_only(monkeypatch: pytest.MonkeyPatch, inbox: Path) -> None:
    """Forbid every writing below the inbox: root may do what permissions forbid."""
    real, real_open = os.open, io.open

    def refuse(path: Any, *, writing: bool) -> None:
        if writing and isinstance(path, (str, Path)) and Path(path).is_relative_to(inbox):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

    def opening(path: Any, flags: int, *more: Any, **how: Any) -> int:
        refuse(path, writing=bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)))
        return real(path, flags, *more, **how)

    def opening_file(path: Any, mode: str = "r", *more: Any, **how: Any) -> Any:
        refuse(path, writing=bool(set(mode) & set("wxa+")))
        return real_open(path, mode, *more, **how)

    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(io, "open", opening_file)


@posix
def test_an_inbox_that_may_only_be_read_works_once_it_is_marked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.collect()
    office.put("STP.xlsx")
    read_only(monkeypatch, office.inbox)
    assert office.collect().door.open
    assert office.told() == [("STP.xlsx", "valid", 1)]


def test_an_inbox_that_may_only_be_read_cannot_be_marked_and_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx")
    read_only(monkeypatch, office.inbox)
    assert_closed(office.collect(), UNAVAILABLE, "no permission")
    assert not (office.inbox / NAME).exists()
    monkeypatch.undo()
    office.collect()
    assert office.told() == [("STP.xlsx", "valid", 1)]


def test_a_disk_with_little_room_pauses_intake_and_nothing_is_touched(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.settle_on(intake={"least_free_mb": "300"})
    free = [299 << 20]
    module = import_module("xlscore.intake.door")  # a function of the package has its name
    monkeypatch.setattr(module, "free_bytes", lambda _path: free[0])
    office.put("STP.xlsx")
    with office.watched() as watched:
        before = _state(watched)
        assert_closed(watched.look(), Availability.DISK_FULL, "300 MB")
        assert (_state(watched), office.blobs()) == (before, set())
        assert office.files() == {"STP.xlsx"}
        free[0] = 300 << 20
        assert len(watched.look(60).recorded) == 1


def _state(watched: Watched) -> Any:
    return watched.ledger.events(), watched.ledger.waiting(), watched.ledger.fact(session.SCANNED)


def test_an_intake_that_is_told_to_stop_leaves_the_rest_for_the_next(
    office: Office,
) -> None:
    for name in ("STC.xlsx", "STP.xlsx"):
        office.put(name, "other" if name == "STC.xlsx" else "first")
    office.put("STP/minh-chung/a.pdf", b"%PDF-")
    asked = iter([False, False, False, True])
    with office.ledger() as ledger:
        intake = session.Intake(
            office.workspace, ledger, settle=0, now=lambda: NOW, stopping=lambda: next(asked, True)
        )
        stopped = intake.look()
        assert (stopped.recorded, stopped.evidence, ledger.fact(session.SCANNED)) == ([], [], "")
        going_on = session.Intake(office.workspace, ledger, settle=0)
        result = going_on.look()
    assert (len(result.recorded), len(result.evidence)) == (2, 1)


def test_of_two_holders_in_the_mark_the_case_of_the_host_does_not_matter(office: Office) -> None:
    office.collect()
    found = read_sentinel(office.inbox)
    assert found is not None
    upper = replace(found.holder, host=found.holder.host.upper())
    hand_over(office.inbox, found, upper, NOW)
    office.put("STP.xlsx")
    assert len(office.collect().recorded) == 1
