"""One guarded way to parse the XML of a part: UTF-8, no DTD, a bounded number of tags.

The bounds are taken from the bytes before the parser runs, so that they cost next to nothing: an
element cannot start without a "<", a document type cannot be declared without "<!DOCTYPE". This
holds because the parser is made to read UTF-8, in which these bytes can mean nothing else.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

from xlscore.workbooks.package.values import RETURNS, Limits, PackageError, PackageFault

# Parts other than sheets, strings and styles are kept whole while they are read.
MAX_TAGS_OF_SMALL_PART = 50_000
MAX_DEPTH = 64
_MAX_PATH = 1000
# A tag or a text longer than twice this is refused before the parser must hold it in memory.
_WINDOW = 128 * 1024
# Parsing stops with the chunk in which a handler raised.
_CHUNK = 2**20
_ENCODINGS = frozenset({"utf-8", "us-ascii"})
_SEPARATOR = "}"
_ROOT_TAG = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?[^<>]*\?>)?\s*<[^!?<>&]*>")

Attributes = dict[str, str]

# ECMA-376 Transitional, which programs write unless asked, and Strict.
SPREADSHEET_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_SHORT = {
    **dict.fromkeys(SPREADSHEET_NAMESPACES, ""),
    "http://schemas.openxmlformats.org/package/2006/content-types": "ct:",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel:",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r:",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r:",
    "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties": "cp:",
    "http://purl.oclc.org/ooxml/officeDocument/customProperties": "cp:",
    "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties": "ep:",
    "http://purl.oclc.org/ooxml/officeDocument/extendedProperties": "ep:",
    "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes": "vt:",
    "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes": "vt:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
}


class Element(NamedTuple):
    """One element of a small part: where it stands, its attributes, and its own text."""

    path: str
    attributes: Attributes
    text: str


class TagBudget:
    """The tags that a workbook may still spend, over all of its parts."""

    def __init__(self, limits: Limits = RETURNS) -> None:
        self._limits = limits
        self._tags = limits.tags
        self._size = limits.xml

    def spend(self, data: bytes, member: str) -> None:
        """Take the tags of a part; raise BOMB where there are too many, or one is endless."""
        self._size -= len(data)
        if self._size < 0:
            raise _bomb("XML size", self._limits.xml, member)
        self._tags -= data.count(b"<")
        if self._tags < 0:
            raise _bomb("elements", self._limits.tags, member)
        for start in range(_WINDOW, len(data) - _WINDOW, _WINDOW):
            if data.find(b"<", start, start + _WINDOW) < 0:
                raise _bomb("tag or text size", _WINDOW, member)


def local_name(name: str) -> str:
    """The name of an element without its namespace, short enough for a message."""
    return name.rpartition(_SEPARATOR)[2].rpartition(":")[2][:40]


def root_prefix(name: str, attributes: Attributes, expected: str) -> str:
    """What the names of SpreadsheetML elements start with; DAMAGED for any other root."""
    namespace, mark, local = name.rpartition(_SEPARATOR)
    if not mark:
        prefix, mark, local = name.rpartition(":")
        namespace = attributes.get(f"xmlns:{prefix}" if mark else "xmlns", "")
        if local == expected and namespace in SPREADSHEET_NAMESPACES:
            return prefix + mark
    if local != expected or namespace not in SPREADSHEET_NAMESPACES:
        raise PackageError(PackageFault.DAMAGED, what=f"root element {local[:40]}")
    return namespace + mark


def new_parser(data: bytes | None = None) -> expat.XMLParserType:
    """A parser that reads UTF-8 only and gives element names as "namespace}name".

    Given the data, it gives the names as written where the root tag declares all namespaces, and
    SpreadsheetML once: one prefix then means one namespace throughout, at a fifth less time.
    """
    plain = data is not None and _declares_all(data)
    parser = expat.ParserCreate("UTF-8", None if plain else _SEPARATOR)
    parser.buffer_text = True
    parser.XmlDeclHandler = _check_declaration
    return parser


def _declares_all(data: bytes) -> bool:
    root = _ROOT_TAG.match(data)
    if root is None:
        return False
    if sum(root[0].count(name.encode()) for name in SPREADSHEET_NAMESPACES) != 1:
        return False
    return root[0].count(b"xmlns") == data.count(b"xmlns")


def run(parser: expat.XMLParserType, data: bytes, member: str, budget: TagBudget) -> None:
    """Parse a whole part; raise FORBIDDEN_XML, BOMB, or DAMAGED where it is not well-formed."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
        raise PackageError(PackageFault.FORBIDDEN_XML, what="encoding", member=member)
    if b"<!DOCTYPE" in data:
        raise PackageError(PackageFault.FORBIDDEN_XML, what="document type", member=member)
    budget.spend(data, member)
    try:
        view = memoryview(data)
        for start in range(0, len(data), _CHUNK):
            parser.Parse(view[start : start + _CHUNK])
        parser.Parse(b"", True)  # noqa: FBT003  (the end of the data, by position only)
    except expat.ExpatError as error:
        what = f"XML: {expat.ErrorString(error.code)}"
        raise PackageError(PackageFault.DAMAGED, what=what, member=member) from None
    except PackageError as error:
        error.details.setdefault("member", member)
        raise


def elements(data: bytes, member: str, budget: TagBudget) -> list[Element]:
    """All elements of a small part in the order of their ends, known namespaces shortened."""
    if data.count(b"<") > MAX_TAGS_OF_SMALL_PART:
        raise _bomb("elements", MAX_TAGS_OF_SMALL_PART, member)
    reader = _Flattener()
    parser = new_parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    run(parser, data, member, budget)
    return reader.elements


class _Flattener:
    def __init__(self) -> None:
        self.elements: list[Element] = []
        self._open: list[tuple[str, Attributes, list[str]]] = []
        self._names: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        short = self._short(name)
        path = f"{self._open[-1][0]}/{short}" if self._open else short
        if len(self._open) >= MAX_DEPTH or len(path) > _MAX_PATH:
            raise PackageError(PackageFault.BOMB, what="depth", limit=str(MAX_DEPTH))
        named = {self._short(key): value for key, value in attributes.items()}
        self._open.append((path, named, []))

    def end(self, name: str) -> None:
        path, attributes, texts = self._open.pop()
        self.elements.append(Element(path, attributes, "".join(texts)))

    def characters(self, text: str) -> None:
        self._open[-1][2].append(text)

    def _short(self, name: str) -> str:
        short = self._names.get(name)
        if short is None:
            namespace, mark, local = name.rpartition(_SEPARATOR)
            prefix = _SHORT.get(namespace, "?:") if mark else ""
            short = self._names[name] = prefix + local
        return short


def _bomb(what: str, limit: int, member: str) -> PackageError:
    return PackageError(PackageFault.BOMB, what=what, limit=str(limit), member=member)


def _check_declaration(version: str, encoding: str | None, standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise PackageError(PackageFault.FORBIDDEN_XML, what="encoding", value=encoding[:40])
