"""The sheets beside the input sheet: by unit, by difference, progress. Live, read-only, filters work.

Excel does not sort locked cells, so each order that an appraiser asks for is a sheet of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format

from xlscore.numbers import quantise
from xlscore.workbooks.appraisal.columns import HEADING_LINE, Columns, Placed
from xlscore.workbooks.appraisal.formulas import idle_order
from xlscore.workbooks.appraisal.model import ADJUST, OPTIONAL, QUERY, SHEET, UNTOUCHED
from xlscore.workbooks.appraisal.page import page
from xlscore.workbooks.appraisal.sheet import InputSheet
from xlscore.workbooks.heights import column_pixels, row_height, text_lines
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.looks import FAINT, HEADING, SCORE_FORMAT, THIN, TOTAL

BY_UNIT, BY_GAP, PROGRESS = "Theo đơn vị", "Chênh lệch", "Tiến độ"
GREATEST = 200
"""So many differences are shown."""

_SIZE = 11
_SUM_DECIMALS = 9
_SCORES = frozenset({"Điểm tự chấm", "Điểm sau thẩm định"})
_CENTRED = _SCORES | {
    "STT", "Hạng", "Điểm tối đa", "Chênh lệch", "Tình trạng", "Mở", "Số dòng", "Chưa xem xét",
    "Đã quyết định", "Điều chỉnh", "Yêu cầu giải trình",
}  # fmt: skip
Shown = Decimal | str
Live = tuple[str, Shown]
"""A formula and what it shows while nobody has typed anything."""


class _View:
    """A sheet of one table: heading row 2 (from 0), rows below."""

    top = 3

    def __init__(
        self, form: InputSheet, name: str, title: str, headings: Sequence[tuple[str, float]]
    ) -> None:
        self.book: Book = form.book
        self.pen: Pen = form.book.sheet(name)
        self.headings, self.form = headings, form
        self.looks: dict[str, Format] = {}
        last = len(headings) - 1
        self.pen.merge(0, (0, last), title, self.book.look(font_size=14, bold=True, align="center"))
        self.pen.height(0, 28)
        self.pen.height(1, 6)
        look = self._bordered(bold=True, align="center", bg_color=HEADING)
        texts = [
            (text, column_pixels(width) - 18.0, float(_SIZE), True) for text, width in headings
        ]
        for place, (text, width) in enumerate(headings):
            self.pen.sheet.set_column(place, place, width)
            self.pen.text(2, place, text, look)
        self.pen.height(2, row_height(texts) + 4)

    def row(self, number: int, cells: Iterable[Shown | Live], kind: str = "") -> None:
        """Write a row of texts, numbers and formulas; `number` counts from 0 below the headings."""
        line = self.top + number
        for place, cell in enumerate(cells):
            look = self._look(self.headings[place][0], kind)
            if isinstance(cell, tuple):
                self.pen.formula(line, place, *cell, look)
            elif isinstance(cell, Decimal):
                self.pen.number(line, place, cell, look)
            else:
                self.pen.text(line, place, cell, look)

    def finish(self, rows: int, *, filters: bool = True) -> Pen:
        """Put filter, panes and page on the sheet."""
        sheet, last = self.pen.sheet, len(self.headings) - 1
        if filters:
            sheet.autofilter(2, 0, 2 + rows, last)
        sheet.freeze_panes(3, 0)
        page(self.pen, self.form.head, self.form.serial)
        sheet.repeat_rows(2)
        sheet.print_area(0, 0, 2 + rows, last)
        sheet.ignore_errors({"number_stored_as_text": f"A1:D{3 + rows}"})
        return self.pen

    def _look(self, heading: str, kind: str) -> Format:
        key = heading + kind
        if key not in self.looks:
            look: dict[str, Any] = {"align": "center"} if heading in _CENTRED else {}
            if heading.startswith(("Tổng", "Chênh")) or heading in _SCORES:
                look["num_format"] = SCORE_FORMAT
            if kind == "total":
                look |= {"bold": True, "bg_color": TOTAL}
            if heading == "Mở":
                look |= {"font_color": "#1F4E9E", "underline": 1}
            self.looks[key] = self._bordered(**look)
        return self.looks[key]

    def _bordered(self, **look: Any) -> Format:
        return self.book.look(border=THIN, border_color=FAINT, font_size=_SIZE, **look)


def write_views(form: InputSheet) -> list[Pen]:
    """Write the three sheets and return them."""
    return [_by_unit(form), _by_gap(form), _progress(form)]


def _link(columns: Columns, row: int) -> Live:
    target = f"#'{SHEET}'!{columns.cell('choice', row)}"
    return f'HYPERLINK("{target}","Mở")', "Mở"


def _by_unit(form: InputSheet) -> Pen:
    headings = (
        ("Mã đơn vị", 10), ("Đơn vị", 24), ("STT", 8), ("Tiêu chí thành phần", 42), ("Điểm tối đa", 8),
        ("Điểm tự chấm", 9), ("Tình trạng", 14), ("Điểm sau thẩm định", 10), ("Lý do", 34), ("Mở", 6),
    )  # fmt: skip
    view = _View(form, BY_UNIT, "KẾT QUẢ THẨM ĐỊNH THEO ĐƠN VỊ", headings)
    order = _unit_order(form)
    ordered = sorted(form.placed, key=lambda placed: order[placed.line.unit])
    for number, placed in enumerate(ordered):
        line, row = placed.line, placed.row
        reason = _of(form.columns, "reason", row)
        view.row(number, (
            line.unit, line.unit_name, line.leaf.code, line.leaf.title, line.leaf.max, line.shown,
            (_of(form.columns, "state", row), line.idle),
            (_of(form.columns, "result", row), "" if line.result is None else line.result),
            (f'IF({reason}="","",{reason})', ""),
            _link(form.columns, row),
        ))  # fmt: skip
        lines = text_lines(line.leaf.title, column_pixels(42) - 9, _SIZE)
        lines = max(lines, text_lines(line.unit_name, column_pixels(24) - 9, _SIZE))
        view.pen.height(view.top + number, lines * 15 + 4)
    return view.finish(len(ordered))


def _by_gap(form: InputSheet) -> Pen:
    headings = (
        ("Hạng", 7), ("Mã đơn vị", 10), ("Đơn vị", 24), ("STT", 8), ("Tiêu chí thành phần", 42),
        ("Điểm tự chấm", 9), ("Điểm sau thẩm định", 10), ("Chênh lệch", 10), ("Lý do", 34), ("Mở", 6),
    )  # fmt: skip
    title = f"CÁC DÒNG CHÊNH LỆCH NHIỀU NHẤT GIỮA TỰ CHẤM VÀ THẨM ĐỊNH (tối đa {GREATEST})"
    view = _View(form, BY_GAP, title, headings)
    gaps = [(idle_order(placed), placed) for placed in form.placed]
    ranked = sorted(
        ((gap, p) for gap, p in gaps if isinstance(gap, Decimal)), key=lambda pair: -pair[0]
    )
    shown = min(GREATEST, len(form.placed))
    orders = form.columns.whole("order", form.last, SHEET)
    place = len(headings)
    hidden = form.book.look()
    for number in range(shown):
        row = view.top + number + 1
        at = f"${chr(ord('A') + place)}{row}"
        found = ranked[number][1] if number < len(ranked) else None
        # A hidden cell holds where the row is found; all others of the row look there.
        match = f'IFERROR(MATCH(LARGE({orders},{number + 1}),{orders},0),"")'
        position = Decimal(found.row - HEADING_LINE) if found else ""
        view.row(number, _gap_cells(form, at, number, found))
        view.pen.formula(row - 1, place, match, position, hidden)
    view.pen.sheet.set_column(place, place, 9, None, {"hidden": True})
    return view.finish(shown)


def _gap_cells(form: InputSheet, at: str, number: int, found: Placed | None) -> list[Shown | Live]:
    def fetched(key: str, shown: Shown) -> Live:
        cells = form.columns.whole(key, form.last, SHEET)
        value = f"INDEX({cells},{at})"
        said = f'IF({value}="","",{value})' if key == "reason" else value
        return f'IF({at}="","",{said})', shown if found else ""

    line = found.line if found else None
    given, result = (line.self_score, line.result) if line else (None, None)
    gap = quantise(result - given, 6) if result is not None and given is not None else ""
    row = form.columns.letters["choice"]
    target = f"\"#'{SHEET}'!{row}\"&({at}+{HEADING_LINE})"
    own = [chr(ord("A") + place) + at[2:] for place in (6, 5)]
    return [
        (f'IF({at}="","",{number + 1})', Decimal(number + 1) if found else ""),
        fetched("unit", line.unit if line else ""),
        fetched("name", line.unit_name if line else ""),
        fetched("code", line.leaf.code if line else ""),
        fetched("title", line.leaf.title if line else ""),
        fetched("self", given if given is not None else ""),
        fetched("result", result if result is not None else ""),
        (f'IF({at}="","",ROUND({own[0]}-{own[1]},6))', gap),
        fetched("reason", ""),
        (f'IF({at}="","",HYPERLINK({target},"Mở"))', "Mở" if found else ""),
    ]


def _progress(form: InputSheet) -> Pen:
    headings = (
        ("Mã", 12), ("Đơn vị / Lĩnh vực", 44), ("Số dòng", 9), ("Chưa xem xét", 9), ("Đã quyết định", 9),
        ("Điều chỉnh", 9), ("Yêu cầu giải trình", 9), ("Tổng điểm tự chấm", 11),
        ("Tổng điểm sau thẩm định", 11),
    )  # fmt: skip
    title = "TIẾN ĐỘ THẨM ĐỊNH (tổng điểm không kể điểm cộng, điểm trừ)"
    view = _View(form, PROGRESS, title, headings)
    lines = [placed.line for placed in form.placed]
    units = {line.unit: line.unit_name for line in lines}
    domains = dict.fromkeys((line.tier, line.domain) for line in lines)
    titles, order = form.head.domains, _unit_order(form)
    tally = _Tally(form)
    listed = [
        *(("", titles[domain], "domain", "/".join(domain)) for domain in domains),
        ("", "Cộng", "", ""),
        *((unit, units[unit], "unit", unit) for unit in sorted(units, key=order.__getitem__)),
    ]
    for number, (code, title, key, name) in enumerate(listed):
        line = view.top + number
        cells: tuple[Shown | Live, ...] = (code, title, *tally.cells(key, name, line + 1))
        view.row(number, cells, "" if key else "total")
        view.pen.height(line, 19)
    return view.finish(len(listed), filters=False)


class _Tally:
    """Counts and sums of the input sheet, per unit, per domain, or of everything."""

    def __init__(self, form: InputSheet) -> None:
        self._ranges = {
            key: form.columns.whole(key, form.last, SHEET)
            for key in ("weight", "state", "unit", "domain", "self", "result")
        }
        self._groups: dict[tuple[str, str], list[Placed]] = {("", ""): list(form.placed)}
        for placed in form.placed:
            line = placed.line
            for group in (("unit", line.unit), ("domain", f"{line.tier}/{line.domain}")):
                self._groups.setdefault(group, []).append(placed)

    def cells(self, key: str, name: str, row: int) -> list[Live]:
        """Return the cells from the number of rows on; `row` (from 1) is the row they stand in."""
        only = f',{self._ranges[key]},"{name}"' if key else ""
        lines = [placed.line for placed in self._groups[key, name]]
        idle = [line.idle for line in lines]
        optional, untouched = idle.count(OPTIONAL), idle.count(UNTOUCHED)
        asked = f"{self._count(only)}-{self._count(only, OPTIONAL)}"
        total, open_ = Decimal(len(lines) - optional), Decimal(untouched)
        scale = [line for line in lines if not line.leaf.is_extra]
        given = sum((x.self_score or Decimal(0) for x in scale if not x.left_out), Decimal(0))
        result = sum((x.result or Decimal(0) for x in scale), Decimal(0))
        return [
            (asked, total),
            (self._count(only, UNTOUCHED), open_),
            (f"C{row}-D{row}-G{row}", total - open_),
            (self._count(only, ADJUST), Decimal(0)),
            (self._count(only, QUERY), Decimal(0)),
            (self._sum("self", only), quantise(given, _SUM_DECIMALS)),
            (self._sum("result", only), quantise(result, _SUM_DECIMALS)),
        ]

    def _count(self, only: str, state: str = "") -> str:
        said = f',{self._ranges["state"]},"{state}"' if state else ""
        return f'COUNTIFS({self._ranges["weight"]},">0"{only}{said})'

    def _sum(self, key: str, only: str) -> str:
        return (
            f"ROUND(SUMIFS({self._ranges[key]},{self._ranges['weight']},1{only}),{_SUM_DECIMALS})"
        )


def _of(columns: Columns, key: str, row: int) -> str:
    return f"'{SHEET}'!{columns.cell(key, row)}"


def _unit_order(form: InputSheet) -> dict[str, int]:
    return {code: place for place, code in enumerate(form.head.units)}


__all__ = ["BY_GAP", "BY_UNIT", "GREATEST", "PROGRESS", "write_views"]
