"""Read a what-if file: everything that is wrong with it, each with its line.

It is told in two passes: what does not have the shape of the file; and, once it has, what names no unit or
row, or does not add up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from xlscore.findings import Finding, finding, has_errors
from xlscore.located import Located, LocatedError, Path_, load_yaml
from xlscore.ranking import Results
from xlscore.settings import Policies
from xlscore.supposing.file import ScenarioFile, WhatIfFile
from xlscore.supposing.names import Names
from xlscore.supposing.rows import Rows
from xlscore.supposing.supposition import Supposition
from xlscore.supposing.weights import Weights, settled
from xlscore.validation import FieldProblem, problems

WITHOUT_EFFECT = ("evidence", "display_decimals")
"""Policies that decide no rank: one is applied when returns are taken in, one is for display."""

SCORED = ("not_applicable", "unappraised", "pending", "leaf_decimals")
"""Policies by which units' scores are computed: elsewhere, for those reported from above."""

_NAMED = 5


@dataclass(frozen=True)
class SuppositionFile:
    """A what-if file as read: no suppositions when errors keep it from being used."""

    suppositions: tuple[Supposition, ...]
    findings: tuple[Finding, ...]


def read_supposition(path: Path, results: Results) -> SuppositionFile:
    """Read the what-if file `path` against a ranking, whose units and rows it names.

    The file holds one scenario, or several under `scenarios`; numbers are plain decimals.
    """
    desk = _Desk(results)
    suppositions = desk.read(path)
    usable = () if has_errors(desk.findings) else suppositions
    return SuppositionFile(usable, tuple(desk.findings))


@dataclass
class _Desk:
    results: Results
    findings: list[Finding] = field(default_factory=list)
    located: Located = field(default_factory=lambda: Located(Path(), None, {}))

    def add(self, name: str, where: Path_, entered: str = "", **params: str) -> None:
        place = self.located.place(where)
        self.findings.append(finding(name, file=place, entered=entered, params=params))

    def read(self, path: Path) -> tuple[Supposition, ...]:
        try:
            self.located = load_yaml(path)
        except LocatedError as error:
            told = finding(f"what-if-{error.problem}", file=error.place, params=error.params)
            self.findings.append(told)
            return ()
        data = {} if self.located.data is None else self.located.data
        try:
            whole = WhatIfFile.model_validate(data)
        except ValidationError as error:
            self._refused(error, ())
            return ()
        if not whole.scenarios:
            return (self._scenario(whole, (), whole.title or path.stem),)
        for name in whole.model_fields_set - {"scenarios", "title"}:
            self.add("what-if-beside-scenarios", (name,), name)
        return tuple(
            self._scenario(one, ("scenarios", place), one.title or f"Kịch bản {place + 1}")
            for place, one in enumerate(whole.scenarios)
        )

    def _refused(self, error: ValidationError, above: Path_) -> None:
        for problem in problems(error):
            self._field(FieldProblem((*above, *problem.loc), problem.words, problem.entered))

    def _field(self, problem: FieldProblem) -> None:
        self.add("what-if-field", problem.loc, problem.entered, **problem.params)

    def _scenario(self, given: ScenarioFile, where: Path_, title: str) -> Supposition:
        names = Names(self.located, self.findings)
        policies = self._policies(given, where, names)
        self._bands(given, where, names)
        maxima, weights = self._weights(given, where, names)
        rows = Rows(self.results, names, weights, frozenset(maxima.keys() - weights.keys()))
        scores = rows.scores(given.scores, (*where, "scores"))
        absences = rows.absences(given.not_applicable, (*where, "not_applicable"))
        campaign = self.results.campaign
        bands = {tier: said.bands for tier, said in given.tiers.items() if tier in campaign.rubrics}
        made = Supposition(title, policies, bands, maxima, weights, scores, absences)
        if not has_errors(self.findings):
            self._advise(made, where)
        return made

    def _policies(self, given: ScenarioFile, where: Path_, names: Names) -> Policies:
        own = self.results.campaign.settings.policies
        above = (*where, "policies")
        known = {
            name: value
            for name, value in given.policies.items()
            if names.known((*above, name), name, Policies.model_fields)
        }
        breakers = known.get("tie_breakers")
        nodes = {node.id for r in self.results.campaign.rubrics.values() for node in r.walk()}
        for place, node in enumerate(breakers if isinstance(breakers, list) else ()):
            names.known((*above, "tie_breakers", place), str(node), nodes)
        try:
            return Policies.model_validate({**own.model_dump(), **known})
        except ValidationError as error:
            self._refused(error, above)
            return own

    def _bands(self, given: ScenarioFile, where: Path_, names: Names) -> None:
        for tier, said in given.tiers.items():
            names.known((*where, "tiers", tier), tier, self.results.campaign.settings.tiers)
            for place in range(1, len(said.bands)):
                before, band = said.bands[place - 1], said.bands[place]
                if band.at_least >= before.at_least:
                    self.add("what-if-bands", (*where, "tiers", tier, "bands", place),
                             f"{band.name}: {band.at_least}",
                             before=f"{before.name}: {before.at_least}")  # fmt: skip

    def _weights(
        self, given: ScenarioFile, where: Path_, names: Names
    ) -> tuple[dict[str, dict[str, Decimal]], dict[str, Weights]]:
        maxima: dict[str, dict[str, Decimal]] = {}
        weights: dict[str, Weights] = {}
        for tier, said in given.weights.items():
            above = (*where, "weights", tier)
            if not names.known(above, tier, self.results.campaign.rubrics):
                continue
            rubric = self.results.campaign.rubrics[tier]
            found = maxima[tier] = {}
            lines: dict[str, Path_] = {}
            for row, maximum in said.items():
                node = names.row((*above, row), row, rubric)
                if node is not None and node.id in found:
                    first = str(self.located.line(lines[node.id]))
                    self.add("what-if-twice", (*above, row), row, unit=tier, first=first)
                elif node is not None:
                    found[node.id], lines[node.id] = maximum, (*above, row)
            follows, misfits = settled(rubric, found)
            if not misfits:
                weights[tier] = follows
            for bad in misfits:
                parts = [lines[n.id] for n in rubric.by_id[bad.node].walk() if n.id in lines]
                self.add("what-if-sum", parts[0] if parts else above, bad.node,
                         maximum=str(bad.maximum), parts=str(bad.parts))  # fmt: skip
        return maxima, weights

    # --- what can be supposed, and yet is worth a word -----------------------------------------------

    def _advise(self, made: Supposition, where: Path_) -> None:
        campaign = self.results.campaign
        if made.is_empty(campaign):
            self.add("what-if-nothing", where, made.title)
        for tier, weights in made.weights.items():
            if not any(domain.max for domain in weights.rubric(campaign.rubrics[tier]).domains):
                self.add("what-if-all-zero", (*where, "weights", tier), tier)
        above = [r.result for r in self.results.rows if r.result.reported is not None]
        for name in made.other_policies(campaign):
            place = (*where, "policies", name)
            if name in WITHOUT_EFFECT:
                self.add("what-if-no-effect", place, name)
            elif name in SCORED and above:
                units = _listed([result.unit.code for result in above])
                self.add("what-if-from-above", place, name, count=str(len(above)), units=units)


def _listed(codes: Iterable[str]) -> str:
    all_ = list(codes)
    return ", ".join(all_[:_NAMED]) + (", …" if len(all_) > _NAMED else "")
