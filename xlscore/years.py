"""Earlier years: what was found then, and what it says of the units that exist today.

Units are merged, split and renamed between years; `Years` maps them. How earlier results are read is
not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from xlscore.findings import Finding
from xlscore.rubric import Frozen, Text


class EarlierYear(Frozen):
    """An earlier year that `campaign.yaml` names.

    Attributes:
        results: a campaign folder (its last edition counts), or a file of results (.json, .csv, .xlsx).
    """

    year: int
    results: Text


@dataclass(frozen=True, slots=True)
class YearUnit:
    """One unit's result of an earlier year, under the code and the name that it had then.

    Attributes:
        group: title of its ranking group.
        index: percent, or None where it had none; `rank` likewise.
        domains: component indices in percent by domain id.
        scores: achieved points by leaf id; `maxima`: what each leaf could reach.
    """

    code: str
    name: str
    group: str = ""
    index: Decimal | None = None
    rank: int | None = None
    band: str = ""
    domains: Mapping[str, Decimal] = field(default_factory=dict)
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    maxima: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Year:
    """The results of one earlier year.

    Attributes:
        source: where they were read from, in words.
        final: whether nothing was waiting any more when they were frozen.
    """

    year: int
    units: Mapping[str, YearUnit]
    source: str = ""
    final: bool = True


@dataclass(frozen=True, slots=True)
class Past:
    """What an earlier year says of a unit of today.

    Attributes:
        units: what it was then: itself, one unit under another code, several that were merged.
        shared: whether others of today came from the same unit (chia tách).
        absent: codes of those that it is said to have been too, and that the year knows nothing of.
    """

    year: int
    units: tuple[YearUnit, ...]
    shared: bool = False
    absent: tuple[str, ...] = ()

    @property
    def named(self) -> int:
        """How many units it is said to have been."""
        return len(self.units) + len(self.absent)

    @property
    def merged(self) -> bool:
        """Whether it was several units then, even if the results of one alone are known."""
        return self.named > 1

    @property
    def lacking(self) -> tuple[str, ...]:
        """Names (or codes) of those of its units whose index nobody knows."""
        return (*(unit.name for unit in self.units if unit.index is None), *self.absent)

    @property
    def index(self) -> Decimal | None:
        """The index in percent; of merged units the mean, since nobody knows their weights.

        None where the index of one of them is not known: the others' mean is not that of the whole.
        """
        return self._mean(unit.index for unit in self.units)

    @property
    def rank(self) -> int | None:
        """The rank; merged units had several, so that none is theirs."""
        return None if self.merged else self.units[0].rank

    def domain(self, node_id: str) -> Decimal | None:
        """Return a component index in percent, if the domain (by id) was there."""
        return self._mean(unit.domains.get(node_id) for unit in self.units)

    def _mean(self, values: Iterable[Decimal | None]) -> Decimal | None:
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) / len(known) if len(known) == self.named else None


Predecessors = Mapping[str, Mapping[int, tuple[str, ...]]]
"""What units of today were: by code, then by year, the codes of that year."""


@dataclass(frozen=True)
class Years:
    """Earlier years, newest first.

    Attributes:
        predecessors: see there; what is not named is looked up under its own code.
        findings: what is wrong with their files; such a year, or such a figure, is left out.
        codes: the units of today. One from which another was split off, and which kept its code, needs
            no word in the table of predecessors.
    """

    years: tuple[Year, ...] = ()
    predecessors: Predecessors = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    codes: frozenset[str] = frozenset()

    def past(self, code: str, year: int) -> Past | None:
        """Return what a year says of the unit that has this code today; None if nothing."""
        found = next((one for one in self.years if one.year == year), None)
        if found is None:
            return None
        named = self.predecessors.get(code, {}).get(year, (code,))
        units = tuple(found.units[one] for one in named if one in found.units)
        shared = any(self._heirs.get((year, one), 0) > 1 for one in named)
        absent = tuple(one for one in named if one not in found.units)
        return Past(year, units, shared, absent) if units else None

    def all_of(self, code: str) -> tuple[Past, ...]:
        """Return what every year says of a unit, newest first."""
        found = (self.past(code, one.year) for one in self.years)
        return tuple(past for past in found if past is not None)

    @cached_property
    def _heirs(self) -> Mapping[tuple[int, str], int]:
        """How many units of today each unit of a year became, of those that a unit of today names."""
        counted: dict[tuple[int, str], int] = {}
        for by_year in self.predecessors.values():
            for year, named in by_year.items():
                for code in named:
                    counted[year, code] = counted.get((year, code), 0) + 1
        for year, code in counted:
            if code in self.codes and year not in self.predecessors.get(code, {}):
                counted[year, code] += 1  # it is still there: its own heir
        return counted
