"""Content that the ledger knows already: what comes a second time, and what must be judged again."""

from __future__ import annotations

from datetime import datetime

from xlscore.archive import Archived
from xlscore.findings import Status, has_errors
from xlscore.identity import SCORECARD
from xlscore.inbox import top_folder
from xlscore.ledger import Ledger, Recorded
from xlscore.workbooks.returns import Return
from xlscore.workspace import Workspace

_OF_THE_WAY = {"conflict-copy", "taken-while-open"}
"""Findings on how a file came, not on what it holds."""


def noted(
    workspace: Workspace,
    ledger: Ledger,
    item: Archived,
    seen_at: datetime,
    outcome: Return | None = None,
) -> bool:
    """Note an entry that brings nothing new, under its name or another; False if it does.

    A copy of what counts in the same drop folder needs no judging. What was refused, or lay
    elsewhere, may be judged otherwise now: it brings nothing new only if its `outcome`, once there,
    is the recorded one. Call inside a transaction.
    """
    if noted_again(ledger, item):
        return True
    entry = item.entry
    if ledger.sighting(entry.key) is not None:
        return False
    told = _settled(workspace, ledger, item, outcome)
    if told is None:
        return False
    ledger.seen_elsewhere(entry.key, item.sha256, *entry.signature, seen_at)
    if told.voided or (told.status is Status.VALID and ledger.is_superseded(told)):
        ledger.renew_receipts(
            [told], seen_at
        )  # whoever sends it again hears that it does not count
    return True


def noted_again(ledger: Ledger, item: Archived) -> bool:
    """Note an entry that still holds what it held; False if it does not. Inside a transaction."""
    last = ledger.sighting(item.entry.key)
    if last is None or last.sha256 != item.sha256:
        return False
    ledger.seen_again(last, *item.entry.signature)
    return True


def folder_unit(workspace: Workspace, key: bytes) -> str:
    """Return the unit whose drop folder an entry lies in."""
    return workspace.folder_unit(top_folder(key))


def _settled(
    workspace: Workspace, ledger: Ledger, item: Archived, outcome: Return | None
) -> Recorded | None:
    """Return the arrival that this one only repeats, or None."""
    earlier = ledger.outcomes(item.sha256)
    unit = folder_unit(workspace, item.entry.key)
    beside = [told for key, told in earlier if folder_unit(workspace, key) == unit]
    if beside and beside[0].status is Status.VALID and _fits(workspace, beside[0]):
        return beside[0]
    told = beside or [told for _, told in earlier]
    return told[0] if told and outcome is not None and _is_as_told(outcome, told[0]) else None


def _fits(workspace: Workspace, told: Recorded) -> bool:
    """Whether a card still follows the rubric: else its sender needs to hear that it does not.

    A book counts row by row: one with a row that was refused may count as a whole by now.
    """
    if told.kind != SCORECARD:
        return not has_errors(told.findings)
    unit = workspace.campaign.units.get(told.unit)
    return unit is not None and workspace.campaign.rubric(unit).form_digest.startswith(
        told.card["digest"]
    )


def _is_as_told(outcome: Return, told: Recorded) -> bool:
    """Whether a judgement is the recorded one but for the name of the file."""
    token = outcome.token
    kind, role = (token.kind, token.role) if token else (SCORECARD, "")
    known = (told.status, told.kind, told.unit, told.role)
    if (outcome.status, kind, outcome.subject, role) != known:
        return False
    now, then = (
        [f.at(file="") for f in side.findings if f.name not in _OF_THE_WAY]
        for side in (outcome, told)
    )
    return now == then
