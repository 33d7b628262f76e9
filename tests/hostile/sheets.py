"""Sheets that could be read in two ways, and odd ones that have only one meaning."""

from tests.hostile.build import (
    COMPATIBILITY,
    HALF,
    MAIN,
    SHEET,
    STRICT,
    STRINGS,
    STYLES,
    Builder,
    Case,
    Cells,
    pack,
    parts,
    reads,
    refused,
    sheet,
    strings,
    styles,
    with_cell,
    with_part,
    with_rows,
)
from xlscore.workbooks.package import PackageFault

AMBIGUOUS, DAMAGED = PackageFault.AMBIGUOUS, PackageFault.DAMAGED
BOMB = PackageFault.BOMB
_ONE = "<v>1</v>"
_CHOICE = (
    f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}">'
    "<mc:Choice>%s</mc:Choice></mc:AlternateContent>"
)
_OTHER = 'xmlns:o="urn:other"'


def _double(name: str, rows: str, what: str = "", before: str = "", after: str = "") -> Case:
    return refused(name, with_rows(rows, before, after), AMBIGUOUS, what)


def _row(content: str, attributes: str = 'r="1"') -> str:
    return f"<row {attributes}>{content}</row>"


def _reference(reference: str) -> Builder:
    return with_rows(_row(f'<c r="{reference}">{_ONE}</c>'))


def _value(text: str, attributes: str = "") -> Builder:
    return with_cell(attributes, f"<v>{text}</v>")


def _one(kind: str, value: str) -> Cells:
    return {"A1": (kind, value)}


def _string(items: str) -> Builder:
    changes = {STRINGS: strings(items), SHEET: sheet(_row('<c r="A1" t="s"><v>0</v></c>'))}
    return lambda: pack(parts(changes))


def _styled(code: str) -> Builder:
    changes = {
        STYLES: styles({170: code}, [0, 170]),
        SHEET: sheet(_row('<c r="A1" s="1"><v>46347</v></c>')),
    }
    return lambda: pack(parts(changes))


_STRUCTURE = [
    _double("two-sheet-data", HALF, "more than one sheetData", after="<sheetData/>"),
    _double("sheet-data-inside", f"<sheetData>{HALF}</sheetData>"),
    _double("sheet-data-in-choice", HALF, before=_CHOICE % f"<sheetData>{HALF}</sheetData>"),
    _double("sheet-data-of-strict", HALF, after=f'<s:sheetData xmlns:s="{STRICT}"/>'),
    _double("sheet-data-elsewhere", HALF, after=f"<o:sheetData {_OTHER}>{HALF}</o:sheetData>"),
    _double("choice-of-rows", _CHOICE % HALF),
    _double("choice-of-cells", _row(_CHOICE % f'<c r="A1">{_ONE}</c>')),
    _double("choice-of-values", _row(f'<c r="A1">{_CHOICE % _ONE}</c>')),
    _double("row-of-another-namespace", f'<o:row {_OTHER} r="1"/>'),
    _double("namespace-changed-on-a-cell", _row(f'<c xmlns="urn:other" r="A1">{_ONE}</c>')),
    _double("namespace-changed-on-a-value", _row('<c r="A1"><v xmlns="urn:other">1</v></c>')),
    _double("row-twice", HALF * 2, "rows repeated or out of order"),
    _double("row-backwards", _row("", 'r="2"') + _row("", 'r="1"')),
    _double("row-implied-twice", _row("") + _row("", "") + _row("", 'r="2"')),
    _double("row-in-row", _row(_row("", 'r="2"'))),
    _double("row-in-cell", _row(f'<c r="A1">{_row("")}</c>')),
    _double("cell-outside-row", f'<c r="A1">{_ONE}</c>'),
    _double("cell-in-cell", _row(f'<c r="A1"><c r="B1">{_ONE}</c></c>')),
    _double("cell-twice", _row(f'<c r="A1">{_ONE}</c><c r="A1"><v>2</v></c>')),
    _double("cell-backwards", _row(f'<c r="B1">{_ONE}</c><c r="A1"><v>2</v></c>')),
    _double("cell-after-implied", _row(f'<c>{_ONE}</c><c r="A1"><v>2</v></c>')),
    _double("cell-of-another-row", _row(f'<c r="A2">{_ONE}</c>'), "a cell stands in another row"),
    _double("cell-of-a-row-without-number", _row(f'<c r="A5">{_ONE}</c>', "")),
    _double("cells-beyond-last-column", _row(f'<c r="XFD1"/><c>{_ONE}</c>')),
    _double("value-outside-cell", _row(_ONE)),
    _double("two-values", _row(f'<c r="A1">{_ONE}<v>2</v></c>'), "two values in a cell"),
    _double("two-formulas", _row(f'<c r="A1"><f>1</f><f>2</f>{_ONE}</c>')),
    _double("element-in-value", _row('<c r="A1"><v>1<b>2</b></v></c>')),
    _double("value-in-value", _row('<c r="A1"><v>1<v>2</v></v></c>')),
    _double("text-in-cell", _row('<c r="A1" t="inlineStr"><t>a</t></c>')),
    _double("inline-in-number", _row('<c r="A1"><is><t>1</t></is></c>')),
    _double("inline-and-value", _row(f'<c r="A1" t="inlineStr">{_ONE}<is><t>2</t></is></c>')),
    _double("inline-said-yet-value", _row(f'<c r="A1" t="inlineStr">{_ONE}</c>')),
    _double("two-inline", _row('<c r="A1" t="inlineStr"><is/><is><t>2</t></is></c>')),
    _double("inline-text-in-text", _row('<c t="inlineStr"><is><t>a<t>b</t></t></is></c>')),
    _double("inline-choice", _row(f'<c t="inlineStr"><is>{_CHOICE % "<t>a</t>"}</is></c>')),
    _double("extension-in-cell", _row(f'<c r="A1"><extLst>{_ONE}</extLst></c>')),
    refused("string-outside-item", _string("<t>a</t>"), AMBIGUOUS),
    refused("string-item-in-item", _string("<si><si><t>a</t></si></si>"), AMBIGUOUS),
    refused("string-choice", _string(_CHOICE % "<si><t>a</t></si>"), AMBIGUOUS),
    refused("no-sheet-data", with_part(SHEET, f'<worksheet xmlns="{MAIN}"/>'), DAMAGED),
    refused("root-of-another-kind", with_part(SHEET, f'<chartsheet xmlns="{MAIN}"/>'), DAMAGED),
    refused("root-without-namespace", with_part(SHEET, "<worksheet/>"), DAMAGED),
]

_BAD_REFERENCES = ("ZZZZZ99999999", "XFE1", "A1048577", "A0", "a1", "$A$1", "", "1A", "A-1", "Ａ1")
_BAD_ROWS = ("0", "-1", "x", "1048577", "1.0", "", "01", "99999999999999999999", "１")
_NO_NUMBERS = (
    "NaN",
    "INF",
    "-INF",
    "abc",
    "1e999",
    "0x10",
    "1_000",
    "１",
    "--1",
    "1,5",
    "1e1e1",
    "1e-9999",
)

_REFERENCES = [
    *(
        refused(f"reference-{text!r}", _reference(text), DAMAGED, "cell reference")
        for text in _BAD_REFERENCES
    ),
    *(
        refused(f"row-{text!r}", with_rows(_row("", f'r="{text}"')), DAMAGED, "row number")
        for text in _BAD_ROWS
    ),
    reads(
        "far-cell",
        with_rows(HALF + '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'),
        {"A1": ("number", "0.5"), "XFD1048576": ("number", "7")},
    ),
    reads(
        "implied-places",
        with_rows(_row(f"<c>{_ONE}</c><c/><c>{_ONE}</c>", "") + _row(f"<c>{_ONE}</c>", "")),
        {"A1": ("number", "1"), "C1": ("number", "1"), "A2": ("number", "1")},
    ),
    reads(
        "implied-after-given",
        with_rows(_row(f'<c r="AAB4">{_ONE}</c><c>{_ONE}</c>', 'r="4"')),
        {"AAB4": ("number", "1"), "AAC4": ("number", "1")},
    ),
    reads("dimension-lies", with_rows(HALF, before='<dimension ref="A1:XFD1048576"/>')),
    reads("merges-everything", with_rows(HALF, after='<mergeCell ref="A1:XFD1048576"/>')),
    reads(
        "shared-formula-everywhere",
        with_cell("", '<f t="shared" ref="A1:XFD1048576" si="0">1</f><v>0.5</v>'),
    ),
]

_VALUES = [
    *(reads(f"no-number-{text}", _value(text), _one("error", text)) for text in _NO_NUMBERS),
    *(
        reads(f"number-{text}", _value(text), _one("number", text))
        for text in (
            "1e3",
            "1E-7",
            "+.5",
            "-0",
            "007",
            "5.",
            "0.1000000000000000055511151231257827",
        )
    ),
    reads("number-with-space", _value(" \n1.5\t"), _one("number", "1.5")),
    reads("number-in-pieces", _value("1.<!-- 9 --><![CDATA[5]]>&#48;"), _one("number", "1.50")),
    reads("number-of-400-digits", _value("9" * 400), _one("error", "9" * 400)),
    reads("no-number-slowly", _value("1" * 90_000 + "x"), _one("error", "1" * 90_000 + "x")),
    reads("true", _value("1", 't="b"'), _one("boolean", "TRUE")),
    reads("false-in-words", _value("false", 't="b"'), _one("boolean", "FALSE")),
    reads("truth-two", _value("2", 't="b"'), _one("error", "2")),
    reads("error-na", _value("#N/A", 't="e"'), _one("error", "#N/A")),
    reads("error-spill", _value("#SPILL!", 't="e"'), _one("error", "#SPILL!")),
    reads("iso-date", _value("2026-11-21", 't="d"'), _one("date", "2026-11-21")),
    reads("date-style", _value("46347", 's="1"'), _one("date", "46347")),
    reads("negative-date", _value("-1", 's="1"'), _one("date", "-1")),
    reads("empty-value", with_cell("", "<v/>"), {}),
    reads("empty-string-cell", with_cell('t="s"', "<v></v>"), {}),
    reads("formula-without-value", with_cell("", "<f>A2</f>"), _one("blank", "")),
    reads("formula-with-empty-value", with_cell("", "<f>A2</f><v/>"), _one("blank", "")),
    reads("formula-with-empty-text", with_cell('t="str"', "<f>A2</f><v></v>"), _one("text", "")),
    reads("formula-text", with_cell('t="str"', "<f>A2</f><v> a </v>"), _one("text", " a ")),
    refused("unknown-type", _value("1", 't="x"'), DAMAGED, "cell type"),
    *(
        refused(f"string-index-{text}", _value(text, 't="s"'), DAMAGED, "shared string index")
        for text in ("1", "-1", "0.0", "x", "99999999999999999999", "０")
    ),
    reads("string-index-with-space", _value(" 0 ", 't="s"'), _one("text", "chuỗi")),
    reads("string-index-with-zero", _value("00", 't="s"'), _one("text", "chuỗi")),
    *(
        refused(f"style-index-{text}", _value("1", f's="{text}"'), DAMAGED, "style index")
        for text in ("4", "-1", "x", "99999999999")
    ),
    reads("style-index-with-zero", _value("46347", 's="01"'), _one("date", "46347")),
    reads(
        "numbers-beside-text",
        with_rows(_row(f"stray<c r='A1'>9{_ONE}9</c>9") + "9"),
        _one("number", "1"),
    ),
]

_TEXTS = {
    "plain": ("<si><t>a</t></si>", "a"),
    "runs": ("<si><r><t>Kịp </t></r><r><rPr><b/></rPr><t>thời</t></r></si>", "Kịp thời"),
    "phonetic": ("<si><t>漢</t><rPh sb='0' eb='1'><t>かん</t></rPh><phoneticPr/></si>", "漢"),
    "decomposed": ("<si><t>D\u0323a\u0306k</t></si>", "Ḍăk"),
    "composed-over-runs": ("<si><r><t>a</t></r><r><t>\u0301</t></r></si>", "á"),
    "escape": ("<si><t>a_x0041_b</t></si>", "aAb"),
    "escaped-escape": ("<si><t>_x005F_x0041_</t></si>", "_x0041_"),
    "half-character": ("<si><t>_xD83D_</t></si>", "\ufffd"),
    "other-half": ("<si><t>a_xDE00_b</t></si>", "a\ufffdb"),
    "two-halves": ("<si><t>_xD83D__xDE00_</t></si>", "😀"),
    "no-character": ("<si><t>_xFFFF__xFFFE_</t></si>", "\ufffd\ufffd"),
    "control": ("<si><t>a_x0000__x0007__x001B_b_x0009__x000A_c</t></si>", "ab\t\nc"),
    "carriage-return": ("<si><t>a_x000D_\nb&#13;</t></si>", "a\nb"),
    "spaces": ("<si><t xml:space='preserve'> a\u00a0 </t></si>", " a\u00a0 "),
    "formula-like": ("<si><t>=1+1</t></si>", "=1+1"),
    "between-elements": ("<si>x<t>a</t>y</si>", "a"),
}

_FORMATS = {
    "dd/mm/yyyy": "date",
    "[h]:mm": "date",
    "[$-42A]dd mmmm": "date",
    "m&quot;x&quot;": "date",
    "General": "number",
    "0.00": "number",
    "[Red]0": "number",
    "0&quot; ngày, tháng&quot;": "number",
    "0\\d": "number",
    "0_d": "number",
    "* 0": "number",
    "#,##0 [$₫-42A]": "number",
    "0.00E+00": "number",
    "&quot;unclosed d": "number",
}

_EXCEL_ROOT = (
    f'<worksheet xmlns="{MAIN}" xmlns:r="urn:r" xmlns:mc="{COMPATIBILITY}" mc:Ignorable="x14ac" '
    'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
)
_ROOTS = [
    reads(
        "root-of-excel",
        with_part(SHEET, f"{_EXCEL_ROOT}<sheetData>{HALF}</sheetData></worksheet>"),
    ),
    reads(
        "two-prefixes-of-one-namespace",
        with_part(
            SHEET,
            f'<worksheet xmlns="{MAIN}" xmlns:m="{MAIN}"><m:sheetData><row r="1"><m:c r="A1">'
            "<v>0.5</v></m:c></row></m:sheetData></worksheet>",
        ),
    ),
    reads(
        "prefix-declared-below-the-root",
        with_part(
            SHEET,
            f'<worksheet xmlns="{MAIN}"><m:sheetData xmlns:m="{MAIN}">{HALF}</m:sheetData>'
            "</worksheet>",
        ),
    ),
    reads("namespace-named-in-a-comment", with_rows(HALF, before="<!-- xmlns -->")),
    refused(
        "default-namespace-is-another",
        with_part(
            SHEET,
            f'<x:worksheet xmlns:x="{MAIN}" xmlns="urn:o"><sheetData>{HALF}</sheetData>'
            "</x:worksheet>",
        ),
        AMBIGUOUS,
    ),
]

_FORMULAS = [
    refused("formula-too-long", with_cell("", f"<f>{'a' * 8_193}</f>"), BOMB, "formula length"),
    reads("formula-of-full-length", with_cell("", f"<f>{'a' * 8_191}(</f>"), _one("blank", "")),
]

CASES: list[Case] = [
    *_FORMULAS,
    *_STRUCTURE,
    *_ROOTS,
    *_REFERENCES,
    *_VALUES,
    *(
        reads(f"text-{key}", _string(items), _one("text", text))
        for key, (items, text) in _TEXTS.items()
    ),
    reads("text-empty", _string("<si><t/></si>"), {}),
    reads(
        "inline-runs",
        with_cell(
            't="inlineStr"', "<is><r><t>a</t></r><rPh><t>x</t></rPh><r><t>_x0041_</t></r></is>"
        ),
        _one("text", "aA"),
    ),
    *(
        reads(f"format-{code}", _styled(code), _one(kind, "46347"))
        for code, kind in _FORMATS.items()
    ),
]
