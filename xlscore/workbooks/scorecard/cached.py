"""What every formula of a form shows for given answers: the values that a workbook caches.

LibreOffice and Excel's Protected View show cached values, so a form is never written without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from xlscore.answers import Answers
from xlscore.form import is_asked, is_complete
from xlscore.layout import NOTHING, UNCOMPUTED, Calculation, Column, Layout
from xlscore.numbers import quantise
from xlscore.scoring import Open, Scores, Totals, not_applicable_leaves, score_card, totals

Shown = Decimal | str
Place = tuple[str, Column]

PROGRESS: Place = ("progress", Column.EVIDENCE)
"""Where the progress line is found among the calculated values."""

_INDEX_DECIMALS = 12


def calculated(layout: Layout, answers: Answers, decimals: int = 12) -> Mapping[Place, Shown]:
    """Return what each formula cell shows, by row key and column; the progress line at `PROGRESS`.

    An open score is "", a node with nothing applicable "–"; `decimals` is the campaign's
    `leaf_decimals`, the one the layout was built with.
    """
    scores = score_card(layout.rubric, layout.methods, answers, decimals)
    desk = _Desk(layout, answers, scores, totals(layout.rubric, scores))
    shown = {(row.key, column): desk.shows(cell) for row, column, cell in layout.calculations}
    missing = sum(
        int(shown[row.key, column])
        for row, column, cell in layout.calculations
        if cell.what == "missing"
    )
    shown[PROGRESS] = f"Còn {missing} nội dung chưa nhập." if missing else "Đã nhập đủ số liệu."
    return shown


class _Desk:
    def __init__(self, layout: Layout, answers: Answers, scores: Scores, totals: Totals) -> None:
        self.layout, self.answers, self.scores, self.totals = layout, answers, scores, totals
        self.left_out = not_applicable_leaves(layout.rubric, answers.not_applicable)

    def shows(self, cell: Calculation) -> Shown:
        match cell.what:
            case "score":
                return self._score(cell.node)
            case "applicable":
                return self.scores[cell.node].applicable
            case "missing":
                return self._missing(cell.node)
            case "total":
                return self.totals.points
            case "total-applicable":
                return self.totals.applicable
            case "index":
                return self._index()
        raise ValueError(cell.what)

    def _score(self, node_id: str) -> Shown:
        score = self.scores[node_id]
        if score.applicable == 0:
            return NOTHING
        if score.points is not None:
            return score.points
        if not self.layout.rubric.by_id[node_id].is_leaf:
            return Decimal(0)
        return UNCOMPUTED if score.open is Open.UNDEFINED else ""

    def _missing(self, leaf_id: str) -> Decimal:
        layout, values = self.layout, self.answers.values
        leaf = layout.rubric.by_id[leaf_id]
        if leaf_id not in layout.asked or leaf_id in self.left_out:
            return Decimal(0)
        if not is_asked(leaf, layout.rubric, layout.methods, values):
            return Decimal(0)
        return Decimal(not is_complete(leaf, layout.methods[leaf_id], values.get(leaf_id, {})))

    def _index(self) -> Shown:
        if self.totals.applicable == 0:
            return NOTHING
        share = Fraction(self.totals.points) / Fraction(self.totals.applicable)
        return quantise(share * 100, _INDEX_DECIMALS)
