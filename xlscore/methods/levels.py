"""Levels (chọn một mức): pick one label; each gives points, or a percent of the maximum."""

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
    Problem,
    Values,
    excel,
    points_of,
    too_high,
    unreachable_maximum,
    vi_number,
)

_LABEL_LIMIT = 250
"""Excel's MATCH gives up on texts above 255 characters."""


class Levels(Method):
    """`{kind: levels, levels: [{label: kịp thời, points: 1}, …], by: points|percent}`."""

    kind: ClassVar[str] = "levels"
    title: ClassVar[str] = "Chọn một mức"
    levels: tuple[Level, ...] = Field(min_length=1)
    by: By = By.POINTS

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        labels = tuple(level.label for level in self.levels)
        return (Input("level", kind=InputKind.CHOICE, choices=labels),)

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        given = next(level.points for level in self.levels if level.label == values["level"])
        return Outcome(points_of(given, self.by, maximum), Fraction(maximum))

    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        points = ",".join(excel(points_of(level.points, self.by, maximum)) for level in self.levels)
        place = f"MATCH({cells.inputs['level']},{cells.lists['level']},0)"
        return Formula(f"CHOOSE({place},{points})", cells.maximum)

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        return tuple(
            f"{level.label}: {vi_number(points_of(level.points, self.by, maximum))} điểm"
            for level in self.levels
        )

    def defects(self, maximum: Decimal) -> Sequence[Problem]:
        given = [points_of(level.points, self.by, maximum) for level in self.levels]
        high = [too_high(lv.label, p, maximum) for lv, p in zip(self.levels, given, strict=True)]
        return [
            *(problem for problem in high if problem),
            *bad_labels([level.label for level in self.levels]),
            *unreachable_maximum(max(given), maximum),
        ]


def bad_labels(labels: Sequence[str]) -> list[Problem]:
    """Return the labels that a drop-down list and MATCH cannot tell apart or cannot hold."""
    problems, seen = [], set()
    for label in labels:
        if label.casefold() in seen:
            problems.append(Problem("bad-label", entered=label, params={"what": "trùng nhãn khác"}))
        seen.add(label.casefold())
        if len(label) > _LABEL_LIMIT or not label.strip():
            what = f"1–{_LABEL_LIMIT} ký tự"
            problems.append(Problem("bad-label", entered=label, params={"what": what}))
        if set(label) & set("*?~"):
            problems.append(Problem("bad-label", entered=label, params={"what": "chứa * ? hoặc ~"}))
    return problems
