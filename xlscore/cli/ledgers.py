"""`ledger check|backup|rebuild`: the ledger's upkeep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlscore import i18n
from xlscore.cli.common import (
    ATTENTION,
    ENVIRONMENT,
    FINE,
    USAGE,
    campaign_option,
    fail,
    json_option,
    open_campaign,
    print_json,
    progress_bar,
    say,
)
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.upkeep import Checked, Trouble
    from xlscore.workspace import Workspace

_SHOWN = 50
"""So many troubles are listed; the rest is counted."""


@click.group(short_help="Check, back up and rebuild the ledger.")
def ledger() -> None:
    """Check the ledger against its journal and the archive, back it up, rebuild it."""


@ledger.command("check", short_help="Find what was lost or altered; changes nothing.")
@campaign_option
@json_option
def check_command(folder: Path, as_json: bool) -> None:
    """Hold ledger, journal, records and originals against each other, changing nothing."""
    checked = _checked(open_campaign(folder))
    if as_json:
        print_json(_as_json(checked))
    else:
        _print_troubles(checked.troubles)
        if not checked.troubles:
            say(
                _(
                    "The ledger is sound: {events} events, {forms} forms, {arrivals} arrivals,"
                    " {contents} originals. Head: {head}",
                    events=checked.events,
                    forms=checked.forms,
                    arrivals=checked.arrivals,
                    contents=checked.contents,
                    head=checked.head or "-",
                )
            )
    raise SystemExit(ATTENTION if checked.troubles else FINE)


def _checked(workspace: Workspace) -> Checked:
    from xlscore.upkeep import check_ledger

    with progress_bar() as draw:
        return check_ledger(workspace, lambda at, n: draw(_("Reading the archive"), at, n))


def _as_json(checked: Checked) -> dict[str, Any]:
    which = 0 if i18n.language() == "vi" else 1
    return {
        **asdict(checked),
        "troubles": [
            {
                "name": trouble.name,
                "place": trouble.place,
                "what": trouble.what,
                "cure": trouble.cure.value,
                "message": trouble.words[which],
                "remedy": trouble.cure.words[which],
            }
            for trouble in checked.troubles
        ],
    }


def _print_troubles(troubles: Sequence[Trouble]) -> None:
    which = 0 if i18n.language() == "vi" else 1
    shown = troubles[:_SHOWN]
    for cure in dict.fromkeys(trouble.cure for trouble in troubles):
        for trouble in shown:
            if trouble.cure is cure:
                say(f"{click.style('•', fg='red')} {trouble.words[which]}")
        say(f"→ {cure.words[which]}")
    if len(troubles) > _SHOWN:
        say(_("… and {count} more (--json lists them all)", count=len(troubles) - _SHOWN))


@ledger.command("backup", short_help="Copy ledger, journal and keys into a folder.")
@campaign_option
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder that receives the backup; data/backups by default. It may be on a share.",
)
@click.option("--archive", is_flag=True, help="With the originals and records of the archive.")
@click.option(
    "--keep",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Keep only the newest N backups of this campaign there; 0 keeps all.",
)
def backup(folder: Path, target: Path | None, archive: bool, keep: int) -> None:
    """Write a verified backup: the ledger, its journal, the signing keys, campaign.yaml."""
    from xlscore.ledger import is_begun
    from xlscore.upkeep import BackupError, back_up

    workspace = open_campaign(folder)
    if not is_begun(workspace.ledger_path):
        fail(_("There is no ledger {place} yet.", place=workspace.ledger_path), ENVIRONMENT)
    try:
        made = back_up(workspace, target, datetime.now(UTC), archive=archive, keep=keep)
    except BackupError as error:
        fail(_("No backup was made: {what}. Run “xlscore ledger check”.", what=error), ENVIRONMENT)
    say(_("Written: {path}", path=made))


@ledger.command("rebuild", short_help="Write a lost or damaged ledger anew.")
@campaign_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Even though the ledger is sound.")
def rebuild_command(folder: Path, yes: bool, force: bool) -> None:
    """Write a lost or damaged ledger anew from its journal and the archive; the old one is kept."""
    from xlscore.delivering import receipt_name
    from xlscore.upkeep import rebuild

    workspace = open_campaign(folder)
    checked = _checked(workspace)
    _print_troubles(checked.troubles)
    if not checked.needs_rebuild and not force:
        fail(_("A rebuild would mend nothing (--force does it all the same)."), USAGE)
    question = _("Stop all other xlscore commands of this campaign. Rebuild {place} now?",
                 place=workspace.ledger_path)  # fmt: skip
    if not yes and not click.confirm(question):
        fail(_("Nothing was changed."), ATTENTION)
    laid = {path.name for path in workspace.outbox.glob("*/*.html")}
    done = rebuild(
        workspace,
        datetime.now(UTC),
        arrivals_without_receipt=lambda every: [a for a in every if receipt_name(a) not in laid],
    )
    for path in done.set_aside:
        say(_("Set aside: {path}", path=path))
    say(
        _(
            "Rebuilt: {forms} forms, {arrivals} arrivals, {evidence} documents of evidence,"
            " {decisions} decisions. A new chain begins (number {chain}).",
            forms=done.forms,
            arrivals=done.arrivals,
            evidence=done.evidence,
            decisions=done.decisions,
            chain=done.chain,
        )
    )
    if done.editions or done.letters:
        say(_("With {editions} editions of the ranking and {letters} letters.",
              editions=done.editions, letters=done.letters))  # fmt: skip
    if done.lacking:
        say(_("What is gone, or is there without proof:"))
        _print_troubles(done.lacking)
    raise SystemExit(ATTENTION if done.lacking else FINE)
