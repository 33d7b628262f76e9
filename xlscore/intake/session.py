"""Passes over the inbox, and what must be remembered from one to the next."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from xlscore.archive import Archived, SourceError, archive_copy, sweep
from xlscore.findings import Finding, Status, finding
from xlscore.identity import SCORECARD
from xlscore.inbox import Entry, Settled, Tracker, scan
from xlscore.inbox.scanning import refreshed
from xlscore.intake.collected import Collected
from xlscore.intake.door import (
    Availability,
    Door,
    availability,
    decided_waivers,
    still_ours,
)
from xlscore.intake.judging import Job, Judges, Terms
from xlscore.intake.known import folder_unit, noted
from xlscore.intake.recording import (
    MOST_EVIDENCE,
    Taken,
    is_incomplete,
    overdue,
    record,
    shown,
)
from xlscore.intake.underway import Pass, Progress, is_archive, is_plain_evidence, waits
from xlscore.ledger import EvidenceFile, Ledger, Waiting
from xlscore.reasons import of_system
from xlscore.workbooks.package import MAX_FILE_SIZE
from xlscore.workbooks.returns import Return
from xlscore.workspace import Workspace

_CHUNK = 512
"""So many files are archived before they are checked and recorded: memory stays flat."""

_SCAN_NOTED = timedelta(seconds=60)
"""The ledger is told of complete scans no more often than this: each costs the disk a write."""

SCANNED = "scanned"
"""The ledger's fact that tells the last complete scan."""

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class Intake:
    """Takes in one inbox, pass by pass.

    Attributes:
        settle: seconds a file must stay unchanged.
    """

    def __init__(
        self,
        workspace: Workspace,
        ledger: Ledger,
        *,
        settle: float | None = None,
        now: Clock = _now,
        clock: Callable[[], float] = time.monotonic,
        stopping: Callable[[], bool] = lambda: False,
        leaving: Callable[[], bool] = lambda: False,
    ) -> None:
        """Prepare; the inbox is not looked at before the first pass.

        Args:
            settle: seconds a file must stay unchanged; the campaign's setting by default.
            now, clock: wall clock and monotonic clock.
            stopping: whether somebody asked to stop; asked before each file.
            leaving: the same, asked while worker processes are waited for: no sign of getting ahead.
        """
        settings = workspace.campaign.settings.intake
        self.settle = settings.settle_seconds if settle is None else settle
        self._base, self._ledger, self._settings = workspace, ledger, settings
        self._now, self._clock = now, clock
        self._stopping, self._leaving = stopping, leaving
        self._tracker = Tracker(self.settle)
        noted_scan = ledger.fact(SCANNED)
        self._scanned = datetime.fromisoformat(noted_scan) if noted_scan else None
        self._scan_noted = self._scanned
        self._known: dict[bytes, tuple[int, int]] | None = None
        self._changes = -1
        self._waiting = ledger.waiting()
        self._held: dict[bytes, tuple[Waiting, Finding]] = {}
        for w in self._waiting.values():
            self._tracker.remember(w.entry, (w.size, w.mtime_ns), w.since, w.scanned)

    def look(self, progress: Progress | None = None) -> Collected:
        """Make one pass: scan, take what has settled, record it.

        Raises:
            OSError: the inbox, the archive or the disk fails; what is recorded stays recorded.
            LedgerError: the ledger cannot be used.
            KeysError: the keys that returns are recognised by are gone or damaged.
        """
        moment, clock = self._now(), self._clock()
        result = Collected(availability(self._base, self._ledger, moment))
        if not result.door.open:
            result.complete = False
            return result
        self._base.require_keys(issued=bool(self._ledger.issues(SCORECARD)))
        try:
            seen = scan(self._base.inbox, self._seen_before())
        except OSError as error:  # it went away since we looked
            result.door = Door(Availability.UNAVAILABLE, of_system(error))
            result.complete = False
            return result
        result.complete = seen.complete
        this = Pass(moment, clock, seen, result, progress)
        ready = self._ready(this)
        if ready:
            self._take_all(this, ready)
        self._point_out(this)
        self._remember(this)
        return result

    def look_settled(self, progress: Progress | None = None) -> Collected:
        """Make one pass, and another after a while where something was still changing.

        Raises:
            OSError, LedgerError, KeysError: see `look`.
        """
        result = self.look(progress)
        if result.changing:
            time.sleep(self.settle)
            result = self.look(progress).after(result)
        return result

    def note_scan(self) -> None:
        """Tell the ledger of the last complete scan: what comes later was not there then."""
        if self._scanned is not None and self._scanned != self._scan_noted:
            with self._ledger.transaction():
                self._ledger.set_fact(SCANNED, self._scanned.astimezone(UTC).isoformat())
            self._scan_noted = self._scanned

    # --- what is new, and ready -------------------------------------------------------------------

    def _ready(self, this: Pass) -> list[Settled]:
        fresh = self._fresh(this)
        settled, changing = self._tracker.look(fresh, this.clock, this.moment, self._scanned)
        this.result.changing = len(changing)
        this.result.waiting += [waits("still-being-copied", entry) for entry in changing]
        due = {s.entry.key for s in settled} | {entry.key for entry in changing}
        for entry in fresh:
            if entry.key not in due:  # postponed: it waits for what it waited for
                self._keep_waiting(this, entry)
        return [s for s in settled if not self._held_back(this, s)]

    def _fresh(self, this: Pass) -> list[Entry]:
        known, listed = self._seen_before(), this.scan.entries
        # A listing may be behind what is known of a file already.
        fresh = [e for e in refreshed(listed) if known.get(e.key) != e.signature]
        this.result.unchanged = this.scan.unchanged + len(listed) - len(fresh)
        # Many files at once come in one order, whatever order the disk tells them in.
        # Forms first: a unit's thousands of documents must not keep the others' returns waiting.
        return sorted(fresh, key=lambda entry: (entry.evidence, entry.key))

    def _seen_before(self) -> Mapping[bytes, tuple[int, int]]:
        """Return size and time of every entry that was taken, read anew where others have written."""
        changes = self._ledger.changes()
        if self._known is None or changes != self._changes:
            seen = self._ledger.sightings().values()
            self._known = {s.entry: (s.size, s.mtime_ns) for s in seen}
            self._changes = changes
        return self._known

    def _held_back(self, this: Pass, settled: Settled) -> bool:
        """Whether a file is left alone for now: in the cloud only, or open in Excel."""
        entry = settled.entry
        if entry.in_cloud and not self._settings.download_placeholders:
            self._wait(this, settled, "in-the-cloud")
            return True
        if entry.key not in this.scan.owned:
            return False
        if overdue(settled.seen, self._settings.owner_minutes, this.moment):
            this.owned.add(entry.key)
            return False
        self._wait(this, settled, "open-in-excel")
        return True

    # --- taking -----------------------------------------------------------------------------------

    def _take_all(self, this: Pass, ready: Sequence[Settled]) -> None:
        workspace, waivers = self._base, decided_waivers(self._ledger)
        terms = Terms(self._ledger.revoked(), waivers)
        workspace.archive.mkdir(parents=True, exist_ok=True)
        sweep(workspace.archive)
        this.total = len(ready)
        with Judges(workspace, terms, len(ready), leaving=self._leaving) as judges:
            for start in range(0, len(ready), _CHUNK):
                if self._stopping():
                    return
                taken = self._archive(this, workspace, ready[start : start + _CHUNK])
                self._judge_and_record(this, workspace, taken, judges)

    def _archive(self, this: Pass, workspace: Workspace, ready: Sequence[Settled]) -> list[Taken]:
        """Archive what is ready; leave out what brings nothing new."""
        taken = []
        for settled in ready:
            if self._stopping():
                break
            archived = self._archived(this, workspace, settled)
            if archived is not None:
                owned = settled.entry.key in this.owned
                taken.append(Taken(settled, archived, opened_by_owner=owned))
        with self._ledger.transaction():
            new = [
                item
                for item in taken
                if not noted(workspace, self._ledger, item.archived, item.settled.seen)
            ]
        if len(new) < len(taken):
            self._known = None  # the times noted just now
        this.result.unchanged += len(taken) - len(new)
        this.total -= len(ready) - len(new)
        return new

    def _archived(self, this: Pass, workspace: Workspace, settled: Settled) -> Archived | None:
        entry = settled.entry
        most = MOST_EVIDENCE if entry.evidence else MAX_FILE_SIZE
        if not entry.regular or entry.size > most:
            # Nothing to keep: the refusal is recorded under what the entry is.
            return Archived(entry, "", None)
        try:
            archived = archive_copy(entry, workspace.archive)
        except SourceError as error:
            self._wait(this, settled, "busy", *error.args)
            return None
        if archived is None:
            this.result.changing += 1
            this.result.waiting.append(waits("still-being-copied", entry))
        return archived

    def _judge_and_record(
        self, this: Pass, workspace: Workspace, taken: Sequence[Taken], judges: Judges
    ) -> None:
        if not self._may_record(workspace):
            return
        plain = [item for item in taken if is_plain_evidence(item)]
        self._record(this, workspace, plain, [Return(t.name, Status.REJECTED, ()) for t in plain])
        others = [item for item in taken if not is_plain_evidence(item)]
        jobs = [
            Job(
                str(item.archived.path or item.archived.entry.path),
                item.name,
                folder_unit(workspace, item.archived.entry.key),
            )
            for item in others
        ]
        for places, outcomes in judges.judged(jobs):
            if not self._may_record(workspace):
                return
            self._record(this, workspace, [others[place] for place in places], outcomes)

    def _may_record(self, workspace: Workspace) -> bool:
        """Whether to go on; what is archived is found again by whoever does."""
        return not self._stopping() and still_ours(workspace, self._ledger)

    def _record(
        self,
        this: Pass,
        workspace: Workspace,
        taken: Sequence[Taken],
        outcomes: Sequence[Return],
    ) -> None:
        if not taken:
            return
        with self._ledger.transaction():
            for item, outcome in zip(taken, outcomes, strict=True):
                self._record_one(this, workspace, item, outcome)
        self._known = None
        this.done += len(taken)
        if this.progress:
            this.progress(this.done, this.total)

    def _record_one(self, this: Pass, workspace: Workspace, item: Taken, outcome: Return) -> None:
        if item.archived.path is None and outcome.status is not Status.REJECTED:
            # What was a link or a device at the scan is a file by now: the next pass archives it.
            this.result.waiting.append(waits("still-being-copied", item.archived.entry))
            return
        minutes = self._settings.incomplete_minutes
        late = overdue(item.settled.seen, minutes, this.moment)
        if is_incomplete(item, outcome) and not late:
            self._wait(this, item.settled, "incomplete", str(minutes))
            return
        kept = record(workspace, self._ledger, item, outcome, this.moment)
        if kept is None:
            this.result.unchanged += 1
        elif isinstance(kept, EvidenceFile):
            this.result.evidence.append(kept)
        else:
            this.result.recorded.append(kept)

    # --- waiting ----------------------------------------------------------------------------------

    def _wait(self, this: Pass, settled: Settled, why: str, what: str = "", en: str = "") -> None:
        """Leave an entry for a later pass, and remember since when it has stood there."""
        entry = settled.entry
        if why != "open-in-excel":  # looking whether it is still open costs nothing
            self._tracker.postpone(entry.key, this.clock)
        held = Waiting(entry.key, why, entry.size, entry.mtime_ns, settled.seen, settled.scanned)
        self._held[entry.key] = held, waits(why, entry, what, en)
        self._keep_waiting(this, entry)

    def _keep_waiting(self, this: Pass, entry: Entry) -> None:
        this.waiting[entry.key], found = self._held[entry.key]
        this.result.waiting.append(found)

    def _point_out(self, this: Pass) -> None:
        """Say which folders could not be looked into, and what Excel has left behind."""
        for key in this.scan.unread:
            this.result.waiting.append(finding("folder-unread", file=shown(key)))
        minutes = self._settings.incomplete_minutes
        for orphan in this.scan.orphans:
            since = self._waiting.get(orphan.key)
            stands = since is not None and (since.size, since.mtime_ns) == orphan.signature
            first = since.since if since is not None and stands else this.moment
            this.waiting[orphan.key] = Waiting(
                orphan.key, "orphaned-save", orphan.size, orphan.mtime_ns, first
            )
            if overdue(first, minutes, this.moment) and is_archive(orphan):
                this.result.waiting.append(waits("orphaned-save", orphan))

    def _remember(self, this: Pass) -> None:
        """Write down what waits and, now and then, that the inbox was seen completely."""
        nothing_open = this.scan.complete and not this.result.changing and not self._stopping()
        if nothing_open:
            self._scanned = this.moment
        due = nothing_open and (
            self._scan_noted is None
            or not timedelta(0) <= this.moment - self._scan_noted < _SCAN_NOTED
        )
        noted = self._ledger.waiting()  # another process may have noted what is taken by now
        if this.waiting != noted:
            with self._ledger.transaction():
                self._ledger.wait_for(this.waiting.values(), noted)
        self._waiting = this.waiting
        self._held = {key: held for key, held in self._held.items() if key in this.waiting}
        if due:
            self.note_scan()
