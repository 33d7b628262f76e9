"""The form sheet of a scorecard: what it has beyond every sheet in the annex's shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xlsxwriter.format import Format

from xlscore.layout import Cell, Column, ColumnSpec, Entry, Layout, Row
from xlscore.workbooks import annexsheet
from xlscore.workbooks.annexsheet import PADDING, AnnexSheet, Lines, Parting
from xlscore.workbooks.pen import Book
from xlscore.workbooks.scorecard.cached import PROGRESS, calculated
from xlscore.workbooks.scorecard.contents import write_content
from xlscore.workbooks.scorecard.filling import Filling
from xlscore.workbooks.scorecard.head import Head, UnitTexts
from xlscore.workbooks.scorecard.inputs import pointed_out, validation
from xlscore.workbooks.scorecard.looks import FAINT, THIN, YELLOW, entry_size, look_of
from xlscore.workbooks.scorecard.marks import mark
from xlscore.workbooks.scorecard.surroundings import surroundings, unit_line
from xlscore.workbooks.scorecard.typed import understood

FORM_SHEET = "Phiếu chấm điểm"


class FormSheet(AnnexSheet):
    """Writes one form sheet, blank or filled."""

    parting = Parting((Column.MAXIMUM, Column.SCORE), (Column.TITLE, Column.EVIDENCE))

    def __init__(
        self, book: Book, layout: Layout, head: Head, unit: UnitTexts, filling: Filling
    ) -> None:
        self.head, self.unit, self.filling = head, unit, filling
        shown = calculated(layout, understood(layout, filling.typed), filling.decimals)
        super().__init__(book, FORM_SHEET, layout, surroundings(head, unit), shown, unit.footer)

    def _printed_columns(self) -> tuple[ColumnSpec, ...]:
        return self.filling.columns(self.layout)

    def _unkeyed(self) -> frozenset[Column]:
        # Notes with remarks in them are no longer the printed ones: without a key nobody compares.
        return frozenset({Column.KEY, Column.NOTE} if self.filling.remarks else {Column.KEY})

    def _printed_row(self, row: Row) -> Row:
        return self.filling.remarked(row)

    def _unit_line(self, line: int, lines: Lines) -> None:
        last = self.places[Column.SCORE]
        self.pen.merge(line, (1, last), self.around.unit, self.book.look(bold=True, align="left"))
        progress = self.book.look(
            bold=True, italic=True, align="center", border=THIN, border_color=FAINT
        )
        if self.layout.progress is not None:
            formula, shown = self.layout.progress.formula, self.shown[PROGRESS]
            self.pen.formula(line, self.places[Column.EVIDENCE], formula, shown, progress)
        hint = self.book.look(
            italic=True, align="center", bg_color=YELLOW, border=4, border_color=FAINT, font_size=11
        )
        self.pen.merge(line, (self.places[Column.EXPLANATION], self.last), self.around.hint, hint)
        self.pen.height(line, max(16 * lines.unit, 32) + PADDING)

    def _below(self, last: int) -> None:
        mark(self.book, self.pen, self.layout)

    def _look(self, row: Row, column: Column, cell: Cell | None) -> Format:
        return look_of(self.book, row, column, cell, self.filling.marks.get((row.key, column)))

    def _entry(self, line: int, place: int, entry: Entry, look: Format) -> None:
        content = self.filling.typed.get((entry.node, entry.slot))
        if content is None:
            self.pen.blank(line, place, look)
        else:
            write_content(self.pen, line, place, content, look)

    def _rule(self, row: Row, column: Column, cell: Cell | None) -> Mapping[str, Any] | None:
        rule = None
        if isinstance(cell, Entry):
            rule = validation(cell, self.layout.address(row, column), self.layout.lists)
        marked = self.filling.marks.get((row.key, column))
        return pointed_out(rule, marked.title, marked.text) if marked else rule

    def _typed_texts(self, row: Row, column: Column, cell: Cell) -> Iterator[tuple[str, float]]:
        if isinstance(cell, Entry):
            content = self.filling.typed.get((cell.node, cell.slot))
            if content is not None and content.kind == "text":
                yield content.value, entry_size(cell)


def unit_lines(layout: Layout, head: Head, unit: UnitTexts) -> Lines:
    """Return how many lines the unit's texts take."""
    return annexsheet.unit_lines(layout, FormSheet.parting, unit.upper_name, unit_line(head, unit))


__all__ = ["FORM_SHEET", "PADDING", "FormSheet", "Lines", "unit_lines"]
