"""Other formats under a workbook's name."""

import zipfile

from tests.hostile.build import (
    BOOK,
    CONTENT_TYPES,
    Builder,
    Case,
    content_types,
    link,
    links,
    pack,
    parts,
    refused,
)
from xlscore.workbooks.package import PackageFault

_OFFICE = "application/vnd.openxmlformats-officedocument."


def _ole(stream: str) -> Builder:
    """An OLE header, a sector of filler, and a directory that names one stream."""

    def build() -> bytes:
        root, entry = ("Root Entry\0".encode("utf-16-le"), (stream + "\0").encode("utf-16-le"))
        directory = root.ljust(128, b"\0") + entry.ljust(128, b"\0")
        return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504 + 512) + directory + bytes(256)

    return build


def _open_document(kind: str) -> Builder:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    return lambda: pack([("mimetype", mime), ("content.xml", "<a/>")], zipfile.ZIP_STORED)


def _main_part(name: str, kind: str) -> Builder:
    def build() -> bytes:
        changes = {
            CONTENT_TYPES: content_types({name: kind}),
            "_rels/.rels": links(link("rId1", "officeDocument", name)),
            BOOK: None,
            name: "<a/>",
        }
        return pack(parts(changes))

    return build


def _bytes(content: bytes | str) -> Builder:
    data = content.encode() if isinstance(content, str) else content
    return lambda: data


def _other(name: str, content: bytes | str, what: str) -> Case:
    return refused(name, _bytes(content), PackageFault.OTHER_FORMAT, what)


OTHER = PackageFault.OTHER_FORMAT
_XML_2003 = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
_XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"

CASES: list[Case] = [
    refused("empty", bytes, PackageFault.EMPTY),
    refused("xls", _ole("Workbook"), PackageFault.OLD_XLS),
    refused("xls-of-excel-5", _ole("Book"), PackageFault.OLD_XLS),
    refused("xls-of-excel-4", _bytes(b"\x09\x04\x06\x00\0\0\x10\0"), PackageFault.OLD_XLS),
    refused("encrypted", _ole("EncryptedPackage"), PackageFault.ENCRYPTED),
    refused("doc", _ole("WordDocument"), OTHER, "doc"),
    refused("ppt", _ole("PowerPoint Document"), OTHER, "ppt"),
    refused("ole-of-another-kind", _ole("MsgStore"), OTHER, "ole"),
    refused("ods", _open_document("spreadsheet"), PackageFault.ODS),
    refused("ots", _open_document("spreadsheet-template"), PackageFault.ODS),
    refused("odt", _open_document("text"), OTHER, "text"),
    refused("xlsb", _main_part("xl/workbook.bin", _XLSB), PackageFault.XLSB),
    refused(
        "docx",
        _main_part("word/document.xml", f"{_OFFICE}wordprocessingml.document.main+xml"),
        OTHER,
        "docx",
    ),
    refused(
        "pptx",
        _main_part("ppt/presentation.xml", f"{_OFFICE}presentationml.presentation.main+xml"),
        OTHER,
        "pptx",
    ),
    refused(
        "add-in", _main_part(BOOK, "application/vnd.ms-excel.addin.macroEnabled.main+xml"), OTHER
    ),
    refused("plain-zip", lambda: pack({"phiếu.xlsx": "x"}), OTHER, "zip"),
    refused("empty-zip", lambda: pack({}), OTHER, "zip"),
    refused("pdf", _bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), PackageFault.PDF),
    refused("pdf-after-a-mark", _bytes(b"\xef\xbb\xbf\n%PDF-1.4\n"), PackageFault.PDF),
    _other("png", b"\x89PNG\r\n\x1a\n\0\0", "image"),
    _other("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF", "image"),
    _other("gif", b"GIF89a\1\0", "image"),
    _other("rtf", b"{\\rtf1\\ansi}", "rtf"),
    _other("rar", b"Rar!\x1a\x07\x01\0", "archive"),
    _other("seven-zip", b"7z\xbc\xaf\x27\x1c", "archive"),
    _other("gzip", b"\x1f\x8b\x08\0", "archive"),
    _other("html", "\n<!DOCTYPE html><html><table></table></html>", "html"),
    _other("table-named-xls", "<table><tr><td>1</td></tr></table>", "html"),
    _other("mhtml", "MIME-Version: 1.0\r\nContent-Type: multipart/related", "mhtml"),
    _other("xml-2003", _XML_2003, "xml-2003"),
    _other("xml", "<?xml version='1.0'?><a/>", "xml"),
    _other("binary", bytes(range(1, 32)) * 9, "unknown"),
    refused("csv", _bytes("STT;Điểm\n1;0,5\n"), PackageFault.CSV_OR_TEXT),
    refused("csv-with-mark", _bytes("\ufeffSTT,Điểm\n"), PackageFault.CSV_OR_TEXT),
    refused("csv-utf-16", _bytes("STT\tĐiểm\r\n".encode("utf-16")), PackageFault.CSV_OR_TEXT),
    refused("text-tcvn3", _bytes(b"B\xb8o c\xb8o\r\n"), PackageFault.CSV_OR_TEXT),
    refused("too-large", lambda: b"PK\3\4" + bytes(16 * 2**20), PackageFault.TOO_LARGE),
]
