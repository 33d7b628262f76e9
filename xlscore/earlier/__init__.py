"""Read what `campaign.yaml` says of earlier years: their results, and what today's units were then.

Nothing here is an error: a year that cannot be read is left out with a warning, and intake never asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from xlscore.earlier.column import frame, points_shown, shows_last_year, with_last_year
from xlscore.earlier.coming_from import map_by_name, unmapped
from xlscore.earlier.predecessors import read_predecessors
from xlscore.earlier.sources import SourceError, read_source
from xlscore.findings import Finding, finding
from xlscore.located import Located, LocatedError, load_yaml
from xlscore.workspace import Workspace
from xlscore.years import EarlierYear, Predecessors, Year, Years

__all__ = ["frame", "points_shown", "read_earlier", "shows_last_year", "with_last_year"]


def read_earlier(workspace: Workspace) -> Years:
    """Return the earlier years that the campaign names, newest first, with what is wrong in them.

    Other campaigns are only looked at: nothing in their folders is opened for writing, migrated or made.
    """
    settings = workspace.campaign.settings
    if not settings.earlier and not settings.predecessors:
        return Years()
    desk = _Desk(workspace)
    years = sorted(desk.years(), key=lambda one: one.year, reverse=True)
    predecessors: Predecessors = {}
    if settings.predecessors:
        named = {one.year for one in settings.earlier}
        told = read_predecessors(workspace, years, named)
        predecessors = told.predecessors
        desk.findings += told.findings
    mapped = map_by_name(workspace.campaign, years, predecessors)
    found = Years(tuple(years), mapped.predecessors, (), frozenset(workspace.campaign.active))
    findings = (*desk.findings, *mapped.findings, *unmapped(workspace.campaign, found))
    return replace(found, findings=findings)


class _Desk:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.settings = workspace, workspace.campaign.settings
        self.located = _located(workspace.root / "campaign.yaml")
        self.findings: list[Finding] = []

    def years(self) -> Iterator[Year]:
        """Yield the years that can be read."""
        seen: set[int] = set()
        for place, named in enumerate(self.settings.earlier):
            where = self.located.place(("earlier", place)) if self.located else "campaign.yaml"
            if named.year >= self.settings.year:
                params = {"year": str(self.settings.year)}
                self._add("year-not-earlier", where, str(named.year), params)
            elif named.year in seen:
                self._add("year-twice", where, str(named.year), {})
            elif (year := self._year(named, where)) is not None:
                yield year
            seen.add(named.year)

    def _year(self, named: EarlierYear, where: str) -> Year | None:
        try:
            read = read_source(self.workspace, named)
        except SourceError as error:
            for found in error.findings:
                self.findings.append(found if found.file else found.at(file=where))
            return None
        self.findings += read.findings
        if read.year.year != named.year:
            params = {"year": str(named.year), "found": str(read.year.year)}
            self._add("year-is-another", where, named.results, params)
            return None
        if not read.year.final:
            params = {"year": str(named.year), "source": read.year.source}
            self._add("year-not-final", where, "", params)
        return read.year

    def _add(self, name: str, where: str, entered: str, params: dict[str, str]) -> None:
        self.findings.append(finding(name, file=where, entered=entered, params=params))


def _located(path: Path) -> Located | None:
    try:
        return load_yaml(path)
    except LocatedError:  # it was edited since it was opened
        return None
