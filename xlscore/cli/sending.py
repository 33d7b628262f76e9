"""`send`: results and receipts to those who should have them; `mail`: the mail server's password."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
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
    open_campaign,
    print_json,
    say,
    warn,
)
from xlscore.cli.letters import (
    letters_json,
    mb,
    print_letters,
    print_passed,
    print_plan,
    print_waiting,
    problems_words,
)
from xlscore.cli.problems import usable
from xlscore.i18n import _, language

if TYPE_CHECKING:
    from xlscore.ledger import Edition, Ledger
    from xlscore.sending import Plan
    from xlscore.workspace import Workspace

_DRY = "thu-gui-thu"


@dataclass(frozen=True, slots=True)
class _Way:
    """To whom, and whether really; `into` is the folder of a dry run."""

    groups: tuple[str, ...]
    dry_run: bool
    into: Path | None
    yes: bool


@dataclass(frozen=True, slots=True)
class _Call:
    """How `send` was called."""

    workspace: Workspace
    way: _Way
    as_json: bool

    @property
    def folder(self) -> Path:
        """Where a dry run writes."""
        return self.way.into or self.workspace.reports / _DRY


def _way_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say to whom, and whether really; the command gets them as one."""

    @click.option(
        "--to", "groups", multiple=True, metavar="GROUP",
        help="A group of campaign.yaml (mail.groups), don-vi, or bien-nhan; may be repeated.",
    )  # fmt: skip
    @click.option(
        "--dry-run", is_flag=True,
        help="Write the letters into a folder; nothing is sent or recorded.",
    )  # fmt: skip
    @click.option(
        "--into", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
        help="The folder of --dry-run; reports/thu-gui-thu by default.",
    )  # fmt: skip
    @click.option("--yes", is_flag=True, help="Send without asking.")
    @wraps(command)
    def called(
        groups: tuple[str, ...], dry_run: bool, into: Path | None, yes: bool, **more: Any
    ) -> None:
        command(way=_Way(groups, dry_run, into, yes), **more)

    return called


@click.command(short_help="Send the ranking, results and receipts.")
@campaign_option
@json_option
@click.argument("edition", type=NUMBER, required=False)
@_way_options
@click.option("--list", "listed", is_flag=True, help="Only show the letters on record.")
@click.option(
    "--settle", type=(NUMBER, click.Choice(["sent", "again"])), metavar="NUMBER sent|again",
    help="Decide about a letter: it did arrive, or it shall go out once more.",
)  # fmt: skip
def send(
    folder: Path,
    as_json: bool,
    edition: int | None,
    way: _Way,
    listed: bool,
    settle: tuple[int, str] | None,
) -> None:
    """Send an edition (the latest by default) to the groups of campaign.yaml; safe to run again.

    Nobody gets the same letter twice. Without a mail server, drafts are written into _thu/ket-qua/ of
    the outbox, for a person to send. Letters that wait from before are tried as well.
    """
    from xlscore.ledger import open_ledger

    call = _Call(open_campaign(folder), way, as_json)
    with usable(), open_ledger(call.workspace.ledger_path) as ledger:
        if listed:
            raise SystemExit(_list(call, ledger))
        if settle is not None:
            raise SystemExit(_settle(call, ledger, *settle))
        raise SystemExit(_send(call, ledger, edition))


def _list(call: _Call, ledger: Ledger) -> int:
    from xlscore.sending import find_cut_short

    find_cut_short(call.workspace, ledger, datetime.now(UTC))
    rows = ledger.letters()
    if call.as_json:
        print_json({"letters": letters_json(rows), "problems": []})
    else:
        print_letters(rows)
    return ATTENTION if any(row.state in {"failed", "uncertain"} for row in rows) else FINE


def _settle(call: _Call, ledger: Ledger, number: int, outcome: str) -> int:
    from xlscore.sending import Outcome, SettleError, settle

    now = datetime.now(UTC)
    try:
        row = settle(call.workspace, ledger, number, Outcome(outcome), now)
    except SettleError as error:
        fail(error.words[0 if language() == "vi" else 1].capitalize() + ".", USAGE)
    if outcome == Outcome.SENT:
        say(_("Letter {number} is noted as sent.", number=row.id))
        return FINE
    say(_("Letter {number} goes out in its place.", number=row.id))
    return _pass_on(call, ledger, 0)


def _send(call: _Call, ledger: Ledger, number: int | None) -> int:
    from xlscore.archive import ContentError
    from xlscore.sending import Order, plan

    now, groups = datetime.now(UTC), _groups(call)
    edition = _edition(ledger, number, groups)
    try:
        made = plan(call.workspace, ledger, Order(groups, edition, _limit(call)), now)
    except ContentError as error:
        fail(_("“{place}” in the archive was altered: run “xlscore ledger check”.", place=error),
             ENVIRONMENT)  # fmt: skip
    with made:
        return _follow(call, ledger, made, edition, now)


def _follow(call: _Call, ledger: Ledger, made: Plan, edition: Edition | None, now: datetime) -> int:
    from xlscore.sending import queue

    if call.way.dry_run:
        return _dry_run(call, made)
    if made.letters and not _confirmed(call, made, edition):
        say(_("Nothing was sent."))
        return FINE
    queue(call.workspace, ledger, made, now)
    if not call.as_json:
        problems_words(made.problems)
    code = _pass_on(call, ledger, made.before, made)
    return ATTENTION if made.problems else code


def _groups(call: _Call) -> tuple[str, ...]:
    from xlscore.correspondence import RECEIPTS, UNITS

    own = call.workspace.campaign.settings.mail.groups
    know(call.way.groups, (*own, UNITS, RECEIPTS), _("There is no group “{name}”. Known: {known}."))
    if not call.way.groups and not own:
        fail(_("campaign.yaml names nobody to send to: fill in mail.groups, or choose --to don-vi"
               " or --to bien-nhan."), USAGE)  # fmt: skip
    return tuple(dict.fromkeys(call.way.groups or own))


def _edition(ledger: Ledger, number: int | None, groups: Sequence[str]) -> Edition | None:
    from xlscore.correspondence import RECEIPTS

    found = ledger.latest_edition() if number is None else ledger.edition(number)
    if found is None and (number is not None or set(groups) != {RECEIPTS}):
        if number is not None:
            fail(_("There is no edition {number}.", number=number), USAGE)
        fail(_("No ranking has been frozen: run “xlscore rank” first."), USAGE)
    return found


def _limit(call: _Call) -> int:
    """Return the server's limit; where it cannot be asked, each letter is held against it when sent."""
    from xlscore.sending import ServerError, server_limit

    try:
        return server_limit(call.workspace)
    except ServerError as error:
        warn(_("The mail server cannot be asked for its limit: {why}.", why=error))
        return 0


def _dry_run(call: _Call, made: Plan) -> int:
    from xlscore.sending import lay_out

    lay_out(made.composed(), call.folder)
    if call.as_json:
        print_json({
            "letters": [
                {
                    "kind": one.kind, "edition": one.edition, "audience": one.audience,
                    "recipient": one.recipient, "subject": one.subject, "size": one.size,
                }
                for one in made.letters
            ],
            "queued_before": made.before,
            "folder": str(call.folder),
            "problems": [
                {"audience": p.audience, "recipient": p.recipient, "message": _said(p.words)}
                for p in made.problems
            ],
        })  # fmt: skip
    else:
        print_plan(made)
        say(_("{count} letters written to {place}; nothing was sent or recorded.",
              count=len(made.letters), place=call.folder))  # fmt: skip
        problems_words(made.problems)
    return ATTENTION if made.problems else FINE


def _confirmed(call: _Call, made: Plan, edition: Edition | None) -> bool:
    """Return whether letters may really go out; drafts are looked through by a person anyway."""
    from xlscore.sending import is_sent_for_real

    if call.way.yes or not is_sent_for_real(call.workspace):
        return True
    if call.as_json or not sys.stdin.isatty():
        fail(_("Letters would really be sent: look at --dry-run, then add --yes."), USAGE)
    print_plan(made)
    size = mb(sum(one.size for one in made.letters))
    which = _("edition {number}", number=edition.number) if edition else _("receipts")
    return click.confirm(
        _("Send {count} letters ({which}, {size} MB) now?",
          count=len(made.letters), which=which, size=size)
    )  # fmt: skip


def _pass_on(call: _Call, ledger: Ledger, before: int, made: Plan | None = None) -> int:
    """Try what waits and tell what became of it."""
    from xlscore.sending import send_waiting, unsettled

    passed = send_waiting(call.workspace, ledger, at_once=True)
    told = {row.id for row in passed.done}
    known = unsettled(call.workspace, ledger, made.known if made else ())
    stuck = [row for row in known if row.id not in told]
    waiting = [row for row in ledger.open_letters() if row.state == "waiting"]
    if call.as_json:
        problems = made.problems if made else []
        print_json({
            "letters": letters_json([*passed.done, *stuck, *waiting]),
            "queued_before": before,
            "busy": passed.busy,
            "trouble": passed.trouble,
            "problems": [
                {"audience": p.audience, "recipient": p.recipient, "message": _said(p.words)}
                for p in problems
            ],
        })  # fmt: skip
    else:
        print_passed(passed, before, stuck)
        print_waiting(passed, waiting, nothing=not passed.done and not before)
    bad = stuck or any(row.state in {"failed", "uncertain"} for row in passed.done)
    return ENVIRONMENT if passed.trouble else ATTENTION if bad or waiting else FINE


def _said(words: tuple[str, str]) -> str:
    return words[0 if language() == "vi" else 1]


def _has_terminal() -> bool:
    """Whether a password can be typed unseen; else Python would show it, after a warning of its own."""
    return sys.stdin.isatty()


@click.group(short_help="The mail server that letters are handed to.")
def mail() -> None:
    """The mail server that letters are handed to (mail.server in campaign.yaml)."""


@mail.command(name="password", short_help="Keep the server's password in the system's keyring.")
@campaign_option
def keep_password(folder: Path) -> None:
    """Ask for the password of mail.server and keep it in this computer's keyring.

    It is never written into a file of the campaign. Where there is no keyring, set the environment
    variable XLSCORE_MAIL_PASSWORD instead.
    """
    from xlscore.sending import ServerError, account, store

    workspace = open_campaign(folder)
    server = workspace.campaign.settings.mail.server
    if server is None or not server.user:
        fail(_("campaign.yaml names no mail.server with a user: no password is needed."), USAGE)
    if not _has_terminal():
        fail(_("The password is asked for at a terminal: run this in one, or set the environment variable"
               " XLSCORE_MAIL_PASSWORD."), USAGE)  # fmt: skip
    secret = click.prompt(_("Password of {account}", account=account(server)), hide_input=True)
    try:
        store(server, secret)
    except ServerError as error:
        fail(_("Not kept: {why}.", why=error), ENVIRONMENT)
    say(_("Kept in the system's keyring for {account}.", account=account(server)))
