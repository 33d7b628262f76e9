"""A plausible officer: what a unit types into its scorecard, varied and the same at every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from xlscore.campaign import Unit
from xlscore.form import card_inputs
from xlscore.issuing import Form
from xlscore.layout import COMPLETE, NOT_APPLICABLE, Layout, RowKind, Slot
from xlscore.methods.base import Input, InputKind, Method
from xlscore.methods.ratio import RatioMethod
from xlscore.rubric import Channel, Node
from xlscore.workbooks.scorecard.fill import Typed
from xlscore.workspace import Workspace

TypedCells = dict[tuple[str, str], Typed]

_LEFT_OUT = 0.04
"""How often a unit says that a criterion does not apply, where it may."""


def officer(workspace: Workspace, form: Form) -> TypedCells:
    """Return what the unit's officers type: varied, plausible, the same every time."""
    layout = workspace.layout(form.unit, form.role)
    chance = random.Random(f"{workspace.campaign.settings.id}/{form.unit.code}")  # noqa: S311
    diligence = chance.uniform(0.62, 0.97)
    typed: TypedCells = {("", Slot.SUBMIT): COMPLETE}
    left_out = set(_left_out(typed, layout, form.unit))
    for leaf in layout.rubric.leaves:
        if left_out & {leaf.id, *layout.rubric.ancestors(leaf.id)}:
            continue
        # Drawn for every leaf, so that role cards of one unit tell one story.
        own = random.Random(f"{form.unit.code}/{leaf.id}/{diligence:.6f}")  # noqa: S311
        if leaf.id in layout.owned and card_inputs(leaf, layout.methods[leaf.id]):
            _type_leaf(typed, layout, leaf, form.unit, own, diligence)
    return typed


def _left_out(typed: TypedCells, layout: Layout, unit: Unit) -> Iterator[str]:
    """Say of a few criteria that they do not apply, and yield their ids."""
    for row in layout.rows:
        node = layout.rubric.by_id.get(row.node)
        if row.kind is not RowKind.APPLICABILITY or node is None:
            continue
        own = random.Random(f"{unit.code}/{node.id}")  # noqa: S311
        asked = (node.id, Slot.APPLICABILITY) in layout.entries
        if asked and own.random() < _LEFT_OUT:
            typed[node.id, Slot.APPLICABILITY] = NOT_APPLICABLE
            typed[node.id, Slot.EXPLANATION] = f"Trong năm {node.may_be_not_applicable}"
            yield node.id


def _type_leaf(
    typed: TypedCells,
    layout: Layout,
    leaf: Node,
    unit: Unit,
    chance: random.Random,
    diligence: float,
) -> None:
    method = layout.methods[leaf.id]
    good = chance.random() < diligence
    for key, value in _figures(leaf, method, chance, good=good).items():
        typed[leaf.id, key] = value
    if leaf.evidence:
        number = chance.randint(3, 420)
        day = f"{chance.randint(1, 28):02d}/{chance.randint(1, 11):02d}"
        document = leaf.evidence[0].split("(")[0].strip().rstrip(";,.")
        year = layout.rubric.year
        typed[leaf.id, Slot.EVIDENCE] = f"{document} số {number}/BC-{unit.code} ngày {day}/{year}"


def _figures(leaf: Node, method: Method, chance: random.Random, *, good: bool) -> dict[str, Typed]:
    inputs = card_inputs(leaf, method)
    if isinstance(method, RatioMethod) and method.denominator:
        whole = chance.randint(12, 60)
        share = chance.uniform(0.95, 1.0) if good else chance.uniform(0.6, 0.95)
        return {"numerator": Decimal(round(whole * share)), "denominator": Decimal(whole)}
    if method.kind == "formula":
        return _declared(inputs, chance, good=good)
    return {
        item.key: _figure(leaf, method, item, chance, good=good)
        for item in inputs
        if item.required and not (leaf.channel is Channel.PENALTY and good)
    }


def _declared(inputs: tuple[Input, ...], chance: random.Random, *, good: bool) -> dict[str, Typed]:
    """Return figures of a formula: the first is the whole, the others parts that fit into it."""
    whole = chance.randint(20, 90)
    rest = whole
    values: dict[str, Typed] = {inputs[0].key: Decimal(whole)}
    for item in inputs[1:]:
        part = round(rest * (0.95 if good else 0.7))
        values[item.key] = Decimal(part)
        rest -= part
    return values


def _figure(leaf: Node, method: Method, item: Input, chance: random.Random, *, good: bool) -> Typed:
    if item.kind is InputKind.CHOICE:
        worse = item.choices[1:] or item.choices
        return item.choices[0] if good else chance.choice(worse)
    if item.key == "count":
        is_fault = method.kind == "deduction" or leaf.channel is Channel.PENALTY
        return Decimal(chance.randint(0, 1) if is_fault else chance.randint(2, 6))
    top = item.maximum if item.maximum is not None else Decimal(40)
    share = Decimal(100 if good else chance.randint(50, 90)) / 100
    value = top * share
    if item.step:
        value -= value % item.step
    return Decimal(int(value)) if item.whole else value.quantize(Decimal("0.01"))
