"""Forms of the other kinds on their way out: to agencies, units and the coordinator, once each."""

from __future__ import annotations

import email
import json
from collections.abc import Sequence
from decimal import Decimal
from email.message import Message
from typing import Any

import pytest
from click.testing import CliRunner

from tests.appraising_office import ADJUST, Procedure
from tests.test_handing_out import attached, body, subject
from xlscore.cli import cli
from xlscore.cli.common import ATTENTION, FINE, USAGE
from xlscore.doctoring import examine
from xlscore.doctoring.checks import Level
from xlscore.drafts import Reason
from xlscore.handing_out import Channel, Released, Way, latest_round, release
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_SHEET, SURVEY, Token, sign
from xlscore.issuing import Form, Order, Press, issue_orders
from xlscore.letter_texts import PLACEHOLDERS
from xlscore.workbooks.appraisal.fill import Answer


def hand_out(
    procedure: Procedure,
    kind: str = APPRAISAL,
    channel: Channel = Channel.FOLDERS,
    units: Sequence[str] | None = None,
    **way: Any,
) -> Released:
    with procedure.ledger() as ledger:
        how = Way(channel, kind=kind, **way)
        return release(procedure.workspace, ledger, how, procedure.moment, units=units)


def names(procedure: Procedure, code: str) -> list[str]:
    folder = procedure.workspace.outbox / code
    return sorted(path.name for path in folder.glob("*.xlsx"))


def draft(procedure: Procedure, name: str) -> Message:
    path = procedure.workspace.outbox / "_thu" / "phat-hanh" / f"{name}.eml"
    return email.message_from_bytes(path.read_bytes())


def issue_for(
    procedure: Procedure,
    kind: str,
    folder: str,
    *subjects: tuple[str, str],
    digest: str = "0123456789abcdef",
) -> None:
    """Issue forms of a kind: any signed workbook serves, since it is known by its token."""
    unit = procedure.workspace.campaign.units["STP"]
    press = Press(procedure.workspace)
    below = procedure.workspace.templates / folder
    orders = [
        Order(
            subject,
            digest,
            below / f"{subject}{role}.xlsx",
            lambda token, text: press.print(Form(unit, "", below), token.serial, text),
            role,
        )
        for subject, role in subjects
    ]
    issue_orders(procedure.workspace, kind, 1, orders)


def reasons(done: Released) -> list[tuple[str, Reason]]:
    return [(problem.unit, problem.reason) for problem in done.problems]


def test_a_newer_result_takes_the_place_of_the_older_and_no_other_file(
    procedure: Procedure,
) -> None:
    folder = procedure.workspace.outbox / "STP"
    for digest in ("0123456789abcdef", "fedcba9876543210"):
        issue_for(procedure, RESULT_SHEET, "ket-qua", ("STP", ""), digest=digest)
        (given,) = hand_out(procedure, RESULT_SHEET).handed
        assert (given.path, given.found, given.kept) == (folder / "ket-qua-STP.xlsx", False, "")
        issued = procedure.issued("ket-qua", "STP.xlsx")
        assert given.path.read_bytes() == issued.read_bytes()
    (again,) = hand_out(procedure, RESULT_SHEET, again=True).handed
    assert (again.path, again.found) == (given.path, True)
    given.path.write_bytes(b"anything else")
    (beside,) = hand_out(procedure, RESULT_SHEET, again=True).handed
    assert beside.path.name.startswith("ket-qua-STP-so-")
    assert given.path.read_bytes() == b"anything else"


def test_every_agency_finds_its_book_in_its_folder_byte_for_byte(procedure: Procedure) -> None:
    done = hand_out(procedure)
    assert sorted(given.unit for given in done.handed) == ["SNV", "STP"]
    for given in done.handed:
        assert given.path.name == f"tham-dinh-lan-1-{given.unit}.xlsx"
        issued = procedure.issued("tham-dinh/lan-1", f"{given.unit}.xlsx")
        assert given.path.read_bytes() == issued.read_bytes()
    assert (done.left, done.problems) == ([], [])
    again = hand_out(procedure)
    assert (again.handed, len(again.left)) == ([], 2)


def test_a_scorecard_and_a_book_of_one_code_stand_side_by_side(procedure: Procedure) -> None:
    with procedure.ledger() as ledger:
        release(procedure.workspace, ledger, Way(Channel.FOLDERS), procedure.moment)
    hand_out(procedure)
    assert names(procedure, "STP") == ["STP.xlsx", "tham-dinh-lan-1-STP.xlsx"]


def test_the_newest_book_goes_out_and_the_one_before_it_stays(procedure: Procedure) -> None:
    hand_out(procedure)
    old = (procedure.workspace.outbox / "STP" / "tham-dinh-lan-1-STP.xlsx").read_bytes()
    procedure.take(a=procedure.book("SNV", {("STC", "n2.1"): Answer(ADJUST, Decimal(0), "Vì")}))
    procedure.export()
    done = hand_out(procedure, units=["STP"])
    (given,) = done.handed
    assert given.kept == "tham-dinh-lan-1-STP.xlsx"
    assert names(procedure, "STP") == [
        f"tham-dinh-lan-1-STP-so-{given.serials[0]}.xlsx",
        "tham-dinh-lan-1-STP.xlsx",
    ]
    assert (procedure.workspace.outbox / "STP" / "tham-dinh-lan-1-STP.xlsx").read_bytes() == old


def test_replies_go_to_those_units_that_have_one(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("SNV", {("STC", "n2.1"): Answer(ADJUST, Decimal(0), "Vì")}))
    procedure.export_replies()
    done = hand_out(procedure, REPLY)
    assert [given.unit for given in done.handed] == ["STC"]
    assert done.problems == []
    assert names(procedure, "STC") == ["phan-hoi-lan-1-STC.xlsx"]
    asked = hand_out(procedure, REPLY, units=["STP", "STC"])
    assert reasons(asked) == [("STP", Reason.NOT_ISSUED)]


def test_what_is_about_all_units_goes_to_the_coordinator(procedure: Procedure) -> None:
    issue_for(procedure, SURVEY, "dieu-tra", ("so", "percent"), ("xa", "percent"))
    issue_for(procedure, COUNCIL, "hoi-dong", ("SNV", ""))
    hand_out(procedure, SURVEY)
    hand_out(procedure, COUNCIL)
    assert names(procedure, "SNV") == [
        "dieu-tra-so__percent.xlsx",
        "dieu-tra-xa__percent.xlsx",
        "hoi-dong-SNV.xlsx",
    ]


def test_results_go_to_the_units(procedure: Procedure) -> None:
    issue_for(procedure, RESULT_SHEET, "ket-qua/so", ("STP", ""), ("STC", ""))
    done = hand_out(procedure, RESULT_SHEET)
    assert [given.path.name for given in done.handed] == ["ket-qua-STP.xlsx", "ket-qua-STC.xlsx"]


def test_a_file_that_is_gone_or_another_is_no_form_to_hand_out(procedure: Procedure) -> None:
    mine = procedure.issued("tham-dinh/lan-1", "STP.xlsx")
    mine.unlink()
    assert reasons(hand_out(procedure, units=["STP"])) == [("STP", Reason.NO_FILE)]
    token_of_another = procedure.workspace.templates / "so" / "STP.xlsx"
    mine.write_bytes(token_of_another.read_bytes())
    (problem,) = hand_out(procedure, units=["STP"]).problems
    assert problem.reason in {Reason.ANOTHER_FORM, Reason.NO_FILE}
    assert (problem.kind, problem.round) == (APPRAISAL, 1)
    assert names(procedure, "STP") == []


def test_a_book_that_was_issued_anew_in_another_folder_is_not_the_form_in_force(
    procedure: Procedure,
) -> None:
    mine = procedure.issued("tham-dinh/lan-1", "STP.xlsx")
    old = mine.read_bytes()
    procedure.take(a=procedure.book("SNV", {("STC", "n2.1"): Answer(ADJUST, Decimal(0), "Vì")}))
    procedure.export()
    mine.write_bytes(old)
    assert reasons(hand_out(procedure, units=["STP"])) == [("STP", Reason.ANOTHER_FORM)]


def test_letters_carry_the_book_the_round_and_its_deadline(procedure: Procedure) -> None:
    done = hand_out(procedure, channel=Channel.MAIL)
    assert [given.target for given in done.handed] == ["snv@mau.example.vn", "stp@mau.example.vn"]
    letter = draft(procedure, "tham-dinh-lan-1-STP")
    assert subject(letter) == (
        "V/v thẩm định kết quả tự chấm điểm (Thẩm định lần đầu) – Sở Tư pháp – Kỳ thử 2026"
    )
    assert list(attached(letter)) == ["tham-dinh-lan-1-STP.xlsx"]
    text = body(letter)
    assert text.startswith("Kính gửi: Sở Tư pháp\n")
    serial = next(g.serials[0] for g in done.handed if g.unit == "STP")
    assert f"- tham-dinh-lan-1-STP.xlsx: Sổ thẩm định lần 1 số {serial}\n" in text
    assert "\n- Thời hạn gửi lại: hết ngày 20/12/2026.\n" in text
    assert "$" not in text


def test_a_letter_without_a_deadline_says_nothing_of_one(procedure: Procedure) -> None:
    issue_for(procedure, RESULT_SHEET, "ket-qua", ("STC", ""))
    issue_for(procedure, SURVEY, "dieu-tra", ("so", "percent"), ("xa", "mean"))
    assert reasons(hand_out(procedure, RESULT_SHEET, Channel.MAIL)) == [("STC", Reason.NO_ADDRESS)]
    hand_out(procedure, SURVEY, Channel.MAIL)
    letter = draft(procedure, "dieu-tra-SNV")
    assert len(attached(letter)) == 2
    assert "hạn gửi" not in body(letter).lower()


@pytest.mark.parametrize("kind", [APPRAISAL, REPLY, COUNCIL, SURVEY, RESULT_SHEET])
def test_every_kind_has_a_letter_of_its_own(kind: str) -> None:
    assert f"release-{kind}" in PLACEHOLDERS


def test_the_last_round_with_books_is_the_one_that_is_meant(procedure: Procedure) -> None:
    with procedure.ledger() as ledger:
        assert latest_round(procedure.workspace, ledger, APPRAISAL) == 1
        ledger.issue(APPRAISAL, [("STP", "", "d2")], procedure.moment, 2, revoking=False)
        assert latest_round(procedure.workspace, ledger, APPRAISAL) == 2
        assert latest_round(procedure.workspace, ledger, REPLY) == 1


# --- the command --------------------------------------------------------------------------------------


def run(procedure: Procedure, *args: str, expected: int = FINE) -> str:
    done = CliRunner().invoke(
        cli, ["--language", "en", "release", "-C", str(procedure.root), *args]
    )
    assert done.exit_code == expected, done.output
    assert "Traceback" not in done.output
    return done.output


def test_the_command_hands_out_what_it_is_asked_for(procedure: Procedure) -> None:
    told = json.loads(run(procedure, "--what", "appraisal", "--json"))
    assert (told["what"], told["round"], len(told["handed"])) == ("appraisal", 1, 2)
    assert "2 left" in run(procedure, "--what", "appraisal", "--round", "1")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--what", "appraisal", "--tier", "so"), "--tier does not apply"),
        (("--what", "appraisal", "--unit", "STC"), "There is no agency “STC”. Known: SNV, STP."),
        (("--what", "replies", "--unit", "SNV"), "There is no unit “SNV”."),
        (("--what", "appraisal", "--round", "3"), "has no round 3"),
    ],
)
def test_a_wrong_choice_is_told(procedure: Procedure, args: tuple[str, ...], said: str) -> None:
    assert said in run(procedure, *args, expected=USAGE)


def test_where_nothing_was_issued_the_command_to_run_is_told(procedure: Procedure) -> None:
    assert "run “xlscore reply export --round 1”" in run(procedure, "--what", "replies")
    told = run(procedure, "--what", "replies", "--unit", "STC", expected=ATTENTION)
    assert "STC: no such form has been issued: run “xlscore reply export --round 1”." in told


def test_a_token_of_another_campaign_is_not_ours(procedure: Procedure) -> None:
    mine = procedure.issued("tham-dinh/lan-1", "STP.xlsx")
    unit = procedure.workspace.campaign.units["STP"]
    with procedure.ledger() as ledger:
        issue = ledger.issues(APPRAISAL)["STP", ""]
    foreign = Token("khac-2026", APPRAISAL, "STP", issue.serial, issue.digest)
    text = sign(foreign, procedure.workspace.keys.ring)
    mine.write_bytes(Press(procedure.workspace).print(Form(unit, "", mine), issue.serial, text))
    assert reasons(hand_out(procedure, units=["STP"])) == [("STP", Reason.ANOTHER_FORM)]


# --- the doctor -----------------------------------------------------------------------------------------


def test_the_doctor_counts_the_books_and_misses_what_is_gone(procedure: Procedure) -> None:
    def level() -> Level:
        (check,) = [check for check in examine(procedure.root) if check.name == "books"]
        return check.level

    assert level() is Level.OK
    procedure.issued("tham-dinh/lan-1", "STP.xlsx").unlink()
    assert level() is Level.WARNING
