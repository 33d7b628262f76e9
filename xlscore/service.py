"""Talking to systemd, which starts and watches the intake on Linux; a no-op everywhere else.

The protocol (`sd_notify(3)`): one datagram of `NAME=value` lines to the socket in `NOTIFY_SOCKET`; a
leading `@` stands for the zero byte of Linux's abstract sockets.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

from xlscore.text import folded

_LONGEST_STATUS = 500


def notify_ready(status: str = "") -> bool:
    """Say that the inbox is watched from now on."""
    return _notify("READY=1", _status(status))


def notify_alive(status: str = "") -> bool:
    """Feed systemd's watchdog.

    To be called where work gets ahead (a scan is complete, a file is taken in), never from a timer of
    its own: that one would go on while the intake hangs.
    """
    return _notify("WATCHDOG=1", _status(status))


def notify_stopping() -> bool:
    """Say that the program ends as it was asked to."""
    return _notify("STOPPING=1")


def watchdog_interval(environ: Mapping[str, str] = os.environ) -> float | None:
    """Return how many seconds may pass between two `notify_alive`; None when nobody waits for them.

    It is half of what the unit's `WatchdogSec` allows, as `sd_watchdog_enabled(3)` recommends.
    """
    allowed, meant_for = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if meant_for and meant_for != str(os.getpid()):  # inherited from a parent that is watched
        return None
    if not (allowed.isascii() and allowed.isdigit()) or int(allowed) == 0:
        return None
    return int(allowed) / 2e6


def _status(text: str) -> str:
    # One line: a line break in a file's name would be a command to systemd.
    said = folded(text).replace("\0", "")[:_LONGEST_STATUS]
    return f"STATUS={said}" if said else ""


def _notify(*lines: str) -> bool:
    """Send what there is to say; return whether somebody took it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not hasattr(socket, "AF_UNIX") or not address.startswith(("/", "@")):
        return False
    target = "\0" + address[1:] if address.startswith("@") else address
    message = "\n".join(line for line in lines if line)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.settimeout(0)  # a manager that does not listen must not stop the intake
            channel.sendto(message.encode("utf-8", "backslashreplace"), target)
    except OSError:
        return False
    return True
