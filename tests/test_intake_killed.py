"""Killed anywhere, the next run finishes: nothing is lost, nothing counts twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.intake_office import ROOT, Office, posix, sha

PDF = b"%PDF-1.7 ke hoach"


def every_death(office: Office, folder: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return what stands after a kill at each step, and after a run that nobody killed."""
    command = [sys.executable, "-m", "tests.killing", str(office.root), str(folder / "killed")]
    done = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=600
    )
    *deaths, whole = [json.loads(line) for line in done.stdout.splitlines()]
    assert not whole.pop("killed")
    whole.pop("step")
    return deaths, whole


def assert_all_alike(deaths: list[dict[str, Any]], whole: dict[str, Any], at_least: int) -> None:
    assert len(deaths) >= at_least
    wrong = {}
    for death in deaths:
        assert death.pop("killed")
        step = death.pop("step")
        if death != whole:
            wrong[step] = {key: death[key] for key in death if death[key] != whole.get(key)}
    assert wrong == {}
    assert whole["content kept"]
    assert whole["journal"]
    assert whole["sound"]
    assert all(whole["records kept"])


@posix
@pytest.mark.slow
def test_killed_at_any_step_of_a_first_arrival_the_next_run_records_exactly_one(
    office: Office, tmp_path: Path
) -> None:
    office.collect()  # the inbox is marked
    office.put("STP.xlsx", "wrong")
    office.put("STP/minh-chung/ke hoach.pdf", PDF)
    deaths, whole = every_death(office, tmp_path)
    assert_all_alike(deaths, whole, at_least=50)
    content = sha(office.returns["wrong"])
    assert whole["versions"] == [["STP.xlsx", "invalid", "STP", 1, content]]
    assert whole["evidence"] == [["STP/minh-chung/ke hoach.pdf", "STP", sha(PDF)]]
    assert whole["blobs"] == sorted([content, sha(PDF)])
    ((copy, original),) = whole["copies"]
    assert (copy, original) == (3, 1)
    assert whole["posts"] == [
        ["evidence", "STP", 0, 0],
        ["marked", "STP", 1, copy],
        ["receipt", "STP", 1, 0],
    ]
    assert whole["kinds"] == ["issued", "issued", "inbox-opened", "evidence", "arrived", "issued"]


@posix
@pytest.mark.slow
def test_killed_at_any_step_of_the_first_use_the_inbox_is_marked_once(
    office: Office, tmp_path: Path
) -> None:
    office.put("STP.xlsx")
    deaths, whole = every_death(office, tmp_path)
    assert_all_alike(deaths, whole, at_least=40)
    assert whole["kinds"] == ["issued", "issued", "inbox-opened", "arrived"]


@posix
@pytest.mark.slow
def test_killed_at_any_step_of_a_resubmission_the_next_run_records_exactly_one(
    office: Office, tmp_path: Path
) -> None:
    office.put("STP.xlsx", "wrong")
    office.put("STP/minh-chung/ke hoach.pdf", b"cu")
    office.collect()
    office.put("STP.xlsx", "first")
    office.put("STP/minh-chung/ke hoach.pdf", PDF)
    deaths, whole = every_death(office, tmp_path)
    assert_all_alike(deaths, whole, at_least=40)
    assert [v[1:4] for v in whole["versions"]] == [["invalid", "STP", 1], ["valid", "STP", 2]]
    assert whole["evidence"] == [["STP/minh-chung/ke hoach.pdf", "STP", sha(PDF)]]
    assert whole["generations"] == {"STP.xlsx": 2, "STP/minh-chung/ke hoach.pdf": 2}
    assert len(whole["copies"]) == 1
    assert len(whole["blobs"]) == 4


class Writer(threading.Thread):
    """Puts files into an inbox until it is told to stop: most once, some over and over.

    Attributes:
        written: the contents that each name was given, in order.
    """

    def __init__(self, office: Office, random: Random) -> None:
        super().__init__(daemon=True)
        self._office, self._random = office, random
        self._scratch = office.root / "scratch"
        self._scratch.mkdir()
        self._ticks = time.time_ns()
        self.over = threading.Event()
        self.written: dict[str, list[str]] = defaultdict(list)

    def run(self) -> None:
        number = 0
        while not self.over.wait(self._random.uniform(0, 0.06)):
            number += 1
            kind = self._random.random()
            if kind < 0.4:
                self._drop(f"{number:05}.bin", f"file {number}".encode())
            elif kind < 0.6:
                self._drop(f"lai {number % 3}.bin", f"file {number}".encode())
            elif kind < 0.8:
                self._drop(f"STP/minh-chung/{number % 4}.pdf", f"file {number}".encode())
            else:
                choice = self._random.choice(["first", "second", "wrong"])
                self._drop("STP.xlsx", self._office.returns[choice])

    def _drop(self, name: str, content: bytes) -> None:
        """Put a file there whole: what is overwritten before anybody saw it, is not lost by us."""
        path = self._scratch / "new"
        path.write_bytes(content)
        self._ticks += 1_000_000
        os.utime(path, ns=(self._ticks, self._ticks))
        target = self._office.inbox / name
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        self.written[name].append(sha(content))


@posix
@pytest.mark.slow
def test_two_workers_killed_at_random_lose_nothing_and_count_nothing_twice(office: Office) -> None:
    kills, seed = int(os.environ.get("XLSCORE_SOAK_KILLS", "30")), 20261122
    writer = Writer(office, Random(seed))
    storm = [sys.executable, "-m", "tests.storming", str(office.root), str(kills), str(seed)]
    writer.start()
    try:
        done = subprocess.run(
            storm, cwd=ROOT, capture_output=True, text=True, check=True, timeout=600
        )
    finally:
        writer.over.set()
        writer.join()
    assert json.loads(done.stdout) == {"killed": kills, "ended": 0}, done.stderr
    office.collect()
    assert office.collect().recorded == []
    assert_nothing_lost_or_doubled(office, writer.written)


def assert_nothing_lost_or_doubled(office: Office, written: dict[str, list[str]]) -> None:
    with office.ledger() as ledger:
        rows = ledger._db.execute("SELECT entry, sha256 FROM sightings ORDER BY id").fetchall()
        recorded, events = ledger.submissions(), ledger.events()
        assert [line.event for line in ledger._journal.lines(1)] == events
        assert ledger.chain_is_sound()
        assert ledger.troubles() == []
        receipts = Counter(p.submission for p in ledger.posts() if p.kind == "receipt")
    seen: dict[str, list[str]] = defaultdict(list)
    for entry, content in rows:
        seen[entry.decode()].append(content)
    assert seen.keys() == written.keys()
    for name, contents in written.items():
        assert seen[name][-1] == contents[-1], name
        assert is_part_in_order(seen[name], contents), name
        assert all(a != b for a, b in zip(seen[name], seen[name][1:], strict=False)), name
    assert receipts == {r.id: 1 for r in recorded}
    taken = {r.sha256 for r in recorded} | {e.sha256 for e in office.evidence()}
    assert taken <= office.blobs()
    for path in office.workspace.archive.glob("??/*.bin"):
        assert sha(path.read_bytes()) == path.stem


def is_part_in_order(some: list[str], every: list[str]) -> bool:
    rest = iter(every)
    return all(one in rest for one in some)
