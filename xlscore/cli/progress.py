"""How far appraisal, replies and surveys are, as `status` prints it."""

from __future__ import annotations

from datetime import datetime

from xlscore.appraising.tally import (
    AgencyProgress,
    Progress,
    ReplyProgress,
    RoundProgress,
    RowState,
)
from xlscore.cli.common import print_table, say
from xlscore.i18n import _

_SHOWN = 12
"""So many units are listed on one line."""


def print_progress(done: Progress) -> None:
    """Print a table per round, and a line each for replies, surveys and the council."""
    for this in done.rounds:
        _print_round(this)
    for tier in done.surveys:
        say(_("Survey figures, {tier}: {there} of {expected}.",
              tier=tier.title, there=tier.figures, expected=tier.expected))  # fmt: skip
    if done.council:
        say(_("The council has spoken on {count} rows.", count=done.council))


def _print_round(this: RoundProgress) -> None:
    due = _("due {moment}", moment=_shown(this.deadline)) if this.deadline else ""
    say(f"{this.title}{' – ' if due else ''}{due}")
    print_table(
        [_("Code"), _("Agency"), _("Rows"), _("Decided"), _("Queried"), _("Conflicts"),
         _("Reopened"), _("Open"), _("Books"), _("Received")],
        [_agency(agency) for agency in this.agencies],
        right=(2, 3, 4, 5, 6, 7, 8),
    )  # fmt: skip
    if this.replies:
        replied = sum(reply.received is not None for reply in this.replies)
        say(_("Replies: {received} of {expected} units.",
              received=replied, expected=len(this.replies)))  # fmt: skip
        _print_missing(this.replies)


def _print_missing(replies: tuple[ReplyProgress, ...]) -> None:
    missing = [reply.unit for reply in replies if reply.received is None]
    if missing:
        names = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
        say("  " + _("outstanding: {units}", units=names))


def _agency(agency: AgencyProgress) -> list[str]:
    received = _shown(agency.received) if agency.received else ""
    late = ", " + _("late") if agency.late else ""
    counts = (str(agency.states[state] or "") for state in RowState)
    return [
        agency.agency, agency.title, str(agency.rows), *counts, str(agency.books or ""),
        received + late,
    ]  # fmt: skip


def _shown(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M}"
