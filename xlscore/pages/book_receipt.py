"""The receipt of a book (sổ thẩm định, phiếu phản hồi …): what of it was taken over, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from xlscore.findings import Finding, Severity, Status
from xlscore.identity import APPRAISAL, COUNCIL
from xlscore.pages.book_words import BOOKS, BookWords
from xlscore.pages.remarks import errors_said, remark_groups
from xlscore.pages.rendering import render
from xlscore.pages.wording import Timeliness, count, timeliness_said
from xlscore.settings import Authority

_VERDICTS = {
    Status.VALID: ("✓", "ĐÃ GHI NHẬN"),
    Status.DRAFT: ("✎", "BẢN NHÁP"),
    Status.INVALID: ("✕", "BỊ TRẢ LẠI"),
    Status.REJECTED: ("⊘", "KHÔNG TIẾP NHẬN"),
}
_PARTLY = ("✎", "GHI NHẬN MỘT PHẦN")
_EMPTY = ("○", "CHƯA CÓ NỘI DUNG")
_VOID = ("⊘", "KHÔNG ĐƯỢC TÍNH")


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How much of a book was taken over, in rows.

    Attributes:
        rows: with something in them, without error.
        accepted, adjusted, queried: what appraisers decided on them; `rest` of the accepted ones were
            accepted by the one cell for everything left.
        wrong: left out for an error.
        replaced: that a later book of the same sender says anew.
        idle: of units that have no scorecard now that counts.
    """

    rows: int = 0
    accepted: int = 0
    adjusted: int = 0
    queried: int = 0
    rest: int = 0
    wrong: int = 0
    replaced: int = 0
    idle: int = 0


@dataclass(frozen=True, slots=True)
class BookReceipt:
    """What the receipt of a book says; all times are in the campaign's zone.

    Attributes:
        kind: of form (see `identity`); round_title: how the round is called, or empty.
        subject_code, subject_name: whose it is: an agency, a unit, a tier.
        deadline: None where none is set.
        merged: what the words of others make of this book's rows, as of `written`.
        entry, chain_head, notes, voided, drop_folder: see `Receipt`.
    """

    authority: Authority
    campaign: str
    written: datetime
    kind: str
    status: Status
    file: str
    received: datetime
    sha256: str
    subject_code: str
    subject_name: str
    round_title: str = ""
    deadline: datetime | None = None
    timeliness: Timeliness = Timeliness.ON_TIME
    days_late: int = 0
    version: int = 0
    taken: TakenOver = TakenOver()
    entry: int = 0
    chain_head: str = ""
    findings: tuple[Finding, ...] = ()
    merged: tuple[Finding, ...] = ()
    drop_folder: str = ""
    notes: tuple[str, ...] = ()
    voided: bool = False

    @property
    def words(self) -> BookWords:
        """What the form is called."""
        return BOOKS[self.kind]


def book_receipt_html(receipt: BookReceipt) -> str:
    """Return the receipt as one self-contained page."""
    symbol, verdict = _verdict(receipt)
    partly = (symbol, verdict) in {_PARTLY, _EMPTY}
    timeliness = timeliness_said(receipt.timeliness, receipt.days_late)
    return render(
        "book_receipt.html.j2",
        receipt=receipt,
        words=receipt.words,
        symbol=symbol,
        verdict=verdict,
        look="draft" if partly else receipt.status.value,
        meaning=_meaning(receipt),
        timeliness=timeliness if receipt.deadline else "",
        unproven=receipt.timeliness is Timeliness.UNPROVEN,
        groups=remark_groups(receipt.findings),
        merged=remark_groups(receipt.merged),
        steps=tuple(_steps(receipt)),
    )


def _verdict(receipt: BookReceipt) -> tuple[str, str]:
    if receipt.voided:
        return _VOID
    if receipt.status is Status.VALID and not receipt.taken.rows:
        return _PARTLY if receipt.taken.wrong else _EMPTY
    return _PARTLY if _counts(receipt) and receipt.taken.wrong else _VERDICTS[receipt.status]


def _counts(receipt: BookReceipt) -> bool:
    return receipt.status is Status.VALID and not receipt.voided


def _meaning(receipt: BookReceipt) -> str:
    name = receipt.words.title
    if receipt.voided:
        return f"{name} không được tính theo quyết định của cơ quan tổng hợp (lý do nêu dưới đây)."
    return {
        Status.VALID: _taken(receipt),
        Status.DRAFT: f"{name} chưa được đánh dấu hoàn thành nên chưa dòng nào được ghi nhận.",
        Status.INVALID: f"{name} còn {count(errors_said(receipt.findings))} lỗi phải sửa nên chưa"
        " được ghi nhận.",
        Status.REJECTED: f"Tệp này không được nhận làm {receipt.words.name} của kỳ đánh giá; nội"
        " dung của tệp không được sử dụng.",
    }[receipt.status]


def _taken(receipt: BookReceipt) -> str:
    """Say what was taken over, in rows."""
    taken, what = receipt.taken, receipt.words.what
    if not taken.rows and not taken.wrong:
        return f"Không có {what} nào được nhập nên không có gì để ghi nhận."
    said = f"Đã ghi nhận {count(taken.rows)} {what}"
    if receipt.kind in {APPRAISAL, COUNCIL} and taken.rows:
        shares = [f"{count(taken.accepted)} công nhận", f"{count(taken.adjusted)} điều chỉnh"]
        if receipt.kind == APPRAISAL:
            shares.append(f"{count(taken.queried)} yêu cầu giải trình")
        said += f": {', '.join(shares)}"
    if taken.wrong:
        said += f"; {count(taken.wrong)} {what} có lỗi không được ghi nhận"
    return f"{said}."


def _steps(receipt: BookReceipt) -> Iterator[str]:
    """Say what the sender does next, in order."""
    name = receipt.words.name
    folder = f"thư mục “{receipt.drop_folder}”" if receipt.drop_folder else "thư mục nộp"
    send = f"hép tệp vào {folder}; sẽ có giấy biên nhận mới."
    if receipt.voided:
        yield "Nếu chưa rõ lý do, liên hệ cơ quan tổng hợp; nêu số trong sổ theo dõi ghi ở trên."
        yield f"Nếu phải gửi lại: c{send}"
        return
    if receipt.status is Status.REJECTED:
        yield f"Làm theo hướng dẫn ở các lỗi nêu dưới đây, dùng đúng {name} đã cấp."
        yield f"C{send}"
        return
    wrong = any(found.severity is Severity.ERROR for found in receipt.findings)
    if wrong:
        yield (
            "Mở chính tệp đã gửi, sửa các dòng có lỗi nêu dưới đây; không cần nhập lại các dòng khác."
        )
    if receipt.status is Status.DRAFT:
        yield "Chọn “ĐÃ HOÀN THÀNH” ở ô trạng thái, rồi lưu lại."
    if wrong or receipt.status is not Status.VALID:
        kept = " Các dòng đã ghi nhận vẫn giữ nguyên." if _counts(receipt) else ""
        yield f"C{send}{kept}"
    yield from _of_merging(receipt)
    left_open = any(found.name == "rest-leaves-open" for found in receipt.findings)
    if _counts(receipt) and left_open and not wrong:
        yield (
            f"Nhập điểm cho các dòng còn để ngỏ (nêu ở ghi chú) trên chính tệp này rồi c{send}"
            " Các dòng đã ghi nhận vẫn giữ nguyên."
        )
    elif _counts(receipt) and not wrong and not receipt.merged:
        yield (
            f"Không phải làm gì thêm. Nếu cần thay đổi, sửa trên chính tệp này rồi c{send}"
            f" Chỉ những {receipt.words.what} có nội dung khác mới được thay."
        )


def _of_merging(receipt: BookReceipt) -> Iterator[str]:
    names = {found.name for found in receipt.merged}
    if "appraisal-conflict" in names:
        yield (
            "Trao đổi với cơ quan được nêu tên dưới đây để thống nhất các dòng hai bên thẩm định khác"
            " nhau; bên sửa kết quả thì sửa trên sổ của mình và gửi lại. Trước đó, các dòng này chưa"
            " được tính."
        )
    if "appraisal-reopened" in names:
        yield (
            "Thẩm định lại các dòng mà đơn vị đã đổi số liệu (nêu dưới đây), trên sổ mới do cơ quan"
            " tổng hợp cấp."
        )
