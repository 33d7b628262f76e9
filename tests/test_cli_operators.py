"""`takeover` and `doctor` as two operators run them: what is asked, told, refused; exit codes."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.campaigns import make_campaign
from tests.intake_office import Office
from tests.test_doctoring import health
from xlscore import i18n
from xlscore.cli import cli
from xlscore.cli.common import ATTENTION, ENVIRONMENT, FINE, USAGE
from xlscore.doctoring import Level
from xlscore.health import write_health
from xlscore.sentinel import NAME, read_sentinel


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XLSCORE_LANGUAGE", "en")
    yield
    i18n.use("vi")


@pytest.fixture
def second(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Host MAY-A collects; this is the desk of host MAY-B, with a copy of its folder."""
    share = tmp_path / "share"
    office.inbox.rename(share)
    office.settle_on(folders={"inbox": str(share)})
    office.inbox = share
    office.put("STP.xlsx")
    monkeypatch.setattr(socket, "gethostname", lambda: "MAY-A")
    assert office.collect().door.open
    shutil.copytree(office.root, tmp_path / "b")
    monkeypatch.setattr(socket, "gethostname", lambda: "MAY-B")
    return Office(tmp_path / "b", office.returns)


def run(desk: Office, *args: str, expected: int = FINE, answer: str | None = None) -> Result:
    done = CliRunner().invoke(cli, [*args, "-C", str(desk.root)], input=answer)
    assert done.exit_code == expected, done.output
    assert "Traceback" not in done.output
    assert "\x1b" not in done.output
    return done


def holder(desk: Office) -> str:
    found = read_sentinel(desk.inbox)
    assert found is not None
    return found.holder.host


def test_takeover_says_who_collects_asks_and_says_what_to_do_there(second: Office) -> None:
    done = run(second, "takeover", answer="y\n")
    assert "Intake is run by MAY-A" in done.output
    assert "knows 1 returns" in done.output
    assert "data/ been brought along?" in done.output
    assert "handover number 2" in done.output
    assert "On MAY-A: stop its watcher" in done.output
    assert holder(second) == "MAY-B"
    run(second, "collect")


@pytest.mark.parametrize(
    ("answer", "code"), [("n\n", ATTENTION), ("\n", ATTENTION), ("", ENVIRONMENT)]
)
def test_takeover_that_is_not_confirmed_changes_nothing(
    second: Office, answer: str, code: int
) -> None:
    run(second, "takeover", expected=code, answer=answer)
    assert holder(second) == "MAY-A"


def test_takeover_with_yes_does_not_ask(second: Office) -> None:
    assert "?" not in run(second, "takeover", "--yes").output
    assert holder(second) == "MAY-B"


def test_takeover_of_what_one_has_says_so_without_asking(second: Office) -> None:
    run(second, "takeover", "--yes")
    done = run(second, "takeover")
    assert "runs intake already" in done.output
    assert "?" not in done.output


def test_the_other_host_is_told_who_collects(second: Office) -> None:
    done = run(second, "collect", expected=ENVIRONMENT)
    assert "MAY-A takes it in" in done.stderr


def test_takeover_with_another_ledger_is_warned_of(second: Office) -> None:
    second.workspace.ledger_path.unlink()
    shutil.rmtree(second.workspace.data / "journal")
    with second.ledger():
        pass
    done = run(second, "takeover", expected=ATTENTION, answer="n\n")
    assert "knows 0 returns" in done.output
    assert "another ledger than the one that ran intake so far" in done.stderr


def test_takeover_without_keys_or_ledger_leaves_nothing_behind(second: Office) -> None:
    (second.workspace.data / "keys.json").rename(second.root / "kept.json")
    done = run(second, "takeover", expected=ENVIRONMENT, answer="y\n")
    assert "keys.json" in done.stderr
    assert done.stdout == ""
    (second.root / "kept.json").rename(second.workspace.data / "keys.json")
    second.workspace.ledger_path.unlink()
    assert "ledger rebuild" in run(second, "takeover", "--yes", expected=ENVIRONMENT).stderr
    shutil.rmtree(second.workspace.data / "journal")
    assert "There is no ledger" in run(second, "takeover", "--yes", expected=ENVIRONMENT).stderr
    assert not second.workspace.ledger_path.exists()
    assert holder(second) == "MAY-A"


@pytest.mark.parametrize("damage", [None, b"{"])
def test_a_mark_gone_or_damaged_needs_a_word_more(second: Office, damage: bytes | None) -> None:
    mark = second.inbox / NAME
    mark.unlink()
    if damage is not None:
        mark.write_bytes(damage)
    done = run(second, "takeover", "--yes", expected=USAGE)
    assert "xlscore takeover --new-inbox" in done.stderr
    done = run(second, "takeover", "--new-inbox", answer="y\n")
    assert ("Set aside: " in done.output) is (damage is not None)
    assert holder(second) == "MAY-B"


def test_a_mark_gone_is_not_made_anew_unless_confirmed(second: Office) -> None:
    (second.inbox / NAME).unlink()
    run(second, "takeover", "--new-inbox", expected=ATTENTION, answer="n\n")
    assert not (second.inbox / NAME).exists()


def test_the_inbox_of_another_campaign_is_refused(second: Office, tmp_path: Path) -> None:
    folders = {"inbox": str(second.inbox)}
    other = make_campaign(tmp_path / "other", id="khac-2026", folders=folders)
    other.form()
    desk = Office(other.root, {})
    done = run(desk, "takeover", "--yes", "--new-inbox", expected=USAGE)
    assert "another campaign (thu-2026)" in done.stderr
    assert holder(second) == "MAY-A"


def test_an_inbox_that_is_away_is_a_matter_of_the_environment(second: Office) -> None:
    second.inbox.rename(second.inbox.with_name("away"))
    assert "is not there" in run(second, "takeover", "--yes", expected=ENVIRONMENT).stderr


def test_an_inbox_that_nobody_opened_needs_no_takeover(office: Office) -> None:
    done = run(office, "takeover", "--yes", expected=USAGE)
    assert "xlscore collect" in done.stderr


# --- doctor -----------------------------------------------------------------------------------------


@pytest.fixture
def desk(office: Office) -> Office:
    """A campaign in good order, whatever the rights of the folders above it."""
    if os.name != "nt":
        office.workspace.data.chmod(0o700)
    return office


def test_doctor_says_the_state_in_words_by_group(desk: Office) -> None:
    done = run(desk, "doctor")
    for part in ("This host", "The ledger", "The inbox", "fine", "note", "Errors: 0; warnings: 0"):
        assert part in done.stdout


def test_doctor_ends_as_its_gravest_check(desk: Office) -> None:
    now = datetime.now(UTC)
    write_health(desk.workspace.health_path, health(now, last_scan=now - timedelta(hours=1)))
    done = run(desk, "doctor", expected=ATTENTION)
    assert "WARNING" in done.stdout
    assert "→ Scans have ceased" in done.stdout
    (desk.workspace.data / "keys.json").unlink()
    assert "ERROR" in run(desk, "doctor", expected=ENVIRONMENT).stdout


def test_doctor_examines_a_campaign_that_does_not_open(desk: Office) -> None:
    (desk.root / "campaign.yaml").write_text("{", encoding="utf-8")
    assert "does not open" in run(desk, "doctor", expected=ENVIRONMENT).stdout


def test_doctor_gives_every_check_as_json(desk: Office) -> None:
    said = json.loads(run(desk, "doctor", "--json").stdout)
    assert set(said) == {"checks"}
    for check in said["checks"]:
        assert set(check) == {"group", "name", "level", "said", "remedy"}
        assert check["level"] in {level.value for level in Level}
    assert {c["name"]: c["level"] for c in said["checks"]}["keys"] == "ok"


def test_doctor_speaks_the_campaigns_language(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XLSCORE_LANGUAGE")
    assert "Sổ theo dõi và thư mục data" in run(desk, "doctor").stdout
    desk.settle_on(language="en")
    assert "The ledger and its folder data" in run(desk, "doctor").stdout
