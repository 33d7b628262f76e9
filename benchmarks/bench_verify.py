"""Verifying an edition's workbook, beside what one would do by hand: rank again, compare every cell.

    python benchmarks/bench_verify.py [--units 170] [--repeat 3]

Ours checks ledger and archive, reads every return again from the archive, ranks and writes the workbook
anew, and holds it against the frozen one. By hand: a draft is written as `xlscore rank --draft` does, and
openpyxl reads both workbooks and compares value, formula and number format of every cell; nobody looks at
the returns, the ledger or the archive. The campaign has the communes' rubric of 87 rows, and every unit
sent a card. Each way runs in a process of its own; the time of its worker processes counts.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import Figures, Stopwatch, apart, best, load  # noqa: E402  the path first

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ALIKE = 20
"""So many cards are filled in; the others are of the same figures, each in its own unit's form."""


def make(root: Path, units: int) -> Figures:
    """Make a campaign with an edition; return the size of its workbook in MB."""
    from benchmarks.bench_collect import officer
    from xlscore.bundled import examples, make_folder
    from xlscore.intake import Intake
    from xlscore.issuing import forms, issue
    from xlscore.ledger import open_ledger
    from xlscore.publishing import publish
    from xlscore.workbooks.scorecard.fill import fill
    from xlscore.workspace import open_workspace

    make_folder(root, examples()["vinh-long-2023"])
    tier = {"title": "UBND cấp xã", "deadline": "2026-11-30",
            "rubric": "rubrics/vinh-long-2023/xa.yaml"}  # fmt: skip
    settings = {
        "id": "bench", "title": "Bench", "year": 2026, "units": "units.csv", "tiers": {"xa": tier},
        "authority": {"name": "UBND tỉnh", "place": "Vĩnh Long"},
    }  # fmt: skip
    (root / "campaign.yaml").write_text(json.dumps(settings), encoding="utf-8")
    lines = (f"X{i:04},Xã {i},xa" for i in range(units))
    (root / "units.csv").write_text("\n".join(["code,name,tier", *lines, ""]), encoding="utf-8")
    workspace = open_workspace(root)
    wanted = forms(workspace, workspace.campaign.active.values(), by_role=False)
    issue(workspace, wanted)
    figures = [officer(workspace, form) for form in wanted[:ALIKE]]
    workspace.inbox.mkdir(exist_ok=True)
    for number, form in enumerate(wanted):
        layout, said = workspace.layout(form.unit), figures[number % len(figures)]
        data = fill(form.path.read_bytes(), layout, said)
        (workspace.inbox / f"{form.unit.code}.xlsx").write_bytes(data)
    with open_ledger(workspace.ledger_path) as ledger:
        Intake(workspace, ledger, settle=0).look()
    path = publish(workspace, NOW).path
    (root / "edition.txt").write_text(str(path), encoding="utf-8")
    return {"size": path.stat().st_size / 1e6}


def ours(root: Path) -> Figures:
    """Verify the workbook."""
    from xlscore.verifying import verify
    from xlscore.workspace import open_workspace

    workspace = open_workspace(root)
    path = Path((root / "edition.txt").read_text(encoding="utf-8"))
    with Stopwatch() as watch:
        done = verify(workspace, path)
    if not done.holds:
        sys.exit(f"does not hold: {done.findings}")
    return watch.figures | {"cpu": _with_children(watch.figures)}


def by_hand(root: Path) -> Figures:
    """Rank again and compare the two workbooks; `cells` are those that were compared."""
    import openpyxl

    warnings.filterwarnings("ignore", module="openpyxl")
    from xlscore.publishing import publish
    from xlscore.workspace import open_workspace

    workspace = open_workspace(root)
    frozen = Path((root / "edition.txt").read_text(encoding="utf-8"))
    with Stopwatch() as watch:
        draft = publish(workspace, NOW, draft=True).path
        books = [openpyxl.load_workbook(path) for path in (frozen, draft)]
        same = [one for pair in zip(*map(_cells, books), strict=True) for one in _equal(*pair)]
    return watch.figures | {"cells": len(same), "differing": same.count(False)}


def _cells(book: Any) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Yield every sheet's rows."""
    return (sheet.iter_rows() for sheet in book.worksheets)


def _equal(frozen: Iterator[tuple[Any, ...]], draft: Iterator[tuple[Any, ...]]) -> Iterator[bool]:
    """Yield for each cell whether it is the same."""
    for ours, theirs in zip(frozen, draft, strict=False):
        for one, other in zip(ours, theirs, strict=False):
            yield (one.value, one.number_format) == (other.value, other.number_format)


def _with_children(figures: Figures) -> float:
    times = os.times()
    return figures["cpu"] + times.children_user + times.children_system


def main(units: int, repeat: int) -> None:
    """Measure both in turn and print them."""
    before, ways = load(), {"ours": "xlscore verify", "hand": "rank again, openpyxl"}
    runs: dict[str, list[Figures]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as folder:
        root = str(Path(folder, "campaign"))
        size = apart(__file__, "--make", root, str(units))["size"]
        for _ in range(repeat):
            for way, found in runs.items():
                found.append(apart(__file__, f"--{way}", root))
    found = {way: best(figures) for way, figures in runs.items()}
    cells, differing = found["hand"]["cells"], found["hand"]["differing"]
    print(f"{units} units, {size:.1f} MB; {before} before, {load()} after")
    print(f"{cells:,.0f} cells, of which {differing:.0f} differ in a draft")
    print("| way | processor | clock | memory |\n|---|---|---|---|")
    for way, said in ways.items():
        f = found[way]
        print(f"| {said} | {f['cpu']:.1f} s | {f['wall']:.1f} s | {f['memory']:.0f} MB |")
    for kind, said in (("cpu", "processor"), ("wall", "clock")):
        print(f"xlscore ÷ by hand, {said} {found['ours'][kind] / found['hand'][kind]:.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=int, default=170)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--make", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--ours", help=argparse.SUPPRESS)
    parser.add_argument("--hand", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    if asked.make:
        print(json.dumps(make(Path(asked.make[0]), int(asked.make[1]))))
    elif asked.ours:
        print(json.dumps(ours(Path(asked.ours))))
    elif asked.hand:
        print(json.dumps(by_hand(Path(asked.hand))))
    else:
        main(asked.units, asked.repeat)
