"""Values typed into an issued workbook, by address and by row, as a spreadsheet program would."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

import openpyxl
import pytest

from tests.every_method import BLANK_HEAD, every_method, random_answers
from tests.office import fill_with_libreoffice, needs_uno
from xlscore.form import scorecard_layout
from xlscore.layout import COMPLETE, Column, Layout, Slot
from xlscore.plugins import load
from xlscore.workbooks.package import Cell, parse_address, parse_package, read_package
from xlscore.workbooks.scorecard.cached import calculated
from xlscore.workbooks.scorecard.fill import CellContent, fill, put, understood
from xlscore.workbooks.scorecard.render import render_scorecard


@pytest.fixture(scope="module")
def layout() -> Layout:
    return scorecard_layout(every_method(), load().methods())


@pytest.fixture(scope="module")
def blank(layout: Layout) -> bytes:
    return render_scorecard(layout, BLANK_HEAD)


def cell(data: bytes, address: str) -> Cell | None:
    return parse_package(data).sheets[0].cells.get(parse_address(address))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CellContent("number", "0.5"), ("number", "0.5", "general")),
        (CellContent("text", " 0,5 <&> "), ("text", " 0,5 <&> ", "general")),
        (CellContent("boolean", "TRUE"), ("boolean", "TRUE", "general")),
        (CellContent("error", "#N/A"), ("error", "#N/A", "general")),
        (CellContent("date", "46347"), ("date", "46347", "date")),
        (CellContent("percent", "0.85"), ("number", "0.85", "percent")),
        (CellContent("number", "3", "1+2"), ("number", "3", "general")),
        (CellContent("text", "ba", '"b"&"a"'), ("text", "ba", "general")),
        (CellContent("blank", formula="A1&B1"), ("blank", "", "general")),
    ],
)
@pytest.mark.parametrize("address", ["F9", "A2", "M9", "C400"])
def test_any_content_can_stand_in_any_cell(
    blank: bytes, content: CellContent, expected: tuple[str, str, str], address: str
) -> None:
    data = put(blank, {address: content})
    found = cell(data, address)
    assert found is not None
    assert (found.kind, found.value, found.format) == expected
    assert found.formula == content.formula
    assert openpyxl.load_workbook(BytesIO(data)).worksheets[0][address].value is not None


def test_putting_a_blank_empties_a_cell(layout: Layout, blank: bytes) -> None:
    address = layout.address(layout.rows[0], Column.TITLE)
    assert cell(blank, address) is not None
    assert cell(put(blank, {address: CellContent("blank")}), address) is None


def test_only_the_sheet_and_its_styles_change(layout: Layout, blank: bytes) -> None:
    filled = fill(blank, layout, {("1.1", "points"): Decimal("0.5")})
    with ZipFile(BytesIO(blank)) as before, ZipFile(BytesIO(filled)) as after:
        assert after.testzip() is None
        assert before.namelist() == after.namelist()
        changed = [n for n in before.namelist() if before.read(n) != after.read(n)]
    assert changed == ["xl/worksheets/sheet1.xml"]


def test_a_filled_card_caches_what_its_formulas_show(layout: Layout, blank: bytes) -> None:
    typed = random_answers(layout, Random(5))
    sheet = parse_package(fill(blank, layout, typed)).sheets[0]
    for (key, column), shown in calculated(layout, understood(layout, typed)).items():
        row = layout.by_key.get(key)
        address = layout.address(row, column) if row else layout.progress_address
        assert sheet.cells[parse_address(address)].value == str(shown), address


def test_a_number_typed_as_text_leaves_the_score_open(layout: Layout, blank: bytes) -> None:
    data = fill(blank, layout, {("3.1", "count"): "4"})
    score = cell(data, layout.address(layout.by_key["s:3.1"], Column.SCORE))
    assert score is not None
    assert (score.kind, score.value) == ("text", "")


def test_long_evidence_makes_its_row_taller(layout: Layout, blank: bytes) -> None:
    row, _, _ = layout.entries["1.1", Slot.EVIDENCE]
    long = fill(blank, layout, {("1.1", Slot.EVIDENCE): "12/KH-UBND ngày 05/01/2026; " * 12})
    heights = [
        openpyxl.load_workbook(BytesIO(data)).worksheets[0].row_dimensions[row.number].height
        for data in (blank, long)
    ]
    assert heights[1] > 4 * heights[0]


@pytest.mark.office
@needs_uno
def test_libreoffice_fills_to_the_same_cells(layout: Layout, blank: bytes, tmp_path: Path) -> None:
    typed = random_answers(layout, Random(9)) | {("", Slot.SUBMIT): COMPLETE}
    ours = parse_package(fill(blank, layout, typed)).sheets[0].cells
    (tmp_path / "blank.xlsx").write_bytes(blank)
    by_address = {
        layout.address(row, column): typed[key]
        for key, (row, column, _) in layout.entries.items()
        if key in typed
    }
    plain = {a: v if isinstance(v, str) else float(str(v)) for a, v in by_address.items()}
    made = fill_with_libreoffice(tmp_path / "blank.xlsx", plain, tmp_path / "filled.xlsx")
    theirs = read_package(made).sheets[0].cells
    different = [
        found.address
        for place, found in ours.items()
        if found.value != (theirs[place].value if place in theirs else "")
        and abs(float(found.value) - float(theirs[place].value)) > 1e-9
    ]
    assert different == []
