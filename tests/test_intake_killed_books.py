"""Books are taken in as scorecards are: killed anywhere, the next run finishes, and nothing counts twice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.appraising_office import ACCEPT, ADDED, ADJUST, QUERY, REPLY, Procedure
from tests.intake_office import posix, sha
from tests.test_intake_killed import assert_all_alike, every_death
from xlscore.workbooks.appraisal.fill import Answer

BY_STP = {
    ("STC", "n2.1"): Answer(ADJUST, Decimal("0.5"), "Chưa đủ hồ sơ"),
    ("STC", "n2.4"): Answer(QUERY, None, "Bổ sung quyết định"),
    ("AB", "n2.1"): Answer(ACCEPT),
}


@posix
@pytest.mark.slow
def test_an_appraisal_book_killed_at_any_step_is_recorded_exactly_once(
    procedure: Procedure, tmp_path: Path
) -> None:
    procedure.take()
    book = procedure.book("STP", BY_STP)
    procedure.put("STP/tham dinh.xlsx", book)
    deaths, whole = every_death(procedure, tmp_path)
    assert_all_alike(deaths, whole, at_least=30)
    assert whole["versions"][3:] == [["STP/tham dinh.xlsx", "valid", "STP", 1, sha(book)]]
    assert whole["posts"][-1] == ["receipt", "STP", 4, 0]
    assert whole["kinds"][-1] == "arrived"


@posix
@pytest.mark.slow
def test_a_book_that_is_sent_again_and_a_reply_killed_at_any_step_are_recorded_exactly_once(
    procedure: Procedure, tmp_path: Path
) -> None:
    first = procedure.book("STP", BY_STP)
    procedure.take(a=first)
    procedure.export_replies()
    second = procedure.book("STP", {("STC", "n2.4"): Answer(ACCEPT)})
    reply = procedure.reply("STC", {("n2.4", REPLY): "Đã bổ sung", ("n2.4", ADDED): "QĐ số 12"})
    procedure.put("a.xlsx", second)
    procedure.put("b.xlsx", reply)
    deaths, whole = every_death(procedure, tmp_path)
    assert_all_alike(deaths, whole, at_least=50)
    assert whole["versions"][3:] == [
        ["a.xlsx", "valid", "STP", 1, sha(first)],
        ["a.xlsx", "valid", "STP", 2, sha(second)],
        ["b.xlsx", "valid", "STC", 1, sha(reply)],
    ]
    assert whole["generations"]["a.xlsx"] == 2
