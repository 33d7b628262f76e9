"""Texts as a worksheet's cell takes them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xlscore.text import EXCEL_TEXT_LIMIT, cut_to_cell, fits_cell


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.sampled_from("xế😀"), st.integers(0, 2 * EXCEL_TEXT_LIMIT))
def test_what_a_cell_cannot_take_is_cut_off_and_its_end_says_so(letter: str, count: int) -> None:
    text = letter * count
    held = cut_to_cell(text)
    assert units(held) <= EXCEL_TEXT_LIMIT
    assert fits_cell(text) is (units(text) <= EXCEL_TEXT_LIMIT)
    assert (held == text) is fits_cell(text)
    if held != text:
        assert held.endswith(f"{letter}… (còn tiếp)")
        assert units(held) >= EXCEL_TEXT_LIMIT - 1
