"""Texts as spreadsheet programs write them: escapes, rich runs, phonetic guides."""

from __future__ import annotations

import re
import unicodedata

from xlscore.workbooks.package.values import PackageError, PackageFault
from xlscore.workbooks.package.xml import (
    MAX_DEPTH,
    Attributes,
    TagBudget,
    local_name,
    new_parser,
    root_prefix,
    run,
)

# Excel holds 32,767 characters in a cell, LibreOffice more.
MAX_TEXT = 100_000
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f]")
# Unicode's Stream-Safe Text Format (UAX #15) allows 30 marks on a character. CPython sorts them in
# quadratic time: 100,000 marks in one cell would take it a quarter of a minute.
MAX_MARKS = 30
_NOT_LATIN = "[^\x00-\u02ff\u1e00-\u1eff]"
_POSSIBLE_MARKS = re.compile(f"{_NOT_LATIN}{_NOT_LATIN}{{{MAX_MARKS},}}")
_NO_CHARACTERS = str.maketrans({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD})


def clean(text: str) -> str:
    """Decoded NFC text: `_xHHHH_` (ECMA-376 ST_Xstring) resolved, no control or half characters."""
    if text.isascii() and "_x" not in text and "\r" not in text:
        return text
    if "_x" in text:
        decoded = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        # Two escapes may form one character beyond U+FFFF; a half that stays alone is none.
        text = decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = text.translate(_NO_CHARACTERS)
    return unicodedata.normalize("NFC", bounded_marks(_UNWANTED.sub("", text)))


def bounded_marks(text: str) -> str:
    """The same text; BOMB where it piles up more marks on a character than any script does."""
    for suspicious in _POSSIBLE_MARKS.findall(text):
        marks = 0
        for character in suspicious:
            marks = marks + 1 if unicodedata.combining(character) else 0
            if marks > MAX_MARKS:
                raise PackageError(PackageFault.BOMB, what="combining marks", limit=str(MAX_MARKS))
    return text


def joined(chunks: list[str]) -> str:
    """The text that the parser handed over in pieces; BOMB where it is longer than any cell's."""
    if sum(map(len, chunks)) > MAX_TEXT:
        raise PackageError(PackageFault.BOMB, what="text length", limit=str(MAX_TEXT))
    return "".join(chunks)


class StringReader:
    """Collects strings: plain text or runs joined, without phonetic guides.

    `container` is the element that holds one string and `outer` the one it must stand in; the
    strings arrive in `texts`. `chunks` is where the parser puts character data.
    """

    def __init__(self, prefix: str, container: str, outer: str, chunks: list[str]) -> None:
        self.texts: list[str] = []
        self._container = prefix + container
        self._text, self._run, self._guide = (prefix + name for name in ("t", "r", "rPh"))
        self._outer = prefix + outer
        self._open = [self._outer]
        self._parts: list[str] = []
        self._chunks = chunks

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins inside `outer`."""
        parent = self._open[-1]
        if name == self._text:
            if parent not in (self._container, self._run, self._guide):
                raise _misplaced(name)
            self._chunks.clear()
        elif name == self._container:
            if parent != self._outer:
                raise _misplaced(name)
            self._parts = []
        elif parent == self._text or name.endswith("AlternateContent"):
            raise _misplaced(name)
        elif len(self._open) >= MAX_DEPTH:
            raise PackageError(PackageFault.BOMB, what="depth", limit=str(MAX_DEPTH))
        self._open.append(name)

    def end(self, name: str) -> None:
        """An element ends."""
        opened = self._open
        opened.pop()
        if name == self._text:
            if opened[-1] != self._guide:
                self._parts += self._chunks
        elif name == self._container:
            parts = self._parts
            self.texts.append(clean(parts[0] if len(parts) == 1 else joined(parts)))


def read_shared_strings(data: bytes, member: str, budget: TagBudget) -> dict[str, str]:
    """Text by index, the index written as cells write it."""
    chunks: list[str] = []
    parser = new_parser(data)
    texts: list[str] = []

    def start_root(name: str, attributes: Attributes) -> None:
        nonlocal texts
        reader = StringReader(root_prefix(name, attributes, "sst"), "si", "sst", chunks)
        texts = reader.texts
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end

    parser.StartElementHandler = start_root
    parser.CharacterDataHandler = chunks.append
    run(parser, data, member, budget)
    return dict(zip(map(str, range(len(texts))), texts, strict=True))


def _misplaced(name: str) -> PackageError:
    what = f"unexpected element {local_name(name)}"
    return PackageError(PackageFault.AMBIGUOUS, what=what)
