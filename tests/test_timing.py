"""When a return counts as received, where nobody looked at the moment of the deadline."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.campaigns import make_campaign
from tests.intake_office import NOW, Office
from xlscore.delivering import deliver
from xlscore.findings import Status
from xlscore.intake import Availability, Door
from xlscore.jsonshapes import status_to_json
from xlscore.ledger import Recorded
from xlscore.pages.status_page import Timeliness
from xlscore.proceedings import proceedings
from xlscore.settings import Unproven
from xlscore.standing import Standing, Timing, needs_attention, standings, timing
from xlscore.status_report import Seen, status_page

DEADLINE = datetime(2026, 12, 15, 16, 59, 59, tzinfo=UTC)
BEFORE, AFTER = DEADLINE - timedelta(hours=1), DEADLINE + timedelta(hours=1)
SEEN = DEADLINE + timedelta(days=2)
ON_TIME, LATE = Timing(BEFORE, late=False), Timing(SEEN, late=True)
UNPROVEN = Timing(SEEN, late=True, unproven=True)
ASK, FILE_TIME = Unproven.ASK, Unproven.FILE_TIME


@pytest.mark.parametrize(
    ("policy", "scanned", "written", "expected"),
    [
        *(
            (policy, AFTER, BEFORE, LATE) for policy in Unproven
        ),  # it was not there after the deadline
        *((policy, DEADLINE, BEFORE, LATE) for policy in Unproven),
        *((Unproven.LATE, scanned, BEFORE, LATE) for scanned in (BEFORE, None)),
        *((ASK, scanned, BEFORE, UNPROVEN) for scanned in (BEFORE, None)),
        (ASK, BEFORE, AFTER, UNPROVEN),
        *((FILE_TIME, scanned, BEFORE, ON_TIME) for scanned in (BEFORE, None)),
        (FILE_TIME, BEFORE, DEADLINE, Timing(DEADLINE, late=False)),
        (FILE_TIME, BEFORE, AFTER, LATE),
        (FILE_TIME, BEFORE, None, LATE),
    ],
)
def test_each_policy_says_what_the_facts_allow(
    policy: Unproven, scanned: datetime | None, written: datetime | None, expected: Timing
) -> None:
    assert timing(arrival(SEEN, scanned, written), DEADLINE, policy) == expected


@pytest.mark.parametrize("policy", Unproven)
def test_what_was_seen_in_time_is_in_time_whatever_its_own_time(policy: Unproven) -> None:
    seen = arrival(DEADLINE, None, AFTER)
    assert timing(seen, DEADLINE, policy) == Timing(DEADLINE, late=False)


@pytest.mark.parametrize("policy", Unproven)
def test_what_the_operator_says_of_a_late_return_is_not_asked_again(policy: Unproven) -> None:
    said = arrival(SEEN, None, BEFORE, timed="x (y)")
    assert timing(said, DEADLINE, policy) == LATE


def arrival(
    received: datetime, scanned: datetime | None, written: datetime | None, timed: str = ""
) -> Recorded:
    return Recorded(
        1, "STP.xlsx", Status.VALID, "STP", "", 1, received, "", {}, (),
        file_time=written, scanned=scanned, timed=timed,
    )  # fmt: skip


# --- through real passes ----------------------------------------------------------------------------


def arrived(office: Office, *, looked: datetime, seen: datetime, written: datetime) -> Standing:
    """Let a file come between two passes, and return where its unit stands after the second."""
    with office.watched(start=looked) as watched:
        watched.look()
    path = office.put("STP.xlsx")
    os.utime(path, (written.timestamp(), written.timestamp()))
    with office.watched(start=seen) as watched:
        watched.look()
        deliver(office.workspace, watched.ledger, seen)
    return standings(office.workspace, office.recorded(), seen)["STP"]


@pytest.mark.parametrize(
    ("policy", "looked", "expected"),
    [
        ("ask", BEFORE, (True, True)),
        ("ask", AFTER, (True, False)),
        ("file_time", BEFORE, (False, False)),
        ("file_time", AFTER, (True, False)),
        ("late", BEFORE, (True, False)),
    ],
)
def test_the_policy_shows_wherever_a_return_is_told(
    office: Office, policy: str, looked: datetime, expected: tuple[bool, bool]
) -> None:
    office.settle_on(intake={"unproven": policy})
    found = arrived(office, looked=looked, seen=SEEN, written=BEFORE)
    late, unproven = expected
    assert (found.late, found.unproven, needs_attention(found)) == (late, unproven, unproven)
    (told,) = status_to_json(office.workspace.campaign, [found])["units"]
    assert (told["late"], told["unproven"]) == expected
    assert told["received_at"] == (SEEN if late else BEFORE).isoformat()
    (receipt,) = office.workspace.outbox.glob("STP/*.html")
    words = "Chưa xác định" if unproven else "Trễ hạn 2 ngày" if late else "Đúng hạn"
    assert words in receipt.read_text(encoding="utf-8")
    with office.ledger() as ledger:
        page = status_page(office.workspace, ledger, Seen(Door(Availability.AVAILABLE)), SEEN)
    shown = {unit.code: unit for tier in page.tiers for unit in tier.units}["STP"]
    expected_word = (
        Timeliness.UNPROVEN if unproven else Timeliness.LATE if late else Timeliness.ON_TIME
    )
    assert shown.timeliness is expected_word
    with office.ledger() as ledger:
        rows = proceedings(office.workspace, ledger, SEEN).results.rows
    days = {row.result.unit.code: row.result.days_late for row in rows}
    assert days["STP"] == (2 if late else 0)


def test_a_card_that_is_late_beyond_doubt_settles_what_is_unproven(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made.workspace.inbox.mkdir()
    office = Office(tmp_path, {})
    with office.watched(start=BEFORE) as watched:
        watched.look()
    office.put("a.xlsx", made.filled(role="van-phong"))
    with office.watched(start=AFTER) as watched:
        watched.look()
    unproven = standings(office.workspace, office.recorded(), SEEN)["STP"]
    assert (unproven.late, unproven.unproven) == (True, True)
    office.put("b.xlsx", made.filled(role="chuyen-mon"))
    with office.watched(start=SEEN) as watched:
        watched.look()
    both = standings(office.workspace, office.recorded(), SEEN)["STP"]
    assert (both.state.value, both.late, both.unproven, both.received) == (
        "submitted", True, False, SEEN,
    )  # fmt: skip


# --- plugins decide ---------------------------------------------------------------------------------


def plugin(decide: Any) -> Any:
    from xlscore import hookimpl

    @hookimpl
    def xlscore_decide(previous: Any, incoming: Any) -> Any:
        return decide(previous, incoming)

    return SimpleNamespace(xlscore_decide=xlscore_decide, __name__="chooser")


def with_plugin(office: Office, decide: Any) -> None:
    from xlscore.plugins import build
    from xlscore.workspace import open_workspace

    office.workspace = open_workspace(office.root, build((), [plugin(decide)]))


def both(office: Office) -> Standing:
    for content in ("first", "second"):
        office.put("STP.xlsx", content)
        office.collect(now=lambda: NOW)
    with office.ledger() as ledger:
        deliver(office.workspace, ledger, NOW)
    return standings(office.workspace, office.recorded(), NOW)["STP"]


def test_a_plugin_lets_the_first_return_count_and_its_reason_is_told(office: Office) -> None:
    from xlscore import Choice

    with_plugin(office, lambda previous, _: Choice(previous is None, "chỉ tính bản đầu"))
    found = both(office)
    assert (found.version, found.state.value) == (1, "submitted")
    (told,) = found.findings
    assert (told.code, told.severity.value) == ("X002", "warning")
    assert "Lần nộp 2 hợp lệ nhưng không được tính: chỉ tính bản đầu" in told.params["text"]
    pages = {p.name: p.read_text("utf-8") for p in office.workspace.outbox.glob("STP/*.html")}
    second = pages["bien-nhan-STP-lan-2-so-2.html"]
    assert "không được tính: chỉ tính bản đầu" in second
    assert "Bản lần 1 đang được tính" in second
    assert "không được tính" not in pages["bien-nhan-STP-lan-1-so-1.html"]


def test_a_plugin_that_lets_nothing_count_is_told_as_the_reason(office: Office) -> None:
    from xlscore import Choice

    with_plugin(office, lambda *_: Choice(counts=False))
    found = both(office)
    assert (found.state.value, found.submission) == ("invalid", None)
    assert [f.code for f in found.findings] == ["X002"]
    assert "theo quy tắc của kỳ đánh giá" in found.findings[0].params["text"]


def _raise(*_: Any) -> Any:
    raise ZeroDivisionError("x")


@pytest.mark.parametrize("odd", [_raise, lambda *_: True, lambda *_: "yes"])
def test_a_plugin_that_fails_or_answers_oddly_never_looks_clean(office: Office, odd: Any) -> None:
    with_plugin(office, odd)
    found = both(office)
    assert (found.version, found.state.value) == (2, "invalid")
    assert [f.code for f in found.findings] == ["X001"]
    assert json.dumps(status_to_json(office.workspace.campaign, [found]))
    assert len(list(office.workspace.outbox.glob("STP/*.html"))) == 2


def test_a_plugin_without_an_opinion_leaves_the_latest(office: Office) -> None:
    with_plugin(office, lambda *_: None)
    found = both(office)
    assert (found.version, found.findings) == (2, ())
