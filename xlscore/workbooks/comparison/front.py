"""The first sheet: what is supposed, in words, and what would follow, at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from xlscore.layout import NOTHING
from xlscore.supposing import Comparison, GroupComparison, Move, Scenario
from xlscore.workbooks.comparison.groups import (
    AFTER,
    BAND_AFTER,
    BAND_BEFORE,
    BEFORE,
    RANK_AFTER,
    RANK_BEFORE,
    GroupSheet,
    mark,
    moved,
)
from xlscore.workbooks.comparison.said import BANNER, Said, changes
from xlscore.workbooks.ranking.book import Book, Sheet
from xlscore.workbooks.ranking.cells import Cell, Live

NAME = "Giả định"
_WIDTHS = (46.0, 36.0, 36.0, 9.0, 9.0, 9.0, 11.0, 11.0)
_LAST = len(_WIDTHS) - 1
_REASON = 3
_LINE_LETTERS = 150
_MOST, _MOST_ALONE = 3, 10
_AMBER, _AMBER_INK = "#FDF3D8", "#7A4B00"


def write_front(
    book: Book,
    comparison: Comparison,
    sheets: Sequence[Sequence[GroupSheet]],
    generated: datetime | None,
) -> None:
    """Write the first sheet.

    Args:
        sheets: of each scenario its group sheets, to which the figures are linked.
    """
    sheet = book.sheet(NAME, tab="#B45309")
    sheet.columns(_WIDTHS)
    row = _head(sheet, comparison, generated)
    for number, (scenario, own) in enumerate(zip(comparison.scenarios, sheets, strict=True), 1):
        title = scenario.supposition.title
        if len(comparison.scenarios) > 1:
            title = f"Kịch bản {number}: {title}"
        row = _changes(sheet, comparison, scenario, title, row)
        row = _summary(sheet, scenario, own, row)
    sheet.page(None, 0)
    sheet.raw.repeat_rows(0)
    mark(sheet)
    sheet.raw.activate()


def _head(sheet: Sheet, comparison: Comparison, generated: datetime | None) -> int:
    book, settings = sheet.book, comparison.base.campaign.settings
    banner = book.format(bold=True, font_size=18, align="center", bg_color=_AMBER,
                         font_color=_AMBER_INK, border=2, border_color=_AMBER_INK)  # fmt: skip
    sheet.raw.set_row(0, 34)
    sheet.span(0, 0, _LAST, BANNER, banner)
    sheet.raw.set_row(1, 26)
    title = f"So sánh xếp hạng Chỉ số CCHC năm {settings.year} với giả định"
    sheet.span(1, 0, _LAST, title, book.format(bold=True, font_size=14, align="center"))
    made = "" if generated is None else f" Lập lúc {generated:%H:%M ngày %d/%m/%Y}."
    state = "tạm tính" if comparison.base.provisional else "đầy đủ"
    said = (
        f"{settings.title}. Kết quả hiện tại: {state}.{made} "
        "Bảng này không thay đổi sổ theo dõi, phiếu, điểm và các bảng xếp hạng đã lập."
    )
    sheet.span(2, 0, _LAST, said, book.format(italic=True, align="center", text_wrap=True))
    sheet.raw.set_row(2, 34)
    return 4


# --- what is supposed -----------------------------------------------------------------------------


def _changes(sheet: Sheet, comparison: Comparison, scenario: Scenario, title: str, row: int) -> int:
    book = sheet.book
    sheet.raw.set_row(row, 24)
    sheet.span(row, 0, _LAST, title, book.format(bold=True, font_size=13))
    row += 1
    for place, heading in enumerate(("Điều được giả định", "Hiện tại", "Giả định")):
        sheet.write(row, place, heading, book.heading())
    sheet.span(row, _REASON, _LAST, "Lý do", book.heading())
    said = list(changes(comparison.base, scenario.supposition))
    for one in said or [Said("Không có thay đổi nào", NOTHING, NOTHING)]:
        row += 1
        text = book.cell(text_wrap=True, indent=1)
        strong = book.cell(text_wrap=True, indent=1, bold=True)
        sheet.row(row, [one.what, one.before, one.after], [text, text, strong])
        sheet.span(row, _REASON, _LAST, one.reason, text)
        # The merged reason is as wide as the columns before it.
        fitted = [(0, f"{one.what}…"), (1, f"{one.before}…"), (2, f"{one.after}…"), (0, one.reason)]
        sheet.fit_row(row, fitted, bold=True)
    return row + 2


# --- what would follow ----------------------------------------------------------------------------

_HEADINGS = (
    "Nhóm xếp hạng", "Lên hạng nhiều nhất", "Xuống hạng nhiều nhất", "Số đơn vị", "Đổi hạng",
    "Đổi loại", "Chỉ số trung bình hiện tại (%)", "Chỉ số trung bình giả định (%)",
)  # fmt: skip


def _summary(sheet: Sheet, scenario: Scenario, own: Sequence[GroupSheet], row: int) -> int:
    book = sheet.book
    sheet.row(row, _HEADINGS, [book.heading()] * len(_HEADINGS))
    sheet.fit_row(row, enumerate(_HEADINGS), bold=True)
    text, count = book.cell(text_wrap=True, indent=1), book.cell(align="center")
    mean = book.cell(align="center", num_format=book.number)
    looks = [text, text, text, count, count, count, mean, mean]
    for one in own:
        row += 1
        rises, falls = _extremes(one.group, sign=1), _extremes(one.group, sign=-1)
        sheet.row(row, ["", rises, falls, *_figures(one)], looks)
        link = f"internal:'{one.name.replace(chr(39), chr(39) * 2)}'!A1"
        title = f"{one.group.title} (chung cả cấp)" if one.group.across else one.group.title
        look = book.cell(text_wrap=True, indent=1, font_color="#1D4E89", bold=True)
        sheet.raw.write_url(row, 0, link, look, title)
        sheet.fit_row(row, [(0, f"{title}  "), (1, rises), (2, falls)])
    same = [group.title for group in scenario.groups if not group.changes]
    alone = [
        move for group in scenario.own_groups for move in group.moves if move.changes_index_alone
    ]
    sentences = [f"Không thay đổi gì: {'; '.join(same)}."] if same else []
    if alone:
        named = ", ".join(move.unit.name for move in alone[:_MOST_ALONE])
        more = ", …" if len(alone) > _MOST_ALONE else ""
        sentences.append(
            f"Chỉ đổi chỉ số, không đổi hạng và loại: {len(alone)} đơn vị ({named}{more})."
        )
    for said in sentences:
        row += 1
        sheet.span(row, 0, _LAST, said, book.cell(text_wrap=True, italic=True))
        lines = -(-len(said) // _LINE_LETTERS)
        sheet.raw.set_row(row, 6 + 16 * lines)
    return row + 2


def _extremes(group: GroupComparison, *, sign: int) -> str:
    """Name the units that rise (sign 1) or fall (−1) most."""
    found = [move for move in group.moves if move.ranks is not None and move.ranks * sign > 0]
    found.sort(key=lambda move: -abs(move.ranks or 0))
    said = [f"{move.unit.name} ({moved(move)})" for move in found[:_MOST]]
    return "; ".join(said) or NOTHING


def _figures(one: GroupSheet) -> list[Cell]:
    moves = one.group.moves
    ranks = f"{one.block(RANK_BEFORE)}<>{one.block(RANK_AFTER)}"
    bands = f"{one.block(BAND_BEFORE)}<>{one.block(BAND_AFTER)}"
    return [
        len(moves),
        Live(f"SUMPRODUCT(1*({ranks}))", sum(move.moves for move in moves)),
        Live(f"SUMPRODUCT(1*({bands}))", sum(_other_band(move) for move in moves)),
        _mean(one, BEFORE),
        _mean(one, AFTER),
    ]


def _other_band(move: Move) -> bool:
    sides = [side.band if side and side.band else NOTHING for side in (move.before, move.after)]
    return sides[0] != sides[1]


def _mean(one: GroupSheet, column: int) -> Cell:
    sides = [move.before if column == BEFORE else move.after for move in one.group.moves]
    indices = [side.result.index for side in sides if side is not None]
    if not indices:
        return NOTHING
    mean = sum(indices, Fraction(0)) / len(indices)
    return Live(f"AVERAGE({one.block(column)})", float(mean))
