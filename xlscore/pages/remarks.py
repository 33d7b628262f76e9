"""Findings as a page lists them: by severity, the same remark over many places as one line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xlscore.findings import Finding, Severity, message

TITLES = {
    Severity.ERROR: "Lỗi phải sửa",
    Severity.WARNING: "Cảnh báo, nên kiểm tra lại",
    Severity.NOTE: "Ghi chú",
}
_REFUSED, _DRAFTS = "return-refused", {"draft", "draft-unticked"}
"""Findings that sum up the others: a receipt says that once, in its verdict."""

_CELL = re.compile(r"(?P<column>[A-Z]{1,3})(?P<row>\d+)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a remark applies: the printed code (STT) and sheet!cell; both empty for the whole file."""

    row: str
    cell: str


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the list."""

    code: str
    places: tuple[Place, ...]
    entered: str
    text: str


@dataclass(frozen=True, slots=True)
class RemarkGroup:
    """The remarks of one severity; `count` counts places, as the catalogue's own sentences do."""

    severity: Severity
    title: str
    count: int
    remarks: tuple[Remark, ...]


def remark_groups(findings: Iterable[Finding]) -> tuple[RemarkGroup, ...]:
    """Return the findings grouped, the gravest first, summaries and empty groups left out.

    Within a group they go down the form, as in the list of the marked copy.
    """
    listed = [found for found in findings if found.name not in {_REFUSED, *_DRAFTS}]
    rows = _rows(listed)
    groups = []
    for severity in Severity:
        own = [found for found in listed if found.severity is severity]
        own.sort(key=lambda found: _down_the_form(found, rows))
        if own:
            groups.append(RemarkGroup(severity, TITLES[severity], len(own), _merged(own)))
    return tuple(groups)


def _rows(findings: Iterable[Finding]) -> dict[str, int]:
    """Return where the criteria stand, as far as the findings say so."""
    placed = ((found.row, _CELL.fullmatch(found.cell)) for found in findings)
    return {row: int(cell["row"]) for row, cell in placed if row and cell}


def _down_the_form(found: Finding, rows: Mapping[str, int]) -> tuple[int, int, str]:
    cell = _CELL.fullmatch(found.cell)
    if cell is None:
        return rows.get(found.row, 0), 0, ""
    return int(cell["row"]), len(cell["column"]), cell["column"]


def sentence(found: Finding) -> str:
    """Say a finding without its place, which the pages show in a column of its own."""
    return message(found.at(file="", sheet="", cell="", row=""), "vi")


def errors_said(findings: Iterable[Finding]) -> int:
    """Return how many errors a return has; more than are listed where the list was cut short."""
    errors = [found for found in findings if found.severity is Severity.ERROR]
    refused = [found for found in errors if found.name == _REFUSED]
    return int(refused[0].params["errors"]) if refused else len(errors)


def draft_said(findings: Iterable[Finding]) -> str:
    """Return what the check says of a draft: how many entries are open, how to finish; or nothing."""
    return " ".join(sentence(found) for found in findings if found.name in _DRAFTS)


def _merged(findings: Iterable[Finding]) -> tuple[Remark, ...]:
    places: dict[tuple[str, str, str], dict[Place, None]] = {}
    for found in findings:
        key = found.code, _entered(found), sentence(found)
        places.setdefault(key, {})[_place(found)] = None
    return tuple(
        Remark(code, tuple(where), entered, text) for (code, entered, text), where in places.items()
    )


def _entered(found: Finding) -> str:
    """Spell a number as the sentence beside it does; a text that only looks like one stays as typed."""
    words = found.entry.vi
    spelt = "{number}" in words.message + words.remedy and _NUMBER.fullmatch(found.entered)
    return found.entered.replace(".", ",") if spelt else found.entered


def _place(found: Finding) -> Place:
    sheet = f"{found.sheet}!" if found.sheet and found.cell else ""
    return Place(found.row, sheet + found.cell)
