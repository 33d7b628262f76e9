"""`xlscore init DIR --from LASTYEAR`: what is carried over, and what never is."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.campaigns import UNITS, Campaign, make_campaign, rubric
from tests.test_years import with_unit
from xlscore.bundled import examples, make_folder
from xlscore.cli import cli
from xlscore.cli.common import FINE, USAGE
from xlscore.ledger import open_ledger
from xlscore.located import load_yaml, parse_yaml, spans
from xlscore.proceedings import proceedings
from xlscore.succession import succeed
from xlscore.succession.text import YamlText
from xlscore.workbooks.tables import headings_only, read_table
from xlscore.workdays import HOLIDAY_COLUMNS
from xlscore.workspace import Workspace, open_workspace

SETTINGS = """# Kỳ đánh giá của tỉnh: ghi chú đầu tệp 🙂
id: tinh-mau-2026   # mã của kỳ
title: Chỉ số CCHC năm 2026, công văn 120261/SNV
year: 2026
authority: {name: UBND TỈNH MẪU, place: Mẫu}
surveys:            # số điều tra
  # một bảng
  - surveys.csv
holidays: [holidays.csv]
tiers:
  so:
    title: Cấp sở
    rubric: rubrics/so.yaml
    deadline: 2026-12-15T17:00   # hạn nộp
  xa:
    title: Cấp xã
    rubric: rubrics/xa.yaml
    deadline:
      working_days: 5
      after: 2028-02-29
appraisal:
  agencies: {SNV: {title: Sở Nội vụ}}
  rounds:
    - {deadline: 2026-12-25, replies: 2026-12-31}
    - deadline: 2027-01-08
folders:
  inbox: /chia-se/cchc-2026/inbox
  data: /du-lieu/cu
  reports: reports      # báo cáo
mail:
  groups: {lanh-dao: {title: Lãnh đạo, to: ct@vidu.gov.vn}}
waivers:            # miễn trừ
  - {unit: STP, code: S025, row: n1.1, reason: Hồ sơ mật, by: CV 12}

  - {unit: STC, leave_out: [n1.1], reason: Không có, by: CV 13}
# hết phần miễn trừ
reports_to: giay.bin
predecessors: truoc.csv
earlier:            # các năm
  - year: 2025      # năm ngoái
    results: kq/2025.json
# cuối tệp
"""


def last_year(root: Path) -> Workspace:
    make_campaign(root)
    (root / "campaign.yaml").write_text(SETTINGS, encoding="utf-8")
    files = {
        "surveys.csv": "unit,node,value,year,source\nSTP,n2.3,50,2026,x\n",
        "holidays.csv": "Ngày;Loại;Tên\n2026-01-01;nghỉ;Tết\n",
        "truoc.csv": "unit,year,predecessor\nSTP,2025,A\n",
        "letters/reminder.txt": "Kính gửi…",
        "data/keys.json": "{}",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "kq").mkdir()
    units = with_unit(code="A")
    (root / "kq" / "2025.json").write_text(json.dumps(units), encoding="utf-8")
    return open_workspace(root)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("from")
    succeed(last_year(home / "cchc-2026"), home / "cchc-2027")
    return home / "cchc-2027"


def test_the_text_of_the_settings_survives_but_for_what_changes(new: Path) -> None:
    wanted = SETTINGS
    for old, said in {
        "tinh-mau-2026 ": "tinh-mau-2027 ",
        "CCHC năm 2026, công văn 120261": "CCHC năm 2027, công văn 120261",
        "year: 2026": "year: 2027",
        "surveys:            # số điều tra\n  # một bảng\n  - surveys.csv\n":
            "surveys: []            # số điều tra\n  # một bảng\n",
        "2026-12-15T17:00   # hạn nộp": "2027-12-15T17:00   # hạn nộp; kiểm tra lại hạn",
        "after: 2028-02-29": "after: 2029-02-28  # kiểm tra lại hạn",
        "2026-12-25, replies: 2026-12-31}": "2027-12-25, replies: 2027-12-31}  # kiểm tra lại hạn",
        "deadline: 2027-01-08": "deadline: 2028-01-08  # kiểm tra lại hạn",
        "/chia-se/cchc-2026/inbox": '"/chia-se/cchc-2027/inbox"  # kiểm tra lại thư mục',
        "data: /du-lieu/cu": "data: data",
        "waivers:            # miễn trừ\n": "waivers: []            # miễn trừ\n",
        "  - {unit: STP, code: S025, row: n1.1, reason: Hồ sơ mật, by: CV 12}\n\n": "",
        "  - {unit: STC, leave_out: [n1.1], reason: Không có, by: CV 13}\n": "",
        "reports_to: giay.bin": 'reports_to: ""',
        "  - year: 2025      # năm ngoái\n    results: kq/2025.json":
            '  - {year: 2026, results: "../cchc-2026"}\n'
            '  - year: 2025      # năm ngoái\n    results: "../cchc-2026/kq/2025.json"',
    }.items():  # fmt: skip
        assert wanted.count(old) == 1, old
        wanted = wanted.replace(old, said)
    assert (new / "campaign.yaml").read_text(encoding="utf-8") == wanted


def test_units_rubrics_letters_and_predecessors_go_over_and_the_rest_stays(new: Path) -> None:
    assert sorted(str(p.relative_to(new)) for p in new.rglob("*") if p.is_file()) == [
        "campaign.yaml",
        "holidays.csv",
        "letters/reminder.txt",
        "rubrics/so.yaml",
        "rubrics/xa.yaml",
        "truoc.csv",
        "units.csv",
    ]
    assert (new / "units.csv").read_text(encoding="utf-8") == UNITS
    assert (new / "holidays.csv").read_text(encoding="utf-8-sig") == "Ngày;Loại;Tên\n"


def test_a_rubric_has_the_new_year_and_the_same_ids(new: Path) -> None:
    told = load_yaml(new / "rubrics" / "so.yaml").data
    assert told == load_yaml(new.parent / "cchc-2026" / "rubrics" / "so.yaml").data | {
        "year": "2027"
    }


def test_the_new_campaign_opens_and_finds_the_older_year(new: Path) -> None:
    workspace = open_workspace(new)
    settings = workspace.campaign.settings
    assert (settings.id, settings.year, settings.waivers) == ("tinh-mau-2027", 2027, ())
    assert [(one.year, one.results) for one in settings.earlier] == [
        (2026, "../cchc-2026"),
        (2025, "../cchc-2026/kq/2025.json"),
    ]
    assert {found.code for found in workspace.warnings} == {"C015"}  # working days, no days off yet
    with open_ledger(workspace.ledger_path) as ledger:
        years = proceedings(workspace, ledger).years
    assert [found.code for found in years.findings] == ["C022"]
    past = years.past("STP", 2025)
    assert past is not None
    assert past.units[0].code == "A"


def test_days_off_in_excel_are_emptied_too(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    book = openpyxl.Workbook()
    for row in (["Ngày", "Loại"], ["2026-01-01", "nghỉ"], ["2026-04-30", "nghỉ"]):
        book.worksheets[0].append(row)
    book.save(old / "nghi.xlsx")
    succeed(make_campaign(old, holidays=["nghi.xlsx"]).workspace, tmp_path / "new")
    rows = list(openpyxl.load_workbook(tmp_path / "new" / "nghi.xlsx").worksheets[0].values)
    assert rows == [("Ngày", "Loại")]


@pytest.mark.parametrize("title", ["DANH SÁCH NGÀY NGHỈ, NĂM 2026", "Các ngày nghỉ, loại"])
@pytest.mark.parametrize("name", ["nghi.csv", "nghi.xlsx"])
def test_titles_above_the_headings_go_over_with_them(tmp_path: Path, name: str, title: str) -> None:
    lines = [
        [title, ""],
        ["", ""],
        ["Ngày", "Loại"],
        ["2026-01-01", "nghỉ"],
    ]
    book = openpyxl.Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    book.save(tmp_path / "nghi.xlsx")
    text = "".join(f"{';'.join(line)}\n" for line in lines)
    (tmp_path / "nghi.csv").write_text(text, encoding="utf-8")
    headings_only(tmp_path / name, tmp_path / f"moi-{name}", HOLIDAY_COLUMNS)
    table = read_table(tmp_path / f"moi-{name}", HOLIDAY_COLUMNS)
    assert (table.headings, table.rows) == (("day", "kind"), ())


def test_files_outside_the_folder_are_named_from_the_new_one(tmp_path: Path) -> None:
    make_campaign(tmp_path / "a" / "old")
    (tmp_path / "a" / "old" / "units.csv").rename(tmp_path / "a" / "chung.csv")
    data = json.loads((tmp_path / "a" / "old" / "campaign.yaml").read_text(encoding="utf-8"))
    (tmp_path / "a" / "old" / "campaign.yaml").write_text(
        json.dumps(data | {"units": "../chung.csv", "id": "ky"}), encoding="utf-8"
    )
    done = succeed(open_workspace(tmp_path / "a" / "old"), tmp_path / "new")
    settings = open_workspace(tmp_path / "new").campaign.settings
    assert (settings.units, settings.id) == ("../a/chung.csv", "ky-2027")
    assert settings.earlier[0].results == "../a/old"
    assert (
        "../chung.csv: dùng chung với năm trước",
        "../chung.csv: shared with last year",
    ) in done.check


def test_every_bundled_example_can_be_carried_over(tmp_path: Path) -> None:
    for name, example in examples().items():
        make_folder(tmp_path / name, example)
        source = open_workspace(tmp_path / name)
        succeed(source, tmp_path / f"{name}-sau")
        after = open_workspace(tmp_path / f"{name}-sau").campaign
        assert after.settings.year == source.campaign.settings.year + 1
        assert after.units == source.campaign.units
        assert {r.form_digest for r in after.rubrics.values()} == {
            r.form_digest for r in source.campaign.rubrics.values()
        }


# --- the command ------------------------------------------------------------------------------------


def test_the_command_says_what_is_to_be_checked(tmp_path: Path) -> None:
    make_campaign(tmp_path / "old", language="en")
    done = CliRunner().invoke(cli, ["init", str(tmp_path / "new"), "--from", str(tmp_path / "old")])
    assert done.exit_code == FINE, done.output
    assert "deadlines: moved by a year" in done.stdout
    assert "the campaign of 2026 has no edition yet" in done.stdout
    again = CliRunner().invoke(
        cli, ["init", str(tmp_path / "new"), "--from", str(tmp_path / "old")]
    )
    assert again.exit_code == USAGE
    both = [
        "init",
        str(tmp_path / "x"),
        "--from",
        str(tmp_path / "old"),
        "--example",
        "hai-cap-2026",
    ]
    assert CliRunner().invoke(cli, both).exit_code == USAGE
    assert not (tmp_path / "x").exists()


def test_last_year_must_be_a_campaign(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        cli, ["init", str(tmp_path / "new"), "--from", str(tmp_path / "gone")]
    )
    assert done.exit_code == USAGE
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_next_year_is_ranked_with_its_changes_against_last_year(tmp_path: Path) -> None:
    old = Campaign(
        tmp_path / "old",
        make_campaign(
            tmp_path / "old", rubrics=_rubrics(), intake={"settle_seconds": "0"}
        ).workspace,
    )
    _returned(old, "STP", 1)
    run("rank", "-C", old.root)
    run("init", tmp_path / "new", "--from", old.root)
    new = Campaign(tmp_path / "new", open_workspace(tmp_path / "new"))
    run("generate", "-C", new.root)
    _returned(new, "STP", 2)
    with open_ledger(new.workspace.ledger_path) as ledger:
        results = proceedings(new.workspace, ledger).results
    assert results.years.findings == ()
    row = next(row for row in results.rows if row.result.unit.code == "STP")
    before = results.before(row.result.unit)
    assert before is not None
    assert before.index == Decimal(25)
    assert results.change(row.result) == 25
    run("rank", "-C", new.root)


def _rubrics() -> dict[str, dict[str, object]]:
    points = {"id": "n1", "code": "1", "title": "Một", "max": "4", "method": {"kind": "points"}}
    kept = ("id", "title", "year", "tier")
    return {
        tier: {key: rubric(tier)[key] for key in kept} | {"scale": "4", "nodes": [points]}
        for tier in ("so", "xa")
    }


def _returned(campaign: Campaign, unit: str, points: int) -> None:
    data = campaign.filled({("n1", "points"): Decimal(points)}, unit=unit)
    (campaign.root / "inbox").mkdir(exist_ok=True)
    (campaign.root / "inbox" / f"{unit}.xlsx").write_bytes(data)
    run("collect", "-C", campaign.root)


def run(*words: str | Path) -> None:
    done = CliRunner().invoke(cli, [str(word) for word in words])
    assert done.exit_code in (0, 1), done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output


# --- the text ---------------------------------------------------------------------------------------


def test_every_value_is_found_where_it_stands() -> None:
    text = SETTINGS
    found = spans(text)
    plain = parse_yaml(text, Path("c.yaml")).data
    for where, span in found.items():
        value = plain
        for part in where:
            value = value[part]
        if isinstance(value, str):
            assert text[span.start : span.end] == value


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: 1\n", 'a: 1\n\nb: {c: "x"}\n'),
        ("b: {d: 1} # k\n", 'b: {"c": "x", d: 1} # k\n'),
        ("b: {d: 1, } # k\n", 'b: {"c": "x", d: 1, } # k\n'),
        ("b: {d: 1 # k\n}\n", 'b: {"c": "x", d: 1 # k\n}\n'),
        ("  a: 1\n", '  a: 1\n\n  b: {c: "x"}\n'),
        ("b:\n  c: >-\n    y\n    z\n\n  d: 1\n", 'b:\n  c: "x"\n\n  d: 1\n'),
        ("b: {}\n", 'b: {"c": "x"}\n'),
        ("b:\n  d: 1\n", 'b:\n  c: "x"\n  d: 1\n'),
        ("b:\n    c:    # k\n    d: 1\n", 'b:\n    c: "x"    # k\n    d: 1\n'),
        ('{"a": 1}', '{"b": {c: "x"}, "a": 1}'),
        ("b:\n  c:\n    - 1\n    # k\n    - 2\n  d: 1\n", 'b:\n  c: "x"\n  d: 1\n'),
    ],
)
def test_a_value_is_put_where_it_belongs(text: str, after: str) -> None:
    changing = YamlText(text)
    changing.put(("b", "c"), '"x"')
    assert changing.changed() == after
    assert parse_yaml(after, Path("c.yaml")).data["b"]["c"] == "x"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: 1", "a: 1\n\nb: [x]"),
        ("b: []\n", "b: [x]\n"),
        ("b: [y]\n", "b: [x, y]\n"),
        ("b:\n", "b: [x]\n"),
        ("b:\n- y\n", "b:\n- x\n- y\n"),
        ("b:\n  # k\n  - y\n", "b:\n  # k\n  - x\n  - y\n"),
    ],
)
def test_an_item_is_put_at_the_head_of_a_list(text: str, after: str) -> None:
    changing = YamlText(text)
    changing.prepend(("b",), "x")
    assert changing.changed() == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('a: "b #1"\n', 'a: "b #1"  # k\n'),
        ('a: "b #1" # c\n', 'a: "b #1" # c; k\n'),
        ('c: {t: "Sở #1", a: 2}\n', 'c: {t: "Sở #1", a: 2}  # k\n'),
        ("a: b#1\n", "a: b#1  # k\n"),
    ],
)
def test_a_mark_is_a_comment_whatever_signs_the_values_have(text: str, after: str) -> None:
    changing = YamlText(text)
    changing.mark(("a",) if text.startswith("a") else ("c", "a"), "k")
    assert changing.changed() == after
    assert parse_yaml(after, Path("c.yaml")).data == parse_yaml(text, Path("c.yaml")).data
