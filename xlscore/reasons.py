"""What systems and parsers say, in the operator's words: pairs (Vietnamese, English)."""

from __future__ import annotations

import errno
import re

Words = tuple[str, str]


class SaidError(Exception):
    """A failure that is told to people: `words` say it in Vietnamese and in English."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words

    def __str__(self) -> str:
        return self.words[1]


NOT_UTF8: Words = ("không phải bảng mã UTF-8", "not UTF-8")
NOT_A_WORKBOOK: Words = (
    "không phải sổ Excel .xlsx, hoặc tệp hỏng",
    "no .xlsx workbook, or damaged",
)

_SYSTEM: tuple[tuple[type[OSError], Words], ...] = (
    (FileNotFoundError, ("không có tệp này", "there is no such file")),
    (PermissionError, ("không có quyền, hoặc tệp đang mở", "no permission, or the file is open")),
    (IsADirectoryError, ("đây là một thư mục", "it is a folder")),
    (NotADirectoryError, ("đường dẫn không đúng", "the path is wrong")),
    (
        ChildProcessError,
        (
            "tiến trình phụ để đọc tệp không chạy được (thiếu bộ nhớ, hay phần mềm diệt vi-rút chặn)",
            "worker processes that read files do not run (too little memory, or a virus scanner)",
        ),
    ),
)
_YAML: tuple[tuple[str, str], ...] = (
    ("mapping values are not allowed", "thừa dấu hai chấm, hoặc thụt lề sai"),
    ("did not find expected key", "thụt lề sai, hoặc thiếu “tên: giá trị”"),
    ("could not find expected ':'", "thiếu dấu hai chấm"),
    ("did not find expected '-' indicator", "thụt lề sai, hoặc thiếu dấu gạch đầu dòng"),
    ("did not find expected ',' or", "thiếu dấu phẩy hoặc dấu ngoặc đóng"),
    ("did not find expected node content", "thiếu giá trị hoặc dấu ngoặc đóng"),
    ("unexpected end of stream", "thiếu dấu nháy đóng"),
    ("found character that cannot start any token", "có dấu Tab hoặc ký tự lạ ở đầu giá trị"),
    ("found undefined alias", "không dùng được bí danh (*)"),
    ("alias", "không dùng được bí danh (*)"),
)


def of_system(error: OSError) -> Words:
    """Say why the system refused a file."""
    for kind, words in _SYSTEM:
        if isinstance(error, kind):
            return words
    if error.errno == errno.ENOSPC:
        return "đĩa đã đầy", "the disk is full"
    if error.errno == errno.EROFS:
        return "ổ đĩa chỉ cho đọc, không cho ghi", "the disk can be read only"
    detail = error.strerror or re.sub(r"^\[Errno \d+\] ", "", str(error))
    number = f" (mã lỗi {error.errno})" if error.errno is not None else ""
    return f"hệ thống báo lỗi{number}", detail


def of_yaml(detail: str) -> Words:
    """Say what a YAML parser says; what is not foreseen stays in brackets."""
    for english, vietnamese in _YAML:
        if english in detail:
            return vietnamese, detail
    return f"không đúng cách viết ({detail})", detail
