"""Rebuild a lost or damaged ledger from its journals and the records in the archive.

Nothing is deleted: what stood there is set aside. The new ledger is built in a folder of its own and
put in place by one rename, so that a rebuild may be killed anywhere and run again. It begins a new
chain, whose first event says what it rests on and what it lacks.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from xlscore.durable import sync_folder, write_whole
from xlscore.ledger import Event, LedgerError, Post, Recorded, open_ledger
from xlscore.ledger.chapter import chain_break
from xlscore.ledger.journal import Journal
from xlscore.ledger.keeper import building, held, reading
from xlscore.ledger.letters import LETTER_OPEN, LetterState
from xlscore.ledger.outbox import RECEIPT
from xlscore.ledger.replay import Books, Facts, replay
from xlscore.upkeep.forms import recover_forms, seen_in_arrivals, seen_in_templates
from xlscore.upkeep.journals import Chain, fingerprints, read_chain
from xlscore.upkeep.recovering import Judge, Recovered, judge_of, recover
from xlscore.upkeep.troubles import Trouble
from xlscore.workspace import Workspace

_COMPANIONS = ("-journal", "-wal", "-shm")
_BUILDING = "rebuilding"
WithoutReceipt = Callable[[Iterable[Recorded]], Iterable[Recorded]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A rebuilt ledger.

    Attributes:
        set_aside: files that stood in its place or were damaged, under their new names.
        chain: number of the chain that it began.
        lacking: what is gone, or is there without an event that vouches for it.
    """

    path: Path
    set_aside: tuple[Path, ...]
    chain: int
    forms: int
    arrivals: int
    evidence: int
    decisions: int
    releases: int
    editions: int
    letters: int
    lacking: tuple[Trouble, ...]


@dataclass
class _Old:
    """What the old file still tells, believed only as far as journal or hashes bear it out."""

    chain: int = 1
    events: list[Event] = field(default_factory=list)
    tables: Books | None = None
    posts: list[Post] | None = None

    @property
    def known(self) -> Mapping[int, Facts]:
        """The arrivals that its outbox answers for."""
        return self.tables.arrivals if self.tables else {}


@dataclass
class _Plan:
    """What the new ledger will hold."""

    books: Books
    recovered: Recovered
    changed: dict[int, Facts]
    dropped: list[tuple[int, str, str]]
    letters: dict[int, Facts]
    lacking: list[Trouble]


def rebuild(
    workspace: Workspace,
    now: datetime,
    *,
    judge: Judge | None = None,
    arrivals_without_receipt: WithoutReceipt | None = None,
) -> Rebuilt:
    """Write the ledger anew; all other commands must have been stopped: they cannot write.

    Forms, arrivals, evidence, decisions and releases come back with the numbers and times they had.
    What was only in the ledger does not: further names of known contents (the next `collect` sees them
    again), what waits, and when the inbox was last scanned. What waited in the outbox goes on waiting.

    Args:
        judge: reads an original again whose record is gone; under today's campaign by default.
        arrivals_without_receipt: picks the arrivals whose receipt has to be written (again) where the
            old outbox cannot be read.

    Raises:
        LedgerError: the folder is no place for a ledger.
        OSError: something cannot be read or written, or another program has the ledger open.
    """
    path = workspace.ledger_path
    stamp = f"{now.astimezone(workspace.campaign.zone):%Y%m%d-%H%M%S}"
    with held(path):  # until the rename: Windows renames nothing that is open
        old, journal = _salvage(path), Journal(path.parent / "journal")
        chains, aside = _chains(journal, old, stamp)
        plan = _plan(workspace, chains, old, judge, now)
        plan.lacking[:0] = _new_troubles(journal, chains)
        for place, data in plan.recovered.records.items():
            aside += _write_record(place, data, stamp)
        shutil.rmtree(path.parent / _BUILDING, ignore_errors=True)  # of a rebuild that was killed
        built = path.parent / _BUILDING / path.name
        ledger_id = _build(built, journal, chains, plan, now, old, arrivals_without_receipt)
    if not plan.books.ledger:
        plan.lacking.append(Trouble("id-unknown", ledger_id))
    aside += _put_in_place(built, path, stamp)
    with open_ledger(path):
        pass  # which gives the new chain its journal
    shutil.rmtree(built.parent, ignore_errors=True)
    books = plan.books
    return Rebuilt(
        path, tuple(aside), len(chains) + 1, len(books.forms), len(plan.recovered.arrivals),
        len(books.evidence), len(books.decisions), len(books.releases),
        len(books.editions), len(books.letters), tuple(plan.lacking),
    )  # fmt: skip


# --- what there is --------------------------------------------------------------------------------


def _salvage(path: Path) -> _Old:
    old = _Old()
    if not path.exists():
        return old
    try:
        with reading(path) as ledger:
            old.chain = ledger.chain()
            old.events = ledger.events()
            old.tables = ledger.books()
            old.posts = ledger.waiting_posts()
    except (LedgerError, ValueError):
        pass  # what was read before the damage is kept
    return old


def _chains(journal: Journal, old: _Old, stamp: str) -> tuple[list[Chain], list[Path]]:
    """Read every journal; where the old file knows more of the last one, mend that journal with it."""
    highest = max((*journal.chains(), old.chain))
    chains = [read_chain(journal, number) for number in range(1, highest + 1)]
    last, aside = chains[-1], []
    longer = last.troubles or len(old.events) > len(last.events)
    if old.chain == highest and longer and _goes_beyond(old.events, last):
        path = journal.path(highest)
        if last.troubles and path.exists():
            aside.append(path.replace(path.with_name(f"{path.stem}.damaged-{stamp}.jsonl")))
        journal.catch_up(highest, lambda after: [e for e in old.events if e.seq > after])
        chains[-1] = read_chain(journal, highest)
    return chains, aside


def _goes_beyond(events: list[Event], chain: Chain) -> bool:
    """Whether these events are sound and can stand for a journal: it has no more, or is damaged itself."""
    if not events or chain_break(events) or events[-1].seq < chain.last:
        return False
    return bool(chain.troubles) or set(chain.events) <= set(events)


def _new_troubles(journal: Journal, chains: list[Chain]) -> list[Trouble]:
    """Return what is wrong with the journals, but for what an earlier rebuild has told already."""
    first = chains[-1].events[0].body if chains[-1].events else "{}"
    told = json.loads(first).get("journals", {})
    now = fingerprints(journal, len(chains))
    known = {
        n for n in range(1, len(chains)) if now.get(name := journal.path(n).name) == told.get(name)
    }
    return [t for chain in chains if chain.number not in known for t in chain.troubles]


# --- what will be there ---------------------------------------------------------------------------


def _plan(
    workspace: Workspace, chains: list[Chain], old: _Old, judge: Judge | None, now: datetime
) -> _Plan:
    books = replay(event for chain in chains for event in chain.events)
    lacking = [Trouble("event-unclear", str(event.seq), event.kind) for event in books.unclear]
    if old.tables:
        books.ledger = books.ledger or old.tables.ledger
        books.inbox = books.inbox or old.tables.inbox
    reader = judge or judge_of(workspace, books)
    recovered = recover(workspace.archive, books, old.tables, reader, now)
    seen = [*seen_in_arrivals(arrival for _, arrival in recovered.arrivals.values())]
    if any(chain.troubles for chain in chains):
        seen += seen_in_templates(workspace, now)
    changed, forms = recover_forms(books, seen)
    dropped = sorted(key for key in books.releases if key[0] not in books.forms)
    for key in dropped:
        del books.releases[key]
    lacking += [*recovered.troubles, *forms]
    lacking += [Trouble("dropped", ", ".join(map(str, key))) for key in dropped]
    letters = _doubtful(books) if any(chain.troubles for chain in chains) else {}
    lacking += [Trouble("letter-doubtful", str(number)) for number in letters]
    return _Plan(books, recovered, changed, dropped, letters, lacking)


def _doubtful(books: Books) -> dict[int, Facts]:
    """Hold back the letters that wait: where events are lost, they may have been sent."""
    found = {n: f for n, f in books.letters.items() if f["state"] in LETTER_OPEN}
    for facts in found.values():
        facts["state"] = LetterState.UNCERTAIN
    return found


def _build(
    built: Path,
    journal: Journal,
    chains: list[Chain],
    plan: _Plan,
    now: datetime,
    old: _Old,
    without_receipt: WithoutReceipt | None,
) -> str:
    last = chains[-1]
    told = {
        "chain": last.number + 1,
        "previous": {"chain": last.number, "last": last.last, "head": last.head},
        "journals": fingerprints(journal, last.number + 1),
        "lacking": dict(Counter(trouble.name for trouble in plan.lacking)),
        "arrivals": plan.recovered.told,
        "forms": plan.changed,
        "letters": plan.letters,
        "dropped": [list(key) for key in plan.dropped],
    }
    with building(built) as ledger:
        with ledger.transaction():
            ledger.write(plan.books, plan.recovered.arrivals)
            ledger.begin_chain(last.number + 1, plan.books.ledger, plan.books.inbox, now, told)
            lost = without_receipt(ledger.arrivals()) if without_receipt else ()
            for recorded in lost:
                if old.posts is None or recorded.id not in old.known:  # else its posts tell
                    ledger.post(RECEIPT, recorded.unit, now, submission=recorded.id)
            for post in old.posts or ():
                # A form or an arrival that could not be brought back has nothing to be written for it.
                known = not post.submission or post.submission in plan.recovered.arrivals
                if known and (not post.serial or post.serial in plan.books.forms):
                    ledger.post(
                        post.kind, post.subject, now, submission=post.submission, serial=post.serial
                    )
        return ledger.id


# --- putting it there -----------------------------------------------------------------------------


def _write_record(path: Path, data: bytes, stamp: str) -> list[Path]:
    """Write a record; one that is there and says something else is set aside."""
    aside = []
    if path.exists():
        if path.read_bytes() == data:
            return []
        aside.append(path.replace(path.with_name(f"{path.name}.damaged-{stamp}")))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
    return aside


def _put_in_place(built: Path, path: Path, stamp: str) -> list[Path]:
    """Set aside what stands at `path`, and its companions, which would be applied to the new file."""
    name, number = f"{path.stem}-broken-{stamp}{path.suffix}", 1
    while path.with_name(name).exists():
        number += 1
        name = f"{path.stem}-broken-{stamp}-{number}{path.suffix}"
    aside = []
    for suffix in _COMPANIONS:
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            aside.append(companion.replace(path.with_name(name + suffix)))
    if path.exists():
        aside.append(path.with_name(name))
        try:
            os.link(path, aside[-1])  # so that there is a ledger at every moment
        except OSError:  # a disk without hard links
            path.replace(aside[-1])
    built.replace(path)
    sync_folder(path.parent)
    return aside
