"""Where the districts stand: who is authorised, whose book has come, what it leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from xlscore.campaign import Unit
from xlscore.exporting.districts.authorising import reporting_parents
from xlscore.findings import Finding, Status
from xlscore.identity import RESULT_BOOK
from xlscore.ledger import Ledger
from xlscore.proceedings import Proceedings


@dataclass(frozen=True, slots=True)
class DistrictStanding:
    """One district.

    Attributes:
        units: how many it reports; counted: of how many there is a result that counts.
        serial: of its authorisation in force, 0 for none.
        received, made: of the book that counts, or None.
        provisional: whether a row of it still waits, this campaign's own figures added.
        refused: the latest book was refused, for `findings`.
    """

    parent: Unit
    units: int
    counted: int
    serial: int = 0
    received: datetime | None = None
    made: datetime | None = None
    provisional: bool = False
    refused: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether nothing is left to wait for."""
        return self.made is not None and not self.provisional and not self.refused


def district_standings(state: Proceedings, ledger: Ledger) -> Iterator[DistrictStanding]:
    """Yield every unit that reports others, in the order of the list."""
    campaign = state.workspace.campaign
    issues = ledger.issues(RESULT_BOOK)
    waiting = {result.unit.parent for result, _ in state.results.waiting if result.reported}
    arrivals = [a for a in state.recorded if a.kind == RESULT_BOOK and not a.voided]
    for code in reporting_parents(campaign):
        units, received = campaign.reporting(code), state.books.get(code)
        latest = next((a for a in reversed(arrivals) if a.unit == code), None)
        refused = latest is not None and latest.status is not Status.VALID
        issue = issues.get((code, ""))
        yield DistrictStanding(
            campaign.units[code],
            len(units),
            sum(unit in state.reported for unit in units),
            issue.serial if issue else 0,
            received.arrival.received if received else None,
            received.book.made if received else None,
            code in waiting,
            refused,
            tuple(_still_true(latest.findings, waits=code in waiting)) if latest else (),
        )


def _still_true(findings: Iterable[Finding], *, waits: bool) -> Iterator[Finding]:
    """Yield what there is to say of a book now: what it left open, this campaign may know since."""
    return (found for found in findings if waits or found.name != "book-provisional")
