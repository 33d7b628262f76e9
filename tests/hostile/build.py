"""Small workbooks made part by part, so that one thing at a time can be wrong with them."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlscore.workbooks.package import PackageFault

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
BOOK = "xl/workbook.xml"
BOOK_LINKS = "xl/_rels/workbook.xml.rels"
ROOT_LINKS = "_rels/.rels"
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"

HALF = '<row r="1"><c r="A1"><v>0.5</v></c></row>'
CELLS = {"A1": ("number", "0.5")}

Builder = Callable[[], bytes]
Cells = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Case:
    """A file, and the one thing that may come of it: this fault, or exactly these cells."""

    name: str
    build: Builder
    fault: PackageFault | None = None
    what: str = ""
    cells: Cells | None = None


def refused(name: str, build: Builder, fault: PackageFault, what: str = "") -> Case:
    return Case(name, build, fault=fault, what=what)


def reads(name: str, build: Builder, cells: Cells | None = None) -> Case:
    return Case(name, build, cells=CELLS if cells is None else cells)


def sheet(rows: str = HALF, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def strings(items: str) -> str:
    return f'<sst xmlns="{MAIN}">{items}</sst>'


def styles(codes: Mapping[int, str], numbers: list[int]) -> str:
    formats = "".join(
        f'<numFmt numFmtId="{key}" formatCode="{code}"/>' for key, code in codes.items()
    )
    used = "".join(f'<xf numFmtId="{number}"/>' for number in numbers)
    lists = f"<numFmts>{formats}</numFmts><cellXfs>{used}</cellXfs>"
    return f'<styleSheet xmlns="{MAIN}">{lists}</styleSheet>'


def content_types(overrides: Mapping[str, str]) -> str:
    entries = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides.items()
    )
    default = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{TYPES}">{default}{entries}</Types>'


def link(key: str, kind: str, target: str, mode: str = "") -> str:
    external = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="{key}" Type="{LINKS}/{kind}" Target="{target}"{external}/>'


def links(*entries: str) -> str:
    return f'<Relationships xmlns="{PACKAGE_LINKS}">{"".join(entries)}</Relationships>'


def book(sheets: str = "", rest: str = "") -> str:
    listed = sheets or '<sheet name="S" sheetId="1" r:id="rId1"/>'
    return f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}</sheets>{rest}</workbook>'


def parts(changes: Mapping[str, str | bytes | None] | None = None) -> dict[str, str | bytes]:
    """The parts of a small sound workbook, with some replaced, added or (None) left out."""
    types = {
        BOOK: WORKBOOK_TYPE,
        SHEET: SHEET_TYPE,
        STRINGS: STRINGS_TYPE,
        STYLES: STYLES_TYPE,
    }
    made: dict[str, str | bytes | None] = {
        CONTENT_TYPES: content_types(types),
        ROOT_LINKS: links(link("rId1", "officeDocument", "xl/workbook.xml")),
        BOOK: book(),
        BOOK_LINKS: links(
            link("rId1", "worksheet", "worksheets/sheet1.xml"),
            link("rId2", "sharedStrings", "sharedStrings.xml"),
            link("rId3", "styles", "styles.xml"),
        ),
        STRINGS: strings("<si><t>chuỗi</t></si>"),
        STYLES: styles({}, [0, 14, 10, 49]),
        SHEET: sheet(),
        "xl/theme/theme1.xml": "<theme>" + "không cần đọc " * 40 + "</theme>",
    }
    made.update(changes or {})
    return {name: content for name, content in made.items() if content is not None}


def pack(
    members: Mapping[str, str | bytes] | Sequence[tuple[str, str | bytes]],
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """An archive of these members; a list may repeat a name."""
    buffer = BytesIO()
    entries = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(buffer, "w", method, compresslevel=1) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, (2026, 1, 5, 8, 0, 0))
            info.compress_type = method
            archive.writestr(info, content)
    return buffer.getvalue()


def workbook(changes: Mapping[str, str | bytes | None] | None = None) -> bytes:
    return pack(parts(changes))


def with_part(name: str, content: str | bytes | None) -> Builder:
    return lambda: workbook({name: content})


def with_rows(rows: str, before: str = "", after: str = "") -> Builder:
    return with_part(SHEET, sheet(rows, before, after))


def with_cell(attributes: str, content: str) -> Builder:
    """One cell A1."""
    return with_rows(f'<row r="1"><c r="A1" {attributes}>{content}</c></row>')


def stored_with(changes: Mapping[str, str | bytes]) -> bytes:
    """Uncompressed: large, yet with no compression ratio that would give it away."""
    return pack(parts(changes), zipfile.ZIP_STORED)


def central_offset(data: bytes, name: str) -> int:
    """Where the directory entry of a member begins."""
    place = data.rindex(name.encode())
    return data.rindex(b"PK\1\2", 0, place)


def local_offset(data: bytes, name: str) -> int:
    place = data.index(name.encode())
    return data.rindex(b"PK\3\4", 0, place)


def patch(data: bytes, offset: int, layout: str, value: int) -> bytes:
    """The same bytes with one field overwritten."""
    field = struct.pack(layout, value)
    return data[:offset] + field + data[offset + len(field) :]


def patch_both(data: bytes, name: str, field: int, value: int) -> bytes:
    """Overwrite a 32-bit field (14 CRC, 18 packed, 22 size) in both headers of a member."""
    data = patch(data, local_offset(data, name) + field, "<I", value)
    return patch(data, central_offset(data, name) + field + 2, "<I", value)


def deflated(content: bytes, level: int = 9) -> bytes:
    squeezer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return squeezer.compress(content) + squeezer.flush()
