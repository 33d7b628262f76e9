"""What operators read, in their language: English message ids, a complete Vietnamese catalogue.

The forms themselves are Vietnamese administrative forms and stay so; findings have their own catalogue
(`xlscore.catalogue`).
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from pathlib import Path

from xlscore.numbers import Exact, quantise

LANGUAGES = ("vi", "en")
LOCALE = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="vi")


def use(language: str) -> None:
    """Choose the language (`vi` or `en`) for this context."""
    _language.set(language)


def language() -> str:
    """Return the language in use."""
    return _language.get()


def _(text: str, **values: object) -> str:
    """Translate a message id and put values into its `{names}`."""
    said = _catalogue(language()).gettext(text)
    return said.format(**values) if values else said


def shown(value: Decimal, decimals: int = 2) -> str:
    """Spell a number for reading: rounded half up, grouped and with the language's decimal mark."""
    from babel.numbers import format_decimal

    digits = "0" * decimals
    pattern = f"#,##0.{digits}" if decimals else "#,##0"
    return format_decimal(quantise(value, decimals), pattern, locale=language())


def signed(value: Exact, decimals: int = 2) -> str:
    """Spell a difference for reading, with its sign (a minus, no hyphen); none where nothing is left."""
    left = quantise(value, decimals)
    sign = "" if not left else "+" if left > 0 else "−"
    return sign + shown(abs(left), decimals)


def spelled(value: Decimal) -> str:
    """Spell a number with the digits that it has and the language's decimal mark."""
    from babel.numbers import format_decimal

    return format_decimal(value, "#,##0.####", locale=language())


@cache
def _catalogue(chosen: str) -> gettext.NullTranslations:
    return gettext.translation("xlscore", LOCALE, languages=[chosen], fallback=True)
