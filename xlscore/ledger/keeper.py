"""The ledger's tables as plain values, and a lost ledger written anew from such."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

from xlscore.i18n import _
from xlscore.ledger.arrivals import form_facts
from xlscore.ledger.chapter import to_stamp, to_time
from xlscore.ledger.editions import Edition, EditionFile
from xlscore.ledger.opening import (
    APPLICATION_ID,
    LedgerError,
    OlderLedgerError,
    migrations,
    open_ledger,
    refuse_lost,
)
from xlscore.ledger.records import Arrival, EvidenceFile, Issue
from xlscore.ledger.replay import Books, Facts
from xlscore.ledger.store import Ledger


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
            self._editions(),
            self._edition_files(),
            ledger=self.id,
            inbox=self.fact("inbox"),
            letters=self._letter_facts(),
        )

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Let nobody write in between; keep it short, since they wait for it."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

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
            " unit, role, version, serial, received_at, scanned_at, coalesce(judged_again, 0), card,"
            " kind, round FROM submissions JOIN sightings ON sightings.id = sighting ORDER BY submissions.id"
        )
        names = ("entry", "file", "sha256", "size", "mtime_ns", "status", "unit", "role",
                 "version", "serial", "received", "scanned", "judged_again")  # fmt: skip
        return {
            row[0]: {
                "submission": row[0],
                **dict(zip(names, (row[1].lower(), *row[2:14]), strict=True)),
                "card": _read(row[14]),
                "findings": found.get(row[0], []),
                **form_facts(*row[15:]),
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

    def _editions(self) -> dict[int, Facts]:
        rows = self._rows("SELECT number, frozen_at, frozen_by, head, basis FROM editions")
        return {
            number: {"at": at, "by": by, "head": head, "basis": _read(basis)}
            for number, at, by, head, basis in rows
        }

    def _edition_files(self) -> dict[int, Facts]:
        names = ("edition", "kind", "name", "sha256", "size", "at", "cells")
        rows = self._rows(
            "SELECT id, edition, kind, name, sha256, size, written_at, cells FROM edition_files"
        )
        return {
            row[0]: {**dict(zip(names, (*row[1:7], _read(row[7])), strict=True))} for row in rows
        }

    def _letter_facts(self) -> dict[int, Facts]:
        return {
            row.id: {
                **asdict(row.letter),
                "state": row.state,
                "carrier": row.carrier,
                "path": row.path,
                "at": to_stamp(row.created_at),
                "done": to_stamp(row.done_at) if row.done_at else "",
            }
            for row in self.letters()
        }

    def write(self, books: Books, arrivals: Mapping[int, tuple[int, Arrival]]) -> None:
        """Fill the empty tables; `arrivals` holds version and arrival by number.

        Call inside a transaction.
        """
        for serial, facts in sorted(books.forms.items()):
            self._restore_form(serial, facts)
        # What an entry holds is told by its last sighting, whichever of the two brought it.
        brought = [
            *_in_time(
                (a.received, partial(self.restore, a, n, v))
                for n, (v, a) in sorted(arrivals.items())
            ),
            *_in_time(
                (to_time(facts["received"]), partial(self._restore_evidence, number, facts))
                for number, facts in sorted(books.evidence.items())
            ),
        ]
        for _moment, put_back in sorted(brought, key=itemgetter(0)):
            put_back()
        for decision in books.decided():
            self.add_decision(decision)
        self._db.executemany(
            "INSERT INTO releases (serial, channel, target, released_at) VALUES (?,?,?,?)",
            [(*key, facts["at"]) for key, facts in books.releases.items()],
        )
        for number, facts in sorted(books.letters.items()):
            self.restore_letter(number, facts)

        for number, facts in sorted(books.editions.items()):
            at = to_time(facts["at"])
            self.add_edition(Edition(number, facts["head"], at, facts["by"], facts["basis"]))
        for number, facts in sorted(books.edition_files.items()):
            file = EditionFile(
                facts["edition"], facts["kind"], facts["name"], facts["sha256"], facts["size"],
                facts["cells"], to_time(facts["at"]), number,
            )  # fmt: skip
            self.add_edition_file(file)

    def _restore_evidence(self, number: int, facts: Facts) -> None:
        file = EvidenceFile(
            number, bytes.fromhex(facts["entry"]), facts["sha256"], facts["size"],
            facts["file"], facts["unit"], to_time(facts["received"]),
        )  # fmt: skip
        self.record_evidence(file, facts["mtime_ns"])

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


def _in_time(
    steps: Iterable[tuple[datetime, Callable[[], object]]],
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """Yield steps in their own order: what was judged again keeps the time of its file, not its place."""
    latest: datetime | None = None
    for moment, step in steps:
        latest = moment if latest is None else max(latest, moment)
        yield latest, step


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
        LedgerError: it is not there, is no ledger, is damaged, or of a newer version.
        OlderLedgerError: of an older version.
    """
    refuse_lost(path)
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
                kind = OlderLedgerError if version < len(migrations()) else LedgerError
                raise kind(
                    _("another version of xlscore wrote it (version {version})", version=version)
                )
            yield Keeper(connection, path.parent)
    except sqlite3.DatabaseError as error:
        raise LedgerError(str(error)) from error


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Let nobody else write to a ledger; one that is gone or too damaged to be locked needs none.

    Raises:
        LedgerError: another process has been writing to it for half a minute.
    """
    if not path.exists():
        yield
        return
    uri = f"{path.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise LedgerError(str(error)) from error
        yield


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
