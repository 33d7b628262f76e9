"""What is said first about a ranking: who is named, and how figures are printed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.fronts import HUNDRED, units_of
from tests.small_campaign import Returned, points, ranked
from xlscore.summaries import GroupSummary, count, figure, percent, signed, summarise


def of_scores(*scores: int, missing: int = 0) -> GroupSummary:
    """Summarise units u0, u1, … of which the last send nothing."""
    units = units_of(*(f"Sở {n}" for n in range(len(scores) + missing)))
    sent = {f"u{n}": Returned(points(a=str(score))) for n, score in enumerate(scores)}
    (summary,) = summarise(ranked(HUNDRED, sent, units))
    return summary


def named(summary: GroupSummary) -> tuple[list[str], list[str]]:
    top = [row.result.unit.code for row in summary.top]
    return top, [row.result.unit.code for row in summary.bottom]


@pytest.mark.parametrize(
    ("scores", "top", "bottom"),
    [
        ((), "", ""),
        ((50,), "0", ""),
        ((90, 80, 70, 60), "012", "3"),
        ((90, 80, 70, 60, 50, 40, 30), "012", "654"),
        ((90, 80, 70, 70, 60, 50), "0123", "54"),
        ((90, 80, 70, 60, 50, 50, 50, 50), "012", "7654"),
        ((70,) * 6, "012345", ""),
        ((70,) * 9, "012345", "876"),
    ],
)
def test_three_are_named_with_their_equals_up_to_six_and_nobody_at_both_ends(
    scores: tuple[int, ...], top: str, bottom: str
) -> None:
    assert named(of_scores(*scores, missing=1)) == (
        [f"u{n}" for n in top],
        [f"u{n}" for n in bottom],
    )


def test_a_missing_unit_is_counted_and_takes_no_part_in_the_mean() -> None:
    summary = of_scores(80, 61, missing=2)
    assert (summary.units, summary.missing, summary.mean) == (4, 2, Fraction(141, 2))
    assert of_scores(missing=1).mean is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("1.245"), "+1,25"),
        (Fraction(-2, 5), "−0,40"),
        (Fraction(1, 300), "0,00"),
        (Fraction(-1, 300), "0,00"),
        (Decimal(0), "0,00"),
    ],
)
def test_a_difference_has_a_sign_where_one_is_left(value: Decimal | Fraction, said: str) -> None:
    assert signed(value, 2) == said


def test_figures_are_printed_as_vietnamese_write_them() -> None:
    assert (count(8875), count(12), count(1_000_000)) == ("8.875", "12", "1.000.000")
    assert (figure(Decimal("81.3"), 2), figure(Fraction(200, 3), 0)) == ("81,30", "67")
    assert percent(Fraction(6832, 84), 2) == "81,33%"
