"""The columns of the criteria sheet and the rows of the information sheet: headings, words, widths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xlscore.methods import Registry
from xlscore.rubric import Channel, Combine
from xlscore.text import folded, plain_ascii
from xlscore.workbooks.rubric_book.spelling import FIGURES, OPTIONS, RULES

CRITERIA, INFORMATION, GUIDE, LISTS = "Bộ tiêu chí", "Thông tin", "Hướng dẫn", "Danh mục"
"""Names of the sheets; the last holds the drop-down lists and is hidden."""

NOBODY, EVERYBODY = "(không)", "(tất cả)"
"""What stands where a node has no lead, or no role, although the node above it has one."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field of a node (or the cell of a method) that it holds.

    Attributes:
        width: in characters.
        required: whether a sheet without it cannot be read.
        number: whether its cells are numbers.
        centred: whether its cells are short codes, centred.
        prompt: what Excel shows while a cell of it is being filled.
    """

    key: str
    heading: str
    width: float
    required: bool = False
    number: bool = False
    centred: bool = False
    prompt: str = ""


COLUMNS: tuple[Column, ...] = (
    Column(
        "code", "STT", 8, required=True, centred=True, prompt="Số in trên phiếu, gõ dạng văn bản."
    ),
    Column(
        "id",
        "Mã định danh",
        15,
        required=True,
        prompt="Duy nhất, không đổi, không in: chữ không dấu, số, dấu chấm, gạch ngang.",
    ),
    Column(
        "depth",
        "Cấp",
        5.5,
        required=True,
        number=True,
        centred=True,
        prompt="1: lĩnh vực; 2: tiêu chí; 3: tiêu chí thành phần; có thể sâu hơn.",
    ),
    Column("title", "Lĩnh vực/Tiêu chí/Tiêu chí thành phần", 44, required=True),
    Column("max", "Điểm tối đa", 8.5, required=True, number=True, centred=True),
    Column(
        "combine",
        "Cách gộp",
        10,
        centred=True,
        prompt="Chỉ cho hàng có mục con. Cộng: tổng các mục con; Cao nhất: mục con cao điểm nhất.",
    ),
    Column(
        "channel",
        "Phần",
        13,
        centred=True,
        prompt="Để trống: theo mục cha (mục cha cũng trống: Tự chấm).",
    ),
    Column(
        "kind",
        "Phương pháp",
        18,
        required=True,
        centred=True,
        prompt="Chỉ cho hàng chấm điểm (không có mục con).",
    ),
    Column(
        RULES,
        "Cách chấm",
        38,
        prompt="Mỗi mức, khoảng, nội dung một dòng (Alt+Enter). Xem Hướng dẫn.",
    ),
    Column(
        FIGURES, "Số liệu", 40, prompt="Tử số: …, Mẫu số: …, Đếm: …; mỗi ý một dòng (Alt+Enter)."
    ),
    Column(OPTIONS, "Thông số khác", 28, prompt="tên: giá trị; mỗi ý một dòng. Xem Hướng dẫn."),
    Column("evidence", "Tài liệu kiểm chứng", 34, prompt="Mỗi tài liệu một dòng (Alt+Enter)."),
    Column(
        "applies_when",
        "Áp dụng khi",
        17,
        prompt="Thuộc tính của đơn vị: kind: phường; thị trấn. Trống: mọi đơn vị.",
    ),
    Column(
        "may_be_not_applicable",
        "Không áp dụng nếu",
        24,
        prompt="Điều kiện để đơn vị được chọn “Không áp dụng”.",
    ),
    Column(
        "lead",
        "Cơ quan chủ trì",
        11,
        centred=True,
        prompt="Mã cơ quan ở trang Thông tin. Trống: theo mục cha; (không): không có.",
    ),
    Column(
        "role",
        "Người thực hiện",
        14,
        centred=True,
        prompt="Mã ở trang Thông tin, cách nhau bằng dấu ;. Trống: theo mục cha.",
    ),
    Column("note", "Ghi chú", 22),
    Column(
        "counts",
        "Số mục con khai báo",
        11,
        centred=True,
        prompt="Số mục ở từng cấp bên dưới theo văn bản, ví dụ 4; 11.",
    ),
)

CHANNELS: Mapping[str, str] = {
    "Tự chấm": Channel.SELF.value,
    "Điều tra XHH": Channel.SURVEY.value,
    "Thẩm định": Channel.APPRAISER.value,
    "Hệ thống tính": Channel.DERIVED.value,
    "Điểm cộng": Channel.BONUS.value,
    "Điểm trừ": Channel.PENALTY.value,
}
COMBINES: Mapping[str, str] = {"Cộng": Combine.SUM.value, "Cao nhất": Combine.BEST.value}

SCALARS: Mapping[str, str] = {
    "id": "Mã bộ tiêu chí",
    "title": "Tên bộ tiêu chí",
    "year": "Năm",
    "tier": "Cấp đơn vị",
    "annex": "Phụ lục",
    "legal_basis": "Căn cứ pháp lý",
    "scale": "Thang điểm",
    "declared.counts": "Số mục khai báo theo từng cấp",
    "declared.totals.self": "Điểm khai báo: phần tự chấm",
    "declared.totals.survey": "Điểm khai báo: phần điều tra XHH",
    "provenance.structure": "Nguồn gốc cấu trúc",
    "provenance.content": "Nguồn gốc nội dung",
}
"""Rows of the information sheet: path of the field → label."""

PEOPLE: Mapping[str, str] = {
    "agencies": "CƠ QUAN CHỦ TRÌ (mã | tên)",
    "roles": "NGƯỜI THỰC HIỆN (mã | tên)",
}
"""Parts of the information sheet whose rows are code and name, until an empty row."""


def same_words(text: str) -> str:
    """Return headings and words as they are compared: without marks, case, spacing, punctuation."""
    return re.sub(r"[\W_]+", " ", plain_ascii(folded(text)).casefold()).strip()


def method_titles(methods: Registry) -> dict[str, str]:
    """Return a title for each kind; the kind itself where two methods share a title."""
    titles = [same_words(method.title) for method in methods.values()]
    return {
        kind: method.title if titles.count(same_words(method.title)) == 1 else kind
        for kind, method in methods.items()
    }
