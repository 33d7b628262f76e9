"""Collecting returns: one process against all cores, with the same outcome.

    python benchmarks/bench_collect.py [returns]

Figures are ratios within one run; seconds are only shown so that the ratios can be judged.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from xlscore.bundled import examples, make_folder
from xlscore.demo.officers import officer
from xlscore.intake import Intake, judging
from xlscore.issuing import forms, issue
from xlscore.ledger import open_ledger
from xlscore.sentinel import NAME
from xlscore.workbooks.scorecard.fill import fill
from xlscore.workspace import Workspace, open_workspace

RETURNS = 1_000


def run(count: int = RETURNS) -> list[tuple[str, float]]:
    """Return the figures: seconds of both ways, their ratio, returns per second on all cores."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = _campaign(Path(folder) / "campaign", count)
        alone, outcome = _collect(workspace, pool_from=count + 1)
        together, same = _collect(workspace, pool_from=1)
    if outcome != same:
        raise AssertionError("the two ways differ")
    return [
        ("returns", count),
        ("one process, s", alone),
        (f"{os.cpu_count()} processes, s", together),
        ("one process / all cores", alone / together),
        ("returns per second, all cores", count / together),
    ]


def _campaign(root: Path, count: int) -> Workspace:
    make_folder(root, examples()["vinh-long-2023"])
    workspace = open_workspace(root)
    wanted = forms(workspace, workspace.campaign.active.values(), by_role=False)
    issue(workspace, wanted)
    filled = [
        fill(form.path.read_bytes(), workspace.layout(form.unit), officer(workspace, form))
        for form in wanted[:40]
    ]
    for number in range(count):
        # Every content must be new, or it would be a sighting and not a return.
        data = filled[number % len(filled)]
        place = data.rfind(b"PK\x05\x06")
        comment = f"{number:06d}".encode()
        data = data[: place + 20] + len(comment).to_bytes(2, "little") + comment
        (workspace.inbox / f"{number:06d}.xlsx").write_bytes(data)
    return workspace


def _collect(workspace: Workspace, pool_from: int) -> tuple[float, list[tuple[str, str]]]:
    for folder in (workspace.archive, workspace.data / "journal"):
        shutil.rmtree(folder, ignore_errors=True)
    for path in (workspace.ledger_path, workspace.inbox / NAME):
        path.unlink(missing_ok=True)
    judging.POOL_FROM = pool_from  # the switch under measurement
    with open_ledger(workspace.ledger_path) as ledger:
        start = time.perf_counter()
        collected = Intake(workspace, ledger, settle=0).look()
        took = time.perf_counter() - start
    return took, [(r.file, r.status.value) for r in collected.recorded]


if __name__ == "__main__":
    for label, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else RETURNS):
        print(f"{label:40} {value:10.2f}")
