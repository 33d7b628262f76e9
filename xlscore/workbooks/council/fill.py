"""Type into an issued council's book as its members would: for demos and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlscore.keyed import BOOK_MARK
from xlscore.workbooks.council.columns import DIFFERENCES, REST_INPUT, STATE_INPUT, Column
from xlscore.workbooks.council.facts import REST, ROW, STATE
from xlscore.workbooks.package import Sheet, cell_address, parse_package
from xlscore.workbooks.scorecard.fill import put
from xlscore.workbooks.scorecard.typed import Typed, content_of
from xlscore.workbooks.sheet_xml import CellContent


@dataclass(frozen=True, slots=True)
class Word:
    """What the council types on one row; None leaves a cell as it is."""

    score: Typed | None = None
    remark: str | None = None


def fill_council(
    data: bytes,
    words: Mapping[tuple[str, str], Word],
    *,
    agreed: bool = False,
    complete: bool = True,
) -> bytes:
    """Return the book with the council's words by unit and leaf id; formulas keep what they show.

    Raises:
        KeyError: the book has no such row.
    """
    typed: dict[str, CellContent] = {}
    places = addresses(data)
    for row, word in words.items():
        for column, said in ((Column.COUNCIL, word.score), (Column.REMARK, word.remark)):
            if said is not None:
                typed[places[(*row, column)]] = _content(said)
    if agreed:
        typed[places[REST, "", Column.COUNCIL]] = content_of(REST_INPUT.choices[0])
    if complete:
        typed[places[STATE, "", Column.COUNCIL]] = content_of(STATE_INPUT.choices[-1])
    return put(data, typed)


def addresses(data: bytes) -> dict[tuple[str, str, str], str]:
    """Return the address of every keyed cell by unit and leaf id (or kind) and column, as it is now."""
    sheet = next(s for s in parse_package(data).sheets if s.name == DIFFERENCES)
    ((key_row, key_column),) = (p for p, cell in sheet.cells.items() if cell.value == BOOK_MARK)
    columns = {
        c.value: n for (row, n), c in sheet.cells.items() if row == key_row and n != key_column
    }
    return {
        (*name, column): cell_address(row, number)
        for name, row in _rows(sheet, key_row, key_column)
        for column, number in columns.items()
    }


def _rows(sheet: Sheet, key_row: int, key_column: int) -> list[tuple[tuple[str, str], int]]:
    found = []
    for (row, column), cell in sheet.cells.items():
        if column == key_column and row != key_row and cell.value:
            kind, unit, node, *_ = cell.value.split("|")
            found.append(((unit, node) if kind == ROW else (kind, ""), row))
    return found


def _content(said: Typed) -> CellContent:
    return CellContent("blank") if said == "" else content_of(said)


__all__ = ["Word", "addresses", "fill_council"]
