"""Files written whole or not at all, and on the disk before anybody relies on them."""

from __future__ import annotations

import errno
import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)
"""Seconds between tries where another process has the file open for a moment (Windows, SMB)."""

_TEMPORARY = re.compile(r"\..+-[0-9a-f]{8}\.tmp")
_ABANDONED = 3600.0
"""Seconds after which nobody goes on writing a temporary file."""

_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF, errno.EACCES, errno.EPERM}
"""What file systems without a sync of folders answer, and folders that may be written, not listed."""


def write_whole(path: Path, data: bytes, sleep: Callable[[float], None] = time.sleep) -> None:
    """Put `data` in the place of what is at `path`, through a temporary file beside it.

    The temporary begins with a dot, so a scan of the inbox passes it over.

    Raises:
        OSError: it cannot be written; what stood there stands there still.
    """
    temporary = path.with_name(f".{path.name.lstrip('.')}-{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as stream:
            write_synced(stream.fileno(), data)
        replace_patiently(temporary, path, sleep)
    except OSError as error:
        # Writing to an open file fails without telling which; nobody knows the temporary's name.
        if error.filename in {None, str(temporary)}:
            error.filename = str(path)
        raise
    finally:
        with suppress(OSError):  # the share went away meanwhile: what failed is said already
            temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove what killed processes left half written in a folder."""
    with suppress(OSError):  # no folder, or a share that is away: the next time
        for left in folder.glob(".*.tmp"):
            with suppress(OSError):
                if (
                    _TEMPORARY.fullmatch(left.name)
                    and time.time() - left.stat().st_mtime > _ABANDONED
                ):
                    left.unlink()


def write_synced(descriptor: int, data: bytes) -> None:
    """Write all of `data` to an open file and wait until the disk has it."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's names, where the system can tell.

    Raises:
        OSError: the disk failed; that a share cannot sync folders is no error.
    """
    if os.name == "nt":  # Windows has no fsync of a folder; NTFS journals the rename
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


def replace_patiently(
    temporary: Path, path: Path, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Rename over what is at `path`, trying again for a second while another process holds either.

    Raises:
        OSError: it still does, or the disk failed.
    """
    for pause in PAUSES:
        try:
            temporary.replace(path)
        except PermissionError:  # on Windows: somebody reads it just now
            sleep(pause)
        else:
            return
    temporary.replace(path)
