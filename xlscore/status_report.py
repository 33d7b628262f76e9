"""The status page (trang tình hình): everything that the ledger and the last scan know, on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlscore.delivering.evidence import linked_rows
from xlscore.durable import write_whole
from xlscore.findings import Finding, Severity, Status, message
from xlscore.identity import SCORECARD
from xlscore.intake import Availability, Door
from xlscore.ledger import EvidenceFile, Ledger, Recorded
from xlscore.pages.status_page import (
    EvidenceCounts,
    InboxState,
    Runner,
    StatusPage,
    StrayFile,
    TierStatus,
    Timeliness,
    UnitState,
    UnitStatus,
    WaitingFile,
    status_html,
)
from xlscore.proceedings import Proceedings, proceedings
from xlscore.progress import has_begun, progress
from xlscore.ranking import days_late
from xlscore.standing import Standing
from xlscore.workspace import Workspace

STATUS_PAGE = "status.html"
_LANGUAGE = "vi"

_DOORS = {
    Availability.AVAILABLE: InboxState.AVAILABLE,
    Availability.DISK_FULL: InboxState.PAUSED,
}


@dataclass(frozen=True)
class Seen:
    """What the ledger does not know: the state of the inbox, and who runs intake since when.

    Attributes:
        waiting: files not taken yet, and why.
        last_scan: the last complete scan, or None.
        watched: whether the page is written anew all the time.
    """

    door: Door
    waiting: Sequence[Finding] = ()
    last_scan: datetime | None = None
    runner: Runner | None = None
    watched: bool = False


def write_page(workspace: Workspace, shown: StatusPage, door: Door) -> list[Path]:
    """Write a page into `reports/`, and into the further folder that the campaign names.

    Where another host runs intake, its page on the share stays: only our own folder says who does.

    Raises:
        OSError: a page cannot be written; the other one is.
    """
    page = status_html(shown).encode()
    others = door.state in {Availability.OTHER_HOST, Availability.OTHER_CAMPAIGN}
    folders = [workspace.reports, None if others else workspace.status_folder]
    paths = [folder / STATUS_PAGE for folder in folders if folder is not None]
    failed: list[OSError] = []
    for path in paths:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, page)
        except OSError as error:
            # Under the name that people know: the system would tell that of a temporary file.
            failed.append(OSError(error.errno, error.strerror, str(path)))
    if failed:
        raise failed[0]
    return paths


def status_page(
    workspace: Workspace,
    ledger: Ledger,
    seen: Seen,
    now: datetime,
    state: Proceedings | None = None,
) -> StatusPage:
    """Return what the page shows; `state` is the procedure's of this moment, if the caller has it."""
    campaign, state = workspace.campaign, state or proceedings(workspace, ledger, now)
    found = state.standings
    recorded = [arrival for arrival in state.recorded if arrival.kind == SCORECARD]
    evidence = ledger.evidence()
    sent: dict[str, int] = {}
    for file in evidence:
        sent[file.unit] = sent.get(file.unit, 0) + 1
    last = seen.last_scan
    return StatusPage(
        authority=campaign.settings.authority,
        campaign=campaign.settings.title,
        written=now.astimezone(campaign.zone),
        tiers=tuple(_tiers(workspace, found, sent)),
        last_scan=last.astimezone(campaign.zone) if last else None,
        inbox=_DOORS.get(seen.door.state, InboxState.UNAVAILABLE),
        inbox_note=seen.door.words[0],
        runner=seen.runner,
        strays=tuple(_strays(workspace, recorded)),
        waiting=tuple(WaitingFile(f.file, _said(f)) for f in seen.waiting),
        evidence=_counts(workspace, recorded, evidence),
        refreshes=seen.watched,
        appraisal=progress(state) if has_begun(state.recorded) else None,
    )


def _tiers(
    workspace: Workspace, found: Mapping[str, Standing], sent: Mapping[str, int]
) -> Iterable[TierStatus]:
    campaign = workspace.campaign
    for tier, settings in campaign.settings.tiers.items():
        own = [s for s in found.values() if s.unit.tier == tier]
        if own:
            deadline = campaign.deadline(own[0].unit).astimezone(campaign.zone)
            units = tuple(_unit(workspace, s, sent.get(s.unit.code, 0)) for s in own)
            yield TierStatus(settings.title, deadline, units)


def _unit(workspace: Workspace, standing: Standing, evidence: int) -> UnitStatus:
    campaign, received = workspace.campaign, standing.received
    late = days_late(received, campaign.deadline(standing.unit)) if received else 0
    timeliness = (
        Timeliness.UNPROVEN
        if standing.unproven
        else Timeliness.LATE
        if late
        else Timeliness.ON_TIME
    )
    by_weight = sorted(standing.findings, key=lambda f: list(Severity).index(f.severity))
    # The summary “refused: n errors” is no further error; the receipt does not count it either.
    counted = [
        f for f in by_weight if f.severity is not Severity.NOTE and f.name != "return-refused"
    ]
    return UnitStatus(
        code=standing.unit.code,
        name=standing.unit.name,
        state=UnitState(standing.state.value),
        version=standing.version,
        received=received.astimezone(campaign.zone) if received else None,
        timeliness=timeliness,
        days_late=late,
        newer_invalid=standing.newer_invalid,
        errors=sum(1 for f in counted if f.severity is Severity.ERROR),
        warnings=sum(1 for f in counted if f.severity is Severity.WARNING),
        messages=tuple(_said(f) for f in counted[:3]),
        evidence=evidence,
    )


def _strays(workspace: Workspace, recorded: Iterable[Recorded]) -> Iterable[StrayFile]:
    for arrival in recorded:
        if arrival.unit not in workspace.campaign.units and not arrival.voided:
            reason = _said(arrival.findings[0]) if arrival.findings else ""
            if arrival.unit:  # it was removed from the list, or given another code
                reason = f"Phiếu của đơn vị {arrival.unit}, nay không có trong danh sách đơn vị."
            received = arrival.received.astimezone(workspace.campaign.zone)
            yield StrayFile(arrival.file, received, reason)


def _counts(
    workspace: Workspace, recorded: Sequence[Recorded], evidence: Sequence[EvidenceFile]
) -> EvidenceCounts:
    by_unit: dict[str, list[EvidenceFile]] = {}
    for file in evidence:
        by_unit.setdefault(file.unit, []).append(file)
    unnamed = 0
    for code, files in by_unit.items():
        unit = workspace.campaign.units.get(code)
        arrivals = [a for a in recorded if a.unit == code and a.status is not Status.REJECTED]
        named = linked_rows(workspace, unit, arrivals, files) if unit else {}
        unnamed += sum(1 for file in files if not named.get(file.file))
    size = sum(file.size for file in evidence)
    return EvidenceCounts(len(evidence), size, len(by_unit), unnamed)


def _said(found: Finding) -> str:
    return message(found, _LANGUAGE)
