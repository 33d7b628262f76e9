"""What a council's book shows: plain values, gathered before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from xlscore.layout import NOT_APPLICABLE, NOTHING
from xlscore.rubric import Rubric
from xlscore.scoring import Score, Scores, Totals, add_up, totals

Figure = Decimal | str
"""A score, `NOT_APPLICABLE`, or an empty text where there is nothing."""


def printed(figure: Figure) -> Figure:
    """Return what a cell shows for a figure: a dash for nothing."""
    return NOTHING if figure == "" else figure


@dataclass(frozen=True, slots=True)
class CouncilRow:
    """One row on which the council may decide.

    Attributes:
        basis: what the proposal rests on (see `appraising.row_basis`).
        step: of the council's score; None means any.
        own: what the unit gives itself.
        rounds: per round, each agency's score and reason in words.
        reply: the unit's replies in words, with added evidence.
        why: why the row is put to the council.
        proposal: what holds without the council, or its word where that is no score.
        word: the score that the council gave before, or empty; `remark`: why.
        spoken: whether the council has spoken on this row.
        score: points and applicable maximum of the proposal; `left_out`: those of “Không áp dụng”.
    """

    unit: str
    unit_name: str
    node: str
    code: str
    title: str
    maximum: Decimal
    basis: str
    own: Figure
    proposal: Figure
    score: Score
    left_out: Score
    step: Decimal | None = None
    rounds: tuple[str, ...] = ()
    reply: str = ""
    why: str = ""
    word: Figure = ""
    remark: str = ""
    spoken: bool = False

    @property
    def conclusion(self) -> Figure:
        """What the sheet concludes as issued: the council's earlier score, or else the proposal."""
        return self.proposal if self.word == "" else self.word

    @property
    def concluded(self) -> Score:
        """Points and applicable maximum of the conclusion."""
        if isinstance(self.word, Decimal):
            return Score(self.word, self.maximum)
        return self.left_out if self.word == NOT_APPLICABLE else self.score

    @property
    def difference(self) -> Decimal:
        """Conclusion less self score; 0 where either is no number."""
        end, own = self.conclusion, self.own
        return end - own if isinstance(end, Decimal) and isinstance(own, Decimal) else Decimal(0)


@dataclass(frozen=True)
class UnitPart:
    """One unit's rows, with what its totals follow from.

    Attributes:
        achieved: scores of all nodes as they are without the council.
        own: the self-assessment's totals.
        most: the greatest index in percent, or None where it may pass 100.
    """

    code: str
    name: str
    rubric: Rubric
    achieved: Scores
    own: Totals
    rows: tuple[CouncilRow, ...]
    most: Decimal | None = Decimal(100)

    @property
    def proposed(self) -> Totals:
        """The totals without the council."""
        return totals(self.rubric, self.achieved)

    @property
    def concluded(self) -> Totals:
        """The totals with what the council has said so far."""
        leaves = {leaf.id: self.achieved[leaf.id] for leaf in self.rubric.leaves}
        leaves |= {row.node: row.concluded for row in self.rows}
        return totals(self.rubric, add_up(self.rubric, leaves))

    @property
    def index(self) -> Decimal:
        """The index in percent with what the council has said so far."""
        reached = self.concluded
        if reached.applicable == 0:
            return Decimal(0)
        index = reached.achieved / reached.applicable * 100
        return index if self.most is None else min(index, self.most)


@dataclass(frozen=True)
class CouncilBook:
    """A whole book.

    Attributes:
        authority, place: of the letterhead; council, signatory: the body and who signs for it.
        rounds: the titles of the rounds of appraisal.
        later: whether rows are there that the system computes anew after the meeting.
        decimals: how many are shown of a total and an index.
    """

    authority: str
    place: str
    title: str
    year: int
    council: str
    signatory: str
    rounds: tuple[str, ...]
    units: tuple[UnitPart, ...]
    later: bool = False
    decimals: int = 2

    @property
    def rows(self) -> Iterator[CouncilRow]:
        """All rows, by unit, in printed order."""
        for unit in self.units:
            yield from unit.rows

    @property
    def digest(self) -> str:
        """SHA-256 over everything that the book shows."""
        shown = [(u.code, u.name, u.rows, u.own, u.proposed, u.concluded) for u in self.units]
        head = replace(self, units=())
        return hashlib.sha256(repr((head, shown)).encode()).hexdigest()
