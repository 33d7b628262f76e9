"""The workbook of a what-if comparison (so sánh giả định): what is supposed, and what would follow."""

from xlscore.workbooks.comparison.write import write_comparison
from xlscore.workbooks.ranking.book import TargetInUseError

__all__ = ["TargetInUseError", "write_comparison"]
