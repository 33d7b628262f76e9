"""The journal: every event once more as a line of JSON beside the archive, readable without SQLite.

One file per chain: a ledger that was rebuilt starts a new chain, and with it a new file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from xlscore.ledger.records import Event

_TAIL = 1 << 16


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line as read: the event, or None where the line is damaged."""

    file: str
    number: int
    event: Event | None


class Journal:
    """The folder of journals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, chain: int) -> Path:
        """Return the file of a chain."""
        return self.folder / f"chain-{chain:04}.jsonl"

    def chains(self) -> list[int]:
        """Return the numbers of the chains that have a file."""
        found = self.folder.glob("chain-????.jsonl")
        return sorted(int(p.stem[6:]) for p in found if p.stem[6:].isdecimal())

    def catch_up(self, chain: int, events: Callable[[int], list[Event]]) -> None:
        """Append the events that come after the file's last whole line.

        Raises:
            OSError: the file cannot be written; it is caught up the next time.
        """
        path = self.path(chain)
        self.folder.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.exists() else "w+b") as stream:
            last = _last_number(stream)  # stands behind it, over what a killed process half wrote
            more = events(last)
            if not more:
                return
            stream.truncate()
            stream.writelines(_line(event) for event in more)
            stream.flush()
            os.fsync(stream.fileno())

    def last(self, chain: int) -> int:
        """Return the number of the last event in a chain's file, or 0.

        Raises:
            OSError: the file is there and cannot be read.
        """
        try:
            with self.path(chain).open("rb") as stream:
                return _last_number(stream)
        except FileNotFoundError:
            return 0

    def lines(self, chain: int) -> Iterator[JournalLine]:
        """Yield every line of a chain's file; a damaged one without its event.

        Raises:
            OSError: the file cannot be read.
        """
        path = self.path(chain)
        with path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                yield JournalLine(path.name, number, _event(line))


def _line(event: Event) -> bytes:
    return json.dumps(asdict(event), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _event(line: bytes) -> Event | None:
    try:
        said = json.loads(line)
        texts = [said[key] for key in ("at", "actor", "kind", "body", "previous", "hash")]
        number = said["seq"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(number, int) or not all(isinstance(text, str) for text in texts):
        return None
    return Event(number, *texts)


def _last_number(stream: BinaryIO) -> int:
    """Return the number of the last event that can be understood; 0 without any.

    Leaves the stream behind the last whole line: what a killed process half wrote is written over, what
    somebody damaged stays for `ledger check` to find.
    """
    end, size, found, whole = stream.seek(0, os.SEEK_END), 0, b"", b""
    number = 0
    while not number and size < end:
        size = min(end, max(_TAIL, 2 * size))
        stream.seek(end - size)
        found = stream.read(size)
        whole = found[: found.rfind(b"\n") + 1]
        # The first line may be cut off where the reading began.
        lines = whole.splitlines() if size == end else whole.splitlines()[1:]
        number = next((event.seq for line in reversed(lines) if (event := _event(line))), 0)
    stream.seek(end - len(found) + len(whole))
    return number
