"""`survey import`: tables from elsewhere fill a book; what is not known by name is never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from tests.campaigns import Data, assert_readable, leaf
from tests.survey_campaign import (
    BANDED,
    BOTH,
    COUNTED,
    INDEX,
    PLAIN,
    Office,
    submitted,
    survey_campaign,
    told,
)
from xlscore.cli import cli
from xlscore.exporting.survey_tables import TABLE_COLUMNS, read_survey_table, table_year
from xlscore.exporting.table_units import MAP_COLUMNS, UnitNames
from xlscore.findings import Finding, Status
from xlscore.workbooks.surveys.plan import Way, survey_plan
from xlscore.workbooks.tables import read_table


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return survey_campaign(tmp_path / "campaign")


def table(folder: Path, text: str, name: str = "bang.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def run(desk: Office, *args: str | Path, expected: int = 0) -> str:
    folder = str(desk.workspace.root)
    said = ["--language", "en", "survey", *map(str, args), "-C", folder]
    done = CliRunner().invoke(cli, said)
    assert done.exit_code == expected, done.output
    assert "Traceback" not in done.output
    return done.output


def figures(desk: Office) -> Mapping[str, Mapping[str, str]]:
    (arrival,) = [a for a in desk.collect() if a.kind == "survey"]
    assert (arrival.status, told(arrival)) == (Status.VALID, [])
    return arrival.card["figures"]  # type: ignore[no-any-return]


def refused(
    desk: Office, path: Path, way: Way = Way.PERCENT, settled: Path | None = None
) -> list[Finding]:
    """Return what keeps a table from being used; the command writes nothing then."""
    options = ["--as", way.value, *(["--map", str(settled)] if settled else [])]
    out = run(desk, "import", path, "--tier", "so", *options, expected=1)
    assert "Nothing was written" in out
    assert [p for p in desk.workspace.inbox.iterdir() if p.suffix == ".xlsx"] == []
    names = UnitNames(desk.workspace.campaign, "so")
    found = names.settle(read_table(settled, MAP_COLUMNS)) if settled else []
    if not found:
        given = read_table(path, TABLE_COLUMNS)
        plan = survey_plan(desk.workspace, "so", way)
        found = read_survey_table(given, plan, names, table_year(given) or 2026).findings
    for one in found:
        assert_readable(one)
        assert one.code in out
    return found


def placed(found: Sequence[Finding]) -> list[tuple[str, str, str]]:
    return [(f.name, f.file, f.entered) for f in found]


# --- what is taken ----------------------------------------------------------------------------------


def test_a_wide_table_is_read_by_code_name_and_any_heading(desk: Office, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        f"TT;Tên đơn vị;{COUNTED};2.6;Tiêu chí 2.7;2.8 Tiêu chí 2.8;Ghi chú\n"
        "1;  sở   TƯ PHÁP ;72,5;0,6;100%;81;tốt\n2;BDT;40;;;;\n",
    )
    out = run(desk, "import", path, "--tier", "so", "--by", "Nguyễn Văn A")
    assert "5 figures filled in" in out
    assert "Units that stay blank: STC" in out
    assert "Criteria that stay blank: 2.3" in out
    assert "2 further cells stay blank" in out
    submitted(desk, "STP")
    assert figures(desk) == {
        "STP": {COUNTED: "72.5", INDEX: "0.6", PLAIN: "100", BANDED: "81"},
        "BDT": {COUNTED: "40"},
    }
    assert desk.achieved("STP", COUNTED) == Decimal("0.3625")
    (arrival,) = [a for a in desk.collect() if a.kind == "survey"]
    assert (arrival.card["source"], arrival.card["by"]) == ("bang.csv", "Nguyễn Văn A")


def test_columns_may_stand_in_any_order(desk: Office, tmp_path: Path) -> None:
    one = table(tmp_path, f"unit,{COUNTED},{INDEX}\nSTP,50,0.25\n", "1.csv")
    other = table(tmp_path, f"{INDEX},unit,{COUNTED}\n0.25,STP,50\n", "2.csv")
    run(desk, "import", one, "--tier", "so", "--source", "SIPAS")
    run(desk, "import", other, "--tier", "so", "--source", "SIPAS")
    assert figures(desk) == {"STP": {COUNTED: "50", INDEX: "0.25"}}


def test_figures_that_were_corrected_and_are_entered_once_more_count_again(
    desk: Office, tmp_path: Path
) -> None:
    for said in ("50", "60", "50", "50"):
        path = table(tmp_path, f"unit,{COUNTED}\nSTP,{said}\n")
        run(desk, "import", path, "--tier", "so", "--source", "SIPAS")
        desk.collect()
        assert [figure.value for figure in desk.state().surveyed.figures] == [Decimal(said)]


def test_a_long_table_names_year_and_source(desk: Office, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "Mã đơn vị,Mã tiêu chí,Giá trị,Năm,Nguồn\nSTP,2.6,0.8,2025,DTI 2025\nSTC,2.6,0.7,2025,\n",
    )
    run(desk, "import", path, "--tier", "so")
    assert figures(desk) == {"STP": {INDEX: "0.8"}, "STC": {INDEX: "0.7"}}
    (arrival,) = [a for a in desk.collect() if a.kind == "survey"]
    assert (arrival.card["year"], arrival.card["source"]) == (2025, "DTI 2025")


def test_numbers_of_answers_by_group_and_option(desk: Office, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        f"unit,node,group,option,value\nSTP,{BOTH},hdnd,A,3\nSTP,{BOTH},Đại biểu HĐND tỉnh,D,1\n"
        f"STP,{BOTH},dan,B,5\nSTP,{COUNTED},,A,1\n",
    )
    run(desk, "import", path, "--tier", "so", "--as", "answers")
    assert figures(desk) == {"STP": {BOTH: "70", COUNTED: "100"}}


def test_groups_in_headings(desk: Office, tmp_path: Path) -> None:
    path = table(tmp_path, "unit,2.3 - Người dân,2.3 (hdnd)\nSTP,60,90\n")
    run(desk, "import", path, "--tier", "so")
    assert figures(desk) == {"STP": {BOTH: "80"}}


def test_points_from_a_workbook(desk: Office, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Mã đơn vị", "2.5", "2.7"])  # type: ignore[union-attr]
    book.active.append(["STP", 0.1, 0.25])  # type: ignore[union-attr]
    book.save(tmp_path / "bang.xlsx")
    run(desk, "import", tmp_path / "bang.xlsx", "--tier", "so", "--as", "points")
    assert figures(desk) == {"STP": {COUNTED: "20", PLAIN: "50"}}


def test_a_cell_that_shows_a_percent_is_that_percent(desk: Office, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Mã đơn vị", "2.5"])
    sheet.append(["STP", 0.855])
    sheet["B2"].number_format = "0.0%"
    book.save(tmp_path / "bang.xlsx")
    run(desk, "import", tmp_path / "bang.xlsx", "--tier", "so")
    assert figures(desk) == {"STP": {COUNTED: "85.5"}}


def test_a_map_settles_names_for_good(desk: Office, tmp_path: Path) -> None:
    path = table(tmp_path, f"Đơn vị,{COUNTED}\nTư pháp,50\nTrung bình chung,61\nSTC,72\n")
    settled = table(tmp_path, "name,code\ntư  pháp,STP\nTrung bình chung,\n", "ten.csv")
    run(desk, "import", path, "--tier", "so", "--map", settled)
    assert figures(desk) == {"STP": {COUNTED: "50"}, "STC": {COUNTED: "72"}}


def test_code_and_name_together_find_one_of_two_namesakes(tmp_path: Path) -> None:
    desk = survey_campaign(tmp_path / "campaign", units=NAMESAKES)
    path = table(tmp_path, f"code,name,{COUNTED}\nB1,Ban Quản lý,50\n")
    run(desk, "import", path, "--tier", "so")
    assert figures(desk) == {"B1": {COUNTED: "50"}}


# --- what is refused --------------------------------------------------------------------------------

NAMESAKES = """code,name,tier,kind
STP,Sở Tư pháp,so,lớn
B1,Ban Quản lý,so,nhỏ
B2,Ban Quản lý,so,nhỏ
AB,Xã An Bình,xa,
"""


def test_an_unknown_name_is_told_with_the_nearest(desk: Office, tmp_path: Path) -> None:
    path = table(tmp_path, f"Đơn vị,{COUNTED}\nSở Tư phap,50\nSTC,60\n")
    (found,) = refused(desk, path)
    assert placed([found]) == [("table-unit-unknown", "bang.csv:2", "Sở Tư phap")]
    assert found.params["choices"].split(", ")[0] == "“Sở Tư pháp”"


def test_a_unit_of_another_tier_is_told_as_such(desk: Office, tmp_path: Path) -> None:
    (found,) = refused(desk, table(tmp_path, f"Đơn vị,{COUNTED}\nAB,50\n"))
    assert found.name == "table-unit-unknown"
    assert "--tier xa" in found.params["choices"]


def test_a_name_that_two_units_bear_is_ambiguous(tmp_path: Path) -> None:
    desk = survey_campaign(tmp_path / "campaign", units=NAMESAKES)
    (found,) = refused(desk, table(tmp_path, f"Đơn vị,{COUNTED}\nban quản lý,50\n"))
    assert found.name == "table-unit-ambiguous"
    assert found.params["choices"] == "B1 (Ban Quản lý), B2 (Ban Quản lý)"


def test_a_code_that_contradicts_the_name_is_ambiguous(desk: Office, tmp_path: Path) -> None:
    (found,) = refused(desk, table(tmp_path, f"code,name,{COUNTED}\nSTP,Sở Tài chính,50\n"))
    assert (found.name, found.entered) == ("table-unit-ambiguous", "STP / Sở Tài chính")


def test_a_map_with_an_unknown_code_is_refused(desk: Office, tmp_path: Path) -> None:
    path = table(tmp_path, f"Đơn vị,{COUNTED}\nTư pháp,50\n")
    settled = table(tmp_path, "name,code\nTư pháp,STPP\n", "ten.csv")
    (found,) = refused(desk, path, settled=settled)
    assert placed([found]) == [("table-unit-unknown", "ten.csv:2", "STPP")]
    other = table(tmp_path, "a,b\nTư pháp,STP\n", "khac.csv")
    assert [f.name for f in refused(desk, path, settled=other)] == ["table-columns"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"unit,{COUNTED}\nSTP,50\nSở Tư pháp,51\n", "bang.csv:2"),
        (f"unit,{COUNTED},2.5\nSTP,50,51\n", "bang.csv:2"),
        (f"unit,{COUNTED},{COUNTED}\nSTP,50,51\n", "bang.csv:n2_5"),
        ("unit,node,value\nSTP,2.5,50\nSTP,n2.5,50\n", "bang.csv:2"),
    ],
)
def test_a_figure_in_two_places_is_refused(
    desk: Office, tmp_path: Path, text: str, place: str
) -> None:
    (found,) = refused(desk, table(tmp_path, text))
    assert (found.name, found.params["first"]) == ("table-twice", place)


def test_an_unknown_criterion_is_told_with_the_nearest(desk: Office, tmp_path: Path) -> None:
    (found,) = refused(desk, table(tmp_path, "unit,Tiêu chí 2.9,2.5\nSTP,50,60\n"))
    assert (found.name, found.entered) == ("table-criterion-unknown", "tieu_chi_2_9")
    assert "“Tiêu chí 2.8”" in found.params["choices"]


def test_a_criterion_with_groups_needs_its_group(desk: Office, tmp_path: Path) -> None:
    (found,) = refused(desk, table(tmp_path, "unit,2.3\nSTP,50\n"))
    assert found.name == "table-criterion-ambiguous"
    assert found.params["choices"] == "n2.3 dan, n2.3 hdnd"


def test_a_number_that_excel_may_have_cut_is_ambiguous(tmp_path: Path) -> None:
    survey: Data = {"channel": "survey"}
    changes = {
        COUNTED: leaf("2.1", "0.5", "survey", survey | {"id": "a"}),
        INDEX: leaf("2.10", "0.5", "survey", survey | {"id": "b"}),
    }
    desk = survey_campaign(tmp_path / "campaign", changes=changes)
    (found,) = refused(desk, table(tmp_path, "unit,2.1\nSTP,50\n"))
    assert (found.name, found.params["choices"]) == ("table-criterion-ambiguous", "a, b")


@pytest.mark.parametrize(
    ("cell", "way"),
    [
        ("nhiều", Way.PERCENT),
        ("101", Way.PERCENT),
        ("-1", Way.PERCENT),
        ("0.6", Way.POINTS),
        ("10%", Way.POINTS),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    desk: Office, tmp_path: Path, cell: str, way: Way
) -> None:
    (found,) = refused(desk, table(tmp_path, f"unit,{COUNTED}\nSTP,{cell}\n"), way)
    assert placed([found]) == [("table-value", "bang.csv:2", cell)]


def test_part_of_an_answer_is_refused(desk: Office, tmp_path: Path) -> None:
    path = table(tmp_path, f"unit,{COUNTED} A\nSTP,1.5\n")
    assert placed(refused(desk, path, Way.ANSWERS)) == [("table-value", "bang.csv:2", "1.5")]


def test_a_criterion_that_a_unit_has_not_is_refused(desk: Office, tmp_path: Path) -> None:
    path = table(tmp_path, f"unit,{PLAIN}\nSTC,50\n")
    assert placed(refused(desk, path)) == [("table-value", "bang.csv:2", "50")]


def test_a_table_of_two_years_is_refused(desk: Office, tmp_path: Path) -> None:
    path = table(tmp_path, f"unit,{INDEX},year\nSTP,0.5,2026\nSTC,0.6,2025\n")
    assert placed(refused(desk, path)) == [("table-value", "bang.csv:3", "2025")]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "unit,Ghi chú\nSTP,x\n"])
def test_a_table_without_units_or_criteria_is_refused(
    desk: Office, tmp_path: Path, text: str
) -> None:
    assert [f.name for f in refused(desk, table(tmp_path, text))] == ["table-columns"]


def test_everything_wrong_is_told_at_once(desk: Office, tmp_path: Path) -> None:
    path = table(tmp_path, f"unit,{COUNTED},lạ\nSTPP,50,\nSTC,500,\n")
    names = [found.name for found in refused(desk, path)]
    assert names == ["table-criterion-unknown", "table-unit-unknown", "table-value"]


# --- the command line -------------------------------------------------------------------------------


def test_export_writes_a_book_for_each_tier(desk: Office) -> None:
    out = run(desk, "export", "--as", "answers")
    folder = desk.workspace.templates / "dieu-tra"
    assert sorted(p.name for p in folder.iterdir()) == ["so-answers.xlsx", "xa-answers.xlsx"]
    assert out.count("Written:") == 2
    assert run(desk, "export", "--as", "answers").count("Left as it is") == 2
    assert run(desk, "export", "--as", "answers", "--tier", "so", "--force").count("Written:") == 1


def test_wrong_calls_are_told(desk: Office, tmp_path: Path) -> None:
    path = table(tmp_path, f"unit,{COUNTED}\nSTP,\n")
    assert "no figure" in run(desk, "import", path, "--tier", "so", expected=1)
    assert "There is no tier" in run(desk, "export", "--tier", "huyen", expected=2)
    assert "2021 to 2026" in run(desk, "export", "--year", "2030", expected=2)
    assert "bang2" in run(desk, "import", tmp_path / "bang2.csv", "--tier", "so", expected=2)


def test_an_inbox_that_is_away_is_not_made_up(tmp_path: Path) -> None:
    desk = survey_campaign(tmp_path / "campaign", folders={"inbox": str(tmp_path / "away" / "in")})
    path = table(tmp_path, f"unit,{COUNTED}\nSTP,50\n")
    run(desk, "import", path, "--tier", "so", expected=3)
    assert not (tmp_path / "away").exists()
