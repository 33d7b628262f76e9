"""How each row of the two rubrics is scored, written out by hand in exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tests.procedure_inputs import UNITS, Typed

Given = Mapping[str, Typed | Fraction]
Rule = Callable[[Given], Fraction | None]
"""The points of a row from its figures; None: the figures say that nothing happened (không phát sinh)."""


def num(value: Typed | Fraction) -> Fraction:
    return Fraction(value) if isinstance(value, Decimal) else Fraction(str(value))


def direct(given: Given) -> Fraction:
    return num(given["points"])


def chosen(**points: str) -> Rule:
    return lambda given: Fraction(points[str(given["level"]).replace(" ", "_")])


def share(given: Given) -> Fraction | None:
    whole = num(given["denominator"])
    return num(given["numerator"]) / whole if whole else None


def spent(given: Given) -> Fraction | None:
    """Below half nothing, from 95 % on everything, else in proportion; of 2 points."""
    part = share(given)
    if part is None or part < Fraction(1, 2):
        return None if part is None else Fraction(0)
    return Fraction(2) if part >= Fraction(95, 100) else part * 2


def met(given: Given) -> Fraction:
    return sum(
        (Fraction(p) for key, p in (("item1", "0.4"), ("item2", "0.6")) if given[key] == "Đạt"),
        Fraction(0),
    )


def online(given: Given) -> Fraction:
    percent = num(given["percent"])
    return Fraction(2) if percent >= 90 else Fraction(1) if percent >= 70 else Fraction(0)


def beside_best(given: Given) -> Fraction:
    best = num(given["best"])
    return num(given["value"]) / best * 2 if best else Fraction(0)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row: its maximum, its rule, the figures that it needs, and who gives them.

    `by`: the unit itself, appraisers only, or others (surveys, the system); `extra`: bonus or penalty.
    """

    top: Fraction
    rule: Rule
    needs: tuple[str, ...]
    by: str = "unit"
    extra: str = ""
    on_card: bool = True


def own(top: int, rule: Rule, *needs: str, extra: str = "") -> Criterion:
    return Criterion(Fraction(top), rule, needs, extra=extra)


def others(top: int, rule: Rule, *needs: str) -> Criterion:
    return Criterion(Fraction(top), rule, needs, by="others", on_card=False)


def some(points: str, top: int) -> Rule:
    return lambda given: min(num(given["count"]) * Fraction(points), Fraction(top))


def at_most(key: str, *bands: tuple[str, str]) -> Rule:
    return lambda given: next(
        (Fraction(p) for end, p in bands if num(given[key]) <= Fraction(end)), Fraction(0)
    )


def at_least(key: str, *bands: tuple[str, str]) -> Rule:
    return lambda given: next(
        (Fraction(p) for end, p in bands if num(given[key]) >= Fraction(end)), Fraction(0)
    )


def percent_of(top: int) -> Rule:
    return lambda given: num(given["value"]) * top / 100


ROWS: Mapping[str, Mapping[str, Criterion]] = {
    "so": {
        "n1.1": own(2, direct, "points"),
        "n1.2": own(1, chosen(Kịp_thời="1", Chậm="0.5", Không="0"), "level"),
        "n1.3": own(3, lambda g: None if (s := share(g)) is None else s * 3, "numerator", "denominator"),
        "n1.4": own(2, some("0.5", 2), "count"),
        "n1.5": own(2, lambda g: max(2 - num(g["count"]) * Fraction("0.4"), Fraction(0)), "count"),
        "n2.1": own(2, online, "percent"),
        "n2.2": own(2, lambda g: num(g["dat"]) / num(g["tong"]) * 2, "tong", "dat"),
        "n2.3": own(1, met, "item1", "item2"),
        "n2.4": own(3, chosen(Tốt="3", Khá="1.5", Yếu="0"), "level"),
        "n2.5.1": own(2, direct, "points"),
        "n2.5.2": own(1, some("0.5", 1), "count"),
        "n3.1": own(4, direct, "points"),
        "n3.2": own(2, spent, "numerator", "denominator"),
        "n4.1": others(3, percent_of(3), "value"),
        "n4.2": others(2, percent_of(2), "value"),
        "n4.3": Criterion(Fraction(2), direct, ("points",), by="appraiser", on_card=False),
        "n4.4": others(1, at_most("days", ("0", "1"), ("2", "0.5")), "days"),
        "n4.5": others(1, at_least("coverage", ("100", "1"), ("50", "0.5")), "coverage"),
        "n4.6": others(1, at_most("gap", ("0.6", "1"), ("1.8", "0.5")), "gap"),
        "n4.7": Criterion(Fraction(2), beside_best, ("value", "best"), on_card=False),
        "nC": own(1, direct, "points", extra="bonus"),
        "nP": own(2, some("0.5", 2), "count", extra="penalty"),
    },
    "xa": {
        "n1.1": own(4, direct, "points"),
        "n1.2": own(4, lambda g: None if (s := share(g)) is None else s * 4, "numerator", "denominator"),
        "n1.3": own(2, chosen(Tốt="2", Khá="1", Yếu="0"), "level"),
        "n2.1": others(3, percent_of(3), "value"),
        "n2.2": Criterion(Fraction(1), direct, ("points",), by="appraiser", on_card=False),
        "n2.3": others(1, at_most("days", ("0", "1")), "days"),
        "nC": own(1, direct, "points", extra="bonus"),
    },
}  # fmt: skip
BEST_OF: Mapping[str, tuple[str, ...]] = {"n2.5": ("n2.5.1", "n2.5.2")}
BANDS = {
    "so": (("Tốt", 80), ("Khá", 65), ("Trung bình", 50), ("Yếu", 0)),
    "xa": (("Đạt", 70), ("Chưa đạt", 0)),
}


def rounded(value: Fraction, decimals: int = 12) -> Fraction:
    """Round half up, as every row is once."""
    unit = 10**decimals
    return Fraction((value * unit + Fraction(1, 2)).__floor__(), unit)


def tier(unit: str) -> str:
    return UNITS[unit][1]
