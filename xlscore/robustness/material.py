"""What the trials work on: every unit's points and maxima as whole numbers, so that all sums are exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xlscore.campaign import Campaign
from xlscore.ranking import DECISIVE_DECIMALS, GroupRanking, RankedRow
from xlscore.rubric import Combine, Node

STORED_DECIMALS = 12
"""Points are counted in units of 10⁻¹²: the finest that a leaf is stored with."""

FULL = 100 * 10**DECISIVE_DECIMALS
"""An index of 100 %, in the units in which indices are compared."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """A unit with a result; points and maxima in units of 10⁻¹².

    Attributes:
        extra: bonus less penalty.
        capped: whether its index stops at 100 %.
    """

    row: RankedRow
    points: int
    applicable: int
    extra: int
    capped: bool

    def shares(self, parts: Sequence[Part]) -> list[tuple[int, int]]:
        """Return points and applicable maximum of each part; zeros where the unit has not got it."""
        result = self.row.result
        tier, achieved = result.unit.tier, result.achieved
        found = (achieved.get(part.node.id) if tier == part.tier else None for part in parts)
        return [
            (whole(score.points or Decimal(0)), whole(score.applicable)) if score else (0, 0)
            for score in found
        ]

    def index(self, points: int, applicable: int) -> int:
        """Return the index that these would give, in units of 10⁻⁹ %, rounded half up as ranks are."""
        achieved = max(points + self.extra, 0)
        if applicable == 0:
            return 0
        index: int = (2 * FULL * achieved + applicable) // (2 * applicable)
        return min(index, FULL) if self.capped else index


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a tier's rubric: what is weighted, or what is left out.

    Attributes:
        label: its printed code; with that of its domain where the code alone is ambiguous.
        domain: whether it is a whole domain (lĩnh vực) that has criteria below it.
    """

    tier: str
    node: Node
    label: str = ""
    domain: bool = False


@dataclass(frozen=True)
class Material:
    """One ranking group, ready for the trials."""

    campaign: Campaign
    group: GroupRanking

    @cached_property
    def entrants(self) -> tuple[Entrant, ...]:
        """The units with a result, best first."""
        return tuple(_entrant(row) for row in self.group.rows if row.result.assessed)

    @cached_property
    def tiers(self) -> tuple[str, ...]:
        """The tiers of its units: nearly always one."""
        here = {e.row.result.unit.tier for e in self.entrants}
        return tuple(tier for tier in self.campaign.settings.tiers if tier in here)

    @cached_property
    def weighted(self) -> tuple[Part, ...]:
        """What takes a weight of its own: every leaf, and every best-of group as one."""
        rubrics = self.campaign.rubrics
        return tuple(
            Part(tier, node)
            for tier in self.tiers
            for top in rubrics[tier].domains
            for node in _weighted(top)
        )

    @cached_property
    def removable(self) -> tuple[Part, ...]:
        """What is left out once: domains, and the criteria below them (depth 2) or for want of any."""
        return tuple(part for tier in self.tiers for part in self._removable(tier))

    def _removable(self, tier: str) -> Iterator[Part]:
        pairs = [
            (top, node)
            for top in self.campaign.rubrics[tier].domains
            for node in ((top,) if _is_one(top) else top.nodes)
        ]
        codes = [node.code for _, node in pairs]
        title = f" – {self.campaign.settings.tiers[tier].title}" if len(self.tiers) > 1 else ""
        before: Node | None = None
        for top, node in pairs:
            if top is not node and top is not before:
                yield Part(tier, top, top.code + title, domain=True)
            before = top
            plain = codes.count(node.code) == 1 or top is node
            label = node.code if plain else f"{node.code} (lĩnh vực {top.code})"
            yield Part(tier, node, label + title)


def _entrant(row: RankedRow) -> Entrant:
    result, total = row.result, row.result.totals
    extra = whole(total.bonus) - whole(total.penalty)
    capped = not result.policies.index_may_pass_100
    return Entrant(row, whole(total.points), whole(total.applicable), extra, capped)


def _weighted(node: Node) -> Iterator[Node]:
    if _is_one(node):
        yield node
    else:
        for child in node.nodes:
            yield from _weighted(child)


def _is_one(node: Node) -> bool:
    """Whether a node is one content: a leaf, or a group of which only the best case counts."""
    return node.is_leaf or node.combine is Combine.BEST


def whole(value: Decimal) -> int:
    """Return points in units of 10⁻¹²."""
    return int(value.scaleb(STORED_DECIMALS))


def shared_ranks(indices: Sequence[int]) -> list[int]:
    """Return ranks by the shared rule: 1, 2, 2, 4; the highest index is first."""
    first: dict[int, int] = {}
    for place, index in enumerate(sorted(indices, reverse=True), start=1):
        first.setdefault(index, place)
    return [first[index] for index in indices]
