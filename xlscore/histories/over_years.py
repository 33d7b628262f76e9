"""A unit over the years (qua các năm): index, rank and domains, under whatever name it had then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from xlscore.campaign import Unit
from xlscore.i18n import _
from xlscore.numbers import Exact, plain, quantise
from xlscore.ranking import RankedRow, Results
from xlscore.rubric import Node, Rubric
from xlscore.years import Past, YearUnit

MOST = 3
"""So many domains are named among what changed most."""

_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class YearLine:
    """What one year says of the unit.

    Attributes:
        index: percent; of merged units the mean. `rank` and `band` only where it was one unit.
        change: in percentage points against the nearest year before it with an index.
        then: what it was that year; empty for this campaign's own year.
        shared: whether others of today came from the same unit.
        domains: component indices in percent, by domain id.
        absent: codes of units that it was too, and that the year knows nothing of.
    """

    year: int
    index: Exact | None
    rank: int | None
    band: str
    change: Fraction | None
    domains: Mapping[str, Exact]
    then: tuple[YearUnit, ...] = ()
    shared: bool = False
    absent: tuple[str, ...] = ()

    @property
    def merged(self) -> bool:
        """Whether it was several units then."""
        return len(self.then) + len(self.absent) > 1


@dataclass(frozen=True, slots=True)
class Movement:
    """By how many percentage points a domain changed since the year before."""

    domain: Node
    by: Fraction


@dataclass(frozen=True)
class OverYears:
    """A unit over the years, this campaign's first; units and domains are those of today."""

    unit: Unit
    rubric: Rubric
    lines: tuple[YearLine, ...]

    @property
    def movements(self) -> tuple[Movement, ...]:
        """What changed most since the nearest year before, biggest change first."""
        if len(self.lines) < 2 or self.lines[0].index is None:  # noqa: PLR2004
            return ()
        now, before = self.lines[0].domains, self.lines[1].domains
        found = [
            Movement(node, Fraction(now[node.id]) - Fraction(before[node.id]))
            for node in self.rubric.domains
            if node.id in now and node.id in before
        ]
        moved = sorted((one for one in found if one.by), key=lambda one: -abs(one.by))
        return tuple(moved[:MOST])


def over_years(results: Results, unit: Unit) -> OverYears:
    """Return what this campaign and the earlier years say of a unit."""
    rubric = results.campaign.rubric(unit)
    row = next((one for one in results.rows if one.result.unit.code == unit.code), None)
    pasts = results.years.all_of(unit.code)
    indices: list[Exact | None] = [_index(row), *(past.index for past in pasts)]
    now = YearLine(
        results.campaign.settings.year,
        indices[0],
        row.rank if row else None,
        row.band if row else "",
        _change(indices),
        _domains(row),
    )
    lines = [_line(past, rubric, _change(indices[place:])) for place, past in enumerate(pasts, 1)]
    return OverYears(unit, rubric, (now, *lines))


def _index(row: RankedRow | None) -> Fraction | None:
    return row.result.index if row and row.result.assessed else None


def _domains(row: RankedRow | None) -> dict[str, Exact]:
    if row is None or not row.result.assessed:
        return {}
    nodes = ((node.id, row.result.node_index(node.id)) for node in row.result.rubric.domains)
    return {node: index for node, index in nodes if index is not None}


def _change(indices: Sequence[Exact | None]) -> Fraction | None:
    """Return how the first index differs from the next one that is known."""
    before = next((one for one in indices[1:] if one is not None), None)
    if indices[0] is None or before is None:
        return None
    return Fraction(indices[0]) - Fraction(before)


def _line(past: Past, rubric: Rubric, change: Fraction | None) -> YearLine:
    domains = ((node.id, past.domain(node.id)) for node in rubric.domains)
    band = "" if past.merged else past.units[0].band
    known: dict[str, Exact] = {node: index for node, index in domains if index is not None}
    return YearLine(
        past.year, past.index, past.rank, band, change, known, past.units, past.shared, past.absent
    )


# --- in words -------------------------------------------------------------------------------------


def then_words(unit: Unit, line: YearLine) -> str:
    """Say what the unit was that year, in the language in use; nothing where it was what it is."""
    if not line.then:
        return ""
    named = ", ".join([*(f"{one.code} – {one.name}" for one in line.then), *line.absent])
    if line.merged:
        parts = ", ".join(one.code for one in line.then if one.index is not None)
        all_ = not line.absent and all(one.index is not None for one in line.then)
        said = (
            _("merged from {units}; the index is their mean", units=named)
            if all_ or not parts
            else _("merged from {units}; only {parts} had an index", units=named, parts=parts)
        )
    elif line.shared:
        said = _("split from {units}", units=named)
    else:
        only = line.then[0]
        same = (only.code, only.name) == (unit.code, unit.name)
        said = "" if same else _("then {units}", units=named)
    if line.merged and line.shared:
        said += "; " + _("others came from them too")
    return said


def over_years_to_json(told: OverYears) -> dict[str, Any]:
    """Return the shape of a unit's years (see `docs/json.md`); decimals are texts."""
    return {
        "unit": told.unit.code,
        "name": told.unit.name,
        "tier": told.unit.tier,
        "years": [
            {
                "year": line.year,
                "index": _plain(line.index),
                "rank": line.rank,
                "band": line.band,
                "change": _plain(line.change),
                "then": [{"unit": one.code, "name": one.name} for one in line.then],
                "merged": line.merged,
                "split": line.shared,
                "domains": {node: _plain(index) for node, index in line.domains.items()},
            }
            for line in told.lines
        ],
        "changed_most": [
            {"id": one.domain.id, "title": one.domain.title, "change": _plain(one.by)}
            for one in told.movements
        ],
    }


def _plain(value: Exact | None) -> str | None:
    return None if value is None else plain(quantise(value, _DECIMALS))
