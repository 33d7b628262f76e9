"""Robustness in the ranking workbook, and what its plugin and any other may put on a sheet."""

from __future__ import annotations

import gc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.office import needs_libreoffice, recalculate_with_libreoffice
from tests.small_campaign import Returned, group, leaf, points, ranked, rubric
from xlscore.plugins import PluginFailure, build
from xlscore.ranking import Results
from xlscore.robustness import plugin
from xlscore.workbooks.ranking import RankingBook, write_ranking
from xlscore.workbooks.ranking.book import Book
from xlscore.workbooks.ranking.plugin_sheets import UNITS_A_CHART

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

SHEET = "Độ vững – Cấp so"
COLUMN = "Khoảng hạng (5–95%)"
WHOLE = rubric(
    [group("d1", "4", [leaf("a", "2"), leaf("b", "2")]), group("d2", "2", [leaf("c", "2")])]
)


def some(units: int = 4, **robustness: Any) -> Results:
    cards = {
        f"u{i}": Returned(
            points(a=str(i % 3), b=str(Decimal(i % 5) / 2), c=str(Decimal(i % 7) / 4))
        )
        for i in range(units)
    }
    told = {"draws": 30, "noise": "50", "seed": 3} | robustness
    return ranked(WHOLE, cards, robustness=told)


def cells(path: Path, sheet: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path)[sheet].iter_rows()]


def test_beside_a_rank_across_groups_the_column_says_that_it_is_of_the_group() -> None:
    results = some()
    (column,) = plugin.xlscore_ranking_columns(results)
    (within,) = plugin.xlscore_ranking_columns(replace(results, across=results.groups))
    assert (column.title, within.title) == (COLUMN, "Khoảng hạng trong nhóm (5–95%)")


def test_the_workbook_has_the_sheet_and_the_column(tmp_path: Path) -> None:
    results = some()
    target = tmp_path / "so.xlsx"
    assert (
        write_ranking(results, target, build(()), generated=datetime(2026, 12, 1, tzinfo=UTC)) == ()
    )
    found = plugin._assessed(results)["so"]
    rows = cells(target, SHEET)
    texts = [row[0] for row in rows if isinstance(row[0], str)]
    assert texts[0] == "ĐỘ VỮNG CỦA THỨ HẠNG: CẤP SO"
    assert any(text.startswith("Chưa đủ căn cứ") for text in texts)
    start = next(i for i, row in enumerate(rows) if row[0] == "Hạng") + 1
    listed = rows[start : start + 4]
    assert [row[:7] for row in listed] == [
        [
            unit.nominal, unit.row.result.unit.name, float(unit.row.result.decisive_index),
            unit.spread.low, unit.spread.median, pytest.approx(float(unit.spread.mean), abs=1e-3),
            unit.spread.high,
        ]
        for unit in found.units
    ]  # fmt: skip
    ranking = cells(target, "XH Cấp so")
    place = next(row for row in ranking if COLUMN in row).index(COLUMN)
    shown = [row[place] for row in ranking if str(row[1]).startswith("u")]
    spreads = [unit.spread for unit in found.units]
    assert shown == [s.low if s.low == s.high else f"{s.low}–{s.high}" for s in spreads]


def test_no_draws_leave_the_whole_step_out(tmp_path: Path) -> None:
    target = tmp_path / "so.xlsx"
    assert write_ranking(some(draws=0), target, build(())) == ()
    assert SHEET not in openpyxl.load_workbook(target).sheetnames
    assert not any(COLUMN in row for row in cells(target, "XH Cấp so"))


def test_a_failure_loses_only_its_own_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError("zu viel")

    monkeypatch.setattr(plugin, "_assessed", fail)
    failure = PluginFailure("xlscore-robustness", "MemoryError: zu viel")
    assert write_ranking(some(), tmp_path / "so.xlsx", build(())) == (failure,)


def test_the_first_page_says_how_firm_the_ranks_are(tmp_path: Path) -> None:
    target = tmp_path / "so.xlsx"
    write_ranking(some(), target, build(()))
    found = plugin._assessed(some())["so"]
    firm = sum(found.is_firm(unit) for unit in found.units)
    said = [text for row in cells(target, "Tổng hợp") for text in row if text]
    assert (
        f"Độ vững của thứ hạng: {firm}/4 hạng vững khi thử đổi trọng số hoặc bỏ một tiêu chí."
    ) in said
    write_ranking(some(draws=0), target, build(()))
    said = [str(text) for row in cells(target, "Tổng hợp") for text in row if text]
    assert not any(text.startswith("Độ vững") for text in said)


def test_all_hooks_share_one_computation_that_goes_with_the_results(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    real = plugin._assess

    def counted(results: Results) -> Any:
        asked.append(1)
        return real(results)

    monkeypatch.setattr(plugin, "_assess", counted)
    latest = plugin._Latest()
    results = some()
    assert latest.get(results) is latest.get(results)
    assert asked == [1]
    del results
    gc.collect()
    assert latest._groups == {}
    latest.get(some(5))
    assert asked == [1, 1]


def test_it_comes_with_xlscore_and_is_no_third_party() -> None:
    plugins = build(())
    assert plugins.manager.get_plugin("xlscore-robustness") is plugin
    assert list(plugins.third_party()) == []


# --- sheets of several parts, for every plugin --------------------------------------------------------


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[RankingBook, Path]]:
    target = tmp_path / "sheet.xlsx"
    with Book(target, 2, "Chân trang", None) as book:
        yield RankingBook(book), target


def test_a_sheet_is_filled_from_the_top_down(tmp_path: Path) -> None:
    target = tmp_path / "sheet.xlsx"
    with Book(target, 2, "Chân trang", None) as book:
        sheet = RankingBook(book).add_sheet("Trang [một]", "TRANG MỘT", (10, 20, 30))
        sheet.text("=1+1")
        sheet.text("Phần hai", heading=True)
        sheet.table(["Tên", "Điểm"], [["=A1", Decimal("1.5")], ["b", None]], {1: 1})
        sheet.table(["Chỉ một"], [["c"]])
    rows = cells(target, sheet.name)
    assert sheet.name == "Trang  một"
    assert [row[:2] for row in rows] == [
        ["TRANG MỘT", None], ["=1+1", None], [None, None], ["Phần hai", None],
        ["Tên", "Điểm"], ["=A1", 1.5], ["b", None], ["Chỉ một", None], ["c", None],
    ]  # fmt: skip
    written = openpyxl.load_workbook(target)[sheet.name]
    assert written["A2"].data_type == written["A6"].data_type == "s"
    assert written["B6"].number_format == "0.0"
    assert written.auto_filter.ref == "A5:B7"
    assert "B6:C6" in {str(merged) for merged in written.merged_cells.ranges}


def test_what_a_sheet_cannot_hold_is_refused(made: tuple[RankingBook, Path]) -> None:
    book, _ = made
    with pytest.raises(ValueError, match="0 columns"):
        book.add_sheet("Không cột", "T", ())
    sheet = book.add_sheet("Một", "T", (10, 10))
    with pytest.raises(ValueError, match="3 headings for 2 columns"):
        sheet.table(["a", "b", "c"], [])
    with pytest.raises(ValueError, match="one cell per heading"):
        sheet.table(["a", "b"], [[1]])
    with pytest.raises(TypeError, match="float"):
        sheet.table(["a"], [[1.5]])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="drawn from numbers"):
        sheet.table(["a", "b"], [["x", None]], intervals=("Biểu đồ", 0, 1, 1, 1))


def test_a_long_table_is_drawn_in_several_charts(tmp_path: Path) -> None:
    target = tmp_path / "sheet.xlsx"
    with Book(target, 2, "Chân trang", None) as book:
        sheet = RankingBook(book).add_sheet("Biểu đồ", "T", (10, 10, 10, 10))
        rows = [(f"u{i}", i, i + 1, i + 3) for i in range(UNITS_A_CHART + 1)]
        sheet.table(["Tên", "Từ", "Giữa", "Đến"], rows, intervals=("Khoảng", 0, 1, 2, 3))
    with zipfile.ZipFile(target) as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        first = package.read("xl/charts/chart1.xml").decode()
    assert len(charts) == 2
    assert f"$C$3:$C${UNITS_A_CHART + 2}" in first
    assert "$E$3" in first  # how far up, beside the table
    helper = openpyxl.load_workbook(target)["Biểu đồ"]
    assert (helper["E3"].value, helper["F3"].value) == ("=D3-C3", "=C3-B3")
    assert helper.column_dimensions["E"].hidden


@pytest.mark.office
@needs_libreoffice
def test_libreoffice_recalculates_the_sheet_to_what_is_written(tmp_path: Path) -> None:
    target = tmp_path / "so.xlsx"
    write_ranking(some(9), target, build(()))
    (again,) = recalculate_with_libreoffice([target], tmp_path / "out")
    pair = [openpyxl.load_workbook(path, data_only=True)[SHEET] for path in (target, again)]
    before, after = ([c.value for row in s.iter_rows(max_col=13) for c in row] for s in pair)
    assert [v for v in before if v is not None] == [v for v in after if v is not None]
