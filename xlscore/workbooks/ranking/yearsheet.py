"""The sheet of years (nhiều năm): index and rank over the years, and what changed by domain."""

from __future__ import annotations

import math
from typing import Any

from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.ranking.book import GROUP_FILL, Book, Sheet, signed
from xlscore.workbooks.ranking.matrixframe import unit_widths
from xlscore.workbooks.ranking.sparklines import draw_years
from xlscore.workbooks.ranking.tiersheets import whole_tier
from xlscore.workbooks.ranking.yeartable import (
    FIRST_ROW,
    GROUP_ROW,
    HEADING_ROW,
    MEAN_ROW,
    YearTable,
)

_FIGURE, _DOMAIN, _TREND, _LINEAGE, _GAP = 9.0, 12.0, 16.0, 40.0, 1.5
_FALL, _RISE = "#F2C48D", "#86B0DC"
_HELPERS = ("home", "place", "group")


def write_years(book: Book, table: YearTable) -> None:
    """Write the sheet of years of a tier."""
    sheet = book.sheet(table.name, tab="#6B8E23")
    _columns(sheet, table)
    title = table.components.tier.title
    sheet.title(
        0, f"KẾT QUẢ NHIỀU NĂM – {title.upper()}", _said(table) + whole_tier(table.components.tier)
    )
    _headings(sheet, table)
    looks = [_look(book, key) for key in table.places]
    lineage = table.places["lineage"]
    for row, result in enumerate(table.units, start=FIRST_ROW):
        cells = list(table.row(result, str(row + 1)))
        sheet.row(row, cells, looks)
        sheet.fit_row(row, [(lineage, str(cells[lineage] or ""))], 10)
    years = table.places[f"index {table.years[0]}"], table.places[f"index {table.this}"]
    draw_years(
        sheet, range(FIRST_ROW, table.last_row + 1), years, table.places["trend"], table.indices
    )
    _finish(sheet, table)


def _said(table: YearTable) -> str:
    sources = "; ".join(
        f"{year.year}: {year.source}" + ("" if year.final else " (tạm tính)")
        for year in reversed(table.results.years.years)
        if year.year in table.earlier and (year.source or not year.final)
    )
    said = "Thay đổi tính bằng điểm phần trăm; hạng: + là lên."
    return f"{said} Nguồn: {sources}." if sources else said


def _columns(sheet: Sheet, table: YearTable) -> None:
    widths = {"name": unit_widths(table.units)[1], "code": unit_widths(table.units)[0]}
    widths |= {"trend": _TREND, "gap": _GAP, "lineage": _LINEAGE}
    for key, place in table.places.items():
        width = widths.get(key, _DOMAIN if key.startswith(("change ", "before ")) else _FIGURE)
        sheet.widths[place] = width
        options: dict[str, Any] = {}
        if key.startswith("before "):
            options = {"level": 1, "hidden": True}
        elif key == "gap":  # the button that unfolds stands above this column
            options = {"collapsed": bool(table.compared)}
        elif key in _HELPERS:
            options = {"hidden": True}
        sheet.raw.set_column(place, place, width, None, options)


def _headings(sheet: Sheet, table: YearTable) -> None:
    book, places = sheet.book, table.places
    heading, small = book.heading(font_size=10), book.heading(font_size=9)
    texts = {"code": "Mã", "name": "Đơn vị", "trend": "Diễn biến", "lineage": "Đơn vị năm trước"}
    texts |= {"change": "Chỉ số (điểm %)", "rise": "Hạng"}
    for year in table.years:
        texts |= {f"index {year}": str(year), f"rank {year}": str(year)}
    for node in table.compared:
        titled = f"{node.code}. {node.title}"
        texts |= {f"change {node.id}": titled, f"before {node.id}": titled}
    _group_headings(sheet, table, heading)
    cells = []
    for key, place in places.items():
        if key in texts:
            look = small if key.startswith(("change ", "before ")) else heading
            sheet.write(HEADING_ROW, place, texts[key], look)
            cells.append((texts[key], column_pixels(sheet.widths[place]), 10.0, True))
    sheet.raw.set_row(HEADING_ROW, min(row_height(cells) + 4, MAX_ROW_HEIGHT))
    _means(sheet, table)


def _group_headings(sheet: Sheet, table: YearTable, look: Any) -> None:
    last = table.this - 1
    groups = (
        ("Chỉ số (%)", [f"index {year}" for year in table.years]),
        ("Hạng", [f"rank {year}" for year in table.years]),
        (f"So với {last}", [key for key in ("change", "rise") if key in table.places]),
        (
            f"Thay đổi chỉ số từng lĩnh vực so với năm {last} (điểm %)",
            [f"change {node.id}" for node in table.compared],
        ),
        (f"Chỉ số năm {last} (%)", [f"before {node.id}" for node in table.compared]),
    )
    for key in ("code", "name", "trend", "lineage"):
        sheet.write(GROUP_ROW, table.places[key], None, look)
    for text, keys in groups:
        if not keys:
            continue
        first, final = table.places[keys[0]], table.places[keys[-1]]
        if final > first:
            sheet.raw.merge_range(GROUP_ROW, first, GROUP_ROW, final, "", look)
        sheet.write(GROUP_ROW, first, text, look)
    sheet.raw.set_row(GROUP_ROW, 33 if len(table.compared) == 1 else 20)


def _means(sheet: Sheet, table: YearTable) -> None:
    fill = {"bold": True, "bg_color": GROUP_FILL}
    for key, place in table.places.items():
        look = _look(sheet.book, key, **fill)
        if key.startswith(("index ", "change", "before ")):
            sheet.write(MEAN_ROW, place, table.mean(key), look)
        elif key not in {"gap", *_HELPERS}:
            sheet.write(MEAN_ROW, place, "Trung bình cả cấp" if key == "name" else None, look)
    sheet.raw.set_row(MEAN_ROW, 22)


def _look(book: Book, key: str, **more: Any) -> Any:
    if key in {"gap", *_HELPERS}:
        return book.format()
    if key in {"code", "name"}:
        return book.cell(**({"indent": 1} | more))
    if key == "lineage":
        return book.cell(**({"text_wrap": True, "font_size": 10, "indent": 1} | more))
    look: dict[str, Any] = {"align": "center"}
    if key.startswith("change"):
        look["num_format"] = signed(book.number)
    elif key == "rise":
        look["num_format"] = signed("0")
    elif not key.startswith("rank "):
        look["num_format"] = book.number
    return book.cell(**(look | more))


def _finish(sheet: Sheet, table: YearTable) -> None:
    places = table.places
    sheet.page((GROUP_ROW, MEAN_ROW), 2)
    sheet.raw.print_area(0, 0, table.last_row, places["gap"] - 1)
    sheet.raw.autofilter(MEAN_ROW, 0, table.last_row, places["group"])
    for keys in (
        [key for key in places if key == "change"],
        [key for key in places if key.startswith("change ")],
    ):
        if keys:
            most = max((abs(by) for key in keys for by in table.known(key)), default=0)
            edge = max(math.ceil(most), 1)
            sheet.raw.conditional_format(
                FIRST_ROW, places[keys[0]], table.last_row, places[keys[-1]], _signed_scale(edge)
            )


def _signed_scale(edge: int) -> dict[str, Any]:
    """Return a scale around 0: falls in one hue, rises in another; the signs say it in print."""
    return {
        "type": "3_color_scale",
        "min_type": "num",
        "min_value": -edge,
        "mid_type": "num",
        "mid_value": 0,
        "max_type": "num",
        "max_value": edge,
        "min_color": _FALL,
        "mid_color": "#FFFFFF",
        "max_color": _RISE,
    }
