"""One pass over the letters that wait: each is handed to its carrier at most once, whatever happens.

Before a letter's content is handed over, ledger and journal say `sending`; what a killed pass leaves in
that state is uncertain. One pass at a time: a second sender finds the lock held and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from xlscore.archive import ContentError, kept
from xlscore.hookspecs import Delivery, Fate, Outgoing
from xlscore.ledger import Ledger, LetterRow, LetterState
from xlscore.ledger.alone import alone
from xlscore.mail import address_of
from xlscore.reasons import Words, of_system
from xlscore.sending import carriers, drafting
from xlscore.sending.smtp import Session
from xlscore.sending.trouble import ServerError, said
from xlscore.workspace import Workspace

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120, 240, 480, 960, 1440))
"""Between attempts, counted; after the last, more than two days on, the letter has failed."""

_UNTIL_MENDED = timedelta(hours=1)
"""Between attempts that only settings keep from succeeding: a wrong password tried often locks accounts."""

_LOCK = "sending.lock"
_CUT_SHORT: Words = (
    "lần gửi trước bị ngắt giữa chừng: có thể đã tới, có thể chưa",
    "the former attempt was cut short: it may have arrived or not",
)
_BYTES_GONE: Words = (
    "nội dung thư trong kho lưu bị mất hoặc bị sửa: chạy “xlscore ledger check”",
    "its bytes in the archive are gone or altered: run “xlscore ledger check”",
)
_GIVEN_UP: Words = ("quá số lần thử: {why}", "tried too often: {why}")

Clock = Callable[[], datetime]


@dataclass
class Passed:
    """What one pass did.

    Attributes:
        done: letters that it brought to a new state, as they are now; what waits on is not among them.
        trouble: why nothing could be handed to the server, in words.
        busy: whether another process is sending, and so nothing was done.
    """

    done: list[LetterRow] = field(default_factory=list)
    trouble: str = ""
    busy: bool = False


def send_waiting(
    workspace: Workspace,
    ledger: Ledger,
    *,
    at_once: bool = False,
    now: Clock = lambda: datetime.now(UTC),
    stopping: Callable[[], bool] = lambda: False,
    patience: float | None = None,
) -> Passed:
    """Try every letter that is due.

    Args:
        at_once: also those that would be tried later: somebody asked for it.
        stopping: whether somebody asked to stop; asked before each letter.
        patience: seconds the server may be silent, where less than its setting.

    Raises:
        OSError: the lock cannot be made.
        LedgerError: the ledger cannot be used; a letter under way is found uncertain next time.
    """
    with alone(workspace.data / _LOCK) as ours:
        if not ours:
            return Passed(busy=True)
        run = _Pass(workspace, ledger, now)
        run.find_cut_short()
        server = workspace.campaign.settings.mail.server
        if server is None:
            run.all_due(None, stopping, at_once=at_once)
        else:
            with Session(server, workspace.root, patience=patience) as session:
                run.all_due(session, stopping, at_once=at_once)
        return run.passed


def is_due(row: LetterRow, now: datetime) -> bool:
    """Whether a letter waits and is to be tried now.

    Nothing is put off for longer than the longest pause: what is was noted by a clock that was ahead.
    """
    return row.state is LetterState.WAITING and (
        row.next_at is None or not now < row.next_at <= now + PAUSES[-1]
    )


def find_cut_short(workspace: Workspace, ledger: Ledger, now: datetime) -> None:
    """Find letters uncertain that a killed pass left, unless a pass is under way."""
    with alone(workspace.data / _LOCK) as ours:
        if ours:
            _Pass(workspace, ledger, lambda: now).find_cut_short()


class _MarkError(Exception):
    """A letter could not be marked, and so was not handed over; the arguments are `Words`."""


class _Pass:
    def __init__(self, workspace: Workspace, ledger: Ledger, now: Clock) -> None:
        self._workspace, self._ledger, self._now = workspace, ledger, now
        self._sender = workspace.campaign.settings.mail.sender
        self._marked: set[int] = set()
        self._early: set[int] = set()
        self.passed = Passed()

    def find_cut_short(self) -> None:
        for row in self._ledger.open_letters():
            if row.state is LetterState.SENDING:
                self._becomes(row, LetterState.UNCERTAIN, said(_CUT_SHORT), carrier=row.carrier)

    def all_due(
        self, session: Session | None, stopping: Callable[[], bool], *, at_once: bool
    ) -> None:
        """Try every letter that is due once, those too that others queue meanwhile.

        Whoever finds the lock held is told that this pass takes his letters along.
        """
        tried: set[int] = set()
        while not (self.passed.trouble or stopping()):
            waiting = [r for r in self._ledger.open_letters() if r.state is LetterState.WAITING]
            moment = self._now()
            due = [r for r in waiting if r.id not in tried and (at_once or is_due(r, moment))]
            if not due:
                return
            tried |= {row.id for row in due}
            self._early |= {row.id for row in due if not is_due(row, moment)}
            self._each(due, session, stopping)

    def _each(
        self, due: list[LetterRow], session: Session | None, stopping: Callable[[], bool]
    ) -> None:
        for place, row in enumerate(due):
            if stopping():
                return
            try:
                self._one(row, session)
            except ServerError as error:  # the same for all that come after
                self._put_off(due[place:], str(error), counted=not error.settings)
                self.passed.trouble = str(error)
                return
            except _MarkError as error:
                self.passed.trouble = said((error.args[0], error.args[1]))
                return

    def _one(self, row: LetterRow, session: Session | None) -> None:
        try:
            data = kept(self._workspace.archive, row.letter.sha256)
        except (FileNotFoundError, ContentError):
            self._becomes(row, LetterState.FAILED, said(_BYTES_GONE))
            return
        except OSError as error:
            self._put_off([row], said(of_system(error)), counted=False)
            return
        if carriers.offered(self._workspace.plugins):
            self._mark(row)
            message = self._outgoing(row, data)
            if (told := carriers.ask(self._workspace.plugins, message)) is not None:
                self._settle(row, told.delivery, told.carrier)
                return
        if session is None:
            self._draft(row, data)
            return
        delivery = session.hand_over(self._outgoing(row, data), lambda: self._mark(row))
        self._settle(row, delivery, "smtp")

    def _outgoing(self, row: LetterRow, data: bytes) -> Outgoing:
        sender = address_of(self._sender) if self._sender else ""
        letter, attempt = row.letter, row.attempts + 1
        return Outgoing(data, sender, letter.recipient, letter.subject, letter.message_id, attempt)

    # --- what becomes of a letter -----------------------------------------------------------------------

    def _mark(self, row: LetterRow) -> None:
        """Say in ledger and journal that the letter is handed over now; else it must not be."""
        if self._state(row) is LetterState.SENDING:
            return  # for a carrier that did not want it
        with self._ledger.transaction():
            marked = self._ledger.letter_becomes(row.id, LetterState.SENDING, self._now())
        trouble = self._ledger.journal_trouble
        if marked:
            self._marked.add(row.id)
        if marked and not trouble:
            return
        self._back(row)  # a ledger rebuilt from that journal would send it again
        raise _MarkError(
            f"không ghi được nhật ký, chưa gửi gì ({trouble})",
            f"the journal cannot be written, nothing was sent ({trouble})",
        )

    def _state(self, row: LetterRow) -> LetterState:
        now = self._ledger.letter(row.id)
        return now.state if now else row.state

    def _draft(self, row: LetterRow, data: bytes) -> None:
        try:
            path = drafting.write(self._workspace, row, data)
        except OSError as error:
            self._back(row)
            self._put_off([row], said(drafting.unwritable(self._workspace, error)), counted=False)
            return
        self._back(row)
        below = path.relative_to(self._workspace.outbox).as_posix()
        self._becomes(row, LetterState.DRAFTED, carrier="draft", path=below)

    def _back(self, row: LetterRow) -> None:
        """Take back the mark that was made for a carrier that did not want the letter."""
        if self._state(row) is LetterState.SENDING:
            with self._ledger.transaction():
                self._ledger.letter_becomes(row.id, LetterState.WAITING, self._now())

    def _settle(self, row: LetterRow, delivery: Delivery, carrier: str) -> None:
        why = delivery.why
        match delivery.fate:
            case Fate.DONE:
                self._becomes(row, LetterState.SENT, carrier=carrier, reply=why)
            case Fate.LATER:
                self._back(row)
                self._put_off([row], why, counted=True)
            case Fate.FAILED:
                self._fails(row, why, carrier=carrier)
            case Fate.UNCERTAIN:
                self._becomes(row, LetterState.UNCERTAIN, why, carrier=carrier)

    def _put_off(self, rows: list[LetterRow], why: str, *, counted: bool) -> None:
        until: dict[int, tuple[int, datetime]] = {}
        spent = []
        for row in rows:
            self._back(row)
            if row.id in self._early and row.next_at is not None:
                # Who asks again and again brings no letter to its end: the pauses last two days.
                handed = row.attempts + (row.id in self._marked)
                until[row.id] = min(handed, len(PAUSES)), row.next_at
                continue
            tried = row.attempts + (counted or row.id in self._marked)
            if counted and tried > len(PAUSES):
                spent.append(row)
            else:
                until[row.id] = (
                    tried,
                    self._now() + (PAUSES[tried - 1] if counted else _UNTIL_MENDED),
                )
        with self._ledger.transaction():
            self._ledger.put_off_letters(why, until)
        for row in spent:
            words = _GIVEN_UP[0].format(why=why), _GIVEN_UP[1].format(why=why)
            self._fails(row, said(words))

    def _fails(self, row: LetterRow, why: str, **more: str) -> None:
        """Fail a letter of this attempt, which counts even if it was refused before its content."""
        with self._ledger.transaction():
            tried = row.attempts + 1
            self._ledger.put_off_letters(why, {row.id: (tried, self._now())})
        self._becomes(row, LetterState.FAILED, why, **more)

    def _becomes(self, row: LetterRow, state: LetterState, why: str = "", **more: str) -> None:
        with self._ledger.transaction():
            changed = self._ledger.letter_becomes(row.id, state, self._now(), why=why, more=more)
        if changed and (fresh := self._ledger.letter(row.id)):
            self.passed.done.append(fresh)
