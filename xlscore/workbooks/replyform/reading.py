"""Read a returned reply form: what the unit wrote on the rows that the form opened for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xlscore.appraising import Reply
from xlscore.appraising.claims import reply_to_json
from xlscore.appraising.replying import Contest, reading_layout, reply_key
from xlscore.entries import Reading, cut_reading, read_entry
from xlscore.findings import Finding, Severity, finding
from xlscore.identity import KeyRing, Token
from xlscore.keyed import opened
from xlscore.layout import COMPLETE, Column, Row, RowKind, Slot
from xlscore.workbooks.formsheet import FormSheet, find_form, text_of
from xlscore.workbooks.kinds import Book, Office
from xlscore.workbooks.package import Package

_SHOWN = 10
"""So many rows are named in one finding."""


def read_reply(package: Package, token: Token, office: Office) -> Book | Finding:
    """Return what a reply form says; a finding refuses the file.

    A row counts if its hidden key proves that this very form opened it; nothing else of the row is
    trusted but its two input cells.
    """
    unit = office.campaign.units[token.unit]
    form = find_form(package, reading_layout(office.layout(unit)))
    if isinstance(form, Finding):
        return form
    desk = _Desk(form, token, office.existing_keys() or KeyRing("", {}))
    for row in form.layout.rows:
        if row.kind is RowKind.LEAF and row.key in form.rows:
            desk.row(row)
    complete = desk.state() == COMPLETE
    if complete:
        desk.findings += desk.unanswered()
    rows = [reply_to_json(reply) for reply in desk.replies]
    return Book(form.name, {"rows": rows}, (*form.findings, *desk.findings), complete)


@dataclass
class _Desk:
    form: FormSheet
    token: Token
    ring: KeyRing
    findings: list[Finding] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    silent: dict[Contest, list[Row]] = field(default_factory=dict)

    def row(self, row: Row) -> None:
        """Read one row's two cells."""
        said = {slot: self._read(row, column, slot) for column, slot in _CELLS.items()}
        contest = self._contest(row)
        if contest is None:
            self._not_open(row, said)
            return
        if row.node in self.form.refused:
            return  # said already
        before = len(self.findings)
        for column, slot in _CELLS.items():
            for found in said[slot].findings:
                self._tell(found, row, column)
        if any(f.severity is Severity.ERROR for f in self.findings[before:]):
            return
        text, added = (str(said[slot].value or "").strip() for slot in (Slot.REPLY, Slot.ADDED))
        if text or added:
            column = Column.REPLY if text else Column.ADDED
            place = f"{self.form.name}!{self.form.address(row.key, column)}"
            reply = Reply(self.token.round, self.token.unit, row.node, text, added, place)
            self.replies.append(reply)
        else:
            self.silent.setdefault(contest, []).append(row)

    def state(self) -> str:
        """Return what the state cell says, or empty."""
        row, column, entry = self.form.layout.entries["", Slot.SUBMIT]
        reading = read_entry(entry, self.form.cell(row.key, column), self.form.name)
        for found in reading.findings:
            known = found.name != "unknown-level"
            self._tell(
                found if known else finding("unknown-state", entered=found.entered), row, column
            )
        return str(reading.value or "")

    def unanswered(self) -> Iterator[Finding]:
        """Yield what the unit says nothing about: a question unanswered, a score not disputed."""
        names = {Contest.QUERIED: "reply-owed", Contest.ADJUSTED: "reply-none"}
        for contest, name in names.items():
            rows = self.silent.get(contest, [])
            if rows:
                codes = [row.printed[0] for row in rows]
                shown = ", ".join(codes[:_SHOWN]) + (", …" if codes[_SHOWN:] else "")
                yield finding(name, params={"count": str(len(rows)), "rows": f"STT {shown}"})

    def _contest(self, row: Row) -> Contest | None:
        """Return why this form opened a row, or None where its key does not prove that it did."""
        key = opened(text_of(self.form.cell(row.key, Column.OPEN)), self.token.serial, self.ring)
        if key is None:
            return None
        return next((c for c in Contest if reply_key(self.token.unit, row.node, c) == key), None)

    def _read(self, row: Row, column: Column, slot: Slot) -> Reading:
        _, _, entry = self.form.layout.entries[row.node, slot]
        return cut_reading(read_entry(entry, self.form.cell(row.key, column), self.form.name))

    def _not_open(self, row: Row, said: dict[Slot, Reading]) -> None:
        for column, slot in _CELLS.items():
            if said[slot].shown.strip():
                self._tell(finding("reply-not-open", entered=said[slot].shown), row, column)
                return

    def _tell(self, found: Finding, row: Row, column: Column) -> None:
        node = self.form.layout.rubric.by_id.get(row.node)
        self.findings.append(
            found.at(
                sheet=self.form.name,
                cell=self.form.address(row.key, column),
                row=node.code if node else "",
                node=row.node,
            )
        )


_CELLS = {Column.REPLY: Slot.REPLY, Column.ADDED: Slot.ADDED}
