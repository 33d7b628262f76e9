"""Row keys of books that span units: each vouches for what its row is about and what it showed.

A scorecard is about one unit, and its layout can be made again from the rubric. A book of appraisals or
surveys shows many units as they were on one day. So that it can be read without knowing that day, each
row's hidden key carries unit, node and the facts it was issued on, sealed with the campaign's key: what
stands in the visible cells may be altered, what the key says may not.
"""

from __future__ import annotations

from dataclasses import dataclass

from xlscore.identity import KeyRing, is_sealed, seal

BOOK_MARK = "xlscore:book"
"""Text of the cell where key row and key column meet; exactly one sheet of a book has it."""

_FEWEST_PARTS = 4


@dataclass(frozen=True, slots=True)
class RowKey:
    """What one row of a book is about.

    Attributes:
        kind: what the row takes; each kind of book has its own letters.
        unit, node, slot: of the row; empty where they have no meaning.
        facts: what it was issued on, such as the basis of an appraisal.

    Raises:
        ValueError: a part holds a `|`.
    """

    kind: str
    unit: str = ""
    node: str = ""
    slot: str = ""
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any("|" in part for part in self._parts):
            raise ValueError(f"no part of a row key may hold a “|”: {self._parts}")

    def sealed(self, serial: int, ring: KeyRing) -> str:
        """Return the key as the hidden cell of book number `serial` holds it."""
        body = "|".join(self._parts)
        return f"{body}|{seal(f'{serial}|{body}', ring)}"

    @property
    def _parts(self) -> tuple[str, ...]:
        return (self.kind, self.unit, self.node, self.slot, *self.facts)


def opened(text: str, serial: int, ring: KeyRing) -> RowKey | None:
    """Return the row key of a hidden cell; None where it is none of this book, or was altered."""
    *parts, mac = text.split("|")
    if len(parts) < _FEWEST_PARTS or not is_sealed(f"{serial}|{'|'.join(parts)}", mac, ring):
        return None
    kind, unit, node, slot, *facts = parts
    return RowKey(kind, unit, node, slot, tuple(facts))
