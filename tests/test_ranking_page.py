"""The ranking page: the same figures as the results, for leadership and for the public, on a phone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.browser import evaluate, needs_chromium, print_pdf
from tests.small_campaign import DEADLINE, Returned, group, leaf, points, random_results, ranked
from tests.small_campaign import rubric as made_rubric
from xlscore.campaign import Unit
from xlscore.pages.ranking_page import ranking_page
from xlscore.ranking import Results
from xlscore.summaries import figure
from xlscore.years import Year, Years, YearUnit

NOW = datetime(2027, 1, 8, 9, 30, 5)  # noqa: DTZ001  as the campaign's zone says it
HOSTILE = "<script>alert(1)</script><img src=x>\"'&\u202e{{ 7*7 }}" + "W" * 120
DOMAINS = [group(f"d{n}", "10", [leaf(f"d{n}.1", "10")]) for n in range(1, 5)]
FOUR = made_rubric(DOMAINS)


def campaign(count: int = 6, **more: Any) -> Results:
    """Rank units whose indices fall from 100 in steps; one is late, one is away."""
    sent = {
        f"u{i:03}": Returned(
            points(**{f"d{n}.1": str(10 - Decimal(i) / 50) for n in range(1, 5)}),
            received=DEADLINE + timedelta(days=2 if i == 1 else 0),
        )
        for i in range(count)
    }
    units = [Unit(code=c, name=f"Sở {c}", tier="so") for c in [*sent, "away"]]
    return ranked(FOUR, sent, units, **more)


def with_last_year(results: Results) -> Results:
    year = results.campaign.settings.year - 1
    told = {
        row.result.unit.code: YearUnit(row.result.unit.code, "x", index=Decimal(90), rank=4)
        for row in results.rows
    }
    return replace(results, years=Years((Year(year, told),)))


def page(results: Results, *, public: bool = False) -> str:
    return ranking_page(results, generated=NOW, public=public)


def cells(html: str) -> list[list[str]]:
    """Return the texts of the ranking tables' own rows."""
    rows = re.findall(r'<tr class="u">(.*?)</tr>', html, re.DOTALL)
    return [[plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize("seed", range(8))
def test_every_unit_stands_there_with_its_rank_index_and_band(seed: int) -> None:
    results = random_results(seed)
    open_ = {result.unit.code for result, _ in results.waiting}
    expected = [
        [
            str(row.rank or "–"),
            row.result.unit.name + ("" if row.result.assessed else " (chưa có kết quả)"),
            figure(row.result.index, 2) + ("*" if row.result.unit.code in open_ else ""),
            row.band,
        ]
        for ranked_group in (*results.groups, *results.across)
        for row in ranked_group.rows
    ]
    expected += [
        [str(place), *(cell for cell in (
            row.result.unit.name + ("" if row.result.assessed else " (chưa có kết quả)"),
            figure(row.result.index, 2) + ("*" if row.result.unit.code in open_ else ""),
            row.band,
        ))]
        for place, row in enumerate(results.unranked, 1)
    ]  # fmt: skip
    assert cells(page(results)) == expected


def test_what_a_score_is_made_of_unfolds_below_the_unit() -> None:
    details = re.findall(r"<details>(.*?)</details>", page(campaign()), re.DOTALL)
    assert len(details) == 6
    assert plain(details[1]).startswith("Đạt 39,92/40,00 điểmTự chấm39,92Thẩm định39,92")
    assert plain(details[1]).count("99,80") >= 4
    assert 'style="--v:100"' in details[1]
    assert details[1].count("<svg") == 1
    assert "Trễ hạn 2 ngày." in details[1]


def test_a_draft_an_edition_and_what_is_provisional_are_told_apart() -> None:
    draft = page(random_results(3))
    assert ">DỰ THẢO</b>" in draft
    frozen = page(replace(campaign(), edition=2))
    assert ">Bản ban hành lần 2</b>" in frozen
    assert "DỰ THẢO" not in frozen
    assert "KẾT QUẢ CHƯA ĐỦ ĐƠN VỊ: còn 1 đơn vị" in frozen
    assert "TẠM TÍNH" not in frozen
    waiting = next(r for seed in range(20) if (r := random_results(seed)).provisional)
    assert '<b class="open">TẠM TÍNH</b>' in page(waiting)
    assert "Dấu * ở chỉ số" in page(waiting)


def test_the_public_version_has_no_remark_and_no_detail_of_what_is_late_or_missing() -> None:
    waiver = {"unit": "u000", "code": "S025", "reason": "Hồ sơ mật", "by": "Công văn 12"}
    results = campaign(waivers=[waiver])
    ours, public = page(results), page(results, public=True)
    for word in ("Hồ sơ mật", "Công văn 12", "Trễ hạn", "trễ hạn: 1"):
        assert word in ours
        assert word not in public
    assert "BẢN CÔNG BỐ" in public
    assert "Có kết quả: 6 đơn vị; chưa có: 1." in public
    assert "<li>Sở away</li>" in public
    assert cells(public) == cells(ours)


def test_last_year_is_said_in_figures_and_drawn() -> None:
    html = page(with_last_year(campaign()))
    assert cells(html)[0] == ["1", "Sở u000", "100,00", "A", "+10,00"]
    assert "Năm 2025: 90,00%, hạng 4." in html
    assert "+10,00 so năm trước" in plain(html)
    assert "Tăng nhiều nhất so với năm 2025" in html
    assert "So năm trước" not in page(campaign())


def test_merged_units_of_which_one_is_not_known_are_said_not_to_be_compared() -> None:
    results = with_last_year(campaign())
    code = next(iter(results.campaign.units))
    merged = {code: {year.year: (code, "MAT") for year in results.years.years}}
    said = plain(page(replace(results, years=replace(results.years, predecessors=merged))))
    assert "không so sánh, vì thiếu chỉ số của MAT trong 2 đơn vị trước hợp nhất." in said


def test_text_stays_text_wherever_it_comes_from() -> None:
    sent = {"a": Returned(points(**{f"d{n}.1": "5" for n in range(1, 5)}))}
    nodes = [
        group(f"d{n}", "10", [leaf(f"d{n}.1", "10")]) | {"title": HOSTILE} for n in range(1, 5)
    ]
    hostile = ranked(
        made_rubric(nodes), sent, [Unit(code="a", name=HOSTILE, tier="so")], title=HOSTILE,
        authority={"name": HOSTILE, "place": HOSTILE, "office": HOSTILE},
        bands=[{"name": HOSTILE, "at_least": 0}],
    )  # fmt: skip
    html = page(replace(hostile, provenance={HOSTILE: HOSTILE}))
    assert not re.search(r"<(script|img)\b|\u202e", html)
    assert "{{ 7*7 }}" in html
    assert html.count("&lt;script&gt;") > 10


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    html = page(with_last_year(campaign()))
    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'none'" in html
    assert not re.search(r'(?:src|href|action)="(?!#)|<script|@import|url\((?!#c)', html)
    anchors = set(re.findall(r'href="#([^"]+)"', html))
    assert anchors <= set(re.findall(r' id="([^"]+)"', html))
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_method_and_provenance_are_said() -> None:
    facts = {"Đầu chuỗi sổ theo dõi": "4be1d09a", **{f"Phiếu {n}": "x" for n in range(20)}}
    html = page(replace(campaign(), provenance=facts))
    assert "4be1d09a" in html
    assert "Và 5 nguồn khác" in html
    assert "điểm đạt được ÷ điểm tối đa áp dụng" in html
    assert "08/01/2027 09:30:05" in html


def test_a_large_page_draws_the_first_three_only_and_names_domains_once() -> None:
    html = page(campaign(501))
    assert len(cells(html)) == 502
    assert html.count("Chỉ số thành phần của") == 3
    assert html.count("Nhóm d2") < 10
    assert len(html.encode()) < 1_000_000


@pytest.mark.office
@needs_chromium
def test_a_phone_shows_it_without_scrolling_sideways_and_paper_takes_it(tmp_path: Path) -> None:
    units = [Unit(code=f"u{i}", name=f"{i} {HOSTILE}", tier="so") for i in range(3)]
    sent = {u.code: Returned(points(**{f"d{n}.1": "9" for n in range(1, 5)})) for u in units[:2]}
    html = page(with_last_year(ranked(FOUR, sent, units)))
    script = """for (const each of page.querySelectorAll("details")) each.open = true;
        const outside = [...page.querySelectorAll("svg text")].filter((each) => {
          const frame = each.closest("svg").getBoundingClientRect();
          const box = each.getBoundingClientRect();
          return box.left < frame.left - 3 || box.right > frame.right + 3;
        });
        return [page.documentElement.scrollWidth, outside.map((each) => each.textContent)];"""
    assert evaluate(html, script, 360) == [360, []]
    printed = print_pdf(html, tmp_path / "page.pdf").read_bytes()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} == {(595, 842)}
