"""The office's own disk and keys: full, forbidden, damaged; nothing is lost, nothing half recorded."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import make_campaign
from tests.intake_office import NOW, Office
from xlscore import archive
from xlscore.archive import SourceError
from xlscore.intake import Availability, availability
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
