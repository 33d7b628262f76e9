"""Whole returns through real files: moved, renamed, hidden, copied, sorted, waived, extended."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.campaigns import (
    FORM,
    Campaign,
    TypedCells,
    make_campaign,
    number,
    part,
    typed_over,
)
from tests.reshape import Shift, hidden, inserted, moved, reshaped, same, swapped
from tests.spoiled import Place, found
from tests.spoiled_files import with_macros
from xlscore.answers import Answers
from xlscore.findings import Severity, Status
from xlscore.layout import NOT_APPLICABLE, Slot
from xlscore.workbooks.members import replace_members
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
    assert found(back) == [("row-missing", "", ""), ("draft", "", "")]
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
