"""The first page (Tổng hợp): what a chairman reads in a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from xlscore.layout import NOTHING
from xlscore.ranking import RankedRow, Results, group_of
from xlscore.remarks import waiting
from xlscore.workbooks.ranking.book import QUIET, Book, Sheet
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.standings import Standing

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_FIXED = (
    ("Nhóm xếp hạng", 30.0),
    ("Số đơn vị", 8.5),
    ("Đã nộp", 8.5),
    ("Chưa có phiếu", 8.5),
    ("Chỉ số trung bình (%)", 11.0),
    ("Cao nhất (%)", 11.0),
    ("Thấp nhất (%)", 11.0),
    ("Đơn vị dẫn đầu", 30.0),
    ("Đơn vị cuối nhóm", 30.0),
)
_BAND_WIDTH = 9.5
_LETTERHEAD_LEFT = 4
Look = dict[str, Any]
_AMBER, _AMBER_INK = "#FDF3D8", "#7A4B00"


def write_overview(
    book: Book,
    results: Results,
    standings: Sequence[Standing],
    sheets: Sequence[tuple[str, str]],
    generated: datetime | None,
) -> None:
    """Write the first page.

    Args:
        standings: the ranking sheets, to which the table is linked by live formulas.
        sheets: names of the other sheets, with what is on them.
    """
    sheet = book.sheet("Tổng hợp", tab="#B91C1C")
    bands = _bands(results)
    longest = max((len(group.title) for group in results.groups), default=0)
    widths = [width for _, width in _FIXED]
    widths[0] = min(max(widths[0], longest * 1.15 + 3), 60.0)
    sheet.columns([*widths, *[_BAND_WIDTH] * len(bands)])
    last = len(_FIXED) + len(bands) - 1
    row = _letterhead(sheet, results, last, generated)
    row = _titles(sheet, results, row, last)
    row = _state(sheet, results, row, last)
    row = _table(sheet, results, standings, bands, row)
    _contents(sheet, sheets, row + 1)
    _page(sheet)


def _page(sheet: Sheet) -> None:
    sheet.page((0, 0), 0)
    sheet.raw.freeze_panes(0, 0)
    sheet.raw.repeat_rows(0, 0)
    sheet.raw.fit_to_pages(1, 1)
    sheet.raw.center_horizontally()
    sheet.raw.activate()


def _bands(results: Results) -> list[str]:
    tiers = results.campaign.settings.tiers.values()
    return list(dict.fromkeys(band.name for tier in tiers for band in tier.bands))


# --- head -------------------------------------------------------


def _letterhead(sheet: Sheet, results: Results, last: int, generated: datetime | None) -> int:
    authority = results.campaign.settings.authority
    when = f"{authority.place}, {_day(generated)}"
    rows: tuple[tuple[str, Look, str, Look], ...] = (
        (authority.name.upper(), {"font_size": 12}, NATION, {"font_size": 12, "bold": True}),
        (authority.office.upper(), {"font_size": 12, "bold": True}, MOTTO,
         {"font_size": 13, "bold": True, "underline": 1}),
        ("", {}, when, {"font_size": 12, "italic": True}),
    )  # fmt: skip
    for row, (left, left_look, right, right_look) in enumerate(rows):
        sheet.raw.set_row(row, 21)
        _merge(sheet, row, 0, _LETTERHEAD_LEFT - 1, left, left_look)
        _merge(sheet, row, _LETTERHEAD_LEFT, last, right, right_look)
    return len(rows)


def _day(generated: datetime | None) -> str:
    if generated is None:
        return "ngày …… tháng …… năm ………"
    return f"ngày {generated:%d} tháng {generated:%m} năm {generated:%Y}"


def _titles(sheet: Sheet, results: Results, row: int, last: int) -> int:
    settings = results.campaign.settings
    title = f"KẾT QUẢ XẾP HẠNG CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {settings.year}"
    sheet.raw.set_row(row + 1, 30)
    _merge(sheet, row + 1, 0, last, title, {"font_size": 18, "bold": True})
    sheet.raw.set_row(row + 2, 22)
    _merge(sheet, row + 2, 0, last, settings.title, {"font_size": 13, "italic": True})
    return row + 4


def _state(sheet: Sheet, results: Results, row: int, last: int) -> int:
    """Say whether the result is final, and what is missing."""
    lines = list(_state_lines(results))
    provisional = results.provisional or bool(results.missing)
    fill = {"bg_color": _AMBER, "font_color": _AMBER_INK} if provisional else {}
    for line in lines:
        bold = line is lines[0]
        look = {"align": "left", "font_size": 13 if bold else 12, "bold": bold, "indent": 1}
        sheet.raw.set_row(row, 22)
        _merge(sheet, row, 0, last, line, look | fill)
        row += 1
    return row + 1


def _state_lines(results: Results) -> Iterator[str]:
    pending = results.waiting
    if results.provisional:
        units = len({result.unit.code for result, _ in pending})
        yield f"KẾT QUẢ TẠM TÍNH: còn {_count(len(pending))} nội dung của {units} đơn vị chưa có kết quả."
        said = Counter(
            waiting(result.rubric.by_id[node]) if node in result.pending else "chờ thẩm định xong"
            for result, node in pending
        )
        yield (
            "Trong đó: "
            + "; ".join(f"{words} ({_count(n)})" for words, n in said.most_common())
            + "."
        )
    else:
        yield "KẾT QUẢ ĐẦY ĐỦ: mọi nội dung có áp dụng đều đã có kết quả."
    everyone = {row.result.unit.code for row in results.rows} | {
        r.unit.code for r in results.missing
    }
    sent = len(everyone) - len(results.missing)
    late = sum(row.result.days_late > 0 for row in results.rows)
    lacking = f"chưa có phiếu được tính: {len(results.missing)}"
    line = f"Đã nộp: {sent}/{len(everyone)} đơn vị; {lacking}; trễ hạn: {late}."
    if results.unranked:
        line += f" Đánh giá nhưng không xếp hạng: {len(results.unranked)} đơn vị."
    yield line


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


# --- the table of groups -------------------------------------------------------


def _table(
    sheet: Sheet, results: Results, standings: Sequence[Standing], bands: Sequence[str], row: int
) -> int:
    book = sheet.book
    headings = [*[heading for heading, _ in _FIXED], *[f"Xếp loại {band}" for band in bands]]
    sheet.row(row, headings, [book.heading()] * len(headings))
    sheet.fit_row(row, enumerate(headings), bold=True)
    missing = Counter(group_of(r.unit) for r in results.missing if r.unit.ranked)
    for standing, group in zip(standings, results.groups, strict=True):
        row += 1
        cells = [*_group_cells(standing, missing[group.id]), *_band_cells(standing, bands)]
        sheet.row(row, cells, _looks(book, len(bands)))
        link = f"internal:'{standing.name.replace(chr(39), chr(39) * 2)}'!A1"
        look = book.cell(bold=True, text_wrap=True, indent=1, font_color="#1D4E89")
        sheet.raw.write_url(row, 0, link, look, group.title)
        sheet.fit_row(row, [(0, group.title), *_names(cells)], 12, bold=True)
    return row + 1


def _names(cells: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    for place in (7, 8):
        cell = cells[place]
        yield place, str(cell.value) if isinstance(cell, Live) else ""


def _group_cells(standing: Standing, missing: int) -> list[Cell]:
    sent = [row for row in standing.rows if row.result.assessed]
    listed = len(standing.rows) - len(sent)
    units = Live(f"COUNTA({standing.block('code')})+{missing - listed}", len(sent) + missing)
    counted = Live(f"SUM({standing.block('key sent')})", len(sent))
    index, flags = standing.block("index"), standing.block("key sent")
    if not sent:
        return ["", units, counted, missing, *[NOTHING] * 5]
    indices = [row.result.index for row in sent]
    mean = sum(indices, Fraction(0)) / len(indices)
    return [
        "",
        units,
        counted,
        missing,
        Live(f"AVERAGEIF({flags},1,{index})", float(mean)),
        Live(f"MAX({index})", float(max(indices))),
        # The units that are missing stand in the column with 0, the lowest there is.
        Live(f"SMALL({index},{listed + 1})", float(min(indices))),
        _named(standing, sent, "1", 1),
        _last(standing, sent),
    ]


def _last(standing: Standing, sent: Sequence[RankedRow]) -> Cell:
    lowest = max(row.rank or 0 for row in sent)
    return _named(standing, sent, f"MAX({standing.block('sent rank')})", lowest)


def _named(standing: Standing, sent: Sequence[RankedRow], rank: str, value: int) -> Cell:
    first = next(row for row in sent if row.rank == value)
    formula = f"INDEX({standing.block('name')},MATCH({rank},{standing.block('rank')},0))"
    return Live(formula, first.result.unit.name)


def _band_cells(standing: Standing, bands: Sequence[str]) -> Iterator[Cell]:
    own = {
        band.name for row in standing.rows for band in standing.campaign.tier(row.result.unit).bands
    }
    for band in bands:
        count = sum(row.band == band for row in standing.rows)
        quoted = band.replace('"', '""')
        formula = f'SUMPRODUCT(1*({standing.block("band")}="{quoted}"))'
        yield Live(formula, count) if band in own else NOTHING


def _looks(book: Book, bands: int) -> list[Any]:
    name = book.cell(bold=True, text_wrap=True)
    count = book.cell(align="center")
    number = book.cell(align="center", num_format=book.number)
    text = book.cell(text_wrap=True, indent=1)
    return [name, *[count] * 3, *[number] * 3, text, text, *[count] * bands]


# --- contents -------------------------------------------------------


def _contents(sheet: Sheet, sheets: Sequence[tuple[str, str]], row: int) -> None:
    book = sheet.book
    sheet.raw.write_string(row, 0, "Các trang tiếp theo", book.format(bold=True))
    for row_, (name, said) in enumerate(sheets, start=row + 1):
        link = f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1"
        sheet.raw.write_url(row_, 0, link, book.format(font_color="#1D4E89"), name)
        sheet.raw.write_string(row_, 1, said, book.format(font_color=QUIET))


def _merge(sheet: Sheet, row: int, first: int, last: int, text: str, look: dict[str, Any]) -> None:
    made = sheet.book.format(**({"align": "center"} | look))
    sheet.raw.merge_range(row, first, row, last, text, made)
