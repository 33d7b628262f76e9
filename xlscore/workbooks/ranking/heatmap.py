"""The sheet of component indices as it looks: headings, the tier at a glance, colours, printing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xlscore.rubric import Node
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.ranking.book import DOMAIN_FILL, GROUP_FILL, Book, Sheet
from xlscore.workbooks.ranking.components import (
    FIRST_ROW,
    HEADING_ROW,
    HIGHEST_ROW,
    LOWEST_ROW,
    MAXIMUM_ROW,
    MEAN_ROW,
    TITLE_ROW,
    UNRANKED,
    Components,
)
from xlscore.workbooks.ranking.matrixframe import unit_widths
from xlscore.workbooks.ranking.tiersheets import whole_tier

SCALE = {
    "type": "3_color_scale",
    "min_type": "percentile",
    "min_value": 5,
    "mid_type": "percentile",
    "mid_value": 50,
    "max_type": "percentile",
    "max_value": 95,
    "min_color": "#FFFFFF",
    "mid_color": "#CFE0F2",
    "max_color": "#86B0DC",
}
"""One hue from light to dark, never so dark that black figures are lost on it, printed grey or not."""

_DOMAIN_WIDTH, _CRITERION_WIDTH, _GAP = 12.5, 12.0, 1.5
_AT_A_GLANCE = (
    (MEAN_ROW, "Trung bình", "AVERAGE"),
    (HIGHEST_ROW, "Cao nhất", "MAX"),
    (LOWEST_ROW, "Thấp nhất", "MIN"),
)


def write_components(book: Book, components: Components) -> None:
    """Write the component index of every domain and criterion, in percent."""
    sheet = book.sheet(components.tier.indices, tab="#86B0DC")
    _columns(sheet, components)
    said = "Điểm đạt được ÷ điểm tối đa áp dụng × 100. Màu càng đậm, chỉ số càng cao"
    folded = "; bấm [+] phía trên các cột để xem từng tiêu chí." if components.criteria else "."
    title = f"CHỈ SỐ THÀNH PHẦN (%) – {components.tier.title.upper()}"
    sheet.title(0, title, said + folded + whole_tier(components.tier))
    _headings(sheet, components)
    looks = _looks(book, components)
    put = sheet.raw.put
    for row, result in enumerate(components.tier.results, start=FIRST_ROW):
        for column, cell in enumerate(components.row(result, str(row + 1))):
            put(row, column, cell, looks[column])
    _finish(sheet, components)


def _columns(sheet: Sheet, components: Components) -> None:
    code, name = unit_widths(components.tier.results)
    groups = set(components.groups.values()) - {UNRANKED}
    longest = max((len(group) for group in groups), default=0)
    sheet.columns([code, name])
    sheet.columns([min(longest * 0.85 + 3, 48.0)], first=2, hidden=len(groups) <= 1)
    sheet.columns([7.0, 11.0], first=3)
    first = components.places["index"] + 1
    sheet.columns([_DOMAIN_WIDTH] * len(components.domains), first=first)
    behind = first + len(components.domains)
    for place in range(behind, behind + len(components.criteria)):
        sheet.widths[place] = _CRITERION_WIDTH
        sheet.raw.set_column(place, place, _CRITERION_WIDTH, None, {"level": 1, "hidden": True})
    gap = components.places["gap"]
    # The button that unfolds stands above this column, so it must be seen.
    sheet.raw.set_column(gap, gap, _GAP, None, {"collapsed": bool(components.criteria)})
    sheet.columns([6.0] * (components.last_column - gap), first=gap + 1, hidden=True)


def _headings(sheet: Sheet, components: Components) -> None:
    book, nodes = sheet.book, (*components.domains, *components.criteria)
    units = components.places["index"] + 1
    heading, small = book.heading(font_size=10), book.heading(font_size=9, bold=False)
    label = book.heading(align="left", indent=1)
    titles = [f"{node.code}. {node.title}" for node in nodes]
    domains = len(components.domains)
    sheet.row(
        TITLE_ROW,
        ["", "Cả cấp", "", "", "Chỉ số chung", *titles],
        [heading, label, *[heading] * (units + domains - 2), *[small] * len(components.criteria)],
    )
    texts = [(t, _DOMAIN_WIDTH, 10, True) for t in titles[:domains]]
    texts += [(t, _CRITERION_WIDTH, 9, False) for t in titles[domains:]]
    cells = ((text, column_pixels(width), size, bold) for text, width, size, bold in texts)
    sheet.raw.set_row(TITLE_ROW, min(row_height(cells) + 4, MAX_ROW_HEIGHT))
    plain = book.heading(bold=False, num_format="General")
    sheet.row(
        MAXIMUM_ROW,
        ["", "Điểm tối đa", "", "", "", *[node.max for node in nodes]],
        [book.heading(bold=False, align="left", indent=1)] * units + [plain] * len(nodes),
    )
    for row, label, function in _AT_A_GLANCE:
        _over_all(sheet, components, (row, label, function), nodes)
    sheet.row(
        HEADING_ROW,
        ["Mã", "Đơn vị", "Nhóm xếp hạng", "Hạng", "Chỉ số (%)", *[node.code for node in nodes]],
        [heading] * (units + len(nodes)),
    )
    sheet.raw.set_row(HEADING_ROW, 22)


def _over_all(
    sheet: Sheet, components: Components, line: tuple[int, str, str], nodes: Sequence[Node]
) -> None:
    row, label, function = line
    look = sheet.book.cell(bold=True, bg_color=GROUP_FILL, indent=1)
    number = sheet.book.cell(
        bold=True, bg_color=GROUP_FILL, align="center", num_format=sheet.book.number
    )
    sheet.row(row, ["", label, "", ""], [look] * 4)
    for key in ("index", *[f"node {node.id}" for node in nodes]):
        sheet.write(row, components.places[key], components.over_all(function, key), number)


def _looks(book: Book, components: Components) -> Sequence[Any]:
    def looks() -> Iterator[Any]:
        yield book.cell(indent=1)
        yield book.cell(indent=1)
        yield book.cell(font_size=10, indent=1)
        yield book.cell(align="center", bold=True)
        yield book.cell(align="center", bold=True, num_format=book.number, bg_color=DOMAIN_FILL)
        figure = book.cell(align="center", num_format=book.number)
        yield from [figure] * len(components.domains)
        small = book.cell(align="center", num_format=book.number, font_size=10)
        yield from [small] * len(components.criteria)
        yield from [book.format()] * (components.last_column - components.places["gap"] + 1)

    return tuple(looks())


def _finish(sheet: Sheet, components: Components) -> None:
    last_row, gap = components.last_row, components.places["gap"]
    first = components.places["index"] + 1
    sheet.page((TITLE_ROW, HEADING_ROW), 2)
    sheet.raw.print_area(0, 0, last_row, gap - 1)
    # Helpers as well: a row is only whole when it is sorted with all its cells.
    sheet.raw.autofilter(HEADING_ROW, 0, last_row, components.last_column)
    if gap > first:
        sheet.raw.conditional_format(FIRST_ROW, first, last_row, gap - 1, SCALE)
