"""Move rows and columns of an issued form, formulas following, as a spreadsheet program does."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.campaigns import FORM, part
from xlscore.workbooks.members import replace_members
from xlscore.workbooks.package import column_letters, parse_address

Shift = Callable[[int], int]
_ROW = re.compile(r"<row r=\"(\d+)\"([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL = re.compile(r"<c r=\"([A-Z]+\d+)\"([^>]*?)(/>|>(?:.*?)</c>)", re.DOTALL)
_REFERENCE = re.compile(
    r"'[^']*'!\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?|\"[^\"]*\"|\b[A-Z]{1,3}\d+\b"
)


def same(number: int) -> int:
    """Leave a row or column where it is."""
    return number


def inserted(*before: int) -> Shift:
    """One new row or column before each of these."""
    return lambda number: number + sum(1 for place in before if place <= number)


def swapped(first: int, second: int) -> Shift:
    """Two columns change places."""
    return lambda number: {first: second, second: first}.get(number, number)


def moved(address: str, rows: Shift = same, columns: Shift = same) -> str:
    row, column = parse_address(address)
    return f"{column_letters(columns(column))}{rows(row)}"


def reshaped(data: bytes, rows: Shift = same, columns: Shift = same) -> bytes:
    """Return the workbook with the form's cells moved; merges and validations stay behind."""
    sheet = part(data, FORM)
    start, _, rest = sheet.partition("<sheetData>")
    body, _, end = rest.partition("</sheetData>")
    found = [(rows(int(m[1])), m[2], m[3] or "") for m in _ROW.finditer(body)]
    made = [
        f'<row r="{number}"{_attributes(kept)}>{_cells(cells, rows, columns)}</row>'
        for number, kept, cells in sorted(found)
    ]
    end = re.sub(
        r"<(mergeCells|dataValidations)\b.*?</\1>|<conditionalFormatting.*?</conditionalFormatting>",
        "",
        end,
        flags=re.DOTALL,
    )
    start = re.sub(r"<dimension[^>]*/>", "", start)
    whole = f"{start}<sheetData>{''.join(made)}</sheetData>{end}"
    return replace_members(data, {FORM: whole.encode()})


def _attributes(kept: str) -> str:
    return re.sub(r' spans="[^"]*"', "", kept)


def _cells(cells: str, rows: Shift, columns: Shift) -> str:
    found = []
    for match in _CELL.finditer(cells):
        address = moved(match[1], rows, columns)
        content = re.sub(
            r"<f>(.*?)</f>",
            lambda f: (
                f"<f>{_REFERENCE.sub(lambda r: _moved_reference(r[0], rows, columns), f[1])}</f>"
            ),
            match[3],
        )
        found.append((parse_address(address)[1], f'<c r="{address}"{match[2]}{content}'))
    return "".join(cell for _, cell in sorted(found))


def _moved_reference(text: str, rows: Shift, columns: Shift) -> str:
    return text if text[0] in "'\"" else moved(text, rows, columns)


def hidden(data: bytes) -> bytes:
    """Return the workbook with rows 9 to 12 and the columns of maximum and evidence hidden."""
    sheet = re.sub(r'<row r="(9|10|11|12)"', r'<row r="\1" hidden="1"', part(data, FORM))
    sheet = re.sub(r'<col min="(4|7)"', r'<col hidden="1" min="\1"', sheet)
    return replace_members(data, {FORM: sheet.encode()})
