"""`check`, `collect`, `status`: what came back."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlscore.cli.common import (
    ATTENTION,
    ENVIRONMENT,
    FINE,
    USAGE,
    campaign_option,
    fail,
    json_option,
    know_tiers,
    open_campaign,
    print_findings,
    print_json,
    print_table,
    progress_bar,
    say,
    warn,
)
from xlscore.findings import Severity, Status
from xlscore.i18n import _, language

if TYPE_CHECKING:
    from xlscore.intake import Collected, Door
    from xlscore.ledger import Recorded
    from xlscore.standing import Standing
    from xlscore.workbooks.returns import Return
    from xlscore.workspace import Workspace

_SHOWN = 12
"""So many file names are listed on one line."""


@click.command(short_help="Check returned files, recording nothing.")
@campaign_option
@json_option
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(folder: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """Check returned FILES without recording anything."""
    from xlscore.jsonshapes import return_to_json
    from xlscore.previewing import preview

    workspace = open_campaign(folder)
    for path in files:
        if not os.path.lexists(
            path
        ):  # a link that leads nowhere is there, and is told as what it is
            fail(_("There is no file “{place}”: look at the file's name again.", place=path), USAGE)
    with progress_bar() as draw:
        seen = list(preview(workspace, files, lambda at, n: draw(_("Checking"), at, n)))
    if as_json:
        print_json([return_to_json(outcome, version) for outcome, version in seen])
    else:
        for outcome, _version in seen:
            _print_return(outcome)
    fine = all(outcome.status is Status.VALID for outcome, _version in seen)
    raise SystemExit(FINE if fine else ATTENTION)


def _print_return(outcome: Return) -> None:
    words = {
        Status.VALID: click.style(_("valid"), fg="green"),
        Status.DRAFT: click.style(_("draft"), fg="yellow"),
        Status.INVALID: click.style(_("refused"), fg="red"),
        Status.REJECTED: click.style(_("not accepted"), fg="red"),
    }
    say(f"{outcome.file}{_about(outcome)}: {words[outcome.status]}")
    print_findings(outcome.findings, "  ")


def _about(outcome: Return) -> str:
    """Say which form a file is and of whom; of a scorecard only the unit."""
    from xlscore.cardjson import rows_said
    from xlscore.identity import SCORECARD

    token = outcome.token
    if token is None or token.kind == SCORECARD:
        return f" – {outcome.unit.name}" if outcome.unit else ""
    whose = outcome.unit.name if outcome.unit else outcome.subject
    read = ""
    if outcome.content is not None:
        read = ", " + _("{count} rows read", count=rows_said(outcome.content))
    return f" – {kind_words(token.kind, token.round)}, {whose}{read}"


def kind_words(kind: str, round_: int) -> str:
    """Return what a form of another kind than a scorecard is called."""
    from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_BOOK, RESULT_SHEET, SURVEY

    return {
        APPRAISAL: _("appraisal book, round {round}", round=round_),
        REPLY: _("reply, round {round}", round=round_),
        COUNCIL: _("the council's book"),
        SURVEY: _("survey book"),
        RESULT_SHEET: _("result sheet"),
        RESULT_BOOK: _("book of results"),
    }[kind]


@click.command(short_help="Take in what is new in the inbox.")
@campaign_option
@click.option("--settle", type=click.FloatRange(0, 600), help="Seconds a file must stay unchanged.")
def collect(folder: Path, settle: float | None) -> None:
    """Take in what is new in the inbox, once, and write receipts; safe to run again."""
    from xlscore.watching import run_once

    workspace = open_campaign(folder)
    with progress_bar() as draw:
        turn = run_once(
            workspace,
            settle=settle,
            progress=lambda at, n: draw(_("Collecting and checking"), at, n),
        )
    if not turn.collected.door.open:
        fail(door_words(turn.collected.door), ENVIRONMENT)
    print_collected(turn.collected)
    for trouble in turn.troubles:
        warn(_("Not written yet, tried again next time: {what}", what=trouble))
    for trouble in turn.delivered.given_up:
        warn(_("Not written, and not tried again: {what}", what=trouble))
    lost = turn.troubles or turn.delivered.given_up
    attention = turn.collected.needs_attention or bool(lost)
    raise SystemExit(ATTENTION if attention else FINE)


def door_words(door: Door) -> str:
    """Say why nothing is taken in."""
    why = door.words[0 if language() == "vi" else 1]
    return _("The inbox is not available: {why}. Nothing was concluded.", why=why)


def print_collected(collected: Collected) -> None:
    """Print what a pass brought: books, what does not count, what waits, the counts."""
    for recorded in collected.recorded:
        told = _recorded(recorded)
        if told or recorded.status is not Status.VALID:
            say(f"{recorded.file}{told}: {_(recorded.status.value)}")
            print_findings(recorded.findings, "  ")
    print_findings(collected.waiting)
    counts = {s: sum(1 for r in collected.recorded if r.status is s) for s in Status}
    say(_("New: {new} (valid {valid}, drafts {draft}, refused {bad}); unchanged: {same}.",
          new=len(collected.recorded), valid=counts[Status.VALID], draft=counts[Status.DRAFT],
          bad=counts[Status.INVALID] + counts[Status.REJECTED], same=collected.unchanged))  # fmt: skip
    if collected.evidence:
        say(_("Evidence received: {count} files.", count=len(collected.evidence)))


def _recorded(recorded: Recorded) -> str:
    """Say whose an arrival is; of a book that counts also what it is: nothing for a valid scorecard."""
    from xlscore.cardjson import rows_said
    from xlscore.identity import SCORECARD

    if recorded.kind == SCORECARD:
        return (
            f" ({recorded.unit})" if recorded.unit and recorded.status is not Status.VALID else ""
        )
    rows = _("{count} rows read", count=rows_said(recorded.card))
    return f" ({recorded.unit}) – {kind_words(recorded.kind, recorded.round)}, {rows}"


@click.command(short_help="Show who has sent and who has not, per tier.")
@campaign_option
@json_option
@click.option("--tier", metavar="T", help="Only this tier.")
def status(folder: Path, as_json: bool, tier: str | None) -> None:
    """Show who has sent, who is late, missing, refused or still drafting, per tier; then the appraisal."""
    from xlscore.cli.progress import print_progress
    from xlscore.identity import SCORECARD
    from xlscore.jsonshapes import status_to_json
    from xlscore.ledger import is_begun, open_ledger
    from xlscore.proceedings import Proceedings, proceedings
    from xlscore.progress import has_begun, progress
    from xlscore.standing import needs_attention

    workspace = open_campaign(folder)
    know_tiers(workspace.campaign, [tier] if tier is not None else [])
    state = Proceedings(workspace, (), "", datetime.now(UTC))
    if is_begun(workspace.ledger_path):
        with open_ledger(workspace.ledger_path) as ledger:
            state = proceedings(workspace, ledger)
    found = [s for s in state.standings.values() if not tier or s.unit.tier == tier]
    done = progress(state) if has_begun(state.recorded) and not tier else None
    recorded = [r for r in state.recorded if r.kind == SCORECARD]
    if as_json:
        print_json(status_to_json(workspace.campaign, found, done))
    else:
        _print_status(workspace, found)
        if done is not None:
            print_progress(done)
        nobodys = [r.file for r in recorded if not r.unit]
        if nobodys:
            names = ", ".join(nobodys[:_SHOWN]) + (" …" if len(nobodys) > _SHOWN else "")
            say(
                _(
                    "Refused files of no known unit: {count} ({names})",
                    count=len(nobodys),
                    names=names,
                )
            )
        left = [r.unit for r in recorded if r.unit and r.unit not in workspace.campaign.units]
        if left:
            codes = ", ".join(sorted(set(left)))
            say(_("Returns of units that left the campaign: {count} ({codes})",
                  count=len(left), codes=codes))  # fmt: skip
    raise SystemExit(ATTENTION if any(needs_attention(s) for s in found) else FINE)


def _remarks(standing: Standing) -> int:
    # The summary “refused: n errors” is no further error; the receipt does not count it either.
    return sum(
        f.severity is not Severity.NOTE and f.name != "return-refused" for f in standing.findings
    )


def _print_status(workspace: Workspace, found: list[Standing]) -> None:
    from xlscore.standing import State

    zone = workspace.campaign.zone
    for tier, settings in workspace.campaign.settings.tiers.items():
        own = [s for s in found if s.unit.tier == tier]
        if not own:
            continue
        counts = "; ".join(
            f"{_(state.value)} {sum(1 for s in own if s.state is state)}" for state in State
        )
        say(f"{settings.title} – {counts}")
        print_table(
            [_("Code"), _("Unit"), _("State"), _("Version"), _("Received"), _("Findings")],
            [
                [
                    s.unit.code,
                    s.unit.name,
                    _state_words(s),
                    str(s.version or ""),
                    f"{s.received.astimezone(zone):%d/%m/%Y %H:%M}" if s.received else "",
                    str(_remarks(s) or ""),
                ]
                for s in own
            ],
            right=(3, 5),
        )


def _state_words(standing: Standing) -> str:
    words = _(standing.state.value)
    if standing.unproven:
        words += ", " + _("late or not: unproven")
    elif standing.late:
        words += ", " + _("late")
    if standing.newer_invalid:
        words += ", " + _("a newer return was refused")
    return words
