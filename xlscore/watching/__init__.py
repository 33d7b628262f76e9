"""Watching the inbox (trực hộp nhận): turn after turn, for months, until somebody stops it.

Our own scan every few seconds is the truth. A worker thread makes the turns, so that a share which hangs
never keeps the program from stopping; whatever the system tells of changes only wakes it early.
"""

from xlscore.watching.loop import Told, Watcher
from xlscore.watching.turns import Turn, Turns, run_once
from xlscore.watching.wakeup import Wakeup

__all__ = ["Told", "Turn", "Turns", "Wakeup", "Watcher", "run_once"]
