"""Intake (tiếp nhận): one file → one recorded outcome, exactly once.

Order: read once into the archive while hashing → fsync → content-addressed name → check *the archived
copy* → one ledger transaction. Killed anywhere, the next run finds the rest: an archived blob without
a record is simply checked again, and an entry already recorded with these bytes is a no-op.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from xlscore.cardjson import card_to_json
from xlscore.findings import Finding, Status, finding
from xlscore.inbox import Entry, scan, settled
from xlscore.ledger import Arrival, Ledger, Recorded, open_ledger
from xlscore.text import nfc
from xlscore.workbooks.returns import Return, read_return
from xlscore.workspace import Workspace, open_workspace

_CHUNK = 1 << 20
_BATCH = 32
"""Arrivals per ledger transaction, and files per task of a worker."""

_POOL_FROM = 64
"""Fewer files than this are checked in this process: starting workers costs more."""

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


@dataclass(frozen=True, slots=True)
class _Archived:
    """One entry whose bytes are safe."""

    entry: Entry
    sha256: str
    path: Path | None


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
        now: the clock that says when a file was first seen.

    Raises:
        OSError: the inbox, the archive or the disk fails; what is recorded stays recorded.
        LedgerError: the ledger cannot be used.
    """
    result = Collected()
    seconds = workspace.campaign.settings.settle_seconds if settle is None else settle
    with open_ledger(workspace.ledger_path) as ledger:
        fresh = _fresh(workspace, ledger, result)
        ready, changing = settled(workspace.inbox, fresh, seconds)
        result.waiting += [_waiting("still-being-copied", entry) for entry in changing]
        archived = list(_archive_all(workspace, ready, result))
        new = _settle_known(ledger, archived, result, now)
        _check_and_record(workspace, ledger, new, result, progress, now)
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


def _waiting(name: str, entry: Entry, what: str = "") -> Finding:
    return finding(name, file=_shown(entry), params={"what": what})


def _shown(entry: Entry) -> str:
    return nfc(entry.key.decode("utf-8", "replace"))


# --- archive ----------------------------------------------------------------------------------------


def _archive_all(
    workspace: Workspace, entries: Iterable[Entry], result: Collected
) -> Iterator[_Archived]:
    workspace.archive.mkdir(parents=True, exist_ok=True)
    for entry in entries:
        if not entry.regular:
            # Nothing to keep: the refusal is recorded under what the entry is.
            yield _Archived(entry, "", None)
            continue
        try:
            archived = archive_copy(entry, workspace.archive)
        except (PermissionError, FileNotFoundError) as error:
            result.waiting.append(_waiting("busy", entry, error.strerror or str(error)))
            continue
        if archived is None:
            result.waiting.append(_waiting("still-being-copied", entry))
        else:
            yield archived


def archive_copy(entry: Entry, archive: Path) -> _Archived | None:
    """Copy an entry into the archive under its hash; None when it changed meanwhile."""
    temporary = archive / f"incoming-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(entry.path, flags), "rb") as source:
            before = os.fstat(source.fileno())
            digest = _copy(source, temporary)
            after = os.fstat(source.fileno())
        unchanged = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if not unchanged or (after.st_size, after.st_mtime_ns) != entry.signature:
            return None
        target = blob_path(archive, digest)
        target.parent.mkdir(exist_ok=True)
        os.replace(temporary, target)
        _sync_folder(target.parent)
        return _Archived(entry, digest, target)
    finally:
        temporary.unlink(missing_ok=True)


def blob_path(archive: Path, sha256: str) -> Path:
    """Return where the content with this hash is kept."""
    return archive / sha256[:2] / f"{sha256}.bin"


def _copy(source: Any, target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("xb") as copy:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no fsync of a folder; NTFS journals the rename
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- what is new --------------------------------------------------------------------------------------


def _settle_known(
    ledger: Ledger, archived: Sequence[_Archived], result: Collected, now: Clock
) -> list[_Archived]:
    """Note entries whose bytes are known already; return the others."""
    sightings, contents = ledger.sightings(), ledger.known_content()
    new = []
    with ledger.transaction():
        for item in archived:
            entry, last = item.entry, sightings.get(item.entry.key)
            if last is not None and last.sha256 == item.sha256:
                ledger.seen_again(last, *entry.signature)
                result.unchanged += 1
            elif last is None and item.sha256 and item.sha256 in contents:
                ledger.seen_elsewhere(entry.key, item.sha256, *entry.signature, now())
                result.unchanged += 1
            else:
                new.append(item)
                contents.add(item.sha256)
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
    new: Sequence[_Archived],
    result: Collected,
    progress: Progress | None,
    now: Clock,
) -> None:
    revoked = ledger.revoked()
    jobs = [
        Job(str(item.path or item.entry.path), _shown(item.entry), _folder_unit(workspace, item))
        for item in new
    ]
    done = 0
    for batch, outcomes in _checked(workspace, jobs, revoked):
        with ledger.transaction():
            for place, outcome in zip(batch, outcomes, strict=True):
                result.recorded.append(ledger.record(_arrival(new[place], outcome, now())))
        done += len(batch)
        if progress:
            progress(done, len(jobs))


def _folder_unit(workspace: Workspace, item: _Archived) -> str:
    """Return the unit whose drop folder an entry lies in: any folder named as a unit is one."""
    top = item.entry.top
    if workspace.campaign.settings.folders_per_unit or top in workspace.campaign.units:
        return top
    return ""


def _arrival(item: _Archived, outcome: Return, received: datetime) -> Arrival:
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
        card_to_json(outcome.card, outcome.sheet) if outcome.card else {},
        outcome.findings,
    )


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
        return Return(job.name, Status.REJECTED, (finding("reader-stopped", file=job.name, params={"what": "process"}),))


def _pool(root: Path, revoked: dict[int, str], workers: int | None = None) -> ProcessPoolExecutor:
    # `spawn` everywhere: what is tested on Linux is what runs on Windows.
    return ProcessPoolExecutor(
        workers or os.cpu_count() or 1,
        mp_context=get_context("spawn"),
        initializer=_start_worker,
        initargs=(root, revoked),
    )


_worker: dict[str, Any] = {}
"""What a worker process has opened: set once by `_start_worker`."""


def _start_worker(root: Path, revoked: dict[int, str]) -> None:
    _worker["workspace"], _worker["revoked"] = open_workspace(root), revoked


def _check_many(jobs: Sequence[Job]) -> list[Return]:
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
