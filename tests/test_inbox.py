"""The scan of the inbox: what is there, what its names say, what could not be seen."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.intake_office import posix
from xlscore.inbox import Scan, conflict_copy, owner_of, scan, scanning, top_folder
from xlscore.inbox.names import (
    is_evidence_folder,
    is_ignored,
    is_orphan,
    looks_like_document,
    looks_like_workbook,
)

IGNORED = [
    "~$STP.xlsx", "~$", ".~lock.STP.xlsx#", ".hidden.xlsx", "._STP.xlsx", ".STP.xlsx.~1a2b",
    ".syncthing.STP.xlsx.tmp", "~syncthing~STP.xlsx.tmp", ".xlscore-inbox.json", "STP.xlsx.tmp",
    "STP.TMP", "lu12155j9je.tmp", "a.part", "a.partial", "b.crdownload", "c.download",
    "d.filepart", "desktop.ini", "Thumbs.db", "README.md", "readme.txt", "ReadMe.html", "README",
    "1A2B3C4D", "9f2c1a00",
]  # fmt: skip

TAKEN = [
    "STP.xlsx", "STP.XLSX", "STP.xlsm", "STP.xls", "STP.ods", "a.pdf", "khong duoi", "readme_STP.xlsx",
    "readme.xlsx", "tmp.xlsx", "a.tmp.xlsx", "1A2B3C4", "1A2B3C4D5", "1A2B3C4D.xlsx", "$STP.xlsx",
    "~STP.xlsx", "part", "a.partx", "thumbs.db.xlsx", "x" * 200 + ".xlsx",
]  # fmt: skip


def put(root: Path, name: str, content: bytes = b"x") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def keys(seen: Scan) -> list[str]:
    return sorted(os.fsdecode(entry.key) for entry in seen.entries)


@pytest.mark.parametrize("name", IGNORED)
def test_what_programs_leave_behind_is_passed_over(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    put(tmp_path, f"STP/{name}")
    assert scan(tmp_path).entries == []
    assert is_ignored(name)


@pytest.mark.parametrize("name", TAKEN)
def test_everything_else_may_be_a_return(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    put(tmp_path, f"STP/{name}")
    assert keys(scan(tmp_path)) == sorted([name, f"STP/{name}"])


def test_an_entry_tells_its_size_and_time(tmp_path: Path) -> None:
    path = put(tmp_path, "STP/a.xlsx", b"four")
    os.utime(path, ns=(1, 1_000_000_000))
    (entry,) = scan(tmp_path).entries
    assert (entry.path, entry.key) == (path, b"STP/a.xlsx")
    assert entry.signature == (4, 1_000_000_000)
    assert (entry.regular, entry.evidence, entry.in_cloud) == (True, False, False)


def test_owner_files_of_excel_and_libreoffice_say_what_is_open(tmp_path: Path) -> None:
    put(tmp_path, "~$a.xlsx")
    put(tmp_path, "STP/.~lock.Báo cáo.xlsx#")
    seen = scan(tmp_path)
    assert seen.owned == {b"a.xlsx", "STP/Báo cáo.xlsx".encode()}
    assert seen.entries == []


@pytest.mark.parametrize(
    ("name", "opened"),
    [("~$a.xlsx", "a.xlsx"), (".~lock.a.xlsx#", "a.xlsx"), ("~$", ""), (".~lock.a.xlsx", ""),
     ("a.xlsx", ""), ("~a.xlsx", "")],
)  # fmt: skip
def test_only_an_owner_file_names_what_is_open(name: str, opened: str) -> None:
    assert owner_of(name) == opened


def test_what_excel_left_behind_is_told_apart_and_no_return(tmp_path: Path) -> None:
    put(tmp_path, "STP/9F2C1A00", b"PK\3\4")
    put(tmp_path, "a.xlsx")
    seen = scan(tmp_path)
    assert [orphan.key for orphan in seen.orphans] == [b"STP/9F2C1A00"]
    assert keys(seen) == ["a.xlsx"]
    assert not is_orphan("9F2C1A0")


CONFLICTS = [
    "STP (1).xlsx", "STP (12).xlsx", "STP - Copy.xlsx", "STP - Copy (2).xlsx", "STP - Bản sao.xlsx",
    "STP.sync-conflict-20261201-101010-ABCDEFG.xlsx", "STP (conflicted copy 2026-12-01).xlsx",
    "STP (An's conflicted copy 2026-12-01).xlsx", "STP (Bản sao xung đột của An).xlsx",
]  # fmt: skip


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_conflict_copy_is_a_return_that_is_worth_a_word(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    assert keys(scan(tmp_path)) == [name]
    assert conflict_copy(name)


@pytest.mark.parametrize(
    "name", ["STP.xlsx", "STP (lần 2).xlsx", "STP(1).xlsx", "Copy.xlsx", "STP (2026).xlsx"]
)
def test_other_names_are_no_conflict_copies(name: str) -> None:
    assert not conflict_copy(name)


EVIDENCE = [
    "Minh chứng",
    "minh_chung",
    "MINH-CHUNG",
    "Minh chư\u0301ng",
    "minhchung",
    "Minh  Chứng.",
]


@pytest.mark.parametrize("folder", EVIDENCE)
def test_whatever_lies_below_a_folder_of_evidence_is_evidence(tmp_path: Path, folder: str) -> None:
    put(tmp_path, f"STP/{folder}/a.pdf")
    put(tmp_path, f"STP/{folder}/1.1/quyết định.docx")
    put(tmp_path, f"STP/{folder}/phụ lục.xlsx/b.png")
    put(tmp_path, "STP/phieu.xlsx")
    assert is_evidence_folder(folder)
    assert {e.path.name: e.evidence for e in scan(tmp_path).entries} == {
        "a.pdf": True,
        "quyết định.docx": True,
        "b.png": True,
        "phieu.xlsx": False,
    }


@pytest.mark.parametrize("folder", ["minh chung 2", "chung minh", "minh", "tài liệu minh chứng"])
def test_other_folders_hold_no_evidence(folder: str) -> None:
    assert not is_evidence_folder(folder)


@pytest.mark.parametrize("folder", [".stversions", ".git", "~syncthing~STP", "~$STP"])
def test_folders_of_programs_are_passed_over(tmp_path: Path, folder: str) -> None:
    put(tmp_path, f"STP/{folder}/STP.xlsx")
    assert scan(tmp_path) == Scan()


@pytest.mark.parametrize("folder", ["20230001", "abcdef12", "readme", "x.tmp", "desktop.ini"])
def test_folders_that_are_called_like_temporary_files_are_looked_into(
    tmp_path: Path, folder: str
) -> None:
    put(tmp_path, f"{folder}/STP.xlsx")
    assert keys(scan(tmp_path)) == [f"{folder}/STP.xlsx"]


def test_a_folder_that_a_person_called_so_is_looked_into(tmp_path: Path) -> None:
    put(tmp_path, "STP/~tam/STP.xlsx")
    assert keys(scan(tmp_path)) == ["STP/~tam/STP.xlsx"]


def test_folders_are_looked_into_thirty_deep_and_no_deeper(tmp_path: Path) -> None:
    put(tmp_path, "/".join(["x"] * 30) + "/deep.xlsx")
    put(tmp_path, "/".join(["y"] * 31) + "/deeper.xlsx")
    seen = scan(tmp_path)
    assert [entry.path.name for entry in seen.entries] == ["deep.xlsx"]
    assert [os.fsdecode(key) for key in seen.unread] == ["/".join(["y"] * 31)]


def test_suffixes_tell_workbooks_from_documents() -> None:
    assert looks_like_workbook("A.XLSX")
    assert looks_like_document("a.Pdf")
    assert not looks_like_document("a.xlsx")
    assert not looks_like_workbook("xlsx")


def test_the_first_folder_of_a_key_is_the_drop_folder() -> None:
    assert [top_folder(key) for key in (b"a.xlsx", b"STP/a.xlsx", b"STP/b/a.xlsx")] == [
        "",
        "STP",
        "STP",
    ]


# --- odd entries ------------------------------------------------------------------------------------


@posix
def test_names_that_differ_only_in_form_or_case_are_entries_of_their_own(tmp_path: Path) -> None:
    name = "Báo cáo.xlsx"
    for same in (name, unicodedata.normalize("NFD", name), name.upper()):
        put(tmp_path, same)
    assert len({entry.key for entry in scan(tmp_path).entries}) == 3


@posix
def test_a_name_that_is_not_utf_8_keeps_its_bytes(tmp_path: Path) -> None:
    put(tmp_path, os.fsdecode(b"b\xe1o c\xe1o.xlsx"))
    assert [entry.key for entry in scan(tmp_path).entries] == [b"b\xe1o c\xe1o.xlsx"]


@posix
def test_links_pipes_and_folders_called_like_workbooks_are_not_regular(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "link.xlsx").symlink_to(put(tmp_path, "a.xlsx"))
    (tmp_path / "broken.xlsx").symlink_to("nowhere")
    put(tmp_path, "folder.xlsx/inside.xlsx")
    assert {e.path.name: e.regular for e in scan(tmp_path).entries} == {
        "a.xlsx": True,
        "broken.xlsx": False,
        "folder.xlsx": False,
        "link.xlsx": False,
        "pipe.xlsx": False,
    }


@posix
def test_links_to_folders_are_not_followed_however_they_loop(tmp_path: Path) -> None:
    (tmp_path / "STP").mkdir()
    (tmp_path / "STP" / "back").symlink_to(tmp_path)
    (tmp_path / "STP" / "self").symlink_to("self")
    assert [(os.fsdecode(e.key), e.regular) for e in scan(tmp_path).entries if e.regular] == []
    assert keys(scan(tmp_path)) == ["STP/back", "STP/self"]


class Told:
    """A directory entry of another system."""

    def __init__(self, name: str, attributes: int) -> None:
        self.name, self.path, self._attributes = name, f"/inbox/{name}", attributes

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return False

    def stat(self, *, follow_symlinks: bool) -> Any:
        return SimpleNamespace(
            st_size=7, st_mtime_ns=8, st_mode=stat.S_IFREG, st_file_attributes=self._attributes
        )


@pytest.mark.parametrize(
    ("attributes", "in_cloud"),
    [(0x400000, True), (0x1000, True), (0x401020, True), (0x20, False), (0x400, False), (0, False)],
    ids=["recall", "offline", "both", "archive", "reparse point", "none"],
)
def test_what_is_in_the_cloud_only_is_told_by_its_attributes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attributes: int, in_cloud: bool
) -> None:
    monkeypatch.setattr(scanning, "_listed", lambda _folder: [Told("a.xlsx", attributes)])
    (entry,) = scan(tmp_path).entries
    assert (entry.in_cloud, entry.regular, entry.signature) == (in_cloud, True, (7, 8))


class Junction(Told):
    """A folder of Windows that leads elsewhere."""

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return True

    def stat(self, *, follow_symlinks: bool) -> Any:
        return SimpleNamespace(
            st_size=0, st_mtime_ns=8, st_mode=stat.S_IFDIR, st_reparse_tag=0xA0000003
        )


def test_a_junction_is_told_and_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = {str(tmp_path): [Junction("nơi khác", 0)]}
    monkeypatch.setattr(scanning, "_listed", listed.__getitem__)
    (entry,) = scan(tmp_path).entries
    assert (entry.path.name, entry.regular) == ("nơi khác", False)


# --- what could not be seen -------------------------------------------------------------------------


def forbid(monkeypatch: pytest.MonkeyPatch, ending: str, error: OSError) -> None:
    real = os.scandir

    def failing(path: Any) -> Any:
        if str(path).endswith(ending):
            raise error
        return real(path)

    monkeypatch.setattr(os, "scandir", failing)


def test_a_folder_that_cannot_be_listed_leaves_the_scan_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "kin/STP.xlsx")
    put(tmp_path, "mo/STC.xlsx")
    forbid(monkeypatch, "kin", PermissionError(errno.EACCES, "forbidden"))
    seen = scan(tmp_path)
    assert (keys(seen), seen.unread, seen.complete) == (["mo/STC.xlsx"], [b"kin"], False)


def test_a_folder_that_is_gone_meanwhile_was_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "tam/STP.xlsx")
    forbid(monkeypatch, "tam", FileNotFoundError(errno.ENOENT, "gone"))
    assert scan(tmp_path).complete


def test_an_inbox_that_cannot_be_listed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(monkeypatch, tmp_path.name, PermissionError(errno.EACCES, "forbidden"))
    with pytest.raises(PermissionError):
        scan(tmp_path)


def test_an_entry_that_cannot_be_looked_at_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Odd(Told):
        def stat(self, *, follow_symlinks: bool) -> Any:
            raise OSError(errno.EIO, "bad sector")

    class Gone(Told):
        def stat(self, *, follow_symlinks: bool) -> Any:
            raise FileNotFoundError(errno.ENOENT, "gone")

    told = [Odd("odd.xlsx", 0), Gone("gone.xlsx", 0), Told("fine.xlsx", 0)]
    monkeypatch.setattr(scanning, "_listed", lambda _folder: told)
    assert keys(scan(tmp_path)) == ["fine.xlsx", "odd.xlsx"]


def test_what_is_known_and_unchanged_is_only_counted(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx", "c.xlsx"):
        (tmp_path / name).write_bytes(b"PK")
    known = {e.key: e.signature for e in scan(tmp_path).entries}
    (tmp_path / "b.xlsx").write_bytes(b"PK more")
    (tmp_path / "c.xlsx").unlink()
    (tmp_path / "c.xlsx").mkdir()
    seen = scan(tmp_path, known)
    assert seen.unchanged == 1
    assert {os.fsdecode(e.key): e.regular for e in seen.entries} == {
        "b.xlsx": True,
        "c.xlsx": False,
    }
