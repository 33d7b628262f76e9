"""Workbook parts, relationships and properties that mislead."""

from tests.hostile.build import (
    BOOK,
    BOOK_LINKS,
    CELLS,
    COMPATIBILITY,
    CONTENT_TYPES,
    LINKS,
    MAIN,
    ROOT_LINKS,
    SHEET,
    SHEET_TYPE,
    STRICT,
    STRINGS,
    STRINGS_TYPE,
    STYLES,
    STYLES_TYPE,
    WORKBOOK_TYPE,
    Builder,
    Case,
    book,
    content_types,
    link,
    links,
    pack,
    parts,
    reads,
    refused,
    sheet,
    strings,
    styles,
    with_part,
    workbook,
)
from xlscore.workbooks.package import PackageFault

AMBIGUOUS, DAMAGED, MISSING = (
    PackageFault.AMBIGUOUS,
    PackageFault.DAMAGED,
    PackageFault.MISSING_PART,
)
UNSAFE = PackageFault.UNSAFE_PATH
_ONE = '<sheet name="S" sheetId="1" r:id="rId1"/>'
_TO_SHEET = link("rId1", "worksheet", "worksheets/sheet1.xml")
_TO_STRINGS = link("rId2", "sharedStrings", "sharedStrings.xml")
_ROOT = link("rId1", "officeDocument", "xl/workbook.xml")
_PROPERTIES = (
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
)


def _target(target: str, mode: str = "") -> Builder:
    return with_part(BOOK_LINKS, links(link("rId1", "worksheet", target, mode)))


def _named(first: str, second: str) -> Builder:
    """Two sheets of these names, each with its part."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in ((1, first), (2, second))
    )
    to_parts = [link(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in (1, 2)]
    changes = {
        BOOK: book(listed),
        BOOK_LINKS: links(*to_parts),
        STRINGS: None,
        STYLES: None,
        "xl/worksheets/sheet2.xml": sheet(""),
    }
    return lambda: workbook(changes)


def _names(*entries: tuple[str, str]) -> Builder:
    listed = "".join(f'<definedName name="{name}">{text}</definedName>' for name, text in entries)
    return with_part(BOOK, book(rest=f"<definedNames>{listed}</definedNames>"))


def _custom(*entries: tuple[str, str]) -> Builder:
    listed = "".join(
        f'<property name="{name}" pid="2"><vt:lpwstr>{text}</vt:lpwstr></property>'
        for name, text in entries
    )
    changes = {
        ROOT_LINKS: links(_ROOT, link("rId2", "custom-properties", "docProps/custom.xml")),
        "docProps/custom.xml": f"<Properties {_PROPERTIES}>{listed}</Properties>",
    }
    return lambda: workbook(changes)


def _second_part(name: str, kind: str, content: str) -> Builder:
    """A second part with the content type of a first one, to which no relationship leads."""
    types = {BOOK: WORKBOOK_TYPE, SHEET: SHEET_TYPE, STRINGS: STRINGS_TYPE, STYLES: STYLES_TYPE}
    return lambda: workbook({CONTENT_TYPES: content_types({**types, name: kind}), name: content})


def _strings_elsewhere() -> bytes:
    """The relationship leads to one table of strings, the usual name to another."""
    changes = {
        "xl/strings2.xml": strings("<si><t>khác</t></si>"),
        BOOK_LINKS: links(_TO_SHEET, link("rId2", "sharedStrings", "strings2.xml")),
    }
    return workbook(changes)


def _prefixed() -> bytes:
    text = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>0.5</x:v></x:c>'
        '<x:c r="B1" t="inlineStr"><x:is><x:t>b</x:t></x:is></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    return workbook({SHEET: text})


def _strict() -> bytes:
    plain = parts()
    return pack(
        {
            name: str(content)
            .replace(MAIN, STRICT)
            .replace(LINKS, "http://purl.oclc.org/ooxml/officeDocument/relationships")
            for name, content in plain.items()
        }
    )


def _bare() -> bytes:
    """No strings, no styles, no theme, no properties."""
    changes = {
        CONTENT_TYPES: content_types({BOOK: WORKBOOK_TYPE}),
        BOOK_LINKS: links(_TO_SHEET),
        SHEET: sheet('<row r="1"><c r="A1" s="3"><v>0.5</v></c></row>'),
    }
    kept = parts(changes)
    return pack({name: kept[name] for name in (CONTENT_TYPES, ROOT_LINKS, BOOK, BOOK_LINKS, SHEET)})


_CHOICE = f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}">%s</mc:AlternateContent>'
_TYPE_TWICE = content_types({BOOK: WORKBOOK_TYPE}).replace(
    "</Types>", f'<Override PartName="/{BOOK.upper()}" ContentType="text/plain"/></Types>'
)
_TWO_STYLE_LISTS = styles({}, [0]).replace("</styleSheet>", "<cellXfs/></styleSheet>")
_STYLE_CHOICE = styles({}, [0]).replace("<xf ", f"{_CHOICE % '<xf/>'}<xf ", 1)

CASES: list[Case] = [
    refused("sheet-part-missing", _target("worksheets/sheet7.xml"), MISSING),
    refused("sheet-part-passwd", _target("/etc/passwd"), MISSING),
    refused("sheet-part-file-address", _target("file:///etc/passwd"), MISSING, "external part"),
    refused(
        "sheet-part-http", _target("http://127.0.0.1:9/s.xml", "External"), MISSING, "external part"
    ),
    refused("sheet-part-external", _target("sheet1.xml", "External"), MISSING, "external part"),
    refused("sheet-part-above", _target("../../etc/passwd"), UNSAFE, "relationship target"),
    refused("sheet-part-far-above", _target("../" * 40 + "etc/passwd"), UNSAFE),
    refused("sheet-part-backslash", _target("worksheets\\sheet1.xml"), UNSAFE),
    refused("sheet-part-empty", _target(""), MISSING),
    refused("sheet-id-unknown", with_part(BOOK, book(_ONE.replace("rId1", "rId9"))), MISSING),
    refused("sheet-id-absent", with_part(BOOK, book('<sheet name="S"/>')), MISSING),
    refused("sheet-is-strings", with_part(BOOK, book(_ONE.replace("rId1", "rId2"))), DAMAGED),
    refused(
        "sheet-state-unknown",
        with_part(BOOK, book(_ONE.replace("r:id", 'state="x" r:id'))),
        DAMAGED,
    ),
    refused("no-sheets", with_part(BOOK, book().replace(_ONE, "")), MISSING, "no sheets"),
    refused("no-workbook-relationships", with_part(BOOK_LINKS, None), MISSING),
    refused(
        "workbook-outside",
        with_part(ROOT_LINKS, links(link("a", "officeDocument", "http://x/"))),
        MISSING,
    ),
    refused("workbook-root-wrong", with_part(BOOK, f'<book xmlns="{MAIN}"/>'), DAMAGED),
    refused("workbook-no-namespace", with_part(BOOK, book().replace(MAIN, "urn:x")), DAMAGED),
    refused(
        "workbook-untyped", with_part(CONTENT_TYPES, content_types({})), PackageFault.OTHER_FORMAT
    ),
    refused("workbook-typed-twice", with_part(CONTENT_TYPES, _TYPE_TWICE), AMBIGUOUS),
    refused(
        "two-main-parts",
        with_part(ROOT_LINKS, links(_ROOT, _ROOT.replace("rId1", "rId2"))),
        AMBIGUOUS,
    ),
    refused("two-workbooks", _second_part("xl/workbook2.xml", WORKBOOK_TYPE, book()), AMBIGUOUS),
    refused("two-string-tables", _second_part("xl/s2.xml", STRINGS_TYPE, strings("")), AMBIGUOUS),
    refused("two-styles", _second_part("xl/s2.xml", STYLES_TYPE, styles({}, [14])), AMBIGUOUS),
    refused("strings-elsewhere", _strings_elsewhere, AMBIGUOUS),
    refused("strings-unlinked", with_part(BOOK_LINKS, links(_TO_SHEET)), AMBIGUOUS),
    refused(
        "strings-linked-twice",
        with_part(BOOK_LINKS, links(_TO_SHEET, _TO_STRINGS, _TO_STRINGS.replace("rId2", "rId4"))),
        AMBIGUOUS,
    ),
    refused("strings-missing", with_part(STRINGS, None), MISSING),
    refused("relationship-id-twice", with_part(BOOK_LINKS, links(_TO_SHEET, _TO_SHEET)), AMBIGUOUS),
    refused("sheet-name-twice", _named("Phiếu", "Phiếu"), AMBIGUOUS, "two sheets with one name"),
    refused("sheet-name-case", _named("Phiếu", "PHIẾU"), AMBIGUOUS, "two sheets with one name"),
    refused("sheet-name-decomposed", _named("Phiếu", "Phie\u0302\u0301u"), AMBIGUOUS),
    refused(
        "sheet-part-twice", with_part(BOOK, book(_ONE + _ONE.replace('"S"', '"T"'))), AMBIGUOUS
    ),
    refused("two-sheet-lists", with_part(BOOK, book(rest="<sheets/>")), AMBIGUOUS),
    refused("choice-of-sheets", with_part(BOOK, book(rest=_CHOICE % "<sheets/>")), AMBIGUOUS),
    refused(
        "sheets-of-another-namespace",
        with_part(BOOK, book(rest='<sheets xmlns="urn:o"/>')),
        AMBIGUOUS,
    ),
    refused("defined-name-twice", _names(("token", "A"), ("token", "B")), AMBIGUOUS),
    refused("property-twice", _custom(("token", "A"), ("token", "B")), AMBIGUOUS),
    refused("two-style-lists", with_part(STYLES, _TWO_STYLE_LISTS), AMBIGUOUS),
    refused("choice-of-styles", with_part(STYLES, _STYLE_CHOICE), AMBIGUOUS),
    reads("sheet-names-differ", _named("Phiếu", "Phiêu")),
    reads("defined-name-repeated", _names(("token", "A"), ("token", "A"))),
    reads("property-repeated", _custom(("token", "A"), ("token", "A"))),
    reads(
        "targets-absolute",
        with_part(
            BOOK_LINKS,
            links(
                link("rId1", "worksheet", "/xl/worksheets/sheet1.xml"),
                link("rId2", "sharedStrings", "/xl/sharedStrings.xml"),
                link("rId3", "styles", "./../xl/styles.xml"),
            ),
        ),
    ),
    reads(
        "target-in-capitals",
        with_part(
            BOOK_LINKS,
            links(
                link("rId1", "worksheet", "Worksheets/SHEET1.xml"),
                link("rId2", "sharedStrings", "SharedStrings.xml"),
                link("rId3", "styles", "styles.xml"),
            ),
        ),
    ),
    reads("prefixed", _prefixed, {**CELLS, "B1": ("text", "b")}),
    reads("strict", _strict),
    reads("bare", _bare),
]
