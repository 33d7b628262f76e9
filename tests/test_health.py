"""The state that is written after each complete scan."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from xlscore.health import Health, is_stale, read_health, write_health

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
HEALTH = Health(
    pid=4711,
    host="MAY-01",
    version="0.1.0",
    started=NOW - timedelta(days=80),
    last_scan=NOW,
    every_seconds=10,
    inbox="available",
    backlog=2,
    oldest_waiting=12.5,
    last_error="đĩa đã đầy",
    free_mb=2048,
    scans=700_000,
)


def test_what_is_written_is_read_back_and_readable_by_people(tmp_path: Path) -> None:
    write_health(tmp_path / "health.json", HEALTH)
    assert read_health(tmp_path / "health.json") == HEALTH
    text = (tmp_path / "health.json").read_text(encoding="utf-8")
    assert '"last_scan": "2026-11-21T01:00:00+00:00"' in text
    assert "đĩa đã đầy" in text
    assert [p.name for p in tmp_path.iterdir()] == ["health.json"]


def test_times_are_written_in_utc(tmp_path: Path) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=7)))
    write_health(tmp_path / "health.json", replace(HEALTH, last_scan=local))
    assert json.loads((tmp_path / "health.json").read_bytes())["last_scan"].endswith("+00:00")


def test_an_error_with_a_file_name_that_is_not_utf8_is_written_all_the_same(tmp_path: Path) -> None:
    write_health(tmp_path / "health.json", replace(HEALTH, last_error="SNV\udcff.xlsx"))
    found = read_health(tmp_path / "health.json")
    assert found is not None
    assert found.last_error == "SNV\\udcff.xlsx"


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "health.json"
    write_health(path, HEALTH)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(lambda: [read_health(path) for _ in range(300)])
        for scans in range(30):
            write_health(path, replace(HEALTH, scans=scans))
        assert None not in reading.result()


def test_a_file_that_cannot_be_written_leaves_the_former_one(tmp_path: Path) -> None:
    path = tmp_path / "health.json"
    write_health(path, HEALTH)
    with pytest.raises(ValueError, match="JSON compliant"):
        write_health(path, replace(HEALTH, oldest_waiting=float("inf")))
    assert read_health(path) == HEALTH
    with pytest.raises(FileNotFoundError):
        write_health(tmp_path / "away" / "health.json", HEALTH)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"7", b"\xff", b"[" * 60_000, b" " * 70_000],
    ids=["empty", "cut", "null", "list", "number", "bytes", "deep", "huge"],
)
def test_a_damaged_file_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "health.json").write_bytes(content)
    assert read_health(tmp_path / "health.json") is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pid", "4711"),
        ("pid", True),
        ("backlog", -1),
        ("backlog", 1.5),
        ("every_seconds", "10"),
        ("every_seconds", float("nan")),
        ("every_seconds", 1e300),
        ("host", None),
        ("last_scan", "yesterday"),
        ("last_scan", "2026-11-21T01:00:00"),
        ("last_scan", 7),
        ("started", "0001-01-01T00:00:00+23:00"),
    ],
)
def test_a_value_of_the_wrong_kind_makes_the_file_say_nothing(
    tmp_path: Path, key: str, value: object
) -> None:
    path = tmp_path / "health.json"
    write_health(path, HEALTH)
    said = json.loads(path.read_bytes())
    path.write_text(json.dumps(said | {key: value}), encoding="utf-8")
    assert read_health(path) is None
    path.write_text(json.dumps({k: v for k, v in said.items() if k != key}), encoding="utf-8")
    assert read_health(path) is None


def test_there_is_nothing_before_the_first_scan(tmp_path: Path) -> None:
    assert read_health(tmp_path / "health.json") is None


@pytest.mark.parametrize(
    ("every", "age", "stale"),
    [
        (10, 0, False),
        (10, 60, False),
        (10, 61, True),
        (300, 900, False),
        (300, 901, True),
        (10, -60, False),
        (10, -61, True),
    ],
)
def test_it_is_stale_after_three_intervals_or_a_minute_or_from_the_future(
    every: float, age: int, stale: bool
) -> None:
    health = replace(HEALTH, every_seconds=every)
    assert is_stale(health, NOW + timedelta(seconds=age)) is stale
