"""`reply export`: reply forms (phiếu phản hồi) for the units."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlscore.cli.choosing import chosen_units, shown_codes, unit_options
from xlscore.cli.common import (
    NUMBER,
    USAGE,
    campaign_option,
    fail,
    open_campaign,
    progress_bar,
    say,
)
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.exporting.replies import ExportedReplies


@click.group(short_help="The units' replies to their appraisal.")
def reply() -> None:
    """The units' replies to their appraisal (phản hồi)."""


@reply.command(name="export", short_help="Write each unit's reply form.")
@campaign_option
@click.option(
    "--round", "round_", type=NUMBER, metavar="N",
    help="The round that is replied to; the latest with any appraisal by default.",
)  # fmt: skip
@unit_options
@click.option("--force", is_flag=True, help="Write again even the forms that are in force.")
def export(
    folder: Path, round_: int | None, tiers: tuple[str, ...], units: tuple[str, ...], force: bool
) -> None:
    """Write a form for every unit with adjusted or queried rows, into templates/phan-hoi/lan-N/.

    Only those rows can be replied to; the form comes back through the inbox.
    """
    from xlscore.exporting.replies import export_replies, latest_round
    from xlscore.ledger import open_ledger
    from xlscore.proceedings import proceedings

    workspace = open_campaign(folder)
    chosen = chosen_units(workspace.campaign, tiers, units)
    with open_ledger(workspace.ledger_path) as ledger:
        state = proceedings(workspace, ledger)
    number = round_ or latest_round(state)
    rounds = len(workspace.campaign.settings.appraisal.rounds)
    if not number:
        fail(_("Nothing has been appraised yet: there is nothing to reply to."), USAGE)
    if number > rounds:
        fail(_("There is no round {number}; campaign.yaml has {count}.",
               number=number, count=rounds), USAGE)  # fmt: skip
    with progress_bar() as draw:
        exported = export_replies(
            state, number, chosen, lambda at, n: draw(_("Writing reply forms"), at, n), force=force
        )
    _print(exported, workspace.templates)


def _print(exported: ExportedReplies, place: Path) -> None:
    issued = exported.issued
    say(_("{count} reply forms written to {place}.", count=len(issued.written), place=place))
    if issued.left:
        say(_("{count} left as they are: in force already (--force writes them again).",
              count=len(issued.left)))  # fmt: skip
    if exported.quiet:
        say(_("Nothing to reply to: {units}.", units=shown_codes(exported.quiet)))
    if exported.absent:
        say(_("Without a scorecard that counts: {units}.", units=shown_codes(exported.absent)))
