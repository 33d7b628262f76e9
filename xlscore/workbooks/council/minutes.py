"""The minutes (Biên bản họp hội đồng): ready to print, with live figures from the sheet of differences."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format

from xlscore.workbooks.council.columns import AGREED, DIFFERENCES, MINUTES, Column
from xlscore.workbooks.council.contents import CouncilBook, CouncilRow, Figure, UnitPart, printed
from xlscore.workbooks.council.differences import REST_ROW, Differences
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, line_height, row_height
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.looks import PALE_GREY, SCORE_FORMAT, THIN
from xlscore.workbooks.scorecard.surroundings import MOTTO, NATION

WIDTHS = (5.5, 35.0, 8.0, 9.0, 9.0, 9.0, 30.0)
"""STT, criterion, maximum, self score, proposal, conclusion, reason: portrait A4."""

_LAST = len(WIDTHS) - 1
_SIZE, _TABLE, _PADDING = 13.0, 12.0, 4
_LEFT, _RIGHT = (0, 2), (3, _LAST)
_AS_PROPOSED, _KEPT, _CONFIRMED = (
    "Thống nhất theo đề xuất.",
    "Giữ theo đề xuất.",
    "Công nhận điểm tự chấm.",
)
_HEADINGS = (
    "STT", "Tiêu chí/Tiêu chí thành phần", "Điểm tối đa", "Tự chấm", "Đề xuất", "Kết luận",
    "Lý do, ý kiến của hội đồng",
)  # fmt: skip
_TOTALS = (
    "TT", "Đơn vị", "Tự chấm", "Đề xuất", "Kết luận", "Tăng, giảm so với đề xuất",
    "Chỉ số theo kết luận (%)",
)  # fmt: skip
_OPENING = (
    "Thời gian bắt đầu: ……… giờ ……… phút, ngày ……… tháng ……… năm …………",
    f"Địa điểm: {'…' * 37}",
    "Thành phần tham dự:",
    f"- Chủ trì: {'…' * 17} Chức vụ: {'…' * 12}",
    f"- Thư ký: {'…' * 17} Chức vụ: {'…' * 12}",
    "- Thành viên hội đồng có mặt: ………/………; vắng mặt: ……… (lý do: ………………………)",
    f"- Đại diện cơ quan thẩm định và đơn vị được mời: {'…' * 15}",
)
_LINES = "\n".join(["…" * 42] * 2)
"""Lines to write on, a little shorter than the page is wide."""

_CLOSING = (
    "Cuộc họp kết thúc lúc ……… giờ ……… phút, ngày ……… tháng ……… năm …………",
    "Biên bản đã được đọc lại cho các thành viên dự họp cùng nghe và nhất trí thông qua.",
)


def reason_shown(row: CouncilRow) -> str:
    """Return what the minutes say of a row as issued: the reason given, or that it stayed as proposed."""
    if row.word == "":
        return _AS_PROPOSED if row.spoken else _KEPT
    if row.remark:
        return row.remark
    return _CONFIRMED if row.word == row.own else _AS_PROPOSED


class Minutes:
    """Writes the sheet, line by line; `_line` counts from 0 as XlsxWriter does."""

    def __init__(self, book: Book, content: CouncilBook, source: Differences) -> None:
        self.book, self.content, self.source = book, content, source
        self.pen: Pen = book.sheet(MINUTES)
        self.fixed: set[int] = set()
        self._line = 0
        self._widths = [column_pixels(width) for width in WIDTHS]

    @property
    def last(self) -> int:
        """Number of the last row, from 1."""
        return self._line

    def write(self) -> None:
        """Write everything."""
        for place, width in enumerate(WIDTHS):
            self.pen.sheet.set_column(place, place, width)
        self._letterhead()
        self._opening()
        self._decisions()
        self._totals()
        self._closing()
        self._signatures()
        self._page()

    # --- letterhead and what is filled in by hand -------------------------------------------------

    def _letterhead(self) -> None:
        content = self.content
        centred = self.book.look(align="center", valign="top")
        bold = self.book.look(align="center", valign="top", bold=True)
        motto = self.book.look(align="center", valign="top", bold=True, font_size=13)
        self._pair((content.authority.upper(), centred), (NATION, bold), 18)
        rule = "—" * 6
        council = (f"{content.council.upper()}\n{rule}", bold)
        self._pair(council, (f"{MOTTO}\n{'—' * 13}", motto), 36)
        italic = self.book.look(align="center", italic=True)
        day = f"{content.place}, ngày ……… tháng ……… năm …………"
        self._pair(("Số: ………/BB-HĐTĐ", centred), (day, italic), 22)
        self._line += 1
        title = self.book.look(font_size=14, bold=True, align="center")
        self._across(f"BIÊN BẢN HỌP {content.council.upper()}", title, 22)
        self._across(content.title, self.book.look(font_size=13, bold=True, align="center"))
        self._line += 1

    def _pair(self, left: tuple[str, Format], right: tuple[str, Format], height: float) -> None:
        width = sum(self._widths[_LEFT[0] : _LEFT[1] + 1])
        self.pen.merge(self._line, _LEFT, *left)
        self.pen.merge(self._line, _RIGHT, *right)
        needed = row_height([(left[0], width, 12, True)])
        self._fix(max(height, needed))

    def _opening(self) -> None:
        for line in _OPENING:
            self._paragraph(line, free=not line.endswith(":"))
        units, rows = len(self.content.units), sum(1 for _ in self.content.rows)
        self._heading("I. NỘI DUNG")
        self._paragraph(
            f"{self.content.council} xem xét kết quả tự chấm điểm, kết quả thẩm định và ý kiến "
            f"phản hồi của {units} đơn vị đối với {rows} nội dung nêu tại Mục II."
        )
        self._paragraph("Ý kiến thảo luận:")
        self._paragraph(_LINES, free=True)

    def _heading(self, text: str) -> None:
        self._across(text, self.book.look(font_size=_SIZE, bold=True, align="left"), 26)

    def _paragraph(self, text: str, *, free: bool = False) -> None:
        """Write a line of text; one to fill in may be typed into as well."""
        look = self.book.look(font_size=_SIZE, align="left", valign="top", locked=not free)
        self._across(text, look)

    def _across(self, text: str, look: Format, least: float = 0) -> None:
        self.pen.merge(self._line, (0, _LAST), text, look)
        needed = row_height([(text, sum(self._widths), _SIZE, bool(least))]) + _PADDING
        self._fix(max(least, needed))

    def _fix(self, height: float) -> None:
        """Set the height for good: a merged cell is never fitted, and would shrink to a line."""
        self.fixed.add(self._line + 1)
        self.pen.height(self._line, height)
        self._line += 1

    # --- decisions --------------------------------------------------------------------------------

    def _decisions(self) -> None:
        self._heading("II. KẾT LUẬN CỦA HỘI ĐỒNG")
        self._headings(_HEADINGS)
        for number, unit in enumerate(self.content.units, 1):
            self._unit_heading(number, unit)
            for row in unit.rows:
                self._decision(row)

    def _unit_heading(self, number: int, unit: UnitPart) -> None:
        """Write a unit's name, and the headings again: a unit may begin anywhere on a page."""
        shade = {"bg_color": PALE_GREY}
        text, name = f"{number}. {unit.name}", self._look(align="left", bold=True, **shade)
        if number == 1:  # the headings stand just above
            self.pen.merge(self._line, (0, _LAST), text, name)
            self._fix(row_height([(text, sum(self._widths), _TABLE, True)]) + _PADDING)
            return
        self.pen.merge(self._line, (0, 1), text, name)
        cells = [(text, self._widths[0] + self._widths[1], _TABLE, True)]
        look = self._look(align="center", italic=True, **(shade | {"font_size": 10}))
        for place, heading in enumerate(_HEADINGS[2:], 2):
            self._put(place, heading, look)
            cells.append((heading, self._widths[place], 10.0, False))
        self._fix(row_height(cells) + _PADDING)

    def _decision(self, row: CouncilRow) -> None:
        centred, left = self._look(align="center"), self._look(align="left")
        shown: list[tuple[Figure, Format]] = [
            (row.code, centred), (row.title, left), (row.maximum, centred),
            (printed(row.own), centred), (printed(row.proposal), centred),
        ]  # fmt: skip
        for place, (figure, look) in enumerate(shown):
            self._put(place, figure, look)
        number = self.source.lines[row.unit, row.node]
        there = self._there(Column.CONCLUSION, number)
        bold = self._look(align="center", bold=True)
        self.pen.formula(self._line, 5, there, printed(row.conclusion), bold)
        self.pen.formula(self._line, _LAST, self._reason(row, number), reason_shown(row), left)
        texts = [(row.title, 1), (reason_shown(row), _LAST)]
        self._height((text, place, False) for text, place in texts)

    def _reason(self, row: CouncilRow, number: int) -> str:
        score, remark = (self._there(c, number) for c in (Column.COUNCIL, Column.REMARK))
        own = self._there(Column.OWN, number)
        spoken = f'"{_AS_PROPOSED}"'
        rest = f"'{DIFFERENCES}'!{self.source.cell(Column.COUNCIL, REST_ROW)}"
        left = spoken if row.spoken else f'IF({rest}="{AGREED}",{spoken},"{_KEPT}")'
        without = f'IF({score}={own},"{_CONFIRMED}",{spoken})'
        given = f'IF({remark}="",{without},{remark})'
        return f'IF({score}="",{left},{given})'

    def _there(self, column: str, number: int) -> str:
        return f"'{DIFFERENCES}'!{self.source.cell(column, number)}"

    # --- totals -----------------------------------------------------------------------------------

    def _totals(self) -> None:
        self._heading("III. TỔNG ĐIỂM VÀ CHỈ SỐ CỦA CÁC ĐƠN VỊ")
        self._headings(_TOTALS)
        for number, unit in enumerate(self.content.units, 1):
            self._unit(number, unit)
        note = (
            "Ghi chú: điểm tự chấm chưa gồm điểm điều tra xã hội học và các dòng do hệ thống tính"
        )
        if self.content.later:
            note += (
                "; các dòng chênh lệch tự chấm – thẩm định và so sánh giữa các đơn vị được tính lại "
                "sau khi có kết luận"
            )
        self._paragraph(f"{note}.")

    def _unit(self, number: int, unit: UnitPart) -> None:
        figure = "0." + "0" * self.content.decimals if self.content.decimals else "0"
        centred = self._look(align="center", num_format=figure)
        change = self._look(align="center", num_format=f"+{figure};-{figure};{figure}")
        bold = self._look(align="center", num_format=figure, bold=True)
        first = self.source.lines[unit.code, unit.rows[0].node]
        total, whole = (self._there(c, first) for c in (Column.TOTAL, Column.WHOLE))
        before, after = unit.proposed.achieved, unit.concluded.achieved
        self._put(0, str(number), self._look(align="center"))
        self._put(1, unit.name, self._look(align="left"))
        self._put(2, unit.own.achieved, centred)
        self._put(3, before, centred)
        self.pen.formula(self._line, 4, total, after, bold)
        line = self._line + 1
        self.pen.formula(self._line, 5, f"ROUND(E{line}-D{line},9)", after - before, change)
        index = f"{total}/{whole}*100"
        index = index if unit.most is None else f"MIN({unit.most},{index})"
        self.pen.formula(self._line, _LAST, f"IF({whole}=0,0,{index})", unit.index, bold)
        self._height([(unit.name, 1, False)])

    # --- end of the page --------------------------------------------------------------------------

    def _closing(self) -> None:
        self._heading("IV. Ý KIẾN KHÁC")
        self._paragraph(_LINES, free=True)
        for line in _CLOSING:
            self._paragraph(line, free="……" in line)
        self._line += 1

    def _signatures(self) -> None:
        bold = self.book.look(font_size=_SIZE, bold=True, align="center")
        italic = self.book.look(font_size=_SIZE, italic=True, align="center")
        self._pair(("THƯ KÝ", bold), (self.content.signatory.upper(), bold), 20)
        self._pair(("(Ký, ghi rõ họ tên)", italic), ("(Ký, ghi rõ họ tên)", italic), 20)
        self._fix(80)

    def _page(self) -> None:
        sheet = self.pen.sheet
        sheet.set_portrait()
        sheet.set_paper(9)
        # Nghị định 30/2020/NĐ-CP: 20-25 mm above and below, 30-35 mm left, 15-20 mm right.
        sheet.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)
        sheet.fit_to_pages(1, 0)
        sheet.set_start_page(1)
        sheet.print_area(0, 0, self._line - 1, _LAST)
        font = '&"Times New Roman,Regular"'
        sheet.set_header(f"&C{font}&13&P", {"margin": 0.39})
        sheet.set_footer(f"&L{font}&10{self.source.footer}", {"margin": 0.39})
        sheet.hide_gridlines(2)
        codes = f"A1:A{self._line}"
        sheet.ignore_errors({"number_stored_as_text": codes})

    # --- cells of the tables ----------------------------------------------------------------------

    def _headings(self, headings: Iterable[str]) -> None:
        look = self._look(bold=True, align="center")
        for place, heading in enumerate(headings):
            self._put(place, heading, look)
        self._height((text, place, True) for place, text in enumerate(headings))

    def _put(self, place: int, figure: Figure, look: Format) -> None:
        if isinstance(figure, Decimal):
            self.pen.number(self._line, place, figure, look)
        else:
            self.pen.text(self._line, place, figure, look)

    def _height(self, texts: Iterable[tuple[str, int, bool]]) -> None:
        """Make room for the texts, and always for two lines: a reason may come yet."""
        cells = [(text, self._widths[place], _TABLE, bold) for text, place, bold in texts]
        needed = max(row_height(cells), 2 * line_height(_TABLE)) + _PADDING
        self.pen.height(self._line, min(needed, MAX_ROW_HEIGHT))
        self._line += 1

    def _look(self, **more: Any) -> Format:
        look = {"font_size": _TABLE, "border": THIN, "num_format": SCORE_FORMAT}
        return self.book.look(**{**look, **more})
