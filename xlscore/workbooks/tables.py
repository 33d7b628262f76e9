"""Tables that operators keep in Excel: units, surveys. CSV goes the core's own way."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlscore.table import Table, TableError, build_table, read_csv


def read_table(path: Path, aliases: Mapping[str, str]) -> Table:
    """Read a .csv, or the first sheet of an .xlsx, of the operator's own.

    Raises:
        TableError: unreadable, or another format.
    """
    if path.suffix.lower() != ".xlsx":
        return read_csv(path, aliases)
    return build_table(path.name, _rows(path), aliases)


def _rows(path: Path) -> list[tuple[int, list[str], list[str]]]:
    import openpyxl  # noqa: PLC0415  heavy, and only needed for .xlsx tables
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = openpyxl.load_workbook(path, data_only=True, read_only=False)
    except OSError as error:
        raise TableError(error.strerror or str(error)) from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise TableError(str(error)) from error
    sheet = book.worksheets[0]
    rows = [
        (cells[0].row, [_text(c.value) for c in cells], [c.coordinate for c in cells])
        for cells in sheet.iter_rows()
    ]
    book.close()
    return rows


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
