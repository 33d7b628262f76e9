"""A unit's total and denominator as live formulas over the rows that the council may change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from xlscore.methods.base import excel
from xlscore.rubric import Channel, Combine, Node
from xlscore.scoring import ZERO, Score
from xlscore.workbooks.council.contents import UnitPart

Cells = Mapping[str, str]
"""Address of the cell with a leaf's points (or applicable maximum), by leaf id."""

_Part = Callable[[Score], Decimal]


def total_formula(part: UnitPart, cells: Cells) -> str:
    """Return points with bonus added and penalty taken off, never below 0."""

    def points(score: Score) -> Decimal:
        return score.points or ZERO

    def of(nodes: Iterable[Node]) -> str:
        return _sum(part, nodes, cells, points)

    nodes = part.rubric.nodes
    bonus = of(n for n in nodes if n.channel is Channel.BONUS)
    penalty = of(n for n in nodes if n.channel is Channel.PENALTY)
    return f"MAX(0,{of(part.rubric.domains)}+{bonus}-({penalty}))"


def whole_formula(part: UnitPart, cells: Cells) -> str:
    """Return the points that could be reached."""
    return _sum(part, part.rubric.domains, cells, lambda score: score.applicable)


def _sum(part: UnitPart, nodes: Iterable[Node], cells: Cells, what: _Part) -> str:
    """Return the sum of nodes; what no cell changes is added up beforehand."""
    fixed, live = ZERO, []
    for node in nodes:
        if any(leaf.id in cells for leaf in node.leaves()):
            live.append(_node(part, node, cells, what))
        else:
            fixed += what(part.achieved[node.id])
    return "+".join([*live, excel(fixed)] if fixed or not live else live)


def _node(part: UnitPart, node: Node, cells: Cells, what: _Part) -> str:
    if node.is_leaf:
        return cells[node.id]
    if node.combine is Combine.SUM:
        value = _sum(part, node.nodes, cells, what)
    else:
        value = f"MAX({','.join(_sum(part, [n], cells, what) for n in node.nodes)})"
    if node.is_extra:
        return f"MIN({value},{excel(node.max)})"
    return f"({value})"
