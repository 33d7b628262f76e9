"""Make the ranking: freeze it as an edition (lần ban hành) with its files, or write a draft (dự thảo).

Everything is written to temporaries first, then kept in the archive, then put on record in one
transaction, and laid into `reports/` last: what is killed in between is simply run again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xlscore.archive import keep, kept
from xlscore.durable import write_whole
from xlscore.editions import (
    Basis,
    FileKind,
    NoEditionError,
    as_edition,
    basis_from_json,
    basis_of,
    reopen,
)
from xlscore.editions.inputs import ChangedError, demand_unchanged, input_files
from xlscore.editions.printing import Draw, Printed, print_files
from xlscore.i18n import _
from xlscore.ledger import Edition, EditionFile, LedgerError, open_ledger
from xlscore.ledger.editions import files_by_kind
from xlscore.plugins import PluginFailure
from xlscore.proceedings import Proceedings, proceedings
from xlscore.ranking import Results
from xlscore.reasons import Words
from xlscore.workbooks.ranking import TargetInUseError
from xlscore.workspace import Workspace

__all__ = ["ChangedError", "NoEditionError", "Published", "Relaid", "lay_again", "publish"]

_DRAFT = (FileKind.WORKBOOK,)
_EDITION = (FileKind.WORKBOOK, FileKind.RESULTS, FileKind.PAGE, FileKind.ANNOUNCEMENT)
_PUBLIC = (FileKind.PUBLIC_WORKBOOK, FileKind.PUBLIC_PAGE)


@dataclass(frozen=True)
class Published:
    """A written ranking.

    Attributes:
        path: the workbook; `files`: every file in `reports/`, by kind.
        edition: its number; 0 for a draft. `new`: whether it was frozen just now.
        restored: files that were gone or changed and were laid there again as they were frozen.
        failures: plugins that failed while it was written; `problems`: files that could not be made, and why.
    """

    results: Results
    path: Path
    edition: int = 0
    new: bool = False
    files: tuple[tuple[FileKind, Path], ...] = ()
    restored: tuple[Path, ...] = ()
    failures: tuple[PluginFailure, ...] = ()
    problems: tuple[Words, ...] = ()


def publish(
    workspace: Workspace,
    now: datetime | None = None,
    *,
    draft: bool = False,
    public: bool = False,
    pdf: bool = False,
    draw: Draw | None = None,
) -> Published:
    """Rank the campaign as the ledger has it now, freeze that, and write its files into `reports/`.

    Where nothing that counts has happened since the latest edition, that edition stays the latest.

    Args:
        draft: freeze nothing; only the workbook is written.
        public: also the version for the public (bản công bố).
        pdf: also the leading sheets as PDF.
        draw: called with (done, total) as files are made.

    Raises:
        TargetInUseError: a file is open in another program.
        ChangedError: somebody changed the campaign's files after they were read.
        OSError: a folder cannot be used.
        LedgerError: the ledger cannot be used, or its log was altered.
    """
    moment = now or datetime.now(UTC)
    wanted = (*_EDITION, *(_PUBLIC if public else ()), *((FileKind.PDF,) if pdf else ()))
    while True:
        looked = _look(workspace, moment)
        if draft:
            return _draft(looked)
        latest = looked.latest
        if latest is None or not basis_from_json(latest.basis).same_as(looked.basis):
            frozen = _frozen(looked, wanted, draw)
            if frozen is not None:
                return _laid(looked, *frozen, new=True)
            # Another process has just frozen an edition: look again.
        else:
            printed = _completed(looked, latest, wanted, draw)
            return _laid(looked, latest, printed, new=False)


@dataclass
class _Looked:
    """What there is to be ranked, at one moment."""

    state: Proceedings
    basis: Basis
    contents: dict[str, bytes]
    latest: Edition | None

    @property
    def workspace(self) -> Workspace:
        return self.state.workspace


def _look(workspace: Workspace, moment: datetime) -> _Looked:
    inputs = input_files(workspace)
    with open_ledger(workspace.ledger_path) as ledger:
        if not ledger.chain_is_sound():
            raise LedgerError(_("its log was altered; restore data/ from a backup"))
        latest = ledger.latest_edition()
        state = proceedings(workspace, ledger, moment)
        basis, contents = basis_of(state, ledger, inputs)
        while ledger.head() != state.head:  # another process recorded something in between
            latest = ledger.latest_edition()
            state = proceedings(workspace, ledger, moment)
            basis, contents = basis_of(state, ledger, inputs)
    return _Looked(state, basis, contents, latest)


def _draft(looked: _Looked) -> Published:
    results = as_edition(looked.state, looked.basis, 0)
    printed = print_files(_DRAFT, results, looked.workspace, looked.state.now)
    files = [(one.kind, _lay(looked.workspace, one.name, one.data)[0]) for one in printed]
    failures = tuple(f for one in printed for f in one.failures)
    return Published(results, files[0][1], files=tuple(files), failures=failures)


def _frozen(
    looked: _Looked, wanted: Iterable[FileKind], draw: Draw | None
) -> tuple[Edition, list[Printed]] | None:
    """Freeze the next edition; None where another process has frozen one meanwhile."""
    workspace, before = looked.workspace, looked.latest.number if looked.latest else 0
    inputs = {(i.kind, i.name): looked.contents[i.sha256] for i in looked.basis.inputs}
    demand_unchanged(workspace, inputs)
    results = as_edition(looked.state, looked.basis, before + 1)
    printed = print_files(wanted, results, workspace, looked.state.now, draw)
    _keep_all(workspace, looked.contents.values(), printed)
    files = _on_record(printed, before + 1, looked.state.now)
    with open_ledger(workspace.ledger_path) as ledger, ledger.transaction():
        latest = ledger.latest_edition()
        if (latest.number if latest else 0) != before:
            return None
        head, basis = looked.basis.head, looked.basis.to_json()
        made = ledger.freeze(before + 1, basis, head, looked.state.now)
        for file in files:
            ledger.file(file)
    return made, printed


def _made(printed: Iterable[Printed]) -> list[Printed]:
    return [one for one in printed if one.problem is None]


def _keep_all(workspace: Workspace, contents: Iterable[bytes], printed: Iterable[Printed]) -> None:
    for data in (*contents, *(one.data for one in _made(printed))):
        keep(workspace.archive, data)


def _on_record(printed: Iterable[Printed], edition: int, moment: datetime) -> list[EditionFile]:
    """Return what the ledger will say of files; before it is locked, since workbooks are read for it."""
    digests = [(one, hashlib.sha256(one.data).hexdigest()) for one in _made(printed)]
    return [
        EditionFile(edition, one.kind, one.name, sha256, len(one.data), one.cells, moment)
        for one, sha256 in digests
    ]


def _completed(
    looked: _Looked, edition: Edition, wanted: Iterable[FileKind], draw: Draw | None
) -> list[Printed]:
    """Add to an edition the files that it has not got yet, made from its own basis."""
    workspace = looked.workspace
    with open_ledger(workspace.ledger_path) as ledger:
        there = files_by_kind(ledger.edition_files(edition.number))
        lacking = [kind for kind in wanted if kind not in there]
        results = reopen(workspace, ledger, edition.number).results if lacking else None
    if results is None:
        return []
    printed = print_files(lacking, results, workspace, edition.frozen_at, draw)
    _keep_all(workspace, (), printed)
    files = _on_record(printed, edition.number, looked.state.now)
    with open_ledger(workspace.ledger_path) as ledger, ledger.transaction():
        there = files_by_kind(ledger.edition_files(edition.number))
        for file in files:
            if file.kind not in there:  # else another process was quicker: its bytes win
                ledger.file(file)
    return printed


@dataclass(frozen=True, slots=True)
class Relaid:
    """The files of an edition, as they were frozen: all of them by kind, and which had to be written."""

    files: tuple[tuple[FileKind, Path], ...]
    restored: tuple[Path, ...]


def lay_again(workspace: Workspace, edition: int) -> Relaid:
    """Lay the frozen files of an edition, however old, into `reports/` again; nothing is recorded.

    Raises:
        NoEditionError: there is no such edition.
        ContentError: the archive has lost one of its files.
        TargetInUseError: a file is open in another program.
        LedgerError, OSError: see `publish`.
    """
    with open_ledger(workspace.ledger_path) as ledger:
        if ledger.edition(edition) is None:
            raise NoEditionError(edition)
        there = files_by_kind(ledger.edition_files(edition))
    return _relaid(workspace, there)


def _relaid(workspace: Workspace, there: Mapping[str, EditionFile]) -> Relaid:
    wanted = [there[kind] for kind in FileKind if kind in there and kind.is_laid_out]
    contents = [
        kept(workspace.archive, file.sha256) for file in wanted
    ]  # all of them, or nothing is done
    laid = [_lay(workspace, file.name, data) for file, data in zip(wanted, contents, strict=True)]
    files = tuple((FileKind(file.kind), path) for file, (path, _) in zip(wanted, laid, strict=True))
    return Relaid(files, tuple(path for path, changed in laid if changed))


# --- laying the frozen files there -----------------------------------------------------------------


def _laid(
    looked: _Looked,
    edition: Edition,
    printed: Sequence[Printed],
    *,
    new: bool,
) -> Published:
    """Lay the frozen files into `reports/`: their bytes win over whatever stands there."""
    workspace = looked.workspace
    with open_ledger(workspace.ledger_path) as ledger:
        there = files_by_kind(ledger.edition_files(edition.number))
    laid = _relaid(workspace, there)
    files = dict(laid.files)
    fresh = {files[one.kind] for one in printed if one.kind in files}
    restored = tuple(path for path in laid.restored if path not in fresh)
    results = as_edition(looked.state, basis_from_json(edition.basis), edition.number)
    failures = tuple(f for one in printed for f in one.failures)
    problems = tuple(one.problem for one in printed if one.problem)
    path = files[FileKind.WORKBOOK]
    return Published(results, path, edition.number, new, laid.files, restored, failures, problems)


def _lay(workspace: Workspace, name: str, data: bytes) -> tuple[Path, bool]:
    """Write a file unless it stands there so already; tell whether it was written."""
    path = workspace.reports / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_bytes() == data:
        return path, False
    try:
        write_whole(path, data)
    except PermissionError as error:
        if error.filename2 is None:  # not the renaming: nothing may be written into this folder
            raise
        raise TargetInUseError(path) from error
    return path, True
