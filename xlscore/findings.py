"""Every problem as a value: a permanent code, where it is, what was entered; the words come late.

The catalogue (`xlscore/catalogue/`) holds severity, message and remedy per code, in Vietnamese and
English. A finding carries only data, so that it can be stored, compared, filtered and translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from xlscore.catalogue import BY_CODE, BY_NAME, Entry, Severity

__all__ = ["Finding", "Severity", "Status", "as_json", "finding", "has_errors", "message"]

_NUMBERS = re.compile(r"-?\d+(\.\d+)?%?(; -?\d+(\.\d+)?%?)*")


class Status(StrEnum):
    """What a returned file is, after all its findings are known.

    `rejected`: not a workbook of this campaign (nothing of it was read); `invalid`: ours, but refused;
    `draft`: not ticked as complete; `valid`: it counts.
    """

    VALID = "valid"
    DRAFT = "draft"
    INVALID = "invalid"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem.

    Attributes:
        code: permanent catalogue code, such as `S012`.
        sheet: name of the worksheet, or empty.
        cell: A1 address in the returned file (as it is there, after moves), or empty.
        row: printed code (STT) of the criterion, or empty.
        node: stable id of the criterion, or empty.
        entered: what was found, as the person sees it.
        file: file and line for rubrics and campaigns (`so.yaml:12`), or the returned file's name.
        params: further values that the message template names; words have their English beside
            them (`what`, `what_en`).
    """

    code: str
    sheet: str = ""
    cell: str = ""
    row: str = ""
    node: str = ""
    entered: str = ""
    file: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    waived: str = ""

    @property
    def entry(self) -> Entry:
        """The catalogue entry of this code."""
        return BY_CODE[self.code]

    @property
    def name(self) -> str:
        """The catalogue name, such as `over-maximum`."""
        return self.entry.name

    @property
    def severity(self) -> Severity:
        """Severity from the catalogue; a waived finding is only a note."""
        return Severity.NOTE if self.waived else self.entry.severity

    def at(self, **place: str) -> Finding:
        """Return the same finding with its place completed."""
        return replace(self, **place)  # type: ignore[arg-type]


def finding(name: str, *, params: Mapping[str, str] | None = None, **place: str) -> Finding:
    """Make a finding by its catalogue name.

    Raises:
        KeyError: the catalogue has no such name (a programming error, caught by tests).
    """
    return Finding(code=BY_NAME[name].code, params=dict(params or {}), **place)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding refuses the return."""
    return any(f.severity is Severity.ERROR for f in findings)


def message(found: Finding, language: str) -> str:
    """Say one finding in words: place → what was entered → what to do.

    A template parameter that is missing is shown as `…` rather than failing: a message about a
    problem must never become a problem.
    """
    words = found.entry.words(language)
    said_in = {} if language == "vi" else _english(found.params)
    params = {**found.params, **said_in}
    values = _Values({key: _localised(value, language) for key, value in params.items()})
    values |= {
        "entered": _short(found.entered),
        "number": _localised(_short(found.entered), language),
        "row": found.row,
    }
    said = words.message.format_map(values)
    remedy = words.remedy.format_map(values)
    place = _place(found, language)
    waived = (
        f" [{'Được miễn' if language == 'vi' else 'Waived'}: {found.waived}]"
        if found.waived
        else ""
    )
    return f"{place}{said} {remedy}".strip() + waived


def as_json(found: Finding, language: str) -> dict[str, str]:
    """Return the stable JSON shape of a finding (see `docs/json.md`)."""
    return {
        "code": found.code,
        "name": found.name,
        "severity": found.severity.value,
        "sheet": found.sheet,
        "cell": found.cell,
        "row": found.row,
        "message": message(found, language),
    }


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _english(params: Mapping[str, str]) -> dict[str, str]:
    """A param that is words has its English beside it: `what` and `what_en`."""
    return {key: params[f"{key}_en"] for key in params if f"{key}_en" in params}


def _localised(text: str, language: str) -> str:
    """Spell a number, or a list of numbers, with the language's decimal mark; any other text stays.

    A label, a title or a file name is quoted as it is printed, whatever looks like a number in it.
    """
    return text.replace(".", ",") if language == "vi" and _NUMBERS.fullmatch(text) else text


def _short(text: str, limit: int = 60) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _place(found: Finding, language: str) -> str:
    row_word, cell_word = ("Tiêu chí", "ô") if language == "vi" else ("Criterion", "cell")
    parts = []
    if found.file and not found.cell:
        parts.append(found.file)
    if found.row:
        parts.append(f"{row_word} {found.row}")
    if found.cell:
        sheet = f"{found.sheet}!" if found.sheet else ""
        parts.append(f"{cell_word} {sheet}{found.cell}")
    return ", ".join(parts) + ": " if parts else ""
