"""Arrivals: what was seen in the inbox, what became of it, what is still waited for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xlscore.blobs import record_path
from xlscore.durable import write_whole
from xlscore.findings import Finding, Status
from xlscore.identity import SCORECARD
from xlscore.ledger.chapter import Chapter, canonical, to_stamp, to_time
from xlscore.ledger.records import Arrival, EvidenceFile, Recorded, Sighting, Waiting

_SAME_FORM = "kind = ? AND round = ? AND unit = ? AND role = ?"
_SEEN = "SELECT id, entry, generation, sha256, size, mtime_ns FROM sightings"


class Arrivals(Chapter):
    """The chapter of arrivals."""

    # --- sightings --------------------------------------------------------------------------------

    def sightings(self) -> dict[bytes, Sighting]:
        """Return the latest sighting of every entry ever seen."""
        rows = self._db.execute(f"{_SEEN} ORDER BY generation").fetchall()
        return {row[1]: Sighting(*row) for row in rows}

    def sighting(self, entry: bytes) -> Sighting | None:
        """Return the latest sighting of one entry, as it is now."""
        row = self._db.execute(
            f"{_SEEN} WHERE entry = ? ORDER BY generation DESC LIMIT 1",
            (entry,),
        ).fetchone()
        return Sighting(*row) if row else None

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

    def sighting_of(self, number: int) -> Sighting | None:
        """Return the sighting that brought a recorded arrival, whatever its entry holds by now."""
        row = self._db.execute(
            "SELECT sightings.id, entry, generation, sightings.sha256, size, mtime_ns FROM sightings"
            " JOIN submissions ON sightings.id = sighting WHERE submissions.id = ?",
            (number,),
        ).fetchone()
        return Sighting(*row) if row else None

    def _sight_for(self, arrival: Arrival) -> int:
        """Note what brought an arrival.

        Content that is judged again came earlier: the entry may hold something else by now, and must
        not be taken for new when it is looked at the next time.
        """
        now = self.sighting(arrival.entry) if arrival.judged_again else None
        seen = (arrival.sha256, arrival.size, arrival.mtime_ns)
        made = self._sight(arrival.entry, *seen, arrival.received)
        if now is not None and (now.sha256, now.size, now.mtime_ns) != seen:
            self._sight(arrival.entry, now.sha256, now.size, now.mtime_ns, arrival.received)
        return made

    def _sight(self, entry: bytes, sha256: str, size: int, mtime_ns: int, now: datetime) -> int:
        (last,) = self._db.execute(
            "SELECT coalesce(max(generation), 0) FROM sightings WHERE entry = ?", (entry,)
        ).fetchone()
        cursor = self._db.execute(
            "INSERT INTO sightings (entry, generation, sha256, size, mtime_ns, seen_at)"
            " VALUES (?,?,?,?,?,?)",
            (entry, last + 1, sha256, size, mtime_ns, to_stamp(now)),
        )
        return int(cursor.lastrowid or 0)

    # --- submissions ------------------------------------------------------------------------------

    def record(self, arrival: Arrival, now: datetime | None = None) -> Recorded:
        """Record one arrival: sighting, submission, findings, event; call inside a transaction.

        The record is written beside the archived content too, and its hash goes into the event: the
        log vouches for every value and finding, and a lost ledger can be rebuilt.

        Args:
            now: the moment of the event; the arrival's own by default.

        Raises:
            OSError: the record cannot be written; the transaction must fail.
        """
        sighting = self._sight_for(arrival)
        self._keep_blob(arrival.sha256, arrival.size, arrival.received)
        version = self._next_version(arrival)
        number = self._add_submission(arrival, sighting, version)
        text = canonical(record_facts(arrival, number, version)).encode()
        path = record_path(self.folder / "archive", arrival.sha256, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._drop_strays(path, arrival.sha256)
        write_whole(path, text)
        body = {
            "submission": number,
            "sha256": arrival.sha256,
            "unit": arrival.unit,
            "role": arrival.role,
            "version": version,
            "status": arrival.status,
            "record": hashlib.sha256(text).hexdigest(),
        }
        if arrival.judged_again:
            body["judged_again"] = arrival.judged_again
        body |= form_facts(arrival.kind, arrival.round)
        self._event(now or arrival.received, "arrived", body)
        return _as_recorded(arrival, number, version)

    def _drop_strays(self, path: Path, sha256: str) -> None:
        """Set aside this content's records from transactions that a crash or a full disk undid.

        Their numbers were given to others since; nobody else writes records while we hold the lock.
        """
        if sha256:
            rows = self._db.execute("SELECT id FROM submissions WHERE sha256 = ?", (sha256,))
            known = {
                record_path(self.folder / "archive", sha256, row[0]) for row in rows.fetchall()
            }
            for stray in set(path.parent.glob(f"{sha256}.*.json")) - known:
                # Aside, not away: where an older ledger was put back, it is all that is left of an arrival.
                stray.replace(stray.with_name(f"{stray.name}.undone"))

    def restore(self, arrival: Arrival, number: int, version: int) -> None:
        """Put back an arrival with the number it had; call inside a transaction, for a rebuild."""
        sighting = self._sight_for(arrival)
        self._keep_blob(arrival.sha256, arrival.size, arrival.received)
        self._add_submission(arrival, sighting, version, number)

    def _add_submission(
        self, arrival: Arrival, sighting: int, version: int, number: int | None = None
    ) -> int:
        cursor = self._db.execute(
            "INSERT INTO submissions (id, sighting, sha256, file, status, unit, role, version, serial,"
            " received_at, card, scanned_at, judged_again, kind, round)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                number, sighting, arrival.sha256, arrival.file, arrival.status, arrival.unit,
                arrival.role, version, arrival.serial, to_stamp(arrival.received),
                canonical(arrival.card), to_stamp(arrival.scanned) if arrival.scanned else "",
                arrival.judged_again or None, arrival.kind, arrival.round,
            ),
        )  # fmt: skip
        made = int(cursor.lastrowid or 0)
        self._db.executemany(
            "INSERT INTO findings VALUES (?, ?, ?, ?)",
            [(made, i, f.code, canonical(_facts(f))) for i, f in enumerate(arrival.findings)],
        )
        return made

    def _keep_blob(self, sha256: str, size: int, moment: datetime) -> None:
        if sha256:  # a link or a device leaves no bytes
            self._db.execute(
                "INSERT OR IGNORE INTO blobs VALUES (?, ?, ?)", (sha256, size, to_stamp(moment))
            )

    def _next_version(self, arrival: Arrival) -> int:
        (last,) = self._db.execute(
            f"SELECT coalesce(max(version), 0) FROM submissions WHERE {_SAME_FORM}",  # noqa: S608  ours
            _form_of(arrival),
        ).fetchone()
        return int(last) + 1

    def submissions(self) -> list[Recorded]:
        """Return the scorecards, and what could not be recognised, in ledger order."""
        return self.arrivals(SCORECARD)

    def arrivals(self, *kinds: str) -> list[Recorded]:
        """Return the recorded arrivals of these kinds, of all where none is named.

        In ledger order, with the decisions taken since.
        """
        marks = ",".join("?" * len(kinds))
        return self._recorded(f"WHERE kind IN ({marks})" if kinds else "", *kinds)

    def submission(self, number: int) -> Recorded | None:
        """Return one recorded arrival."""
        return next(iter(self._recorded("WHERE submissions.id = ?", number)), None)

    def outcomes(self, sha256: str) -> list[tuple[bytes, Recorded]]:
        """Return what became of this content, newest first, each with the entry that brought it."""
        if not sha256:  # a link or a device: no content to know again
            return []
        told = self._recorded("WHERE submissions.sha256 = ?", sha256)
        return [(recorded.entry, recorded) for recorded in reversed(told)]

    def is_superseded(self, arrival: Recorded) -> bool:
        """Whether a later valid return of the same form stands."""
        later = self._db.execute(
            f"SELECT id FROM submissions WHERE {_SAME_FORM} AND status = ? AND id > ?",  # noqa: S608
            (*_form_of(arrival), Status.VALID, arrival.id),
        ).fetchall()
        return bool({row[0] for row in later} - self._overlays()[0].keys())

    def _recorded(self, where: str, *values: str | int) -> list[Recorded]:
        found: dict[int, list[Finding]] = {}
        for number, code, facts in self._db.execute(
            "SELECT submission, code, facts FROM findings WHERE submission IN"  # noqa: S608  ours
            f" (SELECT id FROM submissions {where}) ORDER BY submission, ordinal",
            values,
        ).fetchall():
            found.setdefault(number, []).append(Finding(code=code, **json.loads(facts)))
        voided, timed = self._overlays()
        rows = self._db.execute(
            "SELECT submissions.id, file, status, unit, role, version, received_at,"  # noqa: S608
            " submissions.sha256, card, serial, entry, mtime_ns, scanned_at,"
            " coalesce(judged_again, 0), kind, round FROM submissions"
            f" JOIN sightings ON sightings.id = sighting {where} ORDER BY submissions.id",
            values,
        ).fetchall()
        return [
            Recorded(
                r[0], r[1], Status(r[2]), r[3], r[4], r[5],
                to_time(timed[r[0]][0] if r[0] in timed else r[6]),
                r[7], json.loads(r[8]), tuple(found.get(r[0], ())), r[9], r[10],
                file_time(r[11]), to_time(r[12]) if r[12] else None, r[13],
                voided.get(r[0], ""), timed[r[0]][1] if r[0] in timed else "", r[14], r[15],
            )
            for r in rows
        ]  # fmt: skip

    def _overlays(self) -> tuple[dict[int, str], dict[int, tuple[str, str]]]:
        """Return by submission why it is void, and which time it was given and why."""
        voided: dict[int, str] = {}
        timed: dict[int, tuple[str, str]] = {}
        rows = self._db.execute(
            "SELECT kind, submission, body, reason, decided_by FROM decisions"
            " WHERE kind IN ('void', 'restore', 'time') ORDER BY id"
        ).fetchall()
        for kind, submission, body, reason, decided_by in rows:
            said = f"{reason} ({decided_by})"
            if kind == "void":
                voided[submission] = said
            elif kind == "restore":
                voided.pop(submission, None)
            else:
                timed[submission] = (json.loads(body)["received"], said)
        return voided, timed

    # --- evidence ---------------------------------------------------------------------------------

    def record_evidence(self, new: EvidenceFile, mtime_ns: int) -> EvidenceFile:
        """Record an archived document of evidence; call inside a transaction."""
        sighting = self._sight(new.entry, new.sha256, new.size, mtime_ns, new.received)
        self._keep_blob(new.sha256, new.size, new.received)
        cursor = self._db.execute(
            "INSERT INTO evidence (id, sighting, sha256, size, file, unit, received_at)"
            " VALUES (?,?,?,?,?,?,?)",
            (
                new.id or None, sighting, new.sha256, new.size, new.file, new.unit,
                to_stamp(new.received),
            ),
        )  # fmt: skip
        number = int(cursor.lastrowid or 0)
        if not new.id:
            body = {
                "evidence": number,
                "entry": new.entry.hex(),
                "sha256": new.sha256,
                "size": new.size,
                "mtime_ns": mtime_ns,
                "file": new.file,
                "unit": new.unit,
            }
            self._event(new.received, "evidence", body)
        return EvidenceFile(
            number, new.entry, new.sha256, new.size, new.file, new.unit, new.received
        )

    def evidence(self) -> list[EvidenceFile]:
        """Return the latest content of every document of evidence, in the order of arrival."""
        rows = self._db.execute(
            "SELECT evidence.id, entry, evidence.sha256, evidence.size, file, unit, received_at"
            " FROM evidence JOIN sightings ON sightings.id = sighting ORDER BY evidence.id"
        ).fetchall()
        latest = {
            row[1]: EvidenceFile(row[0], row[1], row[2], row[3], row[4], row[5], to_time(row[6]))
            for row in rows
        }
        return sorted(latest.values(), key=lambda kept: kept.id)

    def has_evidence(self, unit: str) -> bool:
        """Whether a unit has sent any document of evidence."""
        found = self._db.execute(
            "SELECT 1 FROM evidence WHERE unit = ? LIMIT 1", (unit,)
        ).fetchone()
        return found is not None

    # --- what is waited for -----------------------------------------------------------------------

    def waiting(self) -> dict[bytes, Waiting]:
        """Return the entries that are not taken yet."""
        rows = self._db.execute(
            "SELECT entry, why, size, mtime_ns, since, scanned FROM waiting"
        ).fetchall()
        return {
            r[0]: Waiting(r[0], r[1], r[2], r[3], to_time(r[4]), to_time(r[5]) if r[5] else None)
            for r in rows
        }

    def wait_for(self, waiting: Iterable[Waiting], before: Iterable[bytes]) -> None:
        """Set the list of entries that are not taken yet; `before` are those that stood on it."""
        wanted = {w.entry: w for w in waiting}
        gone = [(entry,) for entry in before if entry not in wanted]
        self._db.executemany("DELETE FROM waiting WHERE entry = ?", gone)
        self._db.executemany(
            "INSERT OR REPLACE INTO waiting VALUES (?,?,?,?,?,?)",
            [
                (
                    w.entry, w.why, w.size, w.mtime_ns, to_stamp(w.since),
                    to_stamp(w.scanned) if w.scanned else "",
                )
                for w in wanted.values()
            ],
        )  # fmt: skip


def file_time(mtime_ns: int) -> datetime | None:
    """Return the moment that a file carries, or None where it is none that a calendar knows."""
    try:
        return datetime.fromtimestamp(mtime_ns / 1e9, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def record_facts(arrival: Arrival, number: int, version: int) -> dict[str, Any]:
    """Return everything about an arrival as JSON: what stands beside its content."""
    return {
        "submission": number,
        "entry": arrival.entry.hex(),
        "file": arrival.file,
        "sha256": arrival.sha256,
        "size": arrival.size,
        "mtime_ns": arrival.mtime_ns,
        "status": str(arrival.status),
        "unit": arrival.unit,
        "role": arrival.role,
        "version": version,
        "serial": arrival.serial,
        "received": to_stamp(arrival.received),
        "scanned": to_stamp(arrival.scanned) if arrival.scanned else "",
        "judged_again": arrival.judged_again,
        "card": arrival.card,
        "findings": [{"code": f.code, **_facts(f)} for f in arrival.findings],
        **form_facts(arrival.kind, arrival.round),
    }


def form_facts(kind: str, round_: int) -> dict[str, Any]:
    """Return kind and round where they are not a scorecard's: older records do not know them."""
    return {} if kind == SCORECARD else {"kind": kind, "round": round_}


def _form_of(arrival: Arrival | Recorded) -> tuple[str, int, str, str]:
    return arrival.kind, arrival.round, arrival.unit, arrival.role


def arrival_of(facts: Mapping[str, Any]) -> Arrival:
    """Return the arrival that such a record tells of.

    Raises:
        KeyError, TypeError, ValueError: it is no such record.
    """
    scanned = facts["scanned"]
    return Arrival(
        bytes.fromhex(facts["entry"]), facts["sha256"], facts["size"], facts["mtime_ns"],
        facts["file"], Status(facts["status"]), facts["unit"], facts["role"], facts["serial"],
        to_time(facts["received"]), facts["card"],
        tuple(Finding(**found) for found in facts["findings"]),
        to_time(scanned) if scanned else None, facts["judged_again"],
        facts.get("kind", SCORECARD), facts.get("round", 1),
    )  # fmt: skip


def _as_recorded(arrival: Arrival, number: int, version: int) -> Recorded:
    return Recorded(
        number, arrival.file, arrival.status, arrival.unit, arrival.role, version,
        arrival.received.astimezone(UTC), arrival.sha256, arrival.card, arrival.findings,
        arrival.serial, arrival.entry, file_time(arrival.mtime_ns),
        arrival.scanned.astimezone(UTC) if arrival.scanned else None, arrival.judged_again,
        kind=arrival.kind, round=arrival.round,
    )  # fmt: skip


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
