"""The open ledger: what is recorded, and how it is read back."""

from __future__ import annotations

import getpass
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from xlscore.findings import Finding, Status
from xlscore.ledger.records import Arrival, Issue, Recorded, Sighting


class Ledger:
    """The open ledger; use `open_ledger`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block as one immediate transaction: all of it is recorded, or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk makes SQLite roll back by itself
                self._db.execute("ROLLBACK")
            raise

    # --- forms ------------------------------------------------------------------------------------

    def issues(self, kind: str, round_: int = 1) -> dict[tuple[str, str], Issue]:
        """Return the forms in force by unit and role."""
        rows = self._db.execute(
            "SELECT serial, unit, role, digest, issued_at, revoked FROM issues"
            " WHERE kind = ? AND round = ? AND revoked = '' ORDER BY serial",
            (kind, round_),
        ).fetchall()
        return {(r[1], r[2]): Issue(r[0], r[1], r[2], r[3], _time(r[4]), r[5]) for r in rows}

    def issue(
        self, kind: str, forms: Sequence[tuple[str, str, str]], now: datetime, round_: int = 1
    ) -> dict[tuple[str, str], int]:
        """Give every (unit, role, digest) a serial; a form unchanged keeps the one it has.

        A form whose digest has changed gets a new serial and the old one is revoked. A unit has either
        its whole card (no role) or role cards in force: issuing the one revokes the others.
        """
        serials: dict[tuple[str, str], int] = {}
        made: list[int] = []
        with self.transaction():
            known = self.issues(kind, round_)
            for other in _other_shape(known.values(), forms):
                shape = "chung của đơn vị" if other.role else "riêng từng người"
                self._revoke(other.serial, f"đã cấp phiếu {shape}")
            for unit, role, digest in forms:
                old = known.get((unit, role))
                if old is not None and old.digest == digest:
                    serials[unit, role] = old.serial
                    continue
                if old is not None:
                    self._revoke(old.serial, "đã cấp phiếu mới")
                serials[unit, role] = self._add_issue(kind, round_, unit, role, digest, now)
                made.append(serials[unit, role])
            if made:
                self._event(now, "issued", {"kind": kind, "serials": made})
        return serials

    def revoked(self) -> dict[int, str]:
        """Return the revoked serials with the reason."""
        rows = self._db.execute("SELECT serial, revoked FROM issues WHERE revoked <> ''")
        return dict(rows.fetchall())

    def _add_issue(
        self, kind: str, round_: int, unit: str, role: str, digest: str, now: datetime
    ) -> int:
        cursor = self._db.execute(
            "INSERT INTO issues (kind, round, unit, role, digest, issued_at) VALUES (?,?,?,?,?,?)",
            (kind, round_, unit, role, digest, _stamp(now)),
        )
        return int(cursor.lastrowid or 0)

    def _revoke(self, serial: int, reason: str) -> None:
        self._db.execute("UPDATE issues SET revoked = ? WHERE serial = ?", (reason, serial))

    # --- arrivals -----------------------------------------------------------------------------------

    def sightings(self) -> dict[bytes, Sighting]:
        """Return the latest sighting of every entry ever seen."""
        rows = self._db.execute(
            "SELECT id, entry, generation, sha256, size, mtime_ns FROM sightings ORDER BY generation"
        ).fetchall()
        return {row[1]: Sighting(*row) for row in rows}

    def sighting(self, entry: bytes) -> Sighting | None:
        """Return the latest sighting of one entry, as it is now."""
        row = self._db.execute(
            "SELECT id, entry, generation, sha256, size, mtime_ns FROM sightings"
            " WHERE entry = ? ORDER BY generation DESC LIMIT 1",
            (entry,),
        ).fetchone()
        return Sighting(*row) if row else None

    def outcomes(self, sha256: str) -> list[tuple[bytes, Recorded]]:
        """Return what became of this content, newest first, each with the entry that brought it."""
        if not sha256:  # a link or a device: no content to know again
            return []
        entries = dict(
            self._db.execute(
                "SELECT submissions.id, entry FROM submissions"
                " JOIN sightings ON sightings.id = sighting WHERE submissions.sha256 = ?",
                (sha256,),
            ).fetchall()
        )
        told = self._recorded("WHERE sha256 = ?", sha256)
        return [(entries[recorded.id], recorded) for recorded in reversed(told)]

    def seen_again(self, sighting: Sighting, size: int, mtime_ns: int) -> None:
        """Note new file times of an unchanged content, so that it is not read again."""
        self._db.execute(
            "UPDATE sightings SET size = ?, mtime_ns = ? WHERE id = ?",
            (size, mtime_ns, sighting.id),
        )

    def seen_elsewhere(
        self, entry: bytes, sha256: str, size: int, mtime_ns: int, now: datetime
    ) -> None:
        """Note a further entry whose content is known already: a copy is no new version."""
        self._sight(entry, sha256, size, mtime_ns, now)

    def record(self, arrival: Arrival) -> Recorded:
        """Record one arrival: sighting, submission, findings, event; call inside a transaction."""
        sighting = self._sight(
            arrival.entry, arrival.sha256, arrival.size, arrival.mtime_ns, arrival.received
        )
        if arrival.sha256:  # a link or a device leaves no bytes
            self._db.execute(
                "INSERT OR IGNORE INTO blobs VALUES (?, ?, ?)",
                (arrival.sha256, arrival.size, _stamp(arrival.received)),
            )
        version = self._next_version(arrival.unit, arrival.role)
        cursor = self._db.execute(
            "INSERT INTO submissions (sighting, sha256, file, status, unit, role, version, serial,"
            " received_at, card) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                sighting, arrival.sha256, arrival.file, arrival.status, arrival.unit, arrival.role,
                version, arrival.serial, _stamp(arrival.received), _json(arrival.card),
            ),
        )  # fmt: skip
        number = int(cursor.lastrowid or 0)
        self._db.executemany(
            "INSERT INTO findings VALUES (?, ?, ?, ?)",
            [(number, i, f.code, _json(_facts(f))) for i, f in enumerate(arrival.findings)],
        )
        body = {
            "submission": number,
            "sha256": arrival.sha256,
            "unit": arrival.unit,
            "role": arrival.role,
            "version": version,
            "status": arrival.status,
        }
        self._event(arrival.received, "arrived", body)
        return Recorded(
            number, arrival.file, arrival.status, arrival.unit, arrival.role, version,
            arrival.received, arrival.sha256, arrival.card, arrival.findings,
        )  # fmt: skip

    def submissions(self) -> list[Recorded]:
        """Return every recorded arrival in ledger order."""
        return self._recorded("")

    def _recorded(self, where: str, *values: str) -> list[Recorded]:
        found: dict[int, list[Finding]] = {}
        for number, code, facts in self._db.execute(
            "SELECT submission, code, facts FROM findings WHERE submission IN"  # noqa: S608  ours
            f" (SELECT id FROM submissions {where}) ORDER BY submission, ordinal",
            values,
        ).fetchall():
            found.setdefault(number, []).append(Finding(code=code, **json.loads(facts)))
        rows = self._db.execute(
            "SELECT id, file, status, unit, role, version, received_at, sha256, card"  # noqa: S608
            f" FROM submissions {where} ORDER BY id",
            values,
        ).fetchall()
        return [
            Recorded(
                r[0], r[1], Status(r[2]), r[3], r[4], r[5], _time(r[6]), r[7], json.loads(r[8]),
                tuple(found.get(r[0], ())),
            )
            for r in rows
        ]  # fmt: skip

    def _sight(self, entry: bytes, sha256: str, size: int, mtime_ns: int, now: datetime) -> int:
        (last,) = self._db.execute(
            "SELECT coalesce(max(generation), 0) FROM sightings WHERE entry = ?", (entry,)
        ).fetchone()
        cursor = self._db.execute(
            "INSERT INTO sightings (entry, generation, sha256, size, mtime_ns, seen_at)"
            " VALUES (?,?,?,?,?,?)",
            (entry, last + 1, sha256, size, mtime_ns, _stamp(now)),
        )
        return int(cursor.lastrowid or 0)

    def _next_version(self, unit: str, role: str) -> int:
        (last,) = self._db.execute(
            "SELECT coalesce(max(version), 0) FROM submissions WHERE unit = ? AND role = ?",
            (unit, role),
        ).fetchone()
        return int(last) + 1

    # --- events -------------------------------------------------------------------------------------

    def event(self, at: datetime, kind: str, body: Mapping[str, Any]) -> None:
        """Append one event in a transaction of its own."""
        with self.transaction():
            self._event(at, kind, body)

    def head(self) -> str:
        """Return the hash of the last event, or zeros: what a ranking cites as its basis."""
        row = self._db.execute("SELECT hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        return str(row[0]) if row else "0" * 64

    def chain_is_sound(self) -> bool:
        """Whether every event still has the hash that its content and its predecessor give."""
        previous = "0" * 64
        rows = self._db.execute(
            "SELECT at, actor, kind, body, previous, hash FROM events ORDER BY seq"
        ).fetchall()
        for at, actor, kind, body, linked, stored in rows:
            if linked != previous or _chained(previous, at, actor, kind, body) != stored:
                return False
            previous = stored
        return True

    def _event(self, at: datetime, kind: str, body: Mapping[str, Any]) -> None:
        previous, stamp, actor, text = self.head(), _stamp(at), _actor(), _json(body)
        self._db.execute(
            "INSERT INTO events (at, actor, kind, body, previous, hash) VALUES (?,?,?,?,?,?)",
            (stamp, actor, kind, text, previous, _chained(previous, stamp, actor, kind, text)),
        )


def _other_shape(known: Iterable[Issue], forms: Sequence[tuple[str, str, str]]) -> Iterator[Issue]:
    """Yield the forms in force of units that are now issued in the other shape."""
    whole = {unit for unit, role, _ in forms if not role}
    by_role = {unit for unit, role, _ in forms if role}
    return (issue for issue in known if issue.unit in (whole if issue.role else by_role))


def _facts(found: Finding) -> dict[str, Any]:
    facts = {
        "sheet": found.sheet,
        "cell": found.cell,
        "row": found.row,
        "node": found.node,
        "entered": found.entered,
        "file": found.file,
        "params": dict(found.params),
        "waived": found.waived,
    }
    return {key: value for key, value in facts.items() if value}


def _chained(previous: str, at: str, actor: str, kind: str, body: str) -> str:
    text = f"{previous}\x1f{at}\x1f{actor}\x1f{kind}\x1f{body}"
    return hashlib.sha256(text.encode()).hexdigest()


def _actor() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "?"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _time(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
