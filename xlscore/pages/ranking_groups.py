"""The ranking groups of the ranking page: at a glance, and in pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlscore.campaign import Campaign
from xlscore.charts import (
    SHADES,
    Bar,
    Limit,
    Series,
    Stack,
    bar_chart,
    column_chart,
    line_chart,
    stacked_chart,
)
from xlscore.methods.base import vi_number
from xlscore.pages.ranking_units import UnitsShown, UnitView
from xlscore.ranking import GroupRanking, RankedRow, Results
from xlscore.summaries import Change, GroupSummary, count, percent, signed

_BARS = 30
"""Groups of more units are drawn as how many units lie where."""

_STEP = 5


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group as the page shows it.

    Attributes:
        facts: figures of the whole group, label and value.
        lists: who leads, who comes last, who rose, who fell: heading and lines (name, figure).
        changes: whether any unit can be compared with last year.
    """

    anchor: str
    title: str
    facts: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    charts: tuple[str, ...]
    rows: tuple[UnitView, ...]
    changes: bool


def group_view(
    results: Results, summary: GroupSummary, anchor: str, units: UnitsShown
) -> GroupView:
    """Return a ranking group."""
    return GroupView(
        anchor,
        summary.group.title,
        tuple(_facts(summary, units.decimals)),
        tuple(_lists(results, summary, units.decimals)),
        tuple(_charts(results, summary, units.decimals)),
        units.views(summary.group.rows),
        bool(summary.changes),
    )


def table_view(results: Results, group: GroupRanking, anchor: str, units: UnitsShown) -> GroupView:
    """Return a further table of units: a ranking over a whole tier."""
    changes = any(results.change(row.result) is not None for row in group.rows)
    return GroupView(anchor, group.title, (), (), (), units.views(group.rows), changes)


def _facts(summary: GroupSummary, decimals: int) -> Iterator[tuple[str, str]]:
    yield "Đơn vị", count(summary.units)
    if summary.mean is not None:
        yield "Chỉ số trung bình", percent(summary.mean, decimals)
        yield "Cao nhất", percent(summary.assessed[0].result.index, decimals)
        yield "Thấp nhất", percent(summary.assessed[-1].result.index, decimals)
    if summary.missing:
        yield "Chưa có kết quả", count(summary.missing)


def _lists(
    results: Results, summary: GroupSummary, decimals: int
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    year = results.campaign.settings.year - 1
    yield "Dẫn đầu", tuple(_ranked(summary.top, decimals))
    if summary.bottom:
        yield "Cuối bảng", tuple(_ranked(summary.bottom, decimals))
    if summary.rises:
        yield f"Tăng nhiều nhất so với năm {year}", tuple(_changed(summary.rises, decimals))
    if summary.falls:
        yield f"Giảm nhiều nhất so với năm {year}", tuple(_changed(summary.falls, decimals))


def _ranked(rows: Sequence[RankedRow], decimals: int) -> Iterator[tuple[str, str]]:
    for row in rows:
        yield f"{row.rank}. {row.result.unit.name}", percent(row.result.index, decimals)


def _changed(changes: Sequence[Change], decimals: int) -> Iterator[tuple[str, str]]:
    for change in changes:
        yield change.row.result.unit.name, signed(change.by, decimals)


# --- pictures ---------------------------------------------------------------------------------------------


def band_charts(results: Results, summaries: Sequence[GroupSummary]) -> Iterator[str]:
    """Yield how the units of the groups spread over the bands, a picture per set of bands."""
    by_names: dict[tuple[str, ...], list[GroupSummary]] = {}
    for summary in summaries:
        if summary.bands and summary.assessed:
            by_names.setdefault(tuple(summary.bands), []).append(summary)
    for names, shown in by_names.items():
        said = "; ".join(
            f"{s.group.title}: " + ", ".join(f"{name} {count(n)}" for name, n in s.bands.items())
            for s in shown
        )
        stacks = [Stack(s.group.title, list(s.bands.values())) for s in shown]
        yield stacked_chart("Số đơn vị theo xếp loại", said, stacks, names)


def _charts(results: Results, summary: GroupSummary, decimals: int) -> Iterator[str]:
    title = summary.group.title
    if not summary.assessed:
        return
    said = f"{title}: cao nhất {_best(summary, decimals)}, thấp nhất {_worst(summary, decimals)}."
    if len(summary.assessed) <= _BARS:
        limits = _limits(results.campaign, summary)
        bars = _bars(summary)
        yield bar_chart(f"Chỉ số của {title} (%)", said, bars, limits=limits, decimals=decimals)
    else:
        columns = _columns([row.result.index for row in summary.assessed])
        yield column_chart(f"Phân bố chỉ số của {title}", said, columns, below="Chỉ số (%)")
    yield from _trend(results, summary, decimals)


def _best(summary: GroupSummary, decimals: int) -> str:
    row = summary.assessed[0]
    return f"{row.result.unit.name} {percent(row.result.index, decimals)}"


def _worst(summary: GroupSummary, decimals: int) -> str:
    row = summary.assessed[-1]
    return f"{row.result.unit.name} {percent(row.result.index, decimals)}"


def _bars(summary: GroupSummary) -> list[Bar]:
    shades = {name: min(place, SHADES - 1) for place, name in enumerate(summary.bands)}
    return [
        Bar(row.result.unit.name, row.result.index, shades.get(row.band, SHADES - 1), row.band)
        for row in summary.assessed
    ]


def _limits(campaign: Campaign, summary: GroupSummary) -> list[Limit]:
    """Return where the bands begin, if all units of the group have the same ones."""
    tiers = {row.result.unit.tier for row in summary.assessed}
    found = {campaign.settings.tiers[tier].bands for tier in tiers}
    bands = found.pop() if len(found) == 1 else ()
    return [Limit(f"{b.name} ≥ {vi_number(b.at_least)}", b.at_least) for b in bands if b.at_least]


def _columns(indices: Sequence[Fraction]) -> list[tuple[str, int]]:
    """Return how many indices lie in each step of the scale; 100 and more belong to the last."""
    places = [min(max(int(index), 0), 99) // _STEP for index in indices]
    first = min(places)
    return [
        (f"{place * _STEP}–", sum(one == place for one in places))
        for place in range(first, max(places) + 1)
    ]


def _trend(results: Results, summary: GroupSummary, decimals: int) -> Iterator[str]:
    """Yield the mean over the years: of the same units, those that a year says nothing of left out."""
    years = sorted(year.year for year in results.years.years)
    means = [(year, _mean_of(results, summary, year)) for year in years]
    known = [(year, mean) for year, mean in means if mean is not None]
    if not known or summary.mean is None:
        return
    points = [*known, (results.campaign.settings.year, summary.mean)]
    said = "; ".join(f"năm {year}: {percent(mean, decimals)}" for year, mean in points)
    title = f"Chỉ số trung bình của {summary.group.title} qua các năm (%)"
    series = Series("Trung bình", [mean for _, mean in points])
    yield line_chart(title, said, [str(y) for y, _ in points], [series], decimals=decimals)


def _mean_of(results: Results, summary: GroupSummary, year: int) -> Fraction | None:
    past = (results.years.past(row.result.unit.code, year) for row in summary.assessed)
    known = [Fraction(one.index) for one in past if one is not None and one.index is not None]
    return sum(known, Fraction(0)) / len(known) if known else None
