"""What appraisers and the council said of a row, what the unit replied, and what became of each word."""

from __future__ import annotations

from collections.abc import Iterator

from xlscore.appraising import Claim
from xlscore.findings import Status
from xlscore.histories.record import Facts, Record, Section, Statement
from xlscore.histories.scores import given, is_left_out
from xlscore.histories.verdicts import Judged, Verdict, judge
from xlscore.identity import APPRAISAL, COUNCIL, REPLY
from xlscore.ledger import Recorded
from xlscore.numbers import plain
from xlscore.proceedings import claims_of, replies_of
from xlscore.rubric import Node


def appraised(record: Record, leaf: Node) -> Iterator[Statement]:
    """Yield every word of appraisers and of the council on a row, in ledger order."""
    for arrival in record.state.recorded:
        if arrival.kind not in {APPRAISAL, COUNCIL}:
            continue
        section = Section.COUNCIL if arrival.kind == COUNCIL else Section.APPRAISED
        for claim in claims_of(arrival):
            if (claim.unit, claim.node) == (record.unit.code, leaf.id):
                facts = _word(record, leaf, claim, arrival)
                yield record.statement(section, section.value, facts, arrival)


def replied(record: Record, leaf: Node) -> Iterator[Statement]:
    """Yield every reply of the unit on a row, in ledger order; of a round the latest holds."""
    latest = {
        r.round: r for r in record.state.replies.get(record.unit.code, ()) if r.node == leaf.id
    }
    for arrival in record.state.recorded:
        if arrival.kind != REPLY or arrival.unit != record.unit.code:
            continue
        for reply in replies_of(arrival):
            if reply.node != leaf.id:
                continue
            refused = _refused(arrival)
            holds = latest.get(reply.round) == reply
            verdict = refused or (Verdict.COUNTS if holds else Verdict.REPLACED)
            facts = {
                **_source(arrival, reply.place),
                "text": reply.text,
                "evidence": reply.evidence,
                "verdict": verdict.value,
                "because": arrival.voided,
            }
            yield record.statement(Section.REPLIED, "replied", facts, arrival)


def _word(record: Record, leaf: Node, claim: Claim, arrival: Recorded) -> Facts:
    judged = _judged(record, leaf, claim, arrival)
    score = given(record, leaf, claim)
    other = judged.other
    return {
        **_source(arrival, claim.place),
        "agency": claim.agency,
        "title": _title(record, claim),
        "decision": claim.decision.value,
        "points": None if claim.points is None else plain(claim.points),
        "values": record.figures(leaf, claim.values),
        "gives": None if score is None or score.points is None else plain(score.points),
        "left_out": is_left_out(score),
        "reason": claim.reason,
        "rest": claim.rest,
        "verdict": judged.verdict.value,
        "because": arrival.voided,
        "other": other.arrival if other else 0,
        "other_by": _title(record, other) if other else "",
    }


def _source(arrival: Recorded, place: str) -> Facts:
    return {
        "submission": arrival.id,
        "round": arrival.round,
        "file": arrival.file,
        "place": place,
        "sha256": arrival.sha256,
        "serial": arrival.serial,
        "received": arrival.received.isoformat(),
    }


def _title(record: Record, claim: Claim) -> str:
    campaign = record.workspace.campaign
    if claim.council:
        return campaign.settings.appraisal.council.title
    agency = campaign.agencies.get(claim.agency)
    return agency.title if agency else claim.agency


def _judged(record: Record, leaf: Node, claim: Claim, arrival: Recorded) -> Judged:
    refused = _refused(arrival)
    if refused is not None:
        return Judged(refused)
    appraisal = record.state.appraisals.get(record.unit.code)
    return judge(appraisal.rows.get(leaf.id) if appraisal else None, claim)


def _refused(arrival: Recorded) -> Verdict | None:
    if arrival.voided:
        return Verdict.VOID
    return None if arrival.status is Status.VALID else Verdict.REFUSED
