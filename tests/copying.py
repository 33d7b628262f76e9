"""Eleven ways in which copying programs bring a file into a folder, in quick time."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random

Pattern = Callable[[Path, bytes, Callable[[float], None]], None]


def _halves(data: bytes) -> tuple[bytes, bytes]:
    return data[: len(data) // 2], data[len(data) // 2 :]


def stream(path: Path, data: bytes, wait: Callable[[float], None]) -> None:
    with path.open("wb", buffering=0) as stream:
        for start in range(0, len(data), 1 + len(data) // 6):
            stream.write(data[start : start + 1 + len(data) // 6])
            wait(0.03)


def _stalled(seconds: float) -> Pattern:
    def stalled(path: Path, data: bytes, wait: Callable[[float], None]) -> None:
        first, rest = _halves(data)
        with path.open("wb", buffering=0) as stream:
            stream.write(first)
            wait(seconds)
            stream.write(rest)

    return stalled


def _preallocated(seconds: float, *, old: bool = False) -> Pattern:
    def preallocated(path: Path, data: bytes, wait: Callable[[float], None]) -> None:
        first, rest = _halves(data)
        with path.open("wb", buffering=0) as stream:
            stream.truncate(len(data))
            for part in (first, rest):
                stream.write(part)
                if old:
                    os.utime(path, (1e9, 1e9))
                wait(seconds)

    return preallocated


def out_of_order(path: Path, data: bytes, wait: Callable[[float], None]) -> None:
    first, rest = _halves(data)
    with path.open("wb", buffering=0) as stream:
        stream.seek(len(first))
        stream.write(rest)
        wait(0.6)
        stream.seek(0)
        stream.write(first)


def renamed(path: Path, data: bytes, wait: Callable[[float], None]) -> None:
    temporary = path.with_name(f"{path.name}.part")
    stream(temporary, data, wait)
    temporary.replace(path)


def empty_first(path: Path, data: bytes, wait: Callable[[float], None]) -> None:
    path.write_bytes(b"")
    wait(0.5)
    path.write_bytes(data)


def reopened(path: Path, data: bytes, wait: Callable[[float], None]) -> None:
    path.write_bytes(b"")
    for start in range(0, len(data), 1 + len(data) // 4):
        with path.open("ab") as stream:
            stream.write(data[start : start + 1 + len(data) // 4])
        wait(0.25)


PATTERNS: dict[str, Pattern] = {
    "stream": stream,
    "stall": _stalled(0.3),
    "long stall": _stalled(0.8),
    "longest stall": _stalled(2.0),
    "preallocated": _preallocated(0.1),
    "preallocated, stall": _preallocated(0.8),
    "preallocated, old time": _preallocated(0.4, old=True),
    "out of order, stall": out_of_order,
    "renamed": renamed,
    "empty first": empty_first,
    "reopened": reopened,
}


class Writer(threading.Thread):
    """Brings file after file into an inbox: returns, resubmissions, rubbish, evidence.

    Attributes:
        written: hashes of what each name was given, in order.
        used: how often each pattern was used.
    """

    def __init__(
        self, inbox: Path, cards: list[bytes], random: Random, number: int, over: threading.Event
    ) -> None:
        super().__init__(daemon=True)
        self._inbox, self._cards, self._random = inbox, cards, random
        self._number, self._over, self._count = number, over, 0
        self.written: dict[str, list[str]] = defaultdict(list)
        self.used: Counter[str] = Counter()

    def run(self) -> None:
        while not self._over.wait(self._random.uniform(0, 0.3)):
            self._count += 1
            name, data, partly = self._next()
            pattern = self._pick(name) if partly else "renamed"
            path = self._inbox / name
            path.parent.mkdir(parents=True, exist_ok=True)
            PATTERNS[pattern](path, data, time.sleep)
            self.used[pattern] += 1
            self.written[name].append(hashlib.sha256(data).hexdigest())

    def _pick(self, name: str) -> str:
        fewest = min(self.used[pattern] for pattern in PATTERNS)
        rare = [p for p in PATTERNS if self.used[p] == fewest]
        if name in self.written:  # the very size and time of before would be no change at all
            rare = [p for p in rare if p != "preallocated, old time"] or ["stream"]
        return self._random.choice(rare)

    def _next(self) -> tuple[str, bytes, bool]:
        """Return name and content of the next file, and whether it may be seen half written."""
        mark = f"{self._number}-{self._count:05}".encode()
        kind = self._random.random()
        if kind < 0.1:
            return f"{mark.decode()}.txt", b"rubbish " + mark, False
        if kind < 0.2:
            evidence = f"STP/minh-chung/{self._number} {self._count % 3}.pdf"
            return evidence, b"%PDF " + mark, False
        again = kind < 0.4
        name = f"{self._number} lai.xlsx" if again else f"{mark.decode()}.xlsx"
        data = self._random.choice(self._cards)
        place = data.rfind(b"PK\x05\x06") + 20
        return name, data[:place] + len(mark).to_bytes(2, "little") + mark, True
