"""The sheet of differences (Chênh lệch): what the council sees of each row, and where it decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from xlsxwriter.format import Format

from xlscore.identity import KeyRing, Token
from xlscore.keyed import BOOK_MARK, RowKey
from xlscore.layout import NOT_APPLICABLE, Entry
from xlscore.methods.base import excel
from xlscore.workbooks.council.columns import (
    DIFFERENCES,
    LISTS,
    REST_INPUT,
    STATE_INPUT,
    Column,
    Spec,
    columns,
    score_entry,
)
from xlscore.workbooks.council.contents import CouncilBook, CouncilRow, Figure, UnitPart, printed
from xlscore.workbooks.council.facts import REST, STATE, Facts
from xlscore.workbooks.council.prompts import remark_rule, score_rule
from xlscore.workbooks.council.totals import total_formula, whole_formula
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.package import column_letters
from xlscore.workbooks.pen import Book, Pen
from xlscore.workbooks.scorecard.inputs import validation
from xlscore.workbooks.scorecard.looks import (
    FAINT,
    GROUP,
    HEADING,
    ORANGE,
    RED,
    SCORE_FORMAT,
    THIN,
    TOTAL,
    YELLOW,
)

REST_ROW, STATE_ROW, HEADING_ROW = 4, 5, 6
"""Rows from 1: the hidden key row, title and progress stand above."""

_SIZE, _PADDING = 11, 4
_FIGURES = {Column.MAXIMUM, Column.OWN, Column.PROPOSAL, Column.CONCLUSION}
_CENTRED = {Column.CODE, *_FIGURES}


class Differences:
    """Writes the sheet; rows and columns are addressed from 1 as in Excel."""

    def __init__(self, book: Book, content: CouncilBook, token: Token, ring: KeyRing) -> None:
        self.book, self.content = book, content
        self._token, self._ring = token, ring
        self.pen: Pen = book.sheet(DIFFERENCES)
        self._specs = columns(content.rounds)
        self._widths = {spec.key: column_pixels(spec.width) for spec in self._specs}
        self._alike: dict[tuple[Decimal, Decimal | None, bool], list[int]] = {}

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """Column letters by key."""
        return {spec.key: column_letters(n) for n, spec in enumerate(self._specs, 2)}

    @cached_property
    def lines(self) -> Mapping[tuple[str, str], int]:
        """Row number by unit and leaf id."""
        rows = enumerate(self.content.rows, HEADING_ROW + 1)
        return {(row.unit, row.node): number for number, row in rows}

    @property
    def last(self) -> int:
        """Number of the last row."""
        return HEADING_ROW + len(self.lines)

    @property
    def footer(self) -> str:
        """What every page says of the book."""
        return f"Sổ hội đồng số {self._token.serial}"

    def cell(self, key: str, line: int) -> str:
        """Return the A1 address of a cell."""
        return f"{self.letters[key]}{line}"

    def write(self) -> None:
        """Write everything."""
        self._keys()
        self._head()
        self._choices()
        self._headings()
        for unit in self.content.units:
            for row in unit.rows:
                self._row(row)
            self._unit_totals(unit)
        self._rules()
        self._marks()
        self._page()

    # --- head -------------------------------------------------------------------------------------

    def _keys(self) -> None:
        self.pen.text(0, 0, BOOK_MARK)
        self.pen.sheet.set_column(0, 0, 4, None, {"hidden": True})
        for place, spec in enumerate(self._specs, 1):
            self.pen.text(0, place, spec.key)
            self.pen.sheet.set_column(place, place, spec.width, None, {"hidden": spec.hidden})
        self.pen.sheet.set_row(0, None, None, {"hidden": True})

    def _head(self) -> None:
        content = self.content
        whole = (1, self._last_visible)
        title = f"BẢNG CHÊNH LỆCH TRÌNH {content.council.upper()}"
        self.pen.merge(1, whole, title, self.book.look(font_size=14, bold=True, align="center"))
        self.pen.height(1, 24)
        text = f"{content.title}. Sổ số {self._token.serial}."
        self.pen.merge(2, whole, text, self.book.look(italic=True, align="center"))
        self.pen.height(2, 20)

    def _choices(self) -> None:
        self._choice(
            REST_ROW, REST, "Hội đồng thống nhất các đề xuất còn lại (những dòng không cho điểm):",
            Entry("", REST, REST_INPUT),
        )  # fmt: skip
        self._choice(STATE_ROW, STATE, "Trạng thái sổ hội đồng:", Entry("", STATE, STATE_INPUT))
        first, last = HEADING_ROW + 1, max(self.last, HEADING_ROW + 1)
        count = len(self.lines)
        typed = f"COUNTA({self.cell(Column.COUNCIL, first)}:{self.cell(Column.COUNCIL, last)})"
        done = sum(1 for row in self.content.rows if row.word != "")
        formula = (
            f'"Đã cho điểm "&{typed}&"/{count} dòng; còn "&({count}-{typed})&" dòng theo đề xuất"'
        )
        shown = f"Đã cho điểm {done}/{count} dòng; còn {count - done} dòng theo đề xuất"
        look = self.book.look(italic=True, bold=True, align="left", text_wrap=False)
        self.pen.formula(STATE_ROW - 1, 1, formula, shown, look)

    def _choice(self, line: int, kind: str, label: str, entry: Entry) -> None:
        self.pen.text(line - 1, 0, RowKey(kind).sealed(self._token.serial, self._ring))
        place = self._place(Column.COUNCIL)
        look = self.book.look(bold=True, align="right", bg_color=TOTAL)
        own = self._place(f"round-{len(self.content.rounds)}")
        self.pen.merge(line - 1, (own, place - 1), label, look)
        box = self._input(bold=True, align="center")
        self.pen.sheet.merge_range(line - 1, place, line - 1, place + 1, "", box)
        self.pen.validate(line - 1, place, validation(entry, "", LISTS))
        self.pen.height(line - 1, 22)

    def _headings(self) -> None:
        look = self.book.look(
            bold=True, align="center", border=THIN, border_color=FAINT, bg_color=HEADING
        )
        for place, spec in enumerate(self._specs, 1):
            if not spec.hidden:
                self.pen.text(HEADING_ROW - 1, place, spec.heading, look)
        texts = [(s.heading, self._widths[s.key] - 14, 12.0, True) for s in self._visible]
        self.pen.height(HEADING_ROW - 1, row_height(texts) + _PADDING)

    # --- body -------------------------------------------------------------------------------------

    def _row(self, row: CouncilRow) -> None:
        line = self.lines[row.unit, row.node]
        key = Facts.of(row).key(row.unit, row.node)
        self.pen.text(line - 1, 0, key.sealed(self._token.serial, self._ring))
        shown = self._shown(row)
        for name, figure in shown.items():
            look = self._look(name)
            if isinstance(figure, Decimal):
                self.pen.number(line - 1, self._place(name), figure, look)
            else:
                self.pen.words(line - 1, self._place(name), figure, look)
        self._entries(row, line)
        self._results(row, line)
        texts = {name: f for name, f in shown.items() if isinstance(f, str)}
        cells = [(text, self._widths[name], float(_SIZE), False) for name, text in texts.items()]
        cells.append((row.remark, self._widths[Column.REMARK], 12.0, False))
        self.pen.height(line - 1, min(row_height(cells) + _PADDING, MAX_ROW_HEIGHT))

    def _shown(self, row: CouncilRow) -> dict[str, Figure]:
        rounds = {f"round-{n}": text for n, text in enumerate(row.rounds, 1)}
        return {
            Column.UNIT: row.unit_name,
            Column.CODE: row.code,
            Column.TITLE: row.title,
            Column.MAXIMUM: row.maximum,
            Column.OWN: printed(row.own),
            **rounds,
            Column.REPLY: row.reply,
            Column.WHY: row.why,
            Column.PROPOSAL: printed(row.proposal),
        }

    def _entries(self, row: CouncilRow, line: int) -> None:
        score, remark = self._place(Column.COUNCIL), self._place(Column.REMARK)
        look = self._input(num_format=SCORE_FORMAT, align="center", bold=True)
        if isinstance(row.word, Decimal):
            self.pen.number(line - 1, score, row.word, look)
        elif row.word:
            self.pen.text(line - 1, score, row.word, look)
        else:
            self.pen.blank(line - 1, score, look)
        alike = (row.maximum, row.step, row.own == NOT_APPLICABLE)
        self._alike.setdefault(alike, []).append(line)
        free = self._input(num_format="@", valign="top", align="left")
        if row.remark:
            self.pen.text(line - 1, remark, row.remark, free)
        else:
            self.pen.blank(line - 1, remark, free)

    def _rules(self) -> None:
        """Validate the input cells: one rule for all that take the same, or the file would burst."""
        for (maximum, step, left_out), lines in self._alike.items():
            entry = score_entry("", maximum, step)
            rule = score_rule(entry, self.cell(Column.COUNCIL, lines[0]), left_out=left_out)
            self._rule(Column.COUNCIL, lines, rule)
        if self.lines:
            self._rule(Column.REMARK, sorted(self.lines.values()), remark_rule())

    def _rule(self, column: str, lines: Sequence[int], rule: Mapping[str, Any]) -> None:
        place = self._place(column)
        cells = [(first - 1, place, last - 1, place) for first, last in _runs(lines)]
        self.pen.validate_areas(cells, rule)

    def _results(self, row: CouncilRow, line: int) -> None:
        council, proposal = self.cell(Column.COUNCIL, line), self.cell(Column.PROPOSAL, line)
        own, end = self.cell(Column.OWN, line), self.cell(Column.CONCLUSION, line)
        concluded, none = row.concluded, Decimal(0)
        given, left = row.score, row.left_out
        self._formula(
            line, Column.CONCLUSION, f'IF({council}="",{proposal},{council})',
            printed(row.conclusion), self._look(Column.CONCLUSION, bold=True, bg_color=GROUP),
        )  # fmt: skip
        difference = f"IF(AND(ISNUMBER({end}),ISNUMBER({own})),{end}-{own},0)"
        self._formula(line, Column.DIFFERENCE, difference, row.difference)
        points = f'IF({council}="",{excel(given.points or none)},{excel(left.points or none)})'
        points = f"IF(ISNUMBER({council}),{council},{points})"
        self._formula(line, Column.POINTS, points, concluded.points or none)
        whole = f'IF({council}="",{excel(given.applicable)},{excel(left.applicable)})'
        whole = f"IF(ISNUMBER({council}),{excel(row.maximum)},{whole})"
        self._formula(line, Column.APPLICABLE, whole, concluded.applicable)

    def _unit_totals(self, unit: UnitPart) -> None:
        """Write a unit's total and denominator into hidden cells of its first row."""
        line = self.lines[unit.code, unit.rows[0].node]
        nodes = {row.node: self.lines[unit.code, row.node] for row in unit.rows}
        points = {node: self.cell(Column.POINTS, number) for node, number in nodes.items()}
        whole = {node: self.cell(Column.APPLICABLE, number) for node, number in nodes.items()}
        reached = unit.concluded
        self._formula(line, Column.TOTAL, total_formula(unit, points), reached.achieved)
        self._formula(line, Column.WHOLE, whole_formula(unit, whole), reached.applicable)

    def _formula(
        self, line: int, key: str, formula: str, shown: Figure, look: Format | None = None
    ) -> None:
        self.pen.formula(line - 1, self._place(key), formula, shown, look or self.book.look())

    def _marks(self) -> None:
        """Colour a missing reason, a score above the maximum, and what the council changed."""
        first, last = HEADING_ROW + 1, self.last
        if last < first:
            return
        score, maximum = (
            f"${self.cell(Column.COUNCIL, first)}",
            f"${self.cell(Column.MAXIMUM, first)}",
        )
        proposal, remark = f"${self.cell(Column.PROPOSAL, first)}", self.cell(Column.REMARK, first)
        wrong = f"AND(ISNUMBER({score}),OR({score}>{maximum},{score}<0))"
        missing = f'AND({score}<>"",ISNUMBER({proposal}),{score}<>{proposal},{remark}="")'
        red = self.book.workbook.add_format({"bg_color": RED})
        orange = self.book.workbook.add_format({"bg_color": ORANGE})
        self.pen.condition(
            f"{self.cell(Column.COUNCIL, first)}:{self.cell(Column.COUNCIL, last)}", wrong, red
        )
        self.pen.condition(f"{remark}:{self.cell(Column.REMARK, last)}", missing, orange)

    # --- page and small things --------------------------------------------------------------------

    def _page(self) -> None:
        sheet = self.pen.sheet
        sheet.freeze_panes(HEADING_ROW, self._place(Column.MAXIMUM))
        sheet.autofilter(
            HEADING_ROW - 1, 1, max(self.last, HEADING_ROW + 1) - 1, self._last_visible
        )
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.59, right=0.39, top=0.79, bottom=0.59)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.repeat_rows(HEADING_ROW - 1)
        sheet.print_area(1, 1, max(self.last, HEADING_ROW) - 1, self._last_visible)
        font = '&"Times New Roman,Regular"'
        sheet.set_header(f"&C{font}&13&P", {"margin": 0.39})
        sheet.set_footer(f"&L{font}&10{self.footer}", {"margin": 0.39})
        sheet.hide_gridlines(2)
        sheet.set_zoom(85)
        codes = f"{self.cell(Column.CODE, 1)}:{self.cell(Column.CODE, max(self.last, 2))}"
        sheet.ignore_errors({"number_stored_as_text": codes})
        sheet.set_selection(self.cell(Column.COUNCIL, HEADING_ROW + 1))

    @property
    def _visible(self) -> Iterator[Spec]:
        return (spec for spec in self._specs if not spec.hidden)

    @property
    def _last_visible(self) -> int:
        return sum(1 for _ in self._visible)

    def _place(self, key: str) -> int:
        """Return a column's number from 0, as XlsxWriter counts."""
        return next(n for n, spec in enumerate(self._specs, 1) if spec.key == key)

    def _look(self, key: str, **more: Any) -> Format:
        look = {"font_size": _SIZE, "border": THIN, "border_color": FAINT, "valign": "top"}
        centred = {"align": "center" if key in _CENTRED else "left"}
        number = {"num_format": SCORE_FORMAT} if key in _FIGURES else {}
        return self.book.look(**{**look, **centred, **number, **more})

    def _input(self, **more: Any) -> Format:
        look = {"font_size": 12, "border": 4, "border_color": FAINT, "bg_color": YELLOW}
        return self.book.look(**{**look, "locked": False, "valign": "top", **more})


def _runs(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending row numbers as runs without a gap, first and last of each."""
    runs: list[tuple[int, int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    return runs
