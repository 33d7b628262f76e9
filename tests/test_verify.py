"""`xlscore verify`: what was touched is found, by code and address; what was not is left in peace."""

from __future__ import annotations

import json
import re
import sqlite3
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from tests.editions import NOW, House, Workbook, codes, edited_settings, notes
from tests.office import (
    needs_gnumeric,
    needs_libreoffice,
    recalculate_with_libreoffice,
    resave_with_gnumeric,
)
from xlscore.blobs import blob_path
from xlscore.cli import cli
from xlscore.editions import FileKind, Reopened, basis_from_json
from xlscore.editions.printing import Printed
from xlscore.findings import message
from xlscore.intake import judging
from xlscore.ledger import EditionFile, open_ledger
from xlscore.verifying import Step, Verified, verify
from xlscore.verifying.recomputing import written_again
from xlscore.workbooks.dump import Change, Dump, compare, formulas, read_digests, read_dump
from xlscore.workbooks.dump.formulas import Table, canonical_formula, moved
from xlscore.workbooks.dump.looks import look
from xlscore.workbooks.members import deflate, read_members, replace_members, write_members
from xlscore.workspace import Workspace

UNIT = "Sở Tư pháp"
STANDING = "XH Cấp so"
INLINE = '<c r="{0}" t="inlineStr"><is><t>{1}</t></is></c>'


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A campaign with two editions, the first with its public version."""
    house = House.made(tmp_path_factory.mktemp("made") / "campaign")
    house.rank(public=True)
    house.send("STC", "0.5", NOW + timedelta(days=1, hours=1))
    house.rank(2)
    return house


@pytest.fixture
def house(template: House, tmp_path: Path) -> House:
    return template.copied(tmp_path / "campaign")


@pytest.fixture(scope="module")
def book(template: House) -> Workbook:
    return Workbook.of(template.book)


def verified(house: House, data: bytes, name: str = "tep.xlsx") -> Verified:
    path = house.root.parent / name
    path.write_bytes(data)
    return house.verify(path)


def places(done: Verified) -> set[tuple[str, str]]:
    """Return code and address of what speaks against a file."""
    return {(f.code, f"{f.sheet}!{f.cell}" if f.cell else "") for f in done.findings
            if f.code in codes(done)}  # fmt: skip


# --- what was not touched -----------------------------------------------------------------------------


def test_every_file_of_an_edition_verifies(template: House) -> None:
    for path in sorted((template.root / "reports").iterdir()):
        done = template.verify(path)
        assert (codes(done), done.identical, done.holds) == (set(), True, True), path.name
        assert set(done.steps) == set(Step)


def test_an_earlier_edition_says_that_there_is_a_newer_one(template: House) -> None:
    done = template.verify(template.book)
    assert (done.edition, done.kind, notes(done)) == (1, "workbook", {"V007"})


@pytest.mark.office
@needs_libreoffice
def test_a_workbook_that_libreoffice_saved_unchanged_verifies(
    template: House, tmp_path: Path
) -> None:
    public = template.book.with_name(template.book.name.replace("xep-hang", "cong-bo"))
    for path in recalculate_with_libreoffice([template.book, public], tmp_path / "out"):
        done = template.verify(path)
        assert (codes(done), done.differences) == (set(), []), path.name
        assert (done.identical, notes(done)) == (False, {"V007", "V051"})
        assert done.saved_by.startswith("LibreOffice")
        assert done.saved_again
    said = CliRunner().invoke(cli, ["verify", "-C", str(template.root), str(path)])
    assert (said.exit_code, "Tất cả đều khớp" in said.stdout) == (0, False)


@pytest.mark.office
@needs_gnumeric
def test_a_workbook_that_gnumeric_saved_unchanged_differs_in_what_gnumeric_loses(
    template: House, tmp_path: Path
) -> None:
    done = template.verify(resave_with_gnumeric(template.book, tmp_path / "tep.xlsx"))
    lossy = {d.sheet for d in done.differences}
    assert all(sheet.startswith("Độ vững") for sheet in lossy), done.differences
    assert codes(done) <= {"V045", "V046"}
    assert done.saved_again


# --- a touched file -----------------------------------------------------------------------------------

Touch = Callable[[Workbook], tuple[bytes, set[tuple[str, str]]]]
TOUCHES: dict[str, Touch] = {}


def touch(function: Touch) -> Touch:
    TOUCHES[function.__name__] = function
    return function


def _replaced(
    book: Workbook, sheet: str, address: str, old: str, new: str, code: str
) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.cell(sheet, address, lambda xml: re.sub(old, new, xml, count=1))
    return data, {(code, f"{sheet}!{address}")}


@touch
def changed_figure(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    sheet, address = book.find(lambda c: c.kind == "number" and not c.formula, "Điểm – Cấp so")
    return _replaced(book, sheet, address, r"<v>.*</v>", "<v>1.75</v>", "V030")


@touch
def formula_replaced_by_its_value(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    sheet, address = book.find(lambda c: c.formula != "" and c.kind == "number", STANDING)
    return _replaced(book, sheet, address, r"<f[ >].*</f>|<f>.*</f>", "", "V031")


@touch
def changed_formula_with_the_same_value(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    sheet, address = book.find(lambda c: c.formula.startswith("IF($I"), STANDING)
    return _replaced(book, sheet, address, r"</f>", "+0</f>", "V031")


@touch
def changed_cached_value_only(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    sheet, address = book.find(lambda c: c.formula.startswith("IF($I"), STANDING)
    return _replaced(book, sheet, address, r"<v>.*</v>", "<v>99.5</v>", "V032")


@touch
def text_for_a_number(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    sheet, address = book.find(lambda c: c.kind == "number" and not c.formula, "Điểm – Cấp so")
    value = next(c.value for s in book.dump.sheets if s.name == sheet
                 for p, c in sorted(s.cells.items()) if c.kind == "number" and not c.formula)  # fmt: skip
    data = book.cell(sheet, address, lambda _: INLINE.format(address, value))
    return data, {("V033", f"{sheet}!{address}")}


@touch
def changed_unit_name(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    sheet, address = book.find(lambda c: c.value == UNIT and not c.formula, STANDING)
    return _replaced(book, sheet, address, UNIT, "Sở Tự do", "V030")


@touch
def changed_text_of_the_method(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    sheet, address = book.find(lambda c: "xếp loại" in c.value.lower(), "Cách tính")
    data = book.cell(sheet, address, lambda _: INLINE.format(address, "khác"))
    return data, {("V030", f"{sheet}!{address}")}


@touch
def changed_provenance(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    sheet, address = book.find(lambda c: c.value.startswith("SHA-256"), "Nguồn gốc")
    return _replaced(book, sheet, address, "SHA-256 .{8}", "SHA-256 00000000", "V030")


@touch
def changed_head(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    head = book.dump.properties["xlscore-head"]
    sheet, address = book.find(lambda c: c.value == head, "Nguồn gốc")
    data = book.cell(sheet, address, lambda xml: xml.replace(head, "0" * 64))
    return data, {("V030", f"{sheet}!{address}"), ("V011", "")}


def _rows(book: Workbook) -> tuple[str, str, str]:
    sheet = book.find(lambda c: c.value == UNIT, "Điểm – Cấp so")[0]
    part = book.part(sheet)
    rows = re.findall(r'<row r="\d+".*?</row>', book.xml(part), re.DOTALL)
    return part, *[row for row in rows if "<t>STP</t>" in row or "<t>STC</t>" in row][:2]


def _renumbered(row: str, number: str) -> str:
    return re.sub(r'r="([A-Z]*)\d+"', rf'r="\g<1>{number}"', row)


@touch
def swapped_rows(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    part, first, second = _rows(book)
    numbers = [re.search(r'r="(\d+)"', row)[1] for row in (first, second)]  # type: ignore[index]
    data = book.put(
        part,
        lambda xml: (
            xml.replace(first, "@")
            .replace(second, _renumbered(first, numbers[1]))
            .replace("@", _renumbered(second, numbers[0]))
        ),
    )
    formula = next(
        address
        for _, address in book.all(lambda c: c.formula != "", "Điểm – Cấp so")
        if re.fullmatch(f"[A-Z]+{numbers[0]}", address)
    )
    moved_along = {("V031", f"Điểm – Cấp so!{formula}")}  # first of many
    return data, {("V030", f"Điểm – Cấp so!A{n}") for n in numbers} | moved_along


@touch
def deleted_row(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    part, first, _ = _rows(book)
    number = re.search(r'r="(\d+)"', first)[1]  # type: ignore[index]
    return book.put(part, lambda xml: xml.replace(first, "")), {
        ("V036", f"Điểm – Cấp so!A{number}")
    }


@touch
def added_row(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    part, first, _ = _rows(book)
    data = book.put(part, lambda xml: xml.replace("</sheetData>",
                    _renumbered(first, "900") + "</sheetData>"))  # fmt: skip
    return data, {("V035", "Điểm – Cấp so!A900")}


@touch
def added_cell(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    part = book.part("Cách tính")
    row = '<row r="900">' + INLINE.format("B900", "Bổ sung") + "</row></sheetData>"
    return book.put(part, lambda x: x.replace("</sheetData>", row)), {("V035", "Cách tính!B900")}


def _listing(book: Workbook, change: Callable[[str], str]) -> bytes:
    return book.put("xl/workbook.xml", change)


@touch
def deleted_sheet(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = _listing(book, lambda x: re.sub(r'<sheet name="Phát hiện"[^>]*/>', "", x))
    return data, {("V037", ""), ("V047", "")}


@touch
def added_sheet(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    link = f'<Relationship Id="rId999" Type="{kind}" Target="worksheets/more.xml"/></Relationships>'
    listed = '<sheet name="Thêm" sheetId="999" r:id="rId999"/></sheets>'
    data = replace_members(book.data, {
        "xl/workbook.xml": book.xml("xl/workbook.xml").replace("</sheets>", listed).encode(),
        "xl/_rels/workbook.xml.rels": book.xml("xl/_rels/workbook.xml.rels")
        .replace("</Relationships>", link).encode(),
        "[Content_Types].xml": book.xml("[Content_Types].xml").replace("</Types>",
            '<Override PartName="/xl/worksheets/more.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/></Types>').encode(),
    })  # fmt: skip
    sheet = ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
             "<sheetData/></worksheet>")  # fmt: skip
    data = write_members([*read_members(data), deflate("xl/worksheets/more.xml", sheet.encode())])
    return data, {("V038", ""), ("V047", "")}


@touch
def renamed_sheet(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = _listing(
        book,
        lambda x: x.replace('name="Phát hiện"', 'name="Phát hiện khác"').replace(
            "'Phát hiện'!", "'Phát hiện khác'!"
        ),
    )
    return data, {("V039", ""), ("V047", "")}


@touch
def hidden_sheet(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = _listing(
        book, lambda x: x.replace('name="Phát hiện"', 'name="Phát hiện" state="hidden"')
    )
    return data, {("V040", ""), ("V047", "")}


@touch
def sheets_in_another_order(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    def change(xml: str) -> str:
        listed = re.findall(r"<sheet [^>]*/>", xml)
        return xml.replace(listed[-1], "").replace("<sheets>", f"<sheets>{listed[-1]}")

    return _listing(book, change), {("V042", ""), ("V047", "")}


@touch
def hidden_row(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    sheet, address = book.find(lambda c: c.value == UNIT, STANDING)
    number = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    part = book.part(sheet)
    data = book.put(
        part, lambda x: x.replace(f'<row r="{number}"', f'<row r="{number}" hidden="1"')
    )
    return data, {("V043", f"{sheet}!A{number}")}


@touch
def hidden_column(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    part = book.part("Cách tính")
    data = book.put(
        part, lambda x: x.replace('<col min="1" max="1"', '<col min="1" max="1" hidden="1"')
    )
    return data, {("V044", "Cách tính!A1")}


@touch
def number_format_that_hides_decimals(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    sheet, address = book.find(lambda c: c.format == "0.00" and "." in c.value, STANDING)
    return _replaced(book, sheet, address, r' s="\d+"', ' s="0"', "V034")


@touch
def style_of_the_book(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    return book.put("xl/styles.xml", lambda x: x.replace("<b/>", "<i/>", 1)), {("V047", "")}


@touch
def conditional_format(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    for sheet in book.dump.sheets:
        part = book.part(sheet.name)
        if "<cfRule" in book.xml(part):
            return book.put(part, lambda x: x.replace('priority="1"', 'priority="9"', 1)), {
                ("V047", "")
            }
    raise AssertionError


@touch
def chart_pointing_elsewhere(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.put("xl/charts/chart1.xml", lambda x: re.sub(r"\$5:", "$6:", x))
    return data, {("V045", ""), ("V046", "")}


@touch
def changed_chart_title(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.put("xl/charts/chart1.xml", lambda x: x.replace("Chỉ số (%)", "Chỉ số", 1))
    return data, {("V045", ""), ("V046", "")}


def _chart(book: Workbook, pattern: str) -> str:
    charts = (m.name for m in read_members(book.data) if m.name.startswith("xl/charts/chart"))
    return next(name for name in charts if re.search(pattern, book.xml(name)))


@touch
def cut_off_axis(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.put(
        _chart(book, '<c:min val="0"/>'), lambda x: x.replace('<c:min val="0"', '<c:min val="60"')
    )
    return data, {("V045", ""), ("V046", "")}


@touch
def list_of_other_units(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    part = book.part("Hồ sơ – Cấp so")
    data = book.put(
        part, lambda x: re.sub(r"(<formula1>[^<]*\$)\d+</formula1>", r"\g<1>9</formula1>", x)
    )
    return data, {("V045", ""), ("V046", "")}


@touch
def link_to_another_sheet(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    part = book.part("Mục lục")
    data = book.put(
        part, lambda x: re.sub(r'location="[^"]*"', "location=\"'Cách tính'!A1\"", x, count=1)
    )
    return data, {("V045", ""), ("V046", "")}


@touch
def smaller_print_area(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    area = r"(\$A\$1:\$[A-Z]+\$)\d+(</definedName>)"
    return _listing(book, lambda x: re.sub(area, r"\g<1>2\2", x, count=1)), {
        ("V045", ""), ("V046", ""), ("V047", ""),
    }  # fmt: skip


@touch
def row_too_low_to_be_seen(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.put(
        book.part(STANDING),
        lambda x: re.sub(r'<row r="5"[^>]*>', '<row r="5" ht="0.5" customHeight="1">', x),
    )
    return data, {("V043", f"{STANDING}!A5")}


@touch
def column_without_width(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.put(
        book.part(STANDING),
        lambda x: re.sub(r'(<col min="3" max="3") width="[^"]*"', r'\1 width="0"', x),
    )
    return data, {("V044", f"{STANDING}!C1")}


@touch
def cells_merged_over_others(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.put(
        book.part(STANDING),
        lambda x: x.replace('<mergeCell ref="', '<mergeCell ref="C5:C6"/><mergeCell ref="', 1),
    )
    return data, {("V052", f"{STANDING}!C5")}


@touch
def changed_edition_number(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.put(
        "docProps/custom.xml", lambda x: re.sub(r'(name="xlscore-edition"><vt:\w+>)1', r"\g<1>2", x)
    )
    return data, {("V002", ""), ("V006", ""), ("V048", "")}


@touch
def edition_that_does_not_exist(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.put(
        "docProps/custom.xml", lambda x: re.sub(r'(name="xlscore-edition"><vt:\w+>)1', r"\g<1>7", x)
    )
    return data, {("V002", ""), ("V006", ""), ("V048", "")}


@touch
def another_author(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.put("docProps/core.xml", lambda x: x.replace("</dc:title>", " (sửa)</dc:title>"))
    return data, {("V047", "")}


@touch
def property_added(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    signed = '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="99" name="nguoi-ky">'
    made = f"{signed}<vt:lpwstr>Chủ tịch</vt:lpwstr></property></Properties>"
    return book.put("docProps/custom.xml", lambda x: x.replace("</Properties>", made)), {
        ("V047", "")
    }


@touch
def scope_changed(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    data = book.put("docProps/custom.xml", lambda x: x.replace(">full<", ">public<"))
    return data, {("V002", ""), ("V048", "")}


@touch
def of_another_campaign(book: Workbook) -> tuple[bytes, set[tuple[str, str]]]:
    campaign = book.dump.properties["xlscore-campaign"]
    data = book.put("docProps/custom.xml", lambda x: x.replace(f">{campaign}<", ">khac<"))
    return data, {("V005", "")}


@pytest.fixture(scope="module")
def recomputed() -> dict[tuple[int, FileKind], bytes]:
    return {}


@pytest.fixture
def written_once(
    recomputed: dict[tuple[int, FileKind], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Write the workbook of an edition anew once for all tests that touch a file, never the record."""

    def written(workspace: Workspace, opened: Reopened, kind: FileKind) -> bytes:
        key = opened.edition.number, kind
        if key not in recomputed:
            recomputed[key] = written_again(workspace, opened, kind)
        return recomputed[key]

    # The package gives the function of this name.
    module = import_module("xlscore.verifying.verify")
    monkeypatch.setattr(module, "written_again", written)


@pytest.mark.usefixtures("written_once")
@pytest.mark.parametrize("name", TOUCHES)
def test_a_touched_file_is_found_out(
    template: House, book: Workbook, name: str, tmp_path: Path
) -> None:
    data, expected = TOUCHES[name](book)
    path = tmp_path / "tep.xlsx"
    path.write_bytes(data)
    done = template.verify(path)
    found = places(done)
    assert expected <= found
    assert {code for code, _ in found} == {code for code, _ in expected}
    assert not done.holds
    if name != "of_another_campaign":
        assert done.edition == 1
        assert done.steps[Step.LEDGER] is (name != "changed_head")
        assert done.steps[Step.ARCHIVE]
        assert done.steps[Step.RECOMPUTATION]


def test_touching_the_shared_parts_does_not_hide_what_a_sheet_looks_like(
    template: House, book: Workbook, tmp_path: Path
) -> None:
    """Three spaces must not turn a forger's file into one that a program has saved again."""
    white = (
        '<conditionalFormatting sqref="A5:J9"><cfRule type="expression" dxfId="0" priority="99">'
    )
    rule = f"{white}<formula>TRUE</formula></cfRule></conditionalFormatting>"
    part = book.part(STANDING)
    looks = book.xml(part).replace("<conditionalFormatting", f"{rule}<conditionalFormatting", 1)
    assert rule in looks
    shared = ("xl/styles.xml", "xl/theme/theme1.xml", "docProps/app.xml", "xl/workbook.xml")
    touched = {name: book.xml(name).encode() + b" " for name in shared}
    path = tmp_path / "tep.xlsx"
    path.write_bytes(replace_members(book.data, {**touched, part: looks.encode()}))
    done = template.verify(path)
    assert (codes(done), done.saved_again) == ({"V047"}, False)
    assert part in {one.sheet for one in done.differences}


_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ANCHOR = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>3</xdr:row></xdr:from><xdr:to>"
    '<xdr:col>9</xdr:col><xdr:row>9</xdr:row></xdr:to><xdr:sp textlink="{0}"/></xdr:twoCellAnchor>'
)


def _linked(book: Workbook, kind: str, target: str, content: str) -> bytes:
    """Hang a part of this kind on the ranking sheet."""
    name = f"xl/worksheets/_rels/{book.part(STANDING).rpartition('/')[2]}.rels"
    link = f'<Relationship Id="rId777" Type="{_LINKS}/{kind}" Target="../{target}"/>'
    data = book.put(name, lambda x: x.replace("</Relationships>", f"{link}</Relationships>"))
    return write_members([*read_members(data), deflate(f"xl/{target}", content.encode())])


def _over(book: Workbook, shape: str) -> bytes:
    drawing = next(
        part
        for part, sheet in book.dump.sheet_of.items()
        if sheet == STANDING and re.fullmatch(r"xl/drawings/drawing\d+\.xml", part)
    )
    return book.put(drawing, lambda x: x.replace("</xdr:wsDr>", f"{shape}</xdr:wsDr>"))


def _in_chart(book: Workbook, pattern: str, old: str, new: str) -> bytes:
    return book.put(_chart(book, pattern), lambda x: re.sub(old, new, x, count=1))


_SAID = "<comment><text><t>Số đúng là 99</t></text></comment>"
_COMMENT = f"<comments><commentList>{_SAID}</commentList></comments>"
BY_HAND: dict[str, tuple[Callable[[Workbook], bytes], list[str]]] = {
    "comment": (
        lambda b: _linked(b, "comments", "comments1.xml", _COMMENT), ["comments: Số đúng là 99"],
    ),
    "embedded object": (
        lambda b: _linked(b, "oleObject", "embeddings/o.bin", "x"), ["oleObject: o.bin"],
    ),
    "picture behind": (lambda b: _linked(b, "image", "media/x.png", "x"), ["image: x.png"]),
    "shape without text": (
        lambda b: _over(b, _ANCHOR.format("")), ["over cells: C5", "shape"],
    ),
    "shape that shows a cell": (
        lambda b: _over(b, _ANCHOR.format("'Nguồn gốc'!$B$5")),
        ["over cells: C5", "shape: 'Nguồn gốc'!B5"],
    ),
    "another kind of chart": (
        lambda b: _in_chart(b, "barChart", "<c:barChart>(.*)</c:barChart>", r"<c:areaChart>\1</c:areaChart>"),
        ["chart: "],
    ),
    "axis in powers": (
        lambda b: _in_chart(b, "<c:valAx>", "(<c:valAx>.*?<c:scaling>)", r'\1<c:logBase val="10"/>'),
        ["chart: "],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_what_a_person_lays_over_a_sheet_is_told_whoever_saved_the_file(
    book: Workbook, name: str
) -> None:
    change, expected = BY_HAND[name]
    told = sorted(
        one.found
        for one in compare(book.dump, read_dump(change(book)))
        if one.change is Change.OBJECT_ADDED
    )
    assert len(told) == len(expected)
    assert all(one.startswith(wanted) for one, wanted in zip(told, expected, strict=True)), told


def test_figures_from_elsewhere_are_told(book: Workbook) -> None:
    link = f'<Relationship Id="rId777" Type="{_LINKS}/connections" Target="connections.xml"/>'
    data = book.put(
        "xl/_rels/workbook.xml.rels",
        lambda x: x.replace("</Relationships>", f"{link}</Relationships>"),
    )
    assert read_dump(data).has_external_links


def test_hundreds_of_changed_cells_make_one_finding_and_every_difference_is_listed(
    template: House, book: Workbook, tmp_path: Path
) -> None:
    part = book.part("Điểm – Cấp so")
    path = tmp_path / "tep.xlsx"
    path.write_bytes(book.put(part, lambda x: re.sub(r"<v>[^<]*</v></c>", "<v>0.123</v></c>", x)))
    done = template.verify(path)
    found = [f for f in done.findings if f.code == "V030"]
    assert len(found) == 1
    assert (
        f"{len([d for d in done.differences if d.change is Change.VALUE]) - 1} ô khác"
        in (found[0].params["more"])
    )


# --- a file that is not what it is said to be ---------------------------------------------------------


def test_an_old_edition_under_a_new_name_is_told(template: House, tmp_path: Path) -> None:
    path = tmp_path / template.book.name.replace("lan-1", "lan-2")
    path.write_bytes(template.book.read_bytes())
    done = template.verify(path)
    assert (codes(done), done.edition, done.identical) == ({"V004"}, 1, True)


def test_a_file_of_another_edition_than_wanted_is_told(template: House) -> None:
    assert codes(template.verify(template.book, 2)) == {"V003"}


def test_the_public_version_passed_off_as_the_full_one_is_told(
    template: House, tmp_path: Path
) -> None:
    public = Workbook.of(template.book.with_name(template.book.name.replace("xep-hang", "cong-bo")))
    path = tmp_path / "tep.xlsx"
    path.write_bytes(public.put("docProps/custom.xml", lambda x: x.replace(">public<", ">full<")))
    done = template.verify(path)
    assert (codes(done), done.kind) == ({"V002", "V048"}, FileKind.PUBLIC_WORKBOOK)


def test_a_file_that_says_nothing_is_known_by_its_content(
    template: House, book: Workbook, tmp_path: Path
) -> None:
    path = tmp_path / "tep.xlsx"
    path.write_bytes(book.put("docProps/custom.xml", lambda x: x.replace("xlscore-", "x-")))
    done = template.verify(path)
    assert (done.edition, codes(done)) == (1, {"V048"})


def test_a_draft_cannot_be_verified(house: House) -> None:
    from xlscore.publishing import publish

    draft = publish(house.workspace, NOW + timedelta(days=2), draft=True)
    assert codes(house.verify(draft.path)) == {"V009"}


def test_a_changed_page_is_told_without_cells(house: House) -> None:
    page = house.book.with_suffix(".html")
    page.write_bytes(page.read_bytes() + b" ")
    assert codes(house.verify(page)) == {"V008"}


@pytest.mark.parametrize(
    ("data", "why", "said"),
    [
        (b"", "empty", "tệp rỗng"),
        (b"rubbish", "csv-or-text", "chỉ là văn bản"),
        (b"PK\3\4rubbish", "damaged", "tệp hỏng hoặc chưa chép xong"),
    ],
)
def test_what_is_no_workbook_is_refused_by_name(
    template: House, tmp_path: Path, data: bytes, why: str, said: str
) -> None:
    path = tmp_path / "tep.xlsx"
    path.write_bytes(data)
    done = template.verify(path)
    (found,) = done.findings
    assert (found.code, found.entered, done.edition) == ("V013", why, 0)
    words = message(found, "vi")
    assert said in words
    assert "phiếu" not in words  # it need not be a form
    assert "xlscore rank --edition" in words


def test_a_bomb_is_refused_by_name(template: House, tmp_path: Path) -> None:
    path = tmp_path / "tep.xlsx"
    with ZipFile(template.book) as source, ZipFile(path, "w", 8) as bomb:
        for name in source.namelist():
            more = b" " * 400_000_000 if name == "xl/workbook.xml" else b""
            bomb.writestr(name, source.read(name) + more)
    assert [(f.code, f.entered) for f in template.verify(path).findings] == [("V013", "bomb")]


def test_a_macro_is_told(template: House, book: Workbook, tmp_path: Path) -> None:
    path = tmp_path / "tep.xlsx"
    macro = deflate("xl/vbaProject.bin", b"macro")
    path.write_bytes(write_members([*read_members(book.data), macro]))
    assert "V050" in codes(template.verify(path))


# --- ledger and archive -------------------------------------------------------------------------------


def _sql(house: House, *statements: str) -> None:
    with closing(sqlite3.connect(house.workspace.ledger_path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in rows.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0
        connection.commit()


LEDGER: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "changed answer": (
        ("UPDATE submissions SET card = replace(card, '\"2\"', '\"1\"') WHERE id = 1",),
        {"V010", "V060", "V062", "V063"},
    ),
    "changed status": (
        ("UPDATE submissions SET status = 'invalid' WHERE id = 1",),
        {"V010", "V062", "V063"},
    ),
    "changed event": (
        ("UPDATE events SET body = replace(body, 'STC', 'STP') WHERE kind = 'arrived'",),
        {"V010"},
    ),
    "changed basis": (
        ("UPDATE editions SET basis = json_set(basis, '$.arrival', 1) WHERE number = 1",),
        {"V010", "V062", "V063"},
    ),
    "changed cell digests": (
        ("UPDATE edition_files SET cells = '{}' WHERE id = 1",),
        {"V010"},
    ),
}


@pytest.mark.parametrize("name", LEDGER)
def test_a_touched_ledger_is_found_out(house: House, name: str) -> None:
    statements, expected = LEDGER[name]
    _sql(house, *statements)
    done = house.verify(house.book)
    assert (codes(done), done.steps[Step.FILE]) == (expected, True)


def test_a_truncated_ledger_is_found_out(house: House) -> None:
    with open_ledger(house.workspace.ledger_path) as ledger:
        last = ledger.events()[-1].seq
    _sql(house, f"DELETE FROM events WHERE seq > {last - 3}")  # noqa: S608  ours
    assert codes(house.verify(house.book)) == {"V010"}


def test_a_head_that_is_no_longer_in_the_log_is_told(house: House) -> None:
    journal = next((house.workspace.data / "journal").glob("*.jsonl"))
    journal.unlink()
    with open_ledger(house.workspace.ledger_path) as ledger:
        head = ledger.editions()[0].head
        (before,) = [e.seq for e in ledger.events() if e.hash == head]
    journal.unlink(missing_ok=True)
    _sql(house, f"DELETE FROM events WHERE seq = {before}")  # noqa: S608  ours
    assert {"V010", "V011"} <= codes(house.verify(house.book))


def _content(house: House, kind: str) -> Path:
    with open_ledger(house.workspace.ledger_path) as ledger:
        files = {f.kind: f.sha256 for f in ledger.edition_files(1)}
        edition = ledger.edition(1)
        assert edition is not None
        basis = basis_from_json(edition.basis)
        return_ = ledger.arrivals()[0].sha256
    digests = {"rubric": basis.inputs[2].sha256, "return": return_, **files}
    return blob_path(house.workspace.archive, digests[kind])


@pytest.mark.parametrize(
    ("kind", "removed", "altered"),
    [
        ("workbook", {"V020"}, {"V021"}),
        ("results", {"V020"}, {"V021"}),
        ("rubric", {"V020", "V065"}, {"V021", "V065"}),
        ("return", {"V020"}, {"V021", "V060"}),
    ],
)
def test_a_touched_archive_is_found_out(
    house: House, kind: str, removed: set[str], altered: set[str]
) -> None:
    path = _content(house, kind)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    done = house.verify(house.book)
    assert (codes(done), done.steps[Step.FILE]) == (altered, True)
    path.unlink()
    done = house.verify(house.book)
    assert (codes(done), done.steps[Step.FILE]) == (removed, True)


def test_with_the_frozen_file_gone_cells_are_named_by_the_recomputed_workbook(
    house: House, book: Workbook
) -> None:
    data, expected = changed_figure(book)
    _content(house, "workbook").unlink()
    found = places(verified(house, data))
    assert expected <= found
    assert {code for code, _ in found} == {"V020", "V030"}


def test_with_nothing_left_to_compare_with_the_sheet_is_named_by_its_digest(
    house: House, book: Workbook
) -> None:
    data, _ = changed_figure(book)
    _content(house, "workbook").unlink()
    _content(house, "rubric").unlink()
    done = verified(house, data)
    assert [f.sheet for f in done.findings if f.code == "V049"] == ["Điểm – Cấp so"]


def test_settings_that_changed_afterwards_are_told_and_the_edition_verifies(house: House) -> None:
    edited_settings(house.root, title="Kỳ khác")
    rubric = house.root / "rubrics" / "so.yaml"
    text = rubric.read_text("utf-8")
    rubric.write_text(text.replace('"1.1"', '"1.9"'), encoding="utf-8")
    done = house.verify(house.book)
    assert (codes(done), notes(done)) == (set(), {"V007", "V070"})
    assert [f.entered for f in done.findings if f.code == "V070"] == [
        "campaign.yaml", "rubrics/so.yaml",
    ]  # fmt: skip


def test_worker_processes_say_what_this_process_says_by_the_campaign_of_the_edition(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rubric = house.root / "rubrics" / "so.yaml"
    text = rubric.read_text("utf-8")
    rubric.write_text(
        text.replace("n1.1", "n1.9"), encoding="utf-8"
    )  # today's refuses every return
    _sql(house, *LEDGER["changed answer"][0])
    page = house.book.with_suffix(".html")
    alone = house.verify(page)
    monkeypatch.setattr(judging, "POOL_FROM", 1)
    told = house.verify(page)
    assert told.findings == alone.findings
    assert [f.entered for f in told.findings if f.code == "V060"] == ["1"]


def _packed_otherwise(data: bytes) -> bytes:
    """Return the same members in other bytes."""
    made = BytesIO()
    with ZipFile(BytesIO(data)) as given, ZipFile(made, "w") as into:
        for info in given.infolist():
            into.writestr(info.filename, given.read(info))
    return made.getvalue()


def test_recomputed_in_other_bytes_the_cells_decide(
    template: House, book: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("xlscore.verifying.verify")
    data = {"now": _packed_otherwise(book.data)}
    monkeypatch.setattr(module, "written_again", lambda *_: data["now"])
    assert codes(template.verify(template.book)) == set()
    data["now"], expected = changed_figure(book)
    done = template.verify(template.book)
    assert (done.identical, codes(done)) == (True, {"V063"})
    assert {place for _, place in places(done)} == {place for _, place in expected}


def test_what_comes_out_otherwise_beside_the_cells_names_its_sheet(
    template: House, book: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = chart_pointing_elsewhere(book)[0]
    monkeypatch.setattr(import_module("xlscore.verifying.verify"), "written_again", lambda *_: data)
    told = [f for f in template.verify(template.book).findings if f.code == "V063"]
    assert told
    for one in told:
        said = message(one, "vi")
        assert f"trang “{one.sheet}” có “" in said
        assert ("biểu đồ: " in said, "chart:" in said) == (True, False)


def test_a_workbook_that_comes_out_byte_for_byte_is_not_read_to_be_compared(
    template: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    module = import_module("xlscore.verifying.verify")
    monkeypatch.setattr(module, "read_dump", lambda data: read.append(len(data)))
    assert (template.verify(template.book).holds, read) == (True, [])


# --- the command --------------------------------------------------------------------------------------


def test_a_lost_ledger_is_told_with_what_helps(house: House) -> None:
    house.workspace.ledger_path.unlink()
    done = CliRunner().invoke(cli, ["verify", "-C", str(house.root), str(house.book)])
    assert (done.exit_code, "xlscore ledger rebuild" in done.stderr) == (3, True)
    assert "ledger check" not in done.stderr
    assert not house.workspace.ledger_path.exists()


def test_a_damaged_ledger_is_told_with_what_helps(house: House) -> None:
    house.workspace.ledger_path.write_bytes(b"rubbish" * 1000)
    done = CliRunner().invoke(cli, ["verify", "-C", str(house.root), str(house.book)])
    assert (done.exit_code, "xlscore ledger check" in done.stderr) == (3, True)


@pytest.mark.parametrize("number", ["x", "0", "-1", "9" * 30])
def test_a_ledger_whose_chain_has_no_number_is_told_with_what_helps(
    house: House, number: str
) -> None:
    with closing(sqlite3.connect(house.workspace.ledger_path)) as connection:
        connection.execute("UPDATE facts SET value = ? WHERE key = 'chain'", (number,))
        connection.commit()

    def run(*command: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, [*command, "-C", str(house.root)])
        return done.exit_code, done.stdout + done.stderr

    code, said = run("verify", str(house.book))
    assert (code, "xlscore ledger check" in said, f"“{number[:9]}”" in said) == (3, True, True)
    code, said = run("ledger", "check")
    assert (code, "xlscore ledger rebuild" in said) == (1, True)
    code, said = run("status")
    assert (code, f"“{number[:9]}”" in said) == (3, True)
    assert run("ledger", "rebuild", "--yes")[0] == 0
    assert run("verify", str(house.book))[0] == 0


def test_an_older_ledger_is_told_with_what_brings_it_up_to_date(house: House) -> None:
    with closing(sqlite3.connect(house.workspace.ledger_path)) as connection:
        connection.execute("PRAGMA user_version = 2")
    done = CliRunner().invoke(cli, ["verify", "-C", str(house.root), str(house.book)])
    assert (done.exit_code, "“xlscore rank”" in done.stderr) == (3, True)


def test_every_step_tells_how_far_it_is(template: House) -> None:
    told: dict[Step, list[tuple[int, int]]] = {}
    verify(
        template.workspace,
        template.book,
        progress=lambda step, at, total: told.setdefault(step, []).append((at, total)),
    )
    assert set(told) == set(Step) - {Step.LEDGER}  # a moment
    assert all(done[-1][0] == done[-1][1] for done in told.values())
    assert told[Step.RECOMPUTATION] == [(0, 3), (2, 3), (3, 3)]


def test_the_command_says_what_holds(template: House, book: Workbook, tmp_path: Path) -> None:
    def run(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["verify", "-C", str(template.root), *options])
        return done.exit_code, done.stdout

    assert run(str(template.book))[0] == 0
    path = tmp_path / "tep.xlsx"
    path.write_bytes(changed_figure(book)[0])
    code, said = run(str(path), "--json")
    told = json.loads(said)
    assert (code, told["holds"], told["edition"], told["steps"]["file"]) == (1, False, 1, False)
    assert [d["change"] for d in told["differences"]] == ["value"]
    assert "V030" in run(str(path))[1]
    assert run(str(tmp_path / "nothing.xlsx"))[0] == 2


# --- spellings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SUM(A1:B2)", "sum( A1 : B2 )"),
        ("_xlfn.IFS(A1>0,1.50)", "IFS(A1>0,1.5)"),
        ("'Tổng hợp'!A1+Sheet!B2", "'Tổng hợp'!A1+'Sheet'!B2"),
        ("Own!A1", "A1"),
        ("SUM(T[Điểm])", "SUM($B$2:$B$4)"),
        ("SUM($A$1:$A$1,Other!B2:B2)", "SUM($A$1,Other!B2)"),
        ("T[[#This Row],[Điểm]]*2", "$B3*2"),
        ('"a  b"&A1', '"a  b" & A1'),
    ],
)
def test_one_formula_has_one_spelling(one: str, other: str) -> None:
    tables = {"t": Table("T", "Own", 2, 4, 1, ("Tên", "Điểm"))}
    assert canonical_formula(one, "Own", (3, 4), tables) == canonical_formula(
        other, "Own", (3, 4), tables
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A1", "A2"),
        ("A1", "$A$1"),
        ("SUM(A1:$A1)", "SUM(A1)"),
        ("SUM(A1:A11)", "SUM(A11)"),
        ('"a"', '"A"'),
        ("A1+B1", "A1-B1"),
        ("Other!A1", "A1"),
        ("1.5", "1.6"),
    ],
)
def test_two_formulas_have_two_spellings(one: str, other: str) -> None:
    assert canonical_formula(one, "Own", (3, 4), {}) != canonical_formula(other, "Own", (3, 4), {})


@pytest.mark.parametrize(
    "formula",
    [
        'IF($I5="","",RANK($I5,$I$5:$I$29))', "SUM(A1:A1)", "SUM('S'!A1,'Khác'!A1)", "sum(A1)", "A1+ B1",
        "LOG10(A1)*1.50", "0.0001*A1", "0.00001", "12345678", "1E5", "=A1", "_xlfn.IFS(A1)", "Ten.A+1",
        "T[a]", "A12345678", "$A$1%", "1A", "'a''b'!A1", "Khac!A1", "A1B2", '"a""b"&"c d"', "{1,2;3}",
        "XFD1048576", "COM.MICROSOFT.IFS(A1)", "TRUE", "A1#", "#REF!", "Đ1", '"' * 60 + "a",
    ],
)  # fmt: skip
def test_the_short_way_spells_a_formula_as_the_long_way_does(
    formula: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = canonical_formula(formula, "S", (5, 1), {})
    monkeypatch.setattr(formulas, "_PLAIN", re.compile("(?!)"))
    assert short == canonical_formula(formula, "S", (5, 1), {})


def test_nearly_every_formula_of_ours_goes_the_short_way(book: Workbook) -> None:
    told = [c.formula for s in book.dump.sheets for c in s.cells.values() if c.formula]
    assert sum(bool(formulas._PLAIN.fullmatch(one)) for one in told) > 0.95 * len(told) > 50


def test_a_dependant_of_a_shared_formula_has_its_own_references() -> None:
    assert moved("A1+$B$1+C$2+LOG10(D4)", (1, 5), (3, 6)) == "B3+$B$1+D$2+LOG10(E6)"


@pytest.mark.parametrize(
    ("value", "one", "other", "same"),
    [
        ("12.345", "0.00", "#,##0.00", True),
        ("12.345", "0.00", "0.0", False),
        ("1234.5", "0.00", "#,##0.00", False),
        ("0.5", "0%", "#9", True),
        ("-3", "0;-0;0", "0", True),
        ("-3", "0;0", "0", False),
        ("3", ";;;", "0", False),
        ("3", '"+"0', "0", False),
        ("3", "[Red]0", "0", True),
        ("3", "[White]0", "0", False),
        ("81.3", '[<50]0.00;"95,00"', "0.00", False),
        ("81.3", '[>50]0.00;"x"', "0.00", True),
        ("-3", "[>0]+0;[<0]-0;0", "+0;-0;0", True),
        ("0", "[>0]+0;[<0]-0;0", "+0;-0;0", True),
        ("3", "[>0]+0;[<0]-0;0", "+0;-0;0", True),
        ("45000", "dd/mm/yyyy", "0", False),
        ("7", "General", "#0", True),
        ("83.3", "[$9]0.00", "0.00", False),
        ("83.3", "[$-42A]0.00", "0.00", True),
        ("83.3", "[DBNum1]0.00", "0.00", False),
        ("83.3", "[$-409]General", "General", True),
    ],
)
def test_two_formats_look_alike_or_not(value: str, one: str, other: str, same: bool) -> None:
    assert (look("number", value, one) == look("number", value, other)) is same


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", "Tốt"),
        ("@", "Tốt"),
        ('0;-0;"–"', "Tốt"),
        ('0;-0;0;"Chưa "@', "Chưa Tốt"),
        ('@" (tạm)"', "Tốt (tạm)"),
        ("[Red]@", "Tốt"),
    ],
)
def test_a_format_that_adds_words_to_a_text_shows_them(code: str, shown: str) -> None:
    assert look("text", "Tốt", code) == shown


def test_a_dump_compared_with_itself_has_no_difference(book: Workbook) -> None:
    assert list(compare(book.dump, read_dump(book.data))) == []


# --- digests without the cells ------------------------------------------------------------------------


@pytest.mark.parametrize("name", BY_HAND)
def test_digests_made_without_holding_cells_are_those_of_the_dump(
    book: Workbook, name: str
) -> None:
    data = BY_HAND[name][0](book)
    digests = read_digests(data)
    assert digests == read_dump(data).digests()
    assert digests != book.dump.digests()


def test_digests_of_hidden_rows_and_columns_are_those_of_the_dump(book: Workbook) -> None:
    sheet = book.dump.sheets[0].name

    def hidden(xml: str) -> str:
        xml = re.sub(r'<row (r="[5-7]")', r'<row hidden="1" \1', xml)
        return re.sub(r"<col (?=min)", '<col hidden="1" ', xml, count=1)

    data = book.put(book.part(sheet), hidden)
    dump = read_dump(data)
    assert dump.by_name[sheet].hidden_rows
    assert dump.by_name[sheet].hidden_columns
    assert read_digests(data) == dump.digests()


def test_digests_of_shared_formulas_are_those_of_the_dump(book: Workbook) -> None:
    sheet, address = book.find(lambda cell: bool(cell.formula))

    def shared(cell: str) -> str:
        return re.sub(r"<f[^>]*>", f'<f t="shared" ref="{address}" si="0">', cell)

    data = book.cell(sheet, address, shared)
    assert read_digests(data) == read_dump(data).digests() == book.dump.digests()


def test_freezing_makes_no_dump_of_the_workbook(
    book: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = import_module("xlscore.workbooks.dump.reading")
    monkeypatch.setattr(reading, "SheetDump", None)  # which holds the cells
    assert Printed(FileKind.WORKBOOK, "r.xlsx", book.data).cells == book.dump.digests()


def test_of_many_frozen_workbooks_only_the_nearest_are_held(
    house: House, book: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("xlscore.verifying.identifying")
    seen: list[weakref.ref[Dump]] = []
    held: list[int] = []

    def frozen(*_: object) -> Iterator[tuple[EditionFile, Dump]]:
        for number, far in enumerate((9, 5, 7, 3, 8), 1):
            held.append(sum(ref() is not None for ref in seen))
            dump = replace(book.dump, properties={"far": str(far)})
            seen.append(weakref.ref(dump))
            yield EditionFile(number, FileKind.WORKBOOK, "r.xlsx", "", 0, {}, NOW, number), dump

    monkeypatch.setattr(module, "frozen_workbooks", frozen)
    monkeypatch.setattr(module, "distance", lambda dump, _: int(dump.properties["far"]))
    file, dump = module._nearest(house.workspace, book.dump, [], None, sure=False)
    assert (file.edition, dump.properties) == (4, {"far": "3"})
    assert max(held) <= 2
