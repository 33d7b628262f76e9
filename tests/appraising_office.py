"""A campaign under appraisal in a real folder: scorecards collected, books issued, filled and sent back."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import make_campaign
from tests.intake_office import NOW, Office
from xlscore.delivering import Delivered, deliver, tell_contested
from xlscore.exporting.appraisal import export_appraisal
from xlscore.exporting.replies import export_replies
from xlscore.layout import Slot
from xlscore.ledger import Recorded
from xlscore.proceedings import Proceedings, proceedings
from xlscore.workbooks.appraisal.fill import Answer, fill_appraisal
from xlscore.workbooks.replyform.fill import fill_reply
from xlscore.workbooks.scorecard.typed import Typed

APPRAISAL: dict[str, Any] = {
    "agencies": {
        "SNV": {"title": "Sở Nội vụ", "email": "snv@mau.example.vn"},
        "STP": {"title": "Sở Tư pháp", "email": "stp@mau.example.vn"},
    },
    "coordinator": "SNV",
    "assignments": [{"agency": "STP", "rows": ["n2"]}],
    "rounds": [
        {"title": "Thẩm định lần đầu", "deadline": "2026-12-20", "replies": "2026-12-25"},
        {"deadline": "2026-12-30"},
    ],
}
"""STP is a unit and an agency at once, as departments are."""

ACCEPT, ADJUST, QUERY = "Công nhận", "Điều chỉnh", "Yêu cầu giải trình"
Answers = Mapping[tuple[str, str], Answer]


@pytest.fixture(scope="session")
def appraised_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign whose units have submitted and whose books of the first round are issued."""
    root = tmp_path_factory.mktemp("appraised") / "campaign"
    made = make_campaign(root, appraisal=APPRAISAL)
    made.workspace.inbox.mkdir()
    office = Procedure(root)
    for unit in ("STP", "STC", "AB"):
        office.put(f"{unit}.xlsx", made.filled(unit=unit))
    office.take()
    office.export()
    return root


@pytest.fixture
def procedure(appraised_once: Path, tmp_path: Path) -> Procedure:
    shutil.copytree(appraised_once, tmp_path / "campaign")
    return Procedure(tmp_path / "campaign")


class Procedure(Office):
    """The campaign's office; its clock goes on by an hour with every pass."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, {})
        self.moment = NOW

    def export(self, round_: int = 1) -> None:
        """Issue the books of a round; the coordinator gets every row."""
        export_appraisal(self.workspace, self.state(), round_, everything=True)

    def export_replies(self, round_: int = 1) -> None:
        units = self.workspace.campaign.active.values()
        export_replies(self.state(), round_, list(units))

    def state(self) -> Proceedings:
        with self.ledger() as ledger:
            return proceedings(self.workspace, ledger, self.moment)

    def issued(self, kind: str, name: str) -> Path:
        (path,) = (self.workspace.templates / kind).rglob(name)
        return path

    def book(self, agency: str, answers: Answers, round_: int = 1, **how: Any) -> bytes:
        """Return an agency's book, filled."""
        path = self.issued(f"tham-dinh/lan-{round_}", f"{agency}*.xlsx")
        return fill_appraisal(path.read_bytes(), answers, **how)

    def reply(self, unit: str, typed: Mapping[tuple[str, str], Typed], **how: Any) -> bytes:
        path = self.issued("phan-hoi", f"{unit}*.xlsx")
        whole = self.workspace.layout(self.workspace.campaign.units[unit])
        return fill_reply(path.read_bytes(), whole, typed, **how)

    def take(self, **contents: bytes) -> list[Recorded]:
        """Put files into the inbox, make one pass, write what waits; return what was recorded."""
        for name, content in contents.items():
            self.put(f"{name}.xlsx", content)
        self.moment += timedelta(hours=1)
        collected = self.collect(now=lambda: self.moment)
        self.send()
        return list(collected.recorded)

    def send(self) -> Delivered:
        """Write what waits, as the end of a pass does."""
        with self.ledger() as ledger:
            tell_contested(ledger, proceedings(self.workspace, ledger, self.moment))
            return deliver(self.workspace, ledger, self.moment)

    def receipt(self, number: int) -> Path:
        (path,) = self.workspace.outbox.rglob(f"*-so-{number}.html")
        return path


REPLY: str = Slot.REPLY
ADDED: str = Slot.ADDED
