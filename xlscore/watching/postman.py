"""Letters that are due again, tried between turns; whatever goes wrong with them never stops the intake."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from xlscore.i18n import _
from xlscore.ledger import Ledger, LetterRow, LetterState
from xlscore.sending import is_due, send_waiting
from xlscore.workspace import Workspace

_PATIENCE = 15.0
"""Seconds that the server may be silent, and that one round lasts about: units wait for their receipts."""


class Postman:
    """Tries the letters of one campaign."""

    def __init__(self, workspace: Workspace, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._workspace, self._ledger, self._now = workspace, ledger, now

    def go_round(self, stopping: Callable[[], bool]) -> tuple[list[LetterRow], list[str]]:
        """Try what is due; return the letters that came to a new state, and what is the matter.

        That stays the same from turn to turn while nothing changes, so that it is told once.
        """
        until = time.monotonic() + _PATIENCE
        try:
            done = []
            if self._is_due(self._ledger.open_letters()):
                done = send_waiting(
                    self._workspace,
                    self._ledger,
                    now=self._now,
                    stopping=lambda: stopping() or time.monotonic() > until,
                    patience=_PATIENCE,
                ).done
            return done, list(_troubles(self._ledger.open_letters()))
        except Exception as error:  # the intake goes on, whatever becomes of letters
            logging.getLogger("xlscore.watch").exception("letters")
            return [], [_("letters: {why}", why=error)]

    def _is_due(self, rows: Iterable[LetterRow]) -> bool:
        now = self._now()
        return any(row.state is LetterState.SENDING or is_due(row, now) for row in rows)


def _troubles(rows: list[LetterRow]) -> Iterator[str]:
    waiting = Counter(r.error for r in rows if r.state is LetterState.WAITING and r.error)
    for why, count in waiting.items():
        yield _("{count} letters wait: {why}", count=count, why=why)
    if uncertain := sum(row.state is LetterState.UNCERTAIN for row in rows):
        yield _("{count} letters are uncertain: see “xlscore send --list”.", count=uncertain)
