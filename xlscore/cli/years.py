"""`history --years`: a unit's index, rank and domains over the years."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlscore.cli.common import know, print_findings, print_json, print_table, say
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.histories import OverYears
    from xlscore.numbers import Exact
    from xlscore.workspace import Workspace

_NOTHING = "–"


def tell_years(workspace: Workspace, code: str, page: Path | None, *, as_json: bool) -> None:
    """Print a unit's years; what is wrong with earlier years goes to the error stream."""
    from xlscore.histories import over_years, over_years_to_json, years_page
    from xlscore.ledger import open_ledger
    from xlscore.proceedings import proceedings

    campaign = workspace.campaign
    know([code], campaign.units, _("There is no unit “{name}”. Known: {known}."))
    with open_ledger(workspace.ledger_path) as ledger:
        results = proceedings(workspace, ledger).results
    print_findings(results.years.findings, err=True)
    told = over_years(results, campaign.units[code])
    if page is not None:
        write_page(page, years_page(campaign, told, datetime.now(UTC)))
    if as_json:
        print_json(over_years_to_json(told))
        return
    _print(told, campaign.settings.policies.display_decimals)
    say_page(page)


def _print(told: OverYears, decimals: int) -> None:
    from xlscore.histories import then_words

    say(f"{told.unit.code} – {told.unit.name}")
    print_table(
        [_("Year"), _("Index %"), _("Rank"), _("Band"), _("Change"), _("The unit then")],
        [
            [
                str(line.year),
                _shown(line.index, decimals),
                str(line.rank or _NOTHING),
                line.band or _NOTHING,
                _signed(line.change, decimals),
                then_words(told.unit, line),
            ]
            for line in told.lines
        ],
        right=(1, 2, 4),
    )
    print_table(
        [_("Row"), _("Domain"), *(str(line.year) for line in told.lines)],
        [
            [
                node.code,
                node.title,
                *(_shown(line.domains.get(node.id), decimals) for line in told.lines),
            ]
            for node in told.rubric.domains
        ],
        right=range(2, 2 + len(told.lines)),
    )
    for place, one in enumerate(told.movements):
        if not place:
            say(_("What changed most (percentage points):"))
        say(f"  {one.domain.code} {one.domain.title}: {_signed(one.by, decimals)}")


def _shown(value: Exact | None, decimals: int) -> str:
    from xlscore.i18n import shown
    from xlscore.numbers import quantise

    return _NOTHING if value is None else shown(quantise(value, decimals), decimals)


def _signed(value: Exact | None, decimals: int) -> str:
    from xlscore.i18n import signed

    return _NOTHING if value is None else signed(value, decimals)


def write_page(path: Path, html: str) -> None:
    """Write a page where the operator wants it."""
    from xlscore.durable import write_whole

    write_whole(path, html.encode("utf-8"))


def say_page(path: Path | None) -> None:
    """Say where the page is."""
    if path is not None:
        say(_("Page: {path}", path=path))
