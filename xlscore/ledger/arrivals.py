"""Arrivals: what came in, and what became of it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from xlscore.blobs import record_path
from xlscore.durable import write_whole
from xlscore.findings import Finding, Status
from xlscore.identity import SCORECARD
from xlscore.ledger.arrivalfacts import arrival_of, finding_facts, form_facts, record_facts
from xlscore.ledger.cards import StoredCard
from xlscore.ledger.chapter import canonical, to_stamp, to_time
from xlscore.ledger.records import Arrival, Recorded
from xlscore.ledger.sightings import Sightings

__all__ = ["Arrivals", "arrival_of", "file_time", "form_facts", "record_facts"]

_SAME_FORM = "kind = ? AND round = ? AND unit = ? AND role = ?"


class Arrivals(Sightings):
    """The chapter of arrivals."""

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
        self.keep_blob(arrival.sha256, arrival.size, arrival.received)
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
        self.keep_blob(arrival.sha256, arrival.size, arrival.received)
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
            [
                (made, i, f.code, canonical(finding_facts(f)))
                for i, f in enumerate(arrival.findings)
            ],
        )
        return made

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

    def arrivals_as_of(self, arrival: int, decision: int) -> list[Recorded]:
        """Return the arrivals up to number `arrival`, with the decisions up to number `decision`."""
        return self._recorded("WHERE submissions.id <= ?", arrival, until=decision)

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

    def _recorded(self, where: str, *values: str | int, until: int | None = None) -> list[Recorded]:
        found: dict[int, list[Finding]] = {}
        for number, code, facts in self._db.execute(
            "SELECT submission, code, facts FROM findings WHERE submission IN"  # noqa: S608  ours
            f" (SELECT id FROM submissions {where}) ORDER BY submission, ordinal",
            values,
        ).fetchall():
            found.setdefault(number, []).append(Finding(code=code, **json.loads(facts)))
        voided, timed = self._overlays(until)
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
                r[7], StoredCard(r[8]), tuple(found.get(r[0], ())), r[9], r[10],
                file_time(r[11]), to_time(r[12]) if r[12] else None, r[13],
                voided.get(r[0], ""), timed[r[0]][1] if r[0] in timed else "", r[14], r[15],
            )
            for r in rows
        ]  # fmt: skip

    def _overlays(
        self, until: int | None = None
    ) -> tuple[dict[int, str], dict[int, tuple[str, str]]]:
        """Return by submission why it is void, and which time it was given and why."""
        voided: dict[int, str] = {}
        timed: dict[int, tuple[str, str]] = {}
        rows = self._db.execute(
            "SELECT kind, submission, body, reason, decided_by FROM decisions"
            " WHERE kind IN ('void', 'restore', 'time') AND (?1 IS NULL OR id <= ?1) ORDER BY id",
            (until,),
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


def file_time(mtime_ns: int) -> datetime | None:
    """Return the moment that a file carries, or None where it is none that a calendar knows."""
    try:
        return datetime.fromtimestamp(mtime_ns / 1e9, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _form_of(arrival: Arrival | Recorded) -> tuple[str, int, str, str]:
    return arrival.kind, arrival.round, arrival.unit, arrival.role


def _as_recorded(arrival: Arrival, number: int, version: int) -> Recorded:
    return Recorded(
        number, arrival.file, arrival.status, arrival.unit, arrival.role, version,
        arrival.received.astimezone(UTC), arrival.sha256, StoredCard(canonical(arrival.card)),
        arrival.findings, arrival.serial, arrival.entry, file_time(arrival.mtime_ns),
        arrival.scanned.astimezone(UTC) if arrival.scanned else None, arrival.judged_again,
        kind=arrival.kind, round=arrival.round,
    )  # fmt: skip
