"""Decisions about one return: accept, assign, void, restore, set its time."""

from __future__ import annotations

from datetime import datetime

from xlscore.deciding.judging import (
    errors_of,
    family,
    given_token,
    judged,
    record_again,
    serial_for,
    token_for,
)
from xlscore.deciding.saying import DecisionError, Refusal, Said, give_reason
from xlscore.findings import Status
from xlscore.identity import SCORECARD
from xlscore.intake.recording import EVIDENCE
from xlscore.ledger import Decision, Ledger, Recorded
from xlscore.standing import counting, fits
from xlscore.workbooks.returns import Acceptance
from xlscore.workspace import Workspace


def accept(workspace: Workspace, ledger: Ledger, number: int, said: Said) -> Recorded:
    """Accept a return that was refused or is a draft: whatever may be waived is waived.

    Raises:
        DecisionError: there is no such return, it counts already or is void, a newer one counts, a
            value is missing that nobody can waive, or it is no scorecard.
    """
    before = _to_be_judged(ledger, number, said)
    if before.status is Status.VALID:
        raise DecisionError(_of_valid(workspace, before, Refusal.ALREADY_VALID))
    token = given_token(workspace, ledger, before)
    outcome = judged(workspace, ledger, before, Acceptance(said.words, token, whole=True))
    if outcome.status is Status.REJECTED:
        raise DecisionError(Refusal.NOT_TAKEN, outcome.findings)
    if outcome.status is not Status.VALID:
        left = errors_of(outcome)
        missing = all(found.name == "missing-entry" for found in left)
        raise DecisionError(Refusal.OPEN_ROWS if missing else Refusal.STILL_REFUSED, left)
    with ledger.transaction():
        _to_be_judged(ledger, number, said)  # somebody else may have been quicker
        _refuse_older(workspace, ledger, before)
        return record_again(workspace, ledger, before, outcome, said)


def assign(
    workspace: Workspace, ledger: Ledger, number: int, unit: str, role: str, said: Said
) -> Recorded:
    """Say whose form a file is that does not say so itself, or lay in another unit's folder.

    Args:
        role: whose card of several; by default what the file says of itself.

    Raises:
        DecisionError: there is no such file, unit or role, the file is another unit's return, or holds
            no form of this unit.
    """
    before = _to_be_judged(ledger, number, said)
    found = workspace.campaign.units.get(unit)
    if found is None:
        raise DecisionError(Refusal.UNKNOWN_UNIT)
    role = role or (before.role if before.unit == unit else "")
    if role and role not in workspace.campaign.rubric(found).roles:
        raise DecisionError(Refusal.UNKNOWN_ROLE)
    if before.unit and before.status is not Status.REJECTED:
        raise DecisionError(_of_valid(workspace, before, Refusal.HAS_UNIT))
    token = token_for(workspace, found, role, serial_for(ledger, before, unit, role))
    outcome = judged(workspace, ledger, before, Acceptance(said.words, token))
    if outcome.status is Status.REJECTED:
        raise DecisionError(Refusal.NOT_A_FORM, outcome.findings)
    with ledger.transaction():
        _to_be_judged(ledger, number, said)  # somebody else may have been quicker
        return record_again(workspace, ledger, before, outcome, said)


def void(ledger: Ledger, number: int, said: Said) -> Decision:
    """Let a return count no more; what counted before counts again.

    Raises:
        DecisionError: there is no such return, it is void already, or was judged again since.
    """
    with ledger.transaction():
        before = _arrival(ledger, number, said)
        if before.voided:
            raise DecisionError(Refusal.ALREADY_VOID)
        _refuse_judged_again(ledger, before)
        return _decide(ledger, "void", before, said)


def restore(ledger: Ledger, number: int, said: Said) -> Decision:
    """Take back that a return was void.

    Raises:
        DecisionError: there is no such return, or it is not void.
    """
    before = _arrival(ledger, number, said)
    if not before.voided:
        raise DecisionError(Refusal.NOT_VOID)
    with ledger.transaction():
        return _decide(ledger, "restore", before, said)


def set_received(
    ledger: Ledger, number: int, received: datetime, said: Said
) -> tuple[Decision, ...]:
    """Say when a file arrived, where the intake could not see it or was wrong.

    It holds for the file however often it was judged: whichever receipt's number is named.

    Raises:
        DecisionError: there is no such return, or the moment has not come yet.
    """
    before = _arrival(ledger, number, said)
    if received > said.at:
        raise DecisionError(Refusal.IN_THE_FUTURE)
    stamp = received.astimezone(said.at.tzinfo).isoformat(timespec="microseconds")
    with ledger.transaction():
        return tuple(
            _decide(ledger, "time", one, said, received=stamp) for one in family(ledger, before)
        )


# --- the steps --------------------------------------------------------------------------------------


def _arrival(ledger: Ledger, number: int, said: Said) -> Recorded:
    give_reason(said)
    found = ledger.submission(number)
    if found is None:
        raise DecisionError(Refusal.NO_SUCH_ARRIVAL)
    return found


def _to_be_judged(ledger: Ledger, number: int, said: Said) -> Recorded:
    before = _arrival(ledger, number, said)
    if before.voided:
        raise DecisionError(Refusal.IS_VOID)
    if before.kind != SCORECARD:
        raise DecisionError(Refusal.IS_BOOK)
    if not before.sha256:
        raise DecisionError(Refusal.NO_CONTENT)
    _refuse_judged_again(ledger, before)
    return before


def _refuse_judged_again(ledger: Ledger, before: Recorded) -> None:
    """Refuse to decide about a judgement that another has replaced: which would count is unclear."""
    later = [a.id for a in ledger.submissions() if a.judged_again == before.id and not a.voided]
    if later:
        raise DecisionError(Refusal.JUDGED_AGAIN, number=later[-1])


def _of_valid(workspace: Workspace, before: Recorded, usual: Refusal) -> Refusal:
    """Return why there is nothing to decide: no decision makes a card fit another rubric."""
    left = before.unit not in workspace.campaign.units
    valid = before.status is Status.VALID
    return Refusal.OLD_RUBRIC if valid and not left and not fits(workspace, before) else usual


def _refuse_older(workspace: Workspace, ledger: Ledger, before: Recorded) -> None:
    """Refuse to let a return replace what the unit sent after it."""
    own = [a for a in ledger.submissions() if a.unit == before.unit]
    for chosen in counting(workspace, own).values():
        replaced = chosen.role == before.role or not (chosen.role and before.role)
        if replaced and family(ledger, chosen)[0].id > family(ledger, before)[0].id:
            raise DecisionError(Refusal.NEWER_COUNTS, number=chosen.id)


def _form(arrival: Recorded) -> tuple[str, str, int]:
    """Return what tells returns of one form from those of others of its kind."""
    return arrival.unit, arrival.role, arrival.round


def _decide(ledger: Ledger, kind: str, about: Recorded, said: Said, **body: str) -> Decision:
    made = ledger.decide(Decision(kind, about.unit, said.reason, said.by, about.id, body), said.at)
    own = _form(about)
    beside = [a for a in ledger.arrivals(about.kind) if about.unit and _form(a) == own]
    ledger.renew_receipts(beside or [about], said.at)
    if ledger.has_evidence(about.unit):
        ledger.post_once(EVIDENCE, about.unit, said.at)
    return made
