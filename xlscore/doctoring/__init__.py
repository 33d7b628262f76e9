"""Examine a campaign and the host that runs it (kiểm tra máy): what would go wrong before it does.

Each check is a small function that looks at one thing and changes nothing; the only writing is a
temporary file in a folder whose rights and clock are in question, removed at once.
"""

from xlscore.doctoring.checks import Check, Group, Level
from xlscore.doctoring.examining import examine

__all__ = ["Check", "Group", "Level", "examine"]
