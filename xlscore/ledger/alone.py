"""One process at a time: a lock on a small file, released by the system however its holder ends."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold the lock `path` for a block; yield False where another process or thread holds it.

    SQLite's own lock, because it is the same on every system and goes with the process that dies.

    Raises:
        OSError: the file cannot be made.
    """
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error), str(path)) from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise OSError(errno.EIO, str(error), str(path)) from error
            yield False
            return
        yield True
