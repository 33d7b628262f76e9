"""Whose is a paper that stands in the outbox already: nobody else's is ever written over.

Two campaigns may share an outbox, and a ledger that was put back gives its numbers a second time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from xlscore.delivering.desk import Desk
from xlscore.identity import SCORECARD, identify
from xlscore.ledger import Post
from xlscore.workbooks.package import PackageError, read_package
from xlscore.workbooks.returns import token_texts

_HASH = re.compile(r'class="hash">([0-9a-f]{16})<')
"""A receipt cites the head of the log it was written from."""


def receipt_place(desk: Desk, folder: Path, name: str, post: Post) -> Path:
    """Return where a receipt goes: under its name, or a further one where another's stands.

    Raises:
        OSError: what stands there cannot be read now.
    """
    return _place(desk, folder, name, post, lambda path: _cites_us(desk, path))


def copy_place(desk: Desk, folder: Path, name: str, post: Post) -> Path:
    """Return where a marked copy goes, or stands already.

    Raises:
        OSError: what stands there cannot be read now.
    """
    return _place(desk, folder, name, post, lambda path: _is_form(desk, path, post.serial))


def _place(desk: Desk, folder: Path, name: str, post: Post, ours: Callable[[Path], bool]) -> Path:
    noted = [
        desk.workspace.outbox / told.path
        for told in desk.ledger.posts(post.submission)
        if told.kind == post.kind and told.path
    ]
    for path in reversed(noted):
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
    """Whether a receipt was written from this ledger, perhaps by a process that was killed then."""
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
