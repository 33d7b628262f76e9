"""A small campaign with every kind of survey row, its books, and hands that fill them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.campaigns import Campaign, Data, assert_readable, group, leaf, make_campaign, rubric
from tests.collecting import collect
from xlscore.exporting.surveys import SurveyBook, issue_surveys, survey_books
from xlscore.findings import Finding
from xlscore.ledger import Recorded, open_ledger
from xlscore.proceedings import Proceedings, proceedings
from xlscore.ranking import UnitResult
from xlscore.workbooks.members import read_members, replace_members
from xlscore.workbooks.package import cell_address, read_package
from xlscore.workbooks.sheet_xml import CellContent, SheetEditor
from xlscore.workbooks.surveys.fill import SurveyFilling
from xlscore.workbooks.surveys.front import PLACES
from xlscore.workbooks.surveys.plan import Way

UNITS = """code,name,tier,kind
STP,Sở Tư pháp,so,lớn
STC,Sở Tài chính,so,nhỏ
BDT,Ban Dân tộc,so,nhỏ
AB,Ủy ban nhân dân xã An Bình,xa,
"""
OPTIONS = {"A": "100", "B": "60", "C": "20", "D": "0"}
GROUPS = {"hdnd": {"title": "Đại biểu HĐND tỉnh", "weight": "2"}, "dan": {"title": "Người dân"}}
SAMPLE = {
    "hdnd": {"title": "Đại biểu HĐND tỉnh", "each": 30},
    "so": {"title": "Lãnh đạo sở", "each": 3, "times": [19], "basis": "03 người/sở × 19 sở"},
}
FRONT, MATRIX, SAMPLE_PART = (f"xl/worksheets/sheet{n}.xml" for n in (1, 2, 3))
BOTH, COUNTED, INDEX, PLAIN, BANDED = "n2.3", "n2.5", "n2.6", "n2.7", "n2.8"


def survey_rubric(**changes: Data) -> Data:
    """Return the rubric with a survey row of every kind in its second domain; `changes` by id."""
    data = rubric()
    survey, rest = {"channel": "survey"}, {"else": "0"}
    bands = [{"at_least": "80", "points": "0.5"}]
    rows = [
        leaf("2.3", "1", "survey", survey, options=OPTIONS, groups=GROUPS),
        leaf("2.5", "0.5", "survey", survey, options=OPTIONS),
        leaf("2.6", "0.5", "index", survey, scale="1", fallback="1"),
        leaf("2.7", "0.5", "survey", survey | {"applies_when": {"kind": "lớn"}}),
        leaf("2.8", "0.5", "index", survey, bands=bands, **rest),
    ]
    rows = [changes.get(row["id"], row) for row in rows]
    second = data["nodes"][1]
    kept = [node for node in second["nodes"] if node["id"] != "n2.3"]
    data["nodes"][1] = group("2", "16", [*kept, *rows], role=["chuyen-mon"])
    return data


def survey_campaign(
    root: Path, *, changes: Mapping[str, Data] | None = None, **given: Any
) -> Office:
    """Write a campaign folder with an inbox."""
    rubrics = {"so": survey_rubric(**(changes or {}))}
    given = {"survey": {"sample": SAMPLE}, "units": UNITS, **given}
    made = make_campaign(root, rubrics=rubrics, **given)
    (root / "inbox").mkdir(exist_ok=True)
    return Office(made)


class Office:
    """What the tests of surveys do in a campaign folder."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign, self.workspace = campaign, campaign.workspace

    def book(self, way: Way = Way.PERCENT, year: int = 2026) -> SurveyBook:
        """Return the issued book of the tier `so`."""
        (book,) = survey_books(self.workspace, ["so"], way, year)
        issue_surveys(self.workspace, [book])
        return book

    def put(self, data: bytes, name: str) -> None:
        (self.workspace.inbox / name).write_bytes(data)

    def collect(self) -> tuple[Recorded, ...]:
        """Take in what lies in the inbox and return all that is recorded."""
        collect(self.workspace, settle=0)
        with open_ledger(self.workspace.ledger_path) as ledger:
            return tuple(ledger.arrivals())

    def arrival(self, data: bytes, name: str = "dieu-tra.xlsx") -> Recorded:
        """Return what became of one survey book."""
        self.put(data, name)
        return next(a for a in self.collect() if a.file == name)

    def state(self) -> Proceedings:
        with open_ledger(self.workspace.ledger_path) as ledger:
            return proceedings(self.workspace, ledger)

    def result(self, unit: str) -> UnitResult:
        rows = self.state().results.rows
        return next(row.result for row in rows if row.result.unit.code == unit)

    def achieved(self, unit: str, node: str) -> Decimal | None:
        return self.result(unit).achieved[node].points

    def notes(self) -> list[Finding]:
        return [note.finding for note in self.state().results.notes]


def filling(book: SurveyBook, said: Mapping[Any, str], **given: Any) -> SurveyFilling:
    """Return a whole filling from numbers by (unit, node[, group[, option]])."""
    figures = {}
    for (unit, node, *rest), value in said.items():
        group_, option = (*rest, "", "")[:2]
        (key,) = [
            k
            for k, c in book.plan.columns.items()
            if (c.node, c.group, c.option) == (node, group_, option)
        ]
        figures[unit, key] = Decimal(value)
    given = {"source": "SIPAS 2026", "by": "Nguyễn Văn A", "complete": True, **given}
    return SurveyFilling(figures=figures, **given)


def address(book: SurveyBook, unit: str, node: str, group_: str = "", option: str = "") -> str:
    """Return where a cell of the figures stands, from the hidden keys of the issued file."""
    sheet = read_package(book.path).sheets[1]
    (key,) = [
        k
        for k, c in book.plan.columns.items()
        if (c.node, c.group, c.option) == (node, group_, option)
    ]
    column = next(c.column for c in sheet.cells.values() if c.row == 1 and c.value == key)
    row = next(
        c.row for c in sheet.cells.values() if c.column == 1 and c.value.startswith(f"unit|{unit}|")
    )
    return cell_address(row, column)


def fact(slot: str) -> str:
    """Return where a fact of the first sheet stands."""
    return f"C{PLACES[slot] + 1}"


def typed(data: bytes, contents: Mapping[str, CellContent | str], part: str = MATRIX) -> bytes:
    """Return the workbook with cells of one sheet replaced, locked ones too."""
    members = {m.name: m.content.decode() for m in read_members(data)}
    editor = SheetEditor(members[part], members["xl/styles.xml"])
    for place, said in contents.items():
        editor.put(place, CellContent("text", said) if isinstance(said, str) else said)
    changed = {part: editor.sheet().encode(), "xl/styles.xml": editor.styles().encode()}
    return replace_members(data, changed)


def checked(arrival: Recorded) -> Recorded:
    """Return the arrival, whose findings all can be said in words."""
    for found in arrival.findings:
        assert_readable(found)
    return arrival


def told(arrival: Recorded) -> list[tuple[str, str, str]]:
    """Return name, cell and node of every finding."""
    return [(f.name, f.cell, f.node) for f in arrival.findings]


def submitted(office: Office, *units: str) -> None:
    """Put faultless scorecards of these units into the inbox."""
    for unit in units:
        office.put(office.campaign.filled(unit=unit), f"{unit}.xlsx")
