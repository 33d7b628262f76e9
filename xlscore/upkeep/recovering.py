"""Arrivals recovered from what lies in the archive: their records, or else their originals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from xlscore.blobs import blob_path, digest_of, record_path
from xlscore.findings import Status, finding
from xlscore.identity import SCORECARD
from xlscore.intake.recording import card_json
from xlscore.ledger import Arrival
from xlscore.ledger.arrivals import arrival_of, record_facts
from xlscore.ledger.chapter import canonical, to_time
from xlscore.ledger.decisions import waivers_in_force
from xlscore.ledger.replay import Books, Facts, as_told
from xlscore.settings import Waiver
from xlscore.upkeep.checks import place_in, read_record, records
from xlscore.upkeep.troubles import Trouble
from xlscore.workbooks.returns import Return, read_return
from xlscore.workspace import Workspace

Judge = Callable[[Path, str], Return]
"""Reads an original again: (path, what to call it) → outcome."""


@dataclass
class Recovered:
    """What became of the arrivals.

    Attributes:
        arrivals: (version, arrival) by number.
        told: by number, those that no event vouches for as they are now, as events tell of arrivals.
        records: records to be written, by path.
    """

    arrivals: dict[int, tuple[int, Arrival]] = field(default_factory=dict)
    told: dict[int, Facts] = field(default_factory=dict)
    records: dict[Path, bytes] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)


def decided_waivers(books: Books) -> tuple[Waiver, ...]:
    """Return the waivers that were decided and stand."""
    return tuple(
        Waiver(
            unit=d.unit, reason=d.reason, by=d.decided_by, code=str(d.body["code"]),
            row=str(d.body["row"]),
        )
        for d in waivers_in_force(books.decided())
    )  # fmt: skip


def judge_of(workspace: Workspace, books: Books) -> Judge:
    """Return how an original is read again: under today's campaign, with no form revoked."""
    office = workspace.with_waivers(decided_waivers(books))

    def judge(path: Path, name: str) -> Return:
        return read_return(path, office, name=name)

    return judge


def recover(
    archive: Path, books: Books, tables: Books | None, judge: Judge, now: datetime
) -> Recovered:
    """Bring back every arrival that the log tells of, and those of which only a record is left.

    Args:
        books: what the log tells.
        tables: what a ledger that can still be read holds: believed where the log vouches for it.
    """
    found = Recovered()
    for number, told in sorted(books.arrivals.items()):
        facts = _vouched(archive, found, number, told, (tables or Books()).arrivals.get(number))
        if facts is not None:
            found.arrivals[number] = (facts["version"], arrival_of(facts))
        else:
            _without_record(archive, found, number, told, judge)
    _from_records_alone(archive, found, books)
    _keep_numbers(archive, found, books, now)
    return found


def _vouched(
    archive: Path, found: Recovered, number: int, told: Facts, row: Facts | None
) -> Facts | None:
    """Return the record that the event vouches for."""
    path = record_path(archive, told["sha256"], number)
    data = read_record(path)
    if data is not None and hashlib.sha256(data).hexdigest() == told["record"]:
        return _understood(data)
    name = "record-missing" if data is None else "record-altered"
    found.troubles.append(Trouble(name, place_in(archive, path)))
    data = canonical(row).encode() if row else b""
    if hashlib.sha256(data).hexdigest() != told["record"]:
        return None
    found.records[path] = data
    return row


def _understood(data: bytes) -> Facts | None:
    try:
        facts: Facts = json.loads(data)
        arrival_of(facts)
        int(facts["submission"]) + int(facts["version"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return facts


def _without_record(
    archive: Path, found: Recovered, number: int, told: Facts, judge: Judge
) -> None:
    """Read the original again; without it only number, unit and version are kept."""
    path = blob_path(archive, told["sha256"])
    arrival, name = _nameless(number, told), "arrival-lost"
    what = f"{told['unit'] or '?'}, {told['status']}"
    if told["sha256"] and path.exists() and digest_of(path) == told["sha256"]:
        outcome = judge(path, arrival.file)
        # What was refused stays refused: who knows which form was revoked then.
        if outcome.status is not Status.VALID or told["status"] == Status.VALID:
            arrival, name = _read_again(arrival, outcome, path), "arrival-read-again"
            what = f"{told['status']} → {arrival.status}"
    found.troubles.append(Trouble(name, str(number), what))
    _vouch(archive, found, number, told["version"], arrival)


def _vouch(archive: Path, found: Recovered, number: int, version: int, arrival: Arrival) -> None:
    facts = record_facts(arrival, number, version)
    data = canonical(facts).encode()
    found.arrivals[number] = (version, arrival)
    found.told[number] = as_told(facts, hashlib.sha256(data).hexdigest())
    found.records[record_path(archive, arrival.sha256, number)] = data


def _nameless(number: int, told: Facts) -> Arrival:
    """Return an arrival of which only the event is left: it holds its number and does not count."""
    name = f"{told['sha256'][:12] or 'xlscore'}.{number}.xlsx"
    return Arrival(
        name.encode(), told["sha256"], 0, 0, name, Status.REJECTED, told["unit"], told["role"], 0,
        to_time(told["moment"]), {}, (finding("content-lost", file=name),),
        judged_again=told["judged_again"], kind=told.get("kind", SCORECARD),
        round=told.get("round", 1),
    )  # fmt: skip


def _read_again(bare: Arrival, outcome: Return, path: Path) -> Arrival:
    return Arrival(
        bare.entry, bare.sha256, path.stat().st_size, 0, bare.file, outcome.status, bare.unit,
        bare.role, outcome.token.serial if outcome.token else 0, bare.received, card_json(outcome),
        outcome.findings, judged_again=bare.judged_again, kind=bare.kind, round=bare.round,
    )  # fmt: skip


def _from_records_alone(archive: Path, found: Recovered, books: Books) -> None:
    """Take records of which no event tells: of lines that are lost, or of a run that was killed."""
    alone = []
    for path in records(archive):
        facts = _understood(path.read_bytes())
        if facts is None or path != record_path(archive, facts["sha256"], facts["submission"]):
            if path not in found.records:  # else told already
                found.troubles.append(Trouble("record-altered", place_in(archive, path)))
        elif books.arrivals.get(facts["submission"], {}).get("sha256") != facts["sha256"]:
            alone.append((facts["received"], path, facts))
    taken = {_version_of(a, version) for version, a in found.arrivals.values()}
    # Where a number was given twice, the killed run came first.
    for _received, path, facts in sorted(alone, key=lambda item: (item[0], item[1]), reverse=True):
        number, key = facts["submission"], _version_of(arrival_of(facts), facts["version"])
        if number in found.arrivals or key in taken:
            found.troubles.append(Trouble("record-unused", place_in(archive, path)))
            continue
        taken.add(key)
        found.arrivals[number] = (facts["version"], arrival_of(facts))
        found.told[number] = as_told(facts, digest_of(path))
        found.troubles.append(Trouble("arrival-from-record", str(number), facts["file"]))


def _version_of(arrival: Arrival, version: int) -> tuple[object, ...]:
    return arrival.kind, arrival.round, arrival.unit, arrival.role, version


def _keep_numbers(archive: Path, found: Recovered, books: Books, now: datetime) -> None:
    """Tell the numbers that nothing is left of; one that others refer to is kept by a nameless arrival."""
    cited = {d["submission"]: d["unit"] for d in books.decisions.values() if d["submission"]}
    cited |= {a.judged_again: a.unit for _, a in found.arrivals.values() if a.judged_again}
    for number in range(1, max((*found.arrivals, *cited), default=0) + 1):
        if number in found.arrivals:
            continue
        found.troubles.append(Trouble("number-missing", str(number)))
        if number in cited:
            told = {"sha256": "", "unit": cited[number], "role": "", "judged_again": 0,
                    "moment": now.isoformat()}  # fmt: skip
            versions = [
                v for v, a in found.arrivals.values() if (a.unit, a.role) == (told["unit"], "")
            ]
            _vouch(archive, found, number, max(versions, default=0) + 1, _nameless(number, told))
