"""Watching the inbox: the first pass over many files, idle turns, memory, receipts.

    python benchmarks/bench_watch.py [files]

The first pass takes in that many small filled scorecards, each of its own content, in one process, and is
held against the bare steps written straight down for the same files in one process: read, hash, write a
copy and sync it, sync its folder, read the package strictly. What it does beside (judging, one record
beside each content, ledger and journal) is its price. Idle turns come every ten seconds of a clock that
the benchmark moves, so the status page and the noting of scans have their part in them.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from xlscore.bundled import make_empty
from xlscore.demo.officers import officer
from xlscore.durable import sync_folder, write_synced
from xlscore.inbox import scan
from xlscore.intake import Intake, judging
from xlscore.issuing import Form, forms, issue
from xlscore.ledger import Ledger, open_ledger
from xlscore.watching import Turns
from xlscore.watching.turns import Run
from xlscore.workbooks.package import parse_package
from xlscore.workbooks.scorecard.fill import fill
from xlscore.workspace import Workspace, open_workspace

FILES = 2_000
IDLE_TURNS = 200
EVERY = 10.0
RETURNS_EACH = 5
"""So often each unit sends its card."""

REFUSED_EVERY = 10
"""Of so many units one makes a mistake, and is answered with marked copies."""


class Clock:
    """Wall clock and monotonic clock that stand until they are moved."""

    def __init__(self) -> None:
        self.moment, self.seconds = datetime.now(UTC), 0.0

    def go_on(self) -> None:
        """Let the time between two turns go by."""
        self.moment += timedelta(seconds=EVERY)
        self.seconds += EVERY


def run(count: int = FILES) -> list[tuple[str, float]]:
    """Return the figures: label and value."""
    judging.POOL_FROM = count + 1  # one process for one process
    with tempfile.TemporaryDirectory() as folder:
        workspace = _campaign(Path(folder) / "campaign", count)
        bare = _bare(workspace, Path(folder) / "bare")
        clock = Clock()
        with open_ledger(workspace.ledger_path) as ledger:
            intake = Intake(
                workspace, ledger, settle=0, now=lambda: clock.moment, clock=lambda: clock.seconds
            )
            start = time.perf_counter()
            brought = len(intake.look().recorded)
            first = time.perf_counter() - start
            if brought != count:
                raise AssertionError(f"{brought} of {count} files were taken")
            return [
                ("files", count),
                ("bare steps, ms a file", 1000 * bare / count),
                ("first pass, ms a file", 1000 * first / count),
                ("first pass to bare steps (at most 3)", first / bare),
                *_idle(workspace, ledger, clock),
            ]


def _campaign(root: Path, count: int) -> Workspace:
    make_empty(root)
    codes = [f"U{number:05d}" for number in range(count // RETURNS_EACH)]
    table = "".join(f"{code},Đơn vị {code},so\n" for code in codes)
    (root / "units.csv").write_text(f"code,name,tier\n{table}", encoding="utf-8")
    workspace = open_workspace(root)
    wanted = forms(workspace, workspace.campaign.active.values(), by_role=False)
    issue(workspace, wanted)
    workspace.inbox.mkdir(exist_ok=True)
    for number, form in enumerate(wanted):
        _send(workspace, form, number, len(wanted), wrong=number % REFUSED_EVERY == 0)
    return workspace


def _send(workspace: Workspace, form: Form, number: int, step: int, *, wrong: bool) -> None:
    """Put a unit's returns into the inbox: the same card, each time of another content."""
    layout, typed = workspace.layout(form.unit), officer(workspace, form)
    if wrong:
        figure = next(key for key, value in typed.items() if isinstance(value, Decimal))
        typed |= {figure: Decimal(999_999)}
    data = fill(form.path.read_bytes(), layout, typed)
    place = data.rfind(b"PK\x05\x06") + 20
    for version in range(RETURNS_EACH):
        comment = f"{version:06d}".encode()
        changed = data[:place] + len(comment).to_bytes(2, "little") + comment
        (workspace.inbox / f"{number + version * step:06d}.xlsx").write_bytes(changed)


def _bare(workspace: Workspace, folder: Path) -> float:
    folder.mkdir()
    start = time.perf_counter()
    for path in workspace.inbox.glob("*.xlsx"):
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        with (folder / digest).open("xb") as stream:
            write_synced(stream.fileno(), data)
        sync_folder(folder)
        parse_package(data)
    return time.perf_counter() - start


def _idle(workspace: Workspace, ledger: Ledger, clock: Clock) -> list[tuple[str, float]]:
    watch = Run(clock.moment, EVERY)
    turns = Turns(
        workspace, ledger, settle=0, run=watch,
        now=lambda: clock.moment, clock=lambda: clock.seconds,
    )  # fmt: skip
    start = time.perf_counter()
    written = turns.take().delivered.written
    took = time.perf_counter() - start
    copies = sum(1 for path in written if path.suffix == ".xlsx")
    clock.go_on()
    turns.take()
    before, began = _resident(), time.process_time()
    for _turn in range(IDLE_TURNS):
        clock.go_on()
        turns.take()
    spent = (time.process_time() - began) / IDLE_TURNS
    grown = _resident() - before
    start = time.process_time()
    for _again in range(10):
        scan(workspace.inbox)
    alone = (time.process_time() - start) / 10
    return [
        ("receipts and marked copies", len(written)),
        ("of these, marked copies", copies),
        ("receipts and marked copies per second", len(written) / took),
        ("bare scan, ms of CPU", 1000 * alone),
        ("idle turn, ms of CPU", 1000 * spent),
        ("idle turns, percent of a core (below 1)", 100 * spent / EVERY),
        ("memory after one idle turn, MB", before / 1e6),
        (f"grown in {IDLE_TURNS} idle turns, MB", grown / 1e6),
    ]


def _resident() -> int:
    """Return the bytes of memory in use; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, AttributeError):
        return 0


if __name__ == "__main__":
    for label, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else FILES):
        print(f"{label:44} {value:10.2f}")
