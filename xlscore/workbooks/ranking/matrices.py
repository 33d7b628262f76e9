"""Criteria × units (ma trận điểm): achieved points and applicable maxima of a tier.

Leaves are figures, everything above them is a live formula over its own row. Where one sheet needs
another, it finds the unit by its code: a sheet that somebody sorts stays right.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xlscore.layout import NOTHING
from xlscore.ranking import UnitResult
from xlscore.ranking.parts import parts
from xlscore.rubric import Channel, Combine, Node
from xlscore.scoring import Open, Score
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import Book, Sheet
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.matrixframe import framed_sheet, node_looks, write_unit
from xlscore.workbooks.ranking.survey_formula import survey_formula
from xlscore.workbooks.ranking.tiersheets import FIRST_ROW, TierSheets

_POINTS_TOTALS = (
    "Cộng các lĩnh vực",
    "Điểm cộng",
    "Điểm trừ",
    "ĐIỂM ĐẠT ĐƯỢC",
    "Trong đó điều tra XHH",
)
_LOSS = {
    "type": "2_color_scale",
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "min_color": "#F6CF9E",
    "max_color": "#FFFFFF",
}
_MAXIMA_TOTALS = ("ĐIỂM TỐI ĐA ÁP DỤNG",)

# --- points and maxima -------------------------------------------------------


def write_points(book: Book, sheets: TierSheets) -> None:
    """Write achieved points: `–` not applicable, blank not known."""
    said = "Màu càng đậm, mất điểm càng nhiều. “–”: không áp dụng; ô trống: chưa có kết quả."
    sheet = _matrix_sheet(book, sheets, sheets.points, "ĐIỂM ĐẠT ĐƯỢC", said, _POINTS_TOTALS)
    formulas = {n.id: _points_formula(sheets, n) for n in sheets.rubric.walk() if not n.is_leaf}
    totals = _points_totals(sheets)
    looks = node_looks(book, sheets, book.number)
    bold = book.cell(bold=True, num_format=book.number)
    for row, result in enumerate(sheets.results, start=FIRST_ROW):
        write_unit(sheet, row, result)
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
    _tint_losses(sheet, sheets)


def _tint_losses(sheet: Sheet, sheets: TierSheets) -> None:
    """Tint what lacks points, the more the darker: full points stay white, groups keep their fill."""
    last = FIRST_ROW + len(sheets.results) - 1
    for leaf in sheets.rubric.leaves:
        if not leaf.is_extra:
            column = sheets.columns[leaf.id]
            scale = _LOSS | {"max_value": float(leaf.max)}
            sheet.raw.conditional_format(FIRST_ROW, column, last, column, scale)


def write_maxima(book: Book, sheets: TierSheets) -> None:
    """Write the points that each unit could reach: the denominators of its indices."""
    said = "Điểm tối đa mà từng đơn vị có thể đạt: mẫu số của các chỉ số. “–”: không áp dụng."
    sheet = _matrix_sheet(book, sheets, sheets.maxima, "ĐIỂM TỐI ĐA ÁP DỤNG", said, _MAXIMA_TOTALS)
    formulas = {n.id: _maxima_formula(sheets, n) for n in sheets.rubric.walk() if not n.is_leaf}
    total = _sum(sheets, sheets.rubric.domains).split("#")
    dashed = f'{book.number};-{book.number};"{NOTHING}"'
    looks = node_looks(book, sheets, dashed)
    bold = book.cell(bold=True, num_format=book.number)
    for row, result in enumerate(sheets.results, start=FIRST_ROW):
        write_unit(sheet, row, result)
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


def foot(result: UnitResult) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
    """Return the totals behind the points, in the order of their columns (see `Total`)."""
    t = result.totals
    return t.points, t.bonus, t.penalty, t.achieved, parts(result).survey


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
        survey_formula(sheets.rubric.domains, sheets.columns),
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


def _matrix_sheet(
    book: Book, sheets: TierSheets, name: str, title: str, said: str, totals: Sequence[str]
) -> Sheet:
    return framed_sheet(book, sheets, name, title, said, list(sheets.rubric.walk()), totals)
