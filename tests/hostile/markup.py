"""XML that attacks its reader: document types, encodings, floods, depth, damage."""

import random
from collections.abc import Callable

from tests.hostile.build import (
    BOOK,
    BOOK_LINKS,
    CONTENT_TYPES,
    HALF,
    MAIN,
    SHEET,
    STRINGS,
    STYLES,
    Builder,
    Case,
    book,
    links,
    reads,
    refused,
    sheet,
    stored_with,
    strings,
    with_cell,
    with_part,
    with_rows,
    workbook,
)
from xlscore.workbooks.package import PackageFault, column_letters

AMBIGUOUS = PackageFault.AMBIGUOUS
FORBIDDEN, BOMB, DAMAGED = PackageFault.FORBIDDEN_XML, PackageFault.BOMB, PackageFault.DAMAGED
_LAUGHS = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' if level else '<!ENTITY l0 "ha">'
    for level in range(9)
)
_ROOT = sheet('<row r="1"><c r="A1" t="str"><v>&x;</v></c></row>')
_TYPES = {
    "internal": "<!DOCTYPE x>",
    "billion-laughs": f"<!DOCTYPE x [{_LAUGHS}<!ENTITY x '&l8;'>]>",
    "quadratic": f"<!DOCTYPE x [<!ENTITY x '{'a' * 50_000}'>]>",
    "file": '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "http": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "default-attribute": '<!DOCTYPE x [<!ATTLIST c t CDATA "e">]>',
}
_FLOODED = 1_000_100
_PARTS = (CONTENT_TYPES, "_rels/.rels", BOOK, BOOK_LINKS, STRINGS, STYLES, SHEET)


def _text(name: str, make: Callable[[], str | bytes]) -> Builder:
    """The part is made when the test runs: some are large."""
    return lambda: workbook({name: make()})


def _stored(name: str, make: Callable[[], str]) -> Builder:
    return lambda: stored_with({name: make()})


def _declared(encoding: str, codec: str | None = None) -> Builder:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{sheet()}'
    return with_part(SHEET, text.encode(codec or "utf-8"))


def _flood_after(element: str) -> Builder:
    return _stored(SHEET, lambda: sheet(after=element * _FLOODED))


def _flood_cells(element: str) -> Builder:
    return _stored(SHEET, lambda: sheet(f'<row r="1">{element * _FLOODED}</row>'))


def _deep(count: int = 100_000) -> str:
    return "<a>" * count + "</a>" * count


def _attributes(count: int = 100_000) -> str:
    return "".join(f' a{number}="1"' for number in range(count))


def _largest() -> bytes:
    """Half of what the budget of tags allows, over as many columns as there are.

    The whole budget reads too, but its answer is more than the worker's memory lets it send back.
    """
    row = f"<row>{'<c><v>12.5</v></c>' * 16_384}</row>"
    return stored_with({SHEET: sheet(row * _LARGEST_ROWS)})


def _wide_texts(count: int) -> str:
    """Long texts that each need four bytes a character in memory."""
    return sheet(f"<row><c t='str'><v>{_WIDE}</v></c></row>" * count)


def _wrapped(before: str, after: str) -> Callable[[], str]:
    return lambda: f"{before}{'x' * 5_000_000}{after}"


_CELL = '<row r="1"><c r="A1" t="str">'
_ROW_END = "</c></row></sheetData></worksheet>"
_DATA = f'<worksheet xmlns="{MAIN}"><sheetData>'

_MARKS = "a" + "\u0315\u0300" * 40_000
_WIDE = "😀" + "".join(random.Random(1).choices("0123456789", k=95_000))
_LONG = "n" * 10_000
_OPEN_BRACKETS = "".join(f'<numFmt numFmtId="{n}" formatCode="{"[" * 250}"/>' for n in range(9000))
_FORMATS = "".join(f'<xf numFmtId="{n}"/>' for n in range(9000))
_LARGEST_ROWS = 7
_LARGEST_CELLS = {
    f"{column_letters(column)}{row}": ("number", "12.5")
    for row in range(1, _LARGEST_ROWS + 1)
    for column in range(1, 16_385)
}

CASES: list[Case] = [
    *(
        refused(f"dtd-{key}", with_part(SHEET, kind + _ROOT), FORBIDDEN, "document type")
        for key, kind in _TYPES.items()
    ),
    *(
        refused(f"dtd-in-{name}", with_part(name, "<!DOCTYPE a><a/>"), FORBIDDEN, "document type")
        for name in _PARTS
    ),
    refused("utf-16", _declared("UTF-16", "utf-16"), FORBIDDEN, "encoding"),
    refused(
        "utf-16-unmarked", with_part(SHEET, sheet().encode("utf-16-be")), FORBIDDEN, "encoding"
    ),
    refused(
        "utf-16-dtd",
        with_part(SHEET, ("<!DOCTYPE x>" + _ROOT).encode("utf-16")),
        FORBIDDEN,
        "encoding",
    ),
    refused("utf-32", with_part(SHEET, sheet().encode("utf-32")), FORBIDDEN, "encoding"),
    *(
        refused(f"declared-{name}", _declared(name), FORBIDDEN, "encoding")
        for name in ("UTF-16", "UTF-7", "windows-1252", "ISO-8859-1", "cp037", "unicode_escape")
    ),
    reads("declared-utf-8", _declared("UTF-8")),
    reads("declared-us-ascii", _declared("us-ascii")),
    reads("byte-order-mark", with_part(SHEET, b"\xef\xbb\xbf" + sheet().encode())),
    reads("instruction", with_part(SHEET, '<?mso-application progid="x"?>' + sheet())),
    refused("invalid-utf-8", with_part(SHEET, sheet().encode() + b"<!-- \xff -->"), DAMAGED),
    refused("overlong-utf-8", with_part(SHEET, sheet().encode() + b"<!-- \xc0\xbc -->"), DAMAGED),
    refused("nul", with_part(SHEET, sheet("\0" + HALF)), DAMAGED),
    refused(
        "half-a-character", with_rows("<row r='1'><c t='str'><v>&#xD83D;</v></c></row>"), DAMAGED
    ),
    refused("undefined-entity", with_part(SHEET, _ROOT), DAMAGED, "XML: undefined entity"),
    refused(
        "unbound-prefix", with_rows('<row r="1"><y:c r="A1"><y:v>1</y:v></y:c></row>'), AMBIGUOUS
    ),
    refused("duplicate-attribute", with_rows('<row r="1"><c r="A1" r="B1"/></row>'), DAMAGED),
    refused("two-roots", with_part(SHEET, sheet() * 2), DAMAGED),
    refused("empty-part", with_part(SHEET, ""), DAMAGED),
    *(refused(f"broken-{name}", with_part(name, "<a><b></a>"), DAMAGED) for name in _PARTS),
    *(refused(f"depth-in-{name}", _stored(name, _deep), BOMB) for name in _PARTS[:4]),
    refused("depth-in-sheet", _stored(SHEET, lambda: sheet(after=_deep())), BOMB, "depth"),
    refused("depth-in-strings", _stored(STRINGS, lambda: strings(_deep())), BOMB, "depth"),
    refused(
        "depth-in-styles",
        _stored(STYLES, lambda: f'<styleSheet xmlns="{MAIN}">{_deep()}</styleSheet>'),
        BOMB,
        "depth",
    ),
    refused(
        "attribute-flood",
        _text(SHEET, lambda: sheet(f'<row r="1"><c r="A1"{_attributes()}/></row>')),
        BOMB,
        "tag or text size",
    ),
    refused(
        "attribute-of-5-mb",
        _stored(SHEET, _wrapped(f'{_DATA}<row r="1"><c r="A1" s="', f'">{_ROW_END}')),
        BOMB,
        "tag or text size",
    ),
    refused(
        "value-of-5-mb",
        _stored(SHEET, _wrapped(f"{_DATA}{_CELL}<v>", f"</v>{_ROW_END}")),
        BOMB,
        "tag or text size",
    ),
    refused(
        "comment-of-5-mb",
        _stored(SHEET, _wrapped(f"{_DATA}<!--", f"-->{_CELL}{_ROW_END}")),
        BOMB,
        "tag or text size",
    ),
    refused(
        "string-of-5-mb",
        _stored(STRINGS, _wrapped(f'<sst xmlns="{MAIN}"><si><t>', "</t></si></sst>")),
        BOMB,
        "tag or text size",
    ),
    refused(
        "text-in-many-pieces",
        _text(SHEET, lambda: sheet(f"{_CELL}<v>{'<![CDATA[điểm <]]>' * 20_000}</v></c></row>")),
        BOMB,
        "text length",
    ),
    refused(
        "string-of-many-runs",
        _text(STRINGS, lambda: strings(f"<si>{'<r><t>mười chữ số</t></r>' * 12_000}</si>")),
        BOMB,
        "text length",
    ),
    refused("marks-in-value", with_cell('t="str"', f"<v>{_MARKS}</v>"), BOMB, "combining marks"),
    refused("marks-in-formula", with_cell("", f"<f>{_MARKS[:8_000]}</f>"), BOMB, "combining marks"),
    refused("marks-in-string", with_part(STRINGS, strings(f"<si><t>{_MARKS}</t></si>")), BOMB),
    refused("marks-by-reference", with_cell('t="str"', f"<v>a{'&#x315;' * 99}</v>"), BOMB),
    refused("marks-by-escape", with_cell('t="str"', f"<v>a{'_x0315_' * 99}</v>"), BOMB),
    reads(
        "dots-are-no-marks",
        with_cell('t="str"', f"<v>Ngày {'…' * 500}</v>"),
        {"A1": ("text", "Ngày " + "…" * 500)},
    ),
    refused(
        "long-names-inside-each-other",
        _stored(BOOK, lambda: book(rest=f"<{_LONG}>" * 60 + "<a/>" * 9_000 + f"</{_LONG}>" * 60)),
        BOMB,
        "depth",
    ),
    reads(
        "formats-that-open-brackets",
        with_part(
            STYLES,
            f'<styleSheet xmlns="{MAIN}"><numFmts>{_OPEN_BRACKETS}</numFmts>'
            f"<cellXfs>{_FORMATS}</cellXfs></styleSheet>",
        ),
    ),
    refused(
        "texts-of-17-mb",
        _text(SHEET, lambda: _wide_texts(180)),
        BOMB,
        "XML size",
    ),
    reads(
        "texts-of-15-mb",
        _text(SHEET, lambda: _wide_texts(160)),
        {f"A{row}": ("text", _WIDE) for row in range(1, 161)},
    ),
    reads("large-sheet", _largest, _LARGEST_CELLS),
    refused("flood-merges", _flood_after("<mergeCell/>"), BOMB, "elements"),
    refused("flood-validations", _flood_after("<dv></dv>"), BOMB, "elements"),
    refused("flood-formats", _flood_after("<cfRule/>"), BOMB, "elements"),
    refused("flood-links", _flood_after("<hyperlink/>"), BOMB, "elements"),
    refused("flood-cells", _flood_cells("<c/>"), BOMB, "elements"),
    refused("flood-values", _flood_cells("<c><v>1</v></c>"), BOMB, "elements"),
    refused("flood-rows", _stored(SHEET, lambda: sheet("<row/>" * _FLOODED)), BOMB, "elements"),
    refused(
        "flood-strings", _stored(STRINGS, lambda: strings("<si/>" * _FLOODED)), BOMB, "elements"
    ),
    refused(
        "flood-styles",
        _stored(STYLES, lambda: f'<styleSheet xmlns="{MAIN}">{"<xf/>" * _FLOODED}</styleSheet>'),
        BOMB,
        "elements",
    ),
    refused(
        "flood-names",
        _text(BOOK, lambda: book(rest=f"<definedNames>{'<definedName/>' * 60_000}</definedNames>")),
        BOMB,
        "elements",
    ),
    refused("flood-sheets", _text(BOOK, lambda: book("<sheet/>" * 20_000)), BOMB, "sheets"),
    refused(
        "flood-relationships",
        _text(BOOK_LINKS, lambda: links("<Relationship/>" * 60_000)),
        BOMB,
        "elements",
    ),
]
