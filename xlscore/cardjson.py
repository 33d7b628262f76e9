"""A checked card as JSON and back: what the ledger keeps of a return besides its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xlscore.answers import Answers, value_from_json, value_to_json
from xlscore.checking import CheckedCard
from xlscore.numbers import plain
from xlscore.scoring import Open, Score, Scores


def card_to_json(card: CheckedCard, sheet: str) -> dict[str, Any]:
    """Return the card as plain data; numbers are texts, choices are marked by a list."""
    answers = card.answers
    return {
        "sheet": sheet,
        "complete": answers.complete,
        "values": {
            node: {key: value_to_json(value) for key, value in inputs.items()}
            for node, inputs in answers.values.items()
        },
        "not_applicable": sorted(answers.not_applicable),
        "evidence": dict(answers.evidence),
        "explanation": dict(answers.explanation),
        "scores": scores_to_json(card.scores),
        "places": {f"{node}\x1f{slot}": place for (node, slot), place in card.places.items()},
    }


def card_from_json(data: Mapping[str, Any]) -> CheckedCard:
    """Return the card that `card_to_json` stored; findings are kept apart by the ledger."""
    values = {
        node: {key: value_from_json(value) for key, value in inputs.items()}
        for node, inputs in data["values"].items()
    }
    answers = Answers(
        values,
        frozenset(data["not_applicable"]),
        data["evidence"],
        data["explanation"],
        data["complete"],
    )
    places = {tuple(key.split("\x1f", 1)): place for key, place in data["places"].items()}
    return CheckedCard(answers, scores_from_json(data["scores"]), (), places, frozenset())


def scores_to_json(scores: Scores) -> dict[str, list[str | None]]:
    """Return scores as `[points, applicable, open]` texts by node."""
    return {
        node: [None if s.points is None else plain(s.points), plain(s.applicable), s.open]
        for node, s in scores.items()
    }


def scores_from_json(data: Mapping[str, list[str | None]]) -> Scores:
    """Return the scores that `scores_to_json` stored."""
    return {
        node: Score(
            None if points is None else Decimal(points),
            Decimal(applicable or "0"),
            Open(open_) if open_ else None,
        )
        for node, (points, applicable, open_) in data.items()
    }


def rows_said(content: Mapping[str, Any]) -> int:
    """Return on how many rows (figures of a survey, units of a book of results) a book says something."""
    if (figures := content.get("figures")) is not None:
        return sum(len(nodes) for nodes in figures.values())
    return len(content.get("rows") or content.get("units") or ())
