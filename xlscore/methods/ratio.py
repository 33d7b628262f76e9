"""Ratio of two declared figures: the part that bands and proportional scoring share.

A zero denominator means that nothing happened this year (không phát sinh): full points, zero, or not
applicable, as the rubric says.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from xlscore.methods.base import Flag, Input, Method, Outcome, Place, Problem, Values
from xlscore.numbers import plain
from xlscore.rubric import Text


class IfZero(StrEnum):
    """What a zero denominator gives."""

    FULL = "full"
    ZERO = "zero"
    NOT_APPLICABLE = "not-applicable"


class RatioMethod(Method):
    """Base of the methods over `numerator ÷ denominator`.

    `may_exceed` admits a numerator above the denominator (thu vượt dự toán); without a `denominator` the
    percent itself is typed.
    """

    numerator: Text
    denominator: Text = ""
    if_zero: IfZero = IfZero.FULL
    may_exceed: Flag = False
    whole: Flag = True

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        if not self.denominator:
            ceiling = None if self.may_exceed else Decimal(100)
            return (Input("percent", f"{self.numerator} (%)", maximum=ceiling, percent=True),)
        return (
            Input("numerator", self.numerator, place=Place.BELOW, whole=self.whole),
            Input("denominator", self.denominator, place=Place.BELOW, whole=self.whole),
        )

    def percent(self, values: Values) -> Fraction | None:
        """Return the ratio in percent, or None when the denominator is zero."""
        if not self.denominator:
            return Fraction(values["percent"])
        if values["denominator"] == 0:
            return None
        return Fraction(values["numerator"]) / Fraction(values["denominator"]) * 100

    def when_zero(self, maximum: Decimal) -> Outcome:
        """Return the outcome of a zero denominator."""
        if self.if_zero is IfZero.NOT_APPLICABLE:
            return Outcome(Fraction(0), Fraction(0))
        score = Fraction(maximum) if self.if_zero is IfZero.FULL else Fraction(0)
        return Outcome(score, Fraction(maximum))

    def contradictions(self, values: Values, maximum: Decimal) -> Sequence[Problem]:
        if not self.denominator or self.may_exceed:
            return ()
        numerator, whole = values.get("numerator"), values.get("denominator")
        if not isinstance(numerator, Decimal) or not isinstance(whole, Decimal):
            return ()
        if numerator <= whole:
            return ()
        params = {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "whole": plain(whole),
        }
        name = "numerator-above-denominator"
        return (Problem(name, key="numerator", entered=plain(numerator), params=params),)

    def excel_percent(self, inputs: dict[str, str]) -> str:
        """Return the Excel expression of `percent` (the denominator is known not to be zero)."""
        if not self.denominator:
            return inputs["percent"]
        return f"{inputs['numerator']}/{inputs['denominator']}*100"

    def excel_guard(self, inputs: dict[str, str], maximum: str, score: str) -> tuple[str, str]:
        """Return score and applicable maximum with the zero denominator settled first."""
        if not self.denominator:
            return score, maximum
        zero = f"{inputs['denominator']}=0"
        if self.if_zero is IfZero.NOT_APPLICABLE:
            return f"IF({zero},0,{score})", f"IF({zero},0,{maximum})"
        settled = maximum if self.if_zero is IfZero.FULL else "0"
        return f"IF({zero},{settled},{score})", maximum

    def zero_guidance(self) -> tuple[str, ...]:
        """Return the printed line on a zero denominator."""
        if not self.denominator:
            return ()
        words = {
            IfZero.FULL: "đạt điểm tối đa",
            IfZero.ZERO: "0 điểm",
            IfZero.NOT_APPLICABLE: "không áp dụng tiêu chí",
        }
        return (f"Không phát sinh ({self.denominator} bằng 0): {words[self.if_zero]}",)
