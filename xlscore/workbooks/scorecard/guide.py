"""The sheets beside the form: instructions (hướng dẫn), and the annex of over-long texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xlscore.layout import COMPLETE, NOT_APPLICABLE, Layout
from xlscore.scoring import NotApplicablePolicy
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.head import Head

GUIDE_SHEET, ANNEX_SHEET = "Hướng dẫn", "Phụ lục"
GUIDE_TITLE, ANNEX_TITLE = "HƯỚNG DẪN GHI PHIẾU", "PHỤ LỤC: NỘI DUNG ĐẦY ĐỦ"
"""What their first cell says, by which they are known when people have renamed them."""

_NUMBER_WIDTH, _WIDTH = 5, 84
_SIZE = 13
_PIECE = 1400
"""Letters of a text that surely stay below the tallest row."""

_LEFT_OUT: Mapping[NotApplicablePolicy, str] = {
    NotApplicablePolicy.LEAVE_OUT: (
        "Điểm tối đa của nội dung đó được bỏ khỏi mẫu số, đơn vị không bị thiệt."
    ),
    NotApplicablePolicy.FULL_POINTS: "Nội dung đó được tính đủ điểm tối đa khi xếp hạng.",
    NotApplicablePolicy.ZERO: (
        "Khi xếp hạng, nội dung đó được 0 điểm và điểm tối đa vẫn nằm trong mẫu số."
    ),
}
_STEPS: tuple[tuple[str, str], ...] = (
    (
        "Chỉ nhập vào các ô màu vàng",
        """Các ô khác đã khóa: tên tiêu chí, điểm tối đa, công thức. Điểm, tổng điểm và chỉ số tự
        tính ngay khi nhập. Dòng “Còn … nội dung chưa nhập” phía trên bảng cho biết còn thiếu bao
        nhiêu.""",
    ),
    (
        "Gõ số thập phân theo máy của mình",
        """Máy cài tiếng Việt gõ dấu phẩy (0,5); máy cài tiếng Anh gõ dấu chấm (0.5). Gõ khác đi thì
        máy báo “Chưa đúng số”. Không gõ dấu phân cách hàng nghìn, không gõ đơn vị tính. Ô tỷ lệ ghi
        số phần trăm: 85 nghĩa là 85%.""",
    ),
    (
        "Ghi tài liệu kiểm chứng",
        """Ghi số, ký hiệu, ngày của từng văn bản, cách nhau bằng dấu chấm phẩy. Ví dụ: 12/KH-UBND
        ngày 05/01/{year}; 87/BC-UBND ngày 15/12/{year}. Không có văn bản thì ghi rõ ở cột Giải
        trình.""",
    ),
    (
        f"Nội dung không phát sinh: chọn “{NOT_APPLICABLE}”",
        """Chỉ chọn ở những dòng có hỏi “Có áp dụng không?”, khi đúng điều kiện đã nêu, và ghi
        lý do ở cột Giải trình. {not_applicable}""",
    ),
    (
        "Không sắp xếp, không xóa, không chép đè dòng",
        """Mỗi dòng có một mã ẩn. Xóa, sắp xếp hay dán đè làm mã không còn khớp và phiếu bị trả lại.
        Được phép giãn hàng, giãn cột cho dễ đọc. Khi dán, hãy chọn chỉ dán giá trị.""",
    ),
    (
        f"Nhập xong, chọn “{COMPLETE}”",
        """Ô Trạng thái phiếu ở cuối bảng. Phiếu chưa chọn được coi là bản nháp và chưa được chấm.
        Sau khi chọn, những ô còn thiếu hiện màu cam; điểm vượt mức tối đa hiện màu đỏ.""",
    ),
    (
        "Lưu và gửi",
        """Lưu đúng định dạng Excel (.xlsx), không đổi sang .xls hay PDF. Gửi về {office}{due}. Gửi
        lại bản mới bất cứ lúc nào trước hạn: bản hợp lệ gửi sau cùng được tính.""",
    ),
)


def write_guide(book: Book, head: Head) -> Pen:
    """Write the sheet of instructions."""
    due = f", hạn chót: {head.deadline}" if head.deadline else ""
    given = {"year": head.year, "office": head.office, "due": due}
    given["not_applicable"] = _LEFT_OUT[head.not_applicable]
    return write_steps(book, GUIDE_TITLE, _STEPS, given)


def write_steps(
    book: Book, title: str, steps: Iterable[tuple[str, str]], given: Mapping[str, object]
) -> Pen:
    """Write a sheet of numbered instructions (heading, text); `given` fills the texts' fields."""
    pen = _page(book, GUIDE_SHEET, title)
    for number, (heading, text) in enumerate(steps, 1):
        said = " ".join(text.split()).format_map(given)
        _paragraph(book, pen, number * 2, (f"{number}.", heading), bold=True)
        _paragraph(book, pen, number * 2 + 1, ("", said))
    return pen


def write_annex(book: Book, layout: Layout) -> Pen:
    """Write the sheet of the texts that no row of the form is tall enough for."""
    pen = _page(book, ANNEX_SHEET, ANNEX_TITLE)
    row = 2
    for number, text in enumerate(layout.annex, 1):
        for place, piece in enumerate(_pieces(text)):
            _paragraph(book, pen, row, ("" if place else f"{number}.", piece))
            row += 1
    return pen


def _pieces(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        rest = line
        while len(rest) > _PIECE:
            end = rest.rfind(" ", 0, _PIECE) + 1 or _PIECE
            yield rest[:end].rstrip()
            rest = rest[end:]
        yield rest


def _page(book: Book, name: str, title: str) -> Pen:
    pen = book.sheet(name)
    pen.sheet.set_column(0, 0, _NUMBER_WIDTH)
    pen.sheet.set_column(1, 1, _WIDTH)
    pen.merge(0, (0, 1), title, book.look(font_size=14, bold=True, align="center"))
    pen.height(0, 30)
    pen.sheet.hide_gridlines(2)
    pen.sheet.set_portrait()
    pen.sheet.set_paper(9)
    pen.sheet.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)
    pen.sheet.fit_to_pages(1, 0)
    return pen


def _paragraph(
    book: Book, pen: Pen, row: int, texts: tuple[str, str], *, bold: bool = False
) -> None:
    look = book.look(font_size=_SIZE, bold=bold, valign="top")
    for column, text in enumerate(texts):
        pen.text(row, column, text, look)
    height = row_height([(texts[1], column_pixels(_WIDTH), _SIZE, bold)])
    pen.height(row, min(height + 3, MAX_ROW_HEIGHT))
