"""Two workers take in one inbox and are killed at random moments, over and over.

Run as a script: campaign folder, number of kills, seed. One interpreter, warmed once, forks the workers. Its
output is JSON: how many were killed, and how many ended by themselves, which none should.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from random import Random

from tests.collecting import collect
from tests.soaking import end_with
from xlscore.workspace import Workspace, open_workspace

_SETTLE = 0.05
_LONGEST = 0.25
"""Seconds a worker lives at most; a pass takes a few hundredths."""


def worker(workspace: Workspace) -> int:
    """Start a worker that makes pass after pass, and return its process id."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    end_with(parent)
    try:
        while True:
            collect(workspace, settle=_SETTLE)
    except BaseException:  # noqa: BLE001  the child must not go on as the parent
        traceback.print_exc()
    os._exit(1)


def main(root: Path, kills: int, seed: int) -> None:
    """Kill a random one of two workers at a random moment, and start another in its place."""
    random = Random(seed)
    workspace = open_workspace(root)
    collect(workspace, settle=0)
    workers = [worker(workspace), worker(workspace)]
    killed = ended = 0
    while killed < kills:
        time.sleep(random.uniform(0.0, _LONGEST))
        place = random.randrange(len(workers))
        os.kill(workers[place], signal.SIGKILL)
        _, status = os.waitpid(workers[place], 0)
        if os.WIFSIGNALED(status):
            killed += 1
        else:
            ended += 1
            break
        workers[place] = worker(workspace)
    for child in workers:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    sys.stdout.write(json.dumps({"killed": killed, "ended": ended}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
