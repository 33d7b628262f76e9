"""What the tests of intake share: a campaign folder with an inbox, and returns to put into it."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import make_campaign, typed_over
from tests.collecting import collect
from xlscore.findings import Finding
from xlscore.intake import Collected, Intake
from xlscore.layout import Slot
from xlscore.ledger import EvidenceFile, Ledger, Post, Recorded, Waiting, open_ledger
from xlscore.sentinel import NAME
from xlscore.workspace import open_workspace

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 12, 1, tzinfo=UTC)
posix = pytest.mark.skipif(os.name == "nt", reason="such entries do not exist on Windows")

Prepared = tuple[Path, dict[str, bytes]]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A campaign with issued forms, and returns of it: made once, copied for each test."""
    made = make_campaign(tmp_path_factory.mktemp("made") / "campaign")
    (made.root / "inbox").mkdir()
    returns = {
        "first": made.filled(),
        "second": made.filled({("n1.1", "points"): Decimal("0.5")}),
        "draft": made.filled({("", Slot.SUBMIT): None}),
        "wrong": made.filled({("n1.1", "points"): Decimal(9)}),
        "unproven": made.filled({("n1.1", Slot.EVIDENCE): None}),
        "doubtful": typed_over(made.filled(), {"F7": "Điểm"}),  # a locked cell: a warning
        "other": made.filled(unit="STC"),
    }
    return made.root, returns


@pytest.fixture
def office(prepared: Prepared, tmp_path: Path) -> Office:
    root, returns = prepared
    shutil.copytree(root, tmp_path / "campaign")
    return Office(tmp_path / "campaign", returns)


class Office:
    """One campaign folder, and its inbox."""

    def __init__(self, root: Path, returns: dict[str, bytes]) -> None:
        self.root, self.returns = root, returns
        self.workspace = open_workspace(root)
        self.inbox = self.workspace.inbox

    def settle_on(self, **given: Any) -> None:
        """Write the campaign's settings anew."""
        self.workspace = make_campaign(self.root, **given).workspace

    def content(self, content: str | bytes) -> bytes:
        return self.returns[content] if isinstance(content, str) else content

    def put(self, name: str | bytes, content: str | bytes = "first") -> Path:
        path = self.inbox / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content(content))
        # Later than what stood there, whatever the clock of the disk.
        stamp = time.time_ns() + next(_ticks) * 1_000_000
        os.utime(path, ns=(stamp, stamp))
        return path

    def collect(self, **how: Any) -> Collected:
        return collect(self.workspace, **({"settle": 0} | how))

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with open_ledger(self.workspace.ledger_path) as ledger:
            yield ledger

    @contextmanager
    def watched(self, settle: float = 0, start: datetime = NOW) -> Iterator[Watched]:
        """Yield an intake that goes on, with clocks that the test moves."""
        with self.ledger() as ledger:
            yield Watched(self, ledger, settle, start)

    def recorded(self) -> list[Recorded]:
        with self.ledger() as ledger:
            assert ledger.chain_is_sound()
            return ledger.submissions()

    def told(self) -> list[tuple[str, str, int]]:
        return [(r.file, r.status.value, r.version) for r in self.recorded()]

    def generations(self) -> dict[bytes, int]:
        with self.ledger() as ledger:
            return {entry: s.generation for entry, s in ledger.sightings().items()}

    def evidence(self) -> list[EvidenceFile]:
        with self.ledger() as ledger:
            return ledger.evidence()

    def waiting(self) -> dict[bytes, Waiting]:
        with self.ledger() as ledger:
            return ledger.waiting()

    def posts(self) -> list[Post]:
        with self.ledger() as ledger:
            return ledger.posts()

    def blobs(self) -> set[str]:
        return {p.stem for p in self.workspace.archive.glob("??/*.bin")}

    def files(self) -> set[str]:
        """Return what the inbox holds beside its mark."""
        return {p.name for p in self.inbox.iterdir() if p.name != NAME}


@dataclass
class Watched:
    """An intake whose clocks stand still until the test moves them."""

    office: Office
    ledger: Ledger
    settle: float
    moment: datetime
    seconds: float = 1000.0
    intake: Intake = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Start again, as a new process would: with nothing but what the ledger remembers."""
        self.intake = Intake(
            self.office.workspace,
            self.ledger,
            settle=self.settle,
            now=lambda: self.moment,
            clock=lambda: self.seconds,
        )

    def look(self, after: float = 0) -> Collected:
        """Let so many seconds go by, then make one pass."""
        self.moment += timedelta(seconds=after)
        self.seconds += after
        return self.intake.look()


_ticks = count(1)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def names(found: Collected) -> list[str]:
    return [f.name for f in found.waiting]


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [f.name for f in findings]
