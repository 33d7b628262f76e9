"""A small campaign whose units have submitted, and what a test of appraisal does in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.campaigns import (
    Campaign,
    Data,
    Key,
    assert_readable,
    group,
    leaf,
    make_campaign,
    rubric,
)
from tests.collecting import collect
from xlscore.exporting.appraisal import export_appraisal
from xlscore.issuing import Issued
from xlscore.ledger import open_ledger
from xlscore.proceedings import Proceedings, proceedings
from xlscore.workbooks.appraisal.fill import Answer, Places, fill_appraisal
from xlscore.workbooks.returns import Return
from xlscore.workbooks.scorecard.fill import Typed

APPRAISAL: Data = {
    "agencies": {"SNV": {"title": "Sở Nội vụ"}, "STTTT": {"title": "Sở Thông tin và Truyền thông"}},
    "coordinator": "SNV",
    "assignments": [{"agency": "STTTT", "rows": ["n2"]}],
    "rounds": [{"deadline": "2026-12-25"}, {"title": "Thẩm định lần 2 (sau giải trình)"}],
}
"""Sở Thông tin và Truyền thông appraises domain 2, Sở Nội vụ the rest."""

Answers = Mapping[tuple[str, str], Answer]


def appraised_rubric() -> Data:
    """Return the rubric of `campaigns`, with rows that only appraisers fill, of peers, and a penalty."""
    data = rubric()
    fourth = [
        leaf("4.1", "2", "points", {"channel": "appraiser"}, step="0.5"),
        leaf("4.2", "1", "peer", label="Số dịch vụ công"),
    ]
    penalty = leaf("D", "1", "points", {"channel": "penalty"})
    *domains, bonus = data["nodes"]
    nodes = [*domains, group("4", "3", fourth), bonus, penalty]
    return {**data, "scale": "33", "nodes": nodes}


@dataclass
class Procedure:
    """A campaign under appraisal; files go through its inbox as they do in an office."""

    campaign: Campaign
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def root(self) -> Path:
        return self.campaign.root

    def submit(self, unit: str, changes: Mapping[Key, Typed | None] | None = None) -> None:
        """Have a unit send its scorecard."""
        self.receive(self.campaign.filled(changes, unit=unit), f"{unit}-{next(self._numbers)}.xlsx")

    def receive(self, data: bytes, name: str) -> None:
        """Put a file into the inbox and collect it."""
        inbox = self.campaign.workspace.inbox
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(data)
        collect(self.campaign.workspace, settle=0)

    def state(self) -> Proceedings:
        with open_ledger(self.campaign.workspace.ledger_path) as ledger:
            return proceedings(self.campaign.workspace, ledger)

    def export(self, round_: int = 1, **more: Any) -> Issued:
        return export_appraisal(self.campaign.workspace, self.state(), round_, **more)

    def book(self, agency: str = "SNV", round_: int = 1) -> bytes:
        """Return an agency's book of a round, exported now."""
        self.export(round_)
        folder = self.campaign.workspace.templates / "tham-dinh" / f"lan-{round_}"
        return (folder / f"{agency}.xlsx").read_bytes()

    def rows(self, agency: str = "SNV", round_: int = 1) -> list[tuple[str, str]]:
        return Places(self.book(agency, round_)).rows

    def appraise(self, answers: Answers, agency: str = "SNV", round_: int = 1, **how: Any) -> None:
        """Have an agency fill its book and send it."""
        filled = fill_appraisal(self.book(agency, round_), answers, **how)
        self.receive(filled, f"{agency}-{round_}-{next(self._numbers)}.xlsx")

    def read(self, answers: Answers, agency: str = "SNV", **how: Any) -> Return:
        """Fill an agency's book and read it, past the inbox."""
        return self.read_book(fill_appraisal(self.book(agency), answers, **how))

    def read_book(self, data: bytes) -> Return:
        back = self.campaign.read(data, "SNV.xlsx")
        for found in back.findings:
            assert_readable(found)
        return back


def make_procedure(root: Path, **given: Any) -> Procedure:
    """Make the campaign; nobody has submitted yet."""
    rubrics = {"so": appraised_rubric()}
    appraisal = {**APPRAISAL, **given.pop("appraisal", {})}
    return Procedure(make_campaign(root, rubrics=rubrics, appraisal=appraisal, **given))


def claims(back: Return) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what was read of a book, by unit code and node id."""
    assert back.content is not None
    return {(row["unit"], row["node"]): row for row in back.content["rows"]}


def codes(back: Return) -> list[str]:
    return [found.name for found in back.findings]


__all__ = [
    "Answer",
    "Procedure",
    "appraised_rubric",
    "claims",
    "codes",
    "make_procedure",
]
