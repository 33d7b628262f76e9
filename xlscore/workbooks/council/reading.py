"""Read a returned council's book: which rows the council has decided, and how; row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xlscore.appraising import Claim, Decision
from xlscore.appraising.claims import claim_to_json
from xlscore.campaign import Unit
from xlscore.findings import Finding, Severity, finding
from xlscore.identity import KeyRing, Token
from xlscore.keyed import RowKey
from xlscore.layout import COMPLETE, NOT_APPLICABLE, Entry, Layout, fingerprint
from xlscore.methods.base import Input, Place, Value
from xlscore.numbers import plain
from xlscore.rubric import Channel, Node
from xlscore.text import folded
from xlscore.workbooks.council.columns import (
    AGREED,
    NEEDED,
    REST_INPUT,
    SEEN,
    STATE_INPUT,
    Column,
    remark_entry,
    score_entry,
)
from xlscore.workbooks.council.contents import Figure
from xlscore.workbooks.council.facts import REST, ROW, STATE, Facts, figure_of
from xlscore.workbooks.keyedsheet import KeyedSheet, find_keyed
from xlscore.workbooks.kinds import Book, Office
from xlscore.workbooks.package import Package


def read_council(package: Package, token: Token, office: Office) -> Book | Finding:
    """Read the book; rows with an error are told and left out, the others count.

    A row whose cells are as they were issued says nothing. Empty rows take their proposal only where
    the council agreed to all that is left.
    """
    ring = office.existing_keys() or KeyRing("", {})
    found = find_keyed(package, NEEDED, token.serial, ring)
    return found if isinstance(found, Finding) else _Reader(found, office, token).read()


def own_step(layout: Layout, node: Node) -> Decimal | None:
    """Return the step of a row whose score is typed directly; None where any score may be given."""
    inputs = layout.methods[node.id].inputs(node.max)
    return next((item.step for item in inputs if item.place is Place.SCORE), None)


@dataclass(frozen=True)
class _Row:
    """One row to decide on, as found."""

    key: RowKey
    facts: Facts
    unit: Unit
    node: Node
    layout: Layout

    @property
    def own(self) -> Figure:
        return figure_of(self.facts.own)

    @property
    def proposal(self) -> Figure:
        return figure_of(self.facts.proposal)


@dataclass
class _Reader:
    sheet: KeyedSheet
    office: Office
    token: Token
    findings: list[Finding] = field(default_factory=list)
    left: int = 0
    agreed: bool = False

    def read(self) -> Book:
        self.findings += self.sheet.findings
        self.agreed = self._choice(REST, REST_INPUT) == AGREED
        complete = self._choice(STATE, STATE_INPUT) == COMPLETE
        claims = [claim_to_json(claim) for claim in self._claims()]
        if self.left and complete:
            params = {"count": str(self.left), "choice": AGREED}
            place = self.sheet.place(RowKey(REST), Column.COUNCIL)
            self.findings.append(finding("council-rows-left", params=params, **place))
        return Book(self.sheet.name, {"rows": claims}, tuple(self.findings), complete)

    def _choice(self, kind: str, spec: Input) -> Value | None:
        reading = self.sheet.read(RowKey(kind), Column.COUNCIL, Entry("", kind, spec))
        self.findings += reading.findings
        return reading.value

    def _claims(self) -> Iterator[Claim]:
        for key in self.sheet.rows:
            row = self._known(key) if key.kind == ROW else None
            claim = self._claim(row) if row else None
            if claim:
                yield claim

    def _known(self, key: RowKey) -> _Row | None:
        """Return the row, if it is still one of the campaign's and stands where it was printed."""
        facts, campaign = Facts(*key.facts), self.office.campaign
        unit = campaign.units.get(key.unit)
        layout = self.office.layout(unit) if unit else None
        node = layout.rubric.by_id.get(key.node) if layout else None
        if unit is None or layout is None or node is None or not node.is_leaf:
            if self._is_typed(key, facts):
                params = {"unit": key.unit, "criterion": key.node}
                self._tell(key, "council-row-unknown", Column.TITLE, params=params)
            return None
        row = _Row(key, facts, unit, node, layout)
        if facts.maximum != plain(node.max):
            params = {"before": facts.maximum, "now": plain(node.max)}
            self._say(row, "council-row-changed", Column.MAXIMUM, **params)
            return None
        texts = self.sheet.texts(key, SEEN)
        if fingerprint(texts) != facts.seen:
            entered = " ".join(filter(None, texts[:3]))
            self._say(row, "council-row-moved", Column.TITLE, entered=entered)
            return None
        return row

    def _is_typed(self, key: RowKey, facts: Facts) -> bool:
        """Whether score or remark are not as they were issued."""
        said, remark = self.sheet.texts(key, (Column.COUNCIL, Column.REMARK))
        word = figure_of(facts.said)
        return said.strip() != _said(word) or fingerprint([remark.strip()]) != facts.remark

    def _claim(self, row: _Row) -> Claim | None:
        facts = row.facts
        score = self._score(row)
        remark = self._text(row)
        if score is None or remark is None:
            return None
        if score == figure_of(facts.said) and score != "" and fingerprint([remark]) == facts.remark:
            return None
        if score == "":
            return self._unsaid(row, remark)
        if row.proposal not in {score, ""} and not remark:
            shown = {"entered": _said(score), "proposal": _said(row.proposal)}
            self._say(row, "council-reason-missing", Column.REMARK, **shown)
            return None
        return self._decided(row, score, remark)

    def _unsaid(self, row: _Row, remark: str) -> Claim | None:
        """Return what an empty score cell says."""
        facts = row.facts
        if facts.said:
            before = _said(figure_of(facts.said))
            self._say(row, "council-word-kept", Column.COUNCIL, before=before)
            return None
        if facts.spoken and fingerprint([remark]) == facts.remark:
            return None
        if not self.agreed:
            self.left += 1
            if remark:
                self._say(row, "council-remark-alone", Column.REMARK)
            return None
        if row.proposal == "":
            self._say(row, "council-nothing-proposed", Column.COUNCIL)
            return None
        # A remark on a row of which the council has spoken is a word on that row: none given to all
        # that is left would replace the one before.
        return self._decided(row, row.proposal, remark, rest=not facts.spoken)

    def _decided(self, row: _Row, score: Figure, remark: str, *, rest: bool = False) -> Claim:
        """Return the council's word: points always stand in it, so that nothing changes it later."""
        points = score if isinstance(score, Decimal) else None
        same = row.own == score and row.node.channel is not Channel.APPRAISER
        accepted = points is None or same
        return Claim(
            self.token.unit,
            self.token.round,
            row.key.unit,
            row.key.node,
            Decision.ACCEPT if accepted else Decision.ADJUST,
            row.facts.basis,
            points,
            reason=remark,
            rest=rest,
            place=f"{self.sheet.name}!{self.sheet.address(row.key, Column.COUNCIL)}",
            council=True,
        )

    def _score(self, row: _Row) -> Figure | None:
        """Return what the score cell says, empty where nothing; None where that is an error."""
        cell = self.sheet.cell(row.key, Column.COUNCIL)
        typed = folded(cell.value).casefold() if cell is not None and cell.kind == "text" else ""
        if row.own == NOT_APPLICABLE and typed == NOT_APPLICABLE.casefold():
            return NOT_APPLICABLE
        entry = score_entry(row.node.id, row.node.max, own_step(row.layout, row.node))
        return self._value(row, entry, Column.COUNCIL)

    def _text(self, row: _Row) -> str | None:
        value = self._value(row, remark_entry(row.node.id), Column.REMARK)
        return None if value is None else str(value)

    def _value(self, row: _Row, entry: Entry, column: str) -> Figure | None:
        reading = self.sheet.read(row.key, column, entry)
        told = [found.at(row=row.node.code) for found in reading.findings]
        self.findings += told
        if any(f.severity is Severity.ERROR for f in told):
            return None
        return "" if reading.value is None else reading.value

    def _say(self, row: _Row, name: str, column: str, **params: str) -> None:
        """Tell something about a row that the campaign knows."""
        entered = params.pop("entered", "")
        given: Mapping[str, str] = {"unit": row.unit.name, **params}
        self._tell(row.key, name, column, row.node.code, entered, params=given)

    def _tell(
        self, key: RowKey, name: str, column: str, code: str = "", entered: str = "",
        *, params: Mapping[str, str],
    ) -> None:  # fmt: skip
        place: dict[str, Any] = self.sheet.place(key, column) | {"row": code, "entered": entered}
        self.findings.append(finding(name, params=params, **place))


def _said(figure: Figure) -> str:
    return plain(figure) if isinstance(figure, Decimal) else figure
