"""What the benchmarks share: a step in a process of its own, its time on the processor and its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Self

Figures = dict[str, float]


def peak() -> float:
    """Return the peak memory of this process in MB, 0 where the platform does not say."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def load() -> str:
    """Return the machine's load of the last minute, in words."""
    try:
        return f"load {os.getloadavg()[0]:.1f}"
    except (AttributeError, OSError):
        return "load unknown"


@dataclass
class Stopwatch:
    """Times what is done within the block; `before` is the peak memory when it began.

    Time on the processor (user and system) depends less on what else the machine does than the clock's.
    """

    figures: Figures = field(default_factory=dict)
    _started: tuple[float, float] = (0, 0)

    def __enter__(self) -> Self:
        """Begin."""
        self.figures["before"] = peak()
        self._started = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the figures: `cpu` and `wall` in seconds, `memory` in MB."""
        cpu, wall = self._started
        self.figures |= {
            "cpu": time.process_time() - cpu,
            "wall": time.perf_counter() - wall,
            "memory": peak(),
        }


def apart(script: str, *arguments: str) -> Figures:
    """Run a step of a script in a process of its own, without third-party plugins; return what it prints."""
    made = subprocess.run(
        [sys.executable, script, *arguments],
        check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        env=os.environ | {"XLSCORE_PLUGINS": ""},
    )  # fmt: skip
    found: Figures = json.loads(made.stdout)
    return found


def best(runs: list[Figures]) -> Figures:
    """Return the run that took least of the processor: whatever else the machine does only adds."""
    return min(runs, key=lambda run: run["cpu"])
