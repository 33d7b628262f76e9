"""Returns that the rubric of today no longer fits: their units hear of it, once."""

from __future__ import annotations

import json
from datetime import datetime

from xlscore.findings import Status
from xlscore.ledger import Ledger
from xlscore.standing import fits
from xlscore.workspace import Workspace

OUTGROWN = "outgrown"
"""The fact that holds the numbers of the returns whose receipts say so, as JSON."""


def tell_outgrown(workspace: Workspace, ledger: Ledger, now: datetime) -> None:
    """Renew the receipts of returns that fit no longer, or again, since the rubric has changed."""
    units = workspace.campaign.units
    valid = [a for a in ledger.submissions() if a.status is Status.VALID and not a.voided]
    last = {(a.unit, a.role): a for a in valid if a.unit in units}
    outgrown = {a.id for a in last.values() if not fits(workspace, a)}
    told = set(json.loads(ledger.fact(OUTGROWN) or "[]"))
    if outgrown == told:
        return
    with ledger.transaction():
        changed = outgrown ^ told
        ledger.renew_receipts([a for a in last.values() if a.id in changed], now)
        ledger.set_fact(OUTGROWN, json.dumps(sorted(outgrown)))
