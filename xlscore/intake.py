"""Intake (tiếp nhận): one file → one recorded outcome, exactly once.

Order: read once into the archive while hashing → fsync → content-addressed name → check *the archived
copy* → one ledger transaction. Killed anywhere, the next run finds the rest: an archived blob without
a record is simply checked again, and an entry already recorded with these bytes is a no-op.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from xlscore.archive import Archived, SourceError, archive_copy, sweep
from xlscore.cardjson import card_to_json
from xlscore.findings import Finding, Status, finding
from xlscore.identity import SCORECARD
from xlscore.inbox import Entry, scan, settled
from xlscore.known import folder_unit, noted
from xlscore.ledger import Arrival, Ledger, Recorded, open_ledger
from xlscore.text import nfc
from xlscore.workbooks.returns import Return, read_return
from xlscore.workspace import Workspace, open_workspace

_BATCH = 32
"""Arrivals per ledger transaction, and files per task of a worker."""

_POOL_FROM = 64
"""Fewer files than this are checked in this process: starting workers costs more."""

_MOST_WORKERS = 61
"""Windows waits for no more processes at once."""

Progress = Callable[[int, int], None]
Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Collected:
    """What one pass over the inbox brought.

    Attributes:
        recorded: new arrivals, in ledger order.
        waiting: entries not taken yet, with the finding that says why.
        unchanged: entries seen again with bytes already known.
    """

    recorded: list[Recorded] = field(default_factory=list)
    waiting: list[Finding] = field(default_factory=list)
    unchanged: int = 0

    @property
    def needs_attention(self) -> bool:
        """Whether any new arrival does not count, or any file could not be taken."""
        return bool(self.waiting) or any(r.status is not Status.VALID for r in self.recorded)


def collect(
    workspace: Workspace,
    *,
    settle: float | None = None,
    progress: Progress | None = None,
    now: Clock = _now,
) -> Collected:
    """Take in everything new in the inbox, once.

    Args:
        settle: seconds a file must stay unchanged; the campaign's setting by default.
        progress: called with (done, total) as files are checked.
        now: the clock that says when the new files were first seen unchanging: their arrival.

    Raises:
        OSError: the inbox, the archive or the disk fails; what is recorded stays recorded.
        LedgerError: the ledger cannot be used.
        KeysError: the keys that returns are recognised by are gone or damaged.
    """
    result = Collected()
    seconds = workspace.campaign.settings.intake.settle_seconds if settle is None else settle
    with open_ledger(workspace.ledger_path) as ledger:
        workspace.require_keys(issued=bool(ledger.issues(SCORECARD)))
        fresh = _fresh(workspace, ledger, result)
        ready, changing = settled(workspace.inbox, fresh, seconds)
        seen_at = now()
        result.waiting += [_waiting("still-being-copied", entry) for entry in changing]
        archived = list(_archive_all(workspace, ready, result))
        new = _unknown(workspace, ledger, archived, result, seen_at)
        _check_and_record(workspace, ledger, new, result, progress, seen_at)
    return result


def _fresh(workspace: Workspace, ledger: Ledger, result: Collected) -> list[Entry]:
    known = ledger.sightings()
    fresh = []
    for entry in scan(workspace.inbox):
        last = known.get(entry.key)
        if last is not None and (last.size, last.mtime_ns) == entry.signature:
            result.unchanged += 1
        else:
            fresh.append(entry)
    return fresh


def _waiting(name: str, entry: Entry, what: str = "", what_en: str = "") -> Finding:
    params = {"what": what, "what_en": what_en} if what else {}
    return finding(name, file=_shown(entry), params=params)


def _shown(entry: Entry) -> str:
    return nfc(entry.key.decode("utf-8", "replace"))


# --- archive ----------------------------------------------------------------------------------------


def _archive_all(
    workspace: Workspace, entries: Iterable[Entry], result: Collected
) -> Iterator[Archived]:
    workspace.archive.mkdir(parents=True, exist_ok=True)
    sweep(workspace.archive)
    for entry in entries:
        if not entry.regular:
            # Nothing to keep: the refusal is recorded under what the entry is.
            yield Archived(entry, "", None)
            continue
        try:
            archived = archive_copy(entry, workspace.archive)
        except SourceError as error:
            result.waiting.append(_waiting("busy", entry, *error.args))
            continue
        if archived is None:
            result.waiting.append(_waiting("still-being-copied", entry))
        else:
            yield archived


# --- what is new --------------------------------------------------------------------------------------


def _unknown(
    workspace: Workspace,
    ledger: Ledger,
    archived: Sequence[Archived],
    result: Collected,
    seen_at: datetime,
) -> list[Archived]:
    """Note entries whose bytes need not be judged (again); return the others."""
    with ledger.transaction():
        new = [item for item in archived if not noted(workspace, ledger, item, seen_at)]
    result.unchanged += len(archived) - len(new)
    return new


# --- check and record -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """One archived file to check: plain data, so that it can go to another process."""

    path: str
    name: str
    folder_unit: str


def _check_and_record(
    workspace: Workspace,
    ledger: Ledger,
    new: Sequence[Archived],
    result: Collected,
    progress: Progress | None,
    seen_at: datetime,
) -> None:
    revoked = ledger.revoked()
    jobs = [
        Job(
            str(item.path or item.entry.path),
            _shown(item.entry),
            folder_unit(workspace, item.entry.key),
        )
        for item in new
    ]
    done = 0
    for batch, outcomes in _checked(workspace, jobs, revoked):
        with ledger.transaction():
            for place, outcome in zip(batch, outcomes, strict=True):
                _record(workspace, ledger, new[place], outcome, result, seen_at)
        done += len(batch)
        if progress:
            progress(done, len(jobs))


def _record(
    workspace: Workspace,
    ledger: Ledger,
    item: Archived,
    outcome: Return,
    result: Collected,
    seen_at: datetime,
) -> None:
    if item.path is None and outcome.status is not Status.REJECTED:
        # What was a link or a device at the scan is a file by now: the next run archives it first.
        result.waiting.append(_waiting("still-being-copied", item.entry))
    elif noted(workspace, ledger, item, seen_at, outcome):
        # Judged as before; or a twin in this very run, or another process, was quicker.
        result.unchanged += 1
    else:
        result.recorded.append(ledger.record(_arrival(item, outcome, seen_at)))


def _arrival(item: Archived, outcome: Return, received: datetime) -> Arrival:
    entry, token = item.entry, outcome.token
    return Arrival(
        entry.key,
        item.sha256,
        entry.size,
        entry.mtime_ns,
        outcome.file,
        outcome.status,
        outcome.unit.code if outcome.unit else "",
        token.role if token else "",
        token.serial if token else 0,
        received,
        _card(outcome),
        outcome.findings,
    )


def _card(outcome: Return) -> dict[str, Any]:
    if outcome.card is None or outcome.token is None:
        return {}
    # With the digest: should the rubric change after this, the card no longer fits it.
    return {**card_to_json(outcome.card, outcome.sheet), "digest": outcome.token.digest}


Batches = Iterator[tuple[Sequence[int], list[Return]]]


def _checked(workspace: Workspace, jobs: Sequence[Job], revoked: dict[int, str]) -> Batches:
    batches = [range(i, min(i + _BATCH, len(jobs))) for i in range(0, len(jobs), _BATCH)]
    if len(jobs) < _POOL_FROM:
        for batch in batches:
            yield batch, [_check(workspace, jobs[place], revoked) for place in batch]
        return
    yield from _checked_in_pool(workspace.root, jobs, batches, revoked)


def _checked_in_pool(
    root: Path, jobs: Sequence[Job], batches: Sequence[Sequence[int]], revoked: dict[int, str]
) -> Batches:
    """Check on all cores; a file that takes a worker down is refused, and the rest goes on."""
    pending = list(batches)
    while pending:
        with _pool(root, revoked) as pool:
            futures = [pool.submit(_check_many, [jobs[p] for p in batch]) for batch in pending]
            try:
                for future in futures:
                    yield pending[0], future.result()
                    pending.pop(0)
            except BrokenProcessPool:
                culprits = pending.pop(0)
            else:
                continue
        for place in culprits:
            yield [place], [_check_alone(root, jobs[place], revoked)]


def _check_alone(root: Path, job: Job, revoked: dict[int, str]) -> Return:
    try:
        with _pool(root, revoked, workers=1) as pool:
            return pool.submit(_check_many, [job]).result()[0]
    except BrokenProcessPool:
        return Return(
            job.name,
            Status.REJECTED,
            (finding("reader-stopped", file=job.name, params={"what": "process"}),),
        )


def _pool(root: Path, revoked: dict[int, str], workers: int | None = None) -> ProcessPoolExecutor:
    # `spawn` everywhere: what is tested on Linux is what runs on Windows.
    return ProcessPoolExecutor(
        workers or min(_MOST_WORKERS, os.cpu_count() or 1),
        mp_context=get_context("spawn"),
        initializer=_start_worker,
        initargs=(root, revoked),
    )


_worker: dict[str, Any] = {}
"""What a worker process has opened: set once by `_start_worker`."""


def _start_worker(root: Path, revoked: dict[int, str]) -> None:
    _worker["root"], _worker["revoked"] = root, revoked


def _check_many(jobs: Sequence[Job]) -> list[Return]:
    # Opened here and not at the start: a campaign that was damaged meanwhile must stop the run with
    # its findings, not look like a worker that a file took down.
    if "workspace" not in _worker:
        _worker["workspace"] = open_workspace(_worker["root"])
    return [_slim(_check(_worker["workspace"], job, _worker["revoked"])) for job in jobs]


def _slim(outcome: Return) -> Return:
    """Drop the layout before a result goes back: the ledger does not need it, pickling it costs."""
    return Return(
        outcome.file,
        outcome.status,
        outcome.findings,
        outcome.token,
        outcome.unit,
        None,
        outcome.sheet,
        outcome.card,
    )


def _check(workspace: Workspace, job: Job, revoked: dict[int, str]) -> Return:
    return read_return(
        Path(job.path),
        workspace,
        name=job.name,
        folder_unit=job.folder_unit,
        revoked=revoked,
    )
