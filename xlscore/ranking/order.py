"""Order the units of a group: merit, ranks, bands."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xlscore.campaign import Campaign, Unit
from xlscore.ranking.results import GroupRanking, RankedRow, UnitResult, decisive
from xlscore.settings import Ties


def group_of(unit: Unit) -> str:
    """Return the id of a unit's ranking group: its own, or its tier."""
    return unit.group or unit.tier


Merit = tuple[Decimal, ...]
"""What ranks a unit, compared from the first value on; higher is better."""


def rank_group(
    campaign: Campaign, group: str, results: Sequence[UnitResult], title: str = ""
) -> GroupRanking:
    """Rank results that are compared with each other; `title` where the group has none of its own."""
    settings = campaign.settings
    breakers = settings.policies.tie_breakers
    ordered = sorted(results, key=lambda r: _merit(r, breakers), reverse=True)
    ranks = assign_ranks([_merit(r, breakers) for r in ordered], settings.policies.ties)
    rows = tuple(
        RankedRow(rank, result, band_of(campaign, result))
        for rank, result in zip(ranks, ordered, strict=True)
    )
    tier = results[0].unit.tier
    named = settings.groups.get(group)
    said = title or (named.title if named else settings.tiers[tier].title)
    return GroupRanking(group, said, tier, rows)


def _merit(result: UnitResult, breakers: Sequence[str]) -> Merit:
    """Return what ranks a unit: its index, then its component indices in the order of the breakers."""
    components = (decisive(result.node_index(node)) for node in breakers)
    # A missing unit never ties with one that sent a return and reached 0.
    sent = Decimal(1 if result.assessed else 0)
    return (result.decisive_index, *components, sent)


def assign_ranks(merits: Sequence[Merit], ties: Ties) -> list[int]:
    """Return the ranks of merits sorted best first, ties as the setting says."""
    ranks: list[int] = []
    for place, merit in enumerate(merits):
        if ties is not Ties.ORDERED and place and merit == merits[place - 1]:
            ranks.append(ranks[-1])
        elif ties is Ties.DENSE:
            ranks.append((ranks[-1] if ranks else 0) + 1)
        else:
            ranks.append(place + 1)
    return ranks


def band_of(campaign: Campaign, result: UnitResult) -> str:
    """Return the band (xếp loại) of a result, decided on the decisive index; empty where none holds."""
    bands = campaign.tier(result.unit).bands
    return next((b.name for b in bands if result.decisive_index >= b.at_least), "")
