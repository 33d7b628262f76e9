"""A unit's result as a form: every row of the annex with its scores, sums as live formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from xlscore.form import HEADING_ROW
from xlscore.form.longtexts import LongTexts
from xlscore.form.plan import node_key
from xlscore.layout import (
    NOTHING,
    RESULT_COLUMNS,
    Amount,
    Calculation,
    Cell,
    Column,
    Layout,
    Row,
    RowKind,
    Said,
    Text,
)
from xlscore.numbers import quantise
from xlscore.ranking import UnitResult
from xlscore.remarks import Notes
from xlscore.rubric import Channel, Combine, Node, Rubric
from xlscore.scoring import ZERO, Score, Scores, add_up
from xlscore.workbooks.scorecard.cached import Place, Shown

_LETTERS = {spec.column: chr(ord("A") + place) for place, spec in enumerate(RESULT_COLUMNS)}
_SUMMED = (Column.SCORE, Column.APPRAISED, Column.SURVEY, Column.ACHIEVED)
_INDEX_DECIMALS, _CRITERIA = 12, 2
_NOTE_ROOM = 46 * 17


@dataclass(frozen=True)
class Standing:
    """What is said of the unit as a whole; an empty rank is not printed."""

    band: str = ""
    rank: str = ""
    rank_note: str = ""


def result_layout(
    result: UnitResult, whole: Layout, notes: Notes, standing: Standing
) -> tuple[Layout, Mapping[Place, Shown]]:
    """Return the layout of a result sheet, and what each of its formulas shows."""
    builder = _Builder(result, whole, notes, standing)
    return builder.build(), builder.shown


class _Builder:
    def __init__(self, result: UnitResult, whole: Layout, notes: Notes, standing: Standing) -> None:
        self.result, self.whole, self.notes, self.standing = result, whole, notes, standing
        self.rubric: Rubric = result.rubric
        self.texts = LongTexts()
        self.shown: dict[Place, Shown] = {}
        self.nodes = [(node, depth) for top in self.rubric.nodes for node, depth in _walk(top, 1)]
        self.numbers = {
            node.id: number for number, (node, _) in enumerate(self.nodes, HEADING_ROW + 1)
        }
        self.columns = {column: self._column(column) for column in _SUMMED}

    def build(self) -> Layout:
        rows = [
            Row(self.numbers[n.id], key, RowKind(key[0]), self._cells(n, key, depth), n.id, depth)
            for n, depth in self.nodes
            for key in (node_key(n, depth),)
        ]
        for key, cells in self._foot(HEADING_ROW + 1 + len(rows)).items():
            number = HEADING_ROW + 1 + len(rows)
            rows.append(Row(number, f"{RowKind.TOTAL}:{key}", RowKind.TOTAL, cells))
        return Layout(
            self.rubric, self.whole.methods, RESULT_COLUMNS, tuple(rows), HEADING_ROW, None, (),
            annex=tuple(self.texts.annex), filled=frozenset(),
        )  # fmt: skip

    # --- scores by column ----------------------------------------------------------------------------

    def _column(self, column: Column) -> Scores:
        """Return what a column shows on every node: scores of the leaves, added up."""
        result = self.result
        if column is Column.ACHIEVED:
            return result.achieved
        leaves = {}
        for leaf in self.rubric.leaves:
            points: Decimal | None = None
            if column is Column.SCORE:
                points = result.own[leaf.id].points if result.own is not None else None
            elif column is Column.APPRAISED:
                points = result.appraised.get(leaf.id)
            elif leaf.channel is Channel.SURVEY and leaf.id not in result.pending:
                points = result.achieved[leaf.id].points
            leaves[leaf.id] = Score(points, ZERO)
        return add_up(self.rubric, leaves)

    # --- body ----------------------------------------------------------------------------------------

    def _cells(self, node: Node, key: str, depth: int) -> Mapping[Column, Cell]:
        cells: dict[Column, Cell] = {
            Column.CODE: Text(node.code),
            Column.TITLE: self.texts.printed(node.title),
            Column.MAXIMUM: Amount(node.max),
        }
        for column in _SUMMED:
            if (cell := self._score(node, key, column)) is not None:
                cells[column] = cell
        cells[Column.APPLICABLE] = self._applicable(node, key)
        if depth <= _CRITERIA and not node.is_extra and not self._only_waits(node):
            cells[Column.INDEX] = self._index(node, key)
        if note := self.notes.of(node):
            cells[Column.NOTE] = self.texts.printed(note, _NOTE_ROOM, Said)
        return cells

    def _score(self, node: Node, key: str, column: Column) -> Cell | None:
        score = self.columns[column][node.id]
        if score.points is None:
            agreed = column is Column.APPRAISED and node.id in self.result.appraised
            return Text(NOTHING) if agreed or self._is_left_out(node, column) else None
        if node.is_leaf:
            return Amount(score.points)
        return self._sum(node, key, column, score.points)

    def _is_left_out(self, node: Node, column: Column) -> bool:
        """Whether nothing of a node applies: “–”; what is only unknown yet stays blank."""
        if column not in {Column.SCORE, Column.ACHIEVED}:
            return False
        score = self.result.achieved[node.id]
        return not self._waits(node) and score.applicable == 0 and score.points is None

    def _waits(self, node: Node) -> bool:
        return any(leaf.id in self.result.pending for leaf in node.leaves())

    def _only_waits(self, node: Node) -> bool:
        """Whether nothing of a node is known yet, so that there is no index to speak of."""
        return self._waits(node) and self.result.achieved[node.id].applicable == 0

    def _applicable(self, node: Node, key: str) -> Cell:
        applicable = self.result.achieved[node.id].applicable
        if node.is_leaf:
            return Amount(applicable)
        return self._sum(node, key, Column.APPLICABLE, applicable)

    def _sum(self, node: Node, key: str, column: Column, value: Decimal) -> Calculation:
        combine = "SUM" if node.combine is Combine.SUM else "MAX"
        formula = f"{combine}({self._refs(node.nodes, column)})"
        if node.is_extra:
            formula = f"MIN({formula},{self._at(node, Column.MAXIMUM)})"
        self.shown[key, column] = value
        return Calculation(formula, column.value, node.id)

    def _index(self, node: Node, key: str) -> Calculation:
        applicable, achieved = (
            self._at(node, column) for column in (Column.APPLICABLE, Column.ACHIEVED)
        )
        index = self.result.node_index(node.id)
        self.shown[key, Column.INDEX] = (
            NOTHING if index is None else quantise(index, _INDEX_DECIMALS)
        )
        formula = f'IF({applicable}=0,"{NOTHING}",SUM({achieved})/{applicable}*100)'
        return Calculation(formula, "index", node.id)

    # --- foot ----------------------------------------------------------------------------------------

    def _foot(self, first: int) -> dict[str, dict[Column, Cell]]:
        """Return the rows below the body, by key, in order; `first` is the first one's number."""
        result, totals = self.result, self.result.totals
        rows: dict[str, dict[Column, Cell]] = {"total": self._total_cells()}
        at = {"total": f"{_LETTERS[Column.ACHIEVED]}{first}"}

        def add(key: str, title: str, formula: str, shown: Decimal) -> None:
            at[key] = f"{_LETTERS[Column.ACHIEVED]}{first + len(rows)}"
            self.shown[f"{RowKind.TOTAL}:{key}", Column.ACHIEVED] = shown
            rows[key] = {Column.TITLE: Text(title), Column.ACHIEVED: Calculation(formula, key)}

        extras = {"bonus": (Channel.BONUS, "Điểm cộng"), "penalty": (Channel.PENALTY, "Điểm trừ")}
        for key, (channel, title) in extras.items():
            nodes = [node for node in self.rubric.nodes if node.channel is channel]
            if nodes:
                shown = totals.bonus if key == "bonus" else totals.penalty
                add(key, title, f"SUM({self._refs(nodes, Column.ACHIEVED)})", shown)
        if len(rows) > 1:
            formula = "+".join(at[key] for key in ("total", "bonus") if key in at)
            formula += f"-{at['penalty']}" if "penalty" in at else ""
            add("achieved", "ĐIỂM ĐẠT ĐƯỢC", f"MAX({formula},0)", totals.achieved)
        applicable = self._refs(self.rubric.domains, Column.APPLICABLE)
        title = "Điểm tối đa áp dụng (các nội dung có áp dụng và đã có kết quả)"
        add("applicable", title, f"SUM({applicable})", totals.applicable)
        share = f"{at.get('achieved', at['total'])}/{at['applicable']}*100"
        capped = share if result.policies.index_may_pass_100 else f"MIN({share},100)"
        index = quantise(result.index, _INDEX_DECIMALS)
        add(
            "index", "CHỈ SỐ CẢI CÁCH HÀNH CHÍNH (%)", f"IF({at['applicable']}=0,0,{capped})", index
        )
        return rows | self._standing()

    def _total_cells(self) -> dict[Column, Cell]:
        maximum = sum((node.max for node in self.rubric.domains), ZERO)
        cells: dict[Column, Cell] = {
            Column.TITLE: Text("TỔNG ĐIỂM"), Column.MAXIMUM: Amount(maximum),
        }  # fmt: skip
        for column in _SUMMED:
            given = [self.columns[column][node.id].points for node in self.rubric.domains]
            points = [p for p in given if p is not None]
            if points or column is Column.ACHIEVED:
                self.shown[f"{RowKind.TOTAL}:total", column] = sum(points, ZERO)
                refs = self._refs(self.rubric.domains, column)
                cells[column] = Calculation(f"SUM({refs})", "total")
        return cells

    def _standing(self) -> dict[str, dict[Column, Cell]]:
        rows: dict[str, dict[Column, Cell]] = {}
        if self.standing.band:
            rows["band"] = {
                Column.TITLE: Text("XẾP LOẠI"), Column.ACHIEVED: Text(self.standing.band),
            }  # fmt: skip
        if self.standing.rank:
            rows["rank"] = {
                Column.TITLE: Text("XẾP HẠNG"), Column.ACHIEVED: Text(self.standing.rank),
                Column.NOTE: Said(self.standing.rank_note),
            }  # fmt: skip
        return rows

    # --- addresses -----------------------------------------------------------------------------------

    def _at(self, node: Node, column: Column) -> str:
        return f"{_LETTERS[column]}{self.numbers[node.id]}"

    def _refs(self, nodes: Iterable[Node], column: Column) -> str:
        return ",".join(self._at(node, column) for node in nodes)


def _walk(node: Node, depth: int) -> Iterable[tuple[Node, int]]:
    yield node, depth
    for child in node.nodes:
        yield from _walk(child, depth + 1)
