"""Vary the weights at random and rank again, draw by draw.

In a draw every leaf's maximum takes a factor of its own from [1 − noise, 1 + noise], the same for all
units; points scale with it, so that the share reached stays. Factors are whole millionths made from the
raw output of PCG64, the one stream that numpy promises never to change, and every sum is exact: the same
seed gives the same ranks on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from xlscore.robustness.material import FULL, Material
from xlscore.settings import RobustnessSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ONE = 1_000_000
"""A factor of 1."""

_CELLS = 400_000
"""How many indices are in memory at a time: draws × units of a step."""

_HALVES = 10**6
"""Numbers of up to 10¹⁵ are added up in two halves, so that sums of doubles stay exact."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The ranks of one unit over all draws.

    Attributes:
        low, high: 5 % and 95 % rank: nine draws in ten, or more, give a rank from `low` to `high`.
    """

    low: int
    median: int
    mean: Fraction
    high: int


def vary_weights(material: Material, settings: RobustnessSettings) -> tuple[Spread, ...]:
    """Return every unit's ranks over the draws, in the order of the group."""
    counts = _rank_counts(material, settings)
    return tuple(_spread(counts[unit], settings.draws) for unit in range(len(material.entrants)))


def factors(group: str, settings: RobustnessSettings, weighted: int) -> Iterator[NDArray[np.int64]]:
    """Yield the factors draw by draw, in millionths: one per weighted part, in printed order.

    Each group has a stream of its own, by its id, so that no group's figures depend on another's.
    """
    import numpy as np

    key = int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big")
    stream = np.random.PCG64(np.random.SeedSequence([settings.seed, key]))
    reach = int(settings.noise * ONE / 100)
    span = np.uint64(2 * reach + 1)
    for _ in range(settings.draws):
        raw = np.asarray(stream.random_raw(weighted), dtype=np.uint64)
        step = ((raw >> np.uint64(32)) * span) >> np.uint64(32)
        yield step.astype(np.int64) + (ONE - reach)


def _rank_counts(material: Material, settings: RobustnessSettings) -> NDArray[np.int32]:
    """Return how often each unit (row) takes each rank (column, from 0): small however many draws."""
    import numpy as np

    units = len(material.entrants)
    counts = np.zeros(units * units, dtype=np.int32)
    draws = factors(material.group.id, settings, len(material.weighted))
    step = max(_CELLS // units, 1)
    field = _Field.of(material)
    for done in range(0, settings.draws, step):
        chunk = min(step, settings.draws - done)
        weights = np.array([next(draws) for _ in range(chunk)], dtype=np.float64)
        indices = field.indices(weights)
        order = np.argsort(-indices, axis=1, kind="stable")
        ordered = np.take_along_axis(indices, order, axis=1)
        place = np.broadcast_to(np.arange(units), order.shape).copy()
        place[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
        np.maximum.accumulate(place, axis=1, out=place)
        np.add.at(counts, (order * units + place).ravel(), 1)
    return counts.reshape(units, units)


@dataclass(frozen=True)
class _Field:
    """Points and maxima of all units as matrices, weighted part × unit, each in two halves."""

    points: tuple[Floats, Floats]
    applicable: tuple[Floats, Floats]
    extra: Floats
    ceiling: Floats

    @classmethod
    def of(cls, material: Material) -> _Field:
        import numpy as np

        entrants = material.entrants
        shares = np.array([e.shares(material.weighted) for e in entrants], dtype=np.int64)
        shares = shares.reshape(len(entrants), len(material.weighted), 2)
        return cls(
            _halves(shares[:, :, 0].T),
            _halves(shares[:, :, 1].T),
            np.array([float(e.extra * ONE) for e in entrants]),
            np.array([float(FULL) if e.capped else np.inf for e in entrants]),
        )

    def indices(self, weights: Floats) -> Floats:
        """Return the indices, draw × unit, in units of 10⁻⁹ %, rounded as ranks are."""
        import numpy as np

        achieved = np.maximum(_weighed(weights, self.points) + self.extra, 0.0)
        applicable = _weighed(weights, self.applicable)
        known = np.zeros_like(achieved)
        np.divide(achieved, applicable, out=known, where=applicable > 0)
        known *= FULL
        known += 0.5
        np.floor(known, out=known)
        return np.minimum(known, self.ceiling)


def _halves(exact: NDArray[np.int64]) -> tuple[Floats, Floats]:
    import numpy as np

    high, low = np.divmod(exact, _HALVES)
    return high.astype(np.float64), low.astype(np.float64)


def _weighed(weights: Floats, halves: tuple[Floats, Floats]) -> Floats:
    high, low = halves
    total: Floats = (weights @ high) * _HALVES
    if low.any():  # hardly ever: scores mostly have few decimals
        total += weights @ low
    return total


def _spread(counts: NDArray[np.int32], draws: int) -> Spread:
    import numpy as np

    reached = np.cumsum(counts, dtype=np.int64)

    def rank(percent: int) -> int:
        """Return the lowest rank that so many percent of the draws stay within."""
        return int(np.searchsorted(reached, -(-draws * percent // 100))) + 1

    total = int(np.arange(1, len(counts) + 1, dtype=np.int64) @ counts)
    return Spread(rank(5), rank(50), Fraction(total, draws), rank(95))
