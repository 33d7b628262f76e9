"""The counter: one recipient is served after the other, whatever kind of form is handed out."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

from xlscore.campaign import Unit
from xlscore.drafts import (
    LETTERS,
    Addressee,
    Draft,
    Problem,
    Reason,
    addresses,
    drop_folder,
    write_draft,
)
from xlscore.durable import write_whole
from xlscore.handing_out.books import Books
from xlscore.handing_out.scorecards import Scorecards
from xlscore.handing_out.sources import Ready, Source, token_of
from xlscore.handing_out.ways import Channel, Handed, Released, TargetError, Way
from xlscore.identity import RESULT_SHEET, SCORECARD
from xlscore.ledger import Issue, Ledger
from xlscore.mail import Attachment
from xlscore.overlaps import is_within
from xlscore.pages.book_words import BOOKS
from xlscore.reasons import of_system
from xlscore.text import is_safe_name
from xlscore.workspace import Workspace

_DRAFTS = "phat-hanh"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AGAIN = "released-again"

Progress = Callable[[int, int], None]


def release(
    workspace: Workspace,
    ledger: Ledger,
    way: Way,
    now: datetime,
    *,
    units: Sequence[Unit | str] | None = None,
    progress: Progress | None = None,
) -> Released:
    """Hand out the forms in force that the channel has not yet taken to those who fill them.

    Args:
        units: whose, units or codes of agencies; of all that take part by default. Of other kinds than
            scorecards, of all that have a form.

    Raises:
        TargetError: the target lies in the inbox.
        LetterTextError: the office's own text cannot be used; nothing went out.
        KeysError: the keys that the forms were signed with are gone or damaged.
        LedgerError: the ledger cannot be used.
        OSError: the target is not there or cannot be made.
    """
    codes = None if units is None else [u.code if isinstance(u, Unit) else u for u in units]
    source: Source
    if way.kind == SCORECARD:
        chosen = workspace.campaign.scored_here if codes is None else codes
        source = Scorecards(workspace, ledger, [workspace.campaign.units[c] for c in chosen])
    else:
        source = Books(workspace, ledger, way.kind, way.round, codes)
    counter = _Counter(workspace, ledger, source, way, now)
    counter.refuse_inbox()
    for done, to in enumerate(source.recipients, 1):
        counter.serve(to)
        if progress:
            progress(done, len(source.recipients))
    return counter.done


def latest_round(workspace: Workspace, ledger: Ledger, kind: str) -> int:
    """Return the last round of which forms of a kind were issued, or 1."""
    rounds = len(workspace.campaign.settings.appraisal.rounds)
    issued = [n for n in range(1, rounds + 1) if ledger.issues(kind, n)]
    return issued[-1] if kind in BOOKS and issued else 1


def _base(workspace: Workspace, target: Path | None) -> Path:
    base = Path(os.path.abspath(target or workspace.outbox))  # noqa: PTH100  `absolute` keeps `..`
    if target is None:
        base.mkdir(parents=True, exist_ok=True)
    elif not base.is_dir():  # made here, it might stand where a share is not mounted
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(base))
    return base


class _Counter:
    """Serves one recipient after the other."""

    def __init__(
        self, workspace: Workspace, ledger: Ledger, source: Source, way: Way, now: datetime
    ) -> None:
        self.done = Released()
        self._workspace, self._ledger, self._source = workspace, ledger, source
        self._way, self._now = way, now
        self._base = _base(workspace, way.target)
        self._released = ledger.released(way.channel)

    def refuse_inbox(self) -> None:
        """Raise TargetError where a form would be taken in as a submission."""
        mailed = self._way.channel is Channel.MAIL
        inbox = self._workspace.inbox
        for folder in [LETTERS] if mailed else [to.code for to in self._source.recipients]:
            place = self._base / folder
            if is_within(place, inbox):
                raise TargetError((
                    f"{place} nằm trong hộp nhận: phiếu ở đó sẽ bị thu; chọn thư mục khác",
                    f"{place} lies in the inbox, which would take the forms in; choose another",
                ))  # fmt: skip

    def serve(self, to: Addressee) -> None:
        """Hand out what one recipient has not been given yet."""
        issues = self._source.issues(to.code)
        if not issues:
            self.done.problems.append(self._source.not_issued(to.code))
        elif self._way.channel is Channel.MAIL:
            self._write(to, issues)
        else:
            for issue in issues:
                self._put(to, issue)

    # --- folders ----------------------------------------------------------------------------------

    def _put(self, to: Addressee, issue: Issue) -> None:
        folder = self._base / to.code
        target = folder.as_posix()
        if self._went_before([issue], target, to):
            return
        form = self._source.ready(to, issue)
        if isinstance(form, Problem):
            self.done.problems.append(form)
            return
        try:
            handed = self._place(folder, form, to)
        except OSError as error:
            problem = Problem(to.code, Reason.NOT_WRITTEN, str(folder), of_system(error))
            self.done.problems.append(problem)
        else:
            self._record(handed)

    def _place(self, folder: Path, form: Ready, to: Addressee) -> Handed:
        """Put a form into a folder, under a further name where another file has its own."""
        folder.mkdir(exist_ok=True)
        path = next(path for name in _names(form) if self._may_stand(path := folder / name, form))
        found = path.exists() and not self._is_outdated(path, form)
        if not found:
            write_whole(path, form.data)
        kept = "" if path.name == form.name else form.name
        return Handed(to.code, (form.issue.serial,), path, folder.as_posix(), found, kept)

    def _may_stand(self, path: Path, form: Ready) -> bool:
        """Whether a form may have this place: nothing is there, the form itself, or an old result."""
        if not path.exists() or path.read_bytes() == form.data or self._is_outdated(path, form):
            return True
        return not self._way.again and token_of(self._workspace, path) == form.token

    def _is_outdated(self, path: Path, form: Ready) -> bool:
        """Whether an earlier result sheet of the same unit stands there: nobody fills those in."""
        if self._way.kind != RESULT_SHEET:
            return False
        there = token_of(self._workspace, path)
        return there is not None and there.unit == form.token.unit and there != form.token

    # --- letters ------------------------------------------------------------------------------------

    def _write(self, to: Addressee, issues: Sequence[Issue]) -> None:
        """Write the draft with all of one's forms: one that was not sent yet is never cut short."""
        target = ", ".join(sorted(addresses(to)))
        if target and self._went_before(issues, target, to):
            return
        found = [self._source.ready(to, issue) for issue in issues]
        problems = [one for one in found if isinstance(one, Problem)]
        forms = [one for one in found if isinstance(one, Ready)]
        path = self._base / LETTERS / _DRAFTS / f"{self._source.drafts}{to.code}.eml"
        if problems:
            self.done.problems += problems
            return
        written = write_draft(self._workspace, to, self._draft(to, forms, path), self._now)
        if isinstance(written, Problem):
            self.done.problems.append(written)
        else:
            self._record(Handed(to.code, tuple(i.serial for i in issues), written, target))

    def _draft(self, to: Addressee, forms: Sequence[Ready], path: Path) -> Draft:
        named = {_attached(form): form for form in forms}
        files = tuple(Attachment(name, form.data, _XLSX) for name, form in named.items())
        values = self._source.values(to, drop_folder(self._workspace, to), named)
        serials = " ".join(str(form.issue.serial) for form in forms)
        return Draft(path, self._source.letter, values, f"{to.code} {serials}", files)

    # --- what both do -------------------------------------------------------------------------------

    def _went_before(self, issues: Sequence[Issue], target: str, to: Addressee) -> bool:
        """Whether there is nothing to do; then it is noted as left."""
        went = all((issue.serial, target) in self._released for issue in issues)
        if self._way.again or not went:
            return False
        self.done.left += [(to.code, issue.serial) for issue in issues]
        return True

    def _record(self, handed: Handed) -> None:
        pairs = [(serial, handed.target) for serial in handed.serials]
        new = self._ledger.release(self._way.channel, pairs, self._now)
        if old := [list(pair) for pair in pairs if pair not in new]:
            body = {"channel": str(self._way.channel), "forms": old}
            self._ledger.event(self._now, _AGAIN, body)
        self.done.handed.append(handed)


def _names(form: Ready) -> Iterator[str]:
    """Yield the names a form may have in a folder, the usual one first."""
    path = Path(form.name)
    yield path.name
    further = f"{path.stem}-so-{form.issue.serial}"
    yield f"{further}{path.suffix}"
    yield from (f"{further}-{number}{path.suffix}" for number in count(2))


def _attached(form: Ready) -> str:
    """Return a form's name in a letter; long codes of unit and role make one that mails cannot carry."""
    return form.name if is_safe_name(form.name) else f"phieu-so-{form.issue.serial}.xlsx"
