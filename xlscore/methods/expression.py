"""The small expression language of formula rows: parsed once, evaluated exactly, compiled to Excel.

Grammar: numbers, declared variables, `max` (the row's maximum), `+ - * /`, comparisons (also chained),
`and or not`, `min(…)`, `max(…)`, `abs(…)`, `if(condition, then, else)`. It is read with Python's own
parser and then admitted node by node, so nothing else can be said in it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from xlscore.methods.base import UndefinedScoreError, excel
from xlscore.numbers import exact

_LONGEST = 500
_DEEPEST = 30
_MAXIMUM = "max"

_ARITHMETIC: dict[type[ast.operator], tuple[str, Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: ("+", lambda a, b: a + b),
    ast.Sub: ("-", lambda a, b: a - b),
    ast.Mult: ("*", lambda a, b: a * b),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, Callable[[Fraction, Fraction], bool]]] = {
    ast.Lt: ("<", lambda a, b: a < b),
    ast.LtE: ("<=", lambda a, b: a <= b),
    ast.Gt: (">", lambda a, b: a > b),
    ast.GtE: (">=", lambda a, b: a >= b),
    ast.Eq: ("=", lambda a, b: a == b),
    ast.NotEq: ("<>", lambda a, b: a != b),
}
_IF = re.compile(r"\bif ?\(")
_FUNCTIONS = {"min": 0, "max": 0, "abs": 1, "if": 3}


class ExpressionError(ValueError):
    """The text is no expression of the language; the message says what and where."""


@dataclass(frozen=True)
class Expression:
    """A parsed expression.

    Attributes:
        text: as written in the rubric.
        is_condition: whether it yields true/false rather than a number.
    """

    text: str
    tree: ast.expr
    is_condition: bool

    def value(self, variables: Mapping[str, Fraction], maximum: Fraction) -> Fraction:
        """Evaluate a number exactly.

        Raises:
            UndefinedScoreError: a division by zero.
        """
        result = _evaluate(self.tree, {**variables, _MAXIMUM: maximum})
        return Fraction(result)

    def holds(self, variables: Mapping[str, Fraction], maximum: Fraction) -> bool:
        """Evaluate a condition exactly. Raises as `value`."""
        return bool(_evaluate(self.tree, {**variables, _MAXIMUM: maximum}))

    def excel(self, cells: Mapping[str, str], maximum: str) -> str:
        """Compile to an Excel expression; comparisons go through ROUND(…, 9)."""
        return _compile(self.tree, {**cells, _MAXIMUM: maximum})


def parse(text: str, variables: frozenset[str]) -> Expression:
    """Parse `text` over the declared `variables`.

    Raises:
        ExpressionError: anything outside the language, or a mix of numbers and conditions.
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"> {_LONGEST} ký tự")
    source = " ".join(text.split())
    try:
        # `if(…)` is a keyword to Python's parser, so the function goes under another name.
        tree = ast.parse(_IF.sub("if_(", source), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(getattr(error, "msg", None) or "cú pháp") from None
    is_condition = _admit(tree, variables | {_MAXIMUM}, 0)
    return Expression(text, tree, is_condition)


def _name(node: ast.Call) -> str:
    return node.func.id.removesuffix("_") if isinstance(node.func, ast.Name) else ""


def _admit(node: ast.expr, names: frozenset[str], depth: int) -> bool:
    """Check one node and all below it; return whether it is a condition."""
    if depth > _DEEPEST:
        raise ExpressionError("lồng quá sâu")
    match node:
        case ast.Constant():
            _number(node)
            return False
        case ast.Name(id=name):
            if name not in names:
                raise ExpressionError(f"không có biến “{name}”")
            return False
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=part):
            _demand(part, names, depth, condition=False)
            return False
        case ast.UnaryOp(op=ast.Not(), operand=part):
            _demand(part, names, depth, condition=True)
            return True
        case ast.BinOp(left=left, op=op, right=right) if type(op) in {*_ARITHMETIC, ast.Div}:
            _demand(left, names, depth, condition=False)
            _demand(right, names, depth, condition=False)
            return False
        case ast.BoolOp(values=parts):
            for part in parts:
                _demand(part, names, depth, condition=True)
            return True
        case ast.Compare(left=left, ops=ops, comparators=others):
            if any(type(op) not in _COMPARISONS for op in ops):
                raise ExpressionError("phép so sánh")
            for part in (left, *others):
                _demand(part, names, depth, condition=False)
            return True
        case ast.Call(args=parts, keywords=[]) if _name(node) in _FUNCTIONS:
            return _admit_call(_name(node), parts, names, depth)
    raise ExpressionError(ast.unparse(node)[:40])


def _admit_call(name: str, parts: list[ast.expr], names: frozenset[str], depth: int) -> bool:
    wanted = _FUNCTIONS[name]
    if (wanted and len(parts) != wanted) or not parts:
        raise ExpressionError(f"{name}: số đối số")
    for place, part in enumerate(parts):
        _demand(part, names, depth, condition=name == "if" and place == 0)
    return False


def _demand(node: ast.expr, names: frozenset[str], depth: int, *, condition: bool) -> None:
    if _admit(node, names, depth + 1) is not condition:
        raise ExpressionError(f"{ast.unparse(node)[:40]}: cần {'điều kiện' if condition else 'số'}")


def _number(node: ast.Constant) -> Fraction:
    # `ast` turns 0.1 into a double; its shortest spelling gives the written decimal back.
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise ExpressionError(repr(node.value)[:40])
    try:
        return Fraction(exact(repr(node.value)))
    except ValueError:
        raise ExpressionError(repr(node.value)[:40]) from None


def _evaluate(node: ast.expr, names: Mapping[str, Fraction]) -> Fraction | bool:
    match node:
        case ast.Constant():
            return _number(node)
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return not _evaluate(part, names)
        case ast.UnaryOp(op=op, operand=part):
            value = Fraction(_evaluate(part, names))
            return -value if isinstance(op, ast.USub) else value
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            divisor = Fraction(_evaluate(right, names))
            if divisor == 0:
                raise UndefinedScoreError(f"{ast.unparse(right)} = 0")
            return _evaluate(left, names) / divisor
        case ast.BinOp(left=left, op=op, right=right):
            _, operate = _ARITHMETIC[type(op)]
            return operate(Fraction(_evaluate(left, names)), Fraction(_evaluate(right, names)))
        case ast.BoolOp(op=op, values=parts):
            results = (bool(_evaluate(part, names)) for part in parts)
            return all(results) if isinstance(op, ast.And) else any(results)
        case ast.Compare(left=left, ops=ops, comparators=others):
            values = [Fraction(_evaluate(part, names)) for part in (left, *others)]
            pairs = zip(ops, values, values[1:], strict=False)
            return all(_COMPARISONS[type(op)][1](a, b) for op, a, b in pairs)
        case ast.Call(args=parts):
            return _call(_name(node), parts, names)
    raise TypeError(node)  # pragma: no cover  _admit lets nothing else through


def _call(name: str, parts: list[ast.expr], names: Mapping[str, Fraction]) -> Fraction | bool:
    if name == "if":
        return _evaluate(parts[1] if _evaluate(parts[0], names) else parts[2], names)
    values = [Fraction(_evaluate(part, names)) for part in parts]
    return {"min": min, "max": max}[name](values) if name != "abs" else abs(values[0])


def _compile(node: ast.expr, cells: Mapping[str, str]) -> str:
    match node:
        case ast.Constant():
            return excel(_number(node))
        case ast.Name(id=name):
            return cells[name]
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return f"NOT({_compile(part, cells)})"
        case ast.UnaryOp(op=op, operand=part):
            return f"({'-' if isinstance(op, ast.USub) else '+'}{_compile(part, cells)})"
        case ast.BinOp(left=left, op=op, right=right):
            if isinstance(op, ast.Div):
                return f"({_compile(left, cells)}/{_compile_divisor(right, cells)})"
            sign = _ARITHMETIC[type(op)][0]
            return f"({_compile(left, cells)}{sign}{_compile(right, cells)})"
        case ast.BoolOp(op=op, values=parts):
            return _compile_logic([_compile(part, cells) for part in parts], op)
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [_compile(part, cells) for part in (left, *others)]
            pairs = zip(ops, sides, sides[1:], strict=False)
            tests = [f"ROUND({a}-{b},9){_COMPARISONS[type(op)][0]}0" for op, a, b in pairs]
            return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
        case ast.Call(args=parts):
            return f"{_name(node).upper()}({','.join(_compile(part, cells) for part in parts)})"
    raise TypeError(node)  # pragma: no cover  _admit lets nothing else through


def _compile_divisor(node: ast.expr, cells: Mapping[str, str]) -> str:
    # In doubles 0.2 + 0.1 - 0.3 is not quite 0: a computed divisor must be able to be 0.
    divisor = _compile(node, cells)
    return divisor if isinstance(node, ast.Name | ast.Constant) else f"ROUND({divisor},12)"


def _compile_logic(parts: list[str], op: ast.boolop) -> str:
    # Excel's AND and OR evaluate every part; nested IFs stop early as Python does, so that
    # `tong > 0 and a / tong > 0.5` never divides by zero.
    result = parts[-1]
    for part in reversed(parts[:-1]):
        result = (
            f"IF({part},{result},FALSE)" if isinstance(op, ast.And) else f"IF({part},TRUE,{result})"
        )
    return result
