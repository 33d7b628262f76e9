"""What an appraisal workbook is about: its lines, its head, and what the hidden keys vouch for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from xlscore.answers import value_from_json, value_to_json
from xlscore.keyed import RowKey
from xlscore.layout import (
    BY_APPRAISER,
    BY_SYSTEM,
    COMPLETE,
    IN_PROGRESS,
    NOT_APPLICABLE,
    NOTHING,
    fingerprint,
)
from xlscore.methods.base import ComputedAt, Input, InputKind, Method, Place, Source, Value
from xlscore.numbers import exact, plain
from xlscore.rubric import Channel, Node

SHEET = "Thẩm định"
ACCEPT, ADJUST, QUERY = "Công nhận", "Điều chỉnh", "Yêu cầu giải trình"
CHOICES = (ACCEPT, ADJUST, QUERY)
REST = "Công nhận tất cả"
UNTOUCHED, SETTLED, OPTIONAL = "Chưa xem xét", "Đã có kết quả", "Không đề nghị"
"""States of a row that nobody has answered: open, decided before, or not asked for."""

ROW, FIGURE, REST_ROW, STATE_ROW = "r", "f", "rest", "state"
"""Kinds of row keys: a row of a unit, one of its figures, and the two cells above the table."""

CHOICE_INPUT = Input("choice", kind=InputKind.CHOICE, choices=CHOICES)
REST_INPUT = Input("rest", kind=InputKind.CHOICE, choices=(REST,))
STATE_INPUT = Input("state", kind=InputKind.CHOICE, choices=(IN_PROGRESS, COMPLETE))

LEFT_OUT, GIVEN, NOTHING_GIVEN, NOT_ASKED = "n", "s", "-", "o"
"""What there is to accept: “Không áp dụng”, a score or figure, or nothing; nothing, nor need there be."""

_ESCAPED = {"%": "%25", "|": "%7C", ";": "%3B", "\n": "%0A", "\r": "%0D"}


@dataclass(frozen=True)
class Line:
    """One row of one unit as it goes out to its appraiser.

    Attributes:
        domain: id of the node at the top of its branch.
        maximum: of the leaf, as the unit's rubric has it.
        declared: the unit's figures, by input key.
        earlier: what was said in each earlier round, and the unit's reply, in words.
        decided: whether a word that was given before counts; `result` is the score by it.
        spoken: whether somebody has spoken of the row itself, on its present inputs (see
            `appraising.merging`): deciding it, or asking the unit.
        asked: whether the row is to be looked at all the same: the unit was asked since, two agencies
            differ, or it has changed its figures.
        optional: the unit left it blank and need not fill it.
    """

    unit: str
    unit_name: str
    tier: str
    domain: str
    leaf: Node
    method: Method
    basis: str
    self_score: Decimal | None = None
    left_out: bool = False
    declared: Mapping[str, Value] = field(default_factory=dict)
    evidence: str = ""
    explanation: str = ""
    earlier: tuple[str, ...] = ()
    decided: bool = False
    spoken: bool = False
    asked: bool = False
    result: Decimal | None = None
    optional: bool = False

    @cached_property
    def figures(self) -> tuple[Input, ...]:
        """The figures that may be entered anew."""
        return figures_of(self.leaf, self.method)

    @property
    def rows(self) -> int:
        """How many rows the line takes: its own, and one for each figure that stands below."""
        return 1 + sum(item.place is Place.BELOW for item in self.figures)

    @property
    def standing(self) -> str:
        """What there is to accept."""
        if self.left_out:
            return LEFT_OUT
        if self.self_score is not None or self._all_declared:
            return GIVEN
        return NOT_ASKED if self.optional else NOTHING_GIVEN

    @property
    def covered(self) -> bool:
        """Whether the cell that accepts everything left is about this row."""
        return self.standing in {LEFT_OUT, GIVEN} and not (self.decided or self.spoken)

    @property
    def _all_declared(self) -> bool:
        required = [item.key for item in self.figures if item.required]
        return bool(required) and all(key in self.declared for key in required)

    @property
    def shown(self) -> Decimal | str:
        """What the column of self scores shows."""
        if self.left_out:
            return NOT_APPLICABLE
        if self.self_score is not None:
            return self.self_score
        if self.leaf.channel is Channel.APPRAISER:
            return BY_APPRAISER
        if self.method.computed_at is ComputedAt.CONSOLIDATION:
            return BY_SYSTEM
        return NOTHING if self._all_declared else ""

    @property
    def idle(self) -> str:
        """The state that the row has while nobody types anything."""
        if self.decided and not self.asked:
            return SETTLED
        return OPTIONAL if self.optional else UNTOUCHED

    def key(self) -> RowKey:
        """Return the row's key: what it was issued on."""
        own = next((item for item in self.figures if item.place is Place.OWN), None)
        facts = Facts(
            self.basis,
            self.self_score,
            self.standing,
            self.decided,
            self.spoken,
            fingerprint((f"{self.unit} {self.leaf.code}", self.leaf.title, plain(self.leaf.max))),
            self.leaf.max,
            self.declared.get(own.key) if own else None,
        )
        return RowKey(ROW, self.unit, self.leaf.id, "", facts.texts())

    def figure_key(self, item: Input) -> RowKey:
        """Return the key of the row of one figure: what the unit declared, and what is printed."""
        printed = fingerprint((f"{self.unit} {self.leaf.code}", label_of(item)))
        facts = (_sealed(self.declared.get(item.key)), printed)
        return RowKey(FIGURE, self.unit, self.leaf.id, item.key, facts)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row's key vouches for.

    Attributes:
        basis: see `appraising.row_basis`.
        standing: what there is to accept.
        decided, spoken: see `Line`; accepting the rest passes over a row of which either holds.
        printed: fingerprint of unit, code, title and maximum as printed.
        declared: the figure on the row itself, if it has one.
    """

    basis: str
    self_score: Decimal | None
    standing: str
    decided: bool
    spoken: bool
    printed: str
    maximum: Decimal
    declared: Value | None

    def texts(self) -> tuple[str, ...]:
        """Return the facts as a row key holds them."""
        score = "" if self.self_score is None else plain(self.self_score)
        before = ("d" if self.decided else "") + ("s" if self.spoken else "")
        texts = (self.basis, score, self.standing, before, self.printed, plain(self.maximum))
        return (*texts, _sealed(self.declared))


def facts_of(key: RowKey) -> Facts:
    """Return what a row's key vouches for."""
    basis, score, standing, before, printed, maximum, declared = key.facts
    return Facts(
        basis,
        exact(score) if score else None,
        standing,
        "d" in before,
        "s" in before,
        printed,
        exact(maximum),
        unsealed(declared),
    )


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """What the key of a figure's row vouches for: the unit's figure; unit, code and label as printed."""

    declared: Value | None
    printed: str


def figure_facts_of(key: RowKey) -> FigureFacts:
    """Return what the key of a figure's row vouches for."""
    declared, printed = key.facts
    return FigureFacts(unsealed(declared), printed)


def label_of(item: Input) -> str:
    """Return what is printed on the row of a figure."""
    return f"– {item.label}"


def _sealed(value: Value | None) -> str:
    if value is None:
        return ""
    stored = value_to_json(value)
    text = f"={stored[0]}" if isinstance(stored, list) else stored
    return "".join(_ESCAPED.get(letter, letter) for letter in text)


def unsealed(text: str) -> Value | None:
    """Return the figure that a key's fact spells: `=` marks the label of a choice."""
    if not text:
        return None
    for letter, code in reversed(_ESCAPED.items()):
        text = text.replace(code, letter)
    return value_from_json([text[1:]] if text.startswith("=") else text)


def figures_of(leaf: Node, method: Method) -> tuple[Input, ...]:
    """Return the inputs of a leaf that are figures, not the score itself."""
    return tuple(
        item
        for item in method.inputs(leaf.max)
        if item.source is Source.SCORECARD and item.place is not Place.SCORE
    )


def score_input(leaf: Node, method: Method) -> Input:
    """Return range and step of an appraised score."""
    typed = (item for item in method.inputs(leaf.max) if item.place is Place.SCORE)
    step = next((item.step for item in typed), None)
    low, high = method.score_range(leaf.max)
    return Input("score", "Điểm thẩm định", minimum=low, maximum=high, step=step)


@dataclass(frozen=True)
class Head:
    """What a book prints around its table.

    Attributes:
        authority, place: of the campaign; office: the one that collects the books.
        agency, agency_title: whose book it is.
        round_title: such as “Thẩm định lần 1”; round: its number.
        part: “1/3” where the rows of one agency are more than a workbook takes.
        earlier: headings of the columns of earlier rounds.
        domains: titles by tier and id, in printed order.
        units: codes in the campaign's order.
        deadline: in words, or empty.
        decimals: the campaign's `leaf_decimals`.
    """

    authority: str
    place: str
    office: str
    year: int
    campaign: str
    agency: str
    agency_title: str
    round: int
    round_title: str
    earlier: Sequence[str]
    domains: Mapping[tuple[str, str], str]
    units: Sequence[str]
    deadline: str = ""
    part: str = ""
    decimals: int = 12
