"""What a dump says, in words: its lines name kinds of things in English, people read Vietnamese."""

from __future__ import annotations

from xlscore.reasons import Words
from xlscore.workbooks.dump import Change, Difference
from xlscore.workbooks.dump.looks import UNSEEN

_LONGEST = 120
_KINDS = {
    "chart": "biểu đồ",
    "picture": "hình",
    "image": "hình nền",
    "shape": "hình vẽ",
    "text": "chữ trong hình",
    "floating": "vật đặt tự do từ ô",
    "over cells": "che các ô",
    "comments": "ghi chú",
    "threadedComment": "ghi chú trao đổi",
    "vmlDrawing": "hình vẽ của ghi chú",
    "oleObject": "đối tượng nhúng",
    "package": "đối tượng nhúng",
    "control": "nút điều khiển",
    "ctrlProp": "nút điều khiển",
    "pivotTable": "bảng tổng hợp (pivot)",
    "queryTable": "bảng truy vấn",
    "slicer": "bộ lọc",
    "timeline": "bộ lọc thời gian",
    "link": "liên kết",
    "list": "danh sách chọn",
    "print area": "vùng in",
    "conditional format": "định dạng có điều kiện",
    "header": "đầu trang",
    "footer": "chân trang",
    "print titles": "hàng, cột lặp lại khi in",
    "prompt": "lời nhắc khi nhập",
    "hides by default": "hàng hoặc cột mặc định quá nhỏ để đọc",
    "shows formulas": "hiện công thức thay cho giá trị",
}
_SETTINGS = {"dates": "mốc tính ngày", "precision": "độ chính xác khi tính", "name": "tên"}
_OBJECTS = frozenset({Change.OBJECT_ADDED, Change.OBJECT_GONE})


def told_of(one: Difference, text: str) -> Words:
    """Return one side of a difference in Vietnamese and in English, cut where it is long."""
    vietnamese = text
    if one.change in _OBJECTS:
        kind, colon, rest = text.partition(": ")
        # A rule's end says what it does: a format, or that nothing is seen.
        rest = rest.replace("→ unseen", "→ không thấy được")
        vietnamese = f"{_KINDS.get(kind, kind)}{colon}{rest}"
    vietnamese = vietnamese.replace(UNSEEN, " [không thấy được]")
    return _short(vietnamese), _short(text)


def setting_named(name: str) -> str:
    """Return a setting's name in Vietnamese."""
    kind, space, rest = name.partition(" ")
    return f"{_SETTINGS.get(kind, kind)}{space}{rest}"


def _short(text: str) -> str:
    bare = " ".join(text.split())
    return bare if len(bare) <= _LONGEST else bare[: _LONGEST - 1] + "…"
