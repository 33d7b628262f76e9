"""How robust the ranks are, as a plugin: a remark on the first page, a column and sheets.

It comes with xlscore and through the same hooks as anybody's. Imported with the command line, so what is
slow is imported inside the functions.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlscore.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlscore.ranking import Results, UnitResult
    from xlscore.robustness.analysis import Robustness


_IN_GROUP = "Khoảng hạng trong nhóm (5–95%)"


@dataclass(frozen=True)
class RankInterval:
    """The column with the interval of ranks of every unit."""

    groups: Mapping[str, Robustness]
    title: str = "Khoảng hạng (5–95%)"

    def value(self, result: UnitResult) -> str | int | None:
        """Return the interval: 2–4, or the one rank; blank for a unit that was not tried."""
        from xlscore.ranking import group_of
        from xlscore.robustness.sheet import interval

        found = self.groups.get(group_of(result.unit))
        return interval(found, result.unit.code) if found else None


@hookimpl
def xlscore_ranking_remarks(results: Results) -> list[str]:
    """Say in one sentence how firm the ranks are, unless nothing was tried."""
    from xlscore.robustness.wording import overall

    return list(overall(_assessed(results).values()))


@hookimpl
def xlscore_ranking_columns(results: Results) -> list[RankInterval]:
    """Add the column, unless the campaign leaves the trials out."""
    groups = _assessed(results)
    if not groups:
        return []
    # Beside a rank over the whole tier, the interval in a unit's group would seem to be of that rank.
    return [RankInterval(groups, _IN_GROUP) if results.across else RankInterval(groups)]


@hookimpl
def xlscore_ranking_sheets(book: Any, results: Results) -> None:
    """Add a sheet per ranking group."""
    from xlscore.robustness.sheet import write

    for found in _assessed(results).values():
        write(book, found)


class _Latest:
    """The trials of the results seen last, let go with them: the hooks are called on the same ones."""

    def __init__(self) -> None:
        self._of: weakref.ref[Results] | None = None
        self._groups: Mapping[str, Robustness] = {}

    def get(self, results: Results) -> Mapping[str, Robustness]:
        """Return the trials by group id; empty where the campaign leaves them out."""
        if self._of is None or self._of() is not results:
            self._groups = _assess(results)
            self._of = weakref.ref(results, self._forget)
        return self._groups

    def _forget(self, gone: weakref.ref[Results]) -> None:
        if gone is self._of:
            self._of, self._groups = None, {}


_assessed = _Latest().get


def _assess(results: Results) -> Mapping[str, Robustness]:
    if results.campaign.settings.robustness.draws == 0:
        return {}
    from xlscore.robustness import assess, disagreement

    apart = disagreement(row.result for row in results.rows)
    return {group.id: assess(results.campaign, group, apart) for group in results.groups}
