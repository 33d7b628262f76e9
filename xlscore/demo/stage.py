"""The stage of the demonstration: its campaign folder, its own time, what is put into the inbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from xlscore.demo.officers import TypedCells
from xlscore.intake import Collected
from xlscore.issuing import Form
from xlscore.ledger import open_ledger
from xlscore.proceedings import Proceedings, proceedings
from xlscore.watching import run_once
from xlscore.workbooks.scorecard.fill import fill
from xlscore.workspace import Workspace

Step = Callable[[str, int, int], None]


@dataclass
class Stage:
    """What every part of the demonstration works on.

    Attributes:
        step: called with (what, done, total) as work goes on.
        told: what went wrong where: unit code → in words.
        now: the demonstration's own time; `look` moves it on.
    """

    workspace: Workspace
    step: Step
    now: datetime
    told: dict[str, str] = field(default_factory=dict)

    def state(self) -> Proceedings:
        """Return what is on record."""
        with open_ledger(self.workspace.ledger_path) as ledger:
            return proceedings(self.workspace, ledger, self.now)

    def send(self, name: str, data: bytes) -> None:
        """Put a file into the inbox."""
        (self.workspace.inbox / name).write_bytes(data)

    def send_card(self, form: Form, typed: TypedCells, name: str = "") -> None:
        """Fill a scorecard and put it into the inbox."""
        layout = self.workspace.layout(form.unit, form.role)
        decimals = self.workspace.campaign.settings.policies.leaf_decimals
        data = fill(form.path.read_bytes(), layout, typed, decimals=decimals)
        self.send(name or form.path.name, data)

    def look(self, moment: datetime, what: str = "") -> Collected:
        """Take in what lies in the inbox; `what` names the step to tell of."""
        self.now = moment
        turn = run_once(
            self.workspace,
            settle=0,
            now=lambda: moment,
            progress=(lambda done, total: self.step(what, done, total)) if what else None,
        )
        return turn.collected

    def due(self, kind: str, round_: int) -> datetime:
        """Return when something of a round is due; a week after now where no day is set."""
        return self.workspace.campaign.due(kind, round_) or self.now + timedelta(days=7)
