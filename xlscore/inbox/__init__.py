"""The inbox (hộp nhận): which files are there, what their names say, and which have stopped changing.

Our own scan is the truth; whatever wakes it up is only a hint.
"""

from xlscore.inbox.names import conflict_copy, owner_of
from xlscore.inbox.scanning import Entry, Scan, scan, top_folder
from xlscore.inbox.settling import Settled, Tracker

__all__ = [
    "Entry",
    "Scan",
    "Settled",
    "Tracker",
    "conflict_copy",
    "owner_of",
    "scan",
    "top_folder",
]
