"""Where every unit stands: which of its returns count, what is missing, late or refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from xlscore.campaign import Unit
from xlscore.cardjson import card_from_json
from xlscore.findings import Finding, Status, finding, has_errors
from xlscore.ledger import Recorded
from xlscore.ranking import days_late
from xlscore.submission import Card, Submission, merge_cards, omissions
from xlscore.workspace import Workspace


class State(StrEnum):
    """What a unit's self-assessment is.

    `missing`: nothing usable arrived; `draft`: only drafts; `partial`: some role cards are outstanding;
    `invalid`: the latest return is refused, or two cards contradict each other; `submitted`.
    """

    MISSING = "missing"
    DRAFT = "draft"
    PARTIAL = "partial"
    INVALID = "invalid"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class Standing:
    """One unit's standing.

    Attributes:
        late: received after the deadline, or not yet complete though it has passed.
        newer_invalid: a newer return waits, refused, while an older one counts.
        findings: of the counting cards, and of every role's latest return if that was refused (of a
            role that nobody waits for, as long as nothing valid came after it).
        submission: what counts, once complete and without contradiction.
    """

    unit: Unit
    state: State
    late: bool = False
    version: int = 0
    received: datetime | None = None
    newer_invalid: bool = False
    findings: tuple[Finding, ...] = ()
    submission: Submission | None = None


def standings(
    workspace: Workspace, recorded: Iterable[Recorded], now: datetime | None = None
) -> dict[str, Standing]:
    """Return the standing of every unit of the campaign, in the order of its list."""
    by_unit: dict[str, list[Recorded]] = {}
    for arrival in recorded:
        by_unit.setdefault(arrival.unit, []).append(_as_of_now(workspace, arrival))
    moment = now or datetime.now(UTC)
    return {
        code: _standing(workspace, unit, by_unit.get(code, []), moment)
        for code, unit in workspace.campaign.active.items()
    }


def _as_of_now(workspace: Workspace, arrival: Recorded) -> Recorded:
    """Return the arrival, refused if the rubric has changed since: its rows may not be there now."""
    unit = workspace.campaign.units.get(arrival.unit)
    if unit is None or arrival.status is not Status.VALID:
        return arrival
    digest = arrival.card["digest"]
    if workspace.campaign.rubric(unit).form_digest.startswith(digest):
        return arrival
    outdated = finding("old-rubric", entered=digest, file=arrival.file)
    return replace(arrival, status=Status.INVALID, findings=(*arrival.findings, outdated))


def counting(arrivals: Iterable[Recorded]) -> dict[str, Recorded]:
    """Return the arrival that counts per role: the latest valid one in ledger order."""
    return {a.role: a for a in arrivals if a.status is Status.VALID}


def _standing(
    workspace: Workspace, unit: Unit, arrivals: Sequence[Recorded], now: datetime
) -> Standing:
    deadline = workspace.campaign.deadline(unit)
    chosen = counting(arrivals)
    if not chosen:
        return _without_valid(unit, arrivals, overdue=now > deadline)
    outstanding = _outstanding(workspace, unit, chosen)
    last = max(chosen.values(), key=lambda a: a.id)
    newest = {a.role: a for a in arrivals}
    refused = [
        a
        for a in newest.values()
        if a.status in {Status.INVALID, Status.REJECTED}
        and (a.role in chosen or a.role in outstanding or a.id > last.id)
    ]
    submission = _submission(workspace, unit, chosen, outstanding)
    findings = (*submission.findings, *(f for a in refused for f in a.findings))
    state = (
        State.INVALID
        if has_errors(submission.findings)
        else State.PARTIAL
        if outstanding
        else State.SUBMITTED
    )
    waiting = state is not State.SUBMITTED and now > deadline
    return Standing(
        unit,
        state,
        days_late(submission.received, deadline) > 0 or waiting,
        last.version,
        submission.received,
        any(a.role not in outstanding for a in refused),
        findings,
        submission if state is State.SUBMITTED else None,
    )


def _without_valid(unit: Unit, arrivals: Sequence[Recorded], *, overdue: bool) -> Standing:
    if not arrivals:
        return Standing(unit, State.MISSING, late=overdue)
    newest = arrivals[-1]
    states = {Status.DRAFT: State.DRAFT, Status.INVALID: State.INVALID}
    state = states.get(newest.status, State.INVALID)
    return Standing(unit, state, overdue, newest.version, newest.received, findings=newest.findings)


def _outstanding(
    workspace: Workspace, unit: Unit, chosen: Mapping[str, Recorded]
) -> tuple[str, ...]:
    """Return the roles still to send; a whole card leaves nobody outstanding."""
    if "" in chosen:
        return ()
    return tuple(role for role in workspace.roles(unit) if role not in chosen)


def _submission(
    workspace: Workspace,
    unit: Unit,
    chosen: Mapping[str, Recorded],
    outstanding: tuple[str, ...],
) -> Submission:
    arrivals = sorted(chosen.values(), key=lambda a: a.id)
    cards = [
        Card(
            a.file,
            a.role,
            a.card["sheet"],
            workspace.layout(unit, a.role),
            card_from_json(a.card),
        )
        for a in arrivals
    ]
    policies = workspace.campaign.settings.policies
    answers, scores, conflicts = merge_cards(workspace.layout(unit), cards, policies.leaf_decimals)
    findings = [*conflicts, *(f for a in arrivals for f in a.findings)]
    if not outstanding and "" not in chosen:
        said = {f.node for f in findings if f.waived} | {f.node for f in conflicts}
        omitted = omissions(workspace.layout(unit), answers)
        findings += [found for found in omitted if found.node not in said]
    if outstanding:
        titles = workspace.campaign.rubric(unit).roles
        names = "; ".join(titles.get(role, role) for role in outstanding)
        findings.append(finding("card-outstanding", params={"roles": names}))
    return Submission(
        unit.code,
        answers,
        scores,
        max(a.received for a in arrivals),
        arrivals[-1].version,
        outstanding,
        tuple(findings),
        tuple(a.file for a in arrivals),
        tuple(a.sha256 for a in arrivals),
    )


def needs_attention(standing: Standing) -> bool:
    """Whether the operator should look at this unit."""
    settled = standing.state is State.SUBMITTED and not standing.newer_invalid
    return not settled or has_errors(standing.findings)
