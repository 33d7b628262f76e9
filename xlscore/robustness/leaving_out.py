"""Leave one criterion out of numerator and denominator, and rank again: exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xlscore.ranking import DECISIVE_DECIMALS
from xlscore.robustness.material import Entrant, Material, Part, shared_ranks


@dataclass(frozen=True)
class LeftOut:
    """A ranking without one criterion, or without a whole domain.

    Attributes:
        ranks: of every unit with a result, in the order of the group.
        shifts: by how many ranks each moves, up or down.
        rebanded: number of units that get another band.
    """

    part: Part
    ranks: tuple[int, ...]
    shifts: tuple[int, ...]
    rebanded: int

    @property
    def mean_shift(self) -> Fraction:
        """The mean shift over the units."""
        return Fraction(sum(self.shifts), len(self.shifts))

    @property
    def most(self) -> int:
        """The biggest shift of any unit."""
        return max(self.shifts)


def leave_out_each(material: Material, nominal: Sequence[int]) -> tuple[LeftOut, ...]:
    """Leave out every criterion and every domain, one at a time.

    What counts for nobody is not tried, nor is what is all that some unit has: there would be nothing
    left to measure it by.

    Args:
        nominal: the ranks with everything in, in the order of the group.
    """
    return tuple(_trials(material, nominal))


def _trials(material: Material, nominal: Sequence[int]) -> Iterator[LeftOut]:
    entrants = material.entrants
    bands = [_band(material, e, e.index(e.points, e.applicable)) for e in entrants]
    by_unit = [entrant.shares(material.removable) for entrant in entrants]
    for part, shares in zip(material.removable, zip(*by_unit, strict=True), strict=True):
        if not any(applicable for _, applicable in shares):
            continue
        pairs = list(zip(entrants, shares, strict=True))
        if any(applicable and applicable == e.applicable for e, (_, applicable) in pairs):
            continue
        rest = [e.index(e.points - p, e.applicable - a) for e, (p, a) in pairs]
        ranks = shared_ranks(rest)
        shifts = tuple(abs(r - n) for r, n in zip(ranks, nominal, strict=True))
        again = (_band(material, e, i) for e, i in zip(entrants, rest, strict=True))
        rebanded = sum(a != b for a, b in zip(again, bands, strict=True))
        yield LeftOut(part, tuple(ranks), shifts, rebanded)


def _band(material: Material, entrant: Entrant, index: int) -> str:
    reached = Decimal(index).scaleb(-DECISIVE_DECIMALS)
    bands = material.campaign.tier(entrant.row.result.unit).bands
    return next((band.name for band in bands if reached >= band.at_least), "")
