"""`rank --what-if`: what the ranking would be with other rules, weights or scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from xlscore.cli.common import (
    ENVIRONMENT,
    FINE,
    USAGE,
    fail,
    print_findings,
    print_json,
    print_table,
    say,
)
from xlscore.i18n import _, shown

if TYPE_CHECKING:
    from xlscore.supposing import GroupComparison, Scenario
    from xlscore.workspace import Workspace


_MOST_ALONE = 20
"""Other weights change nearly every index: the workbook has them all."""


def run(workspace: Workspace, file: Path, *, as_json: bool) -> NoReturn:
    """Compare the ranking with what `file` supposes, and leave: 0, or 2 where the file has errors."""
    from xlscore.supposing.jsons import comparison_to_json
    from xlscore.what_if import what_if
    from xlscore.workbooks.comparison import TargetInUseError

    try:
        supposed = what_if(workspace, file)
    except TargetInUseError as error:
        fail(_("Close {path} in Excel, then run this again.", path=error.path), ENVIRONMENT)
    print_findings(supposed.findings, err=True)
    if supposed.comparison is None or supposed.path is None:
        raise SystemExit(USAGE)
    if as_json:
        print_json({"file": str(supposed.path), **comparison_to_json(supposed.comparison)})
        raise SystemExit(FINE)
    decimals = workspace.campaign.settings.policies.display_decimals
    say(_("SUPPOSED – NOT A RESULT"))
    for scenario in supposed.comparison.scenarios:
        say(scenario.supposition.title)
        for group in scenario.groups:
            _print_group(group, decimals)
        _print_count(scenario)
    say(_("Comparison: {path}", path=supposed.path))
    raise SystemExit(FINE)


def _print_group(group: GroupComparison, decimals: int) -> None:
    """Print the units that would have another rank or band, and the first of those with another index."""
    moved = [move for move in group.moves if move.moves or move.changes_band]
    alone = [move for move in group.moves if move.changes_index_alone]
    moves = [move for move in group.moves if move in moved or move in alone[:_MOST_ALONE]]
    if not moves:
        return
    say(group.title)
    rows = []
    for move in moves:
        sides = (move.before, move.after)
        ranks = [str(side.rank) if side and side.rank is not None else "–" for side in sides]
        indices = [shown(side.result.decisive_index, decimals) if side else "–" for side in sides]
        bands = [side.band if side else "–" for side in sides]
        rows.append([move.unit.name, *(" → ".join(pair) for pair in (ranks, indices, bands))])
    print_table([_("Unit"), _("Rank"), _("Index %"), _("Band")], rows)


def _print_count(scenario: Scenario) -> None:
    moves = [move for group in scenario.own_groups for move in group.moves]
    say(
        _(
            "{ranks} of {units} ranks and {bands} bands would be others; {alone} more units would have"
            " another index only.",
            ranks=sum(move.moves for move in moves),
            units=len(moves),
            bands=sum(move.changes_band for move in moves),
            alone=sum(move.changes_index_alone for move in moves),
        )
    )
