"""Build a scorecard's layout (phiếu tự chấm điểm) from a rubric: rows, inputs, live formulas."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from xlscore.form.formulas import LIST_SHEET, Formulas, list_range
from xlscore.form.longtexts import LongTexts
from xlscore.form.plan import (
    Plan,
    card_inputs,
    computed_on_card,
    is_asked,
    is_complete,
    plan_rows,
)
from xlscore.layout import (
    APPLICABLE,
    BEST_CASE,
    BY_APPRAISER,
    BY_SURVEY,
    BY_SYSTEM,
    COMPLETE,
    IN_PROGRESS,
    NOT_APPLICABLE,
    SCORECARD_COLUMNS,
    Amount,
    Calculation,
    Cell,
    Column,
    Entry,
    Layout,
    Row,
    RowKind,
    Slot,
    Text,
)
from xlscore.methods import Registry, method_of
from xlscore.methods.base import Input, InputKind, Place
from xlscore.rubric import Channel, Combine, Node, Rubric

__all__ = [
    "HEADING_ROW",
    "LIST_SHEET",
    "SUBMIT_INPUT",
    "card_inputs",
    "computed_on_card",
    "is_asked",
    "is_complete",
    "list_range",
    "scorecard_layout",
]

HEADING_ROW = 7
"""Rows above the headings: key row, two of the letterhead, title, basis, unit (see the writer)."""

APPLICABILITY_INPUT = Input(
    Slot.APPLICABILITY, kind=InputKind.CHOICE, choices=(APPLICABLE, NOT_APPLICABLE), required=False
)
SUBMIT_INPUT = Input(
    Slot.SUBMIT, kind=InputKind.CHOICE, choices=(IN_PROGRESS, COMPLETE), required=False
)


def scorecard_layout(
    rubric: Rubric, methods: Registry, role: str = "", leaf_decimals: int = 12
) -> Layout:
    """Return the layout of the scorecard for a rubric already settled for the unit.

    With `role`, only the rows of that role (and those of nobody in particular) are unlocked.
    `leaf_decimals` is the campaign's rounding of each row's score.
    """
    return _Builder(rubric, methods, role, leaf_decimals).build()


class _Builder:
    def __init__(self, rubric: Rubric, methods: Registry, role: str, leaf_decimals: int) -> None:
        self.rubric, self.role = rubric, role
        self.methods = {leaf.id: method_of(leaf, methods) for leaf in rubric.leaves}
        self.texts = LongTexts()
        self.plans = list(plan_rows(rubric, self.methods))
        self.numbers = {plan.key: HEADING_ROW + 1 + i for i, plan in enumerate(self.plans)}
        self.owned = frozenset(
            leaf.id for leaf in rubric.leaves if not role or not leaf.role or role in leaf.role
        )
        self.asked = frozenset(
            leaf.id for leaf in rubric.leaves if not role or leaf.role == (role,)
        )
        inputs = (i for leaf in rubric.leaves for i in card_inputs(leaf, self.methods[leaf.id]))
        choices = [APPLICABILITY_INPUT.choices, SUBMIT_INPUT.choices, *(i.choices for i in inputs)]
        self.lists = tuple(dict.fromkeys(c for c in choices if c))
        letters = {s.column: chr(ord("A") + i) for i, s in enumerate(SCORECARD_COLUMNS)}
        self.formulas = Formulas(
            rubric, self.methods, self.numbers, letters, self.lists, leaf_decimals
        )

    def build(self) -> Layout:
        return Layout(
            self.rubric,
            self.methods,
            SCORECARD_COLUMNS,
            tuple(self._row(plan) for plan in self.plans),
            HEADING_ROW,
            Calculation(self.formulas.progress(), "progress"),
            self.lists,
            self.role,
            self.owned,
            self.asked,
            tuple(self.texts.annex),
        )

    def _row(self, plan: Plan) -> Row:
        makers = {
            RowKind.DOMAIN: self._group_cells,
            RowKind.GROUP: self._group_cells,
            RowKind.LEAF: self._leaf_cells,
            RowKind.APPLICABILITY: self._applicability_cells,
            RowKind.INPUT: self._input_cells,
            RowKind.GUIDANCE: self._guidance_cells,
            RowKind.TOTAL: self._total_cells,
            RowKind.SUBMIT: self._submit_cells,
        }
        node_id = plan.node.id if plan.node else ""
        cells = makers[plan.kind](plan)
        return Row(self.numbers[plan.key], plan.key, plan.kind, cells, node_id, plan.depth)

    def _head(self, node: Node) -> dict[Column, Cell]:
        return {
            Column.CODE: Text(node.code),
            Column.TITLE: self._text(node.title),
            Column.MAXIMUM: Amount(node.max),
        }

    def _group_cells(self, plan: Plan) -> Mapping[Column, Cell]:
        node = _present(plan.node)
        note = node.note or (BEST_CASE if node.combine is Combine.BEST else "")
        cells = self._head(node) | ({Column.NOTE: Text(note)} if note else {})
        if not any(computed_on_card(leaf, self.methods[leaf.id]) for leaf in node.leaves()):
            return cells | {Column.SCORE: Text(_waiting_for(next(node.leaves())))}
        score, applicable = self.formulas.group(node)
        return cells | {
            Column.SCORE: Calculation(score, "score", node.id),
            Column.APPLICABLE: Calculation(applicable, "applicable", node.id),
        }

    def _leaf_cells(self, plan: Plan) -> Mapping[Column, Cell]:
        leaf = _present(plan.node)
        method, inputs = self.methods[leaf.id], card_inputs(leaf, self.methods[leaf.id])
        cells = self._head(leaf)
        note = leaf.note or (BY_SURVEY if leaf.channel is Channel.SURVEY else "")
        if note:
            cells[Column.NOTE] = Text(note)
        for item in inputs:
            if item.place is not Place.BELOW:
                column = Column.SCORE if item.place is Place.SCORE else Column.FIGURE
                cells[column] = self._entry(leaf, item.key, item)
        if inputs:
            cells[Column.EVIDENCE] = self._entry(leaf, Slot.EVIDENCE)
            cells[Column.EXPLANATION] = self._entry(leaf, Slot.EXPLANATION)
            counts = leaf.id in self.asked and not leaf.is_extra
            missing = self.formulas.missing(leaf) if counts else "0"
            cells[Column.MISSING] = Calculation(missing, "missing", leaf.id)
        if not computed_on_card(leaf, method):
            return {Column.SCORE: Text(_waiting_for(leaf))} | cells
        score, applicable = self.formulas.leaf(leaf)
        cells[Column.APPLICABLE] = Calculation(applicable, "applicable", leaf.id)
        if score is not None:
            cells[Column.SCORE] = Calculation(score, "score", leaf.id)
        return cells

    def _applicability_cells(self, plan: Plan) -> Mapping[Column, Cell]:
        node = _present(plan.node)
        condition = node.may_be_not_applicable
        asked = f"Có áp dụng không? (Chọn “{NOT_APPLICABLE}” và giải trình nếu: {condition})"
        unlocked = any(leaf.id in self.owned for leaf in node.leaves())
        entry = Entry(node.id, Slot.APPLICABILITY, APPLICABILITY_INPUT, unlocked=unlocked)
        cells: dict[Column, Cell] = {Column.TITLE: self._text(asked), Column.FIGURE: entry}
        if not node.is_leaf or not card_inputs(node, self.methods[node.id]):
            cells[Column.EXPLANATION] = Entry(node.id, Slot.EXPLANATION, unlocked=unlocked)
        return cells

    def _input_cells(self, plan: Plan) -> Mapping[Column, Cell]:
        item = _present(plan.input)
        entry = self._entry(_present(plan.node), item.key, item)
        return {Column.TITLE: self._text(f"– {item.label}"), Column.FIGURE: entry}

    def _guidance_cells(self, plan: Plan) -> Mapping[Column, Cell]:
        leaf = _present(plan.node)
        guidance = "; ".join(self.methods[leaf.id].guidance(leaf.max)).rstrip(".:")
        parts = {"Cách chấm": guidance, "Tài liệu kiểm chứng": "; ".join(leaf.evidence)}
        lines = (f"{name}: {said}" for name, said in parts.items() if said)
        return {Column.TITLE: self._text("\n".join(lines))}

    def _total_cells(self, plan: Plan) -> Mapping[Column, Cell]:
        formulas = self.formulas
        title, formula, what = {
            "t:total": ("TỔNG ĐIỂM TỰ ĐÁNH GIÁ", formulas.total(), "total"),
            "t:applicable": (
                "Điểm tối đa của các nội dung đơn vị tự chấm và có áp dụng",
                formulas.total_applicable(),
                "total-applicable",
            ),
            "t:index": ("CHỈ SỐ TỰ ĐÁNH GIÁ (%)", formulas.index(), "index"),
        }[plan.key]
        cells: dict[Column, Cell] = {
            Column.TITLE: Text(title),
            Column.SCORE: Calculation(formula, what),
        }
        if what == "total":
            maximum = sum((node.max for node in self.rubric.domains), Decimal(0))
            cells[Column.MAXIMUM] = Amount(maximum)
        return cells

    def _submit_cells(self, plan: Plan) -> Mapping[Column, Cell]:
        asked = f"Trạng thái phiếu (khi nhập xong, chọn “{COMPLETE}”)"
        return {Column.TITLE: Text(asked), Column.FIGURE: Entry("", Slot.SUBMIT, SUBMIT_INPUT)}

    def _text(self, text: str) -> Text:
        return self.texts.printed(text)

    def _entry(self, leaf: Node, slot: str, item: Input | None = None) -> Entry:
        return Entry(leaf.id, slot, item, unlocked=leaf.id in self.owned)


def _waiting_for(leaf: Node) -> str:
    words = {Channel.SURVEY: BY_SURVEY, Channel.APPRAISER: BY_APPRAISER}
    return words.get(leaf.channel, BY_SYSTEM)


T = TypeVar("T")


def _present(value: T | None) -> T:
    assert value is not None  # noqa: S101  the plan of this kind of row always has it
    return value
