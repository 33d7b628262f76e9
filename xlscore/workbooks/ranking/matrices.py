"""Criteria × units (ma trận điểm): achieved points, applicable maxima, component indices of a tier.

Leaves are figures, everything above them is a live formula over its own row. Where one sheet needs
another, it finds the unit by its code: a sheet that somebody sorts stays right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from xlscore.layout import NOTHING
from xlscore.ranking import UnitResult
from xlscore.rubric import Channel, Combine, Node, Rubric
from xlscore.scoring import Open, Score
from xlscore.workbooks.heights import line_height, text_lines
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import (
    DOMAIN_FILL,
    GROUP_FILL,
    QUIET,
    Book,
    Sheet,
)
from xlscore.workbooks.ranking.cells import Cell, Live

CODE_ROW, TITLE_ROW, MAXIMUM_ROW, FIRST_ROW = 2, 3, 4, 5
"""0-based rows of the heading block and of the first unit."""

UNIT_COLUMNS = 2
_NODE_WIDTH = 8.0
_CRITERION_DEPTH = 2
_TITLE_SIZE = 9
_POINTS_TOTALS = ("Cộng các lĩnh vực", "Điểm cộng", "Điểm trừ", "ĐIỂM ĐẠT ĐƯỢC")
_MAXIMA_TOTALS = ("ĐIỂM TỐI ĐA ÁP DỤNG",)


@dataclass(frozen=True)
class TierSheets:
    """Where the figures of one tier stand; rows and columns are the same on points and maxima.

    Attributes:
        results: the units, one row each.
        points, maxima, indices: names of the sheets.
    """

    tier: str
    title: str
    rubric: Rubric
    results: tuple[UnitResult, ...]
    points: str
    maxima: str
    indices: str

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """The 0-based column of every node."""
        return {node.id: UNIT_COLUMNS + i for i, node in enumerate(self.rubric.walk())}

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """The depth of every node, 1 for domains."""
        return {node.id: len(self.rubric.ancestors(node.id)) + 1 for node in self.rubric.walk()}

    @property
    def totals(self) -> int:
        """The first column behind the nodes."""
        return UNIT_COLUMNS + len(self.columns)

    def block(self, sheet: str, column: int) -> str:
        """Return the range of all units in a column, for formulas on other sheets."""
        # One blank row more than there are units: Gnumeric takes a range of one cell for a value.
        letter, last = letters(column), FIRST_ROW + len(self.results) + 1
        quoted = sheet.replace("'", "''")
        return f"'{quoted}'!${letter}${FIRST_ROW + 1}:${letter}${last}"

    def position(self, sheet: str, code_cell: str) -> str:
        """Return the formula that finds a unit's place on a sheet."""
        return f"MATCH({code_cell},{self.block(sheet, 0)},0)"

    def place(self, result: UnitResult) -> int:
        """Return a unit's place (1-based) on the sheets as written."""
        return self._places[result.unit.code]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {r.unit.code: place for place, r in enumerate(self.results, start=1)}


def component(sheets: TierSheets, column: int, own: str, maximum: str, nothing: str) -> str:
    """Return the formula of a component index (percent): points ÷ maximum, found by place."""
    # SUM takes a text, such as the dash of a component without any points yet, as nothing.
    points = f"SUM(INDEX({sheets.block(sheets.points, column)},{own}))"
    maxima = f"INDEX({sheets.block(sheets.maxima, column)},{maximum})"
    return f"IF({maxima}=0,{nothing},{points}/{maxima}*100)"


# --- points and maxima -------------------------------------------------------


def write_points(book: Book, sheets: TierSheets) -> None:
    """Write achieved points: `–` not applicable, blank not known."""
    said = "Điểm đạt được theo từng nội dung. “–”: không áp dụng; ô trống: chưa có kết quả."
    sheet = _matrix_sheet(book, sheets, sheets.points, "ĐIỂM ĐẠT ĐƯỢC", said, _POINTS_TOTALS)
    formulas = {n.id: _points_formula(sheets, n) for n in sheets.rubric.walk() if not n.is_leaf}
    totals = _points_totals(sheets)
    looks = _looks(book, sheets, book.number)
    bold = book.cell(bold=True, num_format=book.number)
    for row, result in enumerate(sheets.results, start=FIRST_ROW):
        _unit(sheet, row, result)
        number = str(row + 1)
        for (node, column), look in zip(sheets.columns.items(), looks, strict=True):
            score = result.achieved.get(node)
            formula = formulas.get(node)
            if formula is None:
                sheet.write(row, column, _leaf_points(result, score), look)
            else:
                value = _group_points(result, score)
                sheet.raw.put_formula(row, column, number.join(formula), look, value)
        for place, (formula, total) in enumerate(zip(totals, foot(result), strict=True)):
            live = Live(number.join(formula), float(total))
            sheet.write(row, sheets.totals + place, live, bold)


def write_maxima(book: Book, sheets: TierSheets) -> None:
    """Write the points that each unit could reach: the denominators of its indices."""
    said = "Điểm tối đa mà từng đơn vị có thể đạt: mẫu số của các chỉ số. “–”: không áp dụng."
    sheet = _matrix_sheet(book, sheets, sheets.maxima, "ĐIỂM TỐI ĐA ÁP DỤNG", said, _MAXIMA_TOTALS)
    formulas = {n.id: _maxima_formula(sheets, n) for n in sheets.rubric.walk() if not n.is_leaf}
    total = _sum(sheets, sheets.rubric.domains).split("#")
    dashed = f'{book.number};-{book.number};"{NOTHING}"'
    looks = _looks(book, sheets, dashed)
    bold = book.cell(bold=True, num_format=book.number)
    for row, result in enumerate(sheets.results, start=FIRST_ROW):
        _unit(sheet, row, result)
        number = str(row + 1)
        for (node, column), look in zip(sheets.columns.items(), looks, strict=True):
            score = result.achieved.get(node)
            value = float(score.applicable) if score else 0.0
            formula = formulas.get(node)
            if formula is not None:
                sheet.raw.put_formula(row, column, number.join(formula), look, value)
            elif score is not None and score.open is Open.ELSEWHERE:
                sheet.raw.write_blank(row, column, None, look)
            else:
                sheet.raw.write_number(row, column, value, look)
        live = Live(number.join(total), float(result.totals.applicable))
        sheet.write(row, sheets.totals, live, bold)


def foot(result: UnitResult) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Return the totals behind the points, in the order of their columns."""
    t = result.totals
    return t.points, t.bonus, t.penalty, t.achieved


def _group_points(result: UnitResult, score: Score | None) -> float | str:
    if not result.assessed or score is None or score.points is None:
        return NOTHING
    return float(score.points)


def _leaf_points(result: UnitResult, score: Score | None) -> Cell:
    if score is None or score.open is Open.NOT_APPLICABLE:
        return NOTHING
    return score.points if result.assessed else None


def _points_formula(sheets: TierSheets, node: Node) -> list[str]:
    children = _children(sheets, node.nodes)
    value = _capped(node, f"{_function(node)}({children})")
    return f'IF(COUNT({children})=0,"{NOTHING}",{value})'.split("#")


def _maxima_formula(sheets: TierSheets, node: Node) -> list[str]:
    return _capped(node, f"{_function(node)}({_children(sheets, node.nodes)})").split("#")


def _points_totals(sheets: TierSheets) -> tuple[list[str], ...]:
    roots = sheets.rubric.nodes
    bonus = [node for node in roots if node.channel is Channel.BONUS]
    penalty = [node for node in roots if node.channel is Channel.PENALTY]
    at = [f"{letters(sheets.totals + place)}#" for place in range(3)]
    achieved = f"MAX({at[0]}+{at[1]}-{at[2]},0)"
    texts = (
        _sum(sheets, sheets.rubric.domains),
        _sum(sheets, bonus),
        _sum(sheets, penalty),
        achieved,
    )
    return tuple(text.split("#") for text in texts)


def _function(node: Node) -> str:
    return "SUM" if node.combine is Combine.SUM else "MAX"


def _capped(node: Node, formula: str) -> str:
    return f"MIN({formula},{node.max:f})" if node.is_extra else formula


def _sum(sheets: TierSheets, nodes: Sequence[Node]) -> str:
    return f"SUM({_children(sheets, nodes)})" if nodes else "0"


def _children(sheets: TierSheets, nodes: Sequence[Node]) -> str:
    """Return references to the cells of `nodes`; `#` stands for the row."""
    columns = [sheets.columns[node.id] for node in nodes]
    first, last = columns[0], columns[-1]
    if last - first == len(columns) - 1:
        return f"{letters(first)}#:{letters(last)}#"
    return ",".join(f"{letters(column)}#" for column in columns)


# --- component indices -------------------------------------------------------


def write_indices(book: Book, sheets: TierSheets) -> None:
    """Write the component index of every domain and criterion, in percent."""
    shown = [n for n in sheets.rubric.walk() if sheets.depths[n.id] <= _CRITERION_DEPTH]
    said = "Chỉ số thành phần (%) theo lĩnh vực và tiêu chí = điểm đạt được ÷ điểm tối đa áp dụng × 100."
    sheet = _sheet(book, sheets, sheets.indices, "CHỈ SỐ THÀNH PHẦN (%)", said, shown, ())
    first_helper = UNIT_COLUMNS + len(shown)
    sheet.columns([6, 6], first=first_helper, hidden=True)
    own, maximum = (f"${letters(first_helper + place)}#" for place in range(2))
    formulas = [
        component(sheets, sheets.columns[n.id], own, maximum, f'"{NOTHING}"').split("#")
        for n in shown
    ]
    looks = [_look(book, sheets, node, book.number) for node in shown]
    plain = book.format()
    for row, result in enumerate(sheets.results, start=FIRST_ROW):
        _unit(sheet, row, result)
        number = str(row + 1)
        for place, node in enumerate(shown):
            index = result.node_index(node.id)
            value = NOTHING if index is None else float(index)
            column = UNIT_COLUMNS + place
            sheet.raw.put_formula(row, column, number.join(formulas[place]), looks[place], value)
        for place, name in enumerate((sheets.points, sheets.maxima)):
            found = Live(sheets.position(name, f"$A{number}"), sheets.place(result))
            sheet.write(row, first_helper + place, found, plain)


# --- the frame of a matrix -------------------------------------------------------


def _matrix_sheet(
    book: Book, sheets: TierSheets, name: str, title: str, said: str, totals: Sequence[str]
) -> Sheet:
    return _sheet(book, sheets, name, title, said, list(sheets.rubric.walk()), totals)


def _sheet(
    book: Book,
    sheets: TierSheets,
    name: str,
    title: str,
    said: str,
    nodes: Sequence[Node],
    totals: Sequence[str],
) -> Sheet:
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
    return min(max(8.0, codes * 1.25 + 2), 20.0), min(max(22.0, names * 1.0 + 2), 46.0)


def _unit(sheet: Sheet, row: int, result: UnitResult) -> None:
    look = sheet.book.cell()
    sheet.write(row, 0, result.unit.code, look)
    sheet.write(row, 1, result.unit.name, look)


def _looks(book: Book, sheets: TierSheets, number: str) -> list[Any]:
    return [_look(book, sheets, node, number) for node in sheets.rubric.walk()]


def _look(book: Book, sheets: TierSheets, node: Node, number: str) -> Any:
    look: dict[str, Any] = {"num_format": number, "align": "right", "font_size": 10}
    if fill := _fill(sheets, node):
        look |= {"bg_color": fill, "bold": sheets.depths[node.id] == 1}
    return book.cell(**look)


def _fill(sheets: TierSheets, node: Node) -> str:
    if sheets.depths[node.id] == 1:
        return DOMAIN_FILL
    return "" if node.is_leaf else GROUP_FILL
