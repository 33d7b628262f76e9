"""What is wrong with one leaf's scoring method: kind, channel, parameters, in every case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

from pydantic import ValidationError

from xlscore.findings import Finding, finding
from xlscore.located import Path_
from xlscore.methods import Method, Registry
from xlscore.rubric import Node, is_by_attribute, settle
from xlscore.validation import field_name, problems, shown

At = Callable[..., dict[str, Any]]
"""Returns a finding's place for a field of the leaf, given as the parts of its path."""


def lint_method(leaf: Node, methods: Registry, at: At) -> Iterator[Finding]:
    """Yield every defect of the leaf's method; a leaf without a method has none."""
    if leaf.method is None:
        return
    kind = shown(leaf.method.get("kind"))
    method = methods.get(kind)
    if method is None:
        params = {"choices": ", ".join(sorted(methods))}
        yield finding("unknown-method", entered=kind, params=params, **at("method", "kind"))
        return
    if leaf.channel not in method.channels:
        params = {"method": kind}
        yield finding("channel-mismatch", entered=leaf.channel, params=params, **at("channel"))
    spec = {key: value for key, value in leaf.method.items() if key != "kind"}
    yield from _open_cases(kind, spec, (), at)
    reported: list[Finding] = []
    for attributes in _cases(spec):
        for found in _defects(method, settle(spec, attributes), leaf, at):
            # A defect often holds for several cases: for all of them when it lies outside.
            if found not in reported:
                reported.append(found)
    yield from reported


def _defects(
    method: type[Method], spec: Mapping[str, Any], leaf: Node, at: At
) -> Iterator[Finding]:
    try:
        built = method.model_validate(spec)
    except ValidationError as error:
        for loc, (what, what_en), entered in problems(error):
            field = field_name(loc) or "method"
            params = {"method": method.kind, "field": field, "what": what, "what_en": what_en}
            yield finding("method-field", entered=entered, params=params, **at("method", *loc))
        return
    for problem in built.defects(leaf.max):
        place = at("method", *filter(None, [problem.key]))
        yield finding(problem.name, entered=problem.entered, params=problem.params, **place)


def _open_cases(kind: str, value: Any, path: Path_, at: At) -> Iterator[Finding]:
    """Report values by attribute without a `default`: other units would silently get nothing."""
    if is_by_attribute(value) and "default" not in value:
        what = "cần “default” cho đơn vị ngoài các trường hợp đã nêu"
        params = {"method": kind, "field": field_name(path), "what": what}
        yield finding("method-field", entered=shown(value), params=params, **at("method", *path))
        return
    for key, part in _parts(value):
        yield from _open_cases(kind, part, (*path, key), at)


def _cases(spec: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield one set of attributes for every case that the parameters distinguish."""
    values: dict[str, dict[str, None]] = {}
    _collect(spec, values)
    for chosen in product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def _collect(value: Any, values: dict[str, dict[str, None]]) -> None:
    if is_by_attribute(value):
        named = values.setdefault(str(value["by"]), {})
        named.update(dict.fromkeys(value["cases"]))
        if "default" in value:
            named[""] = None
        return
    for _, part in _parts(value):
        _collect(part, values)


def _parts(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list | tuple):
        yield from enumerate(value)
