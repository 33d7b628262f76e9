"""The information sheet as plain data: the header of the rubric, its agencies, its roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xlscore.workbooks.rubric_book.cellvalues import BAD_CELL, Raw, entry
from xlscore.workbooks.rubric_book.columns import INFORMATION, PEOPLE, SCALARS, same_words
from xlscore.workbooks.rubric_book.grid import Grid, address, words
from xlscore.workbooks.rubric_book.header import NUMBERS, header_data
from xlscore.workbooks.rubric_book.under_way import Reading
from xlscore.workbooks.rubric_book.values import UnreadableError


def read_information(under_way: Reading, sheets: Mapping[str, Grid]) -> dict[str, Any]:
    """Return the header, from the first sheet that has the label of the rubric's id."""
    wanted = same_words(SCALARS["id"])
    for name, grid in sheets.items():
        if any(words(grid, row, 1) == wanted for row, column in grid if column == 1):
            return _Sheet(under_way, name, grid).read()
    under_way.report("sheet-missing", "", "", params={"sheet": INFORMATION})
    return {}


@dataclass
class _Sheet:
    """One reading of the sheet, row by row."""

    under_way: Reading
    name: str
    grid: Grid
    values: dict[str, str] = field(default_factory=dict)
    people: dict[str, dict[str, str]] = field(default_factory=lambda: {part: {} for part in PEOPLE})

    def read(self) -> dict[str, Any]:
        labels = {same_words(label): name for name, label in SCALARS.items()}
        parts = {same_words(label): name for name, label in PEOPLE.items()}
        part, previous = "", 0
        for row in sorted({r for r, c in self.grid if c <= 2}):  # noqa: PLR2004  label and value
            label = words(self.grid, row, 1)
            part = part if row == previous + 1 else ""
            previous = row
            if label in parts:
                part = parts[label]
                self.under_way.cells[(part,)] = (self.name, address(row, 1))
            elif part:
                self._person(row, part)
            elif label in labels:
                self._value(row, labels[label])
            elif (row, 2) in self.grid:
                said = self.grid.get((row, 1)) or self.grid[row, 2]
                cell, entered = address(row, 1), str(said.value)
                self.under_way.report("sheet-part-ignored", self.name, cell, entered=entered)
        return self._typed()

    def _typed(self) -> dict[str, Any]:
        try:
            return header_data(self.values, self.people)
        except UnreadableError as error:
            sheet, cell = self.under_way.cells["declared", "counts"]
            params = {"column": SCALARS["declared.counts"], "what": str(error)}
            entered = self.values.pop("declared.counts")
            self.under_way.report(BAD_CELL, sheet, cell, entered=entered, params=params)
            return header_data(self.values, self.people)

    def _value(self, row: int, name: str) -> None:
        cell = address(row, 2)
        self.under_way.cells[tuple(name.split("."))] = (self.name, cell)
        raw = self.grid.get((row, 2), Raw(None))
        said = entry(raw, number=name in NUMBERS, strict=name == "id")
        text = self.under_way.entry(said, self.name, cell, SCALARS[name])
        self.values[name] = text.strip() if name in {"id", "tier"} else text

    def _person(self, row: int, part: str) -> None:
        cells, said = (address(row, 1), address(row, 2)), []
        for column, cell in enumerate(cells, 1):
            raw = self.grid.get((row, column), Raw(None))
            found = entry(raw, number=False, strict=column == 1)
            said.append(self.under_way.entry(found, self.name, cell, PEOPLE[part]))
        code = said[0].strip()
        what = "chưa ghi mã" if not code else "ghi hai lần" if code in self.people[part] else ""
        if what:
            params = {"column": PEOPLE[part], "what": what}
            self.under_way.report(BAD_CELL, self.name, cells[0], entered=code, params=params)
        else:
            self.people[part][code] = said[1]
            self.under_way.cells[part, code] = (self.name, cells[1])
