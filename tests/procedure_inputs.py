"""What everybody typed in the whole procedure: the raw inputs, and nothing that follows from them.

Two tiers, eight units, three agencies, two rounds, a council. From these tables `procedure_rules`
computes what must come out, and `procedure_campaign` has it typed into the workbooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

Typed = Decimal | str
Values = Mapping[str, Typed]
Rows = Mapping[str, Values]
Row = tuple[str, str]
"""Unit and leaf."""

NA = {"@": "Không áp dụng"}
ACCEPT, ADJUST, QUERY = "Công nhận", "Điều chỉnh", "Yêu cầu giải trình"

HANOI = timezone(timedelta(hours=7))
DEADLINE = datetime(2026, 12, 15, 17, 0, tzinfo=HANOI)


def at(month: int, day: int, hour: int = 9) -> datetime:
    """Return a moment of the campaign, in UTC as the watcher's clock has it."""
    year = 2027 if month < 6 else 2026
    return datetime(year, month, day, hour, tzinfo=HANOI).astimezone(UTC)


UNITS = {
    "STP": ("Sở Tư pháp", "so"),
    "STC": ("Sở Tài chính", "so"),
    "SGD": ("Sở Giáo dục và Đào tạo", "so"),
    "SYT": ("Sở Y tế", "so"),
    "SXD": ("Sở Xây dựng", "so"),
    "AB": ("Ủy ban nhân dân xã An Bình", "xa"),
    "BH": ("Ủy ban nhân dân xã Bình Hòa", "xa"),
    "CL": ("Ủy ban nhân dân phường Cửu Long", "xa"),
}
BY_ROLE = {"SGD": ("van-phong", "chuyen-mon")}
MISSING, LATE, RESUBMITTING = "SXD", "SYT", "STC"


def number(value: str) -> Values:
    return {"points": Decimal(value)}


def level(label: str) -> Values:
    return {"level": label}


def ratio(numerator: int, denominator: int) -> Values:
    return {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}


def percent(value: str) -> Values:
    return {"percent": Decimal(value)}


def tasks(given: int, done: int) -> Values:
    return {"tong": Decimal(given), "dat": Decimal(done)}


def counted(value: int) -> Values:
    return {"count": Decimal(value)}


def peer(value: int) -> Values:
    return {"value": Decimal(value)}


# --- the self-assessments ---------------------------------------------------------------------------

CARDS: Mapping[str, Rows] = {
    "STP": {
        "n1.1": number("2"), "n1.2": level("Kịp thời"), "n1.3": ratio(18, 20), "n1.4": counted(3),
        "n1.5": counted(1), "n2.1": percent("92"), "n2.2": tasks(30, 29),
        "n2.3": {"item1": "Đạt", "item2": "Không đạt"}, "n2.4": level("Tốt"),
        "n2.5.1": number("1.25"), "n2.5.2": counted(2), "n3.1": number("3.75"),
        "n3.2": ratio(97, 100), "n4.7": peer(40), "nC": number("0.5"),
    },
    "STC": {
        "n1.1": number("1.75"), "n1.2": level("Chậm"), "n1.3": ratio(7, 9), "n1.4": counted(5),
        "n1.5": counted(0), "n2.1": percent("89.9"), "n2.2": tasks(12, 12),
        "n2.3": {"item1": "Đạt", "item2": "Đạt"}, "n2.4": level("Khá"), "n2.5.1": number("2"),
        "n3.1": number("4"), "n3.2": NA, "n4.7": peer(25), "nP": counted(1),
    },
    "SGD": {
        "n1.1": number("2"), "n1.2": level("Chậm"), "n1.3": NA, "n1.4": counted(1),
        "n1.5": counted(3), "n2.1": percent("70"), "n2.2": tasks(7, 5),
        "n2.3": {"item1": "Không đạt", "item2": "Đạt"}, "n2.4": level("Khá"),
        "n2.5.2": counted(1), "n3.1": number("3.5"), "n3.2": NA, "n4.7": peer(33),
    },
    "SYT": {
        "n1.1": number("1.5"), "n1.2": level("Kịp thời"), "n1.3": ratio(0, 0), "n1.4": counted(0),
        "n1.5": counted(9), "n2.1": percent("69.99"), "n2.2": tasks(9, 1),
        "n2.3": {"item1": "Không đạt", "item2": "Không đạt"}, "n2.4": level("Yếu"),
        "n2.5.1": number("0.333"), "n3.1": number("2"), "n3.2": ratio(2, 3), "n4.7": peer(0),
        "nC": number("1"),
    },
    "AB": {"n1.1": number("3.5"), "n1.2": NA, "n1.3": level("Tốt"), "nC": number("0.5")},
    "BH": {"n1.1": number("4"), "n1.2": ratio(11, 13), "n1.3": level("Khá")},
    "CL": {"n1.1": number("2.5"), "n1.2": ratio(5, 6), "n1.3": level("Tốt")},
}  # fmt: skip

PROVEN = {"so": ("n1.1", "n2.1", "n3.1"), "xa": ("n1.1",)}
"""Rows that ask for evidence."""

EXPLAINED: frozenset[Row] = frozenset({("STP", "n3.1")})
"""Claimed with an explanation in place of evidence."""

CHANGED: Rows = {"n3.1": number("3.25")}
"""What STC's second card changes, after round 1."""

FIRST_SENT, LATE_SENT, CHANGED_SENT = at(12, 10), at(12, 17), at(12, 22, 10)

# --- appraisal --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """What an appraiser types on one row."""

    choice: str
    score: str = ""
    reason: str = ""
    figures: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """One file that an agency sends: rows typed into a copy of its book of that round.

    Attributes:
        rest: whether the cell that accepts everything left is filled.
        finished: whether it is marked as finished; a draft counts nothing.
        voided: whether the office lets it count no more.
    """

    file: str
    agency: str
    round: int
    words: Mapping[Row, Word]
    rest: bool = False
    finished: bool = True
    voided: bool = False


OK = Word(ACCEPT)


def adjusted(score: str, reason: str) -> Word:
    return Word(ADJUST, score, reason)


def entered(reason: str, **figures: Typed) -> Word:
    return Word(ADJUST, "", reason, figures)


def accepted(unit: str, rows: str) -> dict[Row, Word]:
    return {(unit, f"n{row}"): OK for row in rows.split()}


SNV_1: Mapping[Row, Word] = {
    **accepted("STP", "1.2 1.5 C"),
    ("STP", "n1.1"): adjusted("1", "Kế hoạch ban hành chậm"),
    ("STP", "n1.3"): entered("Có 03 hồ sơ trễ hạn chưa thống kê", numerator=Decimal(15)),
    ("STP", "n1.4"): Word(QUERY, "", "Nêu tên từng sáng kiến"),
    ("STP", "n2.1"): adjusted("1", "Đoàn kiểm tra ghi nhận 85%"),
    ("STP", "n4.3"): adjusted("1.5", "Theo biên bản kiểm tra"),
    ("STP", "n4.7"): entered("Có 10 dịch vụ trùng", value=Decimal(30)),
    **accepted("SGD", "1.1 1.2 1.3 1.4 1.5 4.7"),
    ("SGD", "n2.2"): adjusted("1.2", "Một nhiệm vụ chưa nghiệm thu"),
    ("SGD", "n4.3"): adjusted("2", ""),
    ("SYT", "n1.1"): adjusted("0.75", "Thiếu hai báo cáo quý"),
    ("SYT", "n1.2"): entered("Báo cáo gửi sau hạn", level="Chậm"),
    ("SYT", "nP"): entered("Hai lần bị phê bình bằng văn bản", count=Decimal(2)),
    **accepted("STC", "1.1 1.2 1.3 2.1 3.1 4.7"),
    ("STC", "n2.2"): entered("Một nhiệm vụ chưa nghiệm thu", dat=Decimal(11)),
    ("STC", "n3.2"): entered(
        "Có phát sinh khoản thu", numerator=Decimal(30), denominator=Decimal(40)
    ),
    ("STC", "n4.3"): adjusted("0.5", ""),
    **accepted("AB", "1.1 C"),
    ("AB", "n1.2"): adjusted("2", "Có phát sinh hồ sơ theo hệ thống một cửa"),
    ("AB", "n2.2"): adjusted("1", ""),
    ("BH", "n1.1"): adjusted("3", "Chưa công khai đủ"),
    ("BH", "n1.2"): OK,
}
TTTT_FIRST: Mapping[Row, Word] = {
    ("STP", "n2.1"): OK,
    ("SGD", "n2.4"): Word(ADJUST, "1.2", "Phần mềm chưa dùng thường xuyên"),
}
TTTT_REST: Mapping[Row, Word] = {
    ("AB", "n1.3"): entered("Hồ sơ số hóa chưa đủ", level="Khá"),
    ("SYT", "n2.2"): adjusted("0.4", "Tính cả nhiệm vụ chuyển tiếp"),
}
STC_FIRST: Mapping[Row, Word] = {
    **accepted("STP", "3.1 3.2"),
    ("SGD", "n3.1"): adjusted("3", "Giải ngân chậm"),
}
STC_SECOND: Mapping[Row, Word] = {
    ("SGD", "n3.1"): adjusted("3.25", "Giải ngân chậm một quý"),
    ("SGD", "n3.2"): entered("Có vốn chuyển nguồn", numerator=Decimal(2), denominator=Decimal(3)),
    ("SYT", "n3.1"): Word(QUERY, "", "Gửi bảng kê giải ngân"),
}
WRONG = {("STP", "n3.1"): adjusted("0", "Nhập nhầm đơn vị")}

SNV_2: Mapping[Row, Word] = {
    ("STP", "n1.1"): adjusted("1.5", "Chấp nhận một phần giải trình"),
    ("STP", "n1.4"): OK,
    ("STC", "n3.1"): adjusted("3", "Theo số liệu mới"),
    ("SYT", "n3.1"): adjusted("1.25", "Bảng kê thiếu quý IV"),
}
TTTT_2 = {("STP", "n2.1"): adjusted("1", "Thống nhất với Sở Nội vụ")}

BOOKS: tuple[Sent, ...] = (
    Sent("SNV tham dinh", "SNV", 1, SNV_1),
    Sent("STTTT dang lam", "STTTT", 1, {("SGD", "n2.2"): adjusted("0.1", "?")}, finished=False),
    Sent("STTTT dot 1", "STTTT", 1, TTTT_FIRST),
    Sent("STC can bo A", "STC", 1, STC_FIRST),
    Sent("STTTT dot 2", "STTTT", 1, TTTT_REST, rest=True),
    Sent("STC can bo B", "STC", 1, STC_SECOND),
    Sent("STC nham", "STC", 1, WRONG, voided=True),
    Sent("SNV lan 2", "SNV", 2, SNV_2),
    Sent("STTTT lan 2", "STTTT", 2, TTTT_2),
)
"""In the order in which they arrive."""

BY_GNUMERIC = {"SGD van-phong", "STTTT dot 1", "SYT phan hoi", "dieu tra so", "hoi dong"}
"""Files that Gnumeric saves once more before they are sent."""

REPLIES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "STP": {
        "n1.1": ("Kế hoạch ký ngày 05/01, ban hành chậm do lỗi văn thư", "Phiếu trình số 3"),
        "n1.4": ("Ba sáng kiến theo Quyết định số 12", "Quyết định số 12/QĐ-STP"),
    },
    "SYT": {"n3.1": ("Đã gửi bảng kê ba quý", "Bảng kê kèm theo")},
}
"""By unit and row: what the unit replies, and the evidence it adds."""

# --- surveys and indices ----------------------------------------------------------------------------

ANSWERS: Mapping[str, Mapping[str, Mapping[str, int]]] = {
    "STP": {"hdnd": {"A": 20, "B": 7, "C": 2, "D": 1}, "dan": {"A": 31, "B": 11, "C": 5, "D": 3}},
    "STC": {"hdnd": {"A": 5, "B": 20, "C": 5, "D": 0}, "dan": {"A": 10, "B": 30, "C": 9, "D": 2}},
    "SGD": {"hdnd": {"A": 13, "B": 9, "C": 7, "D": 1}, "dan": {"A": 41, "B": 3, "C": 0, "D": 0}},
    "SYT": {"dan": {"A": 1, "B": 1, "C": 1, "D": 0}},
}
"""Answers to row n4.1 by unit, group of respondents and option; nobody of the council knew SYT."""

INDEX_2026 = {"STC": Decimal("81.35")}
INDEX_2025 = {"STP": Decimal("77.7"), "SGD": Decimal("64.05"), "STC": Decimal(50)}
"""The index of row n4.2 by year; SYT has none at all."""

PERCENTS = {"AB": Decimal("85.5"), "BH": Decimal("66.67")}
"""Row n2.1 of the communes; CL was not asked."""

# --- the council ------------------------------------------------------------------------------------

COUNCIL: Mapping[Row, tuple[str, str]] = {
    ("STP", "n1.1"): ("1.75", "Hội đồng xét lỗi khách quan"),
    ("AB", "n1.2"): ("3", "Hội đồng chấm theo báo cáo của xã"),
}
