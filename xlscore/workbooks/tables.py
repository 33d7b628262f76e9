"""Tables that operators keep in Excel: units, surveys. CSV goes the core's own way."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlscore.numbers import from_excel, plain
from xlscore.reasons import NOT_A_WORKBOOK, of_system
from xlscore.table import Table, TableError, build_table, headings_at, read_csv, separator_of


def read_table(path: Path, aliases: Mapping[str, str]) -> Table:
    """Read a .csv, or the first sheet of an .xlsx, of the operator's own.

    Raises:
        TableError: unreadable, or another format.
    """
    if path.suffix.lower() != ".xlsx":
        return read_csv(path, aliases)
    rows, numbers = _rows(path)
    return build_table(path.name, rows, aliases, numbers)


def headings_only(source: Path, target: Path, aliases: Mapping[str, str]) -> None:
    """Copy a table of the operator's without its rows, so that only its headings are left, and titles.

    Raises:
        TableError: unreadable.
        OSError: `target` cannot be written.
    """
    if source.suffix.lower() != ".xlsx":
        read_csv(source, aliases)  # says why, where it cannot be read
        text = source.read_text(encoding="utf-8-sig")
        lines = [line for line in text.splitlines() if line.strip(" ,;\t")]
        # A line at a time: a title's comma is no separator where the headings have another.
        separator = separator_of(text, aliases)
        cells = [next(csv.reader([line], delimiter=separator)) for line in lines]
        top = headings_at(cells, aliases)
        target.write_text("".join(f"{line}\n" for line in lines[: top + 1]), encoding="utf-8-sig")
        return
    rows, _ = _rows(source)
    import openpyxl

    book = openpyxl.load_workbook(source)
    sheet = book.worksheets[0]
    filled = [(number, texts) for number, texts, _ in rows if any(map(str.strip, texts))]
    heading = filled[headings_at([texts for _, texts in filled], aliases)][0] if filled else 1
    sheet.delete_rows(heading + 1, max(sheet.max_row - heading, 0))
    book.save(target)
    book.close()


def _rows(path: Path) -> tuple[list[tuple[int, list[str], list[str]]], set[str]]:
    """Return the rows, and the addresses of the cells that hold numbers."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, data_only=True, read_only=False)
        sheet = book.worksheets[0]
    except OSError as error:
        raise TableError(of_system(error)) from error
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        SyntaxError,
        LookupError,
        ValueError,
    ) as error:
        raise TableError(NOT_A_WORKBOOK) from error
    lines = list(sheet.iter_rows())
    rows = [
        (number, [_shown(c) for c in cells], [c.coordinate for c in cells])
        for number, cells in enumerate(lines, 1)
    ]
    numbers = {
        c.coordinate
        for cells in lines
        for c in cells
        if type(c.value) in (int, float) and not _is_percent(c)
    }
    book.close()
    return rows, numbers


def _is_percent(cell: Any) -> bool:
    return type(cell.value) in (int, float) and "%" in str(cell.number_format)


def _shown(cell: Any) -> str:
    """Return a cell as text; a share that is shown as `85%` is that, and not 0.85."""
    if _is_percent(cell):
        return f"{plain(from_excel(repr(cell.value)) * 100)}%"
    return _text(cell.value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
