"""A rubric as an Excel workbook, written for officers to edit, and read back without loss.

Sheets: the criteria (one row per node), the header of the rubric, a guide. The way through is
`rubric → rows → cells` and `cells → plain data → rubric_file.parse_rubric`, so that a workbook is
typed and linted by the very code that reads YAML; its findings name cells instead of lines.
"""

from __future__ import annotations

from xlscore.workbooks.rubric_book.document import dump_rubric
from xlscore.workbooks.rubric_book.reading import import_rubric
from xlscore.workbooks.rubric_book.writing import export_rubric

__all__ = ["dump_rubric", "export_rubric", "import_rubric"]
