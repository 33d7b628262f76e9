"""`generate`: issue scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlscore.cli.common import (
    USAGE,
    campaign_option,
    fail,
    know,
    know_tiers,
    open_campaign,
    print_findings,
    progress_bar,
    say,
    warn,
)
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.issuing import Form, Issued, Progress
    from xlscore.workspace import Workspace

_UNFILLED = "…"
"""Stands in the settings of a new campaign where the office writes its own name and place."""


@click.command(short_help="Write the locked scorecards.")
@campaign_option
@click.option(
    "--tier", "tiers", multiple=True, metavar="T", help="Only this tier; may be repeated."
)
@click.option(
    "--unit", "units", multiple=True, metavar="U", help="Only this unit; may be repeated."
)
@click.option("--by-role", is_flag=True, help="One card per filler role, only its rows unlocked.")
@click.option(
    "--blank", "blanks", is_flag=True, help="Unsigned samples instead, into templates/blank/."
)
@click.option("--force", is_flag=True, help="Write again even the forms that are in force.")
def generate(
    folder: Path,
    tiers: tuple[str, ...],
    units: tuple[str, ...],
    by_role: bool,
    blanks: bool,
    force: bool,
) -> None:
    """Write one locked scorecard per unit into templates/<tier>/."""
    from xlscore.issuing import forms, write_blanks

    workspace = open_campaign(folder)
    campaign = workspace.campaign
    authority = campaign.settings.authority
    if any(_UNFILLED in text for text in (authority.name, authority.place, authority.office)):
        warn(_("In campaign.yaml the authority is not filled in yet (“{mark}”), and so it is printed on"
               " the forms.", mark=_UNFILLED))  # fmt: skip
    know_tiers(campaign, tiers)
    know(units, campaign.units, _("There is no unit “{name}”. Known: {known}."))
    if blanks:
        for path in write_blanks(workspace, tiers or campaign.settings.tiers):
            say(_("Written: {path}", path=path))
        return
    chosen = [
        unit
        for unit in campaign.active.values()
        if (not tiers or unit.tier in tiers) and (not units or unit.code in units)
    ]
    above = [unit for unit in chosen if unit.code not in campaign.scored_here]
    if above:
        chosen = [unit for unit in chosen if unit.code in campaign.scored_here]
        say(_("{count} units get no scorecard from here: the unit above appraises them"
              " (reported_by_parent).", count=len(above)))  # fmt: skip
    if not chosen and not above and (tiers or units):
        fail(_("No unit that takes part fits this choice of tiers and units."), USAGE)
    wanted = forms(workspace, chosen, by_role=by_role)
    with progress_bar() as draw:
        issued = _issued(
            workspace, wanted, lambda at, n: draw(_("Issuing scorecards"), at, n), force=force
        )
    print_findings(issued.findings, err=True)
    place = workspace.templates
    say(_("{count} scorecards written to {place}.", count=len(issued.written), place=place))
    if issued.left:
        say(_("{count} left as they are: in force already (--force writes them again).",
              count=len(issued.left)))  # fmt: skip


def _issued(
    workspace: Workspace, wanted: Sequence[Form], progress: Progress, *, force: bool
) -> Issued:
    from xlscore.identity import TokenError
    from xlscore.issuing import issue

    try:
        return issue(workspace, wanted, progress, force=force)
    except TokenError as error:
        fail(_("The ids of campaign, unit and role are too long together ({what}): shorten one.",
               what=error), USAGE)  # fmt: skip
