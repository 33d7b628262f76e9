"""Remind units (nhắc nộp phiếu) that have not submitted: drafts of letters in the outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from xlscore.drafts import LETTERS, Draft, Problem, Reason, drop_folder, write_draft
from xlscore.findings import Severity, message
from xlscore.identity import SCORECARD
from xlscore.ledger import Ledger
from xlscore.letter_texts import reminder_values
from xlscore.standing import Standing, State, standings
from xlscore.workspace import Workspace

_DRAFTS = "nhac-nop"
_EVENT = "reminded"
_OUTSTANDING = "card-outstanding"
_SUMMARY = "return-refused"
_SETTLED = {State.SUBMITTED, State.BY_PARENT}
_MOST_LINES = 15
"""A letter names so many errors; the receipt has them all."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A draft that reminds a unit."""

    standing: Standing
    path: Path


@dataclass
class Reminded:
    """What one run wrote."""

    written: list[Reminder] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def remind(
    workspace: Workspace,
    ledger: Ledger,
    now: datetime,
    *,
    tiers: Collection[str] = (),
    days_before: int | None = None,
) -> Reminded:
    """Write a draft for every unit that has not submitted; on the same day over the earlier one.

    Args:
        tiers: only these; all by default.
        days_before: only units whose deadline is at most so many days ahead, or has passed.

    Raises:
        LetterTextError: the office's own text cannot be used; nothing was written.
        LedgerError: the ledger cannot be used.
    """
    done, given = Reminded(), _given(ledger)
    for standing in standings(workspace, ledger.submissions(), now).values():
        tier = standing.unit.tier
        if standing.state in _SETTLED or (tiers and tier not in tiers):
            continue
        if days_before is not None and _days_left(workspace, standing, now) > days_before:
            continue
        _remind_one(workspace, standing, given.get(standing.unit.code), now, done)
    for tier in workspace.campaign.settings.tiers:
        units = [r.standing.unit.code for r in done.written if r.standing.unit.tier == tier]
        if units:
            ledger.event(now, _EVENT, {"units": units, "tier": tier})
    return done


def _given(ledger: Ledger) -> dict[str, list[str]]:
    """Return by unit the roles of the forms that it has been issued."""
    found: dict[str, list[str]] = {}
    for unit, role in ledger.issues(SCORECARD):
        found.setdefault(unit, []).append(role)
    return found


def _days_left(workspace: Workspace, standing: Standing, now: datetime) -> int:
    zone = workspace.campaign.zone
    deadline = workspace.campaign.deadline(standing.unit).astimezone(zone)
    return (deadline.date() - now.astimezone(zone).date()).days


def _remind_one(
    workspace: Workspace,
    standing: Standing,
    roles: list[str] | None,
    now: datetime,
    done: Reminded,
) -> None:
    unit, campaign = standing.unit, workspace.campaign
    if roles is None:
        done.problems.append(Problem(unit.code, Reason.NOT_ISSUED))
        return
    titles = campaign.rubric(unit).roles
    cards = [titles.get(role, role) for role in roles if role]
    day = f"{now.astimezone(campaign.zone):%Y%m%d}"
    path = workspace.outbox / LETTERS / _DRAFTS / f"{unit.code}-{day}.eml"
    folder, lines = drop_folder(workspace, unit), list(_outstanding(standing, cards))
    values = reminder_values(campaign, unit, folder, standing.state, lines, now)
    draft = Draft(path, "reminder", values, f"{unit.code} {day}")
    written = write_draft(workspace, unit, draft, now)
    if isinstance(written, Problem):
        done.problems.append(written)
    else:
        done.written.append(Reminder(standing, written))


def _outstanding(standing: Standing, cards: list[str]) -> Iterator[str]:
    """Yield what is still to be sent or mended."""
    if standing.state is State.MISSING:
        yield from cards
    for found in standing.findings:
        if found.name == _OUTSTANDING:
            yield from found.params["roles"].split("; ")
    errors = [f for f in standing.findings if f.severity is Severity.ERROR and f.name != _SUMMARY]
    for found in errors[:_MOST_LINES]:
        yield message(found, "vi")
    if more := errors[_MOST_LINES:]:
        yield f"và {len(more)} lỗi khác, nêu đủ trong biên nhận"
