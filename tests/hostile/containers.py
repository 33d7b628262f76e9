"""Archives that are damaged, swollen, or mean two things."""

import struct
import zipfile
from io import BytesIO

from tests.hostile.build import (
    BOOK,
    SHEET,
    Builder,
    Case,
    central_offset,
    local_offset,
    pack,
    parts,
    patch,
    patch_both,
    reads,
    refused,
    sheet,
    workbook,
)
from xlscore.workbooks.package import PackageFault

THEME = "xl/theme/theme1.xml"
TRUNCATED = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 0.99]
ZERO_TAILS = [18, 22, 60, 300, 1500]
EVIL_NAMES = {
    "parent": "../evil.xml",
    "deep-parent": "xl/../../evil.xml",
    "absolute": "/etc/passwd",
    "drive": "C:/evil.xml",
    "backslash": "xl\\worksheets\\sheet9.xml",
    "empty-step": "xl//sheet9.xml",
    "dot-step": "./xl/sheet9.xml",
    "control": "xl/\x07bell.xml",
    "right-to-left": "xl/\u202eslx.exe",
    "endless": "x" * 300,
}


def _cut(share: float) -> Builder:
    def build() -> bytes:
        data = workbook()
        return data[: int(len(data) * share)]

    return build


def _zero_tail(count: int) -> Builder:
    return lambda: workbook()[:-count] + bytes(count)


def _with_name(name: str) -> Builder:
    return lambda: pack([*parts().items(), (name, "x")])


def _hole() -> bytes:
    data = workbook()
    place = local_offset(data, SHEET)
    return data[:place] + bytes(64) + data[place + 64 :]


def _flipped(name: str) -> Builder:
    """One bit of a member's compressed data, its checksum left."""

    def build() -> bytes:
        data = pack(parts(), zipfile.ZIP_STORED)
        place = local_offset(data, name) + 30 + len(name) + 20
        return patch(data, place, "<B", data[place] ^ 1)

    return build


def _lying_size(size: int) -> Builder:
    return lambda: patch_both(workbook(), SHEET, 22, size)


def _swollen(size: int, count: int = 1) -> Builder:
    def build() -> bytes:
        filler = {f"xl/media/image{number}.bin": bytes(size) for number in range(count)}
        return pack({**parts(), **filler})

    return build


def _hidden_bomb() -> bytes:
    data = workbook({THEME: bytes(20 * 2**20)})
    return patch_both(data, THEME, 22, 600)


def _many_members() -> bytes:
    return pack({**parts(), **{f"xl/x{number}.xml": "" for number in range(600)}})


def _duplicate() -> bytes:
    """Two sheets of one name: written under a name of the same length, then renamed."""
    other = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    twin = SHEET.replace("1", "2")
    return pack([*parts().items(), (twin, other)]).replace(twin.encode(), SHEET.encode())


def _local_field(field: int, layout: str, value: int) -> Builder:
    def build() -> bytes:
        data = workbook()
        return patch(data, local_offset(data, SHEET) + field, layout, value)

    return build


def _central_field(field: int, layout: str, value: int) -> Builder:
    def build() -> bytes:
        data = workbook()
        return patch(data, central_offset(data, SHEET) + field, layout, value)

    return build


def _both_methods(method: int) -> Builder:
    def build() -> bytes:
        data = workbook()
        data = patch(data, local_offset(data, SHEET) + 8, "<H", method)
        return patch(data, central_offset(data, SHEET) + 10, "<H", method)

    return build


def _end_field(field: int, layout: str, value: int) -> Builder:
    def build() -> bytes:
        data = workbook()
        return patch(data, len(data) - 22 + field, layout, value)

    return build


def _local_name_differs() -> bytes:
    data = workbook()
    place = data.index(SHEET.encode())
    return data[:place] + SHEET.replace("1", "2").encode() + data[place + len(SHEET) :]


def _overlapping() -> bytes:
    """A second whole entry inside the stored data of another one."""
    inner = pack({"xl/inner.xml": "tr"}, zipfile.ZIP_STORED)
    local = inner[: inner.index(b"PK\1\2")]
    central = inner[inner.index(b"PK\1\2") : inner.index(b"PK\5\6")]
    data = pack({**parts(), "xl/outer.bin": local}, zipfile.ZIP_STORED)
    place = data.rindex(local, 0, data.index(b"PK\1\2", data.rindex(local)))
    central = patch(central, 42, "<I", place)
    end = len(data) - 22
    count, size = struct.unpack_from("<HI", data, end + 10)
    tail = patch(data[end:], 8, "<H", count + 1)
    tail = patch(patch(tail, 10, "<H", count + 1), 12, "<I", size + len(central))
    return data[:end] + central + tail


def _commented(comment: bytes) -> Builder:
    def build() -> bytes:
        data = workbook()
        return data[:-2] + struct.pack("<H", len(comment)) + comment

    return build


def _streamed() -> bytes:
    """Sizes after the data, as programs write that cannot seek."""

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, *_: int) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
    return pipe.getvalue()


def _zip64_headers() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content.encode() if isinstance(content, str) else content)
    return buffer.getvalue()


def _without(name: str) -> Builder:
    return lambda: pack({key: value for key, value in parts().items() if key != name})


DAMAGED, AMBIGUOUS, BOMB = PackageFault.DAMAGED, PackageFault.AMBIGUOUS, PackageFault.BOMB

CASES: list[Case] = [
    reads("plain", workbook),
    *(refused(f"cut-at-{share}", _cut(share), DAMAGED, "end of archive") for share in TRUNCATED),
    refused("cut-by-one-byte", lambda: workbook()[:-1], DAMAGED, "end of archive"),
    *(refused(f"zero-tail-{count}", _zero_tail(count), DAMAGED) for count in ZERO_TAILS),
    refused("zeros-appended", lambda: workbook() + bytes(512), DAMAGED, "end of archive"),
    refused("zeros-only", lambda: bytes(30_000), DAMAGED, "zeros instead of content"),
    refused("hole", _hole, DAMAGED, "local header"),
    refused("checksum-of-sheet", _flipped(SHEET), DAMAGED, "checksum"),
    refused("checksum-of-unread-member", _flipped(THEME), DAMAGED, "checksum"),
    refused("deflate-garbage", _both_methods(8 << 8), DAMAGED, "compression method"),
    refused("stored-said-of-deflated", _both_methods(0), DAMAGED, "size"),
    refused("method-bzip2", _both_methods(12), DAMAGED, "compression method"),
    refused("method-lzma", _both_methods(14), DAMAGED, "compression method"),
    refused("size-too-small", _lying_size(20), DAMAGED, "size"),
    refused("size-too-large", _lying_size(100_000), DAMAGED, "size"),
    refused("size-zero", _lying_size(0), DAMAGED, "size"),
    refused("bomb-behind-small-size", _hidden_bomb, DAMAGED, "size"),
    refused("bomb-member", _swollen(25 * 2**20), BOMB, "member size"),
    refused("bomb-ratio", _swollen(8 * 2**20), BOMB, "compression ratio"),
    refused("bomb-said-4-gib", _lying_size(0xFFFFFFF0), BOMB, "member size"),
    refused("bomb-total", _swollen(1_040_000, 80), BOMB, "total size"),
    refused("bomb-members", _many_members, BOMB, "members"),
    refused("count-65535", _end_field(10, "<H", 0xFFFF), AMBIGUOUS, "zip64 directory"),
    refused("count-too-large", _end_field(10, "<H", 99), DAMAGED, "end of archive"),
    refused("directory-elsewhere", _end_field(16, "<I", 5), DAMAGED, "central directory"),
    refused("directory-4-gib", _end_field(16, "<I", 0xFFFFFFFF), AMBIGUOUS, "zip64 directory"),
    refused("second-disk", _end_field(4, "<H", 1), DAMAGED, "end of archive"),
    refused("zip64-size", _central_field(24, "<I", 0xFFFFFFFF), AMBIGUOUS, "zip64 sizes"),
    refused("offset-beyond-end", _central_field(42, "<I", 0x7FFFFFFF), DAMAGED, "local header"),
    refused("duplicate-sheet", _duplicate, AMBIGUOUS, "duplicate member"),
    refused(
        "case-twin",
        _with_name(SHEET.upper()),
        AMBIGUOUS,
        "members differ in letter case only",
    ),
    refused("percent-twin", _with_name(SHEET.replace("s", "%73")), AMBIGUOUS),
    refused("local-name-differs", _local_name_differs, AMBIGUOUS, "local header differs"),
    refused("local-size-differs", _local_field(22, "<I", 9), AMBIGUOUS, "local header differs"),
    refused("local-method-differs", _local_field(8, "<H", 0), AMBIGUOUS, "local header differs"),
    refused("overlapping-members", _overlapping, AMBIGUOUS, "members overlap"),
    refused("member-flag-encrypted", _central_field(8, "<H", 1), PackageFault.ENCRYPTED),
    refused("data-before-archive", lambda: workbook()[:40] + workbook(), DAMAGED),
    refused("program-before-archive", lambda: b"MZ\x90\0" + workbook(), PackageFault.OTHER_FORMAT),
    refused("second-end-in-comment", _commented(b"PK\5\6" + bytes(18)), DAMAGED),
    reads("comment", _commented("Sở Nội vụ".encode())),
    *(
        refused(f"name-{key}", _with_name(name), PackageFault.UNSAFE_PATH)
        for key, name in EVIL_NAMES.items()
    ),
    reads("folder-entries", lambda: pack([("xl/", ""), *parts().items()])),
    reads("name-vietnamese", _with_name("xl/media/ảnh minh chứng.png")),
    reads("stored", lambda: pack(parts(), zipfile.ZIP_STORED)),
    reads("streamed", _streamed),
    reads("zip64-local-headers", _zip64_headers),
    refused("no-content-types", _without("[Content_Types].xml"), PackageFault.MISSING_PART),
    refused("no-root-relationships", _without("_rels/.rels"), PackageFault.MISSING_PART),
    refused("no-workbook", _without(BOOK), PackageFault.MISSING_PART),
    refused("no-sheet", _without(SHEET), PackageFault.MISSING_PART),
]
