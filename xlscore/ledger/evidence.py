"""Evidence: the documents that units have sent, each with its latest content."""

from __future__ import annotations

from xlscore.ledger.chapter import to_stamp, to_time
from xlscore.ledger.records import EvidenceFile
from xlscore.ledger.sightings import Sightings


class Evidence(Sightings):
    """The chapter of evidence."""

    def record_evidence(self, new: EvidenceFile, mtime_ns: int) -> EvidenceFile:
        """Record an archived document of evidence; call inside a transaction."""
        sighting = self._sight(new.entry, new.sha256, new.size, mtime_ns, new.received)
        self.keep_blob(new.sha256, new.size, new.received)
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
