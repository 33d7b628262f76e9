"""One reading of a rubric workbook: where each value stands, and what is wrong on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlscore.findings import Finding, finding
from xlscore.located import Located, Path_
from xlscore.workbooks.rubric_book.cellvalues import Entry
from xlscore.workbooks.rubric_book.columns import CRITERIA


@dataclass(frozen=True)
class LocatedCells(Located):
    """Plain data whose values stand in cells: sheet and address by path."""

    cells: dict[Path_, tuple[str, str]] = field(default_factory=dict, repr=False)

    def place(self, where: Path_) -> str:
        """Return `so.xlsx!Bộ tiêu chí!H12` for a value, or for the nearest thing around it."""
        while where and where not in self.cells:
            where = where[:-1]
        return "!".join((self.path.name, *self.cells.get(where, (CRITERIA, "A1"))))


@dataclass
class Reading:
    """One pass over a workbook: data and cells out, findings on the side."""

    path: Path
    kinds: Mapping[str, str]
    cells: dict[Path_, tuple[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    doubtful: set[tuple[str, str]] = field(default_factory=set)
    """Cells of which nothing more need be said."""

    def report(self, name: str, sheet: str, cell: str, **more: Any) -> None:
        """Note a finding about a cell."""
        file = f"{self.path.name}!{cell}" if cell else self.path.name
        self.findings.append(finding(name, sheet=sheet, cell=cell, file=file, **more))
        self.doubtful.add((sheet, cell))

    def entry(self, said: Entry, sheet: str, cell: str, column: str, row: str = "") -> str:
        """Return a cell's text, and note what is wrong with it."""
        if said.problem:
            params = {"column": column, "what": said.what}
            self.report(said.problem, sheet, cell, entered=said.text, params=params, row=row)
        return said.text
