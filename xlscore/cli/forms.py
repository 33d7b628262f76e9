"""`generate`: issue scorecards."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import click

from xlscore.cli.common import (
    USAGE,
    campaign_option,
    fail,
    open_campaign,
    progress_bar,
    say,
)
from xlscore.i18n import _


@click.command()
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
def generate(
    folder: Path, tiers: tuple[str, ...], units: tuple[str, ...], by_role: bool, blanks: bool
) -> None:
    """Write one locked scorecard per unit into templates/<tier>/."""
    from xlscore.issuing import forms, issue, write_blanks

    workspace = open_campaign(folder)
    campaign = workspace.campaign
    _known(tiers, campaign.settings.tiers, _("There is no tier “{name}”. Known: {known}."))
    _known(units, campaign.units, _("There is no unit “{name}”. Known: {known}."))
    if blanks:
        for path in write_blanks(workspace, tiers or campaign.settings.tiers):
            say(_("Written: {path}", path=path))
        return
    chosen = [
        unit
        for unit in campaign.active.values()
        if (not tiers or unit.tier in tiers) and (not units or unit.code in units)
    ]
    wanted = forms(workspace, chosen, by_role=by_role)
    with progress_bar() as draw:
        written = issue(
            workspace, wanted, lambda at, total: draw(_("Issuing scorecards"), at, total)
        )
    say(
        _(
            "{count} scorecards written to {place}.",
            count=len(written),
            place=workspace.templates,
        )
    )


def _known(names: Iterable[str], known: Collection[str], template: str) -> None:
    for name in names:
        if name not in known:
            shown = ", ".join(list(known)[:12])
            fail(template.format(name=name, known=shown), USAGE)
