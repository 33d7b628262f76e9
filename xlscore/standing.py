"""Where every unit stands: which of its returns count, what is missing, late or refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from xlscore.campaign import Unit
from xlscore.cardjson import card_from_json
from xlscore.findings import Finding, Status, finding, has_errors
from xlscore.identity import SCORECARD
from xlscore.ledger import Recorded
from xlscore.settings import Unproven
from xlscore.submission import Card, Submission, merge_cards, omissions
from xlscore.workspace import Workspace


class State(StrEnum):
    """What a unit's self-assessment is.

    `missing`: nothing usable arrived; `draft`: only drafts; `partial`: some role cards are outstanding;
    `invalid`: the latest return is refused, or two cards contradict each other; `submitted`; `by-parent`:
    the unit above appraises it, so that nothing is waited for here.
    """

    MISSING = "missing"
    DRAFT = "draft"
    PARTIAL = "partial"
    INVALID = "invalid"
    SUBMITTED = "submitted"
    BY_PARENT = "by-parent"


@dataclass(frozen=True)
class Standing:
    """One unit's standing.

    Attributes:
        late: received after the deadline, or not yet complete though it has passed.
        unproven: late by our clock, but it may have lain there in time while nobody was looking; the
            operator is asked (see `campaign.Unproven`).
        newer_invalid: a newer return waits, refused, while an older one counts.
        findings: of the counting cards, and of every role's latest return if that was refused (of a
            role that nobody waits for, as long as nothing valid came after it).
        submission: what counts, once complete and without contradiction.
    """

    unit: Unit
    state: State
    late: bool = False
    unproven: bool = False
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
        if not arrival.voided:
            by_unit.setdefault(arrival.unit, []).append(as_of_now(workspace, arrival))
    moment = now or datetime.now(UTC)
    return {
        code: _standing(workspace, unit, by_unit.get(code, []), moment)
        for code, unit in workspace.campaign.active.items()
    }


def fits(workspace: Workspace, arrival: Recorded) -> bool:
    """Whether a card that was read follows the rubric of today; of a unit that left, none does.

    Forms of other kinds are merged by row, whatever the rubric has become.
    """
    if arrival.kind != SCORECARD:
        return True
    unit = workspace.campaign.units.get(arrival.unit)
    return unit is not None and workspace.campaign.rubric(unit).form_digest.startswith(
        arrival.card["digest"]
    )


def as_of_now(workspace: Workspace, arrival: Recorded) -> Recorded:
    """Return the arrival, refused if the rubric has changed since: its rows may not be there now."""
    if arrival.status is not Status.VALID or arrival.unit not in workspace.campaign.units:
        return arrival
    if fits(workspace, arrival):
        return arrival
    outdated = finding("old-rubric", entered=arrival.card["digest"], file=arrival.file)
    return replace(arrival, status=Status.INVALID, findings=(*arrival.findings, outdated))


@dataclass(frozen=True, slots=True)
class Timing:
    """When a return counts as received, against its deadline.

    Attributes:
        unproven: nobody can tell: no complete scan ran between the deadline and its first sight.
    """

    received: datetime
    late: bool
    unproven: bool = False


def timing(arrival: Recorded, deadline: datetime, policy: Unproven) -> Timing:
    """Return when an arrival counts as received.

    A file that a complete scan after the deadline did not see came after it. Otherwise it may have come
    in time, and only its own time says something, which whoever copies it can set.
    """
    if arrival.received <= deadline:
        return Timing(arrival.received, late=False)
    # A scan that is later than what it preceded was told by a clock that was wrong.
    scanned = arrival.scanned
    seen_absent = scanned is not None and deadline <= scanned <= arrival.received
    if arrival.timed or seen_absent or policy is Unproven.LATE:
        return Timing(arrival.received, late=True)
    if policy is Unproven.ASK:
        return Timing(arrival.received, late=True, unproven=True)
    written = arrival.file_time
    if written is not None and written <= deadline:
        return Timing(written, late=False)
    return Timing(arrival.received, late=True)


def counting(workspace: Workspace, arrivals: Iterable[Recorded]) -> dict[str, Recorded]:
    """Return the arrival that counts per role: the latest valid one, unless a plugin says otherwise.

    What is void, or follows an older rubric, does not count. Whole card and role cards replace each
    other: the latest says which of the two shapes counts. A plugin that fails leaves a finding on the
    return it was asked about.
    """
    return _chosen(workspace, arrivals)[0]


def passed_over(workspace: Workspace, arrivals: Iterable[Recorded]) -> dict[int, str]:
    """Return why plugins let valid arrivals not count, by their number."""
    return _chosen(workspace, arrivals)[1]


def undecided(workspace: Workspace, arrivals: Iterable[Recorded]) -> frozenset[int]:
    """Return the valid arrivals of which a plugin that failed could not say whether they count."""
    return frozenset(_chosen(workspace, arrivals)[2])


def _chosen(
    workspace: Workspace, arrivals: Iterable[Recorded]
) -> tuple[dict[str, Recorded], dict[int, str], set[int]]:
    chosen: dict[str, Recorded] = {}
    passed: dict[int, str] = {}
    unsettled: set[int] = set()
    for arrival in (as_of_now(workspace, a) for a in arrivals if not a.voided):
        if arrival.status is not Status.VALID:
            continue
        choice, failure = workspace.plugins.decide(
            chosen.get(arrival.role), arrival, workspace.campaign
        )
        if failure is not None:
            params = {"plugin": failure.plugin, "what": failure.error}
            failed = finding("plugin-failed", params=params, file=arrival.file)
            arrival = replace(arrival, findings=(*arrival.findings, failed))  # noqa: PLW2901
            unsettled.add(arrival.id)
        if choice.counts:
            # Forms of the other shape were revoked before this one could be sent.
            same = {r: a for r, a in chosen.items() if bool(r) == bool(arrival.role)}
            chosen = same | {arrival.role: arrival}
        else:
            passed[arrival.id] = choice.why
    return chosen, passed, unsettled


def _with_why(arrival: Recorded, passed: Mapping[int, str]) -> Recorded:
    """Return the arrival, with a finding where a plugin lets it not count."""
    if arrival.id not in passed:
        return arrival
    why = passed[arrival.id] or "theo quy tắc của kỳ đánh giá"
    params = {
        "text": f"Lần nộp {arrival.version} hợp lệ nhưng không được tính: {why}.",
        "remedy": "Đơn vị cần thay bản đang được tính thì liên hệ cơ quan tổng hợp.",
    }
    told = finding("plugin-finding", params=params, file=arrival.file)
    return replace(arrival, findings=(*arrival.findings, told))


def _standing(
    workspace: Workspace, unit: Unit, arrivals: Sequence[Recorded], now: datetime
) -> Standing:
    if workspace.campaign.tier(unit).reported_by_parent:
        return Standing(unit, State.BY_PARENT, findings=tuple(_past_parent(workspace, arrivals)))
    deadline = workspace.campaign.deadline(unit)
    chosen, passed, _ = _chosen(workspace, arrivals)
    newest = {a.role: _with_why(a, passed) for a in arrivals}
    if not chosen:
        latest = [newest[arrivals[-1].role]] if arrivals else []
        return _without_valid(unit, latest, overdue=now > deadline)
    outstanding = outstanding_roles(workspace, unit, chosen)
    last = max(chosen.values(), key=lambda a: a.id)
    refused = [
        a
        for a in newest.values()
        if a.status in {Status.INVALID, Status.REJECTED}
        and (a.role in chosen or a.role in outstanding or a.id > last.id)
    ]
    submission = _submission(workspace, unit, chosen, outstanding)
    told = [*refused, *(a for a in newest.values() if a.id in passed)]
    findings = (*submission.findings, *(f for a in told for f in a.findings))
    state = (
        State.INVALID
        if has_errors(submission.findings)
        else State.PARTIAL
        if outstanding
        else State.SUBMITTED
    )
    waiting = state is not State.SUBMITTED and now > deadline
    policy = workspace.campaign.settings.intake.unproven
    timed = [timing(a, deadline, policy) for a in chosen.values()]
    submission = replace(submission, received=max(t.received for t in timed))
    return Standing(
        unit,
        state,
        any(t.late for t in timed) or waiting,
        # One card that is late beyond doubt settles it, whatever is unproven of the others.
        any(t.unproven for t in timed) and all(t.unproven for t in timed if t.late),
        last.version,
        submission.received,
        any(a.role not in outstanding for a in refused),
        findings,
        submission if state is State.SUBMITTED else None,
    )


def _past_parent(workspace: Workspace, arrivals: Iterable[Recorded]) -> Iterable[Finding]:
    """Yield what is to be said of cards that came past the unit above: they count for nothing."""
    units = workspace.campaign.units
    for arrival in arrivals:
        parent = units.get(units[arrival.unit].parent)
        params = {"unit": units[arrival.unit].name, "parent": parent.name if parent else "–"}
        yield finding("card-of-reported-unit", params=params, file=arrival.file)


def _without_valid(unit: Unit, arrivals: Sequence[Recorded], *, overdue: bool) -> Standing:
    if not arrivals:
        return Standing(unit, State.MISSING, late=overdue)
    newest = arrivals[-1]
    states = {Status.DRAFT: State.DRAFT, Status.INVALID: State.INVALID}
    state = states.get(newest.status, State.INVALID)
    return Standing(
        unit,
        state,
        overdue,
        version=newest.version,
        received=newest.received,
        findings=newest.findings,
    )


def outstanding_roles(
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
    if standing.state is State.BY_PARENT:
        return bool(standing.findings)
    settled = standing.state is State.SUBMITTED and not standing.newer_invalid
    settled = settled and not standing.unproven
    return not settled or has_errors(standing.findings)
