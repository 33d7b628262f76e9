"""One unit's card and what appraisers say of it: claims that rest on what the unit gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tests.small_campaign import METHODS, Returned, ranked
from xlscore.answers import Answers
from xlscore.appraising import (
    Claim,
    Decision,
    Reply,
    RowAppraisal,
    UnitAppraisal,
    appraise,
    row_basis,
)
from xlscore.form import scorecard_layout
from xlscore.layout import Layout
from xlscore.ranking import Results
from xlscore.rubric import Rubric

ACCEPT, ADJUST, QUERY = Decision.ACCEPT, Decision.ADJUST, Decision.QUERY
COUNCIL = "HD"


@dataclass(frozen=True)
class Card:
    """A unit's whole card."""

    layout: Layout
    answers: Answers
    unit: str = "U"

    def having(self, **changes: Any) -> Card:
        """Return the same unit's newer version."""
        return replace(self, answers=replace(self.answers, **changes))

    def claim(
        self, node: str, decision: Decision = ACCEPT, points: str | None = None, **more: Any
    ) -> Claim:
        """Return a word on a row as this card has it: of agency A in round 1, if nothing else is said."""
        facts: dict[str, Any] = {
            "agency": "A", "round": 1, "unit": self.unit, "node": node, "decision": decision,
            "basis": row_basis(self.layout, self.answers, node),
            "points": None if points is None else Decimal(points),
        }  # fmt: skip
        return Claim(**(facts | more))

    def appraise(self, *claims: Claim, replies: Iterable[Reply] = ()) -> UnitAppraisal:
        """Merge words that arrived in this order."""
        return appraise(self.unit, self.layout, self.answers, numbered(claims), replies)


def card(whole: Rubric, answers: Answers) -> Card:
    """Return the card of a rubric with these answers."""
    return Card(scorecard_layout(whole.for_unit({}), METHODS), answers)


def numbered(claims: Sequence[Claim], first: int = 1) -> list[Claim]:
    """Return the claims as they arrive, one after the other."""
    return [replace(claim, arrival=number) for number, claim in enumerate(claims, first)]


def unnumbered(merged: UnitAppraisal) -> UnitAppraisal:
    """Return what was merged without the numbers under which it arrived."""
    rows = {node: _without_numbers(row) for node, row in merged.rows.items()}
    replies = {key: replace(reply, arrival=0) for key, reply in merged.replies.items()}
    return replace(merged, rows=rows, replies=replies)


def _without_numbers(row: RowAppraisal) -> RowAppraisal:
    def bare(claims: Iterable[Claim]) -> tuple[Claim, ...]:
        return tuple(replace(claim, arrival=0) for claim in claims)

    conflict = None if row.conflict is None else bare(row.conflict)
    return replace(
        row,
        words=bare(row.words),
        outdated=bare(row.outdated),
        decided=None if row.decided is None else replace(row.decided, arrival=0),
        conflict=None if conflict is None else (conflict[0], conflict[1]),
    )


@dataclass
class Said:
    """What was said of many units, by unit: makes the appraisals that results need.

    A word without a basis is about the row as it is now.
    """

    claims: Mapping[str, Sequence[Claim]] = field(default_factory=dict)

    def __call__(self, unit: str, layout: Layout, answers: Answers) -> UnitAppraisal:
        said = [
            replace(c, unit=unit, basis=c.basis or row_basis(layout, answers, c.node))
            for c in self.claims.get(unit, ())
        ]
        return appraise(unit, layout, answers, numbered(said))


def word(node: str, decision: Decision = ACCEPT, points: str | None = None, **more: Any) -> Claim:
    """Return a word of agency A in round 1 about a row as it is now."""
    given = None if points is None else Decimal(points)
    facts: dict[str, Any] = {"agency": "A", "round": 1, "unit": "", "basis": ""}
    return Claim(**(facts | {"node": node, "decision": decision, "points": given} | more))


def results(
    whole: Rubric,
    sent: Mapping[str, Returned],
    claims: Mapping[str, Sequence[Claim]],
    **more: Any,
) -> Results:
    """Rank units of which this was said."""
    return ranked(whole, sent, appraised=Said(claims), **more)
