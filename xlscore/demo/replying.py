"""The units' second part: replies to the first round, and one scorecard changed after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xlscore.appraising.replying import Contest, contested
from xlscore.demo.officers import officer
from xlscore.demo.stage import Stage
from xlscore.exporting.replies import export_replies
from xlscore.issuing import Form
from xlscore.layout import Slot
from xlscore.methods.ratio import RatioMethod
from xlscore.proceedings import Proceedings
from xlscore.workbooks.replyform.fill import fill_reply
from xlscore.workbooks.scorecard.typed import Typed

_SILENT = 4
"""One unit in so many does not reply."""


@dataclass(frozen=True)
class Replies:
    """Reply forms exported, codes of units that replied, and the row that a unit changed meanwhile."""

    forms: tuple[Path, ...]
    replied: tuple[str, ...]
    changed: tuple[str, str]


def reply(stage: Stage, wanted: Sequence[Form]) -> Replies:
    """Export the reply forms of round 1; have most units reply, and one send a changed scorecard."""
    state = stage.state()
    units = stage.workspace.campaign.scored_here
    exported = export_replies(
        state, 1, units.values(), lambda done, total: stage.step("reply", done, total)
    )
    replied = []
    for place, path in enumerate(exported.issued.written, 1):
        if place % _SILENT:
            replied.append(path.stem)
            stage.send(f"phan-hoi-{path.name}", _filled(state, path))
    return Replies(exported.issued.written, tuple(replied), _change(stage, state, wanted))


def _filled(state: Proceedings, path: Path) -> bytes:
    code = path.stem
    typed: dict[tuple[str, str], Typed] = {}
    whole = state.workspace.layout(state.workspace.campaign.units[code])
    for node, contest in contested(state.appraisals[code], whole, 1).items():
        if contest is Contest.QUERIED:
            said = "Đơn vị đã thực hiện đúng kế hoạch; gửi kèm tài liệu chứng minh"
            typed[node, Slot.ADDED] = f"Công văn số {len(typed) + 5}/CV-{code} và danh mục kèm theo"
        else:
            said = "Đề nghị giữ nguyên điểm tự chấm; số liệu đã đối chiếu với hệ thống"
        typed[node, Slot.REPLY] = said
    return fill_reply(path.read_bytes(), whole, typed)


def _change(stage: Stage, state: Proceedings, wanted: Sequence[Form]) -> tuple[str, str]:
    """Have the first unit without a mishap correct one figure of a row that was accepted."""
    form = next(
        form
        for form in wanted
        if not form.role and form.unit.code not in stage.told and form.unit.code in state.appraisals
    )
    layout, typed = stage.workspace.layout(form.unit), officer(stage.workspace, form)
    taken = contested(state.appraisals[form.unit.code], layout, 1)
    node, counted = next(
        (node, counted)
        for node, method in layout.methods.items()
        if isinstance(method, RatioMethod) and method.denominator and node not in taken
        for counted in (typed.get((node, "numerator")),)
        if isinstance(counted, Decimal)
    )
    typed[node, "numerator"] = counted - 1
    stage.send_card(form, typed, f"{form.unit.code} (sửa sau thẩm định).xlsx")
    stage.told[form.unit.code] = "sửa một số liệu sau thẩm định lần 1, gửi lại"
    return form.unit.code, node
