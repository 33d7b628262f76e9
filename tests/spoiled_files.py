"""Files that are no scorecard, or whose package is not as it should be."""

from __future__ import annotations

import warnings
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from tests.campaigns import FORM, Campaign, edited, part
from tests.spoiled import VALID, spoiled, whole, with_members
from xlscore.workbooks.returns import Return


def member_twice(data: bytes, _: Campaign) -> bytes:
    target = BytesIO(data)
    with warnings.catch_warnings(), ZipFile(target, "a", ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        archive.writestr(FORM, part(data, FORM))
    return target.getvalue()


def ole(stream: str) -> bytes:
    """Return the start of an OLE container with one stream."""
    entry = stream.encode("utf-16-le").ljust(128, b"\0")
    return (bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0") + entry).ljust(1536, b"\0")


def _opendocument(_: bytes, __: Campaign) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return target.getvalue()


def _binary(data: bytes, _: Campaign) -> bytes:
    main = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return edited(data, "[Content_Types].xml", main, "ms-excel.sheet.binary.macroEnabled.main")


def with_macros(data: bytes) -> bytes:
    """Return the workbook as an .xlsm with a macro project."""
    main = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    data = edited(data, "[Content_Types].xml", main, "ms-excel.sheet.macroEnabled.main+xml")
    kind = '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    data = edited(data, "[Content_Types].xml", "</Types>", f"{kind}</Types>")
    link = '<Relationship Id="rId98" Type="http://schemas.microsoft.com/office/2006/relationships/'
    link += 'vbaProject" Target="vbaProject.bin"/></Relationships>'
    data = edited(data, "xl/_rels/workbook.xml.rels", "</Relationships>", link)
    return with_members(data, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros"})


def _linked(data: bytes, _: Campaign) -> bytes:
    link = '<Relationship Id="rId97" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    link += 'relationships/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'
    data = edited(data, "xl/_rels/workbook.xml.rels", "</Relationships>", link)
    return with_members(data, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})


def _folder(campaign: Campaign) -> Return:
    path = campaign.root / "returned" / "thu-muc.xlsx"
    path.mkdir(parents=True, exist_ok=True)
    return campaign.read_path(path)


def _link(campaign: Campaign) -> Return:
    target = campaign.root / "that.xlsx"
    target.write_bytes(campaign.filled())
    path = campaign.root / "link.xlsx"
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    return campaign.read_path(path)


def _stopped(campaign: Campaign) -> Return:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("out of order")

    spoilt = replace(campaign, workspace=Broken())  # type: ignore[arg-type]
    return spoilt.read(campaign.filled())


_DOCTYPE = '?>\n<!DOCTYPE worksheet [<!ENTITY a "b">]>\n<worksheet'

FILES = (
    spoiled("no bytes", lambda *_: b"", ("empty", "", "")),
    whole("a folder", _folder, "not-a-regular-file"),
    whole("a link", _link, "symlink"),
    spoiled("too large", lambda data, _: data + bytes(16 * 2**20), ("too-large", "", "")),
    whole("not there", lambda c: c.read_path(c.root / "khong-co.xlsx"), "unreadable"),
    spoiled("old Excel", lambda *_: ole("Workbook"), ("old-xls", "", ""), name="STP.xls"),
    spoiled("a password", lambda *_: ole("EncryptedPackage"), ("encrypted", "", "")),
    spoiled("OpenDocument", _opendocument, ("ods", "", ""), name="STP.ods"),
    spoiled("binary Excel", _binary, ("xlsb", "", ""), name="STP.xlsb"),
    spoiled("CSV", lambda *_: "STT;Điểm\n1;2\n".encode(), ("csv-or-text", "", "")),
    spoiled("PDF", lambda *_: b"%PDF-1.7\n", ("pdf", "", "")),
    spoiled("a picture", lambda *_: b"\x89PNG\r\n\x1a\n" + bytes(99), ("other-format", "", "")),
    spoiled("cut off", lambda data, _: data[: len(data) // 2], ("damaged", "", "")),
    spoiled(
        "swollen",
        lambda data, _: with_members(data, {"xl/media/image1.bmp": bytes(25 * 2**20)}),
        ("bomb", "", ""),
    ),
    spoiled("a member twice", member_twice, ("ambiguous", "", "")),
    spoiled(
        "a document type",
        lambda data, _: edited(data, FORM, "?>\n<worksheet", _DOCTYPE),
        ("forbidden-xml", "", ""),
    ),
    spoiled("a path upwards", lambda data, _: with_members(data, {"../a.xml": b""}), ("unsafe-path", "", "")),
    spoiled("no sheet part", lambda data, _: with_members(data, {FORM: None}), ("missing-part", "", "")),
    whole("the reader fails", _stopped, "reader-stopped"),
    spoiled(
        "macros",
        lambda data, _: with_macros(data),
        ("macros-ignored", "", ""),
        status=VALID,
        name="STP.xlsm",
    ),
    spoiled("links to other files", _linked, ("external-links", "", ""), status=VALID),
)  # fmt: skip
