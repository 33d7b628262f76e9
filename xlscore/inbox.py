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

EVIDENCE_FOLDER = "minh-chung"
"""Folder of evidence documents (tài liệu minh chứng) inside a unit's folder; not scorecards."""

_IGNORED = re.compile(
    r"^(~\$.*|\..*|~syncthing~.*|.*\.(tmp|part|partial|crdownload|download|filepart)"
    r"|[0-9a-f]{8}|desktop\.ini|thumbs\.db|readme(\.(md|txt|html))?)$",
    re.IGNORECASE,
)
"""Temporary, sync and owner files of Excel, LibreOffice, browsers and sync clients."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry of the inbox.

    Attributes:
        path: where it is.
        key: exact relative path as bytes: the identity of the entry, never normalised.
        top: name of the first folder below the inbox, or empty.
        regular: False for links, folders named like files, devices.
    """

    path: Path
    key: bytes
    top: str
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
        items = [item for item in listing if not _IGNORED.match(item.name)]
    for item in items:
        path = Path(item.path)
        try:
            if item.is_dir(follow_symlinks=False) and not _looks_like_workbook(item.name):
                if item.name != EVIDENCE_FOLDER:
                    yield from _scan(root, path)
            else:
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
    relative = path.relative_to(root)
    top = relative.parts[0] if len(relative.parts) > 1 else ""
    return Entry(path, os.fsencode(relative.as_posix()), top, size, mtime_ns, regular)


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
