"""These benchmarks run: nobody else would notice that a switch of theirs is gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.intake_office import ROOT


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "size", "told"),
    [
        ("bench_collect.py", ("40",), "one process / all cores"),
        ("bench_watch.py", ("20",), "first pass to bare steps (at most 3)"),
        ("bench_appraise.py", ("--units", "3"), "xlscore ÷ pandas, writing"),
        ("bench_robustness.py", ("20", "20", "1"), "pandas ÷ xlscore, processor"),
        (
            "bench_rank.py",
            ("--units", "6", "--groups", "2", "--repeat", "1", "--steps", "workbook", "pandas"),
            "xlscore ÷ pandas, processor",
        ),
        ("bench_verify.py", ("--units", "3", "--repeat", "1"), "xlscore ÷ by hand, clock"),
        ("bench_send.py", ("--letters", "3", "--repeat", "1"), "xlscore ÷ smtplib, clock"),
    ],
)
def test_a_benchmark_runs_and_tells_its_ratio(
    script: str, size: tuple[str, ...], told: str
) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / script), *size],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ratio = next(line for line in done.stdout.splitlines() if line.startswith(told))
    assert float(ratio.removeprefix(told)) > 0


@pytest.mark.slow
def test_a_whole_campaign_runs_from_the_forms_to_the_letters(tmp_path: Path) -> None:
    steps = ["generate", "collect", "edition 1", "what-if", "verify", "results", "letters"]
    script = str(ROOT / "benchmarks" / "bench_campaign.py")
    size = ["--units", "3", "--groups", "1", "--steps", *steps]
    done = subprocess.run(
        [sys.executable, script, str(tmp_path / "campaign"), *size],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split(" | ")[0].removeprefix("| ") for line in done.stdout.splitlines()] == steps
    assert len(list((tmp_path / "campaign" / "letters").glob("*.eml"))) == 2  # one returned nothing
