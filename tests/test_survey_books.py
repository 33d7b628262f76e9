"""Survey books: what is wrong in one, the sample plan, issuing, other spreadsheet programs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tests.office import (
    needs_gnumeric,
    needs_libreoffice,
    needs_uno,
    recalculate_with_libreoffice,
    render_png,
    resave_with_gnumeric,
    run_in_libreoffice,
)
from tests.survey_campaign import (
    BOTH,
    COUNTED,
    FRONT,
    INDEX,
    OPTIONS,
    PLAIN,
    SAMPLE_PART,
    UNITS,
    Office,
    address,
    checked,
    fact,
    filling,
    survey_campaign,
    told,
    typed,
)
from xlscore.exporting.surveys import issue_surveys, survey_books
from xlscore.findings import Status
from xlscore.numbers import from_excel, quantise
from xlscore.workbooks.package import read_package
from xlscore.workbooks.sheet_xml import CellContent
from xlscore.workbooks.surveys.form import BY, SOURCE, STATE, YEAR
from xlscore.workbooks.surveys.plan import Way

COUNTS = st.integers(0, 10**6).map(Decimal)
WEIGHTS = st.decimals("0.01", "100", places=2)


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return survey_campaign(tmp_path / "campaign")


# --- what is wrong in a book ------------------------------------------------------------------------


def test_a_cell_with_an_error_leaves_its_figure_out_and_no_other(desk: Office) -> None:
    book = desk.book()
    said = {("STP", BOTH, "hdnd"): "80", ("STP", COUNTED): "50", ("STC", BOTH, "dan"): "70"}
    place = address(book, "STP", BOTH, "dan")
    wrong = typed(book.filled(filling(book, said)), {place: CellContent("number", "130")})
    arrival = checked(desk.arrival(wrong))
    assert arrival.status is Status.VALID
    assert told(arrival) == [("over-maximum", place, BOTH)]
    assert arrival.card["figures"] == {"STP": {COUNTED: "50"}, "STC": {BOTH: "70"}}


def test_a_percent_typed_as_such_is_understood(desk: Office) -> None:
    book = desk.book()
    place = address(book, "STP", COUNTED)
    data = typed(book.filled(filling(book, {})), {place: CellContent("percent", "0.855")})
    arrival = checked(desk.arrival(data))
    assert told(arrival) == [("percent-understood", place, COUNTED)]
    assert arrival.card["figures"] == {"STP": {COUNTED: "85.5"}}


def test_a_number_in_a_cell_that_does_not_apply_is_told(desk: Office) -> None:
    book = desk.book()
    place = address(book, "STC", PLAIN)
    data = typed(book.filled(filling(book, {("STC", COUNTED): "50"})), {place: "70"})
    arrival = checked(desk.arrival(data))
    assert told(arrival) == [("survey-not-asked", place, PLAIN)]
    assert arrival.card["figures"] == {"STC": {COUNTED: "50"}}


def test_no_answers_at_all_are_no_figure(desk: Office) -> None:
    book = desk.book(Way.ANSWERS)
    said = {("STP", COUNTED, "", option): "0" for option in OPTIONS} | {("STP", INDEX): "0"}
    arrival = checked(desk.arrival(book.filled(filling(book, said))))
    assert [name for name, _, _ in told(arrival)] == ["survey-no-answers"]
    assert arrival.card["figures"] == {"STP": {INDEX: "0"}}


def test_part_of_an_answer_is_refused(desk: Office) -> None:
    book = desk.book(Way.ANSWERS)
    said = {("STP", COUNTED, "", "A"): "1.5", ("STP", COUNTED, "", "B"): "2"}
    arrival = checked(desk.arrival(book.filled(filling(book, said))))
    place = address(book, "STP", COUNTED, "", "A")
    assert told(arrival)[0] == ("not-whole", place, COUNTED)
    assert arrival.card["figures"] == {}


def test_a_book_without_source_and_name_counts_with_warnings(desk: Office) -> None:
    book = desk.book()
    said = filling(book, {("STP", COUNTED): "50"}, source="", by="")
    arrival = checked(desk.arrival(book.filled(said)))
    assert arrival.status is Status.VALID
    assert told(arrival) == [
        ("survey-source-missing", fact(SOURCE), ""),
        ("survey-by-missing", fact(BY), ""),
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (CellContent("blank"), "survey-year-missing"),
        (CellContent("number", "2031"), "over-maximum"),
        (CellContent("text", "năm nay"), "not-a-number"),
    ],
)
def test_a_book_without_its_year_is_refused(desk: Office, content: CellContent, name: str) -> None:
    book = desk.book()
    data = book.filled(filling(book, {("STP", COUNTED): "50"}))
    arrival = checked(desk.arrival(typed(data, {fact(YEAR): content}, FRONT)))
    assert arrival.status is Status.INVALID
    assert (name, fact(YEAR), "") in told(arrival)
    assert desk.state().surveyed.figures == ()


def test_an_empty_book_is_told(desk: Office) -> None:
    book = desk.book()
    arrival = checked(desk.arrival(book.filled(filling(book, {}))))
    assert told(arrival) == [("survey-empty", "", "")]


def test_an_altered_state_is_read_by_its_words(desk: Office) -> None:
    book = desk.book()
    data = book.filled(filling(book, {("STP", COUNTED): "50"}))
    arrival = checked(desk.arrival(typed(data, {fact(STATE): "xong"}, FRONT)))
    assert arrival.status is Status.DRAFT
    assert ("unknown-level", fact(STATE), "") in told(arrival)


def test_a_unit_that_left_is_told(tmp_path: Path) -> None:
    desk = survey_campaign(tmp_path / "campaign")
    book = desk.book()
    data = book.filled(filling(book, {("BDT", COUNTED): "50", ("STP", COUNTED): "40"}))
    left = survey_campaign(tmp_path / "campaign", units=UNITS.replace("BDT,", "BDT2,"))
    arrival = checked(left.arrival(data))
    assert [name for name, _, _ in told(arrival)] == ["survey-unit-gone"]
    assert arrival.card["figures"] == {"STP": {COUNTED: "40"}}


def test_a_row_whose_key_was_altered_is_left_out(desk: Office) -> None:
    book = desk.book()
    said = {("STP", COUNTED): "50", ("STC", COUNTED): "60"}
    data = book.filled(filling(book, said))
    row = address(book, "STP", COUNTED).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    arrival = checked(desk.arrival(typed(data, {f"A{row}": f"unit|BDT|||{'0' * 16}"})))
    assert told(arrival) == [("foreign-rows", f"A{row}", "")]
    assert arrival.card["figures"] == {"STC": {COUNTED: "60"}}


# --- sample plan ------------------------------------------------------------------------------------


def test_what_was_collected_comes_back(desk: Office) -> None:
    book = desk.book()
    said = filling(book, {("STP", COUNTED): "50"}, collected={"hdnd": 28, "so": 57})
    arrival = checked(desk.arrival(book.filled(said)))
    assert arrival.card["sample"] == {"hdnd": 28, "so": 57}


def test_the_sample_plan_shows_how_it_is_counted(desk: Office) -> None:
    book = desk.book()
    data = book.filled(filling(book, {}, collected={"hdnd": 27}))
    (desk.workspace.root / "mau.xlsx").write_bytes(data)
    sheet = read_package(desk.workspace.root / "mau.xlsx").sheets[2]
    by_place = {c.address: c for c in sheet.cells.values()}
    assert by_place["D7"].value == "03 người/sở × 19 sở"
    assert (by_place["E7"].formula, by_place["E7"].value) == ("3*19", "57")
    assert by_place["E8"].value == "87"
    assert (by_place["F8"].value, by_place["G6"].value) == ("27", "90")


def test_a_lost_sample_sheet_is_told_and_the_figures_count(desk: Office) -> None:
    book = desk.book()
    data = book.filled(filling(book, {("STP", COUNTED): "50"}, collected={"hdnd": 28}))
    arrival = checked(desk.arrival(typed(data, {"A1": "x"}, SAMPLE_PART)))
    assert [name for name, _, _ in told(arrival)] == ["survey-sample-missing"]
    assert arrival.card["sample"] == {}
    assert arrival.card["figures"] == {"STP": {COUNTED: "50"}}


# --- issuing ----------------------------------------------------------------------------------------


def test_a_book_that_asks_for_the_same_keeps_its_serial(desk: Office) -> None:
    (book,) = survey_books(desk.workspace, ["so"], Way.PERCENT, 2026)
    assert issue_surveys(desk.workspace, [book]).written == (book.path,)
    assert issue_surveys(desk.workspace, [book]).left == (book.path,)
    (other,) = survey_books(desk.workspace, ["so"], Way.PERCENT, 2025)
    assert issue_surveys(desk.workspace, [other]).written == (other.path,)


def test_both_ways_and_an_older_book_stay_in_force(desk: Office) -> None:
    old = desk.book(year=2025)
    early = old.filled(filling(old, {("STP", INDEX): "0.8"}))
    new, points = desk.book(), desk.book(Way.POINTS)
    arrivals = [
        checked(desk.arrival(early, "cu.xlsx")),
        checked(desk.arrival(new.filled(filling(new, {("STP", COUNTED): "50"})), "moi.xlsx")),
        checked(desk.arrival(points.filled(filling(points, {("STP", BOTH): "1"})), "diem.xlsx")),
    ]
    assert [a.status for a in arrivals] == [Status.VALID] * 3


# --- other programs ---------------------------------------------------------------------------------

_FIGURES: Mapping[Way, Mapping[tuple[str, ...], str]] = {
    Way.PERCENT: {("STP", BOTH, "hdnd"): "81", ("STP", BOTH, "dan"): "66.5", ("STC", BOTH, "dan"): "7"},
    Way.ANSWERS: {
        ("STP", BOTH, "hdnd", "A"): "3", ("STP", BOTH, "hdnd", "C"): "4",
        ("STP", BOTH, "dan", "D"): "2", ("STC", COUNTED, "", "B"): "7", ("STC", COUNTED, "", "A"): "4",
    },
    Way.POINTS: {("STP", BOTH): "0.75"},
}  # fmt: skip


@needs_libreoffice
@needs_gnumeric
@pytest.mark.parametrize("way", Way)
def test_other_programs_calculate_what_the_file_shows(
    desk: Office, way: Way, tmp_path: Path
) -> None:
    book = desk.book(way)
    path = tmp_path / "so.xlsx"
    path.write_bytes(book.filled(filling(book, _FIGURES[way], collected={"hdnd": 28})))
    (by_libreoffice,) = recalculate_with_libreoffice([path], tmp_path / "lo")
    by_gnumeric = resave_with_gnumeric(path, tmp_path / "gnumeric.xlsx")
    wanted = _shown(path)
    assert wanted
    assert _shown(by_libreoffice) == wanted
    assert _shown(by_gnumeric) == wanted
    again = checked(desk.arrival(by_libreoffice.read_bytes(), "lo.xlsx"))
    other = checked(desk.arrival(by_gnumeric.read_bytes(), "gnumeric.xlsx"))
    assert again.card == other.card == checked(desk.arrival(path.read_bytes())).card
    assert (told(again), told(other)) == ([], [])


def _shown(path: Path) -> dict[tuple[str, str], Decimal | str]:
    """Return what the formulas of a workbook show, numbers to 12 digits."""
    shown: dict[tuple[str, str], Decimal | str] = {}
    for sheet in read_package(path).sheets[:3]:
        for cell in sheet.cells.values():
            if cell.formula is not None and cell.value:
                number = cell.kind == "number"
                value = quantise(from_excel(cell.value), 9) if number else cell.value
                shown[sheet.name, cell.address] = value
    return shown


@needs_uno
def test_a_book_filled_in_libreoffice_comes_back(desk: Office, tmp_path: Path) -> None:
    book = desk.book(Way.ANSWERS)
    cells = {address(book, "STP", COUNTED, "", option): n for option, n in (("A", 3), ("D", 1))}
    target = tmp_path / "filled.xlsx"
    typed_in = {"Kết quả điều tra": cells, "Thông tin chung": {
        fact(SOURCE): "Bưu điện tỉnh", fact(BY): "Nguyễn Văn A", fact(STATE): "ĐÃ HOÀN THÀNH"}}  # fmt: skip
    source, job = book.path, {"target": target.as_uri(), "typed": typed_in}
    run_in_libreoffice(_TYPE_IN_SHEETS, {**job, "source": source.as_uri()}, tmp_path)
    arrival = checked(desk.arrival(target.read_bytes()))
    assert (arrival.status, told(arrival)) == (Status.VALID, [])
    assert arrival.card["figures"] == {"STP": {COUNTED: "75"}}
    assert (arrival.card["source"], arrival.card["by"]) == ("Bưu điện tỉnh", "Nguyễn Văn A")


_TYPE_IN_SHEETS = """
document = desktop.loadComponentFromURL(job["source"], "_blank", 0, (prop("Hidden", True),))
for name, typed in job["typed"].items():
    for address, said in typed.items():
        cell = document.Sheets.getByName(name).getCellRangeByName(address)
        cell.setString(said) if isinstance(said, str) else cell.setValue(said)
document.calculateAll()
document.storeToURL(job["target"], (prop("FilterName", "Calc MS Excel 2007 XML"),))
document.close(True)
"""


@needs_libreoffice
def test_the_book_prints(desk: Office, tmp_path: Path) -> None:
    book = desk.book(Way.ANSWERS)
    assert len(render_png(book.path, tmp_path / "png", 40)) >= 3
