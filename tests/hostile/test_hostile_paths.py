"""What stands in an inbox need not be a file, and opening it must neither wait nor follow."""

import os
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.build import CELLS, workbook
from tests.hostile.guarded import SECONDS, Outcome, Worker, worker
from xlscore.workbooks.package import MAX_FILE_SIZE, PackageError, PackageFault, read_package

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="entries that Windows has not")


@pytest.fixture(scope="module")
def guarded() -> Iterator[Worker]:
    with worker() as running:
        yield running


def _refusal(guarded: Worker, path: Path) -> str:
    outcome: Outcome = guarded.read(path)
    assert outcome.seconds < SECONDS
    return outcome.fault


def test_a_workbook_is_read_under_any_name(guarded: Worker, tmp_path: Path) -> None:
    path = tmp_path / "Phiếu chấm điểm – xã Tân Hòa (1).bin"
    path.write_bytes(workbook())
    assert guarded.read(path).cells == CELLS


def test_an_empty_file_is_refused(guarded: Worker, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.touch()
    assert _refusal(guarded, path) == PackageFault.EMPTY


def test_a_directory_is_refused(guarded: Worker, tmp_path: Path) -> None:
    assert _refusal(guarded, tmp_path) == PackageFault.NOT_A_REGULAR_FILE


def test_a_missing_file_is_unreadable(guarded: Worker, tmp_path: Path) -> None:
    assert _refusal(guarded, tmp_path / "gone.xlsx") == PackageFault.UNREADABLE


def test_a_name_that_no_file_can_have_is_unreadable(guarded: Worker, tmp_path: Path) -> None:
    assert _refusal(guarded, tmp_path / "a\0b.xlsx") == PackageFault.UNREADABLE


def test_a_file_above_the_limit_is_refused_unread(guarded: Worker, tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(2**34)
    assert _refusal(guarded, path) == PackageFault.TOO_LARGE


@posix_only
@pytest.mark.parametrize("target", ["a.xlsx", "/etc/passwd", "gone.xlsx", "."])
def test_a_symbolic_link_is_refused(guarded: Worker, tmp_path: Path, target: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook())
    path = tmp_path / "link.xlsx"
    path.symlink_to(target)
    assert _refusal(guarded, path) == PackageFault.SYMLINK


@posix_only
def test_a_pipe_is_refused_without_waiting(guarded: Worker, tmp_path: Path) -> None:
    path = tmp_path / "pipe.xlsx"
    os.mkfifo(path)
    assert _refusal(guarded, path) == PackageFault.NOT_A_REGULAR_FILE


@posix_only
def test_a_socket_is_refused(
    guarded: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Bound by a short name: a socket's address holds about 100 bytes.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.xlsx")
        assert _refusal(guarded, tmp_path / "s.xlsx") == PackageFault.NOT_A_REGULAR_FILE


@posix_only
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_is_refused(guarded: Worker, device: str) -> None:
    assert _refusal(guarded, Path(device)) == PackageFault.NOT_A_REGULAR_FILE


@posix_only
def test_a_file_without_permission_is_unreadable(guarded: Worker, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook())
    path.chmod(0)
    assert _refusal(guarded, path) == PackageFault.UNREADABLE


@posix_only
def test_an_entry_that_becomes_a_pipe_after_the_first_look_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook())
    first_look = os.lstat(path)
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(os, "lstat", lambda _: first_look)
    with pytest.raises(PackageError) as caught:
        read_package(path)
    assert caught.value.fault == PackageFault.NOT_A_REGULAR_FILE


@posix_only
def test_an_entry_that_becomes_a_link_after_the_first_look_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(workbook())
    path = tmp_path / "b.xlsx"
    path.symlink_to(target)
    first_look = os.lstat(target)
    monkeypatch.setattr(os, "lstat", lambda _: first_look)
    with pytest.raises(PackageError) as caught:
        read_package(path)
    assert caught.value.fault == PackageFault.SYMLINK


def test_a_file_that_shrinks_while_it_is_read_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook())
    larger = os.stat_result((stat.S_IFREG | 0o600, 0, 0, 1, 0, 0, MAX_FILE_SIZE, 0, 0, 0))
    monkeypatch.setattr(os, "fstat", lambda _: larger)
    with pytest.raises(PackageError) as caught:
        read_package(path)
    assert caught.value.fault == PackageFault.DAMAGED
    assert caught.value.details == {"what": "changed while it was read"}
