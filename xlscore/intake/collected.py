"""What passes over the inbox brought."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlscore.findings import Finding, Status, has_errors
from xlscore.intake.door import Availability, Door
from xlscore.ledger import EvidenceFile, Recorded


@dataclass
class Collected:
    """What one pass over the inbox brought.

    Attributes:
        door: whether the inbox could be used at all; nothing is concluded where it could not.
        recorded: new arrivals, in ledger order.
        evidence: new documents of evidence.
        waiting: entries not taken yet, with the finding that says why.
        changing: how many of those were still changing a moment ago.
        unchanged: entries seen again with bytes already known.
        complete: whether every folder of the inbox was seen.
    """

    door: Door = field(default_factory=lambda: Door(Availability.AVAILABLE))
    recorded: list[Recorded] = field(default_factory=list)
    evidence: list[EvidenceFile] = field(default_factory=list)
    waiting: list[Finding] = field(default_factory=list)
    changing: int = 0
    unchanged: int = 0
    complete: bool = True

    @property
    def needs_attention(self) -> bool:
        """Whether any new arrival does not count as a whole, or any file could not be taken."""
        return bool(self.waiting) or any(
            r.status is not Status.VALID or has_errors(r.findings) for r in self.recorded
        )

    def after(self, earlier: Collected) -> Collected:
        """Return what two passes brought together; what waits is as the later one says."""
        return Collected(
            self.door,
            [*earlier.recorded, *self.recorded],
            [*earlier.evidence, *self.evidence],
            self.waiting,
            self.changing,
            # Where the inbox went away between the two, the later saw nothing at all.
            max(0, self.unchanged - len(earlier.recorded) - len(earlier.evidence)),
            self.complete,
        )
