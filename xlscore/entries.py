"""From what stands in an input cell to a value, or to a finding that says why not.

Numbers typed as text, commas, percents, dates made of `1.5`, ambiguous thousands, booleans, errors and
formulas: each is understood or refused by name, never silently 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from xlscore.findings import Finding, finding
from xlscore.layout import Entry
from xlscore.methods.base import Input, InputKind, Value
from xlscore.numbers import Misreading, from_excel, plain, quantise, trim, understand
from xlscore.text import EXCEL_TEXT_LIMIT, cut_to_cell, fits_cell, folded

_ELSEWHERE = re.compile(
    r"[!\[\]]|\b(INDIRECT|OFFSET|WEBSERVICE|RTD|HYPERLINK|GETPIVOTDATA)\s*\(", re.IGNORECASE
)
_DEFINED_NAME = re.compile(
    r"(?<![\w.$:])"
    r"(?!\$?[A-Z]{1,3}\$?[0-9]+\b|\$?[A-Z]{1,3}:|(TRUE|FALSE)\b)"  # a cell, a column, a constant
    r"[^\W\d][\w.]*+(?!\s*+\()",  # possessive: a long word is read once
    re.IGNORECASE,
)
"""A word in a formula that is no function, cell or constant: it may refer to any sheet."""
_QUOTED = re.compile(r'"[^"]*"')
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a worksheet's days belong to no zone
_MISREADINGS = {
    Misreading.NOT_A_NUMBER: "not-a-number",
    Misreading.AMBIGUOUS_THOUSANDS: "ambiguous-thousands",
    Misreading.DATE: "date-in-cell",
}


class RawCell(Protocol):
    """What the reader knows of one cell; `kind` is number, text, boolean, error, date or blank."""

    @property
    def kind(self) -> str:
        """What the cell holds."""

    @property
    def value(self) -> str:
        """Its text, or its number as stored."""

    @property
    def formula(self) -> str | None:
        """Its formula without `=`, empty where only shared, None where there is none."""

    @property
    def format(self) -> str:
        """Class of its number format: general, date, percent or text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was understood as: a value or None, what it shows, and the findings on the way."""

    value: Value | None
    shown: str
    findings: tuple[Finding, ...] = ()


BLANK = Reading(None, "")


def read_entry(entry: Entry, cell: RawCell | None, sheet: str = "") -> Reading:
    """Understand one input cell of a form; `sheet` is the name of the form's own sheet."""
    if cell is None:
        return BLANK
    refused, notes = _formula(cell, sheet)
    if refused:
        return Reading(None, cell.formula or "", (refused,))
    if cell.kind == "text" and not folded(cell.value):
        return BLANK
    if entry.input is None:
        return _written(cell, notes)
    if entry.input.kind is InputKind.CHOICE:
        return _choice(entry.input, cell, notes)
    return _number(entry.input, cell, notes)


def cut_reading(reading: Reading) -> Reading:
    """Return what was written as far as an Excel cell takes it, with a finding where it is longer.

    Only other programs write more; every later form that shows it could not be written.
    """
    if not isinstance(reading.value, str) or fits_cell(reading.value):
        return reading
    params = {"length": str(len(reading.value)), "limit": str(EXCEL_TEXT_LIMIT)}
    found = (*reading.findings, finding("text-too-long", params=params))
    return Reading(cut_to_cell(reading.value), reading.shown, found)


def _formula(cell: RawCell, sheet: str) -> tuple[Finding | None, tuple[Finding, ...]]:
    """Return what refuses a typed formula, or the note that its value counts."""
    # An error is said as one, whatever made it: LibreOffice even stores a typed `#N/A` as a formula.
    if cell.formula is None or cell.kind == "error":
        return None, ()
    if _refers_elsewhere(cell.formula, sheet):
        return finding("external-formula", entered=f"={cell.formula}"), ()
    if cell.kind == "blank" or (cell.kind == "text" and not cell.value):
        return finding("formula-without-value", entered=f"={cell.formula}"), ()
    if cell.kind == "boolean":
        return None, ()
    return None, (finding("formula-counted", entered=cell.value),)


def _refers_elsewhere(formula: str, sheet: str) -> bool:
    """Whether a formula takes anything from outside the form's own sheet."""
    bare = _QUOTED.sub("", formula)
    if sheet:
        bare = bare.replace(f"'{sheet}'!", "").replace(f"{sheet}!", "")
    return bool(_ELSEWHERE.search(bare) or _DEFINED_NAME.search(bare))


def _written(cell: RawCell, notes: tuple[Finding, ...]) -> Reading:
    """Take any text; only what an error stands for is nothing that anybody wrote."""
    if cell.kind == "error":
        return Reading(None, cell.value, (finding("excel-error", entered=cell.value),))
    text = _as_text(cell)
    return Reading(text, text, notes)


def _as_text(cell: RawCell) -> str:
    """Return what a cell shows, near enough: a date as a day, a number without its noise."""
    if cell.kind == "date":
        return _day(cell.value)
    if cell.kind == "number":
        try:
            return plain(from_excel(cell.value))
        except ValueError:
            return cell.value
    return cell.value


def _day(serial: str) -> str:
    """Spell a date serial as people here write a day, or a time of day."""
    try:
        moment = _EPOCH + timedelta(days=float(serial))
    except (ValueError, OverflowError):
        return serial
    return f"{moment:%H:%M}" if float(serial) < 1 else f"{moment:%d/%m/%Y}"


def _choice(spec: Input, cell: RawCell, notes: tuple[Finding, ...]) -> Reading:
    if cell.kind == "error":
        return Reading(None, cell.value, (finding("excel-error", entered=cell.value),))
    typed = folded(_as_text(cell))
    by_look = {folded(choice).casefold(): choice for choice in spec.choices}
    chosen = by_look.get(typed.casefold())
    if chosen is None or cell.kind == "boolean":
        params = {"choices": "; ".join(f"“{choice}”" for choice in spec.choices)}
        return Reading(None, typed, (finding("unknown-level", entered=typed, params=params),))
    return Reading(chosen, chosen, notes)


def _number(spec: Input, cell: RawCell, notes: tuple[Finding, ...]) -> Reading:
    refusals = {"boolean": "boolean-in-cell", "error": "excel-error", "date": "date-in-cell"}
    if cell.kind in refusals:
        shown = _as_text(cell)
        return Reading(None, shown, (finding(refusals[cell.kind], entered=shown),))
    if cell.kind == "number":
        return _stored_number(spec, cell, notes)
    said = understand(cell.value)
    if said.value is None:
        name = _MISREADINGS[said.misreading or Misreading.NOT_A_NUMBER]
        return Reading(None, cell.value, (finding(name, entered=cell.value),))
    if said.percent:
        return _percent(spec, said.value / 100, f"{plain(said.value)}%", notes)
    note = finding("number-as-text", entered=cell.value, params={"understood": plain(said.value)})
    return _in_range(spec, said.value, (*notes, note))


def _stored_number(spec: Input, cell: RawCell, notes: tuple[Finding, ...]) -> Reading:
    try:
        value = from_excel(cell.value)
    except ValueError:
        return Reading(None, cell.value, (finding("not-a-number", entered=cell.value),))
    if cell.format == "percent":
        return _percent(spec, value, f"{plain(trim(value * 100))}%", notes)
    return _in_range(spec, value, notes)


def _percent(spec: Input, share: Decimal, shown: str, notes: tuple[Finding, ...]) -> Reading:
    """Take `85 %` for 85 where a percent is asked; elsewhere a percent of points is refused."""
    if not spec.percent:
        return Reading(None, shown, (finding("percent-in-points", entered=shown),))
    value = trim(share * 100)
    note = finding("percent-understood", entered=shown, params={"understood": plain(value)})
    return _in_range(spec, value, (*notes, note))


def _in_range(spec: Input, value: Decimal, notes: tuple[Finding, ...]) -> Reading:
    shown = plain(value)
    low, high = spec.minimum, spec.maximum
    if low is not None and value < low:
        name = "negative" if value < 0 <= low else "below-minimum"
        params = {"minimum": plain(low)}
        return Reading(None, shown, (finding(name, entered=shown, params=params),))
    if high is not None and value > high:
        params = {"maximum": plain(high)}
        return Reading(None, shown, (finding("over-maximum", entered=shown, params=params),))
    if spec.whole and value != value.to_integral_value():
        return Reading(None, shown, (finding("not-whole", entered=shown),))
    if spec.step and value % spec.step != 0:
        down = value - value % spec.step
        example = f"{plain(trim(down))}; {plain(trim(down + spec.step))}"
        params = {"step": plain(spec.step), "example": example}
        return Reading(None, shown, (finding("off-step", entered=shown, params=params),))
    return Reading(quantise(value, 15), shown, notes)
