"""`history`: everything on record about one unit."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import click

from xlscore.cli.common import (
    FINE,
    campaign_option,
    json_option,
    know,
    open_campaign,
    print_json,
    print_table,
    say,
)
from xlscore.i18n import _


@click.command(short_help="Show everything on record about one unit.")
@campaign_option
@json_option
@click.argument("code", metavar="UNIT")
def history(folder: Path, code: str, as_json: bool) -> None:
    """Show the forms, returns and decisions of UNIT, each with its event, time and actor."""
    from xlscore.histories import history_of, unit_on_record, words
    from xlscore.ledger import is_begun, open_ledger

    workspace = open_campaign(folder)
    campaign = workspace.campaign
    unit, lines = campaign.units.get(code), []
    if is_begun(workspace.ledger_path):
        with open_ledger(workspace.ledger_path) as ledger:
            unit = unit or unit_on_record(ledger, code)
            lines = history_of(workspace, ledger, unit) if unit else []
    if unit is None:
        know([code], campaign.units, _("There is no unit “{name}”. Known: {known}."))
        return
    zone = campaign.zone
    if as_json:
        told = [
            {
                "event": line.event,
                "at": line.at.astimezone(UTC).isoformat(),
                "actor": line.actor,
                "what": line.kind,
                **line.facts,
                "text": words(line, zone),
            }
            for line in lines
        ]
        print_json({"unit": unit.code, "name": unit.name, "tier": unit.tier, "lines": told})
        raise SystemExit(FINE)
    say(f"{unit.code} – {unit.name}")
    print_table(
        [_("Event"), _("Time"), _("Actor"), _("What happened")],
        [
            [line.event, f"{line.at.astimezone(zone):%d/%m/%Y %H:%M:%S}", line.actor, words(line, zone)]
            for line in lines
        ],
        right=(0,),
    )  # fmt: skip
