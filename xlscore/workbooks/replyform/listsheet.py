"""The list of the contested rows, on which the workbook opens: what each is about, with a link to its cell.

A unit with three contested rows of eighty-seven wants to see those three, answer them and send the form. A
filter would hide the criteria above a row and has to be taken off again; the list stands beside the form,
says what is still open, and prints on a page.
"""

from __future__ import annotations

from xlsxwriter.format import Format

from xlscore.layout import COMPLETE, IN_PROGRESS, Amount, Cell, Column, Layout, Row, Slot, Text
from xlscore.methods.base import vi_number
from xlscore.workbooks.listsheet import ListSheet
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.replyform.sheet import (
    LIST_SHEET,
    REPLY_SHEET,
    contested_rows,
    what_is_asked,
)
from xlscore.workbooks.scorecard.head import Head
from xlscore.workbooks.scorecard.looks import SCORE_FORMAT, TOTAL

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
_LINK = 6


class ContestedList:
    """The list's sheet, written when the workbook is."""

    def __init__(self, layout: Layout, head: Head) -> None:
        self._layout, self._head = layout, head

    def write(self, book: Book) -> Pen:
        """Write the sheet and return it."""
        self._list = ListSheet(book, LIST_SHEET, _COLUMNS)
        self._pen = self._list.pen
        title = f"NỘI DUNG CẦN PHẢN HỒI\n{self._head.title}"
        line = self._list.begin(title, self._head, self._what_to_do())
        for row in contested_rows(self._layout):
            self._row(line, row)
            line += 1
        self._complete(line)
        return self._pen

    def _what_to_do(self) -> str:
        return (
            f"{what_is_asked(self._layout, self._head)} Bấm vào cột Ô phản hồi để đến ô cần ghi trên "
            f"trang “{REPLY_SHEET}”: ghi ý kiến (thống nhất, hoặc đề nghị xem lại và lý do) và số, ký "
            "hiệu tài liệu gửi bổ sung vào các ô màu vàng. Nội dung để trống được hiểu là đơn vị không "
            f"có ý kiến. Xong, chọn “{COMPLETE}” ở cuối phiếu, lưu (.xlsx) và gửi lại chính tệp này."
        )

    def _row(self, line: int, row: Row) -> None:
        middle, left = self._list.look(align="center"), self._list.look(align="left")
        score = self._list.look(align="center", num_format=SCORE_FORMAT)
        maximum = self._list.look(align="center", num_format="General")
        shown = [row.cells.get(column) for column in (
            Column.CODE, Column.TITLE, Column.MAXIMUM, Column.SCORE, Column.APPRAISED, Column.REASON,
        )]  # fmt: skip
        looks = (middle, left, maximum, score, score, left)
        for column, (cell, look) in enumerate(zip(shown, looks, strict=True)):
            self._cell(line, column, cell, look)
        self._link(line, self._layout.address(row, Column.REPLY))
        self._state(line, row)
        self._list.fit(line, map(_text, shown))

    def _complete(self, line: int) -> None:
        """Write the last step: the state cell stands far below the last contested row."""
        look = self._list.look(align="left", bold=True, bg_color=TOTAL)
        row, column, _ = self._layout.entries["", Slot.SUBMIT]
        self._pen.merge(
            line, (0, _LINK - 1), f"Phản hồi xong: chọn “{COMPLETE}” ở ô trạng thái", look
        )
        address = self._layout.address(row, column)
        self._link(line, address)
        done = f"'{REPLY_SHEET}'!{address}=\"{COMPLETE}\""
        formula = f'IF({done},"{DONE}","{IN_PROGRESS}")'
        self._pen.formula(line, STATE_COLUMN, formula, IN_PROGRESS, self._list.look(align="center"))
        self._pen.height(line, 24)

    def _cell(self, line: int, column: int, cell: Cell | None, look: Format) -> None:
        if isinstance(cell, Amount):
            self._pen.number(line, column, cell.value, look)
        else:
            self._pen.words(line, column, _text(cell), look)

    def _link(self, line: int, address: str) -> None:
        self._list.link((line, _LINK), REPLY_SHEET, address, f"Ô {address}")

    def _state(self, line: int, row: Row) -> None:
        missing = f"'{REPLY_SHEET}'!{self._layout.address(row, Column.MISSING)}"
        formula = f'IF({missing}=0,"{ANSWERED}","{UNANSWERED}")'
        self._pen.formula(line, STATE_COLUMN, formula, UNANSWERED, self._list.look(align="center"))


def _text(cell: Cell | None) -> str:
    if isinstance(cell, Amount):
        return vi_number(cell.value)
    return cell.text if isinstance(cell, Text) else ""
