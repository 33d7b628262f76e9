"""What `campaign.yaml` names must be there: units, rows, tiers, codes; each defect with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xlscore.campaign import Unit
from xlscore.deadlines import Deadline, WorkingDays
from xlscore.findings import Finding, finding
from xlscore.located import Located, Path_
from xlscore.overlaps import overlaps
from xlscore.procedure import Assignment
from xlscore.rubric import Node, Rubric
from xlscore.settings import Settings, Waiver
from xlscore.validation import field_name
from xlscore.workdays import Calendar

WAIVABLE = ("S011", "S023", "S025", "S028", "S031", "X003")
"""Codes that a waiver may name: the row has its figures, or openly has none and counts 0.

A value that was refused (not a number, above the maximum, another row's) is gone: waived, it would
silently be 0 points.
"""

_NAMED = 5
"""So many units are named where many have the same defect."""


@dataclass(frozen=True)
class References:
    """The settings of the campaign in folder `root`, with what they refer to.

    Attributes:
        located: `campaign.yaml` with its lines.
        units, rubrics: those that could be read; what could not has been reported already.
    """

    root: Path
    located: Located
    settings: Settings
    units: Mapping[str, Unit]
    rubrics: Mapping[str, Rubric]

    def defects(self) -> Iterator[Finding]:
        """Yield what is wrong, in the order of the settings' sections."""
        yield from self._tiers()
        for place, waiver in enumerate(self.settings.waivers):
            yield from self._waiver(place, waiver)
        for found in overlaps(self.root, self.settings.folders.model_dump()):
            yield self._told("folders-overlap", ("folders", found.field), found.entered,
                             **found.params)  # fmt: skip
        for place, node in enumerate(self.settings.policies.tie_breakers):
            yield from self._known(("policies", "tie_breakers", place), node, self._nodes())
        for place, rule in enumerate(self.settings.appraisal.assignments):
            yield from self._assignment(("appraisal", "assignments", place), rule)
        if self.settings.appraisal.agencies:
            yield from self._leads()

    def _told(self, name: str, where: Path_, entered: str = "", **params: str) -> Finding:
        return finding(name, file=self.located.place(where), entered=entered, params=params)

    def _known(self, where: Path_, entered: str, known: Iterable[str]) -> Iterator[Finding]:
        """Report a name that is not there, with the nearest ones that are.

        Where nothing is known at all, the table or the rubric is what is wrong.
        """
        choices = sorted(known)
        if choices and entered not in choices:
            near = difflib.get_close_matches(entered, choices, n=5, cutoff=0.5) or choices[:12]
            yield self._told("unknown-reference", where, entered, field=field_name(where),
                             choices=", ".join(near))  # fmt: skip

    def _nodes(self, tiers: Iterable[str] = ()) -> frozenset[str]:
        """Return the ids of all nodes of these tiers' rubrics; of all where none of them is known."""
        chosen = set(tiers) & self._ids.keys() or self._ids.keys()
        return frozenset().union(*(ids for tier, ids in self._ids.items() if tier in chosen))

    @cached_property
    def _ids(self) -> Mapping[str, frozenset[str]]:
        return {
            tier: frozenset(node.id for node in rubric.walk())
            for tier, rubric in self.rubrics.items()
        }

    # --- tiers, waivers ---------------------------------------------------------------------------

    def _tiers(self) -> Iterator[Finding]:
        for tier, chosen in self.settings.tiers.items():
            orphans = [u.code for u in self.units.values() if u.tier == tier and not u.parent]
            if chosen.reported_by_parent and orphans:
                listed = ", ".join(orphans[:_NAMED]) + (", …" if orphans[_NAMED:] else "")
                yield self._told("nobody-reports", ("tiers", tier, "reported_by_parent"),
                                 tier=tier, units=listed, count=str(len(orphans)))  # fmt: skip

    def _waiver(self, place: int, waiver: Waiver) -> Iterator[Finding]:
        where: Path_ = ("waivers", place)
        yield from self._known((*where, "unit"), waiver.unit, self.units)
        if waiver.code:
            yield from self._known((*where, "code"), waiver.code, WAIVABLE)
        unit = self.units.get(waiver.unit)
        if unit is not None and unit.tier in self.rubrics:
            yield from self._waived_rows(where, waiver, unit, self.rubrics[unit.tier])

    def _waived_rows(
        self, where: Path_, waiver: Waiver, unit: Unit, rubric: Rubric
    ) -> Iterator[Finding]:
        nodes, codes = self._ids[unit.tier], {node.code for node in rubric.walk()}
        row = (*where, "row")
        if waiver.row and waiver.row not in nodes:
            yield from self._known(row, waiver.row, codes)
        own = rubric.for_unit(unit.attributes).walk()
        named = [node.id for node in own if waiver.row in {node.id, node.code}]
        if waiver.row and len(named) > 1:
            ids = ", ".join(named)
            yield self._told("campaign-field", row, waiver.row, field=field_name(row),
                             what=f"có nhiều hàng như vậy; ghi mã định danh của một hàng: {ids}",
                             what_en=f"several rows are called so; name one by its id: {ids}")  # fmt: skip
        for node in waiver.leave_out:
            yield from self._known((*where, "leave_out"), node, nodes)

    # --- appraisal --------------------------------------------------------------------------------

    def _assignment(self, where: Path_, rule: Assignment) -> Iterator[Finding]:
        asked: tuple[tuple[str, tuple[str, ...], Iterable[str]], ...] = (
            ("tiers", rule.tiers, self.settings.tiers),
            ("parents", rule.parents, self.units),
            ("units", rule.units, self.units),
            ("rows", rule.rows, self._nodes(rule.tiers)),
        )
        for name, entered, known in asked:
            for place, one in enumerate(entered):
                yield from self._known((*where, name, place), one, known)

    def _leads(self) -> Iterator[Finding]:
        """Yield the rows whose rubric names an agency that does not appraise here."""
        for tier, rubric in self.rubrics.items():
            for node in rubric.walk():
                above = next(iter(rubric.ancestors(node.id)), None)
                stated = above is None or rubric.by_id[above].lead != node.lead
                known = not node.lead or node.lead in self.settings.appraisal.agencies
                if stated and not known and not self._assigned(tier, rubric, node):
                    params = {"tier": tier, "leader": self.settings.appraisal.leader}
                    yield finding("lead-no-agency", file=self.located.place(("tiers", tier, "rubric")),
                                  row=node.code, node=node.id, entered=node.lead,
                                  params=params)  # fmt: skip

    def _assigned(self, tier: str, rubric: Rubric, node: Node) -> bool:
        """Whether rules for the whole tier give every row below a node to an agency."""
        rules = [
            set(rule.rows)
            for rule in self.settings.appraisal.assignments
            if tier in (rule.tiers or (tier,)) and not rule.parents and not rule.units
        ]
        branches = [{leaf.id, *rubric.ancestors(leaf.id)} for leaf in node.leaves()]
        return all(any(not rows or rows & branch for rows in rules) for branch in branches)


def uncovered(settings: Settings, calendar: Calendar) -> Iterator[tuple[Path_, int]]:
    """Yield deadlines that count working days, with each year of which no day off is known."""
    deadlines: list[tuple[Path_, Deadline | None]] = [
        (("tiers", tier, "deadline"), chosen.deadline) for tier, chosen in settings.tiers.items()
    ]
    for place, round_ in enumerate(settings.appraisal.rounds):
        where: Path_ = ("appraisal", "rounds", place)
        deadlines += [
            ((*where, "deadline"), round_.deadline),
            ((*where, "replies"), round_.replies),
        ]
    for place_, given in deadlines:
        if isinstance(given, WorkingDays):
            yield from ((place_, year) for year in given.uncovered(calendar))
