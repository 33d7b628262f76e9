"""The program's own log: JSON lines, one file per process and day, which never stops the program.

Windows cannot rename a file that another process has open, so nothing is rotated: a new day opens a new
file (`watch-20261121-4711.jsonl`), and old ones are removed by the day in their name. Days and times are
UTC. What people read on the console is not this module's business.
"""

from __future__ import annotations

import json
import logging
import math
import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xlscore.i18n import _, language
from xlscore.reasons import of_system
from xlscore.text import nfc

LOGGER = "xlscore"
KEEP_DAYS = 90

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PROGRAM = re.compile(r"[a-z][a-z0-9]{0,30}")
_STILL_RAW = re.compile(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What JSON lets through and a terminal or a reader of lines obeys."""

_DEEPEST = 6

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class Log:
    """A started log; closing it twice, or using it as a context manager, is fine."""

    def __init__(self, handler: _DayFiles) -> None:
        self._handler = handler

    @property
    def path(self) -> Path:
        """The file that a line of today goes to."""
        return self._handler.today()

    def close(self) -> None:
        """Stop logging to the file."""
        logging.getLogger(LOGGER).removeHandler(self._handler)
        self._handler.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def start_logging(
    folder: Path,
    program: str,
    *,
    level: int = logging.INFO,
    keep_days: int = KEEP_DAYS,
    clock: Clock = _now,
) -> Log:
    """Write what the logger `xlscore` and those below it say to files in `folder`.

    Started again for the same folder and program, it goes on with the log that is there. A folder that
    cannot be written to, or a full disk, is said on stderr once; each later line is tried again.

    Args:
        folder: made when the first line is written.
        program: begins the files' names: lower-case letters and digits.
        keep_days: files of this program from before so many days are removed.

    Raises:
        ValueError: `program` is no such name.
    """
    if not _PROGRAM.fullmatch(program):
        raise ValueError(program)
    logger = logging.getLogger(LOGGER)
    logger.setLevel(level)
    for handler in logger.handlers:
        if isinstance(handler, _DayFiles) and handler.writes(folder, program):
            return Log(handler)
    handler = _DayFiles(folder, program, keep_days, clock)
    handler.setFormatter(_JsonLines())
    logger.addHandler(handler)
    return Log(handler)


# --- files ----------------------------------------------------------------------------------------


class _DayFiles(logging.Handler):
    """Appends lines to the file of the day; what goes wrong is said once and forgiven."""

    def __init__(self, folder: Path, program: str, keep_days: int, clock: Clock) -> None:
        super().__init__()
        self._folder, self._program = folder.absolute(), program
        self._keep_days, self._clock = keep_days, clock
        self._open: tuple[Path, int] | None = None
        self._torn = self._complained = False

    def writes(self, folder: Path, program: str) -> bool:
        return (self._folder, self._program) == (folder.absolute(), program)

    def today(self) -> Path:
        day = self._clock().astimezone(UTC).strftime("%Y%m%d")
        return self._folder / f"{self._program}-{day}-{os.getpid()}.jsonl"

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._append(self.format(record).encode("utf-8", "backslashreplace") + b"\n")
        except OSError as error:
            self._complain(error)
        except Exception:  # noqa: BLE001  logging must never stop what it reports
            self.handleError(record)

    def close(self) -> None:
        self.acquire()
        try:
            self._close_file()
        finally:
            self.release()
        super().close()

    def _append(self, line: bytes) -> None:
        path = self.today()
        if self._open is None or self._open[0] != path:
            self._close_file()
            self._folder.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            self._open = path, os.open(path, flags, 0o600)
            prune(self._folder, self._program, self._clock().date(), self._keep_days)
        # A line that a full disk cut short must not swallow the next one.
        rest = memoryview(b"\n" + line if self._torn else line)
        while rest:
            written = os.write(self._open[1], rest)
            rest = rest[written:]
            self._torn = bool(rest)

    def _close_file(self) -> None:
        if self._open is not None:
            with suppress(OSError):
                os.close(self._open[1])
            self._open = None

    def _complain(self, error: OSError) -> None:
        # The file is opened anew for the next line: its disk may have come back.
        self._close_file()
        if self._complained or sys.stderr is None:  # None: a Windows program without a console
            return
        self._complained = True
        said = _(
            "The log in {folder} cannot be written: {reason}. The work goes on.",
            folder=self._folder,
            reason=of_system(error)[0 if language() == "vi" else 1],
        )
        with suppress(OSError, ValueError):
            sys.stderr.write(said + "\n")


def prune(folder: Path, program: str, today: date, keep_days: int = KEEP_DAYS) -> None:
    """Remove this program's logs from more than `keep_days` days ago, by the day in their names."""
    ours = re.compile(rf"{re.escape(program)}-(\d{{8}})-\d+\.jsonl")
    with suppress(OSError), os.scandir(folder) as listing:
        for entry in listing:
            named = ours.fullmatch(entry.name)
            # Files of another shape are somebody else's; one that is open on Windows stays for now.
            with suppress(OSError, ValueError):
                if named and entry.is_file(follow_symlinks=False):
                    day = datetime.strptime(named[1], "%Y%m%d").replace(tzinfo=UTC).date()
                    if today - day > timedelta(days=keep_days):
                        Path(entry.path).unlink()


# --- lines ----------------------------------------------------------------------------------------


class _JsonLines(logging.Formatter):
    """One record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        said: dict[str, Any] = {
            "at": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        for name, value in vars(record).items():
            if name not in _STANDARD and name not in said:
                said[_text(str(name))] = _shown(value)
        if record.exc_info:
            said["exception"] = _text(self.formatException(record.exc_info))
        line = json.dumps(said, ensure_ascii=False)
        return _STILL_RAW.sub(lambda character: f"\\u{ord(character[0]):04x}", line)


def _message(record: logging.LogRecord) -> str:
    try:
        return _text(record.getMessage())
    except Exception:  # noqa: BLE001  arguments that do not fit: better a raw line than none
        return _text(f"{record.msg} {record.args!r}")


def _shown(value: object) -> Any:
    try:
        return _plain(value)
    except Exception:  # noqa: BLE001  an object that cannot say what it is
        return f"<{type(value).__name__}>"


def _plain(value: object, depth: int = 0) -> Any:
    """Return what JSON can hold; of anything else, its text."""
    match value:
        case None | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case bytes():
            return _text(value.decode("utf-8", "backslashreplace"))
        case Mapping() if depth < _DEEPEST:
            return {_text(str(key)): _plain(item, depth + 1) for key, item in value.items()}
        case list() | tuple() | set() | frozenset() if depth < _DEEPEST:
            return [_plain(item, depth + 1) for item in value]
        case datetime():
            return value.isoformat()
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    r"""Return NFC text; bytes of a file name that are not UTF-8 (lone surrogates) as `\xff`."""
    said = re.sub("[\udc80-\udcff]", lambda byte: f"\\x{ord(byte[0]) - 0xDC00:02x}", text)
    return nfc(said.encode("utf-8", "backslashreplace").decode())
