"""The inbox (hộp nhận): which files are there, and which of them have stopped changing.

Our own scan is the truth. A file is settled when size and time stayed the same for a while of our own
monotonic clock; whether it is whole is decided later, on the archived copy.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xlscore.text import plain_ascii

_EVIDENCE_FOLDER = "minhchung"
"""Folder of evidence documents (tài liệu minh chứng), letters only: `Minh chứng`, `minh_chung`."""

_IGNORED = re.compile(
    r"^(~\$.*|\..*|~syncthing~.*|.*\.(tmp|part|partial|crdownload|download|filepart)"
    r"|[0-9a-f]{8}|desktop\.ini|thumbs\.db|readme(\.(md|txt|html))?)$",
    re.IGNORECASE,
)
"""Temporary, sync and owner files of Excel, LibreOffice, browsers and sync clients."""

_HIDDEN = (".", "~")
"""How folders of programs begin; nothing else is passed over, since a unit may be called 20230001."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry of the inbox.

    Attributes:
        path: where it is.
        key: exact relative path as bytes: the identity of the entry, never normalised.
        regular: False for links, folders named like files, devices.
    """

    path: Path
    key: bytes
    size: int
    mtime_ns: int
    regular: bool

    @property
    def signature(self) -> tuple[int, int]:
        """What changes when the content does: size and time (never the inode: shares renumber)."""
        return self.size, self.mtime_ns


def scan(root: Path) -> list[Entry]:
    """Return all entries that may be submissions, in a stable order.

    Raises:
        OSError: the inbox itself cannot be listed (a share that is away); nothing is concluded.
    """
    return sorted(_scan(root, root), key=lambda entry: entry.key)


def _scan(root: Path, folder: Path) -> Iterator[Entry]:
    with os.scandir(folder) as listing:
        items = list(listing)
    for item in items:
        path = Path(item.path)
        try:
            if item.is_dir(follow_symlinks=False) and not _looks_like_workbook(item.name):
                if not _is_passed_over(item.name):
                    yield from _scan(root, path)
            elif not _IGNORED.match(item.name):
                facts = item.stat(follow_symlinks=False)
                regular = stat.S_ISREG(facts.st_mode)
                yield _entry(root, path, facts.st_size, facts.st_mtime_ns, regular=regular)
        except FileNotFoundError:
            continue  # gone between listing and looking: not there, no conclusion
        except OSError:
            # A folder that cannot be listed must not stop the others: whoever takes it in fails to
            # open it, and says so.
            yield _entry(root, path, 0, 0, regular=True)


def _entry(root: Path, path: Path, size: int, mtime_ns: int, *, regular: bool) -> Entry:
    key = os.fsencode(path.relative_to(root).as_posix())
    return Entry(path, key, size, mtime_ns, regular)


def top_folder(key: bytes) -> str:
    """Return the name of the first folder below the inbox in an entry's key, or nothing."""
    top, _, below = os.fsdecode(key).partition("/")
    return top if below else ""


def _is_passed_over(folder: str) -> bool:
    letters = "".join(c for c in plain_ascii(folder).lower() if c.isalnum())
    return folder.startswith(_HIDDEN) or letters == _EVIDENCE_FOLDER


def _looks_like_workbook(name: str) -> bool:
    return name.lower().endswith((".xlsx", ".xlsm", ".xls", ".ods"))


def settled(
    root: Path,
    fresh: list[Entry],
    seconds: float,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[list[Entry], list[Entry]]:
    """Split `fresh` into entries that stayed the same for `seconds` and those still changing."""
    if not fresh or seconds <= 0:
        return fresh, []
    sleep(seconds)
    now = {entry.key: entry for entry in scan(root)}
    still = [e for e in fresh if e.key in now and now[e.key].signature == e.signature]
    kept = {entry.key for entry in still}
    return still, [entry for entry in fresh if entry.key not in kept]
