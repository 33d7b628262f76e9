"""What is said with a decision, and why one cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xlscore.findings import Finding


class Refusal(StrEnum):
    """Why a decision cannot be taken; the words are the command line's."""

    NO_SUCH_ARRIVAL = "there is no arrival with this number"
    IS_BOOK = "this is no scorecard: let its sender mend the rows that its receipt lists and send it again"
    NO_CONTENT = "nothing of this arrival was archived"
    ALREADY_VALID = "this arrival is valid already"
    OLD_RUBRIC = "the rubric has changed since: the unit needs a new form"
    NEWER_COUNTS = "arrival {number} is newer and counts; void it first"
    ALREADY_VOID = "this arrival is void already"
    IS_VOID = "this arrival is void; take that back first"
    NOT_VOID = "this arrival is not void"
    JUDGED_AGAIN = "this arrival was judged again; decide about arrival {number}"
    UNKNOWN_UNIT = "the campaign has no such unit"
    UNKNOWN_ROLE = "the unit's scorecard has no such role"
    UNKNOWN_ROW = "the unit's scorecard has no such row"
    AMBIGUOUS_ROW = "several rows have this number; name one by its id"
    HAS_UNIT = "this arrival says itself whose it is"
    NOT_A_FORM = "the file cannot be read as this unit's form"
    NOT_TAKEN = "the file was not taken as a form; if it is one, say whose with “xlscore assign”"
    NOT_WAIVABLE = "this code cannot be waived: the value that was refused is gone"
    NOT_WAIVED = "there is no such waiver"
    STILL_REFUSED = "some findings cannot be waived: their values are gone"
    OPEN_ROWS = (
        "rows of the draft are open; let the unit finish it, or waive S011 on these rows first"
    )
    IN_THE_FUTURE = "this moment has not come yet"
    NO_REASON = "a reason and a name are needed"


class DecisionError(Exception):
    """A decision that cannot be taken.

    Attributes:
        findings: what stands in its way.
        number: the arrival to decide about instead, or 0.
    """

    def __init__(
        self, refusal: Refusal, findings: tuple[Finding, ...] = (), number: int = 0
    ) -> None:
        super().__init__(refusal, findings, number)
        self.refusal, self.findings, self.number = refusal, findings, number


@dataclass(frozen=True, slots=True)
class Said:
    """Why a decision is taken, who takes it, and when."""

    reason: str
    by: str
    at: datetime

    @property
    def words(self) -> str:
        """Reason and name, as they stand at findings."""
        return f"{self.reason} ({self.by})"


def give_reason(said: Said) -> None:
    """Refuse a decision that nobody answers for.

    Raises:
        DecisionError: reason or name are missing.
    """
    if not said.reason.strip() or not said.by.strip():
        raise DecisionError(Refusal.NO_REASON)
