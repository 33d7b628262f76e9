"""A campaign as operators write it: what is understood, and every defect with file, line and field."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.campaigns import assert_readable, group, leaf, rubric
from xlscore.campaign import Campaign, Unit
from xlscore.campaign_file import read_campaign
from xlscore.correspondence import Server
from xlscore.findings import Finding, message
from xlscore.plugins import build
from xlscore.workbooks.tables import read_table

YAML = """\
id: thu-2026
title: Kỳ thử
year: 2026
authority:
  name: UBND TỈNH MẪU
  place: Mẫu
tiers:
  so:
    title: Các sở
    rubric: rubrics/so.yaml
    deadline: 2026-12-15
    bands:
      - {name: Tốt, at_least: 80}
      - {name: Yếu, at_least: 0}
groups:
  so-lon: {title: Sở lớn}
"""
UNITS = "code,name,tier\nSTP,Sở Tư pháp,so\nSTC,Sở Tài chính,so\n"
PLUGINS = build(())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "so.yaml").write_text(json.dumps(rubric()), encoding="utf-8")
    (tmp_path / "campaign.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    return tmp_path


def add(folder: Path, text: str) -> None:
    with (folder / "campaign.yaml").open("a", encoding="utf-8") as stream:
        stream.write(text)


def change(folder: Path, old: str, new: str, name: str = "campaign.yaml") -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def opened(folder: Path) -> Campaign:
    read = read_campaign(folder, PLUGINS, read_table)
    assert read.campaign is not None, [message(f, "en") for f in read.findings]
    return read.campaign


def refused(folder: Path) -> list[Finding]:
    read = read_campaign(folder, PLUGINS, read_table)
    assert read.campaign is None
    for found in read.findings:
        assert_readable(found)
    return list(read.findings)


def told(found: Finding) -> tuple[str, str, str, str]:
    return found.name, found.file, found.params.get("field", ""), found.entered


def only(folder: Path) -> tuple[str, str, str, str]:
    (found,) = refused(folder)
    return told(found)


# --- campaign.yaml --------------------------------------------------------------------------------


def test_a_folder_without_a_campaign_is_named(tmp_path: Path) -> None:
    assert only(tmp_path) == ("campaign-unreadable", "campaign.yaml", "", "")


def test_a_campaign_that_is_not_utf_8_is_unreadable(folder: Path) -> None:
    (folder / "campaign.yaml").write_bytes("title: Kỳ thử".encode("utf-16"))
    (found,) = refused(folder)
    assert (found.code, found.params["what"]) == ("C001", "không phải bảng mã UTF-8")


def test_a_syntax_error_is_told_with_its_line(folder: Path) -> None:
    change(folder, "year: 2026\n", "year: 2026\n  more: 1\n")
    (found,) = refused(folder)
    assert (found.code, found.name, found.file) == ("C002", "campaign-syntax", "campaign.yaml:4")


def test_a_key_that_stands_twice_is_a_syntax_error(folder: Path) -> None:
    add(folder, "year: 2025\n")
    (found,) = refused(folder)
    assert (found.name, found.file) == ("campaign-syntax", "campaign.yaml:17")
    assert "trường “year” ghi hai lần" in message(found, "vi")
    assert "the field “year” stands twice" in message(found, "en")


@pytest.mark.parametrize("text", ["", "- a\n- b\n"])
def test_a_campaign_of_another_shape_is_refused_as_a_whole(folder: Path, text: str) -> None:
    (folder / "campaign.yaml").write_text(text, encoding="utf-8")
    (found,) = refused(folder)
    assert (found.code, found.params["field"]) == ("C003", "(cả tệp)")
    assert "Field “(whole file)”: must be pairs" in message(found, "en")


@pytest.mark.parametrize(
    ("spoil", "vietnamese", "english"),
    [
        (lambda f: (f / "campaign.yaml").unlink(), "không có tệp này", "no such file"),
        (lambda f: add(f, "\tx: 1\n"), "có dấu Tab", "cannot start any token"),
        (lambda f: change(f, "year: 2026", "year: nay"), "phải là số nguyên", "whole number"),
        (lambda f: change(f, "2026-12-15", "mai"), "phải là ngày giờ", "must be a day"),
        (lambda f: (f / "units.csv").write_bytes(b"\xff"), "bảng mã UTF-8", "not UTF-8"),
        (lambda f: (f / "units.csv").unlink(), "không có tệp này", "no such file"),
    ],
)
def test_each_language_says_what_is_wrong_in_its_own_words(
    folder: Path, spoil: Callable[[Path], object], vietnamese: str, english: str
) -> None:
    spoil(folder)
    (found,) = refused(folder)
    assert vietnamese in message(found, "vi")
    assert english not in message(found, "vi")
    assert english in message(found, "en")
    assert vietnamese not in message(found, "en")


FIELDS: Mapping[str, tuple[str, str, int, str, str]] = {
    "a year in words": ("year: 2026", "year: nay", 3, "year", "nay"),
    "a deadline written as in Vietnam": (
        "deadline: 2026-12-15", "deadline: 15/12/2026", 11, "tiers.so.deadline", "15/12/2026",
    ),
    "a deadline of the wrong form": (
        "deadline: 2026-12-15", "deadline: mai", 11, "tiers.so.deadline", "mai",
    ),
    "a field that does not exist": ("year: 2026", "year: 2026\nyaer: 1", 4, "yaer", "1"),
    "an id with marks": ("id: thu-2026", "id: kỳ thử", 1, "id", "kỳ thử"),
    "an unknown language": ("year: 2026", "year: 2026\nlanguage: fr", 4, "language", "fr"),
    "an unknown time zone": ("year: 2026", "year: 2026\ntime_zone: Hà Nội", 4, "time_zone", "Hà Nội"),
    "bands that do not fall": ("at_least: 0}", "at_least: 90}", 12, "tiers.so.bands", "[…]"),
    "a decimal comma": ("at_least: 80", "at_least: 80,5", 13, "tiers.so.bands[1]", "…,5"),
    "a band above in words": ("at_least: 80", "at_least: cao", 13, "tiers.so.bands[1].at_least", "cao"),
    "no tier at all": (YAML[YAML.index("tiers:") : YAML.index("groups:")], "tiers: {}\n", 7, "tiers", "{…}"),
}  # fmt: skip


@pytest.mark.parametrize("case", FIELDS)
def test_a_field_that_does_not_fit_is_told_with_line_and_name(folder: Path, case: str) -> None:
    old, new, line, field, entered = FIELDS[case]
    change(folder, old, new)
    assert only(folder) == ("campaign-field", f"campaign.yaml:{line}", field, entered)


@pytest.mark.parametrize(
    ("given", "port"),
    [
        ({}, 587),
        ({"security": "none"}, 587),
        ({"security": "tls"}, 465),
        ({"security": "tls", "port": "587"}, 587),
        ({"port": "25"}, 25),
    ],
)
def test_a_mail_server_has_the_usual_port_of_its_security(given: dict[str, str], port: int) -> None:
    assert Server.model_validate({"host": "mail.vidu.vn", **given}).port == port


@pytest.mark.parametrize(
    "mail",
    [
        '{server: "smtp://u:s3cret@h"}',
        '"smtp://u:s3cret@h"',
        '{servr: "smtp://u:s3cret@h"}',
        '{server: {host: h, port: "25:s3cret"}}',
        "{server: {host: h, port: 25, pasword: s3cret}}",
        '{server: {host: h, uri: "smtp://u:s3cret@h"}}',
    ],
)
def test_what_may_hold_the_mail_servers_password_is_not_repeated(folder: Path, mail: str) -> None:
    add(folder, f"mail: {mail}\n")
    for found in refused(folder):
        assert found.code == "C003"
        assert found.entered == "…" or not found.entered
        assert "s3cret" not in repr(found) + message(found, "vi") + message(found, "en")


@pytest.mark.parametrize(
    ("field", "entered"), [("port", "70000"), ("port", "tls"), ("security", "ssl")]
)
def test_what_holds_no_password_is_repeated_for_the_mail_server_too(
    folder: Path, field: str, entered: str
) -> None:
    add(folder, f"mail: {{sender: a@b.vn, server: {{host: h, {field}: {entered}}}}}\n")
    (found,) = refused(folder)
    assert (found.code, found.params["field"]) == ("C003", f"mail.server.{field}")
    assert f"(“{entered}”)" in message(found, "vi")


def test_a_field_that_is_missing_is_told_as_missing_with_what_to_write(folder: Path) -> None:
    add(folder, "mail: {sender: a@b.vn, server: {port: 25}}\n")
    (found,) = refused(folder)
    assert (found.code, found.file) == ("C039", "campaign.yaml:17")
    said = "Chưa ghi trường “mail.server.host”. Thêm “host: smtp.vidu.gov.vn” vào “mail.server”;"
    assert message(found, "vi").replace(" → ", " ").partition(said)[1]
    change(folder, "year: 2026\n", "")
    change(folder, "  place: Mẫu\n", "")
    assert [(one.name, one.params["field"], one.params["above"]) for one in refused(folder)] == [
        ("campaign-field-missing", "year", "campaign.yaml"),
        ("campaign-field-missing", "authority.place", "authority"),
        ("campaign-field-missing", "mail.server.host", "mail.server"),
    ]


def test_other_entries_under_mail_are_repeated(folder: Path) -> None:
    add(folder, "mail:\n  largest_mb: 1000\n")
    assert only(folder) == ("campaign-field", "campaign.yaml:18", "mail.largest_mb", "1000")


POLICIES = [
    ("missing_unit: last", "policies.missing_unit"),
    ("ties: none", "policies.ties"),
    ("not_applicable: drop", "policies.not_applicable"),
    ("evidence: maybe", "policies.evidence"),
    ("leaf_decimals: 13", "policies.leaf_decimals"),
    ("display_decimals: -1", "policies.display_decimals"),
    ("index_may_pass_100: perhaps", "policies.index_may_pass_100"),
    ("unknown_policy: 1", "policies.unknown_policy"),
]


@pytest.mark.parametrize(("line", "field"), POLICIES)
def test_a_policy_that_does_not_exist_is_told(folder: Path, line: str, field: str) -> None:
    add(folder, f"policies:\n  {line}\n")
    entered = line.partition(": ")[2]
    assert only(folder) == ("campaign-field", "campaign.yaml:18", field, entered)


def test_all_defects_of_the_settings_are_told_at_once(folder: Path) -> None:
    change(folder, "year: 2026", "year: nay")
    add(folder, "intake: {settle_seconds: 601}\n")
    assert [f.params["field"] for f in refused(folder)] == ["year", "intake.settle_seconds"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-12-15", "2026-12-15T23:59:59.999999+07:00"),
        ("2026-12-15T17:00", "2026-12-15T17:00:00+07:00"),
        ("2026-12-15T17:00+00:00", "2026-12-15T17:00:00+00:00"),
    ],
)
def test_a_deadline_is_meant_in_the_campaigns_time_zone(
    folder: Path, written: str, expected: str
) -> None:
    change(folder, "deadline: 2026-12-15", f"deadline: {written}")
    campaign = opened(folder)
    assert campaign.deadline(campaign.units["STP"]) == datetime.fromisoformat(expected)
    assert campaign.zone.key == "Asia/Ho_Chi_Minh"


# --- the table of units ---------------------------------------------------------------------------


def with_units(folder: Path, text: str) -> Path:
    (folder / "units.csv").write_text(text, encoding="utf-8")
    return folder


def save_xlsx(path: Path, rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)


HEADINGS = ["Mã đơn vị", "Tên đơn vị", "Cấp", "Nhóm xếp hạng", "Xếp hạng", "Trực thuộc", "Loại",
            "Thư điện tử", "Hiệu lực từ", "Hiệu lực đến", "Vùng"]  # fmt: skip
FACTS = ["STP", "Sở Tư pháp", "so", "so-lon", "không", "UB", "sở", "stp@example.vn",
         "2020-01-01", "2030-12-31", "Đồng bằng"]  # fmt: skip
EXPECTED = Unit(
    code="STP",
    name="Sở Tư pháp",
    tier="so",
    group="so-lon",
    ranked=False,
    parent="UB",
    email="stp@example.vn",
    valid_from=date(2020, 1, 1),
    valid_to=date(2030, 12, 31),
    attributes={"kind": "sở", "vung": "Đồng bằng"},
)
PARENT = ["UB", "Ủy ban", "so"]


def csv_of(*rows: list[str], separator: str = ",") -> str:
    return "".join(separator.join(row) + "\n" for row in rows)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_vietnamese_headings_are_understood(folder: Path, separator: str) -> None:
    with_units(folder, csv_of(HEADINGS, FACTS, PARENT, separator=separator))
    assert opened(folder).units["STP"] == EXPECTED


def test_a_table_from_excel_gives_the_same_units_as_from_csv(folder: Path) -> None:
    rows: list[list[Any]] = [HEADINGS, list(FACTS), PARENT]
    rows[1][4], rows[1][8] = False, datetime(2020, 1, 1)  # noqa: DTZ001  a cell has no time zone
    save_xlsx(folder / "units.xlsx", rows)
    from_csv = opened(with_units(folder, csv_of(HEADINGS, FACTS, PARENT))).units
    add(folder, "units: units.xlsx\n")
    assert opened(folder).units == from_csv


def test_blank_rows_and_the_mark_of_excels_utf_8_do_not_matter(folder: Path) -> None:
    (folder / "units.csv").write_text(f"\ufeff{UNITS}\n,,\n", encoding="utf-8")
    assert list(opened(folder).units) == ["STP", "STC"]


def test_a_name_may_hold_a_quoted_separator_and_a_line_separator(folder: Path) -> None:
    with_units(folder, 'code,name,tier\nSTP,"Sở Tư pháp, Thanh tra\u2028tỉnh",so\n')
    assert opened(folder).units["STP"].name == "Sở Tư pháp, Thanh tra tỉnh"


def test_names_are_composed_however_they_were_typed(folder: Path) -> None:
    with_units(folder, "code,name,tier\nSTP,So\u031b\u0309 Tu\u031b pha\u0301p,so\n")
    assert opened(folder).units["STP"].name == "Sở Tư pháp"


def test_below_titles_a_table_with_one_known_heading_lacks_only_the_others(folder: Path) -> None:
    rows = ["DANH SÁCH ĐƠN VỊ", "", ""], ["Mã", "Tên gọi", "Cấp bậc"], ["STP", "Sở Tư pháp", "so"]
    found = refused(with_units(folder, csv_of(*rows)))
    assert [f.entered for f in found if f.name == "table-heading"] == ["name", "tier"]


@pytest.mark.parametrize("heading", ["code", "name", "tier"])
def test_a_missing_column_is_told_once_and_not_for_every_row(folder: Path, heading: str) -> None:
    change(folder, heading, f"x{heading}", "units.csv")
    add(folder, "waivers: [{unit: STP, code: S025, reason: a, by: b}]\n")
    (found,) = refused(folder)
    assert (found.code, *told(found)) == ("C006", "table-heading", "units.csv", "", heading)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("S T,Sở,so", ("campaign-field", "code", "S T")),
        ("CON,Sở,so", ("campaign-field", "code", "CON")),
        ("SởTP,Sở,so", ("campaign-field", "code", "SởTP")),
        ("SKH,,so", ("campaign-field", "name", "")),
        ("SKH,Sở,xa", ("unknown-reference", "tier", "xa")),
        ("STP,Sở khác,so", ("duplicate-unit", "", "STP")),
        ("stp,Sở khác,so", ("duplicate-unit", "", "stp")),
    ],
)
def test_a_unit_that_cannot_be_used_is_told_with_its_line(
    folder: Path, row: str, expected: tuple[str, str, str]
) -> None:
    with_units(folder, f"{UNITS}{row}\n")
    name, place, field, entered = only(folder)
    assert (name, field, entered) == expected
    assert place == "units.csv:4"


def test_a_duplicate_unit_is_told_with_the_first_line(folder: Path) -> None:
    with_units(folder, f"{UNITS}STC,Lại,so\n")
    (found,) = refused(folder)
    assert (found.code, found.params["first"]) == ("C005", "3")


def test_in_excel_the_place_is_the_cell(folder: Path) -> None:
    save_xlsx(folder / "units.xlsx", [["code", "name", "tier"], ["STP", "Sở", "xa"]])
    add(folder, "units: units.xlsx\n")
    assert only(folder) == ("unknown-reference", "units.xlsx:C2", "tier", "xa")


@pytest.mark.parametrize(
    ("column", "value"), [("ranked", "maybe"), ("valid_from", "1/7/2025"), ("valid_to", "mai")]
)
def test_further_columns_are_checked_too(folder: Path, column: str, value: str) -> None:
    with_units(folder, f"code,name,tier,{column}\nSTP,Sở,so,{value}\n")
    assert only(folder) == ("campaign-field", "units.csv:2", column, value)


def test_unknown_groups_and_parents_get_what_there_is(folder: Path) -> None:
    with_units(folder, "code,name,tier,group,parent\nSTP,Sở,so,so-lớn,\nSTC,Sở,so,,STX\n")
    found = refused(folder)
    assert [told(f) for f in found] == [
        ("unknown-reference", "units.csv:2", "group", "so-lớn"),
        ("unknown-reference", "units.csv:3", "parent", "STX"),
    ]
    assert found[0].params["choices"] == "so-lon"
    assert set(found[1].params["choices"].split(", ")) == {"STP", "STC"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", b"\xff\xfe"])
def test_a_table_that_is_no_workbook_is_unreadable(folder: Path, content: bytes) -> None:
    (folder / "units.xlsx").write_bytes(content)
    add(folder, "units: units.xlsx\n")
    (found,) = refused(folder)
    assert (found.code, found.file) == ("C001", "units.xlsx")


@pytest.mark.parametrize("content", [b"\xff\xfe", b'code,name,tier\n"' + b"x" * 200_000])
def test_a_csv_that_cannot_be_read_is_named(folder: Path, content: bytes) -> None:
    (folder / "units.csv").write_bytes(content)
    assert only(folder)[:2] == ("campaign-unreadable", "units.csv")


def test_a_table_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "units.csv").unlink()
    assert only(folder)[:2] == ("campaign-unreadable", "units.csv")


# --- units in time, and their attributes -----------------------------------------------------------


def test_only_units_that_exist_at_their_deadline_take_part(folder: Path) -> None:
    rows = [
        "STP,a,so,,",
        "MOI,b,so,2026-12-16,",
        "CU,c,so,,2026-12-14",
        "NAY,d,so,2026-12-15,2026-12-15",
    ]
    with_units(folder, "code,name,tier,valid_from,valid_to\n" + "\n".join(rows) + "\n")
    campaign = opened(folder)
    assert list(campaign.units) == ["STP", "MOI", "CU", "NAY"]
    assert list(campaign.active) == ["STP", "NAY"]


def test_attributes_decide_which_rows_apply(folder: Path) -> None:
    nodes = [
        leaf("1", "2", "points"),
        leaf("2", "3", "points", {"applies_when": {"kind": "phường"}}),
    ]
    data = {"id": "r", "title": "R", "year": "2026", "tier": "so", "scale": "5", "nodes": nodes}
    (folder / "rubrics" / "so.yaml").write_text(json.dumps(data), encoding="utf-8")
    with_units(folder, "code,name,tier,loai\nA,a,so,phường\nB,b,so,xã\nC,c,so,phường\n")
    campaign = opened(folder)
    ids = {c: [n.id for n in campaign.rubric(u).leaves] for c, u in campaign.units.items()}
    assert ids == {"A": ["n1", "n2"], "B": ["n1"], "C": ["n1", "n2"]}
    assert campaign.rubric(campaign.units["A"]) is campaign.rubric(campaign.units["C"])


# --- references -------------------------------------------------------------------------------------


def test_a_waiver_leaves_rows_out_for_its_unit_only(folder: Path) -> None:
    add(folder, "waivers: [{unit: STP, leave_out: [n1.1], reason: a, by: b}]\n")
    campaign = opened(folder)
    rows = {c: {n.id for n in campaign.rubric(u).leaves} for c, u in campaign.units.items()}
    assert rows["STC"] - rows["STP"] == {"n1.1"}


@pytest.mark.parametrize(
    ("waiver", "field", "entered", "near"),
    [
        ("unit: STPP, code: S025", "waivers[1].unit", "STPP", "STP"),
        ("unit: STP, code: S925", "waivers[1].code", "S925", "S025"),
        ("unit: STP, code: S012", "waivers[1].code", "S012", "S011"),
        ("unit: STP, code: S025, row: 1.9", "waivers[1].row", "1.9", "1.1"),
        ("unit: STP, leave_out: [n1.11]", "waivers[1].leave_out", "n1.11", "n1.1"),
    ],
)
def test_a_waiver_of_something_unknown_is_refused_with_near_names(
    folder: Path, waiver: str, field: str, entered: str, near: str
) -> None:
    add(folder, f"waivers:\n  - {{{waiver}, reason: a, by: b}}\n")
    (found,) = refused(folder)
    assert (found.code, *told(found)) == (
        "C004", "unknown-reference", "campaign.yaml:18", field, entered,
    )  # fmt: skip
    assert near in found.params["choices"].split(", ")


def test_a_waiver_of_a_number_that_is_printed_twice_is_refused_with_the_ids(folder: Path) -> None:
    data = rubric()
    data["nodes"][2]["code"] = "1.2"
    (folder / "rubrics" / "so.yaml").write_text(json.dumps(data), encoding="utf-8")
    add(folder, 'waivers:\n  - {unit: STP, code: S011, row: "1.2", reason: a, by: b}\n')
    (found,) = refused(folder)
    assert told(found) == ("campaign-field", "campaign.yaml:18", "waivers[1].row", "1.2")
    assert "n1.2, n3" in message(found, "vi")
    change(folder, 'row: "1.2"', "row: n1.2")
    assert opened(folder).settings.waivers[0].row == "n1.2"


UNSAFE = ["../../evil", "a/b", "x:y", "con", "AUX", "a" * 120, "cuối"]


@pytest.mark.parametrize("tier", UNSAFE)
def test_a_tier_that_cannot_name_a_folder_is_refused(folder: Path, tier: str) -> None:
    change(folder, "  so:\n    title: Các sở", f'  "{tier}":\n    title: Các sở')
    (found,) = refused(folder)
    assert told(found) == ("campaign-field", "campaign.yaml:8", f"tiers.{tier}", tier)


@pytest.mark.parametrize("role", UNSAFE)
def test_a_role_that_cannot_name_a_file_is_refused_with_its_line(tmp_path: Path, role: str) -> None:
    data = rubric()
    data["roles"] = {role: "Kế toán"}
    path = tmp_path / "so.yaml"
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    (line,) = [n for n, text in enumerate(lines, 1) if "Kế toán" in text]
    (found, *_) = PLUGINS.read_rubric(path).findings
    assert told(found) == ("rubric-field", f"so.yaml:{line}", f"roles.{role}", role)


@pytest.mark.parametrize("waiver", ["unit: STP", "unit: STP, code: S025, leave_out: [n1.1]"])
def test_a_waiver_says_exactly_one_thing(folder: Path, waiver: str) -> None:
    add(folder, f"waivers:\n  - {{{waiver}, reason: a, by: b}}\n")
    assert only(folder)[:3] == ("campaign-field", "campaign.yaml:18", "waivers[1]")


def test_tie_breakers_name_rows_of_a_rubric(folder: Path) -> None:
    add(folder, "policies: {tie_breakers: [n1, n22]}\n")
    (found,) = refused(folder)
    assert told(found) == (
        "unknown-reference", "campaign.yaml:17", "policies.tie_breakers[2]", "n22",
    )  # fmt: skip
    assert "n2" in found.params["choices"].split(", ")


def test_a_rubric_with_errors_is_named_with_their_number(folder: Path) -> None:
    broken = rubric() | {"nodes": [group("1", "9", [leaf("1.1", "2", "points")])]}
    (folder / "rubrics" / "so.yaml").write_text(json.dumps(broken), encoding="utf-8")
    add(folder, "surveys: [surveys.csv]\n")
    (folder / "surveys.csv").write_text("unit,node,value\nSTP,n2.3,80\n", encoding="utf-8")
    (found,) = refused(folder)
    assert (found.code, *told(found)) == (
        "C007", "rubric-invalid", "campaign.yaml:10", "", "rubrics/so.yaml",
    )  # fmt: skip
    assert found.params["count"] == "2"
    path = folder / "rubrics" / "so.yaml"
    assert f"xlscore rubric check {path}" in message(found, "vi")


@pytest.mark.parametrize(("name", "value"), [("tier", "xa"), ("year", "2025")])
def test_a_rubric_for_another_tier_or_year_is_a_warning(
    folder: Path, name: str, value: str
) -> None:
    text = json.dumps(rubric() | {name: value})
    (folder / "rubrics" / "so.yaml").write_text(text, encoding="utf-8")
    read = read_campaign(folder, PLUGINS, read_table)
    (found,) = read.findings
    assert read.campaign is not None
    assert (found.code, *told(found)) == (
        "C011", "rubric-for-another", "campaign.yaml:10", name, value,
    )  # fmt: skip
    assert_readable(found)


# --- surveys ----------------------------------------------------------------------------------------


def with_surveys(folder: Path, text: str) -> Path:
    (folder / "surveys.csv").write_text(text, encoding="utf-8")
    add(folder, "surveys: [surveys.csv]\n")
    return folder


def test_survey_figures_are_found_by_id_and_by_printed_code(folder: Path) -> None:
    text = "Mã đơn vị;Tiêu chí;Giá trị;Năm;Nguồn\nSTP;n2.3;81,5;2025;Sở\nSTP;2.3;90;;\n"
    campaign = opened(with_surveys(folder, text))
    figures = campaign.survey_values["STP", "n2.3"]
    assert [(str(f.value), f.year, f.source) for f in figures] == [
        ("90", 2026, ""),
        ("81.5", 2025, "Sở"),
    ]


@pytest.mark.parametrize("typed", ['"83,333"', "83.333", '"83,333%"'])
def test_three_decimals_are_no_thousands_where_none_may_be(folder: Path, typed: str) -> None:
    campaign = opened(with_surveys(folder, f"unit,node,value\nSTP,n2.3,{typed}\n"))
    assert str(campaign.surveys[0].value) == "83.333"


@pytest.mark.parametrize(("scale", "expected"), [("1000", None), ("999", "83.333")])
def test_a_thousand_stays_ambiguous_where_it_may_be_one(
    folder: Path, scale: str, expected: str | None
) -> None:
    _with_index(folder, scale=scale)
    with_surveys(folder, 'unit,node,value\nSTP,n2.3,"83,333"\n')
    read = read_campaign(folder, PLUGINS, read_table)
    assert (str(read.campaign.surveys[0].value) if read.campaign else None) == expected
    assert [f.code for f in read.findings] == ([] if expected else ["C008"])


def test_a_number_in_a_cell_is_that_number(folder: Path) -> None:
    _with_index(folder, scale="2000000")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["unit", "node", "value"], ["STP", "n2.3", 83.333], ["STC", "n2.3", 1234.5]):
        sheet.append(row)
    book.save(folder / "surveys.xlsx")
    add(folder, "surveys: [surveys.xlsx]\n")
    assert [str(f.value) for f in opened(folder).surveys] == ["83.333", "1234.5"]


@pytest.mark.parametrize("year", ["2027", "2023"])
def test_a_survey_figure_of_a_year_that_never_counts_is_a_warning(folder: Path, year: str) -> None:
    _with_index(folder, fallback="2")
    text = f"unit,node,value,year\nSTP,n2.3,80,2024\nSTP,n2.3,80,{year}\n"
    read = read_campaign(with_surveys(folder, text), PLUGINS, read_table)
    (found,) = read.findings
    assert read.campaign is not None
    assert (found.code, *told(found)) == ("C010", "survey-year-unused", "surveys.csv:3", "", year)
    assert (found.params["oldest"], found.params["newest"]) == ("2024", "2026")
    assert_readable(found)


def _with_index(folder: Path, **method: str) -> None:
    """Let the survey row take a published index."""
    survey, index = '"kind": "survey"', json.dumps({"kind": "index", **method})[1:-1]
    change(folder, survey, index, "rubrics/so.yaml")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("STX,n2.3,80,", ("unknown-reference", "unit", "STX")),
        ("STP,n2.33,80,", ("unknown-reference", "node", "n2.33")),
        ("STP,n1.1,80,", ("unknown-reference", "node", "n1.1")),
        ("STP,n2.3,tốt,", ("bad-survey-value", "", "tốt")),
        ("STP,n2.3,-1,", ("bad-survey-value", "", "-1")),
        ("STP,n2.3,101,", ("bad-survey-value", "", "101")),
        ("STP,n2.3,,", ("bad-survey-value", "", "")),
        ("STP,n2.3,80,nay", ("bad-survey-value", "", "nay")),
        ("STC,2.3,80,2026", ("duplicate-survey-value", "", "")),
    ],
)
def test_a_survey_figure_that_cannot_be_used_is_told_with_its_line(
    folder: Path, row: str, expected: tuple[str, str, str]
) -> None:
    with_surveys(folder, f"unit,node,value,year\nSTC,n2.3,70,\n{row}\n")
    name, place, field, entered = only(folder)
    assert (name, field, entered) == expected
    assert place == "surveys.csv:3"


def test_a_repeated_survey_figure_is_told_with_the_first_place(folder: Path) -> None:
    with_surveys(folder, "unit,node,value\nSTP,n2.3,80\nSTP,2.3,81\n")
    (found,) = refused(folder)
    assert (found.code, found.params["first"]) == ("C009", "surveys.csv:2")


def test_a_survey_table_without_its_columns_is_told_once(folder: Path) -> None:
    with_surveys(folder, "unit,wert\nSTP,80\nSTC,70\n")
    assert [told(f) for f in refused(folder)] == [
        ("table-heading", "surveys.csv", "", "node"),
        ("table-heading", "surveys.csv", "", "value"),
    ]


# --- days off, and deadlines that count working days ---------------------------------------------------


def counted(folder: Path, period: str, holidays: str | None = None) -> Path:
    """Let the tier's deadline count working days, with a table of days off if one is given."""
    change(folder, "deadline: 2026-12-15", f"deadline: {{{period}}}")
    if holidays is not None:
        (folder / "holidays.csv").write_text(holidays, encoding="utf-8")
        add(folder, "holidays: [holidays.csv]\n")
    return folder


DAYS_OFF = "Ngày;Loại;Tên\n2026-08-22;làm bù;\n31/08/2026;Nghỉ;\n1/9/2026;nghỉ;\n2026-09-02;off;\n"


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("working_days: 1, after: 2026-08-28", "2026-09-03T23:59:59.999999+07:00"),
        ("working_days: 6, after: 2026-08-21", "2026-08-28T23:59:59.999999+07:00"),
        ('working_days: 7, after: 2026-08-21, time: "17:00"', "2026-09-03T17:00:00+07:00"),
        ("working_days: 7, after: 2026-08-21, time: 8:30", "2026-09-03T08:30:00+07:00"),
    ],
)
def test_a_deadline_may_count_working_days(folder: Path, period: str, expected: str) -> None:
    campaign = opened(counted(folder, period, DAYS_OFF))
    deadline = campaign.deadline(campaign.units["STP"])
    assert deadline == datetime.fromisoformat(expected)
    assert deadline.tzinfo is campaign.zone


def test_units_take_part_by_the_day_that_a_counted_deadline_falls_on(folder: Path) -> None:
    counted(folder, "working_days: 1, after: 2026-08-28", DAYS_OFF)
    rows = ["STP,a,so,,2026-09-02", "STC,b,so,2026-09-03,"]
    with_units(folder, "code,name,tier,valid_from,valid_to\n" + "\n".join(rows) + "\n")
    assert list(opened(folder).active) == ["STC"]


@pytest.mark.parametrize(
    ("period", "field", "entered"),
    [
        ("working_days: mười, after: 2026-11-15", "working_days", "mười"),
        ("working_days: 0, after: 2026-11-15", "working_days", "0"),
        ("working_days: 401, after: 2026-11-15", "working_days", "401"),
        ("working_days: 10, after: 15/11/2026", "after", "15/11/2026"),
        ("working_days: 10, after: 20261115", "after", "20261115"),
        ("working_days: 10, after: 2026-11-31", "after", "2026-11-31"),
        ("working_days: 10, after: 9999-12-31", "after", "9999-12-31"),
        ("working_days: 10, after: [2026-11-15]", "after", "[…]"),
        ("working_days: 10, after: 2026-11-15, time: 24:00", "time", "24:00"),
        ("working_days: 10, after: 2026-11-15, time: 5pm", "time", "5pm"),
        ("working_days: 10, after: 2026-11-15, days: 1", "days", "1"),
    ],
)
def test_a_period_that_does_not_fit_is_told_field_by_field(
    folder: Path, period: str, field: str, entered: str
) -> None:
    expected = ("campaign-field", "campaign.yaml:11", f"tiers.so.deadline.{field}", entered)
    assert only(counted(folder, period)) == expected


@pytest.mark.parametrize(
    ("period", "field"),
    [("working_days: 10", "after"), ("after: 2026-11-15", "working_days")],
)
def test_half_a_period_is_told_by_what_is_missing(folder: Path, period: str, field: str) -> None:
    assert only(counted(folder, period)) == (
        "campaign-field-missing", "campaign.yaml:11", f"tiers.so.deadline.{field}", "",
    )  # fmt: skip


@pytest.mark.parametrize("written", ["[2026-12-15]", '""', "12", "20261215"])
def test_a_deadline_of_another_shape_is_told_as_a_whole(folder: Path, written: str) -> None:
    change(folder, "deadline: 2026-12-15", f"deadline: {written}")
    (found,) = refused(folder)
    assert told(found)[:3] == ("campaign-field", "campaign.yaml:11", "tiers.so.deadline")
    assert "working_days" in message(found, "en")


def test_all_defects_of_the_days_off_are_told_at_once(folder: Path) -> None:
    rows = ["30/2/2026,nghỉ", "2026-09-02,lễ", ",", "2026-09-02,nghỉ", "2/9/2026,làm bù", "mai,mốt"]
    table = "ngay,loai\n" + "\n".join(rows) + "\n"
    found = refused(counted(folder, "working_days: 1, after: 2026-08-28", table))
    assert [(f.code, f.file, f.entered) for f in found] == [
        ("C012", "holidays.csv:2", "30/2/2026"),
        ("C012", "holidays.csv:3", "lễ"),
        ("C014", "holidays.csv:6", "2/9/2026"),
        ("C013", "holidays.csv:6", "2/9/2026"),
        ("C012", "holidays.csv:7", "mai"),
        ("C012", "holidays.csv:7", "mốt"),
    ]
    assert found[3].params["first"] == "holidays.csv:5"


def test_a_day_that_two_tables_name_is_told_with_the_first_place(folder: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("day,kind\n2026-09-02,off\n", encoding="utf-8")
    add(folder, "holidays: [a.csv, b.csv]\n")
    (found,) = refused(folder)
    assert (found.code, found.file, found.params["first"]) == ("C013", "b.csv:2", "a.csv:2")


def test_in_excel_the_place_of_a_day_off_is_the_cell(folder: Path) -> None:
    day = datetime(2026, 9, 2)  # noqa: DTZ001  a cell has no time zone
    save_xlsx(
        folder / "le.xlsx", [["Tên", "Loại", "Ngày"], ["Quốc khánh", "nghỉ", day], ["", "?", "x"]]
    )
    add(folder, "holidays: [le.xlsx]\n")
    assert [(f.name, f.file) for f in refused(folder)] == [
        ("bad-holiday", "le.xlsx:C3"),
        ("bad-holiday", "le.xlsx:B3"),
    ]
    save_xlsx(folder / "le.xlsx", [["Tên", "Loại", "Ngày"], ["Quốc khánh", "nghỉ", day]])
    assert opened(folder).calendar.holidays == {date(2026, 9, 2)}


@pytest.mark.parametrize("heading", ["day", "kind"])
def test_a_table_of_days_off_that_lacks_a_column_is_told_once(folder: Path, heading: str) -> None:
    table = "day,kind\n2026-09-02,off\n2026-09-01,off\n".replace(heading, f"x{heading}")
    counted(folder, "working_days: 1, after: 2026-08-28", table)
    assert only(folder) == ("table-heading", "holidays.csv", "", heading)


def test_a_table_of_days_off_that_is_not_there_is_named(folder: Path) -> None:
    add(folder, "holidays: [holidays.csv]\n")
    assert only(folder)[:2] == ("campaign-unreadable", "holidays.csv")


def warned(folder: Path) -> list[tuple[str, str, str]]:
    read = read_campaign(folder, PLUGINS, read_table)
    assert read.campaign is not None, [message(f, "en") for f in read.findings]
    for found in read.findings:
        assert_readable(found)
    return [(f.code, f.file, f.entered) for f in read.findings]


def test_a_made_up_day_in_the_week_is_a_warning(folder: Path) -> None:
    (folder / "holidays.csv").write_text("day,kind\n2026-08-24,làm bù\n", encoding="utf-8")
    add(folder, "holidays: [holidays.csv]\n")
    assert warned(folder) == [("C014", "holidays.csv:2", "2026-08-24")]


@pytest.mark.parametrize(
    ("period", "holidays", "years"),
    [
        ("working_days: 5, after: 2026-11-15", None, ["2026"]),
        ("working_days: 5, after: 2026-11-15", DAYS_OFF, []),
        ("working_days: 30, after: 2026-12-01", DAYS_OFF, ["2027"]),
        ("working_days: 5, after: 2025-12-31", DAYS_OFF, []),
        ("working_days: 5, after: 2025-12-30", DAYS_OFF, ["2025"]),
        ("working_days: 5, after: 2026-11-15", "day,kind\n2026-08-22,làm bù\n", ["2026"]),
    ],
)
def test_years_that_are_counted_without_any_day_off_are_a_warning(
    folder: Path, period: str, holidays: str | None, years: list[str]
) -> None:
    counted(folder, period, holidays)
    assert warned(folder) == [("C015", "campaign.yaml:11", year) for year in years]


# --- folders in one another -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folders", "inner", "outer", "entered", "line"),
    [
        ("inbox: hop, outbox: hop/tra", "outbox", "inbox", "hop/tra", 17),
        ("inbox: hop, outbox: ./hop", "outbox", "inbox", "./hop", 17),
        ("inbox: hop, outbox: x/../hop/tra", "outbox", "inbox", "x/../hop/tra", 17),
        ("inbox: hop, reports: hop/bao-cao", "reports", "inbox", "hop/bao-cao", 17),
        ("inbox: hop, data: hop", "data", "inbox", "hop", 17),
        ("inbox: hop, status: hop", "status", "inbox", "hop", 17),
        ("inbox: templates", "templates", "inbox", "templates", 17),
        ("inbox: outbox", "outbox", "inbox", "outbox", 17),
        ("outbox: tra, data: tra/data", "data", "outbox", "tra/data", 17),
        ("inbox: //may-chu/cchc, outbox: //may-chu/cchc/tra", "outbox", "inbox",
         "//may-chu/cchc/tra", 17),
    ],
)  # fmt: skip
def test_a_folder_that_does_harm_inside_another_is_refused_with_its_line(
    folder: Path, folders: str, inner: str, outer: str, entered: str, line: int
) -> None:
    add(folder, f"folders: {{{folders}}}\n")
    (found,) = refused(folder)
    assert (found.code, found.name, found.entered) == ("C016", "folders-overlap", entered)
    assert (found.params["inner"], found.params["outer"]) == (inner, outer)
    assert found.file == f"campaign.yaml:{line}"


def test_the_campaign_folder_itself_is_no_inbox(folder: Path) -> None:
    add(folder, 'folders: {inbox: "."}\n')
    inner = {f.params["inner"] for f in refused(folder) if f.code == "C016"}
    assert inner == {"outbox", "reports", "data", "templates"}


def test_an_outbox_in_the_inbox_says_what_harm_that_does(folder: Path) -> None:
    add(folder, "folders: {outbox: inbox/tra}\n")
    (found,) = refused(folder)
    assert message(found, "en") == (
        "campaign.yaml:17: The folder outbox (“inbox/tra”) lies in the folder inbox (“inbox”): what is"
        " written there would be taken in as if units had sent it. Correct “folders” in"
        " campaign.yaml so that the two lie apart."
    )


@pytest.mark.parametrize(
    "folders",
    [
        "inbox: cchc/nhan, outbox: cchc, status: cchc, reports: cchc",
        "inbox: nhan, outbox: nhan-tra",
        "inbox: data/nhan, outbox: data/tra, reports: data/bao-cao",
        'outbox: "../tra", inbox: "../nhan", status: ""',
        "status: .",
    ],
)
def test_folders_in_one_another_that_do_no_harm_are_left_alone(folder: Path, folders: str) -> None:
    add(folder, f"folders: {{{folders}}}\n")
    opened(folder)
