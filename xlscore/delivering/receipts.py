"""What a receipt says of an arrival, gathered from ledger and campaign."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from xlscore.campaign import Unit
from xlscore.cardjson import card_from_json
from xlscore.delivering.desk import Desk
from xlscore.delivering.late_changes import late_changes
from xlscore.inbox import top_folder
from xlscore.ledger import Recorded
from xlscore.pages.receipt import Receipt
from xlscore.pages.wording import Timeliness
from xlscore.ranking import days_late
from xlscore.scoring import Open, Score, add_up, totals
from xlscore.standing import (
    as_of_now,
    counting,
    outstanding_roles,
    passed_over,
    timing,
    undecided,
)

_JUDGED_AGAIN = (
    "Tệp đã nhận trước đây (số {number}) được xem xét lại theo quyết định của cơ quan tổng hợp."
)
_SEE_LATER = (
    "Tệp này đã được xem xét lại theo quyết định của cơ quan tổng hợp; kết quả ở giấy biên nhận"
    " số {number}{unit}."
)
TIMED = "Thời điểm nhận được ghi theo quyết định của cơ quan tổng hợp: {why}."
VOIDED = "Cơ quan tổng hợp đã quyết định không tính bản này: {why}."
_PASSED_OVER = "Bản này hợp lệ nhưng không được tính: {why}."


class Times(TypedDict):
    """The fields of a receipt that say whether it came in time."""

    timeliness: Timeliness
    days_late: int


def receipt(
    desk: Desk, arrival: Recorded, subject: str, copy: str, left_behind: tuple[str, ...]
) -> Receipt:
    """Return the receipt of an arrival.

    Args:
        subject: the unit whose folder it is written to, or empty.
        copy: name of the marked copy that lies beside it, or empty.
        left_behind: what the marked copy could not take over.
    """
    campaign, arrival = desk.campaign, as_of_now(desk.workspace, arrival)
    unit = campaign.units.get(arrival.unit or subject)
    sent = unit is not None and arrival.unit == unit.code
    points, maximum = _points(desk, arrival, unit)
    return Receipt(
        authority=campaign.settings.authority,
        campaign=campaign.settings.title,
        written=desk.local(desk.now),
        status=arrival.status,
        file=arrival.file,
        received=desk.local(arrival.received),
        sha256=arrival.sha256,
        unit_code=unit.code if unit else "",
        unit_name=unit.name if unit else "",
        role=campaign.rubric(unit).roles.get(arrival.role, arrival.role) if unit else "",
        deadline=desk.local(campaign.deadline(unit)) if unit and sent else None,
        **times(desk, arrival, campaign.deadline(unit) if unit and sent else None),
        version=arrival.version if sent else 0,
        judged_again=_judged_again(desk, arrival) if sent else 0,
        counting_version=_counting_version(desk, arrival, unit),
        outstanding=_outstanding(desk, unit) if sent else (),
        appraisal=late_changes(desk, arrival, unit) if unit and sent else "",
        points=points,
        maximum=maximum,
        decimals=campaign.settings.policies.display_decimals,
        entry=arrival.id,
        chain_head=desk.head,
        findings=arrival.findings,
        marked_copy=copy,
        drop_folder=_drop_folder(desk, arrival, unit),
        not_carried_over=left_behind,
        notes=_notes(desk, arrival, unit),
        voided=bool(arrival.voided),
        pending=unit is not None and arrival.id in undecided(desk.workspace, desk.of_unit(unit)),
    )


def _points(
    desk: Desk, arrival: Recorded, unit: Unit | None
) -> tuple[Decimal | None, Decimal | None]:
    if unit is None or not arrival.card:
        return None, None
    if arrival.role and arrival.role not in desk.campaign.rubric(unit).roles:
        return None, None
    layout = desk.workspace.layout(unit, arrival.role)
    scores = card_from_json(arrival.card).scores
    if any(node.id not in scores for node in layout.rubric.walk()):
        return None, None  # the rubric has changed since
    elsewhere = Score(None, Decimal(0), Open.ELSEWHERE)  # an officer is shown the own rows' maximum
    own = {n.id: scores[n.id] if n.id in layout.owned else elsewhere for n in layout.rubric.leaves}
    reached = totals(layout.rubric, add_up(layout.rubric, own))
    return reached.points, reached.applicable


def times(desk: Desk, arrival: Recorded, deadline: datetime | None) -> Times:
    """Return whether an arrival came in time, as the fields of its receipt."""
    if deadline is None:
        return {"timeliness": Timeliness.ON_TIME, "days_late": 0}
    timed = timing(arrival, deadline, desk.campaign.settings.intake.unproven)
    said = (
        Timeliness.UNPROVEN
        if timed.unproven
        else Timeliness.LATE
        if timed.late
        else Timeliness.ON_TIME
    )
    return {"timeliness": said, "days_late": days_late(timed.received, deadline)}


def _judged_again(desk: Desk, arrival: Recorded) -> int:
    """Return which return of the same unit and role was judged again as this one."""
    former = desk.arrivals.get(arrival.judged_again)
    same = former and (former.unit, former.role) == (arrival.unit, arrival.role)
    return former.version if former and same else 0


def _counting_version(desk: Desk, arrival: Recorded, unit: Unit | None) -> int:
    if unit is None:
        return 0
    chosen = counting(desk.workspace, desk.of_unit(unit)).get(arrival.role)
    return chosen.version if chosen else 0


def _outstanding(desk: Desk, unit: Unit | None) -> tuple[str, ...]:
    if unit is None:
        return ()
    chosen = counting(desk.workspace, desk.of_unit(unit))
    if not any(role for role in chosen):
        return ()
    titles = desk.campaign.rubric(unit).roles
    return tuple(titles.get(r, r) for r in outstanding_roles(desk.workspace, unit, chosen))


def _drop_folder(desk: Desk, arrival: Recorded, unit: Unit | None) -> str:
    """Return where the unit's next return goes: its folder of the inbox, where units have one."""
    if unit is None:
        return ""
    top = top_folder(arrival.entry)
    own = desk.workspace.folder_unit(top) == unit.code if top else False
    if own:
        return top
    return unit.code if desk.campaign.settings.folders_per_unit else ""


def _notes(desk: Desk, arrival: Recorded, unit: Unit | None) -> tuple[str, ...]:
    notes = []
    if arrival.judged_again:
        notes.append(_JUDGED_AGAIN.format(number=arrival.judged_again))
    if (later := desk.judged_again(arrival)) is not None:
        whose = f" của đơn vị {later.unit}" if later.unit != arrival.unit else ""
        notes.append(_SEE_LATER.format(number=later.id, unit=whose))
    if arrival.timed:
        notes.append(TIMED.format(why=arrival.timed))
    if arrival.voided:
        notes.append(VOIDED.format(why=arrival.voided))
    elif unit is not None:
        why = passed_over(desk.workspace, desk.of_unit(unit)).get(arrival.id)
        notes += [_PASSED_OVER.format(why=why)] if why else []
    return tuple(notes)
