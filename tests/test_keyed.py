"""Books that span units: a row is known by its sealed key alone, wherever it has been moved to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns import assert_readable
from xlscore.findings import Finding
from xlscore.identity import KeyRing
from xlscore.keyed import BOOK_MARK, RowKey, opened
from xlscore.workbooks.keyedsheet import KeyedSheet, find_keyed
from xlscore.workbooks.package import Cell, Package, Sheet

RING = KeyRing("k1", {"k1": b"1" * 32})
RENEWED = KeyRing("k2", {"k1": b"1" * 32, "k2": b"2" * 32})
FOREIGN = KeyRing("k1", {"k1": b"3" * 32})
SERIAL = 7
FIRST = RowKey("R", "STP", "n1.1", "", ("0a1b2c3d", "1.5"))
SECOND = RowKey("R", "STC", "n1.1", "", ("4e5f6071", ""))
FIGURE = RowKey("F", "STC", "n1.1", "numerator")
NEEDED = {"decision": "Kết luận", "score": "Điểm thẩm định"}
Grid = dict[tuple[int, int], str]

PART = st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"]), max_size=12)
KEY = st.builds(RowKey, PART, PART, PART, PART, st.lists(PART, max_size=4).map(tuple))


# --- one key --------------------------------------------------------------------------------------


@given(KEY, st.integers(1, 10**6))
def test_a_row_key_comes_back_as_it_was_sealed(key: RowKey, serial: int) -> None:
    assert opened(key.sealed(serial, RING), serial, RING) == key
    assert opened(key.sealed(serial, RING), serial, RENEWED) == key


@given(KEY, st.integers(1, 10**6), st.integers(0, 200), st.characters(exclude_categories=["Cs"]))
def test_a_row_key_with_one_letter_altered_is_none(
    key: RowKey, serial: int, place: int, letter: str
) -> None:
    text = key.sealed(serial, RING)
    place %= len(text)
    altered = f"{text[:place]}{letter}{text[place + 1 :]}"
    assert altered == text or opened(altered, serial, RING) is None


@given(KEY, st.integers(1, 10**6))
def test_a_row_key_of_another_book_or_campaign_is_none(key: RowKey, serial: int) -> None:
    assert opened(key.sealed(serial + 1, RING), serial, RING) is None
    assert opened(key.sealed(serial, FOREIGN), serial, RING) is None


@pytest.mark.parametrize("text", ["", "|", "R|STP|n1", "|||||", "Tổng cộng", "é" * 20, BOOK_MARK])
def test_another_text_is_no_row_key(text: str) -> None:
    assert opened(text, SERIAL, RING) is None


@pytest.mark.parametrize("key", [{"unit": "a|b"}, {"slot": "|"}, {"facts": ("1", "x|")}])
def test_a_part_that_would_be_read_as_two_is_refused(key: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no part of a row key"):
        replace(FIRST, **key)


# --- the sheet ------------------------------------------------------------------------------------


def keys(*rows: RowKey, serial: int = SERIAL, ring: KeyRing = RING) -> list[str]:
    return [row.sealed(serial, ring) for row in rows]


def grid(rows: Sequence[str], columns: Sequence[str], at: tuple[int, int] = (1, 1)) -> Grid:
    """Return key row and key column from their mark on, and a text where each row crosses a column."""
    top, left = at
    cells = {at: BOOK_MARK}
    for r, row in enumerate(rows, top + 1):
        cells[r, left] = row
        for c, column in enumerate(columns, left + 1):
            cells[top, c] = column
            cells[r, c] = f"{column} of {row}"
    return {place: text for place, text in cells.items() if text}


def package(*grids: Grid) -> Package:
    sheets = tuple(
        Sheet(
            f"Sổ {n}",
            "visible",
            protected=True,
            cells={at: Cell(*at, "text", text, None, "text") for at, text in cells.items()},
        )
        for n, cells in enumerate(grids, 1)
    )
    return Package(
        sheets, {}, {}, has_macros=False, has_external_links=False, application="", date_1904=False
    )


def found(*grids: Grid) -> KeyedSheet:
    sheet = find_keyed(package(*grids), NEEDED, SERIAL, RING)
    assert isinstance(sheet, KeyedSheet)
    for told in sheet.findings:
        assert_readable(told)
    return sheet


def refused(*grids: Grid) -> Finding:
    told = find_keyed(package(*grids), NEEDED, SERIAL, RING)
    assert isinstance(told, Finding)
    assert_readable(told)
    return told


BOOK = keys(FIRST, SECOND, FIGURE)


def typed(sheet: KeyedSheet, key: RowKey, column: str) -> str:
    cell = sheet.cell(key, column)
    return "" if cell is None else cell.value


@pytest.mark.parametrize("at", [(1, 1), (4, 3)])
@pytest.mark.parametrize("rows", [BOOK, BOOK[::-1], [BOOK[1], "", "", BOOK[0], BOOK[2]]])
@pytest.mark.parametrize("columns", [["decision", "score"], ["x", "score", "", "decision"]])
def test_rows_and_columns_are_found_wherever_they_were_moved(
    rows: list[str], columns: list[str], at: tuple[int, int]
) -> None:
    sheet = found(grid(rows, columns, at))
    assert sheet.findings == []
    assert set(sheet.rows) == {FIRST, SECOND, FIGURE}
    for key, text in zip((FIRST, SECOND, FIGURE), BOOK, strict=True):
        assert typed(sheet, key, "score") == f"score of {text}"
        assert typed(sheet, key, "decision") == f"decision of {text}"


def test_a_cell_knows_its_address_and_what_is_not_there_has_none() -> None:
    sheet = found(grid(BOOK, ["decision", "score"], (4, 3)))
    assert (sheet.name, sheet.address(SECOND, "score")) == ("Sổ 1", "E6")
    assert (sheet.address(SECOND, "reason"), sheet.cell(SECOND, "reason")) == ("", None)
    away = RowKey("R", "AB", "n1.1")
    assert (sheet.address(away, "score"), sheet.cell(away, "score")) == ("", None)


def test_the_book_may_stand_on_any_sheet() -> None:
    other = {(1, 1): "Hướng dẫn", (2, 1): BOOK[0]}
    assert found(other, grid(BOOK, ["decision", "score"])).name == "Sổ 2"


def _altered(text: str) -> str:
    return text.replace("0a1b2c3d", "0a1b2c3e")


@pytest.mark.parametrize(
    "foreign",
    [
        _altered(BOOK[0]),
        BOOK[0].upper(),
        *keys(FIRST, serial=SERIAL - 1),
        *keys(FIRST, ring=FOREIGN),
        "Tổng",
    ],
    ids=["facts altered", "seal altered", "of another book", "of another campaign", "no key"],
)
def test_a_row_whose_key_is_altered_or_foreign_is_left_out_and_told(foreign: str) -> None:
    sheet = found(grid([foreign, *BOOK[1:]], ["decision", "score"]))
    assert set(sheet.rows) == {SECOND, FIGURE}
    (told,) = sheet.findings
    assert (told.code, told.sheet, told.cell, told.entered) == ("A004", "Sổ 1", "A2", foreign)
    assert (told.params["count"], told.params["rows"]) == ("1", "2")


def test_many_foreign_rows_are_told_at_once() -> None:
    foreign = keys(*(RowKey("R", f"U{n}") for n in range(9)), serial=SERIAL + 1)
    (told,) = found(grid([*foreign, *BOOK], ["decision", "score"])).findings
    assert (told.params["count"], told.params["rows"]) == ("9", "2, 3, 4, 5, 6, …")


def test_a_row_that_stands_twice_counts_nowhere() -> None:
    sheet = found(grid([BOOK[0], BOOK[1], BOOK[0]], ["decision", "score"]))
    assert set(sheet.rows) == {SECOND}
    (told,) = sheet.findings
    assert (told.code, told.cell, told.node) == ("S006", "A2", "n1.1")
    assert (told.params["count"], told.params["rows"]) == ("2", "2, 4")
    assert "STP n1.1" in told.params["title"]


@pytest.mark.parametrize("rows", [[], keys(FIRST, SECOND, ring=FOREIGN), [BOOK[0], BOOK[0]]])
def test_a_book_without_a_row_that_can_be_trusted_is_refused(rows: list[str]) -> None:
    told = refused(grid(rows, ["decision", "score"]) | {(1, 2): "decision", (1, 3): "score"})
    assert (told.code, told.entered) == ("S040", "“Sổ 1”")


def test_a_missing_column_refuses_the_book_by_its_printed_heading() -> None:
    told = refused(grid(BOOK, ["decision"]))
    assert (told.code, told.params["column"]) == ("S003", "Điểm thẩm định")


@pytest.mark.parametrize(("column", "named"), [("score", "Điểm thẩm định"), ("x", "x")])
def test_a_column_that_stands_twice_refuses_the_book(column: str, named: str) -> None:
    told = refused(grid(BOOK, ["decision", "score", column, column]))
    assert (told.code, told.params["column"]) == ("S004", named)


def test_a_book_without_its_mark_or_with_two_is_refused() -> None:
    whole = grid(BOOK, ["decision", "score"])
    unmarked = {place: text for place, text in whole.items() if text != BOOK_MARK}
    assert refused(unmarked).code == "S001"
    for twice in ((whole, whole), (whole | {(9, 9): BOOK_MARK},)):
        assert refused(*twice).code == "S002"
