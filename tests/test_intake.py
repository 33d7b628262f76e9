"""Intake: every file becomes exactly one recorded outcome, whatever happens on the way."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from tests.campaigns import make_campaign
from xlscore import archive, inbox, intake
from xlscore.archive import archive_copy, blob_path
from xlscore.findings import Status
from xlscore.intake import Collected, collect
from xlscore.layout import Slot
from xlscore.ledger import Ledger, Recorded, open_ledger
from xlscore.workbooks.returns import Return, read_return
from xlscore.workspace import KeysError, WorkspaceError, open_workspace

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 12, 1, tzinfo=UTC)
posix = pytest.mark.skipif(os.name == "nt", reason="such entries do not exist on Windows")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A campaign with issued forms, and returns of it: made once, copied for each test."""
    made = make_campaign(tmp_path_factory.mktemp("made") / "campaign")
    (made.root / "inbox").mkdir()
    returns = {
        "first": made.filled(),
        "second": made.filled({("n1.1", "points"): Decimal("0.5")}),
        "draft": made.filled({("", Slot.SUBMIT): None}),
        "wrong": made.filled({("n1.1", "points"): Decimal(9)}),
        "unproven": made.filled({("n1.1", Slot.EVIDENCE): None}),
        "other": made.filled(unit="STC"),
    }
    return made.root, returns


class Office:
    """One campaign folder, and its inbox."""

    def __init__(self, root: Path, returns: dict[str, bytes]) -> None:
        self.root, self.returns = root, returns
        self.workspace = open_workspace(root)
        self.inbox = self.workspace.inbox

    def put(self, name: str | bytes, content: str | bytes = "first") -> Path:
        path = self.inbox / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = self.returns[content] if isinstance(content, str) else content
        path.write_bytes(data)
        # Later than what stood there, whatever the clock of the disk.
        stamp = time.time_ns() + next(_ticks)
        os.utime(path, ns=(stamp, stamp))
        return path

    def collect(self, **how: Any) -> Collected:
        return collect(self.workspace, **({"settle": 0} | how))

    def recorded(self) -> list[Recorded]:
        with open_ledger(self.workspace.ledger_path) as ledger:
            assert ledger.chain_is_sound()
            return ledger.submissions()

    def told(self) -> list[tuple[str, str, int]]:
        return [(r.file, r.status.value, r.version) for r in self.recorded()]

    def generations(self) -> dict[bytes, int]:
        with open_ledger(self.workspace.ledger_path) as ledger:
            return {entry: s.generation for entry, s in ledger.sightings().items()}

    def blobs(self) -> set[str]:
        return {p.stem for p in self.workspace.archive.glob("??/*.bin")}


def _ticking() -> Iterator[int]:
    tick = 0
    while True:
        tick += 1_000_000
        yield tick


_ticks = _ticking()


@pytest.fixture
def office(prepared: tuple[Path, dict[str, bytes]], tmp_path: Path) -> Office:
    root, returns = prepared
    shutil.copytree(root, tmp_path / "campaign")
    return Office(tmp_path / "campaign", returns)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def names(found: Collected) -> list[str]:
    return [f.name for f in found.waiting]


# --- one file, one outcome ---------------------------------------------------------------------------


def test_a_return_is_archived_checked_and_recorded(office: Office) -> None:
    path = office.put("STP.xlsx")
    result = office.collect(now=lambda: NOW)
    (kept,) = office.recorded()
    assert (kept.file, kept.status, kept.unit, kept.version) == ("STP.xlsx", Status.VALID, "STP", 1)
    assert kept.received == NOW
    assert kept.sha256 == sha(path.read_bytes())
    blob = blob_path(office.workspace.archive, kept.sha256)
    assert blob.read_bytes() == path.read_bytes()
    assert result.recorded == [kept]
    assert not result.needs_attention


def test_the_steps_come_in_the_order_that_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def spy(owner: Any, name: str, said: str) -> None:
        real: Callable[..., Any] = getattr(owner, name)

        def called(*args: Any, **kwargs: Any) -> Any:
            steps.append(said)
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, called)

    spy(intake, "scan", "scan")
    spy(intake, "settled", "settle")
    spy(archive, "_copy", "copy")
    spy(os, "fsync", "fsync")
    spy(Path, "replace", "name")
    spy(intake, "read_return", "check")
    spy(Ledger, "record", "record")
    office.put("STP.xlsx")
    office.collect()
    assert steps == ["scan", "settle", "copy", "fsync", "fsync", "name", "fsync", "check", "record"]


def test_the_archived_copy_is_what_is_checked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []

    def spying(path: Path, *args: Any, **how: Any) -> Return:
        seen.append(path)
        return read_return(path, *args, **how)

    monkeypatch.setattr(intake, "read_return", spying)
    office.put("STP.xlsx")
    office.collect()
    assert seen == [blob_path(office.workspace.archive, sha(office.returns["first"]))]


def test_collecting_again_changes_nothing(office: Office) -> None:
    office.put("STP.xlsx")
    office.put("x.txt", b"hello")
    office.collect()
    before = office.workspace.ledger_path.read_bytes()
    again = office.collect()
    assert (again.recorded, again.waiting, again.unchanged) == ([], [], 2)
    assert office.workspace.ledger_path.read_bytes() == before


def test_a_changed_file_is_a_new_version_and_an_old_content_that_returns_too(
    office: Office,
) -> None:
    for content in ("first", "second", "first"):
        office.put("STP.xlsx", content)
        office.collect()
    assert office.told() == [("STP.xlsx", "valid", n) for n in (1, 2, 3)]
    assert office.generations() == {b"STP.xlsx": 3}
    assert len(office.blobs()) == 2


def test_a_touched_file_is_no_new_version_and_is_read_only_once_more(office: Office) -> None:
    path = office.put("STP.xlsx")
    office.collect()
    os.utime(path, ns=(1, 1))
    assert office.collect().unchanged == 1
    assert len(office.told()) == 1
    with open_ledger(office.workspace.ledger_path) as ledger:
        assert ledger.sightings()[b"STP.xlsx"].mtime_ns == 1


def test_a_copy_under_another_name_is_seen_but_no_new_version(office: Office) -> None:
    office.put("STP.xlsx")
    office.collect()
    office.put("STP (1).xlsx")
    assert office.collect().unchanged == 2
    assert office.told() == [("STP.xlsx", "valid", 1)]
    assert set(office.generations()) == {b"STP.xlsx", b"STP (1).xlsx"}


def test_two_copies_that_arrive_together_are_one_version(office: Office) -> None:
    office.put("STP.xlsx")
    office.put("Ban sao.xlsx")
    result = office.collect()
    assert (len(result.recorded), result.unchanged) == (1, 1)
    assert set(office.generations()) == {b"STP.xlsx", b"Ban sao.xlsx"}


def test_a_file_that_vanishes_is_no_withdrawal_and_its_return_no_new_version(
    office: Office,
) -> None:
    path = office.put("STP.xlsx")
    office.collect()
    path.unlink()
    assert office.collect().recorded == []
    office.put("STP.xlsx")
    assert office.collect().recorded == []
    assert office.told() == [("STP.xlsx", "valid", 1)]


def test_drafts_and_refused_returns_are_recorded_and_need_attention(office: Office) -> None:
    office.put("nhap.xlsx", "draft")
    office.put("sai.xlsx", "wrong")
    result = office.collect()
    assert office.told() == [("nhap.xlsx", "draft", 1), ("sai.xlsx", "invalid", 2)]
    assert result.needs_attention
    assert {f.name for f in office.recorded()[1].findings} == {"over-maximum", "return-refused"}


def test_the_arrival_is_the_moment_the_files_were_seen_unchanging(office: Office) -> None:
    clock = iter(NOW + timedelta(minutes=n) for n in range(10))
    office.put("STP.xlsx")
    office.put("STC.xlsx", "other")
    office.collect(now=lambda: next(clock))
    assert [r.received for r in office.recorded()] == [NOW, NOW]


# --- names ------------------------------------------------------------------------------------------


@posix
def test_names_that_differ_only_in_their_unicode_form_are_two_entries(office: Office) -> None:
    office.put("Báo cáo.xlsx", "first")
    office.put("Ba\u0301o ca\u0301o.xlsx", "second")
    office.collect()
    assert [r.file for r in office.recorded()] == ["Báo cáo.xlsx"] * 2
    assert set(office.generations().values()) == {1}
    assert len(office.generations()) == 2


@posix
def test_a_name_that_is_not_utf_8_is_taken_in(office: Office) -> None:
    office.put(b"b\xe1o c\xe1o.xlsx")
    office.collect()
    assert office.told() == [("b�o c�o.xlsx", "valid", 1)]
    assert office.collect().unchanged == 1


def test_a_name_of_200_characters_is_taken_in(office: Office) -> None:
    office.put("x" * 200 + ".xlsx")
    office.collect()
    assert office.told() == [("x" * 200 + ".xlsx", "valid", 1)]


IGNORED = ["~$STP.xlsx", ".~lock.STP.xlsx#", "STP.xlsx.tmp", "a.part", "b.crdownload", "1A2B3C4D",
           ".hidden.xlsx", "desktop.ini", "Thumbs.db", "README.md", "~syncthing~STP.xlsx.tmp"]  # fmt: skip


@pytest.mark.parametrize("name", IGNORED)
def test_what_programs_leave_behind_is_passed_over(office: Office, name: str) -> None:
    office.put(name, b"x")
    assert office.collect() == Collected()


TAKEN = ["STP (1).xlsx", "STP - Copy.xlsx", "STP.sync-conflict-20261201-101010-ABCDEFG.xlsx",
         "STP (conflicted copy 2026-12-01).xlsx", "readme_STP.xlsx", "STP.XLSX"]  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_conflict_copies_are_real_submissions(office: Office, name: str) -> None:
    office.put(name)
    office.collect()
    assert office.told() == [(name, "valid", 1)]


# --- what is no return ------------------------------------------------------------------------------


@posix
def test_links_pipes_and_folders_named_like_workbooks_are_refused_by_name(office: Office) -> None:
    os.mkfifo(office.inbox / "pipe.xlsx")
    (office.inbox / "link.xlsx").symlink_to(office.put("STP.xlsx"))
    (office.inbox / "folder.xlsx").mkdir()
    (office.inbox / "folder.xlsx" / "inside.xlsx").write_bytes(office.returns["other"])
    office.collect()
    found = {r.file: [f.name for f in r.findings] for r in office.recorded()}
    assert found == {
        "STP.xlsx": [],
        "folder.xlsx": ["not-a-regular-file"],
        "link.xlsx": ["symlink"],
        "pipe.xlsx": ["not-a-regular-file"],
    }
    assert office.collect().unchanged == 4
    assert office.blobs() == {sha(office.returns["first"])}


@posix
def test_a_link_that_becomes_a_file_is_archived_before_it_counts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = office.inbox / "STP.xlsx"
    link.symlink_to("nowhere")

    def replaced(*args: Any) -> Any:
        link.unlink()
        office.put("STP.xlsx")
        return inbox.settled(*args)

    monkeypatch.setattr(intake, "settled", replaced)
    assert names(office.collect()) == ["still-being-copied"]
    monkeypatch.undo()
    office.collect()
    assert office.told() == [("STP.xlsx", "valid", 1)]
    assert office.blobs() == {sha(office.returns["first"])}


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FORMATS = {
    "a.csv": (b"STT,Diem\n1,2\n", "csv-or-text"),
    "a.pdf": (b"%PDF-1.7\n", "pdf"),
    "a.xls": (OLE.ljust(512, b"\0") + "Workbook".encode("utf-16-le").ljust(1024, b"\0"), "old-xls"),
    "rong.xlsx": (b"", "empty"),
    "hong.xlsx": (b"PK\x03\x04" + bytes(100), "damaged"),
}  # fmt: skip


def test_wrong_formats_get_an_answer_and_never_silence(office: Office) -> None:
    for name, (content, _) in FORMATS.items():
        office.put(name, content)
    office.collect()
    found = {r.file: (r.status.value, [f.name for f in r.findings]) for r in office.recorded()}
    assert found == {name: ("rejected", [code]) for name, (_, code) in FORMATS.items()}
    assert office.blobs() == {sha(content) for content, _ in FORMATS.values()}


def test_folders_of_units_are_looked_into_and_a_strange_form_in_one_is_refused(
    office: Office,
) -> None:
    office.put("STP/phieu.xlsx", "first")
    office.put("stp/nua.xlsx", "other")
    office.put("linh tinh/STC.xlsx", "second")
    office.put("STP/minh-chung/anh.xlsx", b"evidence")
    office.collect()
    found = {r.file: (r.status.value, [f.name for f in r.findings]) for r in office.recorded()}
    assert found == {
        "STP/phieu.xlsx": ("valid", []),
        "stp/nua.xlsx": ("rejected", ["other-unit"]),
        "linh tinh/STC.xlsx": ("valid", []),
    }


def test_where_every_unit_has_its_folder_no_other_folder_will_do(
    prepared: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    root, returns = prepared
    shutil.copytree(root, tmp_path / "campaign")
    made = make_campaign(tmp_path / "campaign", folders_per_unit="yes")
    office = Office(made.root, returns)
    office.put("linh tinh/STP.xlsx")
    office.collect()
    (kept,) = office.recorded()
    assert [f.name for f in kept.findings] == ["other-unit"]


# --- content that is known already ------------------------------------------------------------------


def outcomes(office: Office) -> list[tuple[str, str, str, int]]:
    return [(r.file, r.status.value, r.unit, r.version) for r in office.recorded()]


def moved(office: Office, old: str, new: str) -> None:
    (office.inbox / new).parent.mkdir(exist_ok=True)
    (office.inbox / old).rename(office.inbox / new)


def test_a_return_moved_to_its_own_folder_is_judged_again(office: Office) -> None:
    office.put("STC/phieu.xlsx")
    office.collect()
    moved(office, "STC/phieu.xlsx", "STP/phieu.xlsx")
    office.collect()
    expected = [("STC/phieu.xlsx", "rejected", "STP", 1), ("STP/phieu.xlsx", "valid", "STP", 2)]
    assert outcomes(office) == expected
    assert office.collect().unchanged == 1
    moved(office, "STP/phieu.xlsx", "STP/lai.xlsx")
    assert office.collect().recorded == []


def test_a_return_in_two_folders_at_once_is_judged_in_each(office: Office) -> None:
    office.put("STC/phieu.xlsx")
    office.put("STP/phieu.xlsx")
    office.collect()
    expected = [("STC/phieu.xlsx", "rejected", "STP", 1), ("STP/phieu.xlsx", "valid", "STP", 2)]
    assert outcomes(office) == expected
    office.put("STC/lai.xlsx")
    assert office.collect().recorded == []


def test_a_copy_in_a_strange_folder_is_refused(office: Office) -> None:
    office.put("STP/phieu.xlsx")
    office.collect()
    office.put("STC/phieu.xlsx")
    (refused,) = office.collect().recorded
    assert [f.name for f in refused.findings] == ["other-unit"]


@pytest.mark.parametrize("content", ["first", "draft", "wrong", b"no workbook"])
def test_a_copy_that_is_judged_as_before_is_no_new_version(
    office: Office, content: str | bytes
) -> None:
    office.put("STP.xlsx", content)
    office.put("lan 2.xlsx", content)
    office.collect()
    office.put("lan 3.xlsx", content)
    office.put("STP/lan 4.xlsx", content)
    assert office.collect().recorded == []
    assert len(office.recorded()) == 1
    assert len(office.generations()) == 4


def test_a_refused_return_sent_again_after_a_waiver_counts(office: Office) -> None:
    office.put("STP.xlsx", "unproven")
    office.collect()
    waivers = [{"unit": "STP", "code": "S025", "reason": "a", "by": "b"}]
    make_campaign(office.root, waivers=waivers)
    mended = Office(office.root, office.returns)
    mended.put("STP lan 2.xlsx", "unproven")
    mended.put("STP lan 3.xlsx", "unproven")
    result = mended.collect()
    assert len(result.recorded) == 1
    assert [r.status for r in mended.recorded()] == [Status.INVALID, Status.VALID]


def test_two_runs_at_once_judge_a_moved_return_again_only_once(office: Office) -> None:
    office.put("STC/phieu.xlsx")
    office.collect()
    moved(office, "STC/phieu.xlsx", "STP/phieu.xlsx")
    code = (
        "from pathlib import Path; import sys; from xlscore.intake import collect;"
        "from xlscore.workspace import open_workspace;"
        "collect(open_workspace(Path(sys.argv[1])), settle=1)"
    )
    command = [sys.executable, "-c", code, str(office.root)]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [run.wait(timeout=60) for run in running] == [0, 0]
    assert [r.status for r in office.recorded()] == [Status.REJECTED, Status.VALID]


# --- folders ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["20230001", "abcdef12", "readme", "x.tmp"])
def test_a_folder_that_is_called_like_a_temporary_file_is_looked_into(
    office: Office, folder: str
) -> None:
    office.put(f"{folder}/STP.xlsx")
    office.collect()
    assert office.told() == [(f"{folder}/STP.xlsx", "valid", 1)]


@pytest.mark.parametrize("folder", [".stversions", "~tam", "Minh chứng", "minh_chung", "MINH-CHUNG",
                                    "Minh chư\u0301ng"])  # fmt: skip
def test_folders_of_programs_and_of_evidence_are_passed_over(office: Office, folder: str) -> None:
    office.put(f"STP/{folder}/STP.xlsx")
    assert office.collect() == Collected()


# --- files that change ------------------------------------------------------------------------------


def test_a_growing_file_is_left_for_later(office: Office) -> None:
    path = office.put("STP.xlsx", office.returns["first"][:1000])
    entries = inbox.scan(office.inbox)

    def grow(seconds: float) -> None:
        assert seconds == 5
        path.write_bytes(office.returns["first"])

    ready, changing = inbox.settled(office.inbox, entries, 5, grow)
    assert (ready, [e.key for e in changing]) == ([], [b"STP.xlsx"])


def test_a_file_that_is_still_growing_is_told_and_taken_by_the_next_run(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx", b"half")

    def growing(_inbox: Path, fresh: list[Any], seconds: float) -> tuple[list[Any], list[Any]]:
        assert seconds == 5
        return [], fresh

    monkeypatch.setattr(intake, "settled", growing)
    result = office.collect(settle=None)  # the campaign's own five seconds
    assert names(result) == ["still-being-copied"]
    assert result.needs_attention
    monkeypatch.undo()
    office.put("STP.xlsx")
    office.collect()
    assert office.told() == [("STP.xlsx", "valid", 1)]


def test_a_file_that_is_gone_before_it_settles_leaves_nothing(office: Office) -> None:
    path = office.put("STP.xlsx")
    entries = inbox.scan(office.inbox)
    ready, changing = inbox.settled(office.inbox, entries, 1, lambda _: path.unlink())
    assert (ready, len(changing)) == ([], 1)


def test_a_file_that_changes_while_it_is_read_is_left_for_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.put("STP.xlsx")
    real = archive._copy

    def meanwhile(source: BinaryIO, target: Path) -> str:
        digest = real(source, target)
        with path.open("ab") as stream:
            stream.write(b"more")
        return digest

    monkeypatch.setattr(archive, "_copy", meanwhile)
    assert names(office.collect()) == ["still-being-copied"]
    assert office.recorded() == []
    assert list(office.workspace.archive.rglob("*.*")) == []


def test_a_file_that_cannot_be_opened_or_read_does_not_stop_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("a.xlsx")
    office.put("b.xlsx", "other")
    office.put("c.xlsx", "draft")
    real = os.open

    def failing(path: Any, *args: Any, **how: Any) -> int:
        if str(path).endswith("a.xlsx"):
            raise PermissionError(errno.EACCES, "held by Excel", str(path))
        if str(path).endswith("c.xlsx"):
            return real(office.inbox, os.O_RDONLY) if os.name != "nt" else real(path, *args, **how)
        return real(path, *args, **how)

    monkeypatch.setattr(os, "open", failing)
    result = office.collect()
    assert {f.file: f.params["what"] for f in result.waiting}["a.xlsx"] == (
        "không có quyền, hoặc tệp đang mở"
    )
    assert set(names(result)) == {"busy"}
    assert ("b.xlsx", "valid", 1) in office.told()
    monkeypatch.undo()
    office.collect()
    assert {r.file for r in office.recorded()} == {"a.xlsx", "b.xlsx", "c.xlsx"}


def test_a_folder_that_cannot_be_listed_does_not_stop_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("kin/STP.xlsx")
    office.put("STC.xlsx", "other")
    real = os.scandir

    def failing(path: Any) -> Any:
        if str(path).endswith("kin"):
            raise PermissionError(errno.EACCES, "forbidden", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", failing)
    keys = [entry.key for entry in inbox.scan(office.inbox)]
    assert keys == [b"STC.xlsx", b"kin"]


# --- the office's own disk and keys -----------------------------------------------------------------


def test_a_full_archive_stops_the_run_and_nothing_is_concluded(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        office.collect()
    monkeypatch.undo()
    assert office.recorded() == []
    assert list(office.workspace.archive.rglob("*.*")) == []
    office.collect()
    assert office.told() == [("STP.xlsx", "valid", 1)]


def test_an_archive_that_may_not_be_written_to_stops_the_run(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx")

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "archive")

    monkeypatch.setattr(Path, "replace", forbidden)
    with pytest.raises(PermissionError):
        office.collect()
    assert office.recorded() == []


def test_an_inbox_that_is_away_stops_the_run(office: Office) -> None:
    office.inbox.rmdir()
    with pytest.raises(FileNotFoundError):
        office.collect()


@pytest.mark.parametrize(
    "damage", ["missing", "no json", "[]", '{"keys": {}}', '{"keys": {"a": "x"}}']
)
def test_without_its_keys_the_office_refuses_nobodys_return(office: Office, damage: str) -> None:
    office.put("STP.xlsx")
    keys = office.workspace.data / "keys.json"
    good = keys.read_bytes()
    if damage == "missing":
        keys.unlink()
    else:
        keys.write_text(damage, encoding="utf-8")
    fresh = Office(office.root, office.returns)
    with pytest.raises(KeysError, match=r"keys\.json"):
        fresh.collect()
    assert fresh.recorded() == []
    keys.write_bytes(good)
    again = Office(office.root, office.returns)
    again.collect()
    assert again.told() == [("STP.xlsx", "valid", 1)]


def test_keys_are_written_without_a_system_turning_its_line_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = 0x8000  # of Windows; harmless elsewhere
    flags: list[int] = []
    modes: list[str] = []
    real_open, real_fdopen = os.open, os.fdopen

    def opening(path: Any, given: int, *more: Any) -> int:
        flags.append(given)
        return real_open(path, given, *more)

    def wrapping(descriptor: int, mode: str, **how: Any) -> Any:
        modes.append(mode)
        return real_fdopen(descriptor, mode, **how)

    monkeypatch.setattr(os, "O_BINARY", binary, raising=False)
    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(os, "fdopen", wrapping)
    keys = make_campaign(tmp_path).workspace.keys
    assert all(given & binary for given in flags)
    assert modes == ["wb"]
    assert open_workspace(tmp_path).keys == keys


def test_copies_that_killed_runs_left_behind_are_swept_away_in_time(office: Office) -> None:
    office.workspace.archive.mkdir(parents=True)
    old, new = (office.workspace.archive / f"incoming-{n}.tmp" for n in (1, 2))
    for left in (old, new):
        left.write_bytes(b"half")
    os.utime(old, (1, 1))
    office.put("STP.xlsx")
    office.collect()
    assert (old.exists(), new.exists()) == (False, True)


# --- killed -----------------------------------------------------------------------------------------

KILLED = """
    import os, sys
    from pathlib import Path
    from xlscore import archive, intake
    from xlscore.ledger import Ledger
    from xlscore.workspace import open_workspace

    step, number = sys.argv[2], int(sys.argv[3])
    owner, name = {
        "scan": (intake, "scan"), "settle": (intake, "settled"), "open": (archive, "_opened"),
        "copy": (archive, "_copy"), "name": (archive, "_filed"), "folder": (archive, "_sync_folder"),
        "known": (intake, "noted"), "check": (intake, "read_return"), "record": (Ledger, "record"),
        "sight": (Ledger, "_sight"), "event": (Ledger, "_event"),
    }[step]
    real, calls = getattr(owner, name), [0]

    def dying(*args, **how):
        calls[0] += 1
        if calls[0] == number and sys.argv[4] == "before":
            os._exit(9)
        done = real(*args, **how)
        if calls[0] == number:
            os._exit(9)
        return done

    setattr(owner, name, dying)
    intake.collect(open_workspace(Path(sys.argv[1])), settle=0)
"""
STEPS = [
    "scan",
    "settle",
    "open",
    "copy",
    "name",
    "folder",
    "known",
    "check",
    "record",
    "sight",
    "event",
]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("earlier", [False, True], ids=["first", "resubmission"])
def test_killed_at_any_step_the_next_run_records_exactly_one(
    office: Office, step: str, moment: str, earlier: bool
) -> None:
    if earlier:
        office.put("STP.xlsx", "second")
        office.collect()
    office.put("STP.xlsx", "first")
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(office.root), step, "1", moment]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == 9
    office.collect()
    office.collect()
    expected = ["second", "first"] if earlier else ["first"]
    assert [r.sha256 for r in office.recorded()] == [sha(office.returns[c]) for c in expected]
    assert office.blobs() == {sha(office.returns[c]) for c in expected}
    assert office.generations() == {b"STP.xlsx": len(expected)}


@posix
def test_killed_with_sigkill_nothing_is_lost_or_counted_twice(office: Office) -> None:
    for number in range(40):
        office.put(f"{number}.txt", f"file {number}".encode())
    office.put("STP.xlsx")
    code = (
        "from pathlib import Path; import sys; from xlscore.intake import collect;"
        "from xlscore.workspace import open_workspace;"
        "collect(open_workspace(Path(sys.argv[1])), settle=0)"
    )
    for delay in (0.3, 0.35, 0.4, 0.5):
        running = subprocess.Popen([sys.executable, "-c", code, str(office.root)], cwd=ROOT)
        time.sleep(delay)
        running.send_signal(signal.SIGKILL)
        running.wait()
    office.collect()
    assert sorted(r.file for r in office.recorded()) == sorted(
        p.name for p in office.inbox.iterdir()
    )


def test_two_runs_at_once_record_every_file_once(office: Office) -> None:
    for number in range(30):
        office.put(f"{number}.txt", f"file {number}".encode())
    office.put("STP.xlsx")
    office.put("STC.xlsx", "other")
    code = (
        "from pathlib import Path; import sys; from xlscore.intake import collect;"
        "from xlscore.workspace import open_workspace;"
        "collect(open_workspace(Path(sys.argv[1])), settle=1)"
    )
    command = [sys.executable, "-c", code, str(office.root)]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [run.wait(timeout=60) for run in running] == [0, 0, 0]
    recorded = office.recorded()
    assert len(recorded) == 32
    assert {r.file for r in recorded} == {p.name for p in office.inbox.iterdir()}
    assert set(office.generations().values()) == {1}


# --- many files -------------------------------------------------------------------------------------


def many(office: Office, count: int = 10) -> None:
    for number in range(count):
        office.put(f"{number:02}.txt", f"file {number}".encode())
    office.put("STP.xlsx")
    office.put("STC.xlsx", "other")
    office.put("nhap.xlsx", "draft")


def facts(office: Office) -> list[tuple[Any, ...]]:
    return [(r.file, r.status, r.unit, r.version, r.sha256, r.card, r.findings)
            for r in office.recorded()]  # fmt: skip


def test_worker_processes_give_what_this_process_gives(
    prepared: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices = []
    for name, pool_from in (("alone", 1000), ("pool", 1)):
        shutil.copytree(prepared[0], tmp_path / name)
        offices.append(Office(tmp_path / name, prepared[1]))
        many(offices[-1])
        monkeypatch.setattr(intake, "_POOL_FROM", pool_from)
        monkeypatch.setattr(intake, "_BATCH", 4)
        offices[-1].collect()
    assert facts(offices[0]) == facts(offices[1])


def test_no_more_workers_are_started_than_windows_takes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    def pool(workers: int, **_: Any) -> None:
        started.append(workers)

    monkeypatch.setattr(intake, "ProcessPoolExecutor", pool)
    for cores in (4, 128):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        intake._pool(office.root, {})
    assert started == [4, 61]


def test_progress_is_told_to_the_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_BATCH", 4)
    many(office, 7)
    told: list[tuple[int, int]] = []
    office.collect(progress=lambda done, total: told.append((done, total)))
    assert told == [(4, 10), (8, 10), (10, 10)]


PLUGIN = """
import os
import xlscore

@xlscore.hookimpl
def xlscore_check(submission, layout, unit, campaign):
    if unit.code == "STC":
        os._exit(7)
    return []
"""


def test_a_file_that_takes_its_worker_down_is_refused_and_the_rest_goes_on(
    office: Office, tmp_path: Path
) -> None:
    many(office)
    package = tmp_path / "deadly-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[xlscore]\ndeadly = deadly\n")
    (tmp_path / "deadly.py").write_text(PLUGIN)
    script = tmp_path / "run.py"
    script.write_text(
        textwrap.dedent(f"""
        from pathlib import Path
        from xlscore import intake
        from xlscore.workspace import open_workspace

        if __name__ == "__main__":
            intake._POOL_FROM, intake._BATCH = 1, 4
            intake.collect(open_workspace(Path({str(office.root)!r})), settle=0)
    """)
    )
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": path},
        check=True,
        timeout=90,
    )
    found = {r.file: (r.status.value, [f.name for f in r.findings]) for r in office.recorded()}
    assert len(found) == 13
    assert found["STC.xlsx"] == ("rejected", ["reader-stopped"])
    assert found["STP.xlsx"] == ("valid", [])


def test_a_campaign_damaged_under_way_stops_the_run_instead_of_refusing_everything(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(office)
    monkeypatch.setattr(intake, "_POOL_FROM", 1)
    (office.root / "campaign.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(WorkspaceError) as raised:
        office.collect()
    assert [f.name for f in raised.value.findings] == ["campaign-syntax"]
    assert office.recorded() == []


# --- the archive ------------------------------------------------------------------------------------


def test_the_same_content_is_kept_once(office: Office) -> None:
    office.put("a.xlsx")
    office.put("b.xlsx")
    folder = office.workspace.archive
    folder.mkdir(parents=True)
    for entry in inbox.scan(office.inbox):
        kept = archive_copy(entry, folder)
        assert kept is not None
        assert kept.path == blob_path(folder, sha(office.returns["first"]))
    assert office.blobs() == {sha(office.returns["first"])}
