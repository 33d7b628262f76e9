"""The form sheet of a scorecard: letterhead, headings, body, signatures, page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xlsxwriter.format import Format

from xlscore.layout import (
    KEY_MARK,
    Amount,
    Calculation,
    Cell,
    Column,
    Entry,
    Layout,
    Row,
    RowKind,
    Text,
)
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height, text_lines
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.cached import PROGRESS, calculated
from xlscore.workbooks.scorecard.contents import write_content
from xlscore.workbooks.scorecard.filling import Filling
from xlscore.workbooks.scorecard.head import Head, UnitTexts
from xlscore.workbooks.scorecard.inputs import pointed_out, validation
from xlscore.workbooks.scorecard.looks import (
    FAINT,
    HEADING,
    THIN,
    YELLOW,
    entry_size,
    look_of,
    style_of,
)
from xlscore.workbooks.scorecard.marks import mark
from xlscore.workbooks.scorecard.surroundings import surroundings, unit_line
from xlscore.workbooks.scorecard.typed import understood

FORM_SHEET = "Phiếu chấm điểm"
PADDING = 4
"""Points added to every row so that text does not touch the lines."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that the unit's own texts take: the only thing about a unit that moves the sheet."""

    name: int
    unit: int


class FormSheet:
    """Writes one form sheet, blank or filled."""

    def __init__(
        self, book: Book, layout: Layout, head: Head, unit: UnitTexts, filling: Filling
    ) -> None:
        self.book, self.layout, self.head, self.unit = book, layout, head, unit
        self.filling, self.around = filling, surroundings(head, unit)
        self.shown = calculated(layout, understood(layout, filling.typed), filling.decimals)
        self.pen: Pen = book.sheet(FORM_SHEET)
        self.columns = filling.columns(layout)
        self.widths = {spec.column: column_pixels(spec.width) for spec in self.columns}

    def write(self, lines: Lines) -> None:
        """Write everything; `lines` are those of the real unit (see `unit_lines`)."""
        self._keys()
        self._letterhead(lines)
        self._headings()
        for row in self.layout.rows:
            self._row(self.filling.remarked(row))
        mark(self.book, self.pen, self.layout)
        self._signatures()
        self._page()

    # --- columns and letterhead -------------------------------------------------------------------

    @cached_property
    def _places(self) -> Mapping[Column, int]:
        return {spec.column: place for place, spec in enumerate(self.columns)}

    def _keys(self) -> None:
        self.pen.text(0, 0, KEY_MARK)
        # Notes with remarks in them are no longer the printed ones: without a key nobody compares.
        unkeyed = {Column.KEY, Column.NOTE} if self.filling.remarks else {Column.KEY}
        for place, spec in enumerate(self.columns):
            if spec.column not in unkeyed:
                self.pen.text(0, place, spec.column)
            self.pen.sheet.set_column(place, place, spec.width, None, {"hidden": spec.hidden})
        self.pen.sheet.set_row(0, None, None, {"hidden": True})

    def _letterhead(self, lines: Lines) -> None:
        left, right = (1, self._places[Column.MAXIMUM]), (self._places[Column.SCORE], self._last)
        plain, bold = self.book.look(align="center", valign="top"), self._bold(12, valign="top")
        self.pen.merge(1, left, self.around.authority, plain)
        self.pen.merge(1, right, self.around.nation, self._bold(12, valign="top"))
        self.pen.merge(2, left, self.around.name, bold)
        self.pen.merge(2, right, self.around.motto, self._bold(13, valign="top"))
        self.pen.height(1, 17)
        self.pen.height(2, 16 * (lines.name + 1))
        self._title()
        self._unit_line(lines)

    def _title(self) -> None:
        whole = (1, self._last)
        title, basis = self.around.title, self.around.basis
        self.pen.merge(3, whole, title, self._bold(14))
        width = self._width(*whole)
        self.pen.height(3, row_height([(title, width, 14, True)]) + 2 * PADDING)
        self.pen.merge(4, whole, basis, self.book.look(italic=True, align="center", valign="top"))
        self.pen.height(4, row_height([(basis, width, 12, False)]) + PADDING)

    def _unit_line(self, lines: Lines) -> None:
        last = self._places[Column.SCORE]
        self.pen.merge(5, (1, last), self.around.unit, self.book.look(bold=True, align="left"))
        progress = self.book.look(
            bold=True, italic=True, align="center", border=THIN, border_color=FAINT
        )
        formula = self.layout.progress.formula
        self.pen.formula(5, self._places[Column.EVIDENCE], formula, self.shown[PROGRESS], progress)
        hint = self.book.look(
            italic=True, align="center", bg_color=YELLOW, border=4, border_color=FAINT, font_size=11
        )
        self.pen.merge(5, (self._places[Column.EXPLANATION], self._last), self.around.hint, hint)
        self.pen.height(5, max(16 * lines.unit, 32) + PADDING)

    def _headings(self) -> None:
        look = self._bold(12, border=THIN, border_color=FAINT, bg_color=HEADING)
        row = self.layout.heading_row - 1
        texts = [(s.heading, self.widths[s.column], 12.0, True) for s in self.columns]
        for place, spec in enumerate(self.columns):
            if not spec.hidden:
                self.pen.text(row, place, spec.heading, look)
        self.pen.height(row, row_height(texts) + PADDING)

    # --- body -------------------------------------------------------------------------------------

    def _row(self, row: Row) -> None:
        line = row.number - 1
        self.pen.text(line, 0, row.signed_key)
        for place, spec in enumerate(self.columns[1:], 1):
            cell = row.cells.get(spec.column)
            if not spec.hidden:
                self._cell(row, line, place, spec.column, cell)
            elif isinstance(cell, Calculation):
                shown = self.shown[row.key, spec.column]
                self.pen.formula(line, place, cell.formula, shown, self.book.look())
        if row.kind is RowKind.GUIDANCE:
            self._guidance(row)
        self.pen.height(line, self._height(row))

    def _cell(self, row: Row, line: int, place: int, column: Column, cell: Cell | None) -> None:
        mark = self.filling.marks.get((row.key, column))
        look = look_of(self.book, row, column, cell, mark)
        rule = None
        match cell:
            case Text(text) if row.kind is not RowKind.GUIDANCE:
                self.pen.text(line, place, text, look)
            case Amount(value):
                self.pen.number(line, place, value, look)
            case Calculation(formula):
                self.pen.formula(line, place, formula, self.shown[row.key, column], look)
            case Entry():
                self._entry(line, place, cell, look)
                rule = validation(cell, self.layout.address(row, column), self.layout.lists)
            case None if row.kind is not RowKind.GUIDANCE or column is Column.CODE:
                self.pen.blank(line, place, look)
        if mark:
            rule = pointed_out(rule, mark.title, mark.text)
        if rule:
            self.pen.validate(line, place, rule)

    def _entry(self, line: int, place: int, entry: Entry, look: Format) -> None:
        content = self.filling.typed.get((entry.node, entry.slot))
        if content is None:
            self.pen.blank(line, place, look)
        else:
            write_content(self.pen, line, place, content, look)

    def _guidance(self, row: Row) -> None:
        cell = row.cells[Column.TITLE]
        mark = self.filling.marks.get((row.key, Column.TITLE))
        look = look_of(self.book, row, Column.TITLE, cell, mark)
        columns = (self._places[Column.TITLE], self._last)
        self.pen.merge(row.number - 1, columns, cell.text if isinstance(cell, Text) else "", look)

    def _height(self, row: Row) -> float:
        return min(row_height(self._texts(row)) + PADDING, MAX_ROW_HEIGHT)

    def _texts(self, row: Row) -> Iterator[tuple[str, float, float, bool]]:
        for column, cell in row.cells.items():
            style = style_of(row, cell)
            width: float = self.widths[column]
            if row.kind is RowKind.GUIDANCE:
                width = self._width(self._places[Column.TITLE], self._last)
            if isinstance(cell, Text):
                indent = 9 if row.kind in {RowKind.INPUT, RowKind.APPLICABILITY} else 0
                yield cell.text, width - indent, style.size, style.bold
            elif isinstance(cell, Entry):
                content = self.filling.typed.get((cell.node, cell.slot))
                if content is not None and content.kind == "text":
                    yield content.value, width, entry_size(cell), False

    # --- signatures and page ----------------------------------------------------------------------

    def _signatures(self) -> None:
        row = self.layout.rows[-1].number + 1
        left, right = (1, self._places[Column.TITLE]), (self._places[Column.EVIDENCE], self._last)
        italic, bold = self.book.look(italic=True, align="center"), self._bold(12)
        around = self.around
        self.pen.merge(row, right, around.date, italic)
        self.pen.merge(row + 1, left, around.preparer, bold)
        self.pen.merge(row + 1, right, around.signatory, bold)
        self.pen.merge(row + 2, left, around.sign, italic)
        self.pen.merge(row + 2, right, around.sign_and_seal, italic)
        for line in range(row, row + 3):
            self.pen.height(line, 18)
        self.pen.height(row + 3, 72)
        self.pen.blank(row + 3, 1, italic)

    def _page(self) -> None:
        sheet, last_row = self.pen.sheet, self.layout.rows[-1].number + 4
        sheet.freeze_panes(self.layout.heading_row, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        # Nghị định 30/2020/NĐ-CP: 20-25 mm above and below, 30-35 mm left, 15-20 mm right.
        sheet.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.repeat_rows(self.layout.heading_row - 1)
        sheet.print_area(1, 1, last_row - 1, self._last)
        font = '&"Times New Roman,Regular"'
        sheet.set_header(f"&C{font}&13&P", {"margin": 0.39})
        sheet.set_footer(f"&L{font}&10{self.unit.footer}", {"margin": 0.39})
        sheet.hide_gridlines(2)
        sheet.set_zoom(90)
        letters = self.layout.letters
        codes = f"{letters[Column.CODE]}1:{letters[Column.CODE]}{last_row}"
        sheet.ignore_errors({"number_stored_as_text": codes})
        first = next(self._entries())
        sheet.set_selection(first)

    def _entries(self) -> Iterator[str]:
        for row, column, entry in self.layout.entries.values():
            if entry.unlocked:
                yield self.layout.address(row, column)

    # --- small things -----------------------------------------------------------------------------

    def _bold(self, size: float, **more: Any) -> Format:
        return self.book.look(font_size=size, bold=True, **{"align": "center", **more})

    @cached_property
    def _last(self) -> int:
        return max(place for place, spec in enumerate(self.columns) if not spec.hidden)

    def _width(self, first: int, last: int) -> float:
        return sum(self.widths[spec.column] for spec in self.columns[first : last + 1])


def unit_lines(layout: Layout, head: Head, unit: UnitTexts) -> Lines:
    """Return how many lines the unit's texts take."""
    widths = {spec.column: column_pixels(spec.width) for spec in layout.columns}
    name = sum(widths[c] for c in (Column.CODE, Column.TITLE, Column.MAXIMUM))
    whole = name + widths[Column.FIGURE] + widths[Column.SCORE]
    return Lines(
        text_lines(unit.upper_name, name, 12, bold=True),
        text_lines(unit_line(head, unit), whole, 12, bold=True),
    )


__all__ = ["FORM_SHEET", "FormSheet", "Lines", "unit_lines"]
