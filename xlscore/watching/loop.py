"""The loop: turns in a worker thread, a main thread that only waits, a stop within seconds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xlscore.findings import Finding
from xlscore.ledger import open_ledger
from xlscore.service import notify_alive, notify_ready, notify_stopping, watchdog_interval
from xlscore.watching.turns import Run, Turn, Turns
from xlscore.watching.wakeup import Wakeup
from xlscore.workspace import Workspace, WorkspaceError, open_workspace

_LEAST_GAP = 2.0
"""Seconds between two turns at least, however often the system wakes us: on Windows our own reading
may raise events."""

_PATIENCE = 4.0
"""Seconds that a turn under way may still take when we are asked to stop."""

_SLICE = 0.25
"""Seconds after which the main thread looks up: Windows delivers Ctrl+C only then."""

_PING_EVERY = 1.0
"""Seconds between two signs of life at least: thousands of files must not flood the service manager."""

_REREAD_AFTER = 60.0
"""Seconds after which a campaign with errors is read again though its files are the same: Excel may
only have held one of them."""


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
            tell: called from the worker thread; what it raises is only logged.
            every: seconds between scans; the campaign's setting by default.
            settle: seconds a file must stay unchanged; the campaign's setting by default.
            hints: whether the system's own news of changes wakes us early.
        """
        self._workspace, self._listener = workspace, tell
        self._given_every, self._settle, self._hints = every, settle, hints
        self._asked_to_stop = False
        self._wake = threading.Event()
        self._run = Run(datetime.now(UTC), self._every)
        self._signature = _signature(workspace)
        self._refused: tuple[Finding, ...] = ()
        self._read_at = time.monotonic()
        self._pinged = float("-inf")

    def stop(self) -> None:
        """Ask to stop: safe to call from a signal handler, and more than once."""
        # No lock is touched: a signal may come while the main thread holds that very lock.
        self._asked_to_stop = self._run.leaving = True

    def run(self) -> bool:
        """Watch until `stop` is called; return whether the last turn could be finished.

        A turn that hangs on a dead share is left behind: whatever it was about, the next start finds it.
        """
        worker = threading.Thread(target=self._work, name="intake", daemon=True)
        wakeup = Wakeup(lambda: self._workspace.inbox, self._wake)
        if self._hints:
            wakeup.start()
        worker.start()
        notify_ready()
        while worker.is_alive() and not self._asked_to_stop:
            worker.join(_SLICE)
        notify_stopping()
        self._wake.set()
        wakeup.stop()
        worker.join(_PATIENCE)
        return not worker.is_alive()

    # --- in the worker thread ---------------------------------------------------------------------

    def _work(self) -> None:
        while not self._asked_to_stop:
            try:
                self._reread()
                self._turns()
            except Exception as error:  # noqa: BLE001  no fault may end three months of watching
                self._tell(Told(error=error))
                self._wait(self._every)

    def _turns(self) -> None:
        """Make turns over one open ledger until asked to stop, or the campaign was changed."""
        self._run.every = self._every
        with open_ledger(self._workspace.ledger_path) as ledger:
            turns = Turns(
                self._workspace,
                ledger,
                settle=self._settle,
                stopping=self._stopping,
                run=self._run,
            )
            while not self._asked_to_stop:
                turn = turns.take()
                self._alive()
                self._tell(Told(turn=turn))
                self._wait(self._pause(turn, turns.settle))
                if self._reread():
                    break
            turns.close()

    @property
    def _every(self) -> float:
        return self._given_every or self._workspace.campaign.settings.intake.every_seconds

    def _stopping(self) -> bool:
        """Answer each file's question whether to go on: whoever asks gets ahead, and so we live."""
        self._alive()
        return self._asked_to_stop

    def _alive(self) -> None:
        if time.monotonic() - self._pinged >= _PING_EVERY:
            self._pinged = time.monotonic()
            notify_alive()

    def _tell(self, told: Told) -> None:
        try:
            self._listener(told)
        except Exception:  # a console that was closed must not end the intake
            logging.getLogger("xlscore.watch").exception("nobody listens")

    def _pause(self, turn: Turn, settle: float) -> float:
        """Return how long to wait: not longer than what is still changing needs to settle."""
        if not turn.collected.changing:
            return self._every
        return min(self._every, max(settle, _LEAST_GAP))

    def _wait(self, seconds: float) -> None:
        """Wait so long, or until something has changed, but not less than the least gap."""
        began, least = time.monotonic(), min(seconds, _LEAST_GAP)
        while not self._asked_to_stop:
            passed = time.monotonic() - began
            if passed >= seconds or (passed >= least and self._wake.is_set()):
                break
            rest = min(seconds - passed, watchdog_interval() or seconds)
            if passed < least:
                time.sleep(min(_SLICE, least - passed))
            else:
                self._wake.wait(rest)
                self._alive()  # waiting, not hanging: scans may be further apart than its patience
        self._wake.clear()

    def _reread(self) -> bool:
        """Open the campaign anew where its files have changed; True if it is another one now."""
        signature = _signature(self._workspace)
        overdue = self._refused and time.monotonic() - self._read_at >= _REREAD_AFTER
        if signature == self._signature and not overdue:
            return False
        self._signature, self._read_at = signature, time.monotonic()
        former = self._workspace
        try:
            self._workspace = open_workspace(former.root)
        except WorkspaceError as error:
            if error.findings != self._refused:
                self._tell(Told(findings=error.findings))
            self._refused = error.findings
            return False
        self._refused = ()
        # What was saved while we read is read once more.
        same = _signature(former) == signature
        self._signature = _signature(self._workspace) if same else ()
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
