"""One ranking group on a sheet of its own: rank, index and band before and after, with charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xlscore.layout import NOTHING
from xlscore.ranking import RankedRow
from xlscore.supposing import GroupComparison, Move
from xlscore.workbooks.comparison.said import BANNER
from xlscore.workbooks.heights import column_pixels
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import FONT, INK, Book, Sheet, signed
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.charts import BAR_INK, font
from xlscore.workbooks.ranking.tables import FIRST_ROW, TableColumn, finish_table, table_sheet

RISE, FALL, STAY = "▲", "▼", "="
_PER_CHART, _CHARTS = 16, 4
_ROW_PIXELS, _FRAME_PIXELS = 34, 110
_LIGHT = "#C9D3E0"
_GRID = "#D1D5DB"


@dataclass(frozen=True)
class GroupSheet:
    """A group of one scenario, and the sheet that it stands on."""

    name: str
    scenario: str
    group: GroupComparison

    def block(self, column: int) -> str:
        """Return the range of all units in a column, for formulas on other sheets."""
        return self.part(column, 0, len(self.group.moves) - 1)

    def part(self, column: int, first: int, last: int) -> str:
        """Return the range of some units (0-based places) in a column."""
        letter, quoted = letters(column), self.name.replace("'", "''")
        return f"'{quoted}'!${letter}${FIRST_ROW + first + 1}:${letter}${FIRST_ROW + last + 1}"


RANK_BEFORE, RANK_AFTER, MOVED, CODE, NAME, BEFORE, AFTER, CHANGE, BAND_BEFORE, BAND_AFTER = range(
    10
)


def _columns(book: Book) -> list[TableColumn]:
    return [
        TableColumn("Hạng hiện tại", 9, align="center"),
        TableColumn("Hạng giả định", 9, align="center"),
        TableColumn("Thay đổi hạng", 10, align="center"),
        TableColumn("Mã", 11),
        TableColumn("Đơn vị", 40),
        TableColumn("Chỉ số hiện tại (%)", 11, book.number, "center"),
        TableColumn("Chỉ số giả định (%)", 11, book.number, "center"),
        TableColumn("Chênh lệch (điểm %)", 11, signed(book.number), "center"),
        TableColumn("Xếp loại hiện tại", 12, align="center"),
        TableColumn("Xếp loại giả định", 12, align="center"),
        TableColumn("Đổi loại", 9, align="center"),
    ]


def write_group(book: Book, sheet_of: GroupSheet) -> None:
    """Write one group."""
    group = sheet_of.group
    columns = _columns(book)
    said = f"{BANNER}. Kịch bản: {sheet_of.scenario}. Xếp theo thứ tự giả định."
    sheet, looks = table_sheet(book, sheet_of.name, _title(group), said, columns)
    strong = [*looks]
    for place in (RANK_AFTER, MOVED):
        strong[place] = book.cell(align="center", bold=True)
    for place, move in enumerate(group.moves):
        row = FIRST_ROW + place
        cells = list(_cells(move, row + 1))
        sheet.row(row, cells, strong if move.moves else looks)
        sheet.fit_row(row, [(NAME, move.unit.name), (CODE, move.unit.code)])
    finish_table(sheet, len(columns), len(group.moves), NAME + 1)
    mark(sheet)
    if group.ranked:
        _charts(book, sheet, sheet_of, columns)


def _title(group: GroupComparison) -> str:
    wide = "XẾP HẠNG CHUNG: " if group.across else ""
    return f"{wide}{group.title.upper()}"


def mark(sheet: Sheet) -> None:
    """Say on every printed page that this is no result."""
    sheet.raw.set_margins(left=0.6, right=0.5, top=0.75, bottom=0.7)
    sheet.raw.set_header(f'&C&"{FONT},Bold"&13{BANNER}', {"margin": 0.3})


def _cells(move: Move, row: int) -> Iterator[Cell]:
    yield NOTHING if move.rank_before is None else move.rank_before
    yield NOTHING if move.rank_after is None else move.rank_after
    old, new = f"A{row}", f"B{row}"
    yield Live(
        f'IF(COUNT({old}:{new})<2,"{NOTHING}",IF({old}>{new},"{RISE} "&({old}-{new}),'
        f'IF({old}<{new},"{FALL} "&({new}-{old}),"{STAY}")))',
        moved(move),
    )
    yield move.unit.code
    yield move.unit.name
    yield _index(move.before)
    yield _index(move.after)
    change = "" if move.index is None else float(move.index)
    yield Live(f'IF(COUNT(F{row}:G{row})<2,"",G{row}-F{row})', change)
    yield _band(move.before)
    yield _band(move.after)
    yield Live(
        f'IF(I{row}=J{row},"","đổi")', "đổi" if _band(move.before) != _band(move.after) else ""
    )


def moved(move: Move) -> str:
    """Return by how many places a unit moves, legible without colours: ▲ 3, ▼ 2, =."""
    if move.ranks is None:
        return NOTHING
    if move.ranks == 0:
        return STAY
    return f"{RISE} {move.ranks}" if move.ranks > 0 else f"{FALL} {-move.ranks}"


def _index(row: RankedRow | None) -> Cell:
    return None if row is None else row.result.index


def _band(row: RankedRow | None) -> str:
    return NOTHING if row is None or not row.band else row.band


# --- charts ---------------------------------------------------------------------------------------


def _charts(book: Book, sheet: Sheet, sheet_of: GroupSheet, columns: Sequence[TableColumn]) -> None:
    """Draw the indices before and after, a page of bars each; of many units the first ones."""
    units = len(sheet_of.group.moves)
    width = sum(column_pixels(column.width) for column in columns) - 6
    row, breaks = FIRST_ROW + units + 1, []
    shown = min(units, _PER_CHART * _CHARTS)
    each = -(-shown // -(-shown // _PER_CHART))
    for first in range(0, shown, each):
        last = min(first + each, shown) - 1
        height = (last - first + 1) * _ROW_PIXELS + _FRAME_PIXELS
        chart = _chart(book, sheet_of, (first, last))
        chart.set_size({"width": width, "height": height})
        seen = f"Biểu đồ chỉ số (%) trước và sau, từ thứ {first + 1} đến thứ {last + 1}."
        place = {"x_offset": 3, "y_offset": 4, "object_position": 3, "description": seen}
        sheet.raw.insert_chart(row, 0, chart, place)
        breaks.append(row)
        row += height // 20 + 2
    sheet.raw.set_h_pagebreaks(breaks)


def _chart(book: Book, sheet_of: GroupSheet, places: tuple[int, int]) -> Any:
    chart = book.chart({"type": "bar"})
    looks = ((BEFORE, "Hiện tại", _LIGHT), (AFTER, "Giả định", BAR_INK))
    for column, name, ink in looks:
        chart.add_series(
            {
                "name": name,
                "categories": f"={sheet_of.part(NAME, *places)}",
                "values": f"={sheet_of.part(column, *places)}",
                "fill": {"color": ink},
                "border": {"color": INK, "width": 0.75},
                "gap": 60,
                "data_labels": {"value": True, "num_format": book.number, "font": font(9)},
            }
        )
    title = f"{BANNER}: chỉ số hiện tại và giả định (%)"
    if len(sheet_of.group.moves) > _PER_CHART:
        title += f" – từ thứ {places[0] + 1} đến thứ {places[1] + 1}"
    chart.set_title({"name": title, "name_font": font(12, bold=True), "overlay": False})
    chart.set_legend({"position": "bottom", "font": font(10)})
    chart.set_y_axis({"reverse": True, "num_font": font(9), "interval_unit": 1,
                      "major_tick_mark": "none"})  # fmt: skip
    chart.set_x_axis({"min": 0, "num_font": font(9), "num_format": "0", "label_position": "high",
                      "major_gridlines": {"visible": True,
                                          "line": {"color": _GRID, "width": 0.5}}})  # fmt: skip
    chart.set_chartarea({"border": {"color": _GRID}})
    return chart
