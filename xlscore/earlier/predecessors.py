"""The table of predecessors (đơn vị tiền thân): under which codes today's units are found in a year.

One line per unit and year; merged units name several, in one cell (`A; B`) or in lines of their own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlscore.findings import Finding, finding
from xlscore.table import TableError, TableRow
from xlscore.workbooks.tables import read_table
from xlscore.workspace import Workspace
from xlscore.years import Year

COLUMNS: Mapping[str, str] = {
    "ma": "unit",
    "ma_don_vi": "unit",
    "don_vi": "unit",
    "code": "unit",
    "nam": "year",
    "tien_than": "predecessor",
    "ma_tien_than": "predecessor",
    "don_vi_tien_than": "predecessor",
    "ma_cu": "predecessor",
    "predecessors": "predecessor",
}
_WANTED = ("unit", "year", "predecessor")
_PARTED = re.compile(r"[;,\n]")


@dataclass
class Told:
    """What the table says, and what is wrong with it."""

    predecessors: dict[str, dict[int, tuple[str, ...]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_predecessors(workspace: Workspace, years: Sequence[Year], named: Collection[int]) -> Told:
    """Read the table that the campaign names.

    What is said of a year holds of the years before it too, where the unit's own code is not found there
    and nothing else is said.

    Args:
        years: those that could be read, newest first.
        named: all that the campaign names.
    """
    name = workspace.campaign.settings.predecessors
    desk = _Desk(name, workspace.campaign.units, {one.year: one for one in years}, named)
    try:
        table = read_table(workspace.root / name, COLUMNS)
    except TableError as error:
        desk.unreadable(*error.words)
        return desk.told
    if missing := [column for column in _WANTED if column not in table.headings]:
        listed = ", ".join(missing)
        desk.unreadable(f"thiếu cột {listed}", f"it lacks the column {listed}")
        return desk.told
    for row in table.rows:
        desk.row(row)
    _inherit(desk.told.predecessors, years)
    return desk.told


def _inherit(told: dict[str, dict[int, tuple[str, ...]]], years: Sequence[Year]) -> None:
    for code, of in told.items():
        last: tuple[str, ...] = ()
        for year in years:
            said = of.get(year.year)
            if said is None and last and code not in year.units and set(last) & year.units.keys():
                of[year.year] = said = last
            last = said or last


@dataclass
class _Desk:
    name: str
    units: Collection[str]
    years: Mapping[int, Year]
    named: Collection[int]
    told: Told = field(default_factory=Told)

    def unreadable(self, what: str, what_en: str) -> None:
        params = {"what": what, "what_en": what_en}
        self.told.findings.append(
            finding("predecessors-unreadable", entered=self.name, params=params)
        )

    def row(self, row: TableRow) -> None:
        """Take one line over, or tell what is wrong with it."""
        unit, year = row.values.get("unit", ""), row.values.get("year", "")
        wrong = dict(self._wrong(row))
        for column, (what, what_en) in wrong.items():
            self._add("predecessor-field", row, column, what=what, what_en=what_en)
        if wrong:
            return
        found = self.told.predecessors.setdefault(unit, {})
        for code in _codes(row):
            self._one(row, found, int(year), code)

    def _wrong(self, row: TableRow) -> Iterator[tuple[str, tuple[str, str]]]:
        unit, year = row.values.get("unit", ""), row.values.get("year", "")
        if unit not in self.units:
            near = ", ".join(difflib.get_close_matches(unit, self.units, n=3, cutoff=0.5)) or "…"
            yield "unit", (f"không có đơn vị này hiện nay; gần giống: {near}",
                           f"there is no such unit today; nearest: {near}")  # fmt: skip
        if not (year.isascii() and year.isdecimal() and int(year) in self.named):
            listed = ", ".join(map(str, sorted(self.named))) or "…"
            yield "year", (f"cần một năm có trong mục “earlier”: {listed}",
                           f"a year that stands under “earlier” is needed: {listed}")  # fmt: skip
        if not _codes(row):
            yield "predecessor", ("chưa ghi mã đơn vị tiền thân",
                                  "the predecessor's code is missing")  # fmt: skip

    def _one(self, row: TableRow, found: dict[int, tuple[str, ...]], year: int, code: str) -> None:
        params = {"unit": row.values["unit"], "year": str(year)}
        if code in found.get(year, ()):
            self._add("predecessor-twice", row, "predecessor", code, **params)
            return
        found[year] = (*found.get(year, ()), code)
        known = self.years.get(year)
        if known is not None and code not in known.units:
            near = ", ".join(difflib.get_close_matches(code, known.units, n=5, cutoff=0.5)) or "…"
            self._add("predecessor-not-there", row, "predecessor", code, choices=near, **params)

    def _add(
        self, name: str, row: TableRow, column: str, entered: str | None = None, **params: str
    ) -> None:
        said = row.values.get(column, "") if entered is None else entered
        place = f"{self.name}:{row.place(column)}"
        self.told.findings.append(finding(name, file=place, entered=said, params=params))


def _codes(row: TableRow) -> list[str]:
    parts = _PARTED.split(row.values.get("predecessor", ""))
    return [part.strip() for part in parts if part.strip()]
