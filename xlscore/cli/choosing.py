"""The choice of units that several commands offer: `--tier`, `--unit`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xlscore.cli.common import USAGE, fail, know, know_tiers
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.campaign import Campaign, Unit

_SHOWN = 12
Command = TypeVar("Command", bound=Callable[..., Any])


def unit_options(command: Command) -> Command:
    """Add `--tier` and `--unit`, both repeatable."""
    tier = click.option(
        "--tier", "tiers", multiple=True, metavar="T", help="Only this tier; may be repeated."
    )
    unit = click.option(
        "--unit", "units", multiple=True, metavar="U", help="Only this unit; may be repeated."
    )
    return tier(unit(command))


def chosen_units(campaign: Campaign, tiers: Sequence[str], units: Sequence[str]) -> list[Unit]:
    """Return the units that take part and fit the choice; leave where there is none."""
    know_tiers(campaign, tiers)
    know(units, campaign.units, _("There is no unit “{name}”. Known: {known}."))
    chosen = [
        unit
        for unit in campaign.active.values()
        if (not tiers or unit.tier in tiers) and (not units or unit.code in units)
    ]
    if not chosen and (tiers or units):
        fail(_("No unit that takes part fits this choice of tiers and units."), USAGE)
    return chosen


def shown_codes(codes: Sequence[str]) -> str:
    """Return a list of codes for one line, cut where it is long."""
    more = len(codes) - _SHOWN
    return ", ".join(codes[:_SHOWN]) + (f", … (+{more})" if more > 0 else "")
