"""The first sheet (Tổng hợp): one page that a chairman reads in a minute.

A few groups are shown with their first and last units, up to `MANY` with one line each; of more, the page
shows the tiers, and a sheet of its own the groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from xlscore.layout import NOTHING
from xlscore.ranking import HUNDRED, Results
from xlscore.summaries import legal_bases, stage, state_lines, summarise
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import GROUP_FILL, Book
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.charts import Drawn, extremes, index_bars, index_columns
from xlscore.workbooks.ranking.formal import letterhead, sign_off
from xlscore.workbooks.ranking.grouptable import GroupRow, GroupTable, Section
from xlscore.workbooks.ranking.highlights import change_lines, write_panels
from xlscore.workbooks.ranking.pagegrid import LINE, PIXELS, PageGrid
from xlscore.workbooks.ranking.standings import FIRST_ROW, Standing

OVERVIEW, GROUPS = "Tổng hợp", "Các nhóm"
FEW, MANY = 3, 14
"""Up to so many groups are shown with their first and last units; more than so many only by tiers."""

_WIDTH = 48
_CHART_WIDTH = 29
_FEW_BARS, _MOST_BARS = 12, 20
_MOST_BAR, _AROUND_BARS = 60, 100
"""Pixels: of a bar with the gap behind it at most, of a chart's title and axis."""

_SEEN = "Biểu đồ chỉ số (%). Số liệu ở bảng các nhóm và các trang xếp hạng."
"""What is read out in place of the chart."""

_LEAST_FOOT = 13
_DRAWN = 2
"""So many columns behind the page stands what the chart draws, hidden."""

_PAGE_SHAPE = 0.63
"""Height by width of the page, a little less than A4 landscape within its margins."""

_AMBER, _AMBER_INK = "#FDF3D8", "#7A4B00"


def group_rows(results: Results, standings: Sequence[Standing]) -> list[GroupRow]:
    """Return every group with its ranking sheet, groups of a tier together."""
    pairs = zip(summarise(results), standings, strict=True)
    rows = [GroupRow(summary, standing) for summary, standing in pairs]
    order = list(results.campaign.settings.tiers)
    return sorted(rows, key=lambda row: order.index(row.summary.group.tier))


def write_overview(
    book: Book,
    results: Results,
    rows: Sequence[GroupRow],
    remarks: Sequence[str],
    generated: datetime | None,
) -> None:
    """Write the first sheet, and the sheet of groups where they are many.

    Args:
        remarks: what plugins say of the ranking, a sentence each.
    """
    grid = PageGrid(book.sheet(OVERVIEW, tab="#B91C1C"), _WIDTH)
    grid.begin()
    grid.sheet.columns([8.0, 8.0], first=grid.last + _DRAWN, hidden=True)
    row = letterhead(grid.sheet, results.campaign.settings, generated, grid.last)
    row = _titles(grid, results, row)
    row = _state(grid, results, remarks, row)
    table = GroupTable(results, rows, grid, row, named=len(rows) > FEW)
    whole = GroupTable(results, rows, grid, 3)  # as it stands on a sheet of its own
    if len(rows) > MANY:
        row = _tiers(table, whole)
    else:
        table.write()
        row = table.end
    if 0 < len(rows) <= FEW and any(r.summary.assessed for r in rows):
        row = write_panels(grid, row + _gap(grid, row), rows)
    row = _foot(grid, results, table, row + _gap(grid, row))
    _page(grid, row)
    if len(rows) > MANY:
        _write_groups(book, whole)


def _gap(grid: PageGrid, row: int) -> int:
    grid.sheet.height(row, 7)
    return 1


def _page(grid: PageGrid, end: int) -> None:
    sheet = grid.sheet
    sheet.page(None, 0)
    sheet.raw.print_area(0, 0, end - 1, grid.last)
    sheet.raw.fit_to_pages(1, 1)
    sheet.raw.center_horizontally()
    sheet.raw.activate()


# --- head -------------------------------------------------------


def _titles(grid: PageGrid, results: Results, row: int) -> int:
    settings = results.campaign.settings
    title = f"KẾT QUẢ XẾP HẠNG CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {settings.year}"
    grid.line(row, title, least=32, font_size=18, bold=True, align="center", valign="bottom")
    grid.line(row + 1, settings.title, font_size=13, italic=True, align="center")
    draft: dict[str, Any] = {} if results.edition else {"font_color": "#A61B1B"}
    words = f"({stage(results)})"
    grid.line(row + 2, words, font_size=12, bold=True, align="center", **draft)
    row += 3
    if bases := legal_bases(results.campaign):
        said = f"Căn cứ: {'; '.join(basis.rstrip('.; ') for basis in bases)}."
        grid.line(row, said, font_size=11, italic=True, align="center")
        row += 1
    return row + _gap(grid, row)


def _state(grid: PageGrid, results: Results, remarks: Sequence[str], row: int) -> int:
    """Say whether the result is final, and what is missing; amber is what calls for attention."""
    warning = {"bg_color": _AMBER, "font_color": _AMBER_INK}
    state: dict[str, Any] = warning if results.provisional else {"bg_color": GROUP_FILL}
    lines = [(line, {**state, "bold": place == 0, "font_size": 11 + (place == 0)})
             for place, line in enumerate(state_lines(results))]  # fmt: skip
    lines += [(line, {**warning, "font_size": 11}) for line in _absent(results)]
    lines += [(remark, {"bg_color": GROUP_FILL, "font_size": 11}) for remark in remarks]
    for line, look in lines:
        grid.line(row, line, align="left", indent=1, **look)
        row += 1
    return row + _gap(grid, row)


def _absent(results: Results, most: int = 12) -> Iterator[str]:
    """Name who is missing and who was late, as far as a line holds."""
    late = [row.result for row in results.rows if row.result.days_late > 0]
    for label, found in (("Chưa có phiếu được tính", results.missing), ("Trễ hạn", late)):
        names = [result.unit.name for result in found[:most]]
        if names:
            more = f" và {len(found) - most} đơn vị khác" if len(found) > most else ""
            yield f"{label}: {', '.join(names)}{more}."


# --- many groups -------------------------------------------------------


def _tiers(table: GroupTable, whole: GroupTable) -> int:
    """Write one row per tier instead of one per group; return the row behind."""
    table.write_heading()
    row = table.top + 1
    for section, groups in whole.sections.items():
        cells = dict(_tier_cells(table, whole, section, row))
        title = f"{whole.results.campaign.settings.tiers[section[0]].title} ({len(groups)} nhóm)"
        spans = [table.title(title, link=GROUPS), *table.figures(cells, section[1])]
        table.grid.put(row, spans, least=24)
        row += 1
    return row


def _tier_cells(
    table: GroupTable, whole: GroupTable, section: Section, row: int
) -> Iterator[tuple[str, Cell]]:
    summaries = [group.summary for group in whole.sections[section]]
    assessed = [found for summary in summaries for found in summary.assessed]

    def block(key: str) -> str:
        return f"'{GROUPS}'!{whole.block(key, section)}"

    units, sent = (letters(table.places[key][0]) for key in ("units", "sent"))
    counted = sum(summary.units for summary in summaries)
    yield "units", Live(f"SUM({block('units')})", counted)
    yield "sent", Live(f"SUM({block('sent')})", len(assessed))
    yield "missing", Live(f"{units}{row + 1}-{sent}{row + 1}", counted - len(assessed))
    for place, name in enumerate(section[1]):
        count = sum(summary.bands[name] for summary in summaries)
        yield f"band {place}", Live(f"SUM({block(f'band {place}')})", count)
    if not assessed:
        yield from dict.fromkeys(("mean", "highest", "first", "lowest", "last"), NOTHING).items()
        return
    indices = [found.result.index for found in assessed]
    mean = f"SUMPRODUCT({block('sent')},{block('mean')})/SUM({block('sent')})"
    yield "mean", Live(mean, float(sum(indices) / len(indices)))
    yield from _extremes(whole, section, block)


def _extremes(whole: GroupTable, section: Section, block: Any) -> Iterator[tuple[str, Cell]]:
    with_result = [group.summary for group in whole.sections[section] if group.summary.assessed]
    for key, named, function, place in (
        ("highest", "first", "MAX", 0),
        ("lowest", "last", "MIN", -1),
    ):
        best = max if place == 0 else min
        # The first group of those with the same index, as MATCH finds it.
        summary = best(with_result, key=lambda s: float(s.assessed[place].result.index))
        row, found = summary.assessed[place], f"{function}({block(key)})"
        name = f"{row.result.unit.name} ({row.band})" if row.band else row.result.unit.name
        yield key, Live(found, float(row.result.index))
        yield named, Live(f"INDEX({block(named)},MATCH({found},{block(key)},0))", name)


def _write_groups(book: Book, whole: GroupTable) -> None:
    grid = PageGrid(book.sheet(GROUPS, tab="#B91C1C"), _WIDTH)
    grid.begin()
    grid.sheet.title(
        0, "KẾT QUẢ THEO NHÓM XẾP HẠNG", "Bấm vào tên nhóm để mở bảng xếp hạng của nhóm."
    )
    GroupTable(whole.results, whole.rows, grid, whole.top).write()
    grid.sheet.page((whole.top, whole.top), 0)


# --- foot: chart, changes, signatures -------------------------------------------------------


def _foot(grid: PageGrid, results: Results, table: GroupTable, row: int) -> int:
    """Draw the chart at the left; beside it the changes, and who signs."""
    start = _CHART_WIDTH + 1
    lines = list(change_lines(grid, results, table.rows, start, grid.last))
    signing = sign_off(grid, results.campaign.settings, start)
    room = grid.columns * PIXELS * _PAGE_SHAPE * 72 / 96 - grid.sheet.used
    rows = max(_LEAST_FOOT, int(room // LINE), len(table.rows) if len(table.rows) <= MANY else 0)
    blank = max(1, rows - len(lines) - len(signing))
    top = row
    drawn = list(_drawn(table)) if FEW <= len(table.rows) <= MANY else []
    for spans, cells in zip_longest([*lines, *[[] for _ in range(blank)], *signing], drawn):
        grid.put(row, spans or [])
        for place, cell in enumerate(cells or [], start=grid.last + _DRAWN):
            # A reference without a format of its own takes on that of its source in LibreOffice.
            look = grid.book.format(num_format=grid.book.number)
            grid.sheet.write(row, place, cell, look)
        row += 1
    chart = _chart(grid, results, table, top)
    if chart is not None:
        height = int((row - top) * LINE * 96 / 72)
        height = min(height - 4, _bars(table) * _MOST_BAR + _AROUND_BARS)
        chart.set_size({"width": _CHART_WIDTH * PIXELS, "height": height})
        grid.sheet.raw.insert_chart(top, 0, chart, {"object_position": 2, "description": _SEEN})
    return row


def _drawn(table: GroupTable) -> Iterator[list[Cell]]:
    """Yield title and mean of every group, without the rows between that name the tiers."""
    for section, groups in table.sections.items():
        for row, group in enumerate(groups, start=table.first_rows[section] + 1):
            title, mean = (f"{letters(table.places[key][0])}{row}" for key in ("title", "mean"))
            summary = group.summary
            figure = NOTHING if summary.mean is None else float(summary.mean)
            yield [Live(title, summary.group.title), Live(mean, figure)]


def _chart(grid: PageGrid, results: Results, table: GroupTable, top: int) -> Any:
    """Return the chart: means of the groups; with one or two groups the units of the first.

    Of many groups it shows the tiers, with the highest and the lowest index of each.
    """
    if not any(group.summary.assessed for group in table.rows):
        return None
    over = any(row.result.index > HUNDRED for row in results.rows)
    number, limit = grid.book.number, None if over else 100
    if len(table.rows) < FEW:
        return _units_chart(grid.book, table.rows, number, limit)
    if len(table.rows) > MANY:
        blocks = {key: _tier_block(table, key) for key in ("title", "highest", "mean", "lowest")}
        return extremes(grid.book, blocks, number, limit)
    names, means = (
        f"'{OVERVIEW}'!${letter}${top + 1}:${letter}${top + len(table.rows)}"
        for letter in map(letters, range(grid.last + _DRAWN, grid.last + _DRAWN + 2))
    )
    title = "Chỉ số trung bình của các nhóm (%)"
    return index_bars(grid.book, Drawn(title, names, means, len(table.rows)), number, limit)


def _bars(table: GroupTable) -> int:
    """Return how many bars the chart has."""
    if len(table.rows) > MANY:
        return 3 * len(table.sections)
    if len(table.rows) >= FEW:
        return len(table.rows)
    assessed = (len(group.summary.assessed) for group in table.rows)
    return min(next((units for units in assessed if units), 0), _MOST_BARS)


def _tier_block(table: GroupTable, key: str) -> str:
    """Return the range of a column over the rows of tiers."""
    letter, top = letters(table.places[key][0]), table.top + 2
    return f"'{OVERVIEW}'!${letter}${top}:${letter}${top + len(table.sections) - 1}"


def _units_chart(book: Book, rows: Sequence[GroupRow], number: str, limit: float | None) -> Any:
    """Return the chart of the units of the first group that has results."""
    group = next(row for row in rows if row.summary.assessed)
    assessed = len(group.summary.assessed)
    shown = min(assessed, _MOST_BARS)
    first, last = FIRST_ROW + 1, FIRST_ROW + shown
    sheet, quoted = group.standing, group.standing.name.replace("'", "''")
    name, index = (letters(sheet.places[key]) for key in ("name", "index"))
    some = f": {shown} đơn vị dẫn đầu" if shown < assessed else ""
    title = f"Chỉ số (%) – {group.summary.group.title}{some}"
    names, indices = (f"'{quoted}'!${letter}${first}:${letter}${last}" for letter in (name, index))
    drawn = Drawn(title, names, indices, shown)
    return (index_bars if shown <= _FEW_BARS else index_columns)(book, drawn, number, limit)
