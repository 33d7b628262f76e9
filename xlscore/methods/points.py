"""Free points (cho điểm trực tiếp): the score itself is typed, within minimum, step and maximum."""

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
    Place,
    Problem,
    Values,
    vi_number,
)
from xlscore.rubric import Points


class FreePoints(Method):
    """`{kind: points, step: 0.25}`; `minimum` is 0 unless given; no `step` admits any decimals."""

    kind: ClassVar[str] = "points"
    title: ClassVar[str] = "Cho điểm trực tiếp"
    step: Points | None = None
    minimum: Points = Decimal(0)

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        return (
            Input(
                "points", place=Place.SCORE, minimum=self.minimum, maximum=maximum, step=self.step
            ),
        )

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        return Outcome(Fraction(values["points"]), Fraction(maximum))

    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        return Formula(cells.inputs["points"], cells.maximum)

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        step = f", bước {vi_number(self.step)}" if self.step else ""
        return (f"Cho điểm từ {vi_number(self.minimum)} đến {vi_number(maximum)}{step}.",)

    def defects(self, maximum: Decimal) -> Sequence[Problem]:
        if self.step is None or (self.step > 0 and maximum % self.step == 0):
            return ()
        params = {"method": self.kind, "field": "step", "what": f"{maximum} % step ≠ 0"}
        return (Problem("method-field", key="step", entered=str(self.step), params=params),)
