"""Rounds of appraisal as the status page shows them: sums, shares, who is awaited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xlscore.appraising.tally import AgencyProgress, RoundProgress, RowState

WORDS = {
    RowState.DECIDED: ("✓", "Đã thẩm định", "submitted"),
    RowState.QUERIED: ("?", "Yêu cầu giải trình", "partial"),
    RowState.CONFLICT: ("✕", "Khác nhau giữa các cơ quan", "invalid"),
    RowState.REOPENED: ("↺", "Mở lại do đơn vị đổi số liệu", "draft"),
    RowState.OPEN: ("○", "Chưa thẩm định", "missing"),
}
"""Sign, words and look of each state of a row."""

_SHOWN = 60
"""So many units that have not replied are named."""


@dataclass(frozen=True, slots=True)
class RowShare:
    """How many rows are in one state."""

    look: str
    symbol: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency with the words that the page has for it; `overdue`: rows are open after the deadline."""

    agency: AgencyProgress
    counts: tuple[int, ...]
    overdue: bool


@dataclass(frozen=True, slots=True)
class RoundView:
    """One round.

    Attributes:
        replied: units that have replied, of those that are to.
        awaited: their names that have not; `more` further ones are not named.
    """

    round: RoundProgress
    shares: tuple[RowShare, ...]
    rows: int
    agencies: tuple[AgencyView, ...]
    replied: int
    awaited: tuple[str, ...]
    more: int

    @property
    def decided(self) -> int:
        """Rows that are decided."""
        return self.shares[0].count

    @property
    def percent(self) -> int:
        """Whole percent of them, rounded down."""
        return 100 * self.decided // self.rows if self.rows else 0


def rounded(this: RoundProgress, now: datetime) -> RoundView:
    """Return a round with its words, as of `now`."""
    shares = tuple(
        RowShare(look, symbol, words, sum(agency.states[state] for agency in this.agencies))
        for state, (symbol, words, look) in WORDS.items()
    )
    waiting = [reply.name for reply in this.replies if reply.received is None]
    return RoundView(
        this,
        shares,
        sum(agency.rows for agency in this.agencies),
        tuple(_view(agency, this.deadline, now) for agency in this.agencies),
        len(this.replies) - len(waiting),
        tuple(waiting[:_SHOWN]),
        len(waiting[_SHOWN:]),
    )


def _view(agency: AgencyProgress, deadline: datetime | None, now: datetime) -> AgencyView:
    left = agency.rows - agency.states[RowState.DECIDED] - agency.states[RowState.QUERIED]
    overdue = deadline is not None and now > deadline and left > 0
    return AgencyView(agency, tuple(agency.states[state] for state in WORDS), overdue)
