"""Write what a person typed into a cell: as it was typed, right or wrong, and never as a formula."""

from __future__ import annotations

from xlsxwriter.format import Format

from xlscore.numbers import from_excel
from xlscore.workbooks.pen import Pen, WritingError
from xlscore.workbooks.sheet_xml import CellContent

ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
"""The errors that a cell may hold as a constant (ECMA-376 18.18.11)."""


def write_content(pen: Pen, row: int, column: int, content: CellContent, look: Format) -> None:
    """Write one input cell.

    Raises:
        WritingError: dates, percents and formulas must have been made texts or numbers before.
        ValueError: a number is beyond what `from_excel` takes.
    """
    match content:
        case CellContent("number", value, None):
            # The 15 digits that Excel shows: XlsxWriter rounds to 16, and twice is once too often.
            pen.number(row, column, from_excel(value), look)
        case CellContent("text", value, None):
            pen.text(row, column, value, look)
        case CellContent("boolean", value, None):
            pen.sheet.write_boolean(row, column, value == "TRUE", look)
        case CellContent("error", value, None):
            # XlsxWriter has no error constants; the formula is taken out again by the renderer.
            known = value if value in ERRORS else "#VALUE!"
            pen.formula(row, column, known, known, look)
        case _:
            raise WritingError(f"content {content!r}")
