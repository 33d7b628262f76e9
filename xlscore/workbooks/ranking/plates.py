"""The charts of a ranking sheet: below the table where its page has room, else on a sheet of their own.

A page with only a chart under the repeated headings of a table reads as a mistake: charts that need pages
of their own stand on a sheet that repeats nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from xlscore.ranking import HUNDRED
from xlscore.workbooks.heights import column_pixels
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import Book, Sheet
from xlscore.workbooks.ranking.charts import Drawn, index_bars
from xlscore.workbooks.ranking.standings import FIRST_ROW, Standing

_ROW_PIXELS, _WIDE_PIXELS, _AROUND, _LINE_PIXELS = 17, 34, 80, 20
_PIXELS = 96 / 72
_SIGNED, _TITLED = 160, 60
"""Pixels: of a bar at least and at best, of a chart's title and axis, of an empty row; per point; of the
signatures, of the lines above the headings."""

_MOST_BESIDE, _MOST_CHARTS = 2, 6
"""Charts side by side below a table; charts of a group in all."""

_PAGE_SHAPE = 0.63
"""Height by width of what a page holds, a little less than A4 landscape within its margins."""


@dataclass(frozen=True, slots=True)
class _Plate:
    """One chart, or some side by side.

    Attributes:
        parts: first and last place (0-based) of the units of each chart.
        height, least: in pixels, as it looks best and as it can still be read.
        whole: whether every unit is on it.
    """

    parts: Sequence[tuple[int, int]]
    width: int
    height: int
    least: int
    whole: bool

    def draw(self, sheet: Sheet, standing: Standing, row: int) -> int:
        """Put the charts on the sheet; return the row behind."""
        each = self.width // len(self.parts) - 6
        for place, (first, last) in enumerate(self.parts):
            chart = _chart(standing, sheet, first, last, whole=self.whole)
            chart.set_size({"width": each, "height": self.height})
            offsets = {
                "x_offset": 3 + place * (each + 6),
                "y_offset": 4,
                "object_position": 3,
                "description": f"Biểu đồ chỉ số (%) của {standing.called}, từ thứ {first + 1} đến thứ "
                f"{last + 1}. Số liệu ở bảng xếp hạng.",
            }
            sheet.raw.insert_chart(row, 0, chart, offsets)
        return row + (self.height + 8) // _LINE_PIXELS + 1


def charted(book: Book, standing: Standing) -> Standing:
    """Reserve a sheet for the charts that do not fit on the ranking sheet's own page."""
    if not standing.ranked or _below(standing) or not _plates(standing):
        return standing
    return replace(standing, charts=book.name(f"Biểu đồ {standing.called}"))


def draw_below(sheet: Sheet, standing: Standing, row: int) -> int:
    """Draw the chart below the table, if there is one; return the row behind."""
    plate = _below(standing)
    return plate.draw(sheet, standing, row) if plate else row


def write_plates(book: Book, standing: Standing) -> None:
    """Write the sheet of charts, a page for each or for two of them."""
    sheet = book.sheet(standing.charts, tab="#A9C4E4")
    plates = _plates(standing)
    columns = -(-plates[0].width // column_pixels(_COLUMN))
    sheet.columns([_COLUMN] * columns)
    row, breaks = 0, []
    for plate in plates:
        row = replace(plate, height=_room(standing)).draw(sheet, standing, row)
        breaks.append(row)
    sheet.page(None, 0)
    sheet.raw.set_h_pagebreaks(breaks[:-1])
    sheet.raw.print_area(0, 0, row - 1, columns - 1)


_COLUMN = 10.0
"""Width of the columns under the charts, in characters."""


def _below(standing: Standing) -> _Plate | None:
    """Return the chart that finds room below the table, on the one page of both."""
    plates = _plates(standing)
    if len(plates) != 1 or len(plates[0].parts) != 1:
        return None
    heights = (standing.height(row, at) for at, row in enumerate(standing.rows, start=FIRST_ROW))
    table = int((standing.heading_height + sum(heights)) * _PIXELS)
    left = _room(standing) - table - _TITLED - _SIGNED
    found = (_beside(plates[0], charts) for charts in range(1, _MOST_BESIDE + 1))
    plate = next((one for one in found if one.least <= left), None)
    return replace(plate, height=min(plate.height, left)) if plate else None


def _beside(plate: _Plate, charts: int) -> _Plate:
    """Return a chart parted into several side by side, which need less height."""
    ((first, last),) = plate.parts
    each = -(-(last - first + 1) // charts)
    parts = [(start, min(start + each - 1, last)) for start in range(first, last + 1, each)]
    height, least = _heights(each)
    return replace(plate, parts=parts, height=height, least=least, whole=len(parts) == 1)


def _heights(bars: int) -> tuple[int, int]:
    """Return how high a chart of so many bars looks best, and how high it must be."""
    return bars * _WIDE_PIXELS + _AROUND, bars * _ROW_PIXELS + _AROUND


def _width(standing: Standing) -> int:
    return sum(column_pixels(c.width) for c in standing.columns[: standing.printed])


def _room(standing: Standing) -> int:
    """Return how many pixels high a page is whose width the table fills."""
    return int(_width(standing) * _PAGE_SHAPE)


def _plates(standing: Standing) -> list[_Plate]:
    """Return the charts, page by page.

    Nobody looks at forty pages of bars: of more units than three pages hold, the first and the last
    are drawn.
    """
    assessed = len(standing.rows) - standing.missing
    width, room = _width(standing), _room(standing)
    parts = _parts(assessed, (room - _AROUND) // _ROW_PIXELS) if assessed else []
    found = []
    for start in range(0, len(parts), 2):
        page = parts[start : start + 2]
        tall = max(last - first + 1 for first, last in page)
        height, least = _heights(tall)
        found.append(_Plate(page, width, min(height, room), least, whole=len(parts) == 1))
    return found


def _parts(units: int, room: int) -> list[tuple[int, int]]:
    """Return the first and the last place (0-based) of each chart's units."""
    if units > _MOST_CHARTS * room:
        return [(0, room - 1), (units - room, units - 1)]
    charts = -(-units // room)
    each = -(-units // charts)
    return [(start, min(start + each, units) - 1) for start in range(0, units, each)]


def _chart(standing: Standing, sheet: Sheet, first: int, last: int, *, whole: bool) -> Any:
    quoted = standing.name.replace("'", "''")

    def block(key: str) -> str:
        letter = letters(standing.places[key])
        return f"'{quoted}'!${letter}${FIRST_ROW + first + 1}:${letter}${FIRST_ROW + last + 1}"

    title = "Chỉ số cải cách hành chính (%)"
    if standing.charts:
        title += f" – {standing.called}"
    if not whole:
        title += f" – từ thứ {first + 1} đến thứ {last + 1}"
    drawn = Drawn(title, block("name"), block("index"), last - first + 1)
    over = any(row.result.index > HUNDRED for row in standing.rows)
    return index_bars(sheet.book, drawn, sheet.book.number, None if over else 100)
