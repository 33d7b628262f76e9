"""What the receipt of a book says: what was taken over of it, and what others say to the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from string import ascii_uppercase

from xlscore.appraising import Claim, Decision, RowAppraisal
from xlscore.campaign import Campaign
from xlscore.cardjson import rows_said
from xlscore.delivering.desk import Desk
from xlscore.delivering.receipts import TIMED, VOIDED, times
from xlscore.findings import Finding, Severity, Status
from xlscore.identity import APPRAISAL, COUNCIL, SURVEY
from xlscore.inbox import top_folder
from xlscore.ledger import Recorded
from xlscore.pages.book_receipt import BookReceipt, TakenOver
from xlscore.pages.book_words import BOOKS
from xlscore.proceedings import Proceedings, claims_of


def book_receipt(desk: Desk, arrival: Recorded, subject: str) -> BookReceipt:
    """Return the receipt of an arrival that is no scorecard.

    Args:
        subject: whose folder of the outbox it is written to.
    """
    campaign, due = desk.campaign, desk.campaign.due(arrival.kind, arrival.round)
    settings = campaign.settings.appraisal
    in_rounds = BOOKS[arrival.kind].in_rounds and arrival.round <= len(settings.rounds)
    return BookReceipt(
        authority=campaign.settings.authority,
        campaign=campaign.settings.title,
        written=desk.local(desk.now),
        kind=arrival.kind,
        status=arrival.status,
        file=arrival.file,
        received=desk.local(arrival.received),
        sha256=arrival.sha256,
        subject_code=arrival.unit,
        subject_name=sender_name(campaign, arrival),
        round_title=settings.round_title(arrival.round) if in_rounds else "",
        deadline=desk.local(due) if due else None,
        **times(desk, arrival, due),
        version=arrival.version,
        taken=_taken_over(desk, arrival),
        entry=arrival.id,
        chain_head=desk.head,
        findings=arrival.findings,
        merged=merged(desk.proceedings, arrival),
        drop_folder=_drop_folder(desk, arrival, subject),
        notes=tuple(_notes(arrival)),
        voided=bool(arrival.voided),
    )


def sender_name(campaign: Campaign, arrival: Recorded) -> str:
    """Return the name of whom a book is about: an agency, a tier, a unit; the code where it is gone."""
    code, settings = arrival.unit, campaign.settings
    if arrival.kind == SURVEY:
        return settings.tiers[code].title if code in settings.tiers else code
    if arrival.kind in {APPRAISAL, COUNCIL} and code in campaign.agencies:
        return campaign.agencies[code].title
    return campaign.units[code].name if code in campaign.units else code


def merged(now: Proceedings, arrival: Recorded) -> tuple[Finding, ...]:
    """Return what the words of others, and newer versions of units, make of a book's rows."""
    if arrival.kind not in {APPRAISAL, COUNCIL} or not _is_live(arrival):
        return ()
    concerned: dict[str, set[str]] = {}
    for unit, node in ((said["unit"], said["node"]) for said in arrival.card.get("rows", ())):
        appraisal = now.appraisals.get(unit)
        row = appraisal.rows.get(node) if appraisal else None
        if row is not None and _concerns(row, arrival.id):
            concerned.setdefault(unit, set()).add(node)
    return tuple(
        found
        for unit, nodes in concerned.items()
        for found in now.appraisal_findings(unit)
        if found.node in nodes
    )


def _is_live(arrival: Recorded) -> bool:
    return arrival.status is Status.VALID and not arrival.voided


def _concerns(row: RowAppraisal, number: int) -> bool:
    """Whether what is odd about a row is this book's matter."""
    if row.conflict is not None:
        first = row.conflict[0]
        beside = [w for w in row.in_round(first.round) if w.rest == first.rest]
        return any(word.arrival == number for word in beside)
    return any(word.arrival == number for word in (*row.outdated, row.council) if word)


def _taken_over(desk: Desk, arrival: Recorded) -> TakenOver:
    errors = [f for f in arrival.findings if f.severity is Severity.ERROR and not f.waived]
    wrong = len({_place(found) for found in errors})
    if arrival.kind not in {APPRAISAL, COUNCIL}:
        return TakenOver(rows_said(arrival.card), wrong=wrong)
    claims = claims_of(arrival)
    decided = Counter(claim.decision for claim in claims)
    weighed = claims if _is_live(arrival) else ()
    fates = Counter(_fate(desk.proceedings, claim) for claim in weighed)
    return TakenOver(
        len(claims),
        decided[Decision.ACCEPT],
        decided[Decision.ADJUST],
        decided[Decision.QUERY],
        sum(claim.rest for claim in claims),
        wrong,
        fates["replaced"],
        fates["idle"],
    )


def _place(found: Finding) -> tuple[str, ...]:
    """Return the row of the file that a finding is on, whichever of its cells; or what it is itself."""
    return (found.sheet, found.cell.lstrip(ascii_uppercase)) if found.cell else (found.code,)


def _fate(now: Proceedings, claim: Claim) -> str:
    """Say what became of a word: it holds (empty), was replaced, or is about nothing that counts."""
    said = now.appraisals.get(claim.unit)
    row = said.rows.get(claim.node) if said else None
    if row is None:
        return "idle"
    holds = any(word.arrival == claim.arrival for word in (*row.words, *row.outdated))
    return "" if holds else "replaced"


def _drop_folder(desk: Desk, arrival: Recorded, subject: str) -> str:
    top = top_folder(arrival.entry)
    if top and desk.workspace.folder_unit(top) == subject:
        return top
    return subject if desk.campaign.settings.folders_per_unit else ""


def _notes(arrival: Recorded) -> Iterator[str]:
    if arrival.timed:
        yield TIMED.format(why=arrival.timed)
    if arrival.voided:
        yield VOIDED.format(why=arrival.voided)
