"""The sheet of instructions of an appraisal workbook."""

from __future__ import annotations

from xlscore.layout import COMPLETE
from xlscore.workbooks.appraisal.model import ACCEPT, ADJUST, QUERY, REST, Head
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.guide import write_steps

_TITLE = "HƯỚNG DẪN GHI SỔ THẨM ĐỊNH"
_STEPS: tuple[tuple[str, str], ...] = (
    (
        "Thẩm định từng tiêu chí, lần lượt từng đơn vị",
        """Trang Thẩm định xếp theo lĩnh vực, tiêu chí, rồi đến đơn vị, để mọi đơn vị được chấm theo một
        thước đo. Dùng nút lọc ở hàng tiêu đề để chỉ xem một đơn vị, một tiêu chí hay những dòng chưa xem
        xét. Bảng đã khóa nên không sắp xếp được; các trang Theo đơn vị, Chênh lệch, Tiến độ đã xếp sẵn và
        tự cập nhật, bấm “Mở” để đến ô cần nhập.""",
    ),
    (
        f"“{ACCEPT}”",
        """Giữ nguyên điểm đơn vị tự chấm, hoặc đồng ý “Không áp dụng”. Không nhập điểm.""",
    ),
    (
        f"“{ADJUST}”",
        """Nhập Điểm thẩm định, hoặc nhập lại Số liệu thẩm định để máy tính điểm; chỉ nhập số liệu nào
        khác, số liệu bỏ trống giữ như đơn vị khai. Điểm khác điểm tự chấm, hoặc không đồng ý “Không áp
        dụng”, thì phải ghi lý do. Nhập điểm hay số liệu mà không chọn gì cũng được hiểu là điều chỉnh
        (hoặc công nhận, nếu điểm không đổi).""",
    ),
    (
        f"“{QUERY}”",
        """Ghi nội dung cần giải trình ở cột Lý do; đơn vị sẽ nhận được và trả lời. Dòng đó chưa được quyết
        định.""",
    ),
    (
        "Công nhận các dòng còn lại",
        f"""Ô phía trên bảng: chọn “{REST}” thì mọi dòng còn để trống, có điểm tự chấm, số liệu đã khai hoặc
        “Không áp dụng”, được công nhận. Những dòng đã có kết quả hay đã có cơ quan nêu ý kiến riêng (kể
        cả yêu cầu giải trình, hoặc hai cơ quan khác nhau) và những dòng chỉ do cơ quan thẩm định chấm
        không bị ảnh hưởng, phải trả lời từng dòng; dòng tiến độ cho biết còn bao nhiêu dòng. Ý kiến
        riêng về một dòng luôn được tính trước, dù sổ đó đến sau.""",
    ),
    (
        "Không xóa, không chép đè dòng",
        """Mỗi dòng có một mã ẩn ghi đơn vị, tiêu chí và số liệu tại thời điểm xuất sổ. Dòng bị chép đè thì
        bị trả lại; các dòng khác vẫn được nhận. Khi dán, hãy chọn chỉ dán giá trị.""",
    ),
    (
        f"Xong thì chọn “{COMPLETE}”",
        """Ở ô Trạng thái sổ thẩm định. Sổ chưa chọn là bản nháp và chưa được tính. Có thể gửi sổ khi mới
        xong một phần, gửi lại nhiều lần, nhiều người cùng cơ quan gửi riêng: kết quả được ghép theo từng
        dòng, lần gửi sau của cơ quan thay lần trước trên dòng đó, dòng để trống không thay gì.""",
    ),
    (
        "Lưu và gửi",
        """Lưu đúng định dạng Excel (.xlsx), gửi về {office}{due}.""",
    ),
)


def write_guide(book: Book, head: Head) -> Pen:
    """Write the sheet of instructions."""
    due = f", hạn chót: {head.deadline}" if head.deadline else ""
    return write_steps(book, _TITLE, _STEPS, {"office": head.office, "due": due})
