"""What a row of the council's book was issued on: sealed in its key, so that no cell can say otherwise."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from decimal import Decimal

from xlscore.keyed import RowKey
from xlscore.layout import NOT_APPLICABLE, fingerprint
from xlscore.numbers import plain
from xlscore.workbooks.council.contents import CouncilRow, Figure, printed

ROW, REST, STATE = "row", "rest", "state"
"""Kinds of keyed rows: one to decide on, and the two choices that concern them all."""

_LEFT_OUT = "n"


@dataclass(frozen=True, slots=True)
class Facts:
    """The sealed facts of one row, as texts.

    Attributes:
        said: the council's earlier score, as the row shows it; remark: fingerprint of its remark.
        spoken: `y` where the council has spoken on the row before.
        seen: fingerprint of what is printed, by which a moved row is recognised.
    """

    basis: str
    maximum: str
    own: str
    proposal: str
    said: str
    remark: str
    spoken: str
    seen: str

    @classmethod
    def of(cls, row: CouncilRow) -> Facts:
        """Return the facts of a row about to be issued."""
        return cls(
            row.basis,
            plain(row.maximum),
            as_fact(row.own),
            as_fact(row.proposal),
            as_fact(row.word),
            fingerprint([row.remark]),
            "y" if row.spoken else "",
            fingerprint(seen(row)),
        )

    def key(self, unit: str, node: str) -> RowKey:
        """Return the row's key."""
        return RowKey(ROW, unit, node, facts=astuple(self))


def as_fact(figure: Figure) -> str:
    """Return a figure as a sealed text."""
    if isinstance(figure, Decimal):
        return plain(figure)
    return _LEFT_OUT if figure else ""


def figure_of(fact: str) -> Figure:
    """Return the figure that `as_fact` stored."""
    if not fact:
        return ""
    return NOT_APPLICABLE if fact == _LEFT_OUT else Decimal(fact)


def seen(row: CouncilRow) -> list[str]:
    """Return what identifies a row to a reader, as its cells show it."""
    figures = (row.maximum, printed(row.own), printed(row.proposal))
    texts = [plain(f) if isinstance(f, Decimal) else f for f in figures]
    return [row.unit_name, row.code, row.title, *texts]
