"""Build a scorecard's layout (phiếu tự chấm điểm) from a rubric: rows, inputs, live formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from xlscore.layout import (
    APPLICABLE,
    BY_APPRAISER,
    BY_SURVEY,
    BY_SYSTEM,
    COMPLETE,
    IN_PROGRESS,
    NOT_APPLICABLE,
    NOTHING,
    SCORECARD_COLUMNS,
    UNCOMPUTED,
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
from xlscore.methods import Method, Registry, method_of
from xlscore.methods.base import Cells, ComputedAt, Input, InputKind, Place, Source
from xlscore.rubric import Channel, Combine, Node, Rubric

HEADING_ROW = 7
"""Rows above the headings: key row, two of the letterhead, title, basis, unit (see the writer)."""

LIST_SHEET = "Danh mục"
_DOUBLE_DECIMALS = 9
"""Rounding finer than this says nothing in a spreadsheet's doubles."""
_LONGEST_TEXT, _MOST_LINES = 900, 20
"""A printed text beyond this outgrows the tallest row (409 pt) and goes on in the annex."""

APPLICABILITY_INPUT = Input(
    Slot.APPLICABILITY, kind=InputKind.CHOICE, choices=(APPLICABLE, NOT_APPLICABLE), required=False
)
SUBMIT_INPUT = Input(
    Slot.SUBMIT, kind=InputKind.CHOICE, choices=(IN_PROGRESS, COMPLETE), required=False
)


def computed_on_card(node: Node, method: Method) -> bool:
    """Whether the scorecard itself shows the leaf's score."""
    return method.computed_at is ComputedAt.SCORECARD and node.channel is not Channel.APPRAISER


def card_inputs(node: Node, method: Method) -> tuple[Input, ...]:
    """Return the inputs that the unit itself types; an appraiser's row has none for the unit."""
    if node.channel is Channel.APPRAISER:
        return ()
    return tuple(i for i in method.inputs(node.max) if i.source is Source.SCORECARD)


def scorecard_layout(
    rubric: Rubric, methods: Registry, role: str = "", leaf_decimals: int = 12
) -> Layout:
    """Return the layout of the scorecard for a rubric already settled for the unit.

    With `role`, only the rows of that role (and those of nobody in particular) are unlocked.
    `leaf_decimals` is the campaign's rounding of each row's score.
    """
    return _Builder(rubric, methods, role, leaf_decimals).build()


@dataclass(frozen=True, slots=True)
class _Plan:
    """A row before its formulas are known."""

    key: str
    kind: RowKind
    node: Node | None = None
    depth: int = 0
    input: Input | None = None


class _Builder:
    def __init__(self, rubric: Rubric, methods: Registry, role: str, leaf_decimals: int) -> None:
        self.rubric, self.role, self.leaf_decimals = rubric, role, leaf_decimals
        self.methods = {leaf.id: method_of(leaf, methods) for leaf in rubric.leaves}
        self.columns = SCORECARD_COLUMNS
        self.annex: list[str] = []
        self.letters = {s.column: chr(ord("A") + i) for i, s in enumerate(self.columns)}
        self.plans = list(self._plan())
        self.numbers = {plan.key: HEADING_ROW + 1 + i for i, plan in enumerate(self.plans)}
        self.owned = frozenset(
            leaf.id for leaf in rubric.leaves if not role or not leaf.role or role in leaf.role
        )
        inputs = (i for leaf in rubric.leaves for i in card_inputs(leaf, self.methods[leaf.id]))
        choices = [APPLICABILITY_INPUT.choices, SUBMIT_INPUT.choices, *(i.choices for i in inputs)]
        self.lists = tuple(dict.fromkeys(c for c in choices if c))

    def build(self) -> Layout:
        rows = tuple(self._row(plan) for plan in self.plans)
        last = rows[-1].number
        missing = (
            f"SUM({self._at(HEADING_ROW + 1, Column.MISSING)}:{self._at(last, Column.MISSING)})"
        )
        said = f'IF({missing}=0,"Đã nhập đủ số liệu.","Còn "&{missing}&" nội dung chưa nhập.")'
        progress = Calculation(said, "progress")
        return Layout(
            self.rubric,
            self.methods,
            self.columns,
            rows,
            HEADING_ROW,
            progress,
            self.lists,
            self.role,
            self.owned,
            tuple(self.annex),
        )

    # --- which rows there are -----------------------------------------------------------------

    def _plan(self) -> Iterator[_Plan]:
        for node in self.rubric.nodes:
            yield from self._plan_node(node, 1)
        for name in ("total", "applicable", "index"):
            yield _Plan(f"{RowKind.TOTAL}:{name}", RowKind.TOTAL)
        yield _Plan(f"{RowKind.SUBMIT}:state", RowKind.SUBMIT)

    def _plan_node(self, node: Node, depth: int) -> Iterator[_Plan]:
        group = RowKind.DOMAIN if depth == 1 else RowKind.GROUP
        kind = RowKind.LEAF if node.is_leaf else group
        yield _Plan(f"{kind}:{node.id}", kind, node, depth)
        if node.may_be_not_applicable:
            yield _Plan(f"{RowKind.APPLICABILITY}:{node.id}", RowKind.APPLICABILITY, node, depth)
        if node.is_leaf:
            yield from self._plan_leaf(node, depth)
        for child in node.nodes:
            yield from self._plan_node(child, depth + 1)

    def _plan_leaf(self, leaf: Node, depth: int) -> Iterator[_Plan]:
        inputs = card_inputs(leaf, self.methods[leaf.id])
        if leaf.evidence or (inputs and self.methods[leaf.id].guidance(leaf.max)):
            yield _Plan(f"{RowKind.GUIDANCE}:{leaf.id}", RowKind.GUIDANCE, leaf, depth)
        for item in inputs:
            if item.place is Place.BELOW:
                key = f"{RowKind.INPUT}:{leaf.id}/{item.key}"
                yield _Plan(key, RowKind.INPUT, leaf, depth, item)

    # --- what each row holds --------------------------------------------------------------------

    def _row(self, plan: _Plan) -> Row:
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

    def _group_cells(self, plan: _Plan) -> Mapping[Column, Cell]:
        node = _present(plan.node)
        cells = self._head(node) | ({Column.NOTE: Text(node.note)} if node.note else {})
        if not any(computed_on_card(leaf, self.methods[leaf.id]) for leaf in node.leaves()):
            return cells | {Column.SCORE: Text(_waiting_for(next(node.leaves())))}
        combine = "SUM" if node.combine is Combine.SUM else "MAX"
        applicable = f"{combine}({','.join(self._shown(n, Column.APPLICABLE) for n in node.nodes)})"
        score = f"{combine}({','.join(self._counted(child) for child in node.nodes)})"
        if node.is_extra:
            maximum = self._cell(plan.key, Column.MAXIMUM)
            applicable, score = f"MIN({applicable},{maximum})", f"MIN({score},{maximum})"
        nothing = f"{self._cell(plan.key, Column.APPLICABLE)}=0"
        return cells | {
            Column.SCORE: Calculation(f'IF({nothing},"{NOTHING}",{score})', "score", node.id),
            Column.APPLICABLE: Calculation(applicable, "applicable", node.id),
        }

    def _leaf_cells(self, plan: _Plan) -> Mapping[Column, Cell]:
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
            cells[Column.MISSING] = Calculation(self._missing(leaf, inputs), "missing", leaf.id)
        if computed_on_card(leaf, method):
            return cells | self._leaf_formulas(leaf, method, inputs)
        cells.setdefault(Column.SCORE, Text(_waiting_for(leaf)))
        return cells

    def _leaf_formulas(
        self, leaf: Node, method: Method, inputs: Sequence[Input]
    ) -> dict[Column, Cell]:
        maximum = self._cell(f"{RowKind.LEAF}:{leaf.id}", Column.MAXIMUM)
        cells = {item.key: self._input_cell(leaf, item) for item in inputs}
        lists = {item.key: self._list_range(item.choices) for item in inputs if item.choices}
        rule = method.formula(Cells(cells, maximum, lists), leaf.max)
        blank, na = self._blank(leaf, inputs), self._not_applicable(leaf)
        applicable = rule.applicable
        if applicable != maximum:
            applicable = f"IF({blank},{maximum},{applicable})"
        if na:
            applicable = f"IF({na},0,{applicable})"
        made: dict[Column, Cell] = {
            Column.APPLICABLE: Calculation(applicable, "applicable", leaf.id)
        }
        if not any(item.place is Place.SCORE for item in inputs):
            score = f'IF({blank},"",IFERROR({self._rounded(rule.score)},"{UNCOMPUTED}"))'
            if applicable != maximum:
                nothing = f"{self._cell(f'{RowKind.LEAF}:{leaf.id}', Column.APPLICABLE)}=0"
                score = f'IF({nothing},"{NOTHING}",{score})'
            made[Column.SCORE] = Calculation(score, "score", leaf.id)
        return made

    def _rounded(self, score: str) -> str:
        """Round as the campaign does; the nudge keeps a double just under a half going up."""
        if self.leaf_decimals > _DOUBLE_DECIMALS:
            return score
        return f"ROUND(({score})*(1+1E-13),{self.leaf_decimals})"

    def _applicability_cells(self, plan: _Plan) -> Mapping[Column, Cell]:
        node = _present(plan.node)
        condition = node.may_be_not_applicable
        asked = f"Có áp dụng không? (Chọn “{NOT_APPLICABLE}” và giải trình nếu: {condition})"
        unlocked = any(leaf.id in self.owned for leaf in node.leaves())
        entry = Entry(node.id, Slot.APPLICABILITY, APPLICABILITY_INPUT, unlocked=unlocked)
        cells: dict[Column, Cell] = {Column.TITLE: self._text(asked), Column.FIGURE: entry}
        if not node.is_leaf or not card_inputs(node, self.methods[node.id]):
            cells[Column.EXPLANATION] = Entry(node.id, Slot.EXPLANATION, unlocked=unlocked)
        return cells

    def _input_cells(self, plan: _Plan) -> Mapping[Column, Cell]:
        item = _present(plan.input)
        entry = self._entry(_present(plan.node), item.key, item)
        return {Column.TITLE: self._text(f"– {item.label}"), Column.FIGURE: entry}

    def _guidance_cells(self, plan: _Plan) -> Mapping[Column, Cell]:
        leaf = _present(plan.node)
        guidance = "; ".join(self.methods[leaf.id].guidance(leaf.max)).rstrip(".:")
        parts = {"Cách chấm": guidance, "Tài liệu kiểm chứng": "; ".join(leaf.evidence)}
        lines = (f"{name}: {said}" for name, said in parts.items() if said)
        return {Column.TITLE: self._text("\n".join(lines))}

    def _total_cells(self, plan: _Plan) -> Mapping[Column, Cell]:
        domains = self.rubric.domains
        total = self._cell(f"{RowKind.TOTAL}:total", Column.SCORE)
        applicable = self._cell(f"{RowKind.TOTAL}:applicable", Column.SCORE)
        title, formula, what = {
            "t:total": (
                "TỔNG ĐIỂM TỰ ĐÁNH GIÁ",
                f"SUM({','.join(self._counted(node) for node in domains)})",
                "total",
            ),
            "t:applicable": (
                "Điểm tối đa của các nội dung đơn vị tự chấm và có áp dụng",
                f"SUM({','.join(self._shown(node, Column.APPLICABLE) for node in domains)})",
                "total-applicable",
            ),
            "t:index": (
                "CHỈ SỐ TỰ ĐÁNH GIÁ (%)",
                f'IF({applicable}=0,"{NOTHING}",{total}/{applicable}*100)',
                "index",
            ),
        }[plan.key]
        cells: dict[Column, Cell] = {
            Column.TITLE: Text(title),
            Column.SCORE: Calculation(formula, what),
        }
        if what == "total":
            maximum = sum((node.max for node in self.rubric.domains), Decimal(0))
            cells[Column.MAXIMUM] = Amount(maximum)
        return cells

    def _submit_cells(self, plan: _Plan) -> Mapping[Column, Cell]:
        asked = f"Trạng thái phiếu (khi nhập xong, chọn “{COMPLETE}”)"
        return {Column.TITLE: Text(asked), Column.FIGURE: Entry("", Slot.SUBMIT, SUBMIT_INPUT)}

    def _text(self, text: str) -> Text:
        """Return a printed text; what no row is tall enough for is cut, and whole in the annex."""
        start = "\n".join(text.split("\n")[:_MOST_LINES])
        if len(start) > _LONGEST_TEXT:
            start = start[:_LONGEST_TEXT].rsplit(" ", 1)[0]
        if start == text:
            return Text(text)
        self.annex.append(text)
        return Text(f"{start} … (xem đủ ở Phụ lục, mục {len(self.annex)})")

    # --- pieces of formulas ----------------------------------------------------------------------

    def _missing(self, leaf: Node, inputs: Sequence[Input]) -> str:
        if leaf.id not in self.owned or leaf.is_extra:
            return "0"
        blank, na = self._blank(leaf, inputs), self._not_applicable(leaf)
        return f"IF({na},0,IF({blank},1,0))" if na else f"IF({blank},1,0)"

    def _blank(self, leaf: Node, inputs: Sequence[Input]) -> str:
        """Return the condition that a required input is still open.

        COUNT passes over texts: a number typed as text leaves the score open, it breaks nothing.
        """
        needed = [item for item in inputs if item.required]
        numbers = [self._input_cell(leaf, i) for i in needed if i.kind is InputKind.NUMBER]
        choices = [
            f"ISNA(MATCH({self._input_cell(leaf, i)},{self._list_range(i.choices)},0))"
            for i in needed
            if i.kind is InputKind.CHOICE
        ]
        tests = [f"COUNT({','.join(numbers)})<{len(numbers)}"] if numbers else []
        tests += choices
        if not tests:
            return "FALSE"
        return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"

    def _not_applicable(self, leaf: Node) -> str:
        asked = [
            self._cell(f"{RowKind.APPLICABILITY}:{node_id}", Column.FIGURE)
            for node_id in (leaf.id, *self.rubric.ancestors(leaf.id))
            if self.rubric.by_id[node_id].may_be_not_applicable
        ]
        tests = [f'{cell}="{NOT_APPLICABLE}"' for cell in asked]
        return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})" if tests else ""

    def _shown(self, node: Node, column: Column) -> str:
        group = RowKind.GROUP if self.rubric.parents[node.id] else RowKind.DOMAIN
        return self._cell(f"{RowKind.LEAF if node.is_leaf else group}:{node.id}", column)

    def _counted(self, node: Node) -> str:
        """Return what a node adds to the sum above it.

        Where the score itself is typed, no formula of the row has left it out or rounded it yet.
        """
        shown = self._shown(node, Column.SCORE)
        if not node.is_leaf or not computed_on_card(node, self.methods[node.id]):
            return shown
        inputs = card_inputs(node, self.methods[node.id])
        if not any(item.place is Place.SCORE for item in inputs):
            return shown
        counted = shown
        if self.leaf_decimals <= _DOUBLE_DECIMALS or self._not_applicable(node):
            counted = self._rounded(f"SUM({shown})")
        if self._not_applicable(node):
            counted = f"IF({self._shown(node, Column.APPLICABLE)}=0,0,{counted})"
        return counted

    def _input_cell(self, leaf: Node, item: Input) -> str:
        if item.place is Place.BELOW:
            return self._cell(f"{RowKind.INPUT}:{leaf.id}/{item.key}", Column.FIGURE)
        column = Column.SCORE if item.place is Place.SCORE else Column.FIGURE
        return self._cell(f"{RowKind.LEAF}:{leaf.id}", column)

    def _entry(self, leaf: Node, slot: str, item: Input | None = None) -> Entry:
        return Entry(leaf.id, slot, item, unlocked=leaf.id in self.owned)

    def _cell(self, key: str, column: Column) -> str:
        return self._at(self.numbers[key], column)

    def _at(self, number: int, column: Column) -> str:
        return f"{self.letters[column]}{number}"

    def _list_range(self, choices: tuple[str, ...]) -> str:
        return list_range(self.lists.index(choices), len(choices))


def list_range(place: int, size: int) -> str:
    """Return the absolute range of the `place`-th (0-based) list on the hidden sheet of lists."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"'{LIST_SHEET}'!${letters}$1:${letters}${size}"


def _waiting_for(leaf: Node) -> str:
    words = {Channel.SURVEY: BY_SURVEY, Channel.APPRAISER: BY_APPRAISER}
    return words.get(leaf.channel, BY_SYSTEM)


T = TypeVar("T")


def _present(value: T | None) -> T:
    assert value is not None  # noqa: S101  the plan of this kind of row always has it
    return value
