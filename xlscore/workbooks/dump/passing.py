"""Cells on their way into a sheet's digest: told as they are read, and not kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from xlscore.workbooks.dump.formulas import Tables, canonical_formula
from xlscore.workbooks.dump.model import DumpCell, Place, SheetDigest
from xlscore.workbooks.package import Cell, SheetState


class Places(Iterable[Place]):
    """Many cells in little room: the columns of each row as bits."""

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}

    def __iter__(self) -> Iterator[Place]:
        """Yield them, row after row."""
        for row, bits in self._rows.items():
            for column in _bits(bits):
                yield row, column

    def add(self, place: Place) -> None:
        """Add a cell."""
        row, column = place
        self._rows[row] = self._rows.get(row, 0) | 1 << column

    @property
    def rows(self) -> AbstractSet[int]:
        """The rows in which there are any."""
        return self._rows.keys()

    @property
    def columns(self) -> AbstractSet[int]:
        """The columns in which there are any."""
        used = 0
        for bits in self._rows.values():
            used |= bits
        return frozenset(_bits(used))


def _bits(bits: int) -> Iterator[int]:
    return (place for place in range(bits.bit_length()) if bits >> place & 1)


class Passing(dict[Place, Cell]):
    """Takes the place of a sheet's cells; stays empty.

    The reader of sheets lets rows and columns only go forward, which is the order of a digest.

    Attributes:
        held: the cells there are.
        said: the cells that show something.
    """

    def __init__(self, name: str, state: SheetState, tables: Tables) -> None:
        super().__init__()
        self.digest = SheetDigest(name, state)
        self.held = Places()
        self.said = Places()
        self._name, self._tables = name, tables

    def __setitem__(self, place: Place, cell: Cell) -> None:
        """Tell a cell."""
        formula = canonical_formula(cell.formula or "", self._name, place, self._tables)
        self.digest.tell(place, dumped(cell, formula))
        self.held.add(place)
        if cell.value:
            self.said.add(place)


def dumped(cell: Cell, formula: str) -> DumpCell:
    """Return a cell as a dump has it; its formula in the one spelling."""
    kind, value = cell.kind, cell.value
    if kind in {"number", "date"}:
        try:
            kind, value = "number", f"{float(value) + 0:.15g}"
        except ValueError:  # a date in words: as it stands
            kind = "date"
    return DumpCell(kind, value.replace("\r\n", "\n"), formula, cell.format)
