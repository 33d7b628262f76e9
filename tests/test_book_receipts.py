"""Receipts of books: what of them was taken over, and what others say to the same rows, told to both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.appraising_office import ACCEPT, ADDED, ADJUST, QUERY, REPLY, Procedure
from tests.campaigns import Campaign
from tests.recorded import NOW
from tests.under_appraisal import UnderAppraisal
from xlscore.deciding import (
    DecisionError,
    Refusal,
    Said,
    accept,
    assign,
    restore,
    set_received,
    void,
)
from xlscore.delivering import receipt_name
from xlscore.delivering.desk import Desk
from xlscore.delivering.late_changes import late_changes
from xlscore.delivering.names import folder_name
from xlscore.findings import Status, finding
from xlscore.identity import APPRAISAL, COUNCIL, SCORECARD, SURVEY
from xlscore.ledger import Recorded, open_ledger
from xlscore.pages.book_receipt import BookReceipt, TakenOver, book_receipt_html
from xlscore.pages.book_words import BOOKS
from xlscore.workbooks.appraisal.fill import Answer
from xlscore.workbooks.scorecard.typed import Typed

BY_STP = {
    ("STC", "n2.1"): Answer(ADJUST, Decimal("0.5"), "Chưa đủ hồ sơ"),
    ("STC", "n2.4"): Answer(QUERY, None, "Bổ sung quyết định"),
    ("AB", "n2.1"): Answer(ACCEPT),
}
WRONG = {("AB", "n2.4"): Answer(ADJUST, Decimal(99), "Vượt")}
AGAINST = {("STC", "n2.1"): Answer(ADJUST, Decimal(0), "Không có hồ sơ")}


def text(path: Path) -> str:
    page = path.read_text(encoding="utf-8")
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    joined = re.sub(r"</?(b|bdi|wbr)>", "", body)
    return " ".join(re.sub(r"<[^>]+>", " ", joined).split())


def told(procedure: Procedure, number: int) -> str:
    return text(procedure.receipt(number))


def said(procedure: Procedure) -> Said:
    return Said("theo biên bản", "Lan", procedure.moment)


def test_the_receipt_of_a_book_says_whose_it_is_and_what_was_taken_over(
    procedure: Procedure,
) -> None:
    (book,) = procedure.take(so=procedure.book("STP", BY_STP))
    receipt = procedure.receipt(book.id)
    assert receipt.relative_to(procedure.workspace.outbox).as_posix() == (
        "STP/bien-nhan-tham-dinh-1-STP-lan-1-so-4.html"
    )
    page = text(receipt)
    for words in (
        "Sổ thẩm định – Thẩm định lần đầu – Kỳ thử 2026",
        "ĐÃ GHI NHẬN Đã ghi nhận 3 dòng: 1 công nhận, 1 điều chỉnh, 1 yêu cầu giải trình.",
        "Cơ quan thẩm định Sở Tư pháp (mã STP)",
        "20/12/2026 23:59:59 – Đúng hạn",
        "Không phải làm gì thêm.",
        "Không có lỗi, cảnh báo hoặc ghi chú nào.",
    ):
        assert words in page
    for foreign in ("Phiếu tự chấm điểm", "phiếu tự chấm điểm", "bản đánh dấu", "Đối chiếu"):
        assert foreign not in page
    assert not list(procedure.workspace.outbox.rglob("phieu-can-sua*"))


def test_rows_with_errors_are_told_and_the_others_stay(procedure: Procedure) -> None:
    (book,) = procedure.take(so=procedure.book("STP", BY_STP | WRONG))
    page = told(procedure, book.id)
    assert "GHI NHẬN MỘT PHẦN Đã ghi nhận 3 dòng" in page
    assert "; 1 dòng có lỗi không được ghi nhận." in page
    assert "Mở chính tệp đã gửi, sửa các dòng có lỗi" in page
    assert "Các dòng đã ghi nhận vẫn giữ nguyên." in page
    assert "S012" in page


def test_a_draft_takes_nothing_and_says_how_to_finish(procedure: Procedure) -> None:
    (book,) = procedure.take(so=procedure.book("STP", BY_STP, state="Bản nháp"))
    assert book.status is Status.DRAFT
    page = told(procedure, book.id)
    assert "BẢN NHÁP Sổ thẩm định chưa được đánh dấu hoàn thành" in page
    assert "Chọn “ĐÃ HOÀN THÀNH”" in page
    assert "Đã ghi nhận" not in page


def test_both_sides_hear_of_a_conflict_and_of_its_end(procedure: Procedure) -> None:
    (first,) = procedure.take(a=procedure.book("STP", BY_STP))
    assert "A001" not in told(procedure, first.id)
    (second,) = procedure.take(b=procedure.book("SNV", AGAINST))
    for number in (first.id, second.id):
        page = told(procedure, number)
        assert "A001" in page
        assert "a.xlsx" in page
        assert "b.xlsx" in page
        assert "Trao đổi với cơ quan được nêu tên dưới đây" in page
    agreed = {("STC", "n2.1"): Answer(ADJUST, Decimal("0.5"), "Thống nhất")}
    (third,) = procedure.take(b=procedure.book("SNV", agreed))
    for number in (first.id, second.id, third.id):
        assert "A001" not in told(procedure, number)
    assert "1 dòng nay được tính theo lần gửi sau." in told(procedure, second.id)


def test_nothing_is_written_again_while_nothing_has_changed(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP), b=procedure.book("SNV", AGAINST))
    with procedure.ledger() as ledger:
        posts = len(ledger.posts())
    assert procedure.send().written == []
    with procedure.ledger() as ledger:
        assert len(ledger.posts()) == posts


def test_rows_that_a_newer_version_reopens_are_told_to_their_agency(
    procedure: Procedure, appraised_once: Path
) -> None:
    (book,) = procedure.take(a=procedure.book("STP", BY_STP))
    made = Campaign(procedure.root, procedure.workspace)
    form = (procedure.workspace.templates / "so" / "STC.xlsx").read_bytes()
    changed = made.filled({("n2.4", "level"): "Mức 3"}, unit="STC", form=form)
    (card,) = procedure.take(STC=changed)
    assert card.status is Status.VALID
    page = told(procedure, book.id)
    assert "A002" in page
    assert "Thẩm định lại các dòng mà đơn vị đã đổi số liệu" in page


ACCEPTED = {("STC", node): Answer(ACCEPT) for node in ("n2.1", "n2.4")}


def resent(procedure: Procedure, changes: Mapping[tuple[str, str], Typed | None]) -> int:
    """Have STC send its scorecard once more, and return the number of the arrival."""
    made = Campaign(procedure.root, procedure.workspace)
    form = (procedure.workspace.templates / "so" / "STC.xlsx").read_bytes()
    (card,) = procedure.take(STC=made.filled(changes, unit="STC", form=form))
    assert (card.unit, card.status) == ("STC", Status.VALID)
    return card.id


def test_a_newer_scorecard_is_told_which_appraised_rows_it_reopens(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", ACCEPTED))
    first = next(r.id for r in procedure.recorded() if r.unit == "STC" and r.kind == SCORECARD)
    assert "Thẩm định Số liệu" not in told(procedure, first)
    # Row 1.1 changes too, but nobody had appraised it.
    number = resent(procedure, {("n2.4", "level"): "Mức 3", ("n1.1", "points"): Decimal("0.5")})
    sentence = (
        "Thẩm định Số liệu đã đổi ở 1 nội dung đã thẩm định (STT 2.4): các nội dung này được"
        " thẩm định lại; kết quả thẩm định của các nội dung khác giữ nguyên."
    )
    assert sentence in told(procedure, number)
    assert "Thẩm định Số liệu" not in told(procedure, first)
    # What is appraised later changes nothing of what this version did.
    procedure.export(2)
    procedure.take(b=procedure.book("STP", {("STC", "n2.4"): Answer(ACCEPT)}, 2))
    assert procedure.state().appraisals["STC"].rows["n2.4"].open is None
    with procedure.ledger() as ledger:
        ledger.renew_receipts([r for r in procedure.recorded() if r.id == number], procedure.moment)
    procedure.send()
    assert sentence in told(procedure, number)


def test_a_newer_scorecard_that_changes_every_appraised_row_leaves_no_result(
    procedure: Procedure,
) -> None:
    procedure.take(a=procedure.book("STP", {("STC", "n2.4"): Answer(ACCEPT)}))
    page = told(procedure, resent(procedure, {("n2.4", "level"): "Mức 3"}))
    assert "1 nội dung đã thẩm định (STT 2.4): các nội dung này được thẩm định lại. " in page
    assert "giữ nguyên" not in page.split("Thẩm định Số liệu")[1].split("Tổng điểm")[0]


def test_a_newer_scorecard_that_changes_nothing_appraised_is_told_so(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", ACCEPTED))
    page = told(procedure, resent(procedure, {("n1.1", "points"): Decimal("0.5")}))
    assert (
        "Thẩm định Số liệu của các nội dung đã thẩm định không đổi; kết quả thẩm định giữ nguyên."
        in page
    )


def test_a_version_that_another_has_replaced_says_nothing_of_appraisal(
    procedure: Procedure,
) -> None:
    procedure.take(a=procedure.book("STP", ACCEPTED))
    second = resent(procedure, {("n2.4", "level"): "Mức 3"})
    resent(procedure, {("n2.4", "level"): "Mức 4"})
    with procedure.ledger() as ledger:
        ledger.renew_receipts([r for r in procedure.recorded() if r.id == second], procedure.moment)
    procedure.send()
    page = told(procedure, second)
    assert "Bản lần 3 đang được tính, thay cho bản này." in page
    assert "Thẩm định Số liệu" not in page


def test_the_card_of_a_role_is_told_only_of_its_own_rows(tmp_path: Path) -> None:
    office = UnderAppraisal(tmp_path / "campaign")
    unit = office.workspace.campaign.units["STP"]

    def send(role: str, version: int, changes: Mapping[tuple[str, str], Typed | None]) -> Recorded:
        data = office.campaign.filled(changes, role=role)
        (card,) = office.send(f"{role} {version}.xlsx", data).recorded
        assert (card.role, card.status) == (role, Status.VALID)
        return card

    send("van-phong", 1, {})
    send("chuyen-mon", 1, {})
    office.say(office.word("n1.2"), office.word("n2.4"), office.word("n2.1"))
    cards = [
        send("van-phong", 2, {("n1.2", "level"): "Chậm"}),
        send("chuyen-mon", 2, {("n2.4", "level"): "Mức 3"}),
    ]
    with open_ledger(office.workspace.ledger_path) as ledger:
        desk = Desk(office.workspace, ledger, NOW)
        said_ = [late_changes(desk, card, unit) for card in cards]
    assert ["(STT 1.2)" in said_[0], "2.4" in said_[0]] == [True, False]
    assert ["(STT 2.4)" in said_[1], "1.2" in said_[1]] == [True, False]


def test_a_newer_scorecard_before_any_appraisal_is_told_nothing_of_it(
    procedure: Procedure,
) -> None:
    procedure.take(a=procedure.book("STP", {("AB", "n2.1"): Answer(ACCEPT)}))
    page = told(procedure, resent(procedure, {("n2.4", "level"): "Mức 3"}))
    assert "HỢP LỆ" in page
    assert "thẩm định" not in page.lower()


def test_a_bonus_that_was_appraised_and_is_now_blank_is_not_said_to_be_looked_at_again(
    procedure: Procedure,
) -> None:
    rows = {("STC", node): Answer(ACCEPT) for node in ("n2.1", "n2.4", "nC")}
    procedure.take(a=procedure.book("SNV", rows))
    number = resent(procedure, {("nC", "points"): None, ("n2.4", "level"): "Mức 3"})
    assert (
        "Số liệu đã đổi ở 1 nội dung đã thẩm định (STT 2.4): các nội dung này được thẩm định lại;"
        " kết quả thẩm định trước đây không còn được tính ở 1 nội dung nay bỏ trống (STT C);"
        " kết quả thẩm định của các nội dung khác giữ nguyên."
    ) in told(procedure, number)


def test_a_void_book_no_longer_counts_and_both_receipts_say_so(procedure: Procedure) -> None:
    (first,) = procedure.take(a=procedure.book("STP", BY_STP))
    (second,) = procedure.take(b=procedure.book("SNV", AGAINST))
    with procedure.ledger() as ledger:
        void(ledger, second.id, said(procedure))
    procedure.send()
    page = told(procedure, second.id)
    assert "KHÔNG ĐƯỢC TÍNH Sổ thẩm định không được tính theo quyết định" in page
    assert "theo biên bản (Lan)" in page
    assert "A001" not in told(procedure, first.id)
    assert procedure.state().appraisals["STC"].rows["n2.1"].decided is not None
    with procedure.ledger() as ledger:
        restore(ledger, second.id, said(procedure))
    procedure.send()
    assert "A001" in told(procedure, first.id)
    assert "KHÔNG ĐƯỢC TÍNH" not in told(procedure, second.id)


def test_the_time_of_a_book_can_be_set(procedure: Procedure) -> None:
    procedure.moment += timedelta(days=40)
    (book,) = procedure.take(a=procedure.book("STP", BY_STP))
    assert "Chưa xác định được thời điểm nộp" in told(procedure, book.id)
    with procedure.ledger() as ledger:
        set_received(ledger, book.id, procedure.moment - timedelta(days=30), said(procedure))
    procedure.send()
    page = told(procedure, book.id)
    assert "20/12/2026 23:59:59 – Đúng hạn" in page
    assert "Thời điểm nhận được ghi theo quyết định" in page


def test_a_book_is_neither_accepted_nor_assigned(procedure: Procedure) -> None:
    (book,) = procedure.take(a=procedure.book("STP", BY_STP, state="Bản nháp"))
    by, at = said(procedure), procedure.workspace
    with procedure.ledger() as ledger:
        with pytest.raises(DecisionError) as refused:
            accept(at, ledger, book.id, by)
        assert refused.value.refusal is Refusal.IS_BOOK
        with pytest.raises(DecisionError) as refused:
            assign(at, ledger, book.id, "STP", "", by)
        assert refused.value.refusal is Refusal.IS_BOOK


def test_a_decision_about_a_reply_leaves_the_scorecards_receipt_alone(procedure: Procedure) -> None:
    procedure.take(a=procedure.book("STP", BY_STP))
    procedure.export_replies()
    typed = {("n2.4", REPLY): "Đã bổ sung", ("n2.4", ADDED): "Quyết định số 12"}
    (reply,) = procedure.take(r=procedure.reply("STC", typed))
    page = told(procedure, reply.id)
    assert "Phiếu phản hồi kết quả thẩm định – Thẩm định lần đầu" in page
    assert "ĐÃ GHI NHẬN Đã ghi nhận 1 dòng." in page
    assert "25/12/2026 23:59:59 – Đúng hạn" in page
    with procedure.ledger() as ledger:
        void(ledger, reply.id, said(procedure))
        waiting = [post.submission for post in ledger.waiting_posts()]
    assert waiting == [reply.id]
    assert procedure.state().replies == {}


def test_what_is_nobodys_own_goes_to_the_coordinator(procedure: Procedure) -> None:
    campaign = procedure.workspace.campaign
    (book,) = procedure.take(a=procedure.book("STP", BY_STP))
    survey = replace(book, kind=SURVEY, unit="so", role="percent")
    council = replace(book, kind=COUNCIL, unit="SNV")
    assert folder_name(campaign, survey, "so") == "SNV"
    assert folder_name(campaign, council, "SNV") == "SNV"
    assert folder_name(campaign, book, "STP") == "STP"
    names = [receipt_name(one) for one in (book, replace(book, round=2), survey, council)]
    assert names == [
        "bien-nhan-tham-dinh-1-STP-lan-1-so-4.html",
        "bien-nhan-tham-dinh-2-STP-lan-1-so-4.html",
        "bien-nhan-dieu-tra-so-percent-lan-1-so-4.html",
        "bien-nhan-hoi-dong-SNV-lan-1-so-4.html",
    ]


def test_a_unit_that_left_is_told_of_as_not_taking_effect(procedure: Procedure) -> None:
    (book,) = procedure.take(a=procedure.book("STP", BY_STP))
    cards = {r.unit: r for r in procedure.recorded()}
    with procedure.ledger() as ledger:
        void(ledger, cards["AB"].id, said(procedure))
        ledger.renew_receipts([book], procedure.moment)
    procedure.send()
    assert "1 dòng của đơn vị hiện không có phiếu được tính" in told(procedure, book.id)


@pytest.mark.parametrize("kind", BOOKS)
@pytest.mark.parametrize("status", Status)
def test_no_receipt_of_a_book_speaks_of_scorecards(
    procedure: Procedure, kind: str, status: Status, tmp_path: Path
) -> None:
    campaign = procedure.workspace.campaign
    receipt = BookReceipt(
        campaign.settings.authority, "Kỳ thử", procedure.moment, kind, status, "a.xlsx",
        procedure.moment, "0" * 64, "SNV", "Sở Nội vụ", taken=TakenOver(rows=4, accepted=4),
    )  # fmt: skip
    page = tmp_path / "r.html"
    page.write_text(book_receipt_html(receipt), encoding="utf-8")
    words = text(page)
    assert BOOKS[kind].title in words
    assert "tự chấm điểm" not in words
    assert "  " not in words
    assert ("Đã ghi nhận 4" in words) == (status is Status.VALID)
    shares = "công nhận" in words
    assert shares == (status is Status.VALID and kind in {APPRAISAL, COUNCIL})


def test_a_book_that_leaves_rows_open_is_not_said_to_be_finished(
    procedure: Procedure, tmp_path: Path
) -> None:
    campaign = procedure.workspace.campaign
    left = finding("rest-leaves-open", params={"count": "4", "open": "2"})
    receipt = BookReceipt(
        campaign.settings.authority, "Kỳ thử", procedure.moment, APPRAISAL, Status.VALID, "a.xlsx",
        procedure.moment, "0" * 64, "SNV", "Sở Nội vụ", taken=TakenOver(rows=4, accepted=4),
    )  # fmt: skip
    page = tmp_path / "r.html"
    for findings, finished in (((), True), ((left,), False)):
        shown = replace(receipt, findings=findings)
        page.write_text(book_receipt_html(shown), encoding="utf-8")
        assert ("Không phải làm gì thêm." in text(page)) == finished
        assert ("Nhập điểm cho các dòng còn để ngỏ (nêu ở ghi chú)" in text(page)) != finished


def test_a_book_without_a_word_says_so(procedure: Procedure) -> None:
    (book,) = procedure.take(a=procedure.book("STP", {}))
    assert "CHƯA CÓ NỘI DUNG Không có dòng nào được nhập" in told(procedure, book.id)
