"""When a file has stopped changing: by our own monotonic clock, never by the file's time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.intake_office import NOW
from xlscore.inbox import Entry, Settled, Tracker

SETTLE = 5.0


def entry(name: str = "a.xlsx", size: int = 1, mtime: int = 1) -> Entry:
    return Entry(f"/inbox/{name}", name.encode(), size, mtime)


class Tried:
    """A tracker with clocks that the test moves."""

    def __init__(self, settle: float = SETTLE) -> None:
        self.tracker = Tracker(settle)
        self.clock = 1000.0
        self.moment = NOW
        self.scanned: datetime | None = None

    def look(self, after: float, *entries: Entry) -> tuple[list[str], list[str]]:
        settled, changing = self.looked(after, *entries)
        return [s.entry.key.decode() for s in settled], [e.key.decode() for e in changing]

    def looked(self, after: float, *entries: Entry) -> tuple[list[Settled], list[Entry]]:
        self.clock += after
        self.moment += timedelta(seconds=after)
        looked = self.tracker.look(entries, self.clock, self.moment, self.scanned)
        self.scanned = self.moment
        return looked


def test_a_new_file_settles_after_the_settle_time_and_not_before() -> None:
    tried = Tried()
    assert tried.look(0, entry()) == ([], ["a.xlsx"])
    assert tried.look(4.99, entry()) == ([], ["a.xlsx"])
    assert tried.look(0.01, entry()) == (["a.xlsx"], [])


def test_without_a_settle_time_a_file_is_ready_at_first_sight() -> None:
    assert Tried(settle=0).look(0, entry()) == (["a.xlsx"], [])


@pytest.mark.parametrize("change", [entry(size=2), entry(mtime=2), entry(mtime=0), entry(size=0)])
def test_any_change_starts_the_settle_time_anew(change: Entry) -> None:
    tried = Tried()
    tried.look(0, entry())
    assert tried.look(4, change) == ([], ["a.xlsx"])
    assert tried.look(4, change) == ([], ["a.xlsx"])
    assert tried.look(1, change) == (["a.xlsx"], [])


def test_a_change_of_one_file_does_not_hold_up_another() -> None:
    tried = Tried()
    tried.look(0, entry("a.xlsx"), entry("b.xlsx"))
    assert tried.look(5, entry("a.xlsx", size=2), entry("b.xlsx")) == (["b.xlsx"], ["a.xlsx"])


def test_a_change_and_back_is_a_change() -> None:
    tried = Tried()
    tried.look(0, entry())
    tried.look(4, entry(size=2))
    assert tried.look(1, entry()) == ([], ["a.xlsx"])


def test_a_file_that_vanishes_and_returns_settles_anew() -> None:
    tried = Tried()
    tried.look(0, entry())
    assert tried.look(4) == ([], [])
    assert tried.tracker.seen(entry().key) is None
    assert tried.look(1, entry()) == ([], ["a.xlsx"])
    assert tried.look(5, entry()) == (["a.xlsx"], [])


def test_the_names_are_told_apart_exactly() -> None:
    tried = Tried()
    both = entry("báo.xlsx"), entry("ba\u0301o.xlsx"), entry("BÁO.xlsx")
    tried.look(0, *both)
    settled, changing = tried.looked(5, *both)
    assert ([s.entry for s in settled], changing) == (list(both), [])


def test_the_arrival_is_the_first_sight_of_the_content_that_then_stayed() -> None:
    tried = Tried()
    tried.look(0, entry())
    tried.look(3, entry(size=2))
    ((settled,), _) = tried.looked(100, entry(size=2))
    assert settled.seen == NOW + timedelta(seconds=3)
    assert settled.scanned == NOW


def test_before_the_first_complete_scan_nothing_proves_when_a_file_came() -> None:
    tried = Tried()
    tried.look(0, entry())
    ((settled,), _) = tried.looked(9, entry())
    assert (settled.seen, settled.scanned) == (NOW, None)


def test_a_wall_clock_that_is_set_back_does_not_stop_the_settling() -> None:
    tried = Tried()
    tried.look(0, entry())
    tried.moment -= timedelta(days=400)
    ((settled,), _) = tried.looked(5, entry())
    assert settled.seen == NOW


def test_a_wall_clock_that_is_set_forward_does_not_hurry_it() -> None:
    tried = Tried()
    tried.look(0, entry())
    tried.moment += timedelta(days=400)
    assert tried.look(4, entry()) == ([], ["a.xlsx"])


def test_a_file_set_aside_is_left_alone_for_longer_each_time() -> None:
    tried = Tried(settle=0)
    tried.look(0, entry())
    for pause in (2, 4, 8, 16, 32, 64, 128, 256, 300, 300):
        tried.tracker.postpone(b"a.xlsx", tried.clock)
        assert tried.look(pause - 0.5, entry()) == ([], [])
        assert tried.look(0.5, entry()) == (["a.xlsx"], [])


def test_a_file_set_aside_that_changes_is_looked_at_again_at_once() -> None:
    tried = Tried(settle=0)
    tried.look(0, entry())
    for _ in range(5):
        tried.tracker.postpone(b"a.xlsx", tried.clock)
    assert tried.look(1, entry(size=2)) == (["a.xlsx"], [])
    tried.tracker.postpone(b"a.xlsx", tried.clock)
    assert tried.look(2, entry(size=2)) == (["a.xlsx"], [])


def test_setting_aside_what_is_not_there_does_nothing() -> None:
    tried = Tried()
    tried.tracker.postpone(b"a.xlsx", tried.clock)
    assert tried.look(0, entry()) == ([], ["a.xlsx"])


def test_what_an_earlier_process_saw_settled_is_ready_at_once() -> None:
    tried = Tried()
    earlier, scan = NOW - timedelta(hours=1), NOW - timedelta(hours=2)
    tried.tracker.remember(b"a.xlsx", (1, 1), earlier, scan)
    ((settled,), changing) = tried.looked(0, entry())
    assert (settled.seen, settled.scanned, changing) == (earlier, scan, [])


def test_what_changed_since_an_earlier_process_saw_it_settles_anew() -> None:
    tried = Tried()
    tried.tracker.remember(b"a.xlsx", (1, 1), NOW - timedelta(hours=1), None)
    assert tried.look(0, entry(size=2)) == ([], ["a.xlsx"])
    assert tried.tracker.seen(b"a.xlsx") == (NOW, None)
    assert tried.tracker.seen(b"b.xlsx") is None
