"""A year's results as data, and what the years say of units that were merged, split, renamed."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.small_campaign import Returned, group, leaf, points, random_results, ranked, rubric
from xlscore.histories import over_years, over_years_to_json, then_words, years_page
from xlscore.i18n import use
from xlscore.numbers import quantise
from xlscore.ranking import DECISIVE_DECIMALS, Results
from xlscore.workbooks.ranking.pastcolumns import PastColumns
from xlscore.workbooks.ranking.yeartable import lineage
from xlscore.yearfiles import YearFileError, results_to_year, year_from_json, year_to_json
from xlscore.years import Year, Years, YearUnit

Data = dict[str, Any]


def read_back(data: Data) -> Year:
    return year_from_json(json.loads(json.dumps(data)))


def file(**changes: Any) -> Data:
    unit = {"code": "A", "name": "Sở A", "group": "Các sở", "index": "81.33", "rank": 1, "band": "I",
            "domains": {"d1": "90"}, "scores": {"d1.1": "0.5"}, "maxima": {"d1.1": "1"}}  # fmt: skip
    whole = {"format": "xlscore-year", "version": 1, "year": 2025, "source": "kỳ 2025",
             "final": True, "units": [unit]}  # fmt: skip
    return {**whole, **changes}


def with_unit(**changes: Any) -> Data:
    whole = file()
    whole["units"] = [{**whole["units"][0], **changes}]
    return whole


def test_titles_over_two_lines_come_back_on_one() -> None:
    told: Data = {"title": "Kỳ một\nhai", "groups": {"so": {"title": "Nhóm\nmột"}}}
    bands = [{"name": "Rất\ntốt", "at_least": "0"}]
    year = results_to_year(
        ranked(rubric([leaf("a", "2")]), {"u": Returned(points(a="2"))}, bands=bands, **told)
    )
    assert read_back(year_to_json(year)) == year
    assert (year.source, year.units["u"].group, year.units["u"].band) == (
        "Kỳ một hai, dự thảo", "Nhóm một", "Rất tốt",
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_results_come_back_from_their_file_as_they_were(seed: int) -> None:
    results = random_results(seed)
    year = results_to_year(results)
    assert read_back(year_to_json(year)) == year
    for row in results.rows:
        told, result = year.units[row.result.unit.code], row.result
        assert (told.rank, told.band) == (row.rank, row.band)
        if result.assessed:
            assert told.index == quantise(result.index, DECISIVE_DECIMALS)
            assert set(told.scores) <= {leaf.id for leaf in result.rubric.leaves}
        else:
            assert told.index is None
            assert not told.scores
    everyone = {r.unit.code for r in results.missing} | {r.result.unit.code for r in results.rows}
    assert set(year.units) == everyone


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({}, ("format",)),
        ([], ()),
        (file(version=2), ("version",)),
        (file(format="other"), ("format",)),
        (file(more=1), ("more",)),
        (file(year="2025"), ("year",)),
        (file(final=1), ("final",)),
        (with_unit(index=81.5), ("units", 0, "index")),
        (with_unit(index="NaN"), ("units", 0, "index")),
        (with_unit(rank="1"), ("units", 0, "rank")),
        (with_unit(rank=0), ("units", 0, "rank")),
        (with_unit(rank=100_001), ("units", 0, "rank")),
        (with_unit(index="200.1"), ("units", 0, "index")),
        (with_unit(index="-0.1"), ("units", 0, "index")),
        (with_unit(name="Sở\x07 A"), ("units", 0, "name")),
        (with_unit(code="A\n"), ("units", 0, "code")),
        (with_unit(band="\x1b[31mI"), ("units", 0, "band")),
        (file(source="kỳ\u2028 2025"), ("source",)),
        (with_unit(scores={"d1.1": 0.5}), ("units", 0, "scores", "d1.1")),
        (with_unit(code=""), ("units", 0, "code")),
        (file(units=[*file()["units"], *file()["units"]]), ("units", 1, "code")),
    ],
)
def test_a_file_of_another_shape_is_refused_with_the_place(
    data: Any, place: tuple[str | int, ...]
) -> None:
    with pytest.raises(YearFileError) as refused:
        read_back(data)
    assert place in [problem.loc for problem in refused.value.problems]


# --- units over the years ---------------------------------------------------------------------------


def unit(code: str, index: str | None, rank: int, **domains: str) -> YearUnit:
    shares = {node: Decimal(text) for node, text in domains.items()}
    reached = None if index is None else Decimal(index)
    return YearUnit(code, f"Đơn vị {code}", "", reached, rank, "B", shares)


def year(number: int, *units: YearUnit) -> Year:
    return Year(number, {one.code: one for one in units})


@pytest.fixture(scope="module")
def results() -> Results:
    """Index 75 in 2026 for A: 80 in d1, 70 in d2."""
    tree = rubric([group("d1", "10", [leaf("a", "10")]), group("d2", "10", [leaf("b", "10")])])
    found = ranked(tree, {"A": Returned(points(a="8", b="7")), "B": Returned(points(a="1", b="1"))})
    years = Years(
        (
            year(2025, unit("X", "70", 2, d1="80", d2="60"), unit("Y", "60", 5, d1="70", d2="50")),
            year(2023, unit("A", None, 9), unit("Z", "50", 1)),
            year(2022, unit("Z", "40.5", 3, d1="10")),
        ),
        {"A": {2025: ("X", "Y"), 2022: ("Z",)}, "B": {2022: ("Z",), 2025: ("Y",)}},
    )
    return Results(**{**vars(found), "years": years})


def test_merged_units_have_the_mean_index_and_no_rank(results: Results) -> None:
    before = results.before(results.campaign.units["A"])
    assert before is not None
    assert (before.merged, before.index, before.rank) == (True, Decimal(65), None)
    assert before.domain("d2") == Decimal(55)
    row = next(row for row in results.rows if row.result.unit.code == "A")
    assert results.change(row.result) == Fraction(10)


def test_a_merged_unit_of_which_one_part_is_unknown_has_no_figure_of_the_others(
    results: Results,
) -> None:
    units = unit("X", "70", 2, d1="80"), unit("Y", None, 5), unit("Z", "60", 3, d1="60")
    years = Years((year(2025, *units),), {"A": {2025: ("X", "Y", "Z", "GONE")}})
    told = Results(**{**vars(results), "years": years})
    before = years.past("A", 2025)
    assert before is not None
    assert (before.merged, before.index, before.rank, before.domain("d1")) == (
        True,
        None,
        None,
        None,
    )
    row = next(row for row in told.rows if row.result.unit.code == "A")
    of_a = row.result
    assert told.change(of_a) is None
    why = (
        "Năm 2025: hợp nhất từ Đơn vị X, Đơn vị Y, Đơn vị Z, GONE;"
        " không so sánh vì thiếu chỉ số của Đơn vị Y, GONE"
    )
    assert lineage(of_a, (before,)) == why
    assert PastColumns(told, [row], "0.00", lambda *_: "").remark(row) == why
    lines = over_years(told, of_a.unit).lines
    use("en")
    try:
        assert then_words(of_a.unit, lines[1]).endswith(", GONE; only X, Z had an index")
    finally:
        use("vi")


def test_the_years_of_a_unit_tell_change_and_what_it_was(results: Results) -> None:
    told = over_years(results, results.campaign.units["A"])
    assert [line.year for line in told.lines] == [2026, 2025, 2023, 2022]
    # 2023 has no index: the year before it counts for 2025.
    changes = [None if c is None else str(Decimal(c.numerator) / c.denominator)
               for c in (line.change for line in told.lines)]  # fmt: skip
    assert changes == ["10", "24.5", None, None]
    use("en")
    try:
        said = [then_words(told.unit, line) for line in told.lines]
    finally:
        use("vi")
    assert said == [
        "",
        "merged from X – Đơn vị X, Y – Đơn vị Y; the index is their mean; others came from them too",
        "",
        "split from Z – Đơn vị Z",
    ]
    assert [(m.domain.id, m.by) for m in told.movements] == [
        ("d2", Fraction(15)),
        ("d1", Fraction(5)),
    ]


def test_the_json_of_the_years_has_decimals_as_texts(results: Results) -> None:
    told = over_years_to_json(over_years(results, results.campaign.units["A"]))
    assert told["years"][1] == {
        "year": 2025, "index": "65", "rank": None, "band": "", "change": "24.5",
        "then": [{"unit": "X", "name": "Đơn vị X"}, {"unit": "Y", "name": "Đơn vị Y"}],
        "merged": True, "split": True, "domains": {"d1": "75", "d2": "55"},
    }  # fmt: skip
    assert told["changed_most"][0] == {"id": "d2", "title": "Nhóm d2", "change": "15"}


def test_the_page_of_the_years_has_the_trend_as_a_picture(results: Results) -> None:
    unit_a = results.campaign.units["A"]
    page = years_page(
        results.campaign, over_years(results, unit_a), datetime(2027, 1, 5, tzinfo=UTC)
    )
    assert "<svg" in page
    assert "75,00" in page
    assert "+10,00" in page
    assert not re.search(r"(src|href)=", page)


def test_a_unit_without_earlier_years_has_no_picture(results: Results) -> None:
    alone = Results(**{**vars(results), "years": Years()})
    told = over_years(alone, alone.campaign.units["A"])
    assert [line.change for line in told.lines] == [None]
    assert "<svg" not in years_page(alone.campaign, told, datetime(2027, 1, 5, tzinfo=UTC))
