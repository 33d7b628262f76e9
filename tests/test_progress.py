"""How far the procedure is: in figures, on the status page, as `status`, `check` and `collect` print it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.appraising_office import ACCEPT, ADDED, ADJUST, QUERY, REPLY, Procedure
from tests.browser import needs_chromium, width_taken
from tests.campaigns import Campaign
from tests.test_docs_examples import examples, shape
from tests.test_pages import Outline
from xlscore.appraising.tally import AgencyProgress, RowState
from xlscore.campaign import SurveyFigure
from xlscore.cli import cli
from xlscore.intake import Availability, Door
from xlscore.pages.status_page import status_html
from xlscore.progress import has_begun, progress
from xlscore.status_report import Seen, status_page
from xlscore.workbooks.appraisal.fill import Answer

BY_STP = {
    ("STC", "n2.1"): Answer(ADJUST, Decimal("0.5"), "Chưa đủ hồ sơ"),
    ("STC", "n2.4"): Answer(QUERY, None, "Bổ sung quyết định"),
    ("AB", "n2.1"): Answer(ACCEPT),
    ("STP", "n2.4"): Answer(ACCEPT),
}
AGAINST = {("STC", "n2.1"): Answer(ADJUST, Decimal(0), "Không có hồ sơ")}


def agencies(procedure: Procedure, round_: int = 1) -> dict[str, AgencyProgress]:
    done = progress(procedure.state())
    return {agency.agency: agency for agency in done.rounds[round_ - 1].agencies}


def states(agency: AgencyProgress) -> dict[str, int]:
    return {state.value: count for state, count in agency.states.items() if count}


def page(procedure: Procedure) -> str:
    with procedure.ledger() as ledger:
        seen = Seen(Door(Availability.AVAILABLE))
        return status_html(status_page(procedure.workspace, ledger, seen, procedure.moment))


def run(procedure: Procedure, *args: str) -> str:
    done = CliRunner().invoke(cli, ["--language", "en", *args, "-C", str(procedure.root)])
    assert "Traceback" not in done.output
    assert done.exit_code in {0, 1}, done.output
    return done.stdout


def run_json(procedure: Procedure, *args: str) -> Any:
    return json.loads(run(procedure, *args, "--json"))


# --- figures ------------------------------------------------------------------------------------------


def test_rows_are_counted_for_the_agency_that_they_are_given_to(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP))
    found = agencies(procedure)
    # Of each of three units: n2.1, n2.2.1, n2.2.2, n2.4 for STP; five of domain 1, n3 and nC for SNV.
    assert {code: agency.rows for code, agency in found.items()} == {"SNV": 21, "STP": 12}
    assert states(found["STP"]) == {"decided": 3, "queried": 1, "open": 8}
    assert states(found["SNV"]) == {"open": 21}
    assert (found["STP"].books, found["SNV"].books) == (1, 0)
    assert (found["STP"].received, found["STP"].late) == (procedure.moment, False)


def test_a_row_on_which_two_agencies_differ_is_no_decided_one(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP), b=procedure.book("SNV", AGAINST))
    assert states(agencies(procedure)["STP"]) == {
        "decided": 2, "queried": 1, "conflict": 1, "open": 8,
    }  # fmt: skip


def test_a_row_that_its_unit_changed_is_reopened(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP))
    form = (procedure.workspace.templates / "so" / "STC.xlsx").read_bytes()
    made = Campaign(procedure.root, procedure.workspace)
    procedure.take(STC=made.filled({("n2.4", "level"): "Mức 3"}, unit="STC", form=form))
    assert states(agencies(procedure)["STP"]) == {"decided": 3, "reopened": 1, "open": 8}


def test_a_book_after_the_deadline_of_its_round_is_late(procedure: Procedure) -> None:
    procedure.moment += timedelta(days=25)
    procedure.take(a=procedure.book("STP", BY_STP))
    assert agencies(procedure)["STP"].late


def test_a_void_book_counts_for_nothing(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP))
    state = procedure.state()
    *rest, book = state.recorded
    without = replace(state, recorded=(*rest, replace(book, voided="nhầm")))
    (first,) = progress(without).rounds
    assert sum(agency.states[RowState.OPEN] for agency in first.agencies) == 33


def test_replies_are_expected_of_units_with_contested_rows(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP))
    (expected,) = progress(procedure.state()).rounds[0].replies
    assert (expected.unit, expected.rows, expected.replied, expected.received) == (
        "STC", 2, 0, None,
    )  # fmt: skip
    procedure.export_replies()
    typed = {("n2.4", REPLY): "Đã bổ sung", ("n2.4", ADDED): "Quyết định số 12"}
    procedure.take(r=procedure.reply("STC", typed))
    (reply,) = progress(procedure.state()).rounds[0].replies
    assert (reply.rows, reply.replied, reply.received) == (2, 1, procedure.moment)


def test_the_second_round_is_about_what_is_open_or_replied_to(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP), b=procedure.book("SNV", {}, rest=True))
    procedure.export_replies()
    procedure.take(r=procedure.reply("STC", {("n2.1", REPLY): "Không nhất trí"}))
    procedure.export(round_=2)
    second = {("STC", "n2.4"): Answer(ACCEPT)}
    procedure.take(c=procedure.book("STP", second, round_=2))
    found = agencies(procedure, 2)
    assert states(found["STP"]) == {"decided": 1, "open": 1}
    assert "SNV" not in found


def test_survey_figures_are_counted_per_tier(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP))
    surveys = progress(procedure.state()).surveys
    assert [(s.tier, s.figures, s.expected) for s in surveys] == [("so", 0, 2), ("xa", 0, 1)]


def test_a_figure_of_a_year_that_the_row_does_not_take_is_not_counted(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP))
    state = procedure.state()
    for year, counted in ((2025, 0), (2026, 1)):
        figures = (SurveyFigure("AB", "n2.3", Decimal(80), year),)
        campaign = replace(state.workspace.campaign, surveys=figures)
        found = progress(replace(state, workspace=replace(state.workspace, campaign=campaign)))
        assert {tier.tier: tier.figures for tier in found.surveys} == {"so": 0, "xa": counted}


# --- the page -----------------------------------------------------------------------------------------


def test_the_page_shows_each_round_and_agency(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP), b=procedure.book("SNV", AGAINST))
    outline = Outline(page(procedure))
    assert "Thẩm định lần đầu" in outline.all("h3")
    assert "2/33 dòng đã thẩm định" in outline.all("p")
    assert "Phản hồi: 0/1 đơn vị, hạn 25/12/2026 23:59. Chưa phản hồi: Sở Tài chính." in (
        outline.all("p")
    )
    (shown,) = [row for row in outline.rows() if row.startswith("STPSở Tư pháp12")]
    received = f"{procedure.moment.astimezone(procedure.workspace.campaign.zone):%d/%m/%Y %H:%M}"
    # Rows, decided, queried, conflicts, none reopened, open, books.
    assert shown == f"STPSở Tư pháp1221181{received}"


def test_before_anything_of_it_arrived_the_page_has_one_line(procedure: Procedure) -> None:
    assert not has_begun(procedure.state().recorded)
    outline = Outline(page(procedure))
    assert "Chưa nhận được sổ thẩm định, phiếu phản hồi hay sổ số liệu điều tra nào." in (
        outline.all("p")
    )


@needs_chromium
@pytest.mark.parametrize("width", [360, 820, 1400])
def test_the_page_fits_a_phone(procedure: Procedure, width: int) -> None:
    procedure.take(a=procedure.book("STP", BY_STP), b=procedure.book("SNV", AGAINST))
    assert width_taken(page(procedure), width) == width


# --- commands -----------------------------------------------------------------------------------------


def test_status_tells_it_as_a_table_and_as_json(procedure: Procedure) -> None:
    assert run_json(procedure, "status")["appraisal"] is None
    procedure.take(a=procedure.book("STP", BY_STP))
    told = run(procedure, "status")
    assert "Thẩm định lần đầu – due 20/12/2026 23:59" in told
    assert "Replies: 0 of 1 units." in told
    assert "outstanding: STC" in told
    assert "Survey figures, Cấp so: 0 of 2." in told
    done = run_json(procedure, "status")["appraisal"]
    assert done["council_rows"] == 0
    assert done["surveys"][0] == {"tier": "so", "figures": 0, "expected": 2}
    (first,) = done["rounds"]
    assert first["agencies"][1] == {
        "agency": "STP", "title": "Sở Tư pháp", "rows": 12, "decided": 3, "queried": 1,
        "conflict": 0, "reopened": 0, "open": 8, "books": 1,
        "received_at": procedure.moment.isoformat(), "late": False,
    }  # fmt: skip
    assert first["replies"] == [
        {"unit": "STC", "name": "Sở Tài chính", "rows": 2, "replied": 0, "received_at": None,
         "late": False}
    ]  # fmt: skip


def test_the_json_of_the_docs_has_the_real_shape(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP))
    (text,) = examples("json.md", "json appraisal")
    real = run_json(procedure, "status")["appraisal"]
    named = shape(json.loads(text))["rounds"][0], shape(real)["rounds"][0]
    assert [set(part) for part in named] == [set(named[0])] * 2
    for part in ("agencies", "replies"):
        assert set(named[0][part][0]) == set(named[1][part][0])
    assert set(json.loads(text)) == set(real)


def test_check_says_which_book_it_is_and_how_many_rows_were_read(
    procedure: Procedure, tmp_path: Path
) -> None:
    path = tmp_path / "so.xlsx"
    wrong = {("STP", "n2.1"): Answer(ADJUST, Decimal(99), "Vượt")}
    path.write_bytes(procedure.book("STP", BY_STP | wrong))
    told = run(procedure, "check", str(path))
    assert "so.xlsx – appraisal book, round 1, STP, 4 rows read: valid" in told
    assert "S012" in told
    (found,) = run_json(procedure, "check", str(path))
    assert (found["kind"], found["round"], found["subject"], found["rows"]) == (
        "appraisal", 1, "STP", 4,
    )  # fmt: skip
    assert (found["unit"], found["totals"], found["scores"]) == (None, None, {})


def test_collect_names_the_books_that_it_took(procedure: Procedure) -> None:
    procedure.put("so.xlsx", procedure.book("STP", BY_STP))
    told = run(procedure, "collect", "--settle", "0")
    assert "so.xlsx (STP) – appraisal book, round 1, 4 rows read: valid" in told
    assert "New: 1 (valid 1" in told


def test_void_tells_what_that_means_for_a_book(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP))
    said = ("--reason", "nhầm", "--by", "Lan")
    told = run(procedure, "void", "4", *said)
    assert "What was said before on its rows, or by others, counts again." in told
    assert "Its rows count" in run(procedure, "void", "4", *said, "--undo")
    assert "KHÔNG ĐƯỢC TÍNH" not in procedure.receipt(4).read_text(encoding="utf-8")
