"""How the intake is (`data/health.json`): written after each complete scan, and only then.

So an old file says that nothing is taken in any more, whatever the process list shows: a process can live
on for weeks while its share is frozen.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from xlscore.durable import write_whole

_GREATEST = 64 * 1024
_LONGEST_SECONDS = 1e9
_SCANS_MISSED = 3
_AT_LEAST = timedelta(seconds=60)
_CLOCKS_DIFFER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Health:
    """The state after a scan.

    Attributes:
        started: when the process started (UTC).
        last_scan: when the last complete scan ended (UTC).
        every_seconds: how often it scans.
        inbox: state of the inbox in one word, such as `available` or `unavailable`.
        backlog: files that wait to be taken in; the oldest for `oldest_waiting` seconds.
        last_error: what went wrong last, or nothing.
        free_mb: free disk space where the ledger lies, in MiB.
        scans: complete scans since the start.
    """

    pid: int
    host: str
    version: str
    started: datetime
    last_scan: datetime
    every_seconds: float
    inbox: str
    backlog: int
    oldest_waiting: float
    last_error: str
    free_mb: int
    scans: int


def write_health(path: Path, health: Health) -> None:
    """Put the state in the place of the former one, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    said = {name: _written(value) for name, value in asdict(health).items()}
    # `allow_nan`: a reader of another language would refuse the whole file.
    text = json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False)
    write_whole(path, f"{text}\n".encode())


def read_health(path: Path) -> Health | None:
    """Return the last state; None where there is none, or the file cannot be understood."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_GREATEST + 1)
        if len(data) > _GREATEST:
            return None
        said = json.loads(data.decode())
        return Health(
            **{field.name: _typed(said[field.name], field.type) for field in fields(Health)}
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def is_stale(health: Health, now: datetime) -> bool:
    """Whether scans have ceased: none for three intervals (at least a minute), or one in the future.

    A scan in the future means that the clock was put back since: how long ago it was is not known.
    """
    age = now - health.last_scan
    patience = max(_SCANS_MISSED * timedelta(seconds=health.every_seconds), _AT_LEAST)
    return age > patience or age < -_CLOCKS_DIFFER


def _written(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case str():  # an error may name a file whose name is not UTF-8
            return value.encode("utf-8", "backslashreplace").decode()
        case _:
            return value


def _typed(value: Any, kind: Any) -> Any:
    """Return a value of the file as the field holds it.

    Raises:
        ValueError, TypeError: it is of another type.
    """
    match kind:
        case "datetime":
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise ValueError(value)
            return moment.astimezone(UTC)
        case "int" if type(value) is int and value >= 0:
            return value
        case "float" if type(value) in {int, float} and 0 <= value <= _LONGEST_SECONDS:
            return float(value)
        case "str" if isinstance(value, str):
            return value
        case _:
            raise TypeError(kind)
