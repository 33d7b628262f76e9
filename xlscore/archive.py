"""The archive: every content that ever arrived or went out, under its hash, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xlscore.blobs import blob_path
from xlscore.durable import replace_patiently, sync_folder, write_synced
from xlscore.inbox import Entry
from xlscore.reasons import of_system

_CHUNK = 1 << 20
_LEFT_BEHIND = 3600.0
"""Seconds after which a copy that nobody goes on writing belongs to a killed run."""


class SourceError(Exception):
    """A file in the inbox cannot be read: busy, forbidden or gone; the archive is not to blame.

    The arguments say why, in Vietnamese and in English.
    """


class ContentError(Exception):
    """A content is kept under a hash that its bytes do not have; the argument is its path."""


@dataclass(frozen=True, slots=True)
class Archived:
    """One entry whose bytes are safe."""

    entry: Entry
    sha256: str
    path: Path | None


def archive_copy(entry: Entry, archive: Path) -> Archived | None:
    """Copy an entry into the archive under its hash; None when it changed meanwhile.

    Raises:
        SourceError: the entry cannot be opened or read.
        OSError: the archive cannot be written to.
    """
    temporary = archive / f"incoming-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    try:
        with _opened(entry.path) as source:
            before = os.fstat(source.fileno())
            digest = _copy(source, temporary)
            after = os.fstat(source.fileno())
        unchanged = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if not unchanged or (after.st_size, after.st_mtime_ns) != entry.signature:
            return None
        return Archived(entry, digest, _filed(temporary, archive, digest))
    finally:
        with suppress(OSError):  # on Windows a virus scanner may hold it: `sweep` removes it later
            temporary.unlink(missing_ok=True)


def keep(archive: Path, data: bytes) -> str:
    """Keep a content of our own making in the archive and return its SHA-256; again is a no-op.

    A transaction of the ledger then puts it on record (see `Chapter.keep_blob`); what a killed run kept
    without that lies there unharmed, and is there already when it is run again.

    Raises:
        OSError: the archive cannot be written to.
    """
    digest = hashlib.sha256(data).hexdigest()
    with suppress(OSError, ContentError):  # not there, or not what it should be: written anew
        kept(archive, digest)
        return digest
    archive.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = archive / f"incoming-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    try:
        with temporary.open("xb") as stream:
            write_synced(stream.fileno(), data)
        _filed(temporary, archive, digest)
    finally:
        with suppress(OSError):  # as above
            temporary.unlink(missing_ok=True)
    return digest


def kept(archive: Path, sha256: str) -> bytes:
    """Return a kept content.

    Raises:
        ContentError: what lies there has another hash.
        OSError: it is not there or cannot be read.
    """
    path = blob_path(archive, sha256)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ContentError(path)
    return data


def _opened(path: Path) -> BinaryIO:
    def opener(name: str, flags: int) -> int:
        # Not following a link and not waiting for a FIFO that took the file's place since the scan.
        special = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        return os.open(name, flags | special)

    try:
        return open(path, "rb", opener=opener)
    except OSError as error:
        raise SourceError(*of_system(error)) from error


def _filed(temporary: Path, archive: Path, digest: str) -> Path:
    target = blob_path(archive, digest)
    if not target.parent.exists():
        target.parent.mkdir(exist_ok=True)
        sync_folder(archive)
    try:
        replace_patiently(temporary, target)
    except PermissionError:  # on Windows: another process is reading this very content
        if not target.exists():
            raise
    sync_folder(target.parent)
    return target


def sweep(archive: Path) -> None:
    """Remove what killed runs left half copied."""
    for left in archive.glob("incoming-*.tmp"):
        with suppress(OSError):  # another process is just done with it
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink()


def _copy(source: BinaryIO, target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("xb") as copy:
        for chunk in _chunks(source):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while True:
        try:
            chunk = source.read(_CHUNK)
        except OSError as error:
            raise SourceError(*of_system(error)) from error
        if not chunk:
            return
        yield chunk
