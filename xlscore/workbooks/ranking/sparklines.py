"""Sparklines: the years of a unit as small columns in one cell.

Columns, not lines: LibreOffice prints of lines only the marks, and a year that is not known leaves a gap.
"""

from __future__ import annotations

from collections.abc import Collection

from xlscore.numbers import Exact
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import Sheet

_INK, _LAST_INK = "#9DB4CC", "#1F3A5F"


def draw_years(
    sheet: Sheet,
    rows: range,
    years: tuple[int, int],
    place: int,
    indices: Collection[Exact],
) -> None:
    """Draw the indices of every row, all to the same scale.

    Args:
        rows: 0-based.
        years: the first and the last column of the indices.
        place: the column to draw in.
        indices: all that are drawn: columns from 0 on would all look the same.
    """
    if not rows or not indices:
        return
    (first, last), drawn = map(letters, years), letters(place)
    quoted = sheet.name.replace("'", "''")
    options = {
        "location": [f"{drawn}{row + 1}" for row in rows],
        "range": [f"'{quoted}'!{first}{row + 1}:{last}{row + 1}" for row in rows],
        "type": "column",
        "min": max(0, int(min(indices) // 10 - 1) * 10),
        "max": int(max(indices) // 10 + 1) * 10,
        "series_color": _INK,
        "last_point": True,
        "last_color": _LAST_INK,
    }
    sheet.raw.add_sparkline(rows[0], place, options)
