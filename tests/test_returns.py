"""Whole returns through real files: moved, renamed, hidden, copied, sorted, waived, extended."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest

from tests.campaigns import (
    FORM,
    Campaign,
    Data,
    TypedCells,
    make_campaign,
    number,
    part,
    rubric,
    typed_over,
)
from tests.reshape import Shift, hidden, inserted, moved, reshaped, same, swapped
from tests.spoiled import Place, found
from tests.spoiled_files import with_macros
from tests.spoiled_identity import token_of
from xlscore.answers import Answers
from xlscore.findings import Severity, Status, message
from xlscore.layout import NOT_APPLICABLE, Slot
from xlscore.workbooks.members import replace_members
from xlscore.workbooks.package import PackageError, parse_package
from xlscore.workbooks.returns import Return
from xlscore.workbooks.scorecard.cached import PROGRESS, calculated
from xlscore.workbooks.scorecard.fill import Typed

WRONG: TypedCells = {
    ("n1.1", "points"): Decimal("2.25"),
    ("n1.2", "level"): "không rõ",
    ("n1.3", "numerator"): "0,5%",
    ("n1.4", "count"): "2",
    ("n2.2.1", "tong"): Decimal(0),
}
WRONG_PLACES: list[Place] = [
    ("over-maximum", "F9", "1.1"),
    ("unknown-level", "E11", "1.2"),
    ("percent-in-points", "E16", "1.3"),
    ("number-as-text", "E18", "1.4"),
    ("undefined-formula", "E29", "2.2.1"),
    ("return-refused", "", ""),
]


def scores(back: Return) -> dict[str, Decimal | None]:
    assert back.card is not None
    return {node: score.points for node, score in back.card.scores.items()}


def at(places: list[Place], rows: Shift, columns: Shift) -> list[Place]:
    return [(name, moved(cell, rows, columns) if cell else "", row) for name, cell, row in places]


MOVES: dict[str, tuple[Shift, Shift]] = {
    "a row above everything": (inserted(1), same),
    "rows above the headings": (inserted(5, 5), same),
    "a row between headings and body": (inserted(8), same),
    "rows between criteria": (inserted(11, 18, 18, 29), same),
    "a row between a criterion and its inputs": (inserted(17), same),
    "rows below": (inserted(42, 45, 46), same),
    "a column at the left": (same, inserted(1)),
    "columns between": (same, inserted(4, 5, 6, 6)),
    "columns past Z": (same, inserted(*[6] * 30)),
    "two columns exchanged": (same, swapped(6, 7)),
    "the keys moved to the right": (same, lambda n: 20 if n == 1 else n),
    "rows and columns": (inserted(1, 9, 20), inserted(2, 7)),
}


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_moved_rows_and_columns_change_nothing(campaign: Campaign, move: str) -> None:
    rows, columns = MOVES[move]
    original = campaign.read(campaign.filled())
    back = campaign.read(reshaped(campaign.filled(), rows, columns))
    assert found(back) == []
    assert back.status is Status.VALID
    assert scores(back) == scores(original)
    assert back.card is not None
    expected = moved(campaign.at("n1.1", "points"), rows, columns)
    assert back.card.places["n1.1", "points"] == expected


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_findings_carry_the_address_in_the_file_as_returned(campaign: Campaign, move: str) -> None:
    rows, columns = MOVES[move]
    assert found(campaign.read(campaign.filled(WRONG))) == WRONG_PLACES
    back = campaign.read(reshaped(campaign.filled(WRONG), rows, columns))
    assert found(back) == at(WRONG_PLACES, rows, columns)


def test_an_altered_cell_is_found_after_rows_were_inserted(campaign: Campaign) -> None:
    altered = typed_over(campaign.filled(), {"F18": number("2"), "F7": "Điểm", "C8": "Khác"})
    back = campaign.read(reshaped(altered, inserted(1, 8, 12)))
    assert found(back) == [
        ("altered-locked-cell", "C10", "1"),
        ("altered-locked-cell", "F8", ""),
        ("formula-overwritten", "F21", "1.4"),
    ]


def renamed(data: bytes) -> bytes:
    """Rename every sheet, in the list of sheets and in the formulas that name them."""
    book = part(data, "xl/workbook.xml")
    sheet = part(data, FORM)
    for place, name in enumerate(re.findall(r'<sheet name="([^"]+)"', book)):
        book = book.replace(f'name="{name}"', f'name="Trang {place}"')
        book = book.replace(f"'{name}'!", f"'Trang {place}'!").replace(
            f">{name}!", f">'Trang {place}'!"
        )
        sheet = sheet.replace(f"'{name}'!", f"'Trang {place}'!")
    return replace_members(data, {"xl/workbook.xml": book.encode(), FORM: sheet.encode()})


def reordered(data: bytes) -> bytes:
    """Put the sheets into the opposite order."""
    book = part(data, "xl/workbook.xml")
    listed = re.findall(r"<sheet [^>]*/>", book)
    sheets = "".join(listed)
    book = book.replace(sheets, "".join(reversed(listed)))
    return replace_members(
        data, {"xl/workbook.xml": re.sub("<definedNames>.*</definedNames>", "", book).encode()}
    )


def without_cached_values(data: bytes) -> bytes:
    sheet = re.sub(
        r'(<c r="\w+"(?: s="\d+")?)(?: t="str")?>(<f>[^<]*</f>)<v>[^<]*</v>',
        r"\1>\2",
        part(data, FORM),
    )
    return replace_members(data, {FORM: sheet.encode()})


@pytest.mark.parametrize("change", [renamed, reordered, hidden, without_cached_values])
@pytest.mark.parametrize(("changes", "expected"), [({}, []), (WRONG, WRONG_PLACES)])
def test_what_leaves_the_cells_alone_changes_nothing(
    campaign: Campaign,
    change: Callable[[bytes], bytes],
    changes: TypedCells,
    expected: list[Place],
) -> None:
    original = campaign.filled(changes)
    back = campaign.read(change(original))
    assert found(back) == expected
    assert scores(back) == scores(campaign.read(original))


def test_the_sheet_is_called_as_it_is_called_now(campaign: Campaign) -> None:
    back = campaign.read(renamed(campaign.filled(WRONG)))
    assert back.sheet == "Trang 0"
    assert {f.sheet for f in back.findings} == {"Trang 0", ""}


def test_a_file_may_have_any_name(campaign: Campaign) -> None:
    data = campaign.filled()
    for name in ("Bảng chấm điểm (1).xlsx", "a.tmp", "STC.xlsx"):
        back = campaign.read(data, name)
        assert (back.file, back.status, back.unit and back.unit.code) == (name, Status.VALID, "STP")


def test_macros_are_a_note_and_the_scores_the_same(campaign: Campaign) -> None:
    back = campaign.read(with_macros(campaign.filled()), "STP.xlsm")
    assert scores(back) == scores(campaign.read(campaign.filled()))
    assert [f.severity for f in back.findings] == [Severity.NOTE]


def sorted_rows(data: bytes, campaign: Campaign, first: int, second: int) -> bytes:
    """Exchange the visible cells of two rows, as sorting does; keys and formulas stay behind."""
    sheet = part(data, FORM)
    contents = {}
    for row, other in ((first, second), (second, first)):
        for letter in "BCDEFGH":
            cell = re.search(rf'<c r="{letter}{row}"([^>]*?)(/>|>.*?</c>)', sheet, re.DOTALL)
            if cell and "<f>" not in cell[2]:
                contents[f"{letter}{other}"] = f'<c r="{letter}{other}"{cell[1]}{cell[2]}'
    for address, cell_xml in contents.items():
        pattern = re.compile(rf'<c r="{address}"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
        sheet = pattern.sub(lambda _, made=cell_xml: made, sheet, count=1)  # type: ignore[misc]
    return replace_members(data, {FORM: sheet.encode()})


def test_sorted_rows_are_refused_and_give_no_points(campaign: Campaign) -> None:
    changes: TypedCells = {("n1.1", "points"): Decimal(2), ("n1.5", "points"): Decimal("0.5")}
    back = campaign.read(sorted_rows(campaign.filled(changes), campaign, 9, 20))
    assert [f for f in found(back) if f[0] != "missing-evidence"] == [
        ("row-mismatch", "B9", "1.1"),
        ("row-mismatch", "B20", "1.5"),
        ("return-refused", "", ""),
    ]
    assert back.card is not None
    assert back.card.refused >= {"n1.1", "n1.5"}
    assert scores(back)["n1.1"] is None
    assert scores(back)["n1.5"] is None


def test_a_row_moved_as_a_whole_keeps_its_points(campaign: Campaign) -> None:
    exchanged = swapped(18, 20)
    back = campaign.read(reshaped(campaign.filled(), exchanged))
    assert found(back) == []
    assert scores(back) == scores(campaign.read(campaign.filled()))


def deleted(data: bytes, *rows: int) -> bytes:
    """Return the workbook with rows deleted: those below move up, references to them break."""
    sheet = part(data, FORM)
    for row in rows:
        sheet = re.sub(rf'<row r="{row}".*?</row>', "", sheet, flags=re.DOTALL)
        sheet = re.sub(rf"\b[A-Z]{row}\b(?!\")", "#REF!", sheet)
    data = replace_members(data, {FORM: sheet.encode()})
    return reshaped(data, lambda n: n - sum(1 for row in rows if row < n))


def test_a_deleted_row_is_named_and_its_consequences_are_not(campaign: Campaign) -> None:
    back = campaign.read(deleted(campaign.filled(), 18))
    assert found(back) == [("row-missing", "", "1.4"), ("return-refused", "", "")]
    assert back.findings[0].params == {"title": "Tiêu chí 1.4"}


def test_a_deleted_input_row_refuses_its_criterion(campaign: Campaign) -> None:
    back = campaign.read(deleted(campaign.filled(), 17))
    assert found(back) == [("row-missing", "", "1.3"), ("return-refused", "", "")]
    assert back.findings[0].params == {"title": "– Tổng số hồ sơ"}
    assert scores(back)["n1.3"] is None


def test_a_deleted_group_row_refuses_nothing(campaign: Campaign) -> None:
    back = campaign.read(deleted(campaign.filled(), 25))
    assert (found(back), back.status) == ([], Status.VALID)


def test_a_deleted_state_row_leaves_a_draft(campaign: Campaign) -> None:
    back = campaign.read(deleted(campaign.filled(), 45))
    assert found(back) == [("row-missing", "", ""), ("draft-unticked", "", "")]
    assert back.status is Status.DRAFT


def test_a_refused_applicability_row_leaves_nothing_out(campaign: Campaign) -> None:
    changes: dict[tuple[str, str], Typed | None] = {
        ("n2.2", Slot.APPLICABILITY): NOT_APPLICABLE,
        ("n2.2", Slot.EXPLANATION): "Không được giao",
    }
    data = typed_over(campaign.filled(changes), {"C26": "Có được nghỉ không?"})
    back = campaign.read(data)
    assert found(back) == [("row-mismatch", "C26", "2.2"), ("return-refused", "", "")]
    assert back.card is not None
    assert back.card.answers.not_applicable == frozenset()
    assert back.card.refused == {"n2.2", "n2.2.1", "n2.2.2"}


@pytest.mark.parametrize(
    "contents",
    [
        {"C8": "Khác"},
        {"F18": number("2")},
        {"F18": number("1", "E18*2")},
        {"F42": number("99")},
        {"F35": number("3")},
        {"D8": number("99")},
        {"F7": "Khác"},
    ],
)
def test_altered_locked_cells_leave_the_scores_alone(
    campaign: Campaign, contents: dict[str, str]
) -> None:
    back = campaign.read(typed_over(campaign.filled(), contents))
    assert scores(back) == scores(campaign.read(campaign.filled()))
    assert back.status is Status.VALID
    assert {f.severity for f in back.findings} == {Severity.WARNING}


# --- floods and long formulas ---------------------------------------------------------------------


def read_soon(campaign: Campaign, data: bytes) -> Return:
    """Read a hostile file; beside the bare reading of its cells it may cost little more.

    Read alone on an idle machine each of these takes well under 2 s; a busy one is no failure.
    """
    start = time.process_time()
    with suppress(PackageError):
        parse_package(data)
    bare = time.process_time() - start
    back = campaign.read(data)
    assert time.process_time() - start - bare < 3 * bare + 2
    return back


def with_rows(data: bytes, keys: Iterable[str]) -> bytes:
    """Return the form with further rows below, each with a key in the hidden column."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{key}</t></is></c></row>'
        for n, key in enumerate(keys, 100)
    )
    content = part(data, FORM).replace("</sheetData>", f"{rows}</sheetData>")
    return replace_members(data, {FORM: content.encode()})


def test_a_flood_of_strange_keys_is_one_finding(campaign: Campaign) -> None:
    keys = (f"s:x{n}:12" for n in range(100_000))
    back = read_soon(campaign, with_rows(campaign.filled(), keys))
    (note,) = back.findings
    assert (note.name, note.cell, note.params["count"]) == ("unknown-row", "A100", "100000")
    assert back.status is Status.VALID


def test_a_row_repeated_without_end_is_one_finding(campaign: Campaign) -> None:
    keys = [campaign.row("s:n1.1").signed_key] * 100_000
    back = read_soon(campaign, with_rows(campaign.filled(), keys))
    assert [f.name for f in back.findings] == ["row-twice", "return-refused"]
    assert back.findings[0].params["count"] == "100001"
    assert back.findings[0].params["rows"] == "9, 100, 101, 102, 103, …"


def test_a_list_of_findings_ends_with_how_many_more(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlscore.workbooks.returned._MOST_FINDINGS", 3)
    data = typed_over(campaign.filled(WRONG), {"C8": "Khác", "F7": "Khác"})
    back = campaign.read(data)
    names = [f.name for f in back.findings]
    assert names == ["over-maximum", "unknown-level", "percent-in-points", "more-findings"]
    assert back.status is Status.INVALID
    assert back.findings[-1].params["count"] == "5"


HOSTILE = ("a" * 8_191 + "(", "A" * 8_192, "1+" * 4_096, "'" * 8_192, "a " * 4_096, "A1+" * 2_730,
           "SUM( " * 1_638, "ROUND((" * 1_170, "a.b!" * 2_048)  # fmt: skip


@pytest.mark.parametrize("formula", HOSTILE, ids=lambda f: f[:8])
def test_long_formulas_in_every_cell_are_read_in_time(campaign: Campaign, formula: str) -> None:
    layout = campaign.layout()
    places = [layout.address(row, column) for row, column, _ in layout.entries.values()]
    places += [layout.address(row, column) for row, column, _ in layout.calculations]
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><f>{formula}</f></c></row>' for n in range(100, 1_600)
    )
    data = typed_over(campaign.filled(), {place: number("1", formula) for place in places})
    content = part(data, FORM).replace("</sheetData>", f"{rows}</sheetData>")
    back = read_soon(campaign, replace_members(data, {FORM: content.encode()}))
    assert "altered-locked-cell" in {f.name for f in back.findings}


@pytest.mark.parametrize("place", ["F9", "F18", "A100"])
def test_a_formula_longer_than_excels_is_refused_with_its_cell(
    campaign: Campaign, place: str
) -> None:
    data = typed_over(campaign.filled(), {place: number("1", "a" * 99_990 + "(")})
    (found,) = read_soon(campaign, data).findings
    assert (found.name, found.params["what"][:14]) == ("bomb", "formula length")
    assert found.params["what"].endswith(f"!{place}")


@pytest.mark.parametrize(("issued", "now"), [(12, 2), (2, 12), (3, 2)])
def test_forms_issued_with_other_rounding_have_no_altered_cells(
    tmp_path: Path, issued: int, now: int
) -> None:
    made = make_campaign(tmp_path, policies={"leaf_decimals": issued})
    form = made.filled()
    later = make_campaign(tmp_path, policies={"leaf_decimals": now})
    back = later.read(form)
    assert back.status is Status.VALID
    assert "altered-locked-cell" not in {f.name for f in back.findings}


def test_an_unreadable_path_is_told_in_each_language(campaign: Campaign) -> None:
    (found,) = campaign.read_path(campaign.root / "nowhere.xlsx").findings
    assert (found.code, found.params["what"]) == ("P005", "không có tệp này")
    assert "there is no such file" in message(found, "en")
    assert "Errno" not in message(found, "vi") + message(found, "en")


# --- drafts and waivers -----------------------------------------------------------------------------


def test_an_untouched_form_is_a_draft_that_counts_what_is_open(campaign: Campaign) -> None:
    back = campaign.read(campaign.form())
    assert found(back) == [("draft", "", "")]
    assert back.status is Status.DRAFT
    assert back.findings[0].params == {"open": "10"}
    progress = calculated(campaign.layout(), Answers())[PROGRESS]
    assert progress == "Còn 10 nội dung chưa nhập."


def test_a_waiver_turns_an_error_into_a_note(tmp_path: Path) -> None:
    waiver = {"unit": "STP", "code": "S025", "row": "1.1", "reason": "mất hồ sơ", "by": "Sở Nội vụ"}
    campaign = make_campaign(tmp_path, waivers=[waiver])
    missing: dict[tuple[str, str], Typed | None] = {("n1.1", Slot.EVIDENCE): None}
    back = campaign.read(campaign.filled(missing))
    assert found(back) == [("missing-evidence", "G9", "1.1")]
    assert back.status is Status.VALID
    assert back.findings[0].severity is Severity.NOTE
    assert back.findings[0].waived == "mất hồ sơ (Sở Nội vụ)"
    other = campaign.read(campaign.filled(missing, unit="STC"))
    assert other.status is Status.INVALID


@pytest.mark.parametrize(
    ("how", "changes", "name"),
    [
        ({}, {"digest": "0" * 16}, "old-rubric"),
        ({}, {"role": "ke-toan"}, "outdated-role"),
        ({"revoked": {77: "cấp lại"}}, {"serial": 77}, "revoked"),
        ({"folder_unit": "STC"}, {}, "other-unit"),
    ],
)
def test_a_refused_form_whose_token_is_proven_still_says_whose_it_is(
    campaign: Campaign, how: Data, changes: Data, name: str
) -> None:
    token = token_of(campaign, **changes)
    back = campaign.read(campaign.filled(form=campaign.signed(token)), **how)
    assert (back.status, [f.name for f in back.findings]) == (Status.REJECTED, [name])
    assert (back.token, back.unit) == (token, campaign.workspace.campaign.units["STP"])


def test_a_form_of_another_campaign_or_an_unknown_unit_is_nobodys(campaign: Campaign) -> None:
    for changes in ({"campaign": "thu-2025"}, {"unit": "KHAC"}):
        form = campaign.signed(token_of(campaign, **changes))
        back = campaign.read(campaign.filled(form=form))
        assert (back.status, back.unit) == (Status.REJECTED, None)


@pytest.mark.parametrize("row", ["1.1", "n1.1"])
def test_a_waiver_names_its_row_by_printed_number_or_by_id(tmp_path: Path, row: str) -> None:
    data = rubric()
    data["nodes"][2]["code"] = "1.2"  # as real annexes repeat numbers, elsewhere
    waiver = {"unit": "STP", "code": "S011", "row": row, "reason": "x", "by": "y"}
    campaign = make_campaign(tmp_path, rubrics={"so": data}, waivers=[waiver])
    blank: dict[tuple[str, str], Typed | None] = {("n1.1", "points"): None, ("n1.2", "level"): None}
    severities = {
        f.node: f.severity for f in campaign.read(campaign.filled(blank)).findings if f.node
    }
    assert severities == {"n1.1": Severity.NOTE, "n1.2": Severity.ERROR}


def test_a_waiver_by_id_serves_one_of_two_rows_with_the_same_number(tmp_path: Path) -> None:
    data = rubric()
    data["nodes"][2]["code"] = "1.2"
    waiver = {"unit": "STP", "code": "S011", "row": "n3", "reason": "x", "by": "y"}
    campaign = make_campaign(tmp_path, rubrics={"so": data}, waivers=[waiver])
    blank: dict[tuple[str, str], Typed | None] = {("n3", "points"): None, ("n1.2", "level"): None}
    severities = {
        f.node: f.severity for f in campaign.read(campaign.filled(blank)).findings if f.node
    }
    assert severities == {"n3": Severity.NOTE, "n1.2": Severity.ERROR}


def test_a_waiver_of_one_row_does_not_serve_another(tmp_path: Path) -> None:
    waiver = {"unit": "STP", "code": "S011", "row": "1.2", "reason": "x", "by": "y"}
    campaign = make_campaign(tmp_path, waivers=[waiver])
    blank: dict[tuple[str, str], Typed | None] = {("n1.2", "level"): None, ("n3", "points"): None}
    back = campaign.read(campaign.filled(blank))
    assert [(f.name, f.row, f.severity) for f in back.findings] == [
        ("missing-entry", "1.2", Severity.NOTE),
        ("missing-entry", "3", Severity.ERROR),
        ("return-refused", "", Severity.ERROR),
    ]


def test_a_waived_row_is_not_on_the_form(tmp_path: Path) -> None:
    waiver = {"unit": "STP", "leave_out": ["n1.4"], "reason": "x", "by": "y"}
    campaign = make_campaign(tmp_path, waivers=[waiver])
    assert "s:n1.4" not in campaign.layout().by_key
    assert "s:n1.4" in campaign.layout("STC").by_key
    assert campaign.read(campaign.filled()).status is Status.VALID
