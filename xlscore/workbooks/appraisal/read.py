"""Read a returned appraisal workbook: each row's entries become a word on it, or a finding at its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xlscore.appraising import Claim, Decision
from xlscore.appraising.claims import claim_to_json
from xlscore.entries import Reading
from xlscore.findings import Finding, Severity, finding
from xlscore.identity import KeyRing, Token
from xlscore.keyed import RowKey
from xlscore.layout import COMPLETE, Entry, fingerprint
from xlscore.methods.base import Input, Place, Value
from xlscore.workbooks.appraisal.columns import NEEDED
from xlscore.workbooks.appraisal.model import (
    CHOICE_INPUT,
    FIGURE,
    NOT_ASKED,
    NOTHING_GIVEN,
    REST_INPUT,
    REST_ROW,
    ROW,
    STATE_INPUT,
    STATE_ROW,
    facts_of,
    figure_facts_of,
    figures_of,
    score_input,
)
from xlscore.workbooks.appraisal.verdict import Issued, Typed, Verdict, verdict
from xlscore.workbooks.keyedsheet import KeyedSheet, find_keyed
from xlscore.workbooks.kinds import Book, Office
from xlscore.workbooks.package import Package

_INPUTS = ("choice", "figure", "score", "reason")
"""The columns in which appraisers type."""


def read_appraisal(package: Package, token: Token, office: Office) -> Book | Finding:
    """Return what an agency's book says, row by row; a finding where it is no such book."""
    ring = office.existing_keys() or KeyRing("", {})
    sheet = find_keyed(package, NEEDED, token.serial, ring)
    if isinstance(sheet, Finding):
        return sheet
    return _Desk(sheet, token, office).read()


@dataclass
class _Desk:
    """A book while it is read."""

    sheet: KeyedSheet
    token: Token
    office: Office
    findings: list[Finding] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    rest: bool = False

    def read(self) -> Book:
        self.findings += self.sheet.findings
        figures: dict[tuple[str, str], dict[str, RowKey]] = {}
        for key in self.sheet.rows:
            if key.kind == FIGURE:
                figures.setdefault((key.unit, key.node), {})[key.slot] = key
        rows = [key for key in self.sheet.rows if key.kind == ROW]
        rest, state = self._cell_of(REST_ROW, REST_INPUT), self._cell_of(STATE_ROW, STATE_INPUT)
        self.rest = rest is not None
        passed = [key for key in rows if self._row(key, figures.get((key.unit, key.node), {}))]
        if self.rest:
            self._accept(passed)
        complete = state == COMPLETE
        self._whole(len(rows), complete=complete)
        content = {"rows": [claim_to_json(claim) for claim in self.claims]}
        return Book(self.sheet.name, content, tuple(self.findings), complete)

    # --- the cells above the table ------------------------------------------------------------------

    def _special(self, kind: str) -> RowKey | None:
        return next((key for key in self.sheet.rows if key.kind == kind), None)

    def _cell_of(self, kind: str, item: Input) -> Value | None:
        key = self._special(kind)
        if key is None:
            return None
        reading = self.sheet.read(key, "choice", Entry("", item.key, item))
        self.findings += reading.findings
        return reading.value

    def _whole(self, found: int, *, complete: bool) -> None:
        state = self._special(STATE_ROW)
        issued = int(state.facts[0]) if state else found
        if found < issued:
            params = {"count": str(issued), "found": str(found)}
            self.findings.append(finding("appraisal-rows-gone", params=params))
        if complete and not self.claims:
            self.findings.append(finding("appraisal-empty"))

    def _accept(self, passed: list[RowKey]) -> None:
        """Accept every row that nobody answered: it has something to accept, and nobody spoke of it."""
        special = self._special(REST_ROW)
        place = self.sheet.address(special, "choice") if special else ""
        taken, left = 0, 0
        for key in passed:
            facts = facts_of(key)
            if facts.decided or facts.standing == NOT_ASKED:
                continue
            if facts.spoken or facts.standing == NOTHING_GIVEN:
                left += 1
                continue
            self._claim(key, place, Verdict(Decision.ACCEPT), rest=True)
            taken += 1
        if left:
            params = {"count": str(taken), "open": str(left)}
            self.findings.append(
                finding("rest-leaves-open", params=params, sheet=self.sheet.name, cell=place)
            )

    # --- rows ---------------------------------------------------------------------------------------

    def _row(self, key: RowKey, below: Mapping[str, RowKey]) -> bool:
        """Read one row; return whether it is whole and nobody answered it."""
        issued = self._issued(key, below)
        if issued is None:
            return False
        typed = self._typed(key, issued, below)
        if typed is None:
            return False
        if typed.blank:
            return True
        said = verdict(issued, typed)
        for found, column in said.found:
            self._tell(key, found, column)
        if said.decision is not None:
            self._claim(key, self.sheet.address(key, "choice"), said, typed.reason)
        return False

    def _claim(
        self, key: RowKey, place: str, said: Verdict, reason: str = "", *, rest: bool = False
    ) -> None:
        assert said.decision is not None  # noqa: S101  asked for only where there is one
        claim = Claim(
            agency=self.token.unit,
            round=self.token.round,
            unit=key.unit,
            node=key.node,
            decision=said.decision,
            basis=facts_of(key).basis,
            points=said.points,
            values=said.values,
            reason=reason,
            rest=rest,
            place=f"{self.sheet.name}!{place}",
        )
        self.claims.append(claim)

    def _issued(self, key: RowKey, below: Mapping[str, RowKey]) -> Issued | None:
        """Return the row as it was issued; None, with a finding, where it is not that row any more."""
        facts, campaign = facts_of(key), self.office.campaign
        unit = campaign.units.get(key.unit)
        layout = self.office.layout(unit) if unit else None
        leaf = layout.rubric.by_id.get(key.node) if layout else None
        if (
            layout is None
            or leaf is None
            or leaf.id not in layout.methods
            or leaf.max != facts.maximum
        ):
            if self._touched(key, below) or (self.rest and leaf is not None):
                self._tell(key, finding("appraisal-row-outdated"), "title")
            return None
        if self._altered(key, facts.printed, ("title", "max")):
            return None
        figures = {slot: figure_facts_of(row) for slot, row in below.items()}
        if [s for s, row in below.items() if self._altered(row, figures[s].printed, ("title",))]:
            return None
        method = layout.methods[leaf.id]
        declared = {s: each.declared for s, each in figures.items() if each.declared is not None}
        own = next((i for i in figures_of(leaf, method) if i.place is Place.OWN), None)
        if own and facts.declared is not None:
            declared[own.key] = facts.declared
        return Issued(leaf, method, facts, declared, campaign.settings.policies.leaf_decimals)

    def _touched(self, key: RowKey, below: Mapping[str, RowKey]) -> bool:
        """Whether anything stands in the input cells of a row of which no more is known."""
        cells = (self.sheet.cell(row, c) for row in (key, *below.values()) for c in _INPUTS)
        return any(c is not None and (c.formula is not None or c.value.strip()) for c in cells)

    def _altered(self, key: RowKey, issued: str, columns: tuple[str, ...]) -> bool:
        """Whether unit, code and `columns` say something else than was printed, which is told."""
        unit, code, *others = self.sheet.texts(key, ("unit", "code", *columns))
        printed = (f"{unit} {code}", *others)
        if fingerprint(printed) == issued:
            return False
        self._tell(key, finding("appraisal-row-altered", entered=" ".join(printed)), "title")
        return True

    def _typed(self, key: RowKey, issued: Issued, below: Mapping[str, RowKey]) -> Typed | None:
        """Return what was typed on a row; None, with findings, where a cell cannot be understood."""
        readings = dict(self._readings(key, issued, below))
        good = True
        for (at, column), reading in readings.items():
            for found in reading.findings:
                good = good and found.severity is not Severity.ERROR
                self._tell(at, found, column)
        if not good:
            return None
        values = {place: reading.value for place, reading in readings.items()}
        choice, points = values.get((key, "choice")), values.get((key, "score"))
        reason = values.get((key, "reason"))
        figures: dict[str, Value] = {}
        for item in figures_of(issued.leaf, issued.method):
            row = key if item.place is Place.OWN else below.get(item.key)
            value = values.get((row, "figure")) if row else None
            if value is not None:
                figures[item.key] = value
        return Typed(
            choice if isinstance(choice, str) else "",
            None if isinstance(points, str) else points,
            figures,
            reason.strip() if isinstance(reason, str) else "",
        )

    def _readings(
        self, key: RowKey, issued: Issued, below: Mapping[str, RowKey]
    ) -> Iterator[tuple[tuple[RowKey, str], Reading]]:
        asked: list[tuple[RowKey, str, Input | None]] = [
            (key, "choice", CHOICE_INPUT),
            (key, "score", score_input(issued.leaf, issued.method)),
            (key, "reason", None),
        ]
        for item in figures_of(issued.leaf, issued.method):
            row = key if item.place is Place.OWN else below.get(item.key)
            if row:
                asked.append((row, "figure", item))
        for at, column, wanted in asked:
            cell = self.sheet.cell(at, column)
            if cell is not None and (cell.kind != "blank" or cell.formula is not None):
                yield (at, column), self.sheet.read(at, column, Entry(key.node, column, wanted))

    def _tell(self, key: RowKey, found: Finding, column: str) -> None:
        unit = self.office.campaign.units.get(key.unit)
        rubric = self.office.campaign.rubric(unit) if unit else None
        leaf = rubric.by_id.get(key.node) if rubric else None
        printed = self.sheet.cell(key, "code")
        code = leaf.code if leaf else printed.value if printed else key.node
        row = f"{code} ({key.unit})"
        self.findings.append(found.at(row=row, **self.sheet.place(key, column)))
