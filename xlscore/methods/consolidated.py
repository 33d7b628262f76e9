"""Methods computed when results are consolidated: survey, published index, derived rows, peers.

The scorecard prints "Hệ thống tính" in their rows and its totals leave them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar, NoReturn

from pydantic import Field, model_validator

from xlscore.methods.bands import Bands, band_defects, band_guidance, band_points, rest_given
from xlscore.methods.base import (
    By,
    Cells,
    ComputedAt,
    Formula,
    Input,
    Method,
    Outcome,
    Problem,
    Source,
    Values,
    points_of,
    unreachable_maximum,
    vi_number,
)
from xlscore.rubric import Channel, FileName, Frozen, Points, Text

_HUNDRED = Decimal(100)


class Consolidated(Method):
    """Base of the methods that the scorecard cannot compute."""

    computed_at: ClassVar[ComputedAt] = ComputedAt.CONSOLIDATION

    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        self._no_formula()

    def _no_formula(self) -> NoReturn:
        raise TypeError(f"{self.kind} is computed at consolidation")


class RespondentGroup(Frozen):
    """A group of people asked (nhóm đối tượng điều tra) and what its mean weighs against the others'."""

    title: Text
    weight: Annotated[Points, Field(gt=0)] = Decimal(1)


Counts = Mapping[str, Decimal]
"""Number of answers by option."""


class Survey(Consolidated):
    """`{kind: survey, source: SIPAS, options: {A: 100, B: 60, C: 20, D: 0}}`: percent × maximum.

    The figure is the survey's percent (0–100): of counted answers the mean of the options' weights, of
    several respondent groups (`groups: {hdnd: {title: Đại biểu HĐND tỉnh, weight: 2}, …}`) the weighted
    mean over those that answered. Both are exact; whoever stores a figure quantises it.
    """

    kind: ClassVar[str] = "survey"
    title: ClassVar[str] = "Điều tra xã hội học"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.SURVEY})
    source: Text = ""
    options: Mapping[Text, Points] = {}
    groups: Mapping[FileName, RespondentGroup] = {}

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        return (Input("value", source=Source.SURVEY, maximum=_HUNDRED, percent=True),)

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        return Outcome(Fraction(values["value"]) * Fraction(maximum) / 100, Fraction(maximum))

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        return ("Điểm = kết quả điều tra (%) × điểm tối đa / 100%",)

    def percent_of_answers(self, counts: Counts) -> Fraction | None:
        """Return Σ n·weight ÷ Σ n over the options, exact; None where nobody answered."""
        total = sum((Fraction(n) for n in counts.values()), Fraction(0))
        weighed = (Fraction(n) * Fraction(self.options[option]) for option, n in counts.items())
        return sum(weighed, Fraction(0)) / total if total else None

    def percent_of_groups(self, percents: Mapping[str, Fraction]) -> Fraction | None:
        """Return the weighted mean over the groups that answered, exact; None where none did."""
        weights = {group: Fraction(self.groups[group].weight) for group in percents}
        total = sum(weights.values(), Fraction(0))
        weighed = (percents[group] * weight for group, weight in weights.items())
        return sum(weighed, Fraction(0)) / total if total else None

    def defects(self, maximum: Decimal) -> Sequence[Problem]:
        weights = self.options.values()
        if not weights:
            return ()
        if len(self.options) == 1 or not any(weights):
            what = "cần ít nhất hai phương án trả lời, không phải tất cả đều 0"
            return [self._bad_options(what, "needs two options or more, not all of them 0")]
        if min(weights) < 0 or max(weights) > _HUNDRED:
            what = "mỗi phương án trả lời cho từ 0 đến 100%"
            return [self._bad_options(what, "every option gives 0 to 100 percent")]
        return unreachable_maximum(Fraction(max(weights)) * Fraction(maximum) / 100, maximum)

    def _bad_options(self, what: str, what_en: str) -> Problem:
        entered = ", ".join(f"{option}: {vi_number(w)}" for option, w in self.options.items())
        params = {"method": self.kind, "field": "options", "what": what, "what_en": what_en}
        return Problem("method-field", "options", entered, params)


class Index(Consolidated):
    """`{kind: index, source: PAR INDEX, fallback: 1}`: a published index (0–`scale`) × maximum.

    While the year's value is not out, the value of up to `fallback` years before serves, and is shown
    as such. With `bands` the index gives the band's points instead.
    """

    kind: ClassVar[str] = "index"
    title: ClassVar[str] = "Chỉ số công bố"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.SURVEY, Channel.DERIVED})
    source: Text = ""
    scale: Points = _HUNDRED
    fallback: int = Field(default=1, ge=0, le=5)
    bands: Bands = ()
    by: By = By.POINTS

    _rest = model_validator(mode="before")(rest_given)

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        return (Input("value", source=Source.SURVEY, maximum=self.scale),)

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        value = Fraction(values["value"])
        if self.bands:
            given = points_of(band_points(self.bands, value), self.by, maximum)
            return Outcome(given, Fraction(maximum))
        return Outcome(value * Fraction(maximum) / Fraction(self.scale), Fraction(maximum))

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        if self.bands:
            return band_guidance(self.bands, self.by, maximum, "")
        return (f"Điểm = chỉ số × điểm tối đa / {vi_number(self.scale)}",)

    def defects(self, maximum: Decimal) -> Sequence[Problem]:
        return band_defects(self.bands, self.by, maximum) if self.bands else ()


class Quantity(StrEnum):
    """What the system can derive.

    `days_late`: whole days after the deadline (0 in time); `evidence_coverage`: percent of the rows
    that need evidence and have it; `self_appraised_gap`: |self total − appraised total| in points,
    known only after appraisal.
    """

    DAYS_LATE = "days_late"
    EVIDENCE_COVERAGE = "evidence_coverage"
    SELF_APPRAISED_GAP = "self_appraised_gap"


class Derived(Consolidated):
    """`{kind: derived, quantity: days_late, bands: [{at_most: 0, points: 0.5}, …], else: 0}`."""

    kind: ClassVar[str] = "derived"
    title: ClassVar[str] = "Hệ thống tính"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.DERIVED})
    quantity: Quantity
    bands: Bands = Field(min_length=1)
    by: By = By.POINTS

    _rest = model_validator(mode="before")(rest_given)

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        return (Input(self.quantity.value, source=Source.SYSTEM),)

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        quantity = Fraction(values[self.quantity.value])
        given = points_of(band_points(self.bands, quantity), self.by, maximum)
        return Outcome(given, Fraction(maximum))

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        units = {
            Quantity.DAYS_LATE: " ngày trễ hạn",
            Quantity.EVIDENCE_COVERAGE: "% tiêu chí có tài liệu kiểm chứng",
            Quantity.SELF_APPRAISED_GAP: " điểm chênh lệch",
        }
        return band_guidance(self.bands, self.by, maximum, units[self.quantity])

    def defects(self, maximum: Decimal) -> Sequence[Problem]:
        return band_defects(self.bands, self.by, maximum)


class Peer(Consolidated):
    """`{kind: peer, label: Số dịch vụ công trực tuyến}`: own value ÷ the best unit's value × maximum.

    The units compared are those of the tier; where every value is zero, everybody gets zero.
    """

    kind: ClassVar[str] = "peer"
    title: ClassVar[str] = "So với đơn vị cao nhất"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.SELF})
    label: Text

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        return (Input("value", self.label), Input("best", source=Source.PEERS))

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        best = Fraction(values["best"])
        share = Fraction(values["value"]) / best if best else Fraction(0)
        return Outcome(share * Fraction(maximum), Fraction(maximum))

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        return ("Điểm = giá trị của đơn vị / giá trị cao nhất trong các đơn vị × điểm tối đa",)
