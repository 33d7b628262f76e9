"""An earlier year's results as a table that somebody typed: a line per unit, decimal commas and all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from xlscore.campaign import Unit
from xlscore.findings import Finding, finding
from xlscore.numbers import from_excel, understand
from xlscore.rubric import Rubric
from xlscore.table import Table, TableRow, heading_key
from xlscore.text import folded
from xlscore.years import Year, YearUnit

ReadTable = Callable[[Path, Mapping[str, str]], Table]

_FIELDS = ("code", "name", "group", "index", "rank", "band")
COLUMNS: Mapping[str, str] = {
    **{name: name for name in _FIELDS},
    "unit": "code",
    "ma": "code",
    "ma_don_vi": "code",
    "ten": "name",
    "ten_don_vi": "name",
    "don_vi": "name",
    "nhom": "group",
    "nhom_xep_hang": "group",
    "chi_so": "index",
    "chi_so_cchc": "index",
    "par_index": "index",
    "hang": "rank",
    "xep_hang": "rank",
    "thu_hang": "rank",
    "xep_loai": "band",
    "loai": "band",
    "stt": "",
    "no": "",
    "ghi_chu": "",
    "note": "",
}
"""Headings in Vietnamese and English; what stands under an empty one is nobody's business."""

_INDEX = "chỉ số (index)"
_MOST = 200
"""Percent: beyond any bonus, so that `8130` for `81,30` is told."""


@dataclass(frozen=True, slots=True)
class YearTable:
    """A table as read; no year where it lacks a column that must be there."""

    year: Year | None
    findings: tuple[Finding, ...]


def read_year_table(
    path: Path, year: int, rubrics: Iterable[Rubric], units: Iterable[Unit], read_table: ReadTable
) -> YearTable:
    """Read a year's results from a .csv or .xlsx.

    A column may be named by the id of a domain (component index in percent) or of a row (points). A row
    without a code is that of the one unit of today that bears its very name, if it is the only such row.

    Raises:
        TableError: unreadable.
    """
    domains, leaves = _ids(rubrics)
    table = read_table(path, {**_by_heading({**domains, **leaves}), **COLUMNS})
    desk = _Desk(table, year, domains.keys(), leaves, codes_by_name(units))
    named = "name" in table.headings
    missing = [said for name, said in (("code", "mã đơn vị (code)"), ("index", _INDEX))
               if name not in table.headings and not (name == "code" and named)]  # fmt: skip
    if missing:
        return YearTable(None, tuple(desk.lacking(column) for column in missing))
    desk.columns()
    desk.fractions()
    desk.rows()
    return YearTable(Year(year, desk.units, path.name), tuple(desk.findings))


def _ids(rubrics: Iterable[Rubric]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return the domains and the rows of all tiers by id, each with its greatest maximum."""
    domains: dict[str, Decimal] = {}
    leaves: dict[str, Decimal] = {}
    for rubric in rubrics:
        for node in rubric.domains:
            domains[node.id] = node.max
        for leaf in rubric.leaves:
            if leaf.id not in domains:
                leaves[leaf.id] = max(leaf.max, leaves.get(leaf.id, leaf.max))
    return domains, leaves


def codes_by_name(units: Iterable[Unit]) -> dict[str, str]:
    """Return the codes of units by name (see `name_key`), without names that several bear."""
    named = [(name_key(unit.name), unit.code) for unit in units]
    counted = Counter(name for name, _ in named)
    return {name: code for name, code in named if counted[name] == 1}


def name_key(name: str) -> str:
    """Return a unit's name as it is compared: case and spaces do not matter."""
    return folded(name).casefold()


def _by_heading(ids: Iterable[str]) -> dict[str, str]:
    """Return ids by the normal form of their heading, without those that it does not tell apart."""
    keys = {node: heading_key(node) for node in ids}
    counted = Counter(keys.values())
    return {key: node for node, key in keys.items() if counted[key] == 1}


@dataclass
class _Desk:
    table: Table
    year: int
    domains: Iterable[str]
    leaves: Mapping[str, Decimal]
    codes: Mapping[str, str]
    units: dict[str, YearUnit] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    left_out: frozenset[str] = frozenset()

    def lacking(self, column: str) -> Finding:
        params = {"year": str(self.year), "column": column}
        return finding("year-column-missing", file=self.table.name, params=params)

    def columns(self) -> None:
        """Tell of columns that nobody can use, and of those that stand there twice."""
        known = {*_FIELDS, *self.domains, *self.leaves}
        for heading, times in Counter(self.table.headings).items():
            if heading not in known or times > 1:
                self.findings.append(
                    finding("year-column-unknown", file=self.table.name, entered=heading,
                            params={"year": str(self.year)})
                )  # fmt: skip

    def fractions(self) -> None:
        """Leave out columns of percents that are nothing of the kind: 0.813 would be read as 0.813 %."""
        found = [one for one in ("index", *self.domains) if self._are_fractions(one)]
        if found:
            params = {"year": str(self.year)}
            self.findings.append(
                finding("year-fractions", file=self.table.name, entered=", ".join(found),
                        params=params)
            )  # fmt: skip
        self.left_out = frozenset(found)

    def _are_fractions(self, column: str) -> bool:
        rows = [row for row in self.table.rows if row.values.get(column)]
        values = [value for row in rows if (value := _value(row, column)) is not None]
        shown_so = any("%" in row.values[column] for row in rows)
        return any(values) and not shown_so and all(0 <= value <= 1 for value in values)

    def rows(self) -> None:
        first: dict[str, str] = {}
        # Two communes of one name, of different districts: nobody knows which is today's.
        named = Counter(_name(row) for row in self.table.rows if not row.values.get("code"))
        for row in self.table.rows:
            name = _name(row)
            code = row.values.get("code") or (self.codes.get(name, "") if named[name] == 1 else "")
            if not code and name:
                self._add(row, "name", "chưa ghi mã đơn vị, và tên này không chỉ rõ một đơn vị hiện nay",
                          "the unit's code is missing, and its name tells no one unit of today")  # fmt: skip
            elif not code:
                self._add(row, "code", "chưa ghi mã đơn vị", "the unit's code is missing")
            elif code in first:
                self.findings.append(
                    finding("year-unit-twice", file=f"{self.table.name}:{row.number}",
                            entered=code, params={"first": first[code]})
                )  # fmt: skip
            else:
                first[code] = f"{self.table.name}:{row.number}"
                self.units[code] = self._unit(code, row)

    def _unit(self, code: str, row: TableRow) -> YearUnit:
        said = row.values
        points = {node: self._number(row, node) for node in self.leaves if said.get(node)}
        shares = {node: self._share(row, node) for node in self.domains if said.get(node)}
        return YearUnit(
            code,
            said.get("name", "") or code,
            said.get("group", ""),
            self._share(row, "index"),
            self._rank(row),
            said.get("band", ""),
            {node: share for node, share in shares.items() if share is not None},
            {node: reached for node, reached in points.items() if reached is not None},
        )

    def _number(self, row: TableRow, column: str) -> Decimal | None:
        typed = row.values.get(column, "")
        if not typed:
            return None
        value = _value(row, column)
        if value is None:
            self._add(row, column, "không phải số", "no number")
        return value

    def _share(self, row: TableRow, column: str) -> Decimal | None:
        if column in self.left_out:
            return None
        value = self._number(row, column)
        if value is not None and not 0 <= value <= _MOST:
            self._add(row, column, f"ngoài 0–{_MOST} %", f"outside 0 to {_MOST} %")
            return None
        return value

    def _rank(self, row: TableRow) -> int | None:
        typed = row.values.get("rank", "")
        value = self._number(row, "rank")
        if value is not None and (value < 1 or value != int(value)):
            self._add(row, "rank", f"“{typed}” không phải thứ hạng", f"“{typed}” is no rank")
            return None
        return None if value is None else int(value)

    def _add(self, row: TableRow, column: str, what: str, what_en: str) -> None:
        params = {"year": str(self.year), "unit": row.values.get("code", "") or "–",
                  "what": what, "what_en": what_en}  # fmt: skip
        place = f"{self.table.name}:{row.place(column)}"
        entered = row.values.get(column, "")
        self.findings.append(finding("year-value", file=place, entered=entered, params=params))


def _name(row: TableRow) -> str:
    return row.values.get("name", "").casefold()


def _value(row: TableRow, column: str) -> Decimal | None:
    typed = row.values.get(column, "")
    if column in row.numbers:
        return from_excel(typed)
    return understand(typed, below_thousand=True).value
