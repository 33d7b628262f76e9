"""What waits in the outbox is written: a receipt for every arrival, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import TypedCells, make_campaign, rubric, typed_over
from tests.intake_office import NOW, Office, codes, posix
from tests.office import fill_with_libreoffice, needs_uno
from xlscore import hookimpl
from xlscore.cardjson import card_from_json
from xlscore.deciding import Said, accept, restore, void
from xlscore.delivering import (
    NOBODYS,
    Delivered,
    deliver,
    marked_name,
    papers,
    receipt_name,
    receipts,
)
from xlscore.findings import Status
from xlscore.identity import SCORECARD
from xlscore.layout import COMPLETE, Slot
from xlscore.ledger import Ledger, Post, Recorded
from xlscore.plugins import build
from xlscore.text import is_safe_name
from xlscore.watching import run_once
from xlscore.workbooks.scorecard.fill import fill
from xlscore.workspace import open_workspace

SAID = Said("đã gọi điện xác nhận", "Lan", NOW)
FULL = OSError(errno.ENOSPC, "No space left on device")


def send(office: Office, now: datetime = NOW) -> Delivered:
    """Write what waits, as a fresh process would."""
    with office.ledger() as ledger:
        return deliver(office.workspace, ledger, now)


def out(office: Office) -> dict[str, bytes]:
    folder = office.workspace.outbox
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def taken(office: Office, **contents: str | bytes) -> Delivered:
    for name, content in contents.items():
        office.put(f"{name}.xlsx", content)
    office.collect()
    return send(office)


class _Facts(HTMLParser):
    """The facts of a receipt, and all of its text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.facts: dict[str, str] = {}
        self.text = ""
        self._tag = self._name = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in {"dt", "dd", "style"}:
            self._tag = tag
            if tag == "dt":
                self._name = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._tag:
            self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag == "style":
            return
        self.text += data
        if self._tag == "dt":
            self._name += data
        elif self._tag == "dd":
            self.facts[self._name] = (self.facts.get(self._name, "") + data).lstrip()


def page(office: Office, number: int) -> _Facts:
    (found,) = [data for name, data in out(office).items() if name.endswith(f"-so-{number}.html")]
    return _Facts(found)


# --- every arrival is answered once -----------------------------------------------------------------

ARRIVALS: list[tuple[str, str | bytes, str, str]] = [
    ("STP.xlsx", "first", "STP/bien-nhan-STP-lan-1-so-1.html", "HỢP LỆ"),
    ("STP.xlsx", "draft", "STP/bien-nhan-STP-lan-1-so-1.html", "BẢN NHÁP"),
    ("STP.xlsx", "wrong", "STP/bien-nhan-STP-lan-1-so-1.html", "BỊ TRẢ LẠI"),
    ("STP.xlsx", b"no workbook", f"{NOBODYS}/bien-nhan-so-1.html", "KHÔNG TIẾP NHẬN"),
    ("STP/STP.xlsx", b"no workbook", "STP/bien-nhan-so-1.html", "KHÔNG TIẾP NHẬN"),
    ("STC/STP.xlsx", "first", "STP/bien-nhan-STP-lan-1-so-1.html", "KHÔNG TIẾP NHẬN"),
    ("la/x.bin", b"?", f"{NOBODYS}/bien-nhan-so-1.html", "KHÔNG TIẾP NHẬN"),
    ("STP/ke-hoach.pdf", b"%PDF", "STP/bien-nhan-so-1.html", "KHÔNG TIẾP NHẬN"),
]


@pytest.mark.parametrize(("name", "content", "receipt", "verdict"), ARRIVALS)
def test_every_arrival_has_one_receipt_where_its_unit_looks(
    office: Office, name: str, content: str | bytes, receipt: str, verdict: str
) -> None:
    office.put(name, content)
    office.collect()
    done = send(office)
    assert (done.failed, done.given_up) == ([], [])
    pages = [path for path in out(office) if path.endswith(".html")]
    assert pages == [receipt]
    assert verdict in page(office, 1).text
    assert page(office, 1).facts["Tệp đã nhận"] == name
    assert all(is_safe_name(Path(path).name) and len(Path(path).name) <= 80 for path in out(office))
    assert send(office).written == []


@posix
def test_a_link_leaves_no_bytes_and_is_answered_all_the_same(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "real.xlsx").write_bytes(office.returns["first"])
    (office.inbox / "STP.xlsx").symlink_to(tmp_path / "real.xlsx")
    office.collect()
    send(office)
    assert list(out(office)) == [f"{NOBODYS}/bien-nhan-so-1.html"]


def test_names_stay_short_whatever_unit_and_role_are_called() -> None:
    long = Recorded(123_456, "x", Status.VALID, "U" * 60, "r" * 60, 12, NOW, "", {}, ())
    for name in (receipt_name(long), marked_name(long)):
        assert len(name) == 80
        assert name.isascii()
        assert name.split(".")[0].endswith("-lan-12-so-123456")
    assert receipt_name(replace(long, id=123_457)) != receipt_name(long)


def test_a_receipt_says_what_counts_when_it_came_and_what_to_do(office: Office) -> None:
    taken(office, STP="second")
    taken(office, STP="wrong")
    first, second = page(office, 1).facts, page(office, 2).facts
    assert first["Bản đang được tính"] == "Bản này (lần 1) đang được tính."
    assert first["Đơn vị"] == "Sở Tư pháp (mã STP)"
    assert (first["Lần nộp"], second["Lần nộp"]) == ("1", "2")
    assert "Đúng hạn" in first["Hạn nộp"]
    counts = "Bản lần 1 đang được tính; bản này chưa thay được bản đó."
    assert second["Bản đang được tính"] == counts
    assert "phieu-can-sua-STP-lan-2-so-2.xlsx" in page(office, 2).text
    recorded = office.recorded()
    assert first["Mã kiểm tra SHA-256"] == recorded[0].sha256
    with office.ledger() as ledger:
        assert page(office, 2).facts["Số trong sổ theo dõi"].startswith("2")
        assert ledger.head()[:16] in page(office, 2).text
    assert first["Tổng điểm tự đánh giá"].endswith("điểm")


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 12, 15, 16, tzinfo=UTC), "Đúng hạn"),
        (datetime(2026, 12, 17, 1, tzinfo=UTC), "Trễ hạn 2 ngày"),
    ],
)
def test_a_receipt_says_whether_it_came_in_time(
    office: Office, moment: datetime, said: str
) -> None:
    with office.watched(start=moment) as watched:
        watched.look()
        office.put("STP.xlsx")
        watched.look(5)
        deliver(office.workspace, watched.ledger, moment)
    assert page(office, 1).facts["Hạn nộp"].endswith(said)


def test_what_may_have_come_in_time_unseen_is_said_to_be_unproven(office: Office) -> None:
    office.put("STP.xlsx")
    with office.watched(start=datetime(2026, 12, 20, tzinfo=UTC)) as watched:
        watched.look()
        deliver(office.workspace, watched.ledger, watched.moment)
    assert "Chưa xác định được thời điểm nộp" in page(office, 1).facts["Hạn nộp"]


def test_what_a_marked_copy_leaves_behind_is_on_the_receipt(office: Office) -> None:
    taken(office, STP=typed_over(office.returns["wrong"], {"Q60": "ghi ngoài biểu"}))
    assert "Nội dung không chép được sang bản đánh dấu" in page(office, 1).text
    assert "ghi ngoài biểu" in page(office, 1).text


def test_evidence_is_listed_for_its_unit_and_renewed_when_a_card_names_it(office: Office) -> None:
    office.put("STP/minh-chung/12-KH-UBND.pdf", b"%PDF")
    office.collect()
    send(office)
    path = "STP/minh-chung-da-nhan.html"
    assert "12-KH-UBND.pdf" in out(office)[path].decode()
    assert "Chưa gắn với tiêu chí nào" in out(office)[path].decode()
    taken(office, STP="first")
    listed = out(office)[path].decode()
    assert "Chưa gắn với tiêu chí nào" not in listed
    assert "STT 1.1" in re.sub(r"<[^>]+>", "", listed)


# --- what goes wrong --------------------------------------------------------------------------------


def test_without_the_outbox_everything_waits_and_goes_out_when_it_is_back(office: Office) -> None:
    office.put("STP.xlsx", "wrong")
    office.put("STC.xlsx", "other")
    office.collect()
    office.workspace.outbox.write_bytes(b"a file where the share should be")
    for _ in range(7):
        done = send(office)
        assert (done.written, len(done.failed), done.given_up) == ([], 1, [])
    assert {(p.state, p.attempts) for p in office.posts()} == {("waiting", 0)}
    office.workspace.outbox.unlink()
    assert len(send(office).written) == 3


def test_one_folder_that_cannot_be_made_stops_nobody_else(office: Office) -> None:
    office.put("STC.xlsx", "other")
    office.put("STP.xlsx")
    office.collect()
    office.workspace.outbox.mkdir()
    (office.workspace.outbox / "STC").write_bytes(b"in the way")
    for _ in range(9):
        done = send(office)
        assert len(done.failed) == 1
    waiting = [p for p in office.posts() if p.state == "waiting"]
    assert [(p.subject, p.attempts, bool(p.error)) for p in waiting] == [("STC", 0, True)]
    assert "STP/bien-nhan-STP-lan-1-so-2.html" in out(office)
    (office.workspace.outbox / "STC").unlink()
    assert [p.name for p in send(office).written] == ["bien-nhan-STC-lan-1-so-1.html"]
    assert {(p.state, p.error) for p in office.posts()} == {("written", "")}


def test_a_full_disk_is_waited_for_and_nothing_half_is_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx", "wrong")
    office.put("STC.xlsx", "other")
    office.collect()

    def full(*_: object) -> None:
        raise FULL

    monkeypatch.setattr("xlscore.durable.write_synced", full)
    for _ in range(7):
        done = send(office)
        assert (done.written, done.given_up) == ([], [])
        assert len(done.failed) == 2  # the first that failed, and how many wait behind it
    assert {p.state for p in office.posts()} == {"waiting"}
    assert out(office) == {}
    monkeypatch.undo()
    assert len(send(office).written) == 3


def test_a_fault_in_one_page_is_tried_five_times_and_stops_nobody_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = receipts.receipt

    def faulty(desk: Any, arrival: Recorded, *more: Any) -> Any:
        if arrival.unit == "STC":
            raise KeyError("n9.9")
        return real(desk, arrival, *more)

    monkeypatch.setattr(papers, "receipt", faulty)
    office.put("STC.xlsx", "other")
    office.put("STP.xlsx")
    office.collect()
    told = [send(office) for _ in range(6)]
    assert [(len(d.failed), len(d.given_up)) for d in told] == [(1, 0)] * 4 + [(0, 1), (0, 0)]
    assert told[4].given_up == ["receipt STC, 1: KeyError: 'n9.9'"]
    states = {(p.subject, p.state, p.attempts) for p in office.posts()}
    assert states == {("STC", "dropped", 5), ("STP", "written", 0)}


def test_an_outage_before_a_fault_does_not_count_as_attempts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(office, STP="first")
    office.put("STC.xlsx", "other")
    office.collect()
    (office.workspace.outbox / "STC").write_bytes(b"in the way")
    for _ in range(10):
        send(office)
    (office.workspace.outbox / "STC").unlink()

    def faulty(*_: Any) -> Any:
        raise KeyError

    monkeypatch.setattr(papers, "receipt", faulty)
    assert send(office).given_up == []
    monkeypatch.undo()
    assert [p.name for p in send(office).written] == ["bien-nhan-STC-lan-1-so-2.html"]


def test_a_marked_copy_that_fails_costs_no_receipt_and_is_named_once_it_is_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any) -> Any:
        raise ValueError("no")

    monkeypatch.setattr(papers, "marked", faulty)
    taken(office, STP="wrong")
    assert list(out(office)) == ["STP/bien-nhan-STP-lan-1-so-1.html"]
    assert "phieu-can-sua" not in page(office, 1).text
    monkeypatch.undo()
    assert len(send(office).written) == 2  # the copy, and the receipt anew
    assert "phieu-can-sua-STP-lan-1-so-1.xlsx" in page(office, 1).text


def test_a_marked_copy_that_is_given_up_costs_no_receipt(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any) -> Any:
        raise ValueError("no")

    monkeypatch.setattr(papers, "marked", faulty)
    taken(office, STP="wrong")
    for _ in range(5):
        send(office)
    assert {(p.kind, p.state) for p in office.posts()} == {
        ("marked", "dropped"),
        ("receipt", "written"),
    }


def test_archived_content_that_cannot_be_read_now_is_waited_for(office: Office) -> None:
    office.put("STP.xlsx", "wrong")
    office.collect()
    (blob,) = office.workspace.archive.glob("??/*.bin")
    blob.rename(blob.with_suffix(".away"))
    assert len(send(office).failed) == 1
    blob.with_suffix(".away").rename(blob)
    send(office)
    assert set(out(office)) == {
        "STP/bien-nhan-STP-lan-1-so-1.html",
        "STP/phieu-can-sua-STP-lan-1-so-1.xlsx",
    }


def test_whoever_asks_to_stop_is_heard_between_two_papers(office: Office) -> None:
    office.put("STP.xlsx", "wrong")
    office.collect()
    answers = iter([False, True])
    with office.ledger() as ledger:
        done = deliver(office.workspace, ledger, NOW, lambda: next(answers))
    assert len(done.written) == 1
    assert len(send(office).written) == 1


# --- killed -----------------------------------------------------------------------------------------


def _killing(patched: Any, name: str, at: int, *, before: bool) -> None:
    """Let this process kill itself at the given call, before or after it is done."""
    real, calls = getattr(patched, name), iter(range(1, 1000))

    def dying(*args: Any, **how: Any) -> Any:
        now = next(calls) == at
        if now and before:
            os.kill(os.getpid(), signal.SIGKILL)
        made = real(*args, **how)
        if now:
            os.kill(os.getpid(), signal.SIGKILL)
        return made

    setattr(patched, name, dying)


@posix
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("what", ["write", "replace", "written"])
def test_killed_anywhere_nothing_is_missing_and_no_work_of_a_unit_is_lost(
    office: Office, what: str, at: int, before: bool
) -> None:
    office.put("STP.xlsx", "wrong")
    office.put("STC.xlsx", "other")
    office.collect()
    places = {
        "write": (papers, "write_whole"),
        "replace": (Path, "replace"),
        "written": (Ledger, "written"),
    }
    child = os.fork()
    if child == 0:  # pragma: no cover
        _killing(*places[what], at, before=before)
        try:
            send(office)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    copy = office.workspace.outbox / "STP" / "phieu-can-sua-STP-lan-1-so-2.xlsx"
    if copy.exists():  # the unit has corrected it in the meantime
        kept = mended(office, copy)
        copy.write_bytes(kept)
    else:
        kept = None
    send(office)
    names = {name for name in out(office) if not Path(name).name.startswith(".")}
    assert names == {
        "STC/bien-nhan-STC-lan-1-so-1.html",
        "STP/bien-nhan-STP-lan-1-so-2.html",
        "STP/phieu-can-sua-STP-lan-1-so-2.xlsx",
    }
    assert {p.state for p in office.posts()} == {"written"}
    if kept is not None:
        assert copy.read_bytes() == kept
    else:
        with office.ledger() as ledger:
            (issued,) = [i for i in ledger.every_issue("STP") if i.copy_of]
        office.put("lai.xlsx", copy.read_bytes())
        office.collect()
        assert office.recorded()[-1].serial == issued.serial
    assert "phieu-can-sua-STP-lan-1-so-2.xlsx" in page(office, 2).text


# --- the circle -------------------------------------------------------------------------------------


def marked_of(office: Office, unit: str = "STP") -> Path:
    (found,) = (office.workspace.outbox / unit).glob("phieu-can-sua-*.xlsx")
    return found


def test_an_untouched_marked_copy_is_a_draft(office: Office) -> None:
    taken(office, STP="wrong")
    office.put("STP.xlsx", marked_of(office).read_bytes())
    office.collect()
    assert office.told() == [("STP.xlsx", "invalid", 1), ("STP.xlsx", "draft", 2)]


def test_a_receipt_that_is_dropped_into_the_inbox_is_answered_and_no_return(office: Office) -> None:
    taken(office, STP="first")
    (receipt,) = out(office).values()
    office.put("STP/bien-nhan-STP-lan-1-so-1.html", receipt)
    office.collect()
    last = office.recorded()[-1]
    assert (last.status, last.unit, last.card) == (Status.REJECTED, "", {})
    send(office)
    assert "STP/bien-nhan-so-2.html" in out(office)
    assert "Bản này (lần 1) đang được tính." in page(office, 1).text


def mended(office: Office, path: Path, role: str = "") -> bytes:
    layout = office.workspace.layout(office.workspace.campaign.units["STP"], role)
    typed: TypedCells = {("n1.1", "points"): Decimal(1), ("", Slot.SUBMIT): COMPLETE}
    return fill(path.read_bytes(), layout, typed)


def test_a_mended_marked_copy_is_the_next_version_and_counts(office: Office) -> None:
    taken(office, STP="wrong")
    copy = marked_of(office)
    office.put("STP/sua lan 2.xlsx", mended(office, copy))
    office.collect()
    send(office)
    assert office.told()[-1] == ("STP/sua lan 2.xlsx", "valid", 2)
    assert page(office, 2).facts["Bản đang được tính"] == "Bản này (lần 2) đang được tính."


def test_a_marked_copy_of_a_revoked_form_is_refused_by_name(office: Office) -> None:
    taken(office, STP="wrong")
    copy = mended(office, marked_of(office))
    with office.ledger() as ledger:
        ledger.issue(SCORECARD, [("STP", "", "another digest")], NOW)
    office.put("STP.xlsx", copy)
    office.collect()
    last = office.recorded()[-1]
    assert (last.status, codes(last.findings)) == (Status.REJECTED, ["revoked"])


def test_a_copy_whose_form_was_revoked_before_it_was_written_is_not_written(office: Office) -> None:
    office.put("STP.xlsx", "wrong")
    office.collect()
    with office.ledger() as ledger:
        ledger.issue(SCORECARD, [("STP", "", "another digest")], NOW)
    send(office)
    assert list(out(office)) == ["STP/bien-nhan-STP-lan-1-so-1.html"]
    assert "phieu-can-sua" not in page(office, 1).text


def test_a_role_card_gets_a_marked_copy_of_its_own(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made.workspace.inbox.mkdir()
    office = Office(tmp_path, {})
    wrong = made.filled({("n1.1", "points"): Decimal(9)}, role="van-phong")
    taken(office, a=wrong)
    copy = marked_of(office)
    assert copy.name == "phieu-can-sua-STP-van-phong-lan-1-so-1.xlsx"
    office.put("b.xlsx", mended(office, copy, "van-phong"))
    office.collect()
    send(office)
    last = office.recorded()[-1]
    assert (last.status, last.role, last.version) == (Status.VALID, "van-phong", 2)
    told = page(office, 2).facts
    assert told["Phần việc"] == "Văn phòng"
    # Of the own rows, and of those that belong to nobody in particular; the whole unit has 30.
    assert told["Tổng điểm tự đánh giá"] == "8 / 14 điểm"
    assert told["Còn chờ phiếu của"] == "Phòng chuyên môn"


def test_units_that_left_the_campaign_stop_nobody(office: Office) -> None:
    office.put("STP.xlsx", "wrong")
    office.collect()
    units = "code,name,tier\nSTC,Sở Tài chính,so\nAB,An Bình,xa\n"
    office.workspace = make_campaign(office.root, units=units).workspace
    done = send(office)
    assert (done.failed, done.given_up) == ([], [])
    assert list(out(office)) == ["STP/bien-nhan-STP-lan-1-so-1.html"]


# --- decisions are told -----------------------------------------------------------------------------


def test_receipts_follow_when_a_return_is_declared_void_and_back(office: Office) -> None:
    taken(office, STP="first")
    taken(office, STP="second")
    with office.ledger() as ledger:
        void(ledger, 2, SAID)
    send(office)
    assert "KHÔNG ĐƯỢC TÍNH" in page(office, 2).text
    assert "đã gọi điện xác nhận (Lan)" in page(office, 2).text
    assert "không phải làm gì thêm" not in page(office, 2).text
    assert page(office, 1).facts["Bản đang được tính"] == "Bản này (lần 1) đang được tính."
    with office.ledger() as ledger:
        restore(ledger, 2, SAID)
    send(office)
    assert "HỢP LỆ" in page(office, 2).text
    replaced = "Bản lần 2 đang được tính, thay cho bản này."
    assert page(office, 1).facts["Bản đang được tính"] == replaced


def test_the_first_receipt_leads_to_that_of_the_new_judgement(office: Office) -> None:
    taken(office, STP="unproven")
    with office.ledger() as ledger:
        accept(office.workspace, ledger, 1, SAID)
    send(office)
    assert "kết quả ở giấy biên nhận số 2" in page(office, 1).text
    assert "Tệp đã nhận trước đây (số 1) được xem xét lại" in page(office, 2).text
    assert page(office, 2).facts["Lần nộp"] == "2 (xét lại lần nộp 1)"


def test_an_unknown_form_of_the_ledger_is_no_reason_to_stop(office: Office) -> None:
    """A ledger that was rebuilt has an empty outbox: nothing is written twice or missed later."""
    taken(office, STP="wrong")
    before = out(office)
    with sqlite3.connect(office.workspace.ledger_path) as connection:
        connection.execute("DELETE FROM outbox")
    assert send(office) == Delivered()
    assert out(office) == before
    taken(office, STP="first")
    assert "STP/bien-nhan-STP-lan-2-so-2.html" in out(office)


# --- with a real spreadsheet program ----------------------------------------------------------------


@needs_uno
@pytest.mark.office
def test_the_whole_circle_with_libreoffice(office: Office, tmp_path: Path) -> None:
    office.put("STP.xlsx", "wrong")
    run_once(office.workspace, settle=0, now=lambda: NOW)
    copy = tmp_path / "phieu-can-sua.xlsx"
    shutil.copy(marked_of(office), copy)
    layout = office.workspace.layout(office.workspace.campaign.units["STP"])
    cells: dict[str, str | float] = {}
    for node, slot, typed in (("n1.1", "points", 1.5), ("", Slot.SUBMIT, COMPLETE)):
        row, column, _ = layout.entries[node, slot]
        cells[layout.address(row, column)] = typed
    back = fill_with_libreoffice(copy, cells, tmp_path / "saved.xlsx")
    office.put("STP/phieu da sua.xlsx", back.read_bytes())
    turn = run_once(office.workspace, settle=0, now=lambda: NOW + timedelta(hours=1))
    assert [(r.status, r.version) for r in turn.collected.recorded] == [(Status.VALID, 2)]
    assert page(office, 2).facts["Bản đang được tính"] == "Bản này (lần 2) đang được tính."
    card = card_from_json(turn.collected.recorded[0].card)
    assert card.scores["n1.1"].points == Decimal("1.5")


# --- what others know better, and what is others' ---------------------------------------------------


def test_a_receipt_never_stays_behind_what_was_decided_while_it_was_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx")
    office.collect()
    real = papers.Papers.write
    decided: list[bool] = []

    def slow(self: papers.Papers, post: Post) -> papers.Paper | None:
        if not decided:
            decided.append(True)
            with office.ledger() as other:
                void(other, 1, SAID)
                deliver(office.workspace, other, NOW)
        return real(self, post)

    monkeypatch.setattr(papers.Papers, "write", slow)
    send(office)
    assert "KHÔNG ĐƯỢC TÍNH" in page(office, 1).text


def test_papers_of_another_campaign_in_the_same_outbox_are_left_alone(
    office: Office, tmp_path: Path
) -> None:
    other = make_campaign(tmp_path / "other", id="khac", folders={"outbox": str(tmp_path / "out")})
    other.workspace.inbox.mkdir()
    theirs = Office(other.root, {"wrong": other.filled({("n1.1", "points"): Decimal(9)})})
    office.settle_on(folders={"outbox": str(tmp_path / "out")})
    taken(office, STP="wrong")
    before = out(office)
    assert len(before) == 2
    taken(theirs, STP="wrong")
    after = out(office)
    assert {name: after[name] for name in before} == before
    assert sorted(after.keys() - before.keys()) == [
        "STP/bien-nhan-STP-lan-1-so-1.2.html",
        "STP/phieu-can-sua-STP-lan-1-so-1.2.xlsx",
    ]
    receipt = after["STP/bien-nhan-STP-lan-1-so-1.2.html"]
    assert "phieu-can-sua-STP-lan-1-so-1.2.xlsx" in _Facts(receipt).text
    with theirs.ledger() as ledger:
        void(ledger, 1, SAID)
        deliver(theirs.workspace, ledger, NOW)
    again = out(office)
    assert again.keys() == after.keys()
    assert "KHÔNG ĐƯỢC TÍNH" in _Facts(again["STP/bien-nhan-STP-lan-1-so-1.2.html"]).text
    assert {name: again[name] for name in before} == before


def test_each_campaign_in_an_outbox_keeps_its_own_list_of_evidence(
    office: Office, tmp_path: Path
) -> None:
    other = make_campaign(tmp_path / "other", id="khac", folders={"outbox": str(tmp_path / "out")})
    other.workspace.inbox.mkdir()
    theirs = Office(other.root, {})
    office.settle_on(folders={"outbox": str(tmp_path / "out")})
    lists = {office: "STP/minh-chung-da-nhan.html", theirs: "STP/minh-chung-da-nhan.2.html"}
    for number in (1, 2):
        for sender in lists:
            sender.put(f"STP/minh-chung/{sender.root.name}-{number}.pdf", b"%PDF")
            sender.collect()
            send(sender)
    for sender, path in lists.items():
        named = re.findall(r"<bdi>([\w-]+\.pdf)</bdi>", out(office)[path].decode())
        assert named == [f"{sender.root.name}-1.pdf", f"{sender.root.name}-2.pdf"]
    assert {path for path in out(office) if "minh-chung" in path} == set(lists.values())


def test_a_list_that_was_written_but_not_noted_is_written_over(office: Office) -> None:
    office.put("STP/minh-chung/a.pdf", b"%PDF")
    office.collect()
    send(office)
    with office.ledger() as ledger:
        ledger._db.execute("UPDATE outbox SET path = '' WHERE kind = 'evidence'")
    office.put("STP/minh-chung/b.pdf", b"%PDF")
    office.collect()
    send(office)
    (path,) = [path for path in out(office) if "minh-chung" in path]
    assert "b.pdf" in out(office)[path].decode()


def test_a_ledger_that_was_put_back_leaves_the_receipts_of_the_lost_one(office: Office) -> None:
    with office.ledger():
        pass
    data = office.workspace.data
    shutil.copytree(data, data.with_name("kept"))
    taken(office, STP="first")
    before = out(office)
    shutil.rmtree(data)
    shutil.copytree(data.with_name("kept"), data)
    office.put("STP.xlsx", "second")
    office.collect()
    send(office)
    after = out(office)
    assert {name: after[name] for name in before} == before
    assert "STP/bien-nhan-STP-lan-1-so-1.2.html" in after


def test_while_a_plugin_fails_a_receipt_promises_nothing(office: Office) -> None:
    class Failing:
        @hookimpl
        def xlscore_decide(self) -> Any:
            raise ZeroDivisionError("x")

    office.workspace = open_workspace(office.root, build((), [Failing()]))
    taken(office, STP="first")
    told = page(office, 1).text
    assert "CHỜ XEM XÉT" in told
    assert "Phiếu đã nhận; cơ quan tổng hợp đang xem xét, sẽ trả lời sau." in told
    for promise in ("HỢP LỆ", "đang được tính", "không phải làm gì thêm"):
        assert promise not in told


def test_what_the_rubric_no_longer_fits_is_told_once_and_again_when_it_fits(
    office: Office,
) -> None:
    office.put("STP.xlsx")
    run_once(office.workspace, settle=0)
    fitting = office.workspace
    changed = rubric()
    changed["nodes"][0]["nodes"][1]["method"]["levels"][0]["label"] = "Đúng hạn"
    office.workspace = make_campaign(office.root, rubrics={"so": changed}).workspace
    assert len(run_once(office.workspace, settle=0).delivered.written) == 1
    told = page(office, 1).text
    assert "BỊ TRẢ LẠI" in told
    assert "bộ tiêu chí cũ" in told
    assert run_once(office.workspace, settle=0).delivered.written == []
    assert len(run_once(fitting, settle=0).delivered.written) == 1
    assert "HỢP LỆ" in page(office, 1).text


@pytest.mark.parametrize("newer", [False, True], ids=["void", "superseded"])
def test_whoever_sends_again_what_does_not_count_hears_it_again(
    office: Office, newer: bool
) -> None:
    taken(office, STP="first")
    if newer:
        taken(office, STP="second")
    else:
        with office.ledger() as ledger:
            void(ledger, 1, SAID)
        send(office)
    done = taken(office, lai="first")
    assert [path.name for path in done.written] == ["bien-nhan-STP-lan-1-so-1.html"]
    assert len(office.recorded()) == 1 + newer
    assert taken(office).written == []
