"""Native charts of indices: legible in black and white, Times New Roman, the value axis from 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlscore.workbooks.ranking.book import FONT, INK, Book

BAR_INK = "#1F3A5F"
_GRID = "#D1D5DB"
_LABELLED = 24
_SERIES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "highest": ("Cao nhất", {"fill": {"color": "#D6E4F0"}}),
    "mean": ("Trung bình", {"fill": {"color": BAR_INK}}),
    "lowest": ("Thấp nhất", {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": INK,
                                         "bg_color": "#FFFFFF"}}),
}  # fmt: skip
"""What each key is called, and how its bars are told apart without colours."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a bar chart shows: ranges with sheet names, and what they hold.

    Attributes:
        bars: number of bars.
        title: above the chart; the axis title is always the index in percent.
    """

    title: str
    categories: str
    values: str
    bars: int
    name: str = "Chỉ số (%)"


def font(size: float, **more: Any) -> dict[str, Any]:
    """Return the font of a chart's text."""
    return {"name": FONT, "size": size, "color": INK, **more}


def index_bars(book: Book, drawn: Drawn, number: str, limit: float | None) -> Any:
    """Return a chart of horizontal bars, the first of the range on top.

    Args:
        number: number format of the labels.
        limit: where the value axis ends, None where the program decides.
    """
    chart = _indices(book, "bar", drawn, number, gap=45)
    chart.set_y_axis({"reverse": True, "num_font": font(9), "interval_unit": 1,
                      "major_tick_mark": "none"})  # fmt: skip
    chart.set_x_axis(_values(limit) | {"label_position": "high"})
    return chart


def index_columns(book: Book, drawn: Drawn, number: str, limit: float | None) -> Any:
    """Return a chart of columns, for more of them than bars have room; arguments as above."""
    chart = _indices(book, "column", drawn, number if drawn.bars <= _LABELLED else "", gap=40)
    chart.set_x_axis({"num_font": font(8, rotation=-60 if drawn.bars > _LABELLED else -45),
                      "major_tick_mark": "none", "interval_unit": 1})  # fmt: skip
    chart.set_y_axis(_values(limit))
    return chart


def extremes(book: Book, blocks: Mapping[str, str], number: str, limit: float | None) -> Any:
    """Return a chart of the highest, mean and lowest index; `blocks` are ranges by key, see `_SERIES`."""
    chart = book.chart({"type": "bar"})
    for key, (name, fill) in _SERIES.items():
        labels = {"value": True, "num_format": number, "font": font(9), "position": "outside_end"}
        chart.add_series(
            {
                "name": name,
                "categories": f"={blocks['title']}",
                "values": f"={blocks[key]}",
                "border": {"color": INK, "width": 0.5},
                "gap": 60,
                "data_labels": labels,
                **fill,
            }
        )
    title = {"name": "Chỉ số cao nhất, trung bình, thấp nhất (%)", "name_font": font(12, bold=True)}
    chart.set_title({**title, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font(9)})
    chart.set_y_axis({"reverse": True, "num_font": font(9), "major_tick_mark": "none"})
    chart.set_x_axis(_values(limit) | {"label_position": "high"})
    chart.set_chartarea({"border": {"color": _GRID}})
    return chart


def _indices(book: Book, kind: str, drawn: Drawn, number: str, *, gap: int) -> Any:
    chart = book.chart({"type": kind})
    chart.show_hidden_data()
    labels = {"data_labels": {"value": True, "num_format": number, "font": font(9),
                              "position": "outside_end"}}  # fmt: skip
    chart.add_series(
        {
            "name": drawn.name,
            "categories": f"={drawn.categories}",
            "values": f"={drawn.values}",
            "fill": {"color": BAR_INK},
            "border": {"color": INK, "width": 0.5},
            "gap": gap,
            **(labels if number else {}),
        }
    )
    chart.set_title({"name": drawn.title, "name_font": font(12, bold=True), "overlay": False})
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": _GRID}})
    return chart


def _values(limit: float | None) -> dict[str, Any]:
    """Return the options of the value axis."""
    lines = {"visible": True, "line": {"color": _GRID, "width": 0.5}}
    ends = {"max": limit} if limit is not None else {}
    return {"min": 0, **ends, "num_font": font(9), "num_format": "0", "major_gridlines": lines}
