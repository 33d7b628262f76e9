"""Figures that others than the unit supply: surveys, published indices, the system, peers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from xlscore.campaign import SurveyFigure
from xlscore.checking import evidence_counts
from xlscore.findings import Status
from xlscore.histories.record import Record, Section, Statement
from xlscore.histories.units import concerns
from xlscore.identity import RESULT_BOOK, SCORECARD, SURVEY
from xlscore.ledger import Recorded
from xlscore.methods.base import Source, Value
from xlscore.methods.consolidated import Quantity
from xlscore.numbers import plain
from xlscore.ranking import UnitResult, compared_totals
from xlscore.reported import book_from_json
from xlscore.rubric import Node
from xlscore.scoring import Score, not_applicable_leaves
from xlscore.standing import counting


def supplied(record: Record, leaf: Node) -> Iterator[Statement]:
    """Yield the figures of others on a row; those that serve are said to count."""
    layout = record.workspace.layout(record.unit)
    for item in layout.supplied.get(leaf.id, ()):
        match item.source:
            case Source.SURVEY:
                yield from _published(record, leaf)
            case Source.SYSTEM:
                yield from _derived(record, leaf, item.key)
            case Source.PEERS:
                yield from _peers(record, leaf, item.key)


def _used(record: Record, leaf: Node, key: str) -> Value | None:
    return record.result.figures.get(leaf.id, {}).get(key) if record.result else None


# --- the unit above -----------------------------------------------------------------------------------


def reported(record: Record, leaf: Node) -> Iterator[Statement]:
    """Yield what books of results say of a row: the unit above appraised it."""
    book_now = record.state.books.get(record.unit.parent)
    is_heard = record.unit.code in record.state.reported
    for arrival in record.state.recorded:
        if arrival.kind != RESULT_BOOK or not concerns(arrival, record.unit):
            continue
        try:
            book = book_from_json(arrival.card)
        except (ValueError, TypeError, LookupError, AttributeError):
            continue  # nothing of the file was read; the unit's history tells that it came
        told = book.units.get(record.unit.code)
        if told is not None and leaf.id in told.achieved:
            word = told.words.get(leaf.id)
            facts = {
                "parent": book.parent,
                "made": book.made.isoformat(),
                "submission": arrival.id,
                "file": arrival.file,
                "self": _points(told.own.get(leaf.id)),
                "achieved": _points(told.achieved[leaf.id]),
                "by": word.by if word else "",
                "reason": word.reason if word else "",
                "why": "void" if arrival.voided else "",
                "counts": is_heard
                and book_now is not None
                and book_now.arrival.id == arrival.id
                and not (record.result and record.result.is_figured_here(leaf.id)),
            }
            yield record.statement(Section.FIGURES, "reported", facts, arrival)


def _points(score: Score | None) -> str | None:
    return None if score is None or score.points is None else plain(score.points)


# --- surveys and indices ------------------------------------------------------------------------------


def _published(record: Record, leaf: Node) -> Iterator[Statement]:
    """Yield what was published, by files of the campaign first, then by the books that came in."""
    campaign, unit = record.workspace.campaign, record.unit
    used = _used(record, leaf, "value")
    current = campaign.settings.year
    year = record.result.fallbacks.get(leaf.id, current) if record.result else current
    told: list[tuple[dict[str, Any], Recorded | None]] = [
        (_of_file(figure), None)
        for figure in campaign.surveys
        if (figure.unit, figure.node) == (unit.code, leaf.id)
    ]
    told += [
        (_of_book(arrival, figure), arrival)
        for arrival in record.state.recorded
        if arrival.kind == SURVEY
        and (figure := arrival.card.get("figures", {}).get(unit.code, {}).get(leaf.id)) is not None
    ]
    fitting = [
        facts
        for facts, _arrival in told
        if not facts["why"] and facts["year"] == year and _same(facts["value"], used)
    ]
    for facts, arrival in told:
        counts = bool(fitting) and facts is fitting[-1]
        facts |= {"counts": counts, "fallback": facts["year"] != current}
        yield record.statement(Section.FIGURES, "published", facts, arrival)


def _of_file(figure: SurveyFigure) -> dict[str, Any]:
    return {"value": plain(figure.value), "year": figure.year, "source": figure.source,
            "by": "", "submission": 0, "file": "", "why": ""}  # fmt: skip


def _of_book(arrival: Recorded, figure: Any) -> dict[str, Any]:
    card = arrival.card
    why = "void" if arrival.voided else ""
    if not why and arrival.status is not Status.VALID:
        why = arrival.status.value
    return {
        "value": figure if isinstance(figure, str) else str(figure),
        "year": int(card.get("year") or 0),
        "source": str(card.get("source", "")),
        "by": str(card.get("by", "")),
        "submission": arrival.id,
        "file": arrival.file,
        "why": why,
    }


def _same(told: str, used: Value | None) -> bool:
    try:
        return isinstance(used, Decimal) and Decimal(told) == used
    except InvalidOperation:
        return False


# --- the system -----------------------------------------------------------------------------------------


def _derived(record: Record, leaf: Node, quantity: str) -> Iterator[Statement]:
    result = record.result
    if result is None or result.submission is None:
        return
    value = _used(record, leaf, quantity)
    facts: dict[str, Any] = {
        "quantity": quantity,
        "value": plain(value) if isinstance(value, Decimal) else None,
        **_basis(record, result, quantity),
    }
    yield record.statement(
        Section.FIGURES, "derived", facts, _last_return(record, record.unit.code)
    )


def _basis(record: Record, result: UnitResult, quantity: str) -> dict[str, Any]:
    """Return the figures that a derived quantity follows from."""
    submission = result.submission
    layout = record.workspace.layout(record.unit)
    if submission is None:
        return {}
    match quantity:
        case Quantity.DAYS_LATE:
            deadline = record.workspace.campaign.deadline(record.unit)
            return {
                "received": submission.received.isoformat(),
                "deadline": deadline.isoformat(),
            }
        case Quantity.EVIDENCE_COVERAGE:
            proven, claimed = evidence_counts(layout, submission.answers, submission.scores)
            return {"proven": proven, "claimed": claimed}
        case Quantity.SELF_APPRAISED_GAP:
            answered = submission.answers.not_applicable
            left_out = not_applicable_leaves(layout.rubric, answered)
            if result.appraisal:
                left_out -= result.appraisal.refused
            own, achieved = compared_totals(layout, submission.scores, result.achieved, left_out)
            return {"self_total": plain(own), "appraised_total": plain(achieved)}
    return {}


def _last_return(record: Record, unit: str) -> Recorded | None:
    """Return the last of a unit's returns that count: the one that made its submission what it is."""
    own = [a for a in record.state.recorded if a.kind == SCORECARD and a.unit == unit]
    chosen = counting(record.workspace, own).values()
    return max(chosen, key=lambda a: a.id, default=None)


# --- peers ------------------------------------------------------------------------------------------------


def _peers(record: Record, leaf: Node, key: str) -> Iterator[Statement]:
    """Yield the best value of the tier, and whose it is."""
    best = _used(record, leaf, key)
    if best is None:
        return
    results = (row.result for row in record.state.results.rows)
    whose = [
        result.unit
        for result in results
        if result.submission
        and result.unit.tier == record.unit.tier
        and _value(result, leaf.id) == best
    ]
    returns = [_last_return(record, unit.code) for unit in whose]
    facts = {
        "best": best if isinstance(best, str) else plain(best),
        "units": [
            {"unit": unit.code, "name": unit.name, "event": record.event(sent)}
            for unit, sent in zip(whose, returns, strict=True)
        ],
    }
    yield record.statement(Section.FIGURES, "peers", facts, next(iter(returns), None))


def _value(result: UnitResult, node: str) -> Value | None:
    reentered = result.appraisal.reentered if result.appraisal else {}
    answers = result.submission.answers.values if result.submission else {}
    return reentered.get(node, {}).get("value", answers.get(node, {}).get("value"))
