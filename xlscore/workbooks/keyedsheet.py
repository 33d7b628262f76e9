"""Find the sheet of a book that spans units: its columns by their keys, its rows by sealed keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from xlscore.entries import Reading, cut_reading, read_entry
from xlscore.findings import Finding, finding
from xlscore.identity import KeyRing
from xlscore.keyed import BOOK_MARK, RowKey, opened
from xlscore.layout import Entry
from xlscore.workbooks.formsheet import text_of
from xlscore.workbooks.package import Cell, Package, Sheet, cell_address

_NAMED = 5
"""So many rows are named where many have the same defect."""


@dataclass
class KeyedSheet:
    """The sheet as found, wherever rows and columns have been moved.

    Attributes:
        columns: number of each column, by key.
        rows: row number of each row that can be trusted, by its key.
        findings: keys that were altered or stand there twice; those rows are left out.
    """

    sheet: Sheet
    columns: Mapping[str, int]
    rows: dict[RowKey, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The sheet's name in the returned file."""
        return self.sheet.name

    def cell(self, key: RowKey, column: str) -> Cell | None:
        """Return the cell where a row crosses a column."""
        row, number = self.rows.get(key), self.columns.get(column)
        return None if row is None or number is None else self.sheet.cells.get((row, number))

    def address(self, key: RowKey, column: str) -> str:
        """Return the A1 address of that crossing in the returned file, or empty."""
        row, number = self.rows.get(key), self.columns.get(column)
        return "" if row is None or number is None else cell_address(row, number)

    def place(self, key: RowKey, column: str) -> dict[str, str]:
        """Return that crossing as the place of a finding."""
        return {"sheet": self.name, "cell": self.address(key, column), "node": key.node}

    def texts(self, key: RowKey, columns: Iterable[str]) -> list[str]:
        """Return what locked cells of a row say, spelled as fingerprints take it."""
        return [text_of(self.cell(key, column)) for column in columns]

    def read(self, key: RowKey, column: str, entry: Entry) -> Reading:
        """Understand an input cell, as far as an Excel cell takes it; its findings have their place."""
        reading = cut_reading(read_entry(entry, self.cell(key, column), self.name))
        place = self.place(key, column)
        return replace(reading, findings=tuple(found.at(**place) for found in reading.findings))


def find_keyed(
    package: Package,
    needed: Mapping[str, str],
    serial: int,
    ring: KeyRing,
    mark: str = BOOK_MARK,
) -> KeyedSheet | Finding:
    """Return the book's sheet with its rows and columns, or the finding that refuses the file.

    Args:
        needed: the columns that must be there, key → printed heading.
        serial: of the book, as its token says.
        mark: of the sheet, where a book has several.
    """
    marks = [
        (sheet, place)
        for sheet in package.sheets
        for place, cell in sheet.cells.items()
        if cell.value == mark
    ]
    if len(marks) != 1:
        names = ", ".join(dict.fromkeys(f"“{sheet.name}”" for sheet, _ in marks))
        return finding("two-form-sheets", entered=names) if marks else finding("no-form-sheet")
    sheet, (key_row, key_column) = marks[0]
    columns = _columns(sheet, (key_row, key_column), needed)
    if isinstance(columns, Finding):
        return columns
    found = KeyedSheet(sheet, columns)
    _find_rows(found, (key_row, key_column), serial, ring)
    return found if found.rows else finding("keys-damaged", entered=f"“{sheet.name}”")


def _columns(
    sheet: Sheet, mark: tuple[int, int], needed: Mapping[str, str]
) -> dict[str, int] | Finding:
    found: dict[str, int] = {}
    key_row, key_column = mark
    for (row, number), cell in sheet.cells.items():
        if row != key_row or not cell.value or number == key_column:
            continue
        if cell.value in found:
            params = {"column": needed.get(cell.value, cell.value)}
            return finding("column-twice", sheet=sheet.name, cell=cell.address, params=params)
        found[cell.value] = number
    for key, heading in needed.items():
        if key not in found:
            return finding("column-missing", sheet=sheet.name, params={"column": heading})
    return found


def _find_rows(found: KeyedSheet, mark: tuple[int, int], serial: int, ring: KeyRing) -> None:
    unknown: list[Cell] = []
    repeated: dict[RowKey, list[int]] = {}
    for (number, column), cell in sorted(found.sheet.cells.items()):
        if column != mark[1] or number == mark[0] or not cell.value:
            continue
        key = opened(cell.value, serial, ring)
        if key is None:
            unknown.append(cell)
        elif key in found.rows:
            repeated.setdefault(key, [found.rows[key]]).append(number)
        else:
            found.rows[key] = number
    if unknown:
        rows = ", ".join(str(cell.row) for cell in unknown[:_NAMED])
        params = {"count": str(len(unknown)), "rows": rows + (", …" if unknown[_NAMED:] else "")}
        place = {"sheet": found.name, "cell": unknown[0].address, "entered": unknown[0].value}
        found.findings.append(finding("foreign-rows", params=params, **place))
    for key, numbers in repeated.items():
        params = {"count": str(len(numbers)), "rows": ", ".join(map(str, numbers[:_NAMED])),
                  "title": " ".join(filter(None, (key.unit, key.node)))}  # fmt: skip
        place = {"sheet": found.name, "cell": cell_address(numbers[0], mark[1]), "node": key.node}
        found.findings.append(finding("row-twice", params=params, **place))
        del found.rows[key]
