"""Fill a survey book from a table from elsewhere: one row per unit, or one per unit and criterion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from xlscore.durable import write_whole
from xlscore.exporting.surveys import FOLDER, SurveyBook
from xlscore.exporting.table_columns import ColumnNames
from xlscore.exporting.table_units import UnitNames
from xlscore.findings import Finding, finding
from xlscore.methods.base import vi_number
from xlscore.numbers import plain
from xlscore.survey_leaves import table_number
from xlscore.table import Table, TableRow
from xlscore.workbooks.surveys.fill import SurveyFilling
from xlscore.workbooks.surveys.plan import SurveyColumn, SurveyPlan, digest_of

TABLE_COLUMNS: Mapping[str, str] = {
    "ma": "code",
    "ma_don_vi": "code",
    "unit": "code",
    "ten": "name",
    "ten_don_vi": "name",
    "don_vi": "name",
    "tieu_chi": "node",
    "ma_tieu_chi": "node",
    "gia_tri": "value",
    "ket_qua": "value",
    "nhom": "group",
    "nhom_doi_tuong": "group",
    "phuong_an": "option",
    "nam": "year",
    "nguon": "source",
    "tt": "",
    "stt": "",
    "so_tt": "",
    "ghi_chu": "",
    "note": "",
}
"""Headings of tables from elsewhere; a running number and remarks are passed over."""

_ABOUT = ("code", "name", "year", "source")
_LONG = ("node", "group", "option", "value")


@dataclass
class TableReading:
    """What a table says.

    Attributes:
        figures: numbers by unit code and column key.
        findings: whatever keeps it from being used, all of it at once.
    """

    figures: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def table_year(table: Table) -> int | None:
    """Return the year that every row of a table names, if they name one."""
    years = {row.values.get("year", "") for row in table.rows} - {""}
    said = years.pop() if len(years) == 1 else ""
    return int(said) if said.isascii() and said.isdecimal() else None


def read_survey_table(table: Table, plan: SurveyPlan, names: UnitNames, year: int) -> TableReading:
    """Return what a table says of the units of a tier for `year`; rows of another year are refused."""
    reader = _Reader(table, plan, names, year)
    reader.read()
    return reader.reading


@dataclass
class _Reader:
    table: Table
    plan: SurveyPlan
    names: UnitNames
    year: int
    reading: TableReading = field(default_factory=TableReading)

    def __post_init__(self) -> None:
        self.columns = ColumnNames(self.plan)
        self.criteria = {c.leaf.id: c for c in self.plan.criteria}
        self.places: dict[tuple[str, str], str] = {}

    def read(self) -> None:
        headings = self.table.headings
        for heading, count in Counter(headings).items():
            if count > 1:
                params = {"first": f"{self.table.name}:{heading}"}
                self._tell("table-twice", self.table.name, heading, params)
        if not {"code", "name"} & set(headings):
            self._columns("thiếu cột mã hoặc tên đơn vị", "there is no column of codes or names")
        elif "node" in headings and "value" in headings:
            self._rows(self._long)
        else:
            self._wide()

    def _columns(self, what: str, what_en: str) -> None:
        params = {"what": what, "what_en": what_en}
        self._tell("table-columns", self.table.name, "", params)

    def _tell(self, name: str, place: str, entered: str, params: Mapping[str, str]) -> None:
        found = finding(name, entered=entered, file=place, params=params)
        self.reading.findings.append(found)

    def _place(self, row: TableRow, heading: str) -> str:
        return f"{self.table.name}:{row.place(heading)}"

    def _wide(self) -> None:
        """Read one row per unit: a column is known by its heading, wherever it stands."""
        named: dict[str, SurveyColumn] = {}
        for heading in dict.fromkeys(self.table.headings):
            if heading in _ABOUT:
                continue
            column = self.columns.column(heading, self.table.name)
            if isinstance(column, Finding):
                self.reading.findings.append(column)
            else:
                named[heading] = column
        if not named and not self.reading.findings:
            self._columns("không có cột tiêu chí nào", "there is no column of a criterion")
        self._rows(lambda row, unit: self._cells(row, unit, named))

    def _rows(self, take: Callable[[TableRow, str], None]) -> None:
        for row in self.table.rows:
            said = [row.values.get(key, "") for key in ("code", "name")]
            heading = "code" if said[0] else "name"
            unit = self.names.unit(said, self._place(row, heading))
            if isinstance(unit, Finding):
                self.reading.findings.append(unit)
            elif unit is not None and self._is_of_year(row):
                take(row, unit)

    def _is_of_year(self, row: TableRow) -> bool:
        if source := row.values.get("source", ""):
            self.reading.sources.setdefault(source)
        year = row.values.get("year", "")
        if year in ("", str(self.year)):
            return True
        params = {"what": f"số liệu đang nhập là của năm {self.year}; mỗi lần chỉ nhập một năm",
                  "what_en": f"figures of {self.year} are being entered, one year at a time"}  # fmt: skip
        self._tell("table-value", self._place(row, "year"), year, params)
        return False

    def _long(self, row: TableRow, unit: str) -> None:
        """Read a row of its own for each unit and criterion (and group, and option)."""
        name = " ".join(filter(None, (row.values.get(key, "") for key in _LONG[:-1])))
        column = self.columns.column(name, self._place(row, "node"))
        if isinstance(column, Finding):
            self.reading.findings.append(column)
        else:
            self._cells(row, unit, {"value": column})

    def _cells(self, row: TableRow, unit: str, named: Mapping[str, SurveyColumn]) -> None:
        for heading, column in named.items():
            place = self._place(row, heading)
            if not row.values.get(heading, ""):
                continue
            value = self._value(row, heading, column, unit)
            if value is None:
                continue
            key = (unit, column.key)
            if key in self.places:
                said = f"{unit} {column.node} {column.group} {column.option}".strip()
                self._tell("table-twice", place, said, {"first": self.places[key]})
            self.places.setdefault(key, place)
            self.reading.figures[key] = value

    def _value(
        self, row: TableRow, heading: str, column: SurveyColumn, unit: str
    ) -> Decimal | None:
        item, said = column.item, table_number(row, heading, column.item.maximum)
        value, highest = said.value, item.maximum
        asked = self.plan.open(unit, self.criteria[column.node])
        fits = value is not None and value >= 0 and (highest is None or value <= highest)
        if said.percent and not item.percent:
            fits = False
        if value is not None and item.whole and value % 1:
            fits = False
        if fits and column in asked:
            return value
        what, what_en = _wanted(column) if column in asked else _NOT_ASKED
        params = {"what": what, "what_en": what_en}
        self._tell("table-value", self._place(row, heading), row.values[heading], params)
        return None


_NOT_ASKED = ("tiêu chí này không áp dụng cho đơn vị", "the criterion does not apply to this unit")


def _wanted(column: SurveyColumn) -> tuple[str, str]:
    item = column.item
    if item.whole:
        return "cần một số nguyên từ 0 trở lên", "a whole number of 0 or more is needed"
    if item.maximum is None:
        return "cần một số từ 0 trở lên", "a number of 0 or more is needed"
    return (
        f"cần một số từ 0 đến {vi_number(item.maximum)}",
        f"a number from 0 to {plain(item.maximum)} is needed",
    )


@dataclass(frozen=True)
class Blanks:
    """What a filling leaves open.

    Attributes:
        units: codes of units without any figure.
        criteria: printed numbers of criteria without any figure.
        cells: further cells that stay blank.
    """

    units: tuple[str, ...]
    criteria: tuple[str, ...]
    cells: int


def blanks_of(plan: SurveyPlan, figures: Mapping[tuple[str, str], Decimal]) -> Blanks:
    """Return what stays blank in a book that is filled with these figures."""
    having = {unit for unit, _ in figures}
    units = tuple(unit.code for unit in plan.units if unit.code not in having)
    open_ = [c for c in plan.criteria if not any((u, k.key) in figures for u in having
                                                 for k in c.columns)]  # fmt: skip
    rest = [c for c in plan.criteria if c not in open_]
    wanted = sum(len(plan.open(unit, criterion)) for unit in having for criterion in rest)
    return Blanks(units, tuple(c.leaf.code for c in open_), wanted - len(figures))


def put_into_inbox(book: SurveyBook, filling: SurveyFilling, now: datetime) -> Path:
    """Put the book in force, filled, into the inbox; the same figures have the same file name.

    Its content says when: figures that were corrected and are entered once more must count again,
    and a file that was taken in before would not be taken in.

    Raises:
        OSError, PackageError: the issued book cannot be read, or the inbox cannot be written to.
        LookupError: the issued book is not signed.
    """
    data = book.filled(replace(filling, entered=now.isoformat()))
    inbox = book.workspace.inbox
    inbox.mkdir(exist_ok=True)  # but not its parents: a share that is away must not be made up
    said = sorted((*key, plain(value)) for key, value in filling.figures.items())
    mark = digest_of(book.year, filling.source, filling.by, said)[:8]
    path = inbox / f"{FOLDER}-{book.plan.tier}-{book.plan.way}-{mark}.xlsx"
    write_whole(path, data)
    return path
