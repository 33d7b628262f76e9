"""What a check says: about what, how grave, in words, with the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xlscore.reasons import Words

NOTHING: Words = ("", "")


class Level(StrEnum):
    """How grave it is. `error`: returns are not taken in, or something may get lost."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Group(StrEnum):
    """What a check is about."""

    HOST = "host"
    CAMPAIGN = "campaign"
    LEDGER = "ledger"
    INBOX = "inbox"
    WATCHER = "watcher"
    RANKING = "ranking"
    SENDING = "sending"

    @property
    def heading(self) -> Words:
        """How it is headed, in Vietnamese and in English."""
        return _TITLES[self]


_TITLES: dict[Group, Words] = {
    Group.HOST: ("Máy tính", "This host"),
    Group.CAMPAIGN: ("Kỳ đánh giá", "The campaign"),
    Group.LEDGER: ("Sổ theo dõi và thư mục data", "The ledger and its folder data"),
    Group.INBOX: ("Hộp nhận và các thư mục chung", "The inbox and the shared folders"),
    Group.WATCHER: ("Trực hộp nhận", "The watcher"),
    Group.RANKING: ("Lần ban hành và các năm trước", "Editions and earlier years"),
    Group.SENDING: ("Biên nhận và thư", "Receipts and letters"),
}


_NAMES: dict[str, str] = {
    "versions": "phiên bản",
    "terminal": "bảng mã",
    "fonts": "phông chữ",
    "libreoffice": "LibreOffice",
    "campaign": "kỳ đánh giá",
    "data-place": "nơi đặt data",
    "paths": "độ dài đường dẫn",
    "plugins": "phần mở rộng",
    "agencies": "cơ quan thẩm định",
    "private": "quyền đọc data",
    "room": "chỗ trống",
    "ledger": "sổ theo dõi",
    "clock": "đồng hồ",
    "keys": "khóa ký",
    "backup": "sao lưu",
    "dates": "ngày tháng",
    "mark": "máy đang thu",
    "inbox": "hộp nhận",
    "outbox": "hộp gửi",
    "reports": "báo cáo",
    "status": "trang tình hình",
    "waiting": "tệp chờ thu",
    "health": "lần quét cuối",
    "logs": "nhật ký",
    "edition": "lần ban hành",
    "edition-files": "tệp đã ban hành",
    "changes": "thay đổi sau đó",
    "earlier": "năm trước",
    "predecessors": "đơn vị tiền thân",
    "outbox-posts": "biên nhận chờ",
    "books": "phiếu đã cấp",
    "addresses": "địa chỉ thư",
    "letters": "mẫu thư",
    "mail-server": "máy chủ thư",
    "mail-password": "mật khẩu thư",
    "recipients": "người gửi, nhóm nhận",
    "unsent": "thư chưa xong",
}
"""What is examined, in Vietnamese; in English the names themselves say it."""


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found; `said` and `remedy` are in Vietnamese and in English."""

    group: Group
    name: str
    level: Level
    said: Words
    remedy: Words = NOTHING

    @property
    def title(self) -> Words:
        """What is examined, in Vietnamese and in English."""
        return _NAMES.get(self.name, self.name), self.name


def ago(seconds: float) -> Words:
    """Say a span of time roughly."""
    minutes = round(abs(seconds) / 60)
    if minutes < 120:  # noqa: PLR2004  two hours
        return f"{minutes} phút", f"{minutes} min"
    hours = round(minutes / 60)
    if hours < 48:  # noqa: PLR2004  two days
        return f"{hours} giờ", f"{hours} h"
    return f"{round(hours / 24)} ngày", f"{round(hours / 24)} days"
