"""Other weights: what every leaf's maximum becomes when some maxima are supposed to be others.

A leaf's points scale with its maximum, the share reached stays. Of a group the leaves scale in
proportion, save those with a maximum of their own; the groups above follow from their parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from xlscore.numbers import quantise
from xlscore.rubric import Combine, Node, Rubric, combined_maximum
from xlscore.scoring import ZERO, Open, Score, Scores, add_up

DECIMALS = 12
"""Decimals of what is scaled, whatever the campaign rounds rows to: the share reached must stay."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A group whose supposed maximum its parts do not come to."""

    node: str
    maximum: Decimal
    parts: Decimal


@dataclass(frozen=True)
class Weights:
    """What a rubric's maxima become.

    Attributes:
        factors: by leaf id, where it is not 1.
        caps: new maxima of bonus and penalty groups, which are no sums.
    """

    factors: Mapping[str, Fraction] = field(default_factory=dict)
    caps: Mapping[str, Decimal] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.factors or self.caps)

    def rubric(self, rubric: Rubric) -> Rubric:
        """Return a rubric, whole or a unit's own, with its maxima as supposed."""
        nodes = tuple(self._node(node) for node in rubric.nodes)
        # Not `model_copy`: it would take the cached leaves and parents along.
        fields = {name: getattr(rubric, name) for name in Rubric.model_fields}
        return Rubric.model_construct(**(fields | {"nodes": nodes}))

    def _node(self, node: Node) -> Node:
        if node.is_leaf:
            factor = self.factors.get(node.id, Fraction(1))
            return node.model_copy(update={"max": _scaled(node.max, factor)})
        parts = tuple(self._node(part) for part in node.nodes)
        maximum = self.caps.get(node.id, node.max)
        if not node.is_extra and [p.max for p in parts] != [p.max for p in node.nodes]:
            maximum = combined_maximum(node.combine, parts)
        return node.model_copy(update={"nodes": parts, "max": maximum})

    def scores(self, rubric: Rubric, scores: Scores, given: Scores) -> Scores:
        """Return a unit's scores on the supposed scale.

        Args:
            rubric: the unit's, on the supposed scale.
            given: scores of leaves that are already on it.
        """
        leaves = {
            leaf.id: given.get(leaf.id) or self._score(leaf.id, scores[leaf.id])
            for leaf in rubric.leaves
        }
        return add_up(rubric, leaves)

    def _score(self, node: str, score: Score) -> Score:
        factor = self.factors.get(node)
        if factor is None:
            return score
        if factor == 0:  # the row is gone, as one that does not apply
            return Score(None, ZERO, score.open or Open.NOT_APPLICABLE)
        points = None if score.points is None else _scaled(score.points, factor)
        return Score(points, _scaled(score.applicable, factor), score.open)


def _scaled(value: Decimal, factor: Fraction) -> Decimal:
    return value if factor == 1 else quantise(Fraction(value) * factor, DECIMALS)


def settled(rubric: Rubric, maxima: Mapping[str, Decimal]) -> tuple[Weights, tuple[Misfit, ...]]:
    """Return the weights that follow from some nodes' new maxima, and which of these do not fit."""
    desk = _Desk(maxima)
    for node in rubric.nodes:
        desk.settle(node, None)
    changed = {leaf: factor for leaf, factor in desk.factors.items() if factor != 1}
    return Weights(changed, desk.caps), tuple(desk.misfits)


class _Desk:
    def __init__(self, maxima: Mapping[str, Decimal]) -> None:
        self.maxima = maxima
        self.factors: dict[str, Fraction] = {}
        self.caps: dict[str, Decimal] = {}
        self.misfits: list[Misfit] = []

    def settle(self, node: Node, wanted: Fraction | None) -> Fraction:
        """Settle a node and what is below it; return its maximum.

        Args:
            wanted: the maximum that follows from above; None where nothing is said there.
        """
        own = self.maxima.get(node.id)
        goal = wanted if own is None else Fraction(own)
        if node.is_leaf:
            maximum = Fraction(node.max) if goal is None else goal
            self.factors[node.id] = maximum / Fraction(node.max)
            return maximum
        if node.is_extra:
            return self._cap(node, goal)
        if goal is None:
            return self._follow(node)
        return self._fill(node, goal)

    def _follow(self, node: Node) -> Fraction:
        """Settle a group of which nothing is said: it follows from its parts.

        Parts that exclude each other (`applies_when`) are not added up: the difference counts.
        """
        settled_ = [self.settle(part, None) for part in node.nodes]
        if node.combine is Combine.BEST:
            return max(settled_)
        return Fraction(node.max) + sum(settled_) - sum(_old(node.nodes))

    def _fill(self, node: Node, goal: Fraction) -> Fraction:
        """Settle a group so that it comes to `goal`: the parts without a maximum of their own give way."""
        fixed = [part for part in node.nodes if part.id in self.maxima]
        free = [part for part in node.nodes if part.id not in self.maxima]
        said = [self.settle(part, None) for part in fixed]
        factor = goal / Fraction(node.max)
        if node.combine is Combine.SUM:
            rest, old = goal - sum(said), Fraction(node.max) - sum(_old(fixed))
            fits = rest == 0 or (rest > 0 and bool(free) and old > 0)
            factor = rest / old if fits and old > 0 else factor
            parts = Fraction(sum(said))
        else:
            parts = max([*said, *(old * factor for old in _old(free))])
            fits = parts == goal
        if not fits:
            self._misfit(node, goal, parts)
        for part in free:
            self.settle(part, Fraction(part.max) * factor)
        return goal

    def _cap(self, node: Node, goal: Fraction | None) -> Fraction:
        """Settle a bonus or penalty group: its maximum is a cap, and no part may pass it."""
        cap = Fraction(node.max) if goal is None else goal
        factor = cap / Fraction(node.max)
        for part in node.nodes:
            maximum = self.settle(part, Fraction(part.max) * factor)
            if part.id in self.maxima and maximum > cap:
                self._misfit(node, cap, maximum)
        if cap != node.max:
            self.caps[node.id] = quantise(cap, DECIMALS)
        return cap

    def _misfit(self, node: Node, goal: Fraction, parts: Fraction) -> None:
        found = (quantise(goal, DECIMALS), quantise(parts, DECIMALS))
        self.misfits.append(Misfit(node.id, *found))


def _old(nodes: Iterable[Node]) -> list[Fraction]:
    return [Fraction(node.max) for node in nodes]
