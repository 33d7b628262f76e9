"""What a person types into a form, and how the form's own formulas see it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xlscore.answers import Answers
from xlscore.layout import COMPLETE, NOT_APPLICABLE, Entry, Layout, Slot
from xlscore.methods.base import InputKind, Value
from xlscore.numbers import from_excel, plain
from xlscore.workbooks.sheet_xml import CellContent

Typed = Decimal | str | CellContent
"""What a person types: a number, a text, or anything at all."""


def content_of(typed: Typed) -> CellContent:
    """Return a typed value as a cell's content."""
    if isinstance(typed, CellContent):
        return typed
    if isinstance(typed, Decimal):
        return CellContent("number", plain(typed))
    return CellContent("text", typed)


def understood(layout: Layout, typed: Mapping[tuple[str, str], Typed]) -> Answers:
    """Return the answers as the form's own formulas see them: a number typed as text is none."""
    values: dict[str, dict[str, Value]] = {}
    left_out = set()
    for key, said in typed.items():
        _, _, entry = layout.entries[key]
        value = _seen(entry, content_of(said))
        if value is None:
            continue
        if entry.slot == Slot.APPLICABILITY:
            left_out |= {entry.node} if value == NOT_APPLICABLE else set()
        elif entry.slot != Slot.SUBMIT:
            values.setdefault(entry.node, {})[entry.slot] = value
    state = typed.get(("", Slot.SUBMIT))
    return Answers(values, frozenset(left_out), complete=state == COMPLETE)


def _seen(entry: Entry, content: CellContent) -> Value | None:
    if entry.input is None:
        return None
    if entry.input.kind is InputKind.NUMBER:
        is_number = content.kind in {"number", "date", "percent"}
        return from_excel(content.value) if is_number else None
    if content.kind != "text":
        return None
    # Excel compares texts without regard to case.
    looks = {choice.casefold(): choice for choice in entry.input.choices}
    return looks.get(content.value.casefold())
