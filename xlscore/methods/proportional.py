"""Proportional (theo tỷ lệ): ratio × maximum; below the floor nothing; zero denominators settled."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from xlscore.methods.base import Cells, Formula, Outcome, Values, excel, vi_number
from xlscore.methods.ratio import RatioMethod
from xlscore.rubric import Points


class Proportional(RatioMethod):
    """`{kind: proportional, numerator: …, denominator: …, floor: 80, full_from: 95, if_zero: full}`.

    `floor` (percent): below it 0 points. `full_from` (percent): from there on the maximum.
    """

    kind: ClassVar[str] = "proportional"
    title: ClassVar[str] = "Theo tỷ lệ"
    floor: Points | None = None
    full_from: Points | None = None

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        percent = self.percent(values)
        if percent is None:
            return self.when_zero(maximum)
        if self.floor is not None and percent < Fraction(self.floor):
            return Outcome(Fraction(0), Fraction(maximum))
        if self.full_from is not None and percent >= Fraction(self.full_from):
            return Outcome(Fraction(maximum), Fraction(maximum))
        return Outcome(min(percent, Fraction(100)) * Fraction(maximum) / 100, Fraction(maximum))

    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        inputs = dict(cells.inputs)
        percent = self.excel_percent(inputs)
        score = f"MIN({percent},100)*{cells.maximum}/100"
        if self.full_from is not None:
            score = f"IF(ROUND({percent},9)>={excel(self.full_from)},{cells.maximum},{score})"
        if self.floor is not None:
            score = f"IF(ROUND({percent},9)<{excel(self.floor)},0,{score})"
        return Formula(*self.excel_guard(inputs, cells.maximum, score))

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        lines = [f"Điểm = tỷ lệ % × {vi_number(maximum)} / 100%"]
        if self.full_from is not None:
            lines.append(f"Từ {vi_number(self.full_from)}% trở lên: {vi_number(maximum)} điểm")
        if self.floor is not None:
            lines.append(f"Dưới {vi_number(self.floor)}%: 0 điểm")
        return (*lines, *self.zero_guidance())
