"""The state of the whole procedure, from the ledger: who submitted what, what was appraised, what results.

One `Proceedings` is one moment: everything that is exported, ranked or told is made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from xlscore.appraising import Claim, Reply, UnitAppraisal, appraise
from xlscore.appraising.claims import claim_from_json, reply_from_json
from xlscore.earlier import read_earlier
from xlscore.findings import Finding, Severity, Status, finding
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_BOOK, SCORECARD, SURVEY
from xlscore.ledger import Ledger, Recorded
from xlscore.ranking import Note, Results, rank_campaign
from xlscore.received_books import Received, book_notes, counting_books, reported_units
from xlscore.reported import Reported
from xlscore.standing import Standing, standings
from xlscore.surveyed import Surveyed, surveyed
from xlscore.workspace import Workspace
from xlscore.years import Years


@dataclass(frozen=True)
class Proceedings:
    """Everything on record at one moment.

    Attributes:
        recorded: every arrival, of all kinds, in ledger order.
        head: hash of the ledger's last event: the basis of whatever is made from this.
    """

    workspace: Workspace
    recorded: tuple[Recorded, ...]
    head: str
    now: datetime

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """Where every unit's self-assessment stands."""
        cards = (arrival for arrival in self.recorded if arrival.kind == SCORECARD)
        return standings(self.workspace, cards, self.now)

    def valid(self, *kinds: str) -> tuple[Recorded, ...]:
        """Return the arrivals of these kinds that count, in ledger order."""
        return tuple(
            a
            for a in self.recorded
            if a.kind in kinds and a.status is Status.VALID and not a.voided
        )

    @cached_property
    def claims(self) -> Mapping[str, tuple[Claim, ...]]:
        """What appraisers and the council said, by unit, in ledger order."""
        found: dict[str, list[Claim]] = {}
        for arrival in self.valid(APPRAISAL, COUNCIL):
            for claim in claims_of(arrival):
                found.setdefault(claim.unit, []).append(claim)
        return {unit: tuple(claims) for unit, claims in found.items()}

    @cached_property
    def replies(self) -> Mapping[str, tuple[Reply, ...]]:
        """What units replied, by unit, in ledger order."""
        found: dict[str, list[Reply]] = {}
        for arrival in self.valid(REPLY):
            found.setdefault(arrival.unit, []).extend(replies_of(arrival))
        return {unit: tuple(replies) for unit, replies in found.items()}

    @cached_property
    def appraisals(self) -> Mapping[str, UnitAppraisal]:
        """What appraisal made of every submission that counts, by unit."""
        return {
            code: appraise(
                code,
                self.workspace.layout(standing.unit),
                standing.submission.answers,
                self.claims.get(code, ()),
                self.replies.get(code, ()),
            )
            for code, standing in self.standings.items()
            if standing.submission is not None
        }

    @cached_property
    def books(self) -> Mapping[str, Received]:
        """The book of results that counts, by the unit that reports."""
        return counting_books(self.workspace.campaign, self.valid(RESULT_BOOK))

    @cached_property
    def reported(self) -> Mapping[str, Reported]:
        """The results from above that count, by unit."""
        return reported_units(self.workspace.campaign, self.books)

    @cached_property
    def surveyed(self) -> Surveyed:
        """The figures that survey books brought."""
        return surveyed(self.workspace, self.valid(SURVEY))

    @cached_property
    def results(self) -> Results:
        """The results of this moment, with what the units' returns and their appraisal left behind."""
        submissions = {c: s.submission for c, s in self.standings.items() if s.submission}
        results = rank_campaign(
            self.surveyed.merged(self.workspace.campaign),
            submissions,
            self.workspace.layout,
            appraisals=self.appraisals,
            reported=self.reported,
        )
        return replace(results, notes=tuple(self._notes()), years=self.years)

    @cached_property
    def years(self) -> Years:
        """What earlier years found; what keeps one from being read is told there and stops nothing."""
        return read_earlier(self.workspace)

    def _notes(self) -> Iterable[Note]:
        for code, standing in self.standings.items():
            told = (*standing.findings, *self.appraisal_findings(code))
            for found in told:
                if found.severity is not Severity.NOTE or found.waived:
                    yield Note(code, found)
        for agency, count in unnamed_agencies(self.workspace, self.valid(APPRAISAL)).items():
            params = {"agency": agency, "count": str(count)}
            yield Note(agency, finding("agency-unnamed", params=params))
        yield from self.surveyed.notes
        yield from book_notes(self.workspace.campaign, self.books, self.valid(RESULT_BOOK))

    def appraisal_findings(self, unit: str) -> tuple[Finding, ...]:
        """Return contradictions between appraisers, and rows that were reopened."""
        said = self.appraisals.get(unit)
        if said is None:
            return ()
        return said.findings(self.workspace.layout(self.workspace.campaign.units[unit]))


def proceedings(workspace: Workspace, ledger: Ledger, now: datetime | None = None) -> Proceedings:
    """Return the state of the procedure as the ledger has it now."""
    head, recorded = ledger.head(), tuple(ledger.arrivals())
    while ledger.head() != head:  # another process recorded something in between
        head, recorded = ledger.head(), tuple(ledger.arrivals())
    return Proceedings(workspace, recorded, head, now or datetime.now(UTC))


def unnamed_agencies(workspace: Workspace, books: Iterable[Recorded]) -> dict[str, int]:
    """Return agencies whose words are on record, though the campaign names them no longer.

    Args:
        books: appraisal books that count.

    Returns:
        By code the number of rows on which the agency has spoken.
    """
    rows: dict[str, set[tuple[str, str]]] = {}
    for book in books:
        if book.unit not in workspace.campaign.agencies:
            rows.setdefault(book.unit, set()).update((c.unit, c.node) for c in claims_of(book))
    return {agency: len(spoken) for agency, spoken in sorted(rows.items()) if spoken}


def claims_of(arrival: Recorded) -> list[Claim]:
    """Return what one appraisal or council book says."""
    return [
        claim_from_json(
            facts,
            agency=arrival.unit,
            round=arrival.round,
            file=arrival.file,
            arrival=arrival.id,
            council=arrival.kind == COUNCIL,
        )
        for facts in arrival.card.get("rows", ())
    ]


def replies_of(arrival: Recorded) -> list[Reply]:
    """Return what one reply says."""
    return [
        reply_from_json(
            facts, round=arrival.round, unit=arrival.unit, file=arrival.file, arrival=arrival.id
        )
        for facts in arrival.card.get("rows", ())
    ]
