"""Scan the inbox: one pass of `scandir`, cheap enough to be repeated every ten seconds for months."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xlscore.inbox.names import (
    is_evidence_folder,
    is_ignored,
    is_orphan,
    is_passed_over,
    looks_like_workbook,
    owner_of,
)

_RECALLED = 0x400000 | 0x1000
"""FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS and _OFFLINE: the content is in the cloud only."""

_JUNCTION = 0xA0000003
"""IO_REPARSE_TAG_MOUNT_POINT: what Windows calls a junction or a mounted volume."""

_DEEPEST = 30
"""Folders below this are not looked into: nobody sends anything there."""


class Entry(NamedTuple):
    """One directory entry of the inbox.

    Attributes:
        place: where it is.
        key: exact relative path as bytes: the identity of the entry, never normalised.
        regular: False for links, folders named like files, devices.
        evidence: whether it lies in a folder of evidence.
        in_cloud: whether a sync client would have to fetch the content first.
    """

    place: str
    key: bytes
    size: int
    mtime_ns: int
    regular: bool = True
    evidence: bool = False
    in_cloud: bool = False

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.place)

    @property
    def signature(self) -> tuple[int, int]:
        """What changes when the content does: size and time (never the inode: shares renumber)."""
        return self.size, self.mtime_ns


@dataclass
class Scan:
    """What one pass saw.

    Attributes:
        entries: everything that may be a submission or a document of evidence, and is not known.
        unchanged: how many others there are, with the size and time that are known of them.
        owned: keys of files that Excel or LibreOffice has open.
        orphans: what Excel left behind when it could not finish saving.
        unread: keys of folders that could not be listed: the pass is not complete.
    """

    entries: list[Entry] = field(default_factory=list)
    unchanged: int = 0
    owned: set[bytes] = field(default_factory=set)
    orphans: list[Entry] = field(default_factory=list)
    unread: list[bytes] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every folder was seen: only then does absence mean anything."""
        return not self.unread


Known = Mapping[bytes, tuple[int, int]]
"""Size and time of entries by key, as they were taken."""


def scan(root: Path, known: Known | None = None) -> Scan:
    """Return what is in the inbox now.

    Args:
        known: entries that need not be told if they are still so; nearly all of them, for months.

    Raises:
        OSError: the inbox itself cannot be listed (a share that is away); nothing is concluded.
    """
    walk = _Walk(known or {})
    walk.below(_listed(str(root)), b"", evidence=False, depth=0)
    return walk.found


def top_folder(key: bytes) -> str:
    """Return the name of the first folder below the inbox in an entry's key, or nothing."""
    top, _, below = os.fsdecode(key).partition("/")
    return top if below else ""


def _listed(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as listing:
        return list(listing)


class _Walk:
    """One pass under way."""

    def __init__(self, known: Known) -> None:
        self.found = Scan()
        self._known = known

    def below(
        self, items: list[os.DirEntry[str]], prefix: bytes, *, evidence: bool, depth: int
    ) -> None:
        """Take note of what a folder holds, and of the folders in it."""
        for item in items:
            try:
                if not self._is_unchanged(item, prefix):
                    self._note(item, prefix, evidence=evidence, depth=depth)
            except FileNotFoundError:
                continue  # gone between listing and looking: not there, no conclusion
            except OSError:
                # What cannot be looked at must not stop the others: whoever takes it in fails to
                # open it, and says so.
                key = prefix + os.fsencode(item.name)
                self.found.entries.append(Entry(item.path, key, 0, 0))

    def _is_unchanged(self, item: os.DirEntry[str], prefix: bytes) -> bool:
        known = self._known.get(prefix + os.fsencode(item.name))
        if known is None or item.is_dir(follow_symlinks=False):
            return False
        facts = item.stat(follow_symlinks=False)
        if (facts.st_size, facts.st_mtime_ns) != known:
            return False
        self.found.unchanged += 1
        return True

    def _note(self, item: os.DirEntry[str], prefix: bytes, *, evidence: bool, depth: int) -> None:
        name, found = item.name, self.found
        if _is_folder(item) and (evidence or not looks_like_workbook(name)):
            if not is_passed_over(name):
                self._descend(item, prefix, evidence=evidence, depth=depth)
        elif not is_ignored(name):
            found.entries.append(_entry(item, prefix, evidence=evidence))
        elif owned := owner_of(name):
            found.owned.add(prefix + os.fsencode(owned))
        elif is_orphan(name):
            found.orphans.append(_entry(item, prefix, evidence=evidence))

    def _descend(
        self, item: os.DirEntry[str], prefix: bytes, *, evidence: bool, depth: int
    ) -> None:
        key = prefix + os.fsencode(item.name)
        if depth >= _DEEPEST:
            self.found.unread.append(key)
            return
        try:
            items = _listed(item.path)
        except FileNotFoundError:
            return
        except OSError:
            self.found.unread.append(key)
            return
        within = evidence or is_evidence_folder(item.name)
        self.below(items, key + b"/", evidence=within, depth=depth + 1)


def _is_folder(item: os.DirEntry[str]) -> bool:
    """Whether it is a folder of the inbox itself: a junction leads elsewhere, as a link does."""
    if not item.is_dir(follow_symlinks=False):
        return False
    return getattr(item.stat(follow_symlinks=False), "st_reparse_tag", 0) != _JUNCTION


def _entry(item: os.DirEntry[str], prefix: bytes, *, evidence: bool) -> Entry:
    facts = item.stat(follow_symlinks=False)
    return Entry(
        item.path,
        prefix + os.fsencode(item.name),
        facts.st_size,
        facts.st_mtime_ns,
        stat.S_ISREG(facts.st_mode),
        evidence,
        bool(getattr(facts, "st_file_attributes", 0) & _RECALLED),
    )


def refreshed(entries: list[Entry]) -> Iterator[Entry]:
    """Yield the entries with today's size and time where the listing may be behind.

    On Windows a folder tells the size that a file had when it was last closed; new files are few,
    so asking each costs little.
    """
    for entry in entries:
        if os.name != "nt":
            yield entry
            continue
        try:
            facts = os.stat(entry.place, follow_symlinks=False)  # noqa: PTH116  no Path per file
        except OSError:
            yield entry
        else:
            yield entry._replace(size=facts.st_size, mtime_ns=facts.st_mtime_ns)
