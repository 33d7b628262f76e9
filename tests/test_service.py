"""What systemd is told, and the ready-made files for systemd and for Windows Task Scheduler."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from xlscore.service import (
    notify_alive,
    notify_ready,
    notify_stopping,
    watchdog_interval,
)

DOCS = Path(__file__).parent.parent / "docs"
UNIT = DOCS / "service" / "xlscore-watch.service"
TASK = DOCS / "service" / "xlscore-watch.xml"
PAGE = DOCS / "running.md"
TASKS = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
linux = pytest.mark.skipif(sys.platform != "linux", reason="the sockets of systemd")


# --- telling systemd ------------------------------------------------------------------------------


@pytest.fixture(params=["path", "abstract"])
def manager(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    """A socket that listens as systemd does, in the file system or in Linux's abstract names."""
    name = (
        f"@xlscore-test-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    )
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(name.replace("@", "\0") if request.param == "abstract" else name)
        listening.settimeout(120)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        yield listening


@linux
def test_each_message_is_one_datagram(manager: socket.socket) -> None:
    assert notify_ready("đang theo dõi")
    assert manager.recv(9999).decode() == "READY=1\nSTATUS=đang theo dõi"
    assert notify_alive()
    assert manager.recv(9999) == b"WATCHDOG=1"
    assert notify_stopping()
    assert manager.recv(9999) == b"STOPPING=1"


@linux
def test_a_status_is_one_line_whatever_a_file_is_called(manager: socket.socket) -> None:
    assert notify_alive("a\nSTOPPING=1\r\x85\u2028b\udcff" + "x" * 9999)
    said = manager.recv(99_999).decode()
    assert said.startswith("WATCHDOG=1\nSTATUS=a STOPPING=1 b\\udcffxxx")
    assert len(said.splitlines()) == 2
    assert len(said) < 600


@linux
@pytest.mark.parametrize(
    "address", ["", "/nowhere/notify", "@nobody-listens", "vsock:2:9", "x", "@"]
)
def test_where_nobody_listens_nothing_happens(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert notify_ready() is False


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert notify_alive("x") is False


def test_on_windows_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX", raising=False)
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    assert notify_ready() is False


@linux
def test_a_manager_that_does_not_listen_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        told = [notify_alive("x" * 400) for _ in range(2000)]
    assert told[0] is True
    assert told[-1] is False


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({"WATCHDOG_USEC": "90000000"}, 45.0),
        ({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": str(os.getpid())}, 45.0),
        ({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "-5"}, None),
        ({"WATCHDOG_USEC": "²"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_twice_as_often_as_it_demands(
    environ: dict[str, str], seconds: float | None
) -> None:
    assert watchdog_interval(environ) == seconds


# --- the unit of systemd --------------------------------------------------------------------------


def settings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Type", "notify"),
        ("WatchdogSec", "90"),
        ("TimeoutStopSec", "30"),
        ("Restart", "on-failure"),
        ("RestartPreventExitStatus", "2"),
        ("KillMode", "mixed"),
        ("UMask", "0077"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("ProtectKernelModules", "yes"),
        ("ProtectKernelTunables", "yes"),
        ("ProtectControlGroups", "yes"),
        ("RestrictSUIDSGID", "yes"),
        ("RestrictNamespaces", "yes"),
        ("LockPersonality", "yes"),
        ("SystemCallFilter", "@system-service"),
    ],
)
def test_the_unit_is_watched_and_hardened(name: str, value: str) -> None:
    assert settings()[name] == [value]


def test_the_unit_runs_as_a_real_user_and_writes_only_where_it_must() -> None:
    found = settings()
    assert found["User"][0] not in {"root", "nobody", ""}
    assert found["ReadWritePaths"][0] == found["WorkingDirectory"][0]
    assert found["ExecStart"][0].endswith(f"/xlscore watch -C {found['WorkingDirectory'][0]}")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8")
    installed = text.replace(settings()["ExecStart"][0].split()[0], "/bin/true")
    (tmp_path / UNIT.name).write_text(installed, encoding="utf-8")
    verdict = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / UNIT.name],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (verdict.returncode, verdict.stderr) == (0, "")


# --- the task of Windows --------------------------------------------------------------------------


def task(path: str) -> str:
    found = ET.parse(TASK).getroot().find("/".join(TASKS + name for name in path.split("/")))  # noqa: S314
    assert found is not None, path
    return found.text or ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Settings/ExecutionTimeLimit", "PT0S"),
        ("Settings/MultipleInstancesPolicy", "IgnoreNew"),
        ("Settings/RestartOnFailure/Interval", "PT1M"),
        ("Settings/RestartOnFailure/Count", "3"),
        ("Settings/DisallowStartIfOnBatteries", "false"),
        ("Settings/StopIfGoingOnBatteries", "false"),
        ("Settings/RunOnlyIfIdle", "false"),
        ("Settings/Hidden", "false"),
        ("Settings/Enabled", "true"),
        ("Triggers/LogonTrigger/Repetition/Interval", "PT15M"),
        ("Principals/Principal/LogonType", "InteractiveToken"),
        ("Principals/Principal/RunLevel", "LeastPrivilege"),
        ("Actions/Exec/Arguments", 'watch -C "C:\\CCHC\\2026"'),
    ],
)
def test_the_task_runs_for_months_as_its_user(path: str, value: str) -> None:
    assert task(path) == value


def test_the_task_starts_at_the_log_on_of_the_user_that_it_runs_as() -> None:
    # Without a user the trigger means anybody's log-on, which only administrators may register.
    assert (
        task("Triggers/LogonTrigger/UserId")
        == task("Principals/Principal/UserId")
        == r"DOMAIN\user"
    )


def test_the_task_is_a_file_that_schtasks_reads() -> None:
    raw = TASK.read_bytes()
    assert raw.isascii()
    assert raw.startswith(b'<?xml version="1.0"?>')


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "service/xlscore-watch.service",
        "service/xlscore-watch.xml",
        "PT0S",
        "72 giờ",
        "health.json",
        ".xlscore-inbox.json",
        "UTF-16 LE",
        "systemctl stop",
        "chưa thử trên Windows",
    ],
)
def test_the_page_explains_how_to_run_for_months(said: str) -> None:
    assert said in PAGE.read_text(encoding="utf-8")


def test_the_page_links_only_to_files_that_are_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)", PAGE.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (DOCS / link).exists()] == []
