"""Working days (ngày làm việc): the calendar of days off, and the tables that it is read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from xlscore.findings import Finding, finding
from xlscore.table import TableRow, heading_key

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: Monday to Friday, but for what a yearly notice says.

    Attributes:
        holidays: days off (nghỉ lễ, nghỉ bù, nghỉ hoán đổi).
        working: days off that are worked in exchange (làm bù).

    Raises:
        ValueError: a day is said to be both.
    """

    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if both := self.holidays & self.working:
            raise ValueError(f"both off and worked: {min(both)}")

    @property
    def years(self) -> frozenset[int]:
        """The years of which at least one day off is known."""
        return frozenset(day.year for day in self.holidays)

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked."""
        return day in self.working or (day.weekday() < _SATURDAY and day not in self.holidays)

    def after(self, start: date, days: int) -> date:
        """Return the day at whose end a period of `days` working days that follows `start` ends.

        Counted as Điều 147 and 148 Bộ luật Dân sự 2015 say: the first day is not counted, and a period
        whose last day is a day off ends with the next working day (so 0 days after a Sunday is Monday).

        Raises:
            ValueError: `days` is negative.
        """
        if days < 0:
            raise ValueError("a period has no negative length")
        if days == 0:
            start, days = start - _DAY, 1
        while days:
            start += _DAY
            days -= self.is_working(start)
        return start

    def between(self, start: date, end: date) -> int:
        """Return how many working days follow `start` up to and with `end`; negative if that is before."""
        if end < start:
            return -self.between(end, start)
        days = ((start + _DAY * n) for n in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)


HOLIDAY_COLUMNS: Mapping[str, str] = {
    "ngay": "day",
    "loai": "kind",
    "ten": "name",
    "ten_ngay_nghi": "name",
    "ghi_chu": "note",
}
"""Vietnamese headings of a table of days off; `name` and further columns are for its reader only."""

_OFF = {"off", "nghi"}
_WORKING = {"working", "lam_bu"}
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII)
_SPOKEN = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII)


def parse_day(text: str) -> date | None:
    """Read a day written as 2026-09-02 or 02/09/2026; None if it is neither, or no such day exists."""
    found = _ISO.fullmatch(text) or _SPOKEN.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def read_calendar(
    tables: Iterable[tuple[str, Iterable[TableRow]]],
) -> tuple[Calendar, list[Finding]]:
    """Make the calendar of all rows of the named tables, with a finding for every defect."""
    holidays: set[date] = set()
    working: set[date] = set()
    first: dict[date, str] = {}
    findings: list[Finding] = []
    for name, rows in tables:
        for row in rows:
            findings += _defects(name, row)
            day, kind = parse_day(row.values["day"]), heading_key(row.values["kind"])
            if day is None or kind not in _OFF | _WORKING:
                continue
            if day in first:
                findings.append(finding("duplicate-holiday", file=f"{name}:{row.place('day')}",
                                        entered=row.values["day"],
                                        params={"first": first[day]}))  # fmt: skip
                continue
            first[day] = f"{name}:{row.number}"
            (working if kind in _WORKING else holidays).add(day)
    return Calendar(frozenset(holidays), frozenset(working)), findings


def _defects(name: str, row: TableRow) -> Iterator[Finding]:
    typed, kind = row.values["day"], heading_key(row.values["kind"])
    day = parse_day(typed)
    if day is None:
        yield finding("bad-holiday", file=f"{name}:{row.place('day')}", entered=typed, params={
            "what": "cần một ngày, viết như 2026-09-02 hoặc 02/09/2026",
            "what_en": "a day is needed, such as 2026-09-02 or 02/09/2026"})  # fmt: skip
    if kind not in _OFF | _WORKING:
        yield finding("bad-holiday", file=f"{name}:{row.place('kind')}", entered=row.values["kind"],
                      params={"what": "loại phải là “nghỉ” hoặc “làm bù”",
                              "what_en": "the kind must be “off” or “working”"})  # fmt: skip
    elif day is not None and kind in _WORKING and day.weekday() < _SATURDAY:
        yield finding("made-up-on-a-weekday", file=f"{name}:{row.place('day')}", entered=typed)
