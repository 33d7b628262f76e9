"""The story of a row as JSON (see `docs/json.md`)."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from typing import Any

from xlscore.histories.final_words import final_words
from xlscore.histories.row_words import statement_words
from xlscore.histories.rows import Story
from xlscore.histories.scores import Final
from xlscore.methods.base import Value
from xlscore.numbers import plain, quantise
from xlscore.scoring import Score

_INDEX_DECIMALS = 9


def story_to_json(story: Story) -> dict[str, Any]:
    """Return the story; decimals are texts, times ISO 8601 in UTC."""
    node, unit = story.node, story.unit
    return {
        "unit": unit.code,
        "name": unit.name,
        "tier": unit.tier,
        "row": {"id": node.id, "code": node.code, "title": node.title, "max": plain(node.max)},
        "head": story.head,
        "self": _plain(story.own),
        "achieved": _plain(story.score.points if story.score else None),
        "applicable_max": _plain(story.score.applicable if story.score else None),
        "index": None if story.index is None else plain(quantise(story.index, _INDEX_DECIMALS)),
        "lines": [
            {
                "section": told.section.value,
                "event": told.event,
                "at": told.at.astimezone(UTC).isoformat() if told.at else None,
                "actor": told.actor,
                "what": told.kind,
                **told.facts,
                "text": statement_words(story, told),
            }
            for told in story.statements
        ],
        "final": _final(story.final),
        "parts": [
            {
                "id": part.node.id,
                "code": part.node.code,
                "title": part.node.title,
                "max": plain(part.node.max),
                "self": _plain(part.own),
                "appraised": _plain(part.appraised) if part.decided else None,
                "achieved": _plain(part.achieved.points if part.achieved else None),
                "applicable_max": _plain(part.achieved.applicable if part.achieved else None),
            }
            for part in story.parts
        ],
        "text": final_words(story),
    }


def _final(final: Final | None) -> dict[str, Any] | None:
    if final is None:
        return None
    return {
        **_score(final.score),
        "chain": [
            {"who": step.who.value, "points": _plain(step.points), "agency": step.agency,
             "round": step.round, "submission": step.arrival}
            for step in final.chain
        ],
        "rule": list(final.rule),
        "values": None if final.values is None else {k: _value(v) for k, v in final.values.items()},
        "sums": [{"id": s.node.id, "code": s.node.code, **_score(s.score)} for s in final.sums],
        "open": final.open,
        "pending": final.pending,
    }  # fmt: skip


def _score(score: Score) -> dict[str, str | None]:
    return {"points": _plain(score.points), "applicable_max": plain(score.applicable)}


def _value(value: Value) -> str:
    return value if isinstance(value, str) else plain(value)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
