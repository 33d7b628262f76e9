"""One ranking sheet on the worksheet: table, looks, signatures, chart, page set-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from xlscore.workbooks.ranking.book import Book, Sheet
from xlscore.workbooks.ranking.columns import Column
from xlscore.workbooks.ranking.formal import signatures
from xlscore.workbooks.ranking.pastcolumns import TREND
from xlscore.workbooks.ranking.plates import draw_below
from xlscore.workbooks.ranking.sparklines import draw_years
from xlscore.workbooks.ranking.standings import FIRST_ROW, HEADING_ROW, Standing

_BAR = "#A9C4E4"
_BAND_LOOKS: tuple[dict[str, Any], ...] = (
    {"bg_color": "#1F6F54", "font_color": "#FFFFFF"},
    {"bg_color": "#A9D5C1"},
    {"bg_color": "#F6E7BE"},
    {"bg_color": "#FFFFFF", "font_color": "#A61B1B", "italic": True},
)
"""Bands from the best on: dark to white, so that they are told apart in grey as well."""


def write_standing(
    book: Book, standing: Standing, said: str, generated: datetime | None = None
) -> None:
    """Write one ranking sheet."""
    sheet = book.sheet(standing.name, tab="#2F5D8C" if standing.ranked else "#8A9BB0")
    columns = standing.columns
    sheet.columns([c.width for c in columns])
    _hide_helpers(sheet, columns)
    shown = [column for column in columns if not column.hidden]
    sheet.title(0, standing.title, said)
    sheet.row(HEADING_ROW, [c.heading for c in shown], [book.heading(font_size=10)] * len(shown))
    sheet.height(HEADING_ROW, standing.heading_height)
    _rows(sheet, standing)
    _emphasis(sheet, standing)
    end = _foot(sheet, standing, generated)
    sheet.page((HEADING_ROW, HEADING_ROW), standing.places["name"] + 1)
    sheet.raw.print_area(0, 0, end - 1, standing.printed - 1)
    sheet.raw.autofilter(HEADING_ROW, 0, standing.last_row, len(shown) - 1)


def _rows(sheet: Sheet, standing: Standing) -> None:
    columns = standing.columns
    looks = [_look(sheet.book, column) for column in columns]
    for number, row in enumerate(standing.rows, start=FIRST_ROW):
        sheet.row(number, [column.cell(row, number) for column in columns], looks)
        sheet.height(number, standing.height(row, number))
    if standing.past.trend is not None:
        keys = (*standing.past.trend, TREND)
        first, last, drawn = (standing.places[key] for key in keys)
        draw_years(
            sheet,
            range(FIRST_ROW, standing.last_row + 1),
            (first, last),
            drawn,
            standing.past.indices,
        )


def _hide_helpers(sheet: Sheet, columns: Sequence[Column]) -> None:
    helpers = [column.width for column in columns if column.hidden]
    sheet.columns(helpers, first=len(columns) - len(helpers), hidden=True)


def _look(book: Book, column: Column) -> Any:
    if column.hidden:
        return book.format()
    look: dict[str, Any] = {"align": column.align, "bold": column.bold, "font_size": column.size}
    if column.number:
        look["num_format"] = column.number
    if column.align == "left":
        look |= {"text_wrap": True, "indent": 1}
    return book.cell(**look)


def _emphasis(sheet: Sheet, standing: Standing) -> None:
    """Put a bar behind each index, and a colour behind each band."""
    bar = {
        "type": "data_bar",
        "bar_solid": True,
        "bar_color": _BAR,
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": 100,
    }
    place, last = standing.places["index"], standing.last_row
    sheet.raw.conditional_format(FIRST_ROW, place, last, place, bar)
    place = standing.places["band"]
    for name, look in band_looks(standing):
        made = sheet.book.shade(**look)
        quoted = name.replace('"', '""')
        rule = {"type": "cell", "criteria": "==", "value": f'"{quoted}"', "format": made}
        sheet.raw.conditional_format(FIRST_ROW, place, last, place, rule)


def band_looks(standing: Standing) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name of every band of the sheet's tiers with its look, by its place from the best."""
    told = set()
    for tier in standing.tiers:
        names = [band.name for band in standing.campaign.settings.tiers[tier].bands]
        for place, name in enumerate(names):
            # The lowest band always looks like the lowest, those between share what is left.
            lowest = place > 0 and place == len(names) - 1
            look = _BAND_LOOKS[-1] if lowest else _BAND_LOOKS[min(place, len(_BAND_LOOKS) - 2)]
            if name not in told:
                told.add(name)
                yield name, look


# --- below the table: signatures, a chart that finds room -----------------------------------------


def _foot(sheet: Sheet, standing: Standing, generated: datetime | None) -> int:
    """Write what stands below the table; return the row behind."""
    row = standing.last_row + 2
    if not standing.ranked:
        return row
    if not standing.charts:
        row = draw_below(sheet, standing, row)
    return signatures(sheet, standing.campaign.settings, generated, row, standing.printed - 1)
