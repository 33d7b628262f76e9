"""The zip container of a workbook, read strictly: one meaning, bounded sizes, nothing skipped.

The standard library's reader keeps the last of two members with one name, ignores what stands
before the archive, and trusts sizes until they are inflated. Spreadsheet programs differ in all
of these, so this reader refuses every archive that two programs could see differently.
The format is PKWARE's APPNOTE 6.3, of which workbooks use a small part.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import unquote

from xlscore.workbooks.package.values import RETURNS, Limits, PackageError, PackageFault

# Deflate reaches about 1030:1 on repetition alone; sheets of real workbooks stay below 60:1.
MAX_RATIO = 250
RATIO_COUNTS_FROM = 2**20

_END = struct.Struct("<4s4H2IH")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_SIZES_FOLLOW = 0x0008
_UTF8_NAME = 0x0800
_STORED, _DEFLATED = 0, 8
_ZIP64 = 0xFFFFFFFF
_MAX_COMMENT = 0xFFFF


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


class Container:
    """The members of one archive, by name without regard to case (as OPC compares part names)."""

    def __init__(self, data: bytes, limits: Limits = RETURNS) -> None:
        """Check the whole directory; raise PackageError for anything but one plain archive."""
        self._data = data
        self._limits = limits
        start, count = _find_directory(data, limits.members)
        self._members: dict[str, _Member] = {}
        self._starts: dict[str, int] = {}
        self._checked: set[str] = set()
        self._read_directory(start, count)
        self._check_layout(start)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def names(self) -> list[str]:
        """Lower-cased member names in directory order."""
        return list(self._members)

    @property
    def size(self) -> int:
        """Bytes of all members, inflated."""
        return sum(member.size for member in self._members.values())

    def read(self, name: str) -> bytes:
        """The content of a member, its size and CRC checked; MISSING_PART where there is none."""
        key = name.lower()
        member = self._members.get(key)
        if member is None:
            raise PackageError(PackageFault.MISSING_PART, member=name)
        start = self._starts[key]
        content = _inflate(member, memoryview(self._data)[start : start + member.packed])
        self._checked.add(key)
        return content

    def check_rest(self) -> None:
        """Check size and CRC of the members that nobody has read."""
        for key in self._members.keys() - self._checked:
            self.read(key)

    def _read_directory(self, start: int, count: int) -> None:
        position, total = start, 0
        seen: dict[str, str] = {}
        for _ in range(count):
            member, position = _central_entry(self._data, position)
            _check_name(member.name)
            _check_member(member, self._limits.member)
            total += member.size
            if total > self._limits.total:
                _refuse_bomb("total size", self._limits.total, member.name)
            # %41 and A are one name to OPC: their twins are as ambiguous as those of letter case.
            key = unquote(member.name).casefold()
            if key in seen:
                same = seen[key] == member.name
                what = "duplicate member" if same else "members differ in letter case only"
                raise PackageError(PackageFault.AMBIGUOUS, what=what, member=member.name)
            seen[key] = member.name
            self._members[member.name.lower()] = member
        if self._data[position : position + 4] != b"PK\5\6":
            _refuse_damaged("central directory")

    def _check_layout(self, limit: int) -> None:
        """Local headers must agree with the directory, and no member may overlap another."""
        reached = 0
        for key, member in sorted(self._members.items(), key=lambda item: item[1].offset):
            if member.offset < reached:
                raise PackageError(
                    PackageFault.AMBIGUOUS, what="members overlap", member=member.name
                )
            start = _local_start(self._data, member)
            reached = start + member.packed
            if reached > limit:
                _refuse_damaged("member data", member.name)
            self._starts[key] = start


def _find_directory(data: bytes, members: int) -> tuple[int, int]:
    """Offset of the central directory and its number of entries."""
    end = data.rfind(b"PK\5\6", max(0, len(data) - _MAX_COMMENT - _END.size))
    if end < 0 or end + _END.size > len(data):
        _refuse_damaged("end of archive")
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, end)
    if 0xFFFF in (here, count) or _ZIP64 in (size, start):
        raise PackageError(PackageFault.AMBIGUOUS, what="zip64 directory")
    if disk or first_disk or here != count or end + _END.size + comment != len(data):
        _refuse_damaged("end of archive")
    if start + size != end:
        _refuse_damaged("central directory")
    if count > members:
        _refuse_bomb("members", members)
    return start, count


def _central_entry(data: bytes, position: int) -> tuple[_Member, int]:
    if position + _CENTRAL.size > len(data):
        _refuse_damaged("central directory")
    fields = _CENTRAL.unpack_from(data, position)
    signature, _, _, flags, method, _, _, crc, packed, size = fields[:10]
    name_length, extra, comment, disk, _, _, offset = fields[10:]
    if signature != b"PK\1\2" or disk:
        _refuse_damaged("central directory")
    name_start = position + _CENTRAL.size
    raw_name = data[name_start : name_start + name_length]
    member = _Member(_name(raw_name, flags), raw_name, flags, method, crc, packed, size, offset)
    return member, name_start + name_length + extra + comment


def _name(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & _UTF8_NAME else "ascii")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _check_name(name: str) -> None:
    """Names are never used as paths here; one that could leave a folder is hostile all the same."""
    steps = name.removesuffix("/").split("/")
    if any(step in ("", ".", "..") for step in steps) or any(mark in name for mark in "\\:"):
        raise PackageError(PackageFault.UNSAFE_PATH, member=name)
    if not name.isprintable() or len(name) > 255:
        raise PackageError(PackageFault.UNSAFE_PATH, member=ascii(name[:255]))


def _check_member(member: _Member, largest: int) -> None:
    if member.flags & _ENCRYPTED:
        raise PackageError(PackageFault.ENCRYPTED, member=member.name)
    if member.method not in (_STORED, _DEFLATED):
        _refuse_damaged("compression method", member.name)
    if _ZIP64 in (member.packed, member.size, member.offset):
        raise PackageError(PackageFault.AMBIGUOUS, what="zip64 sizes", member=member.name)
    if member.size > largest:
        _refuse_bomb("member size", largest, member.name)
    if member.size > RATIO_COUNTS_FROM and member.size > MAX_RATIO * member.packed:
        _refuse_bomb("compression ratio", MAX_RATIO, member.name)


def _local_start(data: bytes, member: _Member) -> int:
    """Where the member's data begins; its local header must say what the directory says."""
    if member.offset + _LOCAL.size > len(data):
        _refuse_damaged("local header", member.name)
    header = _LOCAL.unpack_from(data, member.offset)
    signature, _, flags, method, _, _, crc, packed, size, name_length, extra = header
    if signature != b"PK\3\4":
        _refuse_damaged("local header", member.name)
    name_start = member.offset + _LOCAL.size
    same = data[name_start : name_start + name_length] == member.raw_name
    if not (flags & _SIZES_FOLLOW):
        same = same and crc == member.crc
        same = same and packed in (member.packed, _ZIP64) and size in (member.size, _ZIP64)
    if not same or method != member.method or (flags ^ member.flags) & _SIZES_FOLLOW:
        raise PackageError(PackageFault.AMBIGUOUS, what="local header differs", member=member.name)
    return int(name_start + name_length + extra)


def _inflate(member: _Member, packed: memoryview) -> bytes:
    if member.method == _STORED:
        content = bytes(packed)
    else:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = inflater.decompress(packed, member.size + 1)
        except zlib.error:
            _refuse_damaged("compressed data", member.name)
        if not inflater.eof or inflater.unused_data:
            _refuse_damaged("size", member.name)
    if len(content) != member.size:
        _refuse_damaged("size", member.name)
    if zlib.crc32(content) != member.crc:
        _refuse_damaged("checksum", member.name)
    return content


def _refuse_damaged(what: str, member: str = "") -> NoReturn:
    details = {"member": member} if member else {}
    raise PackageError(PackageFault.DAMAGED, what=what, **details)


def _refuse_bomb(what: str, limit: int, member: str = "") -> NoReturn:
    details = {"member": member} if member else {}
    raise PackageError(PackageFault.BOMB, what=what, limit=str(limit), **details)
