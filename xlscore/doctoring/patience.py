"""A limit to what may take for ever: a network that swallows packets, a keyring that asks somebody."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def within(seconds: float, call: Callable[[], Result]) -> Result:
    """Return what a call returns, or raise what it raises.

    A look-up of a name cannot be broken off, so the call has a thread of its own; one that is given up
    ends whenever it does, and keeps nobody.

    Raises:
        TimeoutError: it took longer.
    """
    told: SimpleQueue[tuple[Result | None, BaseException | None]] = SimpleQueue()

    def work() -> None:
        try:
            told.put((call(), None))
        except BaseException as error:  # noqa: BLE001  whatever it is, it is raised where it was asked for
            told.put((None, error))

    Thread(target=work, name="xlscore-doctor", daemon=True).start()
    try:
        result, error = told.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # without an error there is one
