"""Marked copies: everything typed is there again, every finding is at its cell, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from tests.campaigns import Campaign, Key, faultless, make_campaign, number, text, typed_over
from tests.office import fill_with_libreoffice, needs_uno
from tests.reshape import Shift, inserted, reshaped, same, swapped
from tests.spoiled import Case
from tests.spoiled_checks import ROLES
from tests.spoiled_entries import TYPED
from tests.spoiled_files import FILES, with_macros
from tests.spoiled_sheets import STRUCTURE
from xlscore.findings import Finding, Severity, Status, finding
from xlscore.identity import SCORECARD, Token, sign
from xlscore.issuing import DIGEST_DIGITS, scorecard_head
from xlscore.layout import COMPLETE, KEY_MARK, Column, Slot
from xlscore.numbers import from_excel
from xlscore.workbooks.formsheet import FormSheet, find_form
from xlscore.workbooks.marked import LeftBehind, Marked, marked_copy
from xlscore.workbooks.package import Cell, parse_package
from xlscore.workbooks.returns import Return
from xlscore.workbooks.scorecard.fill import CellContent, Typed, fill, put

SERIAL = 4711
FORM, LIST = "Phiếu chấm điểm", "Nội dung cần sửa"
ERROR, WARNING = ("FFFFC7CE", "medium"), ("FFFFE699", "mediumDashed")
WRONG: dict[Key, Typed | None] = {
    ("n1.1", "points"): Decimal("2.25"),
    ("n1.2", "level"): "không rõ",
    ("n1.4", "count"): "2",
    ("n2.1", "percent"): None,
    ("n2.2.1", "tong"): Decimal(0),
}


@dataclass
class Answered:
    """A returned file, what was found in it, and its marked copy."""

    data: bytes
    back: Return
    marked: Marked

    @cached_property
    def book(self) -> openpyxl.Workbook:
        return openpyxl.load_workbook(BytesIO(self.marked.data))

    @property
    def form(self) -> Worksheet:
        return self.sheet(FORM)

    def sheet(self, name: str) -> Worksheet:
        sheet = self.book[name]
        assert isinstance(sheet, Worksheet)
        return sheet


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return make_campaign(tmp_path_factory.mktemp("campaign"))


def copy_of(
    campaign: Campaign, path: Path, findings: Iterable[Finding], role: str = ""
) -> Marked | None:
    workspace = campaign.workspace
    unit, layout = workspace.campaign.units["STP"], campaign.layout(role=role)
    digest = workspace.campaign.rubric(unit).form_digest[:DIGEST_DIGITS]
    token = Token(workspace.campaign.settings.id, SCORECARD, "STP", SERIAL, digest, role)
    signed = sign(token, workspace.keys.ring)
    head = scorecard_head(workspace.campaign, unit, layout, SERIAL, signed)
    return marked_copy(path, layout, head, "mật khẩu", list(findings), answers="STP.xlsx, bản 2")


def answered(campaign: Campaign, data: bytes, role: str = "") -> Answered:
    return answer_to(campaign, campaign.read(data), role)


def answer_to(campaign: Campaign, back: Return, role: str = "") -> Answered:
    folders = (campaign.root / "returned").iterdir()
    latest = max((f for f in folders if f.name.isdigit()), key=lambda f: int(f.name))
    path = latest / back.file
    made = copy_of(campaign, path, back.findings, role)
    assert made is not None
    return Answered(path.read_bytes(), back, made)


def ticked(data: bytes, campaign: Campaign) -> bytes:
    return typed_over(data, {campaign.at("", Slot.SUBMIT): COMPLETE})


def highlights(sheet: Worksheet) -> dict[str, tuple[str, str]]:
    """Return colour and frame of every marked cell, once per merged range."""
    frames = {"medium", "mediumDashed"}
    covered = {c for m in sheet.merged_cells.ranges for row in m.cells for c in [row]}
    starts = {(m.min_row, m.min_col) for m in sheet.merged_cells.ranges}
    return {
        cell.coordinate: (cell.fill.fgColor.rgb, cell.border.left.style)
        for row in sheet.iter_rows()
        for cell in row
        if cell.border.left.style in frames
        and ((cell.row, cell.column) not in covered or (cell.row, cell.column) in starts)
    }


def prompts(sheet: Worksheet) -> dict[str, tuple[str, str]]:
    return {
        str(rule.sqref): (rule.promptTitle or "", rule.prompt or "")
        for rule in sheet.data_validations.dataValidation
    }


def listed(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """Return code, level, link target and what was entered, in order."""
    found = []
    for row in sheet.iter_rows(min_row=1):
        if re.fullmatch(r"[A-Z]\d{3}", str(row[1].value)):
            link = row[3].hyperlink
            found.append((row[1].value, row[2].value, link.location if link else "", row[4].value))
    return found


def codes(back: Return) -> list[str]:
    return [f.name for f in back.findings if f.name not in {"return-refused", "draft"}]


# --- marks ------------------------------------------------------------------------------------------

READABLE = [case for case in (*TYPED, *STRUCTURE) if case.status is not Status.REJECTED]


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.id)
def test_each_finding_is_marked_at_its_cell_and_listed(campaign: Campaign, case: Case) -> None:
    made = answer_to(campaign, case.build(campaign))
    seen, messages = highlights(made.form), prompts(made.form)
    remarks = {r: str(made.form[f"I{r}"].value) for r in range(8, 46)}
    links = [(code, link) for code, _, link, _ in listed(made.sheet(LIST))]
    for found in made.back.findings:
        if found.name == "return-refused":
            continue
        if not found.cell or found.name in {"row-mismatch", "row-twice", "unknown-row"}:
            assert found.code in [code for code, _ in links]
            continue
        assert (found.code, f"'{FORM}'!{found.cell}") in links
        if found.severity is Severity.NOTE or found.cell == "F7":
            continue
        assert seen[found.cell] == (ERROR if found.severity is Severity.ERROR else WARNING)
        title, said = messages[found.cell]
        assert found.code in title
        assert (len(title) <= 32, 0 < len(said) <= 255) == (True, True)
        if found.cell != "C10":  # guidance runs over the column of notes
            assert found.code in remarks[int(re.sub(r"\D", "", found.cell))]


def test_only_what_was_found_is_marked(campaign: Campaign) -> None:
    made = answered(campaign, campaign.filled(WRONG))
    expected = {f.cell for f in made.back.findings if f.severity is not Severity.NOTE and f.cell}
    assert set(highlights(made.form)) == expected
    assert expected == {"F9", "E11", "E23", "E29"}


def test_a_cell_with_two_findings_takes_the_graver_look_and_names_both(campaign: Campaign) -> None:
    warned = finding("plugin-finding", cell="F9", params={"text": "Lạ.", "remedy": "Xem lại."})
    back = campaign.read(campaign.filled({("n1.1", "points"): Decimal(7)}))
    path = next((campaign.root / "returned").glob(f"*/{back.file}"))
    path.write_bytes(campaign.filled({("n1.1", "points"): Decimal(7)}))
    made = copy_of(campaign, path, [warned, *back.findings])
    assert made is not None
    sheet = Answered(b"", back, made).form
    title, said = prompts(sheet)["F9"]
    assert (highlights(sheet)["F9"], title) == (ERROR, "Lỗi S012 và 1 mục khác")
    assert said.startswith("Đã nhập 7, vượt mức tối đa 2. Nhập không quá 2. Lạ. Xem lại.")


def test_a_marked_cell_keeps_its_rule_and_error_texts(campaign: Campaign) -> None:
    made = answered(campaign, campaign.filled(WRONG))
    blank = openpyxl.load_workbook(BytesIO(campaign.form()))[FORM]

    def rules(sheet: Worksheet) -> dict[str, tuple[Any, ...]]:
        return {
            str(r.sqref): (r.type, r.operator, r.formula1, r.formula2, r.error, r.errorTitle)
            for r in sheet.data_validations.dataValidation
            if r.type
        }

    assert rules(made.form) == rules(blank)


MOVES: Mapping[str, tuple[Shift, Shift]] = {
    "rows between": (inserted(1, 11, 18, 18, 29), same),
    "columns between": (same, inserted(1, 4, 6)),
    "two columns exchanged": (same, swapped(6, 7)),
    "rows and columns": (inserted(9, 20), inserted(2, 7)),
}


@pytest.mark.parametrize("move", MOVES)
def test_marks_stand_where_the_cells_are_in_the_fresh_form(campaign: Campaign, move: str) -> None:
    still = answered(campaign, campaign.filled(WRONG))
    moved = answered(campaign, reshaped(campaign.filled(WRONG), *MOVES[move]))
    assert [f.cell for f in moved.back.findings] != [f.cell for f in still.back.findings]
    assert highlights(moved.form) == highlights(still.form)
    assert listed(moved.sheet(LIST)) == listed(still.sheet(LIST))
    assert raw(campaign, moved.marked.data) == raw(campaign, still.marked.data)
    assert moved.marked.left_behind == ()


# --- what is taken over -----------------------------------------------------------------------------


def found_form(campaign: Campaign, data: bytes, role: str = "") -> FormSheet:
    form = find_form(parse_package(data), campaign.layout(role=role))
    assert isinstance(form, FormSheet)
    return form


def raw(campaign: Campaign, data: bytes) -> dict[tuple[str, str], tuple[str, Any]]:
    """Return what stands in every input cell but the submit cell, as the reader sees it."""
    entries = found_form(campaign, data).entries()
    cells = {key: found.cell for key, found in entries.items() if key != ("", Slot.SUBMIT)}
    return {
        key: _plain(cell) for key, cell in cells.items() if isinstance(cell, Cell) and cell.value
    }


def _plain(cell: Cell) -> tuple[str, Any]:
    return cell.kind, from_excel(cell.value) if cell.kind == "number" else cell.value


LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t")
TEXTS = st.text(LETTERS, max_size=25) | st.sampled_from(
    [
        "=1+1",
        "+5",
        "-3",
        "@A1",
        "{=1}",
        "http://a.vn",
        "0,5",
        "1.000",
        "12/3",
        "_x0041_",
        "<r>x</r>",
    ]
)
CONTENTS = (
    TEXTS.map(lambda said: CellContent("text", said))
    | st.floats(-1e12, 1e12)
    .filter(lambda value: value == 0 or abs(value) > 1e-290)
    .map(lambda value: CellContent("number", repr(value)))
    | st.booleans().map(lambda said: CellContent("boolean", str(said).upper()))
    | st.sampled_from(["#N/A", "#REF!", "#DIV/0!"]).map(lambda name: CellContent("error", name))
)


@settings(max_examples=40, deadline=None)
@given(chosen=st.lists(st.tuples(st.integers(0, 10**6), CONTENTS), min_size=1, max_size=12))
def test_everything_typed_is_there_again(
    campaign: Campaign, chosen: Sequence[tuple[int, CellContent]]
) -> None:
    keys = [key for key in campaign.layout().entries if key != ("", Slot.SUBMIT)]
    contents = {campaign.at(*keys[place % len(keys)]): content for place, content in chosen}
    made = answered(campaign, put(campaign.form(), contents))
    assert raw(campaign, made.marked.data) == raw(campaign, made.data)
    assert ("", Slot.SUBMIT) not in raw(campaign, made.marked.data)


HOSTILE = [
    '=HYPERLINK("http://x")', "+5", "-2+3", "@SUM(A1)", "{=1}", "https://example.vn/a?b=1", "mailto:a@b",
    "internal:A1", "<r><t>x</t></r>", "<r></t></si></r>", "</t></si>", "_x0041_", "_x005F_x0041_", "'nháy",
    f" {KEY_MARK}", "XLS1.abc", "  hai đầu  ", "a\nb\tc", "😀" * 40, "]]>", "&amp;", "x" * 32_767,
]  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE, ids=lambda said: said[:20])
def test_a_text_stays_a_text_and_the_copy_stays_one_form(campaign: Campaign, said: str) -> None:
    changes = {("n1.1", Slot.EVIDENCE): said, ("n1.4", "count"): said, ("n1.2", "level"): said}
    made = answered(campaign, campaign.filled(changes))
    before, after = raw(campaign, made.data), raw(campaign, made.marked.data)
    assert after == before
    again = campaign.read(ticked(made.marked.data, campaign))
    assert (codes(again), again.status) == (codes(made.back), made.back.status)
    cells = [made.form[campaign.at(*key)] for key in changes]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_a_text_that_no_cell_may_hold_is_cut_and_named(campaign: Campaign) -> None:
    made = answered(campaign, campaign.filled({("n1.1", Slot.EVIDENCE): "😀" * 20_000}))
    assert raw(campaign, made.marked.data)["n1.1", Slot.EVIDENCE] == ("text", "😀" * 16_383)
    assert [(item.place, item.en) for item in made.marked.left_behind] == [
        ("G9", "the text beyond 32767 characters")
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CellContent("date", "46143"), ("text", "01/05/2026")),
        (CellContent("date", "0.0625"), ("text", "01:30")),
        (CellContent("date", "99999999"), ("text", "ngày 99999999")),
        (CellContent("percent", "0.95"), ("text", "95%")),
        (CellContent("percent", "0.0112500"), ("text", "1,1250%")),
        (CellContent("number", "1e305"), ("text", "1e305")),
        (CellContent("percent", "2.2250738585072014e-308"), ("text", "2.2250738585072014e-308")),
        (CellContent("number", "0.30000000000000004"), ("number", Decimal("0.3"))),
        (CellContent("number", "0.12345678901234549"), ("number", Decimal("0.123456789012345"))),
        (CellContent("number", "1", "0.5+0.5"), ("number", Decimal(1))),
        (CellContent("text", "ba", '"b"&"a"'), ("text", "ba")),
        (CellContent("error", "#NAME?", "-Chậm"), ("error", "#NAME?")),
        (CellContent("boolean", "TRUE", "TRUE()"), ("boolean", "TRUE")),
    ],
)
def test_what_excel_made_of_an_entry_shows_again(
    campaign: Campaign, content: CellContent, expected: tuple[str, Any]
) -> None:
    data = put(campaign.filled(), {campaign.at("n1.1", "points"): content})
    made = answered(campaign, data)
    assert raw(campaign, made.marked.data)["n1.1", "points"] == expected
    cell = found_form(campaign, made.marked.data).cell("s:n1.1", Column.SCORE)
    assert cell is not None
    assert (cell.formula, cell.format) == (None, "general")


def test_the_formulas_cache_what_they_show_for_the_entries(campaign: Campaign) -> None:
    made = answered(campaign, campaign.filled(WRONG))
    before, after = (found_form(campaign, data) for data in (made.data, made.marked.data))
    for row, column, _ in campaign.layout().calculations:
        was, shown = before.cell(row.key, column), after.cell(row.key, column)
        assert was is not None
        assert shown is not None
        assert (shown.formula, _plain(shown)) == (was.formula, _plain(was)), (row.key, column)


def test_rows_grow_with_what_was_typed_and_with_remarks(campaign: Campaign) -> None:
    changes = {("n1.1", Slot.EVIDENCE): "12/KH-UBND ngày 05/01/2026; " * 12, **WRONG}
    made = answered(campaign, campaign.filled(changes))
    blank = openpyxl.load_workbook(BytesIO(campaign.form()))[FORM]
    heights = [
        (blank.row_dimensions[n].height, made.form.row_dimensions[n].height) for n in (9, 11)
    ]
    assert heights[0][1] > 4 * heights[0][0]
    assert heights[1][1] > 1.5 * heights[1][0]


def test_a_row_pasted_over_is_left_behind_and_asked_for_again(campaign: Campaign) -> None:
    data = typed_over(campaign.filled(), {"B18": "1.2", "C18": "Tiêu chí 1.2", "D18": number("1")})
    made = answered(campaign, data)
    before, after = raw(campaign, data), raw(campaign, made.marked.data)
    assert set(before) - set(after) == {("n1.4", "count")}
    named = {item.place: item.vi for item in made.marked.left_behind}
    assert named["E18"] == "đã nhập ở hàng không còn khớp với mã hàng: “2”"
    assert set(named) == {"B18", "C18", "D18", "E18"}
    assert highlights(made.form) == {"E18": ERROR, "G18": ERROR}
    assert listed(made.sheet(LIST))[0][:3] == ("S007", "Lỗi", f"'{FORM}'!E18")


def test_a_deleted_row_is_there_again_and_marked(campaign: Campaign) -> None:
    data = typed_over(campaign.filled(), {"A17": CellContent("blank")})
    made = answered(campaign, data)
    assert highlights(made.form) == {"E17": ERROR}
    assert set(raw(campaign, made.marked.data)) == set(raw(campaign, data))


def test_a_row_twice_is_left_behind_with_the_cells_of_its_copy(campaign: Campaign) -> None:
    copy = {"A60": campaign.row("s:n1.2").signed_key, "C60": "Tiêu chí 1.2", "E60": "Chậm"}
    made = answered(campaign, in_excel(campaign.filled(), copy))
    named = {item.place: item.vi for item in made.marked.left_behind}
    assert set(named) == {"E11", "A60:E60"}
    assert highlights(made.form) == {"E11": ERROR, "G11": ERROR}


def test_another_officers_cells_are_left_out(campaign: Campaign) -> None:
    back = ROLES[0].build(campaign)
    made = answer_to(campaign, back, "van-phong")
    assert made.form["E36"].value is None
    assert highlights(made.form) == {"E36": WARNING}
    assert [(item.sheet, item.place, item.vi) for item in made.marked.left_behind] == [
        (FORM, "E36", "ô thuộc phần của người khác: “Mức 3”")
    ]


# --- what is left behind ----------------------------------------------------------------------------


def in_excel(data: bytes, contents: Mapping[str, str | float]) -> bytes:
    """Return the workbook with cells of the form set, wherever they are."""
    book = openpyxl.load_workbook(BytesIO(data))
    for address, said in contents.items():
        book[FORM][address] = said
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def edited_in_excel(data: bytes) -> bytes:
    """Return the workbook with things that people add: a sheet, a comment, a chart's drawing."""
    book = openpyxl.load_workbook(BytesIO(data))
    extra = book.create_sheet("Bảng tính thử")
    extra["B2"], extra["B3"] = "Tổng", 7
    form = book[FORM]
    form["F9"].comment = Comment("Sếp xem lại", "An")
    form["E11"].comment = Comment("Chưa chắc", "An")
    form["M9"], form["N10"], form["N11"] = "Nháp", 1, 2
    form["C50"] = "Liên hệ: 0912 345 678"
    book["Hướng dẫn"]["D4"] = "Hỏi Sở Nội vụ"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_what_is_not_the_forms_is_named_and_gone(campaign: Campaign) -> None:
    made = answered(campaign, edited_in_excel(campaign.filled({("n1.1", "points"): Decimal(9)})))
    assert made.marked.left_behind == (
        LeftBehind(FORM, "F9, E11", "2 chú thích (comment)", "2 comments"),
        LeftBehind(
            FORM,
            "M9:N11",
            "nội dung gõ ngoài biểu: “Nháp” (3 ô)",
            "typed outside the form: “Nháp” (3 cells)",
        ),
        LeftBehind(
            FORM,
            "C50",
            "nội dung gõ ngoài biểu: “Liên hệ: 0912 345 678”",
            "typed outside the form: “Liên hệ: 0912 345 678”",
        ),
        LeftBehind(
            "Hướng dẫn",
            "D4",
            "nội dung gõ ngoài biểu: “Hỏi Sở Nội vụ”",
            "typed outside the form: “Hỏi Sở Nội vụ”",
        ),
        LeftBehind(
            "Bảng tính thử", "", "trang thêm vào, 2 ô có nội dung", "an added sheet, 2 cells"
        ),
    )
    package = parse_package(made.marked.data)
    said = {cell.value for sheet in package.sheets[:1] for cell in sheet.cells.values()}
    assert not said & {"Nháp", "Liên hệ: 0912 345 678", "Tổng"}
    assert "Bảng tính thử" not in [sheet.name for sheet in package.sheets]
    with_comments = [c for row in made.form.iter_rows() for c in row if c.comment]
    assert with_comments == []


def test_inserted_rows_altered_cells_and_formulas_are_named(campaign: Campaign) -> None:
    data = reshaped(campaign.filled({("n1.1", "points"): number("9", "4+5")}), inserted(18))
    over: dict[str, str | float] = {
        "C18": "Chỉ tiêu của Sở",
        "E18": 5,
        "C8": "Nhóm một",
        "I9": "đã hỏi",
    }
    data = typed_over(data, {"F19": number("1", "2*E19*0.5")})
    made = answered(campaign, in_excel(data, over))
    assert [(item.place, item.vi) for item in made.marked.left_behind] == [
        ("C8", "ô bị khóa đã sửa thành “Nhóm một”"),
        ("I9", "ô bị khóa đã sửa thành “đã hỏi”"),
        ("C18:E18", "hàng thêm vào, có nội dung “Chỉ tiêu của Sở” (2 ô)"),
        ("F19", "công thức bị khóa đã sửa thành “=2*E19*0.5”"),
        ("F9", "công thức “=4+5”"),  # openpyxl saves no values
    ]


def test_macros_are_named(campaign: Campaign) -> None:
    made = answered(campaign, with_macros(campaign.filled({("n1.1", "points"): None})))
    assert [(item.sheet, item.vi) for item in made.marked.left_behind] == [("", "macro")]


def test_a_long_list_says_how_much_more_there_is(campaign: Campaign) -> None:
    strays = {f"M{row}": "thừa" for row in range(50, 200, 2)}
    made = answered(campaign, in_excel(campaign.filled(), strays))
    assert len(made.marked.left_behind) == 51
    assert made.marked.left_behind[-1] == LeftBehind("", "", "và 25 mục khác", "and 25 more")
    said = [row[0].value for row in made.sheet(LIST).iter_rows() if row[0].value]
    assert said[-1] == "– và 25 mục khác"


@pytest.mark.parametrize("changes", [{}, WRONG], ids=["faultless", "wrong"])
def test_a_form_as_issued_leaves_nothing_behind_nor_does_its_copy(
    campaign: Campaign, changes: Mapping[Key, Typed | None]
) -> None:
    made = answered(campaign, campaign.filled(changes))
    again = answered(campaign, ticked(made.marked.data, campaign))
    assert (made.marked.left_behind, again.marked.left_behind) == ((), ())
    assert raw(campaign, again.marked.data) == raw(campaign, made.data)


# --- the copy comes back ----------------------------------------------------------------------------

MENDED = {
    "a formula's result": [],
    "a formula on the same sheet": [],
    "another sheet": [],
    "another file": [],
    "a defined name": [],
    "an address made up": [],
    "no result": ["missing-entry"],
    "an empty result": ["missing-entry"],
    "a time of day": ["not-a-number"],
    "another state": [],
    "more than Excel can hold": [],
    "not ticked": [],
    "not ticked, with blanks and an error": ["over-maximum", "missing-entry"],
}
"""What a fresh form mends by itself: formulas are values there, and the submit cell is ticked."""


@pytest.mark.parametrize("case", TYPED, ids=lambda case: case.id)
def test_an_unmended_copy_gives_the_same_findings_again(campaign: Campaign, case: Case) -> None:
    made = answer_to(campaign, case.build(campaign))
    again = campaign.read(ticked(made.marked.data, campaign))
    assert codes(again) == MENDED.get(case.id, codes(made.back))
    kept = [(f.name, f.cell) for f in made.back.findings if f.name != "draft"]
    if case.id not in MENDED:
        assert [(f.name, f.cell) for f in again.findings] == kept
        assert again.status is made.back.status


@pytest.mark.parametrize("case", STRUCTURE, ids=lambda case: case.id)
def test_a_copy_of_a_damaged_form_is_whole_again(campaign: Campaign, case: Case) -> None:
    back = case.build(campaign)
    if back.card is None:
        path = max(
            (campaign.root / "returned").glob(f"*/{back.file}"), key=lambda p: int(p.parent.name)
        )
        assert copy_of(campaign, path, back.findings) is None
        return
    made = answer_to(campaign, back)
    layout = campaign.layout()
    again = campaign.read(fill(made.marked.data, layout, faultless(layout)))
    assert (codes(again), again.status) == ([], Status.VALID)


@pytest.mark.parametrize(
    "case", [c for c in FILES if c.status is Status.REJECTED], ids=lambda c: c.id
)
def test_no_copy_is_made_of_what_is_no_form(campaign: Campaign, case: Case) -> None:
    back = case.build(campaign)
    found = sorted(
        (campaign.root / "returned").rglob(back.file), key=lambda p: p.stat().st_mtime_ns
    )
    path = found[-1] if found and back.file.startswith("STP") else campaign.root / back.file
    if case.id != "the reader fails":  # there the file itself is faultless
        assert copy_of(campaign, path, back.findings) is None


def test_a_mended_copy_counts_under_its_own_serial(campaign: Campaign) -> None:
    made = answered(campaign, campaign.filled(WRONG))
    layout = campaign.layout()
    mended = {
        key: said for key, said in faultless(layout).items() if key in {*WRONG, ("", Slot.SUBMIT)}
    }
    contents = {
        layout.address(*layout.entries[key][:2]): number(str(said))
        if isinstance(said, Decimal)
        else text(str(said))
        for key, said in mended.items()
    }
    again = campaign.read(put(made.marked.data, contents))
    # The totals that `put` leaves as they were are all that is said about it.
    assert [f for f in codes(again) if f != "total-differs"] == []
    assert again.status is Status.VALID
    assert again.token is not None
    assert (again.token.unit, again.token.serial) == ("STP", SERIAL)


def test_the_copy_is_locked_and_opens_on_its_list(campaign: Campaign) -> None:
    made = answered(campaign, campaign.filled(WRONG))
    book = openpyxl.load_workbook(BytesIO(made.marked.data))
    assert book.sheetnames[:3] == [FORM, LIST, "Hướng dẫn"]
    assert book.active is not None
    assert book.active.title == LIST
    assert all(sheet.protection.sheet and sheet.protection.password for sheet in book.worksheets)
    assert book.security.lockStructure
    page = book[LIST].page_setup
    assert (page.orientation, page.paperSize, book[LIST].print_title_rows) == (
        "landscape",
        9,
        "$5:$5",
    )


def test_the_list_names_the_unit_the_version_and_notes_last(campaign: Campaign) -> None:
    made = answered(campaign, campaign.filled(WRONG | {("n3", "points"): number("1", "1")}))
    sheet = made.sheet(LIST)
    above = [sheet.cell(row, 1).value for row in range(1, 5)]
    assert above[0] == "NỘI DUNG CẦN SỬA TRONG PHIẾU"
    assert above[1] == "Đơn vị: Sở Tư pháp   |   Mã đơn vị: STP   |   Số phiếu: 04711"
    assert above[2] == "Trả lời: STP.xlsx, bản 2"
    assert str(above[3]).startswith("Phiếu đã gửi chưa được tiếp nhận: còn 4 lỗi phải sửa. Tệp này")
    assert listed(sheet) == [
        ("S012", "Lỗi", f"'{FORM}'!F9", "2,25"),
        ("S024", "Lỗi", f"'{FORM}'!E11", "“không rõ”"),
        ("S011", "Lỗi", f"'{FORM}'!E23", ""),
        ("S027", "Lỗi", f"'{FORM}'!E29", ""),
        ("S033", "Ghi chú", f"'{FORM}'!E18", "“2”"),
        ("S022", "Ghi chú", f"'{FORM}'!F38", "1"),
    ]
    first = next(row for row in sheet.iter_rows() if row[1].value == "S012")
    assert (first[0].value, first[3].value) == (1, "1.1, ô F9")
    assert first[5].value == "Đã nhập 2,25, vượt mức tối đa 2. Nhập không quá 2."


def test_the_list_quotes_what_was_typed_letter_for_letter(campaign: Campaign) -> None:
    changes = {("n1.4", "count"): "1.000", ("n1.1", "points"): "0,5%", ("n1.5", "points"): "=1"}
    entered = [item[3] for item in listed(answered(campaign, campaign.filled(changes)).sheet(LIST))]
    assert entered == ["0,5%", "“1.000”", "“=1”"]


def test_findings_on_the_file_come_first_without_a_link(campaign: Campaign) -> None:
    whole = finding("plugin-failed", params={"plugin": "cua-so", "what": "lỗi"}, file="STP.xlsx")
    by_row = finding("plugin-error", row="1.2", params={"text": "Một.", "remedy": "Hai."})
    back = campaign.read(campaign.filled())
    made = answer_to(campaign, back)
    again = copy_of(
        campaign, next((campaign.root / "returned").glob(f"*/{back.file}")), [by_row, whole]
    )
    assert again is not None
    assert [item[2] for item in listed(Answered(b"", made.back, again).sheet(LIST))] == [
        "",
        f"'{FORM}'!C11",
    ]


@pytest.mark.office
@needs_uno
def test_a_copy_mended_in_libreoffice_is_valid(campaign: Campaign, tmp_path: Path) -> None:
    made = answered(campaign, campaign.filled(WRONG))
    path = tmp_path / "marked.xlsx"
    path.write_bytes(made.marked.data)
    mended: dict[str, str | float] = {"F9": 1.0, "E11": "Chậm", "E23": 85.0, "E29": 2.0, "E18": 1.0}
    mended[campaign.at("", Slot.SUBMIT)] = COMPLETE
    back = campaign.read_path(fill_with_libreoffice(path, mended, tmp_path / "mended.xlsx"))
    assert (codes(back), back.status) == ([], Status.VALID)
    assert back.token is not None
    assert back.token.serial == SERIAL
