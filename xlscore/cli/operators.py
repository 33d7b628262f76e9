"""`takeover`, `doctor`: who runs intake, and whether everything is in order."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

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
    print_table,
    say,
    warn,
)
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.doctoring import Check
    from xlscore.ledger import Ledger
    from xlscore.reasons import Words
    from xlscore.takeover import Mark, Taken
    from xlscore.workspace import Workspace


def _said(words: Words) -> str:
    return words[0 if i18n.language() == "vi" else 1]


@click.command(short_help="Let this host run intake from now on.")
@campaign_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--new-inbox",
    is_flag=True,
    help="The inbox was moved, or its mark is gone or damaged: follow it all the same.",
)
def takeover(folder: Path, yes: bool, new_inbox: bool) -> None:
    """Take the inbox over from the host that runs intake now.

    Stop the watcher there first, and bring its folder data/ along: ledger, archive and keys.
    """
    from xlscore.ledger import is_begun, open_ledger
    from xlscore.sentinel import SentinelError
    from xlscore.takeover import TakeoverError, look

    workspace = open_campaign(folder)
    workspace.require_keys(issued=True)  # nobody is asked for what cannot be done
    # An empty ledger made here would stand in the way of the one that is to be brought along.
    if not is_begun(workspace.ledger_path):
        fail(_("There is no ledger {place} yet.", place=workspace.ledger_path), ENVIRONMENT)
    with open_ledger(workspace.ledger_path) as ledger:
        mark = look(workspace, ledger)
        _tell_mark(workspace, ledger, mark)
        try:
            _take_over(workspace, ledger, mark, ask=not yes, new_inbox=new_inbox)
        except TakeoverError as error:
            _refuse(error.mark)
        except SentinelError as error:
            fail(_("The inbox was not taken over: {what}", what=_said(error.words)), ENVIRONMENT)


def _tell_mark(workspace: Workspace, ledger: Ledger, mark: Mark) -> None:
    from xlscore.takeover import Stand

    if mark.sentinel is not None:
        who, since = mark.sentinel.holder, mark.sentinel.since.astimezone(workspace.campaign.zone)
        say(_("Intake is run by {host} (user {user}) since {since}.",
              host=who.host, user=who.user, since=f"{since:%d/%m/%Y %H:%M}"))  # fmt: skip
    if mark.stand not in {Stand.OURS, Stand.OTHERS}:
        warn(_said(mark.words))
    counted = len(ledger.arrivals())
    say(_("The ledger on this host knows {count} returns.", count=counted))
    if mark.sentinel is not None and mark.sentinel.holder.ledger != ledger.id:
        warn(
            _(
                "It is another ledger than the one that ran intake so far: bring {place} along from"
                " there first, or all returns are taken in once more.",
                place=workspace.data,
            )
        )


def _take_over(
    workspace: Workspace, ledger: Ledger, mark: Mark, *, ask: bool, new_inbox: bool
) -> None:
    from xlscore.takeover import Stand, take_over

    takeable = {Stand.OTHERS, Stand.OLDER}
    if new_inbox:
        takeable |= {Stand.MISSING, Stand.DAMAGED, Stand.OTHER_INBOX}
    if ask and mark.stand in takeable:
        question = _("Has intake been stopped there, and data/ been brought along? Take over now?")
        if not click.confirm(question):
            fail(_("Nothing was changed."), ATTENTION)
    _tell_taken(take_over(workspace, ledger, datetime.now(UTC), new_inbox, mark))


def _tell_taken(taken: Taken) -> None:
    if not taken.changed:
        say(_("This host runs intake already; nothing was changed."))
        return
    if taken.set_aside is not None:
        say(_("Set aside: {path}", path=taken.set_aside))
    say(_("From now on this host runs intake (handover number {epoch}).",
          epoch=taken.sentinel.epoch))  # fmt: skip
    if taken.former is not None:
        say(
            _(
                "On {host}: stop its watcher and its scheduled task; it refuses to collect from now on.",
                host=taken.former.host,
            )
        )
    say(_("Next here: “xlscore doctor”, then “xlscore watch”."))


def _refuse(mark: Mark) -> None:
    from xlscore.takeover import NEEDS_NEW, Stand

    if mark.stand in NEEDS_NEW:
        warn(
            _(
                "If this is the right inbox and no other host collects from it, run"
                " “xlscore takeover --new-inbox”."
            )
        )
    code = ENVIRONMENT if mark.stand is Stand.UNREACHABLE else USAGE
    fail(_("The inbox was not taken over: {what}", what=_said(mark.words)), code)


@click.command(short_help="Examine this host, the folders, the ledger, the watcher.")
@campaign_option
@json_option
@click.option("--offline", is_flag=True, help="Do not ask the mail server.")
def doctor(folder: Path, as_json: bool, offline: bool) -> None:
    """Examine this host, the campaign's folders, the ledger, the inbox, the watcher, editions and mail.

    Exit code: 0 all is well, 1 warnings, 3 errors.
    """
    from xlscore.doctoring import Level, examine

    _speak_as(folder)
    checks = examine(folder, offline=offline)
    if as_json:
        print_json({"checks": [_as_json(check) for check in checks]})
    else:
        _print_checks(checks)
    levels = {check.level for check in checks}
    if Level.ERROR in levels:
        raise SystemExit(ENVIRONMENT)
    raise SystemExit(ATTENTION if Level.WARNING in levels else FINE)


def _speak_as(folder: Path) -> None:
    """Speak the campaign's language, if it opens and nobody asked for another."""
    from xlscore.workspace import WorkspaceError, open_workspace

    asked = click.get_current_context().find_root().params.get("language")
    try:
        i18n.use(asked or open_workspace(folder).campaign.settings.language)
    except (WorkspaceError, OSError):
        return  # examined, and told, like everything else


def _as_json(check: Check) -> dict[str, str]:
    return {
        "group": check.group.value,
        "name": check.name,
        "level": check.level.value,
        "said": _said(check.said),
        "remedy": _said(check.remedy),
    }


def _print_checks(checks: list[Check]) -> None:
    from xlscore.doctoring import Level

    words = {
        Level.OK: _("fine"),
        Level.NOTE: _("note"),
        Level.WARNING: _("WARNING"),
        Level.ERROR: _("ERROR"),
    }
    for group, of_group in groupby(checks, key=lambda check: check.group):
        say(_said(group.heading))
        rows = [
            [words[check.level], _said(check.title), _said(check.said) + _remedy(check)]
            for check in of_group
        ]
        print_table([_("Result"), _("Check"), _("What was found")], rows)
    counts = {level: sum(1 for check in checks if check.level is level) for level in Level}
    say(_("Errors: {errors}; warnings: {warnings}; notes: {notes}; fine: {fine}.",
          errors=counts[Level.ERROR], warnings=counts[Level.WARNING],
          notes=counts[Level.NOTE], fine=counts[Level.OK]))  # fmt: skip


def _remedy(check: Check) -> str:
    return f"\n→ {_said(check.remedy)}" if check.remedy[0] else ""
