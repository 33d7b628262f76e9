"""The history of a unit: every form, return and decision, with its event, its time and who did it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.campaigns import make_campaign
from tests.recorded import LATER, Office, write_history
from xlscore import i18n
from xlscore.cli.histories import history as command
from xlscore.cli.returns import status
from xlscore.histories import Line, history_of, words
from xlscore.ledger import open_ledger
from xlscore.ledger.chapter import to_time
from xlscore.workspace import open_workspace

RECEIVED = "Received 10/12/2026 07:00: valid; errors 0, warnings 0, notes 0. THIS ONE COUNTS NOW."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    campaign = make_campaign(tmp_path_factory.mktemp("made") / "campaign")
    write_history(campaign, {"STP": campaign.filled(), "STC": campaign.filled(unit="STC")})
    return campaign.root


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Office:
    shutil.copytree(made, tmp_path / "campaign")
    return Office(open_workspace(tmp_path / "campaign"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("vi")


def told(office: Office, unit: str = "STP") -> list[Line]:
    with open_ledger(office.path) as ledger:
        return history_of(office.workspace, ledger, office.workspace.campaign.units[unit])


def kinds(office: Office, unit: str = "STP") -> list[tuple[str, str]]:
    return [(line.event, line.kind) for line in told(office, unit)]


def said(office: Office, unit: str = "STP") -> list[str]:
    return [words(line, office.workspace.campaign.zone) for line in told(office, unit)]


def test_a_history_tells_everything_about_its_unit_in_the_order_of_the_log(office: Office) -> None:
    assert kinds(office) == [
        ("1", "form-issued"),
        ("4", "form-copied"),
        ("5", "form-issued"),
        ("6", "form-revoked"),
        ("6", "form-issued"),
        ("7", "form-released"),
        ("9", "arrived"),
        ("15", "timed"),
        ("16", "waived"),
        ("18", "evidence"),
    ]
    assert kinds(office, "AB") == [("5", "form-issued")]


def test_which_return_counts_is_said_and_a_void_one_does_not(office: Office) -> None:
    lines = [line.facts for line in told(office, "STC") if line.kind == "arrived"]
    assert [(f["submission"], f["counts"], f["void"]) for f in lines] == [
        (3, True, False),
        (4, False, True),
    ]


def test_a_decision_about_a_return_stands_in_the_history_of_its_unit(office: Office) -> None:
    voids = [line.facts for line in told(office, "STC") if line.kind == "voided"]
    assert [(f["submission"], f["by"], f["reason"]) for f in voids] == [
        (4, "Lan", "theo công văn")
    ] * 2


def test_a_line_carries_the_time_and_the_actor_of_its_event(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        events = {str(event.seq): (to_time(event.at), event.actor) for event in ledger.events()}
    assert [(line.at, line.actor) for line in told(office)] == [
        events[event] for event, _kind in kinds(office)
    ]


def test_a_decision_is_said_in_words(office: Office) -> None:
    assert said(office, "STC")[-3:] == [
        "Arrival 4 declared void by Lan: theo công văn",
        "Arrival 4 counts again, says Lan: theo công văn",
        "Arrival 4 declared void by Lan: theo công văn",
    ]


def test_lines_in_words(office: Office) -> None:
    found = said(office)
    hash_ = told(office)[6].facts["sha256"][:12]
    assert found[1:] == [
        "Marked copy 3 of form 1 made.",
        "Reply form 4 issued, after appraisal round 1.",
        "Form 4 revoked: đã cấp phiếu mới",
        "Reply form 6 issued, after appraisal round 1.",
        "Form 1 put into a letter draft to STP.",
        f"Arrival 2, version 1: STP.xlsx, SHA-256 {hash_}, form 1. " + RECEIVED,
        "Arrival 2 taken as received 10/12/2026 07:00 by Lan: theo công văn",
        "S030 waived (row 1.1) by Lan: theo công văn",
        f"Evidence: STP/minh-chung/a.pdf, SHA-256 {told(office)[9].facts['sha256'][:12]}.",
    ]


def test_what_a_unit_typed_cannot_spoil_the_page(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        office.arrive(ledger, b"x", file="\x1b[31m" + "a" * 300 + "\n{b}.xlsx", entry=b"x")
    last = said(office)[-1]
    assert "\x1b" not in last
    assert "\n" not in last
    assert len(last) < 260
    assert "aaa…" in last


def test_a_late_return_is_called_late(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        number = office.arrive(ledger, b"x", received=LATER.replace(year=2027), scanned=LATER.replace(
            year=2027), entry=b"x")  # fmt: skip
        office.decide(ledger, "void", number)
    (line,) = (
        f for f in told(office) if f.facts.get("submission") == number and f.kind == "arrived"
    )
    assert line.facts["late"]
    assert words(line, office.workspace.campaign.zone).endswith(" Late. Void.")


def test_a_history_survives_a_rebuild_and_names_the_chain(office: Office) -> None:
    before, zone = said(office), office.workspace.campaign.zone
    office.lose()
    office.rebuild()
    assert said(office) == before
    with open_ledger(office.path) as ledger:
        office.decide(ledger, "unwaive", code="S030", row="1.1")
    last = told(office)[-1]
    assert last.event == "2/2"
    assert words(last, zone) == "S030 no longer waived (row 1.1), says Lan: theo công văn"


def test_what_a_rebuild_took_from_a_record_stands_at_the_rebuild(office: Office) -> None:
    office.lose()
    path = office.journal.path(1)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:5]))
    office.rebuild()
    assert ("2/1", "arrived") in kinds(office)


def test_an_event_that_somebody_made_senseless_is_passed_over(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        ledger.event(LATER, "voided", {"what": "?"})
    assert kinds(office)[-1] == ("18", "evidence")


# --- the command --------------------------------------------------------------------------------------


def run(office: Office, *args: str) -> Result:
    return CliRunner().invoke(command, [*args, "-C", str(office.workspace.root)])


def test_the_command_prints_a_line_for_each_event(office: Office) -> None:
    done = run(office, "STP")
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0] == "STP – Sở Tư pháp"
    assert max(map(len, lines)) <= 200
    assert len([line for line in lines if "/2026 " in line[:24]]) == 10


def test_the_command_gives_json(office: Office) -> None:
    data: Any = json.loads(run(office, "STP", "--json").output)
    assert (data["unit"], data["tier"], len(data["lines"])) == ("STP", "so", 10)
    first = data["lines"][0]
    assert {name: first[name] for name in ("event", "what", "serial", "copy_of")} == {
        "event": "1", "what": "form-issued", "serial": 1, "copy_of": 0,
    }  # fmt: skip
    assert all(line["text"] and line["at"].endswith("+00:00") for line in data["lines"])


def test_an_unknown_unit_is_a_wrong_call(office: Office) -> None:
    done = run(office, "XYZ")
    assert done.exit_code == 2
    assert "STP" in done.output


def test_a_campaign_without_a_ledger_has_an_empty_history(tmp_path: Path) -> None:
    fresh = make_campaign(tmp_path / "fresh")
    done = CliRunner().invoke(command, ["STP", "--json", "-C", str(fresh.root)])
    assert json.loads(done.output)["lines"] == []
    assert not fresh.workspace.ledger_path.exists()


def without_stp(office: Office) -> None:
    make_campaign(
        office.workspace.root, units="code,name,tier\nSTC,Sở Tài chính,so\nAB,An Bình,xa\n"
    )


def test_a_unit_that_left_the_campaign_has_its_history_under_its_code(office: Office) -> None:
    before = [line["event"] for line in json.loads(run(office, "STP", "--json").output)["lines"]]
    without_stp(office)
    done = run(office, "STP")
    assert done.exit_code == 0
    assert done.output.startswith("STP – STP\n")
    lines = json.loads(run(office, "STP", "--json").output)["lines"]
    assert [line["event"] for line in lines] == before
    assert not any(line.get("counts") for line in lines)
    assert run(office, "XYZ").exit_code == 2


def test_status_names_the_returns_of_units_that_left(office: Office) -> None:
    without_stp(office)
    done = CliRunner().invoke(status, ["-C", str(office.workspace.root)])
    assert "(STP)" in done.output
