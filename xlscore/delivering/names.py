"""Names in the outbox: from codes and numbers of ours, never from what a unit called its file."""

from __future__ import annotations

from xlscore.ledger import Recorded

NOBODYS = "_khong-ro-don-vi"
"""Folder (không rõ đơn vị) of the receipts for files that nobody can be named for."""

EVIDENCE_LIST = "minh-chung-da-nhan.html"

_LONGEST = 80
"""Excel opens nothing whose whole path is longer than 218 characters."""


def receipt_name(arrival: Recorded) -> str:
    """Return the name of the receipt of an arrival: the same whenever it is written."""
    return _named("bien-nhan", arrival, ".html")


def marked_name(arrival: Recorded) -> str:
    """Return the name of the marked copy of an arrival."""
    return _named("phieu-can-sua", arrival, ".xlsx")


def _named(kind: str, arrival: Recorded, suffix: str) -> str:
    """Name it by unit, role and version; the number alone makes it unique, so the rest may be cut."""
    version = f"-lan-{arrival.version}" if arrival.unit else ""
    tail = f"{version}-so-{arrival.id}{suffix}"
    head = "-".join(part for part in (kind, arrival.unit, arrival.role) if part)
    return head[: _LONGEST - len(tail)].rstrip("-_.") + tail
