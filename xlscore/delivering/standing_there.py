"""Whose is a paper that stands in the outbox already: nobody else's is ever written over.

Two campaigns may share an outbox, and a ledger that was put back gives its numbers a second time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from xlscore.delivering.desk import Desk
from xlscore.identity import SCORECARD, identify
from xlscore.ledger import Post
from xlscore.workbooks.package import PackageError, read_package
from xlscore.workbooks.returns import token_texts

_HASH = re.compile(r'class="hash">([0-9a-f]{16})<')
"""A receipt, or list, cites the head of the log it was written from."""


def receipt_place(desk: Desk, folder: Path, name: str, post: Post) -> Path:
    """Return where a receipt goes: under its name, or a further one where another's stands.

    Raises:
        OSError: what stands there cannot be read now.
    """
    noted = _of_submission(desk, post)
    return _place(desk, folder, name, noted, lambda path: _cites_us(desk, path))


def list_place(desk: Desk, folder: Path, name: str, post: Post) -> Path:
    """Return where a unit's list of evidence goes: one list, written anew with every document.

    Raises:
        OSError: what stands there cannot be read now.
    """
    noted = desk.evidence_lists.get(post.subject, [])
    return _place(desk, folder, name, noted, lambda path: _cites_us(desk, path))


def copy_place(desk: Desk, folder: Path, name: str, post: Post) -> Path:
    """Return where a marked copy goes, or stands already.

    Raises:
        OSError: what stands there cannot be read now.
    """
    noted = _of_submission(desk, post)
    return _place(desk, folder, name, noted, lambda path: _is_form(desk, path, post.serial))


def _of_submission(desk: Desk, post: Post) -> list[str]:
    """Return where papers of this kind were written for the same arrival, in order."""
    told = desk.ledger.posts(post.submission)
    return [other.path for other in told if other.kind == post.kind and other.path]


def _place(
    desk: Desk, folder: Path, name: str, noted: Sequence[str], ours: Callable[[Path], bool]
) -> Path:
    for below in reversed(noted):
        path = desk.workspace.outbox / below
        if path.parent == folder:
            return path
    return next(p for p in _candidates(folder / name) if not p.exists() or ours(p))


def _candidates(path: Path) -> Iterator[Path]:
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem}.{number}{path.suffix}")
        number += 1


def _cites_us(desk: Desk, path: Path) -> bool:
    """Whether a page was written from this ledger, perhaps by a process that was killed then."""
    page = path.read_bytes().decode("utf-8", "replace")
    return not desk.heads.isdisjoint(_HASH.findall(page))


def _is_form(desk: Desk, path: Path, serial: int) -> bool:
    """Whether a workbook is the copy of this serial; the unit may be correcting it already."""
    with path.open("rb"):
        pass  # what cannot be read now may be ours
    try:
        token = identify(token_texts(read_package(path)), desk.workspace.keys.ring).token
    except PackageError:
        return False
    ours = (desk.campaign.settings.id, SCORECARD, serial)
    return token is not None and (token.campaign, token.kind, token.serial) == ours
