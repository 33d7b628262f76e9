"""Which agency appraises which row (phân công thẩm định)."""

from __future__ import annotations

from xlscore.campaign import Campaign, Unit
from xlscore.procedure import Assignment
from xlscore.rubric import Rubric


def agency_of(campaign: Campaign, unit: Unit, leaf: str, round_: int = 1) -> str:
    """Return the code of the agency that appraises a row in a round.

    The campaign's first rule that fits decides, then the rubric's `lead` of the row or the nearest
    node above it; the coordinator gets the rest, and what an agency without part in the round leads.
    """
    settings, rubric = campaign.settings.appraisal, campaign.rubric(unit)
    branch = (leaf, *rubric.ancestors(leaf))
    rule = next((r for r in settings.assignments if _fits(r, unit, branch)), None)
    named = rule.agency if rule else _lead(rubric, branch)
    present = settings.rounds[round_ - 1].agencies or tuple(campaign.agencies)
    return named if named in campaign.agencies and named in present else settings.leader


def _fits(rule: Assignment, unit: Unit, branch: tuple[str, ...]) -> bool:
    asked = (
        (rule.tiers, {unit.tier}),
        (rule.parents, {unit.parent}),
        (rule.units, {unit.code}),
        (rule.rows, set(branch)),
    )
    return all(not wanted or not own.isdisjoint(wanted) for wanted, own in asked)


def _lead(rubric: Rubric, branch: tuple[str, ...]) -> str:
    return next((lead for node in branch if (lead := rubric.by_id[node].lead)), "")
