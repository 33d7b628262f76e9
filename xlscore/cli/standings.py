"""`rank`: results and the ranking workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlscore.cli.common import (
    ATTENTION,
    ENVIRONMENT,
    FINE,
    campaign_option,
    fail,
    json_option,
    open_campaign,
    print_json,
    print_table,
    say,
    warn,
)
from xlscore.i18n import _, shown

if TYPE_CHECKING:
    from xlscore.ranking import Results


@click.command()
@campaign_option
@json_option
def rank(folder: Path, as_json: bool) -> None:
    """Rank the units and write the workbook into reports/."""
    from xlscore.jsonshapes import ranking_to_json
    from xlscore.publishing import publish
    from xlscore.workbooks.ranking import TargetInUseError

    workspace = open_campaign(folder)
    try:
        published = publish(workspace)
    except TargetInUseError as error:
        fail(_("Close {path} in Excel, then run this again.", path=error), ENVIRONMENT)
    for failure in published.failures:
        warn(_("Plugin “{name}” failed: {error}", name=failure.plugin, error=failure.error))
    if as_json:
        print_json(ranking_to_json(published))
    else:
        _print_results(published.results)
        say(_("Ranking workbook: {path}", path=published.path))
    raise SystemExit(ATTENTION if published.results.missing or published.failures else FINE)


def _print_results(results: Results) -> None:
    decimals = results.campaign.settings.policies.display_decimals
    for group in results.groups:
        say(group.title)
        print_table(
            [_("Rank"), _("Unit"), _("Achieved"), _("Applicable maximum"), _("Index %"), _("Band")],
            [
                [
                    str(row.rank),
                    row.result.unit.name,
                    shown(row.result.totals.achieved, decimals),
                    shown(row.result.totals.applicable, decimals),
                    shown(row.result.decisive_index, decimals),
                    row.band,
                ]
                for row in group.rows
            ],
            right=(0, 2, 3, 4),
        )
    if results.provisional:
        say(_("Provisional: some rows still wait for a survey or an appraisal."))
    if results.missing:
        say(_("Missing: {units}", units=", ".join(r.unit.code for r in results.missing)))
