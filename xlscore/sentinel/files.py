"""The mark file in the inbox: read, created once, handed over."""

from __future__ import annotations

import os
import secrets
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from xlscore.durable import PAUSES, sync_folder, write_synced, write_whole
from xlscore.reasons import of_system
from xlscore.sentinel.values import (
    GREATEST,
    NAME,
    Former,
    Holder,
    Sentinel,
    SentinelChangedError,
    SentinelError,
    as_json,
    damaged,
    from_json,
    presentable,
)


def read_sentinel(inbox: Path, sleep: Callable[[float], None] = time.sleep) -> Sentinel | None:
    """Return what the inbox's mark file says; None when there is none (or no inbox).

    Raises:
        SentinelDamagedError: it is there and says nothing usable.
        SentinelError: it cannot be read now: a share that is away, no permission.
    """
    try:
        data = _patiently(inbox / NAME, sleep)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SentinelError(of_system(error)) from error
    return from_json(data)


def _patiently(path: Path, sleep: Callable[[float], None]) -> bytes:
    for pause in PAUSES:
        with suppress(PermissionError):  # on Windows: somebody replaces it just now
            if data := _bytes(path):  # an empty file: somebody creates it just now
                return data
        sleep(pause)
    return _bytes(path)


def _bytes(path: Path) -> bytes:
    # Not following a link and not waiting for a FIFO: whoever may write to the inbox may put one there.
    special = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, os.O_RDONLY | special | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise damaged("không phải tệp thường", "no regular file")
        return stream.read(GREATEST + 1)


def create_sentinel(
    inbox: Path,
    *,
    campaign: str,
    holder: Holder,
    now: datetime,
    sleep: Callable[[float], None] = time.sleep,
) -> Sentinel:
    """Mark the inbox as ours; where somebody was quicker, what they wrote stays and is returned.

    Raises:
        SentinelDamagedError: a damaged mark file is there; it is not replaced.
        SentinelError: the inbox cannot be written to, or is not there.
    """
    fresh = Sentinel(campaign, secrets.token_hex(8), 1, presentable(holder), _in_utc(now))
    try:
        _create_whole(inbox / NAME, as_json(fresh))
        sync_folder(inbox)
    except FileExistsError:
        pass
    except OSError as error:
        raise SentinelError(of_system(error)) from error
    return _found(inbox, sleep)


def _create_whole(path: Path, data: bytes) -> None:
    """Create a file that was not there: killed at any moment, all of it is there or nothing.

    Raises:
        FileExistsError: it is there already.
    """
    temporary = path.with_name(f"{path.name}-{secrets.token_hex(4)}.tmp")
    try:
        # The folder's own permissions decide who may read it: the inbox is shared.
        with temporary.open("xb") as stream:
            write_synced(stream.fileno(), data)
        _name_once(temporary, path, data)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _name_once(temporary: Path, path: Path, data: bytes) -> None:
    if os.name == "nt":
        temporary.rename(path)  # which replaces nothing there
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a share without hard links
        _create_in_place(path, data)


def _create_in_place(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        try:
            write_synced(stream.fileno(), data)
        except OSError:
            path.unlink()  # our own, half written: the disk is full
            raise


def hand_over(
    inbox: Path,
    sentinel: Sentinel,
    holder: Holder,
    now: datetime,
    sleep: Callable[[float], None] = time.sleep,
) -> Sentinel:
    """Give the inbox to a new holder, and return what the mark file says from now on.

    Two hosts that do so in the same instant may both succeed; the later one stands in the file, and the
    other sees it when it reads the file again, as it does before each scan.

    Args:
        sentinel: what the person who decided this had seen.

    Raises:
        SentinelChangedError: the file says something else by now, before or after it was written.
        SentinelError: it cannot be read or written.
    """
    if read_sentinel(inbox, sleep) != sentinel:
        raise _changed()
    former = Former(sentinel.holder, _in_utc(now))
    new = Sentinel(
        sentinel.campaign,
        sentinel.inbox,
        sentinel.epoch + 1,
        presentable(holder),
        _in_utc(now),
        former,
    )
    try:
        write_whole(inbox / NAME, as_json(new), sleep)
    except OSError as error:
        raise SentinelError(of_system(error)) from error
    if read_sentinel(inbox, sleep) != new:
        raise _changed()
    return new


def _changed() -> SentinelChangedError:
    return SentinelChangedError(
        (
            f"tệp {NAME} vừa được một máy khác thay đổi: hãy xem lại rồi quyết định",
            f"{NAME} was changed by another host just now: look again before deciding",
        )
    )


def _found(inbox: Path, sleep: Callable[[float], None]) -> Sentinel:
    found = read_sentinel(inbox, sleep)
    if found is None:
        raise SentinelError((f"tệp {NAME} vừa biến mất", f"{NAME} has just vanished"))
    return found


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
