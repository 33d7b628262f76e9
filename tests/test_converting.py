"""PDF through LibreOffice: found wherever it is, Vietnamese numbers, nothing left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.office import needs_libreoffice
from tests.small_campaign import Returned, leaf, points, ranked, rubric
from xlscore import converting
from xlscore.converting import ConversionError, ConverterMissingError, find_office, to_pdf
from xlscore.workbooks.ranking import write_ranking
from xlscore.workbooks.ranking.scope import Scope

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")


def pretend(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Put a shell script in the place of LibreOffice; it finds the folder for its output in $out."""
    office = folder / "soffice"
    head = '#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\nout=$2\nmkdir -p "$out"\n'
    office.write_text(head + script, encoding="utf-8")
    office.chmod(0o700)
    monkeypatch.setattr(converting, "find_office", lambda: office)


def sources(folder: Path) -> tuple[Path, Path]:
    source = folder / "Kết quả.xlsx"
    source.write_bytes(b"workbook")
    return source, folder / "Kết quả.pdf"


def alive(pid: int) -> bool:
    """Whether a process still runs; one that only waits to be reaped does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


# --- where it is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["soffice", "libreoffice"])
@posix
def test_it_is_found_on_the_path(name: str, tmp_path: Path) -> None:
    program = tmp_path / name
    program.write_text("", encoding="utf-8")
    program.chmod(0o700)
    assert find_office({"PATH": str(tmp_path)}, "linux") == program


def test_on_windows_it_is_found_where_it_is_installed_and_the_console_program_first(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "LibreOffice" / "program"
    folder.mkdir(parents=True)
    known = {"PATH": "", "PROGRAMFILES(X86)": str(tmp_path)}
    assert find_office(known, "win32") is None
    for name in ("soffice.exe", "soffice.com"):
        (folder / name).write_bytes(b"")
        assert find_office(known, "win32") == folder / name


def test_a_mac_is_looked_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_bytes(b"")
    assert find_office({"PATH": ""}, "darwin") is None
    monkeypatch.setattr(converting, "_MAC", program)
    assert find_office({"PATH": ""}, "darwin") == program


def test_without_it_the_operator_is_told_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(converting, "find_office", lambda: None)
    source, target = sources(tmp_path)
    with pytest.raises(ConverterMissingError) as error:
        to_pdf(source, target)
    assert error.value.words[0].startswith("không tìm thấy LibreOffice")
    assert str(error.value).startswith("LibreOffice was not found")


# --- what can go wrong -------------------------------------------------------------------------------------


@posix
def test_what_is_made_takes_the_place_of_what_was_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pretend(monkeypatch, tmp_path, 'printf "%%PDF-1.7" > "$out/paper.pdf"\n')
    source, target = sources(tmp_path)
    target.write_bytes(b"old")
    assert to_pdf(source, target).read_bytes() == b"%PDF-1.7"
    assert {p.name for p in tmp_path.iterdir()} == {source.name, "soffice", target.name}


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 0\n", "Kết quả.xlsx: LibreOffice không đọc được."),
        ("echo hỏng >&2; exit 1\n", "Kết quả.xlsx: LibreOffice không đọc được (hỏng)."),
        ('echo nothing > "$out/paper.pdf"\n', "Kết quả.xlsx: LibreOffice không đọc được."),
    ],
)
@posix
def test_a_failure_is_said_and_what_was_there_stays(
    script: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pretend(monkeypatch, tmp_path, script)
    source, target = sources(tmp_path)
    target.write_bytes(b"old")
    with pytest.raises(ConversionError) as error:
        to_pdf(source, target)
    assert error.value.words[0] == words
    assert target.read_bytes() == b"old"


def test_a_source_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(converting, "find_office", lambda: Path("soffice"))
    with pytest.raises(ConversionError) as error:
        to_pdf(tmp_path / "mất.xlsx", tmp_path / "a.pdf")
    assert error.value.words[0] == "mất.xlsx: không có tệp này."


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("waits", [True, False])
def test_nothing_that_it_started_outlives_it(
    waits: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "pids"
    last = "sleep 3600" if waits else ""
    child = f'sleep 3600 > /dev/null 2>&1 &\necho $! > "{note}"\n'
    pretend(monkeypatch, tmp_path, f"{child}{last}\n")
    if waits:
        patient_only_until(note, monkeypatch)
    source, target = sources(tmp_path)
    with pytest.raises(ConversionError) as error:
        to_pdf(source, target)
    assert error.value.words[0].endswith("đã dừng." if waits else "không đọc được.")
    for _ in range(1200):
        if not alive(int(note.read_text(encoding="utf-8"))):
            break
        time.sleep(0.1)
    assert not alive(int(note.read_text(encoding="utf-8")))


def patient_only_until(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time of a conversion be over once `note` is written."""
    real = subprocess.Popen.communicate

    def communicate(process: Any, given: Any = None, timeout: Any = None) -> Any:
        while not note.exists() or not note.read_bytes().endswith(b"\n"):
            time.sleep(0.02)
        assert timeout == converting.SECONDS
        return real(process, given, timeout=0.1)

    monkeypatch.setattr(subprocess.Popen, "communicate", communicate)


# --- the real one ------------------------------------------------------------------------------------------


@pytest.mark.office
@needs_libreoffice
@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="poppler is not installed")
def test_a_ranking_is_printed_with_decimal_commas_and_its_fonts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("LANG", "LC_ALL"):
        monkeypatch.setenv(name, "en_US.UTF-8")
    units = {f"u{i}": Returned(points(a=f"{95 - 7 * i}.25")) for i in range(3)}
    source = tmp_path / "Xếp hạng.xlsx"
    write_ranking(ranked(rubric([leaf("a", "100")]), units), source, scope=Scope.PRINT)
    pdf = to_pdf(source, tmp_path / "Xếp hạng.pdf")
    text = _said_by("pdftotext", "-layout", str(pdf), "-")
    assert "95,25" in text
    assert "88,25" in text
    assert "95.25" not in text
    fonts = [line.split() for line in _said_by("pdffonts", str(pdf)).splitlines()[2:]]
    assert fonts
    assert all("Liberation" in f[0] or "Times" in f[0] for f in fonts)
    assert all(f[-5] == "yes" for f in fonts)
    assert {p.name for p in tmp_path.iterdir()} == {source.name, pdf.name}


def _said_by(*command: str) -> str:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=True, env=environment
    ).stdout
