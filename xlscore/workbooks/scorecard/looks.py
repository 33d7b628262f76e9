"""The looks of a scorecard's cells: by kind and depth of the row, and by what the cell is for.

Tints are pale enough to vanish on a black-and-white printer; what a person may fill is light yellow
with a dotted border.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from xlsxwriter.format import Format

from xlscore.findings import Severity
from xlscore.layout import (
    BY_APPRAISER,
    BY_SURVEY,
    BY_SYSTEM,
    Amount,
    Calculation,
    Cell,
    Column,
    Entry,
    Row,
    RowKind,
    Said,
    Text,
)
from xlscore.workbooks.pen import Book
from xlscore.workbooks.scorecard.filling import Mark, Remark

YELLOW, GREY, PALE_GREY = "#FFF8D6", "#EDEDED", "#F5F5F5"
ORANGE, RED = "#FCE0BF", "#F8CBC6"
DOMAIN, GROUP, TOTAL, HEADING = "#D6E3F0", "#EDF3F9", "#E4E9D8", "#D9D9D9"
FAINT = "#7F7F7F"
THIN, DOTTED = 1, 4

DARK_RED, BROWN = "#9C0006", "#7F6000"
MARKED: Mapping[Severity, Mapping[str, Any]] = MappingProxyType(
    {
        Severity.ERROR: {"bg_color": "#FFC7CE", "border": 2, "border_color": DARK_RED},
        Severity.WARNING: {"bg_color": "#FFE699", "border": 8, "border_color": BROWN},
    }
)
"""Highlights: a solid or a dashed frame of middling strength, so that a black-and-white print
tells them apart too, and from the pale yellow of what may be filled."""

SCORE_FORMAT = "0.00##"
"""Two to four decimals: `0.####` would leave a bare separator behind a whole number."""

SCORES = frozenset({
    Column.SCORE, Column.APPRAISED, Column.SURVEY, Column.ACHIEVED, Column.INDEX, Column.BEFORE,
})  # fmt: skip
CENTRED = SCORES | {Column.CODE, Column.MAXIMUM, Column.FIGURE}
BY_OTHERS = frozenset({BY_SYSTEM, BY_SURVEY, BY_APPRAISER})


@dataclass(frozen=True, slots=True)
class Style:
    """What the heights need to know of a look."""

    size: float = 12
    bold: bool = False
    italic: bool = False


def style_of(row: Row, cell: Cell | None = None) -> Style:
    """Return the letters of a row's printed texts, or of one of its cells."""
    if isinstance(cell, Remark):
        return Style(size=10)
    if isinstance(cell, Said):
        return Style(size=11)
    if isinstance(cell, Text) and cell.text in BY_OTHERS:
        return Style(size=10, italic=True)
    match row.kind:
        case RowKind.DOMAIN | RowKind.TOTAL | RowKind.SUBMIT:
            return Style(bold=True)
        case RowKind.GROUP:
            return Style(bold=row.depth <= 2, italic=row.depth > 2)  # noqa: PLR2004  criteria
        case RowKind.LEAF:
            return Style(bold=row.depth == 1)
        case RowKind.APPLICABILITY | RowKind.INPUT:
            return Style(size=11, italic=row.kind is RowKind.APPLICABILITY)
    return Style(size=10.5, italic=True)


def look_of(
    book: Book, row: Row, column: Column, cell: Cell | None, mark: Mark | None = None
) -> Format:
    """Return the look of one cell of the body; `cell` is None where the layout leaves it empty."""
    style = style_of(row, cell)
    look: dict[str, Any] = {
        "font_size": style.size,
        "bold": style.bold,
        "italic": style.italic,
        "border": THIN,
        "border_color": FAINT,
        "align": "center" if column in CENTRED else "left",
    }
    if fill := _fill(row):
        look["bg_color"] = fill
    match cell:
        case Entry():
            look |= _entry_look(cell, column)
        case Calculation() | Amount():
            score = isinstance(cell, Calculation) or column in SCORES
            look["num_format"] = SCORE_FORMAT if score else "General"
        case Remark():
            look["font_color"] = DARK_RED
        case Text(text) if text in BY_OTHERS:
            look |= {"font_color": FAINT, "align": "center"}
    if column is Column.TITLE and row.kind in {RowKind.INPUT, RowKind.APPLICABILITY}:
        look["indent"] = 1
    if mark:
        look |= MARKED[mark.severity]
    return book.look(**look)


def entry_size(entry: Entry) -> float:
    """Return the font size of an input cell."""
    return 11 if entry.input is None else 12


def _entry_look(entry: Entry, column: Column) -> dict[str, Any]:
    free = entry.input is None
    look: dict[str, Any] = {
        "locked": not entry.unlocked,
        "bg_color": YELLOW if entry.unlocked else GREY,
        "border": DOTTED if entry.unlocked else THIN,
        "bold": False,
        "italic": False,
        "font_size": entry_size(entry),
    }
    if free:
        # As text: a document's `12/3` must not turn into a date.
        look |= {"num_format": "@", "valign": "top"}
    elif column is Column.SCORE:
        look["num_format"] = SCORE_FORMAT
    return look


def _fill(row: Row) -> str:
    match row.kind:
        case RowKind.DOMAIN:
            return DOMAIN
        case RowKind.LEAF if row.depth == 1:
            return DOMAIN
        case RowKind.GROUP if row.depth == 2:  # noqa: PLR2004  criteria
            return GROUP
        case RowKind.TOTAL | RowKind.SUBMIT:
            return TOTAL
    return ""
