"""Ordinary workbooks, as the libraries and programs at hand write them, are read exactly."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.hostile.build import BOOK_LINKS, CONTENT_TYPES, link, parts, workbook
from xlscore.workbooks.package import (
    Cell,
    Package,
    PackageError,
    PackageFault,
    Sheet,
    cell_address,
    column_letters,
    parse_address,
    parse_package,
    read_package,
)

LONG_PATIENCE = 120


def _filled_form() -> bytes:
    """One of each kind of cell, three sheets of three states, a property, a name."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    form = book.add_worksheet("Phiếu chấm điểm")
    percent = book.add_format({"num_format": "0%"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    text = book.add_format({"num_format": "@"})
    form.write_string("A1", "Tiêu chí 1.10 – Đạt")
    form.write_number("B1", 0.1)
    form.write_number("C1", 0.5, percent)
    form.write_datetime("D1", datetime.fromisoformat("2026-11-21"), day)
    form.write_string("E1", "0,5", text)
    form.write_boolean("F1", True)
    form.write_formula("G1", "=B1*2", None, 0.2)
    form.write_formula("H1", '=IF(B1>0,"Đạt","")', None, "Đạt")
    form.write_formula("I1", "=NA()", None, "#N/A")
    form.write_blank("J1", None, percent)
    bold = book.add_format({"bold": True})
    form.write_rich_string("A2", "Kịp ", bold, "thời")
    form.write_string("AB300", " cách \n dòng ")
    form.protect("mat-khau")
    book.add_worksheet("Danh mục").hide()
    book.add_worksheet("_meta").very_hidden()
    book.set_custom_property("xlscore", "token-0123")
    book.set_custom_property("lần", 2)
    book.define_name("xlscore_token", '="token-0123"')
    book.define_name("'Phiếu chấm điểm'!cuc_bo", "='Phiếu chấm điểm'!$B$1")
    book.close()
    return buffer.getvalue()


FORM_CELLS = {
    "A1": ("text", "Tiêu chí 1.10 – Đạt", None, "general"),
    "B1": ("number", "0.1", None, "general"),
    "C1": ("number", "0.5", None, "percent"),
    "D1": ("date", "46347", None, "date"),
    "E1": ("text", "0,5", None, "text"),
    "F1": ("boolean", "TRUE", None, "general"),
    "G1": ("number", "0.2", "B1*2", "general"),
    "H1": ("text", "Đạt", 'IF(B1>0,"Đạt","")', "general"),
    "I1": ("error", "#N/A", "NA()", "general"),
    "A2": ("text", "Kịp thời", None, "general"),
    "AB300": ("text", " cách \n dòng ", None, "general"),
}


def _table(sheet: Sheet) -> dict[str, tuple[str, str, str | None, str]]:
    return {
        cell.address: (cell.kind, cell.value, cell.formula, cell.format)
        for cell in sheet.cells.values()
    }


def test_a_form_of_xlsxwriter_is_read_cell_by_cell() -> None:
    package = parse_package(_filled_form())
    assert _table(package.sheets[0]) == FORM_CELLS


def test_cells_are_found_by_row_and_column() -> None:
    cells = parse_package(_filled_form()).sheets[0].cells
    assert cells[300, 28] == Cell(300, 28, "text", " cách \n dòng ", None, "general")
    assert cells[300, 28].address == "AB300"
    assert (1, 10) not in cells


def test_sheets_keep_order_state_and_protection() -> None:
    sheets = parse_package(_filled_form()).sheets
    assert [(sheet.name, sheet.state, sheet.protected) for sheet in sheets] == [
        ("Phiếu chấm điểm", "visible", True),
        ("Danh mục", "hidden", False),
        ("_meta", "veryHidden", False),
    ]


def test_properties_and_names_of_the_workbook_are_read() -> None:
    package = parse_package(_filled_form())
    assert package.properties == {"xlscore": "token-0123", "lần": "2"}
    assert package.defined_names == {"xlscore_token": '"token-0123"'}
    assert package.application == "Microsoft Excel"
    assert not package.date_1904
    assert not package.has_macros
    assert not package.has_external_links


def test_a_workbook_of_openpyxl_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Bảng"
    sheet.append(["Xã Tân Hòa", 12.5, True, date(2026, 1, 5), "=B1*2"])
    buffer = BytesIO()
    book.save(buffer)
    (read,) = parse_package(buffer.getvalue()).sheets
    assert _table(read) == {
        "A1": ("text", "Xã Tân Hòa", None, "general"),
        "B1": ("number", "12.5", None, "general"),
        "C1": ("boolean", "TRUE", None, "general"),
        "D1": ("date", "46027", None, "date"),
        "E1": ("blank", "", "B1*2", "general"),
    }


def test_inline_strings_of_constant_memory_mode_are_read() -> None:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, " Đạt_x0041_ ")
    sheet.write_rich_string(1, 0, "a", book.add_format({"bold": True}), "b")
    book.close()
    (read,) = parse_package(buffer.getvalue()).sheets
    assert {key: cell.value for key, cell in read.cells.items()} == {
        (1, 1): " Đạt_x0041_ ",
        (2, 1): "ab",
    }


def test_the_1904_date_system_is_reported() -> None:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"date_1904": True, "in_memory": True})
    book.add_worksheet()
    book.close()
    assert parse_package(buffer.getvalue()).date_1904


def test_a_chart_sheet_is_listed_without_cells() -> None:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("Số liệu").write_number(0, 0, 1)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Số liệu'!$A$1"})
    book.add_chartsheet("Biểu đồ").set_chart(chart)
    book.close()
    sheets = parse_package(buffer.getvalue()).sheets
    assert [(sheet.name, len(sheet.cells)) for sheet in sheets] == [("Số liệu", 1), ("Biểu đồ", 0)]


def test_a_decomposed_sheet_name_is_composed() -> None:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("Phie\u0302\u0301u")
    book.close()
    assert parse_package(buffer.getvalue()).sheets[0].name == "Phiếu"


def test_shared_formulas_keep_their_text_in_the_first_cell_only() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>4</v></c></row>'
    )
    (read,) = parse_package(workbook({"xl/worksheets/sheet1.xml": _sheet(rows)})).sheets
    assert [cell.formula for cell in read.cells.values()] == ["B1*2", ""]


def _sheet(rows: str) -> str:
    return str(parts()["xl/worksheets/sheet1.xml"]).replace(
        '<row r="1"><c r="A1"><v>0.5</v></c></row>', rows
    )


def _macro_workbook() -> bytes:
    types = str(parts()[CONTENT_TYPES]).replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    return workbook({CONTENT_TYPES: types, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def _linked_workbook() -> bytes:
    entry = link("rId9", "externalLink", "externalLinks/externalLink1.xml")
    to_parts = str(parts()[BOOK_LINKS]).replace("</Relationships>", f"{entry}</Relationships>")
    return workbook({BOOK_LINKS: to_parts, "xl/externalLinks/externalLink1.xml": "<externalLink/>"})


@pytest.mark.parametrize(
    ("build", "macros", "links"), [(_macro_workbook, True, False), (_linked_workbook, False, True)]
)
def test_macros_and_external_links_are_reported_and_the_cells_read(
    build: Callable[[], bytes], macros: bool, links: bool
) -> None:
    package = parse_package(build())
    assert (package.has_macros, package.has_external_links) == (macros, links)
    assert package.sheets[0].cells[1, 1].value == "0.5"


def test_a_fault_in_a_cell_names_sheet_cell_and_member() -> None:
    rows = '<row r="7"><c r="F7" t="s"><v>9</v></c></row>'
    with pytest.raises(PackageError) as caught:
        parse_package(workbook({"xl/worksheets/sheet1.xml": _sheet(rows)}))
    error = caught.value
    assert (error.fault, error.sheet, error.cell) == (PackageFault.DAMAGED, "S", "F7")
    assert error.details == {
        "what": "shared string index",
        "value": "9",
        "member": "xl/worksheets/sheet1.xml",
    }
    assert str(error) == (
        "damaged: what=shared string index, value=9, member=xl/worksheets/sheet1.xml, "
        "sheet=S, cell=F7"
    )


def test_reading_twice_in_one_process_gives_the_same() -> None:
    data = _filled_form()
    assert parse_package(data) == parse_package(data)


@pytest.mark.parametrize(
    ("number", "letters"),
    [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")],
)
def test_columns_have_letters(number: int, letters: str) -> None:
    assert column_letters(number) == letters
    assert parse_address(f"{letters}9") == (9, number)
    assert cell_address(9, number) == f"{letters}9"


@pytest.mark.parametrize("number", [0, -1, 16_385])
def test_there_is_no_column_outside_a_sheet(number: int) -> None:
    with pytest.raises(ValueError, match="no such column"):
        column_letters(number)


@pytest.mark.parametrize("row", [0, -1, 1_048_577])
def test_there_is_no_row_outside_a_sheet(row: int) -> None:
    with pytest.raises(ValueError, match="no such row"):
        cell_address(row, 1)


@pytest.mark.parametrize("text", ["", "A", "1", "a1", "A0", "A01", "$A$1", "A1:B2", "A1 ", "S!A1"])
def test_other_texts_are_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="not a cell address"):
        parse_address(text)


@pytest.mark.parametrize("text", ["XFE1", "A1048577", "ZZZ1"])
def test_an_address_lies_inside_a_sheet(text: str) -> None:
    with pytest.raises(ValueError, match="outside a sheet"):
        parse_address(text)


def _office(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def _saved_by_libreoffice(source: Path, folder: Path) -> Path:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [_office("soffice"), profile, "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run(
        [*command, "--outdir", str(folder / "out"), str(source)],
        check=True,
        capture_output=True,
        timeout=LONG_PATIENCE,
    )
    return folder / "out" / source.name


def _saved_by_gnumeric(source: Path, folder: Path) -> Path:
    saved = folder / "gnumeric.xlsx"
    command = [_office("ssconvert"), "--export-type=Gnumeric_Excel:xlsx2"]
    subprocess.run(
        [*command, str(source), str(saved)], check=True, capture_output=True, timeout=LONG_PATIENCE
    )
    return saved


def _saved(tmp_path: Path, save: Callable[[Path, Path], Path]) -> Package:
    source = tmp_path / "form.xlsx"
    source.write_bytes(_filled_form())
    return read_package(save(source, tmp_path))


def _values(package: Package) -> Mapping[str, tuple[str, str]]:
    return {key: _as_double(row[0], row[1]) for key, row in _table(package.sheets[0]).items()}


def _as_double(kind: str, value: str) -> tuple[str, str]:
    """Gnumeric writes 0.1 with more digits than a double has: 0.100000000000000000001."""
    return kind, repr(float(value)) if kind == "number" else value


@pytest.mark.office
def test_what_libreoffice_saves_is_read_the_same(tmp_path: Path) -> None:
    package = _saved(tmp_path, _saved_by_libreoffice)
    table = _table(package.sheets[0])
    assert table.pop("F1") == ("boolean", "TRUE", "TRUE()", "general")
    assert table.pop("H1")[:2] == ("text", "Đạt")
    expected = {key: row for key, row in FORM_CELLS.items() if key not in ("F1", "H1")}
    assert table == expected
    assert package.properties == {"xlscore": "token-0123", "lần": "2"}
    assert package.defined_names["xlscore_token"] == '"token-0123"'
    assert [sheet.state for sheet in package.sheets] == ["visible", "hidden", "hidden"]
    assert package.sheets[0].protected
    assert package.application.startswith("LibreOffice")


@pytest.mark.office
def test_what_gnumeric_saves_is_read_the_same(tmp_path: Path) -> None:
    package = _saved(tmp_path, _saved_by_gnumeric)
    assert _values(package) == {key: _as_double(row[0], row[1]) for key, row in FORM_CELLS.items()}
    assert package.properties == {"xlscore": "token-0123", "lần": "2"}
    assert package.defined_names["xlscore_token"] == '"token-0123"'
    assert package.sheets[0].protected
