"""Where the chosen unit loses most points: every row's loss in hidden columns, the biggest in a table.

Equal losses keep the order of the rubric. Of a best-of group the whole group counts: a branch that is
not the best one loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xlscore.numbers import quantise
from xlscore.ranking import UnitResult
from xlscore.rubric import Combine, Node, Rubric
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.grid import at, down
from xlscore.workbooks.ranking.tiersheets import TierSheets

MOST = 6
"""How many losses are shown."""

TITLE, MAXIMUM, POINTS, LOSS, ORDER = range(5)
"""Columns of the hidden list, from its first one on."""

_DIGITS = 9
"""Decimals of a loss that count: none of a double's noise."""


def lossy(rubric: Rubric) -> tuple[Node, ...]:
    """Return the nodes at which points are lost: leaves, and best-of groups as wholes."""

    def below(node: Node) -> Iterator[Node]:
        if node.is_leaf or node.combine is Combine.BEST:
            yield node
        else:
            for child in node.nodes:
                yield from below(child)

    return tuple(found for domain in rubric.domains for found in below(domain))


@dataclass(frozen=True)
class Losses:
    """The hidden list of losses, one row per node, and what the table shows of it.

    Attributes:
        first_row, column: 0-based place of its first cell.
        own, maximum: references to the chosen unit's place on the sheets of points and maxima.
        guarded: what makes a formula blank while no unit is chosen.
        chosen: the unit that is chosen when the workbook is written.
    """

    tier: TierSheets
    first_row: int
    column: int
    own: str
    maximum: str
    guarded: Callable[[str], str]
    chosen: UnitResult

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """What is listed."""
        return lossy(self.tier.rubric)

    @cached_property
    def order(self) -> Mapping[int, Node]:
        """The nodes that lost points by their place, biggest loss first."""
        lost = [node for node in self.nodes if self._lost(node) > 0]
        ranked = sorted(lost, key=lambda node: -self._lost(node))  # equal ones stay in order
        return dict(enumerate(ranked, start=1))

    def _lost(self, node: Node) -> Decimal:
        score = self.chosen.achieved.get(node.id)
        if not self.chosen.assessed or score is None or score.points is None:
            return Decimal(0)
        return quantise(score.applicable - score.points, _DIGITS)

    def _block(self, part: int) -> str:
        # A blank row more: programs take a range of one cell for a value.
        return down(self.first_row, self.first_row + len(self.nodes), self.column + part)

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Yield the rows of the hidden list with their cells."""
        places = {node.id: place for place, node in self.order.items()}
        for row, node in enumerate(self.nodes, start=self.first_row):
            yield row, self._row(row, node, places.get(node.id, 0))

    def _row(self, row: int, node: Node, place: int) -> tuple[Cell, ...]:
        tier, column = self.tier, self.tier.columns[node.id]
        points = f"INDEX({tier.block(tier.points, column)},{self.own})"
        maximum = f"INDEX({tier.block(tier.maxima, column)},{self.maximum})"
        m, p, loss = (at(row, self.column + part) for part in (MAXIMUM, POINTS, LOSS))
        above = down(self.first_row, row, self.column + LOSS)
        order = f"SUMPRODUCT(1*({self._block(LOSS)}>{loss}))+SUMPRODUCT(1*({above}={loss}))"
        score = self.chosen.achieved.get(node.id)
        known = self.chosen.assessed and score is not None and score.points is not None
        return (
            f"{node.code}. {node.title}",
            Live(self.guarded(maximum), float(score.applicable) if score else 0.0),
            Live(
                self.guarded(f'IF(COUNT({points})=0,"",{points})'),
                float(score.points) if known else "",  # type: ignore[union-attr, arg-type]
            ),
            Live(f"IF(COUNT({m},{p})<2,0,ROUND({m}-{p},{_DIGITS}))", float(self._lost(node))),
            Live(f"IF({loss}>0,{order},0)", place),
        )

    def shown(self, place: int, pointer: str) -> tuple[Live, Live, Live, Live, Live]:
        """Return the cells of one line: the pointer itself, title, maximum, points, loss."""
        block = self._block(ORDER)
        found = Live(
            f"IF(MAX({block})<{place},0,MATCH({place},{block},0))",
            self.nodes.index(self.order[place]) + 1 if place in self.order else 0,
        )
        node = self.order.get(place)
        score = self.chosen.achieved[node.id] if node else None
        values: tuple[float | str, ...] = ("", "", "", "")
        if node and score and score.points is not None:
            lost = float(self._lost(node))
            title = f"{node.code}. {node.title}"
            values = (title, float(score.applicable), float(score.points), lost)
        title_, maximum, points, loss = (
            Live(f'IF({pointer}=0,"",INDEX({self._block(part)},{pointer}))', value)
            for part, value in zip((TITLE, MAXIMUM, POINTS, LOSS), values, strict=True)
        )
        return found, title_, maximum, points, loss
