"""`accept`, `void`, `assign`, `waive`: what only a person can decide, each with reason and name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xlscore.cli.common import USAGE, campaign_option, fail, open_campaign, print_findings, say
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.deciding import Said
    from xlscore.ledger import Ledger, Recorded
    from xlscore.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


def _said_options(command: Command) -> Command:
    command = click.option(
        "--by", metavar="WHO", help="Who decides; whoever is logged on by default."
    )(command)
    return click.option(
        "--reason", required=True, metavar="TEXT", help="Why; it is kept for ever."
    )(command)


@click.command(short_help="Let a refused return or a draft count, or set when it arrived.")
@campaign_option
@click.argument("number", type=click.IntRange(min=1))
@_said_options
@click.option("--received", metavar="TIME", help="When it arrived, such as 2026-12-15T16:30.")
def accept(folder: Path, number: int, reason: str, by: str | None, received: str | None) -> None:
    """Let arrival NUMBER count although it was refused or not ticked as complete.

    Findings whose values are there are waived for this return. With --received only the time of its
    arrival is set. NUMBER stands on the receipt and in “xlscore history UNIT”.
    """
    from xlscore import deciding

    with _deciding(folder, reason, by) as (workspace, ledger, said):
        if received is not None:
            moment = _moment(received, workspace)
            deciding.set_received(ledger, number, moment, said)
            say(
                _(
                    "Arrival {number} counts as received {received}.",
                    number=number,
                    received=f"{moment:%d/%m/%Y %H:%M}",
                )
            )
        else:
            _tell(deciding.accept(workspace, ledger, number, said))
        _write_out(workspace, ledger)


@click.command(short_help="Let a return count no more.")
@campaign_option
@click.argument("number", type=click.IntRange(min=1))
@_said_options
@click.option("--undo", is_flag=True, help="Let it count again.")
def void(folder: Path, number: int, reason: str, by: str | None, undo: bool) -> None:
    """Let arrival NUMBER count no more; what counted before it counts again. Nothing is deleted."""
    from xlscore import deciding

    with _deciding(folder, reason, by) as (workspace, ledger, said):
        if undo:
            deciding.restore(ledger, number, said)
            say(_("Arrival {number} counts again as if it had never been void.", number=number))
        else:
            deciding.void(ledger, number, said)
            say(_("Arrival {number} no longer counts.", number=number))
        _write_out(workspace, ledger)


@click.command(short_help="Say whose form an unidentified file is.")
@campaign_option
@click.argument("number", type=click.IntRange(min=1))
@click.argument("unit")
@click.option("--role", default="", metavar="ROLE", help="Whose card it is, of several.")
@_said_options
def assign(folder: Path, number: int, unit: str, role: str, reason: str, by: str | None) -> None:
    """Say that arrival NUMBER, which does not say so itself, is the form of UNIT."""
    from xlscore import deciding

    with _deciding(folder, reason, by) as (workspace, ledger, said):
        _tell(deciding.assign(workspace, ledger, number, unit, role, said))
        _write_out(workspace, ledger)


@click.command(short_help="Waive a finding of a unit, with a reason.")
@campaign_option
@click.argument("unit")
@click.argument("code")
@click.argument("row", default="")
@_said_options
@click.option("--undo", is_flag=True, help="Take the waiver back.")
def waive(
    folder: Path, unit: str, code: str, row: str, reason: str, by: str | None, undo: bool
) -> None:
    """Waive finding CODE of UNIT, on ROW (its id, or its number) or on all rows, from now on."""
    from xlscore import deciding

    with _deciding(folder, reason, by) as (workspace, ledger, said):
        if undo:
            deciding.unwaive(ledger, unit, code, row, said)
            say(_("The waiver of {code} for {unit} is taken back.", code=code, unit=unit))
        else:
            again = deciding.waive(workspace, ledger, unit, code, row, said)
            say(_("{code} is waived for {unit}.", code=code, unit=unit))
            for recorded in again:
                _tell(recorded)
        _write_out(workspace, ledger)


@contextmanager
def _deciding(
    folder: Path, reason: str, by: str | None
) -> Iterator[tuple[Workspace, Ledger, Said]]:
    """Open campaign and ledger for a decision; what stands in its way is told."""
    from xlscore.deciding import DecisionError, Said
    from xlscore.ledger import open_ledger
    from xlscore.sentinel import this_user

    workspace = open_campaign(folder)
    said = Said(reason.strip(), (by or this_user()).strip(), datetime.now(UTC))
    with open_ledger(workspace.ledger_path) as ledger:
        try:
            yield workspace, ledger, said
        except DecisionError as error:
            print_findings(error.findings, "  ", err=True)
            fail(_("Not decided: {why}.", why=_(error.refusal.value)), USAGE)


def _tell(recorded: Recorded) -> None:
    say(
        _(
            "{file} is version {version} of {unit}: {status}",
            file=recorded.file,
            version=recorded.version,
            unit=recorded.unit,
            status=_(recorded.status.value),
        )
    )
    print_findings(recorded.findings, "  ")


def _write_out(workspace: Workspace, ledger: Ledger) -> None:
    """Write the receipts that the decision has caused."""
    from xlscore.delivering import deliver

    deliver(workspace, ledger, datetime.now(UTC))


def _moment(text: str, workspace: Workspace) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(_("“{entered}” is no time; write it like 2026-12-15T16:30.", entered=text), USAGE)
    return moment if moment.tzinfo else moment.replace(tzinfo=workspace.campaign.zone)
