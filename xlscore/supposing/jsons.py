"""A comparison as JSON (see `docs/json.md`); decimals are texts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from xlscore.numbers import plain, quantise
from xlscore.ranking import DECISIVE_DECIMALS, RankedRow, Results
from xlscore.settings import Grade
from xlscore.supposing.comparing import Comparison, Move, RowChange, Scenario


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """Return the shape of a comparison."""
    return {
        "supposed": True,
        "scenarios": [_scenario(comparison.base, one) for one in comparison.scenarios],
    }


def _scenario(base: Results, scenario: Scenario) -> dict[str, Any]:
    return {
        "title": scenario.supposition.title,
        "changes": list(_changes(base, scenario)),
        "groups": [
            {
                "id": group.id,
                "title": group.title,
                "ranked": group.ranked,
                "across": group.across,
                "rows": [_move(move) for move in group.moves],
            }
            for group in scenario.groups
        ],
        "rows": [_row(change) for change in scenario.rows],
    }


def _changes(base: Results, scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Yield what differs of rules and weights; changed scores stand under `rows`."""
    supposition, campaign = scenario.supposition, base.campaign
    own = campaign.settings.policies
    for name in supposition.other_policies(campaign):
        sides = getattr(own, name), getattr(supposition.policies, name)
        yield _change(f"policies.{name}", "", *map(_plain, sides))
    for tier in supposition.other_bands(campaign):
        sides_ = campaign.settings.tiers[tier].bands, supposition.bands[tier]
        yield _change("bands", tier, *map(_bands, sides_))
    for tier, node, before, after in supposition.other_maxima(campaign):
        yield _change(f"weights.{node}", tier, plain(before), plain(after))


def _change(field: str, tier: str, before: object, after: object) -> dict[str, Any]:
    return {"field": field, "tier": tier, "before": before, "after": after}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _bands(bands: tuple[Grade, ...]) -> list[dict[str, str]]:
    return [{"name": band.name, "at_least": plain(band.at_least)} for band in bands]


def _move(move: Move) -> dict[str, Any]:
    return {
        "unit": move.unit.code,
        "name": move.unit.name,
        "before": _side(move.before),
        "after": _side(move.after),
    }


def _side(row: RankedRow | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"rank": row.rank, "index": _percent(row.result.index), "band": row.band}


def _percent(index: Fraction) -> str:
    return plain(quantise(index, DECISIVE_DECIMALS))


def _row(change: RowChange) -> dict[str, Any]:
    return {
        "unit": change.unit.code,
        "row": change.node,
        "before": _points(change.before.points),
        "before_max": plain(change.before.applicable),
        "after": _points(change.after.points),
        "after_max": plain(change.after.applicable),
        "reason": change.reason,
    }


def _points(points: Decimal | None) -> str | None:
    return None if points is None else plain(points)
