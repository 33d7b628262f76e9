"""Kill intake at its n-th durable step, for every n, and tell what stands after two further runs.

Run as a script: one interpreter, warmed once, forks a child per n. Each line on its output is JSON: what the
ledger, the archive, the journal and the inbox hold in the end. A durable step is whatever another process
could see: a file opened for writing, written, synced, named or removed, a folder made, an SQL statement
that writes. A write that is killed leaves its first half.
"""

from __future__ import annotations

import builtins
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.collecting import collect
from xlscore.blobs import record_path
from xlscore.ledger import open_ledger
from xlscore.workspace import Workspace, open_workspace

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CALLS = ("fsync", "replace", "rename", "unlink", "remove", "link", "mkdir", "rmdir", "utime")
_READS = ("SELECT", "PRAGMA", "--")


class Fate:
    """Counts durable steps and kills this process just before the n-th."""

    def __init__(self, number: int) -> None:
        self._left = number

    def step(self, half: Callable[[], Any] | None = None) -> None:
        self._left -= 1
        if self._left == 0:
            if half is not None:
                half()
            os.kill(os.getpid(), signal.SIGKILL)

    def seal(self) -> None:
        """Put itself in the way of everything durable."""
        for name in _CALLS:
            setattr(os, name, self._watched(getattr(os, name)))
        os.open = self._opening(os.open)
        os.write = self._writing(os.write)
        builtins.open = io.open = self._opened(io.open)
        sqlite3.connect = self._connecting(sqlite3.connect)

    def _watched(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **how: Any) -> Any:
            self.step()
            return real(*args, **how)

        return called

    def _opening(self, real: Callable[..., int]) -> Callable[..., int]:
        def called(path: Any, flags: int, *args: Any, **how: Any) -> int:
            if flags & _WRITING:
                self.step()
            return real(path, flags, *args, **how)

        return called

    def _opened(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(file: Any, mode: str = "r", *args: Any, **how: Any) -> Any:
            if set(mode) & set("wxa+"):
                self.step()
            return real(file, mode, *args, **how)

        return called

    def _writing(self, real: Callable[[int, Any], int]) -> Callable[[int, Any], int]:
        def called(descriptor: int, data: Any) -> int:
            self.step(lambda: real(descriptor, data[: len(data) // 2]))
            return real(descriptor, data)

        return called

    def _connecting(self, real: Callable[..., sqlite3.Connection]) -> Any:
        def called(*args: Any, **how: Any) -> sqlite3.Connection:
            connection = real(*args, **how)
            connection.set_trace_callback(self._statement)
            return connection

        return called

    def _statement(self, statement: str) -> None:
        if not statement.lstrip().startswith(_READS):
            self.step()


def state(workspace: Workspace) -> dict[str, Any]:
    """Tell all that intake leaves, but for moments and random names."""
    with open_ledger(workspace.ledger_path) as ledger:
        events, recorded = ledger.events(), ledger.arrivals()
        arrivals = [json.loads(event.body) for event in events if event.kind == "arrived"]
        return {
            "versions": [[r.file, str(r.status), r.unit, r.version, r.sha256] for r in recorded],
            "evidence": [[e.file, e.unit, e.sha256] for e in ledger.evidence()],
            "generations": {k.decode(): s.generation for k, s in ledger.sightings().items()},
            "posts": [[p.kind, p.subject, p.submission, p.serial] for p in ledger.posts()],
            "copies": [[i.serial, i.copy_of] for i in ledger.every_issue("STP") if i.copy_of],
            "waiting": len(ledger.waiting()),
            "kinds": [event.kind for event in events],
            "blobs": sorted(path.stem for path in workspace.archive.glob("??/*.bin")),
            "content kept": all(_digest(p) == p.stem for p in workspace.archive.glob("??/*.bin")),
            "records kept": [_recorded(workspace, body) for body in arrivals],
            "journal": [line.event for line in ledger._journal.lines(1)] == events,
            "sound": ledger.chain_is_sound() and not ledger.troubles(),
        }


def _recorded(workspace: Workspace, body: dict[str, Any]) -> bool:
    path = record_path(workspace.archive, body["sha256"], body["submission"])
    return _digest(path) == str(body["record"])


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def take_in(workspace: Workspace) -> None:
    """Make one pass; nothing of the inbox may be left in the way."""
    result = collect(workspace, settle=0)
    if not result.door.open:
        raise RuntimeError(result.door.words[1])


def killed(workspace: Workspace, number: int) -> bool:
    """Make one pass in a child that is killed at step `number`; False if it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            Fate(number).seal()
            take_in(workspace)
        except BaseException:  # noqa: BLE001  the child must not go on as the parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if status:
        raise RuntimeError(status)
    return False


def main(template: Path, root: Path) -> None:
    """Kill a fresh copy of the campaign at each step in turn, until a run comes to its end."""
    number, going_on = 0, True
    workspace: Workspace | None = None
    while going_on:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(template, root)
        if workspace is None:  # layouts, keys and plugins are read once for all children
            workspace = open_workspace(root)
            take_in(workspace)
            continue
        number += 1
        going_on = killed(workspace, number)
        said: dict[str, Any] = {"step": number, "killed": going_on}
        try:
            take_in(workspace)
            take_in(workspace)
            said |= state(workspace)
        except Exception as error:  # noqa: BLE001  told with the step that caused it
            said["error"] = repr(error)
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
