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
    NUMBER,
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
@click.option(
    "--edition",
    type=NUMBER,
    metavar="NUMBER",
    help="Rank nothing: lay the files of this edition there again as they were frozen.",
)
def rank(
    folder: Path,
    as_json: bool,
    draft: bool,
    public: bool,
    pdf: bool,
    supposed: Path | None,
    edition: int | None,
) -> None:
    """Rank the units, freeze that as an edition, and write its files into reports/.

    Where nothing that counts has happened since the latest edition, no new one is made: its files are
    laid there again as they were frozen.
    """
    if edition is not None:
        if draft or public or pdf or supposed is not None:
            fail(_("--edition goes with no other option but --json."), USAGE)
        _lay_again(open_campaign(folder), edition, as_json=as_json)
        raise SystemExit(FINE)
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


def _lay_again(workspace: Workspace, edition: int, *, as_json: bool) -> None:
    from xlscore.archive import ContentError
    from xlscore.ledger import is_begun
    from xlscore.publishing import NoEditionError, lay_again
    from xlscore.workbooks.ranking import TargetInUseError

    if not is_begun(workspace.ledger_path):
        fail(_("There is no ledger {place} yet.", place=workspace.ledger_path), ENVIRONMENT)
    try:
        laid = lay_again(workspace, edition)
    except NoEditionError:
        fail(_("There is no edition {number}.", number=edition), USAGE)
    except ContentError as error:
        fail(_("The archive has lost a file of edition {number} ({what}): restore it from a backup of"
               " data/archive.", number=edition, what=error), ENVIRONMENT)  # fmt: skip
    except TargetInUseError as error:
        fail(_("Close {path} in Excel, then run this again.", path=error.path), ENVIRONMENT)
    if as_json:
        files = {kind.value: str(path) for kind, path in laid.files}
        restored = [str(path) for path in laid.restored]
        print_json({"edition": edition, "files": files, "restored": restored})
        return
    for path in laid.restored:
        warn(_("{path} was not there, or not as it was frozen: it is now.", path=path))
    say(_("The files of edition {number} are there as they were frozen:", number=edition))
    for _kind, path in laid.files:
        say(f"  {path}")


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
        warn(_("{path} was not there, or not as it was frozen: it is now.", path=path))


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
