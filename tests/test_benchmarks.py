"""The benchmarks of intake still run: nobody else would notice when a switch they turn is gone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.intake_office import ROOT


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "files", "told"),
    [
        ("bench_collect.py", "40", "one process / all cores"),
        ("bench_watch.py", "20", "first pass to bare steps (at most 3)"),
    ],
)
def test_a_benchmark_runs_and_tells_its_ratio(script: str, files: str, told: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / script), files],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ratio = next(line for line in done.stdout.splitlines() if line.startswith(told))
    assert float(ratio.removeprefix(told)) > 0
