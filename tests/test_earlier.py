"""Earlier years as `campaign.yaml` names them: folders, files, tables, predecessors, and their defects."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from tests.campaigns import assert_readable, make_campaign
from tests.test_years import file, with_unit
from xlscore.blobs import blob_path
from xlscore.cli import cli
from xlscore.cli.years import _signed as signed
from xlscore.earlier import read_earlier
from xlscore.editions.basis import years_from_bytes, years_to_bytes
from xlscore.ledger import LedgerError, latest_frozen, open_ledger
from xlscore.ledger.opening import APPLICATION_ID
from xlscore.years import Years


def of_unit(code: str = "STP", **more: Any) -> dict[str, Any]:
    return with_unit(code=code, **more)


def read(root: Path, *earlier: tuple[int, str], predecessors: str = "") -> Years:
    given = [{"year": str(year), "results": path} for year, path in earlier]
    table: dict[str, Any] = {"predecessors": "truoc.csv"} if predecessors else {}
    root.mkdir(parents=True, exist_ok=True)
    if predecessors:
        (root / "truoc.csv").write_text(predecessors, encoding="utf-8")
    found = read_earlier(make_campaign(root, earlier=given, **table).workspace)
    for one in found.findings:
        assert_readable(one)
    return found


def codes(years: Years) -> list[tuple[str, str]]:
    return [(found.code, found.file) for found in years.findings]


def write(path: Path, data: Mapping[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


# --- files ------------------------------------------------------------------------------------------


def test_a_frozen_file_is_read_and_domains_are_found_by_id(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", of_unit(domains={"n2": "71.5"}))
    years = read(tmp_path / "c", (2025, "../2025.json"))
    assert codes(years) == []
    past = years.past("STP", 2025)
    assert past is not None
    assert (past.index, past.rank, past.domain("n2")) == (Decimal("81.33"), 1, Decimal("71.5"))


def test_years_come_newest_first(tmp_path: Path) -> None:
    for year in (2023, 2025, 2024):
        write(tmp_path / f"{year}.json", of_unit() | {"year": year})
    years = read(tmp_path / "c", *((y, f"../{y}.json") for y in (2023, 2025, 2024)))
    assert [one.year for one in years.years] == [2025, 2024, 2023]


def test_all_defects_of_the_settings_are_told_with_their_line(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", of_unit())
    years = read(
        tmp_path / "c",
        (2026, "../2025.json"),
        (2025, "../2025.json"),
        (2025, "../2025.json"),
        (2024, "../2025.json"),
        (2023, "../gone.json"),
        (2022, "../2025.txt"),
    )
    assert codes(years) == [
        (code, "campaign.yaml:1") for code in ("C019", "C020", "C023", "C021", "C021")
    ]
    assert [one.year for one in years.years] == [2025]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, ["C024"] * 6),
        (with_unit(index=0.5), ["C024"]),
        (file(version=3), ["C024"]),
    ],
)
def test_a_file_that_was_edited_is_told_place_by_place(
    tmp_path: Path, data: dict[str, Any], told: list[str]
) -> None:
    write(tmp_path / "2025.json", data)
    years = read(tmp_path / "c", (2025, "../2025.json"))
    assert codes(years) == [(code, "2025.json") for code in told]
    assert years.years == ()


def test_what_is_no_json_is_told(tmp_path: Path) -> None:
    (tmp_path / "2025.json").write_bytes(b"\xff\x00{")
    assert codes(read(tmp_path / "c", (2025, "../2025.json"))) == [("C021", "campaign.yaml:1")]


def test_half_a_character_is_no_json_of_ours(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", with_unit(name="\ud800"))
    assert codes(read(tmp_path / "c", (2025, "../2025.json"))) == [("C021", "campaign.yaml:1")]


@pytest.mark.parametrize("path", ["~khong-co-ai/kq.csv", "kq\0.csv"])
def test_what_is_no_path_is_told(tmp_path: Path, path: str) -> None:
    assert codes(read(tmp_path / "c", (2025, path))) == [("C021", "campaign.yaml:1")]


def test_units_of_another_province_and_provisional_results_are_pointed_out(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", of_unit("XX") | {"final": False})
    years = read(tmp_path / "c", (2025, "../2025.json"))
    assert codes(years) == [("C030", "campaign.yaml:1"), ("C029", "")]


# --- another campaign -------------------------------------------------------------------------------


def other_campaign(root: Path, content: bytes | None) -> Path:
    """A folder with a ledger in which one edition is frozen, or none."""
    made = make_campaign(root, year="2025", folders={"data": "so-lieu"})
    with open_ledger(made.workspace.ledger_path):
        pass
    if content is not None:
        sha256 = hashlib.sha256(content).hexdigest()
        path = blob_path(made.workspace.archive, sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        with sqlite3.connect(made.workspace.ledger_path) as db:
            for number in (1, 2):
                db.execute("INSERT INTO editions VALUES (?, 'h', 't', 'x', '{}')", (number,))
                db.execute(
                    "INSERT INTO edition_files (edition, kind, name, sha256, size, cells, written_at)"
                    " VALUES (?, 'results', 'n', ?, 1, '{}', 't')",
                    (number, sha256 if number == 2 else "0" * 64),
                )
        db.close()
    return root


def everything(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_the_latest_edition_of_another_campaign_is_read_and_nothing_there_changes(
    tmp_path: Path,
) -> None:
    root = other_campaign(tmp_path / "cchc 2025 #1", json.dumps(of_unit()).encode())
    before = everything(root)
    years = read(tmp_path / "c", (2025, "../cchc 2025 #1"))
    assert codes(years) == []
    assert years.years[0].units["STP"].rank == 1
    assert everything(root) == before


def test_a_campaign_without_an_edition_is_told(tmp_path: Path) -> None:
    other_campaign(tmp_path / "a", None)
    make_campaign(tmp_path / "b")
    years = read(tmp_path / "c", (2025, "../a"), (2024, "../b"))
    assert [found.code for found in years.findings] == ["C022", "C022"]
    assert not (tmp_path / "b" / "data").exists()


def test_an_older_ledger_is_neither_migrated_nor_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("CREATE TABLE events (id INTEGER)")
    db.close()
    before = path.read_bytes()
    assert latest_frozen(path, "results") is None
    assert path.read_bytes() == before


def test_what_is_no_ledger_is_told(tmp_path: Path) -> None:
    root = other_campaign(tmp_path / "a", None)
    (root / "so-lieu" / "ledger.db").write_bytes(b"rubbish" * 999)
    with pytest.raises(LedgerError):
        latest_frozen(root / "so-lieu" / "ledger.db", "results")
    assert codes(read(tmp_path / "c", (2025, "../a"))) == [("C021", "campaign.yaml:1")]


def test_frozen_results_that_were_altered_are_not_used(tmp_path: Path) -> None:
    root = other_campaign(tmp_path / "a", json.dumps(of_unit()).encode())
    blob = next((root / "so-lieu" / "archive").rglob("*.bin"))
    blob.write_bytes(blob.read_bytes() + b" ")
    assert codes(read(tmp_path / "c", (2025, "../a"))) == [("C021", "campaign.yaml:1")]


def test_a_folder_that_is_no_campaign_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert codes(read(tmp_path / "c", (2025, "../a"))) == [("C021", "campaign.yaml:1")]


# --- tables -----------------------------------------------------------------------------------------

TABLE = """STT;Mã đơn vị;Tên đơn vị;Nhóm;Chỉ số;Hạng;Xếp loại;n1;n1.1;n2.2.1
1;STP;Sở Tư pháp cũ;Các sở;81,333;1;Tốt;90,5%;1,5;0,25
2;STC;Sở Tài chính;Các sở;79.5;2;Khá;;;
"""


def test_a_table_is_understood_with_vietnamese_headings_and_decimal_commas(tmp_path: Path) -> None:
    (tmp_path / "kq.csv").write_text(TABLE, encoding="utf-8-sig")
    years = read(tmp_path / "c", (2025, "../kq.csv"))
    assert codes(years) == []
    unit = years.years[0].units["STP"]
    assert (unit.name, unit.group, unit.rank, unit.band) == ("Sở Tư pháp cũ", "Các sở", 1, "Tốt")
    assert (unit.index, unit.domains) == (Decimal("81.333"), {"n1": Decimal("90.5")})
    assert unit.scores == {"n1.1": Decimal("1.5"), "n2.2.1": Decimal("0.25")}


def test_a_table_in_excel_is_read_with_its_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["code", "name", "index", "rank", "n1.4"], ["STP", "Sở Tư pháp", 81.33, 1, "0,5"]):
        sheet.append(row)
    book.save(tmp_path / "kq.xlsx")
    years = read(tmp_path / "c", (2025, "../kq.xlsx"))
    unit = years.years[0].units["STP"]
    assert codes(years) == []
    assert (unit.index, unit.rank, unit.scores) == (Decimal("81.33"), 1, {"n1.4": Decimal("0.5")})


def test_all_defects_of_a_table_are_told_at_once_and_the_rest_counts(tmp_path: Path) -> None:
    table = "code,index,rank,n1.1,bogus\nSTP,abc,1.5,x,1\nSTC,70,2,1,\nSTC,1,1,1,\n,5,,,\n"
    (tmp_path / "kq.csv").write_text(table, encoding="utf-8")
    years = read(tmp_path / "c", (2025, "../kq.csv"))
    assert codes(years) == [
        ("C026", "kq.csv"),
        ("C027", "kq.csv:2"),
        ("C027", "kq.csv:2"),
        ("C027", "kq.csv:2"),
        ("C028", "kq.csv:4"),
        ("C027", "kq.csv:5"),
    ]
    units = years.years[0].units
    assert (units["STP"].index, units["STP"].rank) == (None, None)
    assert (units["STC"].index, units["STC"].rank) == (Decimal(70), 2)


@pytest.mark.parametrize("typed", ["8130", "-5", "200,5"])
def test_an_index_that_is_no_percent_is_told_and_left_out(tmp_path: Path, typed: str) -> None:
    (tmp_path / "kq.csv").write_text(f"code;index;n1\nSTP;{typed};{typed}\n", encoding="utf-8")
    years = read(tmp_path / "c", (2025, "../kq.csv"))
    assert codes(years) == [("C027", "kq.csv:2"), ("C027", "kq.csv:2")]
    unit = years.years[0].units["STP"]
    assert (unit.index, unit.domains) == (None, {})


@pytest.mark.parametrize("how", ["{}", "{:.1%}"])
def test_fractions_are_no_percents_unless_they_say_so(tmp_path: Path, how: str) -> None:
    rows = [("STP", 0.813, 0.5), ("STC", 1, 0), ("AB", 0.4, 90)]
    lines = [f"{code},{how.format(index)},{n1}%,{n2},2" for (code, index, n1), n2 in
             zip(rows, ("0.9", "1", "0"), strict=True)]  # fmt: skip
    text = "\n".join(["code,index,n1,n2,rank", *lines])
    (tmp_path / "kq.csv").write_text(text, encoding="utf-8")
    years = read(tmp_path / "c", (2025, "../kq.csv"))
    unit = years.years[0].units["STP"]
    assert (unit.rank, unit.domains) == (2, {"n1": Decimal("0.5")})
    if how == "{}":
        assert [(f.code, f.entered) for f in years.findings] == [("C035", "index, n2")]
        assert [one.index for one in years.years[0].units.values()] == [None] * 3
    else:
        assert [(f.code, f.entered) for f in years.findings] == [("C035", "n2")]
        assert unit.index == Decimal("81.3")


def test_fractions_in_excel_are_told_and_percents_there_are_read(tmp_path: Path) -> None:
    for name, shown in (("share", "0.000"), ("percent", "0.0%")):
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in (["code", "index"], ["STP", 0.813], ["STC", 0.7]):
            sheet.append(row)
        sheet["B2"].number_format = sheet["B3"].number_format = shown
        book.save(tmp_path / f"{name}.xlsx")
    share = read(tmp_path / "c", (2025, "../share.xlsx"))
    assert codes(share) == [("C035", "share.xlsx")]
    assert share.years[0].units["STP"].index is None
    percent = read(tmp_path / "d", (2025, "../percent.xlsx"))
    assert (codes(percent), percent.years[0].units["STP"].index) == ([], Decimal("81.3"))


@pytest.mark.parametrize("title", ["KẾT QUẢ NĂM 2025", "KẾT QUẢ, NĂM 2025;;;", ",;\t,;\t,;\t"])
def test_titles_above_the_headings_are_passed_over(tmp_path: Path, title: str) -> None:
    text = f"{title}\n;;;\n(Kèm theo Quyết định số 12, 13)\n{TABLE}"
    (tmp_path / "kq.csv").write_text(text, encoding="utf-8-sig")
    years = read(tmp_path / "c", (2025, "../kq.csv"))
    assert codes(years) == []
    assert years.years[0].units["STP"].index == Decimal("81.333")


def test_merged_titles_above_the_headings_are_passed_over_in_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["ỦY BAN NHÂN DÂN TỈNH"],
        ["KẾT QUẢ NĂM 2025"],
        [],
        ["STT", "Mã", "Chỉ số"],
        [1, "STP", 81.33],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    book.save(tmp_path / "kq.xlsx")
    years = read(tmp_path / "c", (2025, "../kq.xlsx"))
    assert (codes(years), years.years[0].units["STP"].index) == ([], Decimal("81.33"))


def test_a_row_without_a_code_is_that_of_the_unit_of_that_very_name(tmp_path: Path) -> None:
    units = {
        unit.code: unit.name
        for unit in make_campaign(tmp_path / "d").workspace.campaign.units.values()
    }
    text = f"Đơn vị;Chỉ số\n {units['STP'].upper()} ;80,5\nSở Tư\u00a0pháp cũ;70\nTổng cộng;75\n"
    (tmp_path / "kq.csv").write_text(unicodedata.normalize("NFD", text), encoding="utf-8")
    years = read(tmp_path / "c", (2025, "../kq.csv"))
    assert codes(years) == [("C027", "kq.csv:3"), ("C027", "kq.csv:4")]
    assert {code: unit.index for code, unit in years.years[0].units.items()} == {
        "STP": Decimal("80.5")
    }


def test_rows_without_a_code_that_bear_one_name_are_nobody_s(tmp_path: Path) -> None:
    units = make_campaign(tmp_path / "d").workspace.campaign.units
    same, other = units["STP"].name, units["STC"].name
    text = f"Đơn vị;Chỉ số\n{same};80,5\n{same.upper()};70\n{other};60\n"
    (tmp_path / "kq.csv").write_text(text, encoding="utf-8")
    years = read(tmp_path / "c", (2025, "../kq.csv"))
    assert codes(years) == [("C027", "kq.csv:2"), ("C027", "kq.csv:3")]
    assert list(years.years[0].units) == ["STC"]


def typed(root: Path, *rows: str, predecessors: str = "") -> Years:
    lines = ["Mã;Đơn vị;Chỉ số", *rows, ""]
    (root / "kq.csv").write_text("\n".join(lines), encoding="utf-8")
    return read(root / "c", (2025, "../kq.csv"), predecessors=predecessors)


def todays(root: Path) -> dict[str, str]:
    units = make_campaign(root / "d").workspace.campaign.units.values()
    return {unit.code: unit.name for unit in units}


def test_a_row_whose_code_fits_nobody_is_found_by_its_name_and_it_is_said(tmp_path: Path) -> None:
    units = todays(tmp_path)
    rows = f"STP;{units['STP']};80", f"{units['STC']};;70", f"AB-CU;{units['AB'].upper()};60"
    years = typed(tmp_path, *rows)
    assert codes(years) == [("C036", "")]
    assert years.findings[0].entered == f"{units['STC']} → STC, AB-CU → AB"
    found = [years.past(code, 2025) for code in ("STP", "STC", "AB")]
    assert [past and past.index for past in found] == [Decimal(80), Decimal(70), Decimal(60)]


def test_a_name_maps_nothing_against_codes_and_predecessors(tmp_path: Path) -> None:
    units = todays(tmp_path)
    rows = f"STP;{units['STP']};80", f"CU;{units['STP']};70", f"STC-CU;{units['STC']};60"
    years = typed(
        tmp_path, *rows, f"A1;{units['AB']};1", f"A2;{units['AB']};2",
        predecessors="unit,year,predecessor\nAB,2025,STC-CU\n",
    )  # fmt: skip
    assert [years.predecessors.get(code) for code in units] == [
        {2025: ("STC-CU",)} if code == "AB" else None for code in units
    ]
    assert codes(years) == [("C037", "")]
    assert years.findings[0].entered == "CU, A1, A2"


def test_units_that_were_dissolved_are_counted_in_one_note(tmp_path: Path) -> None:
    rows = [f"{code};{name};80" for code, name in todays(tmp_path).items()]
    years = typed(tmp_path, *rows, *(f"G{n};Đơn vị cũ {n};5" for n in range(7)))
    assert codes(years) == [("C038", "")]
    params = years.findings[0].params
    assert (years.findings[0].entered, params["count"]) == ("G0, G1, G2, G3, G4 …", "7")


def test_a_mistyped_code_is_a_warning_since_its_unit_of_today_has_no_result(tmp_path: Path) -> None:
    rows = [f"{code};{name};80" for code, name in todays(tmp_path).items() if code != "STC"]
    years = typed(tmp_path, *rows, "SCT;Sở TC;70")
    assert codes(years) == [("C037", "")]
    assert (years.findings[0].entered, years.findings[0].params["units"]) == ("SCT", "STC")


def test_a_table_without_codes_and_names_or_indices_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "kq.csv").write_text("Nhóm,Hạng\nSở Tư pháp,1\n", encoding="utf-8")
    years = read(tmp_path / "c", (2025, "../kq.csv"))
    assert codes(years) == [("C025", "kq.csv"), ("C025", "kq.csv")]
    assert years.years == ()


# --- predecessors -----------------------------------------------------------------------------------


def two_years(root: Path) -> tuple[tuple[int, str], ...]:
    units = [of_unit(code, index=index)["units"][0] for code, index in
             (("OLD", "70"), ("P1", "60"), ("P2", "80"))]  # fmt: skip
    for year in (2025, 2024):
        write(root / f"{year}.json", file(year=year, units=units))
    return (2025, "../2025.json"), (2024, "../2024.json")


def test_renamed_merged_and_split_units_are_mapped(tmp_path: Path) -> None:
    table = "Mã đơn vị,Năm,Tiền thân\nSTP,2025,P1; P2\nSTC,2025,OLD\nAB,2025,OLD\nAB,2024,P1\n"
    years = read(tmp_path / "c", *two_years(tmp_path), predecessors=table)
    assert codes(years) == []
    merged, renamed = years.past("STP", 2025), years.past("STC", 2025)
    assert merged is not None
    assert renamed is not None
    assert (merged.merged, merged.index) == (True, Decimal(70))
    assert (renamed.units[0].code, renamed.shared) == ("OLD", True)
    # What is said of 2025 holds of 2024 too, where nothing else is said.
    assert years.predecessors["STP"] == {2025: ("P1", "P2"), 2024: ("P1", "P2")}
    assert years.predecessors["AB"] == {2025: ("OLD",), 2024: ("P1",)}


def test_a_unit_that_keeps_its_code_counts_among_those_it_was_split_into(tmp_path: Path) -> None:
    units = [of_unit(code)["units"][0] for code in ("STP", "AB")]
    write(tmp_path / "2025.json", file(units=units))
    table = "unit,year,predecessor\nSTC,2025,STP\n"
    years = read(tmp_path / "c", (2025, "../2025.json"), predecessors=table)
    assert codes(years) == []
    shared = {code: past.shared for code in ("STP", "STC", "AB")
              if (past := years.past(code, 2025)) is not None}  # fmt: skip
    assert shared == {"STP": True, "STC": True, "AB": False}
    assert years_from_bytes(years_to_bytes(years)) == years


def test_a_renamed_unit_whose_old_code_is_another_s_today_was_not_split(tmp_path: Path) -> None:
    units = [of_unit(code)["units"][0] for code in ("STP", "OLD")]
    write(tmp_path / "2025.json", file(units=units))
    table = "unit,year,predecessor\nSTC,2025,STP\nSTP,2025,OLD\n"
    years = read(tmp_path / "c", (2025, "../2025.json"), predecessors=table)
    shared = [past.shared for code in ("STP", "STC")
              if (past := years.past(code, 2025)) is not None]  # fmt: skip
    assert shared == [False, False]


def test_a_year_in_which_a_unit_has_its_own_code_needs_no_predecessor(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", file(year=2025, units=[of_unit("P1")["units"][0]]))
    both = [of_unit(code, index=index)["units"][0] for code, index in (("STP", "90"), ("P1", "60"))]
    write(tmp_path / "2024.json", file(year=2024, units=both))
    named = (2025, "../2025.json"), (2024, "../2024.json")
    years = read(tmp_path / "c", *named, predecessors="unit,year,predecessor\nSTP,2025,P1\n")
    assert years.predecessors["STP"] == {2025: ("P1",)}
    before = years.past("STP", 2024)
    assert before is not None
    assert before.index == Decimal(90)


def test_merged_units_may_stand_on_lines_of_their_own(tmp_path: Path) -> None:
    table = "unit,year,predecessor\nSTP,2025,P1\nSTP,2025,P2\n"
    years = read(tmp_path / "c", *two_years(tmp_path), predecessors=table)
    assert years.predecessors["STP"][2025] == ("P1", "P2")


def test_all_defects_of_the_predecessors_are_told_at_once(tmp_path: Path) -> None:
    table = "unit,year,predecessor\nZZ,2020,\nSTP,2025,P3\nSTP,2025,P1\nSTP,2025,P1\n"
    years = read(tmp_path / "c", *two_years(tmp_path), predecessors=table)
    assert codes(years) == [
        ("C032", "truoc.csv:2"),
        ("C032", "truoc.csv:2"),
        ("C032", "truoc.csv:2"),
        ("C033", "truoc.csv:3"),
        ("C034", "truoc.csv:5"),
        ("C037", ""),
        ("C037", ""),
    ]


@pytest.mark.parametrize("table", ["unit,nothing\nSTP,1\n", "\n"])
def test_a_table_of_predecessors_without_its_columns_is_told(tmp_path: Path, table: str) -> None:
    years = read(tmp_path / "c", *two_years(tmp_path), predecessors=table)
    assert ("C031", "") in codes(years)


# --- what asks, and what does not -------------------------------------------------------------------


def test_intake_and_the_campaign_itself_never_ask_for_earlier_years(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_campaign(
        tmp_path / "c", earlier=[{"year": "2025", "results": "../gone"}], predecessors="gone.csv"
    ).root
    (root / "inbox").mkdir()

    def refused(_workspace: object) -> Years:
        raise AssertionError("earlier years were read")

    monkeypatch.setattr("xlscore.proceedings.read_earlier", refused)
    monkeypatch.setattr("xlscore.issuing.read_earlier", refused)
    for command in ("generate", "collect", "status"):
        done = CliRunner().invoke(cli, [command, "-C", str(root)])
        assert "earlier years" not in str(done.exception or ""), done.output
        assert done.exit_code in (0, 1), done.output


def test_the_years_of_a_unit_are_shown_with_what_is_wrong(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", of_unit(domains={"n1": "50"}))
    given = [{"year": "2025", "results": "../2025.json"}, {"year": "2024", "results": "../gone"}]
    root = make_campaign(tmp_path / "c", earlier=given, language="en").root
    done = CliRunner().invoke(cli, ["history", "STP", "--years", "--json", "-C", str(root)])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [(line["year"], line["index"]) for line in told["years"]] == [
        (2026, None),
        (2025, "81.33"),
    ]
    assert told["years"][1]["domains"] == {"n1": "50"}
    assert "C021" in done.stderr
    page = tmp_path / "page.html"
    done = CliRunner().invoke(
        cli, ["history", "STP", "--years", "--page", str(page), "-C", str(root)]
    )
    assert "81.33" in done.stdout
    assert "81,33" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "said"), [("-4.738", "−4,74"), ("1.5", "+1,50"), ("-0.001", "0,00"), ("0", "0,00")]
)
def test_a_fall_has_a_minus_sign_and_no_hyphen(value: str, said: str) -> None:
    assert signed(Decimal(value), 2) == said


def test_years_are_about_a_whole_unit(tmp_path: Path) -> None:
    root = make_campaign(tmp_path / "c").root
    done = CliRunner().invoke(cli, ["history", "STP", "1.1", "--years", "-C", str(root)])
    assert done.exit_code == 2
