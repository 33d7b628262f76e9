"""What every chapter of the ledger shares: the connection, transactions, the hash-chained log."""

from __future__ import annotations

import getpass
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xlscore.i18n import _
from xlscore.ledger.journal import Journal
from xlscore.ledger.records import Event

ORIGIN = "0" * 64
"""What the first event of a chain links to."""
_LONG = 9


class Chapter:
    """One part of the ledger's books over the shared connection."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._db = connection
        self.folder = folder
        self._journal = Journal(folder / "journal")
        self._told = False  # whether this transaction has events to journal
        self.journal_trouble = ""  # why the journal lags behind, if it does

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block as one immediate transaction: all of it is recorded, or nothing."""
        self._told = False
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk makes SQLite roll back by itself
                self._db.execute("ROLLBACK")
            raise
        if self._told:
            try:
                self.journalise()
            except sqlite3.Error as error:  # what is committed is done: the journal catches up
                self.journal_trouble = f"journal: {error}"

    # --- single facts -------------------------------------------------------------------------------

    def fact(self, key: str) -> str:
        """Return a single fact, or nothing."""
        row = self._db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_fact(self, key: str, value: str) -> None:
        """Set a single fact."""
        self._db.execute(
            "INSERT INTO facts VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def chain(self) -> int:
        """Return which chain of events this is: rebuilding begins a new one.

        Raises:
            sqlite3.DataError: what stands there is no number, which whoever opened the ledger tells.
        """
        told = self.fact("chain") or "1"
        if not (told.isascii() and told.isdecimal() and int(told[:_LONG]) and len(told) < _LONG):
            raise sqlite3.DataError(_("the number of its chain is “{found}”", found=told[:_LONG]))
        return int(told)

    # --- contents ------------------------------------------------------------------------------------

    def keep_blob(self, sha256: str, size: int, moment: datetime) -> None:
        """Put a content of the archive on record; call inside a transaction.

        From then on `ledger check` reads it, and misses it where it is gone.
        """
        if sha256:  # a link or a device leaves no bytes
            self._db.execute(
                "INSERT OR IGNORE INTO blobs VALUES (?, ?, ?)", (sha256, size, to_stamp(moment))
            )

    # --- the log -------------------------------------------------------------------------------------

    def event(self, at: datetime, kind: str, body: Mapping[str, Any]) -> None:
        """Append one event in a transaction of its own."""
        with self.transaction():
            self._event(at, kind, body)

    def head(self) -> str:
        """Return the hash of the last event, or zeros: what a ranking cites as its basis."""
        row = self._db.execute("SELECT hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        return str(row[0]) if row else ORIGIN

    def events(self, after: int = 0) -> list[Event]:
        """Return the events after number `after`, in order."""
        rows = self._db.execute(
            "SELECT seq, at, actor, kind, body, previous, hash FROM events WHERE seq > ? ORDER BY seq",
            (after,),
        ).fetchall()
        return [Event(*row) for row in rows]

    def chain_is_sound(self) -> bool:
        """Whether every event still has the hash that its content and its predecessor give."""
        return chain_break(self.events()) == 0

    def catch_up(self) -> bool:
        """Give the journal what a killed process could not write any more; False if it knows more.

        Then this is an older ledger that somebody put back, and new events would take numbers that are
        taken.
        """
        try:
            journalled = self._journal.last(self.chain())
        except OSError:
            return True  # whether it fits is found out when it can be read
        (last,) = self._db.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
        if journalled < last:
            self.journalise()
        return journalled <= int(last)

    def journalise(self) -> None:
        """Write events that the journal lacks; a journal that cannot be written catches up later.

        Under the write lock of the database, so that processes take turns; nothing is written there.
        """
        self._db.execute("BEGIN IMMEDIATE")
        try:
            chain = self.chain()
            self._journal.catch_up(chain, self.events)
        except OSError as error:  # a full disk: what is committed stays, the next event tries again
            self.journal_trouble = f"journal: {error}"
        else:
            self.journal_trouble = ""
        finally:
            self._db.execute("ROLLBACK")

    def tell(self, at: datetime, kind: str, body: Mapping[str, Any]) -> None:
        """Append one event to the transaction under way."""
        self._event(at, kind, body)

    def _event(self, at: datetime, kind: str, body: Mapping[str, Any]) -> None:
        previous, stamp, actor, text = self.head(), to_stamp(at), actor_name(), canonical(body)
        self._db.execute(
            "INSERT INTO events (at, actor, kind, body, previous, hash) VALUES (?,?,?,?,?,?)",
            (stamp, actor, kind, text, previous, chained(previous, stamp, actor, kind, text)),
        )
        self._told = True


def chain_break(events: list[Event], origin: str = ORIGIN) -> int:
    """Return the number of the first event that does not fit its content or its predecessor, or 0."""
    previous = origin
    for event in events:
        computed = chained(previous, event.at, event.actor, event.kind, event.body)
        if event.previous != previous or computed != event.hash:
            return event.seq
        previous = event.hash
    return 0


def chained(previous: str, at: str, actor: str, kind: str, body: str) -> str:
    """Return the hash of an event: over its content and its predecessor's hash."""
    text = f"{previous}\x1f{at}\x1f{actor}\x1f{kind}\x1f{body}"
    return hashlib.sha256(text.encode()).hexdigest()


def actor_name() -> str:
    """Return who is at the computer, as the system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "?"


def to_stamp(moment: datetime) -> str:
    """Return a moment as the ledger spells it: UTC, ISO 8601, microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_time(stamp: str) -> datetime:
    """Return the moment that the ledger spells so."""
    return datetime.fromisoformat(stamp)


def canonical(data: Any) -> str:
    """Return JSON of one spelling, so that equal data have equal hashes."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
