"""`district authorize|prepare|report|status`: units that appraise and report the units below them."""

from __future__ import annotations

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
    open_campaign,
    print_findings,
    print_json,
    print_table,
    progress_bar,
    say,
    warn,
)
from xlscore.i18n import _, language

if TYPE_CHECKING:
    from xlscore.exporting.districts import DistrictStanding, ReportError
    from xlscore.workspace import Workspace

_SHOWN = 12


@click.group(short_help="Results that districts appraise and report.")
def district() -> None:
    """Let districts appraise their communes in campaigns of their own, and take their results in.

    For tiers with `reported_by_parent: true` in campaign.yaml.
    """


@district.command(short_help="Write the authorisations to report (secret).")
@campaign_option
@click.argument("parents", nargs=-1, metavar="PARENT")
@click.option("--renew", is_flag=True, help="Revoke the old ones: lost, or seen by others.")
def authorize(folder: Path, parents: tuple[str, ...], renew: bool) -> None:
    """Write what lets each PARENT (all by default) report its units: a signed token and a key.

    The files are in data/cap-duoi/. Where the units or their rubrics have changed, the new
    authorisation revokes the one before.
    """
    from xlscore.exporting.districts import authorise

    workspace = open_campaign(folder)
    chosen = parents or _known_parents(workspace)
    _know(workspace, chosen)
    with progress_bar() as draw:
        issued = authorise(
            workspace, chosen, lambda at, n: draw(_("Authorising"), at, n), renew=renew
        )
    for path in issued.written:
        say(_("Written: {path}", path=path))
    _warn_secret()


def _known_parents(workspace: Workspace) -> tuple[str, ...]:
    from xlscore.exporting.districts import reporting_parents

    found = reporting_parents(workspace.campaign)
    if not found:
        fail(_("No unit reports others: no tier with reported_by_parent has units with a parent."),
             USAGE)  # fmt: skip
    return found


def _know(workspace: Workspace, parents: tuple[str, ...]) -> None:
    known = _known_parents(workspace)
    know(parents, known, _("“{name}” reports no units. Those that do: {known}."))


def _warn_secret() -> None:
    warn(_("An authorisation is a secret: whoever has it can report in the district's name. Hand it over"
           " in person or by another safe way, never through the inbox or by plain mail."))  # fmt: skip


@district.command(short_help="Make a district's own campaign folder.")
@campaign_option
@click.argument("parent")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
def prepare(folder: Path, parent: str, target: Path) -> None:
    """Make the campaign folder DIR in which PARENT appraises its units: rubrics, rules, units.

    The authorisation is in its data/: the folder as a whole is a secret, and goes to the district by
    a safe way.
    """
    from xlscore.exporting import districts

    workspace = open_campaign(folder)
    _know(workspace, (parent,))
    try:
        made = districts.prepare(workspace, parent, target)
    except FileExistsError:
        fail(_("“{place}” is not empty.", place=target), USAGE)
    say(_("The campaign of {name} is in {place}: {count} units.",
          name=workspace.campaign.units[parent].name, place=target,
          count=len(made.campaign.units)))  # fmt: skip
    _warn_secret()


@district.command(short_help="Write the book of results to send up.")
@campaign_option
@click.option("--provisional", is_flag=True, help="Also while rows still wait for a result.")
def report(folder: Path, provisional: bool) -> None:
    """Write the signed book of results into reports/, in the campaign of a district."""
    from xlscore.exporting import districts

    workspace = open_campaign(folder)
    try:
        made = districts.report(workspace, provisional=provisional)
    except districts.ReportError as error:
        fail(_refusal_words(error), USAGE)
    except districts.AuthorisationError as error:
        fail(_("“{path}” is no authorisation, or is damaged: ask the office above for it again.",
               path=error), ENVIRONMENT)  # fmt: skip
    results = [unit for unit in made.book.units.values() if unit is not None]
    say(_("Book of results of {name}: {path} ({count} of {all} units have a result).",
          name=made.authorisation.parent_name, path=made.path, count=len(results),
          all=len(made.book.units)))  # fmt: skip
    if made.book.provisional:
        warn(_("Provisional: some rows still wait for a survey or an appraisal."))
    say(_("Send it to “{title}” as it is; changes made in it do not count.",
          title=made.authorisation.title))  # fmt: skip


def _refusal_words(error: ReportError) -> str:
    from xlscore.exporting.districts import Refusal

    about = ", ".join(error.about[:_SHOWN]) + (" …" if len(error.about) > _SHOWN else "")
    return {
        Refusal.NO_AUTHORISATION: _(
            "This campaign reports to nobody: put the authorisation into data/ and its path into"
            " campaign.yaml (reports_to)."
        ),
        Refusal.OTHER_UNITS: _(
            "The units of this campaign are not those of the authorisation ({about}): set the list"
            " right, or ask for a new authorisation.",
            about=about,
        ),
        Refusal.OTHER_RUBRIC: _(
            "These units follow another rubric than the authorisation says: {about}. Use the rubric of"
            " the office above, or ask it for a new authorisation.",
            about=about,
        ),
        Refusal.PROVISIONAL: _(
            "{count} rows still wait for a result ({about}). Settle them, or report provisional results"
            " with --provisional.",
            count=len(error.about),
            about=about,
        ),
    }[error.refusal]


@district.command(short_help="Show whose results have come.")
@campaign_option
@json_option
def status(folder: Path, as_json: bool) -> None:
    """Show of every district its authorisation, the book that counts, and what it leaves open."""
    from xlscore.exporting.districts import district_standings
    from xlscore.ledger import is_begun, open_ledger
    from xlscore.proceedings import proceedings

    workspace = open_campaign(folder)
    found: list[DistrictStanding] = []
    if is_begun(workspace.ledger_path):
        with open_ledger(workspace.ledger_path) as ledger:
            state = proceedings(workspace, ledger, datetime.now(UTC))
            found = list(district_standings(state, ledger))
    if as_json:
        print_json({"campaign": workspace.campaign.settings.id, "districts": [*map(_json, found)]})
    else:
        _print_standings(workspace, found)
    raise SystemExit(ATTENTION if any(not d.settled for d in found) else FINE)


def _json(standing: DistrictStanding) -> dict[str, Any]:
    from xlscore.findings import as_json

    return {
        "parent": standing.parent.code,
        "name": standing.parent.name,
        "units": standing.units,
        "counted": standing.counted,
        "serial": standing.serial or None,
        "received_at": standing.received.isoformat() if standing.received else None,
        "made_at": standing.made.isoformat() if standing.made else None,
        "provisional": standing.provisional,
        "refused": standing.refused,
        "findings": [as_json(f, language()) for f in standing.findings],
    }


def _print_standings(workspace: Workspace, found: list[DistrictStanding]) -> None:
    zone = workspace.campaign.zone
    if not found:
        say(_("No district is authorised yet (xlscore district authorize)."))
        return
    print_table(
        [_("Code"), _("Unit"), _("Authorisation"), _("Received"), _("Units"), _("State")],
        [
            [
                d.parent.code,
                d.parent.name,
                f"{d.serial:05d}" if d.serial else "",
                f"{d.received.astimezone(zone):%d/%m/%Y %H:%M}" if d.received else "",
                f"{d.counted}/{d.units}",
                _state_words(d),
            ]
            for d in found
        ],
        right=(2, 4),
    )
    for standing in found:
        if standing.findings:
            say(f"{standing.parent.code}:")
            print_findings(standing.findings, "  ")


def _state_words(standing: DistrictStanding) -> str:
    if standing.refused:
        return _("a newer return was refused") if standing.made else _("invalid")
    if standing.made is None:
        return _("missing")
    return _("provisional") if standing.provisional else _("complete")
