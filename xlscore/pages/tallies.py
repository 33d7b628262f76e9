"""Units as the status page shows them: their words, who needs attention first, and the counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xlscore.pages.wording import Timeliness, count

_MESSAGES, _MESSAGES_OF_MANY, _MANY = 3, 2, 1000
_LETTERS = 120
"""A page of all the communes of the country must stay one that a phone opens."""

_DAY = 86_400


class UnitState(StrEnum):
    """What a unit's self-assessment is, the best first, as `xlscore.standing` finds it."""

    SUBMITTED = "submitted"
    BY_PARENT = "by-parent"
    PARTIAL = "partial"
    DRAFT = "draft"
    INVALID = "invalid"
    MISSING = "missing"


WORDS = {
    UnitState.SUBMITTED: ("✓", "Đã nộp"),
    UnitState.BY_PARENT: ("↑", "Do cấp trên trực tiếp chấm"),
    UnitState.PARTIAL: ("◐", "Chưa đủ phiếu"),
    UnitState.DRAFT: ("✎", "Bản nháp"),
    UnitState.INVALID: ("✕", "Bị trả lại"),
    UnitState.MISSING: ("○", "Chưa nộp"),
}
_NOT_WAITED_FOR = {UnitState.SUBMITTED, UnitState.BY_PARENT}
_SETTLED = 9


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """One unit.

    Attributes:
        received: when what counts (or else what came last) arrived; None for nothing.
        timeliness, days_late: of what was received.
        newer_invalid: a newer return waits, refused, while an older one counts.
        errors, warnings: how many findings there are of each.
        messages: what they say, the gravest first; the page shows a few.
        evidence: documents received.
    """

    code: str
    name: str
    state: UnitState
    version: int = 0
    received: datetime | None = None
    timeliness: Timeliness = Timeliness.ON_TIME
    days_late: int = 0
    newer_invalid: bool = False
    errors: int = 0
    warnings: int = 0
    messages: tuple[str, ...] = ()
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit with the words that the page has for it; `urgency` 0 comes first."""

    unit: UnitStatus
    symbol: str
    state: str
    term: str
    late: bool
    unproven: bool
    urgency: int
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many units are in one state."""

    state: UnitState
    symbol: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of some units; a unit may be late, unproven and refused at once."""

    units: int
    shares: tuple[Share, ...]
    late: int
    unproven: int
    newer_invalid: int
    errors: int

    @property
    def submitted(self) -> int:
        """Units whose self-assessment is complete and counts."""
        return next(share.count for share in self.shares if share.state is UnitState.SUBMITTED)

    @property
    def percent(self) -> int:
        """Whole percent submitted, rounded down: 100 only when nobody is left."""
        return 100 * self.submitted // self.asked if self.asked else 0

    @property
    def asked(self) -> int:
        """Units that send their scorecards here, not to the unit above them."""
        return self.units - sum(s.count for s in self.shares if s.state is UnitState.BY_PARENT)


def view(unit: UnitStatus, deadline: datetime, now: datetime, *, among: int = 1) -> UnitView:
    """Return a unit with its words, as of `now`; `among` so many units of the page."""
    messages = unit.messages[: _MESSAGES if among <= _MANY else _MESSAGES_OF_MANY]
    waiting = unit.state not in _NOT_WAITED_FOR
    overdue = waiting and now > deadline
    unproven = unit.timeliness is Timeliness.UNPROVEN
    symbol, state = WORDS[unit.state]
    return UnitView(
        unit,
        symbol,
        state,
        _open_term(deadline, now) if waiting else _kept_term(unit) if unit.received else "",
        overdue or unit.timeliness is Timeliness.LATE,
        unproven,
        _urgency(unit, overdue=overdue),
        tuple(_cut(text) for text in messages),
    )


def tally(views: Iterable[UnitView]) -> Tally:
    """Count units."""
    seen = list(views)
    shares = tuple(
        Share(state, *WORDS[state], number)
        for state in UnitState
        if (number := sum(v.unit.state is state for v in seen)) or state is not UnitState.BY_PARENT
    )
    return Tally(
        len(seen),
        shares,
        sum(v.late for v in seen),
        sum(v.unproven for v in seen),
        sum(v.unit.newer_invalid for v in seen),
        sum(v.unit.errors for v in seen),
    )


def urgent(views: Iterable[UnitView]) -> list[UnitView]:
    """Return the units that somebody should look at, the most pressing first."""
    return sorted((v for v in views if v.urgency < _SETTLED), key=lambda v: v.urgency)


def _urgency(unit: UnitStatus, *, overdue: bool) -> int:
    """Rank what a unit waits for: a decision or a correction first, then what is overdue."""
    waits = (
        unit.state is UnitState.INVALID,
        unit.newer_invalid or unit.errors > 0,
        unit.timeliness is Timeliness.UNPROVEN,
        overdue and unit.state is not UnitState.MISSING,
        overdue,
    )
    return waits.index(True) if any(waits) else _SETTLED


def _open_term(deadline: datetime, now: datetime) -> str:
    if now > deadline:
        begun = -(-(now - deadline).total_seconds() // _DAY)
        return f"Quá hạn {count(int(begun))} ngày"
    days = (deadline.date() - now.date()).days
    return f"Còn {count(days)} ngày" if days else "Hạn hôm nay"


def _kept_term(unit: UnitStatus) -> str:
    return {
        Timeliness.ON_TIME: "Đúng hạn",
        Timeliness.LATE: f"Trễ {count(unit.days_late)} ngày",
        Timeliness.UNPROVEN: "Chưa xác định được thời điểm nộp",
    }[unit.timeliness]


def _cut(text: str) -> str:
    if len(text) <= _LETTERS:
        return text
    head = text[: _LETTERS - 1]
    words = head.rpartition(" ")[0]
    return f"{words} …" if len(words) > _LETTERS // 2 else f"{head}…"  # a syllable is not cut
