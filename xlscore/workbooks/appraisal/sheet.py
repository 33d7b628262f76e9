"""The input sheet of an appraisal workbook: head, table, signatures, page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlscore.identity import KeyRing
from xlscore.keyed import BOOK_MARK, RowKey
from xlscore.layout import IN_PROGRESS
from xlscore.methods.base import Input
from xlscore.workbooks.appraisal.columns import (
    HEADING_LINE,
    REST_LINE,
    STATE_LINE,
    Band,
    Columns,
    Placed,
    arranged,
)
from xlscore.workbooks.appraisal.formulas import RowFormulas, idle_order
from xlscore.workbooks.appraisal.looks import SIZE, Looks
from xlscore.workbooks.appraisal.model import (
    CHOICE_INPUT,
    OPTIONAL,
    QUERY,
    REST_INPUT,
    REST_ROW,
    SHEET,
    STATE_INPUT,
    STATE_ROW,
    UNTOUCHED,
    Head,
    Line,
    label_of,
    score_input,
)
from xlscore.workbooks.appraisal.page import page
from xlscore.workbooks.appraisal.rules import Rules
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height, text_lines
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.looks import (
    DOMAIN,
    DOTTED,
    FAINT,
    GROUP,
    HEADING,
    ORANGE,
    RED,
    THIN,
    YELLOW,
)
from xlscore.workbooks.scorecard.surroundings import MOTTO, NATION

_PADDING = 4
_BLANK_BELOW = ("max", "self", "evidence", "explanation", "choice", "score", "reason", "result")
"""Columns that are empty on the row of a figure."""

_TALLEST = 250.0
"""No row is taller: long explanations scroll the table away; the cell holds them whole."""


def choice_lists(lines: Sequence[Line]) -> tuple[tuple[str, ...], ...]:
    """Return every list of choices of a book, each once."""
    figures = (item.choices for line in lines for item in line.figures if item.choices)
    fixed = (CHOICE_INPUT.choices, REST_INPUT.choices, STATE_INPUT.choices)
    return tuple(dict.fromkeys((*fixed, *figures)))


class InputSheet:
    """Writes the sheet in which the appraiser works."""

    def __init__(
        self, book: Book, head: Head, lines: Sequence[Line], serial: int, ring: KeyRing
    ) -> None:
        self.book, self.head, self.serial, self.ring = book, head, serial, ring
        self.columns = Columns(tuple(head.earlier))
        self.placed, self.bands = arranged(lines, head.domains)
        self.lists = choice_lists(lines)
        places = {choices: place for place, choices in enumerate(self.lists)}
        self.formulas = RowFormulas(self.columns, places, head.decimals)
        self.rules = Rules(self.lists)
        self.pen: Pen = book.sheet(SHEET)
        self.widths = [column_pixels(spec.width) for spec in self.columns.specs]
        self._look = Looks(book).of

    @property
    def last(self) -> int:
        """The last row of the table, from 1."""
        return self.placed[-1].last

    def write(self) -> None:
        """Write everything."""
        self._keys()
        self._letterhead()
        self._answers()
        self._headings()
        bands = {band.row: band for band in self.bands}
        for placed in self.placed:
            for row in (placed.row - 2, placed.row - 1):
                if row in bands:
                    self._band(bands.pop(row))
            self._row(placed)
        self.rules.write(self.pen)
        self.rules.write_reasons(self.pen, self.columns.at["reason"], (HEADING_LINE, self.last - 1))
        self._conditions()
        self._signatures()
        self._page()

    # --- head -------------------------------------------------------------------------------------

    def _keys(self) -> None:
        self.pen.text(0, 0, BOOK_MARK)
        for place, spec in enumerate(self.columns.specs):
            if place:
                self.pen.text(0, place, spec.key)
            self.pen.sheet.set_column(place, place, spec.width, None, {"hidden": spec.hidden})
        self.pen.sheet.set_row(0, None, None, {"hidden": True})

    def _letterhead(self) -> None:
        head, last, split = self.head, self.columns.last, self.columns.at["self"]
        plain_look = self.book.look(align="center", valign="top")
        bold = self.book.look(bold=True, align="center", valign="top")
        self.pen.merge(1, (1, split), head.authority.upper(), plain_look)
        self.pen.merge(1, (split + 1, last), NATION, bold)
        self.pen.merge(2, (1, split), head.agency_title.upper(), bold)
        self.pen.merge(2, (split + 1, last), MOTTO, bold)
        title = f"BẢNG THẨM ĐỊNH ĐIỂM CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {head.year}"
        self.pen.merge(3, (1, last), title, self.book.look(font_size=14, bold=True, align="center"))
        self.pen.merge(4, (1, last), self._subtitle(), self.book.look(italic=True, align="center"))
        for row, height in ((1, 17), (2, 18), (3, 22), (4, 18)):
            self.pen.height(row, height)

    def _subtitle(self) -> str:
        head = self.head
        parts = [head.round_title, f"Cơ quan thẩm định: {head.agency_title} ({head.agency})"]
        parts += [f"Phần {head.part}"] if head.part else []
        parts += [
            f"Gửi về {head.office}" + (f" chậm nhất {head.deadline}" if head.deadline else "")
        ]
        return " – ".join([*parts, f"Số sổ: {self.serial:05d}"])

    def _answers(self) -> None:
        """Write the two cells that are about the whole book, and the line of progress."""
        at, pen = self.columns.at, self.pen
        label = self.book.look(bold=True, align="right", font_size=SIZE)
        entry = self._look("choice", "input")
        rest = (
            "Nhận cả những dòng chưa ai nêu ý kiến, có điểm tự chấm, số liệu hoặc “Không áp dụng”:"
        )
        asked = {
            REST_LINE: (REST_ROW, rest, REST_INPUT, ""),
            STATE_LINE: (STATE_ROW, "Trạng thái sổ thẩm định:", STATE_INPUT, IN_PROGRESS),
        }
        for line, (kind, text, item, shown) in asked.items():
            facts = (str(len(self.placed)),) if kind == STATE_ROW else ()
            pen.text(line - 1, 0, RowKey(kind, facts=facts).sealed(self.serial, self.ring))
            pen.merge(line - 1, (1, at["choice"] - 1), text, label)
            if shown:
                pen.text(line - 1, at["choice"], shown, entry)
            else:
                pen.blank(line - 1, at["choice"], entry)
            self.rules.add(at["choice"], line - 1, item, text.rstrip(":")[:30])
            pen.height(line - 1, 32)
        hint = self.book.look(
            italic=True, font_size=SIZE, bg_color=YELLOW, border=DOTTED, border_color=FAINT
        )
        said = "Chỉ nhập vào các ô màu vàng như ô này. Xem trang Hướng dẫn."
        pen.merge(REST_LINE - 1, (at["figure"], at["state"]), said, hint)
        look = self.book.look(
            bold=True, italic=True, font_size=SIZE, border=THIN, border_color=FAINT
        )
        row, place = STATE_LINE - 1, at["figure"]
        pen.merge(row, (place, at["state"]), "", look)
        pen.formula(row, place, self._progress(), self._progress_idle(), look)

    def _progress(self) -> str:
        def count(*states: str) -> str:
            found = (f'COUNTIFS({weights},">0",{shown},"{state}")' for state in states)
            return "+".join(found)

        weights = self.columns.whole("weight", self.last)
        shown = self.columns.whole("state", self.last)
        rows = f'COUNTIF({weights},">0")'
        open_ = count(UNTOUCHED)
        return (
            f'"Còn "&({open_})&"/"&({rows}-{count(OPTIONAL)})&" dòng chưa xem xét; yêu cầu giải trình: "'
            f'&({count(QUERY)})&"; điều chỉnh: "&({count("Điều chỉnh")})'
        )

    def _progress_idle(self) -> str:
        idle = [placed.line.idle for placed in self.placed]
        open_, asked = idle.count(UNTOUCHED), len(idle) - idle.count(OPTIONAL)
        return f"Còn {open_}/{asked} dòng chưa xem xét; yêu cầu giải trình: 0; điều chỉnh: 0"

    def _headings(self) -> None:
        look = self.book.look(
            bold=True, align="center", font_size=SIZE, border=THIN, border_color=FAINT,
            bg_color=HEADING,
        )  # fmt: skip
        texts = []
        for place, spec in enumerate(self.columns.specs):
            if not spec.hidden:
                self.pen.text(HEADING_LINE - 1, place, spec.heading, look)
                texts.append((spec.heading, self.widths[place] - 18.0, float(SIZE), True))
        self.pen.height(HEADING_LINE - 1, row_height(texts) + _PADDING)

    # --- table ------------------------------------------------------------------------------------

    def _band(self, band: Band) -> None:
        colour = DOMAIN if band.domain else GROUP
        look = self.book.look(
            bold=band.domain, italic=not band.domain, font_size=SIZE, bg_color=colour, border=THIN,
            border_color=FAINT,
        )  # fmt: skip
        self.pen.merge(band.row - 1, (1, self.columns.last), band.text, look)
        width = sum(self.widths[1 : self.columns.last + 1])
        height = row_height([(band.text, width, SIZE, band.domain)]) + _PADDING
        self.pen.height(band.row - 1, min(height, MAX_ROW_HEIGHT))

    def _row(self, placed: Placed) -> None:
        line, row = placed.line, placed.row - 1
        self.pen.text(row, 0, line.key().sealed(self.serial, self.ring))
        own = next((item for item, at in placed.figures if at == placed.row), None)
        printed: dict[str, Any] = {
            "code": line.leaf.code, "unit": line.unit, "name": line.unit_name,
            "title": line.leaf.title, "max": line.leaf.max, "self": line.shown,
            "declared": line.declared.get(own.key, "") if own else "",
            "evidence": line.evidence, "explanation": line.explanation,
        }  # fmt: skip
        printed |= {f"r{number}": said for number, said in enumerate(line.earlier, 1)}
        self._printed(row, printed, "row")
        self._entries(row, {"choice": CHOICE_INPUT, "score": score_input(line.leaf, line.method),
                            **({"figure": own} if own else {})}, "row")  # fmt: skip
        self.pen.blank(row, self.columns.at["reason"], self._look("reason", "input"))
        self._calculated(placed)
        self.pen.height(row, self._height(printed))
        for item, number in placed.figures:
            if number != placed.row:
                self._figure(placed, item, number)

    def _calculated(self, placed: Placed) -> None:
        at, row, line, formulas = self.columns.at, placed.row - 1, placed.line, self.formulas
        result: Decimal | str = "" if line.result is None else line.result
        calculated: tuple[tuple[str, str, Decimal | str], ...] = (
            ("result", formulas.result(placed), result),
            ("state", formulas.state(placed), line.idle),
            ("order", formulas.order(placed), idle_order(placed)),
        )
        for key, formula, shown in calculated:
            self.pen.formula(row, at[key], formula, shown, self._look(key, "row"))
        for item, number in placed.figures:
            shown = line.declared.get(item.key, "")
            look = self._look("effective", "row")
            self.pen.formula(number - 1, at["effective"], formulas.effective(number), shown, look)
        weight = Decimal(2 if line.leaf.is_extra else 1)
        self.pen.number(row, at["weight"], weight, self._look("weight", "row"))
        self.pen.text(row, at["domain"], f"{line.tier}/{line.domain}")

    def _figure(self, placed: Placed, item: Input, number: int) -> None:
        line, row = placed.line, number - 1
        self.pen.text(row, 0, line.figure_key(item).sealed(self.serial, self.ring))
        printed: dict[str, Any] = {
            "code": line.leaf.code, "unit": line.unit, "name": line.unit_name,
            "title": label_of(item), "declared": line.declared.get(item.key, ""),
        }  # fmt: skip
        blank = (*_BLANK_BELOW, *(f"r{n}" for n in range(1, len(self.head.earlier) + 1)))
        self._printed(row, {**dict.fromkeys(blank, ""), **printed}, "figure")
        self._entries(row, {"figure": item}, "figure")
        state, look = self.columns.cell("state", placed.row), self._look("state", "figure")
        self.pen.formula(row, self.columns.at["state"], state, line.idle, look)
        self.pen.height(row, self._height(printed))

    def _printed(self, row: int, printed: Mapping[str, Any], kind: str) -> None:
        for key, said in printed.items():
            place, look = self.columns.at[key], self._look(key, kind)
            if isinstance(said, Decimal):
                self.pen.number(row, place, said, look)
            elif said:
                self.pen.words(row, place, said, look)
            else:
                self.pen.blank(row, place, look)

    def _entries(self, row: int, entries: Mapping[str, Input], kind: str) -> None:
        for key in ("choice", "figure", "score"):
            place = self.columns.at[key]
            item = entries.get(key)
            if item is None:
                self.pen.blank(row, place, self._look(key, kind))
                continue
            self.pen.blank(row, place, self._look(key, "input"))
            self.rules.add(place, row, item, self.columns.specs[place].heading)

    def _height(self, printed: Mapping[str, Any]) -> float:
        texts = (
            text_lines(said, self.widths[self.columns.at[key]] - 9, SIZE)
            for key, said in printed.items()
            if isinstance(said, str) and said
        )
        return min(max(texts, default=1) * 15.0 + _PADDING, _TALLEST)

    def _conditions(self) -> None:
        first, column = HEADING_LINE + 1, self.columns.whole
        asked = self.book.workbook.add_format({"bg_color": ORANGE})
        wrong = self.book.workbook.add_format({"bg_color": RED})
        keys = ("choice", "score", "reason", "self", "max")
        letters = self.columns.letters
        choice, score, reason, given, maximum = (f"${letters[key]}{first}" for key in keys)
        differs = f"AND(ISNUMBER({score}),ISNUMBER({given}),{score}<>{given})"
        needs = f'AND({reason}="",OR({choice}="{QUERY}",{differs}))'
        self.pen.condition(column("reason", self.last), needs, asked)
        over = f"AND(ISNUMBER({score}),OR({score}<0,{score}>{maximum}))"
        self.pen.condition(column("score", self.last), over, wrong)

    # --- signatures and page ----------------------------------------------------------------------

    def _signatures(self) -> None:
        row, at = self.last + 1, self.columns.at
        left, right = (1, at["declared"]), (at["choice"], self.columns.last)
        italic = self.book.look(italic=True, align="center")
        bold = self.book.look(bold=True, align="center")
        date = f"{self.head.place}, ngày       tháng       năm        "
        self.pen.merge(row, right, date, italic)
        self.pen.merge(row + 1, left, "NGƯỜI THẨM ĐỊNH", bold)
        self.pen.merge(row + 1, right, "THỦ TRƯỞNG CƠ QUAN THẨM ĐỊNH", bold)
        self.pen.merge(row + 2, left, "(Ký, ghi rõ họ tên)", italic)
        self.pen.merge(row + 2, right, "(Ký, ghi rõ họ tên, đóng dấu)", italic)
        for line in range(row, row + 3):
            self.pen.height(line, 18)
        self.pen.height(row + 3, 72)
        self.pen.blank(row + 3, 1, italic)

    def _page(self) -> None:
        sheet, last = self.pen.sheet, self.columns.last
        sheet.autofilter(HEADING_LINE - 1, 1, self.last - 1, last)
        sheet.freeze_panes(HEADING_LINE, self.columns.at["title"])
        page(self.pen, self.head, self.serial)
        sheet.repeat_rows(HEADING_LINE - 1)
        sheet.print_area(1, 1, self.last + 4, last)
        codes = f"{self.columns.letters['code']}1:{self.columns.letters['code']}{self.last}"
        sheet.ignore_errors({"number_stored_as_text": codes})
        sheet.set_selection(self.columns.cell("choice", self.placed[0].row))
