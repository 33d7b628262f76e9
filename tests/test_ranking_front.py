"""The front of the ranking workbook: first page, ranking sheets, rules, scopes, properties."""

from __future__ import annotations

import html
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.fronts import CASES, HUNDRED, WHEN, many, surveyed, units_of
from tests.small_campaign import SOME_FINDING, Returned, leaf, points, ranked, rubric
from tests.test_ranking_book import ABSENT, cells, table
from xlscore.campaign import Unit
from xlscore.ranking import Note
from xlscore.ranking_words import rules
from xlscore.workbooks.dump import read_dump
from xlscore.workbooks.ranking import Scope, write_ranking
from xlscore.workbooks.ranking.method import method

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The cases as written."""
    folder = tmp_path_factory.mktemp("fronts")
    made = {}
    for name, results in CASES.items():
        made[name] = folder / f"{name}.xlsx"
        write_ranking(results(), made[name], generated=WHEN)
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "r.xlsx"


def test_no_value_of_the_front_is_an_error(books: dict[str, Path]) -> None:
    shown = [value for written in books.values() for value in cells(written).values()]
    assert not [
        v for v in shown if isinstance(v, str) and re.match(r"#(N/A|REF|DIV|VALUE|NAME)", v)
    ]


# --- the first page -------------------------------------------------------------------------------


def test_the_first_page_reads_as_it_always_did(books: dict[str, Path]) -> None:
    golden = Path(__file__).parent / "golden" / "ranking_overview.txt"
    assert page(books["years"]) == golden.read_text(encoding="utf-8")


def page(path: Path) -> str:
    """Return the first page as text: a line per row, figures with two decimals."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Tổng hợp"]
    lines = []
    for row in sheet.iter_rows(values_only=True):
        said = [f"{v:.2f}" if isinstance(v, float) else str(v) for v in row if v not in (None, "")]
        lines += [" | ".join(said)] if said else []
    return "\n".join(lines) + "\n"


def test_every_heading_of_a_tier_says_from_where_on_each_band_is(target: Path) -> None:
    words = "Xếp loại theo chỉ số: A từ 80%, B dưới 80%"
    write_ranking(CASES["one"](), target)  # the only group has the tier's name
    assert words in cells(target).values()
    write_ranking(many(4), target)
    assert f"Cấp so – {words}" in cells(target).values()


def test_where_nobody_has_a_result_nothing_is_said_of_other_units(books: dict[str, Path]) -> None:
    shown = [str(value) for value in cells(books["nobody"]).values()]
    assert "CHƯA CÓ KẾT QUẢ: chưa đơn vị nào có phiếu được tính." in shown
    assert not any("các đơn vị khác" in text for text in shown)


def test_every_printed_page_says_which_edition_it_is(target: Path) -> None:
    write_ranking(surveyed(edition=3), target)
    for sheet in openpyxl.load_workbook(target):
        foot: Any = sheet.oddFooter
        assert "Kỳ thử – Bản ban hành lần 3" in foot.left.text


@pytest.mark.parametrize(("edition", "said"), [(0, "(DỰ THẢO)"), (3, "(Bản ban hành lần 3)")])
def test_the_first_page_says_which_edition_it_is(target: Path, edition: int, said: str) -> None:
    write_ranking(surveyed(edition=edition), target)
    assert said in cells(target).values()


def test_the_first_page_is_printed_on_one_page(target: Path) -> None:
    for results in (CASES["one"](), surveyed(years=True), many(11), many(16)):
        write_ranking(results, target)
        sheet = openpyxl.load_workbook(target)["Tổng hợp"]
        setup = sheet.page_setup
        fitted: Any = sheet.sheet_properties.pageSetUpPr
        assert fitted.fitToPage
        assert (setup.fitToWidth or 1, setup.fitToHeight or 1) == (1, 1)
        assert (setup.orientation, setup.paperSize) == ("landscape", 9)


def test_nothing_is_said_of_last_year_where_nobody_knows_it(
    books: dict[str, Path],
) -> None:
    assert "So với năm 2025 (điểm %)" not in cells(books["parts"]).values()
    assert "Chỉ số năm 2025 (%)" not in cells(books["parts"]).values()


def test_of_many_groups_the_first_page_shows_tiers_and_a_sheet_the_groups(
    books: dict[str, Path],
) -> None:
    path = books["many"]
    titles = {v for (sheet, _), v in cells(path).items() if sheet == "Tổng hợp"}
    assert "Cấp so (16 nhóm)" in titles
    assert not any(f"Nhóm {i}" in titles for i in range(16))
    groups = {v for (sheet, _), v in cells(path).items() if sheet == "Các nhóm"}
    assert {f"Nhóm {i}" for i in range(16)} <= groups


def test_group_names_lead_to_their_sheets(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["odd"])["Tổng hợp"]
    links = {cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row
             if cell.hyperlink}  # fmt: skip
    assert links["+84 'y''"] == "'XH +84 ''y'!A1"


def test_the_chart_of_groups_draws_groups_only_one_bar_each(target: Path) -> None:
    write_ranking(many(4), target)
    (chart,) = (text for text in drawings(target) if "Chỉ số trung bình của các nhóm" in text)
    found = re.findall(r"'Tổng hợp'!\$([A-Z]+)\$(\d+):\$\1\$(\d+)", chart)
    names, means = (
        [openpyxl.load_workbook(target, data_only=True)["Tổng hợp"][f"{c}{r}"].value
         for r in range(int(first), int(last) + 1)]
        for c, first, last in found
    )  # fmt: skip
    assert names == [f"Nhóm {i}" for i in range(4)]
    assert means == [87, 88, 87, 86]


def drawings(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        return [package.read(n).decode() for n in package.namelist() if "charts/chart" in n]


@pytest.mark.parametrize(
    ("missing", "fills"), [(False, {"FFF1F5FA"}), (True, {"FFF1F5FA", "FFFDF3D8"})]
)
def test_a_settled_result_is_calm_and_only_what_is_missing_amber(
    target: Path, missing: bool, fills: set[str]
) -> None:
    units = units_of("Có", *(["Vắng"] if missing else []))
    write_ranking(ranked(HUNDRED, {"u0": Returned(points(a="71"))}, units), target)
    sheet: Any = openpyxl.load_workbook(target)["Tổng hợp"]
    head = next(
        r
        for r in sheet.iter_rows(max_col=1)
        if "KẾT QUẢ " in str(r[0].value)[:8] and ":" in str(r[0].value)
    )[0]
    shown = {head.offset(i).fill.fgColor.rgb for i in range(4)} & {"FFF1F5FA", "FFFDF3D8"}
    assert head.fill.fgColor.rgb == "FFF1F5FA"
    assert shown == fills


@pytest.mark.parametrize(
    ("given", "signs"),
    [
        ({}, "GIÁM ĐỐC"),
        ({"office": "Văn phòng UBND tỉnh"}, "CHÁNH VĂN PHÒNG"),
        ({"office": "Ban Tổ chức"}, "THỦ TRƯỞNG ĐƠN VỊ"),
        ({"signatory": "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"}, "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"),
    ],
)
def test_the_head_of_the_office_signs_or_whom_the_campaign_names(
    target: Path, given: dict[str, str], signs: str
) -> None:
    authority = {"name": "UBND tỉnh Mẫu", "place": "Mẫu", **given}
    write_ranking(ranked(HUNDRED, {"u": Returned(points(a="71"))}, authority=authority), target)
    signed = {sheet for (sheet, _), value in cells(target).items() if value == signs}
    assert signed == {"Tổng hợp", "XH Cấp so"}


def test_every_sign_beyond_ascii_is_quoted_in_number_formats(books: dict[str, Path]) -> None:
    with zipfile.ZipFile(books["years"]) as package:
        styles = package.read("xl/styles.xml").decode()
    formats = [html.unescape(f) for f in re.findall(r'formatCode="([^"]*)"', styles)]
    assert '+0.00;"−"0.00;0.00' in formats
    assert not [f for f in formats if not re.sub('"[^"]*"', "", f).isascii()]


def test_a_reference_to_a_figure_has_a_number_format_of_its_own(books: dict[str, Path]) -> None:
    """LibreOffice gives it the source's when it saves: an unchanged file would not verify."""
    reference = re.compile(r"(?:'[^']+'!)?\$?[A-Z]+\$?[0-9]+")
    assert not [
        (name, sheet.name, place)
        for name, written in books.items()
        for sheet in read_dump(written.read_bytes()).sheets
        for place, cell in sheet.cells.items()
        if cell.kind == "number" and reference.fullmatch(cell.formula) and cell.format == "#0"
    ]


def test_charts_without_room_below_the_table_have_a_sheet_that_repeats_nothing(
    target: Path,
) -> None:
    sent = {f"u{i}": Returned(points(a=str(i))) for i in range(60)}
    write_ranking(ranked(HUNDRED, sent), target)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames[2:4] == ["XH Cấp so", "Biểu đồ Cấp so"]
    assert book["XH Cấp so"].print_title_rows == "$4:$4"
    assert book["Biểu đồ Cấp so"].print_title_rows is None
    shown = [row["Trang"] for row in table(target, "Mục lục")]
    assert shown == [name for name in book.sheetnames if name not in {"Tổng hợp", "Mục lục"}]


@pytest.mark.parametrize(("units", "charts"), [(5, 1), (6, 2)])
def test_charts_stand_side_by_side_where_one_finds_no_room_below_the_table(
    target: Path, units: int, charts: int
) -> None:
    sent = {f"u{i}": Returned(points(a=str(i))) for i in range(units)}
    write_ranking(ranked(HUNDRED, sent), target, scope=Scope.PRINT)
    assert "Biểu đồ Cấp so" not in openpyxl.load_workbook(target).sheetnames
    drawn = [text for text in drawings(target) if "Chỉ số cải cách hành chính (%)" in text]
    assert len(drawn) == charts
    assert ["từ thứ" in text for text in drawn] == [charts > 1] * charts


def test_every_chart_says_in_words_what_it_shows(books: dict[str, Path]) -> None:
    for path in books.values():
        with zipfile.ZipFile(path) as package:
            drawn = [package.read(n).decode() for n in package.namelist() if "drawings/draw" in n]
        frames = [frame for text in drawn for frame in re.findall(r"<xdr:cNvPr [^>]*>", text)]
        assert all('descr="Biểu đồ' in frame for frame in frames)
        assert frames or path == books["nobody"]


# --- ranking sheets -------------------------------------------------------------------------------


def test_a_score_is_the_sum_of_its_parts_in_the_row(books: dict[str, Path]) -> None:
    rows = table(books["parts"], "XH Cấp so")
    shown = [
        tuple(row[key] for key in ("Điểm tự chấm", "Điểm thẩm định", "Điều tra XHH", "Điểm cộng",
                                   "Điểm trừ", "Điểm đạt được", "Điểm tối đa áp dụng"))
        for row in rows
    ]  # fmt: skip
    assert shown == [
        (58, 58, 36, 2, 1, 95, 100),
        (30, 30, 28, 0, 0, 58, 80),
        (16, 16, 20, 0, 5, 31, 100),
        (None, 0, 0, 0, 0, 0, 100),
    ]
    assert cells(books["parts"], cached=False)["XH Cấp so", "I5"] == "=MAX($E5+$F5+$G5-$H5,0)"


def test_last_years_index_rank_and_the_change_stand_beside_the_index(
    books: dict[str, Path],
) -> None:
    rows = table(books["years"], "XH Cấp so")
    change = "Tăng, giảm so với 2025 (điểm %)"
    assert [(r["Chỉ số năm 2025 (%)"], r[change], r["Hạng năm 2025"]) for r in rows] == [
        (90.5, 4.5, 2),
        (95.25, -22.75, 1),
        (None, None, None),
        (None, None, None),
    ]
    with zipfile.ZipFile(books["years"]) as package:
        sheet = package.read("xl/worksheets/sheet3.xml").decode()
    assert sheet.count("<x14:sparkline>") == 4
    assert sheet.count('<x14:sparklineGroup manualMax="100" manualMin="20"') == 1


@pytest.mark.parametrize(
    ("maximum", "achieved", "published"), [("84", "68.32", "81.33"), ("70", "62.62", "89.46")]
)
def test_published_results_of_units_with_smaller_maxima_come_out(
    target: Path, maximum: str, achieved: str, published: str
) -> None:
    left = str(Decimal(100) - Decimal(maximum))
    whole = rubric([leaf("a", maximum), leaf("b", left, may_be_not_applicable="không có")])
    write_ranking(ranked(whole, {"u": Returned(points(a=achieved), frozenset({"b"}))}), target)
    (row,) = table(target, "XH Cấp so")
    assert row["Điểm tối đa áp dụng"] == float(maximum)
    assert f"{row['Chỉ số (%)']:.2f}" == published


@pytest.mark.parametrize(
    ("scores", "ties", "ranks"),
    [
        (("71.0451", "71.0449"), "shared", [1, 2]),
        (("71.045", "71.045"), "shared", [1, 1]),
        (("71.045", "71.045"), "ordered", [1, 2]),
    ],
)
def test_equal_displayed_values_have_the_ranks_that_the_setting_gives(
    target: Path, scores: tuple[str, str], ties: str, ranks: list[int]
) -> None:
    sent = {f"u{i}": Returned(points(a=score)) for i, score in enumerate(scores)}
    results = ranked(HUNDRED, sent, policies={"ties": ties})
    write_ranking(results, target)
    assert [row["Hạng"] for row in table(target, "XH Cấp so")] == ranks
    said = dict(method(results))["Bằng điểm"]
    if ranks == [1, 1]:
        assert said.endswith("Ví dụ: Đơn vị u0 và Đơn vị u1 cùng chỉ số, cùng hạng 1")
    elif ties == "ordered":
        assert said.endswith("cùng hiện 71,05% nhưng xếp hạng 1 và 2")


@pytest.mark.parametrize(("units", "charts"), [(1, 1), (4, 1), (130, 5), (400, 2)])
def test_a_chart_never_holds_more_bars_than_can_be_read(
    target: Path, units: int, charts: int
) -> None:
    sent = {f"u{i}": Returned(points(a=str(Decimal(i) / 10))) for i in range(units)}
    write_ranking(ranked(HUNDRED, sent), target, scope=Scope.PRINT)
    drawn = drawings(target)
    of_sheet = [text for text in drawn if "Chỉ số cải cách hành chính (%)" in text]
    assert len(of_sheet) == charts
    assert all('<c:min val="0"/>' in text and "Times New Roman" in text for text in drawn)


# --- rules, provenance, absent units --------------------------------------------------------------


def test_the_rules_are_said_in_words(target: Path) -> None:
    write_ranking(surveyed(years=True), target)
    said = {row["Nội dung"]: row["Quy định áp dụng"] for row in table(target, "Cách tính")}
    assert said["Điểm đạt được"].startswith(
        "điểm thẩm định + điểm điều tra xã hội học + điểm cộng − điểm trừ; không dưới 0"
    )
    assert said["Chỉ số (%)"].endswith("Sở B đạt 58,00 trên 80,00 điểm, chỉ số 72,50%")
    assert said["Bằng điểm"].startswith("cùng hạng")
    assert said["Xếp loại – Cấp so"] == "A từ 80%, B dưới 80%"
    assert "9 chữ số thập phân" in said["Làm tròn"]
    assert "Cấp so (4 đơn vị)" in said["Nhóm xếp hạng"]
    for label, words in rules(surveyed(years=True)):
        assert said[label].startswith(words)


def test_late_missing_and_unranked_units_stand_in_one_place(target: Path) -> None:
    units = [*units_of("Trễ", "Vắng"), Unit(code="x", name="Ngoài", tier="so", ranked=False)]
    late = datetime(2026, 12, 2, 12, tzinfo=UTC)
    sent = {"u0": Returned(points(a="1"), received=late), "x": Returned(points(a="1"))}
    results = replace(ranked(HUNDRED, sent, units), notes=(Note("u1", SOME_FINDING),))
    write_ranking(results, target, generated=WHEN)
    shown = [(r["Đơn vị"], r["Tình trạng"], r["Số ngày trễ"], r["Còn thiếu"])
             for r in table(target, ABSENT)]  # fmt: skip
    assert shown == [
        ("Vắng", "Chưa có phiếu được tính", 36, "Phiếu đã gửi còn 1 lỗi"),
        ("Trễ", "Nộp trễ hạn", 2, None),
        ("Ngoài", "Không xếp hạng", None, None),
    ]


# --- scopes and properties ------------------------------------------------------------------------


def test_the_public_version_has_no_remarks_addresses_findings_or_files(target: Path) -> None:
    units = [Unit(code="u", name="U", tier="so", email="u@vi.du"), *units_of("V")]
    late = datetime(2026, 12, 2, 12, tzinfo=UTC)
    results = replace(
        ranked(HUNDRED, {"u": Returned(points(a="1"), received=late)}, units),
        notes=(Note("u", SOME_FINDING),),
        provenance={"Phiếu u (lần 1)": "SHA-256 ab12", "Đầu chuỗi sổ theo dõi": "cd34"},
    )
    write_ranking(results, target, scope=Scope.PUBLIC)
    said = "\n".join(str(value) for value in cells(target).values())
    assert "cd34" in said
    for secret in ("u@vi.du", "ab12", "Ghi chú", "Phát hiện", SOME_FINDING.code, "Tự chấm-Đạt"):
        assert secret not in said
    assert not any(n.startswith("Tự chấm") for n in openpyxl.load_workbook(target).sheetnames)


def test_what_is_printed_hides_the_figures_that_it_is_worked_out_from(target: Path) -> None:
    write_ranking(surveyed(), target, scope=Scope.PRINT)
    book = openpyxl.load_workbook(target)
    assert [(s.title, s.sheet_state) for s in book.worksheets] == [
        ("Tổng hợp", "visible"),
        ("XH Cấp so", "visible"),
        ("Điểm – Cấp so", "hidden"),
        ("Điểm tối đa – Cấp so", "hidden"),
        ("Chỉ số – Cấp so", "visible"),
        ("Cách tính", "visible"),
    ]


@pytest.mark.parametrize("scope", list(Scope))
def test_the_file_says_what_it_is_in_its_properties(target: Path, scope: Scope) -> None:
    results = replace(surveyed(edition=2), provenance={"Đầu chuỗi sổ theo dõi": "7:ab"})
    write_ranking(results, target, scope=scope)
    book: Any = openpyxl.load_workbook(target)
    found = {p.name: p.value for p in book.custom_doc_props.props}
    assert found == {
        "xlscore-campaign": "thu",
        "xlscore-edition": "2",
        "xlscore-scope": scope.value,
        "xlscore-head": "7:ab",
    }


def test_the_file_says_in_utc_when_it_was_made(target: Path) -> None:
    made = datetime(2026, 11, 22, 18, 20, tzinfo=timezone(timedelta(hours=7)))
    write_ranking(surveyed(edition=2), target, generated=made)
    with zipfile.ZipFile(target) as package:
        assert (
            "2026-11-22T11:20:00Z</dcterms:created>" in package.read("docProps/core.xml").decode()
        )
