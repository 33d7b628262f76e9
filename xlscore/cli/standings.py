"""`rank`: results, frozen as an edition with its files, or as a draft."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlscore import i18n
from xlscore.cli.common import (
    ATTENTION,
    ENVIRONMENT,
    FINE,
    USAGE,
    campaign_option,
    fail,
    json_option,
    open_campaign,
    print_findings,
    print_json,
    print_table,
    progress_bar,
    say,
    warn,
)
from xlscore.i18n import _, shown

if TYPE_CHECKING:
    from xlscore.publishing import Published
    from xlscore.ranking import Results
    from xlscore.workspace import Workspace


@click.command(short_help="Rank the units and freeze that as an edition.")
@campaign_option
@json_option
@click.option("--draft", is_flag=True, help="Freeze nothing: only a draft of the workbook.")
@click.option("--publish", "public", is_flag=True, help="Write the version for the public too.")
@click.option(
    "--pdf", is_flag=True, help="Write the leading sheets as PDF too (needs LibreOffice)."
)
@click.option(
    "--what-if",
    "supposed",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Compare with what the file supposes; the record is not touched.",
)
def rank(
    folder: Path, as_json: bool, draft: bool, public: bool, pdf: bool, supposed: Path | None
) -> None:
    """Rank the units, freeze that as an edition, and write its files into reports/.

    Where nothing that counts has happened since the latest edition, no new one is made: its files are
    laid there again as they were frozen.
    """
    if supposed is not None:
        if draft or public or pdf:
            fail(_("--what-if goes with no other option but --json."), USAGE)
        from xlscore.cli.what_if import run

        run(open_campaign(folder), supposed, as_json=as_json)
    if draft and (public or pdf):
        fail(_("A draft has neither a public version nor a PDF."), USAGE)
    published = _published(open_campaign(folder), draft=draft, public=public, pdf=pdf)
    _warn(published)
    if as_json:
        from xlscore.jsonshapes import ranking_to_json

        print_json(ranking_to_json(published))
    else:
        _print_results(published.results)
        _print_files(published)
    wrong = published.results.missing or published.failures or published.problems
    raise SystemExit(ATTENTION if wrong else FINE)


def _published(workspace: Workspace, *, draft: bool, public: bool, pdf: bool) -> Published:
    from xlscore.publishing import ChangedError, publish
    from xlscore.workbooks.ranking import TargetInUseError

    try:
        with progress_bar() as draw:
            return publish(
                workspace,
                draft=draft,
                public=public,
                pdf=pdf,
                draw=lambda done, total: draw(_("Writing the ranking"), done, total),
            )
    except TargetInUseError as error:
        fail(_("Close {path} in Excel, then run this again.", path=error.path), ENVIRONMENT)
    except ChangedError as error:
        fail(_("{path}, or a file that it names, has just been changed: run this again.",
               path=error), ENVIRONMENT)  # fmt: skip


def _warn(published: Published) -> None:
    which = 0 if i18n.language() == "vi" else 1
    print_findings(published.results.years.findings, err=True)
    for failure in published.failures:
        warn(_("Plugin “{name}” failed: {error}", name=failure.plugin, error=failure.error))
    for words in published.problems:
        warn(_("A file was not written: {what}", what=words[which]))
    for path in published.restored:
        warn(_("{path} was gone or had been changed: it is again as it was frozen.", path=path))


def _print_files(published: Published) -> None:
    if not published.edition:
        say(_("Draft of the ranking (nothing was frozen): {path}", path=published.path))
        return
    if published.new:
        say(_("Edition {number} is frozen.", number=published.edition))
    else:
        say(_("Nothing has changed since edition {number}.", number=published.edition))
    for _kind, path in published.files:
        say(f"  {path}")


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
