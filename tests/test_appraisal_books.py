"""Appraisal workbooks: exported, filled, read back row by row, merged in the ledger's order."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.appraising import Answer, Procedure, appraised_rubric, claims, codes, make_procedure
from tests.campaigns import text
from tests.collecting import collect
from tests.office import (
    fill_with_libreoffice,
    needs_gnumeric,
    needs_libreoffice,
    needs_uno,
    recalculate_with_libreoffice,
    resave_with_gnumeric,
)
from xlscore.appraising import Decision, OpenRow
from xlscore.cli import cli
from xlscore.doctoring import Level, examine
from xlscore.exporting.appraisal import AppraisedRows, export_appraisal
from xlscore.findings import Status
from xlscore.handing_out.books import Books
from xlscore.layout import IN_PROGRESS, NOT_APPLICABLE, Slot
from xlscore.ledger import open_ledger
from xlscore.proceedings import unnamed_agencies
from xlscore.scoring import Scores
from xlscore.workbooks.appraisal.fill import Places, fill_appraisal, put_cells
from xlscore.workbooks.appraisal.model import ACCEPT, ADJUST, QUERY, SHEET
from xlscore.workbooks.members import read_members
from xlscore.workbooks.package import Package, parse_package, read_package
from xlscore.workspace import open_workspace

D = Decimal
WHY = "Tài liệu kiểm chứng không đủ"
LEFT_OUT = {
    ("n1.3", Slot.APPLICABILITY): NOT_APPLICABLE,
    ("n1.3", Slot.EXPLANATION): "Không phát sinh hồ sơ",
    ("n1.3", "numerator"): None,
    ("n1.3", "denominator"): None,
    ("nC", "points"): None,
}
"""One criterion does not apply, and no extra points are asked for."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Procedure:
    """Return a campaign in which two departments have submitted; nothing is appraised in it."""
    made = make_procedure(tmp_path_factory.mktemp("office"))
    made.submit("STP")
    made.submit("STC", LEFT_OUT)
    return made


@pytest.fixture
def procedure(tmp_path: Path) -> Procedure:
    made = make_procedure(tmp_path)
    made.submit("STP")
    made.submit("STC", LEFT_OUT)
    return made


# --- what goes out --------------------------------------------------------------------------------


def test_a_book_holds_the_rows_of_its_agency_by_criterion_then_unit(office: Procedure) -> None:
    own, other = office.rows("SNV"), office.rows("STTTT")
    assert [row for row in own if row[1] in {"n1.1", "n1.2"}] == [
        ("STP", "n1.1"), ("STC", "n1.1"), ("STP", "n1.2"), ("STC", "n1.2"),
    ]  # fmt: skip
    assert {node for _, node in other} == {"n2.1", "n2.2.1", "n2.2.2", "n2.4"}
    assert not {node for _, node in own} & {node for _, node in other}
    assert {"n4.1", "n4.2", "nC", "nD"} <= {node for _, node in own}


def test_the_same_rows_keep_their_serial_and_file(procedure: Procedure) -> None:
    first = procedure.export()
    again = procedure.export()
    assert (len(first.written), len(again.written), len(again.left)) == (2, 0, 2)
    procedure.submit("STP", {("n1.1", "points"): D("1.5")})
    assert [path.name for path in procedure.export().written] == ["SNV.xlsx"]


def test_a_book_names_its_deadline_in_the_campaigns_time_zone(tmp_path: Path) -> None:
    rounds = [{"deadline": "2026-12-24T20:00+00:00"}, {"deadline": "2026-12-25"}]
    made = make_procedure(tmp_path, appraisal={"rounds": rounds})
    made.submit("STP")
    for number, day in (
        (1, "chậm nhất 03 giờ 00 ngày 25/12/2026"),
        (2, "chậm nhất hết ngày 25/12/2026"),
    ):
        sheet = parse_package(made.book(round_=number)).sheets[0]
        assert any(day in cell.value for cell in sheet.cells.values())


def test_all_gives_the_coordinator_every_row(procedure: Procedure) -> None:
    procedure.export(everything=True)
    folder = procedure.campaign.workspace.templates / "tham-dinh" / "lan-1"
    every = set(Places((folder / "SNV.xlsx").read_bytes()).rows)
    assert {("STP", "n2.1"), ("STP", "n1.1")} <= every
    assert Places((folder / "STTTT.xlsx").read_bytes()).rows


def test_a_book_is_locked_but_for_its_inputs_and_lets_filters_work(office: Procedure) -> None:
    parts = {m.name: m.content.decode() for m in read_members(office.book())}
    for number in (1, 2, 3):
        assert 'autoFilter="0"' in parts[f"xl/worksheets/sheet{number}.xml"]
        assert "<sheetProtection " in parts[f"xl/worksheets/sheet{number}.xml"]
    assert 'lockStructure="1"' in parts["xl/workbook.xml"]
    assert '<autoFilter ref="' in parts["xl/worksheets/sheet1.xml"]


def test_more_rows_than_a_workbook_takes_are_parted(
    procedure: Procedure, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = procedure.rows()
    monkeypatch.setattr("xlscore.exporting.appraisal.MOST_ROWS", 8)
    procedure.export()
    folder = procedure.campaign.workspace.templates / "tham-dinh" / "lan-1"
    parts = [Places(path.read_bytes()).rows for path in sorted(folder.glob("SNV-*.xlsx"))]
    assert len(parts) > 2
    assert [row for part in parts for row in part] == whole
    path = sorted(folder.glob("SNV-*.xlsx"))[1]
    procedure.receive(fill_appraisal(path.read_bytes(), {}, rest=True), "phan-2.xlsx")
    decided = procedure.state().appraisals["STP"].decisions
    assert set(decided) == {node for unit, node in parts[1] if unit == "STP"}


def test_the_command_exports_and_says_what_it_wrote(procedure: Procedure) -> None:
    done = CliRunner().invoke(
        cli, ["appraise", "export", "-C", str(procedure.root), "--agency", "SNV"]
    )
    assert done.exit_code == 0, done.output
    assert "SNV.xlsx" in done.output
    assert "STTTT.xlsx" not in done.output


@pytest.mark.parametrize("wrong", [["--round", "3"], ["--agency", "KHONG"]])
def test_the_command_refuses_a_round_or_agency_that_is_not_there(
    office: Procedure, wrong: list[str]
) -> None:
    done = CliRunner().invoke(cli, ["appraise", "export", "-C", str(office.root), *wrong])
    assert done.exit_code == 2


# --- what a row says ------------------------------------------------------------------------------

STP = "STP"
UNITS = ("STP", "STC")


@pytest.mark.parametrize(
    ("node", "answer", "said"),
    [
        ("n1.1", Answer(ACCEPT), {"decision": "accept"}),
        ("n1.1", Answer(ACCEPT, D(1)), {"decision": "accept"}),
        ("n1.1", Answer(ADJUST, D(1)), {"decision": "accept"}),
        ("n1.1", Answer(score=D(1)), {"decision": "accept"}),
        ("n1.1", Answer(score=D("0.5"), reason=WHY),
         {"decision": "adjust", "points": "0.5", "reason": WHY}),
        ("n1.1", Answer(ADJUST, text("0,75"), WHY),
         {"decision": "adjust", "points": "0.75", "reason": WHY}),
        ("n1.1", Answer(QUERY, reason="Kế hoạch số mấy?"),
         {"decision": "query", "reason": "Kế hoạch số mấy?"}),
        ("n1.2", Answer(figures={"level": "Chậm"}, reason=WHY),
         {"decision": "adjust", "values": {"level": ["Chậm"]}, "reason": WHY}),
        ("n1.2", Answer(ADJUST, figures={"level": "Kịp thời"}), {"decision": "accept"}),
        ("n1.2", Answer(ADJUST, D("0.5"), WHY, {"level": "Chậm"}),
         {"decision": "adjust", "values": {"level": ["Chậm"]}, "reason": WHY}),
        ("n1.3", Answer(figures={"denominator": D(4)}, reason=WHY),
         {"decision": "adjust", "values": {"numerator": "2", "denominator": "4"}, "reason": WHY}),
        ("n1.4", Answer(figures={"count": D(1)}, reason=WHY),
         {"decision": "adjust", "values": {"count": "1"}, "reason": WHY}),
        ("n4.1", Answer(score=D("1.5")), {"decision": "adjust", "points": "1.5"}),
        ("n4.1", Answer(ACCEPT, D("1.5")), {"decision": "adjust", "points": "1.5"}),
        ("n4.2", Answer(ACCEPT), {"decision": "accept"}),
        ("n4.2", Answer(figures={"value": D(9)}, reason=WHY),
         {"decision": "adjust", "values": {"value": "9"}, "reason": WHY}),
        ("nC", Answer(ADJUST, D(0), WHY), {"decision": "adjust", "points": "0", "reason": WHY}),
        ("nD", Answer(ADJUST, D("0.5"), WHY),
         {"decision": "adjust", "points": "0.5", "reason": WHY}),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_a_word_on_the_row(
    office: Procedure, node: str, answer: Answer, said: dict[str, object]
) -> None:
    back = office.read({(STP, node): answer})
    assert back.status is Status.VALID
    assert [name for name in codes(back) if name != "number-as-text"] == []
    claim = claims(back)[STP, node]
    basis, place = claim.pop("basis"), claim.pop("place")
    assert claim == {"unit": STP, "node": node, **said}
    assert basis == office.state().appraisals[STP].rows[node].basis
    assert place == f"{SHEET}!{Places(office.book()).at(STP, node, 'choice')}"


@pytest.mark.parametrize(
    ("node", "answer", "name", "column"),
    [
        ("n1.1", Answer(ACCEPT, D(2)), "accepted-otherwise", "choice"),
        ("n1.2", Answer(ACCEPT, figures={"level": "Chậm"}), "accepted-otherwise", "choice"),
        ("n1.1", Answer(ADJUST), "adjusted-to-nothing", "score"),
        ("n1.1", Answer(ADJUST, D(2)), "adjustment-unexplained", "reason"),
        ("n1.1", Answer(ADJUST, D(2), "  "), "adjustment-unexplained", "reason"),
        ("n1.2", Answer(figures={"level": "Chậm"}), "adjustment-unexplained", "reason"),
        ("n4.2", Answer(figures={"value": D(9)}), "adjustment-unexplained", "reason"),
        ("n1.1", Answer(QUERY), "query-unasked", "reason"),
        ("n1.1", Answer(QUERY, D(1), WHY), "query-decided", "choice"),
        ("n1.2", Answer(ADJUST, D("0.25"), WHY, {"level": "Chậm"}), "score-against-figures", "score"),
        ("n1.1", Answer(reason=WHY), "reason-alone", "choice"),
        ("n4.1", Answer(ACCEPT), "nothing-to-accept", "score"),
        ("n1.1", Answer(ADJUST, D("2.25"), WHY), "over-maximum", "score"),
        ("n1.1", Answer(ADJUST, D("0.3"), WHY), "off-step", "score"),
        ("n1.1", Answer(ADJUST, D(-1), WHY), "negative", "score"),
        ("n1.1", Answer(ADJUST, text("không"), WHY), "not-a-number", "score"),
        ("n1.1", Answer("Đồng ý"), "unknown-level", "choice"),
        ("n1.3", Answer(figures={"numerator": D(5)}, reason=WHY), "numerator-above-denominator",
         "figure"),
    ],
)  # fmt: skip
def test_what_cannot_count_is_told_at_its_cell_and_left_out(
    office: Procedure, node: str, answer: Answer, name: str, column: str
) -> None:
    back = office.read({(STP, node): answer, ("STC", "n1.1"): Answer(ACCEPT)})
    assert back.status is Status.VALID
    (found,) = back.findings
    row = "n1.1" if node == "n1.1" else node
    at = Places(office.book()).at(STP, row, column)
    assert (found.name, found.sheet, found.row) == (name, SHEET, f"{node[1:]} (STP)")
    assert found.cell == at or column == "figure"
    assert set(claims(back)) == {("STC", "n1.1")}


def test_a_division_by_zero_has_no_score(office: Procedure) -> None:
    answers = {(STP, "n2.2.1"): Answer(figures={"tong": D(0)}, reason=WHY)}
    back = office.read(answers, "STTTT")
    assert codes(back) == ["figures-without-score", "appraisal-empty"]


def test_a_row_that_does_not_apply_is_accepted_or_refused(office: Procedure) -> None:
    accepted = office.read({("STC", "n1.3"): Answer(ACCEPT)})
    assert claims(accepted)["STC", "n1.3"]["decision"] == "accept"
    refused = office.read({("STC", "n1.3"): Answer(ADJUST, D(1), WHY)})
    assert claims(refused)["STC", "n1.3"]["points"] == "1"
    assert codes(office.read({("STC", "n1.3"): Answer(ACCEPT, D(1))}))[0] == "accepted-otherwise"
    assert (
        codes(office.read({("STC", "n1.3"): Answer(ADJUST, D(1))}))[0] == "adjustment-unexplained"
    )
    half = Answer(figures={"numerator": D(1)}, reason=WHY)
    assert codes(office.read({("STC", "n1.3"): half}))[0] == "figures-incomplete"
    both = Answer(figures={"numerator": D(1), "denominator": D(2)}, reason=WHY)
    assert claims(office.read({("STC", "n1.3"): both}))["STC", "n1.3"]["values"] == {
        "numerator": "1", "denominator": "2",
    }  # fmt: skip


# --- the book as a whole --------------------------------------------------------------------------


def test_one_cell_accepts_everything_left_that_there_is_to_accept(office: Procedure) -> None:
    answers = {
        (STP, "n1.1"): Answer(ADJUST, D("0.5"), WHY),
        (STP, "n1.2"): Answer(ACCEPT, D(2)),
        (STP, "n1.4"): Answer(reason=WHY),
    }
    back = office.read(answers, rest=True)
    said = claims(back)
    assert codes(back) == ["over-maximum", "reason-alone", "rest-leaves-open"]
    assert back.findings[-1].params == {"count": str(len(said) - 1), "open": "2"}
    assert "rest" not in said[STP, "n1.1"]
    rest = {row for row, claim in said.items() if claim.get("rest")}
    assert rest == set(office.rows()) - {
        (STP, "n1.1"), (STP, "n1.2"), (STP, "n1.4"), (STP, "n4.1"), ("STC", "n4.1"),
        ("STC", "nC"),
    }  # fmt: skip
    assert ("STC", "n1.3") in rest


def test_only_a_ticked_book_counts(procedure: Procedure) -> None:
    procedure.appraise({(STP, "n1.1"): Answer(ACCEPT)}, state=IN_PROGRESS)
    assert not procedure.state().appraisals[STP].begun
    procedure.appraise({(STP, "n1.1"): Answer(ACCEPT)})
    assert set(procedure.state().appraisals[STP].decisions) == {"n1.1"}


def test_a_blank_book_that_is_ticked_is_told(office: Procedure) -> None:
    assert codes(office.read({})) == ["appraisal-empty"]


def test_a_row_pasted_over_is_refused_by_name_and_the_others_count(office: Procedure) -> None:
    book = office.book()
    at = Places(book).at
    filled = fill_appraisal(book, {(u, "n1.1"): Answer(ACCEPT) for u in (STP, "STC")})
    for column, said in (("unit", "STC"), ("title", "Tiêu chí khác"), ("max", D(9))):
        back = office.read_book(put_cells(filled, {at(STP, "n1.1", column): said}))
        assert codes(back) == ["appraisal-row-altered"]
        assert set(claims(back)) == {("STC", "n1.1")}


def test_a_tampered_key_is_no_row_and_missing_rows_are_told(office: Procedure) -> None:
    book = office.book()
    filled = fill_appraisal(book, {(u, "n1.1"): Answer(ACCEPT) for u in (STP, "STC")})
    places = Places(book)
    row = places.at(STP, "n1.1", "choice").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    key = next(
        c.value for c in parse_package(book).sheets[0].cells.values() if c.address == f"A{row}"
    )
    back = office.read_book(put_cells(filled, {f"A{row}": key.replace("|s|", "|n|")}))
    assert codes(back) == ["foreign-rows", "appraisal-rows-gone"]
    assert set(claims(back)) == {("STC", "n1.1")}


def test_a_row_found_twice_counts_from_neither(office: Procedure) -> None:
    book = office.book()
    filled = fill_appraisal(book, {(u, "n1.1"): Answer(ACCEPT) for u in (STP, "STC")})
    places, letters = Places(book), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    first, second = (places.at(u, "n1.1", "choice").lstrip(letters) for u in (STP, "STC"))
    cells = {c.address: c.value for c in parse_package(book).sheets[0].cells.values()}
    back = office.read_book(put_cells(filled, {f"A{second}": cells[f"A{first}"]}))
    assert codes(back) == ["row-twice", "appraisal-rows-gone", "appraisal-empty"]


def test_a_row_whose_maximum_has_changed_since_is_refused(tmp_path: Path) -> None:
    made = make_procedure(tmp_path)
    made.submit(STP)
    filled = fill_appraisal(made.book(), {(STP, n): Answer(ACCEPT) for n in ("n3", "n1.1")})
    everything = fill_appraisal(made.book(), {}, rest=True)
    untouched = fill_appraisal(made.book(), {(STP, "n1.1"): Answer(ACCEPT)})
    data = appraised_rubric()
    data["nodes"][2]["max"], data["scale"] = "3", "32"
    (tmp_path / "rubrics" / "so.yaml").write_text(json.dumps(data), encoding="utf-8")
    made.campaign = made.campaign.reopened()
    back = made.read_book(filled)
    assert codes(back) == ["appraisal-row-outdated"]
    assert set(claims(back)) == {(STP, "n1.1")}
    assert codes(made.read_book(everything)).count("appraisal-row-outdated") == 1
    assert codes(made.read_book(untouched)) == []


def test_a_row_that_is_gone_is_told_only_where_something_was_said_on_it(tmp_path: Path) -> None:
    made = make_procedure(tmp_path)
    made.submit(STP)
    made.submit("STC")
    filled = fill_appraisal(
        made.book(), {(STP, "n1.1"): Answer(ACCEPT), ("STC", "n1.1"): Answer(reason="chờ xem")}
    )
    everything = fill_appraisal(made.book(), {(STP, "n1.1"): Answer(ACCEPT)}, rest=True)
    units = tmp_path / "units.csv"
    lines = units.read_text(encoding="utf-8").splitlines(keepends=True)
    units.write_text("".join(line for line in lines if "STC" not in line), encoding="utf-8")
    made.campaign = made.campaign.reopened()
    back = made.read_book(filled)
    assert [(f.name, f.row) for f in back.findings] == [("appraisal-row-outdated", "1.1 (STC)")]
    assert set(claims(back)) == {(STP, "n1.1")}
    assert "appraisal-row-outdated" not in codes(made.read_book(everything))


def _achieved(procedure: Procedure, unit: str) -> Scores:
    rows = procedure.state().results.rows
    return next(row.result.achieved for row in rows if row.result.unit.code == unit)


# --- merging --------------------------------------------------------------------------------------


def test_partial_books_of_several_officers_are_merged_by_row(procedure: Procedure) -> None:
    procedure.appraise({(STP, "n1.1"): Answer(ACCEPT), (STP, "n1.2"): Answer(ACCEPT)})
    procedure.appraise(
        {(STP, "n1.2"): Answer(ADJUST, D("0.5"), WHY), ("STC", "n1.1"): Answer(ACCEPT)}
    )
    procedure.appraise({(STP, "n2.1"): Answer(ADJUST, D("0.5"), WHY)}, "STTTT")
    state = procedure.state()
    decided = state.appraisals[STP].decisions
    assert {node: claim.decision for node, claim in decided.items()} == {
        "n1.1": Decision.ACCEPT, "n1.2": Decision.ADJUST, "n2.1": Decision.ADJUST,
    }  # fmt: skip
    assert decided["n1.2"].points == D("0.5")
    assert decided["n2.1"].agency == "STTTT"
    assert _achieved(procedure, STP)["n1.2"].points == D("0.5")


def test_a_book_sent_again_once_its_refused_rows_can_count_is_no_mere_copy(
    procedure: Procedure,
) -> None:
    book = fill_appraisal(procedure.book(), {(unit, "n1.1"): Answer(ACCEPT) for unit in UNITS})
    inbox, units = procedure.root / "inbox", procedure.root / "units.csv"
    whole = units.read_text(encoding="utf-8")

    def collected(name: str) -> list[set[str]]:
        (inbox / name).write_bytes(book)
        recorded = collect(open_workspace(procedure.root), settle=0).recorded
        return [{row["unit"] for row in arrival.card["rows"]} for arrival in recorded]

    lines = whole.splitlines(keepends=True)
    units.write_text("".join(line for line in lines if "STC" not in line), encoding="utf-8")
    assert collected("so.xlsx") == [{"STP"}]
    assert collected("van-nhu-cu.xlsx") == []
    units.write_text(whole, encoding="utf-8")
    assert collected("gui-lai.xlsx") == [{"STP", "STC"}]
    assert collected("lan-nua.xlsx") == []


def test_accepting_the_rest_never_replaces_a_word_on_the_row(procedure: Procedure) -> None:
    procedure.appraise({(STP, "n1.1"): Answer(ADJUST, D("0.5"), WHY)})
    book = procedure.book()
    procedure.receive(fill_appraisal(book, {}, rest=True), "con-lai.xlsx")
    decided = procedure.state().appraisals[STP].decisions
    assert decided["n1.1"].points == D("0.5")
    assert decided["n1.2"].rest


def test_accepting_the_rest_passes_over_a_row_of_which_somebody_has_spoken(
    procedure: Procedure,
) -> None:
    procedure.appraise({(STP, "n1.1"): Answer(QUERY, reason="Kế hoạch số mấy?")}, rest=True)
    data = fill_appraisal(procedure.book(round_=2), {}, rest=True)
    back = procedure.read_book(data)
    assert (STP, "n1.1") not in claims(back)
    (told,) = [f for f in back.findings if f.name == "rest-leaves-open"]
    assert int(told.params["open"]) >= 1
    procedure.receive(data, "lan-2.xlsx")
    assert procedure.state().appraisals[STP].open["n1.1"] is OpenRow.QUERIED


def test_swapped_keys_of_figures_are_refused_by_name(procedure: Procedure) -> None:
    data = procedure.book()
    sheet = parse_package(data).sheets[0]
    keys = [c for c in sheet.cells.values() if c.value.startswith("f|") and "|n1.3|" in c.value]
    one, other = keys[:2]
    back = procedure.read_book(
        put_cells(data, {one.address: other.value, other.address: one.value})
    )
    assert "appraisal-row-altered" in codes(back)


def test_parts_that_are_no_parts_any_more_go_aside(
    procedure: Procedure, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = procedure.campaign.workspace.templates / "tham-dinh" / "lan-1"
    procedure.export()
    with monkeypatch.context() as few:
        few.setattr("xlscore.exporting.appraisal.MOST_ROWS", 8)
        procedure.export()
        parts = sorted(path.name for path in folder.glob("SNV*.xlsx"))
        assert "SNV.xlsx" not in parts
    procedure.export()
    assert [path.name for path in folder.glob("SNV*.xlsx")] == ["SNV.xlsx"]
    aside = {path.name.split(".")[0] for path in (folder / "cu").iterdir()}
    assert {Path(name).stem for name in parts} < aside
    with open_ledger(procedure.campaign.workspace.ledger_path) as ledger:
        books = Books(procedure.campaign.workspace, ledger, "appraisal", 1, None)
        assert [issue.role for issue in books.issues("SNV")] == [""]


def test_an_agency_that_the_campaign_names_no_longer_is_told_with_its_rows(
    procedure: Procedure,
) -> None:
    procedure.appraise({(STP, "n1.1"): Answer(ADJUST, D("0.5"), WHY)})
    arrivals = procedure.state().valid("appraisal")
    gone = [replace(arrival, unit="CU") for arrival in arrivals]
    assert unnamed_agencies(procedure.campaign.workspace, arrivals) == {}
    assert unnamed_agencies(procedure.campaign.workspace, gone) == {"CU": 1}
    state = replace(procedure.state(), recorded=(*procedure.state().recorded, *gone))
    (note,) = [note for note in state.results.notes if note.finding.code == "A005"]
    assert (note.unit, note.finding.params["count"]) == ("CU", "1")


def test_the_doctor_names_an_agency_that_the_campaign_names_no_longer(procedure: Procedure) -> None:
    workspace = procedure.campaign.workspace
    procedure.appraise({(STP, "n2.1"): Answer(QUERY, reason="Nêu rõ")}, "STTTT")
    assert [c for c in examine(workspace.root) if c.name == "agencies"] == []
    path = workspace.root / "campaign.yaml"
    given = json.loads(path.read_text(encoding="utf-8"))
    del given["appraisal"]["agencies"]["STTTT"]
    given["appraisal"]["assignments"] = []
    path.write_text(json.dumps(given), encoding="utf-8")
    (check,) = [c for c in examine(workspace.root) if c.name == "agencies"]
    assert check.level is Level.WARNING
    assert all("STTTT" in said and " 1 " in said for said in check.said)


def test_books_are_issued_at_the_moment_of_the_state_that_they_show(procedure: Procedure) -> None:
    workspace, moment = procedure.campaign.workspace, datetime(2026, 12, 1, 8, tzinfo=UTC)
    export_appraisal(workspace, replace(procedure.state(), now=moment), 1)
    with open_ledger(workspace.ledger_path) as ledger:
        assert {i.issued_at for i in ledger.issues("appraisal", 1).values()} == {moment}


def test_a_newer_version_of_the_unit_reopens_what_it_changed_and_nothing_else(
    procedure: Procedure,
) -> None:
    filled = fill_appraisal(procedure.book(), {}, rest=True)
    procedure.submit(STP, {("n1.1", "points"): D("1.5"), ("n1.3", "numerator"): D(1)})
    procedure.receive(filled, "tham-dinh.xlsx")
    appraisal = procedure.state().appraisals[STP]
    assert {n for n, row in appraisal.rows.items() if row.open is OpenRow.REOPENED} == {
        "n1.1",
        "n1.3",
    }
    assert {"n1.2", "n1.4", "n3"} <= set(appraisal.decisions)
    assert set(procedure.rows(round_=2)) == {
        (STP, "n1.1"), (STP, "n1.3"), (STP, "n4.1"), ("STC", "n4.1"),
    }  # fmt: skip


def test_a_later_round_shows_earlier_words_and_takes_open_rows_only(procedure: Procedure) -> None:
    answers = {
        (STP, "n1.1"): Answer(QUERY, reason="Kế hoạch số mấy?"),
        (STP, "n4.1"): Answer(score=D(1)),
        ("STC", "n4.1"): Answer(score=D(1)),
    }
    procedure.appraise(answers, rest=True)
    assert procedure.rows(round_=2) == [(STP, "n1.1")]
    book = procedure.book(round_=2)
    at = Places(book).at(STP, "n1.1", "r1")
    cells = {c.address: c.value for c in parse_package(book).sheets[0].cells.values()}
    assert cells[at] == f"SNV: {QUERY} – Kế hoạch số mấy?"
    procedure.appraise({(STP, "n1.1"): Answer(ADJUST, D("0.5"), WHY)}, round_=2)
    decided = procedure.state().appraisals[STP].decisions["n1.1"]
    assert (decided.round, decided.points) == (2, D("0.5"))


def test_a_row_that_is_open_again_is_not_shown_as_settled(procedure: Procedure) -> None:
    nodes = ("n1.1", "n1.2")
    procedure.appraise({(STP, node): Answer(ACCEPT) for node in nodes})
    procedure.export(2, everything=True)
    folder = procedure.campaign.workspace.templates / "tham-dinh" / "lan-2"
    asked = {(STP, "n1.1"): Answer(QUERY, reason="Kế hoạch số mấy?")}
    procedure.receive(fill_appraisal((folder / "SNV.xlsx").read_bytes(), asked), "lan-2.xlsx")
    lines = AppraisedRows(procedure.state(), 2, everything=True).lines("SNV")
    states = {line.leaf.id: line.idle for line in lines if line.unit == STP}
    assert [states[node] for node in nodes] == ["Chưa xem xét", "Đã có kết quả"]


def test_a_reason_longer_than_a_cell_takes_stops_no_later_book(procedure: Procedure) -> None:
    long = {(STP, "n1.1"): Answer(ADJUST, D("0.5"), "x" * 32_760)}
    procedure.appraise(long)
    beyond = procedure.read({(STP, "n1.1"): Answer(ADJUST, D("0.5"), "x" * 40_000)})
    assert codes(beyond) == ["text-too-long"]
    said = claims(beyond)[STP, "n1.1"]["reason"]
    assert (len(said), said.endswith("x… (còn tiếp)")) == (32_767, True)
    procedure.export(2, everything=True)
    folder = procedure.campaign.workspace.templates / "tham-dinh" / "lan-2"
    sheet = next(s for s in read_package(folder / "SNV.xlsx").sheets if s.name == SHEET)
    shown = [c.value for c in sheet.cells.values() if c.value.startswith("SNV: Điều chỉnh 0,5 – x")]
    assert [text[-13:] for text in shown] == ["x… (còn tiếp)"]
    for what in (["appraise", "export", "--council"], ["reply", "export"], ["result", "export"]):
        done = CliRunner().invoke(cli, [*what, "-C", str(procedure.root)])
        assert done.exit_code in {0, 1}, done.output


def test_a_refused_not_applicable_row_comes_back_into_the_denominator(procedure: Procedure) -> None:
    before = _achieved(procedure, "STC")["n1"].applicable
    procedure.appraise({("STC", "n1.3"): Answer(ADJUST, D(1), WHY)})
    after = _achieved(procedure, "STC")
    assert after["n1"].applicable == before + 3
    assert after["n1.3"].points == D(1)


# --- spreadsheet programs -------------------------------------------------------------------------

ANSWERS = {
    (STP, "n1.1"): Answer(ADJUST, D("0.5"), WHY),
    (STP, "n1.2"): Answer(figures={"level": "Chậm"}, reason=WHY),
    (STP, "n1.3"): Answer(figures={"denominator": D(3)}, reason=WHY),
    ("STC", "n1.1"): Answer(QUERY, reason="Vì sao?"),
    ("STC", "n1.3"): Answer(ADJUST, D(1), WHY),
    (STP, "n4.1"): Answer(score=D("1.5")),
}
RESULTS = {
    (STP, "n1.1"): "0.5", (STP, "n1.2"): "0.5", (STP, "n1.3"): "2", ("STC", "n1.1"): "",
    ("STC", "n1.3"): "1", (STP, "n4.1"): "1.5", (STP, "n1.4"): "1", ("STC", "n4.1"): "",
    (STP, "n3"): "1",
}  # fmt: skip


def _computed(package: Package) -> dict[str, str]:
    return {
        f"{sheet.name}!{cell.address}": _near(cell.value)
        for sheet in package.sheets
        for cell in sheet.cells.values()
        if cell.formula is not None
    }


def _near(value: str) -> str:
    try:
        return f"{float(value):.9g}"
    except ValueError:
        return value


@needs_libreoffice
def test_libreoffice_recalculates_what_the_book_has_cached(
    office: Procedure, tmp_path: Path
) -> None:
    path = tmp_path / "so.xlsx"
    path.write_bytes(office.book())
    (made,) = recalculate_with_libreoffice([path], tmp_path / "out")
    cached, shown = _computed(read_package(path)), _computed(read_package(made))
    assert {at: (v, shown.get(at, "")) for at, v in cached.items() if shown.get(at, "") != v} == {}


@needs_gnumeric
def test_gnumeric_recalculates_what_the_book_has_cached(office: Procedure, tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    path.write_bytes(office.book())
    made = resave_with_gnumeric(path, tmp_path / "made.xlsx")
    cached, shown = _computed(read_package(path)), _computed(read_package(made))
    assert {at: (v, shown.get(at, "")) for at, v in cached.items() if shown.get(at, "") != v} == {}


def _typed(book: bytes) -> dict[str, str | float]:
    places = Places(book)
    typed: dict[str, str | float] = {places.state: "ĐÃ HOÀN THÀNH", places.rest: "Công nhận tất cả"}
    for (unit, node), answer in ANSWERS.items():
        entries = {"choice": answer.choice, "score": answer.score, "reason": answer.reason}
        cells = {places.at(unit, node, column): said for column, said in entries.items()}
        cells |= {places.figure(unit, node, key): said for key, said in answer.figures.items()}
        given = {at: said for at, said in cells.items() if said is not None}
        typed |= {
            at: said if isinstance(said, str) else float(str(said)) for at, said in given.items()
        }
    return typed


def _assert_results(package: Package, book: bytes) -> None:
    cells = {c.address: c.value for c in package.sheets[0].cells.values()}
    places = Places(book)
    shown = {row: _near(cells.get(places.at(*row, "result"), "")) for row in RESULTS}
    assert shown == RESULTS
    gaps = next(s for s in package.sheets if s.name == "Chênh lệch").cells
    listed = [(gaps[row, 2].value, gaps[row, 4].value) for row in range(4, 7)]
    assert listed == [(STP, "1.3"), (STP, "1.1"), (STP, "1.2")]


@needs_uno
def test_a_book_filled_in_libreoffice_reads_and_shows_the_same(
    office: Procedure, tmp_path: Path
) -> None:
    book = office.book()
    path = tmp_path / "so.xlsx"
    path.write_bytes(book)
    made = fill_with_libreoffice(path, _typed(book), tmp_path / "made.xlsx", SHEET)
    ours = office.read(ANSWERS, rest=True)
    theirs = office.read_book(made.read_bytes())
    assert claims(theirs) == claims(ours)
    assert codes(theirs) == codes(ours)
    _assert_results(read_package(made), book)


@needs_gnumeric
def test_a_filled_book_saved_by_gnumeric_reads_and_shows_the_same(
    office: Procedure, tmp_path: Path
) -> None:
    book = office.book()
    path = tmp_path / "so.xlsx"
    path.write_bytes(fill_appraisal(book, ANSWERS, rest=True))
    made = resave_with_gnumeric(path, tmp_path / "made.xlsx")
    assert claims(office.read_book(made.read_bytes())) == claims(office.read(ANSWERS, rest=True))
    _assert_results(read_package(made), book)
