"""Zip members of our own workbooks, copied as they stand: what is unchanged stays deflated.

The standard library cannot copy a member without recompressing it, and that is what takes the time.
Only for workbooks that we wrote: a returned file is read by `package.py`, never by this.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

LEVEL, QUICK = 6, 1
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION = 20
_MIDNIGHT_1980 = 0, 0x21  # a fixed time and date keep the bytes the same from run to run
_UTF_8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """One deflated member: name, CRC-32 and size of its content, and the deflated bytes."""

    name: str
    crc: int
    size: int
    deflated: bytes

    @property
    def content(self) -> bytes:
        """The inflated content."""
        return zlib.decompress(self.deflated, -zlib.MAX_WBITS)


def deflate(name: str, content: bytes, level: int = LEVEL) -> Member:
    """Return a new member."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = packer.compress(content) + packer.flush()
    return Member(name, zlib.crc32(content), len(content), deflated)


def read_members(data: bytes) -> tuple[Member, ...]:
    """Return the members of an archive in order, still deflated.

    Raises:
        ValueError: a member is not deflated.
    """
    with ZipFile(BytesIO(data)) as archive:
        return tuple(_raw(data, info.header_offset, info) for info in archive.infolist())


def _raw(data: bytes, offset: int, info: ZipInfo) -> Member:
    fields = _LOCAL.unpack_from(data, offset)
    start = offset + _LOCAL.size + fields[-2] + fields[-1]
    name, crc = info.filename, info.CRC
    if info.compress_type != ZIP_DEFLATED:
        raise ValueError(name)
    end = start + info.compress_size
    return Member(name, crc, info.file_size, data[start:end])


def write_members(members: Iterable[Member]) -> bytes:
    """Return an archive of the members, in order."""
    body, directory = bytearray(), bytearray()
    count = 0
    for member in members:
        directory += central_entry(member, len(body))
        body += local_entry(member)
        count += 1
    return bytes(body + directory + end_record(count, len(directory), len(body)))


def replace_members(data: bytes, contents: Mapping[str, bytes]) -> bytes:
    """Return the archive with the content of some members replaced, deflated quickly."""
    return write_members(
        deflate(member.name, contents[member.name], QUICK) if member.name in contents else member
        for member in read_members(data)
    )


def local_entry(member: Member) -> bytes:
    """Return the local header and the data of one member."""
    name = member.name.encode()
    sizes = member.crc, len(member.deflated), member.size
    fixed = _VERSION, _UTF_8_NAME, ZIP_DEFLATED, *_MIDNIGHT_1980
    return _LOCAL.pack(b"PK\x03\x04", *fixed, *sizes, len(name), 0) + name + member.deflated


def central_entry(member: Member, offset: int) -> bytes:
    """Return the central directory's entry for a member whose local entry stands at `offset`."""
    name = member.name.encode()
    sizes = member.crc, len(member.deflated), member.size
    fixed = _VERSION, _VERSION, _UTF_8_NAME, ZIP_DEFLATED, *_MIDNIGHT_1980
    return _CENTRAL.pack(b"PK\x01\x02", *fixed, *sizes, len(name), 0, 0, 0, 0, 0, offset) + name


def end_record(count: int, directory_size: int, directory_offset: int) -> bytes:
    """Return the end-of-central-directory record."""
    return _END.pack(b"PK\x05\x06", 0, 0, count, count, directory_size, directory_offset, 0)
