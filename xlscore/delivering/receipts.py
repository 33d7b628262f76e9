"""What a receipt says of an arrival, gathered from ledger and campaign."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict

from xlscore.campaign import Unit
from xlscore.cardjson import card_from_json
from xlscore.delivering.desk import Desk
from xlscore.delivering.names import marked_name
from xlscore.inbox import top_folder
from xlscore.ledger import Post, Recorded
from xlscore.pages.receipt import Receipt
from xlscore.pages.wording import Timeliness
from xlscore.ranking import days_late
from xlscore.scoring import totals
from xlscore.standing import counting, outstanding_roles, timing

_JUDGED_AGAIN = (
    "Tệp đã nhận trước đây (số {number}) được xem xét lại theo quyết định của cơ quan tổng hợp."
)
_TIMED = "Thời điểm nhận được ghi theo quyết định của cơ quan tổng hợp: {why}."
_VOIDED = "Cơ quan tổng hợp đã quyết định không tính bản này: {why}."


class _Times(TypedDict):
    timeliness: Timeliness
    days_late: int


def receipt(desk: Desk, arrival: Recorded, post: Post, left_behind: tuple[str, ...]) -> Receipt:
    """Return the receipt of an arrival.

    Args:
        left_behind: what its marked copy, where there is one, could not take over.
    """
    campaign = desk.campaign
    unit = campaign.units.get(arrival.unit or post.subject)
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
        **_times(desk, arrival, unit if sent else None),
        version=arrival.version if sent else 0,
        counting_version=_counting_version(desk, arrival, unit),
        outstanding=_outstanding(desk, unit) if sent else (),
        points=points,
        maximum=maximum,
        decimals=campaign.settings.policies.display_decimals,
        entry=arrival.id,
        chain_head=desk.head,
        findings=arrival.findings,
        marked_copy=_copy_name(desk, arrival, post),
        drop_folder=_drop_folder(desk, arrival, unit),
        not_carried_over=left_behind,
        notes=_notes(arrival),
    )


def _points(
    desk: Desk, arrival: Recorded, unit: Unit | None
) -> tuple[Decimal | None, Decimal | None]:
    if unit is None or not arrival.card:
        return None, None
    layout = desk.workspace.layout(unit, arrival.role)
    scores = card_from_json(arrival.card).scores
    if any(node.id not in scores for node in layout.rubric.walk()):
        return None, None  # the rubric has changed since
    reached = totals(layout.rubric, scores)
    return reached.points, reached.applicable


def _times(desk: Desk, arrival: Recorded, unit: Unit | None) -> _Times:
    if unit is None:
        return {"timeliness": Timeliness.ON_TIME, "days_late": 0}
    deadline = desk.campaign.deadline(unit)
    timed = timing(arrival, deadline, desk.campaign.settings.intake.unproven)
    said = (
        Timeliness.UNPROVEN
        if timed.unproven
        else Timeliness.LATE
        if timed.late
        else Timeliness.ON_TIME
    )
    return {"timeliness": said, "days_late": days_late(timed.received, deadline)}


def _counting_version(desk: Desk, arrival: Recorded, unit: Unit | None) -> int:
    if unit is None:
        return 0
    standing = [a for a in desk.of_unit(unit) if not a.voided]
    chosen = counting(desk.workspace, standing).get(arrival.role)
    return chosen.version if chosen else 0


def _outstanding(desk: Desk, unit: Unit | None) -> tuple[str, ...]:
    if unit is None:
        return ()
    standing = [a for a in desk.of_unit(unit) if not a.voided]
    chosen = counting(desk.workspace, standing)
    if not any(role for role in chosen):
        return ()
    titles = desk.campaign.rubric(unit).roles
    return tuple(titles.get(r, r) for r in outstanding_roles(desk.workspace, unit, chosen))


def _copy_name(desk: Desk, arrival: Recorded, post: Post) -> str:
    name = marked_name(arrival)
    posted = arrival.id in desk.marked
    return name if posted and (desk.workspace.outbox / post.subject / name).exists() else ""


def _drop_folder(desk: Desk, arrival: Recorded, unit: Unit | None) -> str:
    """Return where the unit's next return goes: its folder of the inbox, where units have one."""
    if unit is None:
        return ""
    top = top_folder(arrival.entry)
    own = desk.workspace.folder_unit(top) == unit.code if top else False
    if own:
        return top
    return unit.code if desk.campaign.settings.folders_per_unit else ""


def _notes(arrival: Recorded) -> tuple[str, ...]:
    notes = []
    if arrival.judged_again:
        notes.append(_JUDGED_AGAIN.format(number=arrival.judged_again))
    if arrival.timed:
        notes.append(_TIMED.format(why=arrival.timed))
    if arrival.voided:
        notes.append(_VOIDED.format(why=arrival.voided))
    return tuple(notes)
