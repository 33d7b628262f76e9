"""The page of a unit's profile as it looks: the list to choose from, tables, charts, printing."""

from __future__ import annotations

from typing import Any

from xlscore.layout import NOTHING
from xlscore.workbooks.heights import column_pixels, row_height
from xlscore.workbooks.ranking.book import GROUP_FILL, QUIET, Book, Sheet, signed
from xlscore.workbooks.ranking.grid import Grid, at
from xlscore.workbooks.ranking.losses import MOST
from xlscore.workbooks.ranking.profile import (
    CHART_ROWS,
    CHOICE_ROW,
    COLUMNS,
    FACTS_ROW,
    LABEL,
    LIST,
    SHORT,
    TABLE_ROW,
    TREND_ROWS,
    Profile,
)
from xlscore.workbooks.ranking.profilecharts import draw_charts

_WIDTHS = (46.0, 12.0, 12.0, 12.0, 12.0, 12.0)
_ROW = 20.0
_YELLOW = "#FFF6CC"
_UNSEEN = ";;;"
"""Number format of hidden helpers: LibreOffice prints dots of texts in columns that have no width."""


def write_profile(book: Book, profile: Profile) -> None:
    """Write the page of a tier's units, one chosen at a time."""
    sheet = book.sheet(profile.name, tab="#B7791F")
    sheet.columns(_WIDTHS)
    sheet.columns([8.0] * (LIST + 5 - LABEL), first=LABEL, hidden=True)
    grid = Grid(sheet)
    _head(book, grid, profile)
    _facts(book, grid, profile)
    _domains(book, grid, profile)
    _losses(book, grid, profile)
    _years(book, grid, profile)
    unseen = book.format(num_format=_UNSEEN)
    for row, cell in profile.places():
        grid.put(row, LIST, cell, unseen)
    _room(grid, profile)
    grid.write()
    _choice(sheet, profile)
    draw_charts(sheet, profile, sum(column_pixels(width) for width in _WIDTHS) - 4, _ROW)
    _page(sheet, profile)


def _head(book: Book, grid: Grid, profile: Profile) -> None:
    title = f"HỒ SƠ ĐƠN VỊ – {profile.components.tier.title.upper()}"
    grid.put(0, 0, title, book.format(bold=True, font_size=14))
    said = "Chọn đơn vị ở ô màu vàng: các bảng, biểu đồ bên dưới theo đơn vị được chọn."
    grid.put(1, 0, said, book.format(italic=True, font_color=QUIET))
    grid.height(0, 24)
    label = profile.components.labels[profile.chosen.unit.code]
    look = book.cell(bold=True, font_size=13, bg_color=_YELLOW, indent=1, border=2)
    grid.put(CHOICE_ROW, 0, "Đơn vị", book.heading(align="left", indent=1, font_size=13))
    grid.put(CHOICE_ROW, 1, label, look, last=COLUMNS - 1)
    grid.height(CHOICE_ROW, 28)


def _room(grid: Grid, profile: Profile) -> None:
    """Give the rows under the charts the height that the charts are drawn for."""
    for row in range(profile.chart_row, profile.chart_row + CHART_ROWS):
        grid.height(row, _ROW)
    for row in range(profile.year_row + 5, profile.year_row + 5 + TREND_ROWS):
        grid.height(row, _ROW)


def _choice(sheet: Sheet, profile: Profile) -> None:
    sheet.raw.data_validation(
        CHOICE_ROW,
        1,
        CHOICE_ROW,
        1,
        {
            "validate": "list",
            "source": f"={profile.components.listed('label')}",
            "input_title": "Chọn đơn vị",
            "input_message": "Bấm mũi tên bên phải ô để chọn từ danh sách.",
            "error_title": "Không có đơn vị này",
            "error_message": "Hãy chọn tên đơn vị từ danh sách.",
        },
    )


def _facts(book: Book, grid: Grid, profile: Profile) -> None:
    grid.line(
        FACTS_ROW,
        ("Nhóm xếp hạng", "Mã", "Hạng", "Trong số (đơn vị)", "Chỉ số (%)", "Xếp loại"),
        book.heading(font_size=10),
    )
    grid.height(FACTS_ROW, 32)
    bold = {"bold": True, "align": "center", "font_size": 13}
    row = FACTS_ROW + 1
    for column, cell in enumerate(profile.facts()):
        look = dict(bold)
        if column == 0:
            look |= {"align": "left", "indent": 1, "font_size": 11, "text_wrap": True}
        elif column == COLUMNS - 2:
            look["num_format"] = book.number
        grid.put(row, column, cell, book.cell(**look))
    groups = set(profile.components.groups.values())
    grid.height(row, max(_height(group, _WIDTHS[0]) for group in groups))


def _height(text: str, width: float, size: float = 11, *, most: float = 60) -> float:
    height = row_height([(f"{text} mm", column_pixels(width), size, True)]) + 5
    return min(max(height, _ROW), most)


def _figures(book: Book, **more: Any) -> list[Any]:
    """Return the looks of title, points, maximum, index, mean, difference."""
    number = {"align": "center", "num_format": book.number} | more
    dashed = f'{book.number};-{book.number};"{NOTHING}"'
    return [
        book.cell(text_wrap=True, indent=1, **more),
        book.cell(**number),
        book.cell(**(number | {"num_format": dashed})),
        book.cell(**(number | {"bold": True})),
        book.cell(**number),
        book.cell(**(number | {"num_format": signed(book.number), "bold": True})),
    ]


def _domains(book: Book, grid: Grid, profile: Profile) -> None:
    headings = (
        "Lĩnh vực", "Điểm đạt được", "Điểm tối đa áp dụng", "Chỉ số (%)",
        profile.mean_heading(), "Hơn, kém trung bình",
    )  # fmt: skip
    grid.line(TABLE_ROW, headings, book.heading(font_size=10))
    grid.height(TABLE_ROW, 32)
    looks = _figures(book)
    plain = book.format()
    for row, node in enumerate(profile.domains, start=profile.first_row):
        for column, cell in enumerate(profile.domain(node, row)):
            grid.put(row, column, cell, looks[column])
        label, short = profile.label(node, row)
        grid.put(row, LABEL, label, plain)
        grid.put(row, SHORT, short, plain)
        grid.height(row, _height(f"{node.code}. {node.title}", _WIDTHS[0]))
    totals = _figures(book, bold=True, bg_color=GROUP_FILL)
    for column, cell in enumerate(profile.total()):
        grid.put(profile.total_row, column, cell, totals[column])
    _extremes(book, grid, profile)


def _extremes(book: Book, grid: Grid, profile: Profile) -> None:
    plain = book.cell(indent=1)
    said = book.cell(bold=True, indent=1, text_wrap=True)
    figure = book.cell(bold=True, align="center", num_format=book.number)
    for row, (text, name, index) in enumerate(profile.extremes(), start=profile.total_row + 1):
        grid.put(row, 0, text, plain)
        grid.put(row, 1, name, said, last=COLUMNS - 2)
        grid.put(row, COLUMNS - 1, index, figure)
    titles = [f"{node.code}. {node.title}" for node in profile.domains]
    room = max(_height(title, sum(_WIDTHS[1:5])) for title in titles)
    for row in range(profile.total_row, profile.total_row + 3):
        grid.height(row, room if row > profile.total_row else _ROW)


def _losses(book: Book, grid: Grid, profile: Profile) -> None:
    losses, first = profile.losses, profile.loss_row
    heading = book.heading(font_size=10)
    title = "Nội dung mất nhiều điểm nhất"
    for column, text in ((0, title), (3, "Điểm tối đa"), (4, "Điểm đạt được"), (5, "Điểm bị mất")):
        grid.put(first, column, text, heading, last=2 if column == 0 else -1)
    grid.height(first, 32)
    looks = _figures(book)
    width = sum(_WIDTHS[:3])
    height = max(_height(f"{n.code}. {n.title}", width, 10, most=34) for n in losses.nodes)
    text = book.cell(text_wrap=True, indent=1, font_size=10)
    unseen = book.format(num_format=_UNSEEN)
    for place in range(1, MOST + 1):
        row = first + place
        pointer, name, maximum, points, loss = losses.shown(place, at(row, LABEL))
        grid.put(row, LABEL, pointer, unseen)
        grid.put(row, 0, name, text, last=2)
        for column, cell in ((3, maximum), (4, points), (5, loss)):
            grid.put(row, column, cell, looks[1] if column < COLUMNS - 1 else looks[3])
        grid.height(row, height)
    for row, cells in losses.rows():
        for part, listed in enumerate(cells):
            grid.put(row, LIST + part, listed, unseen)


def _years(book: Book, grid: Grid, profile: Profile) -> None:
    years, first = profile.over_years, profile.year_row
    if years is None:
        return
    heading, label = book.heading(font_size=10), book.cell(indent=1)
    number = book.cell(align="center", num_format=book.number)
    looks = (heading, number, number, book.cell(align="center"))
    for row, ((said, cells), look) in enumerate(
        zip(years.lines(), looks, strict=True), start=first
    ):
        grid.put(row, 0, said, heading if row == first else label)
        for column, cell in enumerate(cells, start=1):
            grid.put(row, column, cell, look)
        grid.height(row, _ROW)
    origin = book.format(italic=True, font_size=10, text_wrap=True, indent=1)
    grid.put(first + 4, 0, years.origin(), origin, last=COLUMNS - 1)
    grid.height(first + 4, 2 * _ROW - 6)


def _page(sheet: Sheet, profile: Profile) -> None:
    raw = sheet.raw
    sheet.page((0, 0), 0)
    raw.freeze_panes(CHOICE_ROW + 1, 0)
    raw.set_portrait()
    raw.print_area(0, 0, profile.last_row, COLUMNS - 1)
    raw.fit_to_pages(1, 1)
    raw.center_horizontally()
