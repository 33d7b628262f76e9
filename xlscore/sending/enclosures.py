"""The files of an edition that go with a letter (tệp kèm theo)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xlscore.archive import ContentError, kept
from xlscore.correspondence import Enclosed, Recipients
from xlscore.editions import FileKind
from xlscore.ledger import EditionFile
from xlscore.ledger.editions import files_by_kind
from xlscore.mail import Attachment
from xlscore.reasons import Words
from xlscore.text import is_safe_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PUBLIC_VERSION = " (bản công bố)"

_MIME = {
    Enclosed.WORKBOOK: XLSX,
    Enclosed.PAGE: "text/html",
    Enclosed.ANNOUNCEMENT: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Enclosed.PDF: "application/pdf",
}
_WORDS = {
    Enclosed.WORKBOOK: "bảng kết quả, xếp hạng",
    Enclosed.PAGE: "trang kết quả, mở bằng trình duyệt",
    Enclosed.ANNOUNCEMENT: "thông báo kết quả",
    Enclosed.PDF: "bản in kết quả, xếp hạng",
}
_FULL = {
    Enclosed.WORKBOOK: FileKind.WORKBOOK,
    Enclosed.PAGE: FileKind.PAGE,
    Enclosed.ANNOUNCEMENT: FileKind.ANNOUNCEMENT,
    Enclosed.PDF: FileKind.PDF,
}
_PUBLIC = {
    **_FULL,
    Enclosed.WORKBOOK: FileKind.PUBLIC_WORKBOOK,
    Enclosed.PAGE: FileKind.PUBLIC_PAGE,
}

_GONE: Words = (
    "tệp của lần ban hành {edition} trong kho lưu bị mất hoặc bị sửa: chạy “xlscore ledger check”",
    "the file of edition {edition} in the archive is gone or was altered: run “xlscore ledger check”",
)
_NOT_PUBLIC: Words = (
    "lần ban hành {edition} chưa có bản công bố: chạy “xlscore rank --publish”",
    "edition {edition} has no public version: run “xlscore rank --publish”",
)
_NOT_PRINTED: Words = (
    "lần ban hành {edition} chưa có PDF: chạy “xlscore rank --pdf”",
    "edition {edition} has no PDF: run “xlscore rank --pdf”",
)
_NOT_MADE = {
    FileKind.PUBLIC_WORKBOOK: _NOT_PUBLIC,
    FileKind.PUBLIC_PAGE: _NOT_PUBLIC,
    FileKind.PDF: _NOT_PRINTED,
}


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What goes with a letter.

    Attributes:
        words: one line for each file: its name, and what it is.
        digests: SHA-256 of the file; of several a line each.
    """

    attachments: tuple[Attachment, ...]
    words: tuple[str, ...]
    digests: str


def enclosed(archive: Path, there: Sequence[EditionFile], to: Recipients) -> Enclosures | Words:
    """Return what goes with a group's letters, or why it cannot: `{edition}` stands for the number."""
    kinds, files = (_PUBLIC if to.public else _FULL), files_by_kind(there)
    attachments, words, digests = [], [], []
    for wanted in to.files:
        file = files.get(kinds[wanted])
        if file is None:
            return _NOT_MADE.get(kinds[wanted], _GONE)
        try:
            data = kept(archive, file.sha256)
        except (OSError, ContentError):
            return _GONE
        name = _name(file)
        attachments.append(Attachment(name, data, _MIME[wanted]))
        version = PUBLIC_VERSION if kinds[wanted] is not _FULL[wanted] else ""
        words.append(f"{name}: {_WORDS[wanted]}{version}")
        digests.append((name, file.sha256))
    told = digests[0][1] if len(digests) == 1 else "".join(f"\n- {n}: {d}" for n, d in digests)
    return Enclosures(tuple(attachments), tuple(words), told)


def _name(file: EditionFile) -> str:
    """Return a name that every mail program takes."""
    if is_safe_name(file.name):
        return file.name
    return f"ket-qua-lan-{file.edition}{PurePosixPath(file.name).suffix}"
