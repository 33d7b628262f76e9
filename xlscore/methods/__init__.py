"""The scoring methods (phương pháp chấm điểm): a registry of kinds, and how a leaf gets its method.

The built-in methods reach the registry through the same plugin hook as those of third parties
(`xlscore_scoring_methods`), registered by `xlscore.plugins`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlscore.methods.bands import RatioBands
from xlscore.methods.base import Method
from xlscore.methods.checklist import Checklist
from xlscore.methods.consolidated import Derived, Index, Peer, Survey
from xlscore.methods.count import Count, Deduction
from xlscore.methods.formula import FormulaMethod
from xlscore.methods.levels import Levels
from xlscore.methods.points import FreePoints
from xlscore.methods.proportional import Proportional
from xlscore.rubric import Node

BUILT_IN: tuple[type[Method], ...] = (
    FreePoints,
    Levels,
    RatioBands,
    Proportional,
    Checklist,
    Count,
    Deduction,
    FormulaMethod,
    Survey,
    Index,
    Derived,
    Peer,
)

Registry = Mapping[str, type[Method]]


def registry(classes: Iterable[type[Method]]) -> Registry:
    """Return the methods by kind.

    Raises:
        ValueError: two classes claim one kind.
    """
    found: dict[str, type[Method]] = {}
    for cls in classes:
        if cls.kind in found:
            raise ValueError(cls.kind)
        found[cls.kind] = cls
    return found


def method_of(node: Node, methods: Registry) -> Method:
    """Return the method of a leaf, typed.

    Raises:
        KeyError: the kind is unknown.
        pydantic.ValidationError: the parameters do not fit.
    """
    spec = dict(node.method or {})
    return methods[str(spec.pop("kind"))].model_validate(spec)


__all__ = ["BUILT_IN", "Method", "Registry", "method_of", "registry"]
