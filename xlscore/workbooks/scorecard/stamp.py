"""Issue many scorecards of one kind: render once, then put each unit's own texts in.

The template is rendered with placeholders for them. A stamped workbook copies every member without
a placeholder as it stands, and of the others everything before the first placeholder: that much is
deflated once, ends on a byte (a full flush), and only the rest is deflated anew. The result is part
by part what a direct render gives.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields, replace
from xml.sax.saxutils import escape

from xlscore.layout import Layout
from xlscore.workbooks.members import (
    LEVEL,
    Member,
    central_entry,
    end_record,
    local_entry,
)
from xlscore.workbooks.scorecard.head import Head, UnitTexts, unit_texts
from xlscore.workbooks.scorecard.render import render_members
from xlscore.workbooks.scorecard.sheet import Lines, unit_lines

_PLACEHOLDERS = UnitTexts(*(f"@@XLSCORE-{f.name.upper()}@@" for f in fields(UnitTexts)))
_CODE_LIKE = re.compile("(_x[0-9a-fA-F]{4}_)")
"""In a workbook this spells a letter by its code; a token may hold it by chance."""

_MARK = re.compile(rb"@@XLSCORE-[A-Z_]+@@")


class Template:
    """The scorecards of one rubric variant and role: everything but the unit is fixed.

    Args:
        layout: the form.
        head: any unit's head; its unit, code, serial and token do not matter.
        password: of the sheet protection.
    """

    def __init__(self, layout: Layout, head: Head, password: str = "") -> None:
        self._layout, self._password = layout, password
        self._head = _without_unit(head)
        self._forms: dict[Lines, _Form] = {}

    def stamp(self, head: Head) -> bytes:
        """Return the workbook for `head`.

        Raises:
            ValueError: the head differs from the template's in more than the unit.
        """
        if _without_unit(head) != self._head:
            raise ValueError("not this template's head")
        unit = unit_texts(head)
        lines = unit_lines(self._layout, head, unit)
        if lines not in self._forms:
            members = render_members(self._layout, self._head, _PLACEHOLDERS, lines, self._password)
            self._forms[lines] = _Form(members)
        return self._forms[lines].stamp(unit)


def _without_unit(head: Head) -> Head:
    return replace(head, unit_name="", unit_code="", serial=0, token="")


@dataclass(frozen=True, slots=True)
class _Part:
    """A member with placeholders: what stands before the first, already deflated, and the rest."""

    name: str
    start: bytes
    start_crc: int
    start_size: int
    rest: bytes

    def filled(self, texts: Mapping[bytes, bytes]) -> Member:
        # In one pass, so that a unit whose name looks like a placeholder stays what it is.
        rest = _MARK.sub(lambda found: texts[found[0]], self.rest)
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        deflated = self.start + packer.compress(rest) + packer.flush()
        return Member(
            self.name, zlib.crc32(rest, self.start_crc), self.start_size + len(rest), deflated
        )


class _Form:
    """A rendered template: the unchanged members as one run of bytes, then the changed parts."""

    def __init__(self, members: list[Member]) -> None:
        body, directory = bytearray(), bytearray()
        self._parts: list[_Part] = []
        for member in members:
            content = member.content
            if found := _MARK.search(content):
                self._parts.append(_split(member.name, content, found.start()))
            else:
                directory += central_entry(member, len(body))
                body += local_entry(member)
        self._body, self._directory = bytes(body), bytes(directory)
        self._count = len(members)

    def stamp(self, unit: UnitTexts) -> bytes:
        texts = {
            placeholder.encode(): escape(_CODE_LIKE.sub(r"_x005F\1", text)).encode()
            for placeholder, text in zip(astuple(_PLACEHOLDERS), astuple(unit), strict=True)
        }
        body, directory = bytearray(self._body), bytearray(self._directory)
        for part in self._parts:
            member = part.filled(texts)
            directory += central_entry(member, len(body))
            body += local_entry(member)
        return bytes(body + directory + end_record(self._count, len(directory), len(body)))


def _split(name: str, content: bytes, place: int) -> _Part:
    start = content[:place]
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    return _Part(name, deflated, zlib.crc32(start), len(start), content[place:])
