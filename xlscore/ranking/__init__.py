"""Index, groups, ranks, bands: from what every unit submitted to the results that are published.

Index % = achieved ÷ applicable maximum, per unit: a unit with smaller maxima is measured by its own.
Rounding for display never decides anything. Ranks and bands compare indices to 9 decimals, in Python as
in the workbook's formulas: a leaf is stored with at most 12 decimals (a third is 0.333333333333), so
finer differences come from that, not from merit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlscore.appraising import UnitAppraisal
from xlscore.campaign import Campaign, Unit
from xlscore.ranking.cases import (
    Case,
    LayoutOf,
    best_values,
    compared_totals,
    days_late,
    published_figure,
    reported_result,
    unit_result,
)
from xlscore.ranking.order import assign_ranks, band_of, group_of, rank_group
from xlscore.ranking.parts import Parts, counting_leaves, is_surveyed, parts
from xlscore.ranking.results import (
    DECISIVE_DECIMALS,
    HUNDRED,
    Figures,
    GroupRanking,
    Note,
    RankedRow,
    Results,
    UnitResult,
    decisive,
)
from xlscore.reported import Reported
from xlscore.settings import MissingUnits
from xlscore.submission import Submission

__all__ = [
    "DECISIVE_DECIMALS",
    "HUNDRED",
    "Figures",
    "GroupRanking",
    "LayoutOf",
    "Note",
    "Parts",
    "RankedRow",
    "Results",
    "UnitResult",
    "assign_ranks",
    "band_of",
    "compared_totals",
    "counting_leaves",
    "days_late",
    "decisive",
    "group_of",
    "is_surveyed",
    "parts",
    "published_figure",
    "rank_campaign",
    "rank_results",
]


def rank_campaign(
    campaign: Campaign,
    submissions: Mapping[str, Submission],
    layout_of: LayoutOf,
    units: Iterable[Unit] | None = None,
    appraisals: Mapping[str, UnitAppraisal] | None = None,
    reported: Mapping[str, Reported] | None = None,
) -> Results:
    """Consolidate every unit and rank the groups.

    Args:
        submissions: the counting submission by unit code; incomplete ones count as missing.
        layout_of: the whole card's layout for a unit.
        units: the units to rank; all of the campaign by default.
        appraisals: what appraisers said, by unit code.
        reported: results from above, by unit code: all that counts in tiers that are reported so.
    """
    chosen = list(campaign.active.values() if units is None else units)
    cases = _cases(campaign, submissions, layout_of, appraisals or {})
    best = best_values(cases[unit.code] for unit in chosen if unit.code in cases)
    told = reported or {}
    results = [
        reported_result(campaign, unit, told[unit.code], layout_of(unit))
        if unit.code in told and _from_above(campaign, unit)
        else unit_result(campaign, unit, cases.get(unit.code), layout_of, best)
        for unit in chosen
    ]
    sent = (submissions[unit.code] for unit in chosen if unit.code in submissions)
    notes = tuple(Note(s.unit, found) for s in sent for found in s.findings)
    return rank_results(campaign, results, notes)


def _cases(
    campaign: Campaign,
    submissions: Mapping[str, Submission],
    layout_of: LayoutOf,
    said: Mapping[str, UnitAppraisal],
) -> dict[str, Case]:
    """Return what is scored here: complete submissions, by unit code."""
    return {
        code: Case(
            campaign, campaign.units[code], s, layout_of(campaign.units[code]), said.get(code)
        )
        for code, s in submissions.items()
        if s.complete and code in campaign.units and not _from_above(campaign, campaign.units[code])
    }


def rank_results(
    campaign: Campaign, results: Sequence[UnitResult], notes: tuple[Note, ...] = ()
) -> Results:
    """Rank the units by group, and across the groups of a tier where that is asked for."""
    missing = tuple(r for r in results if not r.assessed)
    listed = [
        r
        for r in results
        if r.assessed or campaign.settings.policies.missing_unit is MissingUnits.RANK_LAST
    ]
    ranked = [r for r in listed if r.unit.ranked]
    groups = tuple(
        rank_group(campaign, group, [r for r in ranked if group_of(r.unit) == group])
        for group in dict.fromkeys(group_of(r.unit) for r in ranked)
    )
    across = tuple(
        rank_group(campaign, tier, [r for r in ranked if r.unit.tier == tier], settings.across)
        for tier, settings in campaign.settings.tiers.items()
        if settings.across and any(r.unit.tier == tier for r in ranked)
    )
    unranked = tuple(RankedRow(None, r, band_of(campaign, r)) for r in listed if not r.unit.ranked)
    return Results(campaign, groups, unranked, missing, notes=notes, across=across)


def _from_above(campaign: Campaign, unit: Unit) -> bool:
    return campaign.tier(unit).reported_by_parent
