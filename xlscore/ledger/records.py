"""What the ledger tells and is told: forms issued, files seen, arrivals recorded, decisions taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xlscore.findings import Finding, Status
from xlscore.identity import SCORECARD


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the hash-chained log, as it is stored."""

    seq: int
    at: str
    actor: str
    kind: str
    body: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One issued form; `copy_of` is the serial of the form that this marked copy corrects, or 0."""

    serial: int
    unit: str
    role: str
    digest: str
    issued_at: datetime
    revoked: str = ""
    copy_of: int = 0


@dataclass(frozen=True, slots=True)
class Sighting:
    """The latest content seen under one directory entry."""

    id: int
    entry: bytes
    generation: int
    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one file; `card` is what was understood of it, as JSON (see `xlscore.cardjson`).

    Attributes:
        unit: whom the form is about (see `identity.Token`).
        received: first sight of the content that then stayed.
        scanned: the last complete scan before that, or None: the file was not there then.
        judged_again: the recorded arrival whose content a decision had judged again, or 0.
    """

    entry: bytes
    sha256: str
    size: int
    mtime_ns: int
    file: str
    status: Status
    unit: str
    role: str
    serial: int
    received: datetime
    card: Mapping[str, Any]
    findings: tuple[Finding, ...]
    scanned: datetime | None = None
    judged_again: int = 0
    kind: str = SCORECARD
    round: int = 1


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded arrival, as the ledger tells it with the decisions taken since.

    Attributes:
        kind, round: of the form; what could not be recognised is filed with the scorecards.
        received: when it arrived, or when the operator said it did (`timed` says why).
        voided: why it no longer counts, or empty.
        file_time: the file's own time of change: information, never proof.
    """

    id: int
    file: str
    status: Status
    unit: str
    role: str
    version: int
    received: datetime
    sha256: str
    card: Mapping[str, Any]
    findings: tuple[Finding, ...]
    serial: int = 0
    entry: bytes = b""
    file_time: datetime | None = None
    scanned: datetime | None = None
    judged_again: int = 0
    voided: str = ""
    timed: str = ""
    kind: str = SCORECARD
    round: int = 1


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A document of evidence (tài liệu minh chứng) as it was archived."""

    id: int
    entry: bytes
    sha256: str
    size: int
    file: str
    unit: str
    received: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that is not taken yet, why, since when it has stood so, the last scan before that."""

    entry: bytes
    why: str
    size: int
    mtime_ns: int
    since: datetime
    scanned: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the operator decided, why and who; `body` holds what the kind needs."""

    kind: str
    unit: str
    reason: str
    decided_by: str
    submission: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    decided_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """One thing to be written into the outbox.

    Attributes:
        subject: the unit whose folder receives it, or empty.
        serial: of the form that a marked copy is.
        attempts: how often writing it failed for a reason of its own; a disk that is full or away
            does not count.
        state: `waiting`, `written`, or `dropped`: not to be written any more.
        sha256: under which the archive keeps what was written; receipts only.
    """

    id: int
    kind: str
    subject: str
    submission: int
    serial: int
    path: str
    attempts: int
    error: str
    state: str
    sha256: str = ""
