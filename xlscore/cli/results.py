"""`result export`: result sheets (phiếu kết quả) for the units."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlscore.cli.choosing import chosen_units, shown_codes, unit_options
from xlscore.cli.common import campaign_option, open_campaign, progress_bar, say
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.exporting.results import ExportedResults


@click.group(short_help="The units' results, back to the units.")
def result() -> None:
    """The units' results, back to the units (phiếu kết quả)."""


@result.command(name="export", short_help="Write each unit's result sheet.")
@campaign_option
@unit_options
@click.option("--ranks", is_flag=True, help="Print the ranks too: they are published by decision.")
@click.option("--force", is_flag=True, help="Write again even the sheets that are in force.")
def export(
    folder: Path, tiers: tuple[str, ...], units: tuple[str, ...], ranks: bool, force: bool
) -> None:
    """Write every unit's result, row by row with the reasons, into templates/ket-qua/<tier>/.

    The sheets are locked; while anything is open they say that the result is provisional.
    """
    from xlscore.exporting.results import export_results
    from xlscore.ledger import open_ledger
    from xlscore.proceedings import proceedings

    workspace = open_campaign(folder)
    chosen = chosen_units(workspace.campaign, tiers, units)
    with open_ledger(workspace.ledger_path) as ledger:
        state = proceedings(workspace, ledger)
    with progress_bar() as draw:
        exported = export_results(
            state,
            chosen,
            lambda at, n: draw(_("Writing result sheets"), at, n),
            ranks=ranks,
            force=force,
        )
    _print(exported, workspace.templates)


def _print(exported: ExportedResults, place: Path) -> None:
    issued = exported.issued
    say(_("{count} result sheets written to {place}.", count=len(issued.written), place=place))
    if issued.left:
        say(_("{count} left as they are: in force already (--force writes them again).",
              count=len(issued.left)))  # fmt: skip
    if exported.provisional:
        say(_("Still provisional: {units}.", units=shown_codes(exported.provisional)))
    if exported.absent:
        say(_("Without a result: {units}.", units=shown_codes(exported.absent)))
