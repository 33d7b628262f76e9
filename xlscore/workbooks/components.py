"""Component indices (chỉ số thành phần): a page of its own, one domain under the other, with a bar each."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.format import Format

from xlscore.layout import Amount, Calculation, Column, Layout, Row, Text
from xlscore.workbooks.heights import column_pixels, row_height
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.cached import Place, Shown
from xlscore.workbooks.scorecard.looks import FAINT, HEADING, SCORE_FORMAT, THIN

RESULT_SHEET, COMPONENTS_SHEET = "Phiếu kết quả", "Chỉ số thành phần"
_TITLE = "CHỈ SỐ THÀNH PHẦN THEO LĨNH VỰC"
_BLUE = "#9DC3E6"
_COLUMNS: tuple[tuple[str, float, Column], ...] = (
    ("STT", 7, Column.CODE),
    ("Lĩnh vực", 46, Column.TITLE),
    ("Điểm tối đa áp dụng", 10, Column.APPLICABLE),
    ("Điểm tự đánh giá", 10, Column.SCORE),
    ("Điểm thẩm định", 10, Column.APPRAISED),
    ("Điểm điều tra XHH", 10, Column.SURVEY),
    ("Điểm đạt được", 10, Column.ACHIEVED),
    ("Chỉ số (%)", 10, Column.INDEX),
    ("0%  →  100%", 40, Column.INDEX),
)
_LAST, _SIZE, _HEADINGS = len(_COLUMNS) - 1, 12.0, 4


def percent_format(decimals: int) -> str:
    """Return the number format of an index."""
    return f"0.{'0' * decimals}" if decimals else "0"


def write_components(
    book: Book,
    layout: Layout,
    shown: Mapping[Place, Shown],
    decimals: int,
    above: tuple[str, str, str],
) -> Pen:
    """Write the sheet beside a result sheet, whose cells it repeats.

    Args:
        above: title of the result sheet, the line that names the unit, the result in a line.
    """
    return _Components(book, layout, shown, decimals).write(above)


class _Components:
    def __init__(
        self, book: Book, layout: Layout, shown: Mapping[Place, Shown], decimals: int
    ) -> None:
        self.book, self.layout, self.shown = book, layout, shown
        self.pen = book.sheet(COMPONENTS_SHEET)
        self.percent = percent_format(decimals)

    def write(self, above: tuple[str, str, str]) -> Pen:
        title, unit, summary = above
        whole = sum(column_pixels(width) for _, width, _ in _COLUMNS)
        for line, (text, size) in enumerate(
            ((f"{_TITLE}\n{title}", 14.0), (unit, _SIZE), (summary, 13.0))
        ):
            look = self.book.look(font_size=size, bold=True, align="center")
            self.pen.merge(line, (0, _LAST), text, look)
            self.pen.height(line, row_height([(text, whole, size, True)]) + 8)
        self._headings()
        tops = {node.id for node in self.layout.rubric.domains}
        rows = [row for row in self.layout.rows if row.node in tops]
        for line, row in enumerate(rows, _HEADINGS + 1):
            self._row(line, row)
        if rows:
            letter = chr(ord("A") + _LAST)
            self.pen.bars(f"{letter}{_HEADINGS + 2}:{letter}{_HEADINGS + 1 + len(rows)}", _BLUE)
        self._page()
        return self.pen

    def _headings(self) -> None:
        look = self._look(bold=True, align="center", bg_color=HEADING)
        for column, (heading, width, _) in enumerate(_COLUMNS):
            self.pen.sheet.set_column(column, column, width)
            self.pen.text(_HEADINGS, column, heading, look)
        self.pen.height(_HEADINGS, 50)

    def _row(self, line: int, row: Row) -> None:
        for place, (_, _, column) in enumerate(_COLUMNS):
            aligned = "left" if column is Column.TITLE else "center"
            form = self.percent if column is Column.INDEX else SCORE_FORMAT
            self._cell(line, place, row, column, self._look(align=aligned, num_format=form))
        title = row.cells[Column.TITLE]
        text = title.text if isinstance(title, Text) else ""
        height = row_height([(text, column_pixels(_COLUMNS[1][1]), _SIZE, False)])
        self.pen.height(line, max(height, 18) + 6)

    def _cell(self, line: int, place: int, row: Row, column: Column, look: Format) -> None:
        cell = row.cells.get(column)
        address = f"'{RESULT_SHEET}'!{self.layout.address(row, column)}"
        match cell:
            case Calculation():
                self.pen.formula(line, place, address, self.shown[row.key, column], look)
            case Amount(value):
                self.pen.formula(line, place, address, value, look)
            case Text(text):
                self.pen.text(line, place, text, look)
            case _:
                self.pen.blank(line, place, look)

    def _page(self) -> None:
        sheet = self.pen.sheet
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()

    def _look(self, **more: object) -> Format:
        return self.book.look(border=THIN, border_color=FAINT, **more)
