"""Plugins (`X`)."""

from __future__ import annotations

from xlscore.catalogue.entry import Entry, entry

ENTRIES: tuple[Entry, ...] = (
    entry(
        "X001",
        "plugin-failed",
        "error",
        (
            "Phần mở rộng “{plugin}” gặp lỗi khi kiểm tra ({what}).",
            "Đơn vị không phải sửa phiếu; cơ quan tổng hợp báo người phát triển phần mở rộng rồi kiểm tra lại.",
        ),
        (
            "The plugin “{plugin}” failed ({what}).",
            "The unit has nothing to mend; the office tells the plugin's author and checks again.",
        ),
    ),
    entry("X002", "plugin-finding", "warning", ("{text}", "{remedy}"), ("{text}", "{remedy}")),
    entry("X003", "plugin-error", "error", ("{text}", "{remedy}"), ("{text}", "{remedy}")),
)
