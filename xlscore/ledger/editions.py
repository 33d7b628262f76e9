"""Editions: rankings that were frozen, what each rests on, and its files as they were written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from xlscore.ledger.chapter import Chapter, actor_name, canonical, to_stamp, to_time

FROZEN, FILED = "edition-frozen", "edition-file"
"""Kinds of the events."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A frozen ranking (lần ban hành).

    Attributes:
        head: hash of the ledger's last event when it was made.
        basis: what it rests on, as JSON; `kept` names every content that the archive keeps for it,
            SHA-256 → size (see `xlscore.editions.basis`).
    """

    number: int
    head: str
    frozen_at: datetime
    frozen_by: str
    basis: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EditionFile:
    """One file of an edition, kept in the archive under `sha256`.

    Attributes:
        kind: what it is (see `xlscore.editions.files`).
        name: its name in `reports/`.
        cells: digest of every sheet of a workbook, by name; empty for other files.
    """

    edition: int
    kind: str
    name: str
    sha256: str
    size: int
    cells: Mapping[str, str]
    written_at: datetime
    id: int = 0


_FILE = "edition, kind, name, sha256, size, cells, written_at, id"


class Editions(Chapter):
    """The chapter of editions."""

    def freeze(self, number: int, basis: Mapping[str, Any], head: str, now: datetime) -> Edition:
        """Put an edition on record with its event; call inside a transaction."""
        made = Edition(number, head, now, actor_name(), basis)
        self.add_edition(made)
        self._event(now, FROZEN, {"edition": number, "head": head, "basis": dict(basis)})
        return made

    def file(self, new: EditionFile) -> EditionFile:
        """Put a file of an edition on record with its event; call inside a transaction."""
        made = self.add_edition_file(new)
        body = {
            "file": made.id, "edition": new.edition, "kind": new.kind, "name": new.name,
            "sha256": new.sha256, "size": new.size, "cells": dict(new.cells),
        }  # fmt: skip
        self._event(new.written_at, FILED, body)
        return made

    def add_edition(self, edition: Edition) -> None:
        """Put an edition on record without an event; call inside a transaction."""
        self._db.execute(
            "INSERT INTO editions (number, head, frozen_at, frozen_by, basis) VALUES (?,?,?,?,?)",
            (
                edition.number, edition.head, to_stamp(edition.frozen_at), edition.frozen_by,
                canonical(edition.basis),
            ),
        )  # fmt: skip
        for sha256, size in kept_contents(edition.basis).items():
            self.keep_blob(sha256, size, edition.frozen_at)

    def add_edition_file(self, new: EditionFile) -> EditionFile:
        """Put a file of an edition on record without an event; call inside a transaction."""
        self.keep_blob(new.sha256, new.size, new.written_at)
        cursor = self._db.execute(
            f"INSERT INTO edition_files ({_FILE}) VALUES (?,?,?,?,?,?,?,?)",  # noqa: S608  ours
            (
                new.edition, new.kind, new.name, new.sha256, new.size, canonical(new.cells),
                to_stamp(new.written_at), new.id or None,
            ),
        )  # fmt: skip
        return replace(new, id=int(cursor.lastrowid or 0))

    def editions(self) -> list[Edition]:
        """Return every edition, in order."""
        rows = self._db.execute(
            "SELECT number, head, frozen_at, frozen_by, basis FROM editions ORDER BY number"
        ).fetchall()
        return [Edition(r[0], r[1], to_time(r[2]), r[3], json.loads(r[4])) for r in rows]

    def edition(self, number: int) -> Edition | None:
        """Return one edition."""
        return next((one for one in self.editions() if one.number == number), None)

    def latest_edition(self) -> Edition | None:
        """Return the edition that was frozen last."""
        return next(reversed(self.editions()), None)

    def edition_files(self, *editions: int) -> list[EditionFile]:
        """Return the files of these editions, of all where none is named, in order."""
        rows = self._db.execute(f"SELECT {_FILE} FROM edition_files ORDER BY id")  # noqa: S608  ours
        return [
            EditionFile(r[0], r[1], r[2], r[3], r[4], json.loads(r[5]), to_time(r[6]), r[7])
            for r in rows.fetchall()
            if not editions or r[0] in editions
        ]


def kept_contents(basis: Mapping[str, Any]) -> dict[str, int]:
    """Return the contents that the archive keeps for an edition: SHA-256 → size."""
    return {str(sha256): int(size) for sha256, size in basis.get("kept", {}).items()}


def files_by_kind(files: Iterable[EditionFile]) -> dict[str, EditionFile]:
    """Return the files of one edition by kind, the last of each."""
    return {file.kind: file for file in files}
