"""The office's own disk and keys: full, forbidden, damaged; nothing is lost, nothing half recorded."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import make_campaign
from tests.intake_office import Office, posix
from xlscore import archive
from xlscore.intake import Intake
from xlscore.ledger import Ledger, LedgerError, arrivals, journal
from xlscore.workspace import KeysError, open_workspace

FULL = OSError(errno.ENOSPC, "No space left on device")


def test_a_full_archive_stops_the_run_and_nothing_is_concluded(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.collect()
    office.put("STP.xlsx")

    def full(_descriptor: int) -> None:
        raise FULL

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        office.collect()
    monkeypatch.undo()
    assert office.recorded() == []
    assert list(office.workspace.archive.rglob("*.*")) == []
    office.collect()
    assert office.told() == [("STP.xlsx", "valid", 1)]


def test_an_archive_that_may_not_be_written_to_stops_the_run(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx")

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "archive")

    monkeypatch.setattr(Path, "replace", forbidden)
    with pytest.raises(PermissionError):
        office.collect()
    assert office.recorded() == []


@pytest.mark.parametrize(
    "damage", ["missing", "no json", "[]", '{"keys": {}}', '{"keys": {"a": "x"}}']
)
def test_without_its_keys_the_office_refuses_nobodys_return(office: Office, damage: str) -> None:
    office.put("STP.xlsx")
    keys = office.workspace.data / "keys.json"
    good = keys.read_bytes()
    if damage == "missing":
        keys.unlink()
    else:
        keys.write_text(damage, encoding="utf-8")
    fresh = Office(office.root, office.returns)
    with pytest.raises(KeysError, match=r"keys\.json"):
        fresh.collect()
    assert fresh.recorded() == []
    keys.write_bytes(good)
    again = Office(office.root, office.returns)
    again.collect()
    assert again.told() == [("STP.xlsx", "valid", 1)]


def test_keys_are_written_without_a_system_turning_its_line_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = 0x8000  # of Windows; harmless elsewhere
    flags: list[int] = []
    modes: list[str] = []
    real_open, real_fdopen = os.open, os.fdopen

    def opening(path: Any, given: int, *more: Any) -> int:
        flags.append(given)
        return real_open(path, given, *more)

    def wrapping(descriptor: int, mode: str, **how: Any) -> Any:
        modes.append(mode)
        return real_fdopen(descriptor, mode, **how)

    monkeypatch.setattr(os, "O_BINARY", binary, raising=False)
    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(os, "fdopen", wrapping)
    keys = make_campaign(tmp_path).workspace.keys
    assert all(given & binary for given in flags)
    assert modes == ["wb"]
    assert open_workspace(tmp_path).keys == keys


def test_copies_that_killed_runs_left_behind_are_swept_away_in_time(office: Office) -> None:
    office.workspace.archive.mkdir(parents=True)
    old, new = (office.workspace.archive / f"incoming-{n}.tmp" for n in (1, 2))
    for left in (old, new):
        left.write_bytes(b"half")
    os.utime(old, (1, 1))
    office.put("STP.xlsx")
    office.collect()
    assert (old.exists(), new.exists()) == (False, True)


def full(*_: Any, **__: Any) -> None:
    raise FULL


def assert_nothing_recorded(office: Office) -> None:
    assert office.recorded() == []
    assert (office.generations(), office.posts()) == ({}, [])
    with office.ledger() as ledger:
        assert [e.kind for e in ledger.events()] == ["issued"] * 2 + ["inbox-opened"]


def assert_recovers(office: Office) -> None:
    office.collect()
    assert office.told() == [("STP.xlsx", "valid", 1)]
    with office.ledger() as ledger:
        assert ledger.troubles() == []
        chain = list(ledger._journal.lines(1))
        assert [line.event for line in chain] == ledger.events()
    record = next(office.workspace.archive.glob("??/*.1.json"))
    assert json.loads(record.read_bytes())["file"] == "STP.xlsx"


@pytest.mark.parametrize("where", ["_copy", "_filed"])
def test_a_disk_that_fills_while_a_file_is_archived_records_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    office.collect()
    office.put("STP.xlsx")
    monkeypatch.setattr(archive, where, full)
    with pytest.raises(OSError, match="No space"):
        office.collect()
    monkeypatch.undo()
    assert_nothing_recorded(office)
    assert list(office.workspace.archive.rglob("*.*")) == []
    assert_recovers(office)


def test_a_disk_that_fills_before_the_record_is_beside_the_content_records_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.collect()
    office.put("STP.xlsx")
    monkeypatch.setattr(arrivals, "write_whole", full)
    with pytest.raises(OSError, match="No space"):
        office.collect()
    monkeypatch.undo()
    assert_nothing_recorded(office)
    assert_recovers(office)


def test_a_full_ledger_records_nothing_and_goes_on_when_there_is_room(office: Office) -> None:
    office.collect()
    for number in range(40):
        office.put(f"{number}.bin", bytes([number]) * 10)
    with office.ledger() as ledger:
        (pages,) = ledger._db.execute("PRAGMA page_count").fetchone()
        ledger._db.execute(f"PRAGMA max_page_count = {pages}")
        intake = Intake(office.workspace, ledger, settle=0)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            intake.look()
        assert (ledger.submissions(), ledger.chain_is_sound()) == ([], True)
        ledger._db.execute(f"PRAGMA max_page_count = {pages * 100}")
        assert len(intake.look().recorded) == 40
    assert len(office.recorded()) == 40


def test_a_full_ledger_is_told_as_such(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.put("STP.xlsx")

    def refusing(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Ledger, "record", refusing)
    with pytest.raises(LedgerError, match="database or disk is full"):
        office.collect()


def test_a_journal_that_cannot_be_written_catches_up_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.collect()
    office.put("STP.xlsx")
    monkeypatch.setattr(journal.Journal, "catch_up", full)
    office.collect()
    monkeypatch.undo()
    path = office.workspace.data / "journal" / "chain-0001.jsonl"
    assert b"arrived" not in path.read_bytes()
    with path.open("ab") as stream:
        stream.write(b'{"seq": 9, "at"')  # what a full disk took of a line
    assert office.told() == [("STP.xlsx", "valid", 1)]
    assert b"arrived" in path.read_bytes()
    assert_recovers(office)


def tiny_disk(folder: Path, megabytes: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "xlscore", str(folder)]
    if (
        not shutil.which("mount")
        or subprocess.run(mounting, capture_output=True, check=False).returncode
    ):
        pytest.skip("this machine lets nobody mount a disk")


@posix
def test_a_disk_that_is_really_full_loses_nothing(office: Office, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    tiny_disk(disk, 4)
    try:
        shutil.copytree(office.workspace.data, disk / "data")
        office.settle_on(folders={"data": str(disk / "data")}, intake={"least_free_mb": "0"})
        for number in range(60):
            office.put(f"{number:02}.bin", os.urandom(100_000))
        office.put("STP.xlsx")
        for _ in range(3):
            with pytest.raises((OSError, LedgerError)):
                office.collect()
        assert not list(office.workspace.archive.glob("*.tmp"))
        growing = ["mount", "-o", "remount,size=64m", str(disk)]
        subprocess.run(growing, check=True)
        office.collect()
        recorded = office.recorded()
        assert len({r.file for r in recorded}) == len(recorded) == 61
        assert {r.sha256 for r in recorded} == office.blobs()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_file_that_a_scanner_holds_for_a_moment_is_archived_all_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace
    tried: list[Path] = []

    def held_once(self: Path, target: Path) -> Path:
        if target.suffix == ".bin" and not tried:
            tried.append(target)
            raise PermissionError(errno.EACCES, "held", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held_once)
    office.put("STP.xlsx")
    assert len(office.collect().recorded) == 1
    assert tried
