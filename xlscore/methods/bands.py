"""Bands of a number: thresholds with open or closed ends, shared by ratios, indices and derived rows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from xlscore.methods.base import (
    By,
    Cells,
    Formula,
    Outcome,
    Problem,
    Values,
    excel,
    points_of,
    too_high,
    unreachable_maximum,
    vi_number,
)
from xlscore.methods.ratio import RatioMethod
from xlscore.rubric import Frozen, Points

_THRESHOLD_DECIMALS = 6
_ENDS = (
    ("at_least", ">=", "từ {} trở lên"),
    ("above", ">", "trên {}"),
    ("at_most", "<=", "đến {}"),
    ("below", "<", "dưới {}"),
)


class Band(Frozen):
    """One band; the first that holds decides, a band without ends is the rest (còn lại).

    Closed ends are `at_least` and `at_most`, open ones `above` and `below`.
    """

    points: Points
    at_least: Points | None = None
    above: Points | None = None
    at_most: Points | None = None
    below: Points | None = None

    @model_validator(mode="after")
    def _one_end_a_side(self) -> Self:
        if self.at_least is not None and self.above is not None:
            raise ValueError("chỉ ghi một trong hai: at_least, above")
        if self.at_most is not None and self.below is not None:
            raise ValueError("chỉ ghi một trong hai: at_most, below")
        return self

    def holds(self, number: Fraction) -> bool:
        """Whether `number` lies in the band, exactly."""
        return (
            (self.at_least is None or number >= Fraction(self.at_least))
            and (self.above is None or number > Fraction(self.above))
            and (self.at_most is None or number <= Fraction(self.at_most))
            and (self.below is None or number < Fraction(self.below))
        )

    def starts_above(self, ceiling: Decimal) -> bool:
        """Whether no number up to `ceiling` lies in the band."""
        return (self.at_least is not None and self.at_least > ceiling) or (
            self.above is not None and self.above >= ceiling
        )

    def ends(self) -> list[tuple[str, Decimal, str]]:
        """Return the given ends as (operator, threshold, template of a Vietnamese phrase)."""
        given = ((operator, getattr(self, name), phrase) for name, operator, phrase in _ENDS)
        return [end for end in given if end[1] is not None]

    def condition(self, number: str) -> str:
        """Return the Excel condition on the expression `number` (already rounded to 9 decimals)."""
        tests = [f"{number}{operator}{excel(threshold)}" for operator, threshold, _ in self.ends()]
        if not tests:
            return "TRUE"
        return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"

    def phrase(self, unit: str = "") -> str:
        """Return the band in words, such as `từ 70% trở lên, dưới 90%`."""
        words = (phrase.format(f"{vi_number(end)}{unit}") for _, end, phrase in self.ends())
        return ", ".join(words) or "còn lại"


Bands = tuple[Band, ...]


def band_points(bands: Bands, number: Fraction) -> Decimal:
    """Return what the first band that holds gives; 0 where none does."""
    return next((band.points for band in bands if band.holds(number)), Decimal(0))


def excel_bands(bands: Bands, number: str, by: By, maximum: Decimal) -> str:
    """Return nested IFs; `number` is rounded to 9 decimals so that no double decides a band."""
    rounded = f"ROUND({number},9)"
    result = "0"
    for band in reversed(bands):
        given = excel(points_of(band.points, by, maximum))
        condition = band.condition(rounded)
        result = given if condition == "TRUE" else f"IF({condition},{given},{result})"
    return result


def band_guidance(bands: Bands, by: By, maximum: Decimal, unit: str) -> tuple[str, ...]:
    """Return one printed line per band."""
    return tuple(
        f"{band.phrase(unit).capitalize()}: {vi_number(points_of(band.points, by, maximum))} điểm"
        for band in bands
    )


def band_defects(bands: Bands, by: By, maximum: Decimal) -> list[Problem]:
    """Return levels above the maximum, bands that can never be reached, an unreachable maximum."""
    given = [points_of(band.points, by, maximum) for band in bands]
    high = [too_high(band.phrase(), p, maximum) for band, p in zip(bands, given, strict=True)]
    problems = [problem for problem in high if problem]
    problems += [_too_fine(end) for band in bands for _, end, _ in band.ends() if _is_too_fine(end)]
    for place, band in enumerate(bands):
        if not _reachable(band, bands[:place], bands):
            problems.append(Problem("unreachable-band", entered=band.phrase()))
    return [*problems, *unreachable_maximum(max(given), maximum)]


def _is_too_fine(end: Decimal) -> bool:
    # Spreadsheets decide at 9 decimals: a threshold like 33.333333333 would part two figures there
    # that are equal here.
    exponent = end.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent < -_THRESHOLD_DECIMALS


def _too_fine(end: Decimal) -> Problem:
    what = f"ngưỡng có tối đa {_THRESHOLD_DECIMALS} chữ số thập phân"
    params = {"method": "bands", "field": "bands", "what": what}
    return Problem("method-field", key="bands", entered=vi_number(end), params=params)


def _reachable(band: Band, earlier: Sequence[Band], bands: Bands) -> bool:
    # Between two neighbouring thresholds nothing changes, so testing every threshold and one point
    # in every gap decides exactly.
    points = sorted({Fraction(end) for b in bands for _, end, _ in b.ends()})
    gaps = [(a + b) / 2 for a, b in pairwise(points)]
    outside = [points[0] - 1, points[-1] + 1] if points else [Fraction(0)]
    return any(
        band.holds(number) and not any(before.holds(number) for before in earlier)
        for number in (*points, *gaps, *outside)
    )


def rest_given(value: Any) -> Any:
    """Let a rubric write the remaining band as `else: 0` after the list."""
    if isinstance(value, dict) and "else" in value:
        rest = {"points": value["else"]}
        bands = [*(value.get("bands") or ()), rest]
        return {k: v for k, v in value.items() if k != "else"} | {"bands": bands}
    return value


class RatioBands(RatioMethod):
    """`{kind: bands, numerator: …, denominator: …, bands: [{at_least: 90, points: 2}, …], else: 0}`.

    Thresholds are percents; above 100 they need `may_exceed`.
    """

    kind: ClassVar[str] = "bands"
    title: ClassVar[str] = "Theo khoảng tỷ lệ"
    bands: Bands = Field(min_length=1)
    by: By = By.POINTS

    _rest = model_validator(mode="before")(rest_given)

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        percent = self.percent(values)
        if percent is None:
            return self.when_zero(maximum)
        given = points_of(band_points(self.bands, percent), self.by, maximum)
        return Outcome(given, Fraction(maximum))

    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        inputs = dict(cells.inputs)
        score = excel_bands(self.bands, self.excel_percent(inputs), self.by, maximum)
        return Formula(*self.excel_guard(inputs, cells.maximum, score))

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        return (*band_guidance(self.bands, self.by, maximum, "%"), *self.zero_guidance())

    def defects(self, maximum: Decimal) -> Sequence[Problem]:
        problems = band_defects(self.bands, self.by, maximum)
        if not self.may_exceed:
            beyond = [band for band in self.bands if band.starts_above(Decimal(100))]
            problems += [Problem("unreachable-band", entered=band.phrase()) for band in beyond]
        return problems
