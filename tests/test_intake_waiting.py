"""What is not taken yet: incomplete, open, busy, in the cloud; and what proves when a file came."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.intake_office import NOW, Office, codes, names
from xlscore import archive, inbox
from xlscore.archive import SourceError
from xlscore.findings import Status
from xlscore.inbox import Scan, Tracker
from xlscore.inbox.scanning import Known
from xlscore.intake import Collected, session
from xlscore.ledger import Waiting

MINUTES = 60.0


def patient(office: Office, **given: str) -> None:
    office.settle_on(intake={"incomplete_minutes": "10", **given})


def half(office: Office) -> bytes:
    return office.returns["first"][:4000]


# --- still changing ---------------------------------------------------------------------------------


def test_a_file_that_still_grows_is_told_and_taken_by_a_later_pass(office: Office) -> None:
    with office.watched(settle=5) as watched:
        office.put("STP.xlsx", half(office))
        first = watched.look()
        assert (names(first), first.changing) == (["still-being-copied"], 1)
        assert first.needs_attention
        office.put("STP.xlsx", "first")
        assert watched.look(5).changing == 1
        taken = watched.look(5)
        assert (taken.changing, taken.waiting, len(taken.recorded)) == (0, [], 1)
    assert office.told() == [("STP.xlsx", "valid", 1)]
    assert office.recorded()[0].received == NOW + timedelta(seconds=5)


def test_a_single_run_waits_once_for_what_is_still_changing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx", half(office))
    office.put("STC.xlsx", "other")
    slept: list[float] = []

    def meanwhile(seconds: float) -> None:
        slept.append(seconds)
        office.put("STP.xlsx", "first")

    monkeypatch.setattr("xlscore.intake.session.time.sleep", meanwhile)
    monkeypatch.setattr(Tracker, "look", _ticking(Tracker.look))
    result = office.collect(settle=None)  # the campaign's own five seconds
    assert slept == [5]
    assert names(result) == ["still-being-copied"]
    assert office.told() == [("STC.xlsx", "valid", 1)]


def _ticking(real: Any) -> Any:
    """Let five seconds go by from look to look, whatever the clock shows."""
    ticks = iter(range(0, 100, 5))

    def look(tracker: Any, entries: Any, _clock: float, *more: Any) -> Any:
        return real(tracker, entries, next(ticks), *more)

    return look


def test_a_file_that_is_gone_before_it_settles_leaves_nothing(office: Office) -> None:
    with office.watched(settle=5) as watched:
        path = office.put("STP.xlsx")
        watched.look()
        path.unlink()
        assert watched.look(5) == Collected()
    assert office.recorded() == []


# --- incomplete -------------------------------------------------------------------------------------


def test_an_incomplete_workbook_waits_is_answered_once_and_counts_when_it_is_whole(
    office: Office,
) -> None:
    patient(office)
    with office.watched() as watched:
        office.put("STP.xlsx", half(office))
        for seconds in (0, 1, 60, 300, 238):
            result = watched.look(seconds)
            assert (names(result), result.recorded, result.changing) == (["incomplete"], [], 0)
            assert result.waiting[0].params["what"] == "10"
        watched.look(1)
        watched.look(300)
        answered = office.recorded()
        assert [(r.status, codes(r.findings)) for r in answered] == [(Status.REJECTED, ["damaged"])]
        assert answered[0].received == NOW
        assert names(watched.look(3600)) == []
        office.put("STP.xlsx", "first")
        (whole,) = watched.look(1).recorded
    assert (whole.status, whole.unit, whole.version) == (Status.VALID, "STP", 1)
    assert office.generations() == {b"STP.xlsx": 2}
    assert office.waiting() == {}


def test_how_long_something_is_incomplete_outlives_a_restart(office: Office) -> None:
    patient(office)
    with office.watched() as watched:
        office.put("STP.xlsx", half(office))
        watched.look()
    (waited,) = office.waiting().values()
    assert (waited.why, waited.since, waited.size) == ("incomplete", NOW, 4000)
    with office.watched(start=NOW + timedelta(minutes=9)) as watched:
        assert names(watched.look()) == ["incomplete"]
    with office.watched(settle=5, start=NOW + timedelta(minutes=10)) as watched:
        (answered,) = watched.look().recorded
    assert (answered.received, codes(answered.findings)) == (NOW, ["damaged"])


def test_a_restarted_intake_starts_anew_with_what_changed_meanwhile(office: Office) -> None:
    patient(office)
    with office.watched() as watched:
        office.put("STP.xlsx", half(office))
        watched.look()
        office.put("STP.xlsx", office.returns["first"][:6000])
        watched.restart()
        assert names(watched.look(9 * MINUTES)) == ["incomplete"]
        assert names(watched.look(9 * MINUTES)) == ["incomplete"]
        assert len(watched.look(1 * MINUTES).recorded) == 1


def test_an_incomplete_file_that_vanishes_is_no_longer_waited_for(office: Office) -> None:
    patient(office)
    with office.watched() as watched:
        path = office.put("STP.xlsx", half(office))
        watched.look()
        path.unlink()
        assert watched.look(60 * MINUTES) == Collected()
    assert (office.recorded(), office.waiting()) == ([], {})


def test_a_clock_that_is_set_back_does_not_make_an_incomplete_file_wait_for_ever(
    office: Office,
) -> None:
    patient(office)
    with office.watched() as watched:
        office.put("STP.xlsx", half(office))
        watched.look()
        watched.moment -= timedelta(days=365)
        watched.look(2)
    assert len(office.recorded()) == 1


@pytest.mark.parametrize("name", ["STP.xlsx", "STP.XLSM"])
@pytest.mark.parametrize("content", [b"", bytes(5000), b"PK\3\4" + bytes(96)])
def test_what_looks_like_the_start_of_a_workbook_waits(
    office: Office, name: str, content: bytes
) -> None:
    patient(office)
    office.put(name, content)
    assert names(office.collect()) == ["incomplete"]


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a", "b.txt"])
def test_what_is_no_workbook_by_its_name_is_answered_at_once(office: Office, name: str) -> None:
    patient(office)
    office.put(name, b"PK\3\4" + bytes(96))
    assert len(office.collect().recorded) == 1


# --- open in Excel ----------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["~$STP.xlsx", ".~lock.STP.xlsx#"])
def test_a_file_open_in_excel_waits_and_is_taken_when_it_is_closed(
    office: Office, owner: str
) -> None:
    with office.watched() as watched:
        office.put("STP.xlsx")
        mark = office.put(owner, b"an")
        assert names(watched.look()) == ["open-in-excel"]
        assert names(watched.look(60)) == ["open-in-excel"]
        mark.unlink()
        (kept,) = watched.look(1).recorded
    assert (kept.received, codes(kept.findings)) == (NOW, [])


def test_a_file_open_in_excel_for_too_long_is_taken_with_a_word(office: Office) -> None:
    with office.watched() as watched:
        office.put("STP.xlsx")
        office.put("~$STP.xlsx", b"an")
        assert names(watched.look()) == ["open-in-excel"]
        assert names(watched.look(29 * MINUTES)) == ["open-in-excel"]
        watched.restart()
        (kept,) = watched.look(1 * MINUTES).recorded
        assert (kept.status, codes(kept.findings)) == (Status.VALID, ["taken-while-open"])
        assert [f.code for f in kept.findings] == ["N005"]
        assert watched.look(60).unchanged == 1
        office.put("STP.xlsx", "second")  # saved once more, still open
        assert names(watched.look(60)) == ["open-in-excel"]


def test_an_owner_file_in_another_folder_holds_nothing_back(office: Office) -> None:
    office.put("STP/a.xlsx")
    office.put("~$a.xlsx", b"an")
    assert len(office.collect().recorded) == 1


# --- in the cloud, busy -----------------------------------------------------------------------------


def placeholders(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_cloud(root: Path, known: Known) -> Scan:
        seen = inbox.scan(root, known)
        return Scan([entry._replace(in_cloud=True) for entry in seen.entries], seen.unchanged)

    monkeypatch.setattr(session, "scan", in_cloud)


def test_what_is_in_the_cloud_only_waits_until_it_is_here(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx")
    with office.watched() as watched:
        placeholders(monkeypatch)
        for _ in range(3):
            assert names(watched.look(60)) == ["in-the-cloud"]
        assert office.blobs() == set()
        monkeypatch.undo()
        assert len(watched.look(300).recorded) == 1


def test_what_is_in_the_cloud_is_fetched_where_the_campaign_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient(office, download_placeholders="yes")
    office.put("STP.xlsx")
    placeholders(monkeypatch)
    office.collect()
    assert office.told() == [("STP.xlsx", "valid", 1)]


def test_a_busy_file_is_tried_less_and_less_often_and_taken_once_it_is_free(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[float] = []
    with office.watched() as watched:
        office.put("STP.xlsx")
        office.put("STC.xlsx", "other")
        real = archive._opened

        def busy(path: Path) -> Any:
            if path.name != "STP.xlsx":
                return real(path)
            tries.append(watched.seconds - 1000)
            raise SourceError("đang mở", "open elsewhere")

        monkeypatch.setattr(archive, "_opened", busy)
        for second in range(40):
            result = watched.look(1 if second else 0)
            assert names(result) == ["busy"]
            assert result.waiting[0].params == {"what": "đang mở", "what_en": "open elsewhere"}
        assert tries == [0, 2, 6, 14, 30]
        monkeypatch.undo()
        assert len(watched.look(22).recorded) == 0
        assert len(watched.look(1).recorded) == 1
    received = {r.file: r.received for r in office.recorded()}
    assert received == {"STC.xlsx": NOW, "STP.xlsx": NOW}


def test_a_file_that_excel_holds_is_said_to_be_open(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.put("STP.xlsx")
    real = os.open

    def held(name: Any, *args: Any, **how: Any) -> int:
        if str(name) == str(path):
            raise PermissionError(errno.EACCES, "Permission denied", str(name))
        return real(name, *args, **how)

    monkeypatch.setattr(os, "open", held)
    (found,) = office.collect().waiting
    assert (found.name, found.code) == ("busy", "N002")
    assert found.params["what"] == "không có quyền, hoặc tệp đang mở"


def test_a_failed_disk_does_not_forget_what_is_waited_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient(office)
    with office.watched() as watched:
        office.put("a.xlsx", half(office))
        office.put("b.xlsx", "first")

        def failing(*_: Any) -> None:
            raise OSError(errno.EIO, "bad disk")

        monkeypatch.setattr("xlscore.intake.session.record", failing)
        with pytest.raises(OSError, match="bad disk"):
            watched.look()
        monkeypatch.undo()
        result = watched.look(1)
        assert (names(result), len(result.recorded)) == (["incomplete"], 1)
        assert result.recorded[0].received == NOW
    assert office.waiting()[b"a.xlsx"].since == NOW


# --- what Excel left behind -------------------------------------------------------------------------


def test_a_half_saved_workbook_is_pointed_out_after_a_while_and_never_taken(office: Office) -> None:
    patient(office)
    with office.watched() as watched:
        office.put("STP/9F2C1A00", "first")
        office.put("STP/1A2B3C4D", b"no workbook")
        assert watched.look().waiting == []
        assert watched.look(9 * MINUTES).waiting == []
        watched.restart()
        (found,) = watched.look(1 * MINUTES).waiting
        assert (found.name, found.code, found.file) == ("orphaned-save", "N008", "STP/9F2C1A00")
        office.put("STP/9F2C1A00", "second")  # Excel is at it again
        assert watched.look(1).waiting == []
        (office.inbox / "STP/9F2C1A00").unlink()
        watched.look(20 * MINUTES)
    assert office.recorded() == []
    assert set(office.waiting()) == {b"STP/1A2B3C4D"}


# --- what proves when a file came -------------------------------------------------------------------


def at(minutes: float) -> Any:
    return NOW + timedelta(minutes=minutes)


def test_the_last_complete_scan_before_the_first_sight_proves_that_a_file_was_not_there(
    office: Office,
) -> None:
    with office.watched() as watched:
        office.put("STC.xlsx", "other")
        watched.look()
        watched.look(5 * MINUTES)
        office.put("STP.xlsx")
        watched.look(5 * MINUTES)
    assert {r.file: (r.received, r.scanned) for r in office.recorded()} == {
        "STC.xlsx": (NOW, None),  # it may have lain there before anybody looked
        "STP.xlsx": (at(10), at(5)),
    }


def test_a_pass_that_found_a_file_still_changing_proves_nothing(office: Office) -> None:
    with office.watched(settle=5) as watched:
        watched.look()
        office.put("khac.txt", b"grows")
        watched.look(5 * MINUTES)
        office.put("STP.xlsx")
        watched.look(4 / 60 * MINUTES)
        watched.look(1 * MINUTES)
    by_name = {r.file: r for r in office.recorded()}
    assert by_name["STP.xlsx"].scanned == NOW


def test_a_pass_that_could_not_see_everything_proves_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office.inbox / "kin").mkdir()
    with office.watched() as watched:
        watched.look()
        real = os.scandir

        def failing(path: Any) -> Any:
            if str(path).endswith("kin"):
                raise PermissionError(errno.EACCES, "forbidden", str(path))
            return real(path)

        monkeypatch.setattr(os, "scandir", failing)
        result = watched.look(1 * MINUTES)
        assert (names(result), result.complete) == (["folder-unread"], False)
        assert [(f.code, f.file) for f in result.waiting] == [("N009", "kin")]
        monkeypatch.undo()
        office.put("STP.xlsx")
        assert watched.look(1 * MINUTES).complete
    assert office.recorded()[0].scanned == NOW


def test_a_changed_file_was_there_but_not_with_this_content(office: Office) -> None:
    with office.watched() as watched:
        office.put("STP.xlsx")
        watched.look()
        office.put("STP.xlsx", "second")
        watched.look(1 * MINUTES)
    assert [r.scanned for r in office.recorded()] == [None, NOW]


def test_the_last_complete_scan_outlives_a_restart_to_the_minute(office: Office) -> None:
    with office.watched() as watched:
        watched.look()
        for _ in range(7):
            watched.look(10)
        watched.restart()
        office.put("STP.xlsx")
        watched.look(1)
    assert office.recorded()[0].scanned == NOW + timedelta(seconds=60)


def test_a_single_run_tells_the_next_when_it_looked(office: Office) -> None:
    office.collect(now=lambda: NOW)
    office.collect(now=lambda: at(0.5))
    office.put("STP.xlsx")
    office.collect(now=lambda: at(3))
    (kept,) = office.recorded()
    assert (kept.received, kept.scanned) == (at(3), at(0.5))


def test_a_waiting_file_keeps_the_proof_of_its_first_sight(office: Office) -> None:
    with office.watched() as watched:
        watched.look()
        office.put("STP.xlsx")
        office.put("~$STP.xlsx", b"an")
        watched.look(1 * MINUTES)
        watched.restart()
        watched.look(40 * MINUTES)
    (kept,) = office.recorded()
    assert (kept.received, kept.scanned) == (at(1), NOW)


def test_what_another_process_left_waiting_is_forgotten_once_it_is_gone(office: Office) -> None:
    with office.watched() as watched:
        watched.look()
        left = Waiting(b"gone.xlsx", "busy", 1, 1, NOW)
        with office.ledger() as other, other.transaction():
            other.wait_for([left], [])
        watched.look(1)
    assert office.waiting() == {}
