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
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, data_only=True, read_only=False)
        sheet = book.worksheets[0]
    except OSError as error:
        raise TableError(error.strerror or str(error)) from error
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        SyntaxError,
        LookupError,
        ValueError,
    ) as error:
        raise TableError(str(error)) from error
    rows = [
        (number, [_text(c.value) for c in cells], [c.coordinate for c in cells])
        for number, cells in enumerate(sheet.iter_rows(), 1)
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
