"""The story of a row (diễn biến điểm số): from the declared figure to the final score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from xlscore.campaign import Unit
from xlscore.histories.appraised import appraised, replied
from xlscore.histories.declared import decisions, declared
from xlscore.histories.record import Record, Section, Statement, open_record
from xlscore.histories.scores import Final, final
from xlscore.histories.supplied import reported, supplied
from xlscore.ledger import Ledger
from xlscore.ranking import UnitResult
from xlscore.rubric import Node
from xlscore.scoring import Score, Totals
from xlscore.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf below a group: its self score, what appraisal made of it, what it achieves."""

    node: Node
    own: Decimal | None
    appraised: Decimal | None
    achieved: Score | None
    decided: bool


@dataclass(frozen=True)
class Story:
    """The story of one row of one unit.

    Attributes:
        head: hash of the ledger's last event: the basis of what is told.
        statements: by section, in ledger order; of a leaf.
        final: how the score follows; None for a group, and while nothing that counts was submitted.
        parts: the leaves of a group, in printed order; empty for a leaf.
        score, own: what the row achieves, and its self score.
        totals, index: of the unit; None while it is not assessed.
    """

    workspace: Workspace
    unit: Unit
    node: Node
    head: str
    now: datetime
    statements: tuple[Statement, ...] = ()
    final: Final | None = None
    parts: tuple[Part, ...] = ()
    score: Score | None = None
    own: Decimal | None = None
    totals: Totals | None = None
    index: Fraction | None = None

    def section(self, section: Section) -> tuple[Statement, ...]:
        """Return the statements of one section."""
        return tuple(told for told in self.statements if told.section is section)


def row_story(workspace: Workspace, ledger: Ledger, unit: Unit, node: Node, now: datetime) -> Story:
    """Return the story of a row of a unit of the campaign.

    Args:
        node: of the unit's rubric (see `find_node`).

    Raises:
        OSError: an earlier journal cannot be read.
    """
    record = open_record(workspace, ledger, unit, now)
    told = () if node.nodes else tuple(_statements(record, node))
    result = record.result
    head = record.state.head
    if result is None or not result.assessed:
        return Story(workspace, unit, node, head, now, told, parts=_parts(None, node))
    own = result.own[node.id].points if result.own else None
    return Story(
        workspace,
        unit,
        node,
        head,
        now,
        told,
        final(record, node) if node.is_leaf else None,
        _parts(result, node),
        result.achieved[node.id],
        own,
        result.totals,
        result.index,
    )


def _statements(record: Record, leaf: Node) -> list[Statement]:
    told = [
        *declared(record, leaf),
        *appraised(record, leaf),
        *replied(record, leaf),
        *reported(record, leaf),
        *supplied(record, leaf),
    ]
    arrivals = {int(s.facts.get("submission", 0)) for s in told} - {0}
    told += decisions(record, leaf, arrivals)
    order = list(Section)
    return sorted(told, key=lambda s: order.index(s.section))


def _parts(result: UnitResult | None, node: Node) -> tuple[Part, ...]:
    if node.is_leaf:
        return ()
    if result is None:
        return tuple(Part(leaf, None, None, None, decided=False) for leaf in node.leaves())
    return tuple(
        Part(
            leaf,
            result.own[leaf.id].points if result.own else None,
            result.appraised.get(leaf.id),
            result.achieved[leaf.id],
            leaf.id in result.appraised,
        )
        for leaf in node.leaves()
    )
