"""Content-addressed names: where a content and the record beside it are kept in the archive."""

from __future__ import annotations

import hashlib
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
