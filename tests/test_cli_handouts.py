"""`release` and `remind` as an operator runs them: exit codes, what is printed, what is written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from tests.campaigns import make_campaign
from xlscore import i18n
from xlscore.cli.common import ATTENTION, ENVIRONMENT, FINE, USAGE, guarded
from xlscore.cli.handouts import remind
from xlscore.cli.releasing import release
from xlscore.drafts import Problem, Reason
from xlscore.issuing import forms, issue
from xlscore.workspace import open_workspace

UNITS = """code,name,tier,email
STP,Sở Tư pháp,so,stp@mau.example.vn
STC,Sở Tài chính,so,stc@mau.example.vn
AB,Ủy ban nhân dân xã An Bình,xa,anbinh@mau.example.vn
"""


GENERATED = {
    Reason.NOT_ISSUED,
    Reason.OLD_RUBRIC,
    Reason.NO_FILE,
    Reason.ANOTHER_FORM,
    Reason.CHANGED,
}


@click.group()
def cli() -> None:
    """Stand in for the whole command line."""


cli.add_command(release)
cli.add_command(remind)


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    yield
    i18n.use("vi")


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # In English, so that what is said here does not wait for its translation.
    made = make_campaign(tmp_path_factory.mktemp("cli") / "c", units=UNITS, language="en")
    units = made.workspace.campaign.active.values()
    issue(made.workspace, forms(made.workspace, units, by_role=False))
    return made.root


@pytest.fixture
def folder(issued: Path, tmp_path: Path) -> Path:
    shutil.copytree(issued, tmp_path / "campaign")
    return tmp_path / "campaign"


def run(command: str, folder: Path, *args: str | Path, expected: int = FINE) -> Result:
    done = CliRunner().invoke(_guarded, [command, "-C", str(folder), *map(str, args)])
    assert done.exit_code == expected, done.output
    assert "Traceback" not in done.output
    assert "{" not in done.output or "--json" in args
    return done


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def _guarded(args: tuple[str, ...]) -> None:
    with guarded():
        cli.main(list(args), standalone_mode=True)


def run_json(command: str, folder: Path, *args: str | Path, expected: int = FINE) -> Any:
    return json.loads(run(command, folder, *args, "--json", expected=expected).stdout)


def without_addresses(folder: Path, *units: str) -> None:
    text = UNITS
    for unit in units:
        text = text.replace(f"{unit.lower()}@mau.example.vn", "")
    (folder / "units.csv").write_text(text, encoding="utf-8")


# --- release ------------------------------------------------------------------------------------------


def test_release_fills_the_folders_of_the_outbox_and_then_only_says_so(folder: Path) -> None:
    done = run("release", folder)
    assert done.stdout == f"3 recipients were given 3 forms, in {folder / 'outbox'}.\n"
    issued_form = (folder / "templates" / "so" / "STP.xlsx").read_bytes()
    assert (folder / "outbox" / "STP" / "STP.xlsx").read_bytes() == issued_form
    again = run("release", folder, "--folders").stdout.splitlines()
    assert again == [
        f"0 recipients were given 0 forms, in {folder / 'outbox'}.",
        "3 left: handed out before (--again does it again).",
    ]
    assert "3 recipients were given 3" in run("release", folder, "--again").stdout


def test_release_by_mail_writes_drafts_where_it_is_told(folder: Path, tmp_path: Path) -> None:
    run("release", folder, "--mail", "--to", tmp_path)
    names = sorted(p.name for p in (tmp_path / "_thu" / "phat-hanh").iterdir())
    assert names == ["AB.eml", "STC.eml", "STP.eml"]
    assert not (folder / "outbox" / "STP").exists()


@pytest.mark.parametrize(
    ("chosen", "units"),
    [
        (("--tier", "xa"), ["AB"]),
        (("--unit", "STP", "--unit", "AB"), ["STP", "AB"]),
        (("--tier", "so", "--unit", "STC"), ["STC"]),
    ],
)
def test_release_serves_only_who_is_chosen(
    folder: Path, chosen: tuple[str, ...], units: list[str]
) -> None:
    told = run_json("release", folder, *chosen)
    assert [handed["unit"] for handed in told["handed"]] == units


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (("--tier", "x"), "There is no tier “x”. Known: so, xa."),
        (("--unit", "x"), "There is no unit “x”. Known: STP, STC, AB."),
        (("--tier", "xa", "--unit", "STP"), "No unit that takes part fits this choice"),
    ],
)
def test_a_choice_that_fits_nobody_is_a_wrong_call(
    folder: Path, chosen: tuple[str, ...], said: str
) -> None:
    assert said in run("release", folder, *chosen, expected=USAGE).stderr
    assert not (folder / "outbox").exists()


def test_release_as_json_says_everything(folder: Path) -> None:
    without_addresses(folder, "STC")
    told = run_json("release", folder, "--mail", "--tier", "so", expected=ATTENTION)
    (handed,) = told.pop("handed")
    path = str(folder / "outbox" / "_thu" / "phat-hanh" / "STP.eml")
    assert handed == {
        "unit": "STP",
        "serials": handed["serials"],
        "path": path,
        "target": "stp@mau.example.vn",
        "found": False,
        "kept": "",
    }
    (problem,) = told.pop("problems")
    assert problem.pop("message").startswith("has no mail address")
    assert problem == {"unit": "STC", "reason": "no-address", "file": ""}
    assert told == {"what": "scorecards", "round": 1, "channel": "mail", "left": []}
    told = run_json("release", folder, "--mail", "--unit", "STP")
    assert told["left"] == [{"unit": "STP", "serial": handed["serials"][0]}]


def test_a_unit_that_cannot_be_served_is_named_with_the_remedy(folder: Path) -> None:
    without_addresses(folder, "STC")
    done = run("release", folder, "--mail", expected=ATTENTION)
    assert "for 2 recipients, 2 forms" in done.stdout
    assert done.stderr.startswith("STC: has no mail address: put it into the column “email”")


def test_a_file_that_stays_beside_the_new_form_is_told(folder: Path) -> None:
    (folder / "outbox" / "STP").mkdir(parents=True)
    (folder / "outbox" / "STP" / "STP.xlsx").write_bytes(b"x")
    done = run("release", folder, "--unit", "STP")
    assert done.stdout.startswith("STP: “STP.xlsx” in the folder is another file and stays; form")


def test_a_target_in_the_inbox_is_a_wrong_call(folder: Path) -> None:
    (folder / "inbox").mkdir()
    done = run("release", folder, "--to", folder / "inbox", expected=USAGE)
    assert "lies in the inbox" in done.stderr


def test_a_target_that_is_away_is_the_environment(folder: Path, tmp_path: Path) -> None:
    done = run("release", folder, "--to", tmp_path / "away", expected=ENVIRONMENT)
    assert f"There is no folder “{tmp_path / 'away'}”: make it or connect" in done.stderr


@pytest.mark.parametrize(("command", "text"), [("release", "release"), ("remind", "reminder")])
def test_an_own_text_with_an_unknown_placeholder_is_told_by_line(
    folder: Path, command: str, text: str
) -> None:
    (folder / "letters").mkdir()
    (folder / "letters" / f"{text}.txt").write_text("A\n\n$don_vi\n", encoding="utf-8")
    args = ["--mail"] if command == "release" else []
    done = run(command, folder, *args, expected=USAGE)
    assert f"letters/{text}.txt: line 3: there is no “$don_vi”" in done.stderr


def test_no_release_without_the_keys(folder: Path) -> None:
    (folder / "data" / "keys.json").unlink()
    assert "keys" in run("release", folder, expected=ENVIRONMENT).stderr


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_words_and_its_shape(reason: Reason) -> None:
    from xlscore.cli.problems import problems_json

    i18n.use("en")
    (told,) = problems_json([Problem("STP", reason, "so/STP.xlsx", ("vì", "because"))])
    assert set(told) == {"unit", "reason", "file", "message"}
    assert told["message"].endswith(".")
    assert ("generate --unit STP" in told["message"]) == (reason in GENERATED)
    assert "{" not in told["message"]
    assert ("because" in told["message"]) == (reason in {Reason.BAD_LETTER, Reason.NOT_WRITTEN})


def test_the_remedy_for_role_cards_does_not_revoke_them(folder: Path) -> None:
    workspace = open_workspace(folder)
    issue(workspace, forms(workspace, [workspace.campaign.units["STP"]], by_role=True))
    card = folder / "templates" / "so" / "STP__van-phong.xlsx"
    card.write_bytes(b"x")
    done = run("release", folder, "--unit", "STP", expected=ATTENTION)
    said = f"“{card}” is not the form in force: run “xlscore generate --unit STP --by-role”."
    assert done.stderr == f"STP: {said}\n"
    assert "1 recipients were given 1 forms" in done.stdout


# --- remind -------------------------------------------------------------------------------------------


def test_remind_lists_whom_it_wrote_to(folder: Path) -> None:
    done = run("remind", folder)
    place = folder / "outbox" / "_thu" / "nhac-nop"
    assert f"3 drafts written to {place}." in done.stdout
    for path in place.iterdir():
        assert path.name in done.stdout
    assert "Ủy ban nhân dân xã An Bình" in done.stdout
    assert "15/12/2026" in done.stdout


def test_remind_as_json_says_everything(folder: Path) -> None:
    without_addresses(folder, "STC")
    told = run_json("remind", folder, expected=ATTENTION)
    first = told["reminders"][0]
    assert Path(first.pop("path")).is_file()
    assert first == {
        "unit": "STP",
        "name": "Sở Tư pháp",
        "tier": "so",
        "state": "missing",
        "deadline": "2026-12-15T16:59:59.999999+00:00",
    }
    assert [(p["unit"], p["reason"]) for p in told["problems"]] == [("STC", "no-address")]


def test_remind_before_a_number_of_days_leaves_the_others_alone(folder: Path) -> None:
    settings = json.loads((folder / "campaign.yaml").read_text(encoding="utf-8"))
    today = datetime.now(UTC)
    settings["tiers"]["so"]["deadline"] = f"{today + timedelta(days=3):%Y-%m-%d}"
    settings["tiers"]["xa"]["deadline"] = f"{today + timedelta(days=30):%Y-%m-%d}"
    (folder / "campaign.yaml").write_text(json.dumps(settings), encoding="utf-8")
    units = [r["unit"] for r in run_json("remind", folder, "--before", "10")["reminders"]]
    assert units == ["STP", "STC"]
    assert "Nobody needs to be reminded." in run("remind", folder, "--before", "0").stdout


def test_remind_serves_only_the_tier_chosen(folder: Path) -> None:
    told = run_json("remind", folder, "--tier", "xa")
    assert [r["unit"] for r in told["reminders"]] == ["AB"]
    assert "There is no tier “x”" in run("remind", folder, "--tier", "x", expected=USAGE).stderr


def test_who_cannot_be_reminded_is_named_with_the_remedy(folder: Path) -> None:
    without_addresses(folder, "STP", "STC")
    (folder / "units.csv").write_text(
        (folder / "units.csv").read_text(encoding="utf-8").replace("anbinh@mau.example.vn", ""),
        encoding="utf-8",
    )
    done = run("remind", folder, expected=ATTENTION)
    assert done.stdout == ""
    assert done.stderr.count("has no mail address") == 3


def test_a_campaign_that_never_issued_has_nobody_to_serve(tmp_path: Path) -> None:
    root = make_campaign(tmp_path / "c", units=UNITS, language="en").root
    for command in ("release", "remind"):
        done = run(command, root, expected=ATTENTION)
        said = "no scorecard has been issued: run “xlscore generate --unit {}”."
        assert all(said.format(unit) in done.stderr for unit in ("STP", "STC", "AB"))
    assert open_workspace(root).existing_keys() is None
