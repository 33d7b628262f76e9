"""The form sheet of a reply: the unit's scorecard, locked, with yellow cells on the contested rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format

from xlscore.appraising.replying import REPLY_WANTED, UNDECIDED, progress_words
from xlscore.layout import COMPLETE, Cell, Column, Entry, Layout, Row, Slot, Text
from xlscore.workbooks.annexsheet import PADDING, AnnexSheet, Lines, Parting
from xlscore.workbooks.pen import Book
from xlscore.workbooks.scorecard.cached import Place, Shown
from xlscore.workbooks.scorecard.head import Head, UnitTexts
from xlscore.workbooks.scorecard.inputs import validation
from xlscore.workbooks.scorecard.looks import (
    DARK_RED,
    FAINT,
    ORANGE,
    THIN,
    YELLOW,
    entry_size,
    look_of,
)
from xlscore.workbooks.scorecard.surroundings import surroundings

REPLY_SHEET, LIST_SHEET = "Phiếu phản hồi", "Nội dung cần phản hồi"
_HINT = f"Chỉ nhập vào các ô màu vàng như ô này. Xem trang {LIST_SHEET}."
_ROOM = 63.0
"""Height in points of a contested row at least: four lines to write in."""


class ReplySheet(AnnexSheet):
    """Writes the form sheet of a reply."""

    parting = Parting((Column.FIGURE, Column.REASON), (Column.TITLE, Column.REASON))

    def __init__(self, book: Book, layout: Layout, head: Head, unit: UnitTexts) -> None:
        self.head, self.unit = head, unit
        around = replace(surroundings(head, unit), hint=_HINT)
        said = what_is_asked(layout, head)
        around = replace(around, basis="\n".join(filter(None, (around.basis, said))))
        super().__init__(book, REPLY_SHEET, layout, around, shown_blank(layout), unit.footer)

    def _unit_line(self, line: int, lines: Lines) -> None:
        at = self.places
        bold = self.book.look(bold=True, align="left")
        self.pen.merge(line, (1, at[Column.SCORE]), self.around.unit, bold)
        look = self.book.look(
            bold=True, italic=True, align="center", border=THIN, border_color=FAINT
        )
        if self.layout.progress is not None:
            self.pen.merge(line, (at[Column.EVIDENCE], at[Column.APPRAISED]), "", look)
            count = len(contested_rows(self.layout))
            words = progress_words(count, count)
            self.pen.formula(line, at[Column.EVIDENCE], self.layout.progress.formula, words, look)
        hint = self.book.look(
            italic=True, align="center", bg_color=YELLOW, border=4, border_color=FAINT, font_size=11
        )
        self.pen.merge(line, (at[Column.REPLY], self.last), self.around.hint, hint)
        self.pen.height(line, max(16 * lines.unit, 32) + PADDING)

    def _look(self, row: Row, column: Column, cell: Cell | None) -> Format:
        if isinstance(cell, Text) and column is Column.NOTE and cell.text == REPLY_WANTED:
            look = {"font_color": DARK_RED, "bold": True, "font_size": 11, "align": "center"}
            return self.book.look(border=THIN, border_color=FAINT, **look)
        if isinstance(cell, Text) and cell.text == UNDECIDED:
            look = {"font_color": DARK_RED, "font_size": 11, "align": "center", "italic": True}
            return self.book.look(border=THIN, border_color=FAINT, **look)
        return look_of(self.book, row, column, cell)

    def _rule(self, row: Row, column: Column, cell: Cell | None) -> Mapping[str, Any] | None:
        if not isinstance(cell, Entry):
            return None
        return validation(cell, self.layout.address(row, column), self.layout.lists)

    def _typed_texts(self, row: Row, column: Column, cell: Cell) -> Iterator[tuple[str, float]]:
        if isinstance(cell, Entry) and cell.slot == Slot.REPLY:
            yield "\n" * int(_ROOM // 15.75 - 1), entry_size(cell)

    def _below(self, last: int) -> None:
        """Colour what is blank once the form is called complete."""
        state, column, _ = self.layout.entries["", Slot.SUBMIT]
        letters = self.layout.letters
        look = self.book.workbook.add_format({"bg_color": ORANGE})
        for row in contested_rows(self.layout):
            complete = f'${letters[column]}${state.number}="{COMPLETE}"'
            blank = f"${letters[Column.MISSING]}${row.number}=1"
            cell = self.layout.address(row, Column.REPLY)
            self.pen.condition(cell, f"AND({complete},{blank})", look)


def contested_rows(layout: Layout) -> list[Row]:
    """Return the rows that take a reply, in printed order."""
    return [row for row in layout.rows if isinstance(row.cells.get(Column.REPLY), Entry)]


def what_is_asked(layout: Layout, head: Head) -> str:
    """Return the line that says how much is contested, and until when the reply is awaited."""
    asked = (
        f"Có {len(contested_rows(layout))}/{len(layout.rubric.leaves)} nội dung cần đơn vị phản hồi"
    )
    due = f" chậm nhất {head.deadline}" if head.deadline else ""
    return f"{asked}; gửi về {head.office}{due}."


def shown_blank(layout: Layout) -> Mapping[Place, Shown]:
    """Return what the formulas of the blank form show: every reply is still open."""
    return {(row.key, column): Decimal(1) for row, column, _ in layout.calculations}
