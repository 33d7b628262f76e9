"""What is to be written for the units is decided in the transaction that records its cause."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from tests.intake_office import NOW, Office
from xlscore.findings import Status
from xlscore.identity import SCORECARD
from xlscore.ledger import Ledger, Post


def kinds(office: Office) -> list[tuple[str, str, int]]:
    return [(post.kind, post.subject, post.submission) for post in office.posts()]


def test_a_faultless_return_gets_a_receipt_only(office: Office) -> None:
    office.put("STP.xlsx")
    office.collect()
    assert office.posts() == [Post(1, "receipt", "STP", 1, 0, "", 0, "", "waiting")]


def test_a_return_with_errors_gets_a_marked_copy_that_is_a_form_of_its_own(office: Office) -> None:
    office.put("STP.xlsx", "wrong")
    office.collect()
    (kept,) = office.recorded()
    assert kept.status is Status.INVALID
    with office.ledger() as ledger:
        root = ledger.issues(SCORECARD)["STP", ""]
        *_, copy = ledger.every_issue("STP")
        assert [(p.kind, p.subject, p.submission, p.serial) for p in ledger.waiting_posts()] == [
            ("marked", "STP", kept.id, copy.serial),
            ("receipt", "STP", kept.id, 0),
        ]
        assert (copy.copy_of, copy.digest, copy.revoked) == (root.serial, root.digest, "")
        assert copy.serial not in {root.serial, *ledger.revoked()}
        told = [e.kind for e in ledger.events()][-2:]
    assert told == ["arrived", "issued"]


def test_every_refused_version_gets_a_marked_copy_of_the_form_first_issued(office: Office) -> None:
    for content in ("wrong", "unproven"):
        office.put("STP.xlsx", content)
        office.collect()
    with office.ledger() as ledger:
        root = ledger.issues(SCORECARD)["STP", ""]
        copies = [issue for issue in ledger.every_issue("STP") if issue.copy_of]
    assert [copy.copy_of for copy in copies] == [root.serial] * 2
    marked = [post.serial for post in office.posts() if post.kind == "marked"]
    assert marked == [copy.serial for copy in copies]


def test_a_draft_gets_a_receipt_only(office: Office) -> None:
    office.put("nhap.xlsx", "draft")
    office.collect()
    assert kinds(office) == [("receipt", "STP", 1)]


@pytest.mark.parametrize(
    ("setting", "content", "expected"),
    [
        ("never", "wrong", ["receipt"]),
        ("errors", "wrong", ["marked", "receipt"]),
        ("warnings", "wrong", ["marked", "receipt"]),
        ("warnings", "first", ["receipt"]),
    ],
)
def test_the_campaign_says_when_a_marked_copy_is_written(
    office: Office, setting: str, content: str, expected: list[str]
) -> None:
    office.settle_on(intake={"marked_copies": setting})
    office.put("STP.xlsx", content)
    office.collect()
    assert [post.kind for post in office.posts()] == expected


@pytest.mark.parametrize(
    ("setting", "expected"), [("errors", ["receipt"]), ("warnings", ["marked", "receipt"])]
)
def test_a_return_with_warnings_gets_a_marked_copy_unless_only_errors_do(
    office: Office, setting: str, expected: list[str]
) -> None:
    office.settle_on(intake={"marked_copies": setting})
    office.put("STP.xlsx", "doubtful")
    office.collect()
    assert [r.status for r in office.recorded()] == [Status.VALID]
    assert [post.kind for post in office.posts()] == expected


@pytest.mark.parametrize(
    ("name", "subject"),
    [("STP/a.bin", "STP"), ("stp/a.bin", "STP"), ("la/a.bin", ""), ("a.bin", "")],
)
def test_a_file_that_is_no_form_is_answered_in_the_folder_where_it_lies(
    office: Office, name: str, subject: str
) -> None:
    office.put(name, b"no form")
    office.collect()
    assert kinds(office) == [("receipt", subject, 1)]


def test_new_evidence_renews_the_list_of_evidence_once(office: Office) -> None:
    for name in ("a.pdf", "b.pdf"):
        office.put(f"STP/minh-chung/{name}", name.encode())
    office.put("STC/minh-chung/a.pdf", b"a")
    office.collect()
    assert kinds(office) == [("evidence", "STC", 0), ("evidence", "STP", 0)]
    with office.ledger() as ledger, ledger.transaction():
        ledger.written(2, "minh-chung.html", NOW)
    office.put("STP/minh-chung/c.pdf", b"c")
    office.collect()
    assert kinds(office)[2:] == [("evidence", "STP", 0)]


def test_what_is_seen_again_is_not_answered_again(office: Office) -> None:
    office.put("STP.xlsx", "wrong")
    office.collect()
    office.put("lan 2.xlsx", "wrong")
    office.put("STP.xlsx", "wrong")
    office.collect()
    assert [post.kind for post in office.posts()] == ["marked", "receipt"]


@pytest.mark.parametrize("failing", ["post", "issue_copy", "_event"])
def test_a_return_is_recorded_with_everything_it_causes_or_not_at_all(
    office: Office, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    office.collect()
    office.put("STP.xlsx", "wrong")
    with office.ledger() as ledger:
        before = ledger.events()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Ledger, failing, full)
    with pytest.raises(OSError, match="No space"):
        office.collect()
    monkeypatch.undo()
    with office.ledger() as ledger:
        assert (ledger.events(), ledger.posts(), ledger.submissions()) == (before, [], [])
    office.collect()
    assert [post.kind for post in office.posts()] == ["marked", "receipt"]
