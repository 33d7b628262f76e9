"""The ranking workbook: what it shows, and that real programs recalculate it to the same figures."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import takewhile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.office import (
    needs_gnumeric,
    needs_libreoffice,
    recalculate_with_libreoffice,
    resave_with_gnumeric,
)
from tests.small_campaign import (
    SOME_FINDING,
    Returned,
    leaf,
    points,
    random_results,
    ranked,
    rubric,
)
from xlscore.campaign import Unit
from xlscore.hookspecs import hookimpl
from xlscore.plugins import PluginFailure, Plugins, build
from xlscore.ranking import Note, Results, UnitResult
from xlscore.workbooks.ranking import RankingBook, TargetInUseError, write_ranking

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

SEEDS = range(8)
ABSENT = "Trễ, chưa nộp, không xếp hạng"
ONE = rubric([leaf("a", "100")])
Cells = Mapping[tuple[str, str], Any]


def cells(path: Path, *, cached: bool = True) -> Cells:
    book = openpyxl.load_workbook(path, data_only=cached)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def table(path: Path, sheet: str, heading: int = 4) -> list[dict[str, Any]]:
    rows = list(
        openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(
            min_row=heading, values_only=True
        )
    )
    body = takewhile(any, rows[1:])
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in body]


def small(**more: Any) -> Results:
    sent = {f"u{i}": Returned(points(a=s)) for i, s in enumerate(("80", "91.25", "80"))}
    units = [Unit(code=c, name=f"Đơn vị {c}", tier="so") for c in [*sent, "away"]]
    return ranked(ONE, sent, units, **more)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "Kết quả.xlsx"


# --- recalculation ----------------------------------------------------------------------------------------


def without_cached_values(path: Path, bare: Path) -> Path:
    """Copy a workbook without the values of its formulas, so that only recalculation can supply them."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bare, "w") as copy:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"</f><v>[^<]*</v>", b"</f>", part)
            copy.writestr(name, part)
    return bare


def differences(written: Path, recalculated: Path) -> list[tuple[Any, ...]]:
    formulas, ours, theirs = cells(written, cached=False), cells(written), cells(recalculated)
    live = [at for at, text in formulas.items() if isinstance(text, str) and text.startswith("=")]
    live = [at for at in live if not isinstance(ours.get(at), str) or ours[at] != formulas[at]]
    assert len(live) > 20
    return [
        (at, formulas[at], ours.get(at), theirs.get(at))
        for at in live
        if not same(ours.get(at), theirs.get(at))
    ]


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) <= 1e-9
    return (ours or "") == (theirs or "")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """Random campaigns as written, and without cached values."""
    folder = tmp_path_factory.mktemp("rankings")
    made = []
    for seed in SEEDS:
        path = folder / f"r{seed}.xlsx"
        write_ranking(random_results(seed), path)
        made.append((path, without_cached_values(path, folder / f"bare{seed}.xlsx")))
    return made


@pytest.mark.office
@needs_libreoffice
def test_libreoffice_recalculates_every_formula_to_its_cached_value(
    books: list[tuple[Path, Path]], tmp_path: Path
) -> None:
    recalculated = recalculate_with_libreoffice([bare for _, bare in books], tmp_path)
    for (written, _), theirs in zip(books, recalculated, strict=True):
        assert differences(written, theirs) == []


@pytest.mark.office
@needs_gnumeric
@pytest.mark.filterwarnings("ignore:Workbook contains no default style:UserWarning")
def test_gnumeric_recalculates_every_formula_to_its_cached_value(
    books: list[tuple[Path, Path]], tmp_path: Path
) -> None:
    for written, bare in books:
        assert differences(written, resave_with_gnumeric(bare, tmp_path / written.name)) == []


def test_formulas_reach_other_sheets_only_by_whole_columns(books: list[tuple[Path, Path]]) -> None:
    # A reference to one cell of another sheet would go wrong as soon as somebody sorts that sheet.
    for written, _ in books:
        for text in cells(written, cached=False).values():
            if isinstance(text, str) and text.startswith("="):
                assert not re.search(r"'!\$?[A-Z]+\$?\d+(?![\d:])", text)


def test_no_cached_value_is_an_error(books: list[tuple[Path, Path]]) -> None:
    shown = [value for written, _ in books for value in cells(written).values()]
    assert not [v for v in shown if isinstance(v, str) and v.startswith("#")]


# --- what the sheets show -----------------------------------------------------------------------------------


def test_a_ranking_sheet_shows_rank_scores_index_and_band(target: Path) -> None:
    write_ranking(small(), target)
    rows = table(target, "XH Cấp so")
    shown = [(r["Hạng"], r["Mã"], r["Điểm đạt được"], r["Chỉ số (%)"], r["Xếp loại"]) for r in rows]
    assert shown == [
        (1, "u1", 91.25, 91.25, "A"),
        (2, "u0", 80, 80, "A"),
        (2, "u2", 80, 80, "A"),
        (4, "away", 0, 0, "B"),
    ]
    assert [r["Ghi chú"] for r in rows] == [None, None, None, "Chưa có phiếu được tính"]


def test_rank_index_and_band_are_live_formulas(target: Path) -> None:
    write_ranking(small(), target)
    found = cells(target, cached=False)
    headings = {v: k[1][0] for k, v in found.items() if k[0] == "XH Cấp so" and k[1].endswith("4")}
    for heading in ("Hạng", "Điểm đạt được", "Điểm tối đa áp dụng", "Chỉ số (%)", "Xếp loại"):
        assert found["XH Cấp so", f"{headings[heading]}5"].startswith("=")


def test_a_result_that_waits_for_a_survey_says_that_it_is_provisional(target: Path) -> None:
    waits = leaf("s", "5", method={"kind": "survey"}, channel="survey")
    write_ranking(ranked(rubric([leaf("a", "5"), waits]), {"u": Returned(points(a="5"))}), target)
    found = set(cells(target).values())
    assert "KẾT QUẢ TẠM TÍNH: còn 1 nội dung của 1 đơn vị chưa có kết quả." in found
    assert "Trong đó: chờ kết quả điều tra (1)." in found
    (_, detail) = table(target, "Tự chấm-Đạt – Cấp so")
    assert (detail["STT"], detail["Đạt được"], detail["Ghi chú"]) == (
        "s",
        None,
        "Chờ kết quả điều tra",
    )


def test_details_show_own_and_achieved_points_with_a_live_difference(target: Path) -> None:
    write_ranking(small(), target)
    rows = table(target, "Tự chấm-Đạt – Cấp so")
    assert [(r["Mã"], r["Tự chấm"], r["Đạt được"], r["Chênh lệch"]) for r in rows] == [
        ("u0", 80, 80, 0),
        ("u1", 91.25, 91.25, 0),
        ("u2", 80, 80, 0),
        ("away", None, None, None),
    ]
    assert (
        cells(target, cached=False)["Tự chấm-Đạt – Cấp so", "H5"] == '=IF(COUNT(F5,G5)=2,G5-F5,"")'
    )


def test_findings_are_listed_with_unit_severity_code_and_place(target: Path) -> None:
    results = replace(small(), notes=(Note("u1", SOME_FINDING),))
    write_ranking(results, target)
    (row,) = table(target, "Phát hiện")
    assert (row["Mã đơn vị"], row["Mức độ"], row["Mã phát hiện"], row["Vị trí"]) == (
        "u1",
        "Lỗi",
        SOME_FINDING.code,
        "Phiếu!G12",
    )
    assert row["Nội dung"].startswith("Tiêu chí 1.1: ")


def test_provenance_tells_rubrics_and_what_the_caller_adds(target: Path) -> None:
    write_ranking(replace(small(), provenance={"Sổ cái": "sự kiện 7"}), target)
    found = {r["Nội dung"]: r["Giá trị"] for r in table(target, "Nguồn gốc")}
    assert found["Sổ cái"] == "sự kiện 7"
    assert ONE.digest in found["Bộ tiêu chí – Cấp so"]


@pytest.mark.parametrize(
    "name", ["=1+1", "+84", "@x", "http://a.vn", "'01", " x ", "_x0041_", "a\x07b", "0,5"]
)
def test_texts_are_never_taken_for_anything_else(target: Path, name: str) -> None:
    sent = {"u": Returned(points(a="1"))}
    write_ranking(ranked(ONE, sent, [Unit(code="u", name=name, tier="so")]), target)
    book = openpyxl.load_workbook(target)
    cell = book["XH Cấp so"]["C5"]
    shown = re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), cell.value)
    assert shown == name.replace("\x07", "\ufffd")
    with zipfile.ZipFile(target) as package:
        sheet = package.read("xl/worksheets/sheet3.xml").decode()
    assert f"<f>{name[1:]}" not in sheet
    assert 'r="C5" s=' in sheet
    assert re.search(r'<c r="C5" s="\d+" t="inlineStr">', sheet)


def test_sheet_names_are_legal_and_distinct_however_groups_are_called(target: Path) -> None:
    titles = ["A/B: [thử] * ?", "UBND cấp xã thuộc huyện Long Hồ và vùng lân cận",
              "UBND cấp xã thuộc huyện Long Mỹ và vùng lân cận", "tổng hợp", "TỔNG HỢP", "'''"]  # fmt: skip
    units = [Unit(code=f"u{i}", name="U", tier="so", group=f"g{i}") for i in range(len(titles))]
    groups = {f"g{i}": {"title": title} for i, title in enumerate(titles)}
    write_ranking(
        ranked(ONE, {u.code: Returned(points(a="1")) for u in units}, units, groups=groups), target
    )
    names = openpyxl.load_workbook(target).sheetnames
    assert len({name.casefold() for name in names}) == len(names)
    assert all(
        0 < len(n.encode("utf-16-le")) // 2 <= 31 and not re.search(r"[\[\]:*?/\\]", n)
        for n in names
    )


def test_a_campaign_without_any_return_still_has_its_workbook(target: Path) -> None:
    units = [Unit(code="u", name="U", tier="so")]
    for policy in ("rank_last", "list_only"):
        write_ranking(ranked(ONE, {}, units, policies={"missing_unit": policy}), target)
        assert [row["Mã"] for row in table(target, ABSENT)] == ["u"]


# --- the file ---------------------------------------------------------------------------------


def test_a_target_open_in_excel_is_said_and_left_alone(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target.write_bytes(b"old")

    def refused(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(TargetInUseError):
        write_ranking(small(), target)
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_a_failure_leaves_neither_target_nor_traces(target: Path) -> None:
    broken = replace(small(), provenance={"x": 1j})  # type: ignore[dict-item]
    with pytest.raises(TypeError):
        write_ranking(broken, target)
    assert list(target.parent.iterdir()) == []


def test_the_same_results_make_the_same_file(tmp_path: Path) -> None:
    when = datetime(2027, 1, 5, tzinfo=UTC)
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        write_ranking(random_results(1), path, generated=when)
    parts = [zipfile.ZipFile(path) for path in paths]
    assert [(n, parts[0].read(n)) for n in parts[0].namelist()] == [
        (n, parts[1].read(n)) for n in parts[1].namelist()
    ]


# --- plugins ----------------------------------------------------------------------------------


class Late:
    """A column of a plugin."""

    title = "Ngày muộn"

    def value(self, result: UnitResult) -> int:
        return result.days_late


class Wrong:
    """A column that gives what no cell may hold."""

    title = "Sai"

    def value(self, result: UnitResult) -> float:
        return 0.5


class Good:
    @hookimpl
    def xlscore_ranking_remarks(self, results: Results) -> Iterable[str]:
        yield "=Một câu"

    @hookimpl
    def xlscore_ranking_columns(self, results: Results) -> Iterable[Any]:
        yield Late()

    @hookimpl
    def xlscore_ranking_sheets(self, book: RankingBook, results: Results) -> None:
        rows = [[r.result.unit.name, r.result.totals.achieved, None] for r in results.rows]
        assert book.add_table_sheet("Tổng hợp", ["Tên", "Điểm", "Trống"], rows) == "Tổng hợp (2)"


class Bad:
    @hookimpl
    def xlscore_ranking_remarks(self, results: Results) -> Iterable[Any]:
        return [Decimal(1)]

    @hookimpl
    def xlscore_ranking_columns(self, results: Results) -> Iterable[Any]:
        return [Wrong()]

    @hookimpl
    def xlscore_ranking_sheets(self, book: RankingBook, results: Results) -> None:
        book.add_table_sheet("Dở dang", ["Một"], [[1], [Decimal("NaN")]])


def with_plugins(*parts: object) -> Plugins:
    plugins = build(())
    for part in parts:
        plugins.manager.register(part, name=type(part).__name__)
    return plugins


def test_plugins_add_columns_and_sheets(target: Path) -> None:
    assert write_ranking(small(), target, with_plugins(Good())) == ()
    assert "=Một câu" in {cell for (sheet, _), cell in cells(target).items() if sheet == "Tổng hợp"}
    assert [row["Ngày muộn"] for row in table(target, "XH Cấp so")] == [0, 0, 0, 0]
    assert table(target, "Tổng hợp (2)")[0] == {"Tên": "Đơn vị u1", "Điểm": 91.25, "Trống": None}
    listed = [row["Trang"] for row in table(target, "Mục lục")]
    assert listed[-3:] == ["Tổng hợp (2)", "Cách tính", "Nguồn gốc"]


class OneText:
    @hookimpl
    def xlscore_ranking_remarks(self, results: Results) -> str:
        return "Chỉ một câu."


def test_a_remark_that_is_a_text_alone_is_one_sentence(target: Path) -> None:
    assert write_ranking(small(), target, with_plugins(OneText())) == ()
    assert "Chỉ một câu." in cells(target).values()


def test_a_failing_plugin_loses_only_its_own_parts_and_is_named(target: Path) -> None:
    failed = write_ranking(small(), target, with_plugins(Bad(), Good()))
    assert failed == (
        PluginFailure("Bad", "TypeError: float: a cell takes text, Decimal, int or None"),
        PluginFailure("Bad", "TypeError: Decimal('1'): a remark is a text"),
        PluginFailure("Bad", "ValueError: NaN"),
    )
    names = openpyxl.load_workbook(target).sheetnames
    assert "Dở dang" not in names
    assert "Tổng hợp (2)" in names
    assert "Phần mở rộng bị lỗi – Bad" in {r["Nội dung"] for r in table(target, "Nguồn gốc")}
