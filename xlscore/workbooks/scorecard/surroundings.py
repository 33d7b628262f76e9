"""What a scorecard prints around its table: letterhead above, signatures below."""

from __future__ import annotations

from dataclasses import dataclass

from xlscore.workbooks.scorecard.head import Head, UnitTexts

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
HINT = "Chỉ nhập vào các ô màu vàng như ô này. Xem trang Hướng dẫn."

_RULE = "—" * 6
_LONG_RULE = "—" * 13


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The texts around the table, each as it stands in its cell."""

    authority: str
    name: str
    title: str
    basis: str
    unit: str
    date: str
    signatory: str
    nation: str = NATION
    motto: str = f"{MOTTO}\n{_LONG_RULE}"
    hint: str = HINT
    preparer: str = "NGƯỜI LẬP BIỂU"
    sign: str = "(Ký, ghi rõ họ tên)"
    sign_and_seal: str = "(Ký, ghi rõ họ tên, đóng dấu)"


def surroundings(head: Head, unit: UnitTexts) -> Surroundings:
    """Return the texts around the table of one scorecard."""
    return Surroundings(
        authority=head.authority.upper(),
        name=f"{unit.upper_name}\n{_RULE}",
        title=f"{head.title}\n{head.subtitle}" if head.subtitle else head.title,
        basis=f"({head.legal_basis})" if head.legal_basis else "",
        unit=unit_line(head, unit),
        date=f"{head.place}, ngày       tháng       năm        ",
        signatory=head.signatory.upper(),
    )


def unit_line(head: Head, unit: UnitTexts) -> str:
    """Return the line that says whose scorecard it is."""
    parts = [f"Đơn vị: {unit.name}", f"Mã đơn vị: {unit.code}", f"Số phiếu: {unit.serial}"]
    if head.role_title:
        parts.append(f"Người thực hiện: {head.role_title}")
    return "   |   ".join(parts)
