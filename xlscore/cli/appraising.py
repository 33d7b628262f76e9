"""`appraise`: the appraisers' workbooks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlscore.cli.common import (
    NUMBER,
    USAGE,
    campaign_option,
    fail,
    know,
    open_campaign,
    progress_bar,
    say,
)
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.issuing import Issued, Progress
    from xlscore.proceedings import Proceedings
    from xlscore.workspace import Workspace

    Export = Callable[[Workspace, Proceedings, Progress], Issued]


@click.group(short_help="Appraisal (thẩm định): workbooks for the agencies.")
def appraise() -> None:
    """Appraise what the units said of themselves (thẩm định)."""


@appraise.command(short_help="Write the agencies' locked workbooks.")
@campaign_option
@click.option(
    "--round", "round_", type=NUMBER, default=1, metavar="N",
    help="Round of appraisal; the first by default.",
)  # fmt: skip
@click.option(
    "--agency",
    "agencies",
    multiple=True,
    metavar="AGENCY",
    help="Only this agency; may be repeated.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Give the coordinating agency every row as well."
)
@click.option(
    "--council", is_flag=True,
    help="Write the council's book instead: the rows in dispute, or with --all every row.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Write again even the forms that are in force.")
def export(
    folder: Path,
    round_: int,
    agencies: tuple[str, ...],
    everything: bool,
    council: bool,
    force: bool,
) -> None:
    """Write one locked workbook per appraising agency into templates/tham-dinh/lan-N/."""
    from xlscore.exporting.appraisal import export_appraisal

    workspace = open_campaign(folder)
    if council:
        if agencies:
            fail(_("The council has one book: leave out --agency."), USAGE)
        _export_council(workspace, everything=everything, force=force)
        return
    settings = workspace.campaign.settings.appraisal
    if round_ > len(settings.rounds):
        fail(_("There is no round {number}: campaign.yaml names {count}.",
               number=round_, count=len(settings.rounds)), USAGE)  # fmt: skip
    known = workspace.campaign.agencies
    know(agencies, known, _("There is no agency “{name}”. Known: {known}."))

    def books(workspace: Workspace, state: Proceedings, progress: Progress) -> Issued:
        return export_appraisal(
            workspace, state, round_, agencies, progress, everything=everything, force=force
        )

    _exported(
        workspace, books, _("Nothing to appraise: no submission counts yet, or no row is open.")
    )


def _export_council(workspace: Workspace, *, everything: bool, force: bool) -> None:
    from xlscore.exporting.council import export_council

    def books(workspace: Workspace, state: Proceedings, progress: Progress) -> Issued:
        return export_council(workspace, state, progress, every=everything, force=force)

    _exported(
        workspace, books, _("Nothing for the council to decide; with --all every row is shown.")
    )


def _exported(workspace: Workspace, books: Export, nothing: str) -> None:
    """Export books from what is on record now, and say which were written."""
    from xlscore.identity import TokenError
    from xlscore.ledger import open_ledger
    from xlscore.proceedings import proceedings

    with open_ledger(workspace.ledger_path) as ledger:
        state = proceedings(workspace, ledger)
    with progress_bar() as draw:
        try:
            issued = books(workspace, state, lambda at, n: draw(_("Writing workbooks"), at, n))
        except TokenError as error:
            fail(_("The ids of campaign, unit and role are too long together ({what}): shorten one.",
                   what=error), USAGE)  # fmt: skip
    for path in issued.written:
        say(_("Written: {path}", path=path))
    if issued.left:
        say(_("{count} left as they are: in force already (--force writes them again).",
              count=len(issued.left)))  # fmt: skip
    if not issued.written and not issued.left:
        say(nothing)
