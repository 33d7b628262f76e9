"""The scorecard workbook: what is printed, what may be typed, what identifies it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.every_method import BLANK_HEAD, every_method
from tests.golden import Golden
from xlscore.answers import Answers
from xlscore.form import LIST_SHEET, scorecard_layout
from xlscore.identity import DEFINED_NAME, META_SHEET, PROPERTY
from xlscore.layout import KEY_MARK, Column, Layout, Slot
from xlscore.plugins import load
from xlscore.rubric import Rubric
from xlscore.scoring import NotApplicablePolicy
from xlscore.text import folded
from xlscore.workbooks.members import read_members
from xlscore.workbooks.package import parse_address, parse_package
from xlscore.workbooks.pen import WritingError
from xlscore.workbooks.scorecard.cached import PROGRESS, calculated
from xlscore.workbooks.scorecard.render import render_scorecard
from xlscore.workbooks.scorecard.sheet import FORM_SHEET
from xlscore.workbooks.scorecard.stamp import Template

LONG_NAME = (
    "Ban Quản lý <A & B> “Khu kinh tế” 'phía Nam' và các khu công nghiệp, cụm công nghiệp " * 3
)
EXCEL_TITLE, EXCEL_MESSAGE = 32, 255


@pytest.fixture(scope="module")
def layout() -> Layout:
    return scorecard_layout(every_method(), load().methods())


@pytest.fixture(scope="module")
def form(layout: Layout) -> Worksheet:
    sheet = opened(render_scorecard(layout, BLANK_HEAD))[FORM_SHEET]
    assert isinstance(sheet, Worksheet)
    return sheet


def opened(data: bytes, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(BytesIO(data), **options)


def parts(data: bytes) -> dict[str, bytes]:
    return {member.name: member.content for member in read_members(data)}


def small_rubric() -> Rubric:
    kept = {"1.1", "1.4", "2.7", "5.2.2"}
    rubric = every_method()
    return rubric.for_unit({}, frozenset(leaf.id for leaf in rubric.leaves if leaf.id not in kept))


# --- what is printed -----------------------------------------------------------------------


def dump(data: bytes) -> Iterator[str]:
    """Yield a workbook as lines of text: cells with formulas and values, heights, rules, page."""
    written, shown = opened(data), opened(data, data_only=True)
    for sheet in written:
        yield f"== {sheet.title} ({sheet.sheet_state})"
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    value = shown[sheet.title][cell.coordinate].value
                    said = f" -> {value!r}" if value != cell.value else ""
                    yield f"{cell.coordinate}: {cell.value!r}{said}"
            if height := sheet.row_dimensions[row[0].row].height:
                yield f"   row {row[0].row}: {height}"
        yield from sorted(f"merged {cells}" for cells in sheet.merged_cells.ranges)
        for rule in sheet.data_validations.dataValidation:
            limits = f"{rule.type} {rule.operator} {rule.formula1} {rule.formula2}"
            yield f"rule {rule.sqref}: {limits} | {rule.promptTitle}: {rule.prompt} | {rule.error}"
        for cells, conditions in sheet.conditional_formatting._cf_rules.items():
            yield from (f"mark {cells.sqref}: {rule.formula[0]}" for rule in conditions)


def test_the_sheet_of_a_small_rubric_is_the_golden_one(golden: Golden) -> None:
    layout = scorecard_layout(small_rubric(), load().methods())
    golden.compare("scorecard-small.txt", "\n".join(dump(render_scorecard(layout, BLANK_HEAD))))


def test_the_same_form_is_the_same_bytes(layout: Layout) -> None:
    assert render_scorecard(layout, BLANK_HEAD) == render_scorecard(layout, BLANK_HEAD)


def test_the_form_comes_first_and_only_the_instructions_are_visible_beside_it(
    layout: Layout,
) -> None:
    book = opened(render_scorecard(layout, BLANK_HEAD))
    states = [(sheet.title, sheet.sheet_state) for sheet in book]
    assert states == [
        (FORM_SHEET, "visible"),
        ("Hướng dẫn", "visible"),
        (LIST_SHEET, "hidden"),
        (META_SHEET, "veryHidden"),
    ]
    assert book.active.title == FORM_SHEET
    assert book.security.lockStructure


def test_rows_and_columns_carry_hidden_keys(layout: Layout, form: Worksheet) -> None:
    assert form["A1"].value == KEY_MARK
    assert [c.value for c in form[1][1:]] == [spec.column for spec in layout.columns[1:]]
    assert form.row_dimensions[1].hidden
    spans = [
        range(c.min or 1, (c.max or 0) + 1) for c in form.column_dimensions.values() if c.hidden
    ]
    hidden = {column for span in spans for column in span}
    assert hidden == {n for n, spec in enumerate(layout.columns, 1) if spec.hidden}
    keys = {row.number: form[f"A{row.number}"].value for row in layout.rows}
    assert keys == {row.number: row.signed_key for row in layout.rows}


def test_a_blank_form_shows_its_calculated_values(layout: Layout) -> None:
    sheet = parse_package(render_scorecard(layout, BLANK_HEAD)).sheets[0]
    shown = calculated(layout, Answers())
    for row, column, _ in layout.calculations:
        cell = sheet.cells[parse_address(layout.address(row, column))]
        expected = shown[row.key, column]
        assert cell.value == str(expected), cell.address
        assert cell.kind == ("text" if isinstance(expected, str) else "number"), cell.address
    progress = sheet.cells[parse_address(layout.progress_address)]
    assert progress.value == shown[PROGRESS] == "Còn 31 nội dung chưa nhập."


def test_rows_with_inputs_may_grow_and_no_row_is_too_tall(layout: Layout, form: Worksheet) -> None:
    xml = parts(render_scorecard(layout, BLANK_HEAD))["xl/worksheets/sheet1.xml"].decode()
    fixed = {int(row) for row in re.findall(r'<row r="(\d+)"[^>]*customHeight="1"', xml)}
    assert fixed.isdisjoint(row.number for row, _, _ in layout.entries.values())
    assert max(form.row_dimensions[row.number].height for row in layout.rows) <= 409.5


def test_an_endless_text_goes_on_in_the_annex() -> None:
    endless = "Điều kiện rất dài. " * 200
    leaf = {"id": "1", "code": "1", "title": endless, "max": "1", "method": {"kind": "points"}}
    head = {"id": "r", "title": "R", "year": "2026", "tier": "so"}
    layout = scorecard_layout(Rubric.model_validate({**head, "nodes": [leaf]}), load().methods())
    book = opened(render_scorecard(layout, BLANK_HEAD))
    printed = book[FORM_SHEET][layout.address(layout.rows[0], Column.TITLE)].value
    assert printed.endswith("… (xem đủ ở Phụ lục, mục 1)")
    annex = " ".join(str(cell.value) for cell in book["Phụ lục"]["B"] if cell.value)
    assert endless.strip() in annex


def test_a_formula_is_printed_in_words(layout: Layout) -> None:
    leaf = layout.rubric.by_id["4.4"]
    assert layout.methods["4.4"].guidance(leaf.max)[1] == (
        "Nếu [Lượng a] ≠ [Lượng b] và không phải ([Lượng a] < -1 hoặc [Lượng b] < -1): "
        "điểm = nếu ([Lượng a] - [Lượng b] < 0; 1 / 3; 0,7)"
    )


# --- what may be typed ---------------------------------------------------------------------


def test_exactly_the_entries_are_unlocked(layout: Layout, form: Worksheet) -> None:
    unlocked = {c.coordinate for row in form.iter_rows() for c in row if not c.protection.locked}
    assert unlocked == {layout.address(row, column) for row, column, _ in layout.entries.values()}
    assert form.protection.sheet


def test_a_role_card_unlocks_only_its_own_rows() -> None:
    rubric = every_method()
    owned = rubric.nodes[0].model_copy(
        update={
            "nodes": tuple(n.model_copy(update={"role": ("tp",)}) for n in rubric.nodes[0].nodes)
        }
    )
    others = tuple(
        n.model_copy(update={"role": ("nv",)}) if n.is_leaf else n for n in rubric.nodes[1:]
    )
    mixed = rubric.model_copy(update={"nodes": (owned, *others)})
    mixed = Rubric.model_validate(mixed.model_dump())
    layout = scorecard_layout(mixed, load().methods(), role="tp")
    sheet = opened(render_scorecard(layout, BLANK_HEAD))[FORM_SHEET]
    for row, column, entry in layout.entries.values():
        locked = sheet[layout.address(row, column)].protection.locked
        assert locked is not entry.unlocked, (entry.node, entry.slot)
    assert not layout.entries["6", "points"][2].unlocked
    assert layout.entries["1.1", "points"][2].unlocked


def test_every_input_has_a_rule_with_a_vietnamese_prompt(layout: Layout, form: Worksheet) -> None:
    rules = {str(rule.sqref): rule for rule in form.data_validations.dataValidation}
    assert rules.keys() == {layout.address(r, c) for r, c, _ in layout.entries.values()}
    for rule in rules.values():
        assert 0 < len(rule.errorTitle) <= EXCEL_TITLE
        assert 0 < len(rule.promptTitle) <= EXCEL_TITLE
        assert 0 < len(rule.error) <= EXCEL_MESSAGE
        assert 0 < len(rule.prompt) <= EXCEL_MESSAGE
        assert rule.allow_blank


@pytest.mark.parametrize(
    ("entry", "kind", "said"),
    [
        (("1.1", "points"), "custom", "Số từ 0 đến 1, bước 0,25."),
        (
            ("1.2", "points"),
            "decimal",
            "Số từ 0 đến 1,4. Dùng dấu thập phân của máy: 0,5 hoặc 0.5.",
        ),
        (("3.1", "count"), "whole", "Số nguyên từ 0 trở lên."),
        (("2.9", "percent"), "decimal", "Nhập số phần trăm, ví dụ 85 cho 85%."),
        (("1.3", "level"), "list", "Chọn một mức trong danh sách."),
        (("1.1", Slot.EVIDENCE), "textLength", "Ghi số, ký hiệu, ngày của từng văn bản"),
        (("", Slot.SUBMIT), "list", "ĐÃ HOÀN THÀNH"),
    ],
)
def test_a_prompt_says_range_step_and_separator(
    layout: Layout, form: Worksheet, entry: tuple[str, str], kind: str, said: str
) -> None:
    row, column, _ = layout.entries[entry]
    rule = next(
        r
        for r in form.data_validations.dataValidation
        if str(r.sqref) == layout.address(row, column)
    )
    assert rule.type == kind
    assert said in rule.prompt


def test_a_list_whose_labels_hold_commas_stays_whole(layout: Layout) -> None:
    book = opened(render_scorecard(layout, BLANK_HEAD))
    for place, choices in enumerate(layout.lists, 1):
        name = book.defined_names[f"dm_{place}"].attr_text
        cells = book[LIST_SHEET][name.split("!")[1].replace("$", "")]
        assert tuple(row[0].value for row in cells) == choices


def test_what_xlsxwriter_leaves_out_is_an_error(layout: Layout) -> None:
    with pytest.raises(WritingError):
        render_scorecard(layout, replace(BLANK_HEAD, legal_basis="x" * 40_000))


# --- identity and stamping -----------------------------------------------------------------


def test_the_token_stands_in_three_places(layout: Layout) -> None:
    token = "XLS1.k1.payload.mac"
    package = parse_package(render_scorecard(layout, replace(BLANK_HEAD, token=token)))
    assert package.properties[PROPERTY] == token
    assert package.defined_names[DEFINED_NAME] == f'"{token}"'
    meta = next(sheet for sheet in package.sheets if sheet.name == META_SHEET)
    assert [cell.value for cell in meta.cells.values()] == [token]


@pytest.mark.parametrize(
    "unit",
    [
        {"unit_name": "Sở Tài chính", "unit_code": "so-tc"},
        {"unit_name": LONG_NAME, "unit_code": "a&b<1>"},
        {"unit_name": "@@XLSCORE-TOKEN@@ Đặc khu Phú Quốc", "unit_code": "007"},
        {"unit_name": "  =1+1\tx ", "unit_code": "x"},
    ],
)
def test_a_stamped_card_is_part_by_part_a_rendered_one(
    layout: Layout, unit: dict[str, Any]
) -> None:
    head = replace(BLANK_HEAD, serial=4711, token="XLS1.k1.p_x41ab_m", **unit)
    template = Template(layout, BLANK_HEAD, "mat-khau")
    stamped = template.stamp(head)
    assert parts(stamped) == parts(render_scorecard(layout, head, "mat-khau"))
    assert stamped == template.stamp(head)
    form = opened(stamped)[FORM_SHEET]
    assert form["B3"].value.startswith(folded(head.unit_name).upper())
    assert form["B6"].value.startswith(f"Đơn vị: {folded(head.unit_name)}")


def test_a_template_refuses_a_head_of_another_kind(layout: Layout) -> None:
    template = Template(layout, BLANK_HEAD)
    with pytest.raises(ValueError, match="template"):
        template.stamp(replace(BLANK_HEAD, year=2027))


def test_a_long_unit_name_gets_a_taller_letterhead(layout: Layout) -> None:
    template = Template(layout, BLANK_HEAD)
    short, tall = (
        opened(template.stamp(replace(BLANK_HEAD, unit_name=name)))[FORM_SHEET]
        .row_dimensions[3]
        .height
        for name in ("Sở Y tế", LONG_NAME)
    )
    assert short == 32.25
    assert tall > 60


def test_a_workbook_says_who_issues_it_and_when_it_is_due(layout: Layout) -> None:
    book = opened(render_scorecard(layout, BLANK_HEAD))
    guide = " ".join(str(cell.value) for cell in book["Hướng dẫn"]["B"] if cell.value)
    assert "Gửi về Sở Nội vụ, hạn chót: 17 giờ 00 ngày 15/12/2026." in guide


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (NotApplicablePolicy.LEAVE_OUT, "được bỏ khỏi mẫu số, đơn vị không bị thiệt."),
        (NotApplicablePolicy.FULL_POINTS, "được tính đủ điểm tối đa khi xếp hạng."),
        (NotApplicablePolicy.ZERO, "được 0 điểm và điểm tối đa vẫn nằm trong mẫu số."),
    ],
)
def test_the_guide_says_what_the_campaign_makes_of_rows_that_do_not_apply(
    layout: Layout, policy: NotApplicablePolicy, said: str
) -> None:
    book = opened(render_scorecard(layout, replace(BLANK_HEAD, not_applicable=policy)))
    guide = " ".join(str(cell.value) for cell in book["Hướng dẫn"]["B"] if cell.value)
    assert said in guide
    assert ("bỏ khỏi mẫu số" in guide) is (policy is NotApplicablePolicy.LEAVE_OUT)
