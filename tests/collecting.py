"""Intake alone, without receipts and pages: what `xlscore collect` does before it answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from xlscore.intake import Collected, Intake
from xlscore.intake.underway import Progress
from xlscore.ledger import open_ledger
from xlscore.workspace import Workspace


def _now() -> datetime:
    return datetime.now(UTC)


def collect(
    workspace: Workspace,
    *,
    settle: float | None = None,
    progress: Progress | None = None,
    now: Callable[[], datetime] = _now,
) -> Collected:
    """Take in everything new in the inbox, once; wait once for what is still changing."""
    with open_ledger(workspace.ledger_path) as ledger:
        intake = Intake(workspace, ledger, settle=settle, now=now)
        result = intake.look_settled(progress)
        intake.note_scan()
    return result
