"""Every command as an operator runs it: exit codes, what is printed, what is never printed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from tests.campaigns import TypedCells, make_campaign
from xlscore import i18n
from xlscore.cli import cli
from xlscore.cli.common import ATTENTION, ENVIRONMENT, FINE, USAGE
from xlscore.layout import Slot
from xlscore.ledger import open_ledger
from xlscore.sentinel import NAME
from xlscore.text import is_safe_name

ROOT = Path(__file__).parent.parent
RETURN = {
    "round",
    "subject",
    "rows",
    "file",
    "kind",
    "unit",
    "tier",
    "status",
    "version",
    "totals",
    "scores",
    "findings",
}
FINDING = {"code", "name", "severity", "sheet", "cell", "row", "message"}
UNIT = {
    "unit",
    "name",
    "tier",
    "state",
    "late",
    "unproven",
    "version",
    "received_at",
    "newer_invalid",
    "findings",
}
ROW = {"rank", "unit", "name", "self", "achieved", "applicable_max", "index", "band", "domains"}


def run(*args: str | Path, expected: int = FINE, **environment: str) -> Result:
    done = CliRunner(env=environment).invoke(cli, [str(arg) for arg in args])
    assert done.exit_code == expected, done.output
    assert "Traceback" not in done.output
    assert "\x1b" not in done.output
    return done


def run_json(*args: str | Path, expected: int = FINE) -> Any:
    return json.loads(run(*args, "--json", expected=expected).stdout)


def process(*args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xlscore", *map(str, args)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


@pytest.fixture(autouse=True)
def _own_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("XLSCORE_LANGUAGE", raising=False)
    yield
    i18n.use("vi")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign: STP sent a valid return, STC a draft, AB one that is refused, and one is rubbish."""
    made = make_campaign(tmp_path_factory.mktemp("cli") / "campaign")
    inbox = made.root / "inbox"
    inbox.mkdir()
    typed: dict[str, TypedCells] = {
        "STP": {},
        "STC": {("", Slot.SUBMIT): "Đang thực hiện"},
        "AB": {("n1.1", "points"): Decimal(9)},
    }
    for unit, changes in typed.items():
        (inbox / f"{unit}.xlsx").write_bytes(made.filled(changes, unit=unit))
    (inbox / "ghi chú.txt").write_text("xin chào", encoding="utf-8")
    return made.root


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared, tmp_path / "campaign")
    return tmp_path / "campaign"


@pytest.fixture
def collected(folder: Path) -> Path:
    run("collect", "-C", folder, "--settle", "0", expected=ATTENTION)
    return folder


# --- help and language ------------------------------------------------------------------------------

COMMANDS = [
    "init",
    "demo",
    "rubric",
    "generate",
    "release",
    "remind",
    "check",
    "collect",
    "watch",
    "status",
    "accept",
    "void",
    "assign",
    "waive",
    "appraise",
    "reply",
    "survey",
    "result",
    "district",
    "rank",
    "verify",
    "send",
    "mail",
    "history",
    "explain",
    "ledger",
    "takeover",
    "doctor",
    "plugins",
]


def test_all_commands_are_there() -> None:
    assert list(cli.commands) == COMMANDS


def _leaves(group: click.Group, above: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _leaves(command, f"{above}{name} ")
        else:
            yield f"{above}{name}"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_vietnamese_by_default_and_english_on_demand(command: str) -> None:
    vietnamese = run(command, "--help").output
    english = run("--language", "en", command, "--help").output
    by_environment = run(command, "--help", XLSCORE_LANGUAGE="en").output
    assert "Cách dùng:" in vietnamese
    assert "Tùy chọn:" in vietnamese
    assert "Usage:" in english
    assert english.splitlines()[2] == by_environment.splitlines()[2]
    assert english.splitlines()[2] != vietnamese.splitlines()[2]


@pytest.mark.parametrize("command", sorted(_leaves(cli)))
def test_help_leaves_no_name_of_a_value_in_english(command: str) -> None:
    said = run(*command.split(), "--help").output
    english = r"FOLDER|DIR|FILES|SOURCE|TARGET|CODE|UNIT|NUMBER|ROW|TEXT|WHO|TIME|ROLE|NAME"
    assert not re.search(english, said), said


def test_wrong_calls_are_told_in_the_chosen_language() -> None:
    assert "Không có lệnh 'nope'" in run("nope", expected=USAGE).output
    assert "No such command 'nope'" in run("--language", "en", "nope", expected=USAGE).output
    assert "Thiếu tham số" in run("check", expected=USAGE).output
    assert (
        "'fr' không phải là một trong: 'vi', 'en'"
        in run("--language", "fr", "plugins", expected=USAGE).output
    )


@pytest.mark.parametrize(
    "call",
    [
        ("--language", "fr", "plugins"),
        ("collect", "--settle", "x"),
        ("collect", "--settle", "900"),
        ("rubric", "check", "nowhere.yaml"),
        ("rubric", "check", "."),
        ("rank", "-C", __file__),
        ("collct",),
        ("collect", "--settl", "1"),
        ("verify", "--edition", "x", __file__),
        ("send", "--settle", "x", "sent"),
    ],
)
def test_wrong_calls_are_told_without_english(call: tuple[str, ...]) -> None:
    said = run(*call, expected=USAGE).output.replace(str(Path(__file__)), "")
    english = r"OPTIONS|COMMAND|ARGS|\bnot\b|range|File |Directory|mean|Usage|Error|Invalid"
    assert not re.search(english, said), said


def test_the_list_of_commands_ends_no_line_in_the_middle_of_a_phrase() -> None:
    for call in (("--help",), ("rubric", "--help")):
        for language in i18n.LANGUAGES:
            said = run("--language", language, *call).output
            assert not re.search(r"\w\.\.\.(\n|$)", said), said


def test_the_campaigns_language_is_spoken_unless_another_is_asked_for(tmp_path: Path) -> None:
    made = make_campaign(tmp_path / "campaign", language="en")
    assert "missing 2" in run("status", "-C", made.root, expected=ATTENTION).output
    output = run("--language", "vi", "status", "-C", made.root, expected=ATTENTION).output
    assert "chưa nộp 2" in output


# --- init and generate ------------------------------------------------------------------------------


def test_an_empty_campaign_runs_through_to_generate(tmp_path: Path) -> None:
    run("init", tmp_path / "new")
    run("rubric", "check", tmp_path / "new" / "rubrics" / "so.yaml")
    told = run("generate", "-C", tmp_path / "new").stderr
    assert "mục authority (tên cơ quan, địa danh) còn dấu “…” chưa điền" in told
    assert {p.name for p in (tmp_path / "new/templates/so").iterdir()} == {"SNV.xlsx", "STC.xlsx"}
    run("status", "-C", tmp_path / "new", expected=ATTENTION)


@pytest.mark.parametrize("example", ["vinh-long-2023", "hai-cap-2026"])
def test_an_example_runs_through_to_generate(tmp_path: Path, example: str) -> None:
    target = tmp_path / "mới lập"
    run("init", target, "--example", example)
    run("generate", "-C", target, "--tier", "so")
    made = [p for p in (target / "templates").rglob("*") if p.is_file()]
    assert len(made) > 10
    assert all(is_safe_name(p.name) for p in made)


def test_a_folder_that_holds_a_campaign_is_left_alone(folder: Path) -> None:
    before = (folder / "campaign.yaml").read_bytes()
    assert "đã có một kỳ đánh giá" in run("init", folder, expected=USAGE).output
    run("demo", folder, expected=USAGE)
    assert (folder / "campaign.yaml").read_bytes() == before


@pytest.mark.parametrize("command", ["init", "demo"])
def test_an_unknown_example_is_answered_with_the_known_ones(tmp_path: Path, command: str) -> None:
    output = run(command, tmp_path / "x", "--example", "nope", expected=USAGE).output
    assert "hai-cap-2026, vinh-long-2023" in output
    assert not (tmp_path / "x").exists()


def test_generate_writes_what_was_asked_for_under_names_that_windows_takes(folder: Path) -> None:
    templates = folder / "templates"
    shutil.rmtree(templates)

    def made() -> set[str]:
        return {p.relative_to(templates).as_posix() for p in templates.rglob("*.xlsx")}

    run("generate", "-C", folder, "--unit", "STP")
    assert made() == {"so/STP.xlsx"}
    run("generate", "-C", folder, "--tier", "xa")
    assert made() == {"so/STP.xlsx", "xa/AB.xlsx"}
    run("generate", "-C", folder, "--unit", "STC", "--by-role")
    assert made() >= {"so/STC__van-phong.xlsx", "so/STC__chuyen-mon.xlsx"}
    run("generate", "-C", folder, "--blank")
    assert made() >= {"blank/so.xlsx", "blank/xa.xlsx"}
    assert all(is_safe_name(p.name) for p in templates.rglob("*"))


def test_generate_answers_unknown_tiers_and_units(folder: Path) -> None:
    assert "so, xa" in run("generate", "-C", folder, "--tier", "y", expected=USAGE).output
    assert "STP, STC, AB" in run("generate", "-C", folder, "--unit", "y", expected=USAGE).output


def test_generate_leaves_alone_what_somebody_filled_in_place(folder: Path) -> None:
    templates = folder / "templates" / "so"
    shutil.rmtree(templates)
    run("generate", "-C", folder, "--tier", "so")
    filled, fresh = templates / "STP.xlsx", templates / "STC.xlsx"
    filled.write_bytes((folder / "inbox" / "STP.xlsx").read_bytes())
    issued = fresh.read_bytes()
    fresh.write_bytes(b"broken")
    output = run("generate", "-C", folder, "--tier", "so").output
    assert "Đã ghi 1 phiếu" in output
    assert "Giữ nguyên 1 phiếu đang có hiệu lực" in output
    assert filled.read_bytes() == (folder / "inbox" / "STP.xlsx").read_bytes()
    assert fresh.read_bytes() == issued
    output = run("generate", "-C", folder, "--tier", "so", "--force").output
    assert "Đã ghi 2 phiếu" in output
    assert "Giữ nguyên" not in output
    assert filled.read_bytes() != (folder / "inbox" / "STP.xlsx").read_bytes()


def test_generate_writes_again_what_is_no_longer_in_force(folder: Path) -> None:
    run("generate", "-C", folder, "--unit", "STP", "--force")
    before = (folder / "templates" / "so" / "STP.xlsx").read_bytes()
    run("generate", "-C", folder, "--unit", "STP", "--by-role")
    output = run("generate", "-C", folder, "--unit", "STP").output
    assert "Đã ghi 1 phiếu" in output
    assert (folder / "templates" / "so" / "STP.xlsx").read_bytes() != before
    output = run("check", "-C", folder, folder / "inbox" / "STP.xlsx", expected=ATTENTION).output
    assert "I008" in output


def test_a_form_that_cannot_be_signed_is_told_and_nothing_is_recorded(tmp_path: Path) -> None:
    unit = "U" * 60
    make_campaign(tmp_path, id="c" * 60, units=f"code,name,tier\n{unit},Sở Dài,so\n")
    output = run("generate", "-C", tmp_path, "--by-role", expected=USAGE).output
    assert unit in output
    with open_ledger(tmp_path / "data" / "ledger.db") as ledger:
        assert ledger.issues("scorecard") == {}


# --- check ------------------------------------------------------------------------------------------


def test_a_choice_that_no_unit_fits_is_a_wrong_call(folder: Path) -> None:
    output = run("generate", "-C", folder, "--unit", "STP", "--tier", "xa", expected=USAGE).output
    assert "Không có đơn vị nào" in output
    assert "zz" in run("status", "-C", folder, "--tier", "zz", expected=USAGE).output
    assert "so, xa" in run("status", "-C", folder, "--tier", "", expected=USAGE).output


def test_check_tells_each_file_and_records_nothing(folder: Path) -> None:
    before = sorted(p for p in folder.rglob("*"))
    files = sorted((folder / "inbox").iterdir())
    output = run("check", "-C", folder, *files, expected=ATTENTION).output
    assert "AB.xlsx – Ủy ban nhân dân xã An Bình: bị trả lại" in output
    assert "STC.xlsx – Sở Tài chính: bản nháp" in output
    assert "STP.xlsx – Sở Tư pháp: hợp lệ" in output
    assert "ghi chú.txt: không tiếp nhận" in output
    assert re.search(r"^  S012 Tiêu chí 1\.1, ô .+![A-Z]+\d+: ", output, re.MULTILINE)
    assert sorted(p for p in folder.rglob("*")) == before
    run("check", "-C", folder, folder / "inbox" / "STP.xlsx")


def test_check_json_has_the_documented_shape(folder: Path) -> None:
    files = [folder / "inbox" / f"{name}" for name in ("STP.xlsx", "AB.xlsx", "ghi chú.txt")]
    valid, invalid, rejected = run_json("check", "-C", folder, *files, expected=ATTENTION)
    for shape in (valid, invalid, rejected):
        assert set(shape) == RETURN
        assert all(set(found) == FINDING for found in shape["findings"])
    assert (valid["file"], valid["kind"], valid["unit"], valid["tier"], valid["status"]) == (
        "STP.xlsx", "scorecard", "STP", "so", "valid",
    )  # fmt: skip
    assert set(valid["totals"]) == {"self", "max", "applicable_max"}
    assert all(isinstance(v, str) for v in (*valid["totals"].values(), *valid["scores"].values()))
    assert valid["scores"]["n1.1"] == "1"
    assert valid["version"] is None
    assert [f["name"] for f in invalid["findings"]] == ["over-maximum", "return-refused"]
    assert invalid["findings"][0]["severity"] == "error"
    assert (rejected["kind"], rejected["unit"], rejected["totals"]) == (None, None, None)
    assert rejected["scores"] == {}


def test_check_knows_the_version_of_bytes_already_recorded(collected: Path) -> None:
    valid, unknown = run_json(
        "check",
        "-C",
        collected,
        collected / "inbox" / "STP.xlsx",
        collected / "units.csv",
        expected=ATTENTION,
    )
    assert (valid["version"], unknown["version"]) == (1, None)


def test_check_of_a_file_that_is_not_there_is_a_wrong_call(folder: Path) -> None:
    there = folder / "inbox" / "STP.xlsx"
    done = run("check", "-C", folder, there, folder / "nope.xlsx", expected=USAGE)
    assert f"Không có tệp “{folder / 'nope.xlsx'}”: xem lại tên tệp." in done.stderr
    assert done.stdout == ""


def test_check_says_of_a_file_in_the_inbox_what_collect_would(folder: Path) -> None:
    (folder / "inbox" / "stc").mkdir()
    strange = folder / "inbox" / "stc" / "phieu.xlsx"
    shutil.copy(folder / "inbox" / "STP.xlsx", strange)
    (shape,) = run_json("check", "-C", folder, strange, expected=ATTENTION)
    assert (shape["status"], [f["code"] for f in shape["findings"]]) == ("rejected", ["I006"])
    assert (shape["unit"], shape["tier"]) == ("STP", "so")
    elsewhere = folder / "STC"
    elsewhere.mkdir()
    run("check", "-C", folder, shutil.copy(strange, elsewhere))


# --- collect and status -----------------------------------------------------------------------------


def test_collect_tells_what_needs_attention_and_is_safe_to_run_again(folder: Path) -> None:
    output = run("collect", "-C", folder, "--settle", "0", expected=ATTENTION).output
    assert (
        "Mới: 4 (hợp lệ 1, bản nháp 1, bị trả lại hoặc không tiếp nhận 2); không thay đổi: 0."
        in output
    )
    assert "AB.xlsx (AB): bị trả lại" in output
    assert "ghi chú.txt: không tiếp nhận" in output
    assert "STP.xlsx" not in output
    output = run("collect", "-C", folder, "--settle", "0").output
    assert (
        output
        == "Mới: 0 (hợp lệ 0, bản nháp 0, bị trả lại hoặc không tiếp nhận 0); không thay đổi: 4.\n"
    )


def test_collect_without_an_inbox_concludes_nothing(folder: Path) -> None:
    shutil.rmtree(folder / "inbox")
    assert "hộp nhận" in run("collect", "-C", folder, expected=ENVIRONMENT).output


def test_status_is_a_table_per_tier_in_vietnamese(collected: Path) -> None:
    output = run("status", "-C", collected, expected=ATTENTION).output
    assert "Cấp so – chưa nộp 0; bản nháp 1; chưa đủ phiếu 0; bị trả lại 0; đã nộp 1" in output
    assert re.search(r"STP +Sở Tư pháp +đã nộp", output)
    assert re.search(r"AB +Ủy ban nhân dân xã An Bình +bị trả lại", output)
    assert "Tệp không tiếp nhận, chưa rõ của đơn vị nào: 1 (ghi chú.txt)" in output
    only = run("status", "-C", collected, "--tier", "xa", expected=ATTENTION).output
    assert "STP" not in only


def test_status_json_has_the_documented_shape(collected: Path) -> None:
    shape = run_json("status", "-C", collected, expected=ATTENTION)
    assert set(shape) == {"campaign", "units", "appraisal"}
    assert shape["campaign"] == "thu-2026"
    assert all(set(unit) == UNIT for unit in shape["units"])
    states = {unit["unit"]: unit["state"] for unit in shape["units"]}
    assert states == {"STP": "submitted", "STC": "draft", "AB": "invalid"}
    sent = shape["units"][0]
    assert isinstance(sent["late"], bool)
    assert (sent["newer_invalid"], sent["version"], sent["findings"]) == (False, 1, [])
    assert sent["received_at"].endswith("+00:00")


def test_status_shows_a_form_that_no_longer_counts_under_its_unit(folder: Path) -> None:
    run("generate", "-C", folder, "--unit", "STP", "--by-role")
    run("collect", "-C", folder, "--settle", "0", expected=ATTENTION)
    shape = run_json("status", "-C", folder, expected=ATTENTION)
    (unit,) = [unit for unit in shape["units"] if unit["unit"] == "STP"]
    assert (unit["state"], [f["code"] for f in unit["findings"]]) == ("invalid", ["I008"])


def test_status_before_anything_arrived_makes_no_ledger(folder: Path) -> None:
    shutil.rmtree(folder / "data")
    shape = run_json("status", "-C", folder, expected=ATTENTION)
    assert {unit["state"] for unit in shape["units"]} == {"missing"}
    assert {(unit["version"], unit["received_at"]) for unit in shape["units"]} == {(None, None)}
    assert not (folder / "data").exists()


def test_names_of_units_are_printed_as_they_are(tmp_path: Path) -> None:
    units = 'code,name,tier\nSTP,"Sở [bold] :smile: [/x]",so\n'
    made = make_campaign(tmp_path / "campaign", units=units)
    assert "Sở [bold] :smile: [/x]" in run("status", "-C", made.root, expected=ATTENTION).output


# --- rank -------------------------------------------------------------------------------------------


def test_rank_writes_the_workbook_and_prints_the_groups(collected: Path) -> None:
    output = run("rank", "-C", collected, expected=ATTENTION).output
    assert "Chưa có phiếu được tính: STC, AB" in output
    assert re.search(r"1 +Sở Tư pháp", output)
    (book,) = (collected / "reports").glob("*.xlsx")
    assert str(book) in output
    assert is_safe_name(book.name)


def test_rank_refuses_a_ledger_whose_log_was_altered(collected: Path) -> None:
    with closing(sqlite3.connect(collected / "data" / "ledger.db")) as db:
        db.execute("DROP TRIGGER events_keep")
        db.execute("UPDATE events SET actor = 'ai đó' WHERE seq = 2")
        db.commit()
    output = run("rank", "-C", collected, expected=ENVIRONMENT).output
    assert "nhật ký trong sổ đã bị sửa" in output
    assert not list((collected / "reports").glob("*.xlsx"))


def test_rank_json_has_the_documented_shape(collected: Path) -> None:
    shape = run_json("rank", "-C", collected, expected=ATTENTION)
    assert set(shape) == {
        "edition", "frozen_now", "provisional", "file", "files", "restored", "groups", "unranked",
        "missing",
    }  # fmt: skip
    assert shape["edition"] == 1
    assert all(Path(file).exists() for file in (shape["file"], *shape["files"].values()))
    assert [set(group) for group in shape["groups"]] == [{"id", "title", "rows"}] * 2
    rows = [row for group in shape["groups"] for row in group["rows"]]
    assert all(set(row) == ROW for row in rows)
    first = rows[0]
    assert (first["rank"], first["unit"]) == (1, "STP")
    for value in ("self", "achieved", "applicable_max", "index"):
        assert str(Decimal(first[value]))
    assert set(first["domains"]) == {"n1", "n2", "n3"}
    assert {m["unit"] for m in shape["missing"]} == {"STC", "AB"}
    assert shape["unranked"] == []


# --- rubrics, explain, plugins ----------------------------------------------------------------------


def test_rubric_check_tells_every_defect_with_its_place(folder: Path) -> None:
    path = folder / "rubrics" / "so.yaml"
    assert "so.yaml: không có lỗi" in run("rubric", "check", path).output
    assert "30 điểm" in run("rubric", "check", path).output
    data = json.loads(path.read_text(encoding="utf-8"))
    data["nodes"][0]["max"], data["scale"] = "11", "29"
    path.write_text(json.dumps(data), encoding="utf-8")
    output = run("rubric", "check", path, expected=ATTENTION).output
    assert {line.split()[0] for line in output.splitlines()} == {"R006", "R010"}
    assert "so.yaml:1" in output


def test_a_rubric_goes_to_excel_and_comes_back(folder: Path) -> None:
    source, book, back = (folder / name for name in ("rubrics/so.yaml", "so.xlsx", "back.yaml"))
    run("rubric", "export", source, book)
    run("rubric", "check", book)
    run("rubric", "import", book, back)
    run("rubric", "check", back)


def test_a_rubric_with_errors_is_neither_exported_nor_imported(folder: Path) -> None:
    bad = folder / "bad.yaml"
    bad.write_text("id: [", encoding="utf-8")
    run("rubric", "export", bad, folder / "x.xlsx", expected=ATTENTION)
    (folder / "bad.xlsx").write_bytes(b"no workbook")
    call = ("rubric", "import", folder / "bad.xlsx", folder / "x.yaml")
    said = run(*call, expected=ATTENTION).output
    assert "không phải sổ Excel .xlsx" in said
    assert "zip" not in said
    assert "no .xlsx workbook" in run("--language", "en", *call, expected=ATTENTION).output
    assert not list(folder.glob("x.*"))


def test_explain_takes_codes_and_names() -> None:
    assert run("explain", "s012").output == run("explain", "over-maximum").output
    assert "S012 over-maximum (lỗi)" in run("explain", "S012").output
    assert "(error)" in run("--language", "en", "explain", "S012").output
    assert "S012" in run("explain", "S0122", expected=USAGE).output


def test_plugins_lists_methods_and_hooks() -> None:
    shape = run_json("plugins")
    assert set(shape) == {"plugins", "methods"}
    assert {"points", "formula", "survey"} <= set(shape["methods"])
    assert all(set(row) == {"name", "version", "hooks", "error"} for row in shape["plugins"])
    assert "xlscore_scoring_methods" in run("plugins").output


# --- what goes wrong --------------------------------------------------------------------------------

READING = [("status",), ("rank",), ("collect",), ("generate",), ("check", __file__)]


@pytest.mark.parametrize("command", READING)
def test_a_folder_that_is_no_campaign_is_a_wrong_call(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    done = run(*command, "-C", tmp_path / "nowhere", expected=USAGE)
    assert done.stderr.startswith("C001 campaign.yaml: ")
    assert done.stdout == ""
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("command", [c for c in READING if c != ("generate",)])
def test_a_damaged_ledger_is_told(folder: Path, command: tuple[str, ...]) -> None:
    (folder / "data" / "ledger.db").write_bytes(b"rubbish" * 200)
    done = run(*command, "-C", folder, expected=ENVIRONMENT)
    assert "Không dùng được sổ theo dõi" in done.stderr


@pytest.mark.parametrize(
    "command",
    [*READING, ("history", "STP"), ("ledger", "backup"), ("remind",), ("release",), ("takeover",)],
)
def test_a_lost_ledger_is_told_with_what_brings_it_back(
    collected: Path, command: tuple[str, ...]
) -> None:
    ledger = collected / "data" / "ledger.db"
    ledger.unlink()
    done = run(*command, "-C", collected, expected=ENVIRONMENT)
    assert "xlscore ledger rebuild" in done.stderr
    assert done.stdout == ""
    assert not ledger.exists()
    assert not list((collected / "data").glob("backups/xlscore-*"))


def test_a_ledger_check_speaks_in_words(collected: Path) -> None:
    (collected / "data" / "ledger.db").unlink()
    told = run("ledger", "check", "-C", collected, expected=ATTENTION).output
    assert "xlscore ledger rebuild" in told
    assert "ledger-missing" not in told
    shape = run_json("ledger", "check", "-C", collected, expected=ATTENTION)
    assert "ledger-missing" in {trouble["name"] for trouble in shape["troubles"]}


@pytest.mark.parametrize("command", [("collect",), ("generate",), ("check", __file__)])
def test_lost_signing_keys_are_told(folder: Path, command: tuple[str, ...]) -> None:
    (folder / "data" / "keys.json").unlink()
    done = run(*command, "-C", folder, expected=ENVIRONMENT)
    assert "keys.json" in done.stderr
    assert not (folder / "data" / "keys.json").exists()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied", "a.xlsx"), "“a.xlsx”: hãy đóng tệp trong Excel"),
        (FileNotFoundError(2, "No such file", "a.xlsx"), "Không có “a.xlsx”"),
        (FileExistsError(17, "exists", "a.xlsx"), "Đã có “a.xlsx”"),
        (OSError(28, "No space left on device", "a.xlsx"), "“a.xlsx”: đĩa đã đầy"),
    ],
)
def test_trouble_with_a_disk_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("xlscore.intake.session.availability", failing)
    assert said in run("collect", "-C", folder, "--settle", "0", expected=ENVIRONMENT).stderr


def test_a_full_disk_is_told_where_no_file_can_be_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xlscore.intake.session.availability", failing)
    said = run("collect", "-C", folder, "--settle", "0", expected=ENVIRONMENT).stderr
    assert "đĩa đã đầy" in said
    assert "“”" not in said


def test_a_file_that_does_not_verify_is_told_so_in_the_end(collected: Path, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"")
    done = run(
        "--language", "en", "verify", "-C", collected, tmp_path / "x.xlsx", expected=ATTENTION
    )
    assert done.output.splitlines()[-1].startswith("The file does not hold")


def test_a_workbook_open_in_excel_is_told(collected: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "xep-hang.xlsx")

    monkeypatch.setattr(Path, "replace", failing)
    assert "trong Excel" in run("rank", "-C", collected, expected=ENVIRONMENT).stderr


def test_a_bug_gives_a_message_and_a_log_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("xlscore.intake.session.scan", failing)
    done = run("collect", "-C", folder, expected=ENVIRONMENT)
    (log,) = tmp_path.glob("xlscore-*.log")
    assert "ZeroDivisionError: a bug" in done.stderr
    assert str(log) in done.stderr
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_an_interrupted_run_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("xlscore.intake.session.scan", interrupted)
    assert "Đã dừng theo yêu cầu" in run("collect", "-C", folder, expected=ENVIRONMENT).stderr


# --- as a process -----------------------------------------------------------------------------------


def test_exit_codes_reach_the_shell(folder: Path) -> None:
    collect = ("collect", "-C", folder, "--settle", "0")
    assert [process(*collect).returncode for _ in range(2)] == [ATTENTION, FINE]
    assert process("nope").returncode == USAGE
    (folder / "data" / "ledger.db").write_bytes(b"rubbish" * 200)
    failed = process(*collect)
    assert failed.returncode == ENVIRONMENT
    assert "Traceback" not in failed.stderr
    assert "\x1b" not in failed.stdout + failed.stderr


def test_a_pipe_gets_neither_colours_nor_bars(folder: Path) -> None:
    done = process("generate", "-C", folder, "--force", FORCE_COLOR="", TERM="xterm-256color")
    assert done.stdout == f"Đã ghi 3 phiếu chấm điểm vào {folder / 'templates'}.\n"
    assert done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="a console of Windows sends no SIGINT to one process")
def test_ctrl_c_ends_a_run_without_a_traceback(folder: Path) -> None:
    heard = (  # a suite that was started in the background is deaf to it, and so are its children
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from xlscore.cli import main; main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", heard, "collect", "-C", str(folder), "--settle", "600"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, encoding="utf-8",
    ) as running:  # fmt: skip
        try:
            end = time.monotonic() + 120
            while not (folder / "inbox" / NAME).exists():  # so it is at work, its imports are over
                assert running.poll() is None, running.communicate()
                assert time.monotonic() < end
                time.sleep(0.05)
            running.send_signal(signal.SIGINT)
            _, stderr = running.communicate(timeout=120)
        finally:
            running.kill()
    assert running.returncode == ENVIRONMENT
    assert "Đã dừng theo yêu cầu" in stderr
    assert "Traceback" not in stderr


HEAVY = ("pandas", "openpyxl", "xlsxwriter", "numpy")


@pytest.mark.parametrize(
    "args", [["--help"], ["status"], ["status", "--json"], ["explain", "S012"]]
)
def test_reading_commands_import_no_excel_library(collected: Path, args: list[str]) -> None:
    place = ["-C", str(collected)] if args[0] == "status" else []
    code = (
        "import sys\nfrom xlscore.cli import main\n"
        f"sys.argv = ['xlscore', *{[*args, *place]!r}]\n"
        "try:\n    main()\nfinally:\n"
        f"    print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == "[]"
    assert done.stdout
