"""`release`, `remind`: scorecards and reminders on their way to the units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlscore.cli.common import (
    ATTENTION,
    ENVIRONMENT,
    FINE,
    USAGE,
    campaign_option,
    fail,
    json_option,
    know,
    know_tiers,
    open_campaign,
    print_json,
    print_table,
    progress_bar,
    say,
    warn,
)
from xlscore.i18n import _, language

if TYPE_CHECKING:
    from xlscore.campaign import Unit
    from xlscore.drafts import Problem
    from xlscore.handing_out import Handed, Released
    from xlscore.reminding import Reminded
    from xlscore.workspace import Workspace


@click.command(short_help="Hand the issued scorecards out.")
@campaign_option
@json_option
@click.option(
    "--folders", "channel", flag_value="folders", default="folders",
    help="Into a folder per unit, in the outbox or in DIR (the default).",
)  # fmt: skip
@click.option(
    "--mail", "channel", flag_value="mail",
    help="As drafts of letters, into _thu/phat-hanh/ of the outbox or of DIR.",
)  # fmt: skip
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="A folder that is there already, such as a share; the outbox by default.",
)  # fmt: skip
@click.option(
    "--tier", "tiers", multiple=True, metavar="T", help="Only this tier; may be repeated."
)
@click.option(
    "--unit", "units", multiple=True, metavar="U", help="Only this unit; may be repeated."
)
@click.option("--again", is_flag=True, help="Hand out also what went out before.")
def release(
    folder: Path,
    as_json: bool,
    channel: str,
    target: Path | None,
    tiers: tuple[str, ...],
    units: tuple[str, ...],
    again: bool,
) -> None:
    """Hand out the issued scorecards that have not gone out yet; safe to run again.

    A file in a unit's folder is never written over: somebody may be filling it in.
    """
    from xlscore import handing_out
    from xlscore.ledger import open_ledger

    workspace = open_campaign(folder)
    chosen = _chosen(workspace, tiers, units)
    if target is not None and not target.is_dir():
        fail(_("There is no folder “{place}”: make it or connect the drive, then run this again.",
               place=target), ENVIRONMENT)  # fmt: skip
    with _usable(), open_ledger(workspace.ledger_path) as ledger, progress_bar() as draw:
        released = handing_out.release(
            workspace,
            ledger,
            handing_out.Way(handing_out.Channel(channel), target, again),
            datetime.now(UTC),
            units=chosen,
            progress=lambda at, n: draw(_("Handing out"), at, n),
        )
    if as_json:
        print_json(_released_json(channel, released))
    else:
        _print_released(channel, released, target or workspace.outbox)
    raise SystemExit(ATTENTION if released.problems else FINE)


def _chosen(workspace: Workspace, tiers: tuple[str, ...], units: tuple[str, ...]) -> list[Unit]:
    campaign = workspace.campaign
    know_tiers(campaign, tiers)
    know(units, campaign.units, _("There is no unit “{name}”. Known: {known}."))
    chosen = [
        unit
        for unit in campaign.active.values()
        if (not tiers or unit.tier in tiers) and (not units or unit.code in units)
    ]
    if not chosen and (tiers or units):
        fail(_("No unit that takes part fits this choice of tiers and units."), USAGE)
    return chosen


@contextmanager
def _usable() -> Iterator[None]:
    """Leave where the office's own text, or the folder it named, cannot be used."""
    from xlscore.handing_out import TargetError
    from xlscore.letter_texts import LetterTextError

    try:
        yield
    except (TargetError, LetterTextError) as error:
        fail(_said(error.words), USAGE)


def _print_released(channel: str, released: Released, place: Path) -> None:
    for handed in released.handed:
        if handed.kept:
            say(_kept(handed))
    units = len({handed.unit for handed in released.handed})
    count = sum(len(handed.serials) for handed in released.handed)
    if channel == "mail" and released.handed:
        drafts = released.handed[0].path.parent
        say(_("Letter drafts for {units} units, {count} scorecards, in {place}: open them, look them"
              " through and send them; nothing has been sent.",
              units=units, count=count, place=drafts))  # fmt: skip
    else:
        say(_("{units} units were given {count} scorecards, in {place}.",
              units=units, count=count, place=place))  # fmt: skip
    if released.left:
        say(_("{count} left: handed out before (--again does it again).",
              count=len(released.left)))  # fmt: skip
    _warn(released.problems)


def _kept(handed: Handed) -> str:
    return _(
        "{unit}: “{kept}” in the folder is another file and stays; form no. {serial} is “{name}”.",
        unit=handed.unit,
        kept=handed.kept,
        serial=handed.serials[0],
        name=handed.path.name,
    )


def _released_json(channel: str, released: Released) -> dict[str, Any]:
    return {
        "channel": channel,
        "handed": [
            {
                "unit": handed.unit,
                "serials": list(handed.serials),
                "path": str(handed.path),
                "target": handed.target,
                "found": handed.found,
                "kept": handed.kept,
            }
            for handed in released.handed
        ],
        "left": [{"unit": unit, "serial": serial} for unit, serial in released.left],
        "problems": _problems_json(released.problems),
    }


@click.command(short_help="Write reminders to the units that have not submitted.")
@campaign_option
@json_option
@click.option(
    "--tier", "tiers", multiple=True, metavar="T", help="Only this tier; may be repeated."
)
@click.option(
    "--before", type=click.IntRange(0, 3660), metavar="N",
    help="Only where the deadline is at most N days ahead, or has passed.",
)  # fmt: skip
def remind(folder: Path, as_json: bool, tiers: tuple[str, ...], before: int | None) -> None:
    """Write a draft to every unit whose scorecard is missing, a draft, partial or refused.

    The drafts are in _thu/nhac-nop/ of the outbox; the same day again writes them anew.
    """
    from xlscore import reminding
    from xlscore.ledger import open_ledger

    workspace = open_campaign(folder)
    know_tiers(workspace.campaign, tiers)
    with _usable(), open_ledger(workspace.ledger_path) as ledger:
        now = datetime.now(UTC)
        reminded = reminding.remind(workspace, ledger, now, tiers=tiers, days_before=before)
    if as_json:
        print_json(_reminded_json(workspace, reminded))
    else:
        _print_reminded(workspace, reminded)
    raise SystemExit(ATTENTION if reminded.problems else FINE)


def _print_reminded(workspace: Workspace, reminded: Reminded) -> None:
    campaign = workspace.campaign
    if reminded.written:
        print_table(
            [_("Code"), _("Unit"), _("State"), _("Deadline"), _("Draft")],
            [
                [
                    r.standing.unit.code,
                    r.standing.unit.name,
                    _(r.standing.state.value),
                    f"{campaign.deadline(r.standing.unit).astimezone(campaign.zone):%d/%m/%Y}",
                    r.path.name,
                ]
                for r in reminded.written
            ],
        )
        place = reminded.written[0].path.parent
        say(_("{count} drafts written to {place}.", count=len(reminded.written), place=place))
    elif not reminded.problems:
        say(_("Nobody needs to be reminded."))
    _warn(reminded.problems)


def _reminded_json(workspace: Workspace, reminded: Reminded) -> dict[str, Any]:
    return {
        "reminders": [
            {
                "unit": r.standing.unit.code,
                "name": r.standing.unit.name,
                "tier": r.standing.unit.tier,
                "state": r.standing.state.value,
                "deadline": workspace.campaign.deadline(r.standing.unit)
                .astimezone(UTC)
                .isoformat(),
                "path": str(r.path),
            }
            for r in reminded.written
        ],
        "problems": _problems_json(reminded.problems),
    }


# --- what could not be done -------------------------------------------------------------------------


def _said(words: tuple[str, str]) -> str:
    return words[0 if language() == "vi" else 1]


def _warn(problems: Iterable[Problem]) -> None:
    for problem in problems:
        warn(f"{problem.unit}: {_problem(problem)}")


def _problems_json(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [
        {"unit": p.unit, "reason": p.reason.value, "file": p.file, "message": _problem(p)}
        for p in problems
    ]


def _problem(problem: Problem) -> str:
    """Say what could not be done for a unit, and what to do."""
    templates = {
        "not-issued": _("no scorecard has been issued: run “{command}”."),
        "old-rubric": _("the rubric has changed since the form was issued, which would be refused:"
                        " run “{command}”."),
        "no-file": _("“{file}” is not there or cannot be read: run “{command}”."),
        "another-form": _("“{file}” is not the form in force: run “{command}”."),
        "changed": _("“{file}” was changed, or the campaign's texts were since it was written:"
                     " “{command} --force” writes it anew and keeps aside what is there."),
        "no-address": _("has no mail address: put it into the column “email” of the table of units"
                        " (several with “;” between them), or use “xlscore release --folders”."),
        "bad-letter": _("no letter can be made: {why}."),
        "not-written": _("“{file}” cannot be written: {why}."),
    }  # fmt: skip
    # Without --by-role a whole card would be issued, and the role cards revoked.
    command = f"xlscore generate --unit {problem.unit}{' --by-role' if problem.by_role else ''}"
    why = _said(problem.words)
    return templates[problem.reason].format(file=problem.file, why=why, command=command)
