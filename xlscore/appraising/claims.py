"""One appraiser's word on one row, one unit's reply to it; both as JSON for the ledger and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from xlscore.answers import value_from_json, value_to_json
from xlscore.methods.base import Value
from xlscore.numbers import plain


class Decision(StrEnum):
    """What an appraiser decides on a row.

    `accept` (Công nhận): the self score, or “Không áp dụng”, stands; `adjust` (Điều chỉnh): another
    score or other figures; `query` (Yêu cầu giải trình): the unit is asked, nothing is decided.
    """

    ACCEPT = "accept"
    ADJUST = "adjust"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Claim:
    """One appraiser's word on one row of one unit.

    Attributes:
        agency: code of the agency; round: number of the round, from 1.
        basis: what it rests on (see `row_basis`).
        points: the appraised score; None where figures were entered instead, or none is needed.
        values: re-entered figures by input key.
        reason: why it differs, or what is to be explained.
        rest: given by the one cell that accepts everything left, not for this row by itself.
        place: sheet and cell in the returned file; file: its name; arrival: its number in the ledger.
        council: the council's word, which is final.
    """

    agency: str
    round: int
    unit: str
    node: str
    decision: Decision
    basis: str
    points: Decimal | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""
    rest: bool = False
    place: str = ""
    file: str = ""
    arrival: int = 0
    council: bool = False

    @property
    def said(self) -> tuple[object, ...]:
        """What is decided, for comparison between agencies; reasons may differ."""
        return self.decision, self.points, tuple(sorted(self.values.items(), key=str))

    @property
    def source(self) -> str:
        """File, sheet and cell, for messages."""
        return ", ".join(filter(None, (self.file, self.place)))


@dataclass(frozen=True, slots=True)
class Reply:
    """A unit's reply (ý kiến phản hồi) on one row, after a round; `evidence` is added evidence."""

    round: int
    unit: str
    node: str
    text: str
    evidence: str = ""
    place: str = ""
    file: str = ""
    arrival: int = 0


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """Return what a claim says; agency, round, file and number are the arrival's."""
    facts: dict[str, Any] = {
        "unit": claim.unit,
        "node": claim.node,
        "decision": claim.decision.value,
        "basis": claim.basis,
        "place": claim.place,
        "points": None if claim.points is None else plain(claim.points),
        "values": {key: value_to_json(value) for key, value in claim.values.items()},
        "reason": claim.reason,
        "rest": claim.rest,
    }
    return {key: said for key, said in facts.items() if said not in (None, {}, "", False)}


def claim_from_json(facts: Mapping[str, Any], **arrival: Any) -> Claim:
    """Return the claim that `claim_to_json` stored; `arrival` gives agency, round, file, arrival."""
    points = facts.get("points")
    return Claim(
        unit=facts["unit"],
        node=facts["node"],
        decision=Decision(facts["decision"]),
        basis=facts["basis"],
        points=None if points is None else Decimal(points),
        values={key: value_from_json(value) for key, value in facts.get("values", {}).items()},
        reason=facts.get("reason", ""),
        rest=facts.get("rest", False),
        place=facts.get("place", ""),
        **arrival,
    )


def reply_to_json(reply: Reply) -> dict[str, str]:
    """Return what a reply says; unit, round, file and number are the arrival's."""
    return {
        "node": reply.node,
        "text": reply.text,
        "evidence": reply.evidence,
        "place": reply.place,
    }


def reply_from_json(facts: Mapping[str, Any], **arrival: Any) -> Reply:
    """Return the reply that `reply_to_json` stored; `arrival` gives unit, round, file, arrival."""
    return Reply(**facts, **arrival)
