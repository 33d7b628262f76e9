"""The program's own log: whole lines of JSON, whatever is said, and never in the program's way."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xlscore import i18n, logs
from xlscore.logs import Log, prune, start_logging

ROOT = Path(__file__).parent.parent
LOGGER = logging.getLogger("xlscore.test")
DAY = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def cleaned() -> Iterator[None]:
    before = i18n.language()
    i18n.use("vi")
    yield
    i18n.use(before)
    logger = logging.getLogger("xlscore")
    for handler in list(logger.handlers):
        if isinstance(handler, logs._DayFiles):
            Log(handler).close()
    logger.setLevel(logging.NOTSET)


def lines(folder: Path) -> list[dict[str, Any]]:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.jsonl")))
    return [json.loads(line) for line in text.splitlines()]


def test_a_record_is_one_line_with_its_fields_and_extras(tmp_path: Path) -> None:
    with start_logging(tmp_path, "watch", clock=lambda: DAY) as log:
        LOGGER.warning(
            "%d files", 2, extra={"unit": "SNV", "score": Decimal("0.5"), "path": Path("a")}
        )
        assert log.path.name == f"watch-20261121-{os.getpid()}.jsonl"
        assert log.path.exists()
    (line,) = lines(tmp_path)
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "WARNING",
        "logger": "xlscore.test",
        "message": "2 files",
        "unit": "SNV",
        "score": "0.5",
        "path": "a",
    }


def test_what_is_less_than_the_level_is_not_written(tmp_path: Path) -> None:
    with start_logging(tmp_path, "watch", level=logging.WARNING):
        LOGGER.info("nothing")
        LOGGER.error("something")
    assert [line["message"] for line in lines(tmp_path)] == ["something"]


def test_nothing_that_is_said_can_add_a_line_or_a_command_to_a_terminal(tmp_path: Path) -> None:
    hostile = 'a\nb\r\x0b\x0c\x1b[2J\x85\u2028\u2029\x9b31m\u202egpj"}{"level": "X"'
    with start_logging(tmp_path, "watch"):
        LOGGER.info(hostile, extra={"entry": hostile, hostile: 1})
    (path,) = tmp_path.iterdir()
    raw = path.read_bytes()
    assert raw.count(b"\n") == 1
    assert not any(c in raw.decode() for c in "\r\x0b\x0c\x1b\x85\u2028\u2029\x9b\u202e")
    (line,) = lines(tmp_path)
    assert (line["message"], line["entry"], line[hostile]) == (hostile, hostile, 1)


def test_text_is_composed_and_names_that_are_not_utf8_are_spelled_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What pytest captures goes into its reports, which cannot carry names that are not UTF-8.
    monkeypatch.setattr(logging.getLogger("xlscore"), "propagate", False)
    with start_logging(tmp_path, "watch"):
        LOGGER.info("%s", os.fsdecode("Tổng".encode()) + "\udcff.xlsx", extra={"key": b"SNV\xff"})
        LOGGER.info("o\u0302\u0309ng \ud800")
    first, second = lines(tmp_path)
    assert first["message"] == "Tổng\\xff.xlsx"
    assert first["key"] == "SNV\\xff"
    assert second["message"] == "ổng \\ud800"


def test_an_error_brings_its_traceback_within_its_line(tmp_path: Path) -> None:
    with start_logging(tmp_path, "watch"):
        try:
            int("bad\nname")
        except ValueError:
            LOGGER.exception("failed")
    (line,) = lines(tmp_path)
    assert "Traceback" in line["exception"]
    assert "ValueError" in line["exception"]


class Mute:
    """An object that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError


def test_values_that_json_cannot_hold_become_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pytest's own handler at the root lets a message whose arguments do not fit fail the test.
    monkeypatch.setattr(logging.getLogger("xlscore"), "propagate", False)
    loop: list[object] = []
    loop.append(loop)
    said = {
        "nan": float("nan"),
        "many": {1: (b"a", None, 1.5)},
        "mute": Mute(),
        "loop": loop,
        "day": DAY,
        "at": 1,
    }
    with start_logging(tmp_path, "watch"):
        LOGGER.info("all", extra=said)
        LOGGER.info("%d", "no number")
    first, second = lines(tmp_path)
    assert (first["nan"], first["many"], first["mute"]) == (
        "nan",
        {"1": ["a", None, 1.5]},
        "<Mute>",
    )
    assert first["at"].endswith("Z")
    assert first["day"] == "2026-11-21T23:59:00+00:00"
    assert second["message"] == "%d ('no number',)"


def test_a_new_day_opens_a_new_file(tmp_path: Path) -> None:
    now = DAY
    with start_logging(tmp_path, "watch", clock=lambda: now):
        LOGGER.info("before midnight")
        now = datetime(2026, 11, 22, 0, 1, tzinfo=UTC)
        LOGGER.info("after midnight")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"watch-{day}-{os.getpid()}.jsonl" for day in ("20261121", "20261122")]


def test_starting_twice_writes_each_line_once(tmp_path: Path) -> None:
    first = start_logging(tmp_path, "watch")
    second = start_logging(tmp_path, "watch")
    LOGGER.info("once")
    first.close()
    second.close()
    LOGGER.info("closed")
    assert [line["message"] for line in lines(tmp_path)] == ["once"]


def test_two_programs_of_one_process_write_two_files(tmp_path: Path) -> None:
    with start_logging(tmp_path, "watch"), start_logging(tmp_path, "mail"):
        LOGGER.info("both")
    assert sorted(path.name.split("-")[0] for path in tmp_path.iterdir()) == ["mail", "watch"]


def test_a_closed_log_can_be_started_again(tmp_path: Path) -> None:
    for message in ("one", "two"):
        with start_logging(tmp_path, "watch"):
            LOGGER.info(message)
    assert [line["message"] for line in lines(tmp_path)] == ["one", "two"]


def test_lines_of_many_threads_stay_whole(tmp_path: Path) -> None:
    with start_logging(tmp_path, "watch"), ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: LOGGER.info("x" * n), range(400)))
    assert sorted(len(line["message"]) for line in lines(tmp_path)) == list(range(400))


def test_two_processes_write_two_files(tmp_path: Path) -> None:
    code = (
        "import logging, sys, pathlib, xlscore.logs as logs\n"
        "with logs.start_logging(pathlib.Path(sys.argv[1]), 'watch'):\n"
        "    logging.getLogger('xlscore').info('xin chào')\n"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=ROOT)
    assert len(list(tmp_path.iterdir())) == 2
    assert [line["message"] for line in lines(tmp_path)] == ["xin chào"] * 2


@pytest.mark.parametrize("program", ["", "../x", "Watch", "a-b", "x" * 32])
def test_a_program_whose_name_is_no_beginning_of_a_file_name_is_refused(
    tmp_path: Path, program: str
) -> None:
    with pytest.raises(ValueError, match=r".*"):
        start_logging(tmp_path, program)


# --- old files ------------------------------------------------------------------------------------


def test_only_this_programs_old_files_are_removed(tmp_path: Path) -> None:
    old = ["watch-20260822-1.jsonl", "watch-20200101-77.jsonl"]
    kept = [
        "watch-20260823-1.jsonl",
        "watch-20261121-1.jsonl",
        "watch-20991231-1.jsonl",
        "watch-20269999-1.jsonl",
        "watch-20200101-1.jsonl.bak",
        "watch-20200101.jsonl",
        "collect-20200101-1.jsonl",
        "SNV.xlsx",
    ]
    for name in (*old, *kept):
        (tmp_path / name).touch()
    (tmp_path / "watch-20200101-2.jsonl").mkdir()
    prune(tmp_path, "watch", date(2026, 11, 21), keep_days=90)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*kept, "watch-20200101-2.jsonl"])


def test_old_files_are_removed_when_a_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "watch-20200101-1.jsonl").touch()
    with start_logging(tmp_path, "watch", clock=lambda: DAY):
        LOGGER.info("x")
    assert [p.name for p in tmp_path.iterdir()] == [f"watch-20261121-{os.getpid()}.jsonl"]


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    prune(tmp_path / "away", "watch", date(2026, 11, 21))
    assert list(tmp_path.iterdir()) == []


# --- what goes wrong ------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written_to_is_said_once_and_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("in the way", encoding="utf-8")
    with start_logging(tmp_path / "logs", "watch"):
        LOGGER.info("lost")
        LOGGER.info("lost too")
        (tmp_path / "logs").unlink()
        LOGGER.info("kept")
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert str(tmp_path / "logs") in said
    assert [line["message"] for line in lines(tmp_path / "logs")] == ["kept"]


def test_a_program_without_a_console_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logs").write_text("in the way", encoding="utf-8")
    monkeypatch.setattr(sys, "stderr", None)
    with start_logging(tmp_path / "logs", "watch"):
        LOGGER.info("lost")
    assert (tmp_path / "logs").is_file()


def test_a_line_that_a_full_disk_cuts_short_does_not_swallow_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write, room = os.write, [10]

    def filling(descriptor: int, data: memoryview) -> int:
        if not room:
            return write(descriptor, data)
        if room[0] == 0:
            raise OSError(28, "No space left on device")
        fits, room[0] = room[0], 0
        return write(descriptor, data[:fits])

    with start_logging(tmp_path, "watch"):
        monkeypatch.setattr(os, "write", filling)
        LOGGER.info("cut short")
        room.clear()
        LOGGER.info("whole")
    (path,) = tmp_path.iterdir()
    torn, whole = path.read_text(encoding="utf-8").splitlines()
    assert len(torn) == 10
    assert json.loads(whole)["message"] == "whole"
    assert "đĩa đã đầy" in capsys.readouterr().err


def test_a_record_that_cannot_be_formatted_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_formatter: object, _record: object) -> str:
        raise ValueError

    with start_logging(tmp_path, "watch"):
        with monkeypatch.context() as patched:
            patched.setattr(logs._JsonLines, "format", broken)
            LOGGER.info("lost")
        LOGGER.info("kept")
    assert [line["message"] for line in lines(tmp_path)] == ["kept"]
    assert "Logging error" in capsys.readouterr().err
