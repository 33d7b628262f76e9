"""The sheet of figures: units × criteria, a block of columns per criterion, its mean where it has one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from xlscore.keyed import BOOK_MARK
from xlscore.layout import COMPLETE, IN_PROGRESS, Entry
from xlscore.methods.base import vi_number
from xlscore.numbers import quantise
from xlscore.workbooks.heights import column_pixels, row_height
from xlscore.workbooks.pen import FONT, Book, Pen
from xlscore.workbooks.scorecard.inputs import validation
from xlscore.workbooks.scorecard.looks import FAINT, GREY, GROUP, SCORE_FORMAT, THIN
from xlscore.workbooks.surveys.form import (
    FRONT_SHEET,
    RESULT_SHEET,
    STATE,
    UNIT,
    WAY_WORDS,
    YEAR,
    SurveyForm,
    cell_look,
    heading_look,
    input_look,
    start,
)
from xlscore.workbooks.surveys.front import PLACES
from xlscore.workbooks.surveys.mean_formula import mean_formula
from xlscore.workbooks.surveys.plan import Criterion, SurveyColumn, figure_of

TITLES, GROUPS, INPUTS = 4, 5, 6
"""Rows (from 0) of the headings: criteria, groups of respondents, what is entered."""

FIRST_ROW, FIRST_COLUMN = 7, 4
_NAME_WIDTH, _ALONE, _BESIDE = 36, 17, 10.5
_TITLE_SIZE = 10
_HEADER = 180
"""Letters of a page header at the most: Excel takes 255 in all."""
_ABOUT_WIDTHS = (5, 11, _NAME_WIDTH)
_ROOM = 128 - sum(_ABOUT_WIDTHS)
"""What a page holds beside the units' names, in the characters of column widths."""


@dataclass(frozen=True, slots=True)
class Block:
    """The columns of a criterion: those of inputs from `first` on, then that of the mean if it has one."""

    criterion: Criterion
    first: int

    @property
    def mean(self) -> int:
        """Number of the column of the mean."""
        return self.first + len(self.criterion.columns)

    @property
    def last(self) -> int:
        """Number of the last column."""
        return self.mean if self.criterion.has_mean else self.mean - 1

    def columns(self) -> Iterator[tuple[int, SurveyColumn]]:
        """Yield the columns of inputs with their numbers."""
        return enumerate(self.criterion.columns, self.first)


def blocks_of(form: SurveyForm) -> list[Block]:
    """Return where each criterion stands."""
    found: list[Block] = []
    for criterion in form.plan.criteria:
        found.append(Block(criterion, found[-1].last + 1 if found else FIRST_COLUMN))
    return found


def progress_formula(form: SurveyForm) -> tuple[str, str]:
    """Return the formula that counts the cells that are filled, and what it shows."""
    last = FIRST_ROW + len(form.plan.units)
    ranges = [
        f"COUNT('{RESULT_SHEET}'!{xl_col_to_name(block.first)}{FIRST_ROW + 1}"
        f":{xl_col_to_name(block.mean - 1)}{last})"
        for block in blocks_of(form)
    ]
    plan = form.plan
    wanted = sum(len(plan.open(u.code, c)) for u in plan.units for c in plan.criteria)
    shown = f"Đã nhập {len(form.filling.figures)}/{wanted} ô"
    return f'"Đã nhập "&({"+".join(ranges)})&"/{wanted} ô"', shown


def write_matrix(book: Book, form: SurveyForm) -> Pen:
    """Write the sheet."""
    pen, blocks = book.sheet(RESULT_SHEET), blocks_of(form)
    keys = {n: column.key for block in blocks for n, column in block.columns()}
    start(pen, BOOK_MARK, keys)
    for column, width in enumerate(_ABOUT_WIDTHS, 1):
        pen.sheet.set_column(column, column, width)
    _head(book, pen, form)
    for block in blocks:
        _headings(book, pen, form, block)
    _heading_heights(pen, blocks)
    for place in range(len(form.plan.units)):
        _unit(book, pen, form, (place, blocks))
    for block in blocks:
        _validations(pen, form, block)
    _page(pen, form, blocks)
    return pen


def _head(book: Book, pen: Pen, form: SurveyForm) -> None:
    flat = {"text_wrap": False, "align": "left"}
    pen.text(1, 1, _page_title(form), book.look(bold=True, font_size=14, **flat))
    pen.text(2, 1, WAY_WORDS[form.plan.way], book.look(italic=True, font_size=11, **flat))
    year, state = (f"'{FRONT_SHEET}'!C{PLACES[slot] + 1}" for slot in (YEAR, STATE))
    said = COMPLETE if form.filling.complete else IN_PROGRESS
    shown = f"Năm của số liệu: {form.year} – {said}"
    formula = f'"Năm của số liệu: "&{year}&" – "&{state}'
    pen.formula(3, 1, formula, shown, book.look(bold=True, font_size=11, **flat))
    for column, heading in ((1, "TT"), (2, "Mã đơn vị"), (3, "Đơn vị")):
        pen.sheet.merge_range(TITLES, column, INPUTS, column, heading, heading_look(book))


def _width(block: Block) -> float:
    return _BESIDE if block.last > block.first else _ALONE


def _title(criterion: Criterion) -> str:
    leaf = criterion.leaf
    return f"{leaf.code}. {leaf.title}\n(tối đa {vi_number(leaf.max)} điểm)"


def _heading_heights(pen: Pen, blocks: list[Block]) -> None:
    titles, groups, inputs = [], [], []
    for block in blocks:
        width = column_pixels(_width(block))
        whole = width * (block.last - block.first + 1)
        titles.append((_title(block.criterion), whole, _TITLE_SIZE, True))
        counted = Counter(column.group for _, column in block.columns() if column.group)
        for group, count in counted.items():
            groups.append((block.criterion.titles[group], width * count, _TITLE_SIZE, False))
        inputs += [(_input_title(c), width, _TITLE_SIZE, True) for _, c in block.columns()]
    pen.height(TITLES, row_height(titles) + 4)
    pen.height(INPUTS, row_height(inputs) + 8)
    if groups:
        pen.height(GROUPS, row_height(groups) + 4)
    else:
        pen.sheet.set_row(GROUPS, None, None, {"hidden": True})


def _input_title(column: SurveyColumn) -> str:
    highest = column.item.maximum
    if column.option or highest is None or column.item.percent:
        return column.option or column.item.label
    return f"{column.item.label} (0–{vi_number(highest)})"


def _headings(book: Book, pen: Pen, form: SurveyForm, block: Block) -> None:
    pen.sheet.set_column(block.first, block.last, _width(block))
    wide = _width(block) * (block.last - block.first + 1) > _ROOM
    align = "left" if wide else "center"  # so that the first page shows it
    look = heading_look(book, font_size=_TITLE_SIZE, align=align)
    small = heading_look(book, font_size=_TITLE_SIZE, bold=False)
    _across(pen, TITLES, (block.first, block.last), _title(block.criterion), look)
    groups: dict[str, list[int]] = {}
    for number, column in block.columns():
        groups.setdefault(column.group, []).append(number)
        pen.text(INPUTS, number, _input_title(column), small)
    for group, numbers in groups.items():
        title = block.criterion.titles.get(group, "")
        _across(pen, GROUPS, (numbers[0], numbers[-1]), title, small)
    if block.criterion.has_mean:
        pen.text(GROUPS, block.mean, "", small)
        pen.text(INPUTS, block.mean, "Kết quả (%)", look)


def _across(pen: Pen, row: int, columns: tuple[int, int], text: str, look: Format) -> None:
    if columns[0] == columns[1]:
        pen.text(row, columns[0], text, look)
    else:
        pen.merge(row, columns, text, look)


def _unit(book: Book, pen: Pen, form: SurveyForm, said: tuple[int, list[Block]]) -> None:
    place, blocks = said
    row, unit = FIRST_ROW + place, form.plan.units[place]
    pen.text(row, 0, form.key(UNIT, unit.code))
    pen.number(row, 1, Decimal(place + 1), cell_look(book, align="center"))
    pen.text(row, 2, unit.code, cell_look(book))
    pen.text(row, 3, unit.name, cell_look(book))
    pen.height(row, row_height([(unit.name, column_pixels(_NAME_WIDTH), 11, False)]) + 4)
    for block in blocks:
        _inputs(book, pen, form, (row, unit.code, block))


def _inputs(book: Book, pen: Pen, form: SurveyForm, said: tuple[int, str, Block]) -> None:
    row, unit, block = said
    asked = {column.key for column in form.plan.open(unit, block.criterion)}
    closed = book.look(bg_color=GREY, border=THIN, border_color=FAINT)
    for number, column in block.columns():
        value = form.filling.figures.get((unit, column.key))
        if column.key not in asked:
            pen.blank(row, number, closed)
        elif value is None:
            pen.blank(row, number, input_look(book, align="center"))
        else:
            pen.number(row, number, value, input_look(book, align="center"))
    if not block.criterion.has_mean:
        return
    if not asked:
        pen.blank(row, block.mean, closed)
        return
    look = cell_look(book, num_format=SCORE_FORMAT, align="center", bold=True, bg_color=GROUP)
    cells = {
        (c.group, c.option): f"{xl_col_to_name(n)}{row + 1}"
        for n, c in block.columns()
        if c.key in asked
    }
    method = form.plan.methods[unit][block.criterion.leaf.id]
    pen.formula(row, block.mean, mean_formula(method, cells), _shown(form, unit, block), look)


def _shown(form: SurveyForm, unit: str, block: Block) -> Decimal | str:
    leaf = block.criterion.leaf
    figures = form.filling.figures
    said = {
        (c.group, c.option): figures[unit, c.key]
        for _, c in block.columns()
        if (unit, c.key) in figures
    }
    exact = figure_of(leaf, form.plan.methods[unit][leaf.id], form.plan.way, said)
    return "" if exact is None else quantise(exact, 12)


def _validations(pen: Pen, form: SurveyForm, block: Block) -> None:
    last = FIRST_ROW + len(form.plan.units) - 1
    for number, column in block.columns():
        rule = validation(Entry(column.node, "value", column.item), "", ())
        pen.validate_areas([[FIRST_ROW, number, last, number]], rule)


def _page_title(form: SurveyForm) -> str:
    tier = form.settings.tiers[form.plan.tier].title
    return f"KẾT QUẢ ĐIỀU TRA XÃ HỘI HỌC VÀ CHỈ SỐ CÔNG BỐ – {tier}"


def _page(pen: Pen, form: SurveyForm, blocks: list[Block]) -> None:
    # A title over several columns would be cut by the columns that every page repeats.
    title = _page_title(form)[:_HEADER].replace("&", "&&")
    pen.sheet.set_header(f'&L&"{FONT},Bold"&12{title}')
    pen.sheet.print_area(TITLES, 1, FIRST_ROW + len(form.plan.units) - 1, blocks[-1].last)
    pen.sheet.freeze_panes(FIRST_ROW, FIRST_COLUMN)
    pen.sheet.set_paper(9)
    pen.sheet.set_landscape()
    pen.sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.6)
    pen.sheet.repeat_rows(TITLES, INPUTS)
    pen.sheet.repeat_columns(1, 3)
    pen.sheet.print_across()
    pen.sheet.set_v_pagebreaks(_breaks(blocks))


def _breaks(blocks: list[Block]) -> list[int]:
    """Return the columns before which a page ends, so that no group is parted that has room on one."""
    breaks, used = [], 0.0
    for block in blocks:
        starts = [n for n, c in block.columns() if n == block.first or _begins_group(block, n, c)]
        for first, after in pairwise([*starts, block.last + 1]):
            width = _width(block) * (after - first)
            if used and used + width > _ROOM:
                breaks.append(first)
                used = 0.0
            used += width
    return breaks


def _begins_group(block: Block, number: int, column: SurveyColumn) -> bool:
    return block.criterion.columns[number - block.first - 1].group != column.group
