"""A workbook as a dump of its cells: plain values that can be digested and compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from xlscore.workbooks.package import SheetState, cell_address

Place = tuple[int, int]


class DumpCell(NamedTuple):
    """One cell.

    `value` is a number to 15 significant digits, all that programs keep; `formula` is spelled one way (see
    `formulas`), empty without one; `format` is the number format's code.
    """

    kind: str
    value: str
    formula: str
    format: str


class SheetDigest:
    """The digest of everything that a sheet says, while its cells are told in the order of their places."""

    def __init__(self, name: str, state: SheetState) -> None:
        self._told = hashlib.sha256(f"{name}\x1e{state}\x1e".encode())

    def tell(self, place: Place, cell: DumpCell) -> None:
        """Add a cell."""
        self._told.update("\x1f".join((cell_address(*place), *cell)).encode() + b"\x1e")

    def finish(
        self, hidden_rows: Iterable[int], hidden_columns: Iterable[int], objects: Iterable[str]
    ) -> str:
        """Add what else there is, after all cells; return the digest."""
        hidden = (sorted(hidden_rows), sorted(hidden_columns), list(objects))
        self._told.update(repr(hidden).encode())
        return self._told.hexdigest()


@dataclass(frozen=True)
class SheetDump:
    """One sheet.

    Attributes:
        hidden_rows: those that hold cells; `hidden_columns` likewise.
        merges: corners of the merged ranges.
        objects: charts with what they refer to, texts of shapes, digests of pictures; sorted.
        margins: what is printed around the cells or said to whoever types there. It is not in the digest,
            which older ledgers hold without it.
    """

    name: str
    state: SheetState
    cells: Mapping[Place, DumpCell]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    objects: tuple[str, ...] = ()
    merges: frozenset[tuple[Place, Place]] = frozenset()
    margins: tuple[str, ...] = ()

    def digest(self) -> str:
        """Return a digest of what the sheet says and shows."""
        told = SheetDigest(self.name, self.state)
        for place, cell in sorted(self.cells.items()):
            told.tell(place, cell)
        return told.finish(self.hidden_rows, self.hidden_columns, self.objects)


@dataclass(frozen=True)
class Dump:
    """A whole workbook.

    Attributes:
        settings: what holds for the whole workbook, and names that stand for something.
        repeats: whether a text stands in several cells, each with its own copy: programs that save a workbook
            keep a text that repeats once.
        properties: custom document properties; `application`: the program that says it saved the file.
        parts: digest of every member by its name; `sheet_of`: which sheet a member belongs to.
    """

    sheets: tuple[SheetDump, ...]
    properties: Mapping[str, str]
    defined_names: Mapping[str, str]
    application: str
    has_macros: bool
    has_external_links: bool
    parts: Mapping[str, str]
    sheet_of: Mapping[str, str]
    settings: Mapping[str, str]
    repeats: bool = False

    def digests(self) -> dict[str, str]:
        """Return the digest of every sheet by name."""
        return {sheet.name: sheet.digest() for sheet in self.sheets}

    @property
    def by_name(self) -> dict[str, SheetDump]:
        """The sheets by name."""
        return {sheet.name: sheet for sheet in self.sheets}
