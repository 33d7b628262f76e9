"""Run somebody else's program to its end, with nothing of it left afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

PATIENCE = 300.0
"""Seconds that a program may take on a machine that is busy with other things."""


@contextmanager
def started(command: Sequence[str], **how: Any) -> Iterator[subprocess.Popen[str]]:
    """Start a program in a group of its own, and end all of the group afterwards.

    LibreOffice and Chromium are starters: ending them alone leaves behind what they started.
    """
    with subprocess.Popen(command, start_new_session=True, encoding="utf-8", **how) as process:
        try:
            yield process
        finally:
            if sys.platform == "win32":
                process.kill()
            else:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)


def run(command: Sequence[str], stdin: str = "", patience: float = PATIENCE) -> str:
    """Run a program to its end, and return what it wrote."""
    pipe = subprocess.PIPE
    with started(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        said, erred = process.communicate(stdin, patience)
    if process.returncode:
        raise RuntimeError(f"{command[0]}: {process.returncode} {said} {erred}")
    return said
