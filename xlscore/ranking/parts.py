"""What an achieved score is made of: what was appraised, what surveys gave, bonus and penalty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from xlscore.ranking.results import UnitResult
from xlscore.rubric import Channel, Combine, Node


@dataclass(frozen=True, slots=True)
class Parts:
    """Points of one unit by where they come from; appraised + survey is the total of the domains.

    Attributes:
        own: the unit's own total (tự chấm), bonus and penalty aside; None where it sent nothing.
        appraised: rows that the unit or appraisers score, and those that the system derives.
        survey: rows of surveys and published indices (điều tra xã hội học).
    """

    own: Decimal | None
    appraised: Decimal
    survey: Decimal
    bonus: Decimal
    penalty: Decimal


def parts(result: UnitResult) -> Parts:
    """Return what the achieved score of a unit is made of."""
    total = result.totals
    counted = (leaf for node in result.rubric.domains for leaf in counting_leaves(result, node))
    survey = sum(
        (result.achieved[leaf.id].points or Decimal(0) for leaf in counted if is_surveyed(leaf)),
        Decimal(0),
    )
    own = result.self_totals.points if result.self_totals else None
    return Parts(own, total.points - survey, survey, total.bonus, total.penalty)


def is_surveyed(leaf: Node) -> bool:
    """Whether a leaf's points come from a survey or a published index."""
    return leaf.channel is Channel.SURVEY


def counting_leaves(result: UnitResult, node: Node) -> Iterator[Node]:
    """Yield the leaves below `node` whose points count: of a best-of group those of its best part."""
    if node.is_leaf:
        yield node
        return
    below = node.nodes
    if node.combine is Combine.BEST:
        below = (max(below, key=lambda n: result.achieved[n.id].points or Decimal(0)),)
    for child in below:
        yield from counting_leaves(result, child)
