"""The list of the contested rows, on which the workbook opens: what each is about, with a link to its cell.

A unit with three contested rows of eighty-seven wants to see those three, answer them and send the form. A
filter would hide the criteria above a row and has to be taken off again; the list stands beside the form,
says what is still open, and prints on a page.
"""

from __future__ import annotations

from xlsxwriter.format import Format

from xlscore.layout import COMPLETE, IN_PROGRESS, Amount, Cell, Column, Layout, Row, Slot, Text
from xlscore.methods.base import vi_number
from xlscore.workbooks.annexsheet import PADDING
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.pen import Book, Pen, WritingError
from xlscore.workbooks.replyform.sheet import (
    LIST_SHEET,
    REPLY_SHEET,
    contested_rows,
    what_is_asked,
)
from xlscore.workbooks.scorecard.head import Head, unit_texts
from xlscore.workbooks.scorecard.looks import FAINT, HEADING, SCORE_FORMAT, THIN, TOTAL
from xlscore.workbooks.scorecard.surroundings import unit_line

ANSWERED, UNANSWERED, DONE = "Đã phản hồi", "Chưa phản hồi", "Đã hoàn thành"
STATE_COLUMN = 7

_COLUMNS = (
    ("STT", 9),
    ("Tiêu chí", 40),
    ("Điểm tối đa", 8),
    ("Điểm tự đánh giá", 9),
    ("Điểm thẩm định", 10),
    ("Lý do thẩm định", 42),
    ("Ô phản hồi", 12),
    ("Tình trạng", 13),
)
_LAST, _LINK, _SIZE = len(_COLUMNS) - 1, 6, 12.0


class ContestedList:
    """The list's sheet, written when the workbook is."""

    def __init__(self, layout: Layout, head: Head) -> None:
        self._layout, self._head = layout, head
        self._widths = [column_pixels(width) for _, width in _COLUMNS]

    def write(self, book: Book) -> Pen:
        """Write the sheet and return it."""
        self._book, self._pen = book, book.sheet(LIST_SHEET)
        line = self._headings(self._above())
        for row in contested_rows(self._layout):
            self._row(line, row)
            line += 1
        self._complete(line)
        return self._pen

    def _above(self) -> int:
        bold = self._book.look(font_size=14, bold=True, align="center")
        centred = self._book.look(bold=True, align="center")
        plain = self._book.look(align="left", valign="top")
        unit = unit_line(self._head, unit_texts(self._head))
        paragraphs = (
            (f"NỘI DUNG CẦN PHẢN HỒI\n{self._head.title}", bold, 14.0),
            (unit, centred, _SIZE),
            (self._what_to_do(), plain, _SIZE),
        )
        for line, (text, look, size) in enumerate(paragraphs):
            self._pen.merge(line, (0, _LAST), text, look)
            height = row_height([(text, sum(self._widths), size, look.bold)])
            self._pen.height(line, min(height + 2 * PADDING, MAX_ROW_HEIGHT))
        return len(paragraphs)

    def _what_to_do(self) -> str:
        return (
            f"{what_is_asked(self._layout, self._head)} Bấm vào cột Ô phản hồi để đến ô cần ghi trên "
            f"trang “{REPLY_SHEET}”: ghi ý kiến (thống nhất, hoặc đề nghị xem lại và lý do) và số, ký "
            "hiệu tài liệu gửi bổ sung vào các ô màu vàng. Nội dung để trống được hiểu là đơn vị không "
            f"có ý kiến. Xong, chọn “{COMPLETE}” ở cuối phiếu, lưu (.xlsx) và gửi lại chính tệp này."
        )

    def _headings(self, line: int) -> int:
        sheet = self._pen.sheet
        look = self._look(bold=True, align="center", bg_color=HEADING)
        for column, (heading, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
            self._pen.text(line, column, heading, look)
        self._pen.height(line, 36)
        sheet.freeze_panes(line + 1, 0)
        sheet.repeat_rows(line)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_header('&C&"Times New Roman,Regular"&13&P', {"margin": 0.39})
        return line + 1

    def _row(self, line: int, row: Row) -> None:
        middle, left = self._look(align="center"), self._look(align="left")
        score = self._look(align="center", num_format=SCORE_FORMAT)
        maximum = self._look(align="center", num_format="General")
        shown = [row.cells.get(column) for column in (
            Column.CODE, Column.TITLE, Column.MAXIMUM, Column.SCORE, Column.APPRAISED, Column.REASON,
        )]  # fmt: skip
        looks = (middle, left, maximum, score, score, left)
        for column, (cell, look) in enumerate(zip(shown, looks, strict=True)):
            self._cell(line, column, cell, look)
        self._link(line, self._layout.address(row, Column.REPLY))
        self._state(line, row)
        texts = zip(map(_text, shown), self._widths, strict=False)
        height = row_height((text, width, _SIZE, False) for text, width in texts)
        self._pen.height(line, min(height + PADDING, MAX_ROW_HEIGHT))

    def _complete(self, line: int) -> None:
        """Write the last step: the state cell stands far below the last contested row."""
        look = self._look(align="left", bold=True, bg_color=TOTAL)
        row, column, _ = self._layout.entries["", Slot.SUBMIT]
        self._pen.merge(
            line, (0, _LINK - 1), f"Phản hồi xong: chọn “{COMPLETE}” ở ô trạng thái", look
        )
        address = self._layout.address(row, column)
        self._link(line, address)
        done = f"'{REPLY_SHEET}'!{address}=\"{COMPLETE}\""
        formula = f'IF({done},"{DONE}","{IN_PROGRESS}")'
        self._pen.formula(line, STATE_COLUMN, formula, IN_PROGRESS, self._look(align="center"))
        self._pen.height(line, 24)

    def _cell(self, line: int, column: int, cell: Cell | None, look: Format) -> None:
        if isinstance(cell, Amount):
            self._pen.number(line, column, cell.value, look)
        else:
            self._pen.words(line, column, _text(cell), look)

    def _link(self, line: int, address: str) -> None:
        look = self._look(align="center", font_color="#0563C1", underline=1)
        target = f"internal:'{REPLY_SHEET}'!{address}"
        if self._pen.sheet.write_url(line, _LINK, target, look, f"Ô {address}"):
            raise WritingError(f"write_url {target}")

    def _state(self, line: int, row: Row) -> None:
        missing = f"'{REPLY_SHEET}'!{self._layout.address(row, Column.MISSING)}"
        formula = f'IF({missing}=0,"{ANSWERED}","{UNANSWERED}")'
        self._pen.formula(line, STATE_COLUMN, formula, UNANSWERED, self._look(align="center"))

    def _look(self, **more: object) -> Format:
        return self._book.look(border=THIN, border_color=FAINT, **more)


def _text(cell: Cell | None) -> str:
    if isinstance(cell, Amount):
        return vi_number(cell.value)
    return cell.text if isinstance(cell, Text) else ""
