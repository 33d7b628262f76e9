"""Worker processes: they end with their parent, and Ctrl+C at the console never reaches them."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

_MOST_WORKERS = 61
"""Windows waits for no more processes at once."""


def workers(
    prepare: Callable[..., None], *given: Any, number: int | None = None
) -> ProcessPoolExecutor:
    """Return a pool of `number` processes (default: one per core), each of which ran `prepare(*given)`.

    Hand work over with `ask` only: it is then that the processes are started.
    """
    # `spawn` everywhere: what is tested on Linux is what runs on Windows.
    return ProcessPoolExecutor(
        number or min(_MOST_WORKERS, os.cpu_count() or 1),
        mp_context=get_context("spawn"),
        initializer=_start,
        initargs=(prepare, given),
    )


def ask(
    pool: ProcessPoolExecutor, question: Callable[[Asked], Answer], about: Asked
) -> Future[Answer]:
    """Hand `question(about)` to a process of `pool`, which is started if need be."""
    with _unheard_interrupts():
        return pool.submit(question, about)


@contextmanager
def _unheard_interrupts() -> Iterator[None]:
    """Let processes that this thread starts be deaf to Ctrl+C from their very first moment.

    Ctrl+C reaches every process of a console; whether to stop, their parent decides. A process that
    closed its ears itself could be interrupted before, while it still imports, and would tell so in a
    traceback. What a process is deaf to, its children inherit, on Windows as elsewhere. On Windows the
    whole process is deaf for that moment: a Ctrl+C in it is lost, and has to be pressed again.
    """
    if sys.platform == "win32":
        control = ctypes.windll.kernel32.SetConsoleCtrlHandler
        control(None, 1)
        try:
            yield
        finally:
            control(None, 0)
    else:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            # One that came meanwhile is heard now.
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(prepare: Callable[..., None], given: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(*given)


def _end_with_parent() -> None:
    # A pool's workers wait for ever once their parent was killed.
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
