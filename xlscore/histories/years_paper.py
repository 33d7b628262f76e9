"""A unit over the years on paper; always Vietnamese, as every page is."""

from __future__ import annotations

from datetime import datetime

from xlscore.campaign import Campaign
from xlscore.charts import Series, line_chart
from xlscore.histories.over_years import OverYears, YearLine, then_words
from xlscore.histories.paper import in_vietnamese
from xlscore.numbers import Exact
from xlscore.pages import DomainLine, YearPage, YearRow, years_html
from xlscore.summaries import figure, signed

_NOTHING = "–"


def years_page(campaign: Campaign, told: OverYears, now: datetime) -> str:
    """Return the page of a unit's years."""
    return in_vietnamese(lambda: years_html(_page(campaign, told, now)))


def _page(campaign: Campaign, told: OverYears, now: datetime) -> YearPage:
    settings = campaign.settings
    decimals = settings.policies.display_decimals
    rows = tuple(
        YearRow(
            str(line.year),
            _figure(line.index, decimals),
            str(line.rank or _NOTHING),
            line.band or _NOTHING,
            _NOTHING if line.change is None else signed(line.change, decimals),
            then_words(told.unit, line),
        )
        for line in told.lines
    )
    domains = tuple(
        DomainLine(
            node.code,
            node.title,
            tuple(_figure(line.domains.get(node.id), decimals) for line in told.lines),
        )
        for node in told.rubric.domains
    )
    return YearPage(
        settings.authority,
        settings.title,
        now.astimezone(campaign.zone),
        told.unit.code,
        told.unit.name,
        rows,
        domains,
        tuple(
            f"{one.domain.code}. {one.domain.title}: {signed(one.by, decimals)} điểm phần trăm"
            for one in told.movements
        ),
        _chart(told, decimals),
    )


def _chart(told: OverYears, decimals: int) -> str:
    """Return the trend of the index, oldest year first; nothing where one year alone is known."""
    lines = sorted(told.lines, key=lambda line: line.year)
    if sum(line.index is not None for line in lines) < 2:  # noqa: PLR2004
        return ""
    years = range(lines[0].year, lines[-1].year + 1)
    known: dict[int, YearLine] = {line.year: line for line in lines}
    values = [known[year].index if year in known else None for year in years]
    said = "; ".join(f"năm {line.year}: {_figure(line.index, decimals)}" for line in lines)
    series = [Series("Chỉ số (%)", values)]
    return line_chart(
        "Chỉ số (%) qua các năm", said, [str(year) for year in years], series, decimals=decimals
    )


def _figure(value: Exact | None, decimals: int) -> str:
    return _NOTHING if value is None else figure(value, decimals)
