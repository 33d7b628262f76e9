"""Send the letters of a campaign and be killed at a named step; run as a script: folder, step."""

from __future__ import annotations

import os
import signal
import smtplib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xlscore.ledger import open_ledger
from xlscore.sending import passing, send_waiting
from xlscore.sending.smtp import Session
from xlscore.workspace import open_workspace


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(real: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, **how: Any) -> Any:
        die()
        return real(*args, **how)

    return called


def after(real: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, **how: Any) -> Any:
        real(*args, **how)
        die()

    return called


def half_sent(self: smtplib.SMTP, data: Any) -> None:
    assert self.sock is not None
    if isinstance(data, bytes) and len(data) > 100:
        self.sock.sendall(data[: len(data) // 2])
        die()
    self.sock.sendall(data if isinstance(data, bytes) else data.encode())


def answered(self: smtplib.SMTP) -> tuple[int, bytes]:
    reply = _getreply(self)
    if b"queued" in reply[1]:
        die()
    return reply


_getreply = smtplib.SMTP.getreply
_Pass: Any = passing._Pass
STEPS: dict[str, Callable[[], None]] = {
    "queued": lambda: setattr(Session, "_connected", before(Session._connected)),
    "connected": lambda: setattr(_Pass, "_mark", before(_Pass._mark)),
    "marked": lambda: setattr(_Pass, "_mark", after(_Pass._mark)),
    "content": lambda: setattr(smtplib.SMTP, "send", half_sent),
    "answered": lambda: setattr(smtplib.SMTP, "getreply", answered),
    "committed": lambda: setattr(_Pass, "_settle", after(_Pass._settle)),
}


def main(root: Path, step: str) -> None:
    STEPS[step]()
    workspace = open_workspace(root)
    with open_ledger(workspace.ledger_path) as ledger:
        send_waiting(workspace, ledger, at_once=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
