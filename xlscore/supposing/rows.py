"""Rows of units in a what-if file: other scores, rows that are not to apply; held against the cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from xlscore.located import Path_
from xlscore.numbers import plain
from xlscore.ranking import Results, UnitResult
from xlscore.rubric import Node, Rubric
from xlscore.supposing.file import RowOf, ScoreOf
from xlscore.supposing.names import Names
from xlscore.supposing.supposition import SupposedAbsence, SupposedScore
from xlscore.supposing.weights import Weights


@dataclass
class Rows:
    """Finds the rows that one scenario names.

    Attributes:
        unsettled: tiers whose maxima do not fit: nothing can be said of points there yet.
    """

    results: Results
    names: Names
    weights: Mapping[str, Weights]
    unsettled: frozenset[str]
    _taken: dict[tuple[str, str], int] = field(default_factory=dict)

    def scores(self, given: Iterable[ScoreOf], where: Path_) -> tuple[SupposedScore, ...]:
        """Return the supposed scores; report those that cannot be."""
        found = []
        for place, one in enumerate(given):
            above = (*where, place)
            named = self._find(one, above)
            if named is None:
                continue
            result, node = named
            if not node.is_leaf:
                leaves = ", ".join(leaf.id for leaf in node.leaves())
                self.names.add("what-if-group-score", (*above, "row"), one.row, choices=leaves)
                continue
            maximum = self._maximum(result, node)
            if one.points > maximum and result.unit.tier not in self.unsettled:
                self.names.add("what-if-above-maximum", (*above, "points"), plain(one.points),
                               unit=one.unit, maximum=plain(maximum))  # fmt: skip
            found.append(SupposedScore(one.unit, node.id, one.points, one.reason))
        return tuple(found)

    def absences(self, given: Iterable[RowOf], where: Path_) -> tuple[SupposedAbsence, ...]:
        """Return the rows that are supposed not to apply; report those that cannot be."""
        found = []
        for place, one in enumerate(given):
            named = self._find(one, (*where, place))
            if named is not None:
                found.append(SupposedAbsence(one.unit, named[1].id, one.reason))
        return tuple(found)

    def _find(self, one: RowOf, above: Path_) -> tuple[UnitResult, Node] | None:
        campaign = self.results.campaign
        if not self.names.known((*above, "unit"), one.unit, campaign.units):
            return None
        result = self._assessed.get(one.unit)
        if result is None:
            self.names.add("what-if-no-return", (*above, "unit"), one.unit)
            return None
        node = self._row(one, result.rubric, campaign.rubrics[result.unit.tier], above)
        if node is None or self._is_twice(one, node, above):
            return None
        return result, node

    def _row(self, one: RowOf, own: Rubric, whole: Rubric, above: Path_) -> Node | None:
        where = (*above, "row")
        on_card = one.row in own.by_id or any(node.code == one.row for node in own.walk())
        elsewhere = one.row in whole.by_id or any(node.code == one.row for node in whole.walk())
        if elsewhere and not on_card:
            self.names.add("what-if-not-its-row", where, one.row, unit=one.unit)
            return None
        return self.names.row(where, one.row, own)

    def _is_twice(self, one: RowOf, node: Node, above: Path_) -> bool:
        line = self.names.located.line(above)
        leaves = [(one.unit, leaf.id) for leaf in node.leaves()]
        first = next((self._taken[key] for key in leaves if key in self._taken), 0)
        if first:
            self.names.add("what-if-twice", above, one.row, unit=one.unit, first=str(first))
        self._taken |= dict.fromkeys(leaves, line)
        return bool(first)

    def _maximum(self, result: UnitResult, node: Node) -> Decimal:
        weights = self.weights.get(result.unit.tier, Weights())
        return weights.rubric(result.rubric).by_id[node.id].max

    @cached_property
    def _assessed(self) -> Mapping[str, UnitResult]:
        return {r.result.unit.code: r.result for r in self.results.rows if r.result.assessed}
