"""What the mark file says, as values and as JSON."""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from xlscore.reasons import NOT_UTF8, SaidError
from xlscore.text import nfc

NAME = ".xlscore-inbox.json"

_NOTICE = "Xin đừng xóa, đừng sửa, đừng chép tệp này đi nơi khác"
_PURPOSE = (
    "Nhờ tệp này xlscore biết đây đúng là hộp nhận phiếu, và máy nào đang thu. / xlscore knows the"
    " inbox, and who takes it in, by this file: please do not delete it."
)
GREATEST = 64 * 1024
_LONGEST = 200
_EPOCHS = 2**53


class SentinelError(SaidError):
    """The mark file cannot be read or written; `words` say why, in Vietnamese and in English."""


class SentinelDamagedError(SentinelError):
    """The mark file is there and says nothing usable: waiting does not help, a person has to look."""


class SentinelChangedError(SentinelError):
    """Somebody else took the inbox over at the same time."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who runs intake: the id of the ledger, and the host and user as people call them."""

    ledger: str
    host: str
    user: str


@dataclass(frozen=True, slots=True)
class Former:
    """Who had the inbox before, and until when."""

    holder: Holder
    until: datetime


@dataclass(frozen=True, slots=True)
class Sentinel:
    """What the mark file says.

    Attributes:
        inbox: random id of this inbox, which the ledger remembers.
        epoch: how often the inbox was given to a holder: 1 for the first.
        since: when this holder took it, in UTC.
    """

    campaign: str
    inbox: str
    epoch: int
    holder: Holder
    since: datetime
    previous: Former | None = None


def this_host() -> str:
    """Return what this computer is called."""
    return _presentable(socket.gethostname())


def this_user() -> str:
    """Return what the person at this computer is called."""
    try:
        return _presentable(getpass.getuser())
    except (OSError, KeyError, ImportError):  # a user without a name, as in containers
        return "?"


def presentable(holder: Holder) -> Holder:
    """Return a holder whose names are read back as they are written."""
    return Holder(holder.ledger, _presentable(holder.host), _presentable(holder.user))


def _presentable(name: str) -> str:
    """Return a name of the system as this module reads it back."""
    said = "".join(c if c.isprintable() else "?" for c in nfc(name))[:_LONGEST]
    return said or "?"


def as_json(sentinel: Sentinel) -> bytes:
    """Return the bytes of a mark file, to be read by people too."""
    former = sentinel.previous
    said = {
        _NOTICE: _PURPOSE,
        "campaign": sentinel.campaign,
        "inbox": sentinel.inbox,
        "epoch": sentinel.epoch,
        **_holder_json(sentinel.holder),
        "since": sentinel.since.isoformat(),
        "previous": former and {**_holder_json(former.holder), "until": former.until.isoformat()},
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def _holder_json(holder: Holder) -> dict[str, str]:
    return {"ledger": holder.ledger, "host": holder.host, "user": holder.user}


def from_json(data: bytes) -> Sentinel:
    """Return what the bytes of a mark file say.

    Raises:
        SentinelDamagedError: they say nothing usable.
    """
    if len(data) > GREATEST:
        raise damaged("quá lớn", "too large")
    try:
        said = json.loads(data.decode("utf-8-sig"))  # an editor may have put a BOM there
        former = said["previous"]
        return Sentinel(
            _text(said, "campaign"),
            _text(said, "inbox"),
            _epoch(said["epoch"]),
            _holder(said),
            _instant(said, "since"),
            None if former is None else Former(_holder(former), _instant(former, "until")),
        )
    except UnicodeDecodeError as error:
        raise damaged(*NOT_UTF8) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged("nội dung không đúng", "its content is wrong") from error


def damaged(vietnamese: str, english: str) -> SentinelDamagedError:
    """Return the error that says what is wrong with the mark file."""
    return SentinelDamagedError(
        (f"tệp {NAME} bị hỏng: {vietnamese}", f"{NAME} is damaged: {english}")
    )


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said[key]
    # It will be shown on a terminal and in logs: no control characters, nothing endless.
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not value.isprintable():
        raise ValueError(key)
    return value


def _epoch(value: object) -> int:
    if type(value) is not int or not 0 < value < _EPOCHS:
        raise ValueError(value)
    return value


def _holder(said: Mapping[str, Any]) -> Holder:
    return Holder(_text(said, "ledger"), _text(said, "host"), _text(said, "user"))


def _instant(said: Mapping[str, Any], key: str) -> datetime:
    value = datetime.fromisoformat(_text(said, key))
    if value.tzinfo is None:
        raise ValueError(key)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError(key) from None
