"""The marked copy (bản đánh dấu chỗ sai): what a unit gets back for a return that has findings."""

from xlscore.workbooks.marked.copy import Marked, marked_copy
from xlscore.workbooks.marked.leftbehind import LeftBehind

__all__ = ["LeftBehind", "Marked", "marked_copy"]
