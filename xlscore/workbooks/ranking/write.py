"""Results in, workbook out: which sheets there are, and in which order."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xlscore.plugins import PluginFailure, Plugins
from xlscore.ranking import Results
from xlscore.summaries import stage
from xlscore.workbooks.ranking.absent import write_absent
from xlscore.workbooks.ranking.analysis import write_analyses
from xlscore.workbooks.ranking.book import Book, replacing
from xlscore.workbooks.ranking.contents import begin_contents, write_contents
from xlscore.workbooks.ranking.heatmap import write_components
from xlscore.workbooks.ranking.lists import write_details, write_findings
from xlscore.workbooks.ranking.matrices import write_maxima, write_points
from xlscore.workbooks.ranking.method import write_method
from xlscore.workbooks.ranking.overview import group_rows, write_overview
from xlscore.workbooks.ranking.plan import Plan, plan
from xlscore.workbooks.ranking.plates import write_plates
from xlscore.workbooks.ranking.plugin_parts import add_sheets, extra_columns, first_remarks
from xlscore.workbooks.ranking.provenance import write_provenance
from xlscore.workbooks.ranking.scope import Scope, own_facts
from xlscore.workbooks.ranking.standing_sheet import write_standing


def write_ranking(
    results: Results,
    path: Path,
    plugins: Plugins | None = None,
    *,
    generated: datetime | None = None,
    scope: Scope = Scope.FULL,
) -> tuple[PluginFailure, ...]:
    """Write the ranking workbook; an older file of that name is replaced in one step.

    Args:
        plugins: whose columns and sheets are added.
        generated: when the ranking was made, as the workbook says.
        scope: which sheets and columns it has.

    Returns:
        The plugins that failed; each lost its own column or sheet, and the workbook says so.

    Raises:
        TargetInUseError: `path` is open in Excel.
        OSError: the folder cannot be written to.
    """
    settings = results.campaign.settings
    failures: list[PluginFailure] = []
    extras = extra_columns(plugins, results, failures) if plugins else []
    remarks = first_remarks(plugins, results, failures) if plugins else []
    footer = f"{settings.title} – {stage(results)}"
    decimals = settings.policies.display_decimals
    with replacing(path) as temporary, Book(temporary, decimals, footer, generated) as book:
        book.tell(own_facts(results, scope))
        made = plan(book, results, extras, scope)
        write_overview(book, results, group_rows(results, made.groups), remarks, generated)
        if scope is Scope.PRINT:
            _write_sheets(book, made, generated)
            write_method(book, results)
        else:
            listed = begin_contents(book)
            _write_sheets(book, made, generated)
            added = add_sheets(plugins, book, results, failures) if plugins else []
            write_contents(listed, list(made.contents(added)))
            write_method(book, results)
            write_provenance(book, results, generated, dict.fromkeys(failures), scope)
    return tuple(dict.fromkeys(failures))


def _write_sheets(book: Book, made: Plan, generated: datetime | None) -> None:
    results = made.results
    provisional = "Kết quả tạm tính. " if results.provisional else ""
    said = f"{provisional}Chỉ số (%) = điểm đạt được ÷ điểm tối đa áp dụng của đơn vị × 100."
    for standing in made.standings:
        write_standing(book, standing, said, generated)
        if standing.charts:
            write_plates(book, standing)
    _write_tiers(book, made)
    for tier, names in made.details.items():
        write_details(book, results.campaign, made.tiers[tier], names)
    if made.scope is Scope.FULL:
        write_findings(book, results)
    if made.scope is not Scope.PRINT:
        write_absent(book, results, generated, made.scope)


def _write_tiers(book: Book, made: Plan) -> None:
    for tier in made.tiers.values():
        write_points(book, tier)
        write_maxima(book, tier)
    if made.scope is not Scope.PRINT:
        write_analyses(book, made.analyses)
        return
    for one in made.analyses:
        write_components(book, one.components)
    for tier in made.tiers.values():  # what is printed is worked out from them
        book.hide(tier.points)
        book.hide(tier.maxima)
