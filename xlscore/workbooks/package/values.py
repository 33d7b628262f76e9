"""What a returned workbook is read into, and the named ways in which it is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

Kind = Literal["number", "text", "boolean", "error", "date", "blank"]
NumberFormat = Literal["general", "date", "percent", "text"]
SheetState = Literal["visible", "hidden", "veryHidden"]

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold before it is refused.

    The defaults are those of returns: a filled scorecard has about 30 kB, what makes returns large is
    pictures pasted into them. One million tags are about 250,000 filled cells, or 900 scorecards' worth
    of one unit; what parsed parts hold takes up to ten times their size in memory.
    """

    file: int = 16 * 2**20
    members: int = 512
    member: int = 24 * 2**20
    total: int = 64 * 2**20
    tags: int = 1_000_000
    xml: int = 16 * 2**20


RETURNS = Limits()


class PackageFault(StrEnum):
    """Why a file is not read. The values are permanent names."""

    EMPTY = "empty"
    NOT_A_REGULAR_FILE = "not-a-regular-file"
    SYMLINK = "symlink"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    OLD_XLS = "old-xls"
    ENCRYPTED = "encrypted"
    ODS = "ods"
    XLSB = "xlsb"
    CSV_OR_TEXT = "csv-or-text"
    PDF = "pdf"
    OTHER_FORMAT = "other-format"
    DAMAGED = "damaged"
    BOMB = "bomb"
    AMBIGUOUS = "ambiguous"
    FORBIDDEN_XML = "forbidden-xml"
    UNSAFE_PATH = "unsafe-path"
    MISSING_PART = "missing-part"


class PackageError(Exception):
    """A file that is refused: the fault, where it lies, and plain words for the message.

    `details` holds short texts under the keys `what` (with `what_en` where it is
    Vietnamese), `member`, `format`, `limit` and `value`.
    """

    def __init__(self, fault: PackageFault, /, **details: str) -> None:
        super().__init__(fault, details)
        self.fault = fault
        self.details = details
        self.sheet: str | None = None
        self.cell: str | None = None

    def __str__(self) -> str:
        place = {"sheet": self.sheet, "cell": self.cell}
        told = {**self.details, **{key: text for key, text in place.items() if text}}
        return f"{self.fault}: " + ", ".join(f"{key}={text}" for key, text in told.items())


class Cell(NamedTuple):
    """One cell that holds a value or a formula.

    `row` and `column` count from 1. `value` is the text of a number or date serial exactly as the
    file writes it; decoded NFC text; "TRUE" or "FALSE"; or the error's name. `kind` is "blank" for
    a formula that carries no cached value. `formula` is None where there is none, and "" for a
    dependant of a shared formula, whose text stands in another cell.
    """

    row: int
    column: int
    kind: Kind
    value: str
    formula: str | None
    format: NumberFormat

    @property
    def address(self) -> str:
        """The A1 address."""
        return cell_address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet in workbook order; a chart sheet has no cells."""

    name: str
    state: SheetState
    protected: bool
    cells: Mapping[tuple[int, int], Cell]


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook as it stands in its file: nothing is computed, and nothing is judged.

    `properties` are the custom document properties; `defined_names` the names of the whole
    workbook with their formula text; `application` is the program that says it saved the file.
    """

    sheets: tuple[Sheet, ...]
    properties: Mapping[str, str]
    defined_names: Mapping[str, str]
    has_macros: bool
    has_external_links: bool
    application: str
    date_1904: bool


def column_letters(number: int) -> str:
    """The letters of a column, counted from 1; ValueError where a sheet has no such column."""
    if not 1 <= number <= LAST_COLUMN:
        raise ValueError(f"no such column: {number}")
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_address(row: int, column: int) -> str:
    """The A1 address of a cell; ValueError outside a sheet."""
    if not 1 <= row <= LAST_ROW:
        raise ValueError(f"no such row: {row}")
    return f"{column_letters(column)}{row}"


def parse_address(text: str) -> tuple[int, int]:
    """(row, column) of a plain A1 address; ValueError for anything else or outside a sheet."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise ValueError(f"not a cell address: {text[:20]!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if row > LAST_ROW or column > LAST_COLUMN:
        raise ValueError(f"outside a sheet: {text}")
    return row, column
