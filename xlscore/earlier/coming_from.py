"""Units of an earlier year that nobody of today comes from: found by their names, or told.

One that was dissolved is ordinary. A code that was mistyped looks the same from the earlier year's side;
what tells them apart is today's side: its unit has no result of that year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlscore.campaign import Campaign
from xlscore.earlier.tables import codes_by_name, name_key
from xlscore.findings import Finding, finding
from xlscore.years import Predecessors, Year, Years

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Mapped:
    """The table of predecessors with what names tell beside it."""

    predecessors: Predecessors
    findings: tuple[Finding, ...]


def map_by_name(campaign: Campaign, years: Sequence[Year], told: Predecessors) -> Mapped:
    """Take a unit of a year whose code fits nobody for the one unit of today that bears its very name.

    That holds where the name was typed as the code, too. What the table of predecessors says goes first,
    and a unit of today that has a result under its own code is no other's heir.
    """
    predecessors = {code: dict(of) for code, of in told.items()}
    findings = []
    names = codes_by_name(campaign.active.values())
    for year in years:
        heirs = {
            one: names.get(_known_as(year, one, names)) for one in _strangers(campaign, year, told)
        }
        counted = Counter(heirs.values())
        pairs = {
            one: heir
            for one, heir in heirs.items()
            if heir is not None
            and counted[heir] == 1
            and heir not in year.units
            and year.year not in predecessors.get(heir, {})
        }
        for one, heir in pairs.items():
            predecessors.setdefault(heir, {})[year.year] = (one,)
        if pairs:
            said = [f"{one} → {heir}" for one, heir in pairs.items()]
            params = {"year": str(year.year), "count": str(len(said)), "source": year.source}
            findings.append(finding("year-units-by-name", entered=_listed(said), params=params))
    return Mapped(predecessors, tuple(findings))


def unmapped(campaign: Campaign, years: Years) -> Iterator[Finding]:
    """Yield for each year whose units nobody of today comes from, once."""
    for year in years.years:
        params = {"year": str(year.year), "source": year.source}
        strangers = _strangers(campaign, year, years.predecessors)
        fresh = [code for code in campaign.active if years.past(code, year.year) is None]
        params |= {"count": str(len(strangers)), "fresh": str(len(fresh)), "units": _listed(fresh)}
        if len(strangers) == len(year.units):
            yield finding("year-without-our-units", params=params)
        elif strangers:
            name = "year-units-unmapped" if fresh else "year-units-gone"
            yield finding(name, entered=_listed(strangers), params=params)


def _strangers(campaign: Campaign, year: Year, predecessors: Predecessors) -> list[str]:
    """Return the codes of a year that neither a unit of today bears nor one of its predecessors."""
    heirs = {code for of in predecessors.values() for code in of.get(year.year, ())}
    return [code for code in year.units if code not in heirs and code not in campaign.units]


def _known_as(year: Year, code: str, names: dict[str, str]) -> str:
    """Return the name by which a unit is looked for: its own, or what stands in the place of its code."""
    own = name_key(year.units[code].name)
    return own if own in names else name_key(code)


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(codes[:_SHOWN]) + (" …" if len(codes) > _SHOWN else "")
