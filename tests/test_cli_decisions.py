"""`accept`, `void`, `assign`, `waive` as an operator runs them, with a unit on the phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.intake_office import NOW, Office
from xlscore.cli import cli
from xlscore.cli.common import FINE, USAGE

WHY = ("--reason", "đã gọi điện xác nhận", "--by", "Lan")


def run(office: Office, command: str, *args: str, expected: int = FINE) -> str:
    done: Result = CliRunner().invoke(
        cli, ["--language", "en", command, "-C", str(office.root), *args]
    )
    assert done.exit_code == expected, done.output
    assert "Traceback" not in done.output
    return done.output


def take(office: Office, *contents: str | bytes, name: str = "STP.xlsx") -> None:
    for content in contents:
        office.put(name, content)
        office.collect(now=lambda: NOW)


def receipts(office: Office) -> set[str]:
    return {path.name for path in office.workspace.outbox.rglob("*.html")}


def test_accept_tells_what_was_recorded_and_writes_the_receipt(office: Office) -> None:
    take(office, "unproven")
    told = run(office, "accept", "1", *WHY)
    assert "STP.xlsx is version 2 of STP: valid" in told
    assert receipts(office) == {
        "bien-nhan-STP-lan-1-so-1.html",
        "bien-nhan-STP-lan-2-so-2.html",
    }


def test_accept_lists_what_cannot_be_waived(office: Office) -> None:
    take(office, "wrong")
    told = run(office, "accept", "1", *WHY, expected=USAGE)
    assert "above the maximum" in told
    assert "Not decided: some findings cannot be waived" in told
    assert len(office.recorded()) == 1


def test_a_number_that_was_judged_again_leads_to_the_later_one(office: Office) -> None:
    take(office, "unproven")
    run(office, "accept", "1", *WHY)
    told = run(office, "void", "1", *WHY, expected=USAGE)
    assert "decide about arrival 2" in told


def test_void_and_its_undoing_tell_what_counts_now(office: Office) -> None:
    take(office, "first", "second")
    told = run(office, "void", "2", *WHY)
    assert "Version 1 of STP counts now (arrival 1" in told
    assert "Version 2 of STP counts now" in run(office, "void", "2", "--undo", *WHY)
    assert "this arrival is not void" in run(office, "void", "2", "--undo", *WHY, expected=USAGE)


def test_when_nothing_is_left_that_is_told(office: Office) -> None:
    take(office, "first")
    assert "Nothing of STP counts now." in run(office, "void", "1", *WHY)


@pytest.mark.parametrize("time", ["2020-11-30T16:30", "2020-11-30T16:30+07:00"])
def test_the_time_of_arrival_is_set_in_the_campaigns_zone(office: Office, time: str) -> None:
    take(office, "first")
    told = run(office, "accept", "1", "--received", time, *WHY)
    assert "Arrival 1 counts as received 30/11/2020 16:30." in told


def test_a_time_to_come_is_refused(office: Office) -> None:
    take(office, "first")
    told = run(office, "accept", "1", "--received", "2999-01-01T00:00", *WHY, expected=USAGE)
    assert "this moment has not come yet" in told


def test_a_time_that_is_none_is_told(office: Office) -> None:
    take(office, "first")
    told = run(office, "accept", "1", "--received", "hôm qua", *WHY, expected=USAGE)
    assert "“hôm qua” is no time" in told


def test_a_waiver_tells_what_it_settles_and_what_is_left(office: Office) -> None:
    take(office, "unproven")
    take(office, "other", name="STC.xlsx")
    told = run(office, "waive", "STP", "S025", "1.1", *WHY)
    assert "S025 is waived for STP." in told
    assert "STP.xlsx is version 2 of STP: valid" in told
    assert "taken back" in run(office, "waive", "STP", "S025", "n1.1", "--undo", *WHY)
    take(office, "wrong")
    assert "Arrival 4 is still refused:" in run(office, "waive", "STP", "S025", *WHY)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("accept", "7"), "there is no arrival with this number"),
        (("void", "7"), "there is no arrival with this number"),
        (("assign", "7", "STP"), "there is no arrival with this number"),
        (("waive", "XX", "S025"), "the campaign has no such unit"),
        (("waive", "STP", "S012"), "this code cannot be waived"),
        (("waive", "STP", "S025", "9.9"), "no such row"),
        (("waive", "STP", "S025", "--undo"), "there is no such waiver"),
    ],
)
def test_what_cannot_be_decided_is_told_with_its_reason(
    office: Office, args: tuple[str, ...], why: str
) -> None:
    assert why in run(office, *args, *WHY, expected=USAGE)


@pytest.mark.parametrize("command", ["accept", "void"])
def test_a_reason_is_asked_for(office: Office, command: str) -> None:
    assert "--reason" in run(office, command, "1", expected=USAGE)
    take(office, "unproven")
    assert "a reason and a name" in run(office, command, "1", "--reason", " ", expected=USAGE)


def test_an_outbox_that_is_away_does_not_undo_the_decision(office: Office) -> None:
    take(office, "first")
    office.workspace.outbox.write_bytes(b"in the way")
    told = run(office, "void", "1", *WHY)
    assert "Not written: outbox, 1 waiting" in told
    assert office.recorded()[0].voided == "đã gọi điện xác nhận (Lan)"


def test_assign_tells_whose_it_is_now(office: Office, tmp_path: Path) -> None:
    take(office, "first", name="STC/phieu.xlsx")
    told = run(office, "assign", "1", "STP", *WHY)
    assert "STC/phieu.xlsx is version 2 of STP: valid" in told


@pytest.mark.parametrize("command", [["accept"], ["void"], ["assign", "STP"]])
@pytest.mark.parametrize("number", ["0", str(2**63), "9" * 23])
def test_a_number_that_no_ledger_holds_is_a_wrong_call(
    office: Office, command: list[str], number: str
) -> None:
    name, *more = command
    told = run(office, name, number, *more, *WHY, expected=USAGE)
    assert f"{number} is not in the range 1<=x<={2**63 - 1}" in told
