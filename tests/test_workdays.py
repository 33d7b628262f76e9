"""Working days: periods are counted as Vietnamese administrative deadlines are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlscore.table import Table, heading_key
from xlscore.workbooks.tables import read_table
from xlscore.workdays import HOLIDAY_COLUMNS, Calendar, parse_day, read_calendar

ROOT = Path(__file__).parent.parent
YEAR = st.dates(date(2025, 12, 1), date(2026, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    holidays = draw(st.frozensets(YEAR, max_size=60))
    return Calendar(holidays, draw(st.frozensets(YEAR, max_size=20)) - holidays)


def worked(calendar: Calendar, start: date) -> Iterator[date]:
    """Yield the working days that follow `start`, looked up one by one."""
    for number in range(1, 3000):
        day = start + timedelta(days=number)
        weekday = day.strftime("%a") not in {"Sat", "Sun"}
        if day in calendar.working or (weekday and day not in calendar.holidays):
            yield day


# --- counting -------------------------------------------------------------------------------------


@given(calendars(), YEAR, st.integers(1, 120))
def test_a_period_ends_on_the_day_that_a_count_on_the_fingers_gives(
    calendar: Calendar, start: date, days: int
) -> None:
    following = worked(calendar, start)
    assert calendar.after(start, days) == [next(following) for _ in range(days)][-1]


@given(calendars(), YEAR, st.integers(0, 400))
def test_between_counts_the_days_that_follow_up_to_the_end(
    calendar: Calendar, start: date, length: int
) -> None:
    end = start + timedelta(days=length)
    expected = sum(1 for day in worked(calendar, start) if day <= end)
    assert calendar.between(start, end) == expected
    assert calendar.between(end, start) == -expected


@given(calendars(), YEAR, st.integers(1, 120))
def test_between_undoes_after(calendar: Calendar, start: date, days: int) -> None:
    assert calendar.between(start, calendar.after(start, days)) == days


@given(calendars(), YEAR)
def test_a_period_that_ends_on_a_day_off_ends_on_the_next_working_day(
    calendar: Calendar, day: date
) -> None:
    expected = day if calendar.is_working(day) else next(worked(calendar, day))
    assert calendar.after(day, 0) == expected


def test_the_first_day_is_not_counted() -> None:
    monday = date(2026, 3, 2)
    assert Calendar().after(monday, 1) == date(2026, 3, 3)
    assert Calendar().after(monday, 5) == date(2026, 3, 9)


def test_a_day_off_is_skipped_and_a_made_up_saturday_counts() -> None:
    friday = date(2026, 8, 21)
    calendar = Calendar(frozenset({date(2026, 8, 31)}), frozenset({date(2026, 8, 22)}))
    assert calendar.after(friday, 1) == date(2026, 8, 22)
    assert calendar.after(date(2026, 8, 28), 1) == date(2026, 9, 1)


def test_a_period_of_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Calendar().after(date(2026, 3, 2), -1)


def test_a_day_cannot_be_off_and_worked() -> None:
    with pytest.raises(ValueError, match="2026-08-22"):
        Calendar(frozenset({date(2026, 8, 22)}), frozenset({date(2026, 8, 22)}))


# --- days as they are written -----------------------------------------------------------------------


@given(st.dates(date(1000, 1, 1)))
def test_a_day_is_read_in_both_ways_of_writing(day: date) -> None:
    assert parse_day(day.isoformat()) == day
    assert parse_day(f"{day.day}/{day.month}/{day.year}") == day
    assert parse_day(f"{day.day:02}/{day.month:02}/{day.year}") == day


@pytest.mark.parametrize(
    "text", ["", "mai", "2026-02-30", "31/04/2026", "12/31/2026", "2/9/26", "20260902", "٢/٩/٢٠٢٦"]
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert parse_day(text) is None


# --- the tables that come with the examples ----------------------------------------------------------


def bundled(folder: Path) -> tuple[Table, Calendar]:
    table = read_table(folder / "holidays.csv", HOLIDAY_COLUMNS)
    calendar, findings = read_calendar([(table.name, table.rows)])
    assert findings == []
    return table, calendar


def off_on_weekdays(calendar: Calendar) -> int:
    return sum(1 for day in calendar.holidays if day.weekday() < 5)


def test_2023_is_off_for_eleven_paid_days_and_what_falls_on_weekends_is_made_good() -> None:
    _, calendar = bundled(ROOT)
    assert calendar.years == {2023}
    assert calendar.working == frozenset()
    # 11 days of Điều 112 Bộ luật Lao động, every one on a weekday or given back on one.
    assert off_on_weekdays(calendar) == 11
    assert calendar.after(date(2023, 1, 19), 1) == date(2023, 1, 27)
    assert calendar.after(date(2023, 4, 28), 1) == date(2023, 5, 4)
    assert calendar.after(date(2023, 8, 31), 1) == date(2023, 9, 5)


def test_2026_is_off_for_eleven_paid_days_and_two_that_are_worked_on_saturdays() -> None:
    _, calendar = bundled(ROOT / "examples" / "hai-cap-2026")
    assert calendar.years == {2026}
    assert calendar.working == {date(2026, 1, 10), date(2026, 8, 22)}
    assert off_on_weekdays(calendar) == 11 + len(calendar.working)
    assert calendar.after(date(2026, 2, 13), 1) == date(2026, 2, 23)
    assert calendar.after(date(2026, 8, 28), 1) == date(2026, 9, 3)


@pytest.mark.parametrize("folder", [ROOT, ROOT / "examples" / "hai-cap-2026"])
def test_the_tables_of_the_examples_say_that_they_must_be_checked(folder: Path) -> None:
    table, _ = bundled(folder)
    assert "Đối chiếu thông báo" in table.rows[0].values["note"]


def test_every_heading_of_the_docs_is_one_that_is_read() -> None:
    page = (ROOT / "docs" / "campaign.md").read_text(encoding="utf-8")
    section = page.split("## Days off")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.MULTILINE)
    told = {heading_key(name): column for column, names in rows for name in names.split(",")}
    assert told == HOLIDAY_COLUMNS
