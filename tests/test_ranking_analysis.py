"""Component indices, a unit's profile, earlier years: exact figures, and that they follow what is chosen."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from tests.office import (
    needs_gnumeric,
    needs_libreoffice,
    recalculate_with_libreoffice,
    resave_with_gnumeric,
)
from tests.small_campaign import Returned, group, leaf, points, random_results, ranked, rubric
from tests.test_ranking_book import cells, differences, without_cached_values
from xlscore.campaign import SurveyFigure, Unit
from xlscore.ranking import Results, UnitResult
from xlscore.workbooks.dump import read_dump
from xlscore.workbooks.ranking import write_ranking
from xlscore.workbooks.ranking.profile import CHOICE_ROW, COLUMNS, Profile, wrapped
from xlscore.workbooks.ranking.survey_formula import survey_formula
from xlscore.years import Year, Years, YearUnit

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
    pytest.mark.filterwarnings("ignore:Workbook contains no default style:UserWarning"),
]

INDICES, PROFILE, YEARS = "Chỉ số – Cấp so", "Hồ sơ – Cấp so", "Nhiều năm – Cấp so"
THREE = rubric(
    [
        group("1", "10", [leaf("1.1", "6"), leaf("1.2", "4")]),
        group("2", "5", [leaf("2.1", "5")]),
        group("3", "5", [leaf("3.1", "2"), leaf("3.2", "3", may_be_not_applicable="x")]),
    ]
)
SENT = {
    "u0": Returned(points(**{"1.1": "3", "1.2": "4", "2.1": "5", "3.1": "1", "3.2": "2"})),
    "u1": Returned(
        points(**{"1.1": "6", "1.2": "3", "2.1": "4.5", "3.1": "1.5"}), frozenset({"3.2"})
    ),
}
UNITS = [Unit(code=c, name=f"Đơn vị {c}", tier="so") for c in ("u0", "u1", "away")]


def small() -> Results:
    years = Years(
        (
            Year(2025, {
                "u0": YearUnit("u0", "Đơn vị u0", index=Decimal(70), rank=2,
                               domains={"1": Decimal(60), "2": Decimal(90)}),
                "a": YearUnit("a", "Cũ A", index=Decimal(80), rank=1),
                "b": YearUnit("b", "Cũ B", index=Decimal(91), rank=4),
            }, "sổ xếp hạng"),
            Year(2024, {"u0": YearUnit("u0", "Tên cũ", index=Decimal("65.5"), rank=3)}),
        ),
        {"u1": {2025: ("a", "b")}},
    )  # fmt: skip
    return replace(ranked(THREE, SENT, UNITS), years=years)


def rows(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return list(book[sheet].iter_rows(values_only=True))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("analysis") / "small.xlsx"
    write_ranking(small(), path)
    return path


# --- exact figures ----------------------------------------------------------------------------------


def test_component_indices_stand_beside_rank_with_mean_highest_and_lowest(written: Path) -> None:
    found = rows(written, INDICES)
    shown = [[round(v, 6) if isinstance(v, float) else v for v in row[3:8]] for row in found[4:11]]
    assert shown == [
        [None, 81.617647, 80, 95, 67.5],
        [None, 88.235294, 90, 100, 75],
        [None, 75, 70, 90, 60],
        ["Hạng", "Chỉ số (%)", "1", "2", "3"],
        [2, 75, 70, 100, 60],
        [1, 88.235294, 90, 90, 75],
        [3, "–", "–", "–", "–"],
    ]


def test_the_best_unit_is_chosen_at_first_and_its_domains_stand_against_the_mean(
    written: Path,
) -> None:
    found = rows(written, PROFILE)
    assert found[CHOICE_ROW][1] == "Đơn vị u1"
    assert found[6][:6] == ("Cấp so", "u1", 1, 3, pytest.approx(15 / 17 * 100), "A")
    assert found[8][4] == "Trung bình nhóm (%)"
    assert [row[:6] for row in found[9:12]] == [
        ("1. Nhóm 1", 9, 10, 90, 80, 10),
        ("2. Nhóm 2", 4.5, 5, 90, 95, -5),
        ("3. Nhóm 3", 1.5, 2, 75, 67.5, 7.5),
    ]
    assert found[12][:3] == ("Tổng hợp", 15, 17)
    assert [(row[1], row[5]) for row in found[13:15]] == [("1. Nhóm 1", 90), ("3. Nhóm 3", 75)]


def test_the_biggest_losses_are_listed_equal_ones_in_the_order_of_the_rubric(written: Path) -> None:
    found = rows(written, PROFILE)
    (head,) = [i for i, row in enumerate(found) if row[0] == "Nội dung mất nhiều điểm nhất"]
    assert [(row[0], *row[3:6]) for row in found[head + 1 : head + 5]] == [
        ("1.2. Nội dung 1.2", 4, 3, 1),
        ("2.1. Nội dung 2.1", 5, 4.5, 0.5),
        ("3.1. Nội dung 3.1", 2, 1.5, 0.5),
        (None, None, None, None),
    ]


def test_the_profile_shows_the_years_and_what_the_unit_was(written: Path) -> None:
    found = rows(written, PROFILE)
    (head,) = [i for i, row in enumerate(found) if row[0] == "Năm"]
    assert found[head][1:4] == ("2024", "2025", "2026")
    assert found[head + 1][1:4] == (None, 85.5, pytest.approx(15 / 17 * 100))
    assert found[head + 2][1:3] == (65.5, 77.75)
    assert found[head + 3][1:4] == (None, None, 1)
    assert found[head + 4][0] == "Năm 2025: trung bình của Cũ A, Cũ B"


def test_the_sheet_of_years_shows_changes_by_domain_only_where_last_year_had_it(
    written: Path,
) -> None:
    found = rows(written, YEARS)
    assert found[3][2:15] == (
        "2024", "2025", "2026", "Diễn biến", "2024", "2025", "2026", "Chỉ số (điểm %)", "Hạng",
        "1. Nhóm 1", "2. Nhóm 2", "Đơn vị năm trước", "1. Nhóm 1",
    )  # fmt: skip
    assert found[5][2:16] == (
        65.5, 70, 75, None, 3, 2, 2, 5, 0, 10, 10, "Năm 2024: trước là Tên cũ", 60, 90,
    )  # fmt: skip
    assert found[6][2:11] == (
        None, 85.5, pytest.approx(15 / 17 * 100), None, None, None, 1,
        pytest.approx(15 / 17 * 100 - 85.5), None,
    )  # fmt: skip
    assert found[7][2:13] == (None, None, None, None, None, None, 3, *[None] * 4)


def test_without_earlier_years_there_is_no_sheet_of_years(tmp_path: Path) -> None:
    write_ranking(replace(small(), years=Years()), tmp_path / "a.xlsx")
    names = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert PROFILE in names
    assert YEARS not in names


def test_the_list_offers_every_unit_by_a_name_of_its_own(tmp_path: Path) -> None:
    names = ("Xã Tân Bình", "xã tân bình", "Xã Khác")
    units = [Unit(code=f"u{i}", name=name, tier="so") for i, name in enumerate(names)]
    write_ranking(ranked(THREE, {}, units), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    (rule,) = book[PROFILE].data_validations.dataValidation
    assert (str(rule.sqref), rule.type) == ("B4", "list")
    sheet, block = re.fullmatch(r"'(.+)'!(.+)", rule.formula1).groups()  # type: ignore[union-attr]
    offered = [cell.value for (cell,) in book[sheet][block.replace("$", "")]]
    assert offered == ["Xã Tân Bình (u0)", "xã tân bình (u1)", "Xã Khác"]


def drawn_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        return [package.read(n).decode() for n in package.namelist() if "charts/chart" in n]


def test_charts_are_native_in_times_new_roman_and_told_apart_without_colours(written: Path) -> None:
    (radar,) = [chart for chart in drawn_in(written) if "<c:radarChart>" in chart]
    (trend,) = [chart for chart in drawn_in(written) if "<c:lineChart>" in chart]
    assert '<c:radarStyle val="filled"/>' in radar
    assert '<c:max val="100"/><c:min val="0"/>' in trend
    assert 'formatCode="0.00;;"' in trend  # as many decimals as in the table above it
    for chart in (radar, trend):
        assert set(re.findall(r'typeface="([^"]+)"', chart)) == {"Times New Roman"}
        assert '<a:prstDash val="dash"/>' in chart


@pytest.mark.parametrize(("least", "start"), [("2.5", 50), ("2.49", 0)])
def test_a_radar_begins_at_50_and_says_so_where_nobody_is_below(
    tmp_path: Path, least: str, start: int
) -> None:
    sent = SENT | {
        "u0": Returned(points(**{"1.1": "6", "1.2": "4", "2.1": least, "3.1": "2", "3.2": "3"}))
    }
    write_ranking(ranked(THREE, sent, UNITS), tmp_path / "a.xlsx")
    (radar,) = [chart for chart in drawn_in(tmp_path / "a.xlsx") if "<c:radarChart>" in chart]
    assert f'<c:max val="100"/><c:min val="{start}"/>' in radar
    assert ("trục bắt đầu từ 50" in radar) == bool(start)


def test_two_domains_make_columns_since_a_radar_of_two_axes_has_no_area(tmp_path: Path) -> None:
    two = rubric([leaf("a", "5"), leaf("b", "5")])
    write_ranking(ranked(two, {"u": Returned(points(a="5"))}), tmp_path / "a.xlsx")
    charts = drawn_in(tmp_path / "a.xlsx")
    drawn = [chart for chart in charts if f"<c:f>'{PROFILE}'!$E$10:$E$11</c:f>" in chart]
    assert ["<c:barChart>" in chart for chart in drawn] == [True]
    assert not [chart for chart in charts if "<c:radarChart>" in chart]


def test_a_title_is_wrapped_and_cut_for_the_chart() -> None:
    assert wrapped("1. Cải cách thể chế") == "1. Cải cách thể chế"
    assert wrapped("một hai ba", 7) == "một hai\nba"
    assert wrapped("một hai ba bốn năm sáu", 7) == "một hai\nba bốn…"


# --- the survey part ----------------------------------------------------------------------------------


def surveyed(node: str, maximum: str) -> dict[str, Any]:
    return leaf(node, maximum, method={"kind": "survey"}, channel="survey")


def test_the_survey_part_adds_survey_leaves_and_follows_the_best_part() -> None:
    plain = rubric([group("1", "6", [leaf("a", "1"), surveyed("b", "2"), surveyed("c", "3")])])
    columns = {node.id: place for place, node in enumerate(plain.walk())}
    assert survey_formula(plain.domains, columns) == "SUM(C#:D#)"
    assert survey_formula(rubric([leaf("a", "1")]).domains, {"a": 0}) == "0"
    parts = [leaf("a", "2"), surveyed("b", "2")]
    mixed = rubric([group("1", "2", parts, combine="best"), surveyed("c", "1")])
    columns = {node.id: place for place, node in enumerate(mixed.walk())}
    assert survey_formula(mixed.domains, columns) == (
        "SUM(D#,IF(ROUND(SUM(B#),12)=ROUND(MAX(B#:C#),12),0,SUM(C#)))"
    )


@pytest.mark.parametrize(("own", "survey"), [("2", 1), ("0.5", Decimal("2.5"))])
def test_the_points_sheet_shows_the_survey_part(own: str, survey: Decimal, tmp_path: Path) -> None:
    parts = [leaf("a", "2"), surveyed("b", "2")]
    mixed = rubric([group("1", "2", parts, combine="best"), surveyed("c", "2")])
    figures = [SurveyFigure("u", "b", Decimal(75), 2026), SurveyFigure("u", "c", Decimal(50), 2026)]
    results = ranked(mixed, {"u": Returned(points(a=own))}, surveys=figures)
    write_ranking(results, tmp_path / "a.xlsx")
    found = rows(tmp_path / "a.xlsx", "Điểm – Cấp so")
    assert found[3][-1] == "Trong đó điều tra XHH"
    assert found[5][-1] == float(survey)


# --- recalculation ----------------------------------------------------------------------------------


def aged(results: Results, draw: Random) -> Results:
    """Give results two earlier years, in which units are missing, merged, split and renamed."""
    this = results.campaign.settings.year
    units = [row.result for row in results.rows]

    def one(result: UnitResult, code: str) -> YearUnit:
        domains = {n.id: Decimal(draw.randrange(10_001)) / 100 for n in result.rubric.domains}
        index = Decimal(draw.randrange(10_001)) / 100
        return YearUnit(code, f"Cũ {code}", "", index, draw.randint(1, 20), "", domains)

    def year(number: int) -> Year:
        codes = [(r, c) for r in units for c in (r.unit.code, f"{r.unit.code}-b")]
        return Year(number, {c: one(r, c) for r, c in codes if draw.random() < 0.7})

    named: dict[str, dict[int, tuple[str, ...]]] = {}
    for result in units:
        code = result.unit.code
        if draw.random() < 0.5:
            named[code] = {this - 1: (code, f"{code}-b"), this - 3: (units[0].unit.code,)}
    return replace(results, years=Years((year(this - 1), year(this - 3)), named))


def odd() -> Iterator[Results]:
    """Yield campaigns at the edge."""
    yield ranked(THREE, {"u": SENT["u0"]})  # one unit
    yield ranked(THREE, {}, UNITS)  # nobody submitted
    free = [leaf(n, "2", may_be_not_applicable="x") for n in ("a", "b", "c")]
    everything = frozenset({"a", "b", "c"})
    nothing = {c: Returned({}, everything) for c in ("u0", "u1")}
    yield ranked(rubric(free), nothing)  # nothing applicable
    names = ("Xã *", "Xã ~?", "Xã A?", "Xã AB", "XÃ AB", "=1+1", '"', "Xã & <em>")
    units = [Unit(code=f"x{i}", name=name, tier="so") for i, name in enumerate(names)]
    draw = Random(5)
    sent = {u.code: Returned({n.id: {"points": n.max * draw.randint(0, 4) / 4}
                              for n in THREE.leaves}) for u in units}  # fmt: skip
    yield ranked(THREE, sent, units)  # names that formulas could misread


@dataclass(frozen=True)
class Chosen:
    """A workbook, and the same one as written with another unit chosen."""

    first: Path
    other: Path


@pytest.fixture(scope="module")
def campaigns(tmp_path_factory: pytest.TempPathFactory) -> list[Chosen]:
    folder = tmp_path_factory.mktemp("chosen")
    every = [aged(results, Random(9)) for results in (*odd(), *map(random_results, range(2)))]
    made = []
    with pytest.MonkeyPatch.context() as patch:
        for number, results in enumerate(every):
            pair = Chosen(folder / f"a{number}.xlsx", folder / f"b{number}.xlsx")
            write_ranking(results, pair.first)
            patch.setattr(Profile, "chosen", property(_picker(number)))
            write_ranking(results, pair.other)
            patch.undo()
            made.append(pair)
    return made


def _picker(number: int) -> Callable[[Profile], UnitResult]:
    def picked(profile: Profile) -> UnitResult:
        units = profile.components.tier.results
        return units[number % len(units)]

    return picked


def choose(pair: Chosen, target: Path) -> Path:
    """Copy the first workbook with the other's unit typed into the cell, without any cached value."""
    cell = re.compile(rb'(<c r="B%d" [^>]*>)(<is>.*?</is>)' % (CHOICE_ROW + 1))
    bare = target.with_name(f"bare-{target.name}")
    without_cached_values(pair.first, bare)
    with (
        zipfile.ZipFile(bare) as source,
        zipfile.ZipFile(pair.other) as other,
        zipfile.ZipFile(target, "w") as copy,
    ):
        for name in source.namelist():
            part = source.read(name)
            if "HỒ SƠ ĐƠN VỊ –".encode() in part:
                typed = cell.search(other.read(name))
                assert typed
                part = cell.sub(lambda found, t=typed: found[1] + t[2], part, count=1)  # type: ignore[misc]
            copy.writestr(name, part)
    return target


@pytest.mark.office
@needs_libreoffice
def test_libreoffice_follows_another_unit_to_what_python_says_of_it(
    campaigns: list[Chosen], tmp_path: Path
) -> None:
    typed = [choose(pair, tmp_path / f"t-{pair.first.name}") for pair in campaigns]
    theirs = recalculate_with_libreoffice(typed, tmp_path / "out")
    for pair, recalculated in zip(campaigns, theirs, strict=True):
        assert differences(pair.other, recalculated) == []


@pytest.mark.office
@needs_gnumeric
def test_gnumeric_follows_another_unit_to_what_python_says_of_it(
    campaigns: list[Chosen], tmp_path: Path
) -> None:
    for pair in campaigns:
        typed = choose(pair, tmp_path / f"t-{pair.first.name}")
        theirs = resave_with_gnumeric(typed, tmp_path / pair.first.name)
        assert differences(pair.other, theirs) == []


def test_no_cached_value_is_an_error_at_the_edges(campaigns: list[Chosen]) -> None:
    shown = [
        v for pair in campaigns for path in (pair.first, pair.other) for v in cells(path).values()
    ]
    assert not [v for v in shown if isinstance(v, str) and v.startswith("#")]


def test_no_hidden_column_of_the_profile_touches_its_page(written: Path) -> None:
    """LibreOffice prints ### of numbers in those that do."""
    hidden = read_dump(written.read_bytes()).by_name[PROFILE].hidden_columns
    assert min(hidden) > COLUMNS + 1


def test_a_name_that_is_no_units_leaves_the_page_blank(written: Path) -> None:
    formulas = cells(written, cached=False)
    page = [text for (sheet, _), text in formulas.items() if sheet == PROFILE]
    asking = [t for t in page if isinstance(t, str) and "'!" in t]
    assert [t for t in asking if not t.startswith(("=IF($J$1=0,", '=IF($B$4="",0,'))] == []
