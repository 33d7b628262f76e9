"""Decisions of the operator: appended, never rewritten, each an event of the log."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from xlscore.ledger.chapter import Chapter, canonical, to_stamp, to_time
from xlscore.ledger.records import Decision

_EVENTS = {
    "void": "voided",
    "restore": "restored",
    "time": "timed",
    "waive": "waived",
    "unwaive": "unwaived",
}
"""Kind of the event that each kind of decision leaves in the log."""

KINDS = {told: kind for kind, told in _EVENTS.items()}
"""Kind of the decision that each such event tells of."""


class Decisions(Chapter):
    """The chapter of decisions."""

    def decide(self, decision: Decision, now: datetime) -> Decision:
        """Record a decision and its event; call inside a transaction."""
        kept = self.add_decision(replace(decision, decided_at=now))
        body = {
            "decision": kept.id,
            "submission": kept.submission,
            "unit": kept.unit,
            "reason": kept.reason,
            "by": kept.decided_by,
            "body": kept.body,
        }
        self._event(now, _EVENTS[kept.kind], body)
        return kept

    def add_decision(self, decision: Decision) -> Decision:
        """Put a decision on record without an event; call inside a transaction."""
        cursor = self._db.execute(
            "INSERT INTO decisions (id, kind, submission, unit, body, reason, decided_by, decided_at)"
            " VALUES (?,?,?,?,?,?,?,?)",
            (
                decision.id or None, decision.kind, decision.submission or None, decision.unit,
                canonical(decision.body), decision.reason, decision.decided_by,
                to_stamp(decision.decided_at) if decision.decided_at else "",
            ),
        )  # fmt: skip
        return replace(decision, id=int(cursor.lastrowid or 0))

    def decisions(self, *kinds: str) -> list[Decision]:
        """Return the decisions of these kinds (all without any) in order."""
        rows = self._db.execute(
            "SELECT kind, unit, reason, decided_by, coalesce(submission, 0), body, decided_at, id"
            " FROM decisions ORDER BY id"
        ).fetchall()
        return [
            Decision(
                r[0],
                r[1],
                r[2],
                r[3],
                r[4],
                json.loads(r[5]),
                to_time(r[6]) if r[6] else None,
                r[7],
            )
            for r in rows
            if not kinds or r[0] in kinds
        ]

    def waivers(self) -> list[Decision]:
        """Return the waivers in force: `body` names `code` and `row`."""
        return waivers_in_force(self.decisions("waive", "unwaive"))


def waivers_in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the waivers that none of these decisions, in order, has taken back or replaced."""
    standing: dict[tuple[str, str, str], Decision] = {}
    for decision in decisions:
        if decision.kind in {"waive", "unwaive"}:
            key = (decision.unit, str(decision.body["code"]), str(decision.body["row"]))
            standing.pop(key, None)
            if decision.kind == "waive":
                standing[key] = decision
    return list(standing.values())
