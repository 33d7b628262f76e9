"""What a scoring method (phương pháp chấm điểm) is: inputs, an exact value, an Excel formula.

A method is a small pydantic model of its parameters. It declares the inputs it needs, yields *score and
applicable maximum* both exactly (`evaluate`) and as Excel formulas (`formula`), prints its guidance,
and says what is wrong with its own parameters (`defects`). The two evaluations must agree: a spreadsheet
program that recalculates the filled scorecard shows what Python computes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from xlscore.numbers import plain
from xlscore.rubric import Channel, Frozen, Points, Text

Value = Decimal | str
Values = Mapping[str, Value]
"""Inputs of one leaf by key: numbers as `Decimal`, choices as their label."""


class InputKind(StrEnum):
    """What is typed: a number, or one of a list of labels."""

    NUMBER = "number"
    CHOICE = "choice"


class Place(StrEnum):
    """Where an input stands: in the score column, in the row's own figure cell, or on a row below."""

    SCORE = "score"
    OWN = "own"
    BELOW = "below"


class Source(StrEnum):
    """Who supplies an input.

    `scorecard`: the unit; `survey`: a survey or published index; `system`: a quantity that the
    program derives; `peers`: the best value among the units of the tier.
    """

    SCORECARD = "scorecard"
    SURVEY = "survey"
    SYSTEM = "system"
    PEERS = "peers"


class ComputedAt(StrEnum):
    """Where a method is computed: live on the scorecard, or when results are consolidated."""

    SCORECARD = "scorecard"
    CONSOLIDATION = "consolidation"


@dataclass(frozen=True, slots=True)
class Input:
    """One value that a method needs.

    Attributes:
        label: what the scorecard prints beside the cell.
        minimum, maximum: closed range of a number; None means open.
        step: a number must be a multiple of it; None means any.
        whole: a count: whole numbers only.
        percent: the number is a percent 0–100, so `85 %` may be typed for 85.
        choices: the admitted labels of a choice.
        required: whether a blank leaves the score open.
    """

    key: str
    label: str = ""
    kind: InputKind = InputKind.NUMBER
    place: Place = Place.OWN
    source: Source = Source.SCORECARD
    minimum: Decimal | None = Decimal(0)
    maximum: Decimal | None = None
    step: Decimal | None = None
    whole: bool = False
    percent: bool = False
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """Points reached and points that could be reached, exact; 0 of 0 means not applicable."""

    score: Fraction
    applicable: Fraction


@dataclass(frozen=True, slots=True)
class Cells:
    """What a formula may refer to: input cells and list ranges by input key, and the maximum's cell."""

    inputs: Mapping[str, str]
    maximum: str
    lists: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Formula:
    """Excel expressions (without `=`, English names, comma separators) for score and applicable maximum."""

    score: str
    applicable: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with figures or with a method's own parameters, by catalogue name.

    Attributes:
        name: catalogue name of the finding.
        key: the input it concerns, or for defects the parameter.
        entered: the offending value.
        params: values for the message.
    """

    name: str
    key: str = ""
    entered: str = ""
    params: Mapping[str, str] | None = None


class UndefinedScoreError(ArithmeticError):
    """The figures leave the score without a value, such as a division by zero."""


class Method(Frozen, ABC):
    """Base of all scoring methods; subclasses are pydantic models of their parameters.

    Class attributes:
        kind: the name used in rubrics (`method: {kind: levels, …}`).
        title: the Vietnamese name.
        computed_at: on the scorecard or at consolidation.
        channels: channels whose rows may use it.
    """

    kind: ClassVar[str]
    title: ClassVar[str]
    computed_at: ClassVar[ComputedAt] = ComputedAt.SCORECARD
    channels: ClassVar[frozenset[Channel]] = frozenset(
        {Channel.SELF, Channel.APPRAISER, Channel.BONUS, Channel.PENALTY}
    )

    @abstractmethod
    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        """Return the inputs in printed order."""

    @abstractmethod
    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        """Return the exact outcome; every required input is in `values`.

        Raises:
            UndefinedScoreError: these figures have no score.
        """

    @abstractmethod
    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        """Return the same rule as Excel formulas; only asked of methods computed on the scorecard."""

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        """Return the lines of scoring guidance (hướng dẫn chấm) printed under the row."""
        return ()

    def score_range(self, maximum: Decimal) -> tuple[Decimal, Decimal]:
        """Return the lowest and highest score the method can give."""
        return Decimal(0), maximum

    def contradictions(self, values: Values, maximum: Decimal) -> Sequence[Problem]:
        """Return what is wrong between the inputs of one row (each alone is already checked)."""
        return ()

    def defects(self, maximum: Decimal) -> Sequence[Problem]:
        """Return what is wrong with the parameters themselves, for the rubric linter."""
        return ()


class Level(Frozen):
    """One label and the points (or percent of the maximum) it gives."""

    label: Text
    points: Points


class By(StrEnum):
    """Whether levels and bands give points, or percents of the maximum."""

    POINTS = "points"
    PERCENT = "percent"


def points_of(given: Decimal, by: By, maximum: Decimal) -> Fraction:
    """Return the points that a level or band gives."""
    return Fraction(given) if by is By.POINTS else Fraction(given) * Fraction(maximum) / 100


def excel(value: Decimal | Fraction | int) -> str:
    """Spell an exact number for a formula: plain decimal, or a quotient where it has no end."""
    if isinstance(value, Fraction):
        denominator = value.denominator
        for prime in (2, 5):
            while denominator % prime == 0:
                denominator //= prime
        if denominator != 1:
            return f"({value.numerator}/{value.denominator})"
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return plain(Decimal(value))


def vi_number(value: Decimal | Fraction) -> str:
    """Spell a number with a decimal comma, as the forms print it."""
    return excel(value).replace(".", ",")


def too_high(name: str, given: Fraction, maximum: Decimal) -> Problem | None:
    """Return the defect of a level or band that gives more than the row's maximum."""
    if given <= maximum:
        return None
    params = {"level": name, "maximum": plain(maximum)}
    return Problem("level-above-maximum", entered=excel(given), params=params)


def unreachable_maximum(best: Fraction, maximum: Decimal) -> list[Problem]:
    """Return the defect of a row whose maximum no answer reaches."""
    if best >= maximum:
        return []
    return [
        Problem("maximum-unreachable", entered=plain(maximum), params={"computed": excel(best)})
    ]


def flag(value: object) -> object:
    """Type the texts `true`/`false`, `có`/`không` of a rubric."""
    words = {"true": True, "yes": True, "có": True, "false": False, "no": False, "không": False}
    return words.get(value.casefold(), value) if isinstance(value, str) else value


Flag = Annotated[bool, BeforeValidator(flag)]
