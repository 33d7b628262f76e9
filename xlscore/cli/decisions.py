"""`accept`, `void`, `assign`, `waive`: what only a person can decide, each with reason and name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xlscore.cli.common import (
    NUMBER,
    USAGE,
    campaign_option,
    fail,
    open_campaign,
    print_findings,
    say,
    warn,
)
from xlscore.findings import Status
from xlscore.i18n import _
from xlscore.identity import SCORECARD

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
@click.argument("number", type=NUMBER)
@_said_options
@click.option("--received", metavar="TIME", help="When it arrived, such as 2026-12-15T16:30.")
def accept(folder: Path, number: int, reason: str, by: str | None, received: str | None) -> None:
    """Let arrival NUMBER count although it was refused or not ticked as complete.

    Findings whose values are there are waived for this return; the open rows of a card that was not
    ticked are not. With --received only the time of its arrival is set, whether it counts or not.
    NUMBER stands on the receipt and in “xlscore history UNIT”.
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
            _tell_what_counts(workspace, ledger, number)
        else:
            _tell(deciding.accept(workspace, ledger, number, said))
        _write_out(workspace, ledger)


@click.command(short_help="Let a return count no more.")
@campaign_option
@click.argument("number", type=NUMBER)
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
        _tell_what_counts(workspace, ledger, number)
        _write_out(workspace, ledger)


@click.command(short_help="Say whose form an unidentified file is.")
@campaign_option
@click.argument("number", type=NUMBER)
@click.argument("unit")
@click.option("--role", default="", metavar="ROLE", help="Whose card it is, of several.")
@_said_options
def assign(folder: Path, number: int, unit: str, role: str, reason: str, by: str | None) -> None:
    """Say that arrival NUMBER, which does not say so itself, is the form of UNIT.

    This also takes a form that lay in another unit's folder, or that was issued anew since.
    """
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
    """Waive finding CODE of UNIT, on ROW (its id, or its number) or on all rows, from now on.

    The unit's latest refused return is judged again with it. With --undo, returns that were taken under
    the waiver stay; “xlscore void” lets them count no more.
    """
    from xlscore import deciding

    with _deciding(folder, reason, by) as (workspace, ledger, said):
        if undo:
            deciding.unwaive(workspace, ledger, unit, code, row, said)
            say(_("The waiver of {code} for {unit} is taken back.", code=code, unit=unit))
        else:
            waived = deciding.waive(workspace, ledger, unit, code, row, said)
            say(_("{code} is waived for {unit}.", code=code, unit=unit))
            for recorded in waived.counting:
                _tell(recorded)
            for before, findings in waived.refused:
                say(_("Arrival {number} is still refused:", number=before.id))
                print_findings(findings, "  ")
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
            why = _(error.refusal.value, number=error.number)
            fail(_("Not decided: {why}.", why=why), USAGE)


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
    from xlscore.delivering import deliver, tell_contested
    from xlscore.proceedings import proceedings

    state = proceedings(workspace, ledger)
    tell_contested(ledger, state)
    done = deliver(workspace, ledger, state.now, state=state)
    for trouble in (*done.failed, *done.given_up):
        warn(_("Not written: {what}", what=trouble))


def _tell_what_counts(workspace: Workspace, ledger: Ledger, number: int) -> None:
    """Say what counts now of the unit that a decision was about."""
    from xlscore.standing import counting

    about = ledger.submission(number)
    if about is not None and about.kind != SCORECARD:
        _tell_of_book(about)
        return
    if about is None or about.unit not in workspace.campaign.units:
        return
    own = [a for a in ledger.submissions() if a.unit == about.unit]
    chosen = counting(workspace, own).get(about.role)
    if chosen is None:
        say(_("Nothing of {unit} counts now.", unit=about.unit))
    else:
        say(
            _(
                "Version {version} of {unit} counts now (arrival {number}, received {received}).",
                version=chosen.version,
                unit=chosen.unit,
                number=chosen.id,
                received=f"{chosen.received.astimezone(workspace.campaign.zone):%d/%m/%Y %H:%M}",
            )
        )


def _tell_of_book(about: Recorded) -> None:
    """Say what a decision about a book means: it is merged by row, with what came before it."""
    if about.voided:
        say(_("What was said before on its rows, or by others, counts again."))
    elif about.status is Status.VALID:
        say(_("Its rows count, as far as nothing later replaces them."))
    else:
        say(_("Nothing of it counts: it is {status}.", status=_(about.status.value)))


def _moment(text: str, workspace: Workspace) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(_("“{entered}” is no time; write it like 2026-12-15T16:30.", entered=text), USAGE)
    return moment if moment.tzinfo else moment.replace(tzinfo=workspace.campaign.zone)
