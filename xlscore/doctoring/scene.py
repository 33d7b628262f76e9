"""What the checks look at together: the campaign, the ledger as it lies there, the host, the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlscore.doctoring.checks import Check
from xlscore.doctoring.host import Host
from xlscore.ledger.keeper import Keeper, reading
from xlscore.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Scene:
    """An opened campaign on a host at a moment (UTC).

    Attributes:
        offline: the mail server is not asked.
    """

    workspace: Workspace
    host: Host
    now: datetime
    offline: bool = False

    @contextmanager
    def ledger(self) -> Iterator[Keeper | None]:
        """Open the ledger to look at it only; None where there is none yet.

        Raises:
            LedgerError: it cannot be used.
        """
        if not self.workspace.ledger_path.exists():
            yield None
            return
        with reading(self.workspace.ledger_path) as ledger:
            yield ledger

    @property
    def folders(self) -> dict[str, Path]:
        """The folders that the program writes to beside `data`, by their name in `campaign.yaml`."""
        workspace = self.workspace
        found = {"outbox": workspace.outbox, "reports": workspace.reports}
        if workspace.status_folder is not None:
            found["status"] = workspace.status_folder
        return found


Examination = Callable[[Scene], Iterator[Check]]
