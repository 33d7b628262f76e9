"""What changed between two editions in words, in the language in use, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from xlscore.campaign import Campaign
from xlscore.editions.changes import Changes, Issued, RowEdit, StateChange, UnitChange
from xlscore.editions.edits import Edit
from xlscore.editions.files import FileState
from xlscore.histories import Line, points
from xlscore.histories.lines import short, spelt_hash
from xlscore.histories.unit_words import book_title, decision_words
from xlscore.i18n import _, shown, signed
from xlscore.layout import NOTHING
from xlscore.numbers import plain, quantise
from xlscore.years import YearUnit

_LONG = 200
"""So many letters of where figures are from are shown."""
_ROWS = 3
"""So many rows of a unit are named; `--json` has them all."""


def event_words(line: Line, zone: ZoneInfo, edition: int) -> str:
    """Say a return that arrived before an edition, or a decision."""
    if line.kind != "arrived" and not line.kind.endswith("-arrived"):
        return decision_words(line, zone)
    facts = line.facts
    told = {
        "submission": facts["submission"], "file": short(facts["file"]),
        "hash": spelt_hash(facts["sha256"]), "serial": facts["serial"] or "-",
    }  # fmt: skip
    if line.kind == "arrived":
        said = _("Arrival {submission}, version {version}: {file}, SHA-256 {hash}, form {serial}.",
                 version=facts["version"], **told)  # fmt: skip
    else:
        said = _("Arrival {submission}, {what}: {file}, SHA-256 {hash}, form {serial}.",
                 what=book_title(line.kind, facts), **told)  # fmt: skip
    if facts.get("source") or facts.get("by"):
        said += " " + _("{count} figures; source: {source}; entered by: {by}.", count=facts["rows"],
                        source=short(facts["source"], _LONG) or NOTHING,
                        by=short(facts["by"]) or NOTHING)  # fmt: skip
    elif facts["rows"]:
        said += " " + _("{rows} rows spoken of.", rows=facts["rows"])
    if facts["counts"]:
        return f"{said} " + _("Counts in edition {number}.", number=edition)
    return f"{said} " + _("Does not count in edition {number}.", number=edition)


def edit_words(edit: Edit) -> str:
    """Say what was changed in an input file."""
    where = _("line {number}", number=edit.where) if edit.where.isdecimal() else edit.where
    sides = (NOTHING if side is None else short(side) for side in (edit.before, edit.after))
    return f"{short(where)}: {' → '.join(sides)}"


def state_words(change: StateChange) -> str:
    """Say what else is another state than at the edition before."""
    before, after = change.before or NOTHING, change.after or NOTHING
    match change.name:
        case "provisional":
            return (
                _("The results are provisional; they were final.")
                if change.after == "yes"
                else _("The results are final; they were provisional.")
            )
        case "overdue":
            return _("Units whose deadline has passed: {before} → {after}.", before=before,
                     after=after)  # fmt: skip
        case "years":
            return _("What earlier years found is read otherwise.")
    return f"{change.name}: {before} → {after}"


def unit_cells(campaign: Campaign, change: UnitChange) -> list[str]:
    """Return code, name, index, its change, rank, band and rows of a unit, both sides where they differ."""
    decimals = campaign.settings.policies.display_decimals
    by, finer = change.change, decimals
    if by and not quantise(by, decimals):  # so small that it would not be seen
        finer = max(decimals, 1 - by.adjusted())
    sides = [side or YearUnit("", "") for side in (change.before, change.after)]
    return [
        change.unit.code,
        change.unit.name,
        _pair(NOTHING if s.index is None else shown(s.index, finer) for s in sides),
        signed(by, finer) if by else NOTHING,
        _pair(str(side.rank or NOTHING) for side in sides),
        _pair(side.band or NOTHING for side in sides),
        row_words(campaign, change, decimals) or NOTHING,
    ]


def unit_words(campaign: Campaign, change: UnitChange) -> str:
    """Say what changed of a unit, in one line."""
    code, name, index, by, rank, band, rows = unit_cells(campaign, change)
    told = _("{unit}: index {index} % ({change}), rank {rank}, band {band}.",
             unit=f"{code} – {name}", index=index, change=by, rank=rank, band=band)  # fmt: skip
    return told if rows == NOTHING else f"{told} " + _("Scores: {rows}.", rows=rows)


def _pair(sides: Iterable[str]) -> str:
    before, after = sides
    return before if before == after else f"{before} → {after}"


def row_words(campaign: Campaign, change: UnitChange, decimals: int) -> str:
    """Say which rows of a unit are scored otherwise, or that its whole result is new or gone."""
    before, after = change.indices
    if before is None or after is None:
        if before is not None:
            return _("no result any more")
        return _("first result") if after is not None else ""
    told = [
        f"{row_code(campaign, change.unit.code, row.row)}: {_scores(row, decimals)}"
        for row in change.rows[:_ROWS]
    ]
    more = len(change.rows) - len(told)
    return "; ".join([*told, *([_("{count} more rows", count=more)] if more else [])])


def row_code(campaign: Campaign, unit: str, row: str) -> str:
    """Return what a row is called on the form, as far as today's rubric knows it; else its id."""
    known = campaign.units.get(unit)
    node = campaign.rubric(known).by_id.get(row) if known else None
    return node.code if node else row


def _scores(row: RowEdit, decimals: int) -> str:
    sides = [(row.before, row.before_max), (row.after, row.after_max)]
    if row.before_max == row.after_max:
        return " → ".join(points(score, decimals) for score, _max in sides)
    return " → ".join(
        NOTHING if score is None else f"{points(score, decimals)}/{points(top, decimals)}"
        for score, top in sides
    )


def files_words(told: Issued) -> str:
    """Say how the files of an edition stand in `reports/`."""
    whole = sum(state is FileState.UNCHANGED for _file, state in told.files)
    said = [_("{count} as frozen", count=whole)]
    for state, text in (
        (FileState.ALTERED, _("edited since: {files}")),
        (FileState.GONE, _("not there: {files}")),
    ):
        named = [file.name for file, one in told.files if one is state]
        if named:
            said.append(text.format(files=", ".join(named)))
    return "; ".join(said)


# --- as JSON --------------------------------------------------------------------------------------


def issued_to_json(told: Issued, zone: ZoneInfo) -> dict[str, Any]:
    """Return the shape of an edition (see `docs/json.md`); decimals are texts."""
    edition, number = told.edition, told.edition.number
    return {
        "edition": number,
        "frozen_at": edition.frozen_at.astimezone(UTC).isoformat(),
        "frozen_by": edition.frozen_by,
        "head": edition.head,
        "provisional": told.basis.provisional,
        "assessed": told.assessed,
        "files": [
            {"kind": file.kind, "name": file.name, "sha256": file.sha256, "state": state.value}
            for file, state in told.files
        ],
        "changes": None if told.changes is None else _changes(told.changes, number, zone),
    }


def _changes(told: Changes, number: int, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "since": told.since,
        "events": [
            {
                "event": line.event,
                "at": line.at.astimezone(UTC).isoformat(),
                "actor": line.actor,
                "what": line.kind,
                **line.facts,
                "text": event_words(line, zone, number),
            }
            for line in told.events
        ],
        "without_effect": told.without_effect,
        "inputs": [
            {
                "kind": one.kind,
                "name": one.name,
                "before": one.before,
                "after": one.after,
                "edits": None
                if one.edits is None
                else [
                    {"where": e.where, "before": e.before, "after": e.after} for e in one.edits
                ],
            }
            for one in told.inputs
        ],
        "state": [
            {"name": one.name, "before": one.before, "after": one.after} for one in told.state
        ],
        "units": None if told.units is None else list(map(_unit, told.units)),
    }  # fmt: skip


def _unit(change: UnitChange) -> dict[str, Any]:
    return {
        "unit": change.unit.code,
        "name": change.unit.name,
        "before": _side(change.before),
        "after": _side(change.after),
        "change": _plain(change.change),
        "rows": list(_rows(change)),
    }


def _rows(change: UnitChange) -> Iterator[dict[str, Any]]:
    for row in change.rows:
        yield {
            "row": row.row,
            "before": _plain(row.before),
            "before_max": _plain(row.before_max),
            "after": _plain(row.after),
            "after_max": _plain(row.after_max),
        }


def _side(unit: YearUnit | None) -> dict[str, Any] | None:
    if unit is None:
        return None
    index = _plain(unit.index)
    return {"index": index, "rank": unit.rank, "band": unit.band, "group": unit.group}


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
