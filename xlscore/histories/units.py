"""The history of a unit (diễn biến hồ sơ): every form, return and decision, with its event and who did it.

It is made from the log alone, earlier chains included, so that an inspector can hold each line against
the event of that number.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from xlscore import identity
from xlscore.appraising import Decision
from xlscore.campaign import Unit
from xlscore.findings import Severity, Status
from xlscore.histories.frozen import frozen_results
from xlscore.histories.lines import Line
from xlscore.identity import REPLY, RESULT_BOOK, RESULT_SHEET, SCORECARD
from xlscore.ledger import EditionFile, Ledger, Recorded
from xlscore.ledger.replay import Logged, history
from xlscore.numbers import plain
from xlscore.standing import Timing, counting, timing
from xlscore.workspace import Workspace

OWN_FORMS = (SCORECARD, REPLY, RESULT_SHEET, RESULT_BOOK)
"""Kinds of forms whose subject is a unit; of the others it is an agency or a tier, of any name."""

DECIDED = ("voided", "restored", "timed", "waived", "unwaived")
"""Kinds of the events of decisions."""

_EVIDENCE = ("evidence", "file", "sha256", "size")
_DECISION = ("decision", "submission", "reason", "by", "body")
_JUDGED = ("submission", "again", "reason", "by")
_WAIVERS = ("waived", "unwaived")


def history_of(workspace: Workspace, ledger: Ledger, unit: Unit) -> list[Line]:
    """Return everything on record about a unit, in the order of the log.

    Raises:
        OSError: an earlier journal cannot be read.
    """
    teller = _Teller(workspace, ledger, unit)
    return [line for logged in history(ledger) for line in teller.lines(logged)]


def unit_on_record(ledger: Ledger, code: str) -> Unit | None:
    """Return a unit that left the campaign, its code for a name, as far as the ledger knows it."""
    known = ledger.every_issue(code, *OWN_FORMS) or any(
        arrival.unit == code for arrival in ledger.arrivals(*OWN_FORMS)
    )
    return Unit(code=code, name=code, tier="-") if known else None


def concerns(arrival: Recorded, unit: Unit) -> bool:
    """Whether an arrival is a unit's own, or speaks of it: appraisal, council, survey, its district."""
    match arrival.kind:
        case identity.APPRAISAL | identity.COUNCIL:
            return any(row.get("unit") == unit.code for row in arrival.card.get("rows", ()))
        case identity.SURVEY:
            return unit.code in arrival.card.get("figures", {})
        case identity.RESULT_BOOK:
            named = unit.code in arrival.card.get("units", {})
            return named or arrival.unit in {unit.code, unit.parent} - {""}
    return arrival.kind in OWN_FORMS and arrival.unit == unit.code


def decision_line(logged: Logged) -> Line:
    """Return the line of a decision's event.

    Raises:
        KeyError, TypeError, ValueError: somebody altered the event.
    """
    event = logged.event
    body = json.loads(event.body)
    names = _JUDGED if event.kind == "judged-again" else _DECISION
    facts = {name: body[name] for name in names}
    return Line(logged.number, datetime.fromisoformat(event.at), event.actor, event.kind, facts)


class _Teller:
    """Tells the lines of one unit, event by event."""

    def __init__(self, workspace: Workspace, ledger: Ledger, unit: Unit) -> None:
        self._workspace, self._unit = workspace, unit
        self._serials = {issue.serial for issue in ledger.every_issue(unit.code, *OWN_FORMS)}
        self._own = {r.id: r for r in ledger.arrivals() if concerns(r, unit)}
        self._left = unit.code not in workspace.campaign.units
        cards = (r for r in self._own.values() if r.kind == SCORECARD and not self._left)
        self._counting = {r.id for r in counting(workspace, cards).values()}
        self._told: set[int] = set()
        self._files: dict[int, list[EditionFile]] = {}
        for file in ledger.edition_files():
            self._files.setdefault(file.edition, []).append(file)

    def lines(self, logged: Logged) -> Iterator[Line]:
        event = logged.event
        try:
            told = list(self._facts(event.kind, json.loads(event.body)))
        except (KeyError, TypeError, ValueError, AttributeError):
            return  # an event that somebody altered; `ledger check` tells it
        at = datetime.fromisoformat(event.at)
        for kind, facts in told:
            yield Line(logged.number, at, event.actor, kind, facts)

    def _facts(self, kind: str, body: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        match kind:
            case "issued":
                yield from self._issued(body)
            case "released":
                for serial, target in body["forms"]:
                    if serial in self._serials:
                        told = {"serial": serial, "channel": body["channel"], "target": target}
                        yield "form-released", told
            case "arrived":
                yield from self._arrived(body["submission"])
            case "evidence" if body["unit"] == self._unit.code:
                yield kind, {name: body[name] for name in _EVIDENCE}
            case "rebuilt":
                for number in sorted(map(int, body.get("arrivals", {}))):
                    yield from self._arrived(number)
            case "edition-frozen":
                yield from self._frozen(body["edition"])
            case "judged-again" if {body["submission"], body["again"]} & self._own.keys():
                yield kind, {name: body[name] for name in _JUDGED}
            case _ if kind in DECIDED and self._is_about(kind, body):
                yield kind, {name: body[name] for name in _DECISION}

    def _frozen(self, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
        year = frozen_results(self._workspace.archive, self._files.get(number, ()))
        told = year.units.get(self._unit.code) if year else None
        if year is not None and told is None:
            return  # the unit was no part of the campaign then
        index = told.index if told else None
        facts: dict[str, Any] = {"edition": number, "known": year is not None}
        facts |= {"index": None if index is None else plain(index)}
        facts |= {"rank": told.rank if told else None, "band": told.band if told else ""}
        yield "edition-frozen", facts

    def _is_about(self, kind: str, body: Mapping[str, Any]) -> bool:
        # The unit of a decision about an arrival is that arrival's: an agency's code, perhaps.
        if kind in _WAIVERS:
            return bool(body["unit"] == self._unit.code)
        return body["submission"] in self._own

    def _issued(self, body: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        for serial, reason in body["revoked"].items():
            if int(serial) in self._serials:
                yield "form-revoked", {"serial": int(serial), "reason": reason}
        if body["kind"] not in OWN_FORMS:
            return
        for serial, unit, role, digest, copy_of in body["forms"]:
            if unit == self._unit.code:
                facts = {"serial": serial, "kind": body["kind"], "round": body["round"],
                         "role": role, "digest": digest, "copy_of": copy_of}  # fmt: skip
                yield "form-copied" if copy_of else "form-issued", facts

    def _arrived(self, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
        arrival = self._own.get(number)
        if arrival is None:
            return
        if number in self._told:
            yield "recovered", {"submission": number}
            return
        self._told.add(number)
        if arrival.kind == SCORECARD:
            yield "arrived", self._card(arrival)
        else:
            yield f"{arrival.kind}-arrived", {**_book(arrival), **_said(arrival, self._unit.code)}

    def _card(self, arrival: Recorded) -> dict[str, Any]:
        when = self._timing(arrival)
        return {
            "submission": arrival.id,
            "version": arrival.version,
            "role": arrival.role,
            "file": arrival.file,
            "sha256": arrival.sha256,
            "status": arrival.status.value,
            "serial": arrival.serial,
            "received": when.received.astimezone(UTC).isoformat(),
            "late": when.late,
            "unproven": when.unproven,
            "findings": {s.value: _count(arrival, s) for s in Severity},
            "judged_again": arrival.judged_again,
            "void": bool(arrival.voided),
            "counts": arrival.id in self._counting,
        }

    def _timing(self, arrival: Recorded) -> Timing:
        if self._left:  # whoever is no part of the campaign has no deadline
            return Timing(arrival.received, late=False)
        campaign = self._workspace.campaign
        return timing(arrival, campaign.deadline(self._unit), campaign.settings.intake.unproven)


def _book(arrival: Recorded) -> dict[str, Any]:
    """Return what is told of a form that is merged by row, or comes from a district."""
    return {
        "submission": arrival.id,
        "subject": arrival.unit,
        "round": arrival.round,
        "file": arrival.file,
        "sha256": arrival.sha256,
        "status": arrival.status.value,
        "serial": arrival.serial,
        "received": arrival.received.astimezone(UTC).isoformat(),
        "findings": {s.value: _count(arrival, s) for s in Severity},
        "void": bool(arrival.voided),
        "counts": arrival.status is Status.VALID and not arrival.voided,
    }


def _said(arrival: Recorded, unit: str) -> dict[str, Any]:
    """Return how much a book says of a unit."""
    card = arrival.card
    match arrival.kind:
        case identity.APPRAISAL | identity.COUNCIL:
            said = Counter(r.get("decision") for r in card["rows"] if r.get("unit") == unit)
            return {"decisions": {d.value: said[d.value] for d in Decision}}
        case identity.SURVEY:
            figures = {"figures": len(card["figures"][unit])}
            return {"year": card.get("year"), "source": card.get("source", ""), **figures}
        case identity.REPLY:
            return {"rows": len(card.get("rows", ()))}
    return {}


def _count(arrival: Recorded, severity: Severity) -> int:
    # The summary “refused: n errors” is no further error; the receipt does not count it either.
    return sum(f.severity is severity and f.name != "return-refused" for f in arrival.findings)
