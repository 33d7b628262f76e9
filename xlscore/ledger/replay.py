"""The log replayed: what the ledger must hold, as plain values (see `xlscore.ledger.keeper`).

Log and tables have one shape (`Books`), so that checking is comparing and rebuilding is copying.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from xlscore.ledger.chapter import chained, to_time
from xlscore.ledger.decisions import KINDS
from xlscore.ledger.editions import FILED, FROZEN
from xlscore.ledger.journal import Journal
from xlscore.ledger.letters import LETTER_FACTS, LETTER_OPEN, QUEUED, LetterState
from xlscore.ledger.records import Decision, Event
from xlscore.ledger.store import Ledger

Facts = dict[str, Any]

CHAPTERS = (
    "forms",
    "arrivals",
    "evidence",
    "decisions",
    "releases",
    "editions",
    "edition_files",
    "letters",
)
"""The names of the books, in an order in which each may refer to those before."""

_ARRIVED = ("sha256", "unit", "role", "version", "status", "record")
_FILED = ("edition", "kind", "name", "sha256", "size", "cells")
_LETTERS = {f"letter-{state}": state for state in LetterState}
_EVIDENCE = ("entry", "sha256", "size", "mtime_ns", "file", "unit")


@dataclass
class Books:
    """The ledger's state as plain values, each under its number.

    Attributes:
        forms: by serial; arrivals: by number, what their events tell (in the ledger: the full record);
            releases: by (serial, channel, target); editions and their files by number;
            letters: by number.
        ledger: id of the ledger, where an event names it; `inbox` likewise.
        unclear: events of a known kind that nothing can be made of.
    """

    forms: dict[int, Facts] = field(default_factory=dict)
    arrivals: dict[int, Facts] = field(default_factory=dict)
    evidence: dict[int, Facts] = field(default_factory=dict)
    decisions: dict[int, Facts] = field(default_factory=dict)
    releases: dict[tuple[int, str, str], Facts] = field(default_factory=dict)
    editions: dict[int, Facts] = field(default_factory=dict)
    edition_files: dict[int, Facts] = field(default_factory=dict)
    ledger: str = ""
    inbox: str = ""
    unclear: list[Event] = field(default_factory=list)
    letters: dict[int, Facts] = field(default_factory=dict)

    def decided(self) -> list[Decision]:
        """Return the decisions, in order."""
        return [
            Decision(
                f["kind"], f["unit"], f["reason"], f["by"], f["submission"], f["body"],
                to_time(f["at"]), number,
            )
            for number, f in sorted(self.decisions.items())
        ]  # fmt: skip


def replay(events: Iterable[Event]) -> Books:
    """Return the state that these events give, over all chains in order."""
    books = Books()
    for event in events:
        try:
            _apply(books, event, json.loads(event.body))
        except (KeyError, TypeError, ValueError, AttributeError):
            books.unclear.append(event)
    return books


def _apply(books: Books, event: Event, body: Mapping[str, Any]) -> None:
    match event.kind:
        case "issued":
            _issued(books, event, body)
        case "arrived":
            told = {key: body[key] for key in _ARRIVED}
            again = body.get("judged_again", 0)
            books.arrivals[body["submission"]] = {
                **told, "judged_again": again, "moment": event.at, **_form(body),
            }  # fmt: skip
        case "evidence":
            told = {key: body[key] for key in _EVIDENCE}
            books.evidence[body["evidence"]] = {**told, "received": event.at}
        case "released":
            for serial, target in body["forms"]:
                books.releases[serial, body["channel"], target] = {"at": event.at}
        case kind if kind in KINDS:
            told = {key: body[key] for key in ("submission", "unit", "reason", "by", "body")}
            books.decisions[body["decision"]] = {"kind": KINDS[kind], **told, "at": event.at}
        case kind if kind == FROZEN:
            frozen = {"at": event.at, "by": event.actor}
            books.editions[body["edition"]] = {
                **frozen, "head": body["head"], "basis": body["basis"],
            }  # fmt: skip
        case kind if kind == FILED and body["edition"] in books.editions:
            told = {key: body[key] for key in _FILED}
            books.edition_files[body["file"]] = {**told, "at": event.at}
        case kind if kind == QUEUED or kind in _LETTERS:
            _letter(books, event, body)
        case "inbox-opened" | "took-over":
            _named(books, body)
        case "rebuilt":
            _named(books, body)
            _recovered(books, body)


def _issued(books: Books, event: Event, body: Mapping[str, Any]) -> None:
    for serial, unit, role, digest, copy_of in body["forms"]:
        books.forms[serial] = {
            "kind": body["kind"], "round": body["round"], "unit": unit, "role": role,
            "digest": digest, "at": event.at, "revoked": "", "copy_of": copy_of,
        }  # fmt: skip
    for serial, reason in body["revoked"].items():
        if int(serial) in books.forms:  # else its own event is lost, and that is told
            books.forms[int(serial)]["revoked"] = reason


def _letter(books: Books, event: Event, body: Mapping[str, Any]) -> None:
    state = _LETTERS.get(event.kind, LetterState.WAITING)
    begun = {name: body[name] for name in LETTER_FACTS}
    begun |= {"carrier": "", "path": "", "at": event.at}
    # Where the event that queued it is lost, the letter is as old as the first that is left.
    facts = books.letters.setdefault(body["letter"], begun)
    facts |= {name: body[name] for name in ("carrier", "path") if name in body}
    facts |= {"state": state, "done": "" if state in LETTER_OPEN else event.at}


def _named(books: Books, body: Mapping[str, Any]) -> None:
    books.ledger = body.get("ledger") or books.ledger
    books.inbox = body.get("inbox") or books.inbox


def _recovered(books: Books, body: Mapping[str, Any]) -> None:
    """What a rebuild put back without an event that vouches for it, or otherwise than the event says."""
    for chapter in ("forms", "arrivals", "letters"):
        told = {int(number): dict(facts) for number, facts in body.get(chapter, {}).items()}
        getattr(books, chapter).update(told)
    for serial, channel, target in body.get("dropped", ()):
        books.releases.pop((serial, channel, target), None)


@dataclass(frozen=True, slots=True)
class Logged:
    """One event with the chain that it stands in."""

    chain: int
    event: Event

    @property
    def number(self) -> str:
        """How people name it: its number, after a rebuild with the chain's before it."""
        return str(self.event.seq) if self.chain == 1 else f"{self.chain}/{self.event.seq}"


def history(ledger: Ledger) -> list[Logged]:
    """Return every event: earlier chains from their journals (what is readable), this one's from here.

    Raises:
        OSError: a journal cannot be read.
    """
    chain = ledger.chain()
    journal = Journal(ledger.folder / "journal")
    earlier = [
        Logged(number, event)
        for number in journal.chains()
        if number < chain
        for event in _believed(journal, number)
    ]
    return [*earlier, *(Logged(chain, event) for event in ledger.events())]


def _believed(journal: Journal, chain: int) -> Iterator[Event]:
    last = 0
    for line in journal.lines(chain):
        if line.event and line.event.seq > last and fits(line.event):
            last = line.event.seq
            yield line.event


def fits(event: Event) -> bool:
    """Whether an event has the hash that its content gives."""
    content = (event.previous, event.at, event.actor, event.kind, event.body)
    return chained(*content) == event.hash


def as_told(facts: Mapping[str, Any], record: str) -> Facts:
    """Return what an event tells of an arrival with these facts, `record` being their hash."""
    told = {name: facts[name] for name in _ARRIVED if name != "record"}
    told |= {"record": record, "judged_again": facts["judged_again"]}
    return {**told, "moment": facts["received"], **_form(facts)}


def _form(told: Mapping[str, Any]) -> Facts:
    return {name: told[name] for name in ("kind", "round") if name in told}
