"""The history of a unit (diễn biến hồ sơ): every form, return and decision, with its event and who did it.

It is made from the log alone, earlier chains included, so that an inspector can hold each line against
the event of that number.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from xlscore.campaign import Unit
from xlscore.findings import Severity
from xlscore.i18n import _
from xlscore.ledger import Ledger, Recorded
from xlscore.ledger.replay import Logged, history
from xlscore.standing import Timing, counting, timing
from xlscore.text import nfc
from xlscore.workspace import Workspace

_LONGEST = 60
_DIGITS = 12
"""So many digits of a SHA-256 are shown: what receipts show too."""

_EVIDENCE = ("evidence", "file", "sha256", "size")
_DECISION = ("decision", "submission", "reason", "by", "body")
_JUDGED = ("submission", "again", "reason", "by")
_DECIDED = ("voided", "restored", "timed", "waived", "unwaived")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history.

    Attributes:
        event: number of the event; after a rebuild with its chain's before it (`2/17`).
        kind: `form-issued`, `form-copied`, `form-revoked`, `form-released`, `arrived`, `recovered`,
            `evidence`, or a decision: `voided`, `restored`, `timed`, `waived`, `unwaived`,
            `judged-again`.
        facts: what the kind tells (see `docs/ledger.md`).
    """

    event: str
    at: datetime
    actor: str
    kind: str
    facts: Mapping[str, Any]


def history_of(workspace: Workspace, ledger: Ledger, unit: Unit) -> list[Line]:
    """Return everything on record about a unit, in the order of the log.

    Raises:
        OSError: an earlier journal cannot be read.
    """
    teller = _Teller(workspace, ledger, unit)
    return [line for logged in history(ledger) for line in teller.lines(logged)]


def unit_on_record(ledger: Ledger, code: str) -> Unit | None:
    """Return a unit that left the campaign, its code for a name, as far as the ledger knows it."""
    known = ledger.every_issue(code) or any(r.unit == code for r in ledger.submissions())
    return Unit(code=code, name=code, tier="-") if known else None


class _Teller:
    """Tells the lines of one unit, event by event."""

    def __init__(self, workspace: Workspace, ledger: Ledger, unit: Unit) -> None:
        self._workspace, self._unit = workspace, unit
        self._serials = {issue.serial for issue in ledger.every_issue(unit.code)}
        self._own = {r.id: r for r in ledger.submissions() if r.unit == unit.code}
        self._left = unit.code not in workspace.campaign.units
        eligible = [] if self._left else self._own.values()
        self._counting = {r.id for r in counting(workspace, eligible).values()}
        self._told: set[int] = set()

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
            case "judged-again" if (
                body["unit"] == self._unit.code or body["submission"] in self._own
            ):
                yield kind, {name: body[name] for name in _JUDGED}
            case _ if kind in _DECIDED:
                if body["unit"] == self._unit.code or body["submission"] in self._own:
                    yield kind, {name: body[name] for name in _DECISION}

    def _issued(self, body: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        for serial, reason in body["revoked"].items():
            if int(serial) in self._serials:
                yield "form-revoked", {"serial": int(serial), "reason": reason}
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
        when = self._timing(arrival)
        yield (
            "arrived",
            {
                "submission": number,
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
                "counts": number in self._counting,
            },
        )

    def _timing(self, arrival: Recorded) -> Timing:
        if self._left:  # whoever is no part of the campaign has no deadline
            return Timing(arrival.received, late=False)
        campaign = self._workspace.campaign
        return timing(arrival, campaign.deadline(self._unit), campaign.settings.intake.unproven)


def _count(arrival: Recorded, severity: Severity) -> int:
    # The summary “refused: n errors” is no further error; the receipt does not count it either.
    return sum(f.severity is severity and f.name != "return-refused" for f in arrival.findings)


# --- in words -------------------------------------------------------------------------------------


def words(line: Line, zone: ZoneInfo) -> str:
    """Say a line for reading, in the language in use; what units typed is shortened."""
    facts = {key: _short(value) if isinstance(value, str) else value
             for key, value in line.facts.items()}  # fmt: skip
    match line.kind:
        case "form-issued":
            said = _("Form {serial} issued.", **facts)
        case "form-copied":
            said = _("Marked copy {serial} of form {copy_of} made.", **facts)
        case "form-revoked":
            said = _("Form {serial} revoked: {reason}", **facts)
        case "form-released":
            said = (
                _("Form {serial} put into a letter draft to {target}.", **facts)
                if facts["channel"] == "mail"
                else _("Form {serial} handed out into {target}.", **facts)
            )
        case "arrived":
            said = _arrival_words(line.facts, zone)
        case "recovered":
            said = _("Arrival {submission} was written anew by a rebuild.", **facts)
        case "evidence":
            said = _("Evidence: {file}, SHA-256 {hash}.", file=facts["file"],
                     hash=line.facts["sha256"][:_DIGITS])  # fmt: skip
        case "judged-again":
            said = _("Arrival {submission} judged again as {again} by {by}: {reason}", **facts)
        case _:
            said = _decision_words(line, facts, zone)
    role = facts.get("role")
    return said + (" " + _("Role: {role}.", role=role) if role else "")


def _arrival_words(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    counts, status = facts["findings"], facts["status"]
    said = [
        _("Arrival {submission}, version {version}: {file}, SHA-256 {hash}, form {serial}.",
          submission=facts["submission"], version=facts["version"], file=_short(facts["file"]),
          hash=facts["sha256"][:_DIGITS] or "-", serial=facts["serial"] or "-"),
        _("Received {time}: {status}; errors {errors}, warnings {warnings}, notes {notes}.",
          time=_time(facts["received"], zone), status=_(status), errors=counts["error"],
          warnings=counts["warning"], notes=counts["note"]),
    ]  # fmt: skip
    if facts["judged_again"]:
        said.append(_("Arrival {number} judged again.", number=facts["judged_again"]))
    if facts["unproven"]:
        said.append(_("Whether it came in time is not proven."))
    elif facts["late"]:
        said.append(_("Late."))
    if facts["void"]:
        said.append(_("Void."))
    if facts["counts"]:
        said.append(_("THIS ONE COUNTS NOW."))
    return " ".join(said)


def _decision_words(line: Line, facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    body = line.facts["body"]
    values = {name: facts[name] for name in ("submission", "reason", "by")}
    match line.kind:
        case "voided":
            return _("Arrival {submission} declared void by {by}: {reason}", **values)
        case "restored":
            return _("Arrival {submission} counts again, says {by}: {reason}", **values)
        case "timed":
            moment = _time(body["received"], zone)
            return _("Arrival {submission} taken as received {time} by {by}: {reason}",
                     time=moment, **values)  # fmt: skip
    del values["submission"]
    row = _short(str(body.get("row", "")))
    about = {
        "code": _short(str(body.get("code", ""))),
        "where": _("row {row}", row=row) if row else _("all rows"),
    }
    if line.kind == "waived":
        return _("{code} waived ({where}) by {by}: {reason}", **about, **values)
    return _("{code} no longer waived ({where}), says {by}: {reason}", **about, **values)


def _time(stamp: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(stamp).astimezone(zone):%d/%m/%Y %H:%M}"


def _short(text: str) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in " ".join(nfc(text).split()))
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
