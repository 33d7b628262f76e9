"""The ranking workbook with all its sheets and charts, beside pandas writing the bare tables.

    python benchmarks/bench_rank.py [--units 170 3300] [--groups 10 30] [--repeat 3] [--steps …]

100 criteria, every row appraised, two earlier years, the trials how robust the ranks are included. Pandas
writes the values of five of those tables with its XlsxWriter engine: ranking, points and maxima (criteria ×
units), component indices, and self against achieved row by row; no formula, format, chart, text or link.
Each step runs in a process of its own, in turn, several times; the run that took least of the processor
counts. Memory is the process's peak, in brackets what the step added to the results in memory.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import Figures, Stopwatch, apart, best, load  # noqa: E402  the path first

STEPS = {
    "rank": "ranking itself",
    "workbook": "workbook, everything",
    "public": "workbook for the public",
    "print": "workbook to be printed",
    "page": "page for phones",
    "announcement": "announcement (.docx)",
    "pandas": "pandas, bare tables",
}
SCOPES = {"public": "public", "print": "print"}


def step(name: str, units: int, groups: int, folder: Path) -> Figures:
    """Do one step; return seconds, MB, and the size of what it made in MB."""
    from benchmarks.large_campaign import LargeCampaign, whole

    if name == "rank":
        made = LargeCampaign(units, groups)
        said, years = made.appraisals(), made.years()
        with Stopwatch() as watch:
            made.ranked(said, years)
        return watch.figures
    results, path = whole(units, groups), folder / f"{name}.made"
    write, cells = writer(name, results)
    with Stopwatch() as watch:
        write(path)
    return watch.figures | {"size": path.stat().st_size / 1e6, "cells": cells}


def writer(name: str, results: Any) -> tuple[Callable[[Path], None], int]:
    """Return what writes one file, with all that it needs imported, and how many cells pandas writes."""
    from benchmarks.large_campaign import GENERATED

    if name == "pandas":
        tables = bare_tables(results)
        return partial(write_bare, tables), sum(frame.size for frame in tables.values())
    if name == "page":
        from xlscore.pages.ranking_page import ranking_page

        def write_page(path: Path) -> None:
            path.write_text(ranking_page(results, generated=GENERATED), encoding="utf-8")

        return write_page, 0
    if name == "announcement":
        from xlscore.announcing import write_announcement

        return partial(write_announcement, results, generated=GENERATED), 0
    from xlscore.plugins import load as plugins
    from xlscore.workbooks.ranking import Scope, write_ranking

    scope, loaded = Scope(SCOPES.get(name, "full")), plugins()

    def write_book(path: Path) -> None:
        failures = write_ranking(results, path, loaded, generated=GENERATED, scope=scope)
        if failures:
            sys.exit(f"plugins failed: {failures}")

    return write_book, 0


# --- what one would do otherwise ------------------------------------------------------------------


def bare_tables(results: Any) -> dict[str, Any]:
    """Return the values of the tables as frames, by sheet name."""
    import pandas as pd

    rubric = results.groups[0].rows[0].result.rubric
    every = [row.result for row in results.rows]
    names = [leaf.title for leaf in rubric.leaves]
    inner = [node for node in rubric.by_id.values() if node.nodes]
    points, maxima = (
        pd.DataFrame(
            {r.unit.code: [_number(getattr(r.achieved[n.id], what)) for n in rubric.leaves]
             for r in every},
            index=names,
        )
        for what in ("points", "applicable")
    )  # fmt: skip
    indices = pd.DataFrame(
        {n.title: [_number(r.node_index(n.id)) for r in every] for n in inner},
        index=[r.unit.name for r in every],
    )
    return {
        "ranking": pd.DataFrame(_ranking(results)),
        "points": points,
        "maxima": maxima,
        "indices": indices,
        "self-achieved": pd.DataFrame(_long(every, rubric.leaves)),
    }


def _ranking(results: Any) -> list[dict[str, Any]]:
    return [
        {
            "group": group.title, "rank": row.rank, "unit": row.result.unit.name,
            "self": _number(row.result.self_totals.achieved),
            "achieved": _number(row.result.totals.achieved),
            "maximum": _number(row.result.totals.applicable),
            "index": _number(row.result.index), "band": row.band,
            "change": _number(results.change(row.result)),
        }
        for group in results.groups
        for row in group.rows
    ]  # fmt: skip


def _long(every: list[Any], leaves: Any) -> list[dict[str, Any]]:
    return [
        {
            "code": r.unit.code, "unit": r.unit.name, "number": n.code, "criterion": n.title,
            "max": _number(n.max), "self": _number(r.own[n.id].points),
            "appraised": _number(r.appraised.get(n.id)),
            "achieved": _number(r.achieved[n.id].points),
            "difference": _number(r.achieved[n.id].points - r.own[n.id].points),
            "reason": r.appraisal.rows[n.id].decided.reason,
        }
        for r in every
        for n in leaves
    ]  # fmt: skip


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def write_bare(tables: dict[str, Any], path: Path) -> None:
    """Write the frames."""
    import pandas as pd

    with path.open("wb") as file, pd.ExcelWriter(file, engine="xlsxwriter") as book:
        for name, frame in tables.items():
            frame.to_excel(book, sheet_name=name)


# --- all steps ------------------------------------------------------------------------------------


def measure(units: int, groups: int, repeat: int, steps: list[str]) -> dict[str, Figures]:
    """Run the steps in turn, several times; return the best run of each."""
    runs: dict[str, list[Figures]] = {name: [] for name in steps}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeat):
            for name, found in runs.items():
                found.append(apart(__file__, "--step", name, str(units), str(groups), folder))
    return {name: best(found) for name, found in runs.items()}


def main(units: int, groups: int, repeat: int, steps: list[str]) -> None:
    """Measure one size and print it."""
    before = load()
    found = measure(units, groups, repeat, steps)
    print(f"{units} units in {groups} groups × 100 criteria; {before} before, {load()} after")
    print("| step | processor | clock | memory | file |\n|---|---|---|---|---|")
    for name, f in found.items():
        more, size = f["memory"] - f["before"], f.get("size", 0)
        file = f"{size:.1f} MB" if size else ""
        print(
            f"| {STEPS[name]} | {f['cpu']:.2f} s | {f['wall']:.2f} s "
            f"| {f['memory']:.0f} MB (+{more:.0f}) | {file} |"
        )
    if {"workbook", "pandas"} <= found.keys():
        print(f"cells written by pandas: {found['pandas']['cells']:,.0f}")
        ratio = found["workbook"]["cpu"] / found["pandas"]["cpu"]
        print(f"xlscore ÷ pandas, processor {ratio:.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=int, nargs="+", default=[170, 3300])
    parser.add_argument("--groups", type=int, nargs="+", default=[10, 30], help="one per size")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--step", nargs=4, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    if asked.step:
        name, units, groups, folder = asked.step
        print(json.dumps(step(name, int(units), int(groups), Path(folder))))
    else:
        for size, parts in zip(asked.units, asked.groups, strict=False):
            main(size, parts, asked.repeat, asked.steps)
