"""The frame of a matrix of criteria × units: title, turned headings, page, the looks of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlscore.ranking import UnitResult
from xlscore.rubric import Node
from xlscore.workbooks.heights import line_height, text_lines
from xlscore.workbooks.ranking.book import DOMAIN_FILL, GROUP_FILL, QUIET, Book, Sheet
from xlscore.workbooks.ranking.tiersheets import (
    CODE_ROW,
    FIRST_ROW,
    MAXIMUM_ROW,
    TITLE_ROW,
    UNIT_COLUMNS,
    TierSheets,
)

_NODE_WIDTH = 8.0
_TITLE_SIZE = 9


def framed_sheet(
    book: Book,
    sheets: TierSheets,
    name: str,
    title: str,
    said: str,
    nodes: Sequence[Node],
    totals: Sequence[str],
) -> Sheet:
    """Begin a sheet with these nodes and totals as its columns; return it."""
    sheet = book.sheet(name)
    last = UNIT_COLUMNS + len(nodes) + len(totals) - 1
    sheet.columns(
        [*unit_widths(sheets.results), *[_NODE_WIDTH] * len(nodes), *[11.0] * len(totals)]
    )
    # Short texts: the first columns are repeated on every page, and cut what runs beyond them.
    sheet.title(0, title, sheets.title)
    sheet.write(1, UNIT_COLUMNS, said, book.format(italic=True, font_color=QUIET))
    _heading(book, sheet, sheets, nodes, totals)
    sheet.page((CODE_ROW, MAXIMUM_ROW), UNIT_COLUMNS, fit=False)
    sheet.raw.set_print_scale(60)
    domains = [i for i, n in enumerate(nodes) if sheets.depths[n.id] == 1]
    sheet.raw.set_v_pagebreaks(_breaks(domains, len(nodes) + len(totals)))
    sheet.raw.autofilter(MAXIMUM_ROW, 0, FIRST_ROW + len(sheets.results) - 1, last)
    return sheet


def _breaks(domains: Sequence[int], columns: int, room: int = 21) -> list[int]:
    """Return the columns before which a page starts: at domains, as many to a page as fit."""
    breaks, start = [], 0
    for here, following in zip(domains, [*domains[1:], columns], strict=True):
        if here > start and following - start > room:
            breaks.append(UNIT_COLUMNS + here)
            start = here
    return breaks


def _heading(
    book: Book, sheet: Sheet, sheets: TierSheets, nodes: Sequence[Node], totals: Sequence[str]
) -> None:
    small = {"font_size": _TITLE_SIZE, "bold": False}
    for row in (CODE_ROW, TITLE_ROW, MAXIMUM_ROW):
        labels = {CODE_ROW: ("STT", ""), TITLE_ROW: ("Mã", "Đơn vị")}.get(row, ("Điểm tối đa", ""))
        sheet.row(row, labels, [book.heading()] * UNIT_COLUMNS)
        for place, node in enumerate(nodes):
            fill = {"bg_color": _fill(sheets, node) or "#FFFFFF"}
            column = UNIT_COLUMNS + place
            if row == CODE_ROW:
                sheet.write(row, column, node.code, book.heading(**fill, font_size=10))
            elif row == TITLE_ROW:
                look = book.heading(**(fill | small), rotation=90, align="left", valign="bottom")
                sheet.write(row, column, node.title, look)
            else:
                sheet.write(row, column, node.max, book.heading(**fill, font_size=10))
        for place, text in enumerate(totals):
            said = text if row == TITLE_ROW else ""
            sheet.write(row, UNIT_COLUMNS + len(nodes) + place, said, book.heading())
        if row == TITLE_ROW:
            sheet.raw.set_row(row, _title_height([node.title for node in nodes]))


def _title_height(titles: Sequence[str]) -> float:
    """Return the height at which every turned title fits the width of its column."""
    room = int((_NODE_WIDTH * 7) * 72 / 96 // line_height(_TITLE_SIZE))
    for height in range(90, 390, 10):
        pixels = height * 96 / 72
        if all(text_lines(title, pixels, _TITLE_SIZE) <= room for title in titles):
            return height + 8  # the text does not begin at the very edge
    return 400


def unit_widths(results: Sequence[UnitResult]) -> tuple[float, float]:
    """Return the widths that fit the codes and the names of units, within reason."""
    codes = max((len(result.unit.code) for result in results), default=0)
    names = max((len(result.unit.name) for result in results), default=0)
    return min(max(8.0, codes * 1.25 + 3), 20.0), min(max(22.0, names * 1.0 + 2), 46.0)


def write_unit(sheet: Sheet, row: int, result: UnitResult) -> None:
    """Write the code and the name of a unit at the beginning of its row."""
    look = sheet.book.cell(indent=1)
    sheet.write(row, 0, result.unit.code, look)
    sheet.write(row, 1, result.unit.name, look)


def node_looks(book: Book, sheets: TierSheets, number: str) -> list[Any]:
    """Return the looks of all nodes, in the order of their columns."""
    return [node_look(book, sheets, node, number) for node in sheets.rubric.walk()]


def node_look(book: Book, sheets: TierSheets, node: Node, number: str) -> Any:
    """Return the look of the figures of one node."""
    look: dict[str, Any] = {"num_format": number, "align": "right", "font_size": 10}
    if fill := _fill(sheets, node):
        look |= {"bg_color": fill, "bold": sheets.depths[node.id] == 1}
    return book.cell(**look)


def _fill(sheets: TierSheets, node: Node) -> str:
    if sheets.depths[node.id] == 1:
        return DOMAIN_FILL
    return "" if node.is_leaf else GROUP_FILL
