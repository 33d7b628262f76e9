"""The state of the campaign (tình hình tiếp nhận): what everybody may look at on the share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xlscore.appraising.tally import Progress
from xlscore.pages.appraisal_rounds import rounded
from xlscore.pages.rendering import inline_script, render
from xlscore.pages.tallies import UnitState, UnitStatus, tally, urgent, view
from xlscore.pages.wording import Timeliness
from xlscore.settings import Authority

__all__ = [
    "EvidenceCounts",
    "InboxState",
    "Runner",
    "StatusPage",
    "StrayFile",
    "TierStatus",
    "Timeliness",
    "UnitState",
    "UnitStatus",
    "WaitingFile",
    "status_html",
]

REFRESH_SECONDS = 60
_URGENT_SHOWN = 200
"""So many units are repeated at the top; the lists of the tiers are complete."""

_STALE_MINUTES = 10
"""A page that should be written anew all the time and is older than this has lost its writer."""


class InboxState(StrEnum):
    """Whether returns can be taken in now; `paused`: by the program itself, with the disk full say."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"
    PAUSED = "paused"


_INBOX = {
    InboxState.AVAILABLE: ("✓", "good", "Hộp nhận đang hoạt động"),
    InboxState.UNAVAILABLE: ("✕", "bad", "Không truy cập được hộp nhận"),
    InboxState.PAUSED: ("‖", "warn", "Đang tạm ngừng tiếp nhận"),
}


@dataclass(frozen=True, slots=True)
class Runner:
    """Who runs intake."""

    host: str
    user: str
    since: datetime


@dataclass(frozen=True, slots=True)
class TierStatus:
    """One tier (cấp) with all its units, in the order of the campaign's list."""

    title: str
    deadline: datetime
    units: tuple[UnitStatus, ...]


@dataclass(frozen=True, slots=True)
class StrayFile:
    """A refused file of no known unit."""

    name: str
    received: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that is not taken in yet, and why: being copied, open in Excel, incomplete."""

    name: str
    reason: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class EvidenceCounts:
    """Documents archived: files, bytes, units that sent any, files that no criterion names."""

    files: int = 0
    size: int = 0
    units: int = 0
    unnamed: int = 0


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What the page shows; all times are in the campaign's zone.

    Attributes:
        written: when these facts held; days left and days overdue are counted from here.
        last_scan: the last complete scan of the inbox; None for none yet.
        inbox_note: why the inbox is unavailable or intake paused.
        runner: None where nobody runs intake now.
        refreshes: whether the page is written anew all the time, so that browsers load it again.
        appraisal: how far the procedure after self-assessment is; None before anything of it arrived.
    """

    authority: Authority
    campaign: str
    written: datetime
    tiers: tuple[TierStatus, ...]
    last_scan: datetime | None = None
    inbox: InboxState = InboxState.AVAILABLE
    inbox_note: str = ""
    runner: Runner | None = None
    strays: tuple[StrayFile, ...] = ()
    waiting: tuple[WaitingFile, ...] = ()
    evidence: EvidenceCounts = EvidenceCounts()
    refreshes: bool = False
    appraisal: Progress | None = None


def status_html(page: StatusPage) -> str:
    """Return the state of the campaign as one self-contained page."""
    among = sum(len(tier.units) for tier in page.tiers)
    tiers = [
        (tier, [view(unit, tier.deadline, page.written, among=among) for unit in tier.units])
        for tier in page.tiers
    ]
    pressing = urgent(unit for _tier, units in tiers for unit in units)
    script, allowed = inline_script("status.js")
    return render(
        "status.html.j2",
        page=page,
        tiers=[(tier, units, tally(units)) for tier, units in tiers],
        total=tally(unit for _tier, units in tiers for unit in units),
        urgent=pressing[:_URGENT_SHOWN],
        more_urgent=len(pressing[_URGENT_SHOWN:]),
        inbox=_INBOX[page.inbox],
        rounds=[rounded(this, page.written) for this in page.appraisal.rounds]
        if page.appraisal
        else [],
        refresh=REFRESH_SECONDS if page.refreshes else 0,
        stale_minutes=_STALE_MINUTES if page.refreshes else 0,
        script=script,
        script_source=allowed,
    )
