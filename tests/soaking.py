"""A watcher and two more processes on one ledger, with live writers, killed at random over and over.

    python -m tests.soaking [--minutes 5] [--kills 500] [--seed 1]

One process watches, one collects, one decides and writes the status page. A writer that nobody kills
puts files into the inbox in all the ways that copying programs have; then everything that must hold is
checked. The output is JSON: what was done, and what is wrong (which must be nothing).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from tests.campaigns import make_campaign
from tests.copying import PATTERNS, Writer
from xlscore.deciding import DecisionError, Said, restore, void
from xlscore.intake import Availability, Door
from xlscore.intake.recording import MARKED, RECEIPT
from xlscore.ledger import open_ledger
from xlscore.status_report import Seen, status_page, write_page
from xlscore.upkeep import check_ledger
from xlscore.watching import Told, Watcher, loop, run_once
from xlscore.workspace import Workspace, open_workspace

SETTLE = 0.2
WRITERS = 4
_AGED = 7200.0
"""Seconds by which temporary files are made older, so that they are swept."""


def watch(workspace: Workspace, _random: Random) -> None:
    loop._LEAST_GAP = 0.1  # a soak of minutes stands for months
    Watcher(workspace, _grave, every=0.2, settle=SETTLE).run()


def _grave(told: Told) -> None:
    if told.error is not None and "locked" not in str(told.error):
        traceback.print_exception(told.error)


def collect(workspace: Workspace, random: Random) -> None:
    while True:
        run_once(workspace, settle=SETTLE)
        time.sleep(random.uniform(0, 0.3))


def decide(workspace: Workspace, random: Random) -> None:
    while True:
        now = datetime.now(UTC)
        said = Said("ngâm thử", "Lan", now)
        with open_ledger(workspace.ledger_path) as ledger:
            arrivals = ledger.submissions()
            if arrivals:
                chosen = random.choice(arrivals)
                with suppress(DecisionError):  # nobody's file, or another process was quicker
                    (restore if chosen.voided else void)(ledger, chosen.id, said)
            seen = Seen(Door(Availability.AVAILABLE))
            write_page(workspace, status_page(workspace, ledger, seen, now), seen.door)
        time.sleep(random.uniform(0, 0.4))


ROLES: tuple[Callable[[Workspace, Random], None], ...] = (watch, collect, decide)


def end_with(parent: int) -> None:
    """Let this process end when its parent is gone: nobody would stop it any more."""

    def watch_parent() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch_parent, daemon=True).start()


def start(role: Callable[[Workspace, Random], None], workspace: Workspace, seed: int) -> int:
    """Start a process of a role, and return its id."""
    sys.stdout.flush()
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    end_with(parent)
    try:
        role(workspace, Random(seed))
    except BaseException:  # noqa: BLE001  the child must not go on as the parent
        traceback.print_exc()
    os._exit(1)


def storm(workspace: Workspace, kills: int, seconds: float, random: Random) -> dict[str, int]:
    """Kill a random process, and start another in its place: so often, in about so many seconds."""
    children = [start(role, workspace, random.getrandbits(32)) for role in ROLES]
    done, pause = Counter[str](), seconds / kills
    while done["killed"] < kills and not done["ended"]:
        time.sleep(random.uniform(0.2 * pause, 1.8 * pause))
        place = random.randrange(len(children))
        os.kill(children[place], signal.SIGKILL)
        _, status = os.waitpid(children[place], 0)
        done["killed" if os.WIFSIGNALED(status) else "ended"] += 1
        children[place] = start(ROLES[place], workspace, random.getrandbits(32))
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return dict(done)


def wrong_with(workspace: Workspace, written: dict[str, list[str]]) -> dict[str, Any]:
    """Return what does not hold; nothing if all is well."""
    with open_ledger(workspace.ledger_path) as ledger:
        arrivals, evidence = ledger.submissions(), ledger.evidence()
        posts, sightings = ledger.posts(), ledger.sightings()
    recorded = Counter(r.sha256 for r in arrivals) + Counter(e.sha256 for e in evidence)
    last = {name: contents[-1] for name, contents in written.items()}
    everything = {sha for contents in written.values() for sha in contents}
    answered = {post.submission for post in posts if post.kind == RECEIPT}
    now = {os.fsdecode(entry): s.sha256 for entry, s in sightings.items()}
    found = {
        "not recorded": sorted(name for name, sha in last.items() if sha not in recorded),
        "recorded twice": sorted(sha for sha, count in recorded.items() if count > 1),
        "never written": sorted(recorded.keys() - everything),
        "last content unknown": sorted(name for name in last if now.get(name) != last[name]),
        "without receipt": [r.id for r in arrivals if r.id not in answered],
        "waiting": [post.id for post in posts if post.state == "waiting"],
        "not in the outbox": [
            post.path
            for post in posts
            if post.kind in {RECEIPT, MARKED}
            and post.state == "written"
            and not (workspace.outbox / post.path).is_file()
        ],
        "given up": [post.error for post in posts if post.state == "dropped" and post.error],
        # What was overwritten just as its taker was killed never came again.
        "ledger": [
            str(trouble)
            for trouble in check_ledger(workspace).troubles
            if trouble.name != "record-unknown" or Path(trouble.place).name[:64] in recorded
        ],
        "temporary": [str(path) for path in _temporary(workspace)],
    }
    return {what: cases for what, cases in found.items() if cases}


def _temporary(workspace: Workspace) -> list[Path]:
    roots = (workspace.data, workspace.outbox, workspace.reports)
    return [path for root in roots for path in root.rglob("*.tmp")]


def soak(root: Path, kills: int, seconds: float, seed: int) -> dict[str, Any]:
    """Run it all in a fresh campaign, and return what was done and what is wrong."""
    random = Random(seed)
    made = make_campaign(root, intake={"incomplete_minutes": "60"})
    made.workspace.inbox.mkdir()
    cards = [made.filled(), made.filled({("n1.1", "points"): None}), made.filled(unit="STC")]
    workspace = open_workspace(root)
    run_once(workspace, settle=0)
    manifest = root / "written.json"
    writer = _writers(workspace, cards, manifest, seed)
    done = storm(workspace, kills, seconds, random)
    os.kill(writer, signal.SIGTERM)
    os.waitpid(writer, 0)
    written = json.loads(manifest.read_text(encoding="utf-8"))
    left = len(_temporary(workspace))
    old = time.time() - _AGED
    for path in _temporary(workspace):
        os.utime(path, (old, old))
    for _again in range(3):
        run_once(workspace, settle=SETTLE)
    contents = {sha for shas in written["contents"].values() for sha in shas}
    return {
        **done,
        "files": len(written["contents"]),
        "contents": len(contents),
        "patterns": written["patterns"],
        "temporary left by kills": left,
        "wrong": wrong_with(workspace, written["contents"]),
    }


def _writers(workspace: Workspace, cards: list[bytes], manifest: Path, seed: int) -> int:
    """Start the process that writes into the inbox until asked to stop: in every way at least once."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    end_with(parent)
    over, asked = threading.Event(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    writers = [
        Writer(workspace.inbox, cards, Random(seed * 100 + number), number, over)
        for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    while not (asked.is_set() and all(any(w.used[p] for w in writers) for p in PATTERNS)):
        time.sleep(0.05)
    over.set()
    for writer in writers:
        writer.join()
    contents = {name: shas for writer in writers for name, shas in writer.written.items()}
    patterns = Counter[str]()
    for writer in writers:
        patterns += writer.used
    said = json.dumps({"contents": contents, "patterns": patterns})
    manifest.write_text(said, encoding="utf-8")
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = soak(Path(folder) / "campaign", asked.kills, asked.minutes * 60, asked.seed)
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    sys.exit(1 if told["wrong"] or len(told["patterns"]) < len(PATTERNS) else 0)


if __name__ == "__main__":
    main()
