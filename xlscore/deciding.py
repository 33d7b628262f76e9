"""What only a person can decide about a return: each decision is appended, with reason and name.

A return is never changed. To accept one, or to say whose it is, has its archived content judged again
under that decision; the judgement is recorded as a further version of the unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xlscore.blobs import blob_path
from xlscore.campaign import Unit
from xlscore.campaign_file import WAIVABLE
from xlscore.findings import Finding, Severity, Status
from xlscore.identity import SCORECARD, Token
from xlscore.intake import decided_waivers
from xlscore.intake.known import folder_unit
from xlscore.intake.recording import card_json, post
from xlscore.issuing import DIGEST_DIGITS
from xlscore.ledger import Arrival, Decision, Ledger, Recorded
from xlscore.workbooks.returns import Acceptance, Return, read_return
from xlscore.workspace import Workspace


class Refusal(StrEnum):
    """Why a decision cannot be taken; the words are the command line's."""

    NO_SUCH_ARRIVAL = "there is no arrival with this number"
    NO_CONTENT = "nothing of this arrival was archived"
    ALREADY_VALID = "this arrival is valid already"
    ALREADY_VOID = "this arrival is void already"
    NOT_VOID = "this arrival is not void"
    UNKNOWN_UNIT = "the campaign has no such unit"
    UNKNOWN_ROLE = "the unit's scorecard has no such role"
    HAS_UNIT = "this arrival says itself whose it is"
    NOT_WAIVABLE = "this code cannot be waived: the value that was refused is gone"
    NOT_WAIVED = "there is no such waiver"
    STILL_REFUSED = "some findings cannot be waived: their values are gone"
    NO_REASON = "a reason is needed"


class DecisionError(Exception):
    """A decision that cannot be taken; `findings` are what stands in its way."""

    def __init__(self, refusal: Refusal, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(refusal)
        self.refusal, self.findings = refusal, findings


@dataclass(frozen=True, slots=True)
class Said:
    """Why a decision is taken, who takes it, and when."""

    reason: str
    by: str
    at: datetime

    @property
    def words(self) -> str:
        """Reason and name, as they stand at findings."""
        return f"{self.reason} ({self.by})"


def accept(workspace: Workspace, ledger: Ledger, number: int, said: Said) -> Recorded:
    """Accept a return that was refused or is a draft: whatever may be waived is waived.

    Raises:
        DecisionError: there is no such return, or a value is missing that nobody can waive.
    """
    before = _arrival(ledger, number, said)
    if before.status is Status.VALID:
        raise DecisionError(Refusal.ALREADY_VALID)
    token = _given_token(workspace, ledger, before)
    outcome = _judged(workspace, ledger, before, Acceptance(said.words, token, whole=True))
    if outcome.status is not Status.VALID:
        raise DecisionError(Refusal.STILL_REFUSED, _errors(outcome))
    return _record(workspace, ledger, before, outcome, said)


def assign(
    workspace: Workspace, ledger: Ledger, number: int, unit: str, role: str, said: Said
) -> Recorded:
    """Say whose form a file is that does not say so itself.

    Raises:
        DecisionError: there is no such file, unit or role, or the file does say whose it is.
    """
    before = _arrival(ledger, number, said)
    found = workspace.campaign.units.get(unit)
    if found is None:
        raise DecisionError(Refusal.UNKNOWN_UNIT)
    if role and role not in workspace.campaign.rubric(found).roles:
        raise DecisionError(Refusal.UNKNOWN_ROLE)
    if before.unit and before.status is not Status.REJECTED:
        raise DecisionError(Refusal.HAS_UNIT)
    token = _token(workspace, found, role, before.serial)
    outcome = _judged(workspace, ledger, before, Acceptance(said.words, token))
    return _record(workspace, ledger, before, outcome, said)


def void(ledger: Ledger, number: int, said: Said) -> Decision:
    """Let a return count no more; what counted before counts again.

    Raises:
        DecisionError: there is no such return, or it is void already.
    """
    before = _arrival(ledger, number, said)
    if before.voided:
        raise DecisionError(Refusal.ALREADY_VOID)
    return _decide(ledger, "void", before, said)


def restore(ledger: Ledger, number: int, said: Said) -> Decision:
    """Take back that a return was void.

    Raises:
        DecisionError: there is no such return, or it is not void.
    """
    before = _arrival(ledger, number, said)
    if not before.voided:
        raise DecisionError(Refusal.NOT_VOID)
    return _decide(ledger, "restore", before, said)


def set_received(ledger: Ledger, number: int, received: datetime, said: Said) -> Decision:
    """Say when a return arrived, where the intake could not see it or was wrong.

    Raises:
        DecisionError: there is no such return.
    """
    before = _arrival(ledger, number, said)
    stamp = received.astimezone(said.at.tzinfo).isoformat(timespec="microseconds")
    return _decide(ledger, "time", before, said, received=stamp)


def waive(
    workspace: Workspace, ledger: Ledger, unit: str, code: str, row: str, said: Said
) -> list[Recorded]:
    """Waive a finding of a unit, on one row or on all, now and in later returns.

    Returns: the unit's latest refused returns that count with this, judged again.

    Raises:
        DecisionError: there is no such unit, or the code cannot be waived.
    """
    _give_reason(said)
    if unit not in workspace.campaign.units:
        raise DecisionError(Refusal.UNKNOWN_UNIT)
    if code not in WAIVABLE:
        raise DecisionError(Refusal.NOT_WAIVABLE)
    with ledger.transaction():
        body = {"code": code, "row": row}
        decision = Decision("waive", unit, said.reason, said.by, body=body)
        ledger.decide(decision, said.at)
    again = []
    for before in _latest_refused(ledger, unit):
        token = _given_token(workspace, ledger, before)
        outcome = _judged(workspace, ledger, before, Acceptance(said.words, token))
        if outcome.status is Status.VALID:
            again.append(_record(workspace, ledger, before, outcome, said))
    return again


def unwaive(ledger: Ledger, unit: str, code: str, row: str, said: Said) -> Decision:
    """Take a waiver back; what was recorded under it stays.

    Raises:
        DecisionError: there is no such waiver.
    """
    _give_reason(said)
    body = {"code": code, "row": row}
    if not any(d.unit == unit and dict(d.body) == body for d in ledger.waivers()):
        raise DecisionError(Refusal.NOT_WAIVED)
    with ledger.transaction():
        return ledger.decide(Decision("unwaive", unit, said.reason, said.by, body=body), said.at)


# --- the steps --------------------------------------------------------------------------------------


def _give_reason(said: Said) -> None:
    if not said.reason.strip() or not said.by.strip():
        raise DecisionError(Refusal.NO_REASON)


def _arrival(ledger: Ledger, number: int, said: Said) -> Recorded:
    _give_reason(said)
    found = ledger.submission(number)
    if found is None:
        raise DecisionError(Refusal.NO_SUCH_ARRIVAL)
    return found


def _decide(ledger: Ledger, kind: str, before: Recorded, said: Said, **body: str) -> Decision:
    with ledger.transaction():
        decision = Decision(kind, before.unit, said.reason, said.by, before.id, body)
        return ledger.decide(decision, said.at)


def _judged(
    workspace: Workspace, ledger: Ledger, before: Recorded, acceptance: Acceptance
) -> Return:
    if not before.sha256:
        raise DecisionError(Refusal.NO_CONTENT)
    waivers = decided_waivers(ledger)
    return read_return(
        blob_path(workspace.archive, before.sha256),
        workspace.with_waivers(waivers),
        name=before.file,
        folder_unit="" if acceptance.token else folder_unit(workspace, before.entry),
        revoked=ledger.revoked(),
        acceptance=acceptance,
    )


def _given_token(workspace: Workspace, ledger: Ledger, before: Recorded) -> Token | None:
    """Return the token of a form that was assigned to a unit: the file has none that serves."""
    if not before.judged_again or before.unit not in workspace.campaign.units:
        return None
    first = ledger.submission(before.judged_again)
    if first is None or first.unit == before.unit:
        return None
    unit = workspace.campaign.units[before.unit]
    return _token(workspace, unit, before.role, before.serial)


def _token(workspace: Workspace, unit: Unit, role: str, serial: int) -> Token:
    digest = workspace.campaign.rubric(unit).form_digest[:DIGEST_DIGITS]
    return Token(workspace.campaign.settings.id, SCORECARD, unit.code, serial, digest, role)


def _errors(outcome: Return) -> tuple[Finding, ...]:
    return tuple(
        f
        for f in outcome.findings
        if f.severity is Severity.ERROR and not f.waived and f.code not in WAIVABLE
    )


def _latest_refused(ledger: Ledger, unit: str) -> Iterable[Recorded]:
    """Return the latest return of each role of a unit, where it is refused."""
    latest = {r.role: r for r in ledger.submissions() if r.unit == unit and not r.voided}
    return [r for r in latest.values() if r.status is Status.INVALID and r.sha256]


def _record(
    workspace: Workspace, ledger: Ledger, before: Recorded, outcome: Return, said: Said
) -> Recorded:
    """Record the new judgement as a further version that arrived when the file did."""
    with ledger.transaction():
        seen = ledger.sighting(before.entry)
        token = outcome.token
        arrival = Arrival(
            before.entry,
            before.sha256,
            seen.size if seen else 0,
            seen.mtime_ns if seen else 0,
            before.file,
            outcome.status,
            outcome.unit.code if outcome.unit else "",
            token.role if token else "",
            token.serial if token else 0,
            before.received,
            card_json(outcome),
            outcome.findings,
            before.scanned,
            before.id,
        )
        recorded = ledger.record(arrival, said.at)
        body = {
            "submission": before.id,
            "again": recorded.id,
            "unit": recorded.unit,
            "reason": said.reason,
            "by": said.by,
        }
        ledger.tell(said.at, "judged-again", body)
        post(workspace, ledger, recorded, outcome, said.at)
    return recorded
