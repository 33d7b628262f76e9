"""Trying the ranks of one group: every criterion left out, the weights varied 1,000 times.

    python benchmarks/bench_robustness.py [UNITS] [DRAWS] [REPEAT]

Beside it pandas does the same draws one by one: a weighted sum of the frame, its ranks, quantiles at the end.
Each runs in a process of its own, several times; the rubric has 100 rows in 20 criteria.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.large_campaign import one_group  # noqa: E402  the path comes first
from benchmarks.measuring import Figures, Stopwatch, apart, best, load  # noqa: E402

NOISE = 0.25


def ours(units: int, draws: int) -> Figures:
    """Try the ranks; return seconds and MB."""
    import numpy as np  # noqa: F401  pandas has it loaded, too, before the clock starts

    from xlscore.robustness import assess

    campaign, ranking = one_group(units, draws)
    with Stopwatch() as watch:
        found = assess(campaign, ranking)
    return watch.figures | {"trials": len(found.left_out)}


def pandas_loop(units: int, draws: int) -> Figures:
    """Do the draws alone, one by one, with pandas; return seconds and MB."""
    import pandas as pd

    _, ranking = one_group(units, draws)
    leaves = ranking.rows[0].result.rubric.leaves
    points, applicable = (
        pd.DataFrame({row.result.unit.code: _column(row.result, what) for row in ranking.rows})
        for what in ("points", "applicable")
    )
    draw, ranks = random.Random(1), []
    with Stopwatch() as watch:
        for _ in range(draws):
            weights = pd.Series([draw.uniform(1 - NOISE, 1 + NOISE) for _ in leaves])
            index = points.mul(weights, axis=0).sum() / applicable.mul(weights, axis=0).sum() * 100
            ranks.append(index.round(9).rank(ascending=False, method="min"))
        pd.concat(ranks, axis=1).quantile([0.05, 0.5, 0.95], axis=1)
    return watch.figures


def _column(result: Any, what: str) -> list[float]:
    scores = (result.achieved[leaf.id] for leaf in result.rubric.leaves)
    return [float(getattr(score, what) or 0) for score in scores]


def main(units: int, draws: int, repeat: int = 3) -> None:
    """Measure both in turn and print the ratio."""
    before, size = load(), (str(units), str(draws))
    mine, theirs = [], []
    for _ in range(repeat):
        mine.append(apart(__file__, "--ours", *size))
        theirs.append(apart(__file__, "--pandas", *size))
    own, other = best(mine), best(theirs)
    print(f"{units} units × 100 rows × {draws} draws; {own['trials']:.0f} rankings without a part")
    print(f"{before} before, {load()} after; best of {repeat}")
    for name, f in (("xlscore, all of it", own), ("pandas, the draws alone", other)):
        more = f["memory"] - f["before"]
        seconds = f"processor {f['cpu']:.2f} s, clock {f['wall']:.2f} s"
        print(f"{name}: {seconds}, peak {f['memory']:.0f} MB (+{more:.0f})")
    print(f"pandas ÷ xlscore, processor {other['cpu'] / own['cpu']:.1f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--ours", count, times]:
            print(json.dumps(ours(int(count), int(times))))
        case ["--pandas", count, times]:
            print(json.dumps(pandas_loop(int(count), int(times))))
        case arguments:
            sizes = [int(a) for a in arguments]
            main(*sizes, *(130, 1000, 3)[len(sizes) :])
