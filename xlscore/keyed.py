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

_PARTS = 6


@dataclass(frozen=True, slots=True)
class RowKey:
    """What one row of a book is about.

    Attributes:
        kind: what the row takes; each kind of book has its own letters.
        unit, node, slot: of the row; empty where they have no meaning.
        facts: what it was issued on, such as the basis of an appraisal; without `|` and `;`.
    """

    kind: str
    unit: str = ""
    node: str = ""
    slot: str = ""
    facts: tuple[str, ...] = ()

    def sealed(self, serial: int, ring: KeyRing) -> str:
        """Return the key as the hidden cell of book number `serial` holds it."""
        body = self._body()
        return f"{body}|{seal(f'{serial}|{body}', ring)}"

    def _body(self) -> str:
        return "|".join((self.kind, self.unit, self.node, self.slot, ";".join(self.facts)))


def opened(text: str, serial: int, ring: KeyRing) -> RowKey | None:
    """Return the row key of a hidden cell; None where it is none of this book, or was altered."""
    parts = text.split("|")
    if len(parts) != _PARTS:
        return None
    body, mac = "|".join(parts[:-1]), parts[-1]
    if not is_sealed(f"{serial}|{body}", mac, ring):
        return None
    kind, unit, node, slot, facts, _ = parts
    return RowKey(kind, unit, node, slot, tuple(facts.split(";")) if facts else ())
