"""Where a finding stands in the fresh form: its address in the returned file, through the keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlscore.findings import Finding, Severity
from xlscore.layout import Column, Entry, Layout, Row, Slot
from xlscore.workbooks.formsheet import FormSheet
from xlscore.workbooks.package import parse_address

_TO_BE_RETYPED = {"row-mismatch", "row-twice"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of the fresh form; without a row, the heading of the column."""

    row: Row | None
    column: Column


@dataclass(frozen=True, slots=True)
class Item:
    """A finding with its number on the list and the cells to mark, the first of which it leads to."""

    number: int
    finding: Finding
    spots: tuple[Spot, ...]

    @property
    def severity(self) -> Severity:
        """How grave the finding is."""
        return self.finding.severity


class Places:
    """Finds the cells of the fresh form that the findings on a returned form are about."""

    def __init__(self, form: FormSheet, layout: Layout) -> None:
        self._form, self._layout = form, layout
        self._rows = {number: layout.by_key[key] for key, number in form.rows.items()}
        self._columns = {number: column for column, number in form.columns.items()}

    def placed(self, findings: Iterable[Finding]) -> list[Item]:
        """Return the findings in the order of the list.

        Those on the file as a whole come first, then errors and warnings down the form, last notes.
        How many errors there are is said above the list.
        """
        found = [(f, self.spots(f)) for f in findings if f.name != "return-refused"]
        found.sort(key=lambda pair: (pair[0].severity is Severity.NOTE, self._order(pair[1])))
        return [Item(number, f, spots) for number, (f, spots) in enumerate(found, 1)]

    def _order(self, spots: Sequence[Spot]) -> tuple[int, int]:
        if not spots:
            return 0, 0
        row, column = spots[0].row, spots[0].column
        number = row.number if row else self._layout.heading_row
        return number, list(self._layout.letters).index(column)

    def spots(self, found: Finding) -> tuple[Spot, ...]:
        """Return the cells to mark for a finding; none where it is about the file as a whole."""
        if found.name in _TO_BE_RETYPED and (retyped := self._entries(found.node)):
            return retyped
        if found.name == "row-missing":
            title = found.params.get("title", "")
            return self._missing_row(found.node, title) or self._node(found)
        if found.cell and found.sheet in ("", self._form.name):
            return self._crossing(found.cell)
        return () if found.sheet not in ("", self._form.name) else self._node(found)

    def _crossing(self, address: str) -> tuple[Spot, ...]:
        try:
            number, column_number = parse_address(address)
        except ValueError:
            return ()
        row, column = self._rows.get(number), self._columns.get(column_number)
        if column is None:
            return ()
        if row is None:
            above = number < min(self._rows)
            return (Spot(None, column),) if above else ()
        return (Spot(row, column),)

    def _entries(self, node: str) -> tuple[Spot, ...]:
        """Return what is to be typed again for a criterion; an explanation need not be there."""
        return tuple(
            Spot(row, column)
            for (of, slot), (row, column, entry) in self._layout.entries.items()
            if of == node and node and slot != Slot.EXPLANATION and entry.unlocked
        )

    def _missing_row(self, node: str, title: str) -> tuple[Spot, ...]:
        rows = [r for r in self._layout.rows if r.node == node and r.printed[1] == title]
        spots = [
            Spot(row, column)
            for row in rows
            for column, cell in row.cells.items()
            if isinstance(cell, Entry) and cell.unlocked and cell.slot != Slot.EXPLANATION
        ]
        return tuple(spots or [Spot(row, Column.TITLE) for row in rows])

    def _node(self, found: Finding) -> tuple[Spot, ...]:
        """Return the criterion's own row, for a finding that names no cell."""
        rubric = self._layout.rubric
        named = [n.id for n in rubric.walk() if found.row and n.code == found.row]
        node = found.node or (named[0] if len(named) == 1 else "")
        row = next((r for r in self._layout.rows if node and r.node == node), None)
        return (Spot(row, Column.TITLE),) if row else ()
