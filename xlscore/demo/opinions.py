"""A plausible appraiser: what an agency thinks of a row, varied and the same at every run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from xlscore.appraising import Decision, OpenRow, RowAppraisal
from xlscore.methods.ratio import RatioMethod
from xlscore.rubric import Channel
from xlscore.workbooks.appraisal.fill import Answer
from xlscore.workbooks.appraisal.model import (
    ACCEPT,
    ADJUST,
    NOTHING_GIVEN,
    QUERY,
    Line,
    score_input,
)

_REASONS = (
    "Tài liệu kiểm chứng chỉ chứng minh được một phần kết quả kê khai",
    "Số liệu trên hệ thống theo dõi thấp hơn số liệu kê khai",
    "Văn bản ban hành sau thời hạn quy định",
)
_QUESTIONS = (
    "Chưa thấy văn bản nêu ở cột tài liệu kiểm chứng, đề nghị gửi bổ sung",
    "Đề nghị giải trình số liệu kê khai và gửi danh mục kèm theo",
)
_ADJUSTED, _QUERIED = 0.06, 0.09
_YIELDS = 0.5
_CENT = Decimal("0.01")


def first_opinion(line: Line, *, doubted: bool) -> Answer | None:
    """Return what an agency says of a row at first sight; None leaves it to the cell that accepts all.

    Args:
        doubted: whether the unit is one of those that the agencies look at more closely.
    """
    chance = random.Random(f"{line.unit}/{line.leaf.id}/{line.basis}")  # noqa: S311
    if line.standing == NOTHING_GIVEN:
        share = Decimal(chance.choice(("0.5", "0.8", "1")))
        return Answer(score=in_steps(line, line.leaf.max * share))
    drawn = chance.random()
    if not doubted or not line.covered or line.left_out or drawn >= _QUERIED:
        return None
    if drawn < _ADJUSTED:
        return _adjusted(line, chance) or _query(chance)
    return _query(chance)


def refusal(line: Line) -> Answer:
    """Return how an agency refuses that a row does not apply: with a score."""
    reason = "Đơn vị có phát sinh nội dung này trong năm, tiêu chí vẫn áp dụng"
    return Answer(ADJUST, in_steps(line, line.leaf.max / 2), reason)


def second_opinion(line: Line, row: RowAppraisal, *, replied: bool, insists: bool) -> Answer:
    """Return what an agency says of a row that came back.

    Args:
        row: what was said before.
        replied: whether the unit has answered.
        insists: ask once more, and so leave the row to the council.
    """
    chance = random.Random(f"2/{line.unit}/{line.leaf.id}")  # noqa: S311
    if insists:
        return Answer(QUERY, reason="Giải trình chưa rõ, đề nghị Hội đồng xem xét")
    if row.open is OpenRow.CONFLICT and row.conflict is not None:
        given = [word.points for word in row.conflict if word.points is not None]
        return Answer(ADJUST, min(given), "Các cơ quan thẩm định đã thống nhất mức điểm này")
    if row.open is OpenRow.QUERIED and not replied:
        less = lower(line, Decimal("0.5"))
        reason = "Đơn vị không giải trình, chỉ tính phần có tài liệu kiểm chứng"
        return Answer(ACCEPT) if less is None else Answer(ADJUST, less, reason)
    said = row.decided
    own = line.left_out or line.leaf.channel is not Channel.APPRAISER
    if said is None or (own and (said.decision is Decision.ACCEPT or chance.random() < _YIELDS)):
        return Answer(ACCEPT)
    return Answer(ADJUST, said.points, f"Giữ kết quả thẩm định lần 1: {said.reason}", said.values)


def lower(line: Line, share: Decimal) -> Decimal | None:
    """Return a lower score that may be given on a row, or None where there is none."""
    own = line.self_score
    if own is None:
        return None
    low = score_input(line.leaf, line.method).minimum
    points = in_steps(line, own * share)
    return points if points < own and (low is None or points >= low) else None


def in_steps(line: Line, points: Decimal) -> Decimal:
    """Return points as they may be typed on a row: rounded down to its step."""
    step = score_input(line.leaf, line.method).step or _CENT
    return (points / step).to_integral_value(ROUND_DOWN) * step


def _adjusted(line: Line, chance: random.Random) -> Answer | None:
    """Enter figures anew where the score follows from a share, else another score."""
    reason = chance.choice(_REASONS)
    counted = line.declared.get("numerator")
    method = line.method
    if isinstance(method, RatioMethod) and method.denominator and isinstance(counted, Decimal):
        fewer = (counted * Decimal("0.8")).to_integral_value(ROUND_DOWN)
        return Answer(ADJUST, reason=reason, figures={"numerator": fewer})
    less = lower(line, Decimal("0.7"))
    return None if less is None else Answer(ADJUST, less, reason)


def _query(chance: random.Random) -> Answer:
    questions: Sequence[str] = _QUESTIONS
    return Answer(QUERY, reason=chance.choice(questions))
