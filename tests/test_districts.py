"""Districts: their own campaigns, the book that they send up, and what the province makes of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.campaigns import Campaign, assert_readable, edited, rubric
from tests.districts import (
    DISTRICTS,
    NOW,
    Province,
    appraise_x12,
    make,
    make_province,
    state_of,
    submit,
    with_surveys,
)
from tests.office import needs_libreoffice, recalculate_with_libreoffice
from tests.recorded import Office
from tests.test_ranking_book import differences, without_cached_values
from xlscore.exporting.districts import (
    AuthorisationError,
    Refusal,
    ReportError,
    authorise,
    district_standings,
    prepare,
    preparing,
    read_authorisation,
    report,
)
from xlscore.exporting.results import result_card
from xlscore.findings import Status
from xlscore.histories import row_story
from xlscore.histories.scores import Who
from xlscore.identity import SURVEY, KeyRing, Token, derived, is_sealed, seal, sign
from xlscore.intake import Availability, Door
from xlscore.issuing import forms, issue
from xlscore.layout import Column, Said
from xlscore.ledger import open_ledger
from xlscore.pages.status_page import status_html
from xlscore.publishing import publish
from xlscore.ranking import Results
from xlscore.ranking.cases import reported_result
from xlscore.reminding import remind
from xlscore.reported import ResultBook, Word, sealing_keys
from xlscore.scoring import Open, Score
from xlscore.standing import State, needs_attention, standings
from xlscore.status_report import Seen, status_page
from xlscore.workbooks.resultbook.content import MARK
from xlscore.workbooks.resultbook.pages import SUMMARY

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

EARLIER, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_province(tmp_path_factory.mktemp("made") / "ban-dau").root


@pytest.fixture
def province(made: Path, tmp_path: Path) -> Province:
    shutil.copytree(made, tmp_path / "p")
    return Province(tmp_path / "p")


def codes(recorded: Any) -> list[str]:
    for found in recorded.findings:
        assert_readable(found)
    return [found.code for found in recorded.findings]


def told(results: Results) -> dict[str, tuple[Any, ...]]:
    """Return what each unit of the tier reaches, exactly."""
    return {
        row.result.unit.code: (
            row.result.index,
            row.result.totals,
            row.result.self_totals,
            dict(row.result.achieved),
            row.result.pending,
            dict(row.result.appraised),
        )
        for row in results.rows
        if row.result.unit.tier == "xa"
    }


def ranks(rows: Any) -> list[tuple[int | None, str]]:
    return [(row.rank, row.result.unit.code) for row in rows]


# --- the whole way ----------------------------------------------------------------------------------


def test_results_of_districts_are_those_of_a_province_that_scores_everybody_itself(
    province: Province, tmp_path: Path
) -> None:
    for code in DISTRICTS:
        assert province.sent(code).status is Status.VALID
    direct = make(tmp_path / "truc-tiep", reported=False)
    submit(direct, tuple(unit for units in DISTRICTS.values() for unit in units))
    appraise_x12(direct)
    through = state_of(with_surveys(province.campaign)).results
    straight = state_of(with_surveys(direct)).results
    assert told(through) == told(straight)
    assert [ranks(g.rows) for g in through.groups] == [ranks(g.rows) for g in straight.groups]
    assert [r.unit.code for r in through.missing] == ["H1", "H2", "X23"]


def test_a_survey_row_left_open_takes_the_figure_of_the_province(province: Province) -> None:
    province.sent("H1")
    before = state_of(province.campaign).results
    after = state_of(with_surveys(province.campaign)).results
    (first,) = (r.result for r in before.rows if r.result.unit.code == "X12")
    (then,) = (r.result for r in after.rows if r.result.unit.code == "X12")
    assert (first.pending, first.achieved["n2.3"]) == (
        ("n2.3",), Score(None, Decimal(0), Open.ELSEWHERE))  # fmt: skip
    assert (then.pending, then.achieved["n2.3"]) == ((), Score(Decimal("2.715"), Decimal(3)))
    assert then.totals.applicable == first.totals.applicable + 3


def test_an_unfinished_appraisal_in_the_district_leaves_the_ranking_provisional(
    province: Province,
) -> None:
    province.sent("H2")
    assert not state_of(with_surveys(province.campaign)).results.provisional
    province.sent("H1")
    assert state_of(province.campaign).results.provisional


def test_communes_are_ranked_in_their_group_and_across_the_province_with_ties(
    province: Province,
) -> None:
    for code in DISTRICTS:
        province.sent(code)
    results = state_of(with_surveys(province.campaign)).results
    assert [ranks(g.rows) for g in results.groups if g.tier == "xa"] == [
        [(1, "X11"), (2, "X12")],
        [(1, "X22"), (2, "X21"), (3, "X23")],
    ]
    (across,) = results.across
    assert across.title == "Toàn tỉnh"
    assert ranks(across.rows) == [(1, "X22"), (2, "X11"), (2, "X21"), (4, "X12"), (5, "X23")]
    assert ranks(results.unranked) == [(None, "X13")]


def test_the_ranking_workbook_has_a_sheet_across_the_province_and_lists_it(
    province: Province,
) -> None:
    for code in DISTRICTS:
        province.sent(code)
    path = publish(with_surveys(province.campaign).workspace, NOW, draft=True).path
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["XH Toàn tỉnh"]
    rows = [[c.value for c in row[:4]] for row in sheet.iter_rows(min_row=5, max_row=9)]
    assert rows[0] == [1, "X22", "UBND xã Hai Hai", "Xã thuộc huyện Hai"]
    assert [row[0] for row in rows] == [1, 2, 2, 4, 5]
    remark = [c.value for c in sheet[4]].index("Ghi chú")
    assert sheet.cell(9, remark + 1).value == "Chưa có kết quả của UBND huyện Hai"
    listed = {c.value for row in book["Mục lục"].iter_rows() for c in row}
    assert "XH Toàn tỉnh" in listed
    said = {row[0].value: row[1].value for row in book["Nguồn gốc"].iter_rows()}
    assert "giấy ủy quyền số 00001; lập lúc" in str(said["Sổ kết quả được tính của H1"])


@pytest.mark.office
@needs_libreoffice
def test_libreoffice_recalculates_the_ranking_across_the_province(
    province: Province, tmp_path: Path
) -> None:
    for code in DISTRICTS:
        province.sent(code)
    path = publish(with_surveys(province.campaign).workspace, NOW, draft=True).path
    bare = without_cached_values(path, tmp_path / "bare.xlsx")
    (recalculated,) = recalculate_with_libreoffice([bare], tmp_path / "office")
    assert differences(path, recalculated) == []


def test_units_without_a_book_are_missing_and_their_parent_is_named(province: Province) -> None:
    province.sent("H1")
    results = state_of(province.campaign).results
    assert [r.unit.code for r in results.missing] == ["H1", "H2", "X21", "X22", "X23"]
    path = publish(province.campaign.workspace, NOW, draft=True).path
    absent = openpyxl.load_workbook(path)["Trễ, chưa nộp, không xếp hạng"]
    (row,) = (row for row in absent.iter_rows(min_row=5, values_only=True) if row[1] == "X21")
    assert str(row[3]).endswith("(thuộc UBND huyện Hai)")
    assert row[8] == "Kết quả của đơn vị cấp trên"


def test_reason_and_word_of_the_district_come_up_with_the_score(province: Province) -> None:
    province.sent("H1")
    unit = state_of(province.campaign).reported["X12"]
    assert (unit.words["n1.1"].by, unit.words["n1.1"].reason) == (
        "UBND huyện Một", "Kế hoạch ban hành chậm")  # fmt: skip
    assert (unit.own["n1.1"].points, unit.achieved["n1.1"].points) == (Decimal(1), Decimal("0.5"))


# --- what the province refuses ----------------------------------------------------------------------


def changed(unit: str, **facts: Any) -> Callable[[ResultBook], ResultBook]:
    def change(book: ResultBook) -> ResultBook:
        before = book.units[unit]
        assert before is not None
        return replace(book, units={**book.units, unit: replace(before, **facts)})

    return change


def scored(which: str, node: str, score: Score) -> Callable[[ResultBook], ResultBook]:
    def change(book: ResultBook) -> ResultBook:
        before: Any = book.units["X11"]
        return changed("X11", **{which: {**getattr(before, which), node: score}})(book)

    return change


def renamed(book: ResultBook) -> ResultBook:
    units = dict(book.units)
    stranger = units.pop("X11")
    assert stranger is not None
    return replace(book, units={**units, "X21": replace(stranger, unit="X21")})


def without(node: str) -> Callable[[ResultBook], ResultBook]:
    def change(book: ResultBook) -> ResultBook:
        before: Any = book.units["X11"]
        return changed("X11", own={n: s for n, s in before.own.items() if n != node})(book)

    return change


def sums(**given: Any) -> Callable[[ResultBook], ResultBook]:
    def change(book: ResultBook) -> ResultBook:
        before: Any = book.units["X11"]
        return changed("X11", sums=replace(before.sums, **given))(book)

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (renamed, ["A083", "A088"]),
        (lambda b: replace(b, units={c: u for c, u in b.units.items() if c != "X13"}), ["A088"]),
        (lambda b: replace(b, parent="H2"), ["A082"]),
        (lambda b: replace(b, campaign="khac"), ["A082"]),
        (lambda b: replace(b, serial=9), ["A082"]),
        (changed("X11", digest="0" * 16), ["A084"]),
        (changed("X11", digest=""), ["A084"]),
        (without("n1.1"), ["A085"]),
        (changed("X11", pending=("n9",)), ["A085"]),
        (changed("X11", pending=()), ["A085"]),
        (scored("achieved", "n1.1", Score(Decimal("2.5"), Decimal(2))), ["A086"]),
        (scored("achieved", "n1.1", Score(Decimal(-1), Decimal(2))), ["A086"]),
        (scored("achieved", "n1.1", Score(Decimal(1), Decimal(3))), ["A086"]),
        (scored("own", "n1.5", Score(Decimal("2.25"), Decimal(2))), ["A086"]),
        (scored("achieved", "n1.1", Score(Decimal(2), Decimal(2))), ["A087", "A087"]),
        (scored("own", "n1.1", Score(Decimal(2), Decimal(2))), ["A087"]),
        (sums(achieved=Decimal(30)), ["A087"]),
        (sums(applicable=Decimal(20)), ["A087"]),
        (sums(index=Decimal(99)), ["A087"]),
    ],
)  # fmt: skip
def test_a_book_whose_content_is_wrong_is_refused_as_a_whole(
    province: Province, change: Callable[[ResultBook], ResultBook], expected: list[str]
) -> None:
    recorded = province.arrive(province.forged("H1", change))
    assert codes(recorded) == expected
    assert recorded.status in {Status.INVALID, Status.REJECTED}
    assert state_of(province.campaign).reported == {}


def test_a_book_sealed_with_another_key_is_refused(province: Province) -> None:
    other = province.authorisation("H2").key
    recorded = province.arrive(province.forged("H1", lambda book: book, other))
    assert (recorded.status, codes(recorded)) == (Status.REJECTED, ["A081"])


def test_a_changed_figure_in_the_sealed_content_is_refused(province: Province) -> None:
    data = province.report("H1").path.read_bytes()
    recorded = province.arrive(edited(data, "xl/sharedStrings.xml", '"late":0', '"late":5'))
    assert (recorded.status, codes(recorded)) == (Status.REJECTED, ["A081"])


def test_a_book_whose_content_is_gone_is_refused(province: Province) -> None:
    data = province.report("H1").path.read_bytes()
    recorded = province.arrive(edited(data, "xl/sharedStrings.xml", MARK, "khác"))
    assert (recorded.status, codes(recorded)) == (Status.REJECTED, ["A080"])


def test_content_that_is_no_book_is_refused_though_its_seal_holds(province: Province) -> None:
    recorded = province.arrive(province.forged("H1", changed("X11", days_late="nhiều")))
    assert (recorded.status, codes(recorded)) == (Status.REJECTED, ["A080"])


def test_a_changed_visible_cell_is_told_and_the_sealed_content_counts(province: Province) -> None:
    path = province.report("H1").path
    book = openpyxl.load_workbook(path)
    sheet = book["Kết quả"]
    sheet["E10"] = 29.5
    book["Chi tiết"]["K5"] = "không có lý do"
    book.save(path)
    recorded = province.arrive(path.read_bytes())
    assert recorded.status is Status.VALID
    assert codes(recorded) == ["A089", "A089", "A090"]
    places = [(f.sheet, f.cell, f.entered) for f in recorded.findings[:2]]
    assert places == [("Kết quả", "E10", "29.5"), ("Chi tiết", "K5", "không có lý do")]
    reached = state_of(province.campaign).reported["X11"].sums.achieved
    assert recorded.findings[0].params["expected"] == f"{reached}"


def test_a_visible_sheet_that_is_gone_is_told(province: Province) -> None:
    path = province.report("H1").path
    book = openpyxl.load_workbook(path)
    book["Chi tiết"].title = "Khác"
    book.save(path)
    assert codes(province.arrive(path.read_bytes())) == ["A089", "A090"]


def test_a_book_of_another_province_is_refused(province: Province, tmp_path: Path) -> None:
    other = make_province(tmp_path / "tinh-khac")
    recorded = province.arrive(other.report("H1").path.read_bytes())
    assert (recorded.status, codes(recorded)) == (Status.REJECTED, ["I002"])


def test_a_book_of_last_years_campaign_is_refused(province: Province) -> None:
    token = Token("thu-2025", "results", "H1", 1, "0" * 16)
    old = sign(token, province.campaign.workspace.keys.ring)
    given = province.authorisation("H1").token
    data = province.report("H1").path.read_bytes()
    for name in ("docProps/custom.xml", "xl/workbook.xml", "xl/sharedStrings.xml"):
        data = edited(data, name, given, old)
    recorded = province.arrive(data)
    assert (recorded.status, codes(recorded)) == (Status.REJECTED, ["I004"])


def test_a_book_under_a_revoked_authorisation_is_refused(province: Province) -> None:
    old = province.report("H1").path.read_bytes()
    heavier = rubric("xa")
    heavier["nodes"][0]["nodes"][0]["method"]["step"] = "0.5"
    path = province.root / "tinh" / "rubrics" / "xa.yaml"
    path.write_text(json.dumps(heavier), encoding="utf-8")
    authorise(province.campaign.workspace, ["H1"])
    assert province.authorisation("H1").serial == 3
    recorded = province.arrive(old)
    assert (recorded.status, codes(recorded)) == (Status.REJECTED, ["I008"])


def test_a_book_by_an_older_rubric_is_refused_and_one_received_before_counts_no_longer(
    province: Province,
) -> None:
    first, again = province.sent("H1"), province.report("H1", LATER).path.read_bytes()
    assert first.status is Status.VALID
    heavier = rubric("xa")
    heavier["nodes"][0]["nodes"][0]["method"]["step"] = "0.5"
    path = province.root / "tinh" / "rubrics" / "xa.yaml"
    path.write_text(json.dumps(heavier), encoding="utf-8")
    state = state_of(province.campaign)
    assert state.reported == {}
    assert [(n.unit, n.finding.code) for n in state.results.notes] == [
        (unit, "A093") for unit in DISTRICTS["H1"]
    ]
    recorded = province.arrive(again, "lan-hai.xlsx")
    assert (recorded.status, codes(recorded)) == (Status.INVALID, ["A084"] * 3)


# --- several books ----------------------------------------------------------------------------------


def test_a_second_report_replaces_the_first(province: Province) -> None:
    province.sent("H1", EARLIER)
    district = province.district("H1")
    corrected = district.filled({("n3", "points"): Decimal(4)}, unit="X11")
    (district.root / "inbox" / "X11.xlsx").write_bytes(corrected)
    submit(district, ())
    province.sent("H1", name="lan-hai.xlsx")
    assert state_of(province.campaign).reported["X11"].achieved["n3"].points == Decimal(4)


def test_an_older_book_sent_again_does_not_bring_old_results_back(province: Province) -> None:
    old = province.report("H1", EARLIER).path.read_bytes()
    province.sent("H1", NOW)
    recorded = province.arrive(old, "cu.xlsx")
    assert recorded.status is Status.VALID
    state = state_of(province.campaign)
    assert state.books["H1"].book.made == NOW
    assert [(n.unit, n.finding.code) for n in state.results.notes] == [("H1", "A091")]
    for note in state.results.notes:
        assert_readable(note.finding)


def test_a_clock_that_is_ahead_does_not_hold_a_districts_first_book_up_for_good(
    province: Province,
) -> None:
    province.sent("H1", NOW + timedelta(days=900))
    province.sent("H1", NOW, "lan-hai.xlsx")
    state = state_of(province.campaign)
    assert state.books["H1"].arrival.file == "lan-hai.xlsx"
    assert [note.finding.name for note in state.results.notes if note.unit == "H1"] == []


def test_a_voided_book_gives_way_to_the_one_before(province: Province) -> None:
    from tests.recorded import Office

    province.sent("H1", EARLIER)
    newer = province.sent("H1", NOW, "lan-hai.xlsx")
    with open_ledger(province.campaign.workspace.ledger_path) as ledger:
        Office(province.campaign.workspace).decide(ledger, "void", newer.id)
    assert state_of(province.campaign).books["H1"].book.made == EARLIER


@pytest.mark.parametrize(
    ("year", "decided", "points"), [(2025, False, "2.4"), (2026, False, "1"), (2025, True, "1")]
)
def test_the_provinces_newer_figure_replaces_an_older_years_and_no_word(
    province: Province, year: int, decided: bool, points: str
) -> None:
    province.sent("H1")
    campaign = with_surveys(province.campaign)
    told = state_of(campaign).reported["X11"]
    words = {"n2.3": Word("Hội đồng huyện")} if decided else {}
    scored = {**told.achieved, "n2.3": Score(Decimal(1), Decimal(3))}
    told = replace(told, achieved=scored, pending=(), fallbacks={"n2.3": year}, words=words)
    whole = campaign.workspace.campaign
    result = reported_result(whole, whole.units["X11"], told, campaign.layout("X11"))
    assert result.achieved["n2.3"].points == Decimal(points)
    assert result.fallbacks == ({} if points == "2.4" else {"n2.3": year})
    assert result.figures.get("n2.3") == ({"value": Decimal(80)} if points == "2.4" else None)


def test_the_story_of_a_row_tells_the_provinces_figure_from_the_districts_word(
    province: Province,
) -> None:
    province.sent("H1")
    workspace = with_surveys(province.campaign).workspace
    unit = workspace.campaign.units["X11"]
    told = {}
    with open_ledger(workspace.ledger_path) as ledger:
        for node in ("n2.3", "n1.2"):
            leaf = workspace.campaign.rubric(unit).by_id[node]
            told[node] = row_story(workspace, ledger, unit, leaf, NOW)
    surveyed, appraised = (told[node].final for node in ("n2.3", "n1.2"))
    assert surveyed is not None
    assert appraised is not None
    assert [(s.who, s.points) for s in surveyed.chain] == [(Who.OTHERS, Decimal("2.4"))]
    assert (surveyed.values, surveyed.pending) == ({"value": Decimal(80)}, False)
    assert [s.counts for s in told["n2.3"].statements] == [False, True]
    chain = [(s.who, s.points) for s in appraised.chain]
    assert chain == [(Who.ABOVE, Decimal(1)), (Who.SELF, Decimal(1))]
    assert (appraised.values, appraised.pending) == (None, True)


def test_a_result_sheet_says_what_the_district_has_not_appraised_yet(province: Province) -> None:
    province.sent("H1")
    state = state_of(with_surveys(province.campaign))
    (row,) = (row for row in state.results.rows if row.result.unit.code == "X11")
    card = result_card(state, row, None)
    assert (row.result.pending, card.waits) == ((), "còn 11 nội dung chưa thẩm định xong")
    assert card.summary[0].startswith("Chỉ số: 51,33% (tạm tính)")
    note = card.layout.by_key["s:n1.1"].cells[Column.NOTE]
    assert note == Said("Chưa thẩm định xong")


# --- what the province waits for, and what it does not ----------------------------------------------


def test_a_card_that_comes_past_the_district_does_not_count(
    province: Province, tmp_path: Path
) -> None:
    campaign = province.campaign
    unit = campaign.workspace.campaign.units["X11"]
    wanted = forms(campaign.workspace, [unit], by_role=False)
    issue(campaign.workspace, wanted)
    card = campaign.filled(
        {("n3", "points"): Decimal(4)}, unit="X11", form=wanted[0].path.read_bytes()
    )
    assert province.arrive(card, "X11.xlsx").status is Status.VALID
    province.sent("H1")
    state = state_of(campaign)
    assert state.standings["X11"].state is State.BY_PARENT
    assert needs_attention(state.standings["X11"])
    assert [(n.unit, n.finding.code) for n in state.results.notes] == [("X11", "A092")]
    (result,) = (r.result for r in state.results.rows if r.result.unit.code == "X11")
    assert (result.submission, result.achieved["n3"].points) == (None, Decimal(1))


def test_reported_units_are_neither_missing_nor_reminded_nor_given_forms(
    province: Province,
) -> None:
    workspace = province.campaign.workspace
    found = standings(workspace, [], NOW + timedelta(days=60))
    assert {u: s.state for u, s in found.items() if s.unit.tier == "xa"} == dict.fromkeys(
        (u for units in DISTRICTS.values() for u in units), State.BY_PARENT
    )
    assert not any(needs_attention(s) for s in found.values() if s.unit.tier == "xa")
    assert sorted(workspace.campaign.scored_here) == ["H1", "H2"]
    with open_ledger(workspace.ledger_path) as ledger:
        reminded = remind(workspace, ledger, NOW)
    assert [p.unit for p in reminded.problems] == ["H1", "H2"]


def test_the_state_of_the_districts_tells_authorisation_and_book(province: Province) -> None:
    province.sent("H1")
    workspace = province.campaign.workspace
    with open_ledger(workspace.ledger_path) as ledger:
        first, second = district_standings(state_of(province.campaign), ledger)
    assert (first.parent.code, first.serial, first.counted, first.units) == ("H1", 1, 3, 3)
    assert (first.made, first.provisional, first.settled) == (NOW, True, False)
    assert (second.serial, second.counted, second.units, second.made) == (2, 0, 3, None)


def test_a_district_whose_open_rows_the_province_knows_is_settled(province: Province) -> None:
    for code in DISTRICTS:
        province.sent(code)
    campaign = with_surveys(province.campaign)
    with open_ledger(campaign.workspace.ledger_path) as ledger:
        first, second = district_standings(state_of(campaign), ledger)
    assert [d.settled for d in (first, second)] == [False, True]
    assert [[f.code for f in d.findings] for d in (first, second)] == [["A090"], []]


# --- the district's side ----------------------------------------------------------------------------


def test_the_districts_folder_has_its_units_rules_and_authorisation(province: Province) -> None:
    district = province.district("H1").workspace
    settings = district.campaign.settings
    assert (settings.id, settings.reports_to) == ("thu-2026-H1", "data/uy-quyen.json")
    assert list(district.campaign.units) == ["X11", "X12", "X13"]
    assert not district.campaign.units["X13"].ranked
    own, above = settings.policies, province.campaign.workspace.campaign.settings.policies
    assert own == above
    given = read_authorisation(district.data / "uy-quyen.json")
    assert given == province.authorisation("H1")
    assert "BÍ MẬT" in (district.data / "uy-quyen.json").read_text(encoding="utf-8")
    assert list(settings.groups) == ["g1"]


def test_waivers_surveys_holidays_and_tie_breakers_go_along(tmp_path: Path) -> None:
    (tmp_path / "tinh").mkdir()
    days = "day,kind,name\n2026-09-02,off,Quốc khánh\n"
    (tmp_path / "tinh" / "holidays.csv").write_text(days, encoding="utf-8")
    campaign = make(
        tmp_path / "tinh",
        waivers=[
            {"unit": "X11", "leave_out": ["n1.4"], "reason": "không có", "by": "QĐ 1"},
            {"unit": "X21", "leave_out": ["n1.4"], "reason": "không có", "by": "QĐ 1"},
        ],
        policies={"tie_breakers": ["n2", "n1"], "ties": "dense"},
        holidays=["holidays.csv"],
    )  # fmt: skip
    district = prepare(with_surveys(campaign).workspace, "H1", tmp_path / "H1")
    said = district.campaign.settings
    assert [w.unit for w in said.waivers] == ["X11"]
    assert said.policies.tie_breakers == ("n2", "n1")
    assert said.holidays == ("holidays.csv",)
    assert {(f.unit, f.value) for f in district.campaign.surveys} == {
        ("X11", Decimal(80)), ("X12", Decimal("90.5")), ("X13", Decimal(70))}  # fmt: skip
    above = campaign.workspace.campaign
    assert (
        district.campaign.rubric(district.campaign.units["X11"]).form_digest
        == above.rubric(above.units["X11"]).form_digest
    )


def test_figures_of_survey_books_go_along_before_those_of_the_tables(tmp_path: Path) -> None:
    campaign = with_surveys(make(tmp_path / "tinh"))
    card = {"year": 2026, "source": "SIPAS", "by": "", "figures": {"X11": {"n2.3": "61.5"}}}
    office = Office(campaign.workspace)
    with open_ledger(campaign.workspace.ledger_path) as ledger:
        office.arrive(
            ledger, b"book", entry=b"dt.xlsx", file="dt.xlsx", unit="xa", role="percent",
            findings=(), status=Status.VALID, kind=SURVEY, card=card,
        )  # fmt: skip
    district = prepare(campaign.workspace, "H1", tmp_path / "H1")
    assert {(f.unit, f.value, f.source) for f in district.campaign.surveys} == {
        ("X11", Decimal("61.5"), "SIPAS"), ("X12", Decimal("90.5"), ""), ("X13", Decimal(70), ""),
    }  # fmt: skip


@pytest.mark.parametrize("synced", [False, True])
def test_a_folder_that_could_not_be_finished_leaves_nothing_and_may_be_made_again(
    province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, synced: bool
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
    target = tmp_path / ("OneDrive" if synced else "giao") / "H1"
    target.mkdir(parents=True)
    workspace = province.campaign.workspace
    tried: list[Path] = []

    def full(_source: Path, made: Path, _target: Path) -> None:
        assert (made / "campaign.yaml").exists()
        tried.append(made)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(preparing, "_place_authorisation", full)
        with pytest.raises(OSError, match="No space left"):
            prepare(workspace, "H1", target)
    assert tried[0].parent == target.parent
    assert list(target.parent.iterdir()) == [target]
    assert list(target.iterdir()) == []
    district = prepare(workspace, "H1", target)
    assert list(district.campaign.units) == list(DISTRICTS["H1"])
    assert read_authorisation(district.root / district.campaign.settings.reports_to).parent == "H1"
    assert list(target.parent.iterdir()) == [target]


def test_a_folder_with_anything_in_it_is_left_as_it_is(province: Province, tmp_path: Path) -> None:
    target = tmp_path / "H1"
    target.mkdir()
    (target / "ghi-chu.txt").write_text("của huyện", encoding="utf-8")
    with pytest.raises(FileExistsError):
        prepare(province.campaign.workspace, "H1", target)
    assert [path.name for path in target.iterdir()] == ["ghi-chu.txt"]


def test_a_peoples_committee_signs_by_its_chairman(province: Province) -> None:
    path = province.report("H1").path
    sheet = openpyxl.load_workbook(path)[SUMMARY]
    (cell,) = [c for row in sheet.iter_rows() for c in row if str(c.value).startswith("TM. ")]
    assert cell.value == "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"
    assert sheet.row_dimensions[cell.row].height == 36
    said = {str(c.value) for row in sheet.iter_rows() for c in row}
    assert "KẾT QUẢ TẠM TÍNH: còn nội dung chưa có kết quả." in said


def test_in_a_synced_folder_the_secret_goes_to_the_users_own_data_folder(
    province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
    target = tmp_path / "OneDrive - Sở Nội vụ" / "H1"
    district = prepare(province.campaign.workspace, "H1", target)
    assert not list(target.rglob("uy-quyen*"))
    path = Path(district.campaign.settings.reports_to)
    assert path.parent == district.data
    assert read_authorisation(path).parent == "H1"


def test_an_existing_campaign_is_never_written_over(province: Province) -> None:
    with pytest.raises(FileExistsError):
        prepare(province.campaign.workspace, "H1", province.root / "H1")


def test_provisional_results_are_reported_only_when_that_is_said(province: Province) -> None:
    with pytest.raises(ReportError) as refused:
        province.report("H2", provisional=False)
    assert refused.value.refusal is Refusal.PROVISIONAL
    assert refused.value.about == ("X21 2.3", "X22 2.3")
    assert not (province.root / "H2" / "reports" / "ket-qua-H2.xlsx").exists()
    district = with_surveys_of(province.district("H2"))
    made = report(district.workspace, NOW)
    assert not made.book.provisional
    assert codes(province.arrive(made.path.read_bytes())) == []


def with_surveys_of(district: Campaign) -> Campaign:
    own = "unit,node,value,year\nX21,n2.3,80,2026\nX22,n2.3,66.6,2026\n"
    (district.root / "surveys.csv").write_text(own, encoding="utf-8")
    path = district.root / "campaign.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nsurveys: [surveys.csv]\n", encoding="utf-8")
    return district.reopened()


def test_a_campaign_without_authorisation_reports_to_nobody(province: Province) -> None:
    with pytest.raises(ReportError) as refused:
        report(province.campaign.workspace, NOW)
    assert refused.value.refusal is Refusal.NO_AUTHORISATION


def test_other_units_than_authorised_are_not_reported(province: Province) -> None:
    units = province.root / "H1" / "units.csv"
    more = units.read_text(encoding="utf-8-sig") + "X19,UBND xã Mới,xa,g1,yes,,,\n"
    units.write_text(more, encoding="utf-8")
    with pytest.raises(ReportError) as refused:
        province.report("H1")
    assert (refused.value.refusal, refused.value.about) == (Refusal.OTHER_UNITS, ("X19",))


def test_another_rubric_than_authorised_is_not_reported(province: Province) -> None:
    heavier = rubric("xa")
    heavier["nodes"][0]["nodes"][0]["method"]["step"] = "0.5"
    (province.root / "H1" / "rubrics" / "xa.yaml").write_text(json.dumps(heavier), encoding="utf-8")
    with pytest.raises(ReportError) as refused:
        province.report("H1")
    assert (refused.value.refusal, refused.value.about) == (Refusal.OTHER_RUBRIC, DISTRICTS["H1"])


@pytest.mark.parametrize(
    "content", ["", "{}", '{"kind": "xlscore-authorisation-1"}', "[]", '{"kind": 1}']
)
def test_a_file_that_is_no_authorisation_is_refused_by_name(
    province: Province, content: str
) -> None:
    path = province.root / "H1" / "data" / "uy-quyen.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AuthorisationError) as refused:
        province.report("H1")
    assert str(refused.value) == str(path)


def test_an_authorisation_that_says_the_same_keeps_its_serial_and_bytes(province: Province) -> None:
    path = province.root / "tinh" / "data" / "cap-duoi" / "uy-quyen-H1.json"
    before = path.read_bytes()
    authorise(province.campaign.workspace, ["H1"])
    assert path.read_bytes() == before


def test_a_renewed_authorisation_revokes_the_one_before_and_then_stays(province: Province) -> None:
    old = province.report("H1").path.read_bytes()
    workspace = province.campaign.workspace
    authorise(workspace, ["H1"], renew=True)
    renewed = province.authorisation("H1")
    assert (renewed.serial, renewed.units) == (3, province.authorisation("H1").units)
    authorise(workspace, ["H1"])
    assert province.authorisation("H1") == renewed
    recorded = province.arrive(old)
    assert (recorded.status, codes(recorded)) == (Status.REJECTED, ["I008"])
    path = province.root / "tinh" / "data" / "cap-duoi" / "uy-quyen-H1.json"
    shutil.copy(path, province.root / "H1" / "data" / "uy-quyen.json")
    assert province.sent("H1", name="moi.xlsx").status is Status.VALID


def test_the_status_page_says_who_is_appraised_above(province: Province) -> None:
    workspace = province.campaign.workspace
    with open_ledger(workspace.ledger_path) as ledger:
        page = status_page(workspace, ledger, Seen(Door(Availability.AVAILABLE)), NOW)
    html = status_html(page)
    assert html.count("Do cấp trên trực tiếp chấm") > 6
    assert "0/2 đơn vị đã nộp" in html
    assert "Do cấp trên trực tiếp chấm và báo cáo" in html
    assert "0/0" not in html


def test_the_report_is_noted_in_the_districts_ledger(province: Province) -> None:
    province.report("H1")
    with open_ledger(province.district("H1").workspace.ledger_path) as ledger:
        last = ledger.events()[-1]
        assert ledger.chain_is_sound()
    assert (last.kind, json.loads(last.body)["serial"]) == ("results-reported", 1)


def test_a_book_survives_being_saved_by_another_program(province: Province) -> None:
    path = province.report("H1").path
    openpyxl.load_workbook(path).save(path)
    recorded = province.arrive(path.read_bytes())
    assert (recorded.status, codes(recorded)) == (Status.VALID, ["A090"])


@pytest.mark.office
@needs_libreoffice
def test_a_book_survives_being_saved_by_libreoffice(province: Province, tmp_path: Path) -> None:
    path = province.report("H1").path
    (saved,) = recalculate_with_libreoffice([path], tmp_path / "office")
    recorded = province.arrive(saved.read_bytes())
    assert (recorded.status, codes(recorded)) == (Status.VALID, ["A090"])


def test_long_content_is_cut_into_cells_and_put_together_again(province: Province) -> None:
    book = province.report("H1").book
    before: Any = book.units["X12"]
    word = replace(before.words["n1.1"], reason="Chậm tiến độ; " * 2300)
    data = province.forged("H1", changed("X12", words={"n1.1": word}))
    recorded = province.arrive(data)
    assert recorded.status is Status.VALID
    assert state_of(province.campaign).reported["X12"].words["n1.1"] == word


# --- keys -------------------------------------------------------------------------------------------


def test_a_derived_key_seals_for_its_purpose_only() -> None:
    ring = KeyRing("a", {"a": b"1" * 32, "b": b"2" * 32})
    own, other = sealing_keys(ring, "H1", 1), sealing_keys(ring, "H2", 1)
    mac = seal("nội dung", own, 64)
    assert len(mac) == 64
    assert is_sealed("nội dung", mac, own, 64)
    for keys in (other, sealing_keys(ring, "H1", 2), ring, derived(ring, "results|H1|1 ")):
        assert not is_sealed("nội dung", mac, keys, 64)
    assert not is_sealed("nội dung", mac[:16], own, 64)


def test_a_book_sealed_before_the_province_changed_keys_is_still_known() -> None:
    before = KeyRing("a", {"a": b"1" * 32})
    after = KeyRing("b", {"a": b"1" * 32, "b": b"2" * 32})
    mac = seal("nội dung", sealing_keys(before, "H1", 1), 64)
    assert is_sealed("nội dung", mac, sealing_keys(after, "H1", 1), 64)
