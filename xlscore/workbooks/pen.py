"""XlsxWriter with its slips made errors.

XlsxWriter leaves out what it cannot write (a validation whose message is too long, a name that is
none) and says so by a warning or a return value only.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xlscore.text import cut_to_cell
from xlscore.workbooks.quicksheet import QuickSheet

FONT = "Times New Roman"
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  fixed, so that the same form is the same bytes


class WritingError(Exception):
    """Something could not be written into a workbook."""


@contextmanager
def strict() -> Iterator[None]:
    """Turn every warning into an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


class Book:
    """A workbook under way in memory; formats are made once per look."""

    def __init__(self, **properties: str) -> None:
        self._file = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.workbook = Workbook(self._file, options)
        self.workbook.set_properties({"created": CREATED, **properties})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def look(self, **properties: Any) -> Format:
        """Return the format with these properties on top of those that all cells share."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            shared = {"font_name": FONT, "font_size": 12, "text_wrap": True, "valign": "vcenter"}
            self._formats[key] = self.workbook.add_format({**shared, **properties})
        return self._formats[key]

    def sheet(self, name: str) -> Pen:
        """Add a sheet."""
        return Pen(self.workbook.add_worksheet(name, QuickSheet))

    def define(self, name: str, formula: str) -> None:
        """Define a name.

        Raises:
            WritingError: the name is none.
        """
        _good(self.workbook.define_name(name, formula), "define_name", name)

    def close(self) -> bytes:
        """Finish the workbook and return its bytes."""
        self.workbook.close()
        return self._file.getvalue()


class Pen:
    """One sheet; rows and columns count from 0 as in XlsxWriter."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet

    def text(self, row: int, column: int, text: str, look: Format | None = None) -> None:
        """Write a text, never as anything else."""
        if is_taken_for_runs(text):
            # In two runs it is only a text again.
            runs = ("<", look or Format(), text[1:], *([look] if look else []))
            self._do(self.sheet.write_rich_string, row, column, *runs)
        else:
            self._do(self.sheet.write_string, row, column, text, look)

    def words(self, row: int, column: int, text: str, look: Format) -> None:
        """Write what people wrote, perhaps several of them: what a cell cannot take is cut off."""
        self.text(row, column, cut_to_cell(text), look)

    def number(self, row: int, column: int, value: Decimal, look: Format) -> None:
        """Write a number."""
        self._do(self.sheet.write_number, row, column, float(value), look)

    def blank(self, row: int, column: int, look: Format) -> None:
        """Write an empty cell with its look."""
        self._do(self.sheet.write_blank, row, column, None, look)

    def formula(
        self, row: int, column: int, formula: str, shown: Decimal | str, look: Format
    ) -> None:
        """Write a formula with the value it shows."""
        self._do(self.sheet.write_formula, row, column, f"={formula}", look, shown)

    def merge(self, row: int, columns: tuple[int, int], text: str, look: Format) -> None:
        """Write a text over several columns of a row."""
        first, last = columns
        self._do(self.sheet.merge_range, row, first, row, last, "", look)
        self._do(self.sheet.write_string, row, first, text, look)

    def height(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self._do(self.sheet.set_row, row, points)

    def validate(self, row: int, column: int, rule: Mapping[str, Any]) -> None:
        """Put a validation on a cell."""
        self.validate_areas([[row, column, row, column]], rule)

    def validate_areas(self, areas: Sequence[Sequence[int]], rule: Mapping[str, Any]) -> None:
        """Put a validation on areas (first row, first column, last row, last column).

        They lie apart: Excel takes no cell twice.
        """
        first, *others = areas
        given = {**rule, "other_cells": others} if others else dict(rule)
        self._do(self.sheet.data_validation, *first, given)

    def condition(self, cells: str, formula: str, look: Format) -> None:
        """Give cells (ranges parted by spaces) another look where a formula holds."""
        first = cells.split(maxsplit=1)[0]
        rule = {"type": "formula", "criteria": f"={formula}", "format": look}
        if " " in cells:
            rule["multi_range"] = cells
        self._do(self.sheet.conditional_format, first, rule)

    def bars(self, cells: str, colour: str) -> None:
        """Show percents (0–100) as bars in place of their digits."""
        rule = {
            "type": "data_bar", "bar_color": colour, "bar_solid": True, "bar_only": True,
            "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 100,
            "bar_border_color": colour, "data_bar_2010": True,
        }  # fmt: skip
        self._do(self.sheet.conditional_format, cells, rule)

    def _do(self, write: Callable[..., int | None], *arguments: Any) -> None:
        _good(write(*arguments), write.__name__, arguments)


def is_taken_for_runs(text: str) -> bool:
    """Whether XlsxWriter would take a text for the XML of formatted runs, and write it as it stands."""
    return text.startswith("<r>") and text.endswith("</r>")


def _good(result: int | None, what: str, arguments: object) -> None:
    if result:
        raise WritingError(f"{what} {arguments!r}: {result}")
