"""`history --editions`: what was frozen when, what changed from one edition to the next, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlscore.cli.common import USAGE, fail, print_json, print_table, say
from xlscore.cli.years import say_page, write_page
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.editions.changes import Changes, Issued
    from xlscore.workspace import Workspace

_MOST = 20
"""So many changed units, and changes of one file, are printed; `--json` has them all."""

_NOTHING = "–"
_BIGGEST = 2**31


def tell_editions(
    workspace: Workspace, which: str | None, page: Path | None, *, as_json: bool
) -> None:
    """Print every edition, or one, with what changed since the one before it.

    Args:
        which: number of an edition, as typed.
    """
    from xlscore.editions.change_paper import editions_page
    from xlscore.editions.change_words import issued_to_json
    from xlscore.editions.changes import issued
    from xlscore.ledger import is_begun, open_ledger

    number, head = _number(which), ""
    told: tuple[Issued, ...] = ()
    if is_begun(workspace.ledger_path):
        with open_ledger(workspace.ledger_path) as ledger:
            told, head = issued(workspace, ledger, number), ledger.head()
    if number is not None and not told:
        fail(_("There is no edition {number}.", number=number), USAGE)
    if page is not None:
        write_page(page, editions_page(workspace, told, head, datetime.now(UTC)))
    if as_json:
        zone = workspace.campaign.zone
        print_json({"editions": [issued_to_json(one, zone) for one in told]})
        return
    if told:
        _print(workspace, told)
    else:
        say(_("No edition was frozen yet."))
    say_page(page)


def _number(which: str | None) -> int | None:
    if which is None:
        return None
    if not which.isdecimal() or not 0 < int(which) < _BIGGEST:
        fail(_("After --editions comes the number of an edition, or nothing; not “{given}”.",
               given=which), USAGE)  # fmt: skip
    return int(which)


def _print(workspace: Workspace, told: Sequence[Issued]) -> None:
    from xlscore.editions.change_words import files_words

    zone = workspace.campaign.zone
    print_table(
        [_("Edition"), _("Frozen"), _("Actor"), _("State"), _("With a result"), "reports/"],
        [
            [
                str(one.edition.number),
                f"{one.edition.frozen_at.astimezone(zone):%d/%m/%Y %H:%M:%S}",
                one.edition.frozen_by,
                _("provisional") if one.basis.provisional else _("final"),
                _NOTHING if one.assessed is None else str(one.assessed),
                files_words(one),
            ]
            for one in told
        ],
        right=(0, 4),
    )
    for one in told:
        if one.changes is not None:
            say(_("Edition {number} against edition {before}", number=one.edition.number,
                  before=one.changes.since))  # fmt: skip
            _print_causes(workspace, one.changes, one.edition.number)
            _print_units(workspace, one.changes)
    if any(one.changes for one in told):
        say(_("Figures are those that were frozen; “xlscore verify FILE” shows that they follow from"
              " their basis. How a score came about: “xlscore history UNIT ROW”."))  # fmt: skip


def _print_causes(workspace: Workspace, told: Changes, number: int) -> None:
    from xlscore.editions.change_words import edit_words, event_words, state_words

    zone = workspace.campaign.zone
    if told.events:
        print_table(
            [_("Event"), _("Time"), _("Actor"), _("About"), _("What happened")],
            [
                [line.event, f"{line.at.astimezone(zone):%d/%m/%Y %H:%M:%S}", line.actor,
                 str(line.facts["subject"]) or _NOTHING, event_words(line, zone, number)]
                for line in told.events
            ],
            right=(0,),
        )  # fmt: skip
    else:
        say("  " + _("No return that counts and no decision was recorded in between."))
    if told.without_effect:
        say("  " + _("Drafts and refused returns, without effect: {count}.",
                     count=told.without_effect))  # fmt: skip
    for one in told.inputs:
        say("  " + _("{file} was changed:", file=one.name))
        for edit in (one.edits or ())[:_MOST]:
            say(f"    {edit_words(edit)}")
        if one.edits is None:
            hashes = (side or _NOTHING for side in (one.before, one.after))
            say(f"    SHA-256 {' → '.join(hashes)}")
        elif len(one.edits) > _MOST:
            say("    " + _("{count} more; all are in --json.", count=len(one.edits) - _MOST))
    for state in told.state:
        say(f"  {state_words(state)}")


def _print_units(workspace: Workspace, told: Changes) -> None:
    from xlscore.editions.change_words import unit_cells

    if told.units is None:
        say("  " + _("The frozen results of one of the two are not in the archive as they were:"
                     " “xlscore ledger check”."))  # fmt: skip
        return
    if not told.units:
        say("  " + _("No unit's score, index, rank or band changed."))
        return
    scored = sum(len(set(one.indices)) > 1 for one in told.units)
    say("  " + _("Units that changed: {units}; of them {scored} have another index.",
                 units=len(told.units), scored=scored))  # fmt: skip
    print_table(
        [_("Code"), _("Unit"), _("Index %"), _("Change"), _("Rank"), _("Band"), _("Scores")],
        [unit_cells(workspace.campaign, one) for one in told.units[:_MOST]],
        right=(3,),
    )
    if len(told.units) > _MOST:
        say("  " + _("{count} more; all are in --json.", count=len(told.units) - _MOST))
