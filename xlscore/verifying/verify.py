"""Verify one file: which edition it is, then ledger, archive, its cells, and the results recomputed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xlscore.archive import ContentError, kept
from xlscore.editions import FileKind, Reopened, basis_from_json, reopen
from xlscore.findings import Finding, finding
from xlscore.ledger import Edition, EditionFile
from xlscore.ledger.editions import files_by_kind
from xlscore.ledger.keeper import Keeper, reading
from xlscore.ledger.replay import Logged, history, replay
from xlscore.upkeep import check_ledger
from xlscore.verifying.cells import (
    as_findings,
    is_all_new,
    outside_of_cells,
    properties,
    saved_again,
)
from xlscore.verifying.claims import size_of
from xlscore.verifying.grounds import (
    Words,
    archive_findings,
    changed_inputs,
    ledger_findings,
    needed_contents,
)
from xlscore.verifying.identifying import Identified, identify
from xlscore.verifying.recomputing import (
    counting,
    results_again,
    returns_again,
    workbook_findings,
    written_again,
)
from xlscore.verifying.refusing import refusal
from xlscore.verifying.report import Progress, Step, Verified, silent
from xlscore.workbooks.dump import OURS, Dump, compare, read_dump
from xlscore.workbooks.package import PackageError, read_bytes
from xlscore.workspace import Workspace, WorkspaceError


def verify(
    workspace: Workspace, path: Path, edition: int = 0, progress: Progress = silent
) -> Verified:
    """Verify a ranking file against the edition that it says it is, or against a given one.

    Args:
        progress: called as the work goes on.

    Raises:
        LedgerError: there is no ledger that can be read.
        OSError: the archive cannot be read.
    """
    done = Verified(path)
    try:
        data = read_bytes(path, OURS)
    except PackageError as error:
        done.take(Step.EDITION, [refusal(error, path)])
        return done
    progress(Step.EDITION, 0, 1)
    with reading(workspace.ledger_path) as ledger:
        editions, files = ledger.editions(), ledger.edition_files()
        what = identify(workspace, path, data, editions, files, edition)
        done.identical = what.identical
        if what.found is not None:
            done.saved_by, done.cells = what.found.application, size_of(what.found)
        done.take(Step.EDITION, what.findings)
        progress(Step.EDITION, 1, 1)
        if what.file is not None:
            done.edition, done.kind = what.file.edition, what.file.kind
            chosen = next(one for one in editions if one.number == what.file.edition)
            own = files_by_kind(f for f in files if f.edition == chosen.number)
            _Desk(workspace, ledger, done, what, what.file, chosen, own, progress).verify()
    return done


@dataclass
class _Desk:
    """A file whose edition is known, under verification.

    Attributes:
        stand_in: the workbook written anew, where it is as good as the frozen one.
    """

    workspace: Workspace
    ledger: Keeper
    done: Verified
    what: Identified
    file: EditionFile
    edition: Edition
    files: Mapping[str, EditionFile]
    progress: Progress
    stand_in: bytes = b""

    def verify(self) -> None:
        opened = self._ground()
        kind = FileKind(self.file.kind)
        self.done.take(Step.RECOMPUTATION, list(self._recomputed(opened, kind)))
        self.progress(Step.FILE, 0, 1)
        self.done.take(Step.FILE, [] if self.what.identical else list(self._compared()))
        self.progress(Step.FILE, 1, 1)

    @cached_property
    def _frozen(self) -> Dump | None:
        """The frozen workbook, where the archive has it; read only if something has to be compared."""
        try:
            return self.what.frozen or read_dump(kept(self.workspace.archive, self.file.sha256))
        except (OSError, ContentError):
            return None

    @cached_property
    def _log(self) -> list[Logged]:
        return history(self.ledger)

    # --- what it rests on ------------------------------------------------------------------------

    def _ground(self) -> Reopened | None:
        basis = basis_from_json(self.edition.basis)
        opened: Reopened | None = None
        failed: list[Finding] = []
        try:
            opened = reopen(self.workspace, self.ledger, self.edition.number)
        except WorkspaceError as error:
            what = ", ".join(found.code for found in error.findings)
            failed.append(_impossible(what, what))
        except (OSError, ContentError) as error:
            failed.append(_impossible("kho lưu thiếu tệp", f"the archive lacks a file ({error})"))
        checked = check_ledger(
            self.workspace, lambda at, total: self.progress(Step.ARCHIVE, at, total)
        )
        heads = frozenset(entry.event.hash for entry in self._log)
        head = self.what.claim.head or self.what.claim.property_head or self.edition.head
        self.done.take(Step.LEDGER, list(ledger_findings(checked, heads, head)))
        returns = _returns(opened) if opened else {}
        needed = needed_contents(basis, self.files, returns)
        self.done.take(Step.ARCHIVE, list(archive_findings(checked, needed)))
        self.done.take(Step.EDITION, list(changed_inputs(self.workspace, basis)))
        if failed:
            self.done.take(Step.RECOMPUTATION, failed)
        return opened

    # --- the results recomputed ------------------------------------------------------------------

    def _recomputed(self, opened: Reopened | None, kind: FileKind) -> Iterator[Finding]:
        if opened is None:
            return
        books = replay(entry.event for entry in self._log)
        arrivals = counting(opened)
        total = len(arrivals) + 1  # the last: what is made of them
        self.progress(Step.RECOMPUTATION, 0, total)
        read: dict[int, list[Finding]] = {}
        with returns_again(opened, arrivals, books.decisions) as batches:
            made = list(self._made_again(opened, kind))
            for batch in batches:
                read |= batch
                self.progress(Step.RECOMPUTATION, len(read), total)
        yield from (found for one in arrivals for found in read.get(one.id, ()))
        yield from made
        self.progress(Step.RECOMPUTATION, total, total)

    def _made_again(self, opened: Reopened, kind: FileKind) -> Iterator[Finding]:
        yield from results_again(self.workspace, opened, self.files)
        if not kind.is_workbook:
            return
        data = written_again(self.workspace, opened, kind)
        if hashlib.sha256(data).hexdigest() == self.file.sha256:  # no cell can differ
            self.stand_in = data
            return
        now = read_dump(data)
        if self._frozen is not None:
            yield from workbook_findings(self.workspace, opened.basis, self._frozen, now)
        elif now.digests() == dict(self.file.cells):
            self.stand_in = data

    # --- its cells ---------------------------------------------------------------------------------

    def _compared(self) -> Iterator[Finding]:
        found = self.what.found
        if found is None:
            return
        frozen = self._frozen or (read_dump(self.stand_in) if self.stand_in else None)
        if frozen is None:
            yield from _by_digest(self.file, found)
            return
        differences = [*compare(frozen, found), *properties(frozen, found)]
        parts = list(outside_of_cells(frozen, found, {one.sheet for one in differences}))
        self.done.differences = [*differences, *parts]
        self.done.saved_again = saved_again(frozen, found)
        by_library = is_all_new(frozen, found) and not self.done.saved_again
        yield from as_findings(differences if by_library else self.done.differences)
        if _opens_outward(found) and not _opens_outward(frozen):
            yield finding("edition-macros")
        if self.done.saved_again:
            yield finding("edition-saved-again", entered=found.application or "?")
        elif by_library:
            yield finding("edition-rewritten", entered=found.application or "?")


def _opens_outward(dump: Dump) -> bool:
    return dump.has_macros or dump.has_external_links


def _returns(opened: Reopened) -> dict[str, Words]:
    return {
        a.sha256: (f"bản gốc số {a.id} của {a.unit}", f"the original of arrival {a.id} of {a.unit}")
        for a in counting(opened)
    }


def _impossible(vietnamese: str, english: str) -> Finding:
    return finding("recomputing-impossible", params={"what": vietnamese, "what_en": english})


def _by_digest(file: EditionFile, found: Dump) -> Iterator[Finding]:
    """Compare sheets with the digests that the ledger keeps: all that is left."""
    now = found.digests()
    for name in sorted(file.cells.keys() | now.keys()):
        if file.cells.get(name) != now.get(name):
            yield finding("sheet-digest", entered=name, sheet=name, params={"more": ""})
