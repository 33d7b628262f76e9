"""Which books of results count, and what is to be said of units that are appraised by the unit above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from xlscore.campaign import Campaign
from xlscore.findings import finding
from xlscore.ledger import Recorded
from xlscore.ranking import Note
from xlscore.reported import Reported, ResultBook, book_from_json


@dataclass(frozen=True, slots=True)
class Received:
    """A book with the arrival that brought it."""

    arrival: Recorded
    book: ResultBook

    @property
    def made(self) -> datetime:
        """When it was made, as far as that can be believed: before it arrived."""
        return min(self.book.made, self.arrival.received)


def counting_books(campaign: Campaign, arrivals: Iterable[Recorded]) -> dict[str, Received]:
    """Return by parent the book that counts: of its valid books the one made last.

    Not the one that arrived last: an older book that is sent again must not bring old results back.
    And none was made after it arrived: a district's clock that is ahead must not hold its first book up
    for good.
    """
    found: dict[str, Received] = {}
    for received in _read(campaign, arrivals):
        parent = received.arrival.unit
        if parent not in found or received.made >= found[parent].made:
            found[parent] = received
    return found


def reported_units(campaign: Campaign, books: Mapping[str, Received]) -> dict[str, Reported]:
    """Return the results that count, by unit; what follows an older rubric counts no longer."""
    return {
        code: told
        for parent, received in books.items()
        for code, unit in campaign.reporting(parent).items()
        if (told := received.book.units.get(code)) and told.follows(campaign.rubric(unit))
    }


def book_notes(
    campaign: Campaign,
    books: Mapping[str, Received],
    arrivals: Iterable[Recorded],
) -> Iterable[Note]:
    """Yield what leadership should know of the books.

    Args:
        books: those that count.
        arrivals: every valid book.
    """
    for received in _read(campaign, arrivals):
        yield from _about_book(campaign, received, books[received.arrival.unit])


def _about_book(campaign: Campaign, received: Received, counting: Received) -> Iterable[Note]:
    arrival, book = received.arrival, received.book
    parent = campaign.units[arrival.unit]
    if arrival.id != counting.arrival.id:
        if arrival.id > counting.arrival.id:
            made, newer = (_moment(campaign, b) for b in (book, counting.book))
            params = {"parent": parent.name, "made": made, "newer": newer}
            yield Note(parent.code, finding("book-superseded", params=params, file=arrival.file))
        return
    # What a provisional book leaves open, this campaign's figures may have settled: the results say.
    told_here = (f for f in arrival.findings if f.name != "book-provisional")
    yield from (Note(parent.code, found) for found in told_here)
    for code, unit in campaign.reporting(parent.code).items():
        told = book.units.get(code)
        if told and not told.follows(campaign.rubric(unit)):
            params = {"parent": parent.name, "unit": unit.name, "code": parent.code}
            yield Note(code, finding("book-outdated", params=params, file=arrival.file))


def _read(campaign: Campaign, arrivals: Iterable[Recorded]) -> Iterable[Received]:
    """Yield the books of units that the campaign still has."""
    return (Received(a, book_from_json(a.card)) for a in arrivals if a.unit in campaign.units)


def _moment(campaign: Campaign, book: ResultBook) -> str:
    return f"{book.made.astimezone(campaign.zone):%H:%M:%S %d/%m/%Y}"
