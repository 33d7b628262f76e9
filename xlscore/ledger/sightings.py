"""Sightings: what was seen in the inbox, and which of it is still waited for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from xlscore.ledger.chapter import Chapter, to_stamp, to_time
from xlscore.ledger.records import Sighting, Waiting

_SEEN = "SELECT id, entry, generation, sha256, size, mtime_ns FROM sightings"


class Sightings(Chapter):
    """The chapter of sightings; evidence and returns are recorded with the one that brought them."""

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
