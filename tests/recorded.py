"""A campaign whose ledger is written directly: a history with a bit of everything, made quickly."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.campaigns import Campaign
from xlscore.blobs import blob_path
from xlscore.cardjson import card_to_json
from xlscore.findings import Status, finding
from xlscore.ledger import Arrival, Decision, EvidenceFile, Ledger, open_ledger
from xlscore.ledger.journal import Journal
from xlscore.ledger.keeper import reading
from xlscore.ledger.replay import Books
from xlscore.upkeep import Rebuilt, check_ledger, rebuild
from xlscore.workspace import Workspace

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


class Office:
    """A campaign folder whose ledger is written directly."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.path = workspace.ledger_path
        self.data = workspace.data
        self.archive = workspace.archive
        self.journal = Journal(self.data / "journal")
        self._minute = 0

    def now(self) -> datetime:
        self._minute += 1
        return NOW + timedelta(minutes=self._minute)

    def blob(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        path = blob_path(self.archive, sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return sha256

    def arrive(self, ledger: Ledger, data: bytes, **more: Any) -> int:
        facts: dict[str, Any] = {
            "entry": b"STP.xlsx", "sha256": self.blob(data), "size": len(data), "mtime_ns": 20,
            "file": "STP.xlsx", "status": Status.INVALID, "unit": "STP", "role": "", "serial": 1,
            "received": self.now(), "card": {}, "findings": (finding("draft"),),
        }  # fmt: skip
        with ledger.transaction():
            return ledger.record(Arrival(**(facts | more))).id

    def evidence(self, ledger: Ledger, data: bytes, entry: bytes = b"STP/minh-chung/a.pdf") -> int:
        file = EvidenceFile(0, entry, self.blob(data), len(data), entry.decode(), "STP", self.now())
        with ledger.transaction():
            return ledger.record_evidence(file, 30).id

    def decide(self, ledger: Ledger, kind: str, submission: int = 0, **body: str) -> int:
        about = ledger.submission(submission)
        unit = about.unit if about else "STP"
        decision = Decision(kind, unit, "theo công văn", "Lan", submission, body)
        with ledger.transaction():
            return ledger.decide(decision, self.now()).id

    def check(self) -> list[str]:
        return [trouble.name for trouble in check_ledger(self.workspace).troubles]

    def books(self) -> Books:
        with reading(self.path) as ledger:
            return ledger.books()

    def lose(self) -> None:
        self.path.unlink()

    def rebuild(self, **how: Any) -> Rebuilt:
        return rebuild(self.workspace, LATER, **how)

    def event(self, seq: int) -> dict[str, Any]:
        with reading(self.path) as ledger:
            body: dict[str, Any] = json.loads(ledger.events(seq - 1)[0].body)
            return body


def write_history(campaign: Campaign, returns: dict[str, bytes]) -> None:
    """Forms re-issued, revoked, copied and released; returns refused, valid, voided; evidence."""
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger:
        ledger.event(office.now(), "inbox-opened", {"ledger": ledger.id, "inbox": "1234"})
        with ledger.transaction():
            ledger.set_fact("inbox", "1234")
        digest = ledger.issues("scorecard")["STP", ""].digest
        with ledger.transaction():
            ledger.issue_copy("scorecard", 1, digest, office.now())
        ledger.issue("reply", [("STP", "", "d1"), ("AB", "", "d1")], office.now())
        ledger.issue("reply", [("STP", "", "d2")], office.now())
        ledger.release("mail", [(1, "STP"), (2, "STC")], office.now())
        first = office.arrive(ledger, b"rubbish", status=Status.REJECTED, unit="", serial=0)
        for unit, data in returns.items():
            valid(office, campaign, ledger, unit, data)
        second = valid(office, campaign, ledger, "STC", returns["STC"] + b"\0", b"again.xlsx")
        office.decide(ledger, "void", second)
        office.decide(ledger, "restore", second)
        office.decide(ledger, "void", second)
        office.decide(ledger, "time", 2, received="2026-12-10T00:00:00+00:00")
        office.decide(ledger, "waive", code="S030", row="1.1")
        office.arrive(ledger, b"rubbish", status=Status.REJECTED, unit="", judged_again=first)
        office.evidence(ledger, b"%PDF")


def valid(
    office: Office, campaign: Campaign, ledger: Ledger, unit: str, data: bytes, entry: bytes = b""
) -> int:
    back = campaign.read(data if entry == b"" else data[:-1], f"{unit}.xlsx")
    assert back.card is not None
    assert back.token is not None
    card = {**card_to_json(back.card, back.sheet), "digest": back.token.digest}
    return office.arrive(
        ledger, data, entry=entry or f"{unit}.xlsx".encode(), file=f"{unit}.xlsx", unit=unit,
        status=Status.VALID, card=card, findings=back.findings, serial=back.token.serial,
    )  # fmt: skip
