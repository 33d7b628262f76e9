"""What the log says the ledger must hold, what it does hold, and how a lost one is written anew.

Both sides have one shape (`Books`), so that checking is comparing and rebuilding is copying.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from xlscore.i18n import _
from xlscore.ledger.chapter import chained, to_time
from xlscore.ledger.decisions import KINDS
from xlscore.ledger.journal import Journal
from xlscore.ledger.opening import APPLICATION_ID, LedgerError, migrations, open_ledger
from xlscore.ledger.records import Arrival, Decision, Event, EvidenceFile, Issue
from xlscore.ledger.store import Ledger

Facts = dict[str, Any]

CHAPTERS = ("forms", "arrivals", "evidence", "decisions", "releases")
"""The names of the books, in an order in which each may refer to those before."""

_ARRIVED = ("sha256", "unit", "role", "version", "status", "record")
_EVIDENCE = ("entry", "sha256", "size", "mtime_ns", "file", "unit")


@dataclass
class Books:
    """The ledger's state as plain values, each under its number.

    Attributes:
        forms: by serial; arrivals: by number, what their events tell (in the ledger: the full record);
            releases: by (serial, channel, target).
        ledger: id of the ledger, where an event names it; `inbox` likewise.
        unclear: events of a known kind that nothing can be made of.
    """

    forms: dict[int, Facts] = field(default_factory=dict)
    arrivals: dict[int, Facts] = field(default_factory=dict)
    evidence: dict[int, Facts] = field(default_factory=dict)
    decisions: dict[int, Facts] = field(default_factory=dict)
    releases: dict[tuple[int, str, str], Facts] = field(default_factory=dict)
    ledger: str = ""
    inbox: str = ""
    unclear: list[Event] = field(default_factory=list)


# --- from the log ---------------------------------------------------------------------------------


def replay(events: Iterable[Event]) -> Books:
    """Return the state that these events give, over all chains in order."""
    books = Books()
    for event in events:
        try:
            _apply(books, event, json.loads(event.body))
        except (KeyError, TypeError, ValueError, AttributeError):
            books.unclear.append(event)
    return books


def _apply(books: Books, event: Event, body: Mapping[str, Any]) -> None:
    match event.kind:
        case "issued":
            _issued(books, event, body)
        case "arrived":
            told = {key: body[key] for key in _ARRIVED}
            again = body.get("judged_again", 0)
            books.arrivals[body["submission"]] = {
                **told, "judged_again": again, "moment": event.at,
            }  # fmt: skip
        case "evidence":
            told = {key: body[key] for key in _EVIDENCE}
            books.evidence[body["evidence"]] = {**told, "received": event.at}
        case "released":
            for serial, target in body["forms"]:
                books.releases[serial, body["channel"], target] = {"at": event.at}
        case kind if kind in KINDS:
            told = {key: body[key] for key in ("submission", "unit", "reason", "by", "body")}
            books.decisions[body["decision"]] = {"kind": KINDS[kind], **told, "at": event.at}
        case "inbox-opened" | "took-over":
            _named(books, body)
        case "rebuilt":
            _named(books, body)
            _recovered(books, body)


def _issued(books: Books, event: Event, body: Mapping[str, Any]) -> None:
    for serial, unit, role, digest, copy_of in body["forms"]:
        books.forms[serial] = {
            "kind": body["kind"], "round": body["round"], "unit": unit, "role": role,
            "digest": digest, "at": event.at, "revoked": "", "copy_of": copy_of,
        }  # fmt: skip
    for serial, reason in body["revoked"].items():
        if int(serial) in books.forms:  # else its own event is lost, and that is told
            books.forms[int(serial)]["revoked"] = reason


def _named(books: Books, body: Mapping[str, Any]) -> None:
    books.ledger = body.get("ledger") or books.ledger
    books.inbox = body.get("inbox") or books.inbox


def _recovered(books: Books, body: Mapping[str, Any]) -> None:
    """What a rebuild put back without an event that vouches for it, or otherwise than the event says."""
    for chapter in ("forms", "arrivals"):
        told = {int(number): dict(facts) for number, facts in body.get(chapter, {}).items()}
        getattr(books, chapter).update(told)
    for serial, channel, target in body.get("dropped", ()):
        books.releases.pop((serial, channel, target), None)


@dataclass(frozen=True, slots=True)
class Logged:
    """One event with the chain that it stands in."""

    chain: int
    event: Event

    @property
    def number(self) -> str:
        """How people name it: its number, after a rebuild with the chain's before it."""
        return str(self.event.seq) if self.chain == 1 else f"{self.chain}/{self.event.seq}"


def history(ledger: Ledger) -> list[Logged]:
    """Return every event: earlier chains from their journals (what is readable), this one's from here.

    Raises:
        OSError: a journal cannot be read.
    """
    chain = int(ledger.fact("chain") or 1)
    journal = Journal(ledger.folder / "journal")
    earlier = [
        Logged(number, event)
        for number in journal.chains()
        if number < chain
        for event in _believed(journal, number)
    ]
    return [*earlier, *(Logged(chain, event) for event in ledger.events())]


def _believed(journal: Journal, chain: int) -> Iterator[Event]:
    last = 0
    for line in journal.lines(chain):
        if line.event and line.event.seq > last and fits(line.event):
            last = line.event.seq
            yield line.event


def fits(event: Event) -> bool:
    """Whether an event has the hash that its content gives."""
    content = (event.previous, event.at, event.actor, event.kind, event.body)
    return chained(*content) == event.hash


# --- from the ledger ------------------------------------------------------------------------------


class Keeper(Ledger):
    """The open ledger for its upkeep: its tables as they are, and written anew."""

    def books(self) -> Books:
        """Return the state that the tables hold; arrivals with their full record."""
        return Books(
            self._forms(),
            self._arrivals(),
            self._evidence(),
            self._decisions(),
            {
                (serial, channel, target): {"at": at}
                for serial, channel, target, at in self._rows(
                    "SELECT serial, channel, target, released_at FROM releases"
                )
            },
            self.id,
            self.fact("inbox"),
        )

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._db.execute(query).fetchall()

    def _forms(self) -> dict[int, Facts]:
        names = ("kind", "round", "unit", "role", "digest", "at", "revoked", "copy_of")
        rows = self._rows(
            "SELECT serial, kind, round, unit, role, digest, issued_at, revoked,"
            " coalesce(copy_of, 0) FROM issues ORDER BY serial"
        )
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    def _arrivals(self) -> dict[int, Facts]:
        found: dict[int, list[Facts]] = {}
        for number, code, facts in self._rows(
            "SELECT submission, code, facts FROM findings ORDER BY submission, ordinal"
        ):
            found.setdefault(number, []).append({"code": code, **_said(facts)})
        rows = self._rows(
            "SELECT submissions.id, hex(entry), file, submissions.sha256, size, mtime_ns, status,"
            " unit, role, version, serial, received_at, scanned_at, coalesce(judged_again, 0), card"
            " FROM submissions JOIN sightings ON sightings.id = sighting ORDER BY submissions.id"
        )
        names = ("entry", "file", "sha256", "size", "mtime_ns", "status", "unit", "role",
                 "version", "serial", "received", "scanned", "judged_again")  # fmt: skip
        return {
            row[0]: {
                "submission": row[0],
                **dict(zip(names, (row[1].lower(), *row[2:14]), strict=True)),
                "card": _read(row[14]),
                "findings": found.get(row[0], []),
            }
            for row in rows
        }

    def _evidence(self) -> dict[int, Facts]:
        names = ("entry", "sha256", "size", "file", "unit", "received", "mtime_ns")
        rows = self._rows(
            "SELECT evidence.id, lower(hex(entry)), evidence.sha256, evidence.size, file, unit,"
            " received_at, mtime_ns FROM evidence JOIN sightings ON sightings.id = sighting"
            " ORDER BY evidence.id"
        )
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    def _decisions(self) -> dict[int, Facts]:
        names = ("kind", "submission", "unit", "reason", "by", "at")
        rows = self._rows(
            "SELECT id, kind, coalesce(submission, 0), unit, reason, decided_by, decided_at, body"
            " FROM decisions ORDER BY id"
        )
        return {
            row[0]: {**dict(zip(names, row[1:7], strict=True)), "body": _read(row[7])}
            for row in rows
        }

    def write(self, books: Books, arrivals: Mapping[int, tuple[int, Arrival]]) -> None:
        """Fill the empty tables; `arrivals` holds version and arrival by number.

        Call inside a transaction.
        """
        for serial, facts in sorted(books.forms.items()):
            self._restore_form(serial, facts)
        for number, (version, arrival) in sorted(arrivals.items()):
            self.restore(arrival, number, version)
        for number, facts in sorted(books.evidence.items()):
            file = EvidenceFile(
                number, bytes.fromhex(facts["entry"]), facts["sha256"], facts["size"],
                facts["file"], facts["unit"], to_time(facts["received"]),
            )  # fmt: skip
            self.record_evidence(file, facts["mtime_ns"])
        for number, facts in sorted(books.decisions.items()):
            self.add_decision(
                Decision(
                    facts["kind"], facts["unit"], facts["reason"], facts["by"],
                    facts["submission"], facts["body"], to_time(facts["at"]), number,
                )
            )  # fmt: skip
        self._db.executemany(
            "INSERT INTO releases (serial, channel, target, released_at) VALUES (?,?,?,?)",
            [(*key, facts["at"]) for key, facts in books.releases.items()],
        )

    def _restore_form(self, serial: int, facts: Facts) -> None:
        form = Issue(
            serial, facts["unit"], facts["role"], facts["digest"], to_time(facts["at"]),
            copy_of=facts["copy_of"],
        )  # fmt: skip
        self._add_issue(facts["kind"], facts["round"], form)
        self._db.execute(
            "UPDATE issues SET revoked = ? WHERE serial = ?", (facts["revoked"], serial)
        )

    def begin_chain(
        self, chain: int, ledger: str, inbox: str, now: datetime, told: Mapping[str, Any]
    ) -> None:
        """Take over an id and begin a chain with the event `rebuilt`; call inside a transaction."""
        self.set_fact("chain", str(chain))
        if ledger:
            self.set_fact("ledger", ledger)
        if inbox:
            self.set_fact("inbox", inbox)
        self._event(now, "rebuilt", {"ledger": self.id, "inbox": inbox, **told})


def _read(text: str) -> Any:
    """Return what a column holds; where somebody made it no JSON, the text itself, which differs."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _said(text: str) -> Facts:
    facts = _read(text)
    return facts if isinstance(facts, dict) else {"?": text}


# --- opening --------------------------------------------------------------------------------------


@contextmanager
def reading(path: Path) -> Iterator[Keeper]:
    """Open the ledger to look at it only: nothing is made, migrated or caught up.

    Raises:
        LedgerError: it is not there, is no ledger, is damaged, or of another version.
    """
    try:
        uri = f"{path.resolve().as_uri()}?mode=rw"  # so that SQLite can undo what a kill left half done
        with closing(
            sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA query_only = ON")
            (owner,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if owner != APPLICATION_ID:
                raise LedgerError(_("this is another program's SQLite file"))
            if version != len(migrations()):
                raise LedgerError(_("another version of xlscore wrote it (version {version})",
                                    version=version))  # fmt: skip
            yield Keeper(connection, path.parent)
    except sqlite3.DatabaseError as error:
        raise LedgerError(str(error)) from error


@contextmanager
def building(path: Path) -> Iterator[Keeper]:
    """Make a new ledger in a folder of its own.

    Raises:
        LedgerError: it cannot be made there.
    """
    with open_ledger(path):
        pass
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            yield Keeper(connection, path.parent)
    except sqlite3.DatabaseError as error:
        raise LedgerError(str(error)) from error


def as_told(facts: Mapping[str, Any], record: str) -> Facts:
    """Return what an event tells of an arrival with these facts, `record` being their hash."""
    told = {name: facts[name] for name in _ARRIVED if name != "record"}
    told |= {"record": record, "judged_again": facts["judged_again"]}
    return {**told, "moment": facts["received"]}
