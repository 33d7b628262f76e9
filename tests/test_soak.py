"""A short soak: a watcher and two more processes on one ledger, killed at random under live writers."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.copying import PATTERNS
from tests.intake_office import ROOT, posix


@posix
@pytest.mark.slow
def test_random_kills_under_live_writers_lose_nothing_and_double_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.soaking", "--minutes", "0.25", "--kills", "30"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    assert told["wrong"] == {}
    assert set(told["patterns"]) == set(PATTERNS)
    assert told["killed"] == 30
    assert told.get("ended", 0) == 0, done.stderr
    assert done.returncode == 0
