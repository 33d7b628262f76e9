"""`xlscore watch` as a process of its own: what it says, what it writes, how it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.intake_office import ROOT, Office, posix
from tests.test_watching import commented
from xlscore.health import is_stale, read_health

pytestmark = [posix, pytest.mark.slow]

WATCH = (sys.executable, "-m", "tests.watching_patiently", "watch", "-C")
IMPATIENT = (sys.executable, "-m", "xlscore", "watch", "-C")
PATIENCE = 120.0


def environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"NOTIFY_SOCKET", "XLSCORE_LANGUAGE"}}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}


class Running:
    """A watcher under way, in a process group of its own as at a console."""

    def __init__(self, office: Office, command: tuple[str, ...], env: dict[str, str]) -> None:
        self.office = office
        self.process = subprocess.Popen(
            [*command, str(office.root), "--every", "1s", "--settle", "0"],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", start_new_session=True,
        )  # fmt: skip

    def until(self, holds: Callable[[], Any]) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < end
            time.sleep(0.02)

    def stop(self, number: int, *, group: bool = False) -> tuple[int, str, str]:
        """Send a signal; return exit code and what was said."""
        if group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        said, erred = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said, erred

    def alone(self) -> None:
        """No process of the group is left, or will be in a moment."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return
            assert time.monotonic() < end
            time.sleep(0.05)


@contextmanager
def running(office: Office, command: tuple[str, ...] = WATCH, **env: str) -> Iterator[Running]:
    watch = Running(office, command, environment(**env))
    try:
        yield watch
    finally:
        with suppress(ProcessLookupError):
            os.killpg(watch.process.pid, signal.SIGKILL)
        with suppress(ValueError):  # read to the end already
            watch.process.communicate(timeout=PATIENCE)


def healthy(office: Office) -> Callable[[], bool]:
    return office.workspace.health_path.exists


def unwell(office: Office) -> Callable[[], bool]:
    """Return what holds once three scans would have been due and none was completed."""
    path = office.workspace.health_path
    last, since = path.read_bytes(), time.monotonic()

    def holds() -> bool:
        nonlocal last, since
        now = path.read_bytes()
        if now != last:
            last, since = now, time.monotonic()
        return time.monotonic() - since >= 3

    return holds


def log(office: Office) -> list[dict[str, Any]]:
    files = sorted(office.workspace.logs.glob("watch-*.jsonl"))  # two where midnight came between
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines]


class Manager:
    """Listens as systemd does, and takes each message at once: the kernel keeps no more than a few."""

    def __init__(self, address: Path) -> None:
        self.told: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(address))
        self._socket.settimeout(PATIENCE)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with self._socket, suppress(TimeoutError):
            while self.told[-1:] != [b"STOPPING=1"]:
                self.told.append(self._socket.recv(9999))

    def everything(self) -> list[bytes]:
        """Return what was told, once it was told of the end."""
        self._thread.join(PATIENCE)
        return self.told


def test_it_says_writes_and_logs_what_it_does_and_ends_when_it_is_asked_to(
    office: Office, tmp_path: Path
) -> None:
    office.put("STP.xlsx")
    office.put("sai.xlsx", "wrong")
    manager = Manager(tmp_path / "notify")
    with running(office, NOTIFY_SOCKET=str(tmp_path / "notify")) as watch:
        watch.until((office.workspace.outbox / "STP").exists)
        watch.until(healthy(office))
        code, said, erred = watch.stop(signal.SIGTERM)
    assert (code, erred) == (0, "")
    told = manager.everything()
    assert (told[0], told[-1]) == (b"READY=1", b"STOPPING=1")
    assert set(told[1:-1]) == {b"WATCHDOG=1"}
    lines = said.splitlines()
    assert lines[0] == f"Đang trực {office.inbox}. Dừng bằng Ctrl+C."
    assert [line[9:] for line in lines[1:3]] == [
        "STP.xlsx (STP, lần nộp 1): hợp lệ",
        "sai.xlsx (STP, lần nộp 2): bị trả lại",
    ]
    assert lines[-1] == "Đã dừng. Những gì đã ghi vẫn còn; khởi động lại để thu tiếp."
    entries = log(office)
    assert [e["message"] for e in entries] == ["started", "arrived", "arrived", "stopped"]
    facts = {key: entries[2][key] for key in ("file", "unit", "version", "status", "codes")}
    refused = office.recorded()[1]
    assert facts.pop("codes") == [found.code for found in refused.findings]
    assert facts == {"file": "sai.xlsx", "unit": "STP", "version": 2, "status": "invalid"}
    assert entries[-1]["finished"] is True


IN_THE_MIDST = """
import time
from pathlib import Path

from xlscore.cli import main
from xlscore.intake import Intake
from xlscore.watching import loop

real = Intake._record

def record(intake, this, workspace, taken, outcomes):
    real(intake, this, workspace, taken, outcomes)
    if taken:
        Path({flag!r}).touch()
        while not intake._stopping():
            time.sleep(0.01)

if __name__ == "__main__":
    Intake._record = record
    loop._PATIENCE = 300.0
    main()
"""
"""Goes no further than the first files before it is asked to stop, however slow the one who asks."""


@pytest.mark.parametrize(("number", "group"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_it_ends_in_the_midst_of_many_files_and_the_next_start_takes_the_rest(
    office: Office, tmp_path: Path, number: int, group: bool
) -> None:
    data = office.returns["first"]
    names = [f"{number:03}.xlsx" for number in range(100)]
    for name in names:
        (office.inbox / name).write_bytes(commented(data, name))
    flag, script = tmp_path / "begun", tmp_path / "in_the_midst.py"
    script.write_text(IN_THE_MIDST.format(flag=str(flag)), encoding="utf-8")
    with running(office, (sys.executable, str(script), "watch", "-C")) as watch:
        watch.until(flag.exists)
        code, _said, erred = watch.stop(number, group=group)
        watch.alone()
    assert (code, erred) == (0, "")
    taken = [r.file for r in office.recorded()]
    assert 0 < len(taken) < 100
    office.collect()
    after = office.recorded()
    assert sorted(r.file for r in after) == names
    assert {r.status.value for r in after} == {"valid"}
    assert [r.file for r in after[: len(taken)]] == taken


SLOW_TO_START = """
import sys, time
from pathlib import Path

if "--multiprocessing-fork" in sys.argv:
    Path({flag!r}).touch()
    time.sleep(3600)
"""
"""Nothing but a worker's start: whoever waits for the worker's first answer waits for ever."""


def test_ctrl_c_while_its_workers_are_starting_ends_it_without_a_traceback(
    office: Office, tmp_path: Path
) -> None:
    flag, early = tmp_path / "starting", tmp_path / "early"
    early.mkdir()
    (early / "sitecustomize.py").write_text(SLOW_TO_START.format(flag=str(flag)), encoding="utf-8")
    for number in range(70):
        name = f"{number}.xlsx"
        (office.inbox / name).write_bytes(commented(office.returns["first"], name))
    with running(office, PYTHONPATH=os.pathsep.join([str(early), str(ROOT)])) as watch:
        watch.until(flag.exists)
        code, _said, erred = watch.stop(signal.SIGINT, group=True)
        watch.alone()
    assert (code, erred) == (0, "")


HANGING = """
import os, sys, time
from pathlib import Path

real = os.scandir

def scandir(path="."):
    if Path({flag!r}).exists() and str(path).startswith({inbox!r}):
        Path({hangs!r}).touch()
        time.sleep(3600)
    return real(path)

os.scandir = scandir
from xlscore.cli import main
sys.argv[0] = "xlscore"
main()
"""


def test_it_ends_although_the_share_hangs_and_its_health_grows_old(
    office: Office, tmp_path: Path
) -> None:
    flag, hangs, script = tmp_path / "hang", tmp_path / "hangs", tmp_path / "hanging.py"
    given = {"flag": str(flag), "hangs": str(hangs), "inbox": str(office.inbox)}
    script.write_text(HANGING.format(**given), encoding="utf-8")
    with running(office, (sys.executable, str(script), "watch", "-C")) as watch:
        watch.until(healthy(office))
        flag.touch()
        watch.until(hangs.exists)
        before = office.workspace.health_path.read_bytes()
        time.sleep(1.5)
        assert office.workspace.health_path.read_bytes() == before
        code, _said, erred = watch.stop(signal.SIGTERM)
    assert code == 3
    assert erred.startswith("Đã dừng khi thư mục dùng chung không trả lời")
    health = read_health(office.workspace.health_path)
    assert health is not None
    assert is_stale(health, health.last_scan + timedelta(seconds=61))
    assert not log(office)[-1]["finished"]


def test_a_fifo_in_the_place_of_a_file_does_not_hold_it_up(office: Office) -> None:
    os.mkfifo(office.inbox / "STP.xlsx")
    office.put("STC.xlsx", "other")
    with running(office) as watch:
        watch.until((office.workspace.outbox / "STC").exists)
        assert watch.stop(signal.SIGTERM)[0] == 0
    assert {r.file: r.status.value for r in office.recorded()} == {
        "STC.xlsx": "valid",
        "STP.xlsx": "rejected",
    }


def test_its_workers_end_when_it_is_killed(office: Office) -> None:
    data = office.returns["first"]
    for number in range(150):
        (office.inbox / f"{number}.xlsx").write_bytes(commented(data, str(number)))
    with running(office) as watch:
        watch.until(lambda: any(office.workspace.archive.glob("??/*.json")))
        watch.process.kill()
        watch.process.wait()
        watch.alone()
    office.collect()
    assert len(office.recorded()) == 150


# --- a share ----------------------------------------------------------------------------------------

SFTP_SERVER = next(
    (p for p in map(Path, ("/usr/lib/openssh/sftp-server", "/usr/libexec/sftp-server")) if p.exists()),
    None,
)  # fmt: skip


class Share:
    """A folder mounted through sshfs, whose server can be frozen."""

    def __init__(self, served: Path, at: Path) -> None:
        self.at = at
        ours, theirs = socket.socketpair()
        with ours, theirs:
            self.server = subprocess.Popen(
                [str(SFTP_SERVER)], stdin=theirs.fileno(), stdout=theirs.fileno()
            )
            self.client = subprocess.Popen(
                ["sshfs", f":{served}", str(at), "-f", "-o", "passive,dir_cache=no"],
                stdin=ours.fileno(), stdout=ours.fileno(), stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def is_mounted(self) -> bool:
        end = time.monotonic() + PATIENCE
        while self.client.poll() is None and time.monotonic() < end:
            if os.path.ismount(self.at):
                return True
            time.sleep(0.05)
        return False

    def freeze(self) -> None:
        self.server.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.server.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self.thaw()
        unmount = shutil.which("fusermount3") or "umount"
        subprocess.run([unmount, *(["-u"] if "fuser" in unmount else []), "-z", str(self.at)]
                       if "fuser" in unmount else [unmount, "-l", str(self.at)],
                       check=False, capture_output=True)  # fmt: skip
        for process in (self.client, self.server):
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture
def share(office: Office, tmp_path: Path) -> Iterator[Share]:
    """The office's inbox as a real share: other clients write to the served folder."""
    if shutil.which("sshfs") is None or SFTP_SERVER is None:
        pytest.skip("needs sshfs and OpenSSH's sftp-server")
    served = tmp_path / "served"
    office.inbox.rename(served)
    office.inbox.mkdir()
    made = Share(served, office.inbox)
    try:
        if not made.is_mounted():
            pytest.skip("this machine cannot mount through FUSE")
        yield made
    finally:
        made.close()


def test_what_other_clients_put_on_a_share_is_found_and_a_share_that_is_frozen_holds_nobody(
    office: Office, share: Share, tmp_path: Path
) -> None:
    served = tmp_path / "served"
    with running(office, IMPATIENT) as watch:
        watch.until(healthy(office))
        (served / "STP.xlsx").write_bytes(office.returns["first"])
        watch.until((office.workspace.outbox / "STP").exists)
        share.freeze()
        watch.until(unwell(office))
        (served / "STC.xlsx").write_bytes(office.returns["other"])
        share.thaw()  # and it goes on by itself
        watch.until((office.workspace.outbox / "STC").exists)
        share.freeze()
        watch.until(unwell(office))
        watch.process.send_signal(signal.SIGTERM)
        assert watch.process.stderr is not None
        assert "không trả lời" in watch.process.stderr.readline()  # the share still hangs
        share.thaw()  # FUSE lets nobody go whose request its server has taken, not even a killed one
        assert watch.process.wait(PATIENCE) == 3
    assert sorted(office.told()) == [("STC.xlsx", "valid", 1), ("STP.xlsx", "valid", 1)]


def test_a_share_that_dies_is_told_and_what_it_holds_is_found_when_it_is_back(
    office: Office, share: Share, tmp_path: Path
) -> None:
    served = tmp_path / "served"
    with running(office) as watch:
        watch.until(healthy(office))
        share.close()  # unmounted: an empty folder is left
        (served / "STP.xlsx").write_bytes(office.returns["first"])
        watch.until(lambda: any(e["message"] == "trouble" for e in log(office)))
        again = Share(served, office.inbox)
        try:
            assert again.is_mounted()
            watch.until((office.workspace.outbox / "STP").exists)
            code, said, erred = watch.stop(signal.SIGTERM)
        finally:
            again.close()
    assert code == 0
    assert erred.count("\n") == 1
    assert "STP.xlsx (STP, lần nộp 1): hợp lệ" in said
    assert office.told() == [("STP.xlsx", "valid", 1)]
