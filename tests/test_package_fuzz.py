"""However a workbook is mangled, it is read or refused by name: no other exception gets out."""

import random
import re
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
import xlsxwriter

from tests.hostile.build import pack, parts
from xlscore.workbooks.package import Package, PackageError, PackageFault, parse_package

ROUNDS = 4000
_TOKEN = re.compile(rb"<[^>]*>|[^<]+")
_PIECES = (
    b"<c", b"<row>", b"</c>", b'r="A1"', b'r="', b"<v>", b"</v>", b"<f/>", b"<is><t>", b"&#0;",
    b"&amp;", b"]]>", b"<![CDATA[", b"<!--", b"xmlns=''", b"xmlns:x='urn:x'", b"\0", b"\xff",
    b"<!DOCTYPE a>", b"-1", b"99999999999", b"1e400", b"_xD800_", b"rId1",
    b"../", b"\r\n", b"t='s'",
)  # fmt: skip


def _seeds() -> list[bytes]:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Phiếu")
    style = book.add_format({"num_format": "dd/mm/yyyy"})
    for row in range(6):
        sheet.write_row(row, 0, [f"Tiêu chí {row}", row / 3, row % 2 == 0])
        sheet.write_formula(row, 3, f"=B{row + 1}*2", style, row)
    book.add_worksheet("_meta").very_hidden()
    book.set_custom_property("xlscore", "token")
    book.define_name("ten", "=Phiếu!$A$1")
    book.close()
    return [buffer.getvalue(), pack(parts())]


def _flip_bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut_and_paste(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.choices(range(len(data)), k=2))
    piece = data[start:end][: chance.randint(1, 400)]
    place = chance.randrange(len(data) - len(piece) + 1)
    return data[:place] + piece + data[place + len(piece) :]


def _swap_members(data: bytes, chance: random.Random) -> bytes:
    members = _members(data)
    names = [name for name, _ in members]
    first, second = chance.choices(range(len(names)), k=2)
    names[first], names[second] = names[second], names[first]
    kept = [(name, content) for name, (_, content) in zip(names, members, strict=True)]
    if chance.random() < 0.5:
        del kept[chance.randrange(len(kept))]
    return pack(kept)


def _mutate_tokens(data: bytes, chance: random.Random) -> bytes:
    members = _members(data)
    which = chance.randrange(len(members))
    name, content = members[which]
    tokens = _TOKEN.findall(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(tokens))
        match chance.randrange(4):
            case 0:
                tokens.insert(place, chance.choice(tokens))
            case 1:
                tokens.pop(place)
            case 2:
                tokens[place] = chance.choice(_PIECES)
            case _:
                cut = chance.randrange(len(tokens[place]) + 1)
                tokens[place] = tokens[place][:cut] + chance.choice(_PIECES) + tokens[place][cut:]
        tokens = tokens or [b""]
    members[which] = (name, b"".join(tokens))
    return pack(members)


def _members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


@pytest.mark.parametrize(
    "mutate",
    [_flip_bytes, _cut_and_paste, _swap_members, _mutate_tokens],
    ids=lambda way: way.__name__,
)
def test_a_mangled_workbook_is_read_or_refused_by_name(
    mutate: Callable[[bytes, random.Random], bytes],
) -> None:
    chance = random.Random(20261121)
    seeds = _seeds()
    refused: set[PackageFault] = set()
    for turn in range(ROUNDS):
        try:
            package = parse_package(mutate(seeds[turn % len(seeds)], chance))
        except PackageError as error:
            refused.add(error.fault)
        else:
            assert isinstance(package, Package)
    # The mutations do reach the reader: different guards met them.
    assert len(refused) >= 2
