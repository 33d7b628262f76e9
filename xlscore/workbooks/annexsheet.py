"""A unit's form in the shape of the decision's annex: letterhead, headings, body, signatures, page.

Scorecard, reply form and result sheet are this one sheet, each over its own `Layout`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from xlsxwriter.format import Format

from xlscore.layout import (
    KEY_MARK,
    Amount,
    Calculation,
    Cell,
    Column,
    ColumnSpec,
    Entry,
    Layout,
    Row,
    RowKind,
    Text,
)
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height, text_lines
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.cached import Place, Shown
from xlscore.workbooks.scorecard.looks import FAINT, HEADING, THIN, look_of, style_of
from xlscore.workbooks.scorecard.surroundings import Surroundings

PADDING = 4
"""Points added to every row so that text does not touch the lines."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that the unit's own texts take: the only thing about a unit that moves the sheet."""

    name: int
    unit: int


@dataclass(frozen=True, slots=True)
class Parting:
    """Where what stands at the left ends, and what stands at the right begins.

    Attributes:
        head: of the letterhead; foot: of the signatures.
        unit: where the line that names the unit ends.
    """

    head: tuple[Column, Column]
    foot: tuple[Column, Column]
    unit: Column = Column.SCORE


class AnnexSheet:
    """Writes one form sheet.

    Args:
        shown: what each formula shows, by row key and column.
        footer: printed below every page.
    """

    parting: ClassVar[Parting]
    header_right = ""
    """Printed above every page but the first, at the right."""

    def __init__(
        self,
        book: Book,
        name: str,
        layout: Layout,
        around: Surroundings,
        shown: Mapping[Place, Shown],
        footer: str,
    ) -> None:
        self.book, self.layout, self.around = book, layout, around
        self.shown, self.footer = shown, footer
        self.pen: Pen = book.sheet(name)
        self.columns = self._printed_columns()
        self.widths = {spec.column: column_pixels(spec.width) for spec in self.columns}

    def write(self, lines: Lines) -> None:
        """Write everything; `lines` are those of the real unit."""
        self._keys()
        self._letterhead(lines)
        self._headings()
        for row in self.layout.rows:
            self._row(self._printed_row(row))
        self._below(self.layout.rows[-1].number)
        self._signatures()
        self._page()

    # --- what a phase has of its own --------------------------------------------------------------

    def _printed_columns(self) -> tuple[ColumnSpec, ...]:
        """Return the columns as this sheet prints them."""
        return self.layout.columns

    def _unkeyed(self) -> frozenset[Column]:
        """Return the columns without a key."""
        return frozenset({Column.KEY})

    def _printed_row(self, row: Row) -> Row:
        """Return a row as this sheet prints it."""
        return row

    def _unit_line(self, line: int, lines: Lines) -> None:
        """Write the line between title and table."""
        raise NotImplementedError

    def _look(self, row: Row, column: Column, cell: Cell | None) -> Format:
        """Return the look of a cell of the body."""
        return look_of(self.book, row, column, cell)

    def _entry(self, line: int, place: int, entry: Entry, look: Format) -> None:
        """Write an input cell."""
        self.pen.blank(line, place, look)

    def _rule(self, row: Row, column: Column, cell: Cell | None) -> Mapping[str, Any] | None:
        """Return the validation of a cell, if it has one."""
        return None

    def _typed_texts(self, row: Row, column: Column, cell: Cell) -> Iterator[tuple[str, float]]:
        """Yield what else than its printed text stands in a cell, with its size."""
        yield from ()

    def _below(self, last: int) -> None:
        """Write what follows the body; `last` is the number of its last row."""

    # --- columns and letterhead -------------------------------------------------------------------

    @cached_property
    def places(self) -> Mapping[Column, int]:
        """Column numbers from 0."""
        return {spec.column: place for place, spec in enumerate(self.columns)}

    def _keys(self) -> None:
        self.pen.text(0, 0, KEY_MARK)
        unkeyed = self._unkeyed()
        for place, spec in enumerate(self.columns):
            if spec.column not in unkeyed:
                self.pen.text(0, place, spec.column)
            self.pen.sheet.set_column(place, place, spec.width, None, {"hidden": spec.hidden})
        self.pen.sheet.set_row(0, None, None, {"hidden": True})

    def _letterhead(self, lines: Lines) -> None:
        ends, begins = self.parting.head
        left, right = (1, self.places[ends]), (self.places[begins], self.last)
        plain, bold = self.book.look(align="center", valign="top"), self.bold(12, valign="top")
        self.pen.merge(1, left, self.around.authority, plain)
        self.pen.merge(1, right, self.around.nation, self.bold(12, valign="top"))
        self.pen.merge(2, left, self.around.name, bold)
        self.pen.merge(2, right, self.around.motto, self.bold(13, valign="top"))
        self.pen.height(1, 17)
        self.pen.height(2, 16 * (lines.name + 1))
        self._title()
        self._unit_line(5, lines)

    def _title(self) -> None:
        whole = (1, self.last)
        title, basis = self.around.title, self.around.basis
        self.pen.merge(3, whole, title, self.bold(14))
        width = self.width(*whole)
        self.pen.height(3, row_height([(title, width, 14, True)]) + 2 * PADDING)
        self.pen.merge(4, whole, basis, self.book.look(italic=True, align="center", valign="top"))
        self.pen.height(4, row_height([(basis, width, 12, False)]) + PADDING)

    def _headings(self) -> None:
        look = self.bold(12, border=THIN, border_color=FAINT, bg_color=HEADING)
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
            elif isinstance(cell, Text):
                self.pen.text(line, place, cell.text)
            elif isinstance(cell, Amount):
                self.pen.number(line, place, cell.value, self.book.look())
        if row.kind is RowKind.GUIDANCE:
            self._guidance(row)
        self.pen.height(line, self._height(row))

    def _cell(self, row: Row, line: int, place: int, column: Column, cell: Cell | None) -> None:
        look = self._look(row, column, cell)
        match cell:
            case Text(text) if row.kind is not RowKind.GUIDANCE:
                self.pen.words(line, place, text, look)
            case Amount(value):
                self.pen.number(line, place, value, look)
            case Calculation(formula):
                self.pen.formula(line, place, formula, self.shown[row.key, column], look)
            case Entry():
                self._entry(line, place, cell, look)
            case None if row.kind is not RowKind.GUIDANCE or column is Column.CODE:
                self.pen.blank(line, place, look)
        if rule := self._rule(row, column, cell):
            self.pen.validate(line, place, rule)

    def _guidance(self, row: Row) -> None:
        cell = row.cells[Column.TITLE]
        look = self._look(row, Column.TITLE, cell)
        columns = (self.places[Column.TITLE], self.last)
        self.pen.merge(row.number - 1, columns, cell.text if isinstance(cell, Text) else "", look)

    def _height(self, row: Row) -> float:
        return min(row_height(self._texts(row)) + PADDING, MAX_ROW_HEIGHT)

    def _texts(self, row: Row) -> Iterator[tuple[str, float, float, bool]]:
        for column, cell in row.cells.items():
            style = style_of(row, cell)
            width: float = self.widths[column]
            if row.kind is RowKind.GUIDANCE:
                width = self.width(self.places[Column.TITLE], self.last)
            if isinstance(cell, Text):
                indent = 9 if row.kind in {RowKind.INPUT, RowKind.APPLICABILITY} else 0
                yield cell.text, width - indent, style.size, style.bold
            for text, size in self._typed_texts(row, column, cell):
                yield text, width, size, False

    # --- signatures and page ----------------------------------------------------------------------

    def _signatures(self) -> None:
        row = self.layout.rows[-1].number + 1
        ends, begins = self.parting.foot
        left, right = (1, self.places[ends]), (self.places[begins], self.last)
        italic, around = self.book.look(italic=True, align="center"), self.around
        lines = around.signatory.count("\n") + 1
        # Beside two lines the other title stands at the height of the first.
        bold = self.bold(12, **({"valign": "top"} if lines > 1 else {}))
        self.pen.merge(row, right, around.date, italic)
        self.pen.merge(row + 1, left, around.preparer, bold)
        self.pen.merge(row + 1, right, around.signatory, bold)
        self.pen.merge(row + 2, left, around.sign, italic)
        self.pen.merge(row + 2, right, around.sign_and_seal, italic)
        for line, height in enumerate((18, 18 * lines, 18), row):
            self.pen.height(line, height)
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
        sheet.print_area(1, 1, last_row - 1, self.last)
        font = '&"Times New Roman,Regular"'
        right = f"&R{self.header_right}" if self.header_right else ""
        sheet.set_header(f"&C{font}&13&P{right}", {"margin": 0.39})
        sheet.set_footer(f"&L{font}&10{self.footer}", {"margin": 0.39})
        sheet.hide_gridlines(2)
        sheet.set_zoom(90)
        letters = self.layout.letters
        codes = f"{letters[Column.CODE]}1:{letters[Column.CODE]}{last_row}"
        sheet.ignore_errors({"number_stored_as_text": codes})
        if entries := self.unlocked:
            sheet.set_selection(entries[0])

    @property
    def unlocked(self) -> Sequence[str]:
        """Addresses of the unlocked cells, in order."""
        return [
            self.layout.address(row, column)
            for row, column, entry in self.layout.entries.values()
            if entry.unlocked
        ]

    # --- small things -----------------------------------------------------------------------------

    def bold(self, size: float, **more: Any) -> Format:
        """Return a bold look, centred unless `more` says otherwise."""
        return self.book.look(font_size=size, bold=True, **{"align": "center", **more})

    @cached_property
    def last(self) -> int:
        """Number of the last visible column, from 0."""
        return max(place for place, spec in enumerate(self.columns) if not spec.hidden)

    def width(self, first: int, last: int) -> float:
        """Return the width of several columns in pixels; hidden ones take no room."""
        shown = (spec for spec in self.columns[first : last + 1] if not spec.hidden)
        return sum(self.widths[spec.column] for spec in shown)


def unit_lines(layout: Layout, parting: Parting, upper_name: str, unit_line: str) -> Lines:
    """Return how many lines the unit's texts take."""
    shown = [spec for spec in layout.columns if not spec.hidden]
    ends: dict[Column, float] = {}
    total = 0
    for spec in shown:
        total += column_pixels(spec.width)
        ends[spec.column] = total
    return Lines(
        text_lines(upper_name, ends[parting.head[0]], 12, bold=True),
        text_lines(unit_line, ends[parting.unit], 12, bold=True),
    )
