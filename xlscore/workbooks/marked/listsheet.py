"""The list of findings in a marked copy: what is wrong, where, and how to mend it, with links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.format import Format

from xlscore.findings import Finding, Severity
from xlscore.layout import COMPLETE, Layout
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.marked.leftbehind import LeftBehind, quoted
from xlscore.workbooks.marked.marking import LEVELS, said
from xlscore.workbooks.marked.places import Item
from xlscore.workbooks.pen import Book, Pen, WritingError
from xlscore.workbooks.scorecard.head import Head, unit_texts
from xlscore.workbooks.scorecard.looks import FAINT, HEADING, MARKED, THIN
from xlscore.workbooks.scorecard.sheet import FORM_SHEET, PADDING
from xlscore.workbooks.scorecard.surroundings import unit_line

FINDINGS_SHEET, TITLE = "Nội dung cần sửa", "NỘI DUNG CẦN SỬA TRONG PHIẾU"

_COLUMNS = (
    ("STT", 6),
    ("Mã", 8),
    ("Mức độ", 11),
    ("Vị trí\n(tiêu chí, ô)", 19),
    ("Đã nhập", 24),
    ("Nội dung và cách sửa", 74),
)
_PLACE, _LAST = 3, len(_COLUMNS) - 1
_SIZE = 12.0
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
        self._widths = [column_pixels(width) for _, width in _COLUMNS]

    def write(self, book: Book) -> Pen:
        """Write the sheet behind the form and return it."""
        self._book, self._pen = book, book.sheet(FINDINGS_SHEET)
        line = self._headings(self._above())
        for item in self._items:
            self._item(line, item)
            line += 1
        if self._left:
            self._left_behind(line + 1)
        return self._pen

    def _above(self) -> int:
        """Write title, unit and what to do; return the next line."""
        bold = self._book.look(font_size=14, bold=True, align="center")
        centred = self._book.look(bold=True, align="center")
        plain = self._book.look(align="left", valign="top")
        paragraphs = [(TITLE, bold, 14.0), (self._unit, centred, _SIZE)]
        if self._answers:
            paragraphs.append((f"Trả lời: {self._answers}", centred, _SIZE))
        paragraphs.append((self._what_to_do(), plain, _SIZE))
        for line, (text, look, size) in enumerate(paragraphs):
            self._across(line, text, look, size)
        return len(paragraphs)

    @property
    def _unit(self) -> str:
        return unit_line(self._head, unit_texts(self._head))

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

    def _headings(self, line: int) -> int:
        sheet = self._pen.sheet
        look = self._book.look(
            bold=True, align="center", border=THIN, border_color=FAINT, bg_color=HEADING
        )
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
        sheet.set_header('&C&"Times New Roman,Regular"&13&P', {"margin": 0.39})
        return line + 1

    def _item(self, line: int, item: Item) -> None:
        found = item.finding
        level = LEVELS[item.severity]
        texts = ["", found.code, level, self._place(item), _entered(found), said(found)]
        middle, left = self._look(align="center"), self._look(align="left")
        self._pen.number(line, 0, Decimal(item.number), middle)
        shade = MARKED.get(item.severity, {})
        shade = {"bg_color": shade["bg_color"]} if shade else {}
        level_look = self._look(align="center", bold=item.severity is Severity.ERROR, **shade)
        looks = (middle, middle, level_look, middle, left, left)
        for column, text in enumerate(texts[1:], 1):
            if column == _PLACE and item.spots:
                self._link(line, item, text)
            else:
                self._pen.text(line, column, text, looks[column])
        self._fit(line, texts)

    def _place(self, item: Item) -> str:
        """Return criterion and cell; programs show a link on one line only, so it is short."""
        row = item.finding.row
        cell = f"ô {self._address(item)}" if item.spots else ""
        return ", ".join(filter(None, (row, cell))) or "Cả tệp"

    def _address(self, item: Item) -> str:
        spot = item.spots[0]
        return self._layout.address(spot.row or self._layout.heading_row, spot.column)

    def _link(self, line: int, item: Item, text: str) -> None:
        look = self._look(align="center", font_color="#0563C1", underline=1)
        target = f"internal:'{FORM_SHEET}'!{self._address(item)}"
        if self._pen.sheet.write_url(line, _PLACE, target, look, text):
            raise WritingError(f"write_url {target}")

    def _left_behind(self, line: int) -> None:
        title = (
            "Có trong tệp đã gửi nhưng không thuộc các ô nhập của phiếu, nên không chép sang đây:"
        )
        self._across(line, title, self._book.look(bold=True, align="left"), _SIZE)
        plain = self._book.look(align="left", valign="top")
        for number, item in enumerate(self._left, line + 1):
            where = "!".join(filter(None, (item.sheet, item.place)))
            self._across(number, f"– {where}: {item.vi}" if where else f"– {item.vi}", plain, _SIZE)

    def _across(self, line: int, text: str, look: Format, size: float) -> None:
        self._pen.merge(line, (0, _LAST), text, look)
        height = row_height([(text, sum(self._widths), size, look.bold)])
        self._pen.height(line, min(height + PADDING, MAX_ROW_HEIGHT))

    def _fit(self, line: int, texts: Sequence[str]) -> None:
        cells = [
            (text, width, _SIZE, column in (2, _PLACE))
            for column, (text, width) in enumerate(zip(texts, self._widths, strict=True))
        ]
        self._pen.height(line, min(row_height(cells) + PADDING, MAX_ROW_HEIGHT))

    def _look(self, **more: object) -> Format:
        return self._book.look(border=THIN, border_color=FAINT, **more)


def _entered(found: Finding) -> str:
    """Return a number with the form's decimal mark; a text in quotation marks, letter for letter."""
    text = found.entered
    if "{number}" in found.entry.vi.message and _NUMBER.fullmatch(text):
        return text.replace(".", ",")
    return quoted(text) if text else ""
