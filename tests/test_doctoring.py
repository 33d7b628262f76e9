"""Every check of `doctor` at every level, on a campaign whose troubles are made by hand."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.intake_office import Office, posix
from tests.recorded import Office as Recording
from xlscore.catalogue import BY_NAME
from xlscore.doctoring import Check, Group, Level, examine
from xlscore.doctoring.host import Host
from xlscore.health import Health, write_health
from xlscore.identity import APPRAISAL
from xlscore.ledger import open_ledger
from xlscore.places import Kind, Place
from xlscore.plugins import PluginFailure, build
from xlscore.sentinel import NAME, Holder, this_host
from xlscore.upkeep import back_up
from xlscore.workspace import Workspace, open_workspace

OK, NOTE, WARNING, ERROR = Level.OK, Level.NOTE, Level.WARNING, Level.ERROR
MB = 1 << 20


@dataclass
class Told(Host):
    """A computer that answers as the test says."""

    windows: bool = False
    listed: Mapping[str, str] = field(default_factory=lambda: {"click": "8.3.0"})
    spoken: str = "utf-8"
    installed: str | None = "Times New Roman\n"
    soffice: str = "/usr/bin/soffice"
    long: bool = False
    where: Place = field(default_factory=lambda: Place(Kind.LOCAL))
    room: int = 10_000 * MB
    open_to_others: frozenset[str] = frozenset()
    ahead: float = 0.0

    def clock(self) -> float:
        return super().clock() + self.ahead

    def libraries(self) -> dict[str, str]:
        return dict(self.listed)

    def encoding(self) -> str:
        return self.spoken

    def fonts(self) -> str | None:
        return self.installed

    def office(self) -> str:
        return self.soffice

    def long_paths(self) -> bool:
        return self.long

    def place(self, folder: Path) -> Place:
        return self.where

    def free(self, folder: Path) -> int:
        return self.room

    def others_may_read(self, path: Path) -> bool:
        return path.name in self.open_to_others


@pytest.fixture
def desk(office: Office) -> Office:
    """A campaign in good order: forms issued, one return collected."""
    office.put("STP.xlsx")
    office.collect()
    return office


def found(desk: Office, name: str, host: Host | None = None, **how: Any) -> list[Check]:
    checks = examine(desk.root, host or Told(), **how)
    for check in checks:
        assert all(check.said), check
        assert bool(check.remedy[0]) == bool(check.remedy[1]), check
    return [check for check in checks if check.name == name]


def only(desk: Office, name: str, host: Host | None = None, **how: Any) -> tuple[Level, str]:
    (check,) = found(desk, name, host, **how)
    return check.level, check.said[1]


def test_a_campaign_in_good_order_has_neither_errors_nor_warnings(desk: Office) -> None:
    checks = examine(desk.root, Told())
    assert [c for c in checks if c.level in {WARNING, ERROR}] == []
    assert list(dict.fromkeys(c.group for c in checks)) == list(Group)


def test_nothing_is_changed_by_looking(desk: Office) -> None:
    before = {p: p.read_bytes() for p in desk.root.rglob("*") if p.is_file()}
    examine(desk.root, Told())
    assert {p: p.read_bytes() for p in desk.root.rglob("*") if p.is_file()} == before


def test_this_very_computer_can_be_examined(desk: Office) -> None:
    checks = examine(desk.root)
    assert {c.name for c in checks} >= {"versions", "terminal", "fonts", "private", "room", "mark"}
    assert not [c for c in checks if "could not be examined" in c.said[1]]


# --- the computer -----------------------------------------------------------------------------------


def test_versions_are_named_and_a_missing_library_is_a_warning(desk: Office) -> None:
    assert only(desk, "versions")[0] is OK
    assert "click 8.3.0" in only(desk, "versions")[1]
    level, said = only(desk, "versions", Told(listed={"click": "8.3.0", "rich": ""}))
    assert (level, said.endswith("not found: rich")) == (WARNING, True)


@pytest.mark.parametrize(
    ("encoding", "level"), [("utf-8", OK), ("UTF8", OK), ("cp65001", OK), ("cp1258", NOTE)]
)
def test_a_terminal_without_utf8_is_noted(desk: Office, encoding: str, level: Level) -> None:
    assert only(desk, "terminal", Told(spoken=encoding))[0] is level


@pytest.mark.parametrize(
    ("fonts", "level"),
    [("Arial\nTIMES.TTF", OK), ("Liberation Serif", OK), ("Arial", NOTE), (None, NOTE)],
)
def test_fonts_other_than_the_forms_are_noted(
    desk: Office, fonts: str | None, level: Level
) -> None:
    assert only(desk, "fonts", Told(installed=fonts))[0] is level


def test_libreoffice_is_never_more_than_a_note(desk: Office) -> None:
    assert only(desk, "libreoffice") == (OK, "found: /usr/bin/soffice")
    assert only(desk, "libreoffice", Told(soffice=""))[0] is NOTE


@pytest.mark.skipif(sys.platform == "win32", reason="runs a program that is a script")
def test_the_fonts_of_this_computer_are_those_that_fc_list_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Host().fonts() is None
    program = tmp_path / "fc-list"
    program.write_text("#!/bin/sh\necho 'Tinos'\n", encoding="utf-8")
    program.chmod(0o755)
    assert Host().fonts() == "Tinos\n"
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    assert Host().fonts() is None


@posix
def test_others_may_read_what_no_folder_above_keeps_from_them(tmp_path: Path) -> None:
    top = tmp_path / "top"
    data = top / "data"
    data.mkdir(parents=True)
    above = [folder for folder in tmp_path.resolve().parents if not folder.stat().st_mode & 0o001]
    data.chmod(0o750)
    assert not Host().others_may_read(data)
    data.chmod(0o755)
    tmp_path.chmod(0o711)
    assert Host().others_may_read(data) is (not above)
    top.chmod(0o700)
    assert not Host().others_may_read(data)
    assert not Host().others_may_read(tmp_path / "nothing")


# --- the campaign -----------------------------------------------------------------------------------


def test_a_campaign_that_does_not_open_is_an_error_and_the_host_is_examined_all_the_same(
    desk: Office,
) -> None:
    (desk.root / "campaign.yaml").write_text("{", encoding="utf-8")
    checks = examine(desk.root, Told())
    assert {c.group for c in checks} == {Group.HOST, Group.CAMPAIGN}
    (opened,) = [c for c in checks if c.name == "campaign"]
    assert opened.level is ERROR
    assert "does not open" in opened.said[1]


def test_a_folder_without_a_campaign_is_an_error(tmp_path: Path) -> None:
    (opened,) = [c for c in examine(tmp_path, Told()) if c.group is Group.CAMPAIGN]
    assert opened.level is ERROR


def test_warnings_of_the_campaign_are_counted(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert only(desk, "campaign") == (OK, "thu-2026: 3 units")
    entry = next(e for e in BY_NAME.values() if e.severity == "warning")
    warned = replace(
        desk.workspace, warnings=(import_module("xlscore.findings").finding(entry.name),)
    )
    _opening(monkeypatch, warned)
    assert only(desk, "campaign") == (WARNING, f"thu-2026: 3 units; 1 warnings ({entry.code})")


def _opening(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    examining = import_module("xlscore.doctoring.examining")
    monkeypatch.setattr(examining, "open_workspace", lambda _root: workspace)


def test_data_on_a_share_is_an_error(desk: Office) -> None:
    assert only(desk, "data-place")[0] is OK
    shared = Place(Kind.NETWORK, ("ổ mạng (Z:)", "a network drive (Z:)"))
    level, said = only(desk, "data-place", Told(where=shared))
    assert (level, "a network drive (Z:)" in said) == (ERROR, True)


@pytest.mark.parametrize(
    ("windows", "long", "level"),
    [(True, False, WARNING), (True, True, OK), (False, False, NOTE)],
)
def test_paths_too_long_for_windows_are_told(
    desk: Office, windows: bool, long: bool, level: Level
) -> None:
    assert only(desk, "paths", Told(windows=windows))[0] is OK
    deep = desk.root.joinpath(*["d" * 40] * 5)
    shutil.copytree(desk.root, deep)
    moved = Office(deep, desk.returns)
    assert only(moved, "paths", Told(windows=windows, long=long))[0] is level


def test_plugins_are_named_and_one_that_fails_is_a_warning(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert only(desk, "plugins") == (OK, "no third-party plugins")
    plugins = build((), [_Plugin()])
    plugins.failures.append(PluginFailure("bad", "ImportError: x"))
    _opening(monkeypatch, open_workspace(desk.root, plugins))
    used, failed = found(desk, "plugins")
    assert (used.level, "2.1" in used.said[1]) == (OK, True)
    assert (failed.level, failed.said[1]) == (WARNING, "bad is not used: ImportError: x")


class _Plugin:
    __version__ = "2.1"


# --- the ledger and its folder ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["data", "keys.json"])
def test_data_that_others_may_read_is_a_warning(desk: Office, name: str) -> None:
    assert only(desk, "private")[0] is OK
    assert only(desk, "private", Told(open_to_others=frozenset({name})))[0] is WARNING
    reminded = Told(windows=True, open_to_others=frozenset({name}))
    assert only(desk, "private", reminded)[0] is NOTE


@pytest.mark.parametrize(
    ("free", "level"), [(199, ERROR), (200, WARNING), (999, WARNING), (1000, OK)]
)
def test_little_room_is_told_before_intake_pauses(desk: Office, free: int, level: Level) -> None:
    assert only(desk, "room", Told(room=free * MB)) == (level, f"{free} MB free")


def test_a_sound_ledger_is_counted(desk: Office) -> None:
    level, said = only(desk, "ledger")
    assert (level, "1 arrivals" in said) == (OK, True)


def test_books_are_arrivals_too(desk: Office) -> None:
    with open_ledger(desk.workspace.ledger_path) as ledger:
        Recording(desk.workspace).arrive(ledger, b"book", entry=b"so.xlsx", kind=APPRAISAL)
    assert "2 arrivals" in only(desk, "ledger")[1]


def test_a_campaign_without_a_ledger_is_new_one_with_a_journal_lost_it(desk: Office) -> None:
    desk.workspace.ledger_path.unlink()
    assert only(desk, "ledger")[0] is ERROR
    shutil.rmtree(desk.workspace.data / "journal")
    assert only(desk, "ledger")[0] is NOTE
    assert found(desk, "mark") == []


@pytest.mark.parametrize("content", [b"no database at all, but text", b""])
def test_a_file_that_is_no_ledger_is_an_error(desk: Office, content: bytes) -> None:
    desk.workspace.ledger_path.write_bytes(content)
    assert only(desk, "ledger")[0] is ERROR


def test_a_broken_chain_is_an_error(desk: Office) -> None:
    _altered(desk, "UPDATE events SET actor = 'x' WHERE seq = 1")
    level, said = only(desk, "ledger")
    assert (level, said) == (ERROR, "damaged: chain, event 1")


def _altered(desk: Office, statement: str) -> None:
    with closing(sqlite3.connect(desk.workspace.ledger_path)) as connection, connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)


def test_a_journal_that_is_behind_is_a_warning(desk: Office) -> None:
    journal = desk.workspace.data / "journal" / "chain-0001.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]))
    assert only(desk, "ledger") == (WARNING, "the journal is behind the ledger")


def test_a_clock_before_the_last_event_is_an_error(desk: Office) -> None:
    now = datetime.now(UTC)
    assert only(desk, "clock", now=now)[0] is OK
    assert only(desk, "clock", now=now - timedelta(minutes=1))[0] is OK
    level, said = only(desk, "clock", now=now - timedelta(days=3))
    assert (level, "3 days before the last event" in said) == (ERROR, True)


def test_keys_must_be_there_once_forms_are_issued(desk: Office) -> None:
    keys = desk.workspace.data / "keys.json"
    assert only(desk, "keys") == (OK, "the signing keys are there")
    keys.write_text("{}", encoding="utf-8")
    assert only(desk, "keys") == (ERROR, f"{keys} is damaged")
    keys.unlink()
    level, said = only(desk, "keys")
    assert (level, "forms were issued" in said) == (ERROR, True)
    shutil.rmtree(desk.workspace.data)
    assert only(desk, "keys")[0] is OK


def test_backups_are_asked_for_and_grow_old(desk: Office) -> None:
    assert only(desk, "backup") == (NOTE, "there is no backup in data/backups")
    now = datetime.now(UTC)
    made = back_up(desk.workspace, None, now)
    assert only(desk, "backup", now=now + timedelta(days=6)) == (OK, "the last one is 6 days old")
    assert only(desk, "backup", now=now + timedelta(days=8))[0] is WARNING
    (made / "keys.json").unlink()
    level, said = only(desk, "backup", now=now)
    assert (level, said.endswith("lacks keys.json")) == (WARNING, True)


# --- the inbox and the folders ----------------------------------------------------------------------


def test_the_mark_says_who_runs_intake(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only(desk, "mark") == (OK, "this host runs intake")
    monkeypatch.setattr(socket, "gethostname", lambda: "MAY-B")
    level, said = only(desk, "mark")
    assert (level, "takes it in" in said) == (NOTE, True)


def test_an_inbox_never_opened_is_fine_one_that_lost_its_mark_is_not(office: Office) -> None:
    level, said = only(office, "mark")
    assert (level, "the first collect" in said) == (OK, True)
    office.collect()
    (office.inbox / NAME).unlink()
    assert only(office, "mark")[0] is ERROR
    (office.inbox / NAME).write_bytes(b"{")
    level, said = only(office, "mark")
    assert (level, "damaged" in said) == (ERROR, True)


def test_the_inbox_of_another_campaign_is_an_error(desk: Office) -> None:
    mark = desk.inbox / NAME
    said = json.loads(mark.read_bytes())
    mark.write_text(json.dumps(said | {"campaign": "khac"}), encoding="utf-8")
    assert only(desk, "mark")[0] is ERROR


def test_an_inbox_that_is_away_is_an_error(desk: Office) -> None:
    desk.inbox.rename(desk.root / "away")
    assert only(desk, "mark")[0] is ERROR
    assert only(desk, "inbox") == (ERROR, f"{desk.inbox} is not there yet")
    assert found(desk, "waiting") == []


def test_folders_are_written_to_and_left_as_they_were(desk: Office) -> None:
    desk.workspace.outbox.mkdir(exist_ok=True)
    for name in ("inbox", "outbox"):
        folder = getattr(desk.workspace, name)
        before = sorted(folder.iterdir())
        assert only(desk, name) == (OK, f"writable: {folder}")
        assert sorted(folder.iterdir()) == before


def test_an_outbox_that_is_not_there_is_made_when_needed_one_that_is_a_file_is_not(
    desk: Office,
) -> None:
    shutil.rmtree(desk.workspace.outbox, ignore_errors=True)
    assert only(desk, "outbox")[0] is NOTE
    desk.workspace.outbox.write_bytes(b"")
    assert only(desk, "outbox")[0] is ERROR


def test_the_further_folder_of_the_status_page_is_tried_too(desk: Office, tmp_path: Path) -> None:
    assert found(desk, "status") == []
    share = tmp_path / "share"
    share.mkdir()
    desk.settle_on(folders={"status": str(share)})
    assert only(desk, "status") == (OK, f"writable: {share}")


@pytest.mark.parametrize(
    ("name", "level"),
    [("inbox", WARNING), ("outbox", ERROR), ("reports", ERROR), ("logs", WARNING)],
)
def test_a_folder_that_may_not_be_written_to_is_told(
    desk: Office, monkeypatch: pytest.MonkeyPatch, name: str, level: Level
) -> None:
    folder = getattr(desk.workspace, name)
    folder.mkdir(parents=True, exist_ok=True)
    real = io.open

    def opening(path: Any, mode: str = "r", *more: Any, **how: Any) -> Any:
        if "x" in mode and Path(path).parent == folder:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, mode, *more, **how)

    monkeypatch.setattr(io, "open", opening)
    told, said = only(desk, name)
    assert (told, said.startswith(f"cannot write to {folder}")) == (level, True)


@pytest.mark.parametrize(
    ("ahead", "said"), [(-600.0, "10 min ahead of"), (600.0, "10 min behind"), (100.0, "")]
)
def test_a_share_with_another_time_is_a_warning(desk: Office, ahead: float, said: str) -> None:
    level, words = only(desk, "inbox", Told(ahead=ahead))
    assert (level, said in words) == (WARNING if said else OK, True)


def test_files_not_taken_in_yet_are_counted(desk: Office) -> None:
    assert only(desk, "waiting") == (OK, "1 files, 0 not taken in yet")
    desk.put("STC.xlsx", "other")
    assert only(desk, "waiting") == (NOTE, "2 files, 1 not taken in yet")


def test_a_folder_that_cannot_be_read_is_a_warning(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk.inbox / "STC").mkdir()
    real = os.scandir

    def scanning(folder: Any) -> Any:
        if Path(folder).name == "STC":
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return real(folder)

    monkeypatch.setattr(os, "scandir", scanning)
    unread, _counted = found(desk, "waiting")
    assert (unread.level, unread.said[1]) == (WARNING, "the folder STC cannot be read")


def test_a_file_of_the_future_puts_the_clock_in_question(desk: Office) -> None:
    assert found(desk, "dates") == []
    path = desk.put("STC.xlsx", "other")
    tomorrow = datetime.now(UTC).timestamp() + 2 * 86_400
    os.utime(path, (tomorrow, tomorrow))
    assert only(desk, "dates")[0] is WARNING


# --- the watcher ------------------------------------------------------------------------------------


def health(now: datetime, **changed: Any) -> Health:
    whole = Health(
        pid=1, host=this_host(), version="1", started=now, last_scan=now, every_seconds=10,
        inbox="available", backlog=0, oldest_waiting=0, last_error="", free_mb=1, scans=3,
    )  # fmt: skip
    return replace(whole, **changed)


HEALTHS: list[tuple[dict[str, Any], Level, str]] = [
    ({}, OK, "last scan 0 min ago, 0 files waiting"),
    ({"last_scan": -3600.0}, WARNING, "last scan 60 min ago, 0 files waiting"),
    ({"last_scan": 7200.0}, WARNING, "last scan 2 h in the future, 0 files waiting"),
    (
        {"backlog": 2, "oldest_waiting": 600.0},
        OK,
        "last scan 0 min ago, 2 files waiting (the oldest for 10 min)",
    ),
    ({"last_error": "đầy"}, WARNING, "last scan 0 min ago, 0 files waiting; last error: đầy"),
    ({"inbox": "disk-full"}, WARNING, "last scan 0 min ago, 0 files waiting"),
    ({"host": "MAY-B"}, NOTE, "of MAY-B: last scan 0 min ago, 0 files waiting"),
]


@pytest.mark.parametrize(("changed", "level", "said"), HEALTHS)
def test_the_watchers_last_scan_is_told(
    desk: Office, changed: dict[str, Any], level: Level, said: str
) -> None:
    now = datetime.now(UTC)
    if "last_scan" in changed:
        changed = changed | {"last_scan": now + timedelta(seconds=changed["last_scan"])}
    write_health(desk.workspace.health_path, health(now, **changed))
    assert only(desk, "health", now=now) == (level, said)


def test_no_watcher_is_a_note_an_unreadable_file_a_warning(desk: Office) -> None:
    assert only(desk, "health")[0] is NOTE
    desk.workspace.health_path.write_bytes(b"{")
    assert only(desk, "health") == (WARNING, "health.json cannot be read")


# --- what goes out ----------------------------------------------------------------------------------


def test_things_that_wait_are_noted_those_that_failed_are_a_warning(desk: Office) -> None:
    assert only(desk, "outbox-posts") == (NOTE, "1 things wait to be written")
    with open_ledger(desk.workspace.ledger_path) as ledger:
        (post,) = ledger.waiting_posts()
        with ledger.transaction():
            ledger.failed(post.id, "Permission denied")
    level, said = only(desk, "outbox-posts")
    assert level is WARNING
    assert said.endswith("1 failed, 0 given up (receipt STP: Permission denied)")
    with open_ledger(desk.workspace.ledger_path) as ledger, ledger.transaction():
        ledger.dropped(post.id, "ValueError: x")
    level, said = only(desk, "outbox-posts")
    assert (level, "0 failed, 1 given up (receipt STP: ValueError: x)" in said) == (WARNING, True)


def test_units_without_an_address_are_noted(desk: Office) -> None:
    level, said = only(desk, "addresses")
    assert (level, said.startswith("3 of 3 units")) == (NOTE, True)
    units = "code,name,tier,email\nSTP,Sở Tư pháp,so,stp@example.vn\n"
    (desk.root / "units.csv").write_text(units, encoding="utf-8")
    assert only(desk, "addresses") == (OK, "every unit has an address")


def test_letters_of_ones_own_must_be_usable(desk: Office) -> None:
    assert only(desk, "letters") == (OK, "the built-in texts are used")
    folder = desk.root / "letters"
    folder.mkdir()
    (folder / "reminder.txt").write_text("Nhắc $unit\n\nNội dung\n", encoding="utf-8")
    assert only(desk, "letters") == (OK, "letters/reminder.txt is usable")
    (folder / "reminder.txt").write_text("Nhắc $nobody\n\nNội dung\n", encoding="utf-8")
    level, said = only(desk, "letters")
    assert (level, "there is no “$nobody”" in said) == (WARNING, True)
    (folder / "reminder.txt").rename(folder / "nhac.txt")
    level, said = only(desk, "letters")
    assert (level, "nhac.txt is not used" in said) == (WARNING, True)


# --- whatever happens -------------------------------------------------------------------------------


CALLED = ("clock", "libraries", "encoding", "fonts", "office", "place", "free", "others_may_read")


@pytest.fixture(params=[OSError(errno.EIO, "Input/output error", "x"), ValueError("odd")])
def odd(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.mark.parametrize("name", CALLED)
def test_a_check_that_cannot_be_made_stops_no_other(
    desk: Office, monkeypatch: pytest.MonkeyPatch, name: str, odd: Exception
) -> None:
    def failing(*_: object) -> None:
        raise odd

    before = {check.name for check in examine(desk.root, Told())}
    monkeypatch.setattr(Told, name, failing)
    after = examine(desk.root, Told())
    failed = [check for check in after if check.level in {WARNING, ERROR}]
    assert failed
    lost = before - {check.name for check in after}
    assert lost <= {"inbox", "outbox", "reports", "libreoffice", "data-place"}


def test_the_holder_of_a_mark_is_compared_by_ledger_too(desk: Office) -> None:
    mark = desk.inbox / NAME
    said = json.loads(mark.read_bytes())
    holder = Holder("other", said["host"], "lan")
    mark.write_text(
        json.dumps(said | {"ledger": holder.ledger, "user": holder.user}), encoding="utf-8"
    )
    level, words = only(desk, "mark")
    assert (level, "another ledger on this very computer" in words) == (NOTE, True)
