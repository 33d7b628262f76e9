"""A whole campaign, from the first form to the result sheets, against a reckoning made by hand.

The story is told once, in `procedure`: forms are issued by command, filled in LibreOffice, some saved once
more by Gnumeric, taken from the inbox by the watcher. Then every figure is compared with what
`procedure_rules` makes of the very numbers that were typed, which knows nothing of the program.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.office import needs_gnumeric, needs_uno
from tests.procedure_campaign import Province
from tests.procedure_inputs import (
    BOOKS,
    BY_ROLE,
    CARDS,
    CHANGED_SENT,
    DEADLINE,
    FIRST_SENT,
    INDEX_2025,
    LATE,
    LATE_SENT,
    MISSING,
    PERCENTS,
    RESUBMITTING,
    UNITS,
    at,
)
from tests.procedure_office import Clerk, Typing, clerk
from tests.procedure_rows import rounded, tier
from tests.procedure_rubrics import TITLES
from tests.procedure_rules import Reckoning, final_word, self_score
from xlscore.appraising import OpenRow
from xlscore.findings import Status
from xlscore.proceedings import Proceedings
from xlscore.scoring import Score
from xlscore.workbooks.appraisal.fill import Places

pytestmark = [pytest.mark.office, pytest.mark.slow, needs_uno, needs_gnumeric]


@dataclass
class Told:
    """What is left when the story is over.

    Attributes:
        contested, reopened, final: the state after round 1, after the resubmission, at the end.
        receipts: what receipts of books said at the first two of these moments, by file.
        ranked: what `rank --json` says at the end.
        printed: the written result sheets and the ranking, recalculated by LibreOffice, by name.
    """

    province: Province
    contested: Proceedings
    reopened: Proceedings
    final: Proceedings
    receipts: dict[str, str]
    ranked: dict[str, Any]
    printed: dict[str, Path]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("procedure")
    with clerk(folder / "desk") as seated:
        yield procedure(folder, seated)


def procedure(folder: Path, seated: Clerk) -> Told:
    """Tell the story."""
    province = Province(folder, seated)

    # Units fill their scorecards, one of them in two parts; one is late, one never sends any.
    province.run("generate")
    province.run("generate", "--by-role", *(f"--unit={unit}" for unit in BY_ROLE))
    cards = province.fill_cards(list(CARDS))
    province.post(FIRST_SENT, *(name for name in cards if name != LATE))
    province.look(DEADLINE)
    province.post(LATE_SENT, LATE)

    # Round 1: agencies send part by part, two officers of one agency fill copies of one book.
    province.run("appraise", "export", "--all")
    first, second = ([book for book in BOOKS if book.round == number] for number in (1, 2))
    province.fill_books(*first)
    for book in first:
        status = Status.VALID if book.finished else Status.DRAFT
        province.post(at(12, 19), book.file, status=status)
        if book.voided:
            number = province.told[book.file].id
            province.run("void", str(number), "--reason", "Nhập nhầm đơn vị", "--by", "Lan")
    contested = province.state()
    receipts = {name: province.receipt(name) for name in ("SNV tham dinh", "STTTT dot 1")}

    # Units reply; one sends its whole scorecard again, with one row changed.
    province.run("reply", "export")
    province.post(at(12, 21), *province.fill_replies())
    province.post(CHANGED_SENT, province.resubmit())
    reopened = province.state()
    receipts["SNV sau khi sua"] = province.receipt("SNV tham dinh")

    # Round 2, from what is open.
    province.run("appraise", "export", "--round", "2")
    province.post(at(12, 24), *province.fill_books(*second))

    # The survey comes as answers; last year's index and the communes' percents as tables.
    province.run("survey", "export", "--tier", "so", "--as", "answers")
    province.post(at(12, 26), *province.fill_survey())
    import_tables(province, folder)
    province.look(at(12, 27))

    # The council has the last word.
    province.run("appraise", "export", "--council")
    province.post(at(12, 30), *province.fill_council())

    # Results go back to the units, and the ranking to the province.
    final = province.state()
    province.run("result", "export", "--ranks")
    ranked = province.run_json("rank", expected=1)  # one unit is missing
    printed = recalculated(province, ranked, seated)
    return Told(province, contested, reopened, final, receipts, ranked, printed)


def import_tables(province: Province, folder: Path) -> None:
    """Have two tables from elsewhere turned into survey books, which wait in the inbox."""
    index, asked = folder / "par-index.csv", folder / "sipas.csv"
    lines = [f"{unit},n4.2,{value}" for unit, value in INDEX_2025.items()]
    index.write_text("\n".join(["Mã,Tiêu chí,Giá trị", *lines]), encoding="utf-8")
    lines = [f"{UNITS[unit][0]},{value}" for unit, value in PERCENTS.items()]
    asked.write_text("\n".join(["Đơn vị,2.1", *lines]), encoding="utf-8")
    province.run("survey", "import", index, "--tier", "so", "--year", "2025")
    province.run("survey", "import", asked, "--tier", "xa", "--source", "SIPAS 2026")


def recalculated(province: Province, ranked: dict[str, Any], seated: Clerk) -> dict[str, Path]:
    """Have LibreOffice recalculate what was written."""
    results = province.workspace.templates / "ket-qua"
    written = {path.stem: path for path in sorted(results.rglob("*.xlsx"))}
    written["ranking"] = Path(ranked["file"])
    orders = [Typing(path, province.draft(f"kq-{name}")) for name, path in written.items()]
    seated.type(*orders)
    return {name: order.target for name, order in zip(written, orders, strict=True)}


# --- every figure -------------------------------------------------------------------------------------


def assert_as_reckoned(state: Proceedings, by_hand: Reckoning) -> None:
    """Every row, total, index, rank and band of every unit is what was reckoned by hand."""
    rows = {row.result.unit.code: row for row in state.results.rows}
    assert set(rows) == set(UNITS)
    for unit, row in rows.items():
        ours = by_hand.leaves(unit)
        assert set(ours) == {leaf.id for leaf in row.result.rubric.leaves}
        theirs = {node: exactly(row.result.achieved[node]) for node in ours}
        assert theirs == ours, unit
        found = row.result.totals
        totals = (found.points, found.applicable, found.bonus, found.penalty)
        assert tuple(map(Fraction, totals)) == by_hand.totals(unit)
        assert found.achieved == by_hand.achieved(unit)
        assert row.result.index == by_hand.index(unit)
        assert (row.rank, row.band) == (by_hand.rank(unit), by_hand.band(unit)), unit


def exactly(score: Score) -> tuple[Fraction | None, Fraction]:
    return None if score.points is None else Fraction(score.points), Fraction(score.applicable)


def test_every_score_is_what_follows_from_what_was_typed(told: Told) -> None:
    assert_as_reckoned(told.final, Reckoning())


def test_the_ranking_says_the_same(told: Told) -> None:
    by_hand = Reckoning()
    rows = {row["unit"]: row for group in told.ranked["groups"] for row in group["rows"]}
    assert [row["unit"] for row in told.ranked["missing"]] == [MISSING]
    assert set(rows) == set(UNITS)
    for unit, row in rows.items():
        assert (row["rank"], row["band"]) == (by_hand.rank(unit), by_hand.band(unit))
        assert Fraction(row["achieved"]) == by_hand.achieved(unit)
        assert Fraction(row["applicable_max"]) == by_hand.totals(unit)[1]
        assert Fraction(row["index"]) == rounded(by_hand.index(unit), 9)


# --- what is printed ----------------------------------------------------------------------------------


def opened(path: Path) -> Any:
    """Return a workbook that LibreOffice has saved, with the values that it calculated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # extensions of its own
        return openpyxl.load_workbook(path, data_only=True)


def near(shown: Any, wanted: Fraction | None) -> bool:
    """Whether a cell shows a figure; blank and “–” are none."""
    if wanted is None or shown in {None, "", "–"}:
        return wanted is None and shown in {None, "", "–"}
    return abs(Fraction(shown) - wanted) < Fraction(1, 10**9)


@pytest.mark.parametrize("unit", CARDS)
def test_the_result_sheet_prints_the_same(told: Told, unit: str) -> None:
    by_hand = Reckoning()
    sheet = opened(told.printed[unit])["Phiếu kết quả"]
    lines = [row[1:] for row in sheet.iter_rows(values_only=True)]
    rows = {str(row[0] or row[1]): row for row in lines if row[0] or row[1]}
    for node, (points, applicable) in by_hand.leaves(unit).items():
        row = rows[node.removeprefix("n")]
        word = final_word(unit, node)
        assert near(row[3], self_score(unit, node)), (node, row)
        assert near(row[4], points if word else None), (node, row)
        assert near(row[6], points), (node, row)
        assert near(row[9], applicable), (node, row)
    assert near(rows["CHỈ SỐ CẢI CÁCH HÀNH CHÍNH (%)"][6], by_hand.index(unit))
    assert near(rows["ĐIỂM ĐẠT ĐƯỢC"][6], by_hand.achieved(unit))
    assert rows["XẾP LOẠI"][6] == by_hand.band(unit)
    peers = [code for code in UNITS if tier(code) == tier(unit)]
    assert rows["XẾP HẠNG"][6] == f"{by_hand.rank(unit)}/{len(peers)}"


@pytest.mark.parametrize("of", TITLES)
def test_the_ranking_workbook_prints_the_same(told: Told, of: str) -> None:
    by_hand = Reckoning()
    book = opened(told.printed["ranking"])
    points, maxima = (matrix(book[f"{kind} – {TITLES[of]}"]) for kind in ("Điểm", "Điểm tối đa"))
    standing = standings(book[f"XH {TITLES[of]}"])
    for unit in (code for code in UNITS if tier(code) == of):
        for node, (reached, applicable) in by_hand.leaves(unit).items():
            code = node.removeprefix("n")
            assert near(points[unit][code], None if unit == MISSING else reached), (unit, node)
            assert near(maxima[unit][code] or 0, applicable), (unit, node)
        line = standing[unit]
        assert (line["Hạng"], line["Xếp loại"]) == (by_hand.rank(unit), by_hand.band(unit))
        _, applicable, bonus, penalty = by_hand.totals(unit)
        assert near(line["Điểm đạt được"], by_hand.achieved(unit))
        assert near(line["Điểm tối đa áp dụng"], applicable)
        assert near(line["Điểm cộng"], bonus)
        assert near(line.get("Điểm trừ", 0), penalty)
        assert near(line["Chỉ số (%)"], by_hand.index(unit))


def matrix(sheet: Any) -> dict[str, dict[str, Any]]:
    """Return a sheet of units × rows, by unit code and printed number."""
    rows = list(sheet.iter_rows(values_only=True))
    return {
        str(row[0]): dict(zip(map(str, rows[2]), row, strict=True)) for row in rows[5:] if row[0]
    }


def standings(sheet: Any) -> dict[str, dict[str, Any]]:
    rows = list(sheet.iter_rows(values_only=True))
    found = [dict(zip(map(str, rows[3]), row, strict=True)) for row in rows[4:]]
    return {str(line["Mã"]): line for line in found if line["Mã"]}


# --- what was told on the way -------------------------------------------------------------------------


def test_the_conflict_names_both_sides_and_is_solved_in_round_2(told: Told) -> None:
    (conflict,) = [
        f for f in told.contested.appraisal_findings("STP") if f.name == "appraisal-conflict"
    ]
    said = {conflict.params["first_by"], conflict.params["second_by"]}
    assert (conflict.node, said) == ("n2.1", {"SNV", "STTTT"})
    assert (
        "SNV tham dinh.xlsx"
        in f"{conflict.params['first_place']} {conflict.params['second_place']}"
    )
    assert told.contested.appraisals["STP"].rows["n2.1"].decided is None
    settled = told.final.appraisals["STP"].rows["n2.1"]
    assert (settled.conflict, settled.open) == (None, None)


def test_both_sides_of_the_conflict_are_told_in_their_receipts(told: Told) -> None:
    for name, other in (("SNV tham dinh", "STTTT dot 1"), ("STTTT dot 1", "SNV tham dinh")):
        assert "A001" in told.receipts[name]
        assert f"{other}.xlsx" in told.receipts[name]
    assert "A001" not in told.province.receipt("SNV tham dinh")


def test_the_agency_is_told_which_row_is_open_again(told: Told) -> None:
    assert "A002" not in told.receipts["SNV tham dinh"]
    assert "A002" in told.receipts["SNV sau khi sua"]


def test_the_resubmission_reopens_the_changed_row_and_no_other(told: Told) -> None:
    before, after = (state.appraisals[RESUBMITTING] for state in (told.contested, told.reopened))
    assert set(before.decisions) - set(after.decisions) == {"n3.1"}
    assert {n for n, why in after.open.items() if why is OpenRow.REOPENED} == {"n3.1"}
    assert {n: c for n, c in before.decisions.items() if n != "n3.1"} == after.decisions
    (found,) = told.reopened.appraisal_findings(RESUBMITTING)
    assert (found.name, found.node, found.params["agency"]) == ("appraisal-reopened", "n3.1", "SNV")


def test_a_draft_and_a_voided_book_count_nothing(told: Told) -> None:
    files = {word.file for said in told.final.claims.values() for word in said}
    uncounted = {f"{book.file}.xlsx" for book in BOOKS if book.voided or not book.finished}
    assert len(uncounted) == 2
    assert files & uncounted == set()


def test_the_fallback_is_shown_as_such(told: Told) -> None:
    rows = {row.result.unit.code: row.result.fallbacks for row in told.final.results.rows}
    used = {unit: years for unit, years in rows.items() if years}
    assert used == {"STP": {"n4.2": 2025}, "SGD": {"n4.2": 2025}}


def test_the_second_round_holds_what_is_open_and_nothing_else(told: Told) -> None:
    held = {
        agency: set(Places(told.province.book(agency, 2).read_bytes()).rows)
        for agency in ("SNV", "STTTT")
    }
    assert held["STTTT"] == {("STP", "n2.1")}
    assert {("STP", "n1.1"), ("STP", "n1.4"), ("STC", "n3.1"), ("SYT", "n3.1")} <= held["SNV"]
    assert not {("STP", "n1.2"), ("STC", "n1.1"), ("SGD", "n1.1")} & held["SNV"]
    assert not told.province.book("STC", 2).exists()


def test_history_tells_a_score_from_the_declared_figure_to_the_final(told: Told) -> None:
    shown = told.province.run("history", "STP", "1.1").output
    for words in ("SNV", "ban hành chậm", "lỗi văn thư", "1,5", "1,75", "lỗi khách quan"):
        assert words in shown, words
    reopened = told.province.run("history", RESUBMITTING, "3.1").output
    for words in ("3,25", "Theo số liệu mới"):
        assert words in reopened, words


# --- other policies -----------------------------------------------------------------------------------

POLICIES = (
    {"unappraised": "zero"},
    {"not_applicable": "full_points"},
    {"not_applicable": "zero", "pending": "zero"},
    {"unappraised": "zero", "not_applicable": "full_points", "pending": "zero"},
)


@pytest.mark.parametrize("policies", POLICIES, ids=" ".join)
def test_the_same_ledger_gives_what_other_policies_ask_for(
    told: Told, policies: dict[str, str]
) -> None:
    told.province.settle(**policies)
    try:
        assert_as_reckoned(told.province.state(), Reckoning(**policies))
    finally:
        told.province.settle()


def test_every_policy_makes_a_difference_to_somebody() -> None:
    usual = {unit: Reckoning().index(unit) for unit in CARDS}
    for policies in POLICIES:
        changed = [unit for unit in CARDS if Reckoning(**policies).index(unit) != usual[unit]]
        assert changed, policies
    lower = [unit for unit in CARDS if Reckoning(unappraised="zero").index(unit) < usual[unit]]
    assert lower == ["STC", "SYT", "CL"]
