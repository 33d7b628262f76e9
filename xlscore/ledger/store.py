"""The open ledger: its chapters over one connection."""

from __future__ import annotations

from pathlib import Path

from xlscore.ledger.arrivals import Arrivals
from xlscore.ledger.decisions import Decisions
from xlscore.ledger.editions import Editions
from xlscore.ledger.evidence import Evidence
from xlscore.ledger.forms import Forms
from xlscore.ledger.letters import Letters
from xlscore.ledger.outbox import Outbox


class Ledger(Forms, Arrivals, Evidence, Decisions, Outbox, Letters, Editions):
    """The open ledger; use `open_ledger`."""

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def id(self) -> str:
        """What tells this ledger from every other."""
        return self.fact("ledger")

    def changes(self) -> int:
        """Return a number that changes whenever another process has written."""
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(version)

    def troubles(self) -> list[str]:
        """Return what SQLite itself finds wrong with the file; nothing if all is well."""
        rows = [row[0] for row in self._db.execute("PRAGMA quick_check").fetchall()]
        broken = self._db.execute("PRAGMA foreign_key_check").fetchall()
        return [text for text in rows if text != "ok"] + [f"{r[0]}: {r[2]}" for r in broken]

    def blobs(self) -> list[tuple[str, int]]:
        """Return hash and size of every content on record."""
        return [tuple(row) for row in self._db.execute("SELECT sha256, size FROM blobs").fetchall()]

    def snapshot(self, target: Path) -> None:
        """Write a consistent copy of the file, also while others write.

        Raises:
            OSError: `target` exists or cannot be written.
        """
        if target.exists():
            raise FileExistsError(str(target))
        self._db.execute("VACUUM INTO ?", (str(target),))
