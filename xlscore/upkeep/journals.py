"""The journals read critically: which events they still vouch for, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xlscore.blobs import digest_of
from xlscore.ledger.chapter import ORIGIN
from xlscore.ledger.journal import Journal, JournalLine
from xlscore.ledger.records import Event
from xlscore.ledger.replay import fits
from xlscore.upkeep.troubles import Trouble


@dataclass
class Chain:
    """What one journal still says.

    Attributes:
        events: every event whose hash fits its content, in order.
        breaks: numbers of the events that do not follow the one before.
        troubles: damaged, altered, missing, extra lines, and the breaks.
    """

    number: int
    events: list[Event] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The number of the last event, or 0."""
        return self.events[-1].seq if self.events else 0

    @property
    def head(self) -> str:
        """The hash of the last event, or zeros."""
        return self.events[-1].hash if self.events else ORIGIN


def read_chain(journal: Journal, number: int) -> Chain:
    """Read one journal; one that is not there is only a trouble.

    Raises:
        OSError: it is there and cannot be read.
    """
    chain = Chain(number)
    if not journal.path(number).exists():
        chain.troubles.append(Trouble("journal-missing", journal.path(number).name))
        return chain
    for line in journal.lines(number):
        _take(chain, line)
    return chain


def _take(chain: Chain, line: JournalLine) -> None:
    event, place = line.event, f"{line.file}:{line.number}"
    if event is None:
        chain.troubles.append(Trouble("journal-line-damaged", place))
    elif event.seq <= chain.last:
        chain.troubles.append(Trouble("journal-line-extra", place, str(event.seq)))
    elif not fits(event):
        chain.troubles.append(Trouble("journal-line-altered", place, str(event.seq)))
    else:
        if event.previous != chain.head:
            chain.breaks.append(event.seq)
            chain.troubles.append(Trouble("chain-broken", f"{chain.number}/{event.seq}"))
        if event.seq > chain.last + 1:
            what = _span(chain.last + 1, event.seq - 1)
            chain.troubles.append(Trouble("journal-line-missing", line.file, what))
        chain.events.append(event)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def compare(journal: Journal, chain: int, events: list[Event]) -> Iterator[Trouble]:
    """Yield where a journal is not what the ledger's events are.

    Raises:
        OSError: the journal cannot be read.
    """
    name = journal.path(chain).name
    by_number = {event.seq: event for event in events}
    seen: set[int] = set()
    lines = list(journal.lines(chain)) if journal.path(chain).exists() else []
    torn = bool(lines) and not journal.path(chain).read_bytes().endswith(b"\n")
    ahead = []
    for line in lines:
        event, place = line.event, f"{name}:{line.number}"
        if event is None:
            if line is not lines[-1] or not torn:  # else what a killed process half wrote
                yield Trouble("journal-line-damaged", place)
        elif event.seq in seen:
            yield Trouble("journal-line-extra", place, str(event.seq))
        elif event.seq in by_number and event != by_number[event.seq]:
            yield Trouble("journal-line-altered", place, str(event.seq))
        elif event.seq not in by_number:
            ahead.append(event.seq)
        if event is not None:
            seen.add(event.seq)
    last_told = max(seen, default=0)
    lacking = sorted(by_number.keys() - seen)
    if inner := [number for number in lacking if number < last_told]:
        yield Trouble("journal-line-missing", name, ", ".join(map(str, inner[:12])))
    if behind := [number for number in lacking if number > last_told]:
        yield Trouble("journal-behind", name, _span(behind[0], behind[-1]))
    if ahead:
        yield Trouble("journal-ahead", name, _span(ahead[0], ahead[-1]))


def fingerprints(journal: Journal, before: int) -> dict[str, str]:
    """Return the SHA-256 of the journals of the chains before a number, by file name.

    Raises:
        OSError: one cannot be read.
    """
    return {
        journal.path(number).name: digest_of(journal.path(number))
        for number in journal.chains()
        if number < before
    }
