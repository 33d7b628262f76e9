"""Exact numbers, and what people type for them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlscore.numbers import (
    Misreading,
    NumberText,
    exact,
    from_excel,
    plain,
    quantise,
    trim,
    understand,
)

DECIMALS = st.decimals(min_value=-(10**9), max_value=10**9, places=6)
NOT_A_NUMBER = Misreading.NOT_A_NUMBER
AMBIGUOUS = Misreading.AMBIGUOUS_THOUSANDS


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0,5", "0.5"),
        ("0.5", "0.5"),
        (" 0,5 ", "0.5"),
        ("0,5\u00a0", "0.5"),
        ("\u202f1\u200b", "1"),
        ("\uff10\uff0c\uff15", "0.5"),
        ("\uff11\uff0e\uff15", "1.5"),
        ("-1", "-1"),
        ("\u20131", "-1"),
        ("\u22121", "-1"),
        ("\uff0d1", "-1"),
        ("\u2013 1", "-1"),
        ("+2", "2"),
        ("0,125", "0.125"),
        ("0.500", "0.5"),
        ("-0,125", "-0.125"),
        ("1.0000", "1"),
        ("007", "7"),
        ("1 000", "1000"),
        ("1\u00a0250,5", "1250.5"),
        ("1.250,5", "1250.5"),
        ("1,250.5", "1250.5"),
        ("1.000.000", "1000000"),
    ],
)
def test_a_number_is_understood_however_it_is_typed(typed: str, value: str) -> None:
    assert understand(typed) == NumberText(Decimal(value))


@pytest.mark.parametrize("typed", ["50%", "50 %", "50\u00a0%", "50\uff05", "\uff15\uff10%"])
def test_a_percent_is_told_apart(typed: str) -> None:
    assert understand(typed) == NumberText(Decimal(50), percent=True)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1.000", AMBIGUOUS),
        ("1,000", AMBIGUOUS),
        ("10.000", AMBIGUOUS),
        ("-1.000", AMBIGUOUS),
        ("1/2", Misreading.DATE),
        ("1-2", Misreading.DATE),
        ("1/5/2026", Misreading.DATE),
        ("", NOT_A_NUMBER),
        ("  ", NOT_A_NUMBER),
        ("%", NOT_A_NUMBER),
        ("-", NOT_A_NUMBER),
        ("đạt", NOT_A_NUMBER),
        ("0,5 điểm", NOT_A_NUMBER),
        ("1 5", NOT_A_NUMBER),
        ("0 500", NOT_A_NUMBER),
        ("1e1", NOT_A_NUMBER),
        ("5\u00b2", NOT_A_NUMBER),
        ("\u00bd", NOT_A_NUMBER),
        ("\u0663", NOT_A_NUMBER),
        ("1,2,3", NOT_A_NUMBER),
        ("2,", NOT_A_NUMBER),
        ("--1", NOT_A_NUMBER),
        ("0x1F", NOT_A_NUMBER),
        ("NaN", NOT_A_NUMBER),
        ("1_000", NOT_A_NUMBER),
        ("1." + "000." * 30 + "000", NOT_A_NUMBER),
        ("9" * 31, NOT_A_NUMBER),
    ],
)
def test_what_is_no_number_is_refused_by_name(typed: str, why: Misreading) -> None:
    assert understand(typed) == NumberText(misreading=why)


@given(DECIMALS)
def test_a_number_is_understood_as_it_is_spelled(value: Decimal) -> None:
    for spelled in (plain(value), plain(value).replace(".", ",")):
        said = understand(spelled)
        assert said.value == value or said.misreading is AMBIGUOUS


@given(st.text())
def test_any_text_is_understood_or_refused(typed: str) -> None:
    said = understand(typed)
    assert (said.value is None) is (said.misreading is not None)


@given(st.fractions(), st.integers(0, 15))
def test_rounding_is_half_up_and_exact(value: Fraction, decimals: int) -> None:
    rounded = quantise(value, decimals)
    half = Fraction(1, 2 * 10**decimals)
    assert abs(Fraction(rounded) - value) <= half
    assert Fraction(rounded) * 10**decimals % 1 == 0
    if abs(Fraction(rounded) - value) == half:
        assert abs(Fraction(rounded)) > abs(value)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [("0.145", 2, "0.15"), ("1.005", 2, "1.01"), ("2.675", 2, "2.68"), ("-0.145", 2, "-0.15")],
)
def test_a_half_goes_up_where_a_double_would_go_down(
    value: str, decimals: int, rounded: str
) -> None:
    assert quantise(Decimal(value), decimals) == Decimal(rounded)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_stored_double_means_its_first_fifteen_digits(value: float) -> None:
    assume(value == 0 or abs(value) > 1e-300)
    read = from_excel(repr(value))
    fifteen = Context(prec=15, rounding=ROUND_HALF_UP).plus(Decimal(repr(value)))
    assert read == fifteen
    assert "E" not in str(read) or abs(read) < Decimal("1e-6")


@pytest.mark.parametrize("stored", ["0.1", "0.10000000000000001", "1.0000000000000001E-1"])
def test_the_noise_of_a_double_is_dropped(stored: str) -> None:
    assert from_excel(stored) == Decimal("0.1")


@pytest.mark.parametrize("stored", ["", "NaN", "Infinity", "1E+400", "1E-400", "0,5", "#N/A"])
def test_what_no_double_holds_is_refused(stored: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        from_excel(stored)


@given(DECIMALS)
def test_there_is_one_spelling(value: Decimal) -> None:
    spelled = plain(value)
    assert exact(spelled) == value
    assert spelled == plain(trim(value))
    assert "E" not in spelled
    assert not ("." in spelled and spelled.endswith("0"))


@pytest.mark.parametrize(
    "text", ["", " 1", "1,5", "1e3", "NaN", "1.", ".5", "\u0663", "\uff11", "1_0"]
)
def test_only_plain_notation_is_exact(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        exact(text)


def test_trimming_never_falls_into_an_exponent() -> None:
    assert str(trim(Decimal("1E+1"))) == "10"
    assert str(trim(Decimal("1E+300"))) == "1" + "0" * 300
    assert str(trim(Decimal("-0.00"))) == "0"
