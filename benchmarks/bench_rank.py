"""Ranking 1,000 units × 100 criteria, workbook included, against pandas writing the same bare values.

    python benchmarks/bench_rank.py [UNITS]

Ours ranks, then writes every sheet with formats, live formulas and filters; pandas only writes the
values that those sheets show, with its XlsxWriter engine. Each runs in a process of its own.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

DOMAINS, CRITERIA, LEAVES = 5, 4, 5
"""5 domains × 4 criteria × 5 sub-criteria: 100 leaves."""


def campaign(units: int) -> Any:
    """Return a campaign of one tier and what its units submitted."""
    from xlscore.answers import Answers
    from xlscore.campaign import Campaign, Unit
    from xlscore.form import scorecard_layout
    from xlscore.plugins import build
    from xlscore.rubric import Rubric
    from xlscore.scoring import score_card
    from xlscore.settings import Settings
    from xlscore.submission import Submission

    rubric = Rubric.model_validate(_rubric())
    tier = {"title": "UBND cấp xã", "rubric": "xa.yaml", "deadline": "2026-11-30",
            "bands": [{"name": "A", "at_least": "80"}, {"name": "B", "at_least": "0"}]}  # fmt: skip
    settings = Settings.model_validate(
        {"id": "bench", "title": "Bench", "year": 2026, "tiers": {"xa": tier},
         "authority": {"name": "UBND tỉnh", "place": "Vĩnh Long"}}
    )  # fmt: skip
    codes = [f"X{i:04}" for i in range(units)]
    listed = {c: Unit(code=c, name=f"Ủy ban nhân dân xã {c}", tier="xa") for c in codes}
    layout = scorecard_layout(rubric, build(()).methods())
    draw, subs, day = random.Random(1), {}, datetime(2026, 11, 20, tzinfo=UTC)
    for code in codes:
        values = {n.id: {"points": Decimal(draw.randrange(5)) / 4} for n in rubric.leaves}
        answers = Answers(values, complete=True)
        scores = score_card(rubric, layout.methods, answers)
        subs[code] = Submission(code, answers, scores, day)
    return Campaign(settings, listed, {"xa": rubric}), subs, layout


def _rubric() -> dict[str, Any]:
    def leaf(code: str) -> dict[str, Any]:
        return {"id": code, "code": code, "title": f"Tiêu chí thành phần {code}", "max": "1",
                "method": {"kind": "points", "step": "0.25"}}  # fmt: skip

    def group(code: str, size: int, nodes: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": code,
            "code": code,
            "title": f"Nội dung {code}",
            "max": str(size),
            "nodes": nodes,
        }

    nodes = [
        group(str(d), CRITERIA * LEAVES, [
            group(f"{d}.{c}", LEAVES, [leaf(f"{d}.{c}.{n}") for n in range(1, LEAVES + 1)])
            for c in range(1, CRITERIA + 1)
        ])
        for d in range(1, DOMAINS + 1)
    ]  # fmt: skip
    return {"id": "bench", "title": "Bench", "year": "2026", "tier": "xa", "nodes": nodes}


def ours(units: int, path: Path) -> dict[str, float]:
    """Rank and write; return seconds."""
    from xlscore.ranking import rank_campaign
    from xlscore.workbooks.ranking import write_ranking

    made, submissions, layout = campaign(units)
    start = time.perf_counter()
    results = rank_campaign(made, submissions, lambda _: layout)
    ranked = time.perf_counter()
    write_ranking(results, path)
    return {"rank": ranked - start, "write": time.perf_counter() - ranked, "memory": _peak()}


def pandas_bare(book: Path, path: Path) -> dict[str, float]:
    """Write the values of every sheet of `book` with pandas; return seconds."""
    import pandas as pd

    frames = pd.read_excel(book, sheet_name=None, header=None, engine="calamine")
    start = time.perf_counter()
    with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
        for name, frame in frames.items():
            frame.to_excel(writer, sheet_name=name, header=False, index=False)
    cells = sum(int(frame.notna().sum().sum()) for frame in frames.values())
    return {"write": time.perf_counter() - start, "cells": cells, "memory": _peak()}


def _peak() -> float:
    """Return the peak memory of this process in MB, 0 where the platform does not say."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measure(*arguments: str) -> dict[str, float]:
    made = subprocess.run(
        [sys.executable, __file__, *arguments], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(made.stdout)
    return found


def main(units: int) -> None:
    """Measure both in turn, three times, and print the best of each."""
    with tempfile.TemporaryDirectory() as folder:
        book, bare = Path(folder, "ranking.xlsx"), Path(folder, "bare.xlsx")
        mine, theirs = [], []
        for _ in range(3):
            mine.append(_measure("--ours", str(units), str(book)))
            theirs.append(_measure("--pandas", str(book), str(bare)))
    own = min(mine, key=lambda m: m["rank"] + m["write"])
    other = min(theirs, key=lambda m: m["write"])
    total = own["rank"] + own["write"]
    print(f"{units} units × 100 criteria, {other['cells']:,.0f} cells")
    print(f"xlscore: rank {own['rank']:.2f} s, write {own['write']:.2f} s, {own['memory']:.0f} MB")
    print(f"pandas to_excel of the bare values: {other['write']:.2f} s, {other['memory']:.0f} MB")
    print(f"ratio pandas ÷ xlscore: {other['write'] / total:.2f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--ours", count, target]:
            print(json.dumps(ours(int(count), Path(target))))
        case ["--pandas", source, target]:
            print(json.dumps(pandas_bare(Path(source), Path(target))))
        case arguments:
            main(int(arguments[0]) if arguments else 1_000)
