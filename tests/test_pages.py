from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.browser import evaluate, needs_chromium, print_pdf, width_taken
from xlscore.findings import Finding, Status, finding, message
from xlscore.pages import (
    EvidenceCounts,
    EvidenceFile,
    EvidenceList,
    EvidenceRow,
    InboxState,
    Receipt,
    Runner,
    StatusPage,
    StrayFile,
    TierStatus,
    Timeliness,
    UnitState,
    UnitStatus,
    WaitingFile,
    evidence_html,
    receipt_html,
    status_html,
)
from xlscore.pages.remarks import remark_groups
from xlscore.pages.wording import count, file_size, points
from xlscore.settings import Authority
from xlscore.standing import State
from xlscore.text import showable

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DEADLINE = datetime(2026, 12, 15, 23, 59, 59, tzinfo=ZONE)
SENT = datetime(2026, 12, 15, 16, 42, 7, tzinfo=ZONE)
AUTHORITY = Authority(name="ỦY BAN NHÂN DÂN TỈNH VĨNH LONG", place="Vĩnh Long")
TITLE = "Chỉ số cải cách hành chính năm 2026"
SHA = "9f2c4b7d81e0a5c3f6d2b19487aa03cd55e17f60b2c94d8e3a7105bc6df82e41"
SHEET = "Phiếu chấm điểm"
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\n\u202egnp.xslx " + "W" * 200 + "😀"
)
VOID = {"meta", "col", "wbr", "input"}

RECEIPT = Receipt(
    AUTHORITY,
    TITLE,
    written=SENT + timedelta(seconds=4),
    status=Status.VALID,
    file="Phieu SNV.xlsx",
    received=SENT,
    sha256=SHA,
    unit_code="SNV",
    unit_name="Sở Nội vụ",
    deadline=DEADLINE,
    version=2,
    counting_version=2,
    points=Decimal("61.255"),
    maximum=Decimal(66),
    entry=1284,
    chain_head="4be1d09a77c2f35816ab00cd",
    drop_folder="SNV",
)
FINDINGS = (
    finding("missing-entry", sheet=SHEET, cell="F19", row="1.2.1", params={"what": "Mức đạt"}),
    finding("total-differs", sheet=SHEET, cell="F9", entered="61.5", params={"computed": "60.75"}),
    finding("ambiguous-thousands", sheet=SHEET, cell="E52", row="3.1.2", entered="1.000"),
    finding("missing-entry", sheet=SHEET, cell="F31", row="2.1", params={"what": "Mức đạt"}),
    finding("return-refused", params={"errors": "3"}, file="Phieu SNV.xlsx"),
)
INVALID = replace(
    RECEIPT, status=Status.INVALID, version=3, findings=FINDINGS, marked_copy="SNV-lan-3.xlsx"
)
EVIDENCE = EvidenceList(
    AUTHORITY,
    TITLE,
    SENT,
    "SNV",
    "Sở Nội vụ",
    (
        EvidenceFile("QĐ 1877.pdf", 1_572_864, SENT, SHA, (EvidenceRow("1.1.2", "Kế hoạch"),)),
        EvidenceFile("bao-cao.docx", 512, SENT, SHA[20:]),
    ),
)
UNITS = (
    UnitStatus("A", "Sở A", UnitState.SUBMITTED, 2, SENT, warnings=1, evidence=7),
    UnitStatus("B", "Sở B", UnitState.SUBMITTED, 1, SENT, Timeliness.LATE, days_late=2),
    UnitStatus("C", "Sở C", UnitState.MISSING),
    UnitStatus("D", "Sở D", UnitState.SUBMITTED, 1, SENT, Timeliness.UNPROVEN),
    UnitStatus("E", "Sở E", UnitState.SUBMITTED, 1, SENT, newer_invalid=True, errors=1),
    UnitStatus("F", "Sở F", UnitState.DRAFT, 1, SENT, messages=("Còn 14 nội dung.",)),
    UnitStatus("G", "Sở G", UnitState.INVALID, 1, SENT, errors=2, warnings=3),
    UnitStatus("H", "Sở H", UnitState.PARTIAL, 1, SENT),
)
PAGE = StatusPage(
    AUTHORITY,
    TITLE,
    DEADLINE + timedelta(hours=30),
    (TierStatus("Các sở", DEADLINE, UNITS), TierStatus("Các xã", DEADLINE, UNITS[:1])),
    last_scan=DEADLINE + timedelta(hours=29),
    runner=Runner("MAY-01", "thanh", SENT),
    strays=(StrayFile("la.xls", SENT, "Tệp Excel cũ."),),
    waiting=(WaitingFile("STC/Phieu.xlsx", "Tệp đang mở trong Excel.", SENT),),
    evidence=EvidenceCounts(1043, 2_400_000, 61, 12),
)


class Outline(HTMLParser):
    """A page's tags in order with their attributes, and the text of each element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self._open.append((tag, []))

    def handle_data(self, data: str) -> None:
        for _tag, texts in self._open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        opened, texts = self._open.pop()
        assert opened == tag
        self.texts.append((tag, "".join(texts)))

    def all(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]

    def rows(self) -> list[str]:
        return [" | ".join(text.split("\n")) for text in self.all("tr")]

    @property
    def facts(self) -> dict[str, str]:
        return dict(zip(self.all("dt"), self.all("dd"), strict=True))


def verdict(receipt: Receipt) -> str:
    return " ".join(Outline(receipt_html(receipt)).all("section")[0].split())


def steps(receipt: Receipt) -> list[str]:
    return Outline(receipt_html(receipt)).all("li")


def unit_rows(page: StatusPage) -> list[str]:
    return [row for row in Outline(status_html(page)).rows() if row.startswith(tuple("ABCDEFGH"))]


# --- the receipt ------------------------------------------------------------------------------------


def test_a_receipt_says_what_was_received_when_and_as_what() -> None:
    page = Outline(receipt_html(RECEIPT))
    assert page.facts == {
        "Đơn vị": "Sở Nội vụ (mã SNV)",
        "Tệp đã nhận": "Phieu SNV.xlsx",
        "Nhận lúc": "15/12/2026 16:42:07",
        "Hạn nộp": "15/12/2026 23:59:59 – Đúng hạn",
        "Lần nộp": "2",
        "Bản đang được tính": "Bản này (lần 2) đang được tính.",
        "Tổng điểm tự đánh giá": "61,26 / 66 điểm",
        "Mã kiểm tra SHA-256": SHA,
        "Số trong sổ theo dõi": "1284Đầu chuỗi sổ theo dõi: 4be1d09a77c2f358",
    }
    assert SHA[:12] in page.all("b")
    assert "Vĩnh Long, ngày 15 tháng 12 năm 2026" in page.all("p")
    assert AUTHORITY.name in page.all("p")
    assert "Độc lập - Tự do - Hạnh phúc" in page.all("p")
    assert "Không có lỗi, cảnh báo hoặc ghi chú nào." in page.all("p")


@pytest.mark.parametrize(
    ("status", "findings", "words"),
    [
        (Status.VALID, (), "✓ HỢP LỆ Phiếu đã được tiếp nhận"),
        (Status.DRAFT, (), "✎ BẢN NHÁP Phiếu chưa được đánh dấu hoàn thành"),
        (Status.INVALID, FINDINGS[:1], "✕ BỊ TRẢ LẠI Phiếu còn 1 lỗi phải sửa"),
        (Status.INVALID, FINDINGS, "✕ BỊ TRẢ LẠI Phiếu còn 3 lỗi phải sửa"),
        (Status.REJECTED, (), "⊘ KHÔNG TIẾP NHẬN Tệp này không được nhận làm phiếu"),
    ],
)
def test_the_verdict_is_said_in_words_and_with_a_sign(
    status: Status, findings: tuple[Finding, ...], words: str
) -> None:
    assert verdict(replace(RECEIPT, status=status, findings=findings)).startswith(words)


def test_a_draft_says_how_much_is_open() -> None:
    open_rows = finding("draft", params={"open": "14"}, file="Phieu SNV.xlsx")
    receipt = replace(RECEIPT, status=Status.DRAFT, findings=(open_rows,))
    assert "còn 14 nội dung chưa nhập" in verdict(receipt)
    assert "14" not in "".join(Outline(receipt_html(receipt)).all("td"))


@pytest.mark.parametrize(
    ("timeliness", "words"),
    [
        (Timeliness.ON_TIME, "15/12/2026 23:59:59 – Đúng hạn"),
        (Timeliness.LATE, "15/12/2026 23:59:59 – Trễ hạn 3 ngày"),
        (
            Timeliness.UNPROVEN,
            "15/12/2026 23:59:59 – Chưa xác định được thời điểm nộpTừ lúc hết hạn",
        ),
    ],
)
def test_a_receipt_says_whether_it_came_in_time(timeliness: Timeliness, words: str) -> None:
    page = Outline(receipt_html(replace(RECEIPT, timeliness=timeliness, days_late=3)))
    assert page.facts["Hạn nộp"].startswith(words)
    assert ("Từ lúc hết hạn" in page.facts["Hạn nộp"]) == (timeliness is Timeliness.UNPROVEN)


@pytest.mark.parametrize(
    ("status", "version", "counting", "role", "words"),
    [
        (Status.INVALID, 3, 2, "", "Bản lần 2 đang được tính; bản này chưa thay được bản đó."),
        (Status.DRAFT, 1, 0, "", "Chưa có bản nào của đơn vị được tính."),
        (Status.DRAFT, 1, 0, "Pháp chế", "Chưa có bản nào của phần việc này được tính."),
        (Status.VALID, 1, 2, "", "Bản lần 2 đang được tính, thay cho bản này."),
        (Status.VALID, 2, 1, "", "Bản lần 1 đang được tính; bản này chưa thay được bản đó."),
    ],
)
def test_a_receipt_says_which_version_counts(
    status: Status, version: int, counting: int, role: str, words: str
) -> None:
    receipt = replace(RECEIPT, status=status, version=version, counting_version=counting, role=role)
    assert Outline(receipt_html(receipt)).facts["Bản đang được tính"] == words


def test_a_file_of_no_known_unit_has_neither_deadline_nor_version() -> None:
    receipt = Receipt(AUTHORITY, TITLE, SENT, Status.REJECTED, "la.xls", SENT, SHA)
    assert list(Outline(receipt_html(receipt)).facts) == [
        "Đơn vị",
        "Tệp đã nhận",
        "Nhận lúc",
        "Mã kiểm tra SHA-256",
    ]


def test_a_draft_that_is_filled_says_what_is_left_to_do() -> None:
    unticked = finding("draft-unticked", file="Phieu SNV.xlsx")
    receipt = replace(RECEIPT, status=Status.DRAFT, findings=(unticked,))
    assert "đã nhập đủ nhưng chưa chọn “ĐÃ HOÀN THÀNH”" in verdict(receipt)
    assert Outline(receipt_html(receipt)).all("td") == []


def test_remarks_go_down_the_form_whatever_was_found_first() -> None:
    found = [
        finding("missing-entry", cell="F31", row="2.1", params={"what": "Mức đạt"}),
        finding("over-maximum", cell="F9", row="1.1", entered="3", params={"maximum": "2"}),
        finding("missing-evidence", cell="G9", row="1.1", params={"points": "2"}),
        finding("row-missing", row="2.1"),
        finding("text-too-long", cell="AA5", row="1", params={"length": "9", "limit": "8"}),
        finding("not-a-number", cell="F10", row="1.2", entered="x"),
        finding("wrong-kind", entered="x"),
    ]
    errors, _warnings = remark_groups(found)
    assert [r.places[0].cell or r.places[0].row for r in errors.remarks] == [
        "", "F9", "G9", "F10", "2.1", "F31",
    ]  # fmt: skip


def test_a_return_that_was_judged_again_says_which_it_was() -> None:
    told = Outline(receipt_html(replace(RECEIPT, judged_again=1))).facts["Lần nộp"]
    assert told == "2 (xét lại lần nộp 1)"


def test_findings_stand_by_severity_and_the_same_remark_is_one_line() -> None:
    page = Outline(receipt_html(INVALID))
    assert page.all("h3") == ["Lỗi phải sửa 3", "Cảnh báo, nên kiểm tra lại 1"]
    cells = page.all("td")
    assert cells[:5] == [
        "1",
        "STT 1.2.1, ô Phiếu chấm điểm!F19STT 2.1, ô Phiếu chấm điểm!F31",
        "",
        message(FINDINGS[0].at(row="", cell=""), "vi"),
        "S011",
    ]
    assert cells[6:8] == ["STT 3.1.2, ô Phiếu chấm điểm!E52", "1.000"]
    assert cells[11:13] == ["ô Phiếu chấm điểm!F9", "61,5"]
    assert cells[13].startswith("Giá trị đang lưu trong tệp (61,5) khác")
    assert len(cells) == 15


def test_a_finding_without_a_place_is_about_the_whole_file_and_a_waived_one_is_a_note() -> None:
    findings = (finding("old-xls", file="la.xls"), replace(FINDINGS[0], waived="CV 112 (Sở)"))
    page = Outline(receipt_html(replace(RECEIPT, status=Status.REJECTED, findings=findings)))
    assert page.all("h3") == ["Lỗi phải sửa 1", "Ghi chú 1"]
    assert page.all("td")[1] == "Toàn tệp"
    assert page.all("td")[8].endswith("[Được miễn: CV 112 (Sở)]")


def test_a_refused_return_leads_to_the_marked_copy_and_back() -> None:
    assert steps(INVALID) == [
        "Mở bản đánh dấu “SNV-lan-3.xlsx” gửi kèm giấy này bằng Excel.",
        "Sửa các ô được đánh dấu (lý do nêu ở danh sách dưới đây).",
        "Chọn “ĐÃ HOÀN THÀNH” ở ô trạng thái cuối phiếu, rồi lưu lại.",
        "Chép tệp vào thư mục “SNV”. Đơn vị sẽ nhận được giấy biên nhận mới.",
    ]


@pytest.mark.parametrize(
    ("receipt", "first"),
    [
        (replace(INVALID, marked_copy=""), "Mở phiếu của đơn vị bằng Excel và sửa các lỗi"),
        (replace(RECEIPT, status=Status.DRAFT), "Mở phiếu của đơn vị bằng Excel và nhập nốt"),
        (replace(RECEIPT, marked_copy="m.xlsx"), "Phiếu hợp lệ, không bắt buộc phải sửa. Nếu muốn"),
        (replace(RECEIPT, status=Status.REJECTED), "Làm theo hướng dẫn ở các lỗi nêu dưới đây"),
    ],
)
def test_what_to_do_first_follows_from_what_the_return_is(receipt: Receipt, first: str) -> None:
    assert steps(receipt)[0].startswith(first)


def test_a_clean_return_asks_for_nothing() -> None:
    paragraphs = Outline(receipt_html(replace(RECEIPT, drop_folder=""))).all("p")
    assert (
        "Đơn vị không phải làm gì thêm. Nếu cần sửa số liệu, chép phiếu đã sửa vào thư mục nộp phiếu;"
        " bản mới hợp lệ sẽ thay cho bản này."
    ) in paragraphs


def test_what_was_left_behind_waived_or_is_outstanding_is_said() -> None:
    receipt = replace(INVALID, not_carried_over=("Trang “Sheet2”.",), notes=("Miễn 8.1.",))
    page = Outline(receipt_html(replace(receipt, outstanding=("Văn phòng", "Pháp chế"))))
    assert {"Nội dung không chép được sang bản đánh dấu", "Quyết định của cơ quan tổng hợp"} <= set(
        page.all("h2")
    )
    assert page.all("li")[-2:] == ["Trang “Sheet2”.", "Miễn 8.1."]
    assert page.facts["Còn chờ phiếu của"] == "Văn phòng; Pháp chế"


def test_the_list_of_evidence_names_each_file_and_who_names_it() -> None:
    page = Outline(evidence_html(EVIDENCE))
    assert page.all("td") == [
        *("1", "QĐ 1877.pdf", "1,5 MB", "15/12/2026 16:42:07", SHA[:12], "STT 1.1.2: Kế hoạch"),
        *("2", "bao-cao.docx", "512 byte", "15/12/2026 16:42:07", SHA[20:32]),
        "Chưa gắn với tiêu chí nào",
    ]
    assert "Đã nhận 2 tài liệu, tổng dung lượng 1,5 MB." in " ".join(page.all("p"))
    empty = Outline(evidence_html(replace(EVIDENCE, files=())))
    assert "Chưa nhận được tài liệu nào." in " ".join(empty.all("p"))


# --- the state of the campaign ------------------------------------------------------------------------


def test_the_totals_count_every_unit_once_and_what_lies_across() -> None:
    assert Outline(status_html(PAGE)).all("li")[:8] == [
        "9Đơn vị",
        "5✓ Đã nộp",
        "1◐ Chưa đủ phiếu",
        "1✎ Bản nháp",
        "1✕ Bị trả lại",
        "1○ Chưa nộp",
        "5Trễ hạn",
        "1Chưa rõ thời điểm nộp",
    ]


def test_units_that_wait_for_somebody_come_first_and_all_stand_in_their_tier() -> None:
    rows = unit_rows(PAGE)
    assert [row[0] for row in rows] == [*"GEDFHC", *"ABCDEFGH", "A"]
    assert rows[0] == "GSở G✕ Bị trả lại115/12/2026 16:42Quá hạn 2 ngày2 lỗi, 3 cảnh báo"
    assert rows[6] == "ASở A✓ Đã nộp215/12/2026 16:42Đúng hạn71 cảnh báo"
    assert rows[7] == "BSở B✓ Đã nộp115/12/2026 16:42Trễ 2 ngày"
    assert rows[10] == "ESở E✓ Đã nộpBản gửi sau bị trả lại115/12/2026 16:42Đúng hạn1 lỗi"
    assert rows[11] == "FSở F✎ Bản nháp115/12/2026 16:42Quá hạn 2 ngàyCòn 14 nội dung."
    assert Outline(status_html(PAGE)).all("summary") == [
        "Các sở – 4/8 đã nộp",
        "Các xã – 1/1 đã nộp",
    ]


def test_before_the_deadline_nobody_is_late_and_the_missing_are_not_pressing() -> None:
    early = replace(PAGE, written=DEADLINE - timedelta(days=3))
    assert [row[0] for row in unit_rows(early)][:3] == [*"GED"]
    assert "CSở C○ Chưa nộpCòn 3 ngày" in unit_rows(early)
    today = replace(PAGE, written=DEADLINE)
    assert "CSở C○ Chưa nộpHạn hôm nay" in unit_rows(today)
    assert "1Trễ hạn" in Outline(status_html(today)).all("li")


def test_a_partial_return_that_may_have_come_late_says_both() -> None:
    unit = replace(UNITS[-1], timeliness=Timeliness.UNPROVEN)
    page = replace(PAGE, tiers=(TierStatus("Các sở", DEADLINE, (unit,)),))
    assert "Quá hạn 2 ngàyChưa xác định được thời điểm nộp" in unit_rows(page)[0]


def test_percentages_are_rounded_down_and_an_empty_tier_is_no_error() -> None:
    missing = UnitStatus("X", "X", UnitState.MISSING)
    tiers = (
        TierStatus("Một", DEADLINE, (*[UNITS[0]] * 199, missing)),
        TierStatus("Hai", DEADLINE, ()),
    )
    texts = Outline(status_html(replace(PAGE, tiers=tiers))).all("p")
    assert "99%" in texts
    assert "0%" in texts


def test_only_so_many_units_are_repeated_and_the_rest_is_counted() -> None:
    units = tuple(replace(UNITS[6], code=f"G{number}") for number in range(203))
    page = replace(PAGE, tiers=(TierStatus("Các sở", DEADLINE, units),))
    assert len(unit_rows(page)) == 200 + 203
    assert "Và 3 đơn vị nữa" in status_html(page)


def test_the_first_messages_are_shown_and_long_ones_cut() -> None:
    unit = replace(UNITS[6], messages=("Một", "x" * 500, "Ba", "Bốn"))
    page = replace(PAGE, tiers=(TierStatus("Các sở", DEADLINE, (unit,)),))
    assert unit_rows(page)[0].endswith("Một" + "x" * 119 + "…Ba")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (InboxState.AVAILABLE, "✓ Hộp nhận đang hoạt độngGhi chú"),
        (InboxState.UNAVAILABLE, "✕ Không truy cập được hộp nhậnGhi chú"),
        (InboxState.PAUSED, "‖ Đang tạm ngừng tiếp nhậnGhi chú"),
    ],
)
def test_the_state_of_the_inbox_is_said_in_words(state: InboxState, words: str) -> None:
    page = Outline(status_html(replace(PAGE, inbox=state, inbox_note="Ghi chú")))
    assert page.facts == {
        "Hộp nhận": words,
        "Lần quét trọn vẹn gần nhất": "17/12/2026 04:59:59",
        "Máy đang tiếp nhận": "MAY-01 (thanh)từ 15/12/2026 16:42",
        "Minh chứng đã nhận": "1.043 tài liệu, 2,3 MBcủa 61 đơn vị;"
        " 12 tài liệu chưa gắn với tiêu chí nào",
    }


def test_nobody_running_and_no_scan_yet_are_said() -> None:
    facts = Outline(status_html(replace(PAGE, runner=None, last_scan=None))).facts
    assert facts["Máy đang tiếp nhận"] == "Không có máy trực; thu theo từng lượt"
    assert facts["Lần quét trọn vẹn gần nhất"] == "Chưa có"


def test_waiting_and_stray_files_are_listed_where_there_are_any() -> None:
    page = Outline(status_html(PAGE))
    assert "STC/Phieu.xlsxTệp đang mở trong Excel.15/12/2026 16:42" in page.rows()
    assert "la.xlsTệp Excel cũ.15/12/2026 16:42" in page.rows()
    bare = Outline(status_html(replace(PAGE, waiting=(), strays=(), tiers=())))
    assert bare.all("h2") == [
        "Tiến độ theo cấp",
        "Thẩm định",
        "Đơn vị cần xử lý",
        "Tất cả đơn vị",
    ]


def test_a_page_loads_itself_again_only_if_it_is_written_again() -> None:
    equivs = [tag.get("content") for name, tag in Outline(status_html(PAGE)).tags if name == "meta"]
    assert "60" not in equivs
    live = Outline(status_html(replace(PAGE, refreshes=True))).tags
    assert ("meta", {"http-equiv": "refresh", "content": "60"}) in live
    assert any(tag.get("id") == "stale" for _name, tag in live)


def test_the_states_are_those_of_the_standing() -> None:
    assert {state.value for state in UnitState} == {state.value for state in State}


def test_every_commune_of_the_country_fits_a_page_that_a_phone_opens() -> None:
    messages = ("Tiêu chí 1.1.2, ô Phiếu chấm điểm!F14: Đã nhập 2,5, vượt mức tối đa. " * 5,) * 9
    unit = replace(UNITS[6], name="Ủy ban nhân dân phường Bình Trị Đông", messages=messages)
    page = replace(PAGE, tiers=(TierStatus("Các xã", DEADLINE, (unit,) * 3300),))
    assert len(status_html(page).encode()) < 3_000_000


# --- strangers' texts -----------------------------------------------------------------------------------


def with_text(text: str) -> list[str]:
    """Every page with `text` in every place that takes one."""
    said = Finding("S011", text, text, text, entered=text, params={"what": text}, waived=text)
    receipt = replace(
        RECEIPT,
        authority=Authority(name=text, place=text, office=text),
        campaign=text,
        file=text,
        unit_code=text,
        unit_name=text,
        role=text,
        drop_folder=text,
        chain_head=text,
        marked_copy=text,
        outstanding=(text,),
        not_carried_over=(text,),
        notes=(text,),
        findings=(said,),
    )
    evidence = EvidenceFile(text, 1, SENT, SHA, (EvidenceRow(text, text),))
    unit = replace(UNITS[6], code=text, name=text, messages=(text,))
    page = replace(
        PAGE,
        campaign=text,
        inbox_note=text,
        tiers=(TierStatus(text, DEADLINE, (unit,)),),
        runner=Runner(text, text, SENT),
        strays=(StrayFile(text, SENT, text),),
        waiting=(WaitingFile(text, text),),
    )
    listed = replace(EVIDENCE, campaign=text, unit_code=text, unit_name=text, files=(evidence,))
    return [receipt_html(receipt), evidence_html(listed), status_html(page)]


@given(text=st.text(st.characters(exclude_categories=()), min_size=1, max_size=60))
def test_any_text_is_shown_as_it_is_and_never_becomes_a_tag(text: str) -> None:
    # `Authority` trims what it is given, and is empty for nobody.
    text = f"x{text}x"
    for page, innocent in zip(with_text(text), with_text("xx"), strict=True):
        seen = Outline(page)
        assert seen.tags == Outline(innocent).tags
        assert showable(text) in seen.all("bdi")
        assert unicodedata.is_normalized("NFC", page)
        page.encode()


@given(text=st.text(st.characters(exclude_categories=()), max_size=60))
def test_what_is_showable_stays_so(text: str) -> None:
    assert showable(showable(text)) == showable(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Đặc khu Phú Quốc 😀", "Đặc khu Phú Quốc 😀"),
        (unicodedata.normalize("NFD", "Sở Nội vụ"), "Sở Nội vụ"),
        ("a\u202egnp.xslx", "a‹U+202E›gnp.xslx"),
        ("bad\udce1name\x00", "bad‹U+DCE1›name‹U+0000›"),
        ("dòng 1\r\ndòng 2\rdòng 3", "dòng 1\ndòng 2\ndòng 3"),
        ("Z" + "\u0337" * 40, "Z" + "\u0337" * 4),
        ("\u0338x", "◌\u0338x"),
        ("", ""),
    ],
)
def test_characters_that_act_are_spelt_out(text: str, shown: str) -> None:
    assert showable(text) == shown


# --- nothing from outside -------------------------------------------------------------------------------

ALL_PAGES = (receipt_html(INVALID), evidence_html(EVIDENCE), status_html(PAGE), *with_text(HOSTILE))


@pytest.mark.parametrize("page", ALL_PAGES)
def test_a_page_needs_nothing_from_outside(page: str) -> None:
    outline = Outline(page)
    assert outline.tags[0] == ("html", {"lang": "vi"})
    assert ("meta", {"charset": "utf-8"}) in outline.tags
    assert any(tag.get("name") == "viewport" for _name, tag in outline.tags)
    assert not {"link", "img", "iframe", "object", "base", "form", "a"} & {
        n for n, _tag in outline.tags
    }
    assert not {"src", "href", "action"} & {key for _name, tag in outline.tags for key in tag}
    styles, scripts = "".join(outline.all("style")), "".join(outline.all("script"))
    assert not re.search(
        r"url\(|@import|https?:|//\w", styles + re.sub(r"(?m)^ *//.*$", "", scripts)
    )


@pytest.mark.parametrize("page", ALL_PAGES)
def test_the_browser_is_told_to_run_our_script_and_no_other(page: str) -> None:
    outline = Outline(page)
    policies = [
        t["content"] for _n, t in outline.tags if t.get("http-equiv", "").startswith("Cont")
    ]
    allowed = re.findall(r"script-src ([^;]*);", policies[0])
    digests = [hashlib.sha256(script.encode()).digest() for script in outline.all("script")]
    expected = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    assert policies[0].startswith("default-src 'none'; ")
    assert allowed == (expected or ["'none'"])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (count(3300), "3.300"),
        (points(Decimal("66.005"), 2), "66,01"),
        (points(Decimal("66.00"), 2), "66"),
        (file_size(0), "0 byte"),
        (file_size(35_021), "34,2 KB"),
        (file_size(3 * 1024**4 * 1024), "3072 TB"),
    ],
)
def test_figures_are_said_the_vietnamese_way(said: str, words: str) -> None:
    assert said == words


# --- in a browser ---------------------------------------------------------------------------------------

PAGES_BY_NAME = {
    "receipt": receipt_html(INVALID),
    "evidence": evidence_html(EVIDENCE),
    "status": status_html(replace(PAGE, refreshes=True)),
    **dict(
        zip(("hostile receipt", "hostile evidence", "hostile status"), ALL_PAGES[3:], strict=True)
    ),
}
CONTRASTS = """
const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
const light = (c) => {
  const [r, g, b] = c.map((v) => v / 255).map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
const ground = (e) => {
  for (; e; e = e.parentElement) {
    const colour = rgb(getComputedStyle(e).backgroundColor);
    if (colour.length === 3) return colour;
  }
  return [255, 255, 255];
};
const poor = [];
for (const each of page.body.querySelectorAll("*:not(script)")) {
  if (![...each.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
  const pair = [light(rgb(getComputedStyle(each).color).slice(0, 3)), light(ground(each))];
  const ratio = (Math.max(...pair) + .05) / (Math.min(...pair) + .05);
  if (ratio < 4.5) poor.push(each.outerHTML.slice(0, 80) + " " + ratio);
}
return poor;
"""
SEARCH = """
const query = page.getElementById("query");
query.value = "qua han";
query.dispatchEvent(new Event("input"));
const rows = [...page.querySelectorAll("details .board tbody tr")];
return [
  rows.filter((row) => !row.hidden).map((row) => row.cells[0].textContent).join(""),
  [...page.querySelectorAll("details")].map((each) => each.open),
  page.getElementById("found").textContent,
  page.getElementById("search").hidden,
];
"""


@pytest.mark.office
@needs_chromium
@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("name", PAGES_BY_NAME)
def test_no_page_has_to_be_scrolled_sideways(name: str, width: int) -> None:
    assert width_taken(PAGES_BY_NAME[name], width) == width


@pytest.mark.office
@needs_chromium
def test_the_measure_sees_a_page_that_is_too_wide() -> None:
    assert width_taken("<!DOCTYPE html><p style='margin:0;width:700px'>rộng", 360) >= 700


@pytest.mark.office
@needs_chromium
@pytest.mark.parametrize("name", ["receipt", "evidence", "status"])
def test_every_text_has_sufficient_contrast(name: str) -> None:
    assert evaluate(PAGES_BY_NAME[name], CONTRASTS) == []


@pytest.mark.office
@needs_chromium
def test_units_are_found_without_marks_and_their_tiers_unfold() -> None:
    assert evaluate(PAGES_BY_NAME["status"], SEARCH) == ["CFGH", [True, False], "4 đơn vị", False]


@pytest.mark.office
@needs_chromium
def test_a_receipt_prints_on_a4(tmp_path: Path) -> None:
    printed = print_pdf(PAGES_BY_NAME["receipt"], tmp_path / "receipt.pdf").read_bytes()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} == {(595, 842)}
