"""Result sheets (phiếu kết quả): to each unit its final result, row by row, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from xlscore.campaign import Campaign, Unit
from xlscore.exporting.replies import form_digest, text_digest
from xlscore.exporting.result_layout import Standing, result_layout
from xlscore.identity import RESULT_SHEET, Token
from xlscore.issuing import Issued, Order, Progress, issue_orders, scorecard_head
from xlscore.layout import Layout
from xlscore.methods.base import vi_number
from xlscore.numbers import quantise
from xlscore.proceedings import Proceedings
from xlscore.ranking import GroupRanking, RankedRow, UnitResult
from xlscore.remarks import Notes
from xlscore.scoring import ZERO
from xlscore.workbooks.resultsheet import PROVISIONAL, ResultCard, render_result
from xlscore.workbooks.scorecard.head import Head

FOLDER = "ket-qua"


@dataclass(frozen=True, slots=True)
class ExportedResults:
    """What was exported.

    Attributes:
        provisional: codes of units whose result may still change.
        absent: codes of units without a result.
    """

    issued: Issued
    provisional: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def export_results(
    state: Proceedings,
    units: Iterable[Unit],
    progress: Progress | None = None,
    *,
    ranks: bool = False,
    force: bool = False,
) -> ExportedResults:
    """Write the result sheet of each of `units` that has a result.

    Args:
        ranks: print the rank: it is published by decision, and not always.

    Raises:
        TokenError, OSError, LedgerError, KeysError: see `issuing.issue_orders`.
    """
    placed = {row.result.unit.code: (row, group) for row, group in _placed(state)}
    orders, provisional, absent = [], [], []
    for unit in units:
        row, group = placed.get(unit.code, (None, None))
        if row is None or not row.result.assessed:
            absent.append(unit.code)
            continue
        card = result_card(state, row, group if ranks else None)
        if card.waits:
            provisional.append(unit.code)
        orders.append(_order(state, unit, card))
    issued = issue_orders(
        state.workspace, RESULT_SHEET, 1, orders, progress, force=force, now=state.now
    )
    return ExportedResults(issued, tuple(provisional), tuple(absent))


def result_path(folder: Path, unit: Unit) -> Path:
    """Return where a unit's result sheet lies below the folder of templates."""
    return folder / FOLDER / unit.tier / f"{unit.code}.xlsx"


def result_card(state: Proceedings, row: RankedRow, group: GroupRanking | None) -> ResultCard:
    """Return one unit's result sheet, without serial and token; `group` where the rank is printed."""
    workspace, result = state.workspace, row.result
    campaign, whole = workspace.campaign, workspace.layout(row.result.unit)
    waits = "; ".join(_waits(campaign, result))
    standing = _standing(state, row, group)
    notes = Notes(campaign, result)
    layout, shown = result_layout(result, whole, notes, standing)
    lowered = {
        leaf.id
        for leaf in result.rubric.leaves
        if result.own is not None and not leaf.is_extra and leaf.id in result.appraised
        if (result.achieved[leaf.id].points or ZERO) < (result.own[leaf.id].points or ZERO)
    }
    return ResultCard(
        layout,
        shown,
        _head(campaign, result.unit, whole, provisional=bool(waits)),
        campaign.settings.authority.office,
        _summary(result, standing, provisional=bool(waits)),
        waits,
        frozenset(lowered),
        campaign.settings.policies.display_decimals,
    )


def _order(state: Proceedings, unit: Unit, card: ResultCard) -> Order:
    keys = state.workspace.keys

    def make(token: Token, text: str) -> bytes:
        head = replace(card.head, serial=token.serial, token=text)
        return render_result(replace(card, head=head), keys.sheet_password)

    return Order(unit.code, _digest(card), result_path(state.workspace.templates, unit), make)


def _digest(card: ResultCard) -> str:
    shown = f"{form_digest(card.layout, card.head)}{card.summary}{card.waits}{sorted(card.shown.items())}"
    return text_digest(shown)


def result_digests(state: Proceedings, row: RankedRow) -> tuple[str, ...]:
    """Return the digests that a unit's result sheet of this state may have: without ranks, and with."""
    group = next((g for r, g in _placed(state) if r.result.unit.code == row.result.unit.code), None)
    shown = (None,) if group is None else (None, group)
    return tuple(_digest(result_card(state, row, one)) for one in shown)


def _placed(state: Proceedings) -> Iterator[tuple[RankedRow, GroupRanking | None]]:
    for group in state.results.groups:
        yield from ((row, group) for row in group.rows)
    yield from ((row, None) for row in state.results.unranked)


def _waits(campaign: Campaign, result: UnitResult) -> Iterator[str]:
    """Yield why a result may still change."""
    if result.pending:
        yield f"còn {len(result.pending)} nội dung chưa có kết quả"
    if result.reported is not None and result.reported.unsettled:
        yield f"còn {len(result.reported.unsettled)} nội dung chưa thẩm định xong"
    said = result.appraisal
    if said is None:
        return
    if said.begun and said.open:
        yield f"còn {len(said.open)} nội dung chưa thẩm định xong"
    elif not said.begun and campaign.settings.appraisal.agencies:
        yield "chưa thẩm định"


def _standing(state: Proceedings, row: RankedRow, group: GroupRanking | None) -> Standing:
    if group is None or row.rank is None:
        return Standing(row.band)
    provisional = ", tạm tính" if state.results.provisional else ""
    return Standing(
        row.band, f"{row.rank}/{len(group.rows)}", f"Trong nhóm {group.title}{provisional}"
    )


def _summary(result: UnitResult, standing: Standing, *, provisional: bool) -> tuple[str, str]:
    decimals = result.policies.display_decimals
    index, achieved, applicable = (
        _fixed(vi_number(quantise(value, decimals)), decimals)
        for value in (result.index, result.totals.achieved, result.totals.applicable)
    )
    parts = (
        f"Xếp loại: {standing.band}" if standing.band else "",
        f"Xếp hạng: {standing.rank}" if standing.rank else "",
    )
    mark = " (tạm tính)" if provisional else ""
    first = f"Chỉ số: {index}%{mark}\nĐạt {achieved}/{applicable} điểm"
    return first, "\n".join(filter(None, parts))


def _fixed(number: str, decimals: int) -> str:
    """Fill up a number's decimals, as results are published."""
    if not decimals:
        return number
    whole, _, rest = number.partition(",")
    return f"{whole},{rest.ljust(decimals, '0')}"


def _head(campaign: Campaign, unit: Unit, layout: Layout, *, provisional: bool) -> Head:
    settings = campaign.settings
    mark = f" ({PROVISIONAL})" if provisional else ""
    return replace(
        scorecard_head(campaign, unit, layout, 0, ""),
        authority=settings.authority.name,
        title=f"PHIẾU KẾT QUẢ CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {settings.year}{mark}",
        signatory="THỦ TRƯỞNG CƠ QUAN",
        deadline="",
    )
