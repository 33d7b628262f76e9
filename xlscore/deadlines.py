"""How a deadline (thời hạn nộp) is written: a day, a time, or working days after a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from xlscore.rubric import Frozen
from xlscore.workdays import Calendar

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}:\d{2}", re.ASCII)
_LAST = dt.date(2999, 12, 31)


def _day(value: Any) -> dt.date:
    if isinstance(value, dt.date):
        return value
    try:
        # Not `fromisoformat` alone: it also takes 20261215 and weeks.
        return dt.date.fromisoformat(value if _ISO_DAY.fullmatch(value) else "")
    except (TypeError, ValueError):
        raise ValueError(
            "phải là ngày, viết như 2026-12-15", "must be a day such as 2026-12-15"
        ) from None


def _clock(value: Any) -> dt.time | None:
    if value is None or isinstance(value, dt.time):
        return value
    try:
        return dt.datetime.strptime(value if _CLOCK.fullmatch(value) else "", "%H:%M").time()  # noqa: DTZ007  a time of day has no zone
    except (TypeError, ValueError):
        raise ValueError("phải là giờ, viết như 17:00", "must be a time such as 17:00") from None


class WorkingDays(Frozen):
    """A period of working days (ngày làm việc), counted from the day after `after`.

    Attributes:
        time: the time of day at which it ends; the end of the day where there is none.
    """

    working_days: Annotated[int, Field(ge=1, le=400)]
    after: Annotated[dt.date, BeforeValidator(_day), Field(le=_LAST)]
    time: Annotated[dt.time | None, BeforeValidator(_clock)] = None

    def moment(self, calendar: Calendar) -> dt.datetime:
        """Return when the period ends, without a time zone."""
        last = calendar.after(self.after, self.working_days)
        return dt.datetime.combine(last, self.time or dt.time.max)

    def uncovered(self, calendar: Calendar) -> tuple[int, ...]:
        """Return the years that the period touches and of which the calendar knows no day off."""
        last = calendar.after(self.after, self.working_days)
        first = self.after + dt.timedelta(days=1)
        return tuple(sorted(set(range(first.year, last.year + 1)) - calendar.years))


def _instant(value: str) -> dt.datetime:
    # A deadline given as a day lasts to the end of that day; `fromisoformat` would have it end as the
    # day begins where the day is written as 20261215.
    if _ISO_DAY.fullmatch(value):
        return dt.datetime.combine(dt.date.fromisoformat(value), dt.time.max)
    return dt.datetime.fromisoformat(value if _ISO_MOMENT.match(value) else "")


def _deadline(value: Any) -> Any:
    if isinstance(value, Mapping):
        return WorkingDays.model_validate(value)
    if isinstance(value, dt.datetime | WorkingDays):
        return value
    try:
        return _instant(value)
    except (TypeError, ValueError):
        raise ValueError(
            "phải là ngày giờ, viết như 2026-12-15 hoặc 2026-12-15T17:00, hoặc gồm working_days và after",
            "must be a day or a time such as 2026-12-15 or 2026-12-15T17:00, or working_days and after",
        ) from None


Deadline = Annotated[dt.datetime | WorkingDays, BeforeValidator(_deadline)]
"""A moment (in the campaign's time zone where it names none), or a period of working days."""
