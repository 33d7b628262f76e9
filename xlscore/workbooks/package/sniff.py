"""What a file is when it is not a workbook, told by its content: names and suffixes lie.

Units return old .xls files, OpenDocument sheets, scans and encrypted workbooks under any name.
Each is refused by its own name, so that the answer can say what to do about it.
"""

from __future__ import annotations

from typing import NoReturn

from xlscore.workbooks.package.values import PackageError, PackageFault
from xlscore.workbooks.package.zip import Container

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENTRY_SIZE = 128
# The stream that tells what an OLE file is, by [MS-OFFCRYPTO], [MS-XLS], [MS-DOC] and [MS-PPT].
_OLE_STREAMS = (
    ("EncryptedPackage", PackageFault.ENCRYPTED, ""),
    ("Workbook", PackageFault.OLD_XLS, ""),
    ("Book", PackageFault.OLD_XLS, ""),
    ("WordDocument", PackageFault.OTHER_FORMAT, "doc"),
    ("PowerPoint Document", PackageFault.OTHER_FORMAT, "ppt"),
)
# Worksheet files of Excel 2 to 4 start with their BIFF record, without an OLE container.
_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_SIGNATURES = (
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"RIFF", "image"),
    (b"BM", "image"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"PK\5\6", "zip"),
    (b"PK\7\x08", "zip"),
)
_LOOKED_AT = 4096
_OPENDOCUMENT = "application/vnd.oasis.opendocument."


def refuse_other_formats(data: bytes) -> None:
    """Return only where the bytes start as a zip archive does; raise PackageError otherwise."""
    if not data:
        raise PackageError(PackageFault.EMPTY)
    if data.startswith(b"PK\3\4"):
        return
    if data.startswith(_OLE):
        _refuse_ole(data)
    if data.startswith(_BIFF):
        raise PackageError(PackageFault.OLD_XLS)
    if b"%PDF-" in data[:1024]:
        raise PackageError(PackageFault.PDF)
    if not any(data[:_LOOKED_AT]):
        # Space that a copying program reserved and has not filled yet.
        raise PackageError(PackageFault.DAMAGED, what="zeros instead of content")
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise PackageError(PackageFault.OTHER_FORMAT, format=name)
    _refuse_text(data[:_LOOKED_AT])


def refuse_other_archives(container: Container) -> None:
    """Raise PackageError for a zip archive that is another format, or no document at all."""
    if "mimetype" in container:
        kind = container.read("mimetype").decode("ascii", "replace").strip()
        if kind.startswith(f"{_OPENDOCUMENT}spreadsheet"):
            raise PackageError(PackageFault.ODS)
        name = kind.removeprefix(_OPENDOCUMENT)[:40]
        raise PackageError(PackageFault.OTHER_FORMAT, format=name)
    if "[Content_Types].xml" not in container:
        if any(name.startswith("xl/") for name in container.names()):
            raise PackageError(PackageFault.MISSING_PART, member="[Content_Types].xml")
        raise PackageError(PackageFault.OTHER_FORMAT, format="zip")


def refuse_main_part(content_type: str, member: str) -> NoReturn:
    """Name the document whose main part has this content type, which is no workbook's."""
    if "sheet.binary" in content_type:
        raise PackageError(PackageFault.XLSB)
    for mark, name in (("wordprocessingml", "docx"), ("presentationml", "pptx")):
        if mark in content_type:
            raise PackageError(PackageFault.OTHER_FORMAT, format=name)
    raise PackageError(PackageFault.OTHER_FORMAT, format=content_type[-60:], member=member)


def _refuse_ole(data: bytes) -> NoReturn:
    for stream, fault, name in _OLE_STREAMS:
        # A directory entry starts with its name and a NUL, at a multiple of its size.
        wanted = (stream + "\0").encode("utf-16-le")
        places = range(0, len(data), _OLE_ENTRY_SIZE)
        if any(data.startswith(wanted, place) for place in places):
            raise PackageError(fault, **({"format": name} if name else {}))
    raise PackageError(PackageFault.OTHER_FORMAT, format="ole")


def _refuse_text(head: bytes) -> NoReturn:
    text = _as_text(head)
    if text is None:
        raise PackageError(PackageFault.OTHER_FORMAT, format="unknown")
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith("mime-version:"):
        raise PackageError(PackageFault.OTHER_FORMAT, format="mhtml")
    if start.startswith("<"):
        raise PackageError(PackageFault.OTHER_FORMAT, format=_markup(start))
    raise PackageError(PackageFault.CSV_OR_TEXT)


def _markup(start: str) -> str:
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return "xml-2003"
    if "<html" in start or "<table" in start or start.startswith(("<!doctype html", "<meta")):
        return "html"
    return "xml"


def _as_text(head: bytes) -> str | None:
    """The head as text, where it is some: UTF-16 with a mark, UTF-8, or a single-byte page."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore")
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return None
    return head.decode("utf-8", "replace")
