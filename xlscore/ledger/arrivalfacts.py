"""The record of an arrival as plain data: what stands beside its content, and outlives the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlscore.findings import Finding, Status
from xlscore.identity import SCORECARD
from xlscore.ledger.chapter import to_stamp, to_time
from xlscore.ledger.records import Arrival


def record_facts(arrival: Arrival, number: int, version: int) -> dict[str, Any]:
    """Return everything about an arrival as JSON: what stands beside its content."""
    return {
        "submission": number,
        "entry": arrival.entry.hex(),
        "file": arrival.file,
        "sha256": arrival.sha256,
        "size": arrival.size,
        "mtime_ns": arrival.mtime_ns,
        "status": str(arrival.status),
        "unit": arrival.unit,
        "role": arrival.role,
        "version": version,
        "serial": arrival.serial,
        "received": to_stamp(arrival.received),
        "scanned": to_stamp(arrival.scanned) if arrival.scanned else "",
        "judged_again": arrival.judged_again,
        "card": arrival.card,
        "findings": [{"code": f.code, **finding_facts(f)} for f in arrival.findings],
        **form_facts(arrival.kind, arrival.round),
    }


def form_facts(kind: str, round_: int) -> dict[str, Any]:
    """Return kind and round where they are not a scorecard's: older records do not know them."""
    return {} if kind == SCORECARD else {"kind": kind, "round": round_}


def arrival_of(facts: Mapping[str, Any]) -> Arrival:
    """Return the arrival that such a record tells of.

    Raises:
        KeyError, TypeError, ValueError: it is no such record.
    """
    scanned = facts["scanned"]
    return Arrival(
        bytes.fromhex(facts["entry"]), facts["sha256"], facts["size"], facts["mtime_ns"],
        facts["file"], Status(facts["status"]), facts["unit"], facts["role"], facts["serial"],
        to_time(facts["received"]), facts["card"],
        tuple(Finding(**found) for found in facts["findings"]),
        to_time(scanned) if scanned else None, facts["judged_again"],
        facts.get("kind", SCORECARD), facts.get("round", 1),
    )  # fmt: skip


def finding_facts(found: Finding) -> dict[str, Any]:
    """Return everything about a finding but its code."""
    facts = {
        "sheet": found.sheet,
        "cell": found.cell,
        "row": found.row,
        "node": found.node,
        "entered": found.entered,
        "file": found.file,
        "params": dict(found.params),
        "waived": found.waived,
    }
    return {key: value for key, value in facts.items() if value}
