"""The ranking workbook (bảng kết quả xếp hạng): from results to the file that leadership receives."""

from xlscore.workbooks.ranking.book import TargetInUseError
from xlscore.workbooks.ranking.plugin_parts import RankingBook, RankingColumn
from xlscore.workbooks.ranking.scope import Scope
from xlscore.workbooks.ranking.write import write_ranking

__all__ = ["RankingBook", "RankingColumn", "Scope", "TargetInUseError", "write_ranking"]
