"""One turn: take in what is new, write what waits in the outbox, renew the status page, say we live."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from xlscore import __version__
from xlscore.delivering import Delivered, deliver
from xlscore.health import Health, write_health
from xlscore.intake import Collected, Intake
from xlscore.ledger import Ledger, open_ledger
from xlscore.pages.status_page import Runner
from xlscore.places import free_bytes
from xlscore.sentinel import this_host, this_user
from xlscore.status_report import Seen, write_status
from xlscore.workspace import Workspace

_PAGE_AGE = timedelta(seconds=60)
"""The page is written anew at least so often, so that its readers see that somebody watches."""

_MB = 1 << 20

Progress = Callable[[int, int], None]
Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Turn:
    """What one turn did.

    Attributes:
        troubles: what could not be written, in words; it is tried again in the next turn.
    """

    collected: Collected
    delivered: Delivered
    troubles: list[str] = field(default_factory=list)

    @property
    def brought_something(self) -> bool:
        """Whether anything changed."""
        return bool(self.collected.recorded or self.collected.evidence or self.delivered.written)


@dataclass
class Run:
    """What outlives a ledger that is opened anew: since when we run, what was scanned since.

    Attributes:
        scans: complete scans since the start.
        last_scan: the last of them.
    """

    started: datetime
    scans: int = 0
    last_scan: datetime | None = None


class Turns:
    """Makes turns over one open ledger."""

    def __init__(
        self,
        workspace: Workspace,
        ledger: Ledger,
        *,
        every: float = 0,
        settle: float | None = None,
        now: Clock = _now,
        clock: Callable[[], float] = time.monotonic,
        stopping: Callable[[], bool] = lambda: False,
        run: Run | None = None,
    ) -> None:
        """Prepare; nothing is read or written before the first turn.

        Args:
            every: seconds between the turns of a watcher, or 0 where this is no watcher.
            settle: seconds a file must stay unchanged; the campaign's setting by default.
            now, clock: wall clock and monotonic clock.
            stopping: whether somebody asked to stop; asked before each file.
            run: the run that these turns go on with.
        """
        self.workspace, self.ledger = workspace, ledger
        self._run = run or Run(now())
        self._every, self._now, self._stopping = every, now, stopping
        self._intake = Intake(
            workspace, ledger, settle=settle, now=now, clock=clock, stopping=stopping
        )
        self._shown: tuple[object, ...] = ()
        self._written: datetime | None = None

    @property
    def settle(self) -> float:
        """Seconds that a file must stay unchanged."""
        return self._intake.settle

    def take(self, progress: Progress | None = None) -> Turn:
        """Make one turn.

        Raises:
            OSError: archive or disk fail; what is recorded stays recorded.
            LedgerError: the ledger cannot be used.
            KeysError: the keys that returns are recognised by are gone or damaged.
        """
        collected = self._intake.look(progress)
        return self._finish(collected)

    def take_settled(self, progress: Progress | None = None) -> Turn:
        """Make one turn that waits once for what is still changing.

        Raises:
            OSError, LedgerError, KeysError: see `take`.
        """
        collected = self._intake.look(progress)
        if collected.changing:
            time.sleep(self.settle)
            collected = self._intake.look(progress).after(collected)
        return self._finish(collected)

    def close(self) -> None:
        """Tell the ledger of the last complete scan, before the turns end."""
        self._intake.note_scan()

    def _finish(self, collected: Collected) -> Turn:
        moment = self._now()
        if collected.complete and collected.door.open:
            self._run.scans += 1
            self._run.last_scan = moment
        turn = Turn(collected, deliver(self.workspace, self.ledger, moment, self._stopping))
        turn.troubles += turn.delivered.failed
        self._renew_page(turn, moment)
        if self._every and collected.complete and collected.door.open:
            self._say_we_live(turn, moment)
        return turn

    def _renew_page(self, turn: Turn, moment: datetime) -> None:
        """Write the status page where it would say something else, or has grown old."""
        collected = turn.collected
        shows = (collected.door, tuple(collected.waiting), self.ledger.head())
        old = self._written is None or not timedelta(0) <= moment - self._written < _PAGE_AGE
        if shows == self._shown and not (old and self._every):
            return
        zone = self.workspace.campaign.zone
        runner = Runner(this_host(), this_user(), self._run.started.astimezone(zone))
        seen = Seen(
            collected.door,
            collected.waiting,
            self._run.last_scan,
            runner if self._every else None,
            watched=bool(self._every),
        )
        try:
            write_status(self.workspace, self.ledger, seen, moment)
        except OSError as error:
            turn.troubles.append(f"status.html: {error}")
        else:
            self._shown, self._written = shows, moment

    def _say_we_live(self, turn: Turn, moment: datetime) -> None:
        waiting = self.ledger.waiting().values()
        oldest = min((w.since for w in waiting), default=moment)
        health = Health(
            pid=os.getpid(),
            host=this_host(),
            version=__version__,
            started=self._run.started,
            last_scan=moment,
            every_seconds=self._every,
            inbox=turn.collected.door.state.value,
            backlog=len(turn.collected.waiting),
            oldest_waiting=max(0.0, (moment - oldest).total_seconds()),
            last_error=turn.troubles[-1] if turn.troubles else "",
            free_mb=free_bytes(self.workspace.data) // _MB,
            scans=self._run.scans,
        )
        try:
            write_health(self.workspace.health_path, health)
        except OSError as error:
            turn.troubles.append(f"health.json: {error}")


def run_once(
    workspace: Workspace,
    *,
    settle: float | None = None,
    progress: Progress | None = None,
    now: Clock = _now,
) -> Turn:
    """Make one whole turn: what `collect` and `watch --once` do.

    Raises:
        OSError, LedgerError, KeysError: see `Turns.take`.
    """
    with open_ledger(workspace.ledger_path) as ledger:
        turns = Turns(workspace, ledger, settle=settle, now=now)
        turn = turns.take_settled(progress)
        turns.close()
    return turn
