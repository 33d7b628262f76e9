"""Who saved a file: a spreadsheet program, or a hand or a library; what is told in the files of either."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.editions import House, Workbook, codes, notes
from tests.office import (
    needs_gnumeric,
    needs_libreoffice,
    recalculate_with_libreoffice,
    resave_with_gnumeric,
)
from xlscore.findings import message
from xlscore.verifying.cells import is_all_new, saved_again
from xlscore.workbooks.dump import Change, Difference, Dump, DumpCell, SheetDump, compare, read_dump
from xlscore.workbooks.members import deflate, read_members, replace_members, write_members

STANDING = "XH Cấp so"
BOOK, STYLES, APP = "xl/workbook.xml", "xl/styles.xml", "docProps/app.xml"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = House.made(tmp_path_factory.mktemp("made") / "campaign")
    made.rank()
    return made


@pytest.fixture(scope="module")
def book(house: House) -> Workbook:
    return Workbook.of(house.book)


def spaced(data: bytes) -> bytes:
    """Return the workbook with a space at the end of every part that programs write anew."""
    return replace_members(data, {
        m.name: m.content + b" " for m in read_members(data)
        if m.name.startswith("xl/worksheets/sheet") or m.name in {BOOK, STYLES, APP}
    })  # fmt: skip


# --- who saved it -------------------------------------------------------------------------------------


def test_spaces_in_every_part_make_no_file_that_a_program_saved(
    house: House, book: Workbook, tmp_path: Path
) -> None:
    path = tmp_path / "tep.xlsx"
    path.write_bytes(spaced(book.data))
    done = house.verify(path)
    assert ([f.code for f in done.findings], done.saved_again) == (["V053"], False)
    assert book.part(STANDING) in {one.sheet for one in done.differences}


def test_a_cell_changed_under_the_spaces_is_named_too(
    house: House, book: Workbook, tmp_path: Path
) -> None:
    sheet, address = book.find(lambda c: c.value == "Sở Tư pháp" and not c.formula, STANDING)
    changed = book.cell(sheet, address, lambda x: x.replace("Sở Tư pháp", "Sở Tự do"))
    path = tmp_path / "tep.xlsx"
    path.write_bytes(spaced(changed))
    assert codes(house.verify(path)) == {"V030", "V053"}


def test_what_a_library_saved_is_told_as_such(house: House, tmp_path: Path) -> None:
    path = tmp_path / "tep.xlsx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it loses
        openpyxl.load_workbook(house.book).save(path)
    done = house.verify(path)
    assert (codes(done), notes(done), done.saved_again) == ({"V053"}, set(), False)
    (found,) = (f for f in done.findings if f.code == "V053")
    assert "Openpyxl" in message(found, "vi")


# --- what a program leaves alone ------------------------------------------------------------------------


def _sub(pattern: str, new: str) -> Callable[[str], str]:
    return lambda xml: re.sub(pattern, new, xml, count=1)


def _column(letter_at: int) -> Callable[[str], str]:
    at = f'<col min="{letter_at}" max="{letter_at}"'
    return _sub(f'({at}) width="[^"]*"', r'\1 width="0.9"')


_PROMPT = (
    '<dataValidations count="1"><dataValidation type="whole" allowBlank="1" showInputMessage="1"'
    ' promptTitle="Chú ý" prompt="Số đúng: 99" sqref="C5"><formula1>0</formula1></dataValidation>'
    "</dataValidations><pageMargins"
)
_ON_SHEET: dict[str, tuple[Callable[[str], str], str]] = {
    "footer": (_sub("<oddFooter>.*</oddFooter>", "<oddFooter>&amp;CLần 7</oddFooter>"), "footer: C “Lần 7”"),
    "low row": (_sub('<row r="5"[^>]*>', '<row r="5" ht="2.1" customHeight="1">'), "5"),
    "narrow column": (_column(3), "C"),
    "formulas shown": (_sub("<sheetView ", '<sheetView showFormulas="1" '), "shows formulas"),
    "prompt": (_sub("<pageMargins", _PROMPT), "prompt: C5 Chú ý – Số đúng: 99"),
}  # fmt: skip
_IN_BOOK: dict[str, tuple[Callable[[str], str], str]] = {
    "dates": (_sub("<workbookPr ", '<workbookPr date1904="1" '), "1904"),
    "precision": (_sub("<calcPr ", '<calcPr fullPrecision="0" '), "as shown"),
    "name": (_sub("</definedNames>", '<definedName name="Tong">9</definedName></definedNames>'), "9"),
    "titles": (_sub(r"('XH Cấp so'!\$A:\$C,'XH Cấp so'!)\$4:\$4", r"\1$9:$9"), "print titles: 9:9, A:C"),
}  # fmt: skip
KINDS = {**_ON_SHEET, **_IN_BOOK}


def _with(book: Workbook, names: set[str]) -> bytes:
    parts = {book.part(STANDING): _ON_SHEET, BOOK: _IN_BOOK}
    changed = {}
    for part, kinds in parts.items():
        xml = book.xml(part)
        for name in kinds.keys() & names:
            before, xml = xml, kinds[name][0](xml)
            assert xml != before, name
        changed[part] = xml.encode()
    return replace_members(book.data, changed)


def _told(differences: list[Difference]) -> set[str]:
    said = {one.found for one in differences}
    return {name for name, (_, found) in KINDS.items() if found in said}


@pytest.mark.parametrize("name", KINDS)
def test_what_changes_a_page_or_a_figure_is_told_by_its_own_words(
    book: Workbook, name: str
) -> None:
    found = list(compare(book.dump, read_dump(_with(book, {name}))))
    assert _told(found) == {name}
    assert {one.change for one in found} <= {
        Change.OBJECT_ADDED, Change.OBJECT_GONE, Change.ROWS_HIDDEN, Change.COLUMNS_HIDDEN, Change.SETTING,
    }  # fmt: skip


@pytest.mark.office
@needs_libreoffice
@needs_gnumeric
def test_it_is_told_when_a_program_has_saved_the_file_afterwards(
    book: Workbook, tmp_path: Path
) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(_with(book, set(KINDS) - {"dates"}))  # which shifts every date
    (office,) = recalculate_with_libreoffice([path], tmp_path / "out")
    other = resave_with_gnumeric(path, tmp_path / "g.xlsx")
    gone = {}
    for saved in (office, other):
        dump = read_dump(saved.read_bytes())
        assert saved_again(book.dump, dump)
        gone[saved.name] = set(KINDS) - _told(list(compare(book.dump, dump)))
    # What a program has not kept is no longer in the file, and harms nobody.
    assert gone == {
        "r.xlsx": {"dates", "formulas shown", "precision"},
        "g.xlsx": {"dates", "titles", "precision"},
    }


# --- what hides in styles and drawings ------------------------------------------------------------------


def _shared(book: Workbook, content: str) -> bytes:
    """Return the workbook with a unit's name in a shared string."""
    sheet, address = book.find(lambda c: c.value == "Sở Tư pháp" and not c.formula, STANDING)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Id="rId888" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    types = (
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    data = book.cell(sheet, address, lambda _: f'<c r="{address}" t="s"><v>0</v></c>')
    other = Workbook(data, book.dump)
    data = replace_members(data, {
        "xl/_rels/workbook.xml.rels": other.xml("xl/_rels/workbook.xml.rels")
        .replace("</Relationships>", link).encode(),
        "[Content_Types].xml": other.xml("[Content_Types].xml").replace("</Types>", types).encode(),
    })  # fmt: skip
    strings = f"{_SST}<si>{content}</si></sst>".encode()
    return write_members([*read_members(data), deflate("xl/sharedStrings.xml", strings)])


_SST = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


@pytest.mark.parametrize(
    ("run", "unseen"),
    [
        ('<color rgb="FFFFFFFF"/>', True),
        ('<sz val="1"/>', True),
        ('<color rgb="FFFF0000"/>', False),
    ],
)
def test_a_part_of_a_text_that_cannot_be_seen_is_told(
    book: Workbook, run: str, unseen: bool
) -> None:  # fmt: skip
    text = f"<r><t>Sở </t></r><r><rPr>{run}</rPr><t>Tư pháp</t></r>"
    found = [
        (one.change, one.found)
        for one in compare(book.dump, read_dump(_shared(book, text)))
        if one.change is not Change.FORMAT
    ]
    assert found == [(Change.VALUE, "Sở Tư pháp [unseen]")] * unseen


_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_MAIN = "http://schemas.microsoft.com/office/excel/2006/main"


def test_a_conditional_format_that_brings_its_own_style_is_told(book: Workbook) -> None:
    rule = (
        f'<extLst><ext xmlns:x14="{_X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
        f'<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="{_MAIN}">'
        '<x14:cfRule type="expression" priority="9" id="{1}"><xm:f>TRUE</xm:f><x14:dxf><font>'
        '<color rgb="FFFFFFFF"/></font></x14:dxf></x14:cfRule><xm:sqref>C5:C9</xm:sqref>'
        "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>"
    )
    part = book.part("Cách tính")
    data = book.put(part, lambda x: x.replace("</worksheet>", rule))
    (found,) = compare(book.dump, read_dump(data))
    assert found.found == "conditional format: C5:C9 → unseen"


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        ("<xdr:oneCellAnchor>{0}<xdr:ext cx='9' cy='9'/>{1}</xdr:oneCellAnchor>", "floating: B5"),
        ("<xdr:absoluteAnchor><xdr:pos x='0' y='0'/>{1}</xdr:absoluteAnchor>", "floating: ?"),
    ],
)
def test_a_thing_that_is_tied_to_one_cell_or_none_is_told(
    book: Workbook, anchor: str, said: str
) -> None:
    corner = "<xdr:from><xdr:col>1</xdr:col><xdr:row>4</xdr:row></xdr:from>"
    anchor = anchor.format(corner, '<xdr:sp textlink=""/>')
    drawing = next(p for p in book.dump.sheet_of if re.fullmatch(r"xl/drawings/drawing\d+\.xml", p))
    data = book.put(drawing, lambda x: x.replace("</xdr:wsDr>", f"{anchor}</xdr:wsDr>"))
    assert [one.found for one in compare(book.dump, read_dump(data))] == [said, "shape"]


@pytest.mark.parametrize(
    "nested",
    [
        "<oddHeader><dataValidation sqref='A1'>x</dataValidation>y</oddHeader>",
        "<dataValidation type='list'><formula1><dataValidation/>x</formula1></dataValidation>",
        "<conditionalFormatting><dxf><sqref>x</sqref></dxf><oddFooter>y</oddFooter></conditionalFormatting>",
    ],
)
def test_elements_in_one_another_are_read(book: Workbook, nested: str) -> None:
    data = book.put(
        book.part(STANDING), lambda x: x.replace("</worksheet>", f"{nested}</worksheet>")
    )
    assert read_dump(data).sheets[2].cells == book.dump.sheets[2].cells


def test_rows_too_low_by_default_are_told(book: Workbook) -> None:
    data = book.put(
        book.part(STANDING), _sub("<sheetFormatPr [^>]*/>", '<sheetFormatPr zeroHeight="1"/>')
    )
    assert [one.found for one in compare(book.dump, read_dump(data))] == ["hides by default"]


def test_words_about_things_beside_the_cells_are_vietnamese(
    house: House, book: Workbook, tmp_path: Path
) -> None:
    path = tmp_path / "tep.xlsx"
    path.write_bytes(_with(book, {"footer", "prompt", "formulas shown", "titles", "precision"}))
    said = [message(f, "vi") for f in house.verify(path).findings]
    text = "\n".join(said)
    for words in ("chân trang: C “Lần 7”", "lời nhắc khi nhập: C5", "hiện công thức thay cho giá trị",
                  "hàng, cột lặp lại khi in: 9:9", "“độ chính xác khi tính”"):  # fmt: skip
        assert words in text
    assert not re.search(r"footer:|prompt:|shows formulas|print titles|precision", text)


@pytest.mark.parametrize(
    ("frozen", "found", "differs"),
    [("#0", "0.00", False), ("#0", "0", True), ("0.000", "0.00", True), ("General", "0.00", False)],
)
def test_a_formula_may_take_over_the_format_of_the_cell_that_it_shows(
    frozen: str, found: str, differs: bool
) -> None:  # fmt: skip
    """LibreOffice gives a formula without a format that of the cell that it refers to."""

    def dump(code: str) -> Dump:
        cells = {(1, 1): DumpCell("number", "85.795", "", "0.00"),
                 (1, 2): DumpCell("number", "85.795", "A1", code)}  # fmt: skip
        return Dump((SheetDump("S", "visible", cells),), {}, {}, "", False, False, {}, {}, {})

    changes = [one.change for one in compare(dump(frozen), dump(found))]
    assert changes == [Change.FORMAT] * differs


def test_a_file_is_only_all_new_where_every_part_is(book: Workbook) -> None:
    one = read_dump(replace_members(book.data, {STYLES: book.xml(STYLES).encode() + b" "}))
    assert (is_all_new(book.dump, one), saved_again(book.dump, one)) == (False, False)
