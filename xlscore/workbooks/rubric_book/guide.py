# ruff: noqa: ISC004  long texts
"""The guide sheet: how each method is written, with examples that the importer itself reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlscore.methods import BUILT_IN
from xlscore.workbooks.heights import column_pixels, row_height
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.rubric_book.spelling import FIGURES, OPTIONS, RULES, write_method

_WIDTHS = (22.0, 44.0, 38.0, 40.0, 34.0)
_SIZE = 11

GENERAL: tuple[str, ...] = (
    "Mỗi lĩnh vực, tiêu chí, tiêu chí thành phần một hàng, theo thứ tự in. Cột Cấp cho biết hàng thuộc "
    "mục nào ở trên: cấp 2 thuộc hàng cấp 1 gần nhất phía trên.",
    "STT và Mã định danh gõ dạng văn bản (ô đã định dạng sẵn). Nếu chép từ nơi khác, dán giá trị "
    "(Paste Values) để 1.10 không thành 1.1 hoặc ngày tháng.",
    "Số thập phân dùng dấu phẩy hoặc dấu chấm đều được: 0,5 hoặc 0.5.",
    "Hàng có mục con: chọn Cách gộp, không chọn Phương pháp. Hàng không có mục con: chọn Phương pháp "
    "và ghi Cách chấm, Số liệu, Thông số khác như bảng dưới; mỗi ý một dòng (Alt+Enter).",
    "Phần, Cơ quan chủ trì, Người thực hiện để trống là theo mục cha. Ghi (không) hoặc (tất cả) khi "
    "mục cha có mà hàng này không có.",
    "Điểm cộng, điểm trừ là các hàng cấp 1 riêng, không tính vào thang điểm; Điểm tối đa của hàng cấp 1 "
    "là mức cộng, mức trừ nhiều nhất.",
    "Giá trị khác nhau theo loại đơn vị viết trong ngoặc vuông, ở bất kỳ chỗ nào ghi số: "
    "[kind: phường = 90; thị trấn = 80; còn lại = 70], trong đó kind là một cột của danh sách đơn vị.",
    "Ghi xong, chạy “xlscore rubric import TỆP.xlsx TỆP.yaml”: mọi chỗ sai được báo một lần, theo ô.",
)

_RATIO = {"numerator": "Số hồ sơ đúng hạn", "denominator": "Tổng số hồ sơ"}
_LEVELS = [{"label": "Kịp thời", "points": "1"}, {"label": "Không kịp thời", "points": "0.5"}]
_SHARES = [{"label": "Tuân thủ đầy đủ", "points": "100"}, {"label": "Vi phạm nhẹ", "points": "75"}]

EXAMPLES: Sequence[tuple[str, Mapping[str, Any]]] = (
    (
        "Điểm được gõ trực tiếp. bước: điểm là bội số của bước; điểm thấp nhất: 0 nếu không ghi.",
        {"kind": "points", "step": "0.25"},
    ),
    ("Chọn một mức; mỗi dòng “mức: điểm”.", {"kind": "levels", "levels": _LEVELS}),
    (
        "Mức theo phần trăm của điểm tối đa: ghi dấu % ở tất cả các dòng.",
        {"kind": "levels", "by": "percent", "levels": _SHARES},
    ),
    (
        "Khoảng của tỷ lệ %: từ, trên, đến, dưới (có thể ghi ≥ > ≤ <). Khoảng đúng đầu tiên được tính; "
        "“còn lại” ở dòng cuối. mẫu số bằng 0: điểm tối đa (khi không ghi), 0 điểm hoặc không áp dụng.",
        {
            "kind": "bands",
            **_RATIO,
            "bands": [
                {"above": "90", "points": "2"},
                {"at_least": "70", "at_most": "90", "points": "1"},
            ],
            "else": "0",
            "if_zero": "not-applicable",
        },
    ),
    (
        "Điểm = tỷ lệ × điểm tối đa. sàn: dưới mức này 0 điểm; đạt điểm tối đa từ: từ mức này đạt đủ điểm. "
        "Không có Mẫu số: đơn vị gõ thẳng tỷ lệ %.",
        {"kind": "proportional", **_RATIO, "floor": "80", "full_from": "95", "whole": "false"},
    ),
    (
        "Điểm là tổng các nội dung đạt.",
        {
            "kind": "checklist",
            "items": [
                {"label": "Đủ nhiệm vụ", "points": "0.25"},
                {"label": "Bố trí kinh phí", "points": "0.25"},
            ],
        },
    ),
    (
        "Số lượng × điểm mỗi trường hợp, không quá mức tối đa.",
        {"kind": "count", "unit": "quy chế", "points_each": "0.5", "cap": "2"},
    ),
    (
        "Điểm tối đa trừ dần theo số lượng; trừ tối đa: mức trừ nhiều nhất; điểm thấp nhất: 0 nếu không ghi.",
        {"kind": "deduction", "unit": "vụ vi phạm", "points_each": "1", "cap": "3"},
    ),
    (
        "Cột Số liệu khai báo biến: “tên_biến: nội dung”, thêm “| số lẻ | từ 0 | đến 100” nếu cần. "
        "Cách chấm: nhánh đúng đầu tiên được tính; max là điểm tối đa; dùng + - * /, so sánh, and, "
        "or, not, min, max, abs, if; số thập phân trong biểu thức dùng dấu chấm. yêu cầu: điều kiện mà "
        "số liệu phải thỏa.",
        {
            "kind": "formula",
            "variables": [
                {"id": "tong", "label": "Tổng số nhiệm vụ"},
                {"id": "dung_han", "label": "Số nhiệm vụ đúng hạn"},
            ],
            "branches": [
                {"when": "tong == 0", "score": "max"},
                {"score": "dung_han / tong * max"},
            ],
            "require": [{"that": "dung_han <= tong", "message": "đúng hạn vượt tổng số"}],
        },
    ),
    (
        "Kết quả điều tra (%) × điểm tối đa. Cách chấm (không bắt buộc): trọng số của từng phương án trả lời."
        " Phần phải là Điều tra XHH.",
        {
            "kind": "survey",
            "source": "SIPAS",
            "options": {"A": "100", "B": "60", "C": "20", "D": "0"},
        },
    ),
    (
        "Chỉ số công bố / thang đo × điểm tối đa, hoặc theo các khoảng ở Cách chấm. số năm được dùng lùi: "
        "khi chưa có kết quả năm nay.",
        {"kind": "index", "source": "PAR INDEX", "scale": "100", "fallback": "1"},
    ),
    (
        "Hệ thống tự tính: số ngày trễ hạn, % tiêu chí có tài liệu kiểm chứng, hoặc chênh lệch tự chấm và "
        "thẩm định. Phần phải là Hệ thống tính.",
        {
            "kind": "derived",
            "quantity": "days_late",
            "bands": [{"at_most": "0", "points": "1"}, {"at_most": "5", "points": "0.5"}],
            "else": "0",
        },
    ),
    (
        "Giá trị của đơn vị / giá trị cao nhất trong các đơn vị cùng cấp × điểm tối đa.",
        {"kind": "peer", "label": "Số dịch vụ công trực tuyến"},
    ),
)
"""What to know of a method, and one example of it, as in a YAML rubric."""

_HEADINGS = ("Phương pháp", "Ý nghĩa", "Cách chấm", "Số liệu", "Thông số khác")


def write_guide(book: Book, pen: Pen) -> None:
    """Write the general advice, then a table of the methods with an example each."""
    for column, width in enumerate(_WIDTHS):
        pen.sheet.set_column(column, column, width)
    pen.text(0, 0, "CÁCH GHI BỘ TIÊU CHÍ", book.look(bold=True, font_size=14, text_wrap=False))
    advice = book.look(font_size=_SIZE)
    whole = sum(column_pixels(width) for width in _WIDTHS)
    row = 2
    for number, text in enumerate(GENERAL, 1):
        said = f"{number}. {text}"
        pen.merge(row, (0, len(_WIDTHS) - 1), said, advice)
        pen.height(row, row_height([(said, whole, _SIZE, False)]) + 3)
        row += 1
    _methods(book, pen, row + 1)
    sheet = pen.sheet
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.5)


def _methods(book: Book, pen: Pen, row: int) -> None:
    head = book.look(font_size=_SIZE, bold=True, border=1, align="center", bg_color="#D9D9D9")
    for column, heading in enumerate(_HEADINGS):
        pen.text(row, column, heading, head)
    pen.sheet.repeat_rows(row)
    titles = {method.kind: method.title for method in BUILT_IN}
    for place, (meaning, method) in enumerate(EXAMPLES, row + 1):
        said = write_method(method)
        texts = (titles[method["kind"]], meaning, said[RULES], said[FIGURES], said[OPTIONS])
        for column, text in enumerate(texts):
            look = book.look(
                font_size=_SIZE, border=1, bold=column == 0, valign="top", num_format="@"
            )
            pen.text(place, column, text, look)
        cells = [(t, column_pixels(w), _SIZE, False) for t, w in zip(texts, _WIDTHS, strict=True)]
        pen.height(place, row_height(cells) + 4)
