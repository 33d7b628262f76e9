"""The sheet of instructions of the council's book."""

from __future__ import annotations

from xlscore.layout import COMPLETE, NOT_APPLICABLE
from xlscore.workbooks.council.columns import AGREED, DIFFERENCES, MINUTES
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.pen import Book, Pen

GUIDE = "Hướng dẫn"
_WIDTHS = (5, 84)
_SIZE = 13.0
_STEPS = (
    (
        f"Xem trang “{DIFFERENCES}”",
        """Mỗi dòng là một tiêu chí của một đơn vị cần hội đồng cho ý kiến: đề xuất khác điểm tự
        chấm, các cơ quan chấm khác nhau, đơn vị chưa giải trình xong, hoặc hội đồng đã kết luận
        trước đó. Bấm mũi tên ở tiêu đề cột để lọc theo đơn vị hoặc lý do trình; trang khóa không
        cho sắp xếp.""",
    ),
    (
        "Cho điểm ở cột Điểm hội đồng",
        f"""Chỉ nhập vào ô màu vàng. Điểm từ 0 đến điểm tối đa. Khi khác điểm đề xuất phải ghi lý do ở
        cột Ý kiến của hội đồng. Nhập đúng điểm tự chấm là công nhận điểm của đơn vị. Dòng đơn vị
        chọn “{NOT_APPLICABLE}”: cho điểm là không công nhận; gõ “{NOT_APPLICABLE}” là công nhận.""",
    ),
    (
        "Những dòng để trống",
        f"""Nếu hội đồng thống nhất tất cả các đề xuất còn lại, chọn “{AGREED}” ở đầu trang: các dòng
        để trống được kết luận theo đề xuất. Không chọn thì các dòng đó giữ đề xuất nhưng chưa
        phải kết luận cuối cùng.""",
    ),
    (
        f"Chọn “{COMPLETE}”, lưu và gửi",
        """Lưu đúng định dạng Excel (.xlsx), không sắp xếp, không xóa, không chép đè hàng. Đặt tệp
        vào hộp nhận của kỳ đánh giá. Sổ chưa chọn hoàn thành được coi là bản nháp. Có thể gửi
        nhiều lần: từng dòng lấy kết luận gửi sau cùng. Kết luận của hội đồng là cuối cùng, kể cả
        khi đơn vị gửi phiếu mới.""",
    ),
    (
        f"In trang “{MINUTES}”",
        """Biên bản tự lấy điểm và ý kiến từ trang chênh lệch. Ghi thời gian, địa điểm, thành phần
        vào chỗ chấm (gõ trên máy hoặc viết tay). Nếu ý kiến dài bị khuất, chọn các hàng rồi vào
        Home, Format, AutoFit Row Height; hoặc xuất lại sổ sau khi đã nạp để in biên bản có chiều
        cao hàng vừa đủ.""",
    ),
)


def write_guide(book: Book) -> Pen:
    """Write the sheet."""
    pen = book.sheet(GUIDE)
    for place, width in enumerate(_WIDTHS):
        pen.sheet.set_column(place, place, width)
    title = book.look(font_size=14, bold=True, align="center")
    pen.merge(0, (0, 1), "HƯỚNG DẪN SỬ DỤNG SỔ HỘI ĐỒNG", title)
    pen.height(0, 30)
    for number, (head, text) in enumerate(_STEPS, 1):
        said = " ".join(text.split())
        for row, texts, bold in (
            (number * 2, (f"{number}.", head), True),
            (number * 2 + 1, ("", said), False),
        ):
            look = book.look(font_size=_SIZE, bold=bold, valign="top")
            for column, content in enumerate(texts):
                pen.text(row, column, content, look)
            height = row_height([(texts[1], column_pixels(_WIDTHS[1]), _SIZE, bold)])
            pen.height(row, min(height + 3, MAX_ROW_HEIGHT))
    pen.sheet.hide_gridlines(2)
    pen.sheet.set_portrait()
    pen.sheet.set_paper(9)
    pen.sheet.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)
    pen.sheet.fit_to_pages(1, 0)
    return pen
