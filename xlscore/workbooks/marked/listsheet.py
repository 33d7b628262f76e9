"""The list of findings in a marked copy: what is wrong, where, and how to mend it, with links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from xlscore.findings import Finding, Severity
from xlscore.layout import COMPLETE, Layout
from xlscore.workbooks.listsheet import ListSheet
from xlscore.workbooks.marked.leftbehind import LeftBehind, quoted
from xlscore.workbooks.marked.marking import LEVELS, said
from xlscore.workbooks.marked.places import Item
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.head import Head
from xlscore.workbooks.scorecard.looks import MARKED
from xlscore.workbooks.scorecard.sheet import FORM_SHEET

FINDINGS_SHEET, TITLE = "Nội dung cần sửa", "NỘI DUNG CẦN SỬA TRONG PHIẾU"

_COLUMNS = (
    ("STT", 6),
    ("Mã", 8),
    ("Mức độ", 11),
    ("Vị trí\n(tiêu chí, ô)", 19),
    ("Đã nhập", 24),
    ("Nội dung và cách sửa", 74),
)
_LEVEL, _PLACE = 2, 3
_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,15})?%?")


class FindingsList:
    """The list's sheet, written when the workbook is."""

    def __init__(
        self,
        layout: Layout,
        head: Head,
        items: Sequence[Item],
        left: Sequence[LeftBehind],
        answers: str,
    ) -> None:
        self._layout, self._head = layout, head
        self._items, self._left, self._answers = items, left, answers

    def write(self, book: Book) -> Pen:
        """Write the sheet behind the form and return it."""
        self._book, self._list = book, ListSheet(book, FINDINGS_SHEET, _COLUMNS)
        self._pen = self._list.pen
        line = self._list.begin(TITLE, self._head, self._what_to_do(), self._answers)
        for item in self._items:
            self._item(line, item)
            line += 1
        if self._left:
            self._left_behind(line + 1)
        return self._pen

    def _what_to_do(self) -> str:
        errors = sum(1 for item in self._items if item.severity is Severity.ERROR)
        warnings = sum(1 for item in self._items if item.severity is Severity.WARNING)
        refused = f"Phiếu đã gửi chưa được tiếp nhận: còn {errors} lỗi phải sửa" if errors else ""
        noted = f"{warnings} cảnh báo cần xem lại" if warnings else ""
        start = ", ".join(filter(None, (refused, noted))) or "Phiếu đã gửi không còn lỗi"
        return (
            f"{start[0].upper()}{start[1:]}. Tệp này là phiếu mới, đã chép sẵn những gì đơn vị đã "
            f"nhập. Bấm vào cột Vị trí để đến ô cần sửa trên trang “{FORM_SHEET}”; ô tô màu có viền "
            "liền là lỗi, viền đứt là cảnh báo (màu không tự mất sau khi sửa). Sửa xong, chọn "
            f"“{COMPLETE}” ở cuối phiếu, lưu và gửi lại chính tệp này."
        )

    def _item(self, line: int, item: Item) -> None:
        found = item.finding
        level = LEVELS[item.severity]
        texts = ["", found.code, level, self._place(item), _entered(found), said(found)]
        middle, left = self._list.look(align="center"), self._list.look(align="left")
        self._pen.number(line, 0, Decimal(item.number), middle)
        shade = MARKED.get(item.severity, {})
        shade = {"bg_color": shade["bg_color"]} if shade else {}
        level_look = self._list.look(align="center", bold=item.severity is Severity.ERROR, **shade)
        looks = (middle, middle, level_look, middle, left, left)
        for column, text in enumerate(texts[1:], 1):
            if column == _PLACE and item.spots:
                self._list.link((line, _PLACE), FORM_SHEET, self._address(item), text)
            else:
                self._pen.text(line, column, text, looks[column])
        self._list.fit(line, texts, (_LEVEL, _PLACE))

    def _place(self, item: Item) -> str:
        """Return criterion and cell; programs show a link on one line only, so it is short."""
        row = item.finding.row
        cell = f"ô {self._address(item)}" if item.spots else ""
        return ", ".join(filter(None, (row, cell))) or "Cả tệp"

    def _address(self, item: Item) -> str:
        spot = item.spots[0]
        return self._layout.address(spot.row or self._layout.heading_row, spot.column)

    def _left_behind(self, line: int) -> None:
        title = (
            "Có trong tệp đã gửi nhưng không thuộc các ô nhập của phiếu, nên không chép sang đây:"
        )
        self._list.across(line, title, self._book.look(bold=True, align="left"))
        plain = self._book.look(align="left", valign="top")
        for number, item in enumerate(self._left, line + 1):
            where = "!".join(filter(None, (item.sheet, item.place)))
            self._list.across(number, f"– {where}: {item.vi}" if where else f"– {item.vi}", plain)


def _entered(found: Finding) -> str:
    """Return a number with the form's decimal mark; a text in quotation marks, letter for letter."""
    text = found.entered
    if "{number}" in found.entry.vi.message and _NUMBER.fullmatch(text):
        return text.replace(".", ",")
    return quoted(text) if text else ""
