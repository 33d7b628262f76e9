"""Judge archived content again under a decision, and record the new judgement."""

from __future__ import annotations

from xlscore.blobs import blob_path
from xlscore.campaign import Unit
from xlscore.deciding.saying import Said
from xlscore.findings import Finding, Severity, Status
from xlscore.identity import SCORECARD, Token
from xlscore.intake import decided_waivers
from xlscore.intake.known import folder_unit
from xlscore.intake.recording import card_json, post
from xlscore.issuing import DIGEST_DIGITS
from xlscore.ledger import Arrival, Decision, Ledger, Recorded
from xlscore.settings import Waiver
from xlscore.workbooks.returns import Acceptance, Return, read_return
from xlscore.workspace import Workspace


def judged(
    workspace: Workspace,
    ledger: Ledger,
    before: Recorded,
    acceptance: Acceptance,
    *more: Waiver,
) -> Return:
    """Read and check the archived content of an arrival under a decision.

    Args:
        more: waivers that are not on record yet.
    """
    return read_return(
        blob_path(workspace.archive, before.sha256),
        workspace.with_waivers((*decided_waivers(ledger), *more)),
        name=before.file,
        folder_unit="" if acceptance.token else folder_unit(workspace, before.entry),
        revoked=ledger.revoked(),
        acceptance=acceptance,
    )


def given_token(workspace: Workspace, ledger: Ledger, before: Recorded) -> Token | None:
    """Return the token of a form that was assigned to a unit: what the file says did not serve."""
    unit = workspace.campaign.units.get(before.unit)
    if unit is None or not before.judged_again:
        return None
    if family(ledger, before)[0].status is not Status.REJECTED:
        return None
    return token_for(workspace, unit, before.role, before.serial)


def token_for(workspace: Workspace, unit: Unit, role: str, serial: int) -> Token:
    """Return the token of a unit's form as it is issued today, but for its signature."""
    digest = workspace.campaign.rubric(unit).form_digest[:DIGEST_DIGITS]
    return Token(workspace.campaign.settings.id, SCORECARD, unit.code, serial, digest, role)


def serial_for(ledger: Ledger, before: Recorded, unit: str, role: str) -> int:
    """Return the form that a marked copy of an assigned file is a copy of, or 0."""
    if before.unit == unit and before.serial and before.serial not in ledger.revoked():
        return before.serial
    issued = ledger.issues(SCORECARD).get((unit, role))
    return issued.serial if issued else 0


def errors_of(outcome: Return) -> tuple[Finding, ...]:
    """Return what keeps a return from counting, but for what only sums it up."""
    grave = [f for f in outcome.findings if f.severity is Severity.ERROR and not f.waived]
    return tuple(f for f in grave if f.name != "return-refused")


def family(ledger: Ledger, about: Recorded) -> list[Recorded]:
    """Return every judgement on the file that this one judges, the first one first."""
    first: dict[int, int] = {}
    every = ledger.arrivals()
    for arrival in every:
        first[arrival.id] = first.get(arrival.judged_again, arrival.id)
    return [arrival for arrival in every if first[arrival.id] == first[about.id]]


# --- recording; inside a transaction ----------------------------------------------------------------


def record_again(
    workspace: Workspace, ledger: Ledger, before: Recorded, outcome: Return, said: Said
) -> Recorded:
    """Record the new judgement as a further version that arrived when the file did."""
    token, seen = outcome.token, ledger.sighting_of(before.id)
    recorded = ledger.record(
        Arrival(
            before.entry,
            before.sha256,
            seen.size if seen else 0,
            seen.mtime_ns if seen else 0,
            before.file,
            outcome.status,
            outcome.subject,
            token.role if token else "",
            token.serial if token else 0,
            before.received,
            card_json(outcome),
            outcome.findings,
            before.scanned,
            before.id,
            token.kind if token else SCORECARD,
            token.round if token else 1,
        ),
        said.at,
    )
    body = {
        "submission": before.id,
        "again": recorded.id,
        "unit": recorded.unit,
        "reason": said.reason,
        "by": said.by,
    }
    ledger.tell(said.at, "judged-again", body)
    if before.timed:  # what was said of the file's coming holds for this judgement too
        last = [d for d in ledger.decisions("time") if d.submission == before.id][-1]
        own = Decision("time", recorded.unit, last.reason, last.decided_by, recorded.id, last.body)
        ledger.decide(own, said.at)
    post(workspace, ledger, recorded, outcome, said.at)
    ledger.renew_receipts([before], said.at)
    return recorded
