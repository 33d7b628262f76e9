"""Intake: every file becomes exactly one recorded outcome."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from tests.intake_office import NOW, Office, codes, names, posix, sha
from xlscore import archive
from xlscore.archive import archive_copy
from xlscore.blobs import blob_path
from xlscore.findings import Status
from xlscore.inbox import Tracker, scan
from xlscore.intake import judging, session
from xlscore.ledger import Ledger
from xlscore.workbooks.returns import Return, read_return


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

    office.collect()  # its ledger is there, and the inbox is marked
    spy(session, "scan", "scan")
    spy(Tracker, "look", "settle")
    spy(archive, "_copy", "copy")
    spy(os, "fsync", "fsync")
    spy(Path, "replace", "name")
    spy(judging, "read_return", "check")
    spy(Ledger, "record", "record")
    spy(Ledger, "post", "post")
    office.put("STP.xlsx")
    office.collect()
    archived = ["copy", "fsync", "fsync", "name", "fsync"]
    beside = ["fsync", "name", "fsync"]  # the record beside the content, before the commit
    journal = ["fsync"]
    expected = ["scan", "settle", *archived, "check", "record", *beside, "post", *journal]
    assert steps == expected


def test_the_archived_copy_is_what_is_checked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []

    def spying(path: Path, *args: Any, **how: Any) -> Return:
        seen.append(path)
        return read_return(path, *args, **how)

    monkeypatch.setattr(judging, "read_return", spying)
    office.put("STP.xlsx")
    office.collect()
    assert seen == [blob_path(office.workspace.archive, sha(office.returns["first"]))]


def test_collecting_again_records_nothing(office: Office) -> None:
    office.put("STP.xlsx")
    office.put("x.txt", b"hello")
    office.collect()
    with office.ledger() as ledger:
        before = ledger.events()
    again = office.collect()
    assert (again.recorded, again.waiting, again.unchanged) == ([], [], 2)
    with office.ledger() as ledger:
        assert ledger.events() == before


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


@posix
def test_names_that_differ_only_in_their_unicode_form_are_two_entries(office: Office) -> None:
    office.put("Báo cáo.xlsx", "first")
    office.put("Ba\u0301o ca\u0301o.xlsx", "second")
    office.collect()
    assert [r.file for r in office.recorded()] == ["Báo cáo.xlsx"] * 2
    assert set(office.generations().values()) == {1}
    assert len(office.generations()) == 2


@posix
def test_names_that_differ_only_in_case_are_two_entries(office: Office) -> None:
    office.put("STP.xlsx", "first")
    office.put("stp.XLSX", "second")
    office.collect()
    assert office.generations() == {b"STP.xlsx": 1, b"stp.XLSX": 1}
    assert office.collect().unchanged == 2
    assert [r.status for r in office.recorded()] == [Status.VALID, Status.VALID]


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


@posix
@pytest.mark.parametrize(
    "name", ["CON.xlsx", "aux.xlsx", "LPT1.xlsx", "ba cham....xlsx", "a:b?.xlsx"]
)
def test_a_name_that_windows_could_not_open_is_taken_in(office: Office, name: str) -> None:
    office.put(name)
    office.collect()
    assert office.told() == [(name, "valid", 1)]


TAKEN = ["STP (1).xlsx", "STP - Copy.xlsx", "STP.sync-conflict-20261201-101010-ABCDEFG.xlsx",
         "STP (conflicted copy 2026-12-01).xlsx", "readme_STP.xlsx", "STP.XLSX"]  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_conflict_copies_are_real_submissions(office: Office, name: str) -> None:
    office.put(name)
    office.collect()
    assert office.told() == [(name, "valid", 1)]
    said = ["conflict-copy"] if name.startswith(("STP ", "STP.sync")) else []
    assert codes(office.recorded()[0].findings) == said


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

    def replaced(root: Path, known: Any) -> Any:
        seen = scan(root, known)
        link.unlink()
        office.put("STP.xlsx")
        return seen

    monkeypatch.setattr(session, "scan", replaced)
    assert names(office.collect()) == ["still-being-copied"]
    monkeypatch.undo()
    office.collect()
    assert office.told() == [("STP.xlsx", "valid", 1)]
    assert office.blobs() == {sha(office.returns["first"])}


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FORMATS = {
    "a.csv": (b"STT,Diem\n1,2\n", "misplaced-evidence"),
    "a.pdf": (b"%PDF-1.7\n", "misplaced-evidence"),
    "b": (b"STT,Diem\n1,2\n", "csv-or-text"),
    "c.xlsx": (b"%PDF-1.7\n", "pdf"),
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
    office.collect()
    found = {r.file: (r.status.value, [f.name for f in r.findings]) for r in office.recorded()}
    assert found == {
        "STP/phieu.xlsx": ("valid", []),
        "stp/nua.xlsx": ("rejected", ["other-unit"]),
        "linh tinh/STC.xlsx": ("valid", []),
    }


def test_where_every_unit_has_its_folder_no_other_folder_will_do(office: Office) -> None:
    office.settle_on(folders_per_unit="yes")
    office.put("linh tinh/STP.xlsx")
    office.collect()
    (kept,) = office.recorded()
    assert codes(kept.findings) == ["other-unit"]


@pytest.mark.parametrize("folder", ["20230001", "abcdef12", "readme", "x.tmp"])
def test_a_folder_that_is_called_like_a_temporary_file_is_looked_into(
    office: Office, folder: str
) -> None:
    office.put(f"{folder}/STP.xlsx")
    office.collect()
    assert office.told() == [(f"{folder}/STP.xlsx", "valid", 1)]


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


def test_the_same_content_is_kept_once(office: Office) -> None:
    office.put("a.xlsx")
    office.put("b.xlsx")
    folder = office.workspace.archive
    folder.mkdir(parents=True)
    for entry in scan(office.inbox).entries:
        kept = archive_copy(entry, folder)
        assert kept is not None
        assert kept.path == blob_path(folder, sha(office.returns["first"]))
    assert office.blobs() == {sha(office.returns["first"])}
