"""What the placeholders of a template stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from xlscore.announcing.tables import RankingTable, overview_table, ranking_table
from xlscore.ranking import RankedRow, Results
from xlscore.ranking_words import rules
from xlscore.summaries import (
    GroupSummary,
    count,
    legal_bases,
    percent,
    signed,
    stage,
    state_lines,
    summarise,
)

FIELDS: Mapping[str, str] = {
    "co_quan_chu_quan": "cơ quan chủ quản, chữ in hoa (`authority.name`)",
    "co_quan_ban_hanh": "cơ quan ban hành, chữ in hoa (`authority.office`)",
    "co_quan": "cơ quan ban hành, chữ thường",
    "dia_danh": "địa danh (`authority.place`)",
    "ngay_thang": "“ngày 08 tháng 01 năm 2027”: ngày lập",
    "nam": "năm đánh giá",
    "ten_ky": "tên kỳ đánh giá (`title`)",
    "tieu_de": "trích yếu: “Kết quả xác định Chỉ số cải cách hành chính năm …”",
    "lan_ban_hanh": "“Bản ban hành lần 1”, hoặc “DỰ THẢO”",
    "tam_tinh": "“(Kết quả tạm tính)”; trống khi kết quả đã đầy đủ",
    "chuc_danh": "chức danh người ký (`authority.signatory`; để trống thì suy từ tên cơ quan ban hành)",
}
"""Placeholders within a line of text, with what they stand for."""

BLOCKS: Mapping[str, str] = {
    "can_cu": "các căn cứ pháp lý ghi trong bộ tiêu chí, mỗi căn cứ một đoạn",
    "tinh_hinh": "tình hình: đầy đủ hay tạm tính, bao nhiêu đơn vị đã nộp, đã thẩm định",
    "bang_tong_hop": "bảng các nhóm: số đơn vị, chỉ số trung bình, đơn vị cao nhất, thấp nhất",
    "so_luong_xep_loai": "mỗi nhóm một đoạn: số đơn vị của từng mức xếp loại",
    "tang_giam": "mỗi nhóm một đoạn: đơn vị tăng, giảm nhiều nhất; trống khi không có năm trước",
    "don_vi_khac": "đơn vị được đánh giá nhưng không xếp hạng, đơn vị chưa có kết quả",
    "bang_xep_hang": "bảng xếp hạng của từng nhóm",
    "danh_sach_xep_loai": "từng mức xếp loại của từng nhóm với tên các đơn vị",
    "cach_tinh": "cách tính, xếp hạng, xếp loại, mỗi quy định một đoạn",
}
"""Placeholders that stand in a paragraph of their own and become paragraphs or tables."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that looks as its placeholder did; `heading`: bold, kept with what follows."""

    text: str
    heading: bool = False


Part = Paragraph | RankingTable


def fields(results: Results, generated: datetime) -> dict[str, str]:
    """Return the values of `FIELDS`."""
    settings = results.campaign.settings
    authority = settings.authority
    made = {
        "co_quan_chu_quan": _breaking(authority.name.upper()),
        "co_quan_ban_hanh": _breaking(authority.office.upper()),
        "co_quan": authority.office,
        "dia_danh": authority.place,
        "ngay_thang": f"ngày {generated:%d} tháng {generated:%m} năm {generated:%Y}",
        "nam": str(settings.year),
        "ten_ky": settings.title,
        "tieu_de": f"Kết quả xác định Chỉ số cải cách hành chính năm {settings.year}",
        "lan_ban_hanh": stage(results),
        "tam_tinh": "(Kết quả tạm tính)" if results.provisional else "",
        "chuc_danh": authority.signs,
    }
    return {name: " ".join(value.split("\n")) for name, value in made.items()}


def _breaking(name: str) -> str:
    """Let the name of a body break before its place only: ỦY BAN NHÂN DÂN / TỈNH VĨNH LONG."""
    kind, place, where = (
        name.partition(" TỈNH ") if " TỈNH " in name else name.partition(" THÀNH PHỐ ")
    )
    return kind + " " + (place + where).strip().replace(" ", "\u00a0") if place else name


def blocks(results: Results) -> dict[str, tuple[Part, ...]]:
    """Return the values of `BLOCKS`."""
    summaries = summarise(results)
    decimals = results.campaign.settings.policies.display_decimals
    return {
        "can_cu": tuple(Paragraph(f"Căn cứ {basis};") for basis in legal_bases(results.campaign)),
        "tinh_hinh": tuple(Paragraph(line) for line in state_lines(results)),
        "bang_tong_hop": (overview_table(summaries, decimals),),
        "so_luong_xep_loai": tuple(Paragraph(_bands(s)) for s in summaries if s.bands),
        "tang_giam": tuple(_changes(results, summaries)),
        "don_vi_khac": tuple(_others(results, decimals)),
        "bang_xep_hang": tuple(_tables(results)),
        "danh_sach_xep_loai": tuple(_lists(summaries)),
        "cach_tinh": tuple(Paragraph(f"- {name}: {said}.") for name, said in rules(results)),
    }


def _name(row: RankedRow) -> str:
    return row.result.unit.name


def _bands(summary: GroupSummary) -> str:
    counted = "; ".join(f"{name}: {count(n)} đơn vị" for name, n in summary.bands.items() if n)
    return f"- {summary.group.title}: {counted or 'chưa có kết quả'}."


def _changes(results: Results, summaries: tuple[GroupSummary, ...]) -> Iterator[Paragraph]:
    settings = results.campaign.settings
    decimals = settings.policies.display_decimals
    if any(summary.changes for summary in summaries):
        yield Paragraph(f"So với năm {settings.year - 1} (điểm phần trăm):")
    for summary in summaries:
        said = [
            f"{word} nhiều nhất: {_name(changes[0].row)} ({signed(changes[0].by, decimals)})"
            for word, changes in (("tăng", summary.rises), ("giảm", summary.falls))
            if changes
        ]
        if said:
            yield Paragraph(f"- {summary.group.title}: {'; '.join(said)}.")


def _others(results: Results, decimals: int) -> Iterator[Paragraph]:
    if results.unranked:
        named = "; ".join(
            f"{_name(row)} ({percent(row.result.index, decimals)}"
            f"{', ' + row.band if row.band else ''})"
            for row in results.unranked
        )
        yield Paragraph(f"- Được đánh giá, không xếp hạng: {named}.")
    if results.missing:
        named = "; ".join(result.unit.name for result in results.missing)
        yield Paragraph(f"- Chưa có kết quả ({count(len(results.missing))} đơn vị): {named}.")
    if not results.unranked and not results.missing:
        yield Paragraph("Mọi đơn vị đều có kết quả và được xếp hạng.")


def _tables(results: Results) -> Iterator[Part]:
    groups = [*results.groups, *results.across]
    for number, group in enumerate(groups, 1):
        yield Paragraph(f"{number}. {group.title}", heading=True)
        yield ranking_table(results, group.rows)
    if any(row.result.unit.code in _waiting(results) for group in groups for row in group.rows):
        yield Paragraph("Dấu * ở chỉ số: đơn vị còn nội dung chưa có kết quả.")


def _waiting(results: Results) -> set[str]:
    return {result.unit.code for result, _ in results.waiting}


def _lists(summaries: tuple[GroupSummary, ...]) -> Iterator[Part]:
    for number, summary in enumerate((s for s in summaries if s.bands), 1):
        yield Paragraph(f"{number}. {summary.group.title}", heading=True)
        for band, units in summary.bands.items():
            if not units:
                continue
            named = "; ".join(_name(row) for row in summary.group.rows if row.band == band)
            yield Paragraph(f"- {band} ({count(units)} đơn vị): {named}.")
