"""Charts: what they say, that text stays text, that black and white is enough."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from xlscore.charts import (
    SHADES,
    Bar,
    Limit,
    Series,
    Stack,
    bar_chart,
    column_chart,
    line_chart,
    radar_chart,
    stacked_chart,
)

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"'&\u202e" + "W" * 90
BARS = [Bar("Sở Tư pháp", Decimal("91.25"), 0, "I"), Bar(HOSTILE, Fraction(200, 3), 1, "II")]
YEARS = [Series("Sở Tư pháp", [Decimal("80.1"), None, Decimal("85.25")]),
         Series(HOSTILE, [70, 71, 72])]  # fmt: skip
AXES = ["LV 1", "LV 2", "LV 3", HOSTILE[:30]]
CHARTS: dict[str, Callable[[str, str], str]] = {
    "bars": lambda t, d: bar_chart(t, d, BARS, limits=[Limit("I ≥ 90", 90), Limit(HOSTILE, 80)]),
    "stacks": lambda t, d: stacked_chart(
        t, d, [Stack("Các sở", [1, 20, 3, 0, 5])], ["I", "II", HOSTILE, "IV", "V"]
    ),
    "columns": lambda t, d: column_chart(t, d, [("0–5", 0), ("5–10", 1204)], below="Chỉ số (%)"),
    "lines": lambda t, d: line_chart(t, d, ["2021", "2022", "2023"], YEARS),
    "ranks": lambda t, d: line_chart(
        t, d, ["2022", "2023"], [Series("Hạng", [12, 1])], decimals=0, ranks=True
    ),
    "radar": lambda t, d: radar_chart(t, d, AXES, [Series(HOSTILE, [90, None, 0, 120])]),
}


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  our own text


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_says_what_it_is_and_is_well_formed(name: str) -> None:
    root = parsed(CHARTS[name]("Biểu đồ", "Mô tả"))
    assert (root.get("role"), root[0].tag, root[1].tag) == ("img", f"{SVG}title", f"{SVG}desc")
    assert (root[0].text, root[1].text) == ("Biểu đồ", "Mô tả")
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"


@pytest.mark.parametrize("name", CHARTS)
def test_text_stays_text_and_nothing_is_loaded_or_run(name: str) -> None:
    svg = CHARTS[name](HOSTILE, HOSTILE)
    root = parsed(svg)
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {
        "svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "text",
    }  # fmt: skip
    assert not re.search(r"href|javascript|style=|\son\w+=|url\((?!#c)|\u202e", svg)
    assert (root[0].text or "").startswith("<script>alert(1)</script>\"'&‹U+202E›")


@pytest.mark.parametrize("name", CHARTS)
def test_two_pictures_on_a_page_never_share_an_id(name: str) -> None:
    ids = [re.findall(r' id="([^"]+)"', CHARTS[name](title, "")) for title in ("a", "b")]
    assert not set(ids[0]) & set(ids[1])
    assert len(set(ids[0])) == len(ids[0])
    assert CHARTS[name]("a", "b") == CHARTS[name]("a", "b")


@pytest.mark.parametrize("name", CHARTS)
def test_everything_is_drawn_within_the_picture(name: str) -> None:
    root = parsed(CHARTS[name]("", ""))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for node in root.iter():
        x, y = float(node.get("x", 0)), float(node.get("y", 0))
        assert 0 <= x + float(node.get("width", 0)) <= width
        assert 0 <= y <= height


def test_values_have_decimal_commas_and_stand_at_their_bars() -> None:
    assert {"91,25 · I", "66,67 · II"} <= set(texts(CHARTS["bars"]("", "")))


def test_the_length_of_a_bar_is_its_share_of_a_hundred() -> None:
    svg = bar_chart("", "", [Bar("a", 100), Bar("b", 25), Bar("c", 0)])
    widths = [float(n.attrib["width"]) for n in parsed(svg).iter(f"{SVG}rect")]
    assert widths[1] == pytest.approx(widths[0] / 4, abs=0.1)
    assert widths[2] == 0


def test_an_index_above_a_hundred_lengthens_the_scale() -> None:
    svg = bar_chart("", "", [Bar("a", 125), Bar("b", 100)])
    widths = [float(n.attrib["width"]) for n in parsed(svg).iter(f"{SVG}rect")]
    assert widths[1] == pytest.approx(widths[0] * 0.8, abs=0.1)


def test_the_parts_of_a_whole_fill_it_and_differ_without_colour() -> None:
    svg = stacked_chart("", "", [Stack("a", [1, 1, 1, 1, 1])], list("abcde"))
    boxes = [n for n in parsed(svg).iter(f"{SVG}rect") if n.get("height") == "22"]
    assert sum(float(n.attrib["width"]) for n in boxes) == pytest.approx(359.2, abs=0.3)
    assert len({n.attrib["fill"] for n in boxes}) == SHADES == 5
    assert len(set(re.findall(r"(<(?:path|circle) [^>]*/>)</pattern>", svg))) == 3


def test_a_line_never_bridges_a_year_of_which_nothing_is_known() -> None:
    svg = line_chart("", "", ["1", "2", "3"], [Series("a", [1, None, 3])])
    assert not re.search(r'<path d="M[^"]*" fill="none" stroke="#1d4e89"', svg)
    whole = line_chart("", "", ["1", "2", "3"], [Series("a", [1, 2, 3])])
    assert len(re.findall(r'<path d="M[^"]*" fill="none" stroke="#1d4e89"', whole)) == 1


def test_the_first_rank_stands_at_the_top() -> None:
    marks = re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', CHARTS["ranks"]("", ""))
    assert float(marks[1]) < float(marks[0])


def test_an_axis_without_a_value_says_so_and_no_point_is_drawn_there() -> None:
    svg = CHARTS["radar"]("", "")
    assert "LV 2: –" in texts(svg)
    assert svg.count("<circle") == 3


@pytest.mark.parametrize(
    "draw",
    [
        lambda: line_chart("", "", ["1"], [Series("a", [1])] * 6),
        lambda: line_chart("", "", ["1"], [Series("a", [1, 2])]),
        lambda: radar_chart("", "", ["a", "b"], [Series("a", [1, 2])]),
        lambda: radar_chart("", "", ["a", "b", "c"], [Series("a", [1, 2])]),
        lambda: radar_chart("", "", ["a", "b", "c"], [Series("a", [1, 2, 3])] * 3),
    ],
)
def test_what_cannot_be_drawn_legibly_is_refused(draw: Callable[[], str]) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        draw()


@pytest.mark.parametrize("draw", [
    lambda: bar_chart("", "", []),
    lambda: stacked_chart("", "", [Stack("a", [0, 0])], ["I", "II"]),
    lambda: column_chart("", "", []),
    lambda: line_chart("", "", ["2023"], [Series("a", [None])]),
    lambda: radar_chart("", "", ["a", "b", "c"], [Series("a", [None, None, None])]),
])  # fmt: skip
def test_nothing_to_draw_is_no_error(draw: Callable[[], str]) -> None:
    assert parsed(draw()).tag == f"{SVG}svg"
