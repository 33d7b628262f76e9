"""Names in the outbox: from codes and numbers of ours, never from what a unit called its file."""

from __future__ import annotations

from xlscore.ledger import Recorded

NOBODYS = "_khong-ro-don-vi"
"""Folder (không rõ đơn vị) of the receipts for files that nobody can be named for."""

EVIDENCE_LIST = "minh-chung-da-nhan.html"


def receipt_name(arrival: Recorded) -> str:
    """Return the name of the receipt of an arrival: the same whenever it is written."""
    return f"bien-nhan{_marks(arrival)}.html"


def marked_name(arrival: Recorded) -> str:
    """Return the name of the marked copy of an arrival."""
    return f"phieu-can-sua{_marks(arrival)}.xlsx"


def _marks(arrival: Recorded) -> str:
    unit = f"-{arrival.unit}" if arrival.unit else ""
    role = f"-{arrival.role}" if arrival.role else ""
    version = f"-lan-{arrival.version}" if arrival.unit else ""
    return f"{unit}{role}{version}-so-{arrival.id}"
