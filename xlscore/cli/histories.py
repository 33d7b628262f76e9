"""`history`: everything on record about one unit, or how one of its scores came about."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from xlscore.cli.common import (
    FINE,
    USAGE,
    campaign_option,
    fail,
    json_option,
    know,
    open_campaign,
    print_json,
    print_table,
    say,
)
from xlscore.cli.editions import tell_editions
from xlscore.cli.years import say_page, tell_years, write_page
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.campaign import Unit
    from xlscore.histories import Line, NoSuchRowError, Story
    from xlscore.ledger import Ledger
    from xlscore.rubric import Node
    from xlscore.workspace import Workspace


def _file(_context: click.Context, _option: click.Parameter, given: Path | None) -> Path | None:
    """Refuse an option in the place of the file: `--page -C DIR` would write to “-C”."""
    if given is not None and str(given).startswith("-"):
        fail(
            _("After --page comes the name of a file; “{given}” is an option.", given=given), USAGE
        )
    return given


@click.command(short_help="Show everything on record about one unit, or how a score came about.")
@campaign_option
@json_option
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    callback=_file,
    help="Also write it as one page (HTML) to be printed.",
)
@click.option("--years", is_flag=True, help="Show index, rank and domains over the years instead.")
@click.option(
    "--editions",
    is_flag=True,
    help="Show the editions instead, and what changed between them; UNIT may be an edition's number.",
)
@click.argument("code", metavar="UNIT", required=False)
@click.argument("row", metavar="ROW", required=False)
def history(
    folder: Path,
    code: str | None,
    row: str | None,
    page: Path | None,
    years: bool,
    editions: bool,
    as_json: bool,
) -> None:
    """Show the forms, returns and decisions of UNIT, each with its event, time and actor.

    With ROW (a printed number or an id) show how the score of that row came about: what was declared,
    each appraiser's word, replies, the council, figures of others, and how the final score follows.

    With --editions and no UNIT show every edition of the ranking, which units changed since the one
    before it, and why.
    """
    if editions:
        if row is not None or years:
            fail(_("--editions takes neither a row nor --years."), USAGE)
        tell_editions(open_campaign(folder), code, page, as_json=as_json)
        return
    if code is None:
        context = click.get_current_context()
        missing = next(one for one in context.command.params if one.name == "code")
        raise click.MissingParameter(ctx=context, param=missing, param_hint=f"'{missing.metavar}'")
    workspace = open_campaign(folder)
    if years:
        if row is not None:
            fail(_("--years is about a whole unit: leave out the row."), USAGE)
        tell_years(workspace, code, page, as_json=as_json)
        return
    _tell(workspace, code, row, page, as_json=as_json)


def _tell(
    workspace: Workspace, code: str, row: str | None, page: Path | None, *, as_json: bool
) -> None:
    from xlscore.histories import history_of, unit_on_record
    from xlscore.ledger import is_begun, open_ledger

    campaign = workspace.campaign
    unit, lines, head = campaign.units.get(code), [], ""
    if row is not None and unit is not None:
        node = _node(workspace, unit, row)
        if not is_begun(workspace.ledger_path):
            fail(_("Nothing is on record yet."), USAGE)
        with open_ledger(workspace.ledger_path) as ledger:
            _tell_row(workspace, ledger, unit, node, page, as_json=as_json)
        return
    if is_begun(workspace.ledger_path):
        with open_ledger(workspace.ledger_path) as ledger:
            unit, head = unit or unit_on_record(ledger, code), ledger.head()
            lines = history_of(workspace, ledger, unit) if unit else []
    if unit is None:
        know([code], campaign.units, _("There is no unit “{name}”. Known: {known}."))
        return
    if row is not None:
        fail(_("{unit} is not in the list of units any more, so that its rows have no rubric;"
               " `history {unit}` tells what is on record.", unit=code), USAGE)  # fmt: skip
    _tell_unit(workspace, unit, lines, head, page, as_json=as_json)


# --- a unit -------------------------------------------------------------------------------------------


def _tell_unit(
    workspace: Workspace,
    unit: Unit,
    lines: list[Line],
    head: str,
    page: Path | None,
    *,
    as_json: bool,
) -> None:
    from xlscore.histories import unit_page, words

    zone = workspace.campaign.zone
    if page is not None:
        write_page(page, unit_page(workspace, unit, lines, head, datetime.now(UTC)))
    if as_json:
        told = [
            {
                "event": line.event,
                "at": line.at.astimezone(UTC).isoformat(),
                "actor": line.actor,
                "what": line.kind,
                **line.facts,
                "text": words(line, zone),
            }
            for line in lines
        ]
        print_json({"unit": unit.code, "name": unit.name, "tier": unit.tier, "lines": told})
        raise SystemExit(FINE)
    say(f"{unit.code} – {unit.name}")
    print_table(
        [_("Event"), _("Time"), _("Actor"), _("What happened")],
        [
            [line.event, f"{line.at.astimezone(zone):%d/%m/%Y %H:%M:%S}", line.actor, words(line, zone)]
            for line in lines
        ],
        right=(0,),
    )  # fmt: skip
    say_page(page)


# --- a row --------------------------------------------------------------------------------------------


def _node(workspace: Workspace, unit: Unit, row: str) -> Node:
    from xlscore.histories import NoSuchRowError, find_node

    try:
        return find_node(workspace.campaign.rubric(unit), row)
    except NoSuchRowError as error:
        _no_row(workspace, unit, row, error)


def _no_row(workspace: Workspace, unit: Unit, row: str, error: NoSuchRowError) -> NoReturn:
    from xlscore.histories import NoSuchRowError, find_node

    if error.several:
        fail(_("Several rows are numbered “{row}”; name one by its id: {ids}.", row=row,
               ids=", ".join(error.several)), USAGE)  # fmt: skip
    campaign = workspace.campaign
    try:
        find_node(campaign.rubrics[unit.tier], row)
    except NoSuchRowError:
        if error.near:
            near = ", ".join(error.near)
            fail(_("There is no row “{row}”. Nearest: {near}.", row=row, near=near), USAGE)
        fail(_("There is no row “{row}”.", row=row), USAGE)
    reasons = [w.reason for w in campaign.settings.waivers if w.unit == unit.code and w.leave_out]
    why = "; ".join(reasons) or _("it does not apply to such units")
    fail(_("Row “{row}” is left out for {unit}: {why}.", row=row, unit=unit.code, why=why), USAGE)


def _tell_row(
    workspace: Workspace,
    ledger: Ledger,
    unit: Unit,
    node: Node,
    page: Path | None,
    *,
    as_json: bool,
) -> None:
    from xlscore.histories import row_story, story_page, story_to_json

    story = row_story(workspace, ledger, unit, node, datetime.now(UTC))
    if page is not None:
        write_page(page, story_page(story))
    if as_json:
        print_json(story_to_json(story))
        return
    _print_story(story)
    say_page(page)


def _print_story(story: Story) -> None:
    from xlscore.histories import Section, final_words, row_title, section_title, statement_words

    zone = story.workspace.campaign.zone
    say(f"{story.unit.code} – {story.unit.name}")
    say(row_title(story.node))
    for section in Section:
        told = story.section(section)
        if told:
            say(f"\n{section_title(section)}")
            print_table(
                [_("Event"), _("Time"), _("Actor"), _("What happened")],
                [
                    [t.event or "–", f"{t.at.astimezone(zone):%d/%m/%Y %H:%M:%S}" if t.at else "–",
                     t.actor, statement_words(story, t)]
                    for t in told
                ],
                right=(0,),
            )  # fmt: skip
    if story.parts:
        _print_parts(story)
    say(f"\n{_('Result')}")
    for text in final_words(story):
        say(f"  {text}")


def _print_parts(story: Story) -> None:
    from xlscore.histories import points

    decimals = story.workspace.campaign.settings.policies.display_decimals
    print_table(
        [_("Row"), _("Criterion"), _("Maximum"), _("Self"), _("Appraised"), _("Achieved")],
        [
            [part.node.code, part.node.title, points(part.node.max, decimals),
             points(part.own, decimals), points(part.appraised, decimals) if part.decided else "–",
             points(part.achieved.points if part.achieved else None, decimals)]
            for part in story.parts
        ],
        right=(2, 3, 4, 5),
    )  # fmt: skip
