"""Why a file cannot be read as a workbook, in words for whoever verifies it: it need not be a form."""

from __future__ import annotations

from pathlib import Path

from xlscore.findings import Finding, finding
from xlscore.reasons import Words
from xlscore.workbooks.package import PackageError, PackageFault

_WORDS: dict[PackageFault, Words] = {
    PackageFault.EMPTY: ("tệp rỗng", "it is empty"),
    PackageFault.NOT_A_REGULAR_FILE: ("không phải là tệp thường", "it is no regular file"),
    PackageFault.SYMLINK: ("là đường dẫn tắt", "it is a symbolic link"),
    PackageFault.TOO_LARGE: ("tệp quá lớn", "it is too large"),
    PackageFault.UNREADABLE: ("không đọc được", "it cannot be read"),
    PackageFault.OLD_XLS: ("là tệp Excel đời cũ (.xls)", "it is a workbook of an old Excel (.xls)"),
    PackageFault.ENCRYPTED: ("tệp đặt mật khẩu", "it is locked with a password"),
    PackageFault.ODS: ("là tệp .ods", "it is an .ods file"),
    PackageFault.XLSB: ("là tệp .xlsb", "it is an .xlsb file"),
    PackageFault.CSV_OR_TEXT: ("chỉ là văn bản", "it is plain text"),
    PackageFault.PDF: ("là tệp PDF", "it is a PDF"),
    PackageFault.OTHER_FORMAT: ("không phải sổ Excel", "it is no Excel workbook"),
    PackageFault.DAMAGED: ("tệp hỏng hoặc chưa chép xong", "it is damaged or was not copied completely"),
    PackageFault.BOMB: ("nội dung lớn bất thường", "its content is abnormally large"),
    PackageFault.AMBIGUOUS: ("cấu trúc có chỗ hiểu được hai cách", "its structure can be read in two ways"),
    PackageFault.FORBIDDEN_XML: ("chứa mã XML không được phép", "it contains XML that is not allowed"),
    PackageFault.UNSAFE_PATH: ("chứa đường dẫn không an toàn", "it contains an unsafe path"),
    PackageFault.MISSING_PART: ("thiếu thành phần bắt buộc", "it lacks a required part"),
}  # fmt: skip


def refusal(error: PackageError, path: Path) -> Finding:
    """Return why a file is not read."""
    vietnamese, english = _WORDS[error.fault]
    if error.sheet and error.cell:
        vietnamese += f", ở ô {error.sheet}!{error.cell}"
        english += f", at {error.sheet}!{error.cell}"
    elif error.sheet:
        vietnamese, english = (
            f"{vietnamese}, ở trang “{error.sheet}”",
            f"{english}, on the sheet “{error.sheet}”",
        )
    params = {"what": vietnamese, "what_en": english}
    return finding("edition-unreadable", file=path.name, entered=error.fault.value, params=params)
