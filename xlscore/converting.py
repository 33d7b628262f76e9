"""Papers as PDF, through LibreOffice where it is installed.

A conversion has a user profile of its own, in a temporary folder: an office that is open stays as it is,
and what the user set there does not matter. The profile's locale is Vietnamese, so that numbers have
decimal commas whatever the computer is set to.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from xlscore.durable import write_whole
from xlscore.reasons import SaidError, Words, of_system

SECONDS = 300.0
"""A ranking of 3,300 units takes well under a minute."""

_NAMES = ("soffice", "libreoffice")
_MAC = Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
_UNIX = ("/usr/lib/libreoffice/program/soffice", "/usr/lib64/libreoffice/program/soffice",
         "/usr/local/bin/soffice")  # fmt: skip
_PDF = b"%PDF-"
_GRACE = 10.0
if sys.platform == "win32":
    _GROUP = None
    _FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
else:
    _GROUP, _FLAGS = 0, 0
"""A group of its own, so that the program can be ended with all that it starts."""
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
           xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <item oor:path="/org.openoffice.Setup/L10N">
  <prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>vi-VN</value></prop>
 </item>
 <item oor:path="/org.openoffice.Office.Common/Misc">
  <prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop>
 </item>
 <item oor:path="/org.openoffice.Office.Common/Security/Scripting">
  <prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
  <prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
 </item>
 <item oor:path="/org.openoffice.Office.Calc/Content/Update">
  <prop oor:name="Link" oor:op="fuse"><value>1</value></prop>
 </item>
</oor:items>
"""
"""Vietnamese numbers; no macro runs, no link is followed."""


class ConversionError(SaidError):
    """A paper that could not be converted; `words` say why in Vietnamese and in English."""


class ConverterMissingError(ConversionError):
    """LibreOffice is not installed."""


def find_office(
    environment: Mapping[str, str] | None = None, platform: str = sys.platform
) -> Path | None:
    """Return the program of LibreOffice, from the PATH or where it usually is; None if it is nowhere."""
    known = os.environ if environment is None else environment
    if platform == "win32":
        return next((path for path in _on_windows(known) if path.exists()), None)
    named = (shutil.which(name, path=known.get("PATH", "")) for name in _NAMES)
    found = next((Path(name) for name in named if name), None)
    usual = [_MAC] if platform == "darwin" else [Path(path) for path in _UNIX]
    return found or next((path for path in usual if path.exists()), None)


def _on_windows(known: Mapping[str, str]) -> Iterator[Path]:
    # soffice.com is the same program for the console: it waits, soffice.exe may not.
    for name in ("soffice.com", "soffice.exe"):
        if found := shutil.which(name, path=known.get("PATH", "")):
            yield Path(found)
    for variable in ("PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)"):
        if folder := known.get(variable):
            program = Path(folder, "LibreOffice", "program")
            yield from (program / "soffice.com", program / "soffice.exe")


def to_pdf(source: Path, target: Path, timeout: float = SECONDS) -> Path:
    """Write `source` (.xlsx, .docx) as PDF to `target`, whole or not at all, and return `target`.

    Args:
        timeout: seconds after which LibreOffice is stopped.

    Raises:
        ConverterMissingError: LibreOffice is not installed.
        ConversionError: LibreOffice cannot read the source, fails, or takes too long.
        OSError: the target cannot be written.
    """
    office = find_office()
    if office is None:
        raise ConverterMissingError((
            "không tìm thấy LibreOffice; cài LibreOffice rồi chạy lại (các tệp khác vẫn được ghi)",
            "LibreOffice was not found; install it and run again (the other files are written)",
        ))  # fmt: skip
    # The system may still hold a file of the profile for a moment after the program is gone.
    with tempfile.TemporaryDirectory(prefix="xlscore-pdf-", ignore_cleanup_errors=True) as folder:
        write_whole(target, _converted(office, source, Path(folder), timeout))
    return target


def _converted(office: Path, source: Path, folder: Path, timeout: float) -> bytes:
    """Convert a copy: LibreOffice leaves lock files beside what it opens."""
    copy, made = folder / f"paper{source.suffix.lower()}", folder / "out" / "paper.pdf"
    try:
        shutil.copyfile(source, copy)
    except OSError as error:
        raise _failed(source, of_system(error)) from error
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    said = _run(
        [
            str(office),
            f"-env:UserInstallation={profile.resolve().as_uri()}",
            *("--headless", "--invisible", "--norestore", "--nolockcheck", "--nodefault"),
            *("--convert-to", "pdf", "--outdir", str(made.parent), str(copy)),
        ],
        source,
        timeout,
    )
    data = made.read_bytes() if made.exists() else b""
    if not data.startswith(_PDF):
        raise _failed(source, _unreadable(source, said))
    return data


def _unreadable(source: Path, said: str) -> Words:
    if source.suffix.lower() == ".docx":  # a part of its own, which not every computer has
        return (
            f"LibreOffice không đọc được{said}; văn bản Word cần cả LibreOffice Writer",
            f"LibreOffice cannot read it{said}; Word documents need LibreOffice Writer too",
        )
    return f"LibreOffice không đọc được{said}", f"LibreOffice cannot read it{said}"


def _run(command: list[str], source: Path, timeout: float) -> str:
    """Run LibreOffice to its end and return what it complained of, in brackets."""
    try:
        process = subprocess.Popen(  # noqa: S603  the program was found, its arguments are ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            creationflags=_FLAGS,
            process_group=_GROUP,
        )
    except OSError as error:
        raise _failed(source, of_system(error)) from error
    try:
        _, complaint = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise _failed(source, (
            f"LibreOffice chạy quá {timeout:.0f} giây, đã dừng",
            f"LibreOffice took more than {timeout:.0f} seconds and was stopped",
        )) from error  # fmt: skip
    finally:
        # The program is a starter: what it started must not outlive it, whatever happened here.
        _stop_all(process)
    last = complaint.decode("utf-8", "replace").strip().splitlines()[-1:]
    return f" ({last[0]})" if last else ""


def _stop_all(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        if process.poll() is None:
            command = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
            subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    if process.stderr is not None:
        process.stderr.close()


def _failed(source: Path, why: Words) -> ConversionError:
    return ConversionError((f"{source.name}: {why[0]}.", f"{source.name}: {why[1]}."))
