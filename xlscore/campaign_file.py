"""Read a campaign: `campaign.yaml`, the tables it names, rubrics; all defects at once.

Tables come ready-made (see `xlscore.table`), so that the core knows no Excel library.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from xlscore.campaign import Campaign, SurveyFigure, Unit
from xlscore.campaign_references import References, uncovered
from xlscore.correspondence import is_confidential
from xlscore.findings import Finding, Severity, finding, has_errors
from xlscore.located import Located, LocatedError, Path_, load_yaml
from xlscore.methods import Registry
from xlscore.plugins import Plugins
from xlscore.rubric import UNSAFE_NAME, Rubric
from xlscore.settings import Settings
from xlscore.survey_leaves import SurveyLeaf, survey_leaves, survey_value
from xlscore.table import Table, TableError, TableRow
from xlscore.text import is_safe_name
from xlscore.validation import FieldProblem, field_name, problems
from xlscore.workdays import HOLIDAY_COLUMNS, Calendar, read_calendar

ReadTable = Callable[[Path, Mapping[str, str]], Table]

UNIT_COLUMNS: Mapping[str, str] = {
    "ma": "code",
    "ma_don_vi": "code",
    "ten": "name",
    "ten_don_vi": "name",
    "don_vi": "name",
    "cap": "tier",
    "nhom": "group",
    "nhom_xep_hang": "group",
    "xep_hang": "ranked",
    "truc_thuoc": "parent",
    "don_vi_cap_tren": "parent",
    "thu_dien_tu": "email",
    "e_mail": "email",
    "hieu_luc_tu": "valid_from",
    "hieu_luc_den": "valid_to",
    "loai": "kind",
}
"""Vietnamese headings of the table of units; any other column is an attribute of the unit."""

SURVEY_COLUMNS: Mapping[str, str] = {
    "ma_don_vi": "unit",
    "don_vi": "unit",
    "tieu_chi": "node",
    "ma_tieu_chi": "node",
    "gia_tri": "value",
    "ket_qua": "value",
    "nam": "year",
    "nguon": "source",
}

_UNIT_FIELDS = set(Unit.model_fields) - {"attributes"}


@dataclass(frozen=True)
class CampaignFile:
    """A campaign as read: None when errors keep it from being used."""

    campaign: Campaign | None
    findings: tuple[Finding, ...]


def read_campaign(root: Path, plugins: Plugins, read_table: ReadTable) -> CampaignFile:
    """Read the campaign in folder `root` with everything that it names."""
    desk = _Desk(root, read_table)
    settings = desk.settings(root / "campaign.yaml")
    if settings is None:
        return CampaignFile(None, tuple(desk.findings))
    rubrics = desk.rubrics(settings, plugins)
    units = desk.units(settings)
    desk.findings += References(root, desk.located, settings, units, rubrics).defects()
    surveys = desk.surveys(settings, units, rubrics, plugins.methods())
    calendar = desk.calendar(settings)
    findings = tuple(desk.findings)
    campaign = Campaign(settings, units, rubrics, surveys, calendar)
    return CampaignFile(None if has_errors(findings) else campaign, findings)


_EXAMPLES = {"host": "smtp.vidu.gov.vn", "sender": "Sở Nội vụ <cchc@vidu.gov.vn>", "year": "2026"}
"""What is to be written where a field is missing, where the name of the field does not say it."""


@dataclass
class _Desk:
    root: Path
    read_table: ReadTable
    findings: list[Finding] = field(default_factory=list)
    located: Located = field(default_factory=lambda: Located(Path(), None, {}))

    def add(self, name: str, place: str, entered: str = "", **params: str) -> None:
        self.findings.append(finding(name, file=place, entered=entered, params=params))

    # --- campaign.yaml ------------------------------------------------------------------------

    def settings(self, path: Path) -> Settings | None:
        try:
            self.located = load_yaml(path)
        except LocatedError as error:
            self.add(f"campaign-{error.problem}", error.place, **error.params)
            return None
        try:
            return Settings.model_validate(self.located.data)
        except ValidationError as error:
            for problem in problems(error):
                self._refused(problem)
            return None

    def _refused(self, problem: FieldProblem) -> None:
        place, entered = self.place(problem.loc), problem.entered
        if problem.missing:
            key, above = str(problem.loc[-1]), field_name(problem.loc[:-1])
            self.add("campaign-field-missing", place, field=field_name(problem.loc), key=key,
                     example=_EXAMPLES.get(key, "…"), above=above or "campaign.yaml")  # fmt: skip
            return
        secret = entered and is_confidential(problem.loc, entered)
        self.add("campaign-field", place, "…" if secret else entered, **problem.params)

    def place(self, path: Path_) -> str:
        return f"{self.located.path.name}:{self.located.line(path)}"

    # --- rubrics ---------------------------------------------------------------------------------

    def rubrics(self, settings: Settings, plugins: Plugins) -> dict[str, Rubric]:
        found = {}
        for tier, chosen in settings.tiers.items():
            path = self.root / chosen.rubric
            read = plugins.read_rubric(path)
            errors = [f for f in read.findings if f.severity is Severity.ERROR]
            if errors or read.rubric is None:
                where = self.place(("tiers", tier, "rubric"))
                self.add("rubric-invalid", where, chosen.rubric, count=str(max(1, len(errors))),
                         path=str(path))  # fmt: skip
            else:
                found[tier] = read.rubric
                self._compare(settings, tier, read.rubric)
        return found

    def _compare(self, settings: Settings, tier: str, rubric: Rubric) -> None:
        """Report a rubric that says it is for another tier or another year."""
        said = {"tier": (rubric.tier, tier), "year": (str(rubric.year), str(settings.year))}
        for name, (entered, wanted) in said.items():
            if entered != wanted:
                where = self.place(("tiers", tier, "rubric"))
                self.add("rubric-for-another", where, entered, field=name, wanted=wanted)

    # --- units -----------------------------------------------------------------------------------

    def table(self, name: str, aliases: Mapping[str, str]) -> Table | None:
        try:
            return self.read_table(self.root / name, aliases)
        except TableError as error:
            vietnamese, english = error.words
            self.add("campaign-unreadable", name, what=vietnamese, what_en=english)
            return None

    def _complete(self, table: Table | None, wanted: Iterable[str]) -> tuple[TableRow, ...]:
        """Return the rows of a table that has the wanted columns; report those that it lacks."""
        if table is None:
            return ()
        lacking = [heading for heading in wanted if heading not in table.headings]
        for heading in lacking:
            self.add("table-heading", table.name, heading)
        return () if lacking else table.rows

    def units(self, settings: Settings) -> dict[str, Unit]:
        table = self.table(settings.units, UNIT_COLUMNS)
        rows = self._complete(table, ("code", "name", "tier"))
        if table is None:
            return {}
        found: dict[str, Unit] = {}
        first: dict[str, int] = {}  # in lower case: Windows takes SNV.xlsx and snv.xlsx for one
        for row in rows:
            if (unit := self._unit(settings, table, row)) is None:
                continue
            if (key := unit.code.lower()) in first:
                place = f"{table.name}:{row.place('code')}"
                self.add("duplicate-unit", place, unit.code, first=str(first[key]))
                continue
            found[unit.code], first[key] = unit, row.number
        self._check_parents(table, found)
        return found

    def _unit(self, settings: Settings, table: Table, row: TableRow) -> Unit | None:
        values = {key: text for key, text in row.values.items() if text}
        known = {key: text for key, text in values.items() if key in _UNIT_FIELDS}
        others = {key: text for key, text in values.items() if key not in _UNIT_FIELDS}
        try:
            unit = Unit.model_validate({**known, "attributes": others})
        except ValidationError as error:
            for problem in problems(error):
                place = f"{table.name}:{row.place(str(problem.loc[0]))}"
                self.add("campaign-field", place, problem.entered, **problem.params)
            return None
        self._check_unit(settings, table, row, unit)
        return unit

    def _check_unit(self, settings: Settings, table: Table, row: TableRow, unit: Unit) -> None:
        if not is_safe_name(unit.code):
            self.add("campaign-field", f"{table.name}:{row.place('code')}", unit.code,
                     field="code", what=UNSAFE_NAME[0], what_en=UNSAFE_NAME[1])  # fmt: skip
        if unit.tier not in settings.tiers:
            choices = ", ".join(settings.tiers)
            self.add("unknown-reference", f"{table.name}:{row.place('tier')}", unit.tier,
                     field="tier", choices=choices)  # fmt: skip
        if unit.group and settings.groups and unit.group not in {*settings.groups, *settings.tiers}:
            choices = ", ".join(settings.groups)
            self.add("unknown-reference", f"{table.name}:{row.place('group')}", unit.group,
                     field="group", choices=choices)  # fmt: skip

    def _check_parents(self, table: Table, units: Mapping[str, Unit]) -> None:
        for row in table.rows:
            parent = row.values.get("parent", "")
            if parent and parent not in units:
                near = difflib.get_close_matches(parent, units, n=5, cutoff=0.5)
                self.add("unknown-reference", f"{table.name}:{row.place('parent')}", parent,
                         field="parent", choices=", ".join(near) or "…")  # fmt: skip

    # --- days off, surveys -----------------------------------------------------------------------

    def calendar(self, settings: Settings) -> Calendar:
        before = len(self.findings)
        tables = [
            (name, self._complete(self.table(name, HOLIDAY_COLUMNS), ("day", "kind")))
            for name in settings.holidays
        ]
        calendar, findings = read_calendar(tables)
        self.findings += findings
        if not has_errors(self.findings[before:]):  # a day that is refused is not missing besides
            for where, year in uncovered(settings, calendar):
                self.add("holidays-not-covered", self.place(where), str(year),
                         field=field_name(where))  # fmt: skip
        return calendar

    def surveys(
        self,
        settings: Settings,
        units: Mapping[str, Unit],
        rubrics: Mapping[str, Rubric],
        methods: Registry,
    ) -> tuple[SurveyFigure, ...]:
        wanted = {tier: survey_leaves(rubric, methods) for tier, rubric in rubrics.items()}
        figures: list[SurveyFigure] = []
        first: dict[tuple[str, str, int], str] = {}
        for name in settings.surveys:
            table = self.table(name, SURVEY_COLUMNS)
            for row in self._complete(table, ("unit", "node", "value")):
                figure = self._figure(settings, name, row, units, wanted)
                if figure is None:
                    continue
                key = (figure.unit, figure.node, figure.year)
                if key in first:
                    self.add("duplicate-survey-value", f"{name}:{row.number}", unit=figure.unit,
                             node=figure.node, first=first[key])  # fmt: skip
                first.setdefault(key, f"{name}:{row.number}")
                figures.append(figure)
        return tuple(figures)

    def _figure(
        self,
        settings: Settings,
        name: str,
        row: TableRow,
        units: Mapping[str, Unit],
        wanted: Mapping[str, Mapping[str, SurveyLeaf]],
    ) -> SurveyFigure | None:
        code, node = row.values.get("unit", ""), row.values.get("node", "")
        if not units or (code in units and units[code].tier not in wanted):
            return None  # the table of units or the rubric is what is wrong, and has been reported
        if code not in units:
            near = difflib.get_close_matches(code, units, n=5, cutoff=0.5)
            self.add("unknown-reference", f"{name}:{row.place('unit')}", code, field="unit",
                     choices=", ".join(near) or "…")  # fmt: skip
            return None
        nodes = wanted.get(units[code].tier, {})
        if node not in nodes:
            near = difflib.get_close_matches(node, nodes, n=5, cutoff=0.3)
            self.add("unknown-reference", f"{name}:{row.place('node')}", node, field="node",
                     choices=", ".join(near) or "…")  # fmt: skip
            return None
        return self._published(settings, name, row, code, nodes[node])

    def _published(
        self, settings: Settings, name: str, row: TableRow, code: str, leaf: SurveyLeaf
    ) -> SurveyFigure | None:
        """Return the figure of a row whose unit and criterion are known."""
        typed, year = row.values.get("value", ""), row.values.get("year", "") or str(settings.year)
        value, highest = survey_value(row, leaf.highest), leaf.highest
        if value is None or value < 0 or (highest is not None and value > highest):
            what, what_en = "cần một số từ 0 trở lên", "a number of 0 or more is needed"
            if highest is not None:
                what, what_en = (f"cần một số từ 0 đến {highest}",
                                 f"a number from 0 to {highest} is needed")  # fmt: skip
            self.add("bad-survey-value", f"{name}:{row.place('value')}", typed, what=what,
                     what_en=what_en)  # fmt: skip
            return None
        if not (year.isascii() and year.isdecimal()):
            self.add("bad-survey-value", f"{name}:{row.place('year')}", year, what="cần một năm",
                     what_en="a year is needed")  # fmt: skip
            return None
        if not settings.year - leaf.fallback <= int(year) <= settings.year:
            self.add("survey-year-unused", f"{name}:{row.number}", year, node=leaf.node,
                     oldest=str(settings.year - leaf.fallback),
                     newest=str(settings.year))  # fmt: skip
        return SurveyFigure(code, leaf.node, value, int(year), row.values.get("source", ""))
