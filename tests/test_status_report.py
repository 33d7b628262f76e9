"""The status page is made from what ledger and scan know, and written to where people look."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.campaigns import make_campaign
from tests.intake_office import NOW, Office
from xlscore.findings import finding
from xlscore.intake import Availability, Door
from xlscore.pages.status_page import InboxState, Runner, StatusPage, UnitState
from xlscore.status_report import STATUS_PAGE, Seen, status_page, write_page
from xlscore.watching import run_once

OPEN = Door(Availability.AVAILABLE)
UNITS = """code,name,tier
A,Sở A,so
B,Sở B,so
C,Sở C,so
D,Sở D,so
E,Sở E,so
AB,Xã An Bình,xa
"""


@pytest.fixture
def whole(tmp_path: Path) -> Office:
    """A campaign with a unit in every state."""
    made = make_campaign(tmp_path, units=UNITS)
    made.workspace.inbox.mkdir()
    office = Office(tmp_path, {})
    returns = {
        "A": made.filled(unit="A"),
        "B": made.filled({("", "@submit"): None}, unit="B"),
        "C": made.filled({("n1.1", "points"): Decimal(9)}, unit="C"),
        "D": made.filled(unit="D", role="van-phong"),
    }
    for unit, data in returns.items():
        office.put(f"{unit}.xlsx", data)
    office.put("la.xlsx", b"no workbook")
    office.put("A/minh-chung/12-KH-UBND.pdf", b"%PDF")
    office.put("A/minh-chung/x.pdf", b"%PDF-x")
    office.collect(now=lambda: NOW)
    office.put("A.xlsx", made.filled({("n1.1", "points"): Decimal(9)}, unit="A"))
    office.collect(now=lambda: NOW)
    return office


def made_page(office: Office, seen: Seen, now: datetime = NOW) -> StatusPage:
    with office.ledger() as ledger:
        return status_page(office.workspace, ledger, seen, now)


def test_every_state_is_on_the_page(whole: Office) -> None:
    page = made_page(whole, Seen(OPEN, [finding("still-being-copied", file="Z.xlsx")], NOW))
    units = {unit.code: unit for tier in page.tiers for unit in tier.units}
    assert {code: unit.state for code, unit in units.items()} == {
        "A": UnitState.SUBMITTED,
        "B": UnitState.DRAFT,
        "C": UnitState.INVALID,
        "D": UnitState.PARTIAL,
        "E": UnitState.MISSING,
        "AB": UnitState.MISSING,
    }
    assert (units["A"].newer_invalid, units["A"].version, units["A"].evidence) == (True, 1, 2)
    assert units["C"].errors == 1  # the value; that the return is refused for it is no further one
    assert [stray.name for stray in page.strays] == ["la.xlsx"]
    assert [waiting.name for waiting in page.waiting] == ["Z.xlsx"]
    assert (page.evidence.files, page.evidence.units, page.evidence.unnamed) == (2, 1, 1)
    assert page.last_scan == NOW


def test_each_tier_has_its_own_deadline(tmp_path: Path) -> None:
    tiers = {
        tier: {"title": tier, "rubric": f"rubrics/{tier}.yaml", "deadline": day}
        for tier, day in (("so", "2026-12-15"), ("xa", "2026-11-30"))
    }
    made = make_campaign(tmp_path)
    text = (tmp_path / "campaign.yaml").read_text("utf-8")
    (tmp_path / "campaign.yaml").write_text(
        json.dumps(json.loads(text) | {"tiers": tiers}), "utf-8"
    )
    made = made.reopened()
    made.workspace.inbox.mkdir()
    office = Office(tmp_path, {})
    page = made_page(office, Seen(OPEN))
    assert {tier.title: f"{tier.deadline:%d/%m %H:%M}" for tier in page.tiers} == {
        "so": "15/12 23:59",
        "xa": "30/11 23:59",
    }


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (Availability.AVAILABLE, InboxState.AVAILABLE),
        (Availability.DISK_FULL, InboxState.PAUSED),
        (Availability.UNAVAILABLE, InboxState.UNAVAILABLE),
        (Availability.OTHER_HOST, InboxState.UNAVAILABLE),
    ],
)
def test_the_state_of_the_inbox_is_told_with_its_reason(
    office: Office, state: Availability, shown: InboxState
) -> None:
    page = made_page(office, Seen(Door(state, ("lý do", "why"))))
    assert (page.inbox, page.inbox_note) == (shown, "lý do")


def test_who_runs_the_intake_is_told_and_the_page_renews_itself(office: Office) -> None:
    page = made_page(office, Seen(OPEN, runner=Runner("PC-01", "lan", NOW), watched=True))
    assert page.runner is not None
    assert (page.runner.host, page.refreshes) == ("PC-01", True)


def test_the_page_goes_into_the_further_folder_too(office: Office, tmp_path: Path) -> None:
    further = tmp_path / "share" / "tinh hinh"
    office.settle_on(folders={"status": str(further)})
    office.put("STP.xlsx")
    turn = run_once(office.workspace, settle=0, now=lambda: NOW)
    assert turn.troubles == []
    pages = [office.workspace.reports / STATUS_PAGE, further / STATUS_PAGE]
    first, second = (page.read_text("utf-8") for page in pages)
    assert first == second
    assert "Sở Tư pháp" in re.sub(r"<[^>]+>", "", first)


@pytest.mark.parametrize("blocked", ["reports", "share"])
def test_a_folder_that_cannot_be_written_is_told_and_the_other_is_written(
    office: Office, tmp_path: Path, blocked: str
) -> None:
    office.settle_on(
        folders={"status": str(tmp_path / "share"), "reports": str(tmp_path / "reports")}
    )
    (tmp_path / blocked).write_bytes(b"in the way")
    turn = run_once(office.workspace, settle=0, now=lambda: NOW)
    assert len(turn.troubles) == 1
    assert str(tmp_path / blocked) in turn.troubles[0]
    other = {"reports": "share", "share": "reports"}[blocked]
    assert (tmp_path / other / STATUS_PAGE).exists()


def test_writing_tells_where(office: Office) -> None:
    with office.ledger() as ledger:
        page = status_page(office.workspace, ledger, Seen(OPEN), NOW + timedelta(days=1))
    (path,) = write_page(office.workspace, page, OPEN)
    assert path == office.workspace.reports / STATUS_PAGE
    assert "02/12/2026" in path.read_text("utf-8")
