"""Waivers decided while the campaign runs: a finding of a unit, on one row or on all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlscore.campaign import Unit
from xlscore.campaign_references import WAIVABLE
from xlscore.deciding.judging import errors_of, given_token, judged, record_again
from xlscore.deciding.saying import DecisionError, Refusal, Said, give_reason
from xlscore.findings import Finding, Status
from xlscore.ledger import Decision, Ledger, Recorded
from xlscore.settings import Waiver
from xlscore.workbooks.returns import Acceptance
from xlscore.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver that was recorded, and what became of the unit's refused returns.

    Attributes:
        counting: those that are valid with it, judged again.
        refused: those that still are not, with what is left to mend.
    """

    counting: tuple[Recorded, ...]
    refused: tuple[tuple[Recorded, tuple[Finding, ...]], ...]


def waive(
    workspace: Workspace, ledger: Ledger, unit: str, code: str, row: str, said: Said
) -> Waived:
    """Waive a finding of a unit, on one row or on all, now and in later returns.

    The unit's latest refused returns are judged again with it.

    Raises:
        DecisionError: there is no such unit or row, or the code cannot be waived.
    """
    give_reason(said)
    found = workspace.campaign.units.get(unit)
    if found is None:
        raise DecisionError(Refusal.UNKNOWN_UNIT)
    if code not in WAIVABLE:
        raise DecisionError(Refusal.NOT_WAIVABLE)
    row = _row(workspace, found, row)
    waiver = Waiver(unit=unit, code=code, row=row, reason=said.reason, by=said.by)
    outcomes = []
    for before in _latest_refused(ledger, unit):
        token = given_token(workspace, ledger, before)
        acceptance = Acceptance(said.words, token)
        outcomes.append((before, judged(workspace, ledger, before, acceptance, waiver)))
    with ledger.transaction():
        body = {"code": code, "row": row}
        ledger.decide(Decision("waive", unit, said.reason, said.by, body=body), said.at)
        counting = [
            record_again(workspace, ledger, before, outcome, said)
            for before, outcome in outcomes
            if outcome.status is Status.VALID
        ]
    refused = [(b, errors_of(o)) for b, o in outcomes if o.status is not Status.VALID]
    return Waived(tuple(counting), tuple(refused))


def unwaive(
    workspace: Workspace, ledger: Ledger, unit: str, code: str, row: str, said: Said
) -> Decision:
    """Take a waiver back; what was recorded under it stays.

    Raises:
        DecisionError: there is no such waiver.
    """
    give_reason(said)
    found = workspace.campaign.units.get(unit)
    if found is None:
        raise DecisionError(Refusal.UNKNOWN_UNIT)
    row = _row(workspace, found, row)
    body = {"code": code, "row": row}
    if not any(d.unit == unit and dict(d.body) == body for d in ledger.waivers()):
        raise DecisionError(Refusal.NOT_WAIVED)
    with ledger.transaction():
        return ledger.decide(Decision("unwaive", unit, said.reason, said.by, body=body), said.at)


# --- the steps --------------------------------------------------------------------------------------


def _latest_refused(ledger: Ledger, unit: str) -> Iterable[Recorded]:
    """Return the latest return of each role of a unit, where it is refused and nothing replaced it."""
    every = ledger.submissions()
    again = {a.judged_again for a in every}
    latest = {r.role: r for r in every if r.unit == unit and not r.voided}
    chosen = [r for r in latest.values() if r.status is Status.INVALID and r.sha256]
    return [r for r in chosen if r.id not in again]


def _row(workspace: Workspace, unit: Unit, row: str) -> str:
    """Return how a row is named in the ledger: by its printed number, by its id where that repeats."""
    if not row:
        return ""
    nodes = list(workspace.campaign.rubric(unit).walk())
    named = [node for node in nodes if row in {node.id, node.code}]
    if not named:
        raise DecisionError(Refusal.UNKNOWN_ROW)
    if len(named) > 1:
        raise DecisionError(Refusal.AMBIGUOUS_ROW)
    alike = [node for node in nodes if named[0].code in {node.id, node.code}]
    return named[0].code if len(alike) == 1 else named[0].id
