"""What a survey book asks for: per criterion the columns, per cell a number, and its figure from these.

The figure is exact here; the reader stores it with `FIGURE_DECIMALS` decimals.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from xlscore.campaign import Unit
from xlscore.methods.base import Input, Method, Source
from xlscore.methods.consolidated import Index, RespondentGroup, Survey
from xlscore.numbers import plain
from xlscore.rubric import Node
from xlscore.workbooks.kinds import Office

FIGURE_DECIMALS = 15
"""Decimals of a stored figure: three more than any score has, so that a third of 3 points is 1."""

_PERCENT = Decimal(100)


class Way(StrEnum):
    """What is entered: percents (or a published index), numbers of answers, or points of the row."""

    PERCENT = "percent"
    ANSWERS = "answers"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class SurveyColumn:
    """One column of inputs.

    Attributes:
        group, option: of respondents and of answers, as the method names them; or empty.
        item: what may be typed.
        key: names all that gives the number its meaning: where that changes, the key is another.
    """

    node: str
    group: str
    option: str
    item: Input

    @property
    def key(self) -> str:
        """Text of the hidden key row."""
        highest = "" if self.item.maximum is None else plain(self.item.maximum)
        return "|".join((self.node, self.group, f"{self.item.key}{highest}", self.option))


Answers = Mapping[tuple[str, str], Decimal]
"""What was entered for one unit and criterion, by (group, option)."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A leaf that takes others' figures, with its columns over all units of the tier."""

    leaf: Node
    columns: tuple[SurveyColumn, ...]
    titles: Mapping[str, str]

    @property
    def has_mean(self) -> bool:
        """Whether its figure is calculated from several columns."""
        return len(self.columns) > 1


@dataclass(frozen=True)
class SurveyPlan:
    """What the book of one tier asks for.

    Attributes:
        methods: by unit code, the leaves that the unit has and how they are scored.
    """

    tier: str
    way: Way
    units: tuple[Unit, ...]
    criteria: tuple[Criterion, ...]
    methods: Mapping[str, Mapping[str, Method]] = field(repr=False)

    @cached_property
    def columns(self) -> Mapping[str, SurveyColumn]:
        """All columns of inputs by key, in printed order."""
        return {column.key: column for c in self.criteria for column in c.columns}

    def open(self, unit: str, criterion: Criterion) -> tuple[SurveyColumn, ...]:
        """Return the columns that a unit has of a criterion; none where its rubric lacks the row."""
        method = self.methods[unit].get(criterion.leaf.id)
        if method is None:
            return ()
        asked = {column.key for column in columns_of(criterion.leaf, method, self.way)}
        return tuple(column for column in criterion.columns if column.key in asked)

    def facts(self) -> object:
        """Return everything that the book prints or calculates from, as JSON-ready data."""
        return [
            self.tier,
            self.way,
            [(unit.code, unit.name) for unit in self.units],
            [(c.leaf.code, c.leaf.title, [col.key for col in c.columns]) for c in self.criteria],
            [
                [(n, m.model_dump(mode="json")) for n, m in self.methods[u.code].items()]
                for u in self.units
            ],
        ]


def survey_plan(office: Office, tier: str, way: Way) -> SurveyPlan:
    """Return what the book of a tier asks for, as rubric and units are now."""
    units = tuple(unit for unit in office.campaign.active.values() if unit.tier == tier)
    leaves: dict[str, Node] = {}
    columns: dict[str, dict[str, SurveyColumn]] = {}
    titles: dict[str, dict[str, str]] = {}
    methods: dict[str, dict[str, Method]] = {}
    for unit in units:
        layout = office.layout(unit)
        methods[unit.code] = own = {}
        for leaf in layout.rubric.leaves:
            method = layout.methods[leaf.id]
            if highest_of(method, leaf) is None:
                continue
            own[leaf.id] = method
            leaves.setdefault(leaf.id, leaf)
            found = columns.setdefault(leaf.id, {})
            found |= {c.key: c for c in columns_of(leaf, method, way) if c.key not in found}
            named = titles.setdefault(leaf.id, {})
            named |= {group: said.title for group, said in _groups(method).items()}
    order = [leaf.id for leaf in office.campaign.rubrics[tier].leaves if leaf.id in leaves]
    criteria = (Criterion(leaves[n], tuple(_grouped(columns[n])), titles[n]) for n in order)
    return SurveyPlan(tier, way, units, tuple(criteria), methods)


def columns_of(leaf: Node, method: Method, way: Way) -> list[SurveyColumn]:
    """Return the columns of one leaf as one unit is asked."""
    if way is Way.POINTS and scale_of(method) is not None:
        return [SurveyColumn(leaf.id, "", "", Input("p", "Điểm", maximum=leaf.max))]
    if isinstance(method, Survey):
        groups: Iterable[str] = method.groups if way is not Way.POINTS else ()
        if way is Way.ANSWERS and method.options:
            return [
                SurveyColumn(leaf.id, group, option, Input("n", "Số phiếu trả lời", whole=True))
                for group in groups or ("",)
                for option in method.options
            ]
        percent = Input("f", "Tỷ lệ (%)", maximum=_PERCENT, percent=True)
        return [SurveyColumn(leaf.id, group, "", percent) for group in groups or ("",)]
    highest = highest_of(method, leaf) or None
    return [SurveyColumn(leaf.id, "", "", Input("f", "Chỉ số", maximum=highest))]


def figure_of(leaf: Node, method: Method, way: Way, said: Answers) -> Fraction | None:
    """Return the figure that the method takes, exact; None where nobody answered."""
    if not said:
        return None
    scale = scale_of(method)
    if way is Way.POINTS and scale is not None:
        return Fraction(said["", ""]) / Fraction(leaf.max) * Fraction(scale)
    if not isinstance(method, Survey):
        return Fraction(said["", ""])
    percents = _percents(method, way, said)
    return method.percent_of_groups(percents) if method.groups else percents.get("")


def scale_of(method: Method) -> Decimal | None:
    """Return the figure that gives the maximum, where points follow from the figure in proportion."""
    if isinstance(method, Survey):
        return _PERCENT
    return method.scale if isinstance(method, Index) and not method.bands else None


def highest_of(method: Method, leaf: Node) -> Decimal | None:
    """Return the highest figure of a survey or index, 0 if any is taken; None for other methods."""
    for item in method.inputs(leaf.max):
        if item.source is Source.SURVEY:
            return item.maximum or Decimal(0)
    return None


def digest_of(*facts: object) -> str:
    """Return SHA-256 in hex over everything that a book prints."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _groups(method: Method) -> Mapping[str, RespondentGroup]:
    return method.groups if isinstance(method, Survey) else {}


def _percents(method: Survey, way: Way, said: Answers) -> dict[str, Fraction]:
    """Return the percent of each group that answered."""
    if way is not Way.ANSWERS or not method.options:
        return {group: Fraction(value) for (group, _), value in said.items()}
    found = {}
    for group in dict.fromkeys(group for group, _ in said):
        counts = {option: n for (of, option), n in said.items() if of == group}
        percent = method.percent_of_answers(counts)
        if percent is not None:
            found[group] = percent
    return found


def _grouped(columns: Mapping[str, SurveyColumn]) -> Iterator[SurveyColumn]:
    """Yield the columns of a leaf, those of a group beside one another."""
    for group in dict.fromkeys(column.group for column in columns.values()):
        yield from (column for column in columns.values() if column.group == group)
