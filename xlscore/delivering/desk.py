"""What all pages of one pass over the outbox share: the campaign, the ledger's contents, the moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from xlscore.campaign import Campaign, Unit
from xlscore.intake.recording import MARKED
from xlscore.ledger import Ledger, Post, Recorded
from xlscore.workspace import Workspace


class Desk:
    """The facts of one pass over the outbox, read once."""

    def __init__(self, workspace: Workspace, ledger: Ledger, now: datetime) -> None:
        self.workspace, self.ledger, self.now = workspace, ledger, now
        self.head = ledger.head()
        self.arrivals = {arrival.id: arrival for arrival in ledger.submissions()}

    @property
    def campaign(self) -> Campaign:
        """The campaign."""
        return self.workspace.campaign

    @cached_property
    def marked(self) -> dict[int, Post]:
        """The marked copies by the arrival that they answer."""
        return {post.submission: post for post in self.ledger.posts() if post.kind == MARKED}

    @cached_property
    def _by_unit(self) -> dict[str, list[Recorded]]:
        found: dict[str, list[Recorded]] = {}
        for arrival in self.arrivals.values():
            found.setdefault(arrival.unit, []).append(arrival)
        return found

    def of_unit(self, unit: Unit) -> Sequence[Recorded]:
        """Return what a unit has sent, in ledger order."""
        return self._by_unit.get(unit.code, [])

    def local(self, moment: datetime) -> datetime:
        """Return a moment in the campaign's zone."""
        return moment.astimezone(self.campaign.zone)
