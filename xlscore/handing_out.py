"""Hand the issued scorecards out (phát hành phiếu): into the units' folders, or as drafts of letters.

Only what is new goes out: what a channel has taken to a target stands in the ledger, from the moment
that it is written. Killed between the two, the next run finds the file and records it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count
from pathlib import Path

from xlscore.campaign import Unit
from xlscore.drafts import LETTERS, Draft, Problem, Reason, addresses, drop_folder, write_draft
from xlscore.durable import write_whole
from xlscore.identity import SCORECARD, Token, identify, sign
from xlscore.issuing import DIGEST_DIGITS, Form, Press, forms
from xlscore.ledger import Issue, Ledger
from xlscore.letter_texts import release_values
from xlscore.mail import Attachment
from xlscore.overlaps import is_within
from xlscore.reasons import Words, of_system
from xlscore.text import is_safe_name
from xlscore.workbooks.package import PackageError, read_package
from xlscore.workbooks.returns import token_texts
from xlscore.workspace import Workspace

_DRAFTS = "phat-hanh"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AGAIN = "released-again"

Progress = Callable[[int, int], None]


class Channel(StrEnum):
    """How forms reach the units: `folders` of a share, or drafts of letters (`mail`)."""

    FOLDERS = "folders"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Way:
    """How to hand out.

    Attributes:
        target: the folder that holds the units' folders, or `_thu/`; the outbox by default.
        again: also what went out before; a file that somebody may be filling stays.
    """

    channel: Channel
    target: Path | None = None
    again: bool = False


class TargetError(Exception):
    """A target where nothing may be handed out; `words` say why in Vietnamese and in English."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words

    def __str__(self) -> str:
        return self.words[1]


@dataclass(frozen=True, slots=True)
class Handed:
    """Forms that one unit was given.

    Attributes:
        path: the file in the unit's folder, or the draft.
        target: the unit's folder, or its addresses: together with the serial what the ledger keeps.
        found: whether the form was there already, perhaps being filled, and was left as it is.
        kept: name of another file that stands where the form would have gone, or empty.
    """

    unit: str
    serials: tuple[int, ...]
    path: Path
    target: str
    found: bool = False
    kept: str = ""


@dataclass
class Released:
    """What one run handed out; `left` are (unit, serial) of what had gone out before."""

    handed: list[Handed] = field(default_factory=list)
    left: list[tuple[str, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def release(
    workspace: Workspace,
    ledger: Ledger,
    way: Way,
    now: datetime,
    *,
    units: Sequence[Unit] | None = None,
    progress: Progress | None = None,
) -> Released:
    """Hand out the scorecards in force that the channel has not yet taken to the units.

    Args:
        units: whose; of all that take part by default.

    Raises:
        TargetError: the target lies in the inbox.
        LetterTextError: the office's own text cannot be used; nothing went out.
        KeysError: the keys that the forms were signed with are gone or damaged.
        LedgerError: the ledger cannot be used.
        OSError: the target is not there or cannot be made.
    """
    chosen = list(workspace.campaign.active.values()) if units is None else units
    counter = _Counter(workspace, ledger, way, now)
    counter.refuse_inbox(chosen)
    for done, unit in enumerate(chosen, 1):
        counter.serve(unit)
        if progress:
            progress(done, len(chosen))
    return counter.done


def _base(workspace: Workspace, target: Path | None) -> Path:
    base = Path(os.path.abspath(target or workspace.outbox))  # noqa: PTH100  `absolute` keeps `..`
    if target is None:
        base.mkdir(parents=True, exist_ok=True)
    elif not base.is_dir():  # made here, it might stand where a share is not mounted
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(base))
    return base


@dataclass(frozen=True, slots=True)
class _Card:
    """A form in force as it lies in `templates/`, proven."""

    issue: Issue
    form: Form
    token: Token
    data: bytes


class _Counter:
    """Serves one unit after the other."""

    def __init__(self, workspace: Workspace, ledger: Ledger, way: Way, now: datetime) -> None:
        self.done = Released()
        self._workspace, self._ledger, self._way, self._now = workspace, ledger, way, now
        self._base = _base(workspace, way.target)
        self._issues: dict[str, list[Issue]] = {}
        for issue in ledger.issues(SCORECARD).values():
            self._issues.setdefault(issue.unit, []).append(issue)
        workspace.require_keys(issued=bool(self._issues))
        self._released = ledger.released(way.channel)
        self._press = Press(workspace)

    def refuse_inbox(self, units: Iterable[Unit]) -> None:
        """Raise TargetError where a form would be taken in as a submission."""
        mailed = self._way.channel is Channel.MAIL
        inbox = self._workspace.inbox
        for folder in [LETTERS] if mailed else [unit.code for unit in units]:
            place = self._base / folder
            if is_within(place, inbox):
                raise TargetError((
                    f"{place} nằm trong hộp nhận: phiếu ở đó sẽ bị thu; chọn thư mục khác",
                    f"{place} lies in the inbox, which would take the forms in; choose another",
                ))  # fmt: skip

    def serve(self, unit: Unit) -> None:
        """Hand out what one unit has not been given yet."""
        issues = self._issues.get(unit.code, [])
        if not issues:
            self.done.problems.append(Problem(unit.code, Reason.NOT_ISSUED))
        elif self._way.channel is Channel.MAIL:
            self._write(unit, issues)
        else:
            for issue in issues:
                self._put(unit, issue)

    # --- folders ----------------------------------------------------------------------------------

    def _put(self, unit: Unit, issue: Issue) -> None:
        folder = self._base / unit.code
        target = folder.as_posix()
        if self._went_before([issue], target):
            return
        card = self._card(unit, issue)
        if isinstance(card, Problem):
            self.done.problems.append(card)
            return
        try:
            handed = self._place(folder, card)
        except OSError as error:
            problem = Problem(unit.code, Reason.NOT_WRITTEN, str(folder), of_system(error))
            self.done.problems.append(problem)
        else:
            self._record(handed)

    def _place(self, folder: Path, card: _Card) -> Handed:
        """Put a form into a folder, under a further name where another file has its own."""
        folder.mkdir(exist_ok=True)
        path = next(path for name in _names(card) if self._may_stand(path := folder / name, card))
        if not (found := path.exists()):
            write_whole(path, card.data)
        usual = card.form.path.name
        kept = "" if path.name == usual else usual
        unit, serials = card.issue.unit, (card.issue.serial,)
        return Handed(unit, serials, path, folder.as_posix(), found, kept)

    def _may_stand(self, path: Path, card: _Card) -> bool:
        """Whether a form may have this place: nothing is there, or the form itself."""
        if not path.exists() or path.read_bytes() == card.data:
            return True
        return not self._way.again and self._token(path) == card.token

    # --- letters ------------------------------------------------------------------------------------

    def _write(self, unit: Unit, issues: Sequence[Issue]) -> None:
        """Write the draft with all the unit's cards: one that was not sent yet is never cut short."""
        target = ", ".join(sorted(addresses(unit)))
        if target and self._went_before(issues, target):
            return
        found = [self._card(unit, issue) for issue in issues]
        problems = [one for one in found if isinstance(one, Problem)]
        cards = [one for one in found if isinstance(one, _Card)]
        path = self._base / LETTERS / _DRAFTS / f"{unit.code}.eml"
        if not problems:
            draft = self._draft(unit, cards, path)
            failed = write_draft(self._workspace, unit, draft, self._now)
            problems = [failed] if failed else []
        if problems:
            self.done.problems += problems
        else:
            self._record(Handed(unit.code, tuple(i.serial for i in issues), path, target))

    def _draft(self, unit: Unit, cards: Sequence[_Card], path: Path) -> Draft:
        files = tuple(Attachment(_attached(card), card.data, _XLSX) for card in cards)
        every = self._ledger.every_issue(unit.code)
        said = [f"{_attached(card)}: {self._said(unit, card.issue, every)}" for card in cards]
        folder = drop_folder(self._workspace, unit)
        values = release_values(self._workspace.campaign, unit, folder, said)
        serials = " ".join(str(card.issue.serial) for card in cards)
        return Draft(path, "release", values, f"{unit.code} {serials}", files)

    def _said(self, unit: Unit, issue: Issue, every: Iterable[Issue]) -> str:
        """Say which form counts, and which ones it takes the place of."""
        roles = self._workspace.campaign.rubric(unit).roles
        role = f" ({roles.get(issue.role, issue.role)})" if issue.role else ""
        old = [
            str(other.serial)
            for other in every
            if other.revoked and (other.role == issue.role or not (other.role and issue.role))
        ]
        instead = f", thay cho phiếu số {', '.join(old)} không còn hiệu lực" if old else ""
        return f"Phiếu tự chấm điểm số {issue.serial}{role}{instead}"

    # --- what both do -------------------------------------------------------------------------------

    def _went_before(self, issues: Sequence[Issue], target: str) -> bool:
        """Whether there is nothing to do; then it is noted as left."""
        went = all((issue.serial, target) in self._released for issue in issues)
        if self._way.again or not went:
            return False
        self.done.left += [(issue.unit, issue.serial) for issue in issues]
        return True

    def _record(self, handed: Handed) -> None:
        pairs = [(serial, handed.target) for serial in handed.serials]
        new = self._ledger.release(self._way.channel, pairs, self._now)
        if old := [list(pair) for pair in pairs if pair not in new]:
            body = {"channel": str(self._way.channel), "forms": old}
            self._ledger.event(self._now, _AGAIN, body)
        self.done.handed.append(handed)

    def _card(self, unit: Unit, issue: Issue) -> _Card | Problem:
        """Return the form in force, if the file in `templates/` is that and nothing else."""
        workspace, by_role = self._workspace, bool(issue.role)
        named = {form.role: form for form in forms(workspace, [unit], by_role=by_role)}
        form = named.get(issue.role)
        digest = workspace.campaign.rubric(unit).form_digest[:DIGEST_DIGITS]
        if form is None or issue.digest != digest:
            return Problem(unit.code, Reason.OLD_RUBRIC, by_role=by_role)
        campaign, ring = workspace.campaign.settings.id, workspace.keys.ring
        token = Token(campaign, SCORECARD, unit.code, issue.serial, digest, issue.role)
        data = self._press.print(form, issue.serial, sign(token, ring))
        reason = self._wrong(form.path, data, token)
        if reason is not None:
            return Problem(unit.code, reason, str(form.path), by_role=by_role)
        return _Card(issue, form, token, data)

    def _wrong(self, path: Path, data: bytes, token: Token) -> Reason | None:
        """Return why a file may not be handed out as the form that `data` is."""
        try:
            if path.read_bytes() == data:
                return None
        except OSError:
            return Reason.NO_FILE
        return Reason.CHANGED if self._token(path) == token else Reason.ANOTHER_FORM

    def _token(self, path: Path) -> Token | None:
        """Return which form a file is, if it is any."""
        try:
            return identify(token_texts(read_package(path)), self._workspace.keys.ring).token
        except (PackageError, OSError):
            return None


def _names(card: _Card) -> Iterator[str]:
    """Yield the names a form may have in its unit's folder, the usual one first."""
    path = card.form.path
    yield path.name
    further = f"{path.stem}-so-{card.issue.serial}"
    yield f"{further}{path.suffix}"
    yield from (f"{further}-{number}{path.suffix}" for number in count(2))


def _attached(card: _Card) -> str:
    """Return a form's name in a letter; long codes of unit and role make one that mails cannot carry."""
    name = card.form.path.name
    return name if is_safe_name(name) else f"phieu-so-{card.issue.serial}.xlsx"
