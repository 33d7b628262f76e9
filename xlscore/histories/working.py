"""A scoring rule with the figures put in, so that a reader can compute it again by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from xlscore.histories.lines import number, points
from xlscore.methods.base import Method, Value
from xlscore.methods.consolidated import Index, Peer, Quantity, Survey
from xlscore.methods.count import Count, Deduction
from xlscore.methods.formula import FormulaMethod
from xlscore.methods.points import FreePoints
from xlscore.methods.ratio import RatioMethod
from xlscore.numbers import plain, quantise

_PERCENT_DECIMALS = 6
_DERIVED: Mapping[str, str] = {
    Quantity.DAYS_LATE: "Số ngày trễ hạn",
    Quantity.EVIDENCE_COVERAGE: "Tỷ lệ tiêu chí có tài liệu kiểm chứng (%)",
    Quantity.SELF_APPRAISED_GAP: "Điểm chênh lệch",
}
"""What the system's quantities are called; the form has no cell for them."""


def working(
    method: Method, values: Mapping[str, Value], maximum: Decimal, score: Decimal | None
) -> str:
    """Return the rule with its figures; empty where nothing was entered or nothing is computed."""
    labels = {item.key: item.label or _DERIVED.get(item.key) for item in method.inputs(maximum)}
    if not values or isinstance(method, FreePoints) or not labels.keys() & values.keys():
        return ""
    put_in = _put_in(method, values, maximum) or "; ".join(
        f"{labels[key]}: {_say(values[key])}" if labels[key] else _say(values[key])
        for key in labels
        if key in values
    )
    return f"{put_in} → {points(score)}"


def _put_in(method: Method, values: Mapping[str, Value], maximum: Decimal) -> str:
    said = {key: _say(value) for key, value in values.items()}
    top = _say(maximum)
    try:
        match method:
            case RatioMethod():
                return _ratio(method, values)
            case Survey():
                return f"{said['value']}% × {top} / 100%"
            case Index(bands=()):
                return f"{said['value']} × {top} / {_say(method.scale)}"
            case Peer():
                return f"{said['value']} / {said['best']} × {top}"
            case Count():
                return f"{said['count']} × {_say(method.points_each)}"
            case Deduction():
                return f"{top} − {said['count']} × {_say(method.points_each)}"
            case FormulaMethod():
                return _formula(method, said, maximum)
    except KeyError:  # not everything was entered: what is there is listed
        return ""
    return ""


def _ratio(method: RatioMethod, values: Mapping[str, Value]) -> str:
    if not method.denominator:
        return f"{_say(values['percent'])}%"
    share = method.percent(values)
    put_in = f"{_say(values['numerator'])} / {_say(values['denominator'])}"
    return put_in if share is None else f"{put_in} × 100% {_equals(share)}%"


def _formula(method: FormulaMethod, said: Mapping[str, str], maximum: Decimal) -> str:
    lines = []
    for line in method.guidance(maximum):
        for variable in method.variables:
            line = line.replace(f"[{variable.label}]", said[variable.id])  # noqa: PLW2901
        lines.append(line)
    return "; ".join(lines)


def _equals(share: Fraction) -> str:
    shown = quantise(share, _PERCENT_DECIMALS)
    return f"{'=' if Fraction(shown) == share else '≈'} {_say(shown)}"


def _say(value: Value) -> str:
    return value if isinstance(value, str) else number(plain(value))
