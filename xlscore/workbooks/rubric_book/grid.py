"""An officer's own workbook as grids of cells: values, formulas and number formats."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlscore.reasons import NOT_A_WORKBOOK, of_system
from xlscore.workbooks.rubric_book.cellvalues import Raw
from xlscore.workbooks.rubric_book.columns import same_words

Grid = Mapping[tuple[int, int], Raw]
"""Cells by row and column, from 1; blank ones are left out."""


class NotAWorkbookError(Exception):
    """The file cannot be read as .xlsx; the arguments say why, in Vietnamese and in English."""


def read_grids(path: Path) -> dict[str, Grid]:
    """Return every worksheet by name, in order.

    Raises:
        NotAWorkbookError: unreadable, or no .xlsx.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError)
    try:
        values = openpyxl.load_workbook(path, data_only=True)
        formulas = openpyxl.load_workbook(path)
    except OSError as error:
        raise NotAWorkbookError(*of_system(error)) from error
    except broken as error:
        raise NotAWorkbookError(*NOT_A_WORKBOOK) from error
    return {sheet.title: _grid(sheet, formulas[sheet.title]) for sheet in values.worksheets}


def _grid(values: Any, formulas: Any) -> Grid:
    grid = {}
    for row in values.iter_rows():
        for cell in row:
            under = formulas.cell(cell.row, cell.column)
            formula = str(under.value) if under.data_type == "f" else ""
            raw = Raw(cell.value, formula, cell.number_format)
            if not raw.is_blank:
                grid[cell.row, cell.column] = raw
    return grid


def address(row: int, column: int) -> str:
    """Return the A1 address of a cell."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def words(grid: Grid, row: int, column: int) -> str:
    """Return a cell's text in comparable words, empty for a blank."""
    raw = grid.get((row, column))
    return same_words(str(raw.value)) if raw else ""
