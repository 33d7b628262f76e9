"""The carrier where no server is set: a draft (thư nháp) that a mail program opens and a person sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from xlscore.drafts import LETTERS
from xlscore.durable import write_whole
from xlscore.ledger import LetterRow
from xlscore.reasons import Words, of_system
from xlscore.workspace import Workspace

FOLDER = "ket-qua"
_UNSENT = b"X-Unsent: 1\r\n"
_HEADER_END = b"\r\n\r\n"
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


def write(workspace: Workspace, row: LetterRow, data: bytes) -> Path:
    """Write a letter's draft whole or not at all and return where; again is a no-op.

    Raises:
        OSError: it cannot be written.
    """
    head = data.split(_HEADER_END, 1)[0]
    draft = data if _UNSENT.strip() in head.split(b"\r\n") else _UNSENT + data
    folder = _folder(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    for path in _places(folder, row):
        if not path.exists():
            write_whole(path, draft)
            return path
        if path.read_bytes() == draft:
            return path
    raise AssertionError  # the names never end


def unwritable(workspace: Workspace, error: OSError) -> Words:
    """Say why no draft can be written, and where."""
    folder, (vietnamese, english) = _folder(workspace), of_system(error)
    return (
        f"không ghi được bản nháp vào {folder}: {vietnamese}",
        f"no draft can be written into {folder}: {english}",
    )


def _folder(workspace: Workspace) -> Path:
    return workspace.outbox / LETTERS / FOLDER


def _places(folder: Path, row: LetterRow) -> Iterator[Path]:
    """Yield the names that a draft may have; another campaign may share the outbox."""
    edition = f"lan-{row.letter.edition}-" if row.letter.edition else ""
    stem = _UNSAFE.sub("-", f"{edition}{row.letter.audience}-so-{row.id}")
    yield folder / f"{stem}.eml"
    yield from (folder / f"{stem}.{number}.eml" for number in count(2))
