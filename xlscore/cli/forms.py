"""`generate`: issue scorecards."""

from __future__ import annotations

from pathlib import Path

import click

from xlscore.cli.common import USAGE, campaign_option, fail, guarded, open_campaign, progress_bar, say
from xlscore.i18n import _


@click.command()
@campaign_option
@click.option("--tier", "tiers", multiple=True, metavar="T", help="Only this tier; may be repeated.")
@click.option("--unit", "units", multiple=True, metavar="U", help="Only this unit; may be repeated.")
@click.option("--by-role", is_flag=True, help="One card per filler role, only its rows unlocked.")
def generate(folder: Path, tiers: tuple[str, ...], units: tuple[str, ...], by_role: bool) -> None:
    """Write one locked scorecard per unit into templates/<tier>/."""
    from xlscore.issuing import forms, issue

    with guarded():
        workspace = open_campaign(folder)
        campaign = workspace.campaign
        _known(tiers, campaign.settings.tiers, _("There is no tier “{name}”. Known: {known}."))
        _known(units, campaign.units, _("There is no unit “{name}”. Known: {known}."))
        chosen = [
            unit
            for unit in campaign.units.values()
            if (not tiers or unit.tier in tiers) and (not units or unit.code in units)
        ]
        wanted = forms(workspace, chosen, by_role=by_role)
        with progress_bar() as draw:
            written = issue(workspace, wanted, lambda at, total: draw(_("Issuing scorecards"), at, total))
        say(_("{count} scorecards written to {place}.", count=len(written), place=workspace.templates))


def _known(names, known, template: str) -> None:  # type: ignore[no-untyped-def]
    for name in names:
        if name not in known:
            shown = ", ".join(list(known)[:12])
            fail(template.format(name=name, known=shown), USAGE)
