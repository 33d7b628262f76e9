"""`release`: forms on their way to those who fill them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlscore.cli.common import (
    ATTENTION,
    ENVIRONMENT,
    FINE,
    NUMBER,
    USAGE,
    campaign_option,
    fail,
    json_option,
    know,
    know_tiers,
    open_campaign,
    print_json,
    progress_bar,
    say,
)
from xlscore.cli.problems import issuing_command, problems_json, usable, warn_of
from xlscore.i18n import _
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_SHEET, SCORECARD, SURVEY

if TYPE_CHECKING:
    from xlscore.campaign import Unit
    from xlscore.handing_out import Handed, Released
    from xlscore.workspace import Workspace


WHAT = {
    "scorecards": SCORECARD,
    "appraisal": APPRAISAL,
    "replies": REPLY,
    "council": COUNCIL,
    "surveys": SURVEY,
    "results": RESULT_SHEET,
}
"""What may be handed out: names for people, and the kinds of forms."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which forms, and whose."""

    what: str
    round: int | None
    tiers: tuple[str, ...]
    units: tuple[str, ...]


def _wanted_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that choose forms and those they go to; the command gets them as one."""

    @click.option(
        "--what", type=click.Choice(list(WHAT)), default="scorecards",
        help="Which forms; the scorecards by default.",
    )  # fmt: skip
    @click.option(
        "--round", "round_", type=NUMBER, metavar="N",
        help="Of which round of appraisal; the last that was issued by default.",
    )  # fmt: skip
    @click.option(
        "--tier", "tiers", multiple=True, metavar="T", help="Only this tier; may be repeated."
    )
    @click.option(
        "--unit", "units", multiple=True, metavar="U",
        help="Only this unit, or this agency; may be repeated.",
    )  # fmt: skip
    @wraps(command)
    def called(
        what: str, round_: int | None, tiers: tuple[str, ...], units: tuple[str, ...], **more: Any
    ) -> None:
        command(wanted=_Wanted(what, round_, tiers, units), **more)

    return called


@click.command(short_help="Hand the issued forms out.")
@campaign_option
@json_option
@_wanted_options
@click.option(
    "--folders", "channel", flag_value="folders", default="folders",
    help="Into a folder for each, in the outbox or in DIR (the default).",
)  # fmt: skip
@click.option(
    "--mail", "channel", flag_value="mail",
    help="As drafts of letters, into _thu/phat-hanh/ of the outbox or of DIR.",
)  # fmt: skip
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="A folder that is there already, such as a share; the outbox by default.",
)  # fmt: skip
@click.option("--again", is_flag=True, help="Hand out also what went out before.")
def release(
    folder: Path, as_json: bool, wanted: _Wanted, channel: str, target: Path | None, again: bool
) -> None:
    """Hand out the issued forms that have not gone out yet; safe to run again.

    Scorecards, replies and results go to the units, books of appraisal to the agencies, those of the
    council and the surveys to the coordinator. A file in a folder is never written over: somebody may
    be filling it in.
    """
    from xlscore import handing_out
    from xlscore.ledger import open_ledger

    workspace = open_campaign(folder)
    kind = WHAT[wanted.what]
    chosen = _chosen(workspace, kind, wanted)
    rounds = len(workspace.campaign.settings.appraisal.rounds)
    if wanted.round is not None and wanted.round > rounds:
        fail(_("The campaign has no round {round}.", round=wanted.round), USAGE)
    if target is not None and not target.is_dir():
        fail(_("There is no folder “{place}”: make it or connect the drive, then run this again.",
               place=target), ENVIRONMENT)  # fmt: skip
    with usable(), open_ledger(workspace.ledger_path) as ledger, progress_bar() as draw:
        number = wanted.round or handing_out.latest_round(workspace, ledger, kind)
        released = handing_out.release(
            workspace,
            ledger,
            handing_out.Way(handing_out.Channel(channel), target, again, kind, number),
            datetime.now(UTC),
            units=chosen,
            progress=lambda at, n: draw(_("Handing out"), at, n),
        )
    if as_json:
        print_json({"what": wanted.what, "round": number, **_released_json(channel, released)})
    else:
        _print_released(channel, released, target or workspace.outbox)
        if chosen is None and not (released.handed or released.left or released.problems):
            say(
                _(
                    "No such form has been issued: run “{command}”.",
                    command=issuing_command(kind, number),
                )
            )
    raise SystemExit(ATTENTION if released.problems else FINE)


def _chosen(workspace: Workspace, kind: str, wanted: _Wanted) -> list[Unit | str] | None:
    """Return whom to serve; None: everybody who has such a form."""
    campaign, tiers, units = workspace.campaign, wanted.tiers, wanted.units
    know_tiers(campaign, tiers)
    if kind in {APPRAISAL, COUNCIL, SURVEY}:
        if tiers:
            fail(_("These forms go to agencies: --tier does not apply."), USAGE)
        know(units, campaign.agencies, _("There is no agency “{name}”. Known: {known}."))
        return list(units) or None
    know(units, campaign.units, _("There is no unit “{name}”. Known: {known}."))
    if kind != SCORECARD and not tiers and not units:
        return None
    # A result is given back also to those that the unit above them appraises.
    among = campaign.active if kind == RESULT_SHEET else campaign.scored_here
    chosen: list[Unit | str] = [
        unit
        for unit in among.values()
        if (not tiers or unit.tier in tiers) and (not units or unit.code in units)
    ]
    if not chosen and (tiers or units):
        fail(_("No unit that takes part fits this choice of tiers and units."), USAGE)
    return chosen


def _print_released(channel: str, released: Released, place: Path) -> None:
    for handed in released.handed:
        if handed.kept:
            say(_kept(handed))
    units = len({handed.unit for handed in released.handed})
    count = sum(len(handed.serials) for handed in released.handed)
    if channel == "mail" and released.handed:
        drafts = released.handed[0].path.parent
        say(_("Letter drafts for {units} recipients, {count} forms, in {place}: open them, look them"
              " through and send them; nothing has been sent.",
              units=units, count=count, place=drafts))  # fmt: skip
    else:
        say(_("{units} recipients were given {count} forms, in {place}.",
              units=units, count=count, place=place))  # fmt: skip
    if released.left:
        say(_("{count} left: handed out before (--again does it again).",
              count=len(released.left)))  # fmt: skip
    warn_of(released.problems)


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
        "problems": problems_json(released.problems),
    }
