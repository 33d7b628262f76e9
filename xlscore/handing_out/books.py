"""Forms of the other kinds to hand out: what lies below `templates/` is known by its token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from xlscore.drafts import Addressee, Problem, Reason, Recipient
from xlscore.handing_out.sources import Ready, token_of
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_SHEET, SURVEY, Token
from xlscore.issuing import SUPERSEDED
from xlscore.ledger import Issue, Ledger
from xlscore.letter_texts import book_values
from xlscore.pages.book_words import BOOKS
from xlscore.workspace import Workspace

FOLDERS: Mapping[str, str] = {
    APPRAISAL: "tham-dinh",
    REPLY: "phan-hoi",
    COUNCIL: "hoi-dong",
    SURVEY: "dieu-tra",
    RESULT_SHEET: "ket-qua",
}
"""Where the issued forms of each kind lie below `templates/`; their names begin so when they go out."""


class Books:
    """The forms in force of one kind and round; of several about one subject the newest."""

    def __init__(
        self,
        workspace: Workspace,
        ledger: Ledger,
        kind: str,
        round_: int,
        chosen: Sequence[str] | None,
    ) -> None:
        """Look up what was issued.

        Args:
            chosen: codes of those to be served; everybody who has a form by default.
        """
        self._workspace, self._kind, self._round = workspace, kind, round_
        self._issues: dict[str, list[Issue]] = {}
        for issue in ledger.issues(kind, round_).values():
            self._issues.setdefault(self._addressee(issue.unit).code, []).append(issue)
        workspace.require_keys(issued=bool(self._issues))
        codes = list(self._issues) if chosen is None else chosen
        self.recipients: Sequence[Addressee] = [self._addressee(code) for code in codes]
        self.letter = f"release-{kind}"
        self.drafts = f"{self._prefix}-"

    def issues(self, code: str) -> Sequence[Issue]:
        """Return the forms that go to a unit or an agency.

        A part of a book that is parted otherwise by now lies in `cu/`, and its successors in its place.
        """
        issues = self._issues.get(code, [])
        return [issue for issue in issues if not self._is_aside(issue)] or issues

    def not_issued(self, code: str) -> Problem:
        """Say that there is none."""
        return self._problem(code, Reason.NOT_ISSUED)

    def ready(self, to: Addressee, issue: Issue) -> Ready | Problem:
        """Return a form, if the file in `templates/` says that it is the one in force."""
        token = self._token(issue)
        path = self._files.get(token)
        if path is None:
            same = {(issue.unit, issue.role)} & {(t.unit, t.role) for t in self._files}
            reason = Reason.ANOTHER_FORM if same else Reason.NO_FILE
            return self._problem(to.code, reason, str(self._folder))
        try:
            data = path.read_bytes()
        except OSError:
            return self._problem(to.code, Reason.NO_FILE, str(path))
        role = f"__{issue.role}" if issue.role else ""
        return Ready(issue, token, data, f"{self._prefix}-{issue.unit}{role}.xlsx")

    def values(self, to: Addressee, folder: str, forms: Mapping[str, Ready]) -> dict[str, str]:
        """Return what the letter names."""
        title = BOOKS[self._kind].of_round(self._round)
        said = [f"{name}: {title} số {form.issue.serial}" for name, form in forms.items()]
        return book_values(self._workspace.campaign, to, self._kind, self._round, folder, said)

    def _problem(self, code: str, reason: Reason, file: str = "") -> Problem:
        return Problem(code, reason, file, kind=self._kind, round=self._round)

    def _addressee(self, subject: str) -> Addressee:
        """Return who fills in the form about a subject; the coordinator what is about all units."""
        campaign = self._workspace.campaign
        if self._kind in {REPLY, RESULT_SHEET} and subject in campaign.units:
            return campaign.units[subject]
        leader = campaign.settings.appraisal.leader
        code = leader if self._kind in {SURVEY, COUNCIL} else subject
        agency = campaign.agencies.get(code)
        return Recipient(code, agency.title, agency.email) if agency else Recipient(code, code)

    def _token(self, issue: Issue) -> Token:
        campaign = self._workspace.campaign.settings.id
        return Token(
            campaign, self._kind, issue.unit, issue.serial, issue.digest, issue.role, self._round
        )

    def _is_aside(self, issue: Issue) -> bool:
        token = self._token(issue)
        return token not in self._files and token in self._superseded

    @property
    def _prefix(self) -> str:
        name = FOLDERS[self._kind]
        return f"{name}-lan-{self._round}" if BOOKS[self._kind].in_rounds else name

    @property
    def _folder(self) -> Path:
        return self._workspace.templates / FOLDERS[self._kind]

    @cached_property
    def _files(self) -> Mapping[Token, Path]:
        """The issued workbooks by what they say they are; what was superseded is left out."""
        return self._found(superseded=False)

    @cached_property
    def _superseded(self) -> Mapping[Token, Path]:
        return self._found(superseded=True)

    def _found(self, *, superseded: bool) -> Mapping[Token, Path]:
        found: dict[Token, Path] = {}
        for path in sorted(self._folder.rglob("*.xlsx")):
            if (SUPERSEDED in path.relative_to(self._folder).parts) is not superseded:
                continue
            if (token := token_of(self._workspace, path)) is not None:
                found.setdefault(token, path)
        return found
