"""A unit's result sheet (phiếu kết quả) as a workbook: fully locked, with component indices as bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from xlsxwriter.format import Format

from xlscore.layout import Amount, Calculation, Cell, Column, Layout, Row, RowKind
from xlscore.workbooks.annexsheet import PADDING, AnnexSheet, Lines, Parting, unit_lines
from xlscore.workbooks.carrier import finish, protect, put_token, sheet_part
from xlscore.workbooks.components import RESULT_SHEET, percent_format, write_components
from xlscore.workbooks.heights import row_height
from xlscore.workbooks.members import write_members
from xlscore.workbooks.pen import Book, Pen, strict
from xlscore.workbooks.scorecard.cached import Place, Shown
from xlscore.workbooks.scorecard.guide import write_annex
from xlscore.workbooks.scorecard.head import Head, UnitTexts, unit_texts
from xlscore.workbooks.scorecard.looks import (
    CENTRED,
    DARK_RED,
    DOMAIN,
    FAINT,
    GROUP,
    SCORE_FORMAT,
    THIN,
    look_of,
    style_of,
)
from xlscore.workbooks.scorecard.surroundings import surroundings

PROVISIONAL = "TẠM TÍNH"


@dataclass(frozen=True)
class ResultCard:
    """One result sheet to write.

    Attributes:
        shown: what its formulas show.
        office: who issues it; printed above at the left.
        summary: the two boxes above the table: index and points, then band and rank.
        waits: why it is provisional, in words; empty where it is final.
        lowered: nodes that reach less than the unit scored itself.
        decimals: digits of an index.
    """

    layout: Layout
    shown: Mapping[Place, Shown]
    head: Head
    office: str
    summary: tuple[str, str]
    waits: str = ""
    lowered: frozenset[str] = field(default_factory=frozenset)
    decimals: int = 2


def render_result(card: ResultCard, password: str = "") -> bytes:
    """Return the workbook of one result sheet.

    Raises:
        WritingError: something could not be written.
        Warning: XlsxWriter left something out.
    """
    with strict():
        data = _render(card, password)
    return write_members(finish(data, {sheet_part(1): ()}))


def _render(card: ResultCard, password: str) -> bytes:
    head, unit = card.head, unit_texts(card.head)
    book = Book(title=head.title, subject=head.subtitle, author=head.office, company=head.authority)
    sheet = ResultSheet(book, card, unit)
    sheet.write(unit_lines(card.layout, sheet.parting, card.office.upper(), sheet.around.unit))
    sheets: list[Pen] = [sheet.pen, write_components(book, card.layout, card.shown, card.decimals, (
        card.head.title, sheet.around.unit, "  –  ".join("\n".join(filter(None, card.summary)).split("\n")),
    ))]  # fmt: skip
    if card.layout.annex:
        sheets.append(write_annex(book, card.layout))
    sheets.append(put_token(book, unit.token))
    protect(sheets, password)
    return book.close()


class ResultSheet(AnnexSheet):
    """Writes the sheet of one result."""

    parting = Parting((Column.MAXIMUM, Column.SURVEY), (Column.TITLE, Column.INDEX), Column.MAXIMUM)

    def __init__(self, book: Book, card: ResultCard, unit: UnitTexts) -> None:
        self.card = card
        around = surroundings(card.head, replace(unit, upper_name=card.office.upper()))
        lines = (f"{PROVISIONAL}: {card.waits}" if card.waits else "", around.basis)
        around = replace(around, basis="\n".join(filter(None, lines)))
        super().__init__(book, RESULT_SHEET, card.layout, around, card.shown, unit.footer)
        if card.waits:
            font = '&"Times New Roman,Bold"'
            self.header_right = f"{font}&12{PROVISIONAL}"

    def _unit_line(self, line: int, lines: Lines) -> None:
        at = self.places
        left = self.book.look(bold=True, align="left")
        colour = {"font_color": DARK_RED} if self.card.waits else {}
        box = self.book.look(bold=True, align="center", border=THIN, border_color=FAINT,
                             bg_color=GROUP, font_size=13, **colour)  # fmt: skip
        index, standing = self.card.summary
        self.pen.merge(line, (1, at[Column.MAXIMUM]), self.around.unit, left)
        self.pen.merge(line, (at[Column.SCORE], at[Column.INDEX]), index, box)
        if standing:
            self.pen.text(line, at[Column.NOTE], standing, box)
        width = self.width(at[Column.SCORE], at[Column.INDEX])
        texts = [(index, width, 13.0, True), (standing, self.widths[Column.NOTE], 13.0, True)]
        self.pen.height(line, max(16 * lines.unit, row_height(texts), 32) + PADDING)

    def _look(self, row: Row, column: Column, cell: Cell | None) -> Format:
        if column is Column.INDEX and isinstance(cell, Calculation):
            return self._styled(row, cell, num_format=self._percent)
        if row.kind is RowKind.TOTAL and row.key == f"{RowKind.TOTAL}:index":
            fill = {"bg_color": DOMAIN}
            return self._styled(row, cell, num_format=self._percent, **fill, **_side(column))
        lower = column in {Column.APPRAISED, Column.ACHIEVED} and row.node in self.card.lowered
        if row.kind is RowKind.LEAF and lower and isinstance(cell, Amount):
            return self._styled(row, cell, num_format=SCORE_FORMAT, bold=True, font_color=DARK_RED)
        return look_of(self.book, row, column, cell)

    def _styled(self, row: Row, cell: Cell | None, **more: Any) -> Format:
        style = style_of(row, cell)
        look: dict[str, Any] = {
            "font_size": style.size, "bold": style.bold, "italic": style.italic,
            "border": THIN, "border_color": FAINT, "align": "center",
        }  # fmt: skip
        if row.kind is RowKind.DOMAIN or (row.kind is RowKind.LEAF and row.depth == 1):
            look["bg_color"] = DOMAIN
        elif row.kind is RowKind.GROUP:
            look["bg_color"] = GROUP
        return self.book.look(**(look | more))

    @property
    def _percent(self) -> str:
        return percent_format(self.card.decimals)


def _side(column: Column) -> dict[str, str]:
    return {} if column in CENTRED else {"align": "left"}
