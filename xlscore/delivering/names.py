"""Names in the outbox: from codes and numbers of ours, never from what a unit called its file."""

from __future__ import annotations

from xlscore.campaign import Campaign
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_BOOK, SCORECARD, SURVEY
from xlscore.ledger import Recorded

NOBODYS = "_khong-ro-don-vi"
"""Folder (không rõ đơn vị) of the receipts for files that nobody can be named for."""

EVIDENCE_LIST = "minh-chung-da-nhan.html"

_LONGEST = 80
"""Excel opens nothing whose whole path is longer than 218 characters."""


def receipt_name(arrival: Recorded) -> str:
    """Return the name of the receipt of an arrival: the same whenever it is written."""
    return _named(f"bien-nhan{_of_kind(arrival)}", arrival, ".html")


def marked_name(arrival: Recorded) -> str:
    """Return the name of the marked copy of an arrival."""
    return _named("phieu-can-sua", arrival, ".xlsx")


def folder_name(campaign: Campaign, arrival: Recorded, subject: str) -> str:
    """Return the folder of an arrival's papers: its subject's, the coordinator's of what is nobody's own.

    The survey's and the council's books are filled in by the coordinator.
    """
    joint = arrival.kind in {SURVEY, COUNCIL}
    return campaign.settings.appraisal.leader if joint else subject or NOBODYS


_KINDS = {
    APPRAISAL: "tham-dinh",
    REPLY: "phan-hoi",
    COUNCIL: "hoi-dong",
    SURVEY: "dieu-tra",
    RESULT_BOOK: "ket-qua-cap-duoi",
}


def _of_kind(arrival: Recorded) -> str:
    """Return what tells the papers of another kind, or round, from those of scorecards."""
    if arrival.kind == SCORECARD:
        return ""
    round_ = f"-{arrival.round}" if arrival.kind in {APPRAISAL, REPLY} else ""
    return f"-{_KINDS.get(arrival.kind, arrival.kind)}{round_}"


def _named(kind: str, arrival: Recorded, suffix: str) -> str:
    """Name it by unit, role and version; the number alone makes it unique, so the rest may be cut."""
    version = f"-lan-{arrival.version}" if arrival.unit else ""
    tail = f"{version}-so-{arrival.id}{suffix}"
    head = "-".join(part for part in (kind, arrival.unit, arrival.role) if part)
    return head[: _LONGEST - len(tail)].rstrip("-_.") + tail
