"""However a file is copied in, it becomes exactly one version, and never a part of it.

The ways are those of Explorer, robocopy, browsers, sync clients and shares that stall, with their seconds
scaled down: the settle time is 0.3 s here, and the stalls are longer than that.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.campaigns import Campaign
from tests.intake_office import Office, codes, sha
from xlscore.inbox import settling
from xlscore.intake import Intake
from xlscore.layout import Slot
from xlscore.ledger import Recorded

SETTLE = 0.3
STALL, LONG_STALL = 0.8, 2.0

Way = Callable[[Path, bytes], None]


def pieces(data: bytes, number: int = 16) -> Iterator[tuple[int, bytes]]:
    size = -(-len(data) // number)
    for start in range(0, len(data), size):
        yield start, data[start : start + size]


def streamed(path: Path, data: bytes, stall: float = 0.0) -> None:
    with path.open("wb", buffering=0) as stream:
        for number, (_, piece) in enumerate(pieces(data)):
            time.sleep(stall if stall and number == 8 else 0.06)
            stream.write(piece)


def stalled(path: Path, data: bytes) -> None:
    streamed(path, data, STALL)


def stalled_for_long(path: Path, data: bytes) -> None:
    streamed(path, data, LONG_STALL)


def preallocated(path: Path, data: bytes, stall: float = 0.0) -> None:
    with path.open("wb", buffering=0) as stream:
        stream.truncate(len(data))
        for number, (start, piece) in enumerate(pieces(data)):
            time.sleep(stall if stall and number == 8 else 0.06)
            stream.seek(start)
            stream.write(piece)


def preallocated_and_stalled(path: Path, data: bytes) -> None:
    preallocated(path, data, LONG_STALL)


def with_its_old_time(path: Path, data: bytes) -> None:
    """Neither size nor time ever tells that the content changes."""
    old = (1_700_000_000, 1_700_000_000)
    with path.open("wb", buffering=0) as stream:
        stream.truncate(len(data))
        os.utime(path, old)
        for start, piece in pieces(data):
            time.sleep(0.12)
            stream.seek(start)
            stream.write(piece)
            os.utime(path, old)


def out_of_order(path: Path, data: bytes) -> None:
    """The end first, with the table of contents that makes a package look whole."""
    with path.open("wb", buffering=0) as stream:
        for number, (start, piece) in enumerate(reversed(list(pieces(data)))):
            stream.seek(start)
            stream.write(piece)
            time.sleep(STALL if number == 8 else 0.06)


def renamed(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    streamed(part, data)
    part.replace(path)


def empty_first(path: Path, data: bytes) -> None:
    path.touch()
    time.sleep(LONG_STALL)
    path.write_bytes(data)


def closed_and_reopened(path: Path, data: bytes) -> None:
    for _, piece in pieces(data, 4):
        with path.open("ab") as stream:
            stream.write(piece)
        time.sleep(STALL)


def truncated_and_rewritten(path: Path, data: bytes) -> None:
    """Whole, long enough to be taken; then the same once more, from the beginning."""
    path.write_bytes(data)
    time.sleep(STALL)
    stalled(path, data)


WAYS: list[Way] = [
    streamed,
    stalled,
    stalled_for_long,
    preallocated,
    preallocated_and_stalled,
    with_its_old_time,
    out_of_order,
    renamed,
    empty_first,
    closed_and_reopened,
    truncated_and_rewritten,
]


def watch_until_done(office: Office, writers: list[threading.Thread]) -> list[Recorded]:
    with office.ledger() as ledger:
        intake = Intake(office.workspace, ledger, settle=SETTLE)
        for writer in writers:
            writer.start()
        end = time.monotonic() + 300
        while time.monotonic() < end:
            copying = any(writer.is_alive() for writer in writers)
            result = intake.look()
            if not copying and not result.waiting:
                return ledger.submissions()
            time.sleep(0.05)
    raise AssertionError(result.waiting)


@pytest.mark.slow
def test_every_way_of_copying_a_file_gives_one_whole_version(
    office: Office, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "_FIRST_PAUSE", SETTLE)
    office.settle_on(intake={"incomplete_minutes": "10"})
    issued = next((office.root / "templates").rglob("*STP*.xlsx")).read_bytes()
    contents = {
        f"{way.__name__}.xlsx": campaign.filled(
            {("n1.1", Slot.EVIDENCE): f"Kế hoạch số {number}"}, form=issued
        )
        for number, way in enumerate(WAYS)
    }
    writers = [
        threading.Thread(target=way, args=(office.inbox / name, contents[name]), daemon=True)
        for way, name in zip(WAYS, contents, strict=True)
    ]
    found = watch_until_done(office, writers)
    assert {r.file: (r.status.value, codes(r.findings)) for r in found} == {
        name: ("valid", []) for name in contents
    }
    assert len(found) == len(WAYS)
    assert {r.file: r.sha256 for r in found} == {n: sha(data) for n, data in contents.items()}
    assert set(office.generations().values()) == {1}
