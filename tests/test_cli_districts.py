"""`xlscore district` as an operator runs it: exit codes, what is printed, what is written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.collecting import collect
from tests.districts import DISTRICTS, NOW, make, make_province
from xlscore import i18n
from xlscore.cli.common import ATTENTION, ENVIRONMENT, FINE, USAGE, guarded
from xlscore.cli.districts import district
from xlscore.cli.forms import generate
from xlscore.cli.histories import history
from xlscore.cli.releasing import release
from xlscore.cli.results import result
from xlscore.cli.returns import status
from xlscore.workspace import open_workspace


@click.group()
def cli() -> None:
    """Stand in for the whole command line."""


for command in (district, generate, history, release, result, status):
    cli.add_command(command)


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    yield
    i18n.use("vi")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # In English, so that what is said here does not wait for its translation.
    return make_province(tmp_path_factory.mktemp("made") / "p", language="en").root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "p"))


def run(*arguments: str | Path) -> Result:
    with guarded():
        return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def test_authorize_writes_the_files_and_says_that_they_are_secret(root: Path) -> None:
    shutil.rmtree(root / "tinh" / "data" / "cap-duoi")
    done = run("district", "authorize", "-C", root / "tinh")
    assert done.exit_code == FINE
    written = sorted(p.name for p in (root / "tinh" / "data" / "cap-duoi").iterdir())
    assert written == ["uy-quyen-H1.json", "uy-quyen-H2.json"]
    assert "An authorisation is a secret" in done.stderr
    assert not list((root / "tinh" / "templates").rglob("uy-quyen*"))


def test_authorize_names_the_parents_that_it_knows(root: Path) -> None:
    done = run("district", "authorize", "-C", root / "tinh", "H9")
    assert done.exit_code == USAGE
    assert "“H9” reports no units. Those that do: H1, H2." in done.stderr


def test_authorize_says_so_where_nobody_reports(tmp_path: Path) -> None:
    make(tmp_path / "c", reported=False, language="en")
    done = run("district", "authorize", "-C", tmp_path / "c")
    assert done.exit_code == USAGE
    assert "No unit reports others" in done.stderr


def test_prepare_makes_a_folder_that_opens_and_never_writes_over_one(
    root: Path, tmp_path: Path
) -> None:
    done = run("district", "prepare", "-C", root / "tinh", "H2", tmp_path / "moi")
    assert done.exit_code == FINE
    assert "The campaign of UBND huyện Hai" in done.stdout
    assert list(open_workspace(tmp_path / "moi").campaign.units) == list(DISTRICTS["H2"])
    again = run("district", "prepare", "-C", root / "tinh", "H2", tmp_path / "moi")
    assert again.exit_code == USAGE
    assert "is not empty" in again.stderr


def test_report_refuses_provisional_results_unless_told(root: Path) -> None:
    refused = run("district", "report", "-C", root / "H2")
    assert refused.exit_code == USAGE
    assert "2 rows still wait for a result (X21 2.3, X22 2.3)" in refused.stderr
    done = run("district", "report", "-C", root / "H2", "--provisional")
    assert done.exit_code == FINE
    assert "(2 of 3 units have a result)" in done.stdout
    assert (root / "H2" / "reports" / "ket-qua-H2.xlsx").is_file()


def test_report_says_where_the_authorisation_is_missing_or_damaged(root: Path) -> None:
    assert run("district", "report", "-C", root / "tinh").exit_code == USAGE
    (root / "H1" / "data" / "uy-quyen.json").write_text("{}", encoding="utf-8")
    done = run("district", "report", "-C", root / "H1")
    assert done.exit_code == ENVIRONMENT
    assert "is no authorisation, or is damaged" in done.stderr


def test_status_shows_whose_book_has_come(root: Path) -> None:
    run("district", "report", "-C", root / "H2", "--provisional")
    shutil.copy(root / "H2" / "reports" / "ket-qua-H2.xlsx", root / "tinh" / "inbox")
    collect(open_workspace(root / "tinh"), settle=0, now=lambda: NOW)
    done = run("district", "status", "-C", root / "tinh")
    assert done.exit_code == ATTENTION
    first, second = (line.split() for line in done.stdout.splitlines() if "UBND huyện" in line[:40])
    assert (first[0], first[-2:]) == ("H1", ["0/3", "missing"])
    assert (second[0], second[-2:]) == ("H2", ["2/3", "provisional"])
    shape = json.loads(run("district", "status", "-C", root / "tinh", "--json").stdout)
    assert [d["counted"] for d in shape["districts"]] == [0, 2]
    assert shape["districts"][1]["findings"][0]["code"] == "A090"


def test_results_go_out_to_units_that_the_district_reports(root: Path) -> None:
    run("district", "report", "-C", root / "H2", "--provisional")
    shutil.copy(root / "H2" / "reports" / "ket-qua-H2.xlsx", root / "tinh" / "inbox")
    collect(open_workspace(root / "tinh"), settle=0, now=lambda: NOW)
    done = run("result", "export", "-C", root / "tinh", "--unit", "X21")
    assert done.exit_code == FINE, done.output
    for choice in (("--unit", "X21"), ("--tier", "xa")):
        done = run(
            "release", "-C", root / "tinh", "--what", "results", "--again", *choice, "--json"
        )
        handed = [one["unit"] for one in json.loads(done.stdout)["handed"]]
        assert handed == ["X21"]
    refused = run("release", "-C", root / "tinh", "--what", "replies", "--unit", "X21")
    assert refused.exit_code == USAGE


def test_the_history_of_a_district_says_that_it_was_authorised(root: Path) -> None:
    done = run("history", "-C", root / "tinh", "H1", "--json")
    lines = json.loads(done.stdout)["lines"]
    assert [line["text"] for line in lines] == ["Authorisation 1 to report results issued."]


def test_generate_and_status_leave_reported_units_to_the_unit_above(root: Path) -> None:
    done = run("generate", "-C", root / "tinh", "--tier", "xa")
    assert done.exit_code == FINE
    assert "6 units get no scorecard from here" in done.stdout
    assert not (root / "tinh" / "templates" / "xa").exists()
    told = json.loads(run("status", "-C", root / "tinh", "--tier", "xa", "--json").stdout)
    assert {unit["state"] for unit in told["units"]} == {"by-parent"}
    assert run("status", "-C", root / "tinh", "--tier", "xa").exit_code == FINE


def test_a_district_may_send_its_own_scorecard_besides(root: Path) -> None:
    done = run("generate", "-C", root / "tinh")
    assert done.exit_code == FINE
    assert sorted(p.stem for p in (root / "tinh" / "templates" / "huyen").iterdir()) == ["H1", "H2"]
