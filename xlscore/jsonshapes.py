"""The stable JSON shapes of `check`, `status` and `rank` (see `docs/json.md`); decimals are texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xlscore import i18n
from xlscore.answers import Answers
from xlscore.appraising.tally import Progress, RoundProgress
from xlscore.campaign import Campaign
from xlscore.cardjson import rows_said
from xlscore.findings import as_json
from xlscore.numbers import plain, quantise
from xlscore.ranking import RankedRow, UnitResult
from xlscore.scoring import score_card, totals
from xlscore.standing import Standing

if TYPE_CHECKING:  # what reads and writes workbooks is too heavy for `status --json`
    from xlscore.publishing import Published
    from xlscore.workbooks.returns import Return

_INDEX_DECIMALS = 9


def return_to_json(outcome: Return, version: int | None) -> dict[str, Any]:
    """Return the shape of one checked file; `version` is the recorded one, if these bytes are known."""
    totals_, scores = None, {}
    if outcome.card is not None and outcome.layout is not None:
        layout = outcome.layout
        reached = totals(layout.rubric, outcome.card.scores)
        whole = totals(layout.rubric, score_card(layout.rubric, layout.methods, Answers()))
        totals_ = {
            "self": plain(reached.points),
            "max": plain(whole.applicable),
            "applicable_max": plain(reached.applicable),
        }
        scores = {
            leaf.id: plain(points)
            for leaf in layout.rubric.leaves
            if (points := outcome.card.scores[leaf.id].points) is not None
        }
    content = outcome.content
    return {
        "file": outcome.file,
        "kind": outcome.kind,
        "round": outcome.token.round if outcome.token else None,
        "subject": outcome.subject or None,
        "rows": None if content is None else rows_said(content),
        "unit": outcome.unit.code if outcome.unit else None,
        "tier": outcome.unit.tier if outcome.unit else None,
        "status": outcome.status.value,
        "version": version,
        "totals": totals_,
        "scores": scores,
        "findings": [as_json(f, i18n.language()) for f in outcome.findings],
    }


def status_to_json(
    campaign: Campaign, found: Iterable[Standing], done: Progress | None = None
) -> dict[str, Any]:
    """Return the shape of the units' standings, and of how far the procedure after that is."""
    return {
        "campaign": campaign.settings.id,
        "units": [
            {
                "unit": s.unit.code,
                "name": s.unit.name,
                "tier": s.unit.tier,
                "state": s.state.value,
                "late": s.late,
                "unproven": s.unproven,
                "version": s.version or None,
                "received_at": s.received.isoformat() if s.received else None,
                "newer_invalid": s.newer_invalid,
                "findings": [as_json(f, i18n.language()) for f in s.findings],
            }
            for s in found
        ],
        "appraisal": _progress(done) if done else None,
    }


def _progress(done: Progress) -> dict[str, Any]:
    return {
        "rounds": [_round(one) for one in done.rounds],
        "surveys": [
            {"tier": s.tier, "figures": s.figures, "expected": s.expected} for s in done.surveys
        ],
        "council_rows": done.council,
    }


def _round(done: RoundProgress) -> dict[str, Any]:
    return {
        "round": done.number,
        "title": done.title,
        "deadline": _moment(done.deadline),
        "replies_deadline": _moment(done.replies_deadline),
        "agencies": [
            {
                "agency": a.agency,
                "title": a.title,
                "rows": a.rows,
                **{state.value: count for state, count in a.states.items()},
                "books": a.books,
                "received_at": _moment(a.received),
                "late": a.late,
            }
            for a in done.agencies
        ],
        "replies": [
            {
                "unit": r.unit,
                "name": r.name,
                "rows": r.rows,
                "replied": r.replied,
                "received_at": _moment(r.received),
                "late": r.late,
            }
            for r in done.replies
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def ranking_to_json(published: Published) -> dict[str, Any]:
    """Return the shape of a ranking."""
    results = published.results
    return {
        "edition": published.edition or "draft",
        "frozen_now": published.new,
        "provisional": results.provisional,
        "file": str(published.path),
        "files": {kind.value: str(path) for kind, path in published.files},
        "restored": [str(path) for path in published.restored],
        "groups": [
            {"id": g.id, "title": g.title, "rows": [_row(row) for row in g.rows]}
            for g in results.groups
        ],
        "unranked": [_row(row) for row in results.unranked],
        "missing": [_missing(result) for result in results.missing],
    }


def _row(row: RankedRow) -> dict[str, Any]:
    result = row.result
    own = result.self_totals
    return {
        "rank": row.rank,
        "unit": result.unit.code,
        "name": result.unit.name,
        "self": plain(own.points) if own else None,
        "achieved": plain(result.totals.achieved),
        "applicable_max": plain(result.totals.applicable),
        "index": _percent(result.index),
        "band": row.band,
        "domains": {
            node.id: _percent(index)
            for node in result.rubric.domains
            if (index := result.node_index(node.id)) is not None
        },
    }


def _missing(result: UnitResult) -> dict[str, Any]:
    unit = result.unit
    return {"unit": unit.code, "name": unit.name, "tier": unit.tier}


def _percent(index: Fraction) -> str:
    return plain(quantise(index, _INDEX_DECIMALS))
