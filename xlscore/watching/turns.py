"""One turn: take in what is new, write what waits in the outbox, renew the status page, say we live."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from xlscore import __version__
from xlscore.delivering import Delivered, deliver, tell_contested, tell_outgrown
from xlscore.durable import sweep
from xlscore.health import Health, write_health
from xlscore.intake import Availability, Collected, Intake
from xlscore.intake.session import SCANNED
from xlscore.ledger import Ledger, LetterRow, open_ledger
from xlscore.pages.status_page import Runner, StatusPage
from xlscore.places import free_bytes
from xlscore.proceedings import Proceedings, proceedings
from xlscore.sentinel import this_host, this_user
from xlscore.status_report import Seen, status_page, write_page
from xlscore.watching.postman import Postman
from xlscore.workspace import Workspace

_PAGE_AGE = timedelta(seconds=60)
"""The page is written anew at least so often, so that its readers see that somebody watches."""

_FIGURES_AGE = timedelta(minutes=10)
"""What the page says of the units is worked out anew at least so often: a deadline may have passed."""

_MB = 1 << 20

Progress = Callable[[int, int], None]
Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Turn:
    """What one turn did.

    Attributes:
        letters: that came to a new state.
        troubles: what could not be written, in words; it is tried again in the next turn.
    """

    collected: Collected
    delivered: Delivered
    letters: list[LetterRow] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


@dataclass
class Run:
    """A watcher's run, which outlives a ledger that is opened anew.

    Attributes:
        started: since when it runs.
        every: seconds between its turns.
        scans: complete scans since the start.
        last_scan: the last complete scan, of an earlier run where this one has none yet.
        leaving: whether it was asked to end: to be looked at while nothing gets ahead.
    """

    started: datetime
    every: float
    scans: int = 0
    last_scan: datetime | None = None
    leaving: bool = False


class Turns:
    """Makes turns over one open ledger."""

    def __init__(
        self,
        workspace: Workspace,
        ledger: Ledger,
        *,
        settle: float | None = None,
        now: Clock = _now,
        clock: Callable[[], float] = time.monotonic,
        stopping: Callable[[], bool] = lambda: False,
        run: Run | None = None,
    ) -> None:
        """Prepare; nothing is read or written before the first turn.

        Args:
            settle: seconds a file must stay unchanged; the campaign's setting by default.
            now, clock: wall clock and monotonic clock.
            stopping: whether somebody asked to stop; asked before each file.
            run: the watcher's run that these turns belong to, if any.
        """
        self.workspace, self.ledger = workspace, ledger
        self._run, self._watched = run or Run(now(), 0), run is not None
        if self._run.last_scan is None and (noted := ledger.fact(SCANNED)):
            self._run.last_scan = datetime.fromisoformat(noted)
        self._now, self._stopping = now, stopping
        self._intake = Intake(
            workspace,
            ledger,
            settle=settle,
            now=now,
            clock=clock,
            stopping=stopping,
            leaving=lambda: self._run.leaving,
        )
        self._postman = Postman(workspace, ledger, now)
        self._tidied = self._compared = False
        self._weighed = ""
        self._state: Proceedings | None = None
        self._page: tuple[StatusPage, datetime] | None = None
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
        self._tidy()
        return self._finish(self._intake.look(progress))

    def take_settled(self, progress: Progress | None = None) -> Turn:
        """Make one turn that waits once for what is still changing.

        Raises:
            OSError, LedgerError, KeysError: see `take`.
        """
        self._tidy()
        return self._finish(self._intake.look_settled(progress))

    def close(self) -> None:
        """Tell the ledger of the last complete scan, before the turns end."""
        self._intake.note_scan()

    def _tidy(self) -> None:
        """Once, before the first turn: remove what killed processes left half written."""
        if self._tidied:
            return
        self._tidied, workspace = True, self.workspace
        folders = [workspace.data, workspace.reports, workspace.outbox, workspace.status_folder]
        for folder in filter(None, folders):
            sweep(folder)
        for parent in (workspace.outbox, workspace.archive):
            with suppress(OSError):
                for below in parent.iterdir():
                    sweep(below)

    def _finish(self, collected: Collected) -> Turn:
        moment = self._now()
        if collected.complete and collected.door.open:
            self._run.scans += 1
            self._run.last_scan = moment
        turn = Turn(collected, self._deliver(collected, moment))
        turn.troubles += turn.delivered.failed
        turn.troubles += filter(None, [self.ledger.journal_trouble])
        if self._watched:
            turn.letters, matters = self._postman.go_round(self._stopping)
            turn.troubles += matters
        self._renew_page(turn, moment)
        self._state = None
        if self._watched and collected.complete and collected.door.open:
            self._say_we_live(turn, moment)
        return turn

    def _deliver(self, collected: Collected, moment: datetime) -> Delivered:
        """Write what waits in the outbox, unless another ledger writes there by now."""
        if collected.door.state in {Availability.OTHER_HOST, Availability.OTHER_CAMPAIGN}:
            return Delivered()
        if not self._compared:  # a changed campaign is read into turns of its own
            tell_outgrown(self.workspace, self.ledger, moment)
            self._compared = True
        if (head := self.ledger.head()) != self._weighed:
            tell_contested(self.ledger, self._state_at(moment))
            self._weighed = head
        return deliver(self.workspace, self.ledger, moment, self._stopping, self._state)

    def _state_at(self, moment: datetime) -> Proceedings:
        """Return the state of the procedure: worked out once a turn, and kept no longer."""
        if self._state is None or (self._state.head, self._state.now) != (
            self.ledger.head(),
            moment,
        ):
            self._state = proceedings(self.workspace, self.ledger, moment)
        return self._state

    def _renew_page(self, turn: Turn, moment: datetime) -> None:
        """Write the status page where it would say something else, or has grown old."""
        collected = turn.collected
        shows = (collected.door, tuple(collected.waiting), self.ledger.head())
        old = self._written is None or not timedelta(0) <= moment - self._written < _PAGE_AGE
        if shows == self._shown and not (old and self._watched):
            return
        try:
            page = self._page_of(collected, shows, moment)
            write_page(self.workspace, page, collected.door)
        except OSError as error:
            turn.troubles.append(f"status.html: {error}")
        else:
            self._shown, self._written = shows, moment

    def _page_of(
        self, collected: Collected, shows: tuple[object, ...], moment: datetime
    ) -> StatusPage:
        """Return the page of this moment; nothing is worked out again that is still the same."""
        zone, last = self.workspace.campaign.zone, self._run.last_scan
        if self._page is not None and shows == self._shown:
            page, made = self._page
            if timedelta(0) <= moment - made < _FIGURES_AGE:
                seen = last.astimezone(zone) if last else None
                return replace(page, written=moment.astimezone(zone), last_scan=seen)
        runner = Runner(this_host(), this_user(), self._run.started.astimezone(zone))
        seen_now = Seen(
            collected.door,
            collected.waiting,
            last,
            runner if self._watched else None,
            watched=self._watched,
        )
        state = self._state_at(moment)
        page = status_page(self.workspace, self.ledger, seen_now, moment, state)
        self._page = page, moment
        return page

    def _say_we_live(self, turn: Turn, moment: datetime) -> None:
        waiting = self.ledger.waiting().values()
        oldest = min((w.since for w in waiting), default=moment)
        health = Health(
            pid=os.getpid(),
            host=this_host(),
            version=__version__,
            started=self._run.started,
            last_scan=moment,
            every_seconds=self._run.every,
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
