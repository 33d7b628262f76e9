"""What changed from one edition to the next (giữa hai lần ban hành), and why, as far as the ledger knows.

Figures are those that were frozen: nothing is computed again, so that a newer program cannot tell of an
edition what it never said. That they follow from their basis is for `verify` to show.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from xlscore.archive import ContentError, kept
from xlscore.cardjson import rows_said
from xlscore.editions.basis import FURTHER, Basis, basis_from_json
from xlscore.editions.edits import Edit, edits
from xlscore.editions.files import FileState, laid_files
from xlscore.findings import Status
from xlscore.histories import Line
from xlscore.histories.frozen import frozen_results
from xlscore.histories.record import arrival_numbers
from xlscore.histories.units import DECIDED, decision_line
from xlscore.identity import SCORECARD, SURVEY
from xlscore.ledger import Edition, EditionFile, Ledger, Recorded
from xlscore.ledger.replay import Logged, history
from xlscore.workspace import Workspace
from xlscore.years import Year, YearUnit

_DECISIONS = (*DECIDED, "judged-again")


@dataclass(frozen=True, slots=True)
class RowEdit:
    """A row of one unit whose score or maximum is another; None where it did not count."""

    row: str
    before: Decimal | None
    after: Decimal | None
    before_max: Decimal | None
    after_max: Decimal | None


@dataclass(frozen=True)
class UnitChange:
    """A unit in both editions; None where it was not listed."""

    before: YearUnit | None
    after: YearUnit | None

    @property
    def unit(self) -> YearUnit:
        """The unit, as the later edition names it."""
        return self.after or self.before or YearUnit("", "")

    @property
    def indices(self) -> tuple[Decimal | None, Decimal | None]:
        """The index before and after; None where it had no result."""
        before, after = self.before, self.after
        return before.index if before else None, after.index if after else None

    @property
    def change(self) -> Decimal | None:
        """By how many percentage points the index changed."""
        old, new = self.indices
        return None if old is None or new is None else new - old

    @cached_property
    def rows(self) -> tuple[RowEdit, ...]:
        """The rows that are scored otherwise, in the order of the rubric; none where a result is new."""
        old, new = self.before, self.after
        if old is None or new is None or None in self.indices:
            return ()
        made = (
            RowEdit(row, old.scores.get(row), new.scores.get(row),
                    old.maxima.get(row), new.maxima.get(row))
            for row in dict.fromkeys((*old.scores, *new.scores))
        )  # fmt: skip
        return tuple(
            one for one in made if (one.before, one.before_max) != (one.after, one.after_max)
        )

    @property
    def is_one(self) -> bool:
        """Whether index, rank, band, group or any row is another."""
        return bool(self.rows) or _placed(self.before) != _placed(self.after)

    @property
    def size(self) -> tuple[bool, Decimal, int]:
        """What puts the biggest change first: units that came or went, then points, then places."""
        old, new = (side.rank if side else None for side in (self.before, self.after))
        places = abs(new - old) if old is not None and new is not None else 0
        return self.change is not None, -abs(self.change or Decimal(0)), -places


def _placed(unit: YearUnit | None) -> tuple[object, ...]:
    return (unit.index, unit.rank, unit.band, unit.group) if unit else ()


@dataclass(frozen=True, slots=True)
class InputChange:
    """An input file that is another; `edits` is None where the file is no text or was not kept."""

    kind: str
    name: str
    before: str | None
    after: str | None
    edits: tuple[Edit, ...] | None


@dataclass(frozen=True, slots=True)
class StateChange:
    """What else a basis tells otherwise: `provisional`, `overdue`, `years`, `xlscore`, `plugin NAME`."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """What is new in an edition against the one before it.

    Attributes:
        units: what changed, biggest first; None where the results of either are gone or altered.
        events: valid returns that arrived and the operator's decisions, in the order of the log.
        without_effect: how many drafts and refused returns arrived as well.
    """

    since: int
    units: tuple[UnitChange, ...] | None
    events: tuple[Line, ...]
    without_effect: int
    inputs: tuple[InputChange, ...]
    state: tuple[StateChange, ...]


@dataclass(frozen=True)
class Issued:
    """One edition: `files` are those of `reports/`, `results` what was frozen, `changes` against the last."""

    edition: Edition
    basis: Basis
    files: tuple[tuple[EditionFile, FileState], ...]
    results: Year | None
    changes: Changes | None

    @property
    def assessed(self) -> int | None:
        """How many units have a result."""
        if self.results is None:
            return None
        return sum(unit.index is not None for unit in self.results.units.values())


def issued(workspace: Workspace, ledger: Ledger, number: int | None = None) -> tuple[Issued, ...]:
    """Return every edition with what changed since the one before it, or that of one number.

    Raises:
        OSError: an earlier journal cannot be read.
    """
    made: list[Issued] = []
    before: Issued | None = None
    log = _Log(ledger)
    for edition in ledger.editions():
        if number is not None and edition.number not in {number - 1, number}:
            continue
        files = ledger.edition_files(edition.number)
        results = frozen_results(workspace.archive, files)
        basis = basis_from_json(edition.basis)
        told = _changes(workspace, log, before, basis, results) if before else None
        laid = tuple(laid_files(workspace.reports, files))
        before = Issued(edition, basis, laid, results, told)
        made.append(before)
    return tuple(one for one in made if number in {None, one.edition.number})


def _changes(
    workspace: Workspace, log: _Log, before: Issued, basis: Basis, results: Year | None
) -> Changes:
    old = before.results
    units = None if old is None or results is None else _units(old, results)
    events, others = log.between(before.basis, basis)
    inputs = tuple(_inputs(workspace.archive, before.basis, basis))
    state = tuple(_state(before.basis, basis))
    return Changes(before.edition.number, units, events, others, inputs, state)


def _units(old: Year, new: Year) -> tuple[UnitChange, ...]:
    codes = dict.fromkeys((*new.units, *old.units))
    pairs = (UnitChange(old.units.get(code), new.units.get(code)) for code in codes)
    return tuple(sorted((one for one in pairs if one.is_one), key=lambda one: one.size))


# --- what the log tells ---------------------------------------------------------------------------


class _Log:
    """The events of the ledger, and what arrived."""

    def __init__(self, ledger: Ledger) -> None:
        self._log = history(ledger)
        self._arrivals = {one.id: one for one in ledger.arrivals(SCORECARD, *FURTHER)}

    def between(self, old: Basis, new: Basis) -> tuple[tuple[Line, ...], int]:
        """Return what happened after one basis and up to another, and how many returns had no effect."""
        lines, others = [], 0
        known = old.arrival
        for logged in self._log:
            if not _place(old) < (logged.chain, logged.event.seq) <= _place(new):
                continue
            for number in sorted(arrival_numbers(logged)):
                arrival = self._arrivals.get(number) if number > known else None
                known = max(known, number)
                if arrival is not None and arrival.status is Status.VALID:
                    lines.append(_arrived(logged, arrival, new))
                elif arrival is not None:
                    others += 1
            lines += self._decided(logged)
        return tuple(lines), others

    def _decided(self, logged: Logged) -> Iterator[Line]:
        if logged.event.kind not in _DECISIONS:
            return
        try:
            line = decision_line(logged)
            about = self._arrivals.get(line.facts["submission"])
            unit = json.loads(logged.event.body).get("unit") or (about.unit if about else "")
        except (KeyError, TypeError, ValueError, AttributeError):
            return  # an event that somebody altered; `ledger check` tells it
        yield Line(line.event, line.at, line.actor, line.kind, {"subject": unit, **line.facts})


def _place(basis: Basis) -> tuple[int, int]:
    return basis.chain, basis.event


def _arrived(logged: Logged, arrival: Recorded, new: Basis) -> Line:
    if arrival.kind == SCORECARD:
        told = new.submissions.get(arrival.unit, {})
        counts = arrival.sha256 in told.get("sha256", ())
    else:
        counts = any(book["arrival"] == arrival.id for book in new.books)
    facts: dict[str, Any] = {
        "submission": arrival.id,
        "subject": arrival.unit,
        "version": arrival.version,
        "round": arrival.round,
        "file": arrival.file,
        "sha256": arrival.sha256,
        "serial": arrival.serial,
        "counts": counts,
        "rows": rows_said(arrival.card),
    }
    if arrival.kind == SURVEY:  # who had the figures from where: often why there is another book
        facts |= {name: str(arrival.card.get(name, "")) for name in ("source", "by")}
    kind = "arrived" if arrival.kind == SCORECARD else f"{arrival.kind}-arrived"
    event = logged.event
    return Line(logged.number, datetime.fromisoformat(event.at), event.actor, kind, facts)


# --- files and the rest ---------------------------------------------------------------------------


def _inputs(archive: Path, old: Basis, new: Basis) -> Iterator[InputChange]:
    before, after = ({(i.kind, i.name): i.sha256 for i in one.inputs} for one in (old, new))
    for kind, name in dict.fromkeys((*before, *after)):
        sides = before.get((kind, name)), after.get((kind, name))
        if sides[0] != sides[1]:
            yield InputChange(kind, name, *sides, _edits(archive, name, *sides))


def _edits(
    archive: Path, name: str, before: str | None, after: str | None
) -> tuple[Edit, ...] | None:
    if before is None or after is None:  # the whole file is new, or is named no longer
        return None
    try:
        return edits(name, kept(archive, before), kept(archive, after))
    except (OSError, ContentError):
        return None  # `ledger check` and `verify` tell it


def _state(old: Basis, new: Basis) -> Iterator[StateChange]:
    before, after = (_facts(one) for one in (old, new))
    for name in dict.fromkeys((*before, *after)):
        sides = before.get(name, ""), after.get(name, "")
        if sides[0] != sides[1]:
            yield StateChange(name, *sides)


def _facts(basis: Basis) -> Mapping[str, str]:
    return {
        "provisional": "yes" if basis.provisional else "no",
        "overdue": str(basis.overdue),
        "years": basis.years,
        "xlscore": basis.xlscore,
        **{f"plugin {name}": version for name, version in basis.plugins.items()},
    }
