"""The plugin contract: one function per hook; `docs/plugins.md` tells each one's whole contract."""

from __future__ import annotations

from dataclasses import dataclass
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
def xlscore_ranking_columns(results: Any) -> Iterable[Any]:
    """Return further columns of the ranking sheets."""
    raise NotImplementedError


@hookspec
def xlscore_ranking_sheets(book: Any, results: Any) -> None:
    """Add further sheets to the ranking workbook."""


@hookspec
def xlscore_commands(cli: Any) -> None:
    """Add further commands to the command line."""
