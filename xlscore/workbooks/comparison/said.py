"""What is supposed, in words: each change from what holds to what is supposed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlscore.campaign import Campaign
from xlscore.methods.base import vi_number
from xlscore.numbers import quantise
from xlscore.ranking import Results, UnitResult
from xlscore.ranking_words import (
    EVIDENCE_WORDS,
    MISSING_WORDS,
    PENDING_WORDS,
    TIES_WORDS,
    UNAPPRAISED_WORDS,
    bands_words,
)
from xlscore.remarks import NOT_APPLICABLE_WORDS
from xlscore.rubric import Rubric
from xlscore.settings import Grade
from xlscore.supposing import Supposition

BANNER = "GIẢ ĐỊNH – KHÔNG PHẢI KẾT QUẢ"
_NOTHING = "không có"
_SHOWN_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Said:
    """One change in words."""

    what: str
    before: str
    after: str
    reason: str = ""


def _decimals(count: int) -> str:
    return f"{count} chữ số thập phân"


def _of_flag(value: bool) -> str:  # noqa: FBT001  a value of a setting
    return "có thể vượt 100%" if value else "không vượt 100%"


_POLICIES: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "not_applicable": ("Nội dung không áp dụng", NOT_APPLICABLE_WORDS.__getitem__),
    "missing_unit": ("Đơn vị chưa có phiếu được tính", MISSING_WORDS.__getitem__),
    "unappraised": ("Nội dung chưa thẩm định", UNAPPRAISED_WORDS.__getitem__),
    "pending": ("Nội dung chưa có kết quả", PENDING_WORDS.__getitem__),
    "evidence": ("Tài liệu kiểm chứng", EVIDENCE_WORDS.__getitem__),
    "ties": ("Bằng điểm", TIES_WORDS.__getitem__),
    "leaf_decimals": ("Làm tròn điểm từng dòng", _decimals),
    "display_decimals": ("Số chữ số hiển thị", _decimals),
    "index_may_pass_100": ("Chỉ số (%)", _of_flag),
}


def changes(base: Results, supposition: Supposition) -> Iterator[Said]:
    """Yield every change of a scenario in words."""
    campaign = base.campaign
    yield from _policies(campaign, supposition)
    for tier in supposition.other_bands(campaign):
        own = campaign.settings.tiers[tier]
        yield Said(f"Xếp loại – {own.title}", _bands(own.bands), _bands(supposition.bands[tier]))
    yield from _maxima(campaign, supposition)
    yield from _rows(base, supposition)


def _policies(campaign: Campaign, supposition: Supposition) -> Iterator[Said]:
    own, new = campaign.settings.policies, supposition.policies
    for name in supposition.other_policies(campaign):
        before, after = getattr(own, name), getattr(new, name)
        if name == "tie_breakers":
            yield Said(
                "Tiêu chí phân định khi bằng điểm",
                _nodes(campaign, before),
                _nodes(campaign, after),
            )
        else:
            label, words = _POLICIES[name]
            yield Said(label, words(before), words(after))


def _nodes(campaign: Campaign, ids: tuple[str, ...]) -> str:
    named = {n.id: f"{n.code} {n.title}" for r in campaign.rubrics.values() for n in r.walk()}
    return "; ".join(f"“{named.get(one, one)}”" for one in ids) or _NOTHING


def _bands(bands: tuple[Grade, ...]) -> str:
    return bands_words(bands) if bands else _NOTHING


def _maxima(campaign: Campaign, supposition: Supposition) -> Iterator[Said]:
    touched = set()
    for tier, node, before, after in supposition.other_maxima(campaign):
        touched.add(tier)
        rubric, title = campaign.rubrics[tier], campaign.settings.tiers[tier].title
        what = f"Điểm tối đa – {title}: {_row(rubric, node)}"
        yield Said(what, vi_number(before), vi_number(after))
    for tier in supposition.weights:
        if tier in touched:
            own = campaign.rubrics[tier]
            before, after = _total(own), _total(supposition.weights[tier].rubric(own))
            title = campaign.settings.tiers[tier].title
            yield Said(f"Tổng điểm các lĩnh vực – {title}", vi_number(before), vi_number(after))


def _total(rubric: Rubric) -> Decimal:
    # What is scaled by a third has no end: nobody wants to read 111,499999999999.
    return quantise(sum((node.max for node in rubric.domains), Decimal(0)), _SHOWN_DECIMALS)


def _row(rubric: Rubric, node: str) -> str:
    found = rubric.by_id[node]
    return f"{found.code} {found.title}"


def _rows(base: Results, supposition: Supposition) -> Iterator[Said]:
    results: dict[str, UnitResult] = {row.result.unit.code: row.result for row in base.rows}
    for score in supposition.scores:
        result = results[score.unit]
        before = result.achieved[score.node].points
        said = "chưa có điểm" if before is None else f"{vi_number(before)} điểm"
        what = f"Điểm đạt được – {result.unit.name}: {_row(result.rubric, score.node)}"
        yield Said(what, said, f"{vi_number(score.points)} điểm", score.reason)
    for one in supposition.absences:
        result = results[one.unit]
        what = f"{result.unit.name}: {_row(result.rubric, one.node)}"
        applies = result.achieved[one.node].applicable != 0
        before_ = "có áp dụng" if applies else "không áp dụng"
        yield Said(what, before_, "không áp dụng", one.reason)
