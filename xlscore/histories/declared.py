"""What a unit declared for a row, version by version, and what was decided about those returns."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping

from xlscore.checking import CheckedCard
from xlscore.findings import Status
from xlscore.form import card_inputs
from xlscore.histories.lines import Line
from xlscore.histories.record import Facts, Record, Section, Statement
from xlscore.histories.units import DECIDED, decision_line
from xlscore.identity import SCORECARD
from xlscore.layout import Slot
from xlscore.ledger import Recorded
from xlscore.ledger.replay import Logged
from xlscore.numbers import plain
from xlscore.rubric import Node
from xlscore.standing import counting, fits, passed_over

_WRITTEN = ("not_applicable", "evidence", "explanation")
_ABOUT_ARRIVALS = {*DECIDED, "judged-again"} - {"waived", "unwaived"}


def declared(record: Record, leaf: Node) -> Iterator[Statement]:
    """Yield what every return of the unit says on a row, in ledger order; its other roles' aside.

    Of a row that the form does not ask the unit for, only what it wrote there all the same.
    """
    workspace, unit = record.workspace, record.unit
    asked = bool(card_inputs(leaf, workspace.layout(unit).methods[leaf.id]))
    own = [a for a in record.state.recorded if a.kind == SCORECARD and a.unit == unit.code]
    chosen = counting(workspace, own)
    passed = passed_over(workspace, own)
    roles = {"", *workspace.roles(unit)}
    for arrival in own:
        if arrival.role in roles and leaf.id in workspace.layout(unit, arrival.role).owned:
            said = _said(record, leaf, arrival)
            if asked or any(said.get(name) for name in _WRITTEN):
                standing = _standing(record, arrival, chosen.get(arrival.role), passed)
                facts = {**_return(arrival), **standing, **said}
                yield record.statement(Section.DECLARED, "declared", facts, arrival)


def _return(arrival: Recorded) -> Facts:
    return {
        "submission": arrival.id,
        "version": arrival.version,
        "role": arrival.role,
        "file": arrival.file,
        "sha256": arrival.sha256,
        "serial": arrival.serial,
        "received": arrival.received.isoformat(),
        "status": arrival.status.value,
    }


def _standing(
    record: Record, arrival: Recorded, chosen: Recorded | None, passed: dict[int, str]
) -> Facts:
    """Return whether a return counts, and why it does not."""
    why, other = "", 0
    if arrival.voided:
        why = "void"
    elif arrival.status is not Status.VALID:
        why = arrival.status.value
    elif not fits(record.workspace, arrival):
        why = "old-rubric"
    elif arrival.id in passed:
        why = "passed-over"
    elif chosen is None or chosen.id != arrival.id:
        why, other = "replaced", chosen.id if chosen else 0
    said = {"passed-over": passed.get(arrival.id, ""), "void": arrival.voided}.get(why, "")
    return {"counts": not why, "why": why, "because": said, "other": other}


def _said(record: Record, leaf: Node, arrival: Recorded) -> Facts:
    card = record.cards.get(arrival.id)
    if card is None:
        return {"read": False}
    answers = card.answers
    above = (leaf.id, *record.workspace.layout(record.unit).rubric.ancestors(leaf.id))
    left_out = next((node for node in above if node in answers.not_applicable), "")
    score = card.scores.get(leaf.id)
    values = answers.values.get(leaf.id, {})
    sheet = arrival.card.get("sheet", "")
    return {
        "read": True,
        "values": [
            {**figure, "place": _place(card, sheet, leaf.id, figure["key"])}
            for figure in record.figures(leaf, values)
        ],
        "self": None if score is None or score.points is None else plain(score.points),
        "not_applicable": left_out,
        "not_applicable_place": _place(card, sheet, left_out, Slot.APPLICABILITY),
        "evidence": answers.evidence.get(leaf.id, ""),
        "explanation": answers.explanation.get(leaf.id, ""),
    }


def _place(card: CheckedCard, sheet: str, node: str, slot: str) -> str:
    address = card.places.get((node, slot), "")
    return f"{sheet}!{address}" if address else ""


# --- decisions --------------------------------------------------------------------------------------


def decisions(record: Record, node: Node, arrivals: Collection[int]) -> Iterator[Statement]:
    """Yield waivers that cover a row, and what was decided about the arrivals that speak of it."""
    for waiver in record.workspace.campaign.settings.waivers:
        if waiver.unit == record.unit.code and waiver.code and waiver.row in _names(node):
            facts = {"code": waiver.code, "row": waiver.row, "reason": waiver.reason,
                     "by": waiver.by}  # fmt: skip
            yield Statement(Section.DECISIONS, "waived-in-campaign", facts)
    for logged in record.log:
        line = _decision(logged)
        if line is not None and _is_about(record, node, arrivals, logged, line):
            yield Statement(
                Section.DECISIONS, line.kind, line.facts, line.event, line.at, line.actor
            )


def _names(node: Node) -> set[str]:
    return {"", node.id, node.code}


def _decision(logged: Logged) -> Line | None:
    if logged.event.kind not in {*DECIDED, "judged-again"}:
        return None
    try:
        return decision_line(logged)
    except (KeyError, TypeError, ValueError):
        return None  # an event that somebody altered; `ledger check` tells it


def _is_about(
    record: Record, node: Node, arrivals: Collection[int], logged: Logged, line: Line
) -> bool:
    if line.kind in _ABOUT_ARRIVALS:
        return bool({line.facts["submission"], line.facts.get("again", 0)} & set(arrivals))
    unit, body = json.loads(logged.event.body)["unit"], line.facts["body"]
    fitting = isinstance(body, Mapping) and body.get("row", "") in _names(node)
    return bool(unit == record.unit.code and fitting)
