"""What all commands share: the campaign option, opening a campaign, printing, exit codes."""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from xlscore import i18n
from xlscore.findings import Finding, Severity, message
from xlscore.i18n import _
from xlscore.reasons import of_system

if TYPE_CHECKING:
    from xlscore.campaign import Campaign
    from xlscore.workspace import Workspace

FINE, ATTENTION, USAGE, ENVIRONMENT = 0, 1, 2, 3
"""Exit codes: all well; some need attention; wrong call or campaign; disk, ledger, network, Ctrl+C."""

_WIDE = 200
_SHOWN = 12
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}

NUMBER = click.IntRange(1, 2**63 - 1)
"""A number of the ledger: SQLite takes no greater one."""

Command = TypeVar("Command", bound=Callable[..., Any])


def campaign_option(command: Command) -> Command:
    """Add `-C DIR`."""
    return click.option(
        "-C",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path(),
        metavar="DIR",
        help="Campaign folder (the one with campaign.yaml); the current folder by default.",
    )(command)


def json_option(command: Command) -> Command:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON (see docs/json.md).")(
        command
    )


def open_campaign(folder: Path) -> Workspace:
    """Open the campaign and speak its language.

    Raises:
        WorkspaceError: it has errors; `guarded` tells them.
    """
    from xlscore.workspace import open_workspace

    workspace = open_workspace(folder)
    i18n.use(_forced_language() or workspace.campaign.settings.language)
    print_findings(workspace.warnings, err=True)
    for failure in workspace.plugins.failures:
        warn(_("Plugin “{name}” is not used: {error}", name=failure.plugin, error=failure.error))
    return workspace


def _forced_language() -> str:
    context = click.get_current_context(silent=True)
    return (context.find_root().params.get("language") or "") if context else ""


def say(text: str = "") -> None:
    """Print one line for people."""
    click.echo(text)


def warn(text: str) -> None:
    """Print one line about trouble to the error stream."""
    click.echo(click.style(text, fg="yellow"), err=True)


def fail(text: str, code: int) -> NoReturn:
    """Leave with a message and an exit code."""
    click.echo(click.style(text, fg="red"), err=True)
    sys.exit(code)


def know(names: Iterable[str], known: Collection[str], template: str) -> None:
    """Leave with the known names where one of `names` is not among them."""
    for name in names:
        if name not in known:
            fail(template.format(name=name, known=_first(known)), USAGE)


def _first(names: Collection[str]) -> str:
    shown = ", ".join(list(names)[:_SHOWN])
    return f"{shown} …" if len(names) > _SHOWN else shown


def know_tiers(campaign: Campaign, tiers: Iterable[str]) -> None:
    """Leave with the campaign's tiers where one of `tiers` is not among them."""
    known = campaign.settings.tiers
    know(tiers, known, _("There is no tier “{name}”. Known: {known}."))


def print_json(data: Any) -> None:
    """Print JSON, readable, with Vietnamese letters as they are."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def print_findings(findings: Iterable[Finding], indent: str = "", *, err: bool = False) -> None:
    """Print findings, one a line, code first; `err` where they are not what was asked for."""
    for found in findings:
        code = click.style(found.code, fg=_COLOURS[found.severity])
        click.echo(f"{indent}{code} {message(found, i18n.language())}", err=err)


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
) -> None:
    """Print a table; in a pipe it is as wide as it needs to be."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place in right else "left")
    for row in rows:
        table.add_row(*row)
    # Names of units are only text: no markup, no emoji, no colours for what looks like a number.
    width = None if Console().is_terminal else _WIDE
    Console(width=width, markup=False, emoji=False, highlight=False).print(table)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function (what, done, total) that draws bars on a terminal and is quiet elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, Any] = {}

        def draw(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield draw


@contextmanager
def guarded() -> Iterator[None]:
    """Turn what went wrong into a message and an exit code; no traceback ever reaches a user."""
    try:
        yield
    except (click.exceptions.Exit, click.exceptions.Abort, click.ClickException, BrokenPipeError):
        raise  # click ends these as they should: a closed pipe (`| head`) is nobody's fault
    except KeyboardInterrupt:
        interrupted()
    except Exception as error:  # noqa: BLE001  a user never sees a traceback
        _leave(error)


def interrupted() -> NoReturn:
    """Leave because somebody asked to (Ctrl+C), or because a question got no answer."""
    fail(_("Interrupted. What is recorded stays; run the command again to go on."), ENVIRONMENT)


def _leave(error: Exception) -> NoReturn:
    from xlscore.workspace import WorkspaceError

    if isinstance(error, WorkspaceError):
        print_findings(error.findings, err=True)
        sys.exit(USAGE)
    fail(error_words(error), ENVIRONMENT)


def error_words(error: Exception) -> str:
    """Say what went wrong, and what to do, in the user's language."""
    from xlscore.ledger import LedgerError
    from xlscore.workspace import KeysError

    if isinstance(error, LedgerError):
        return _("The ledger cannot be used: {what}", what=error)
    if isinstance(error, KeysError):
        return _(
            "The signing keys {place} are gone or damaged, so that no form can be recognised:"
            " restore them from a backup. Nothing was recorded.",
            place=error,
        )
    return _os_error(error) if isinstance(error, OSError) else _unexpected(error)


def _os_error(error: OSError) -> str:
    place = str(error.filename or "")
    if isinstance(error, PermissionError):
        return _(
            "“{place}” cannot be opened or written: close it in Excel, check the permission.",
            place=place,
        )
    if isinstance(error, FileNotFoundError):
        return _("“{place}” does not exist.", place=place)
    if isinstance(error, FileExistsError):
        return _("“{place}” exists already.", place=place)
    reason = of_system(error)[0 if i18n.language() == "vi" else 1]
    if not place:  # a full disk is found out in the middle of a file that is open already
        return _(
            "Nothing more can be written or read: {what}. What is recorded stays; put it right and run"
            " the command again.",
            what=reason,
        )
    return _("“{place}”: {what}", place=place, what=reason)


def _unexpected(error: Exception) -> str:
    stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    log = Path(tempfile.gettempdir()) / f"xlscore-{stamp}.log"
    try:
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        log = Path("-")
    return _("An unexpected error: {what}. Please send the file {log} to the maintainers.",
              what=f"{type(error).__name__}: {error}", log=log)  # fmt: skip
