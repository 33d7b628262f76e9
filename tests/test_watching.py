"""The watcher: turn after turn in one process, whatever happens to inbox, disk, ledger and campaign."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import make_campaign
from tests.intake_office import NOW, Office
from xlscore import archive, health, i18n, status_report
from xlscore.cli.watching import Teller
from xlscore.delivering import papers
from xlscore.findings import finding
from xlscore.health import read_health
from xlscore.intake.session import SCANNED
from xlscore.ledger import open_ledger, opening
from xlscore.ledger.journal import Journal
from xlscore.standing import standings
from xlscore.watching import Told, Turns, Wakeup, Watcher, loop, wakeup
from xlscore.watching.turns import Run, run_once
from xlscore.workspace import WorkspaceError, open_workspace

FULL = OSError(errno.ENOSPC, "No space left on device")
PATIENCE = 120.0


@dataclass
class Watch:
    """A watcher that runs in a thread, and what it told."""

    office: Office
    watcher: Watcher
    told: list[Told]
    times: list[float] = field(default_factory=list)
    ended: list[bool] = field(default_factory=list)

    def until(self, holds: Callable[[], Any], meanwhile: Callable[[], Any] = bool) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, self.told
            meanwhile()
            time.sleep(0.02)

    def taken(self) -> set[str]:
        return {r.file for told in self.told if told.turn for r in told.turn.collected.recorded}

    def turns(self) -> int:
        return sum(1 for told in self.told if told.turn)

    def errors(self) -> list[str]:
        return [str(told.error) for told in self.told if told.error]

    def more_turns(self, count: int = 2) -> None:
        reached = self.turns() + count
        self.until(lambda: self.turns() >= reached)


@contextmanager
def watching(office: Office, **how: Any) -> Iterator[Watch]:
    told: list[Told] = []
    times: list[float] = []

    def tell(news: Told) -> None:
        times.append(time.monotonic())
        told.append(news)

    given = {"every": 0.05, "settle": 0, "hints": False} | how
    watch = Watch(office, Watcher(office.workspace, tell, **given), told, times)
    thread = threading.Thread(target=lambda: watch.ended.append(watch.watcher.run()))
    thread.start()
    try:
        yield watch
    finally:
        watch.watcher.stop()
        thread.join(PATIENCE)
    assert watch.ended == [True]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_SLICE", 0.02)
    monkeypatch.setattr(loop, "_LEAST_GAP", 0.05)


def receipts(office: Office) -> set[str]:
    return {p.parent.name for p in office.workspace.outbox.rglob("*.html")}


# --- what is there, what comes ----------------------------------------------------------------------


def test_what_is_there_at_the_start_and_what_comes_later_are_taken_alike(office: Office) -> None:
    office.put("STP.xlsx")
    with watching(office) as watch:
        watch.until(lambda: watch.taken() == {"STP.xlsx"})
        office.put("STC.xlsx", "other")
        watch.until(lambda: watch.taken() == {"STP.xlsx", "STC.xlsx"})
    assert office.told() == [("STP.xlsx", "valid", 1), ("STC.xlsx", "valid", 1)]
    assert receipts(office) == {"STP", "STC"}
    assert (office.workspace.reports / "status.html").is_file()


def test_a_file_that_vanishes_is_no_withdrawal(office: Office) -> None:
    office.put("STP.xlsx")
    with watching(office) as watch:
        watch.until(watch.taken)
        (office.inbox / "STP.xlsx").unlink()
        watch.more_turns()
    standing = standings(office.workspace, office.recorded())["STP"]
    assert (standing.state.value, standing.version) == ("submitted", 1)


def test_the_next_start_learns_of_the_last_complete_scan(office: Office) -> None:
    with watching(office) as watch:
        watch.more_turns(3)
        late = datetime.now(UTC)
        watch.more_turns(3)
    seen = read_health(office.workspace.health_path)
    assert seen is not None
    with office.ledger() as ledger:
        told = ledger.fact(SCANNED)
    # The health file is of the end of a turn, the proof of its beginning: that of the last turn, or of
    # the one before where we asked to stop in its midst.
    assert seen.scans >= 6
    assert seen.started < late < datetime.fromisoformat(told) < seen.last_scan


# --- hints ------------------------------------------------------------------------------------------


def test_a_hint_wakes_the_watcher_long_before_its_time_and_its_own_reading_does_not(
    office: Office,
) -> None:
    names = iter(f"{number}.txt" for number in range(10_000))

    def put() -> None:  # until the observer, which starts when it likes, has seen one
        office.put(next(names), b"x")

    with watching(office, every=600, hints=True) as watch:
        watch.until(lambda: watch.turns() == 1)
        watch.until(watch.taken, put)
        watch.until(unmoved(watch.turns))


def unmoved(number: Callable[[], int]) -> Callable[[], bool]:
    """Return what holds once a number has stayed the same for half a second."""
    last, since = number(), time.monotonic()

    def holds() -> bool:
        nonlocal last, since
        if number() != last:
            last, since = number(), time.monotonic()
        return time.monotonic() - since >= 0.5

    return holds


class Hammer:
    """A system that tells of changes all the time, as Windows may when we read."""

    def __init__(self, _folder: object, wake: threading.Event) -> None:
        self._wake, self._stop = wake, threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(0.01):
            self._wake.set()


def test_turns_keep_their_distance_however_often_hints_come(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "Wakeup", Hammer)
    monkeypatch.setattr(loop, "_LEAST_GAP", 0.3)
    with watching(office, every=600, hints=True) as watch:
        watch.until(lambda: watch.turns() >= 4)
    gaps = [later - earlier for earlier, later in zip(watch.times, watch.times[1:], strict=False)]
    assert min(gaps) >= 0.3


def test_the_distance_is_two_seconds() -> None:
    assert loop.__dict__["_PATIENCE"] <= 4  # and five until the process has ended
    source = Path(loop.__file__).read_text(encoding="utf-8")
    assert "_LEAST_GAP = 2.0\n" in source  # the fixture makes it shorter


def test_a_file_that_changes_all_the_time_costs_no_more_turns(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "_LEAST_GAP", 0.3)
    monkeypatch.setattr("xlscore.intake.session.archive_copy", lambda *_: None)
    office.put("STP.xlsx")
    with watching(office, every=600, settle=0) as watch:
        watch.until(lambda: watch.turns() >= 3)
    assert watch.times[2] - watch.times[0] >= 0.6


def test_a_dead_observer_costs_only_haste(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    class Dead:
        """An observer that says it lives, and never says anything again."""

        def schedule(self, *_: object, **__: object) -> None: ...
        def start(self) -> None: ...
        def stop(self) -> None: ...
        def join(self, *_: object) -> None: ...

    monkeypatch.setattr(wakeup, "Observer", Dead)
    with watching(office, hints=True) as watch:
        watch.until(lambda: watch.turns() >= 1)
        office.put("STP.xlsx")
        watch.until(watch.taken)


def test_the_observer_is_built_anew_for_the_folder_of_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakeup, "_REBUILT_AFTER", 0.1)
    folders = iter([tmp_path / "absent", tmp_path / "absent"])
    wake = threading.Event()
    hints = Wakeup(lambda: next(folders, tmp_path), wake)
    hints.start()
    end = time.monotonic() + PATIENCE
    while not wake.wait(0.05):
        assert time.monotonic() < end
        (tmp_path / "tep.xlsx").write_bytes(b"x")
    hints.stop()


# --- the inbox goes and comes -----------------------------------------------------------------------


def away(office: Office) -> None:
    office.inbox.rename(office.root / "elsewhere")


def back(office: Office) -> None:
    if office.inbox.exists():
        shutil.rmtree(office.inbox)
    (office.root / "elsewhere").rename(office.inbox)


def replaced(office: Office) -> None:
    away(office)
    office.inbox.mkdir()


@pytest.fixture
def turning(office: Office) -> Iterator[tuple[Office, Turns, Teller]]:
    """Turns made by hand, and the teller of the command."""
    i18n.use("en")
    with office.ledger() as ledger:
        yield (
            office,
            Turns(office.workspace, ledger, settle=0, run=Run(NOW, 10)),
            Teller(office.workspace),
        )
    i18n.use("vi")


def lines(captured: pytest.CaptureFixture[str]) -> list[str]:
    said = captured.readouterr()
    return [line[9:] if line[2:3] == ":" else line for line in (said.err + said.out).splitlines()]


@pytest.mark.parametrize("goes", [away, replaced])
def test_an_inbox_that_is_away_is_told_once_and_nothing_is_concluded(
    turning: tuple[Office, Turns, Teller],
    goes: Callable[[Office], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    office, turns, teller = turning
    office.put("STP.xlsx")
    teller.tell(Told(turn=turns.take()))
    lines(capsys)
    before = office.workspace.health_path.read_bytes()
    goes(office)
    for _again in range(3):
        teller.tell(Told(turn=turns.take()))
    (said,) = lines(capsys)
    assert said.startswith("The inbox is not available: ")
    assert office.workspace.health_path.read_bytes() == before
    back(office)
    office.put("STC.xlsx", "other")
    teller.tell(Told(turn=turns.take()))
    assert lines(capsys) == [
        "STC.xlsx (STC, version 1): valid",
        "The trouble is over.",
    ]
    assert [r.version for r in office.recorded()] == [1, 1]
    assert office.workspace.health_path.read_bytes() != before


def test_an_inbox_that_cannot_be_listed_is_told_once(
    turning: tuple[Office, Turns, Teller],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office, turns, teller = turning
    office.put("STP.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refusing(str(office.inbox)))
        for _again in range(3):
            teller.tell(Told(turn=turns.take()))
        assert len(lines(capsys)) == 1
        assert not office.workspace.health_path.exists()
    teller.tell(Told(turn=turns.take()))
    assert office.told() == [("STP.xlsx", "valid", 1)]


def refusing(folder: str) -> Callable[..., Any]:
    real = os.scandir

    def scandir(path: Any = ".") -> Any:
        if str(path) == folder:
            raise PermissionError(errno.EACCES, "Permission denied", folder)
        return real(path)

    return scandir


def test_only_a_complete_scan_renews_the_health_file(
    turning: tuple[Office, Turns, Teller], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, turns, _teller = turning
    (office.inbox / "kin").mkdir()
    turns.take()
    path = office.workspace.health_path
    before = path.read_bytes()
    office.put("STP.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refusing(str(office.inbox / "kin")))
        assert turns.take().collected.recorded
    assert path.read_bytes() == before
    turns.take()
    assert path.read_bytes() != before


def test_the_watcher_finds_what_came_while_the_inbox_was_away(office: Office) -> None:
    with watching(office, hints=True) as watch:
        watch.until(lambda: watch.turns() >= 1)
        away(office)
        closed = lambda: any(t.turn and not t.turn.collected.door.open for t in watch.told)  # noqa: E731
        watch.until(closed)
        (office.root / "elsewhere" / "STP.xlsx").write_bytes(office.returns["first"])
        back(office)
        watch.until(watch.taken)
    assert office.told() == [("STP.xlsx", "valid", 1)]


# --- the office's own disk --------------------------------------------------------------------------


def full(*_: object, **__: object) -> None:
    raise FULL


@pytest.mark.parametrize(
    ("where", "what", "left"),
    [
        (papers, "receipt STP, 1: ", "receipts"),
        (status_report, "status.html: ", "status.html"),
        (health, "health.json: ", "health.json"),
    ],
)
def test_what_a_full_disk_keeps_from_being_written_is_told_once_and_written_later(
    turning: tuple[Office, Turns, Teller],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    where: Any,
    what: str,
    left: str,
) -> None:
    office, turns, teller = turning
    office.put("STP.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(where, "write_whole", full)
        for _again in range(2):
            turn = turns.take()
            (trouble,) = turn.troubles
            assert trouble.startswith(what)
            teller.tell(Told(turn=turn))
    assert sorted(lines(capsys)) == sorted(["STP.xlsx (STP, version 1): valid", trouble])
    assert not written(office)[left]
    turn = turns.take()
    assert turn.troubles == []
    assert all(written(office).values())


def written(office: Office) -> dict[str, bool]:
    return {
        "receipts": receipts(office) == {"STP"},
        "status.html": (office.workspace.reports / "status.html").exists(),
        "health.json": office.workspace.health_path.exists(),
    }


def test_a_full_archive_is_told_and_the_file_is_taken_when_there_is_room(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(archive, "_copy", full)  # before the watcher begins
        with watching(office) as watch:
            watch.until(lambda: len(watch.errors()) >= 2)
            assert set(watch.errors()) == {str(FULL)}
            patch.undo()
            watch.until(watch.taken)
    assert office.told() == [("STP.xlsx", "valid", 1)]


def test_a_full_ledger_is_told_and_the_file_is_taken_when_there_is_room(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.collect()
    returns = {f"{number:02}.xlsx" for number in range(20)}  # more than fits into what is there
    for name in returns:
        office.put(name, commented(office.returns["first"], name))
    real = sqlite3.connect
    room = threading.Event()

    def narrow(*args: Any, **how: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = real(*args, **how)
        if not room.is_set():  # SQLite takes this for the least it can do: what is there already
            made.execute("PRAGMA max_page_count = 1")
        return made

    monkeypatch.setattr(sqlite3, "connect", narrow)
    with watching(office) as watch:
        watch.until(lambda: len(watch.errors()) >= 2)
        assert set(watch.errors()) == {"database or disk is full"}
        assert office.recorded() == []
        room.set()
        watch.until(lambda: watch.taken() == returns)
    assert {r.version for r in office.recorded()} == set(range(1, 21))
    assert receipts(office) == {"STP"}


def commented(data: bytes, text: str) -> bytes:
    """Return the same workbook under another hash: with a comment at the end of its archive."""
    place = data.rfind(b"PK\x05\x06") + 20
    return data[:place] + len(text).to_bytes(2, "little") + text.encode()


def test_a_ledger_that_another_process_holds_is_waited_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.collect()
    monkeypatch.setattr(opening, "_BUSY_SECONDS", 0.1)
    other = sqlite3.connect(office.workspace.ledger_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    office.put("STP.xlsx")
    with watching(office) as watch:
        watch.until(lambda: len(watch.errors()) >= 2)
        assert set(watch.errors()) == {"database is locked"}
        other.execute("ROLLBACK")
        other.close()
        watch.until(watch.taken)
    assert office.told() == [("STP.xlsx", "valid", 1)]


# --- the campaign changes under way -----------------------------------------------------------------


def test_a_changed_campaign_is_read_anew(office: Office) -> None:
    with watching(office) as watch:
        watch.until(lambda: watch.turns() >= 1)
        office.settle_on(title="Kỳ thử khác")
        # Anew once more where it was read while we still wrote.
        watch.until(lambda: watch.watcher._workspace.campaign.settings.title == "Kỳ thử khác")
        watch.until(lambda: any(t.reread for t in watch.told))
        watch.more_turns(1)
        seen = read_health(office.workspace.health_path)
        watch.more_turns(1)
    later = read_health(office.workspace.health_path)
    assert seen is not None
    assert later is not None
    assert later.started == seen.started
    assert later.scans > seen.scans


def test_how_often_to_scan_is_read_anew_too(office: Office) -> None:
    watcher = Watcher(office.workspace, lambda _told: None)
    assert watcher._every == 10
    office.settle_on(intake={"every_seconds": "25"})
    assert watcher._reread()
    assert watcher._every == 25


def test_a_campaign_with_errors_is_told_once_and_the_former_one_used_on(office: Office) -> None:
    good, bad = office.root / "good.yaml", office.root / "bad.yaml"
    shutil.copy(office.root / "campaign.yaml", good)
    bad.write_text("id: [", encoding="utf-8")
    with watching(office) as watch:
        watch.until(lambda: watch.turns() >= 1)
        bad.replace(office.root / "campaign.yaml")  # whole at once: half of it has other errors
        watch.until(lambda: any(t.findings for t in watch.told))
        office.put("STP.xlsx")
        watch.until(watch.taken)
        watch.more_turns()
        assert sum(1 for t in watch.told if t.findings) == 1
        good.replace(office.root / "campaign.yaml")
        watch.until(lambda: any(t.reread for t in watch.told))
    assert office.told() == [("STP.xlsx", "valid", 1)]


def test_a_table_that_excel_only_held_is_read_again_though_it_stayed_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Told] = []
    watcher = Watcher(office.workspace, told.append)
    real = open_workspace

    def held(_root: Path) -> Any:
        raise WorkspaceError((finding("folder-unread", file="units.csv"),))

    monkeypatch.setattr(loop, "open_workspace", held)
    os.utime(office.root / "units.csv", ns=(1, 1))
    assert not watcher._reread()
    monkeypatch.setattr(loop, "open_workspace", real)
    assert not watcher._reread()
    monkeypatch.setattr(loop, "_REREAD_AFTER", 0)
    assert watcher._reread()
    assert not watcher._reread()


# --- our own faults ---------------------------------------------------------------------------------


def test_a_fault_in_a_turn_does_not_end_the_watch(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, faults = Turns.take, iter([RuntimeError("a fault"), KeyError("another")])

    def take(turns: Turns, *args: Any) -> Any:
        fault = next(faults, None)
        if fault is not None:
            raise fault
        return real(turns, *args)

    monkeypatch.setattr(Turns, "take", take)
    office.put("STP.xlsx")
    with watching(office) as watch:
        watch.until(watch.taken)
    assert watch.errors() == ["a fault", "'another'"]


def test_a_console_that_was_closed_does_not_end_the_watch(office: Office) -> None:
    def gone(_told: Told) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    watcher = Watcher(office.workspace, gone, every=0.05, settle=0, hints=False)
    thread = threading.Thread(target=watcher.run)
    thread.start()
    try:
        for name, content in (("STP.xlsx", "first"), ("STC.xlsx", "other")):
            office.put(name, content)
            end = time.monotonic() + PATIENCE
            while name[:3] not in receipts(office):
                assert time.monotonic() < end
                time.sleep(0.02)
    finally:
        watcher.stop()
        thread.join(PATIENCE)
    assert len(office.recorded()) == 2


def test_asking_to_stop_needs_no_lock_that_a_signal_could_find_taken(office: Office) -> None:
    watcher = Watcher(office.workspace, lambda _told: None)
    held = watcher._wake.__dict__["_cond"]
    with held:  # as if the signal had come in the midst of waiting
        watcher.stop()
    assert watcher.run()


def test_a_ledger_that_cannot_be_opened_does_not_keep_a_mended_campaign_from_being_read(
    office: Office,
) -> None:
    office.collect()
    data = office.workspace.data
    (data / "ledger.db").rename(data / "ledger.away")
    with watching(office) as watch:
        watch.until(watch.errors)
        data.rename(office.root / "so-moi")
        (office.root / "so-moi" / "ledger.away").rename(office.root / "so-moi" / "ledger.db")
        office.settle_on(folders={"data": "so-moi"})
        office.put("STP.xlsx")
        watch.until(watch.taken)
    with open_ledger(office.root / "so-moi" / "ledger.db") as ledger:
        assert [r.file for r in ledger.submissions()] == ["STP.xlsx"]


def test_a_journal_that_cannot_be_written_is_told(
    turning: tuple[Office, Turns, Teller], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, turns, _teller = turning
    office.put("STP.xlsx")
    monkeypatch.setattr(Journal, "catch_up", full)
    assert [t for t in turns.take().troubles if t.startswith("journal: ")]


def test_the_status_page_names_returns_of_units_that_left(office: Office) -> None:
    office.put("STP.xlsx")
    units = "code,name,tier\nSTC,Sở Tài chính,so\nAB,An Bình,xa\n"
    office.collect()
    office.workspace = make_campaign(office.root, units=units).workspace
    run_once(office.workspace, settle=0)
    shown = (office.workspace.reports / "status.html").read_text("utf-8")
    assert "Phiếu của đơn vị STP, nay không có trong danh sách đơn vị." in shown


def test_after_a_restart_the_last_complete_scan_is_still_known(office: Office) -> None:
    with open_ledger(office.workspace.ledger_path) as ledger:
        with ledger.transaction():
            ledger.set_fact(SCANNED, NOW.isoformat())
        run = Run(NOW + timedelta(days=1), 10)
        Turns(office.workspace, ledger, run=run)
    assert run.last_scan == NOW
