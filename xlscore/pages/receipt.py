"""The receipt (giấy biên nhận): what became of one file that a unit put into the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from xlscore.findings import Finding, Severity, Status
from xlscore.pages.remarks import draft_said, errors_said, remark_groups
from xlscore.pages.rendering import render
from xlscore.pages.wording import Timeliness, count, timeliness_said
from xlscore.settings import Authority

_VERDICTS = {
    Status.VALID: ("✓", "HỢP LỆ"),
    Status.DRAFT: ("✎", "BẢN NHÁP"),
    Status.INVALID: ("✕", "BỊ TRẢ LẠI"),
    Status.REJECTED: ("⊘", "KHÔNG TIẾP NHẬN"),
}
_VOID = ("⊘", "KHÔNG ĐƯỢC TÍNH")
_PENDING = ("?", "CHỜ XEM XÉT")
_TO_BE_SEEN = "Phiếu đã nhận; cơ quan tổng hợp đang xem xét, sẽ trả lời sau."
_MEANINGS = {
    Status.VALID: "Phiếu đã được tiếp nhận và ghi vào sổ theo dõi.",
    Status.DRAFT: "Phiếu chưa được đánh dấu hoàn thành nên chưa được tính.",
    Status.INVALID: "Phiếu còn {errors} lỗi phải sửa nên chưa được tính.",
    Status.REJECTED: "Tệp này không được nhận làm phiếu tự chấm điểm của kỳ đánh giá;"
    " nội dung của tệp không được sử dụng.",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says; all times are in the campaign's zone.

    Attributes:
        campaign: the campaign's title.
        file: name of the file as it arrived.
        role: title of the filler's role, or empty for a card of the whole unit.
        deadline: None where the unit, and so its deadline, is not known.
        days_late: whole days, begun days counting; 0 unless late.
        version: which return of the unit (and role) this is; 0 for what was not read as one.
        judged_again: the version that was judged again as this one; 0 for a return of its own.
        counting_version: the version that counts now; 0 for none.
        outstanding: titles of the roles whose cards are still to come.
        appraisal: what this version changes of the unit's appraisal so far; empty before there is any.
        points: self-assessed points and their applicable maximum; None where nothing was scored.
        decimals: so many digits of points are shown.
        entry: number of the entry in the ledger; chain_head: hash of the ledger's last event.
        marked_copy: name of the unit's scorecard with the places marked, or empty.
        drop_folder: where the unit puts the next return; empty where units have no folder of their own.
        not_carried_over: what the marked copy could not take over from the return.
        notes: what was decided about it (chấp nhận, miễn trừ, hủy), one sentence each.
        voided: whether it was decided that it does not count; the notes say why.
        pending: whether nobody could tell yet if this valid return counts.
    """

    authority: Authority
    campaign: str
    written: datetime
    status: Status
    file: str
    received: datetime
    sha256: str
    unit_code: str = ""
    unit_name: str = ""
    role: str = ""
    deadline: datetime | None = None
    timeliness: Timeliness = Timeliness.ON_TIME
    days_late: int = 0
    version: int = 0
    judged_again: int = 0
    counting_version: int = 0
    outstanding: tuple[str, ...] = ()
    appraisal: str = ""
    points: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int = 2
    entry: int = 0
    chain_head: str = ""
    findings: tuple[Finding, ...] = ()
    marked_copy: str = ""
    drop_folder: str = ""
    not_carried_over: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    voided: bool = False
    pending: bool = False


def receipt_html(receipt: Receipt) -> str:
    """Return the receipt as one self-contained page."""
    symbol, verdict = _verdict(receipt)
    timeliness = timeliness_said(receipt.timeliness, receipt.days_late)
    return render(
        "receipt.html.j2",
        receipt=receipt,
        symbol=symbol,
        verdict=verdict,
        meaning=_meaning(receipt),
        look="draft" if receipt.pending else receipt.status.value,
        timeliness=timeliness if receipt.deadline else "",
        unproven=receipt.timeliness is Timeliness.UNPROVEN,
        counts=_what_counts(receipt),
        groups=remark_groups(receipt.findings),
        steps=_steps(receipt),
    )


def _verdict(receipt: Receipt) -> tuple[str, str]:
    if receipt.voided:
        return _VOID
    return _PENDING if receipt.pending else _VERDICTS[receipt.status]


def _meaning(receipt: Receipt) -> str:
    if receipt.voided:
        return "Phiếu không được tính theo quyết định của cơ quan tổng hợp (lý do nêu dưới đây)."
    if receipt.pending:
        return _TO_BE_SEEN
    said = draft_said(receipt.findings) if receipt.status is Status.DRAFT else ""
    errors = count(errors_said(receipt.findings))
    return said or _MEANINGS[receipt.status].format(errors=errors)


def _what_counts(receipt: Receipt) -> str:
    if receipt.pending:
        return ""
    version, counting = receipt.version, receipt.counting_version
    if not counting:
        whose = "phần việc này" if receipt.role else "đơn vị"
        return f"Chưa có bản nào của {whose} được tính." if receipt.unit_code else ""
    if counting == version and receipt.status is Status.VALID and not receipt.voided:
        return f"Bản này (lần {version}) đang được tính."
    if counting > version and receipt.status is Status.VALID:
        return f"Bản lần {counting} đang được tính, thay cho bản này."
    return f"Bản lần {counting} đang được tính; bản này chưa thay được bản đó."


def _steps(receipt: Receipt) -> tuple[str, ...]:
    """Say what the unit does next, in order."""
    folder = f"thư mục “{receipt.drop_folder}”" if receipt.drop_folder else "thư mục nộp phiếu"
    send = f"Chép tệp vào {folder}. Đơn vị sẽ nhận được giấy biên nhận mới."
    tick = "Chọn “ĐÃ HOÀN THÀNH” ở ô trạng thái cuối phiếu, rồi lưu lại."
    if receipt.voided:
        ask = "Nếu chưa rõ lý do, liên hệ cơ quan tổng hợp; nêu số trong sổ theo dõi ghi ở trên."
        return ask, f"Nếu phải nộp lại: {send[0].lower()}{send[1:]}"
    if receipt.pending:
        ask = "Nếu cần biết thêm, liên hệ cơ quan tổng hợp; nêu số trong sổ theo dõi ghi ở trên."
        return (ask,)
    outdated = any(found.name == "old-rubric" for found in receipt.findings)
    if receipt.status is Status.REJECTED or outdated:
        own = "Làm theo hướng dẫn ở các lỗi nêu dưới đây, dùng đúng phiếu đã cấp cho đơn vị."
        return own, send
    if receipt.status is Status.VALID and not receipt.marked_copy:
        if receipt.counting_version != receipt.version:
            return (f"{_what_counts(receipt)} Nếu cần thay, liên hệ cơ quan tổng hợp.",)
        again = f"chép phiếu đã sửa vào {folder}; bản mới hợp lệ sẽ thay cho bản này."
        if receipt.outstanding:
            rest = "; ".join(receipt.outstanding)
            return (
                f"Phiếu này đã đủ. Đơn vị còn phải nộp phiếu của: {rest}.",
                f"Nếu cần sửa số liệu, {again}",
            )
        return (f"Đơn vị không phải làm gì thêm. Nếu cần sửa số liệu, {again}",)
    if receipt.marked_copy:
        look = f"Mở bản đánh dấu “{receipt.marked_copy}” gửi kèm giấy này bằng Excel."
        mend = "Sửa các ô được đánh dấu (lý do nêu ở danh sách dưới đây)."
        if receipt.status is Status.VALID:
            look = (
                f"Phiếu hợp lệ, không bắt buộc phải sửa. Nếu muốn sửa: {look[0].lower()}{look[1:]}"
            )
        return look, mend, tick, send
    if any(found.severity is Severity.ERROR for found in receipt.findings):
        mend = "Mở phiếu của đơn vị bằng Excel và sửa các lỗi nêu dưới đây."
    else:
        mend = "Mở phiếu của đơn vị bằng Excel và nhập nốt các nội dung còn thiếu."
    return mend, tick, send
