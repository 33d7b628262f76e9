"""The charts of a unit's profile: its domains against the mean, its years beside it.

Told apart without colours: filled against a broken line, columns against a line with marks.
"""

from __future__ import annotations

from typing import Any

from xlscore.workbooks.ranking.book import FONT, INK, LINE, Sheet
from xlscore.workbooks.ranking.profile import (
    CHART_ROWS,
    CHOICE_ROW,
    LABEL,
    TABLE_ROW,
    TREND_ROWS,
    Profile,
)

_OWN, _OWN_LINE, _OTHERS = "#86B0DC", "#1F4E79", "#111111"
_HALF = 50
_RADAR_LEAST = 3
"""With fewer axes a radar has no area: columns are drawn then."""


def draw_charts(sheet: Sheet, profile: Profile, width: int, row_height: float) -> None:
    """Draw the chart of the domains and, with earlier years, that of the years.

    Args:
        width: in pixels.
        row_height: in points, of the rows that lie under the charts.
    """
    pixels = row_height * 96 / 72
    place: dict[str, Any] = {"x_offset": 2, "object_position": 1}
    chart = _domain_chart(sheet, profile)
    chart.set_size({"width": width, "height": int(CHART_ROWS * pixels)})
    seen = "Biểu đồ chỉ số thành phần của đơn vị được chọn, so với trung bình nhóm. Số liệu ở bảng phía trên."
    sheet.raw.insert_chart(profile.chart_row, 0, chart, place | {"description": seen})
    if profile.over_years:
        trend = _trend_chart(sheet, profile, len(profile.over_years.shown))
        trend.set_size({"width": width, "height": int(TREND_ROWS * pixels)})
        seen = "Biểu đồ chỉ số của đơn vị được chọn qua các năm. Số liệu ở bảng phía trên."
        sheet.raw.insert_chart(profile.year_row + 5, 0, trend, place | {"description": seen})


def _font(size: float, **more: Any) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": INK, **more}


def _domain_chart(sheet: Sheet, profile: Profile) -> Any:
    """Return the chart of the unit's domains: filled against the mean's broken line."""
    first, last = profile.first_row, profile.total_row - 1
    radar = len(profile.domains) >= _RADAR_LEAST
    kind = {"type": "radar", "subtype": "filled"} if radar else {"type": "column"}
    chart = sheet.book.chart(kind)
    own = {"fill": {"color": _OWN, "transparency": 35}, "border": {"color": _OWN_LINE, "width": 2}}
    line = {"color": _OTHERS, "width": 1.75, "dash_type": "dash"}
    mean = {"fill": {"none": True}, "border": line}
    name = sheet.name
    for column, title, look in (
        (3, [name, CHOICE_ROW, 1], own),
        (4, [name, TABLE_ROW, 4], mean),
    ):
        chart.add_series(
            {
                "name": title,
                "categories": [name, first, LABEL, last, LABEL],
                "values": [name, first, column, last, column],
                **look,
            }
        )
    start = _start(profile) if radar else 0
    said = "Chỉ số thành phần theo lĩnh vực (%)" + (f", trục bắt đầu từ {start}" if start else "")
    chart.set_title({"name": said, "name_font": _font(12)})
    chart.set_legend({"position": "bottom", "font": _font(10)})
    chart.set_x_axis({"num_font": _font(9), "major_gridlines": {"visible": False}})
    grid = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    chart.set_y_axis(
        {
            "min": start,
            "max": _top(profile),
            "major_unit": 10 if start else 20,
            "num_font": _font(8),
            "num_format": "0",
            "major_gridlines": grid,
            "line": {"color": LINE, "width": 0.5},
        }
    )
    chart.set_chartarea({"border": {"color": LINE, "width": 0.75}})
    chart.show_hidden_data()
    return chart


def _start(profile: Profile) -> int:
    """Return the figure in the middle of a radar: 0, or more where nobody in the tier is that low.

    On an axis from 0 the outlines of units between 70 and 100 lie upon each other. Bars always begin at 0,
    since their length is what is compared; of a radar it is the shape.
    """
    known = [profile.components.known(f"node {node.id}") for node in profile.domains]
    least = min((min(figures) for figures in known if figures), default=0)
    return _HALF if least >= _HALF else 0


def _top(profile: Profile) -> int:
    """Return where the axis ends: 100, or more where extras lift an index above."""
    keys = ["index", *[f"node {node.id}" for node in profile.domains]]
    most = max((max(profile.components.known(key), default=0) for key in keys), default=0)
    return 100 if most <= 100 else 20 * (int(most) // 20 + 1)  # noqa: PLR2004


def _trend_chart(sheet: Sheet, profile: Profile, last: int) -> Any:
    """Return the chart of the years: the unit's columns, the mean's line.

    Columns, since a year that is not known leaves none, where a line would fall to nothing.
    """
    row = profile.year_row
    name, categories = sheet.name, [sheet.name, row, 1, row, last]
    chart = sheet.book.chart({"type": "column"})
    chart.add_series(
        {
            "name": [name, CHOICE_ROW, 1],
            "categories": categories,
            "values": [name, row + 1, 1, row + 1, last],
            "fill": {"color": _OWN},
            "border": {"color": _OWN_LINE, "width": 1},
            "gap": 120,
            "data_labels": {
                "value": True,
                "num_format": f"{sheet.book.number};;",
                "position": "inside_base",
                "font": _font(9),
            },
        }
    )
    mean = sheet.book.chart({"type": "line"})
    mean.add_series(
        {
            "name": [name, row + 2, 0],
            "categories": categories,
            "values": [name, row + 2, 1, row + 2, last],
            "line": {"color": _OTHERS, "width": 1.75, "dash_type": "dash"},
            "marker": {
                "type": "diamond",
                "size": 8,
                "fill": {"color": "#FFFFFF"},
                "border": {"color": _OTHERS},
            },
        }
    )
    chart.combine(mean)
    chart.set_title({"name": "Chỉ số qua các năm (%)", "name_font": _font(12)})
    chart.set_legend({"position": "bottom", "font": _font(10)})
    chart.set_x_axis({"num_font": _font(10)})
    grid = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    axis = {"min": 0, "max": _top(profile), "major_unit": 20, "num_format": "0"}
    chart.set_y_axis(axis | {"num_font": _font(9), "major_gridlines": grid})
    chart.set_chartarea({"border": {"color": LINE, "width": 0.75}})
    chart.show_blanks_as("gap")
    return chart
