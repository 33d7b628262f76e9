"""`remind`: reminders on their way to the units."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlscore.cli.common import (
    ATTENTION,
    FINE,
    campaign_option,
    json_option,
    know_tiers,
    open_campaign,
    print_json,
    print_table,
    say,
)
from xlscore.cli.problems import problems_json, usable, warn_of
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.reminding import Reminded
    from xlscore.workspace import Workspace


@click.command(short_help="Write reminders to the units that have not submitted.")
@campaign_option
@json_option
@click.option(
    "--tier", "tiers", multiple=True, metavar="T", help="Only this tier; may be repeated."
)
@click.option(
    "--before", type=click.IntRange(0, 3660), metavar="N",
    help="Only where the deadline is at most N days ahead, or has passed.",
)  # fmt: skip
def remind(folder: Path, as_json: bool, tiers: tuple[str, ...], before: int | None) -> None:
    """Write a draft to every unit whose scorecard is missing, a draft, partial or refused.

    The drafts are in _thu/nhac-nop/ of the outbox; the same day again writes them anew.
    """
    from xlscore import reminding
    from xlscore.ledger import open_ledger

    workspace = open_campaign(folder)
    know_tiers(workspace.campaign, tiers)
    with usable(), open_ledger(workspace.ledger_path) as ledger:
        now = datetime.now(UTC)
        reminded = reminding.remind(workspace, ledger, now, tiers=tiers, days_before=before)
    if as_json:
        print_json(_reminded_json(workspace, reminded))
    else:
        _print_reminded(workspace, reminded)
    raise SystemExit(ATTENTION if reminded.problems else FINE)


def _print_reminded(workspace: Workspace, reminded: Reminded) -> None:
    campaign = workspace.campaign
    if reminded.written:
        print_table(
            [_("Code"), _("Unit"), _("State"), _("Deadline"), _("Draft")],
            [
                [
                    r.standing.unit.code,
                    r.standing.unit.name,
                    _(r.standing.state.value),
                    f"{campaign.deadline(r.standing.unit).astimezone(campaign.zone):%d/%m/%Y}",
                    r.path.name,
                ]
                for r in reminded.written
            ],
        )
        place = reminded.written[0].path.parent
        say(_("{count} drafts written to {place}.", count=len(reminded.written), place=place))
    elif not reminded.problems:
        say(_("Nobody needs to be reminded."))
    warn_of(reminded.problems)


def _reminded_json(workspace: Workspace, reminded: Reminded) -> dict[str, Any]:
    return {
        "reminders": [
            {
                "unit": r.standing.unit.code,
                "name": r.standing.unit.name,
                "tier": r.standing.unit.tier,
                "state": r.standing.state.value,
                "deadline": workspace.campaign.deadline(r.standing.unit)
                .astimezone(UTC)
                .isoformat(),
                "path": str(r.path),
            }
            for r in reminded.written
        ],
        "problems": problems_json(reminded.problems),
    }
