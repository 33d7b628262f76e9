"""Look at another campaign's ledger without opening it: nothing is made, migrated or caught up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from xlscore.ledger.opening import APPLICATION_ID, LedgerError


class FrozenFile(NamedTuple):
    """A file of the latest edition (lần ban hành): its edition's number, and the hash of its content."""

    edition: int
    sha256: str


def latest_frozen(path: Path, kind: str) -> FrozenFile | None:
    """Return the latest edition's file of a kind; None where no edition was ever frozen.

    The file may be of an older version, in use, or on a disk that cannot be written.

    Raises:
        LedgerError: it is no ledger, or damaged.
        OSError: there is no such file.
    """
    path.stat()
    try:
        with closing(sqlite3.connect(_address(path), uri=True)) as connection:
            (owner,) = connection.execute("PRAGMA application_id").fetchone()
            if owner != APPLICATION_ID:
                raise LedgerError(str(path))
            if not connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'edition_files'"
            ).fetchone():
                return None
            row = connection.execute(
                "SELECT edition, sha256 FROM edition_files WHERE kind = ?"
                " ORDER BY edition DESC, id DESC LIMIT 1",
                (kind,),
            ).fetchone()
    except sqlite3.DatabaseError as error:
        raise LedgerError(str(error)) from error
    return FrozenFile(*row) if row else None


def _address(path: Path) -> str:
    """Spell a path as SQLite's URI; `//server/share` and `C:/` get the slashes that it wants."""
    plain = path.resolve().as_posix()
    return f"file://{'' if plain.startswith('/') else '/'}{quote(plain, safe='/:')}?mode=ro"
