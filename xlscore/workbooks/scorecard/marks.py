"""Conditional formats of a scorecard: not applicable grey, over the maximum red, missing orange."""

from __future__ import annotations

from xlscore.layout import COMPLETE, Column, Layout, RowKind, Slot
from xlscore.methods.base import InputKind
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.looks import FAINT, GREY, ORANGE, RED

_SWITCHES = {RowKind.APPLICABILITY, RowKind.TOTAL, RowKind.SUBMIT}


def mark(book: Book, pen: Pen, layout: Layout) -> None:
    """Put the conditional formats on the body."""
    _mark_missing(book, pen, layout)
    _mark_over_maximum(book, pen, layout)
    _mark_not_applicable(book, pen, layout)


def _mark_missing(book: Book, pen: Pen, layout: Layout) -> None:
    """Colour what is open once the card is called complete; a blank form would be all orange."""
    row, column, _ = layout.entries["", Slot.SUBMIT]
    complete = f'${layout.letters[column]}${row.number}="{COMPLETE}"'
    missing = {
        cell.node: f"${layout.letters[column]}${row.number}=1"
        for row, column, cell in layout.calculations
        if cell.what == "missing"
    }
    look = book.workbook.add_format({"bg_color": ORANGE})
    for row, column, entry in layout.entries.values():
        if entry.node in missing and entry.unlocked and entry.input and entry.input.required:
            cell = layout.address(row, column)
            number = entry.input.kind is InputKind.NUMBER
            is_open = f"NOT(ISNUMBER({cell}))" if number else f"LEN({cell})=0"
            pen.condition(cell, f"AND({complete},{missing[entry.node]},{is_open})", look)


def _mark_over_maximum(book: Book, pen: Pen, layout: Layout) -> None:
    first, last = layout.rows[0].number, layout.rows[-1].number
    score, maximum = layout.letters[Column.SCORE], layout.letters[Column.MAXIMUM]
    over = (
        f"AND(ISNUMBER({score}{first}),ISNUMBER({maximum}{first}),"
        f"{score}{first}>{maximum}{first}+0.000000001)"
    )
    look = book.workbook.add_format({"bg_color": RED, "font_color": "#9C0006"})
    pen.condition(f"{score}{first}:{score}{last}", over, look)


def _mark_not_applicable(book: Book, pen: Pen, layout: Layout) -> None:
    look = book.workbook.add_format({"bg_color": GREY, "font_color": FAINT})
    # Not the explanation: that is where it is said why the row does not apply.
    code, last = layout.letters[Column.CODE], layout.letters[Column.EVIDENCE]
    spans: dict[str, list[str]] = {}
    for row in layout.rows:
        if row.kind not in _SWITCHES:
            spans.setdefault(row.node, []).append(f"{code}{row.number}:{last}{row.number}")
    for row, column, cell in layout.calculations:
        if cell.what == "applicable":
            nothing = f"${layout.letters[column]}${row.number}=0"
            pen.condition(" ".join(spans[row.node]), nothing, look)
