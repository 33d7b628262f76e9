"""What stands in a returned file outside the form's input cells: further sheets, rows and cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

from xlscore.identity import PREFIX
from xlscore.layout import KEY_MARK, Amount, Calculation, Column, Entry, Layout, Row, Text
from xlscore.numbers import plain
from xlscore.text import folded
from xlscore.workbooks.formsheet import FormSheet, text_of
from xlscore.workbooks.marked.leftbehind import LeftBehind, quoted
from xlscore.workbooks.marked.listsheet import TITLE
from xlscore.workbooks.marked.marking import REMARK
from xlscore.workbooks.package import Cell, Package, Sheet, cell_address
from xlscore.workbooks.scorecard.guide import ANNEX_TITLE, GUIDE_TITLE
from xlscore.workbooks.scorecard.surroundings import Surroundings

_SERIAL = re.compile(r"Số phiếu: \d+")
_PROGRESS = "nội dung chưa nhập"
"""What the one formula above the table says, however programs spell the rest of it."""
_GUIDE_COLUMNS = 2


def strays(
    package: Package, form: FormSheet, layout: Layout, around: Surroundings
) -> Iterator[LeftBehind]:
    """Yield what is neither printed on the form as issued nor in one of its input cells."""
    for sheet in package.sheets:
        if sheet is form.sheet:
            yield from _Form(form, layout, around).strays()
        elif not _is_ours(sheet, layout):
            count = sum(1 for cell in sheet.cells.values() if folded(cell.value))
            yield LeftBehind(
                sheet.name,
                "",
                f"trang thêm vào, {count} ô có nội dung",
                f"an added sheet, {count} cells",
            )
        elif _first(sheet) in (GUIDE_TITLE, ANNEX_TITLE):
            beside = [cell for cell in sheet.cells.values() if cell.column > _GUIDE_COLUMNS]
            yield from _blocks(sheet, beside, frozenset())


def _first(sheet: Sheet) -> str:
    cell = sheet.cells.get((1, 1))
    return cell.value if cell else ""


def _is_ours(sheet: Sheet, layout: Layout) -> bool:
    """Whether a sheet is one that forms are issued with; its name proves nothing."""
    first = _first(sheet)
    titles = {GUIDE_TITLE, ANNEX_TITLE, TITLE, layout.lists[0][0]}
    return first in titles or first.startswith(PREFIX)


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbouring rows with strays: their cells, and whether they are rows within the form."""

    cells: list[Cell]
    inserted: bool


class _Form:
    """Goes over the cells of the form's own sheet."""

    def __init__(self, form: FormSheet, layout: Layout, around: Surroundings) -> None:
        self._form = form
        self._rows = {number: layout.by_key[key] for key, number in form.rows.items()}
        self._columns = {number: column for column, number in form.columns.items()}
        self._key_row, self._key_column = next(
            place for place, cell in form.sheet.cells.items() if cell.value == KEY_MARK
        )
        # Last year's points are nobody's input, and may have been mended since.
        self._only_shown = {
            number
            for (line, number), cell in form.sheet.cells.items()
            if line == self._key_row and cell.value == Column.BEFORE
        }
        headings = (spec.heading for spec in layout.columns)
        self._around = {_plain(text) for text in (*headings, *astuple(around)) if text}
        self._keys = {KEY_MARK, *(column.value for column in Column)}

    def strays(self) -> Iterator[LeftBehind]:
        found = []
        for cell in self._form.sheet.cells.values():
            row, column = self._rows.get(cell.row), self._columns.get(cell.column)
            if cell.column in self._only_shown:
                continue
            if not folded(cell.value) and cell.formula is None:
                continue
            if row and column:
                yield from self._altered(row, column, cell)
            elif not self._is_issued(row, cell):
                found.append(cell)
        within = range(min(self._rows), max(self._rows))
        inserted = frozenset(number for number in within if number not in self._rows)
        yield from _blocks(self._form.sheet, found, inserted)

    def _is_issued(self, row: Row | None, cell: Cell) -> bool:
        """Whether a cell without a key of its own is as issued: keys, letterhead, remarks."""
        if cell.row == self._key_row:
            return cell.value in self._keys
        if cell.column == self._key_column:
            return cell.row in self._rows
        if row:
            return _is_note(row, cell.value)
        if cell.formula is not None:
            return _PROGRESS in cell.formula
        return _plain(cell.value) in self._around

    def _altered(self, row: Row, column: Column, cell: Cell) -> Iterator[LeftBehind]:
        """Yield a cell that was locked and no longer says what it was issued with."""
        issued = row.cells.get(column)
        if isinstance(issued, Entry) or _same(issued, column, row, cell):
            return
        said = quoted(f"={cell.formula}" if cell.formula else text_of(cell))
        place = cell.address
        yield LeftBehind(
            self._form.name,
            place,
            f"ô bị khóa đã sửa thành {said}",
            f"a locked cell, altered to {said}",
        )


def _same(issued: object, column: Column, row: Row, cell: Cell) -> bool:
    match issued:
        case Calculation():
            # Formulas are compared, with their rows moved, by the reader: an altered one is a finding.
            return cell.formula is not None
        case Text(text):
            return folded(text) == folded(text_of(cell)) or _is_note(row, cell.value)
        case Amount(value):
            return plain(value) == text_of(cell)
    return column is Column.NOTE and _is_note(row, cell.value)


def _is_note(row: Row, said: str) -> bool:
    """Whether this is the row's printed note, with or without the remarks of a marked copy."""
    lines = [line for line in said.split("\n") if not REMARK.fullmatch(line.strip())]
    printed = row.cells.get(Column.NOTE)
    return folded(" ".join(lines)) == (folded(printed.text) if isinstance(printed, Text) else "")


def _blocks(sheet: Sheet, cells: Iterable[Cell], inserted: frozenset[int]) -> Iterator[LeftBehind]:
    """Yield one item for each run of neighbouring rows with strays in them."""
    blocks: list[_Block] = []
    for cell in sorted(cells):
        last = blocks[-1].cells[-1].row if blocks else -1
        is_inserted = cell.row in inserted
        if cell.row <= last + 1 and blocks[-1].inserted is is_inserted:
            blocks[-1].cells.append(cell)
        else:
            blocks.append(_Block([cell], is_inserted))
    for block in blocks:
        yield _named(sheet, block)


def _named(sheet: Sheet, block: _Block) -> LeftBehind:
    cells = block.cells
    columns = [cell.column for cell in cells]
    first = cell_address(cells[0].row, min(columns))
    last = cell_address(cells[-1].row, max(columns))
    said = quoted(text_of(cells[0]) or f"={cells[0].formula}")
    if block.inserted:
        vi, en = f"hàng thêm vào, có nội dung {said}", f"added rows, saying {said}"
    else:
        vi, en = f"nội dung gõ ngoài biểu: {said}", f"typed outside the form: {said}"
    if cells[1:]:
        vi, en = f"{vi} ({len(cells)} ô)", f"{en} ({len(cells)} cells)"
    return LeftBehind(sheet.name, first if first == last else f"{first}:{last}", vi, en)


def _plain(text: str) -> str:
    return _SERIAL.sub("Số phiếu:", folded(text))
