"""What there is to hand out of one kind of form, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from xlscore.drafts import Addressee, Problem
from xlscore.identity import Token, identify
from xlscore.ledger import Issue
from xlscore.workbooks.package import PackageError, read_package
from xlscore.workbooks.returns import token_texts
from xlscore.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Ready:
    """A form in force as it lies in `templates/`, proven.

    Attributes:
        name: of its file where it is handed out.
    """

    issue: Issue
    token: Token
    data: bytes
    name: str


class Source(Protocol):
    """The forms of one kind."""

    @property
    def letter(self) -> str:
        """Name of the letter's text that goes with them."""

    @property
    def drafts(self) -> str:
        """What the names of drafts begin with, so that kinds do not replace each other."""

    @property
    def recipients(self) -> Sequence[Addressee]:
        """Whom forms go to; of those, one without any is a problem."""

    def issues(self, code: str) -> Sequence[Issue]:
        """Return the forms in force of one recipient."""

    def not_issued(self, code: str) -> Problem:
        """Say that a recipient has no form."""

    def ready(self, to: Addressee, issue: Issue) -> Ready | Problem:
        """Return a form, if the file in `templates/` is that and nothing else."""

    def values(self, to: Addressee, folder: str, forms: Mapping[str, Ready]) -> dict[str, str]:
        """Return what the letter names; `forms` by the name that they are attached under."""


def token_of(workspace: Workspace, path: Path) -> Token | None:
    """Return which form a file is, if it is any."""
    try:
        return identify(token_texts(read_package(path)), workspace.keys.ring).token
    except (PackageError, OSError):
        return None
