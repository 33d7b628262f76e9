"""What a newer version of a unit's scorecard does to its appraisal: which rows it reopens, what stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlscore.appraising import OpenRow, UnitAppraisal, appraise
from xlscore.campaign import Unit
from xlscore.delivering.desk import Desk
from xlscore.layout import Layout
from xlscore.ledger import Recorded
from xlscore.standing import counting

_REOPENED = (
    "Số liệu đã đổi ở {count} nội dung đã thẩm định (STT {rows}):"
    " các nội dung này được thẩm định lại"
)
_BLANKED = (
    "kết quả thẩm định trước đây không còn được tính ở {count} nội dung nay bỏ trống (STT {rows})"
)
_OTHERS_STAY = "kết quả thẩm định của các nội dung khác giữ nguyên"
_ALL_STAY = "Số liệu của các nội dung đã thẩm định không đổi; kết quả thẩm định giữ nguyên."


def late_changes(desk: Desk, arrival: Recorded, unit: Unit) -> str:
    """Return what a scorecard that counts changed of what had been appraised before it came.

    Empty where nothing of it had been. What was appraised since is left aside: a receipt that is
    written again tells of the same change.
    """
    standing = desk.proceedings.standings.get(unit.code)
    if standing is None or standing.submission is None:
        return ""
    chosen = counting(desk.workspace, desk.of_unit(unit)).get(arrival.role)
    if chosen is None or chosen.id != arrival.id:
        return ""
    claims = desk.proceedings.claims.get(unit.code, ())
    before = [claim for claim in claims if claim.arrival < arrival.id]
    whole = desk.workspace.layout(unit)
    said = appraise(unit.code, whole, standing.submission.answers, before)
    owned = desk.workspace.layout(unit, arrival.role).owned
    return _words(whole, said, owned) if before else ""


def _words(whole: Layout, said: UnitAppraisal, owned: Iterable[str]) -> str:
    mine = set(owned)
    changed = [
        node for node, row in said.rows.items() if row.open is OpenRow.REOPENED and node in mine
    ]
    told = list(_changed(whole, said, changed))
    stays = said.decisions.keys() - changed
    if not told:
        return _ALL_STAY if stays else ""
    text = "; ".join([*told, _OTHERS_STAY] if stays else told)
    return f"{text[0].upper()}{text[1:]}."


def _changed(whole: Layout, said: UnitAppraisal, changed: Iterable[str]) -> Iterator[str]:
    reopened = [node for node in changed if node in said.open]
    blanked = [node for node in changed if node not in said.open]
    for sentence, nodes in ((_REOPENED, reopened), (_BLANKED, blanked)):
        if nodes:
            rows = ", ".join(whole.rubric.by_id[node].code for node in nodes)
            yield sentence.format(count=len(nodes), rows=rows)
