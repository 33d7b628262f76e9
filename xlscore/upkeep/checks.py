"""Check the ledger, its journal and the archive against each other; nothing is changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlscore.blobs import blob_path, digest_of, record_path
from xlscore.ledger import LedgerError, OlderLedgerError
from xlscore.ledger.chapter import ORIGIN, chain_break
from xlscore.ledger.editions import kept_contents
from xlscore.ledger.journal import Journal
from xlscore.ledger.keeper import Keeper, reading
from xlscore.ledger.replay import CHAPTERS, Books, history, replay
from xlscore.upkeep.journals import compare, fingerprints
from xlscore.upkeep.troubles import Cure, Trouble
from xlscore.workspace import KeysError, Workspace

Progress = Callable[[int, int], None]

_NOUNS = dict(
    zip(
        CHAPTERS,
        ("form", "arrival", "evidence", "decision", "release", "edition", "edition-file", "letter"),
        strict=True,
    )
)
_NOT_COMPARED = {"mtime_ns", "record", "moment"}
"""Times of files may be touched; the rest is no column of the ledger."""


@dataclass
class Checked:
    """What a check found.

    Attributes:
        events: events in the present chain; `head` is the hash of the last.
        contents: originals whose bytes were read.
    """

    troubles: list[Trouble] = field(default_factory=list)
    ledger: str = ""
    chain: int = 0
    events: int = 0
    head: str = ""
    forms: int = 0
    arrivals: int = 0
    contents: int = 0

    @property
    def needs_rebuild(self) -> bool:
        """Whether writing the ledger anew from its journal would help."""
        return any(trouble.cure is Cure.REBUILD for trouble in self.troubles)


def check_ledger(workspace: Workspace, progress: Progress | None = None) -> Checked:
    """Hold ledger, journal, records and originals against each other; a campaign without any is fine.

    Args:
        progress: called with (done, total) as originals are read.

    Raises:
        OSError: the archive or a journal is there and cannot be read.
    """
    checked, path = Checked(), workspace.ledger_path
    if not path.exists():
        if Journal(path.parent / "journal").chains() or any(records(workspace.archive)):
            checked.troubles.append(Trouble("ledger-missing", str(path)))
        return checked
    try:
        with reading(path) as ledger:
            _check(workspace, ledger, checked, progress)
    except OlderLedgerError as error:
        checked.troubles.append(Trouble("ledger-older", str(path), str(error)))
    except LedgerError as error:
        checked.troubles.append(Trouble("ledger-unreadable", str(path), str(error)))
    return checked


def _check(
    workspace: Workspace, ledger: Keeper, checked: Checked, progress: Progress | None
) -> None:
    found = checked.troubles
    found += [Trouble("database-damaged", what=text) for text in ledger.troubles()]
    with ledger.at_one_moment():
        events, chain = ledger.events(), ledger.chain()
        journal = Journal(ledger.folder / "journal")
        found += _earlier(journal, chain, events[0].body if events else "{}")
        found += compare(journal, chain, events)
        told, kept = replay(entry.event for entry in history(ledger)), ledger.books()
        listed = dict(ledger.blobs())
    if broken := chain_break(events):
        found.append(Trouble("chain-broken", f"{chain}/{broken}"))
    checked.ledger, checked.chain, checked.events = kept.ledger, chain, len(events)
    checked.head = events[-1].hash if events else ORIGIN
    checked.forms, checked.arrivals = len(kept.forms), len(kept.arrivals)
    differing = dict(_record_troubles(workspace.archive, told, kept, found))
    found += compare_books(told, kept, differing)
    found += _originals(workspace.archive, listed, kept, checked, progress)
    found += _keys(workspace, kept)


def _earlier(journal: Journal, chain: int, first: str) -> Iterator[Trouble]:
    """Earlier journals must be what they were when the first event of the present chain was written."""
    try:
        told = dict(json.loads(first).get("journals", {}))
    except (ValueError, TypeError, AttributeError):
        told = {}  # somebody altered the event, which is told already
    now = fingerprints(journal, chain)
    for name in sorted(told.keys() | now.keys()):
        if name not in now:
            yield Trouble("journal-missing", name)
        elif now[name] != told.get(name):
            yield Trouble("earlier-journal-altered", name)


def compare_books(
    told: Books, kept: Books, differing: Mapping[int, set[str]] | None = None
) -> Iterator[Trouble]:
    """Yield where the ledger's tables (`kept`) are not what the log tells.

    Args:
        differing: by arrival, fields that differ from its record.
    """
    for event in told.unclear:
        yield Trouble("event-unclear", str(event.seq), event.kind)
    if told.ledger and told.ledger != kept.ledger:
        yield Trouble("identity-altered", told.ledger, kept.ledger)
    for chapter, noun in _NOUNS.items():
        expected, there = getattr(told, chapter), getattr(kept, chapter)
        for key in sorted(expected.keys() | there.keys()):
            place = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            if key not in there:
                yield Trouble(f"{noun}-missing", place)
            elif key not in expected:
                yield Trouble(f"{noun}-unlogged", place)
            else:
                fields = differences(expected[key], there[key])
                if chapter == "arrivals" and differing:
                    fields |= differing.get(key, set())
                if fields:
                    yield Trouble(f"{noun}-altered", place, ", ".join(sorted(fields)))


def differences(expected: Mapping[str, Any], there: Mapping[str, Any]) -> set[str]:
    """Return the names of the fields that are not as expected."""
    return {
        name
        for name, value in expected.items()
        if name not in _NOT_COMPARED and there.get(name) != value
    }


def _record_troubles(
    archive: Path, told: Books, kept: Books, found: list[Trouble]
) -> Iterator[tuple[int, set[str]]]:
    """Yield by arrival what differs from its record; what is wrong with records goes into `found`."""
    known = set()
    for number, facts in told.arrivals.items():
        path = record_path(archive, facts["sha256"], number)
        known.add(path)
        record, row = read_record(path), kept.arrivals.get(number, {})
        if record is None:
            found.append(Trouble("record-missing", place_in(archive, path)))
        elif facts.get("record") != hashlib.sha256(record).hexdigest():
            found.append(Trouble("record-altered", place_in(archive, path)))
        elif row:
            yield number, differences(json.loads(record), row)
    unknown = sorted(set(records(archive)) - known)
    found += [Trouble("record-unknown", place_in(archive, path)) for path in unknown]


def _originals(
    archive: Path,
    listed: Mapping[str, int],
    kept: Books,
    checked: Checked,
    progress: Progress | None,
) -> Iterator[Trouble]:
    bearers = (kept.arrivals, kept.evidence, kept.edition_files, kept.letters)
    needed = {facts["sha256"] for chapter in bearers for facts in chapter.values()} - {""}
    needed = needed.union(*(kept_contents(e["basis"]) for e in kept.editions.values()))
    for sha256 in sorted(needed - listed.keys()):
        yield Trouble("content-unlisted", sha256)
    wanted = sorted(needed | listed.keys())
    for done, sha256 in enumerate(wanted, 1):
        path = blob_path(archive, sha256)
        try:
            size, digest = path.stat().st_size, digest_of(path)
        except FileNotFoundError:
            yield Trouble("content-missing", place_in(archive, path))
        else:
            checked.contents += 1
            if digest != sha256 or size != listed.get(sha256, size):
                yield Trouble("content-altered", place_in(archive, path))
        if progress:
            progress(done, len(wanted))


def _keys(workspace: Workspace, kept: Books) -> Iterator[Trouble]:
    path = workspace.data / "keys.json"
    try:
        if workspace.existing_keys() is None and kept.forms:
            yield Trouble("keys-missing", str(path))
    except KeysError:
        yield Trouble("keys-damaged", str(path))


def records(archive: Path) -> Iterator[Path]:
    """Yield every record in the archive."""
    yield from archive.glob("*/*.json")


def read_record(path: Path) -> bytes | None:
    """Return a record's bytes, or None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def place_in(archive: Path, path: Path) -> str:
    """Return how a place in the archive is named: from the folder `archive` on."""
    return path.relative_to(archive.parent).as_posix()
