"""What the ledger tells and is told: forms issued, files seen, arrivals recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xlscore.findings import Finding, Status


@dataclass(frozen=True, slots=True)
class Issue:
    """One issued form."""

    serial: int
    unit: str
    role: str
    digest: str
    issued_at: datetime
    revoked: str = ""


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
    """What became of one file; `card` is the understood card as JSON (see `xlscore.cardjson`)."""

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


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded arrival, as the ledger tells it."""

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
