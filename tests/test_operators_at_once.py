"""Two operators and a watcher, each a process of its own, on one ledger: nothing fails, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.campaigns import TypedCells, make_campaign
from tests.intake_office import ROOT, Office
from xlscore.findings import Status
from xlscore.health import read_health
from xlscore.layout import Slot
from xlscore.upkeep import check_ledger

SECONDS = float(os.environ.get("XLSCORE_SOAK_SECONDS", "10"))
ATTENTION = 1
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "XLSCORE_LANGUAGE": "en", "PYTHONUTF8": "1"}


PATIENCE = 120.0


def command(root: Path, *args: str) -> list[str]:
    return [sys.executable, "-m", "xlscore", *args, "-C", str(root)]


def run(root: Path, *args: str) -> str:
    done = subprocess.run(
        command(root, *args), env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False,
        timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode in {0, ATTENTION}, (args, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert "locked" not in done.stderr
    return done.stdout


def until(ends: float, step: Callable[[], object]) -> int:
    """Do a step, again and again until the time is over; return how often."""
    for done in count(1):
        step()
        if time.monotonic() >= ends:
            return done
    raise AssertionError


@contextmanager
def watcher(root: Path) -> Iterator[subprocess.Popen[str]]:
    new_group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # so that only it is signalled
    patient = [sys.executable, "-m", "tests.watching_patiently", "watch", "-C", str(root)]
    with subprocess.Popen(
        [*patient, "--every", "1s", "--settle", "0s"],
        env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        creationflags=new_group,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def stopped(process: subprocess.Popen[str], root: Path) -> str:
    """Ask a watcher, which has made a turn, to stop, and return what it said."""
    health, end = Office(root, {}).workspace.health_path, time.monotonic() + PATIENCE
    while not health.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))
    said, _none = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return said


class Desk:
    """A campaign whose units send a file every now and then."""

    def __init__(self, root: Path) -> None:
        made = make_campaign(root)
        (root / "inbox").mkdir()
        self._forms = {unit: made.form(unit) for unit in ("STP", "STC")}
        self._made, self._numbers = made, count(1)
        self.office = Office(root, {})
        self.sent: list[str] = []

    def send(self) -> None:
        """Put a return of its own bytes into the inbox, whole at once."""
        number = next(self._numbers)
        unit = ("STP", "STC")[number % 2]
        evidence: TypedCells = {("n1.1", Slot.EVIDENCE): f"Kế hoạch số {number}/KH-UBND"}
        data = self._made.filled(evidence, unit=unit, form=self._forms[unit])
        name = f"{unit}-{number:04}.xlsx"
        hidden = self.office.inbox / f".{name}"
        hidden.write_bytes(data)
        hidden.rename(self.office.inbox / name)
        self.sent.append(name)
        time.sleep(0.15)


@pytest.mark.slow
def test_two_operators_and_a_watcher_lose_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "campaign")
    root = desk.office.root
    desk.send()
    run(root, "collect", "--settle", "0")
    undo = count()

    def decide() -> None:
        more = ["--undo"] if next(undo) % 2 else []
        run(root, "void", "1", "--reason", "thử", *more)

    def look() -> None:
        run(root, "status", "--json")
        run(root, "collect", "--settle", "0")

    ends = time.monotonic() + SECONDS
    with watcher(root) as process, ThreadPoolExecutor(3) as pool:
        sending = pool.submit(until, ends, desk.send)
        looking = pool.submit(until, ends, look)
        deciding = pool.submit(until, ends, decide)
        decided, _looked, _sent = deciding.result(), looking.result(), sending.result()
        said = stopped(process, root)
    assert "Traceback" not in said
    health = read_health(desk.office.workspace.health_path)
    assert health is not None
    assert (health.inbox, health.last_error) == ("available", "")
    run(root, "collect", "--settle", "0")
    assert_nothing_lost(desk, decided)


def assert_nothing_lost(desk: Desk, decided: int) -> None:
    recorded = desk.office.recorded()
    assert Counter(r.file for r in recorded) == Counter(desk.sent)
    assert {r.status for r in recorded} == {Status.VALID}
    for unit in ("STP", "STC"):
        versions = [r.version for r in recorded if r.unit == unit]
        assert versions == list(range(1, len(versions) + 1))
    with desk.office.ledger() as ledger:
        kinds = Counter(event.kind for event in ledger.events())
        assert kinds["arrived"] == len(desk.sent)
        assert (kinds["voided"], kinds["restored"]) == ((decided + 1) // 2, decided // 2)
        assert [d.kind for d in ledger.decisions()] == ["void", "restore"] * (decided // 2) + [
            "void"
        ] * (decided % 2)
        posts = ledger.posts()
    assert {(post.state, post.error) for post in posts} == {("written", "")}
    # A decision has receipts written anew, each in its own place.
    receipts = {(post.submission, post.path) for post in posts if post.kind == "receipt"}
    assert sorted(number for number, _path in receipts) == [r.id for r in recorded]
    written = {desk.office.workspace.outbox / path for _number, path in receipts}
    assert len(written) == len(recorded)
    assert all(path.is_file() for path in written)
    assert check_ledger(desk.office.workspace).troubles == []
    assert [p for p in desk.office.workspace.archive.rglob(".*") if p.is_file()] == []
