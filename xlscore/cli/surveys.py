"""`survey`: books for the figures of surveys and published indices, filled by hand or from a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlscore.cli.common import (
    ATTENTION,
    USAGE,
    campaign_option,
    fail,
    know_tiers,
    open_campaign,
    print_findings,
    progress_bar,
    say,
)
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.exporting.survey_tables import Blanks, TableReading
    from xlscore.exporting.surveys import SurveyBook
    from xlscore.exporting.table_units import UnitNames
    from xlscore.issuing import Issued
    from xlscore.table import Table
    from xlscore.workspace import Workspace

_WAYS = ("percent", "answers", "points")
_LISTED = 12

_way_option = click.option(
    "--as",
    "way",
    type=click.Choice(_WAYS),
    default="percent",
    help="What is entered: percents and indices, numbers of answers, or points of the row.",
)
_year_option = click.option(
    "--year", type=int, metavar="Y", help="Year of the figures; the campaign's by default."
)


@click.group()
def survey() -> None:
    """Enter the figures of surveys and published indices."""


@survey.command("export", short_help="Write the books for survey figures.")
@campaign_option
@click.option(
    "--tier", "tiers", multiple=True, metavar="T", help="Only this tier; may be repeated."
)
@_way_option
@_year_option
@click.option("--force", is_flag=True, help="Write again even the books that are in force.")
def export(folder: Path, tiers: tuple[str, ...], way: str, year: int | None, force: bool) -> None:
    """Write one locked book per tier, units × survey rows, into templates/dieu-tra/.

    Filled, it comes back through the inbox like every form.
    """
    workspace = open_campaign(folder)
    know_tiers(workspace.campaign, tiers)
    chosen = tiers or tuple(workspace.campaign.settings.tiers)
    issued = _issue(workspace, _books(workspace, chosen, way, year), force=force)
    for path in issued.written:
        say(_("Written: {path}", path=path))
    for path in issued.left:
        say(_("Left as it is, in force already (--force writes it again): {path}", path=path))


@survey.command("import", short_help="Fill a book from a table and put it into the inbox.")
@campaign_option
@click.argument("table", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--tier", required=True, metavar="T", help="The tier whose units the table is about.")
@_way_option
@_year_option
@click.option("--source", metavar="TEXT", help="Where the figures come from; the table by default.")
@click.option("--by", metavar="WHO", help="Who enters them; whoever is logged on by default.")
@click.option(
    "--map",
    "settled",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A table (name,code) that settles names; without a code the row is passed over.",
)
def import_(  # noqa: PLR0913, PLR0917  one for each option
    folder: Path,
    table: Path,
    tier: str,
    way: str,
    year: int | None,
    source: str | None,
    by: str | None,
    settled: Path | None,
) -> None:
    """Fill the survey book of a tier from TABLE (.csv, .xlsx) and put it into the inbox.

    TABLE has one row per unit, by code or exact name, and a column per criterion (id, printed number or
    title); or one row per unit and criterion, with columns unit, node, value (and group, option).
    Nothing is guessed: with any name unknown or ambiguous nothing is written.
    """
    from xlscore.exporting.survey_tables import (
        TABLE_COLUMNS,
        blanks_of,
        put_into_inbox,
        read_survey_table,
        table_year,
    )
    from xlscore.exporting.table_units import UnitNames
    from xlscore.sentinel import this_user
    from xlscore.workbooks.surveys.fill import SurveyFilling

    workspace = open_campaign(folder)
    know_tiers(workspace.campaign, (tier,))
    given = _table(table, TABLE_COLUMNS)
    book = _books(workspace, (tier,), way, year or table_year(given))[0]
    names = UnitNames(workspace.campaign, tier)
    _settle(names, settled)
    reading = read_survey_table(given, book.plan, names, book.year)
    _refuse(reading)
    said = source or "; ".join(reading.sources) or given.name
    who = (by or this_user()).strip()
    _issue(workspace, [book])
    filling = SurveyFilling(said, who, complete=True, figures=reading.figures)
    path = put_into_inbox(book, filling, datetime.now(UTC))
    _tell(path, reading, blanks_of(book.plan, reading.figures))


def _books(
    workspace: Workspace, tiers: tuple[str, ...], way: str, year: int | None
) -> list[SurveyBook]:
    from xlscore.exporting.surveys import survey_books
    from xlscore.workbooks.surveys.form import OLDEST
    from xlscore.workbooks.surveys.plan import Way

    this = workspace.campaign.settings.year
    chosen = year or this
    if not this - OLDEST <= chosen <= this:
        fail(_("The year must be {first} to {last}.", first=this - OLDEST, last=this), USAGE)
    books = survey_books(workspace, tiers, Way(way), chosen)
    if not books:
        fail(_("No row of these tiers takes figures of a survey or an index."), USAGE)
    return books


def _issue(workspace: Workspace, books: list[SurveyBook], *, force: bool = False) -> Issued:
    from xlscore.exporting.surveys import issue_surveys
    from xlscore.identity import TokenError

    try:
        with progress_bar() as draw:
            return issue_surveys(
                workspace, books, lambda at, n: draw(_("Issuing survey books"), at, n), force=force
            )
    except TokenError as error:
        fail(_("The ids of campaign, unit and role are too long together ({what}): shorten one.",
               what=error), USAGE)  # fmt: skip


def _table(path: Path, aliases: Mapping[str, str]) -> Table:
    from xlscore import i18n
    from xlscore.table import TableError
    from xlscore.workbooks.tables import read_table

    try:
        return read_table(path, aliases)
    except TableError as error:
        what = error.words[0 if i18n.language() == "vi" else 1]
        fail(_("“{place}”: {what}", place=path, what=what), USAGE)


def _settle(names: UnitNames, settled: Path | None) -> None:
    from xlscore.exporting.table_units import MAP_COLUMNS

    if settled is None:
        return
    findings = names.settle(_table(settled, MAP_COLUMNS))
    if findings:
        print_findings(findings)
        fail(_("Nothing was written."), ATTENTION)


def _refuse(reading: TableReading) -> None:
    if reading.findings:
        print_findings(reading.findings)
        fail(_("Nothing was written."), ATTENTION)
    if not reading.figures:
        fail(_("The table holds no figure. Nothing was written."), ATTENTION)


def _tell(path: Path, reading: TableReading, blanks: Blanks) -> None:
    say(_("{count} figures filled in; the book waits in the inbox: {path}",
          count=len(reading.figures), path=path))  # fmt: skip
    if blanks.units:
        say(_("Units that stay blank: {names}", names=_first(blanks.units)))
    if blanks.criteria:
        say(_("Criteria that stay blank: {names}", names=_first(blanks.criteria)))
    if blanks.cells:
        say(_("{count} further cells stay blank.", count=blanks.cells))
    say(_("Run “xlscore collect” to record it."))


def _first(names: tuple[str, ...]) -> str:
    more = f" … (+{len(names) - _LISTED})" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
