"""Settling: a file is taken once it has stayed the same for a while by our own monotonic clock.

Pure: whoever scans says what is there and what the clocks show, so that every case can be tried
without waiting. File times are never compared with a clock: shares and copying programs set them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from xlscore.inbox.scanning import Entry

_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0


@dataclass(frozen=True, slots=True)
class Settled:
    """An entry that is ready to be taken.

    Attributes:
        seen: when it was first seen as it is now.
        scanned: the last complete scan before that, in which it was not there, or None.
    """

    entry: Entry
    seen: datetime
    scanned: datetime | None = None


@dataclass(slots=True)
class _Tracked:
    signature: tuple[int, int]
    since: float
    seen: datetime
    scanned: datetime | None
    pause: float = 0.0
    not_before: float = 0.0


class Tracker:
    """Remembers since when each new entry has stood as it is."""

    def __init__(self, settle: float) -> None:
        self._settle = settle
        self._tracked: dict[bytes, _Tracked] = {}

    def remember(
        self, key: bytes, signature: tuple[int, int], seen: datetime, scanned: datetime | None
    ) -> None:
        """Take over what an earlier process saw: it has settled long ago, if it is still the same."""
        self._tracked[key] = _Tracked(signature, float("-inf"), seen, scanned)

    def look(
        self,
        entries: Iterable[Entry],
        clock: float,
        moment: datetime,
        scanned: datetime | None = None,
    ) -> tuple[list[Settled], list[Entry]]:
        """Split what is new into entries that have settled and entries that are still changing.

        Args:
            entries: everything new in this scan; what is not among them is forgotten.
            clock: seconds of the monotonic clock.
            moment: the same moment by the wall clock.
            scanned: the last complete scan before this one.
        """
        settled: list[Settled] = []
        changing: list[Entry] = []
        tracked: dict[bytes, _Tracked] = {}
        for entry in entries:
            known = self._tracked.get(entry.key)
            if known is None or known.signature != entry.signature:
                # A changed file was there at the last scan, but not with this content.
                known = _Tracked(entry.signature, clock, moment, scanned)
            tracked[entry.key] = known
            if clock - known.since < self._settle:
                changing.append(entry)
            elif clock >= known.not_before:
                settled.append(Settled(entry, known.seen, known.scanned))
        self._tracked = tracked
        return settled, changing

    def postpone(self, key: bytes, clock: float) -> None:
        """Leave an entry alone for a while, each time for longer: it is busy, or incomplete."""
        known = self._tracked.get(key)
        if known is not None:
            known.pause = min(max(_FIRST_PAUSE, known.pause * 2), _LONGEST_PAUSE)
            known.not_before = clock + known.pause

    def seen(self, key: bytes) -> tuple[datetime, datetime | None] | None:
        """Return since when an entry has stood as it is, and the last complete scan before that."""
        known = self._tracked.get(key)
        return (known.seen, known.scanned) if known else None
