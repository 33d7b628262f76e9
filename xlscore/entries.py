"""From what stands in an input cell to a value, or to a finding that says why not.

Numbers typed as text, commas, percents, dates made of `1.5`, ambiguous thousands, booleans, errors and
formulas: each is understood or refused by name, never silently 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from xlscore.findings import Finding, finding
from xlscore.layout import Entry
from xlscore.methods.base import Input, InputKind, Value
from xlscore.numbers import Misreading, from_excel, plain, quantise, trim, understand
from xlscore.text import folded

_ELSEWHERE = re.compile(r"[!\[\]]|\b(INDIRECT|OFFSET|WEBSERVICE|RTD|HYPERLINK|GETPIVOTDATA)\s*\(", re.I)
_MISREADINGS = {
    Misreading.NOT_A_NUMBER: "not-a-number",
    Misreading.AMBIGUOUS_THOUSANDS: "ambiguous-thousands",
    Misreading.DATE: "date-in-cell",
}


class RawCell(Protocol):
    """What the reader knows of one cell; `kind` is number, text, boolean, error, date or blank."""

    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def formula(self) -> str | None: ...
    @property
    def format(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was understood as: a value or None, what it shows, and the findings on the way."""

    value: Value | None
    shown: str
    findings: tuple[Finding, ...] = ()


BLANK = Reading(None, "")


def read_entry(entry: Entry, cell: RawCell | None) -> Reading:
    """Understand one input cell of a form."""
    if cell is None:
        return BLANK
    refused, notes = _formula(cell)
    if refused:
        return Reading(None, cell.formula or "", (refused,))
    if cell.kind == "text" and not folded(cell.value):
        return BLANK
    if entry.input is None:
        return Reading(_free_text(cell), cell.value, notes)
    if entry.input.kind is InputKind.CHOICE:
        return _choice(entry.input, cell, notes)
    return _number(entry.input, cell, notes)


def _formula(cell: RawCell) -> tuple[Finding | None, tuple[Finding, ...]]:
    """Return what refuses a typed formula, or the note that its value counts."""
    if cell.formula is None:
        return None, ()
    if _ELSEWHERE.search(cell.formula):
        return finding("external-formula", entered=f"={cell.formula}"), ()
    if cell.kind == "blank" or (cell.kind == "text" and not cell.value):
        return finding("formula-without-value", entered=f"={cell.formula}"), ()
    if cell.kind in {"error", "boolean"} or cell.formula in {"TRUE()", "FALSE()"}:
        return None, ()
    return None, (finding("formula-counted", entered=cell.value),)


def _free_text(cell: RawCell) -> str:
    if cell.kind == "number":
        try:
            return plain(from_excel(cell.value))
        except ValueError:
            return cell.value
    return cell.value


def _choice(spec: Input, cell: RawCell, notes: tuple[Finding, ...]) -> Reading:
    typed = folded(_free_text(cell))
    by_look = {folded(choice).casefold(): choice for choice in spec.choices}
    chosen = by_look.get(typed.casefold())
    if chosen is None or cell.kind in {"error", "boolean"}:
        params = {"choices": "; ".join(f"“{choice}”" for choice in spec.choices)}
        return Reading(None, typed, (finding("unknown-level", entered=typed, params=params),))
    return Reading(chosen, chosen, notes)


def _number(spec: Input, cell: RawCell, notes: tuple[Finding, ...]) -> Reading:
    refusals = {"boolean": "boolean-in-cell", "error": "excel-error", "date": "date-in-cell"}
    if cell.kind in refusals:
        return Reading(None, cell.value, (finding(refusals[cell.kind], entered=cell.value),))
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
    params = {
        "minimum": "…" if low is None else plain(low),
        "maximum": "…" if high is None else plain(high),
    }
    if low is not None and value < low:
        name = "negative" if value < 0 else "below-minimum"
        return Reading(None, shown, (finding(name, entered=shown, params=params),))
    if high is not None and value > high:
        return Reading(None, shown, (finding("over-maximum", entered=shown, params=params),))
    if spec.whole and value != value.to_integral_value():
        return Reading(None, shown, (finding("not-whole", entered=shown),))
    if spec.step and value % spec.step != 0:
        down = value - value % spec.step
        example = f"{plain(trim(down))}; {plain(trim(down + spec.step))}"
        params |= {"step": plain(spec.step), "example": example}
        return Reading(None, shown, (finding("off-step", entered=shown, params=params),))
    return Reading(quantise(value, 15), shown, notes)
