"""What all pages of one pass over the outbox share: the campaign, the ledger's contents, the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from xlscore.campaign import Campaign, Unit
from xlscore.identity import SCORECARD
from xlscore.intake.recording import EVIDENCE, MARKED
from xlscore.ledger import Ledger, Post, Recorded
from xlscore.ledger.replay import history
from xlscore.proceedings import Proceedings, proceedings
from xlscore.workspace import Workspace

CITED = 16
"""So many digits of the log's head do receipts and lists cite."""


class Desk:
    """The facts of one pass over the outbox, read once."""

    def __init__(
        self,
        workspace: Workspace,
        ledger: Ledger,
        now: datetime,
        state: Proceedings | None = None,
    ) -> None:
        """Read the ledger.

        Args:
            state: of a moment ago; it serves while the ledger has not changed.
        """
        self.workspace, self.ledger, self.now = workspace, ledger, now
        self.head = ledger.head()
        if state is None or state.head != self.head:
            state = proceedings(workspace, ledger, now)
        self.proceedings = state
        self.arrivals = {arrival.id: arrival for arrival in state.recorded}

    @property
    def campaign(self) -> Campaign:
        """The campaign."""
        return self.workspace.campaign

    @cached_property
    def heads(self) -> frozenset[str]:
        """The hashes of all events, as far as receipts cite them; those of earlier chains too."""
        return frozenset(logged.event.hash[:CITED] for logged in history(self.ledger))

    @cached_property
    def revoked(self) -> Mapping[int, str]:
        """The serials of forms that no longer count."""
        return self.ledger.revoked()

    def answered(self, number: int) -> set[str]:
        """Return the kinds of papers that were written for an arrival so far."""
        return {post.kind for post in self.ledger.posts(number) if post.state == "written"}

    def judged_again(self, arrival: Recorded) -> Recorded | None:
        """Return the latest further judgement on the same content that stands."""
        later = (a for a in self._by_judged.get(arrival.id, ()) if not a.voided)
        return max(later, key=lambda a: a.id, default=None)

    @cached_property
    def _by_judged(self) -> dict[int, list[Recorded]]:
        found: dict[int, list[Recorded]] = {}
        for arrival in self.arrivals.values():
            found.setdefault(arrival.judged_again, []).append(arrival)
        return found

    @cached_property
    def marked(self) -> dict[int, Post]:
        """The marked copies by the arrival that they answer."""
        return {post.submission: post for post in self.ledger.posts() if post.kind == MARKED}

    @cached_property
    def evidence_lists(self) -> dict[str, list[str]]:
        """Where the lists of evidence were written so far, by unit, in order."""
        found: dict[str, list[str]] = {}
        for post in self.ledger.posts():
            if post.kind == EVIDENCE and post.path:
                found.setdefault(post.subject, []).append(post.path)
        return found

    @cached_property
    def _by_unit(self) -> dict[str, list[Recorded]]:
        found: dict[str, list[Recorded]] = {}
        for arrival in self.arrivals.values():
            if arrival.kind == SCORECARD:
                found.setdefault(arrival.unit, []).append(arrival)
        return found

    def of_unit(self, unit: Unit) -> Sequence[Recorded]:
        """Return the scorecards that a unit has sent, in ledger order."""
        return self._by_unit.get(unit.code, [])

    def local(self, moment: datetime) -> datetime:
        """Return a moment in the campaign's zone."""
        return moment.astimezone(self.campaign.zone)
