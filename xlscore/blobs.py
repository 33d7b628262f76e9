"""Content-addressed names: where a content and the record beside it are kept in the archive."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

_CHUNK = 1 << 20

NO_CONTENT = "none"
"""Folder of the records of what left no bytes: links, devices, files beyond the greatest size."""


def blob_path(archive: Path, sha256: str) -> Path:
    """Return where the content with this hash is kept."""
    return archive / sha256[:2] / f"{sha256}.bin"


def record_path(archive: Path, sha256: str, number: int) -> Path:
    """Return where the record of arrival `number`, which brought this content, is kept beside it."""
    folder = archive / (sha256[:2] or NO_CONTENT)
    return folder / f"{sha256 or NO_CONTENT}.{number}.json"


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write_synced(path: Path, data: bytes) -> None:
    """Write a whole file or nothing, and have it on the disk before returning.

    Raises:
        OSError: the file cannot be written; what stood there stands there still.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    if os.name == "nt":  # Windows has no fsync of a folder; NTFS journals the rename
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
