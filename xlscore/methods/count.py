"""Count and deduction: points per case, added up to a cap or taken from the maximum."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from xlscore.methods.base import (
    Cells,
    Formula,
    Input,
    Method,
    Outcome,
    Problem,
    Values,
    excel,
    too_high,
    vi_number,
)
from xlscore.rubric import Points, Text


class Count(Method):
    """`{kind: count, unit: quy chế, points_each: 0.5, cap: 2}`: min(n × points, cap)."""

    kind: ClassVar[str] = "count"
    title: ClassVar[str] = "Cộng theo số lượng"
    unit: Text
    points_each: Points
    cap: Points | None = None

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        return (Input("count", f"Số {self.unit}", whole=True),)

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        reached = Fraction(values["count"]) * Fraction(self.points_each)
        return Outcome(min(reached, Fraction(self._cap(maximum))), Fraction(maximum))

    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        reached = f"{cells.inputs['count']}*{excel(self.points_each)}"
        return Formula(f"MIN({reached},{excel(self._cap(maximum))})", cells.maximum)

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        each, cap = vi_number(self.points_each), vi_number(self._cap(maximum))
        return (f"Mỗi {self.unit}: {each} điểm, tối đa {cap} điểm",)

    def defects(self, maximum: Decimal) -> Sequence[Problem]:
        high = too_high("cap", Fraction(self._cap(maximum)), maximum)
        return [high] if high else []

    def _cap(self, maximum: Decimal) -> Decimal:
        return maximum if self.cap is None else self.cap


class Deduction(Method):
    """`{kind: deduction, unit: vụ vi phạm, points_each: 1, cap: 3, floor: 0}`.

    max(floor, maximum − min(n × points, cap)); `cap` limits what may be taken off.
    """

    kind: ClassVar[str] = "deduction"
    title: ClassVar[str] = "Trừ theo số lượng"
    unit: Text
    points_each: Points
    cap: Points | None = None
    floor: Points = Decimal(0)

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        return (Input("count", f"Số {self.unit}", whole=True),)

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        taken = Fraction(values["count"]) * Fraction(self.points_each)
        if self.cap is not None:
            taken = min(taken, Fraction(self.cap))
        return Outcome(max(Fraction(maximum) - taken, Fraction(self.floor)), Fraction(maximum))

    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        taken = f"{cells.inputs['count']}*{excel(self.points_each)}"
        if self.cap is not None:
            taken = f"MIN({taken},{excel(self.cap)})"
        return Formula(f"MAX({cells.maximum}-{taken},{excel(self.floor)})", cells.maximum)

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        cap = "" if self.cap is None else f", trừ không quá {vi_number(self.cap)} điểm"
        return (f"Mỗi {self.unit}: trừ {vi_number(self.points_each)} điểm{cap}",)
