"""How long the guarded reading of one filled scorecard takes, beside two yardsticks.

    python benchmarks/bench_read.py

The scorecard is a real one: the bundled rubric of the provincial offices, issued and filled. The bare
yardstick inflates every member and runs expat without handlers over the parts that the reader parses.
The other one loads the workbook twice with openpyxl, which is what it takes there to see both formulas
and cached values. All run interleaved, so the ratios hold on a noisy machine.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

import openpyxl

from xlscore.bundled import examples, make_folder
from xlscore.demo.officers import officer
from xlscore.issuing import forms, issue
from xlscore.workbooks.package import parse_package
from xlscore.workbooks.returns import read_return
from xlscore.workbooks.scorecard.fill import fill
from xlscore.workspace import Workspace, open_workspace

ROUNDS = 40
SLOW_EVERY = 8
PARSED = ("[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/custom.xml")


def filled_scorecard(folder: Path) -> tuple[Workspace, Path]:
    """Issue and fill the scorecard of one provincial office."""
    make_folder(folder, examples()["vinh-long-2023"])
    workspace = open_workspace(folder)
    form = forms(workspace, [workspace.campaign.units["SNV"]], by_role=False)[0]
    issue(workspace, [form])
    path = workspace.inbox / form.path.name
    layout = workspace.layout(form.unit)
    path.write_bytes(fill(form.path.read_bytes(), layout, officer(workspace, form)))
    return workspace, path


def bare(data: bytes) -> None:
    """Inflate every member and parse what the reader parses, without a handler."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name in PARSED or (name.startswith("xl/") and "/theme/" not in name):
                parser = expat.ParserCreate()
                parser.buffer_text = True
                parser.Parse(content, True)  # noqa: FBT003  (positional only)


def two_openpyxl_loads(data: bytes) -> None:
    """Load formulas, and load cached values."""
    for data_only in (False, True):
        openpyxl.load_workbook(BytesIO(data), data_only=data_only)


def run() -> list[tuple[str, float]]:
    """Label and figure: milliseconds of each way, and the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        workspace, path = filled_scorecard(Path(folder) / "campaign")
        data = path.read_bytes()
        ways: dict[str, Callable[[], object]] = {
            "bare unzip and expat": lambda: bare(data),
            "guarded read": lambda: parse_package(data),
            "read and check": lambda: read_return(path, workspace),
            "openpyxl, two loads": lambda: two_openpyxl_loads(data),
        }
        typical = _measure(ways)
    guarded, checked = typical["guarded read"], typical["read and check"]
    return [
        ("file, kB", len(data) / 1000),
        *((f"{name}, ms", spent) for name, spent in typical.items()),
        ("guarded read to bare (at most 7)", guarded / typical["bare unzip and expat"]),
        (
            "two openpyxl loads to read and check (at least 5)",
            typical["openpyxl, two loads"] / checked,
        ),
    ]


def _measure(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS):
        for name, way in ways.items():
            if name.startswith("openpyxl") and turn % SLOW_EVERY:
                continue
            start = time.perf_counter()
            way()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(spent) for name, spent in times.items()}


if __name__ == "__main__":
    for label, value in run():
        print(f"{label:52} {value:8.2f}")
