"""Find the form in a returned workbook: the one sheet with the key row, its columns, its rows.

A row counts only if its key agrees with its printed STT, title and maximum: sorting or pasting over
visible columns leaves the hidden keys behind, and would give one criterion's points to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlscore.checking import FoundCell
from xlscore.findings import Finding, finding
from xlscore.layout import KEY_MARK, Column, Layout, Row, fingerprint
from xlscore.numbers import from_excel, plain
from xlscore.text import folded
from xlscore.workbooks.package import Cell, Package, Sheet, cell_address

PRINTED = (Column.CODE, Column.TITLE, Column.MAXIMUM)
"""The printed cells by which a row proves that it is still the row of its key."""

_LISTED = 5
"""So many rows are listed in one finding."""


@dataclass
class FormSheet:
    """The form as found.

    Attributes:
        columns: number of each column, by key.
        rows: row number of each row, by key (without fingerprint).
        findings: what is wrong with rows and printed texts.
    """

    sheet: Sheet
    layout: Layout
    columns: Mapping[Column, int]
    rows: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The sheet's name in the returned file."""
        return self.sheet.name

    def cell(self, key: str, column: Column) -> Cell | None:
        """Return the cell where a row key crosses a column key."""
        row, number = self.rows.get(key), self.columns.get(column)
        return None if row is None or number is None else self.sheet.cells.get((row, number))

    def address(self, key: str, column: Column) -> str:
        """Return the A1 address of that crossing in the returned file, or empty."""
        row, number = self.rows.get(key), self.columns.get(column)
        return "" if row is None or number is None else cell_address(row, number)

    def entries(self) -> dict[tuple[str, str], FoundCell]:
        """Return every input cell that was found, by node id and slot."""
        return {
            place: FoundCell(self.cell(row.key, column), self.address(row.key, column))
            for place, (row, column, _) in self.layout.entries.items()
            if row.key in self.rows
        }

    def refused_nodes(self) -> frozenset[str]:
        """Return the nodes one of whose rows cannot be trusted, and the nodes below them."""
        rubric = self.layout.rubric
        return frozenset(
            below.id for node in self.refused if node for below in rubric.by_id[node].walk()
        )

    def add(
        self, name: str, row: Row | None, column: Column, entered: str = "", **params: str
    ) -> None:
        """Report something at a row's cell."""
        node = self.layout.rubric.by_id.get(row.node) if row else None
        self.findings.append(
            finding(
                name,
                sheet=self.name,
                cell=self.address(row.key, column) if row else "",
                row=node.code if node else "",
                node=node.id if node else "",
                entered=entered,
                params=params,
            )
        )


def find_form(package: Package, layout: Layout) -> FormSheet | Finding:
    """Return the form's sheet with its rows and columns, or the finding that refuses the file."""
    marks = [
        (sheet, place)
        for sheet in package.sheets
        for place, cell in sheet.cells.items()
        if cell.value == KEY_MARK
    ]
    if not marks:
        keyed = [sheet.name for sheet in package.sheets if _has_keys(sheet, layout)]
        names = ", ".join(f"“{name}”" for name in keyed)
        return finding("keys-damaged", entered=names) if keyed else finding("no-form-sheet")
    if len(marks) > 1:
        names = ", ".join(dict.fromkeys(f"“{sheet.name}”" for sheet, _ in marks))
        return finding("two-form-sheets", entered=names)
    sheet, (key_row, key_column) = marks[0]
    columns = _columns(sheet, key_row, layout)
    if isinstance(columns, Finding):
        return columns
    form = FormSheet(sheet, layout, columns)
    _find_rows(form, key_row, key_column)
    # Without a single key there is one problem, not one for every row.
    return form if form.rows else finding("keys-damaged", entered=f"“{sheet.name}”")


def _has_keys(sheet: Sheet, layout: Layout) -> bool:
    """Whether a sheet still has row keys, so that it is the form although its mark is gone."""
    return any(cell.value.rpartition(":")[0] in layout.by_key for cell in sheet.cells.values())


def _columns(sheet: Sheet, key_row: int, layout: Layout) -> dict[Column, int] | Finding:
    known = {spec.column.value: spec.column for spec in layout.columns}
    found: dict[Column, int] = {}
    for (row, number), cell in sheet.cells.items():
        if row != key_row or cell.value not in known:
            continue
        column = known[cell.value]
        if column in found:
            params = {"column": _heading(layout, column)}
            return finding("column-twice", sheet=sheet.name, cell=cell.address, params=params)
        found[column] = number
    for spec in layout.columns:
        if spec.needed and spec.column not in found:
            params = {"column": _heading(layout, spec.column)}
            return finding("column-missing", sheet=sheet.name, params=params)
    return found


def _heading(layout: Layout, column: Column) -> str:
    return next((s.heading for s in layout.columns if s.column is column), "") or column.value


def _find_rows(form: FormSheet, key_row: int, key_column: int) -> None:
    prints: dict[str, str] = {}
    unknown: list[Cell] = []
    repeated: dict[str, list[int]] = {}
    for (number, column), cell in sorted(form.sheet.cells.items()):
        if column != key_column or number == key_row or not cell.value:
            continue
        key, _, fingerprint_text = cell.value.rpartition(":")
        if key not in form.layout.by_key:
            unknown.append(cell)
        elif key in form.rows:
            repeated.setdefault(key, [form.rows[key]]).append(number)
        else:
            form.rows[key] = number
            prints[key] = fingerprint_text
    _report_rows(form, unknown, repeated)
    for row in form.layout.rows:
        _check_row(form, row, prints.get(row.key))


def _report_rows(form: FormSheet, unknown: list[Cell], repeated: dict[str, list[int]]) -> None:
    """Report strange keys once, and a repeated one once, however often a damaged file has them."""
    if unknown:
        first, params = unknown[0], {"count": str(len(unknown))}
        place = {"sheet": form.name, "cell": first.address, "entered": first.value}
        form.findings.append(finding("unknown-row", params=params, **place))
    for key, numbers in repeated.items():
        row = form.layout.by_key[key]
        rows = ", ".join(map(str, numbers[:_LISTED])) + (", …" if numbers[_LISTED:] else "")
        params = {"count": str(len(numbers)), "rows": rows, "title": row.printed[1]}
        form.add("row-twice", row, Column.TITLE, **params)
        form.refused.add(row.node)


def _check_row(form: FormSheet, row: Row, issued_print: str | None) -> None:
    if issued_print is None:
        if row.kind in form.layout.filled:
            form.add("row-missing", row, Column.TITLE, title=row.printed[1])
            form.refused.add(row.node)
        return
    printed = _printed(form, row)
    if printed == row.printed or fingerprint(printed) == issued_print:
        return
    altered = [place for place, said in enumerate(printed) if said != row.printed[place]]
    if row.kind in form.layout.filled:
        form.add("row-mismatch", row, PRINTED[altered[0]], folded(" ".join(printed)))
        form.refused.add(row.node)
        return
    for place in altered:
        form.add("altered-locked-cell", row, PRINTED[place], folded(printed[place]))


def _printed(form: FormSheet, row: Row) -> tuple[str, str, str]:
    """Return printed code, title and maximum as found, spelled as the layout spells them."""
    code, title, maximum = (form.cell(row.key, column) for column in PRINTED)
    return text_of(code), text_of(title), text_of(maximum)


def text_of(cell: Cell | None) -> str:
    """Return what a locked cell says; a number is spelled as the layout spells it."""
    if cell is None:
        return ""
    if cell.kind == "number":
        try:
            return plain(from_excel(cell.value))
        except ValueError:
            return cell.value
    return cell.value
