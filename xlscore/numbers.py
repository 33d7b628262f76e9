"""Exact numbers: points and percents as decimals, and what people type for them.

A score is a `Decimal`, a ratio a `Fraction`; a binary float never takes part. Excel stores numbers as
doubles but shows (and lets people type) at most 15 significant digits, so that is what a stored double
is taken to mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

Exact = Decimal | Fraction | int

_EXCEL_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_PLAIN = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\u200b\ufeff]+")
_SPACED_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}( [0-9]{3}){1,9}([.,][0-9]{1,30})?")
_TYPED = str.maketrans(
    "\u2212\u2013\u2010\u2011\uff0d\uff0b\uff0c\uff0e\uff05"
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
    "-----+,.%0123456789",
)
"""Dashes that stand for a minus, and full-width signs and digits; nothing else is a number's (`5²`)."""
_GROUPED = {
    ".": re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3}){1,9}(,[0-9]{1,30})?"),
    ",": re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3}){1,9}(\.[0-9]{1,30})?"),
}
_SIGN = re.compile(r"^([+-]) ")
_DATE_LIKE = re.compile(r"[0-9]{1,4}[/-][0-9]{1,2}([/-][0-9]{1,4})?")


class Misreading(StrEnum):
    """Why a typed text is not taken as a number."""

    NOT_A_NUMBER = "not-a-number"
    AMBIGUOUS_THOUSANDS = "ambiguous-thousands"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class NumberText:
    """What a typed text says: a value, and whether it was a percent; or why it says nothing."""

    value: Decimal | None = None
    percent: bool = False
    misreading: Misreading | None = None


def exact(text: str) -> Decimal:
    """Return the decimal that `text` spells in plain notation (`0.25`, `-3`).

    Raises:
        ValueError: the text is anything else: empty, exponent, `NaN`, grouped, with a comma.
    """
    if not _PLAIN.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def quantise(value: Exact, decimals: int) -> Decimal:
    """Round half up, exactly, to `decimals` digits; trailing zeros are dropped."""
    return _rounded(*value.as_integer_ratio(), decimals)


@lru_cache(maxsize=65_536)  # the same few scores recur in every unit: each is made, and held, once
def _rounded(numerator: int, denominator: int, decimals: int) -> Decimal:
    sign = -1 if numerator < 0 else 1
    whole = (2 * abs(numerator) * 10**decimals + denominator) // (2 * denominator)
    return trim(Decimal(sign * whole).scaleb(-decimals, _WIDE))


def trim(value: Decimal) -> Decimal:
    """Drop trailing zeros without falling into exponent notation (`1E+1` becomes `10`)."""
    if value == 0:
        return Decimal(0)
    short = value.normalize(_WIDE)
    exponent = short.as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0:
        return Decimal(int(short))
    return short


def plain(value: Decimal) -> str:
    """Spell a decimal the one way it is stored: no exponent, no trailing zeros, a point."""
    return format(trim(value), "f")


def from_excel(stored: str) -> Decimal:
    """Return what a double stored in a worksheet shows: its first 15 significant digits.

    Raises:
        ValueError: `stored` is no finite number.
    """
    try:
        value = Decimal(stored)
    except InvalidOperation:
        raise ValueError(stored) from None
    if not value.is_finite() or abs(value.adjusted()) > 300:  # noqa: PLR2004  the range of a double
        raise ValueError(stored)
    return trim(_EXCEL_DIGITS.plus(value))


def understand(typed: str, *, below_thousand: bool = False) -> NumberText:
    """Read a number as Vietnamese officers type it: `0,5`, `0.5`, `1.250,5`, `50 %`, full-width digits.

    One separator followed by exactly three digits (`1.000`) may be a thousand or a one: it is refused
    as ambiguous unless the whole part is zero, or the number is known to be `below_thousand`. Spaces may
    part thousands (`1 000`), nothing else.
    """
    text = _SPACES.sub(" ", typed).strip().translate(_TYPED)
    percent = text.endswith("%")
    text = text.removesuffix("%").rstrip()
    text = _SIGN.sub(r"\1", text)
    if _SPACED_THOUSANDS.fullmatch(text):
        text = text.replace(" ", "")
        return NumberText(value=trim(Decimal(text.replace(",", "."))), percent=percent)
    if not text or not text.isascii() or not any(c.isdigit() for c in text):
        return NumberText(misreading=Misreading.NOT_A_NUMBER)
    if _DATE_LIKE.fullmatch(text):
        return NumberText(misreading=Misreading.DATE)
    for separator, pattern in _GROUPED.items():
        if pattern.fullmatch(text) and not text.lstrip("+-").startswith("0"):
            if below_thousand and text.count(separator) == 1:
                break
            return _grouped(text, separator, percent=percent)
    candidate = text.replace(",", ".")
    if not _PLAIN.fullmatch(candidate):
        return NumberText(misreading=Misreading.NOT_A_NUMBER)
    return NumberText(value=trim(Decimal(candidate)), percent=percent)


def _grouped(text: str, separator: str, *, percent: bool) -> NumberText:
    decimal_mark = "," if separator == "." else "."
    if text.count(separator) == 1 and decimal_mark not in text:
        return NumberText(misreading=Misreading.AMBIGUOUS_THOUSANDS)
    digits = text.replace(separator, "").replace(decimal_mark, ".")
    return NumberText(value=trim(Decimal(digits)), percent=percent)
