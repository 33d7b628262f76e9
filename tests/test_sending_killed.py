"""Killed at any step, or its ledger lost: no letter goes out twice, and what is not known is said so."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.intake_office import ROOT, posix
from tests.mail_office import MailOffice, Server, running
from tests.sending_killed import STEPS
from xlscore.upkeep import check_ledger, rebuild
from xlscore.workspace import open_workspace

AFTER = {
    "queued": ("sent", 1),
    "connected": ("sent", 1),
    "marked": ("uncertain", 0),
    "content": ("uncertain", 0),
    "answered": ("uncertain", 1),
    "committed": ("sent", 1),
}
"""What stands after the next run, and how often the first letter arrived."""


@posix
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step_the_letter_arrives_at_most_once(step: str, tmp_path: Path) -> None:
    with running() as server:
        office = MailOffice(tmp_path / "c", server=server.settings())
        office.queue("a@x.vn", "b@x.vn", content=bytes(5000))
        command = [sys.executable, "-m", "tests.sending_killed", str(office.root), step]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=300)
        assert done.returncode == -signal.SIGKILL, done.stderr
        shutil.copytree(office.root, tmp_path / "lost")
        taken = list(server.letters)
        go_on(office, server, step)
        server.letters[:] = taken
        office.workspace = open_workspace(tmp_path / "lost")
        office.workspace.ledger_path.unlink()
        rebuild(office.workspace, office.now)
        go_on(office, server, step)


def go_on(office: MailOffice, server: Server, step: str) -> None:
    for _ in range(2):
        office.send(at_once=True)
    state, times = AFTER[step]
    assert office.states() == [state, "sent"]
    assert [to[0] for to, _ in server.letters] == ["a@x.vn"] * times + ["b@x.vn"]
    assert check_ledger(office.workspace).troubles == []
