"""Texts that a library would take for something else are written as the texts they are."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook

from xlscore.workbooks.pen import Book
from xlscore.workbooks.ranking.cells import clean

RUNS = "<r><rPr><b/></rPr><t>0</t></r>"


@pytest.mark.parametrize("text", [RUNS, "<r></r>", "=1+1", "http://example.org", "{=A1}", "0123"])
def test_a_text_is_written_as_a_text_whatever_it_looks_like(text: str) -> None:
    book = Book(title="t", subject="s", author="a", company="c")
    book.sheet("Phiếu").text(0, 0, text)
    data = book.close()
    sheet = load_workbook(io.BytesIO(data))["Phiếu"]
    assert (sheet["A1"].value, sheet["A1"].data_type) == (text, "s")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b"<b/></rPr><t>0" not in parts.read("xl/sharedStrings.xml") or text != RUNS


@pytest.mark.parametrize("text", [RUNS, "<r></r>"])
def test_a_text_of_a_ranking_is_never_taken_for_formatted_runs(text: str) -> None:
    assert clean(text) == f" {text}"
    assert clean(f"x{text}") == f"x{text}"
