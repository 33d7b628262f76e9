"""Wake the watcher early when the system tells of a change; a hint only, never the truth.

Observers die without a word: on unmounts, renamed folders, shares that blink. So this one is built anew
now and then, in a thread of its own that nobody ever waits for, and a dead one costs nothing but haste.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from watchdog.events import (
    EVENT_TYPE_CLOSED_NO_WRITE,
    EVENT_TYPE_OPENED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

_REBUILT_AFTER = 600.0
_JOIN_SECONDS = 1.0

_READING = {EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE}
"""What our own reading raises: each scan reads the inbox's mark, and must not bring on the next."""


class Wakeup(FileSystemEventHandler):
    """Sets an event when anything below a folder changes."""

    def __init__(self, folder: Callable[[], Path], wake: threading.Event) -> None:
        """Prepare.

        Args:
            folder: tells the folder of today each time the observer is built anew.
        """
        self._folder, self._wake = folder, wake
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wakeup", daemon=True)

    def start(self) -> None:
        """Begin, in a thread that ends with the program."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; it is not waited for, since a share that hangs would hold it."""
        self._stop.set()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Wake the watcher, whatever changed: what it means, the scan finds out."""
        if event.event_type not in _READING:
            self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            observer = Observer()
            observer.daemon = True
            try:
                observer.schedule(self, str(self._folder()), recursive=True)
                observer.start()
            except Exception:  # noqa: BLE001  too many watches, no folder, an odd file system: do without
                self._stop.wait(_REBUILT_AFTER)
                continue
            self._stop.wait(_REBUILT_AFTER)
            with suppress(Exception):
                observer.stop()
                observer.join(_JOIN_SECONDS)
