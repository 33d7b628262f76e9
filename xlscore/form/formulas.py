"""The live formulas of a scorecard: what each calculated cell says, over the cells of the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlscore.form.plan import card_inputs, computed_on_card, input_key, node_key
from xlscore.layout import NOT_APPLICABLE, NOTHING, UNCOMPUTED, Column, RowKind
from xlscore.methods.base import Cells, Input, InputKind, Method, Place
from xlscore.rubric import Combine, Node, Rubric

LIST_SHEET = "Danh mục"
_DOUBLE_DECIMALS = 9
"""Rounding finer than this says nothing in a spreadsheet's doubles."""


class Formulas:
    """Excel expressions (without `=`) for one form.

    Args:
        numbers: row number by row key, as issued.
        letters: column letter by column.
        lists: the lists of choices, as the hidden sheet of lists holds them.
        leaf_decimals: the campaign's rounding of each row's score.
    """

    def __init__(
        self,
        rubric: Rubric,
        methods: Mapping[str, Method],
        numbers: Mapping[str, int],
        letters: Mapping[Column, str],
        lists: Sequence[tuple[str, ...]],
        leaf_decimals: int,
    ) -> None:
        self._rubric, self._methods = rubric, methods
        self._numbers, self._letters, self._lists = numbers, letters, lists
        self._decimals = leaf_decimals

    def cell(self, key: str, column: Column) -> str:
        """Return the address of the cell where a row key crosses a column."""
        return f"{self._letters[column]}{self._numbers[key]}"

    # --- leaves ----------------------------------------------------------------------------------

    def leaf(self, leaf: Node) -> tuple[str | None, str]:
        """Return a leaf's score (None where the score itself is typed) and applicable maximum."""
        inputs = self._inputs(leaf)
        maximum = self.cell(f"{RowKind.LEAF}:{leaf.id}", Column.MAXIMUM)
        cells = {item.key: self._input(leaf, item) for item in inputs}
        lists = {item.key: self._list(item.choices) for item in inputs if item.choices}
        rule = self._methods[leaf.id].formula(Cells(cells, maximum, lists), leaf.max)
        blank, left_out = self._blank(leaf), self._left_out(leaf)
        applicable = rule.applicable
        if applicable != maximum:
            applicable = f"IF({blank},{maximum},{applicable})"
        if left_out:
            applicable = f"IF({left_out},0,{applicable})"
        if _is_typed(inputs):
            return None, applicable
        score = f'IF({blank},"",IFERROR({self._rounded(rule.score)},"{UNCOMPUTED}"))'
        if applicable != maximum:
            nothing = f"{self._shown(leaf, Column.APPLICABLE)}=0"
            score = f'IF({nothing},"{NOTHING}",{score})'
        return score, applicable

    def missing(self, leaf: Node) -> str:
        """Return 1 while a leaf that applies still has a required input open, else 0.

        In a best-of group it is not missed once another case is filled.
        """
        tests = [self._blank(leaf)]
        others = self._rubric.alternatives(leaf.id)
        tests += [self._blank(other) for other in others if self._inputs(other)]
        blank = tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
        left_out = self._left_out(leaf)
        return f"IF({left_out},0,IF({blank},1,0))" if left_out else f"IF({blank},1,0)"

    def _blank(self, leaf: Node) -> str:
        """Return the condition that a required input is still open.

        COUNT passes over texts: a number typed as text leaves the score open, it breaks nothing.
        """
        needed = [item for item in self._inputs(leaf) if item.required]
        numbers = [self._input(leaf, i) for i in needed if i.kind is InputKind.NUMBER]
        choices = [
            f"ISNA(MATCH({self._input(leaf, i)},{self._list(i.choices)},0))"
            for i in needed
            if i.kind is InputKind.CHOICE
        ]
        tests = [f"COUNT({','.join(numbers)})<{len(numbers)}"] if numbers else []
        tests += choices
        if not tests:
            return "FALSE"
        return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"

    def _left_out(self, leaf: Node) -> str:
        """Return the condition that the leaf, or a group above it, does not apply; or empty."""
        asked = [
            self.cell(f"{RowKind.APPLICABILITY}:{node_id}", Column.FIGURE)
            for node_id in (leaf.id, *self._rubric.ancestors(leaf.id))
            if self._rubric.by_id[node_id].may_be_not_applicable
        ]
        tests = [f'{cell}="{NOT_APPLICABLE}"' for cell in asked]
        if not tests:
            return ""
        return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"

    # --- sums ------------------------------------------------------------------------------------

    def group(self, node: Node) -> tuple[str, str]:
        """Return a group's score and applicable maximum: sum or best of its parts, extras capped."""
        combine = "SUM" if node.combine is Combine.SUM else "MAX"
        applicable = f"{combine}({','.join(self._shown(n, Column.APPLICABLE) for n in node.nodes)})"
        score = f"{combine}({','.join(self._counted(child) for child in node.nodes)})"
        if node.is_extra:
            maximum = self._shown(node, Column.MAXIMUM)
            applicable, score = f"MIN({applicable},{maximum})", f"MIN({score},{maximum})"
        nothing = f"{self._shown(node, Column.APPLICABLE)}=0"
        return f'IF({nothing},"{NOTHING}",{score})', applicable

    def total(self) -> str:
        """Return the sum of the domains' points."""
        return f"SUM({','.join(self._counted(node) for node in self._rubric.domains)})"

    def total_applicable(self) -> str:
        """Return the sum of the domains' applicable maxima."""
        cells = (self._shown(node, Column.APPLICABLE) for node in self._rubric.domains)
        return f"SUM({','.join(cells)})"

    def index(self) -> str:
        """Return the self-assessed index in percent."""
        total = self.cell(f"{RowKind.TOTAL}:total", Column.SCORE)
        applicable = self.cell(f"{RowKind.TOTAL}:applicable", Column.SCORE)
        return f'IF({applicable}=0,"{NOTHING}",{total}/{applicable}*100)'

    def progress(self) -> str:
        """Return the sentence that says how much is still to be filled."""
        column, numbers = self._letters[Column.MISSING], self._numbers.values()
        missing = f"SUM({column}{min(numbers)}:{column}{max(numbers)})"
        return f'IF({missing}=0,"Đã nhập đủ số liệu.","Còn "&{missing}&" nội dung chưa nhập.")'

    def _counted(self, node: Node) -> str:
        """Return what a node adds to the sum above it.

        Where the score itself is typed, no formula of the row has left it out or rounded it yet.
        """
        shown = self._shown(node, Column.SCORE)
        if not node.is_leaf or not computed_on_card(node, self._methods[node.id]):
            return shown
        if not _is_typed(self._inputs(node)):
            return shown
        left_out = self._left_out(node)
        counted = shown
        if self._decimals <= _DOUBLE_DECIMALS or left_out:
            counted = self._rounded(f"SUM({shown})")
        if left_out:
            counted = f"IF({self._shown(node, Column.APPLICABLE)}=0,0,{counted})"
        return counted

    def _rounded(self, score: str) -> str:
        """Round as the campaign does; the nudge keeps a double just under a half going up."""
        if self._decimals > _DOUBLE_DECIMALS:
            return score
        return f"ROUND(({score})*(1+1E-13),{self._decimals})"

    # --- cells -----------------------------------------------------------------------------------

    def _inputs(self, leaf: Node) -> tuple[Input, ...]:
        return card_inputs(leaf, self._methods[leaf.id])

    def _shown(self, node: Node, column: Column) -> str:
        depth = 2 if self._rubric.parents[node.id] else 1
        return self.cell(node_key(node, depth), column)

    def _input(self, leaf: Node, item: Input) -> str:
        column = Column.SCORE if item.place is Place.SCORE else Column.FIGURE
        return self.cell(input_key(leaf, item), column)

    def _list(self, choices: tuple[str, ...]) -> str:
        return list_range(self._lists.index(choices), len(choices))


def _is_typed(inputs: Sequence[Input]) -> bool:
    return any(item.place is Place.SCORE for item in inputs)


def list_range(place: int, size: int) -> str:
    """Return the absolute range of the `place`-th (0-based) list on the hidden sheet of lists."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"'{LIST_SHEET}'!${letters}$1:${letters}${size}"
