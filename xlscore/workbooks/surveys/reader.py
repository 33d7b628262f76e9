"""Read a returned survey book: a figure per unit and criterion, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xlscore.entries import read_entry
from xlscore.findings import Finding, finding, has_errors
from xlscore.identity import KeyRing, Token
from xlscore.keyed import RowKey
from xlscore.layout import COMPLETE, Entry
from xlscore.methods.base import Input
from xlscore.numbers import plain, quantise
from xlscore.workbooks.keyedsheet import KeyedSheet, find_keyed
from xlscore.workbooks.kinds import Book, Office
from xlscore.workbooks.package import Package
from xlscore.workbooks.surveys.form import (
    BY,
    COLLECTED,
    FRONT,
    FRONT_MARK,
    GROUP,
    SAMPLE_MARK,
    SAMPLE_SHEET,
    SOURCE,
    STATE,
    STATE_INPUT,
    UNIT,
    VALUE,
    YEAR,
    year_input,
)
from xlscore.workbooks.surveys.plan import (
    FIGURE_DECIMALS,
    Criterion,
    SurveyColumn,
    Way,
    figure_of,
    survey_plan,
)
from xlscore.workbooks.surveys.sample import COLLECTED_INPUT

_VALUE_HEADING = {VALUE: "Nội dung"}


def read_survey(package: Package, token: Token, office: Office) -> Book | Finding:
    """Read a survey book whose identity is proven.

    The content is `{"year", "source", "by", "figures": {unit: {node: "decimal"}}, "details": {unit:
    {node: [[group, option, "decimal"], …]}}, "sample": {group: number}}`; a criterion with an error in one of
    a unit's cells has no figure there.
    """
    ring = office.existing_keys() or KeyRing("", {})
    front = find_keyed(package, _VALUE_HEADING, token.serial, ring, FRONT_MARK)
    if isinstance(front, Finding):
        return front
    sheet = find_keyed(package, {}, token.serial, ring)
    if isinstance(sheet, Finding):
        return sheet
    reader = _Reader(office, token, front, sheet)
    return reader.book(_sample(package, token, ring, office))


def _sample(
    package: Package, token: Token, ring: KeyRing, office: Office
) -> KeyedSheet | Finding | None:
    """Return the sheet of the sample plan; None where the campaign has none."""
    if not office.campaign.settings.survey.sample:
        return None
    found = find_keyed(package, {COLLECTED: "Số phiếu đã thu"}, token.serial, ring, SAMPLE_MARK)
    if isinstance(found, Finding):
        return finding("survey-sample-missing", sheet=SAMPLE_SHEET)
    return found


@dataclass
class _Reader:
    """A book under reading."""

    office: Office
    token: Token
    front: KeyedSheet
    sheet: KeyedSheet
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plan = survey_plan(self.office, self.token.unit, Way(self.token.role))
        self.figures: dict[str, dict[str, str]] = {}
        self.details: dict[str, dict[str, list[list[str]]]] = {}

    def book(self, sample: KeyedSheet | Finding | None) -> Book:
        self.findings += [*self.front.findings, *self.sheet.findings]
        year = self._year()
        texts = {slot: self._text(slot) for slot in (SOURCE, BY)}
        state = self._fact(STATE, STATE_INPUT)
        self._columns()
        units = {unit.code: unit for unit in self.plan.units}
        for key in self.sheet.rows:
            if key.kind == UNIT and key.unit in units:
                for criterion in self.plan.criteria:
                    self._criterion(key, criterion)
            elif key.kind == UNIT and self._filled(key):
                self._told(self.sheet, key, finding("survey-unit-gone", entered=key.unit))
        collected = self._collected(sample)
        if year is not None:
            self._years(int(year))
        if not self.figures and not collected:
            self.findings.append(finding("survey-empty"))
        content = {YEAR: int(year or 0), **texts, "figures": self.figures,
                   "details": self.details, "sample": collected}  # fmt: skip
        complete = state == COMPLETE
        told = tuple(self.findings)
        return Book(self.sheet.name, content, told, complete, refused=year is None)

    # --- facts about the book -----------------------------------------------------------------

    def _fact(self, slot: str, item: Input | None) -> Any:
        key = RowKey(FRONT, slot=slot)
        cell = self.front.cell(key, VALUE)
        reading = read_entry(Entry("", slot, item), cell, self.front.name)
        for found in reading.findings:
            place = self.front.address(key, VALUE)
            self.findings.append(found.at(sheet=self.front.name, cell=place))
        return reading.value

    def _year(self) -> Decimal | None:
        before = len(self.findings)
        this = self.office.campaign.settings.year
        year: Decimal | None = self._fact(YEAR, year_input(this))
        if year is None and not has_errors(self.findings[before:]):
            place = self.front.address(RowKey(FRONT, slot=YEAR), VALUE)
            found = finding("survey-year-missing", params={"year": str(this)})
            self.findings.append(found.at(sheet=self.front.name, cell=place))
        return year

    def _text(self, slot: str) -> str:
        text = self._fact(slot, None)
        if text is None:
            name = "survey-source-missing" if slot == SOURCE else "survey-by-missing"
            place = self.front.address(RowKey(FRONT, slot=slot), VALUE)
            self.findings.append(finding(name, sheet=self.front.name, cell=place))
        return str(text or "")

    # --- figures ------------------------------------------------------------------------------

    def _columns(self) -> None:
        """Report filled columns that the rubric does not ask for any more, and those that it asks since."""
        known, here = self.plan.columns, self.sheet.columns
        outdated = {number: key for key, number in here.items() if key not in known}
        rows = set(self.sheet.rows.values())
        filled = {
            outdated[cell.column].split("|", 1)[0]
            for cell in self.sheet.sheet.cells.values()
            if cell.column in outdated and cell.row in rows and cell.value
        }
        lacking = {column.node for key, column in known.items() if key not in here}
        names = {"survey-column-outdated": filled, "survey-column-lacking": lacking - filled}
        self.findings += [
            finding(name, entered=node, node=node, sheet=self.sheet.name)
            for name, nodes in names.items()
            for node in sorted(nodes)
        ]

    def _filled(self, key: RowKey) -> bool:
        cells = (self.sheet.cell(key, column) for column in self.sheet.columns)
        return any(cell is not None and cell.value for cell in cells)

    def _told(self, sheet: KeyedSheet, key: RowKey, found: Finding, column: str = "") -> None:
        place = sheet.address(key, column or next(iter(sheet.columns)))
        self.findings.append(found.at(sheet=sheet.name, cell=place))

    def _criterion(self, key: RowKey, criterion: Criterion) -> None:
        leaf = criterion.leaf
        asked = self.plan.open(key.unit, criterion)
        before = len(self.findings)
        said = {
            (column.group, column.option): value
            for column in criterion.columns
            if (value := self._number(key, column, criterion, asked)) is not None
        }
        if not said or has_errors(self.findings[before:]):
            return
        method = self.plan.methods[key.unit][leaf.id]
        exact = figure_of(leaf, method, self.plan.way, said)
        if exact is None:
            found = finding("survey-no-answers", row=leaf.code, node=leaf.id)
            self._told(self.sheet, key, found, criterion.columns[0].key)
            return
        figure = plain(quantise(exact, FIGURE_DECIMALS))
        self.figures.setdefault(key.unit, {})[leaf.id] = figure
        typed = [[group, option, plain(value)] for (group, option), value in said.items()]
        self.details.setdefault(key.unit, {})[leaf.id] = typed

    def _number(
        self,
        key: RowKey,
        column: SurveyColumn,
        criterion: Criterion,
        asked: tuple[SurveyColumn, ...],
    ) -> Decimal | None:
        entry = Entry(column.node, "value", column.item)
        cell = self.sheet.cell(key, column.key)
        reading = read_entry(entry, cell, self.sheet.name)
        leaf, found = criterion.leaf, list(reading.findings)
        if column not in asked:
            entered = reading.shown
            found = [finding("survey-not-asked", entered=entered)] if entered else []
        for one in found:
            self._told(self.sheet, key, one.at(row=leaf.code, node=leaf.id), column.key)
        value = reading.value
        return value if isinstance(value, Decimal) and column in asked else None

    def _years(self, year: int) -> None:
        """Report criteria that do not take figures of this year."""
        this = self.office.campaign.settings.year
        for criterion in self.plan.criteria:
            leaf = criterion.leaf
            having = [unit for unit, nodes in self.figures.items() if leaf.id in nodes]
            fallbacks = [getattr(self.plan.methods[u][leaf.id], "fallback", 0) for u in having]
            if having and not this - max(fallbacks) <= year <= this:
                params = {"oldest": str(this - max(fallbacks)), "newest": str(this)}
                self.findings.append(finding("survey-book-year-unused", entered=str(year),
                                             params=params, row=leaf.code, node=leaf.id))  # fmt: skip

    # --- sample plan --------------------------------------------------------------------------

    def _collected(self, sample: KeyedSheet | Finding | None) -> dict[str, int]:
        if sample is None:
            return {}
        if isinstance(sample, Finding):
            self.findings.append(sample)
            return {}
        found: dict[str, int] = {}
        for code in self.office.campaign.settings.survey.sample:
            key = RowKey(GROUP, slot=code)
            cell = sample.cell(key, COLLECTED)
            reading = read_entry(Entry("", COLLECTED, COLLECTED_INPUT), cell, sample.name)
            for one in reading.findings:
                self._told(sample, key, one, COLLECTED)
            if isinstance(reading.value, Decimal):
                found[code] = int(reading.value)
        return found
