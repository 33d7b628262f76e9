"""What a unit answered on its scorecard, once understood: the core's form of a submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xlscore.methods.base import Value
from xlscore.numbers import plain


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one card.

    Attributes:
        values: inputs by node id and input key; an input left blank is absent.
        not_applicable: ids of nodes (leaves or groups) answered "Không áp dụng".
        evidence: text of the evidence column (tài liệu kiểm chứng) by leaf id.
        explanation: text of the explanation column (giải trình) by leaf id.
        complete: whether the submit cell says "ĐÃ HOÀN THÀNH".
    """

    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()
    evidence: Mapping[str, str] = field(default_factory=dict)
    explanation: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False


def value_to_json(value: Value) -> str | list[str]:
    """Return an input's value as JSON: a choice is marked by a list."""
    return [value] if isinstance(value, str) else plain(value)


def value_from_json(stored: str | list[str]) -> Value:
    """Return the value that `value_to_json` stored."""
    return stored[0] if isinstance(stored, list) else Decimal(stored)
