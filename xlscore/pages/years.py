"""A unit over the years (kết quả qua các năm), on one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xlscore.pages.rendering import render
from xlscore.settings import Authority


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year, its figures spelt out; `note` says what the unit was then, where that differs."""

    year: str
    index: str
    rank: str
    band: str
    change: str
    note: str


@dataclass(frozen=True, slots=True)
class DomainLine:
    """One domain of today with a figure per year, in the order of the years."""

    code: str
    title: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearPage:
    """What the page says.

    Attributes:
        rows: this campaign's year first.
        moved: what changed most since the year before, one phrase each.
        chart: the trend as SVG, or empty.
    """

    authority: Authority
    campaign: str
    written: datetime
    unit_code: str
    unit_name: str
    rows: tuple[YearRow, ...]
    domains: tuple[DomainLine, ...]
    moved: tuple[str, ...] = ()
    chart: str = ""


def years_html(page: YearPage) -> str:
    """Return the page, self-contained."""
    return render("years.html.j2", page=page)
