"""The ranking on a phone, and on paper: one page with tables and pictures that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xlscore.pages.ranking_groups import GroupView, band_charts, group_view, table_view
from xlscore.pages.ranking_units import UnitsShown
from xlscore.pages.rendering import render
from xlscore.ranking import Results
from xlscore.ranking_words import rules
from xlscore.summaries import GroupSummary, figure, legal_bases, stage, state_lines, summarise

_FEW, _DRAWN = 200, 3
"""With more units on a page only the first three of each group have pictures of their own."""

_NAMED = 500
"""With more units the titles of the domains are said once per tier."""

_FACTS = 16
"""So many sources are named; the rest (one per return) stand in the workbook."""


def ranking_page(results: Results, *, generated: datetime, public: bool = False) -> str:
    """Return the ranking as one self-contained page.

    Args:
        generated: when it is made, in the campaign's zone.
        public: leave out what is not for the public: remarks, what returns are late or waited for.
    """
    summaries = summarise(results)
    total = sum(1 for _ in results.rows)
    units = UnitsShown(
        results,
        public=public,
        drawn=total if total <= _FEW else _DRAWN,
        named=total <= _NAMED,
    )
    settings = results.campaign.settings
    facts = list(results.provenance.items())
    return render(
        "ranking.html.j2",
        authority=settings.authority,
        written=generated,
        settings=settings,
        public=public,
        stage=stage(results),
        draft=not results.edition,
        provisional=results.provisional,
        bases=legal_bases(results.campaign),
        state=_state(results, public=public),
        overview=[_overview(number, s, units) for number, s in enumerate(summaries, 1)],
        band_charts=list(band_charts(results, summaries)),
        groups=_groups(results, summaries, units),
        unranked=units.views(results.unranked),
        missing=[result.unit.name for result in results.missing],
        legends=[] if total <= _NAMED else _legends(results),
        rules=list(rules(results)),
        facts=facts[:_FACTS],
        more_facts=max(len(facts) - _FACTS, 0),
    )


def _state(results: Results, *, public: bool) -> list[str]:
    """Return how far the results are: for the public whether they are final, and of how many units."""
    if not public:
        return list(state_lines(results))
    final = "Kết quả chưa đủ đơn vị." if results.missing else "Kết quả đầy đủ."
    first = "Kết quả tạm tính." if results.provisional else final
    rows = [row for row in results.rows if row.result.assessed]
    return [first, f"Có kết quả: {len(rows)} đơn vị; chưa có: {len(results.missing)}."]


def _overview(number: int, summary: GroupSummary, units: UnitsShown) -> tuple[str, ...]:
    """Return a group's line in the table of groups: anchor, title, units, mean, first unit."""
    mean = "–" if summary.mean is None else figure(summary.mean, units.decimals)
    first = "; ".join(row.result.unit.name for row in summary.assessed if row.rank == 1)
    return (_anchor(number), summary.group.title, str(summary.units), mean, first or "–")


def _anchor(number: int) -> str:
    return f"nhom-{number}"


def _groups(
    results: Results, summaries: Sequence[GroupSummary], units: UnitsShown
) -> list[GroupView]:
    shown = [group_view(results, s, _anchor(n), units) for n, s in enumerate(summaries, 1)]
    shown += [
        table_view(results, group, f"chung-{n}", units) for n, group in enumerate(results.across, 1)
    ]
    return shown


def _legends(results: Results) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what the numbers of the domains stand for, tier by tier."""
    campaign = results.campaign
    tiers = dict.fromkeys(row.result.unit.tier for row in results.rows)
    return [
        (campaign.settings.tiers[t].title, [(n.code, n.title) for n in campaign.rubrics[t].domains])
        for t in tiers
    ]
