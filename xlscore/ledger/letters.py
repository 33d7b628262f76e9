"""Letters: one row per recipient, its bytes frozen in the archive, every change of state an event.

Each event tells the whole letter, so that a log with gaps still knows which letters there are. A letter
is marked `sending` before its content is handed over: what is found so later was cut short, and whether
it arrived is for a person to find out (`uncertain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from xlscore.ledger.chapter import Chapter, canonical, to_stamp, to_time


class LetterState(StrEnum):
    """Where a letter stands.

    `drafted`: a person sends it; `uncertain`: nobody knows whether it arrived, and it is never sent again
    by itself; `dropped`: another letter goes in its place.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DRAFTED = "drafted"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"


_S = LetterState
_FROM: Mapping[LetterState, tuple[LetterState, ...]] = {
    _S.WAITING: (_S.SENDING,),
    _S.SENDING: (_S.WAITING,),
    _S.SENT: (_S.SENDING, _S.UNCERTAIN, _S.DRAFTED),
    _S.DRAFTED: (_S.WAITING,),
    _S.FAILED: (_S.WAITING, _S.SENDING),
    _S.UNCERTAIN: (_S.SENDING,),
    _S.DROPPED: (_S.UNCERTAIN, _S.FAILED),
}
"""What a letter may have been before it becomes something."""

LETTER_FACTS = ("key", "kind", "edition", "audience", "recipient", "subject", "message_id",
                "sha256", "size")  # fmt: skip
"""What every event tells of a letter beside its number."""

LETTER_OPEN = (_S.WAITING, _S.SENDING)
"""The states in which a letter is not done with."""

QUEUED = "letter-queued"
_NAMES = ", ".join(LETTER_FACTS)
_SELECT = (
    f"SELECT id, {_NAMES}, state, attempts, next_at, error, carrier, path, created_at, done_at"  # noqa: S608  ours
    " FROM letters"
)


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to be queued.

    Attributes:
        key: what tells it from every other letter; one with a key that is there already is not queued.
        kind: `ranking`, `result`, `receipt`.
        edition: of the ranking; 0 where it is about none.
        audience: group, and for a unit's own letter its code: `don-vi/STP`.
        recipient: one address.
        sha256, size: of its bytes in the archive.
    """

    key: str
    kind: str
    edition: int
    audience: str
    recipient: str
    subject: str
    message_id: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter on record.

    Attributes:
        attempts: how often handing it over was tried.
        next_at: before that it is not tried again by itself; None: at once.
        error: why it is not sent yet, failed or is uncertain.
        carrier: who took it; `path`: the draft, below the outbox.
    """

    id: int
    letter: NewLetter
    state: LetterState
    attempts: int
    next_at: datetime | None
    error: str
    carrier: str
    path: str
    created_at: datetime
    done_at: datetime | None


class Letters(Chapter):
    """The chapter of letters."""

    def queue_letter(self, new: NewLetter, now: datetime) -> int:
        """Queue a letter and return its number, or 0 where it was queued before.

        Call inside a transaction.
        """
        cursor = self._db.execute(
            f"INSERT INTO letters ({_NAMES}, created_at) VALUES (?,?,?,?,?,?,?,?,?,?)"  # noqa: S608  ours
            " ON CONFLICT (key) DO NOTHING",
            (*_values(new), to_stamp(now)),
        )
        if not cursor.rowcount:
            return 0
        number = int(cursor.lastrowid or 0)
        self.keep_blob(new.sha256, new.size, now)
        self._event(now, QUEUED, {"letter": number, **_told(new)})
        return number

    def letter_becomes(
        self,
        number: int,
        state: LetterState,
        now: datetime,
        *,
        why: str = "",
        more: Mapping[str, Any] | None = None,
    ) -> bool:
        """Change a letter's state; False where it is not in one that this follows on.

        Call inside a transaction.

        Args:
            more: `carrier` and `path` are kept with it, anything else is only told in the event.
        """
        row = self.letter(number)
        if row is None or row.state not in _FROM[state]:
            return False
        more = more or {}
        carrier, path = more.get("carrier", row.carrier), more.get("path", row.path)
        done = "" if state in LETTER_OPEN else to_stamp(now)
        attempts = row.attempts + (state is _S.SENDING)
        self._db.execute(
            "UPDATE letters SET state = ?, error = ?, next_at = '', carrier = ?, path = ?, done_at = ?,"
            " attempts = ? WHERE id = ?",
            (state, why, carrier, path, done, attempts, number),
        )
        told = {"letter": number, **_told(row.letter), "attempt": attempts, **more}
        self._event(now, f"letter-{state}", {**told, "why": why} if why else told)
        return True

    def put_off_letters(self, why: str, until: Mapping[int, tuple[int, datetime]]) -> None:
        """Note why waiting letters wait on; call inside a transaction.

        No event: nothing was handed over, and a down server would fill the log.

        Args:
            until: attempts so far and time of the next, by number.
        """
        self._db.executemany(
            "UPDATE letters SET attempts = ?, error = ?, next_at = ? WHERE id = ? AND state = 'waiting'",
            [(tried, why, to_stamp(at), number) for number, (tried, at) in until.items()],
        )

    def letters(self, *states: LetterState) -> list[LetterRow]:
        """Return the letters in these states (all without any), in order."""
        rows = self._db.execute(f"{_SELECT} ORDER BY id").fetchall()
        return [found for row in rows if (found := _row(row)).state in states or not states]

    def open_letters(self) -> list[LetterRow]:
        """Return the letters that wait, are being sent, or uncertain: the few that matter to a turn."""
        rows = self._db.execute(
            f"{_SELECT} WHERE state IN ('waiting', 'sending', 'uncertain') ORDER BY id"
        ).fetchall()
        return [_row(row) for row in rows]

    def letter(self, number: int) -> LetterRow | None:
        """Return one letter."""
        row = self._db.execute(f"{_SELECT} WHERE id = ?", (number,)).fetchone()
        return _row(row) if row else None

    def letter_keys(self) -> set[str]:
        """Return the keys of all letters ever queued."""
        return {row[0] for row in self._db.execute("SELECT key FROM letters").fetchall()}

    def restore_letter(self, number: int, facts: Mapping[str, Any]) -> None:
        """Put back a letter with the number it had; call inside a transaction, for a rebuild."""
        kept = (*LETTER_FACTS, "state", "carrier", "path", "at", "done")
        self._db.execute(
            f"INSERT INTO letters (id, {_NAMES}, state, carrier, path, created_at, done_at)"  # noqa: S608  ours
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (number, *(facts[name] for name in kept)),
        )
        self.keep_blob(facts["sha256"], facts["size"], to_time(facts["at"]))


def letter_key(campaign: str, kind: str, edition: int, audience: str, *more: str) -> str:
    """Return what tells a letter from every other: `more` is recipient, attachment, how often again."""
    return canonical([campaign, kind, edition, audience, *more])


def _values(new: NewLetter) -> tuple[Any, ...]:
    return tuple(getattr(new, name) for name in LETTER_FACTS)


def _told(new: NewLetter) -> dict[str, Any]:
    return dict(zip(LETTER_FACTS, _values(new), strict=True))


def _row(row: tuple[Any, ...]) -> LetterRow:
    number, rest = row[0], row[1 + len(LETTER_FACTS) :]
    state, attempts, next_at, error, carrier, path, created, done = rest
    return LetterRow(
        number, NewLetter(*row[1 : 1 + len(LETTER_FACTS)]), LetterState(state), attempts,
        to_time(next_at) if next_at else None, error, carrier, path, to_time(created),
        to_time(done) if done else None,
    )  # fmt: skip
