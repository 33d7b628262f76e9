"""Results in, workbook out: which sheets there are, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlscore.plugins import PluginFailure, Plugins
from xlscore.ranking import RankedRow, Results, UnitResult
from xlscore.workbooks.ranking.book import Book, replacing
from xlscore.workbooks.ranking.lists import (
    detail_parts,
    write_details,
    write_findings,
    write_missing,
    write_provenance,
)
from xlscore.workbooks.ranking.matrices import write_indices, write_maxima, write_points
from xlscore.workbooks.ranking.overview import write_overview
from xlscore.workbooks.ranking.plugin_parts import ExtraColumn, add_sheets, extra_columns
from xlscore.workbooks.ranking.standings import Standing, write_standing
from xlscore.workbooks.ranking.tiersheets import TierSheets


def write_ranking(
    results: Results,
    path: Path,
    plugins: Plugins | None = None,
    *,
    generated: datetime | None = None,
) -> tuple[PluginFailure, ...]:
    """Write the ranking workbook; an older file of that name is replaced in one step.

    Args:
        plugins: whose columns and sheets are added.
        generated: when the ranking was made, as the workbook says.

    Returns:
        The plugins that failed; each lost its own column or sheet, and the workbook says so.

    Raises:
        TargetInUseError: `path` is open in Excel.
        OSError: the folder cannot be written to.
    """
    settings = results.campaign.settings
    failures: list[PluginFailure] = []
    extras = extra_columns(plugins, results, failures) if plugins else []
    footer = f"Chỉ số CCHC năm {settings.year} – {settings.title}"
    decimals = settings.policies.display_decimals
    with replacing(path) as temporary, Book(temporary, decimals, footer, generated) as book:
        plan = _plan(book, results, extras)
        write_overview(book, results, plan.groups, list(_contents(plan)), generated)
        _write_sheets(book, results, plan)
        if plugins:
            add_sheets(plugins, book, results, failures)
        write_provenance(book, results, generated, failures)
    return tuple(failures)


@dataclass(frozen=True)
class _Plan:
    """The sheets with their names, so that each may refer to the others."""

    groups: list[Standing]
    across: list[Standing]
    unranked: Standing | None
    tiers: Mapping[str, TierSheets]
    details: Mapping[str, list[str]]


def _plan(book: Book, results: Results, extras: list[ExtraColumn]) -> _Plan:
    for fixed in ("Tổng hợp", "Phát hiện", "Chưa có phiếu", "Nguồn gốc"):
        book.name(fixed)
    names = [book.name(f"XH {group.title}") for group in results.groups]
    wider = [book.name(f"XH {group.title}") for group in results.across]
    unranked = book.name("Không xếp hạng") if results.unranked else ""
    tiers = _tiers(book, results)

    def standing(
        name: str,
        title: str,
        rows: tuple[RankedRow, ...],
        *,
        ranked: bool = True,
        across: bool = False,
    ) -> Standing:
        used = {row.result.unit.tier: tiers[row.result.unit.tier] for row in rows}
        return Standing(
            results.campaign, name, title, rows, used, book.number, ranked, extras, across
        )

    groups = [
        standing(name, f"XẾP HẠNG: {group.title.upper()}", group.rows)
        for name, group in zip(names, results.groups, strict=True)
    ]
    across = [
        standing(name, f"XẾP HẠNG CHUNG: {group.title.upper()}", group.rows, across=True)
        for name, group in zip(wider, results.across, strict=True)
    ]
    title = "ĐƠN VỊ ĐƯỢC ĐÁNH GIÁ, KHÔNG XẾP HẠNG"
    listed = standing(unranked, title, results.unranked, ranked=False) if unranked else None
    details = {
        tier: [book.name(f"Tự chấm-Đạt – {sheets.title}") for _ in detail_parts(sheets)]
        for tier, sheets in tiers.items()
    }
    return _Plan(groups, across, listed, tiers, details)


def _tiers(book: Book, results: Results) -> dict[str, TierSheets]:
    listed: dict[str, dict[str, UnitResult]] = {}
    for row in results.rows:
        listed.setdefault(row.result.unit.tier, {})[row.result.unit.code] = row.result
    found = {}
    order = {code: place for place, code in enumerate(results.campaign.units)}
    for tier, settings in results.campaign.settings.tiers.items():
        units = sorted(listed.get(tier, {}).values(), key=lambda r: order[r.unit.code])
        if units:
            title = settings.title
            names = [book.name(f"{kind} – {title}") for kind in ("Điểm", "Điểm tối đa", "Chỉ số")]
            found[tier] = TierSheets(
                tier, title, results.campaign.rubrics[tier], tuple(units), *names
            )
    return found


def _contents(plan: _Plan) -> Iterator[tuple[str, str]]:
    for wider in plan.across:
        yield wider.name, "xếp hạng chung cả cấp, không chia nhóm"
    if plan.unranked:
        yield plan.unranked.name, "đơn vị được đánh giá nhưng không xếp hạng"
    for tier in plan.tiers.values():
        yield tier.points, "điểm đạt được, từng tiêu chí × từng đơn vị"
        yield tier.maxima, "điểm tối đa áp dụng của từng đơn vị"
        yield tier.indices, "chỉ số thành phần theo lĩnh vực, tiêu chí"
    for names in plan.details.values():
        yield names[0], "tự chấm, đạt được và chênh lệch của từng nội dung"
    yield "Phát hiện", "những điều cần xem lại trong các phiếu"
    yield "Chưa có phiếu", "đơn vị chưa có phiếu hợp lệ"
    yield "Nguồn gốc", "cách tính và nguồn số liệu"


def _write_sheets(book: Book, results: Results, plan: _Plan) -> None:
    provisional = "Kết quả tạm tính. " if results.provisional else ""
    said = f"{provisional}Chỉ số (%) = điểm đạt được ÷ điểm tối đa áp dụng của đơn vị × 100."
    for standing in [*plan.groups, *plan.across, *([plan.unranked] if plan.unranked else [])]:
        write_standing(book, standing, said)
    for tier in plan.tiers.values():
        write_points(book, tier)
        write_maxima(book, tier)
        write_indices(book, tier)
    for tier in plan.tiers.values():
        write_details(book, results.campaign, tier, plan.details[tier.tier])
    write_findings(book, results)
    write_missing(book, results)
