"""The plugin contract: one function per hook; `docs/plugins.md` tells each one's whole contract."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether an incoming return counts in place of the one that counted before, and why."""

    counts: bool
    why: str = ""


class Fate(StrEnum):
    """What became of a letter that was handed over.

    `uncertain`: nobody knows whether it will arrive; a person decides, it is never sent again by itself.
    """

    DONE = "done"
    LATER = "later"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a carrier says of one letter; `why` is shown to the operator and kept in the ledger."""

    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter to be delivered.

    Attributes:
        data: the whole message, CRLF and 7-bit, the same at every attempt.
        sender, recipient: bare addresses for the envelope; without `mail.sender` the former is empty.
        message_id: the same at every attempt, so that a carrier may know what it has had.
        attempt: from 1.
    """

    data: bytes
    sender: str
    recipient: str
    subject: str
    message_id: str
    attempt: int


hookspec = pluggy.HookspecMarker("xlscore")
hookimpl = pluggy.HookimplMarker("xlscore")

HOOK_API_VERSION = 1
"""Raised when a hook's arguments or result change in a way that a plugin must follow."""


@hookspec
def xlscore_scoring_methods() -> Iterable[type[Any]]:
    """Return scoring method classes (`xlscore.methods.base.Method`)."""
    raise NotImplementedError


@hookspec(firstresult=True)
def xlscore_load_rubric(path: Path) -> Any:
    """Return a rubric document read from another format, or None when `path` is not yours."""


@hookspec
def xlscore_check(submission: Any, layout: Any, unit: Any, campaign: Any) -> Iterable[Any]:
    """Return further findings on one checked return."""
    raise NotImplementedError


@hookspec(firstresult=True)
def xlscore_decide(previous: Any, incoming: Any, campaign: Any) -> Choice | None:
    """Return whether `incoming` counts in place of `previous` (None at first); None if not yours."""


@hookspec
def xlscore_ranking_remarks(results: Any) -> Iterable[str]:
    """Return sentences for the first page of the ranking workbook."""
    raise NotImplementedError


@hookspec
def xlscore_ranking_columns(results: Any) -> Iterable[Any]:
    """Return further columns of the ranking sheets."""
    raise NotImplementedError


@hookspec
def xlscore_ranking_sheets(book: Any, results: Any) -> None:
    """Add further sheets to the ranking workbook."""


@hookspec(firstresult=True)
def xlscore_deliver(message: Outgoing) -> Delivery | None:
    """Deliver one letter and return what became of it; None if it is not yours."""


@hookspec
def xlscore_commands(cli: Any) -> None:
    """Add further commands to the command line."""
