"""What the story of a row is told from: the state of the procedure, and the event of each arrival."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from xlscore.campaign import Unit
from xlscore.cardjson import card_from_json
from xlscore.checking import CheckedCard
from xlscore.identity import SCORECARD
from xlscore.ledger import Ledger, Recorded
from xlscore.ledger.replay import Logged, history
from xlscore.methods.base import Value
from xlscore.numbers import plain
from xlscore.proceedings import Proceedings, proceedings
from xlscore.ranking import UnitResult
from xlscore.rubric import Node
from xlscore.workspace import Workspace

Facts = Mapping[str, Any]

_INPUTS = {
    "points": "Điểm",
    "level": "Mức",
    "percent": "Tỷ lệ (%)",
    "value": "Kết quả",
    "best": "Giá trị cao nhất",
}
"""What an input is called that the form leaves without a label: it stands in the row's own cell."""


class Section(StrEnum):
    """The parts of a row's story, in the order in which they are told."""

    DECLARED = "declared"
    APPRAISED = "appraised"
    REPLIED = "replied"
    COUNCIL = "council"
    FIGURES = "figures"
    DECISIONS = "decisions"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement about a row.

    Attributes:
        event: number of the event of the log that vouches for it; empty for what files of the campaign say.
        facts: what the kind tells (see `docs/json.md`).
    """

    section: Section
    kind: str
    facts: Facts
    event: str = ""
    at: datetime | None = None
    actor: str = ""

    @property
    def counts(self) -> bool:
        """Whether the result rests on it."""
        return bool(self.facts.get("counts")) or self.facts.get("verdict") == "counts"


@dataclass(frozen=True)
class Record:
    """One moment of the procedure, as far as a unit's rows need it."""

    unit: Unit
    state: Proceedings
    log: tuple[Logged, ...]

    @property
    def workspace(self) -> Workspace:
        """The campaign folder."""
        return self.state.workspace

    @cached_property
    def result(self) -> UnitResult | None:
        """The unit's result; None for a unit that is not assessed now."""
        results = self.state.results
        every = (*(row.result for row in results.rows), *results.missing)
        return next((r for r in every if r.unit.code == self.unit.code), None)

    @cached_property
    def arrived(self) -> Mapping[int, Logged]:
        """The event of every arrival: of its coming, or of the rebuild that put it back."""
        found: dict[int, Logged] = {}
        for logged in self.log:
            if logged.event.kind in {"arrived", "rebuilt"}:
                for number in arrival_numbers(logged):
                    found.setdefault(number, logged)
        return found

    @cached_property
    def cards(self) -> Mapping[int, CheckedCard]:
        """Every scorecard of the unit that was read, whether it counts or not, by arrival."""
        found: dict[int, CheckedCard] = {}
        for arrival in self.state.recorded:
            if arrival.kind == SCORECARD and arrival.unit == self.unit.code:
                with suppress(KeyError, TypeError, ValueError):  # nothing of the file was read
                    found[arrival.id] = card_from_json(arrival.card)
        return found

    def statement(
        self, section: Section, kind: str, facts: Facts, arrival: Recorded | None
    ) -> Statement:
        """Return a statement, vouched for by the event of an arrival where there is one."""
        logged = self.arrived.get(arrival.id) if arrival else None
        if logged is None:
            return Statement(section, kind, facts)
        at = datetime.fromisoformat(logged.event.at)
        return Statement(section, kind, facts, logged.number, at, logged.event.actor)

    def event(self, arrival: Recorded | None) -> str:
        """Return the number of an arrival's event."""
        logged = self.arrived.get(arrival.id) if arrival else None
        return logged.number if logged else ""

    def figures(self, leaf: Node, values: Mapping[str, Value]) -> list[dict[str, Any]]:
        """Return inputs of a row, in printed order, with what the form calls them."""
        method = self.workspace.layout(self.unit).methods[leaf.id]
        labels = {item.key: item.label for item in method.inputs(leaf.max)}
        order = [key for key in labels if key in values]
        return [
            {
                "key": key,
                "label": labels.get(key) or _INPUTS.get(key, key),
                "value": value if isinstance(value := values[key], str) else plain(value),
                "choice": isinstance(value, str),
            }
            for key in (*order, *(k for k in values if k not in labels))
        ]


def open_record(workspace: Workspace, ledger: Ledger, unit: Unit, now: datetime) -> Record:
    """Return what is on record now.

    Raises:
        OSError: an earlier journal cannot be read.
    """
    return Record(unit, proceedings(workspace, ledger, now), tuple(history(ledger)))


def arrival_numbers(logged: Logged) -> list[int]:
    """Return the arrivals that an event tells of: one that came, or those that a rebuild put back."""
    try:
        body = json.loads(logged.event.body)
        if logged.event.kind == "arrived":
            return [int(body["submission"])]
        return [int(number) for number in body.get("arrivals", {})]
    except (KeyError, TypeError, ValueError, AttributeError):
        return []  # an event that somebody altered; `ledger check` tells it
