"""Checklist (tổng các nội dung): each content that is met adds its points."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from xlscore.methods.base import (
    By,
    Cells,
    Formula,
    Input,
    InputKind,
    Level,
    Method,
    Outcome,
    Place,
    Problem,
    Values,
    excel,
    points_of,
    too_high,
    unreachable_maximum,
    vi_number,
)

MET, NOT_MET = "Đạt", "Không đạt"


class Checklist(Method):
    """`{kind: checklist, items: [{label: Bố trí kinh phí, points: 0.25}, …], by: points|percent}`."""

    kind: ClassVar[str] = "checklist"
    title: ClassVar[str] = "Tổng các nội dung đạt"
    items: tuple[Level, ...] = Field(min_length=1)
    by: By = By.POINTS

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        return tuple(
            Input(
                f"item{number}",
                f"{item.label} ({vi_number(points_of(item.points, self.by, maximum))} điểm)",
                kind=InputKind.CHOICE,
                place=Place.BELOW,
                choices=(MET, NOT_MET),
            )
            for number, item in enumerate(self.items, 1)
        )

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        met = (
            points_of(item.points, self.by, maximum)
            for number, item in enumerate(self.items, 1)
            if values[f"item{number}"] == MET
        )
        return Outcome(sum(met, Fraction(0)), Fraction(maximum))

    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        parts = (
            f'IF({cells.inputs[f"item{number}"]}="{MET}",'
            f"{excel(points_of(item.points, self.by, maximum))},0)"
            for number, item in enumerate(self.items, 1)
        )
        return Formula("+".join(parts), cells.maximum)

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        return ("Điểm là tổng điểm các nội dung đạt:",)

    def defects(self, maximum: Decimal) -> Sequence[Problem]:
        given = [points_of(item.points, self.by, maximum) for item in self.items]
        whole = too_high(
            " + ".join(item.label for item in self.items), sum(given, Fraction(0)), maximum
        )
        return [*([whole] if whole else ()), *unreachable_maximum(sum(given, Fraction(0)), maximum)]
