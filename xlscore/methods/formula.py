"""Formula (công thức): declared variables, conditional branches, an expression per branch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from pydantic import Field, model_validator

from xlscore.methods.base import (
    Cells,
    Flag,
    Formula,
    Input,
    Method,
    Outcome,
    Place,
    Problem,
    UndefinedScoreError,
    Values,
)
from xlscore.methods.expression import Expression, ExpressionError, parse
from xlscore.rubric import Frozen, Points, Text

_WORD = re.compile(r"\b[a-z_][a-z0-9_]*\b(?: *\()?")
_DECIMAL_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_WORDS = {
    "max": "điểm tối đa",
    "and": "và",
    "or": "hoặc",
    "not": "không phải",
    "max(": "số lớn nhất trong (",
    "min(": "số nhỏ nhất trong (",
    "abs(": "trị tuyệt đối của (",
    "if(": "nếu (",
    "not(": "không phải (",
    "not (": "không phải (",
    "and (": "và (",
    "or (": "hoặc (",
}
_SIGNS = {"==": "=", ">=": "≥", "<=": "≤", "!=": "≠", "*": " × "}


class Variable(Frozen):
    """A figure that the unit declares (số liệu kê khai)."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text
    whole: Flag = True
    minimum: Points | None = Decimal(0)
    maximum: Points | None = None


class Branch(Frozen):
    """One case: `when` (a condition; absent in the last branch) and the `score` it gives."""

    score: Text
    when: Text = ""


class Requirement(Frozen):
    """A condition the figures must meet, and what to say when they do not."""

    that: Text
    message: Text


class FormulaMethod(Method):
    """`{kind: formula, variables: [...], branches: [{when: tong == 0, score: max}, …], require: [...]}`.

    The first branch whose condition holds gives the score; the last has none.
    """

    kind: ClassVar[str] = "formula"
    title: ClassVar[str] = "Công thức"
    variables: tuple[Variable, ...] = Field(min_length=1)
    branches: tuple[Branch, ...] = Field(min_length=1)
    require: tuple[Requirement, ...] = ()

    @model_validator(mode="after")
    def _last_branch_is_the_rest(self) -> FormulaMethod:
        if any(not branch.when for branch in self.branches[:-1]) or self.branches[-1].when:
            raise ValueError("chỉ nhánh cuối không có “when”")
        return self

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        return tuple(
            Input(
                v.id,
                v.label,
                place=Place.BELOW,
                minimum=v.minimum,
                maximum=v.maximum,
                whole=v.whole,
            )
            for v in self.variables
        )

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        names, top = self._names(values), Fraction(maximum)
        for condition, score in self._compiled:
            if condition is None or condition.holds(names, top):
                return Outcome(score.value(names, top), top)
        raise UndefinedScoreError  # pragma: no cover  the last branch has no condition

    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        result = ""
        for condition, score in reversed(self._compiled):
            given = score.excel(cells.inputs, cells.maximum)
            if condition is None:
                result = given
            else:
                result = f"IF({condition.excel(cells.inputs, cells.maximum)},{given},{result})"
        return Formula(result, cells.maximum)

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        lines: list[str] = []
        for branch in self.branches:
            rest = "Còn lại: " if lines else ""
            said = f"Nếu {self._in_words(branch.when)}: " if branch.when else rest
            lines.append(f"{said}điểm = {self._in_words(branch.score)}")
        return tuple(lines)

    def contradictions(self, values: Values, maximum: Decimal) -> Sequence[Problem]:
        names = self._names(values)
        if len(names) < len(self.variables):
            return ()
        return [
            Problem("figures-contradict", key=self.variables[0].id, params={"reason": rule.message})
            for rule in self.require
            if not self._parse(rule.that).holds(names, Fraction(maximum))
        ]

    def defects(self, maximum: Decimal) -> Sequence[Problem]:
        problems = []
        for text, condition in self._texts():
            try:
                expression = self._parse(text)
            except ExpressionError as error:
                problems.append(Problem("bad-formula", entered=text, params={"what": str(error)}))
                continue
            if expression.is_condition is not condition:
                what = "cần điều kiện" if condition else "cần số"
                problems.append(Problem("bad-formula", entered=text, params={"what": what}))
        return problems

    @cached_property
    def _compiled(self) -> tuple[tuple[Expression | None, Expression], ...]:
        return tuple(
            (self._parse(branch.when) if branch.when else None, self._parse(branch.score))
            for branch in self.branches
        )

    def _parse(self, text: str) -> Expression:
        return parse(text, frozenset(variable.id for variable in self.variables))

    def _texts(self) -> Iterator[tuple[str, bool]]:
        for branch in self.branches:
            if branch.when:
                yield branch.when, True
            yield branch.score, False
        for rule in self.require:
            yield rule.that, True

    def _names(self, values: Values) -> dict[str, Fraction]:
        known = ((v.id, values.get(v.id)) for v in self.variables)
        return {name: Fraction(value) for name, value in known if isinstance(value, Decimal)}

    def _in_words(self, text: str) -> str:
        labels = {variable.id: f"[{variable.label}]" for variable in self.variables}
        said = _DECIMAL_POINT.sub(",", text.replace(",", ";"))
        said = _WORD.sub(lambda found: labels.get(found[0]) or _WORDS.get(found[0], found[0]), said)
        for sign, word in _SIGNS.items():
            said = said.replace(sign, word)
        return " ".join(said.split())
