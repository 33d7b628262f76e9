"""A small campaign under appraisal: one unit's card on record, words of agencies written into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from tests.campaigns import Campaign, Key, make_campaign
from tests.collecting import collect
from tests.recorded import NOW, Office
from xlscore.appraising import Claim, Decision
from xlscore.appraising.claims import claim_to_json
from xlscore.findings import Status
from xlscore.identity import APPRAISAL, COUNCIL
from xlscore.intake import Collected
from xlscore.layout import COMPLETE, Slot
from xlscore.ledger import open_ledger
from xlscore.proceedings import Proceedings, proceedings
from xlscore.workbooks.scorecard.fill import Typed

ACCEPT, ADJUST, QUERY = Decision.ACCEPT, Decision.ADJUST, Decision.QUERY
APPRAISED = {
    "agencies": {"SNV": {"title": "Sở Nội vụ"}, "STC": {"title": "Sở Tài chính"}},
    "rounds": [{"replies": "2026-12-20T17:00"}, {"title": "Thẩm định lần cuối"}],
}


class UnderAppraisal:
    """One campaign folder whose units send, and whose agencies speak."""

    def __init__(self, root: Path, **given: Any) -> None:
        self.campaign: Campaign = make_campaign(root, **({"appraisal": APPRAISED} | given))
        self.workspace = self.campaign.workspace
        self.workspace.inbox.mkdir(exist_ok=True)
        self._numbers = count(1)

    def submit(self, unit: str = "STP", changes: Mapping[Key, Typed | None] | None = None) -> None:
        """Have a unit send its scorecard, faultless but for `changes`."""
        collected = self.send(f"{unit}.xlsx", self.campaign.filled(changes, unit=unit))
        assert [(r.unit, r.status) for r in collected.recorded] == [(unit, Status.VALID)]

    def send(self, name: str, data: bytes) -> Collected:
        """Put a file into the inbox and take it in."""
        (self.workspace.inbox / name).write_bytes(data)
        return collect(self.workspace, settle=0, now=lambda: NOW)

    def say(
        self, *claims: Claim, agency: str = "SNV", round_: int = 1, council: bool = False
    ) -> None:
        """Record a book of words as if it had come back."""
        office, number = Office(self.workspace), next(self._numbers)
        with open_ledger(self.workspace.ledger_path) as ledger:
            office.arrive(
                ledger, f"book {number}".encode(), entry=f"book-{number}.xlsx".encode(),
                file=f"book-{number}.xlsx", kind=COUNCIL if council else APPRAISAL, unit=agency,
                round=round_, status=Status.VALID, findings=(), serial=0,
                card={"rows": [claim_to_json(claim) for claim in claims]},
            )  # fmt: skip

    def word(
        self, node: str, decision: Decision = ACCEPT, points: str | None = None, **more: Any
    ) -> Claim:
        """Return a word on a row of unit STP as it is now."""
        unit = more.pop("unit", "STP")
        basis = self.state().appraisals[unit].rows[node].basis
        given = None if points is None else Decimal(points)
        facts: dict[str, Any] = {"agency": "", "round": 0, "basis": basis, "points": given}
        return Claim(**(facts | {"unit": unit, "node": node, "decision": decision} | more))

    def state(self) -> Proceedings:
        """Return what is on record now."""
        with open_ledger(self.workspace.ledger_path) as ledger:
            return proceedings(self.workspace, ledger)


LEFT_OUT: Mapping[Key, Typed | None] = {
    ("n1.3", Slot.APPLICABILITY): "Không áp dụng",
    ("n1.3", Slot.EXPLANATION): "Không phát sinh hồ sơ trong năm",
    ("n1.3", "numerator"): None,
    ("n1.3", "denominator"): None,
    ("", Slot.SUBMIT): COMPLETE,
}
