"""How far the procedure after self-assessment is: per round and agency, replies, surveys, the council."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from xlscore.appraising import Decision, OpenRow, RowAppraisal, UnitAppraisal, agency_of
from xlscore.appraising.replying import contested
from xlscore.appraising.tally import (
    AgencyProgress,
    Progress,
    ReplyProgress,
    RoundProgress,
    RowState,
    SurveyProgress,
)
from xlscore.campaign import Unit
from xlscore.identity import APPRAISAL, REPLY, SCORECARD
from xlscore.ledger import Recorded
from xlscore.methods.base import Source
from xlscore.proceedings import Proceedings
from xlscore.ranking import published_figure
from xlscore.standing import timing

Books = Mapping[tuple[str, int, str], Sequence[Recorded]]
"""What counts by kind, round and sender, in ledger order."""


def has_begun(recorded: Iterable[Recorded]) -> bool:
    """Whether anything but scorecards has arrived; before that nothing needs to be worked out."""
    return any(arrival.kind != SCORECARD for arrival in recorded)


def progress(state: Proceedings) -> Progress:
    """Return how far the procedure is."""
    last = max((a.round for a in state.valid(APPRAISAL, REPLY)), default=1)
    known = len(state.workspace.campaign.settings.appraisal.rounds)
    spoken = (row.council for said in state.appraisals.values() for row in said.rows.values())
    books = _books(state)
    rounds = (_round(state, books, number) for number in range(1, min(last, known) + 1))
    return Progress(
        tuple(this for this in rounds if this.agencies or this.replies),
        tuple(_surveys(state)),
        sum(word is not None for word in spoken),
    )


def _books(state: Proceedings) -> Books:
    found: dict[tuple[str, int, str], list[Recorded]] = {}
    for arrival in state.valid(APPRAISAL, REPLY):
        found.setdefault((arrival.kind, arrival.round, arrival.unit), []).append(arrival)
    return found


def _round(state: Proceedings, books: Books, number: int) -> RoundProgress:
    campaign = state.workspace.campaign
    return RoundProgress(
        number,
        campaign.settings.appraisal.round_title(number),
        campaign.due(APPRAISAL, number),
        campaign.due(REPLY, number),
        tuple(_agencies(state, books, number)),
        tuple(_replies(state, books, number)),
    )


def _agencies(state: Proceedings, books: Books, number: int) -> Iterator[AgencyProgress]:
    campaign = state.workspace.campaign
    counts: dict[str, Counter[RowState]] = {code: Counter() for code in campaign.agencies}
    for code, said in state.appraisals.items():
        unit = campaign.units[code]
        for node in _asked(said, number):
            agency = agency_of(campaign, unit, node, number)
            counts.setdefault(agency, Counter())[_state(said.rows[node], number)] += 1
    for code, by_state in counts.items():
        own = books.get((APPRAISAL, number, code), ())
        if by_state or own:
            received, late = _received(state, own)
            yield AgencyProgress(
                code,
                campaign.agencies[code].title if code in campaign.agencies else code,
                by_state.total(),
                {each: by_state[each] for each in RowState},
                len(own),
                received,
                late,
            )


def _asked(said: UnitAppraisal, number: int) -> Iterator[str]:
    """Yield the rows that a round is about, as its books have them, and those it has decided since."""
    for node, row in said.rows.items():
        if row.in_round(number):
            yield node
        elif number == 1:
            if node not in said.optional:
                yield node
        elif node in said.open or (number - 1, node) in said.replies:
            yield node


def _state(row: RowAppraisal, number: int) -> RowState:
    words = row.in_round(number)
    if row.conflict is not None and any(word is row.conflict[0] for word in words):
        return RowState.CONFLICT
    if any(word.decision is Decision.QUERY for word in words):
        return RowState.QUERIED
    if words:
        return RowState.DECIDED
    if row.open is OpenRow.REOPENED and row.outdated[-1].round == number:
        return RowState.REOPENED
    return RowState.OPEN


def _replies(state: Proceedings, books: Books, number: int) -> Iterator[ReplyProgress]:
    units = state.workspace.campaign.units
    for code, said in state.appraisals.items():
        wanted = contested(said, state.workspace.layout(units[code]), number).keys()
        replied = {node for round_, node in said.replies if round_ == number}
        if wanted or replied:
            received, late = _received(state, books.get((REPLY, number, code), ()))
            yield ReplyProgress(
                code, units[code].name, len(wanted | replied), len(replied), received, late
            )


def _received(state: Proceedings, books: Sequence[Recorded]) -> tuple[datetime | None, bool]:
    """Return when the last of the books arrived, and whether it was late."""
    if not books:
        return None, False
    campaign, last = state.workspace.campaign, books[-1]
    due = campaign.due(last.kind, last.round)
    if due is None:
        return last.received.astimezone(campaign.zone), False
    timed = timing(last, due, campaign.settings.intake.unproven)
    return timed.received.astimezone(campaign.zone), timed.late


def _surveys(state: Proceedings) -> Iterator[SurveyProgress]:
    campaign = state.surveyed.merged(state.workspace.campaign)
    for tier, settings in campaign.settings.tiers.items():
        units = [unit for unit in campaign.active.values() if unit.tier == tier]
        wanted = [(unit, node) for unit in units for node in _survey_rows(state, unit)]
        if wanted:
            layout_of = state.workspace.layout
            figures = (published_figure(campaign, u, layout_of(u), node) for u, node in wanted)
            there = sum(figure is not None for figure in figures)
            yield SurveyProgress(tier, settings.title, there, len(wanted))


def _survey_rows(state: Proceedings, unit: Unit) -> list[str]:
    supplied = state.workspace.layout(unit).supplied
    return [n for n, items in supplied.items() if any(i.source is Source.SURVEY for i in items)]
