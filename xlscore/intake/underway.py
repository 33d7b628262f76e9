"""A pass that is under way: what it works with, and small questions about single entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from xlscore.findings import Finding, finding
from xlscore.inbox import Entry, Scan
from xlscore.inbox.names import looks_like_workbook
from xlscore.intake.collected import Collected
from xlscore.intake.recording import Taken, shown
from xlscore.ledger import Waiting

Progress = Callable[[int, int], None]


@dataclass
class Pass:
    """What one pass works with.

    Attributes:
        moment, clock: when it began, by the wall clock and the monotonic clock.
        done, total: files checked so far, and to check at all.
        waiting: entries that are not taken in this pass.
        owned: entries that are taken although a program has them open.
    """

    moment: datetime
    clock: float
    scan: Scan
    result: Collected
    progress: Progress | None
    done: int = 0
    total: int = 0
    waiting: dict[bytes, Waiting] = field(default_factory=dict)
    owned: set[bytes] = field(default_factory=set)


def waits(name: str, entry: Entry, what: str = "", english: str = "") -> Finding:
    """Return the finding that says why an entry is not taken yet."""
    params = {"what": what, "what_en": english or what} if what else {}
    return finding(name, file=shown(entry.key), params=params)


def is_plain_evidence(item: Taken) -> bool:
    """Whether a document of evidence need not be opened to know that it is no scorecard."""
    entry = item.archived.entry
    return entry.evidence and item.archived.path is not None and not looks_like_workbook(item.name)


def is_archive(orphan: Entry) -> bool:
    """Whether a file without a name of its own begins as a workbook does."""
    try:
        with orphan.path.open("rb") as stream:
            return stream.read(4) == b"PK\3\4"
    except OSError:
        return False
