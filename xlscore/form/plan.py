"""Which rows a scorecard has, in printed order, and what of them the unit itself fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlscore.layout import RowKind
from xlscore.methods.base import ComputedAt, Input, Method, Place, Source, Value
from xlscore.rubric import Channel, Node, Rubric


def computed_on_card(node: Node, method: Method) -> bool:
    """Whether the scorecard itself shows the leaf's score."""
    return method.computed_at is ComputedAt.SCORECARD and node.channel is not Channel.APPRAISER


def card_inputs(node: Node, method: Method) -> tuple[Input, ...]:
    """Return the inputs that the unit itself types; an appraiser's row has none for the unit."""
    if node.channel is Channel.APPRAISER:
        return ()
    return tuple(i for i in method.inputs(node.max) if i.source is Source.SCORECARD)


@dataclass(frozen=True, slots=True)
class Plan:
    """A row before its formulas are known."""

    key: str
    kind: RowKind
    node: Node | None = None
    depth: int = 0
    input: Input | None = None


def is_complete(leaf: Node, method: Method, given: Mapping[str, Value]) -> bool:
    """Whether everything that the unit must type for a leaf is there."""
    return all(item.key in given for item in card_inputs(leaf, method) if item.required)


def is_asked(
    leaf: Node,
    rubric: Rubric,
    methods: Mapping[str, Method],
    values: Mapping[str, Mapping[str, Value]],
) -> bool:
    """Whether a blank leaf is an omission, as far as the other rows tell.

    Extra points are never asked for, nor the other cases of a best-of group once one is filled.
    """
    others = (o for o in rubric.alternatives(leaf.id) if card_inputs(o, methods[o.id]))
    return not leaf.is_extra and not any(
        is_complete(other, methods[other.id], values.get(other.id, {})) for other in others
    )


def plan_rows(rubric: Rubric, methods: Mapping[str, Method]) -> Iterator[Plan]:
    """Yield the rows of the body, the totals and the submit row."""
    for node in rubric.nodes:
        yield from _plan_node(node, methods, 1)
    for name in ("total", "applicable", "index"):
        yield Plan(f"{RowKind.TOTAL}:{name}", RowKind.TOTAL)
    yield Plan(f"{RowKind.SUBMIT}:state", RowKind.SUBMIT)


def node_key(node: Node, depth: int) -> str:
    """Return the key of a node's own row."""
    group = RowKind.DOMAIN if depth == 1 else RowKind.GROUP
    return f"{RowKind.LEAF if node.is_leaf else group}:{node.id}"


def input_key(leaf: Node, item: Input) -> str:
    """Return the key of the row on which an input stands."""
    below = item.place is Place.BELOW
    return f"{RowKind.INPUT}:{leaf.id}/{item.key}" if below else f"{RowKind.LEAF}:{leaf.id}"


def _plan_node(node: Node, methods: Mapping[str, Method], depth: int) -> Iterator[Plan]:
    key = node_key(node, depth)
    yield Plan(key, RowKind(key[0]), node, depth)
    if node.may_be_not_applicable:
        yield Plan(f"{RowKind.APPLICABILITY}:{node.id}", RowKind.APPLICABILITY, node, depth)
    if node.is_leaf:
        yield from _plan_leaf(node, methods[node.id], depth)
    for child in node.nodes:
        yield from _plan_node(child, methods, depth + 1)


def _plan_leaf(leaf: Node, method: Method, depth: int) -> Iterator[Plan]:
    inputs = card_inputs(leaf, method)
    if leaf.evidence or (inputs and method.guidance(leaf.max)):
        yield Plan(f"{RowKind.GUIDANCE}:{leaf.id}", RowKind.GUIDANCE, leaf, depth)
    for item in inputs:
        if item.place is Place.BELOW:
            yield Plan(input_key(leaf, item), RowKind.INPUT, leaf, depth, item)
