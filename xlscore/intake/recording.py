"""Record outcomes: the arrival, and in the same transaction what is to be written for the unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from xlscore.archive import Archived
from xlscore.cardjson import card_to_json
from xlscore.findings import Finding, Severity, Status, finding
from xlscore.identity import SCORECARD
from xlscore.inbox import Settled, conflict_copy
from xlscore.inbox.names import looks_like_document
from xlscore.intake.known import folder_unit, noted, noted_again
from xlscore.ledger import Arrival, EvidenceFile, Ledger, Recorded, outbox
from xlscore.settings import MarkedCopies
from xlscore.text import nfc
from xlscore.workbooks.returns import Return
from xlscore.workspace import Workspace

RECEIPT, MARKED, EVIDENCE = outbox.RECEIPT, "marked", "evidence"
"""Kinds of things in the outbox."""

MOST_EVIDENCE = 200 << 20
"""Bytes of the largest document of evidence that is archived."""

_MAY_BE_INCOMPLETE = {"empty", "damaged", "missing-part", "other-format"}
"""What a workbook looks like while it is still being copied."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry whose bytes are safe, with what is known about its coming."""

    settled: Settled
    archived: Archived
    opened_by_owner: bool = False

    @property
    def name(self) -> str:
        """The file as people call it: its path below the inbox."""
        return shown(self.archived.entry.key)


def shown(key: bytes) -> str:
    """Return an entry's key as text; what is not UTF-8 shows as replacement signs."""
    return nfc(key.decode("utf-8", "replace"))


def is_incomplete(taken: Taken, outcome: Return) -> bool:
    """Whether a file looks like a workbook of which only a part has arrived."""
    names = {found.name for found in outcome.findings}
    named = taken.name.lower().endswith((".xlsx", ".xlsm"))
    regular = taken.archived.path is not None
    return (
        named and regular and outcome.status is Status.REJECTED and bool(names & _MAY_BE_INCOMPLETE)
    )


def record(
    workspace: Workspace, ledger: Ledger, taken: Taken, outcome: Return, now: datetime
) -> Recorded | EvidenceFile | None:
    """Record one outcome; None where it brings nothing new. Call inside a transaction."""
    item, seen = taken.archived, taken.settled.seen
    unit = folder_unit(workspace, item.entry.key)
    if _is_evidence(workspace, taken, outcome):
        if noted_again(ledger, item):  # another process was quicker
            return None
        file = EvidenceFile(0, item.entry.key, item.sha256, item.entry.size, taken.name, unit, seen)
        kept = ledger.record_evidence(file, item.entry.mtime_ns)
        ledger.post_once(EVIDENCE, unit, now)
        return kept
    told = _told(workspace, taken, outcome)
    if noted(workspace, ledger, item, seen, told):
        # Judged as before; or a twin in this very run, or another process, was quicker.
        return None
    recorded = ledger.record(_arrival(taken, told), now)
    _post(workspace, ledger, recorded, told, unit, now)
    return recorded


def post(
    workspace: Workspace, ledger: Ledger, recorded: Recorded, outcome: Return, now: datetime
) -> None:
    """Put receipt and marked copy of a recorded arrival into the outbox; inside a transaction."""
    _post(workspace, ledger, recorded, outcome, folder_unit(workspace, recorded.entry), now)


def _post(
    workspace: Workspace,
    ledger: Ledger,
    recorded: Recorded,
    outcome: Return,
    folder: str,
    now: datetime,
) -> None:
    subject = recorded.unit or (folder if folder in workspace.campaign.units else "")
    token = outcome.token
    wanted = outcome.card is not None and token is not None and _wants_marks(workspace, outcome)
    if wanted and token is not None and ledger.has_issue(token.serial):
        serial = ledger.issue_copy(token.kind, token.serial, token.digest, now)
        ledger.post(MARKED, subject, now, submission=recorded.id, serial=serial)
    ledger.post(RECEIPT, subject, now, submission=recorded.id)
    if outcome.card is not None and ledger.has_evidence(subject):
        ledger.post_once(EVIDENCE, subject, now)  # the card may name what is there already


def _wants_marks(workspace: Workspace, outcome: Return) -> bool:
    """Whether anything was found that the unit should see in its form."""
    wanted = workspace.campaign.settings.intake.marked_copies
    if wanted is MarkedCopies.NEVER or outcome.status is Status.DRAFT:
        return False
    grave = {Severity.ERROR}
    if wanted is MarkedCopies.WARNINGS:
        grave.add(Severity.WARNING)
    return any(found.severity in grave and not found.waived for found in outcome.findings)


def _told(workspace: Workspace, taken: Taken, outcome: Return) -> Return:
    """Return the outcome with what the way of its coming adds."""
    more: list[Finding] = []
    name = taken.name
    if taken.opened_by_owner:
        more.append(finding("taken-while-open", file=name))
    if outcome.token is not None and conflict_copy(name):
        more.append(finding("conflict-copy", file=name))
    if taken.archived.entry.evidence and any(f.name == "too-large" for f in outcome.findings):
        most = {"limit": f"{MOST_EVIDENCE >> 20} MB"}
        return replace(outcome, findings=(finding("evidence-too-large", file=name, params=most),))
    kept = taken.archived.path is not None
    refused = outcome.token is None and outcome.status is Status.REJECTED
    if kept and refused and looks_like_document(name):
        unit = folder_unit(workspace, taken.archived.entry.key)
        folder = f"{unit if unit in workspace.campaign.units else '…'}/minh-chung"
        misplaced = finding("misplaced-evidence", file=name, params={"folder": folder})
        return replace(outcome, findings=(misplaced,))
    return replace(outcome, findings=(*outcome.findings, *more)) if more else outcome


def _is_evidence(workspace: Workspace, taken: Taken, outcome: Return) -> bool:
    """Whether a file is a document beside a scorecard: it lies there, and is no form of ours."""
    entry = taken.archived.entry
    unit = folder_unit(workspace, entry.key)
    kept = taken.archived.path is not None
    return entry.evidence and kept and unit in workspace.campaign.units and outcome.token is None


def _arrival(taken: Taken, outcome: Return) -> Arrival:
    entry, token = taken.archived.entry, outcome.token
    return Arrival(
        entry.key,
        taken.archived.sha256,
        entry.size,
        entry.mtime_ns,
        outcome.file,
        outcome.status,
        outcome.subject,
        token.role if token else "",
        token.serial if token else 0,
        taken.settled.seen,
        card_json(outcome),
        outcome.findings,
        taken.settled.scanned,
        kind=token.kind if token else SCORECARD,
        round=token.round if token else 1,
    )


def card_json(outcome: Return) -> dict[str, Any]:
    """Return the checked card, or what a form of another kind says, as the ledger keeps it."""
    if outcome.token is None:
        return {}
    if outcome.content is not None:
        return {"digest": outcome.token.digest, "sheet": outcome.sheet, **outcome.content}
    if outcome.card is None:
        return {}
    # With the digest: should the rubric change after this, the card no longer fits it.
    return {**card_to_json(outcome.card, outcome.sheet), "digest": outcome.token.digest}


def overdue(since: datetime, minutes: int, now: datetime) -> bool:
    """Whether something has waited so long; a clock set back does not make it wait for ever."""
    return abs(now - since) >= timedelta(minutes=minutes)
