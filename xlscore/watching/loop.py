"""The loop: turns in a worker thread, a main thread that only waits, a stop within seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xlscore.findings import Finding
from xlscore.ledger import LedgerError, open_ledger
from xlscore.service import notify_alive, notify_ready, notify_stopping
from xlscore.watching.turns import Turn, Turns
from xlscore.watching.wakeup import Wakeup
from xlscore.workspace import KeysError, Workspace, WorkspaceError, open_workspace

_LEAST_GAP = 2.0
"""Seconds between two turns at least, however often the system wakes us: on Windows our own reading
may raise events."""

_PATIENCE = 4.0
"""Seconds that a turn under way may still take when we are asked to stop."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the watcher tells whoever started it: a turn, an error, or that the campaign was read anew.

    Attributes:
        error: what went wrong: the next turn tries again.
        findings: what is wrong with a campaign that was changed under way; the former one is used on.
    """

    turn: Turn | None = None
    error: Exception | None = None
    findings: tuple[Finding, ...] = ()
    reread: bool = False


class Watcher:
    """Watches one inbox until it is stopped."""

    def __init__(
        self,
        workspace: Workspace,
        tell: Callable[[Told], None],
        *,
        every: float | None = None,
        settle: float | None = None,
        hints: bool = True,
    ) -> None:
        """Prepare; nothing happens before `run`.

        Args:
            tell: called from the worker thread.
            every: seconds between scans; the campaign's setting by default.
            settle: seconds a file must stay unchanged; the campaign's setting by default.
            hints: whether the system's own news of changes wakes us early.
        """
        self._workspace, self._tell = workspace, tell
        self._every = every or workspace.campaign.settings.intake.every_seconds
        self._settle, self._hints = settle, hints
        self._stop, self._wake = threading.Event(), threading.Event()
        self._signature = _signature(workspace)

    def stop(self) -> None:
        """Ask to stop: safe to call from a signal handler, and more than once."""
        self._stop.set()
        self._wake.set()

    def run(self) -> bool:
        """Watch until `stop` is called; return whether the last turn could be finished.

        A turn that hangs on a dead share is left behind: whatever it was about, the next start finds it.
        """
        worker = threading.Thread(target=self._work, name="intake", daemon=True)
        wakeup = Wakeup(self._workspace.inbox, self._wake)
        if self._hints:
            wakeup.start()
        worker.start()
        notify_ready()
        while not self._stop.wait(1.0):  # in slices: Windows delivers Ctrl+C only between them
            if not worker.is_alive():
                break
        notify_stopping()
        wakeup.stop()
        worker.join(_PATIENCE)
        return not worker.is_alive()

    # --- in the worker thread ---------------------------------------------------------------------

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._turns()
            except (LedgerError, KeysError, OSError) as error:
                self._tell(Told(error=error))
                self._wait(self._every)
            except Exception as error:  # noqa: BLE001  a fault of ours must not end three months of watching
                self._tell(Told(error=error))
                self._wait(self._every)

    def _turns(self) -> None:
        """Make turns over one open ledger until asked to stop, or the campaign was changed."""
        with open_ledger(self._workspace.ledger_path) as ledger:
            turns = Turns(
                self._workspace,
                ledger,
                every=self._every,
                settle=self._settle,
                stopping=self._stop.is_set,
            )
            while not self._stop.is_set() and not self._reread():
                turn = turns.take(lambda _done, _total: self._alive())
                self._alive()
                self._tell(Told(turn=turn))
                self._wait(self._pause(turn, turns.settle))
            turns.close()

    def _alive(self) -> None:
        notify_alive()

    def _pause(self, turn: Turn, settle: float) -> float:
        """Return how long to wait: not longer than what is still changing needs to settle."""
        return min(self._every, settle) if turn.collected.changing else self._every

    def _wait(self, seconds: float) -> None:
        began = time.monotonic()
        self._wake.wait(seconds)
        least = min(seconds, _LEAST_GAP) - (time.monotonic() - began)
        if least > 0:
            self._stop.wait(least)
        self._wake.clear()

    def _reread(self) -> bool:
        """Open the campaign anew where its files have changed; True if it is another one now."""
        signature = _signature(self._workspace)
        if signature == self._signature:
            return False
        self._signature = signature
        try:
            self._workspace = open_workspace(self._workspace.root)
        except WorkspaceError as error:
            self._tell(Told(findings=error.findings))
            return False
        self._tell(Told(reread=True))
        return True


def _signature(workspace: Workspace) -> tuple[object, ...]:
    """Return what changes when somebody edits the campaign."""
    settings = workspace.campaign.settings
    names = ["campaign.yaml", settings.units, *settings.surveys, *settings.holidays]
    names += [tier.rubric for tier in settings.tiers.values()]
    return tuple(_facts(workspace.root / name) for name in names)


def _facts(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
