"""The inbox's mark file: the inbox is really there, and one ledger takes it in."""

from __future__ import annotations

import json
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from xlscore import durable, inbox
from xlscore.sentinel import (
    NAME,
    Former,
    Holder,
    Sentinel,
    SentinelChangedError,
    SentinelDamagedError,
    SentinelError,
    State,
    create_sentinel,
    files,
    hand_over,
    read_sentinel,
    this_host,
    this_user,
    watch_over,
)

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=timezone(timedelta(hours=7)))
OURS = Holder("ledger-a", "MAY-01", "Nguyễn Văn An")
THEIRS = Holder("ledger-b", "MAY-02", "Bình")
posix = pytest.mark.skipif(os.name == "nt", reason="such entries do not exist on Windows")


def quick(_seconds: float) -> None:
    return


def created(folder: Path, holder: Holder = OURS, campaign: str = "vl-2026") -> Sentinel:
    return create_sentinel(folder, campaign=campaign, holder=holder, now=NOW, sleep=quick)


def judged(found: Sentinel | None, inbox_id: str | None = None, **other: str) -> State:
    ours = {"campaign": "vl-2026", "ledger": "ledger-a", "host": "MAY-01"} | other
    return watch_over(found, inbox_id=inbox_id, **ours).state


# --- creating and reading -------------------------------------------------------------------------


def test_what_is_created_is_read_back(tmp_path: Path) -> None:
    made = created(tmp_path)
    assert made.epoch == 1
    assert made.since == datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
    assert read_sentinel(tmp_path) == made
    assert sorted(p.name for p in tmp_path.iterdir()) == [NAME]


def test_a_person_who_opens_the_file_is_asked_in_vietnamese_not_to_delete_it(
    tmp_path: Path,
) -> None:
    created(tmp_path)
    text = (tmp_path / NAME).read_text(encoding="utf-8")
    assert "đừng xóa" in next(iter(json.loads(text)))
    assert len(text.splitlines()) > 8
    assert "Nguyễn Văn An" in text


def test_two_inboxes_never_share_an_id(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert created(tmp_path / "a").inbox != created(tmp_path / "b").inbox


def test_the_scan_of_the_inbox_passes_the_mark_and_its_temporary_over(tmp_path: Path) -> None:
    created(tmp_path)
    (tmp_path / f".{NAME.lstrip('.')}-0011aabb.tmp").touch()
    assert inbox.scan(tmp_path).entries == []


def test_an_existing_mark_wins_over_the_one_to_be_created(tmp_path: Path) -> None:
    first = created(tmp_path)
    assert created(tmp_path, THEIRS, "other-2026") == first


def test_no_mark_and_no_inbox_are_nothing_found(tmp_path: Path) -> None:
    assert read_sentinel(tmp_path) is None
    assert read_sentinel(tmp_path / "away") is None


def test_an_inbox_that_is_not_there_cannot_be_marked(tmp_path: Path) -> None:
    with pytest.raises(SentinelError) as raised:
        created(tmp_path / "away")
    assert raised.value.words == ("không có tệp này", "there is no such file")


def _racer(folder: str, number: int, start: Any, found: Any) -> None:
    start.wait()
    holder = Holder(f"ledger-{number}", f"MAY-{number}", "An")
    found.put(
        create_sentinel(Path(folder), campaign="vl-2026", holder=holder, now=NOW).holder.ledger
    )


def test_of_processes_that_mark_an_inbox_at_once_one_wins_and_all_agree(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, found = context.Event(), context.Queue()
    racers = [
        context.Process(target=_racer, args=(str(tmp_path), number, start, found))
        for number in range(3)
    ]
    for racer in racers:
        racer.start()
    start.set()
    winners = {found.get(timeout=300) for _ in racers}
    for racer in racers:
        racer.join()
    mark = read_sentinel(tmp_path)
    assert mark is not None
    assert winners == {mark.holder.ledger}


def test_of_many_threads_that_mark_inboxes_at_once_all_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(50):
            folder = tmp_path / str(number)
            folder.mkdir()
            holders = [Holder(f"ledger-{n}", "MAY", "An") for n in range(8)]
            marks = pool.map(
                lambda h, f=folder: create_sentinel(f, campaign="c", holder=h, now=NOW), holders
            )
            assert len(set(marks)) == 1


def test_a_mark_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    made = created(tmp_path)
    whole = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(b"")
    waited: list[float] = []

    def finish(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            (tmp_path / NAME).write_bytes(whole)

    assert read_sentinel(tmp_path, finish) == made
    assert len(waited) == 3


@pytest.mark.parametrize("refusals", [2, 99])
def test_a_mark_that_is_being_replaced_is_read_a_moment_later_or_said_to_be_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    made, tries, read = created(tmp_path), list[int](), files._bytes

    def refused(path: Path) -> bytes:
        tries.append(1)
        if len(tries) <= refusals:
            raise PermissionError(13, "in use")
        return read(path)

    monkeypatch.setattr(files, "_bytes", refused)
    if refusals == 2:
        assert read_sentinel(tmp_path, quick) == made
        return
    with pytest.raises(SentinelError) as raised:
        read_sentinel(tmp_path, quick)
    assert str(raised.value) == "no permission, or the file is open"
    assert len(tries) == len(durable.PAUSES) + 1


def test_a_disk_that_is_full_leaves_no_half_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_synced", full)
    with pytest.raises(SentinelError) as raised:
        created(tmp_path)
    assert raised.value.words[1] == "the disk is full"
    assert list(tmp_path.iterdir()) == []


def test_names_of_the_system_that_would_break_a_terminal_are_made_readable(tmp_path: Path) -> None:
    made = created(tmp_path, Holder("ledger-a", "M\x1b[2J\n" + "x" * 300, "\udcff"))
    assert made.holder.host.startswith("M?[2J?x")
    assert made.holder.user == "?"
    assert read_sentinel(tmp_path) == made


def test_this_computer_and_its_user_have_names_even_where_the_system_knows_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert this_host()
    assert this_user()

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert this_user() == "?"


# --- hostile content ------------------------------------------------------------------------------


def valid() -> dict[str, Any]:
    return {
        "campaign": "vl-2026",
        "inbox": "0011",
        "epoch": 1,
        "ledger": "ledger-a",
        "host": "MAY-01",
        "user": "An",
        "since": "2026-11-21T01:00:00+00:00",
        "previous": None,
    }


@pytest.mark.parametrize(
    ("content", "english"),
    [
        (b"", "its content is wrong"),
        (b"not json", "its content is wrong"),
        (b"null", "its content is wrong"),
        (b"[]", "its content is wrong"),
        (b"[" * 60_000, "its content is wrong"),
        (b'{"epoch": ' + b"9" * 6000 + b"}", "its content is wrong"),
        (b'{"campaign": "\xff"}', "not UTF-8"),
        ("{}".encode("utf-16"), "not UTF-8"),
        (b" " * 65_537, "too large"),
        (b"x" * 5_000_000, "too large"),
    ],
    ids=["empty", "text", "null", "list", "deep", "digits", "bytes", "utf-16", "spaces", "huge"],
)
def test_a_damaged_mark_is_said_to_be_so_and_never_replaced(
    tmp_path: Path, content: bytes, english: str
) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(SentinelDamagedError) as raised:
        read_sentinel(tmp_path, quick)
    assert raised.value.words[1] == f"{NAME} is damaged: {english}"
    with pytest.raises(SentinelDamagedError):
        created(tmp_path)
    assert (tmp_path / NAME).read_bytes() == content


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("campaign", 7),
        ("campaign", ""),
        ("campaign", "x" * 201),
        ("host", "MAY\n01"),
        ("host", "\x1b[2J"),
        ("user", "\u202egpj"),
        ("user", "\ud800"),
        ("inbox", None),
        ("epoch", "1"),
        ("epoch", True),
        ("epoch", 0),
        ("epoch", 1.0),
        ("epoch", 2**60),
        ("since", "yesterday"),
        ("since", "2026-11-21T01:00:00"),
        ("since", "0001-01-01T00:00:00+23:00"),
        ("previous", {}),
        ("previous", []),
        ("previous", "MAY-02"),
        ("previous", {"ledger": "b", "host": "M", "user": "B", "until": 1}),
    ],
)
def test_a_value_of_the_wrong_kind_makes_it_damaged(
    tmp_path: Path, key: str, value: object
) -> None:
    (tmp_path / NAME).write_text(json.dumps(valid() | {key: value}), encoding="utf-8")
    with pytest.raises(SentinelDamagedError):
        read_sentinel(tmp_path, quick)


@pytest.mark.parametrize("key", list(valid()))
def test_a_missing_value_makes_it_damaged(tmp_path: Path, key: str) -> None:
    said = {name: value for name, value in valid().items() if name != key}
    (tmp_path / NAME).write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(SentinelDamagedError):
        read_sentinel(tmp_path, quick)


def test_a_byte_order_mark_and_values_of_a_later_version_do_no_harm(tmp_path: Path) -> None:
    text = json.dumps(valid() | {"more": [1]})
    (tmp_path / NAME).write_text(text, encoding="utf-8-sig")
    found = read_sentinel(tmp_path)
    assert found is not None
    assert found.holder == Holder("ledger-a", "MAY-01", "An")


@posix
def test_a_link_or_a_pipe_in_its_place_is_not_followed_nor_waited_for(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    created(tmp_path / "real")
    (tmp_path / NAME).symlink_to(tmp_path / "real" / NAME)
    with pytest.raises(SentinelError):
        read_sentinel(tmp_path, quick)
    (tmp_path / NAME).unlink()
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(SentinelDamagedError) as raised:
        read_sentinel(tmp_path, quick)
    assert raised.value.words[1] == f"{NAME} is damaged: no regular file"


def test_a_folder_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(SentinelError):
        read_sentinel(tmp_path, quick)


def test_a_share_that_is_away_is_unreadable_and_not_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_path: Path) -> bytes:
        raise OSError(107, "Transport endpoint is not connected")

    monkeypatch.setattr(files, "_bytes", away)
    with pytest.raises(SentinelError) as raised:
        read_sentinel(tmp_path, quick)
    assert type(raised.value) is SentinelError
    assert "mã lỗi 107" in raised.value.words[0]
    assert "not connected" in raised.value.words[1]


# --- handing over ---------------------------------------------------------------------------------


def test_a_new_holder_raises_the_epoch_and_remembers_the_former(tmp_path: Path) -> None:
    first = created(tmp_path)
    later = NOW + timedelta(days=3)
    second = hand_over(tmp_path, first, THEIRS, later)
    assert (second.campaign, second.inbox, second.epoch) == (first.campaign, first.inbox, 2)
    assert (second.holder, second.since) == (THEIRS, later)
    assert second.previous == Former(OURS, later)
    assert read_sentinel(tmp_path) == second
    assert [p.name for p in tmp_path.iterdir()] == [NAME]


def test_a_hand_over_from_what_is_no_longer_there_is_refused(tmp_path: Path) -> None:
    first = created(tmp_path)
    second = hand_over(tmp_path, first, THEIRS, NOW)
    with pytest.raises(SentinelChangedError):
        hand_over(tmp_path, first, OURS, NOW)
    assert read_sentinel(tmp_path) == second
    (tmp_path / NAME).unlink()
    with pytest.raises(SentinelChangedError):
        hand_over(tmp_path, second, OURS, NOW)


def test_a_hand_over_that_another_overtakes_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = created(tmp_path)
    write = durable.write_whole

    def overtaken(path: Path, data: bytes, sleep: Any) -> None:
        write(path, data, sleep)
        write(path, data.replace(b"MAY-02", b"MAY-03"), sleep)

    monkeypatch.setattr(files, "write_whole", overtaken)
    with pytest.raises(SentinelChangedError):
        hand_over(tmp_path, first, THEIRS, NOW)


def failing(monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """Let `Path.replace` fail as on Windows while somebody reads the target."""
    tries: list[int] = []
    replace = Path.replace

    def refused(self: Path, target: Path) -> Path:
        tries.append(1)
        if len(tries) <= times:
            raise PermissionError(13, "in use")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    return tries


def test_a_mark_that_somebody_reads_just_now_is_replaced_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = created(tmp_path)
    tries = failing(monkeypatch, 3)
    assert hand_over(tmp_path, first, THEIRS, NOW, quick).epoch == 2
    assert len(tries) == 4


def test_a_mark_that_stays_open_elsewhere_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = created(tmp_path)
    tries = failing(monkeypatch, 99)
    with pytest.raises(SentinelError):
        hand_over(tmp_path, first, THEIRS, NOW, quick)
    assert len(tries) == len(durable.PAUSES) + 1
    assert read_sentinel(tmp_path) == first
    assert [p.name for p in tmp_path.iterdir()] == [NAME]


def test_a_reader_never_sees_half_a_mark_while_it_is_handed_over(tmp_path: Path) -> None:
    mark = created(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(lambda: [read_sentinel(tmp_path) for _ in range(300)])
        for number in range(30):
            mark = hand_over(tmp_path, mark, OURS if number % 2 else THEIRS, NOW)
        assert None not in reading.result()
    assert mark.epoch == 31


@posix
@pytest.mark.parametrize("number", [22, 95])
def test_a_share_that_cannot_sync_folders_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def unable(_descriptor: int) -> None:
        raise OSError(number, "not here")

    monkeypatch.setattr(os, "fsync", unable)
    durable.sync_folder(tmp_path)


@posix
def test_a_disk_that_fails_while_a_folder_is_synced_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        durable.sync_folder(tmp_path)
    with pytest.raises(SentinelError):
        created(tmp_path)


# --- judging --------------------------------------------------------------------------------------


def test_an_inbox_without_a_mark_is_new_or_away(tmp_path: Path) -> None:
    assert judged(None) is State.FIRST_USE
    assert judged(None, "0011") is State.UNAVAILABLE


def test_our_own_inbox_is_available_also_before_the_ledger_remembers_it(tmp_path: Path) -> None:
    mark = created(tmp_path)
    assert judged(mark, mark.inbox) is State.AVAILABLE
    assert judged(mark) is State.AVAILABLE
    assert judged(mark, mark.inbox, host="may-01") is State.AVAILABLE


def test_another_inbox_than_the_one_used_so_far_is_unavailable(tmp_path: Path) -> None:
    assert judged(created(tmp_path), "0000") is State.UNAVAILABLE


def test_the_inbox_of_another_campaign_is_told_apart_and_named(tmp_path: Path) -> None:
    mark = created(tmp_path, campaign="tv-2026")
    assert judged(mark, mark.inbox) is State.OTHER_CAMPAIGN
    verdict = watch_over(mark, campaign="vl-2026", inbox_id=None, ledger="ledger-a", host="MAY-01")
    assert all("tv-2026" in words for words in verdict.words)


def test_an_inbox_that_another_host_takes_in_names_it(tmp_path: Path) -> None:
    mark = created(tmp_path, THEIRS)
    verdict = watch_over(
        mark, campaign="vl-2026", inbox_id=mark.inbox, ledger="ledger-a", host="MAY-01"
    )
    assert verdict.state is State.OTHER_HOST
    assert all("MAY-02" in words and "Bình" in words for words in verdict.words)


def test_a_ledger_copied_to_another_computer_is_another_holder(tmp_path: Path) -> None:
    mark = created(tmp_path)
    assert judged(mark, mark.inbox, host="MAY-09") is State.OTHER_HOST


def test_another_ledger_on_the_same_computer_is_another_holder(tmp_path: Path) -> None:
    mark = created(tmp_path)
    verdict = watch_over(
        mark, campaign="vl-2026", inbox_id=mark.inbox, ledger="ledger-z", host="MAY-01"
    )
    assert verdict.state is State.OTHER_HOST
    assert "this very computer" in verdict.words[1]
