"""One line of a history, and how lines spell times, hashes and what strangers typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from xlscore.i18n import language
from xlscore.layout import NOT_APPLICABLE, NOTHING
from xlscore.numbers import plain
from xlscore.text import nfc

_LONGEST = 60
_DIGITS = 12
"""So many digits of a SHA-256 are shown: what receipts show too."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history.

    Attributes:
        event: number of the event; after a rebuild with its chain's before it (`2/17`).
        kind: `form-issued`, `form-copied`, `form-revoked`, `form-released`, `arrived` (a scorecard),
            `reply-arrived`, `appraisal-arrived`, `council-arrived`, `survey-arrived`,
            `results-arrived`, `recovered`, `evidence`, `edition-frozen`, or a decision: `voided`,
            `restored`, `timed`, `waived`, `unwaived`, `judged-again`.
        facts: what the kind tells (see `docs/json.md`).
    """

    event: str
    at: datetime
    actor: str
    kind: str
    facts: Mapping[str, Any]


def spelt_time(stamp: str, zone: ZoneInfo) -> str:
    """Say a stored moment in the campaign's zone."""
    return f"{datetime.fromisoformat(stamp).astimezone(zone):%d/%m/%Y %H:%M}"


def spelt_hash(sha256: str) -> str:
    """Say as much of a hash as receipts do."""
    return sha256[:_DIGITS] or "-"


def short(text: str, longest: int = _LONGEST) -> str:
    """Return what a stranger typed as one line that cannot spoil the page, cut where it is long."""
    shown = "".join(c if c.isprintable() else "?" for c in " ".join(nfc(text).split()))
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def number(text: str) -> str:
    """Spell a stored number with the decimal mark of the language in use."""
    return text.replace(".", ",") if language() == "vi" else text


def points(value: Decimal | str | None, decimals: int = 2) -> str:
    """Spell points with at least so many decimals, and all that they have."""
    if value is None:
        return NOTHING
    text = value if isinstance(value, str) else plain(value)
    whole, _, part = text.partition(".")
    return number(f"{whole}.{part.ljust(decimals, '0')}" if decimals or part else whole)


def given(value: Decimal | str | None, decimals: int = 2, *, left_out: bool) -> str:
    """Spell what a row is given: points, or that it does not apply; “–” where nobody can tell."""
    return NOT_APPLICABLE if value is None and left_out else points(value, decimals)
