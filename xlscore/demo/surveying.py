"""The surveys' part: the book of one tier filled with the bundled figures; the others come by table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from xlscore.campaign import SurveyFigure
from xlscore.demo.stage import Stage
from xlscore.exporting.survey_tables import put_into_inbox
from xlscore.exporting.surveys import SurveyBook, issue_surveys, survey_books
from xlscore.ranking import Results
from xlscore.workbooks.surveys.fill import SurveyFilling
from xlscore.workbooks.surveys.plan import Way

_TOO_MUCH = Decimal(15)
"""By so many percentage points a figure had been typed too high."""


@dataclass(frozen=True)
class Survey:
    """The book of the tier whose figures were entered, and what was entered."""

    book: SurveyBook
    filling: SurveyFilling

    @property
    def tier(self) -> str:
        """The tier."""
        return self.book.plan.tier

    @property
    def figures(self) -> int:
        """How many figures were entered."""
        return len(self.filling.figures)


@dataclass(frozen=True)
class Correction:
    """A criterion of a unit whose survey figure was corrected after the first edition."""

    unit: str
    node: str


def survey(stage: Stage) -> Survey:
    """Fill the book of the tier with the fewest units and send it; figures and source are the table's."""
    settings = stage.workspace.campaign.settings
    books = survey_books(stage.workspace, settings.tiers, Way.PERCENT, settings.year)
    book = min(books, key=lambda book: len(book.plan.units))
    issue_surveys(stage.workspace, [book], now=stage.now)
    told = {key: figure for key, figure in _told(stage).items() if figure.year == book.year}
    figures = _figures(book, told)
    used = [told[unit, book.plan.columns[key].node] for unit, key in figures]
    source = "; ".join(dict.fromkeys(figure.source for figure in used))
    collected = {group: plan.planned * 9 // 10 for group, plan in settings.survey.sample.items()}
    by = settings.authority.office
    filling = SurveyFilling(source, by, complete=True, figures=figures, collected=collected)
    put_into_inbox(book, filling, stage.now)
    return Survey(book, filling)


def correct(stage: Stage, survey: Survey, results: Results) -> Correction:
    """Send one figure of the tier's best unit once more, lower, with the reason as its source."""
    plan, typed = survey.book.plan, survey.filling.figures
    among = {unit for unit, _ in typed}
    rows = [row for row in results.rows if row.result.unit.code in among]
    unit = max(rows, key=lambda row: row.result.decisive_index).result.unit.code
    node = next(plan.columns[key].node for code, key in typed if code == unit)
    figures = {
        (code, key): max(value - _TOO_MUCH, Decimal())
        for (code, key), value in typed.items()
        if code == unit and plan.columns[key].node == node
    }
    source = f"Đính chính số liệu nhập nhầm; {survey.filling.source}"
    filling = replace(survey.filling, source=source, figures=figures, collected={})
    put_into_inbox(survey.book, filling, stage.now)
    return Correction(unit, node)


def _told(stage: Stage) -> dict[tuple[str, str], SurveyFigure]:
    """Return the latest figure of the campaign's tables by unit and criterion."""
    values = stage.workspace.campaign.survey_values
    return {key: max(found, key=lambda one: one.year) for key, found in values.items()}


def _figures(
    book: SurveyBook, told: dict[tuple[str, str], SurveyFigure]
) -> dict[tuple[str, str], Decimal]:
    """Return what is typed: every group of respondents gives what the table has for all of them."""
    return {
        (unit.code, column.key): told[unit.code, criterion.leaf.id].value
        for unit in book.plan.units
        for criterion in book.plan.criteria
        if (unit.code, criterion.leaf.id) in told
        for column in book.plan.open(unit.code, criterion)
    }
