"""Result sheets: what a unit reaches, row by row, with who decided it and why."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from tests.campaigns import Data, assert_readable, group, leaf, rubric
from tests.golden import Golden
from tests.office import (
    needs_gnumeric,
    needs_libreoffice,
    recalculate_with_libreoffice,
    resave_with_gnumeric,
)
from tests.under_appraisal import ACCEPT, ADJUST, LEFT_OUT, QUERY, UnderAppraisal
from xlscore.cli import cli
from xlscore.exporting.results import export_results, result_card
from xlscore.findings import Status
from xlscore.layout import Amount, Calculation, Column, Row, RowKind, Said, Text
from xlscore.numbers import quantise
from xlscore.ranking import RankedRow
from xlscore.remarks import Notes
from xlscore.reported import Reported, Sums, Word
from xlscore.workbooks.ranking import write_ranking
from xlscore.workbooks.resultsheet import ResultCard
from xlscore.workbooks.returns import read_return

SHEET, COMPONENTS = "Phiếu kết quả", "Chỉ số thành phần"


def derived(node: str, quantity: str) -> Data:
    bands: Any = [{"at_most": "0", "points": "1"}] if quantity != "evidence_coverage" else [
        {"at_least": "90", "points": "1"}
    ]  # fmt: skip
    more: Data = {"channel": "derived"}
    return leaf(node, "1", "derived", more, quantity=quantity, bands=bands, **{"else": "0.5"})


def whole_rubric(tier: str = "so") -> Data:
    """The small rubric with a domain of what others supply, and a penalty."""
    others = [
        derived("4.1", "days_late"),
        derived("4.2", "evidence_coverage"),
        derived("4.3", "self_appraised_gap"),
        leaf("4.4", "2", "index", {"channel": "survey"}, fallback="1"),
        leaf("4.5", "1", "points", {"channel": "appraiser"}),
    ]
    given = rubric(tier)
    bonus = given["nodes"].pop()
    penalty = leaf("P", "2", "count", {"channel": "penalty"}, unit="vụ", points_each="0.5")
    best = group("5.2", "2", [leaf("5.2.1", "2", "points"), leaf("5.2.2", "1", "points")],
                 combine="best")  # fmt: skip
    compared = group("5", "4", [leaf("5.1", "2", "peer", label="Số dịch vụ công"), best])
    capped = group("D", "1", [leaf("D1", "1", "points"), leaf("D2", "1", "points")],
                   channel="bonus")  # fmt: skip
    given["nodes"] += [group("4", "6", others), compared, bonus, capped, penalty]
    return {**given, "scale": "40"}


RANKED_ASIDE = """code,name,tier,ranked
STP,Sở Tư pháp,so,no
STC,Sở Tài chính,so,yes
"""
SURVEYS = """unit,node,value,year,source
STP,n4.4,80,2025,Bộ Nội vụ
"""
SURVEYED = SURVEYS + "STP,n2.3,90,2026,Điều tra\n"


def scene(root: Path, surveys: str = SURVEYS, **given: Any) -> UnderAppraisal:
    root.mkdir(parents=True, exist_ok=True)
    (root / "surveys.csv").write_text(surveys, encoding="utf-8")
    rubrics = {"so": whole_rubric(), "xa": whole_rubric("xa")}
    office = UnderAppraisal(root, rubrics=rubrics, surveys=["surveys.csv"], **given)
    office.submit(changes={**LEFT_OUT, ("nP", "count"): Decimal(1)})
    office.submit("STC")
    return office


def decide(office: UnderAppraisal, unit: str = "STP") -> None:
    """Have every row appraised: n1.1 lower, n1.5 by the council, n2.1 by other figures."""
    rows = office.state().appraisals[unit].rows
    special: dict[str, dict[str, Any]] = {
        "n1.1": {"decision": ADJUST, "points": "0.5", "reason": "Ban hành chậm."},
        "n2.1": {
            "decision": ADJUST,
            "values": {"numerator": Decimal(75)},
            "reason": "Theo báo cáo",
        },
        "n4.5": {"decision": ADJUST, "points": "0.75"},
    }
    office.say(*(office.word(node, unit=unit, **special.get(node, {})) for node in rows))
    final = office.word("n1.5", ADJUST, "1.5", reason="Hội đồng thống nhất", unit=unit)
    office.say(final, council=True)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> UnderAppraisal:
    made = scene(tmp_path_factory.mktemp("results") / "campaign", SURVEYED)
    decide(made)
    return made


def card_of(office: UnderAppraisal, unit: str = "STP", *, ranks: bool = False) -> ResultCard:
    state = office.state()
    placed = [(row, group_) for group_ in state.results.groups for row in group_.rows]
    placed_aside = [(row, None) for row in state.results.unranked]
    row, group_ = next(p for p in (*placed, *placed_aside) if p[0].result.unit.code == unit)
    return result_card(state, row, group_ if ranks else None)


def result_of(office: UnderAppraisal, unit: str = "STP") -> RankedRow:
    return next(r for r in office.state().results.rows if r.result.unit.code == unit)


def leaf_row(card: ResultCard, node: str) -> Row:
    return card.layout.by_key[f"{RowKind.LEAF}:{node}"]


def note(card: ResultCard, node: str) -> str:
    cell = leaf_row(card, node).cells.get(Column.NOTE)
    return cell.text if isinstance(cell, Text) else ""


def value(card: ResultCard, row: Row, column: Column) -> Decimal | str | None:
    match row.cells.get(column):
        case Amount(number):
            return number
        case Calculation():
            return card.shown[row.key, column]
        case Text(text):
            return text
    return None


def exported(office: UnderAppraisal, unit: str = "STP", **how: Any) -> bytes:
    units = [office.workspace.campaign.units[unit]]
    done = export_results(office.state(), units, **how)
    (path,) = (*done.issued.written, *done.issued.left)
    return path.read_bytes()


# --- scores ------------------------------------------------------------------------------------------


def test_each_row_shows_every_score_that_led_to_the_last(office: UnderAppraisal) -> None:
    card = card_of(office)
    columns = (Column.SCORE, Column.APPRAISED, Column.SURVEY, Column.ACHIEVED)

    def scores(node: str) -> list[Decimal | str | None]:
        return [value(card, leaf_row(card, node), column) for column in columns]

    half, none = Decimal("0.5"), None
    assert scores("n1.1") == [1, half, none, half]
    assert scores("n1.3") == ["–", "–", none, "–"]
    assert scores("n1.5") == [1, Decimal("1.5"), none, Decimal("1.5")]
    assert scores("n2.1") == [1, 1, none, 1]
    assert scores("n2.3") == [none, none, Decimal("2.7"), Decimal("2.7")]
    assert scores("n4.1") == [none, none, none, 1]
    assert scores("n4.5") == [none, Decimal("0.75"), none, Decimal("0.75")]
    assert scores("nP") == [half, half, none, half]


def test_sums_and_totals_are_those_of_the_ranking(office: UnderAppraisal) -> None:
    card, result = card_of(office), result_of(office).result
    for row in card.layout.rows:
        if row.kind in {RowKind.DOMAIN, RowKind.GROUP}:
            assert value(card, row, Column.ACHIEVED) == result.achieved[row.node].points
            assert value(card, row, Column.APPLICABLE) == result.achieved[row.node].applicable
    totals = {
        key: value(card, card.layout.by_key[f"t:{key}"], Column.ACHIEVED)
        for key in ("total", "bonus", "penalty", "achieved", "applicable", "index")
    }
    assert totals == {
        "total": result.totals.points,
        "bonus": result.totals.bonus,
        "penalty": result.totals.penalty,
        "achieved": result.totals.achieved,
        "applicable": result.totals.applicable,
        "index": quantise(result.index, 12),
    }
    own = result.self_totals
    assert own is not None
    assert value(card, card.layout.by_key["t:total"], Column.SCORE) == own.points


def test_the_best_case_counts_and_a_bonus_has_its_cap(office: UnderAppraisal) -> None:
    card = card_of(office)
    best, capped = (card.layout.by_key[key] for key in ("g:n5.2", "d:nD"))
    assert best.cells[Column.NOTE] == Said("Chỉ tính mục có điểm cao nhất; chỉ cần nhập một mục")
    assert value(card, best, Column.ACHIEVED) == 1
    assert value(card, capped, Column.ACHIEVED) == 1
    first = capped.number + 1
    cell = capped.cells[Column.ACHIEVED]
    assert isinstance(cell, Calculation)
    assert cell.formula == f"MIN(SUM(H{first},H{first + 1}),D{capped.number})"


def test_only_rows_that_reach_less_than_claimed_stand_out(office: UnderAppraisal) -> None:
    assert card_of(office).lowered == {"n1.1"}


# --- reasons -----------------------------------------------------------------------------------------


def test_the_reasons_are_those_of_the_word_that_counts(office: UnderAppraisal) -> None:
    card = card_of(office)
    assert note(card, "n1.1") == "Sở Nội vụ (Thẩm định lần 1): Ban hành chậm"
    assert note(card, "n1.5") == "Hội đồng thẩm định: Hội đồng thống nhất"
    assert note(card, "n2.1") == "Sở Nội vụ (Thẩm định lần 1): số liệu 75. Theo báo cáo"
    assert note(card, "n1.2") == ""
    assert note(card, "n4.5") == ""


def test_figures_entered_in_place_of_the_units_stand_in_printed_order(tmp_path: Path) -> None:
    office = UnderAppraisal(tmp_path / "campaign")
    office.submit()
    inputs = office.campaign.layout().methods["n1.3"].inputs(Decimal(3))
    assert [item.key for item in inputs] == ["numerator", "denominator"]
    values = {"denominator": Decimal(20), "numerator": Decimal(15)}
    office.say(office.word("n1.3", ADJUST, values=values, reason="Theo sổ"))
    first, second = (item.label for item in inputs)
    assert note(card_of(office), "n1.3") == (
        f"Sở Nội vụ (Thẩm định lần 1): số liệu {first} 15; {second} 20. Theo sổ"
    )


def test_figures_of_others_are_told(office: UnderAppraisal) -> None:
    card = card_of(office)
    assert note(card, "n2.3") == "Kết quả điều tra 90%"
    assert note(card, "n4.4") == "Chỉ số công bố 80 (số liệu năm 2025, chưa có số liệu mới)"
    assert note(card, "n4.1") == "Nộp đúng hạn"
    assert note(card, "n4.2") == "100% tiêu chí có tài liệu kiểm chứng"
    # Lower by 0,5 in n1.1, higher by 0,5 in n1.5; n1.3 is left out on both sides.
    assert note(card, "n5.1") == "Đơn vị cao nhất đạt 2"
    assert note(card, "n4.3") == "Chênh lệch 0 điểm giữa tự đánh giá và thẩm định"


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_the_ranking_workbook_says_the_same_on_one_line(
    office: UnderAppraisal, tmp_path: Path
) -> None:
    path = tmp_path / "xep-hang.xlsx"
    write_ranking(office.state().results, path)
    sheets = [s for s in openpyxl.load_workbook(path) if s.title.startswith("Tự chấm-Đạt")]
    rows = [
        [str(cell.value or "") for cell in row] for sheet in sheets for row in sheet.iter_rows()
    ]
    told = {row[2]: row[-1] for row in rows if row[0] == "STP"}
    assert {code: told[code] for code in ("1.1", "2.1", "4.1", "4.4", "5.1")} == {
        "1.1": "Sở Nội vụ (Thẩm định lần 1): Ban hành chậm",
        "2.1": "Sở Nội vụ (Thẩm định lần 1): số liệu 75. Theo báo cáo",
        "4.1": "Nộp đúng hạn",
        "4.4": "Chỉ số công bố 80 (số liệu năm 2025, chưa có số liệu mới)",
        "5.1": "Đơn vị cao nhất đạt 2",
    }
    card = card_of(office)
    leaves = office.campaign.layout().rubric.leaves
    assert told == {leaf.code: note(card, leaf.id).replace("\n", "; ") for leaf in leaves}


def test_what_does_not_apply_says_why(office: UnderAppraisal) -> None:
    assert note(card_of(office), "n1.3") == "Không áp dụng: Không phát sinh hồ sơ trong năm"


def test_a_refused_exemption_is_told(tmp_path: Path) -> None:
    office = scene(tmp_path / "campaign")
    refused = office.word("n1.3", ADJUST, "1", reason="Có phát sinh 12 hồ sơ")
    office.say(refused)
    assert note(card_of(office), "n1.3") == (
        "Sở Nội vụ (Thẩm định lần 1): không công nhận “Không áp dụng”. Có phát sinh 12 hồ sơ"
    )


def test_what_is_open_is_told(tmp_path: Path) -> None:
    office = scene(tmp_path / "campaign")
    late = card_of(office)
    assert late.waits == "còn 3 nội dung chưa có kết quả; chưa thẩm định"
    assert note(late, "n2.3") == "Chờ kết quả điều tra"
    assert note(late, "n4.5") == "Chờ kết quả thẩm định"
    assert note(late, "n4.3") == "Chỉ tính sau khi thẩm định xong"
    office.say(office.word("n1.1", QUERY), office.word("n1.2", ADJUST, "0.5"))
    office.say(office.word("n1.2", ACCEPT), agency="STC")
    card = card_of(office)
    assert note(card, "n1.1") == "Chờ đơn vị giải trình"
    assert note(card, "n1.2") == "Các cơ quan thẩm định chưa thống nhất"
    assert note(card, "n3") == "Chưa thẩm định"
    assert "chưa thẩm định xong" in card.waits


def test_another_policy_for_what_does_not_apply_is_told(tmp_path: Path) -> None:
    office = scene(tmp_path / "campaign", policies={"not_applicable": "full_points"})
    assert note(card_of(office), "n1.3") == (
        "Không áp dụng: Không phát sinh hồ sơ trong năm\nTính đủ điểm tối đa"
    )
    assert value(card_of(office), leaf_row(card_of(office), "n1.3"), Column.ACHIEVED) == 3


def test_a_late_return_is_told(tmp_path: Path) -> None:
    office = scene(tmp_path / "campaign", tiers={
        tier: {"title": tier, "rubric": f"rubrics/{tier}.yaml", "deadline": "2020-01-01T00:00"}
        for tier in ("so", "xa")
    })  # fmt: skip
    days = result_of(office).result.days_late
    assert note(card_of(office), "n4.1") == f"Trễ hạn {days} ngày"


def test_what_the_unit_above_decided_is_told(office: UnderAppraisal) -> None:
    result = result_of(office).result
    assert result.own is not None
    totals = result.totals
    sums = Sums(totals.points, totals.achieved, totals.applicable, Decimal(80))
    words = {"n1.1": Word("Hội đồng huyện", "Chậm"), "n1.2": Word("Hội đồng huyện")}
    told = Reported("STP", "", result.own, result.achieved, sums, words=words)
    above = replace(result, reported=told, appraisal=None, submission=None)
    notes = Notes(office.workspace.campaign, above)
    said = [notes.of(result.rubric.by_id[node]) for node in ("n1.1", "n1.2", "n3")]
    assert said == ["Hội đồng huyện: Chậm", "", ""]


def test_a_row_that_waits_has_no_index_and_one_that_does_not_apply_has_a_dash(
    tmp_path: Path,
) -> None:
    office = UnderAppraisal(tmp_path / "campaign")
    office.submit(changes=LEFT_OUT)
    card = card_of(office)
    waits, left_out = (card.layout.by_key[f"s:{node}"] for node in ("n2.3", "n1.3"))
    assert "n2.3" in result_of(office).result.pending
    assert Column.INDEX not in waits.cells
    assert isinstance(left_out.cells[Column.INDEX], Calculation)
    assert card.shown[left_out.key, Column.INDEX] == "–"


def test_a_long_reason_goes_on_in_the_annex(tmp_path: Path) -> None:
    office = scene(tmp_path / "campaign")
    office.say(office.word("n1.1", ADJUST, "0.5", reason="Chậm; " * 300))
    data = exported(office)
    assert "xem đủ ở Phụ lục, mục 1" in said(data)
    assert said(data, "Phụ lục").count("Chậm") == 300


def test_a_row_left_blank_and_one_changed_without_a_word_are_told(tmp_path: Path) -> None:
    office = UnderAppraisal(
        tmp_path / "campaign",
        waivers=[{"unit": "STP", "code": "S011", "reason": "Thiên tai", "by": "Lan"}],
        policies={"display_decimals": "0"},
        units=RANKED_ASIDE,
    )
    office.submit(changes={("n3", "points"): None})
    assert note(card_of(office), "n3") == "Đơn vị không nhập số liệu"
    office.say(office.word("n1.1", ADJUST, "0.5"))
    card = card_of(office, ranks=True)
    assert note(card, "n1.1") == "Sở Nội vụ (Thẩm định lần 1) điều chỉnh"
    assert "t:rank" not in card.layout.by_key
    assert "," not in card.summary[0]


# --- the sheet ---------------------------------------------------------------------------------------


def opened(data: bytes, **how: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl knows no data bars of 2010
        return openpyxl.load_workbook(BytesIO(data), **how)


def said(data: bytes, sheet: str = SHEET) -> str:
    rows = opened(data, data_only=True)[sheet]
    return "\n".join(str(c.value) for row in rows for c in row if c.value is not None)


def test_nothing_on_it_can_be_typed_into(office: UnderAppraisal) -> None:
    book = opened(exported(office))
    assert book.sheetnames == [SHEET, COMPONENTS, "xlscore"]
    for sheet in book:
        assert sheet.protection.sheet
        assert all(cell.protection.locked for row in sheet for cell in row)


def test_a_provisional_result_says_so_and_a_final_one_does_not(
    office: UnderAppraisal, tmp_path: Path
) -> None:
    assert "TẠM TÍNH" not in said(exported(office)).upper()
    early = said(exported(scene(tmp_path / "campaign")))
    assert "NĂM 2026 (TẠM TÍNH)" in early
    assert "TẠM TÍNH: còn 3 nội dung chưa có kết quả; chưa thẩm định" in early
    assert "% (tạm tính)" in early


def test_the_rank_is_printed_only_where_it_is_wanted(office: UnderAppraisal) -> None:
    assert "XẾP HẠNG" not in said(exported(office)).upper()
    ranked = said(exported(office, ranks=True))
    row = result_of(office)
    assert f"Xếp hạng: {row.rank}/2" in ranked
    assert "Trong nhóm Cấp so" in ranked


def test_the_components_repeat_the_domains(office: UnderAppraisal) -> None:
    shown = said(exported(office), COMPONENTS)
    assert [f"Nhóm {n}" in shown for n in ("1", "2", "4")] == [True] * 3
    data = opened(exported(office))[COMPONENTS]
    assert [rule.type for c in data.conditional_formatting for rule in c.rules] == ["dataBar"]


def test_the_same_result_is_the_same_sheet(office: UnderAppraisal) -> None:
    assert exported(office) == exported(office)
    assert exported(office, force=True) == exported(office, force=True)


def test_a_returned_result_sheet_is_refused_by_name(office: UnderAppraisal, tmp_path: Path) -> None:
    path = tmp_path / "ket-qua.xlsx"
    path.write_bytes(exported(office))
    back = read_return(path, office.workspace)
    assert [f.name for f in back.findings] == ["wrong-kind"]
    assert_readable(back.findings[0])
    assert back.status is Status.REJECTED


def test_the_sheet_of_a_unit_is_the_golden_one(office: UnderAppraisal, golden: Golden) -> None:
    card = card_of(office, ranks=True)
    lines = []
    for row in card.layout.rows:
        cells: Mapping[Column, Any] = {c: value(card, row, c) for c in row.cells}
        formulas = {c: x.formula for c, x in row.cells.items() if isinstance(x, Calculation)}
        lines.append(f"{row.number} {row.key}")
        lines += [
            f"   {column}: {shown}{' <- ' + formulas[column] if column in formulas else ''}"
            for column, shown in cells.items()
        ]
    golden.compare("result-small.txt", "\n".join(lines))


# --- spreadsheet programs ----------------------------------------------------------------------------


def assert_same(first: bytes, second: bytes) -> None:
    for sheet in (SHEET, COMPONENTS):
        one, two = opened(first, data_only=True)[sheet], opened(second, data_only=True)[sheet]
        for row in one:
            for cell in row:
                other = two[cell.coordinate].value
                if isinstance(cell.value, int | float):
                    assert other == pytest.approx(cell.value, abs=1e-9), cell.coordinate
                else:
                    assert (other or None) == (cell.value or None), cell.coordinate


@needs_libreoffice
def test_formulas_show_in_libreoffice_what_is_cached(
    office: UnderAppraisal, tmp_path: Path
) -> None:
    path = tmp_path / "ket-qua.xlsx"
    path.write_bytes(exported(office, ranks=True))
    (again,) = recalculate_with_libreoffice([path], tmp_path / "out")
    assert_same(path.read_bytes(), again.read_bytes())


@needs_gnumeric
def test_formulas_show_in_gnumeric_what_is_cached(office: UnderAppraisal, tmp_path: Path) -> None:
    path = tmp_path / "ket-qua.xlsx"
    path.write_bytes(exported(office, "STC"))
    again = resave_with_gnumeric(path, tmp_path / "gnumeric.xlsx")
    assert_same(path.read_bytes(), again.read_bytes())


# --- the command -------------------------------------------------------------------------------------


def test_the_command_writes_a_sheet_for_every_unit_with_a_result(office: UnderAppraisal) -> None:
    root = str(office.workspace.root)
    base = ["--language", "en", "result", "export", "-C", root]
    done = CliRunner().invoke(cli, [*base, "--force", "--ranks"])
    assert done.exit_code == 0, done.output
    assert "2 result sheets written" in done.output
    assert "Without a result: AB." in done.output
    assert "Still provisional: STC." in done.output
    assert (office.workspace.templates / "ket-qua" / "so" / "STP.xlsx").is_file()
    again = CliRunner().invoke(cli, [*base, "--ranks", "--tier", "so"])
    assert "0 result sheets written" in again.output
    assert CliRunner().invoke(cli, [*base, "--tier", "huyen"]).exit_code == 2
