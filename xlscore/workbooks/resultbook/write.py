"""Print a book of results: two locked sheets to read and sign, the sealed content behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format

from xlscore.identity import KeyRing
from xlscore.reported import ResultBook
from xlscore.workbooks.carrier import finish, protect, put_token, sheet_part
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.members import write_members
from xlscore.workbooks.pen import FONT, Book, Pen, strict
from xlscore.workbooks.resultbook.content import content_text, put_content
from xlscore.workbooks.resultbook.pages import (
    DETAIL_COLUMNS,
    DETAILS,
    DETAILS_FIRST,
    SUMMARY,
    SUMMARY_COLUMNS,
    SUMMARY_FIRST,
    Column,
    Shown,
    Subject,
    detail_rows,
    summary_rows,
)

_NATION, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_SPLIT = 3
"""The letterhead's left half covers the columns before this one and this one."""

_HEADING, _LINE, _AMBER = "#D9D9D9", "#7F7F7F", "#FDF3D8"
_INDENT = 11
"""Pixels that an indented text has less."""

_SIZE = {SUMMARY: 12.0, DETAILS: 10.0}


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the book prints around its tables.

    Attributes:
        authority, office, place: who reports, the office that drew it up, the place of the dateline.
        parent: name of the unit that reports; year: the year assessed.
        signatory: who signs.
        made: when, in the campaign's zone; decimals: shown of points and indices.
        token: the signed identity, as the province gave it; password: of the protection.
    """

    authority: str
    office: str
    place: str
    parent: str
    year: int
    signatory: str
    made: datetime
    decimals: int
    token: str
    password: str


def render_result_book(
    book: ResultBook, subjects: Sequence[Subject], imprint: Imprint, ring: KeyRing
) -> bytes:
    """Return the workbook of one book of results, its content sealed with the ring's current key.

    Raises:
        WritingError: something could not be written.
    """
    title = f"Kết quả Chỉ số CCHC năm {imprint.year} – {imprint.parent}"
    with strict():
        made = Book(title=title, author=imprint.office, company=imprint.authority)
        printer = _Printer(made, book, imprint)
        pens = [printer.summary(subjects), printer.details(subjects)]
        hidden = [put_content(made, content_text(book), ring), put_token(made, imprint.token)]
        protect([*pens, *hidden], imprint.password, filters=True)
        pens[0].sheet.activate()
        data = made.close()
    return write_members(finish(data, {sheet_part(1): (), sheet_part(2): ()}))


class _Printer:
    """Writes the visible sheets."""

    def __init__(self, made: Book, book: ResultBook, imprint: Imprint) -> None:
        self._made, self._book, self._imprint = made, book, imprint
        self._number = "0." + "0" * imprint.decimals if imprint.decimals else "0"

    # --- the sheet to sign --------------------------------------------------------------------

    def summary(self, subjects: Sequence[Subject]) -> Pen:
        """Write letterhead, ranks and signature."""
        pen = self._sheet(SUMMARY, SUMMARY_COLUMNS)
        self._letterhead(pen, len(SUMMARY_COLUMNS) - 1)
        self._headings(pen, SUMMARY, SUMMARY_COLUMNS, SUMMARY_FIRST - 1)
        rows = summary_rows(self._book, subjects)
        end = self._table(pen, SUMMARY, SUMMARY_COLUMNS, SUMMARY_FIRST, rows)
        self._foot(pen, end + 1, len(SUMMARY_COLUMNS) - 1)
        pen.sheet.repeat_rows(SUMMARY_FIRST - 1)
        pen.sheet.freeze_panes(SUMMARY_FIRST, _SPLIT)
        return pen

    def _letterhead(self, pen: Pen, last: int) -> None:
        imprint, book = self._imprint, self._book
        day = (
            f"{imprint.place}, ngày {imprint.made:%d} tháng {imprint.made:%m} năm {imprint.made:%Y}"
        )
        halves: tuple[tuple[str, dict[str, Any], str, dict[str, Any]], ...] = (
            (imprint.authority.upper(), {"bold": True}, _NATION, {"bold": True}),
            ("Số: ……/BC-……", {}, _MOTTO, {"bold": True, "underline": 1, "font_size": 13}),
            ("", {}, day, {"italic": True}),
        )
        for row, (left, left_look, right, right_look) in enumerate(halves):
            pen.merge(row, (0, _SPLIT - 1), left, self._centred(**left_look))
            pen.merge(row, (_SPLIT, last), right, self._centred(**right_look))
            pen.height(row, 20)
        state = (
            "KẾT QUẢ TẠM TÍNH: còn nội dung chưa có kết quả."
            if book.provisional
            else "Mọi nội dung có áp dụng đều đã có kết quả."
        )
        lines: tuple[tuple[str, dict[str, Any], float], ...] = (
            (
                f"KẾT QUẢ XÁC ĐỊNH CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {imprint.year}",
                {"bold": True, "font_size": 14},
                26,
            ),
            (f"của các đơn vị trực thuộc {imprint.parent}", {"bold": True, "font_size": 13}, 20),
            (state, {"italic": True} | ({"bg_color": _AMBER} if book.provisional else {}), 20),
        )
        for row, (text, look, height) in enumerate(lines, start=4):
            pen.merge(row, (0, last), text, self._centred(**look))
            pen.height(row, height)

    def _foot(self, pen: Pen, row: int, last: int) -> None:
        book, source = self._book, self._book.source
        facts = (
            f"Sổ lập lúc {self._imprint.made:%H:%M:%S ngày %d/%m/%Y} theo giấy ủy quyền số {book.serial:05d};"
            f" kỳ đánh giá {source.get('campaign', '')}, đầu chuỗi sổ theo dõi {source.get('head', '')[:16]},"
            f" xlscore {source.get('version', '')}. Chỉ số (%) = điểm đạt được ÷ điểm tối đa áp dụng × 100."
            " Sửa số liệu trên trang này không làm đổi kết quả báo cáo."
        )
        width = sum(column_pixels(c.width) for c in SUMMARY_COLUMNS)
        pen.merge(row, (0, last), facts, self._made.look(font_size=10, italic=True))
        pen.height(row, row_height([(facts, width * 0.97, 10, False)]) + 3)
        signed = (last - 4, last)
        signatory = _signing(self._imprint.signatory)
        pen.merge(row + 2, signed, signatory, self._centred(bold=True))
        pen.height(row + 2, 18 * (signatory.count("\n") + 1))
        pen.merge(
            row + 3,
            signed,
            "(Ký, ghi rõ họ tên, đóng dấu)",
            self._centred(italic=True, font_size=11),
        )

    # --- every row ----------------------------------------------------------------------------

    def details(self, subjects: Sequence[Subject]) -> Pen:
        """Write every row of every unit, with filters."""
        pen, last = self._sheet(DETAILS, DETAIL_COLUMNS), len(DETAIL_COLUMNS) - 1
        title = f"CHI TIẾT ĐIỂM TỪNG NỘI DUNG – {self._imprint.parent.upper()}"
        pen.text(0, 0, title, self._made.look(bold=True, font_size=14, text_wrap=False))
        said = "“–”: không áp dụng; ô trống: không có điểm. Lý do: của kết quả thẩm định sau cùng."
        pen.text(1, 0, said, self._made.look(italic=True, font_size=11, text_wrap=False))
        self._headings(pen, DETAILS, DETAIL_COLUMNS, DETAILS_FIRST - 1)
        rows = detail_rows(self._book, subjects)
        end = self._table(pen, DETAILS, DETAIL_COLUMNS, DETAILS_FIRST, rows)
        pen.sheet.autofilter(DETAILS_FIRST - 1, 0, max(end - 1, DETAILS_FIRST), last)
        pen.sheet.repeat_rows(DETAILS_FIRST - 1)
        pen.sheet.freeze_panes(DETAILS_FIRST, 2)
        return pen

    # --- what both share ----------------------------------------------------------------------

    def _sheet(self, name: str, columns: Sequence[Column]) -> Pen:
        pen = self._made.sheet(name)
        sheet = pen.sheet
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.79)
        sheet.fit_to_pages(1, 0)
        font = f'&"{FONT},Regular"'
        sheet.set_header(f"&C{font}&13&P", {"margin": 0.39})
        said = f"{self._imprint.parent} – giấy ủy quyền số {self._book.serial:05d}"
        sheet.set_footer(f"&L&10{font}{said.replace('&', '&&')}", {"margin": 0.39})
        return pen

    def _headings(self, pen: Pen, name: str, columns: Sequence[Column], row: int) -> None:
        size = _SIZE[name] - 1
        look = self._cell(size, bold=True, align="center", bg_color=_HEADING)
        for place, column in enumerate(columns):
            pen.text(row, place, column.heading, look)
        texts = [(c.heading, column_pixels(c.width), size, True) for c in columns]
        pen.height(row, row_height(texts) + 4)

    def _table(
        self,
        pen: Pen,
        name: str,
        columns: Sequence[Column],
        first: int,
        rows: Iterator[tuple[Shown, ...]],
    ) -> int:
        """Write the rows; return the row behind them."""
        size, row = _SIZE[name], first
        looks = [self._column(size, column) for column in columns]
        for row, cells in enumerate(rows, start=first):
            for place, (shown, look) in enumerate(zip(cells, looks, strict=True)):
                _put(pen, row, place, shown, look)
            texts = [
                (shown, column_pixels(column.width) - _INDENT, size, column.bold)
                for shown, column in zip(cells, columns, strict=True)
                if isinstance(shown, str)
            ]
            pen.height(row, min(row_height(texts) + 3, MAX_ROW_HEIGHT))
        return row + 1

    def _column(self, size: float, column: Column) -> Format:
        look: dict[str, Any] = {"align": column.align, "bold": column.bold}
        if column.align == "left":
            look["indent"] = 1
        return self._cell(size, **look, **({"num_format": self._number} if column.points else {}))

    def _cell(self, size: float, **look: Any) -> Format:
        return self._made.look(font_size=size, border=1, border_color=_LINE, **look)

    def _centred(self, **look: Any) -> Format:
        return self._made.look(align="center", **look)


def _signing(signatory: str) -> str:
    """Return who signs: for a people's committee its chairman does, which the next line says."""
    given = signatory.upper()
    alone = given.startswith("TM. ỦY BAN NHÂN DÂN") and "\n" not in given
    return f"{given}\nCHỦ TỊCH" if alone else given


def _put(pen: Pen, row: int, column: int, shown: Shown, look: Format) -> None:
    if shown is None or shown == "":
        pen.blank(row, column, look)
    elif isinstance(shown, str):
        pen.text(row, column, shown, look)
    else:
        pen.number(row, column, Decimal(shown), look)
