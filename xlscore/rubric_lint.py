"""The rubric linter: all that is wrong with a typed rubric, at once, each with its place.

Official tables contain sum errors, codes that stand twice and levels above their maximum; they are
cheaper to find here than after the forms are issued. One small function per rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import product, zip_longest
from typing import Any

from xlscore.findings import Finding, finding
from xlscore.located import Path_
from xlscore.method_lint import lint_method
from xlscore.methods import Registry
from xlscore.numbers import plain
from xlscore.rubric import Channel, Combine, Node, Rubric

Place = Callable[[Path_], str]
"""Turns the path of a value, such as `("nodes", 0, "max")`, into its place (`so.yaml:12`)."""

PARTS: Mapping[str, frozenset[Channel]] = {
    "self": frozenset({Channel.SELF, Channel.DERIVED, Channel.APPRAISER}),
    "survey": frozenset({Channel.SURVEY}),
}
"""The parts a decision declares points for (66 + 34); bonus and penalty stand outside the scale."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A node, where it stands in the document, and its parent."""

    node: Node
    path: Path_
    parent: Node | None


@dataclass(frozen=True, slots=True)
class Scene:
    """What every rule looks at."""

    rubric: Rubric
    methods: Registry
    place: Place
    spots: tuple[Spot, ...]

    def at(self, spot: Spot, *field: str | int) -> dict[str, Any]:
        """Return the place of a node, or of one of its fields, for a finding."""
        where = self.place((*spot.path, *field))
        return {"file": where, "node": spot.node.id, "row": spot.node.code}

    def repeated(self, name: str, field: str, first: Spot, again: Spot) -> Finding:
        """Return the finding of a value that an earlier node has in the same field."""
        line = self.place((*first.path, field)).rpartition(":")[2]
        entered = getattr(again.node, field)
        return finding(name, entered=entered, params={"first": line}, **self.at(again, field))


def lint(rubric: Rubric, methods: Registry, place: Place) -> list[Finding]:
    """Return every defect of a typed rubric.

    `place` says where in the source a path of the document stands.
    """
    scene = Scene(rubric, methods, place, tuple(_spots(rubric.nodes, ("nodes",), None)))
    return [found for rule in RULES for found in rule(scene)]


def _spots(nodes: Sequence[Node], path: Path_, parent: Node | None) -> Iterator[Spot]:
    for index, node in enumerate(nodes):
        here = (*path, index)
        yield Spot(node, here, parent)
        yield from _spots(node.nodes, (*here, "nodes"), node)


# --- identity -----------------------------------------------------------------------------------


def empty_rubric(scene: Scene) -> Iterator[Finding]:
    """No node at all."""
    if not scene.spots:
        yield finding("empty-rubric", file=scene.place(("nodes",)))


def duplicate_ids(scene: Scene) -> Iterator[Finding]:
    """An id that an earlier node has."""
    first: dict[str, Spot] = {}
    for spot in scene.spots:
        earlier = first.setdefault(spot.node.id, spot)
        if earlier is not spot:
            yield scene.repeated("duplicate-id", "id", earlier, spot)


def duplicate_codes(scene: Scene) -> Iterator[Finding]:
    """A printed code that stands twice: only a warning, since real annexes have it.

    Alternatives of which no unit gets both may well carry one code.
    """
    first: dict[str, Spot] = {}
    for spot in scene.spots:
        earlier = first.setdefault(spot.node.code, spot)
        if spot.node.code and earlier is not spot and not _exclusive(earlier.node, spot.node):
            yield scene.repeated("duplicate-code", "code", earlier, spot)


def _exclusive(one: Node, other: Node) -> bool:
    shared = one.applies_when.keys() & other.applies_when.keys()
    return any(set(one.applies_when[n]).isdisjoint(other.applies_when[n]) for n in shared)


# --- points and counts --------------------------------------------------------------------------


def parts_not_positive(scene: Scene) -> Iterator[Finding]:
    """A maximum of zero or less."""
    for spot in scene.spots:
        if spot.node.max <= 0:
            yield finding(
                "part-not-positive", entered=plain(spot.node.max), **scene.at(spot, "max")
            )


def group_maxima(scene: Scene) -> Iterator[Finding]:
    """A group whose maximum is not the sum, or the best, of its parts.

    Of a bonus or penalty group the maximum is a cap: only parts that cannot reach it matter.
    """
    for spot in scene.spots:
        node = spot.node
        if node.is_leaf:
            continue
        reached = _reached(node.nodes, node.combine, lambda part: part.max)
        name = "sum-differs" if node.combine is Combine.SUM else "best-differs"
        if node.is_extra:
            name = "maximum-unreachable"
        if reached < node.max or (reached > node.max and not node.is_extra):
            params = {"computed": plain(reached)}
            yield finding(name, entered=plain(node.max), params=params, **scene.at(spot, "max"))


def scale(scene: Scene) -> Iterator[Finding]:
    """Domains that do not add up to the scale."""
    domains = scene.rubric.domains
    if not domains:
        return
    reached = _reached(domains, Combine.SUM, lambda part: part.max)
    if reached != scene.rubric.scale:
        params = {"computed": plain(reached)}
        entered = plain(scene.rubric.scale)
        yield finding("scale-differs", entered=entered, params=params, file=scene.place(("scale",)))


def declared_totals(scene: Scene) -> Iterator[Finding]:
    """Points per part that differ from what the decision declares."""
    domains = scene.rubric.domains
    for part, declared in scene.rubric.declared.totals.items():
        file = scene.place(("declared", "totals", part))
        if part not in PARTS:
            params = {"field": f"declared.totals.{part}", "what": f"chỉ có {', '.join(PARTS)}"}
            yield finding("rubric-field", entered=part, params=params, file=file)
            continue
        reached = _reached(domains, Combine.SUM, _points_of(PARTS[part]))
        if reached != declared:
            params = {"part": part, "computed": plain(reached)}
            yield finding(
                "declared-total-differs", entered=plain(declared), params=params, file=file
            )


def declared_counts(scene: Scene) -> Iterator[Finding]:
    """Numbers of nodes per depth that differ from the declared ones."""
    declared, domains = scene.rubric.declared.counts, scene.rubric.domains
    for depth, wanted, there in _differing(declared, domains):
        params = {"depth": str(depth), "computed": str(there)}
        file = scene.place(("declared", "counts"))
        yield finding("count-differs", entered=str(wanted), params=params, file=file)
    for spot in scene.spots:
        for depth, wanted, there in _differing(spot.node.counts, spot.node.nodes):
            level = depth + sum(1 for part in spot.path if part == "nodes")
            params = {"depth": str(level), "computed": str(there)}
            place = scene.at(spot, "counts")
            yield finding("count-differs", entered=str(wanted), params=params, **place)


def _differing(declared: Sequence[int], nodes: Sequence[Node]) -> Iterator[tuple[int, int, int]]:
    if not declared:
        return
    pairs = zip_longest(declared, _counts(nodes), fillvalue=0)
    for depth, (wanted, there) in enumerate(pairs, 1):
        if wanted != there:
            yield depth, wanted, there


def _counts(nodes: Sequence[Node]) -> list[int]:
    counts = []
    while nodes:
        counts.append(len(nodes))
        nodes = [child for node in nodes for child in node.nodes]
    return counts


def _points_of(channels: frozenset[Channel]) -> Callable[[Node], Decimal]:
    def points(node: Node) -> Decimal:
        if node.is_leaf:
            return node.max if node.channel in channels else Decimal(0)
        return _reached(node.nodes, node.combine, points)

    return points


def _reached(nodes: Sequence[Node], combine: Combine, points: Callable[[Node], Decimal]) -> Decimal:
    """Return what the parts reach for the unit to which the most of them applies.

    Alternatives that exclude each other by `applies_when` are not added up.
    """
    join: Callable[[list[Decimal]], Decimal] = (
        (lambda parts: sum(parts, Decimal(0))) if combine is Combine.SUM else max
    )
    sums = []
    for attributes in _kinds_of_unit(nodes):
        parts = [points(node) for node in nodes if node.applies_to(attributes)]
        sums.append(join(parts) if parts else Decimal(0))
    return max(sums)


def _kinds_of_unit(nodes: Sequence[Node]) -> Iterator[dict[str, str]]:
    values: dict[str, set[str]] = {}
    for node in nodes:
        for name, admitted in node.applies_when.items():
            values.setdefault(name, {""}).update(admitted)
    for chosen in product(*(sorted(values[name]) for name in values)):
        yield dict(zip(values, chosen, strict=True))


# --- methods and people -------------------------------------------------------------------------


def misplaced_methods(scene: Scene) -> Iterator[Finding]:
    """A leaf without a method, a group with one."""
    for spot in scene.spots:
        if spot.node.is_leaf and spot.node.method is None:
            yield finding("no-method", **scene.at(spot))
        if not spot.node.is_leaf and spot.node.method is not None:
            yield finding("method-on-group", **scene.at(spot, "method"))


def methods_fit(scene: Scene) -> Iterator[Finding]:
    """A method that is unknown, does not fit the channel, or has bad parameters."""
    for spot in scene.spots:
        if spot.node.is_leaf:
            yield from lint_method(spot.node, scene.methods, partial(scene.at, spot))


def unknown_roles(scene: Scene) -> Iterator[Finding]:
    """A role that `roles` does not declare, reported only where it is stated."""
    for spot in scene.spots:
        if spot.parent is not None and spot.parent.role == spot.node.role:
            continue
        for role in spot.node.role:
            if role not in scene.rubric.roles:
                yield finding("unknown-role", entered=role, **scene.at(spot, "role"))


def unknown_agencies(scene: Scene) -> Iterator[Finding]:
    """A leading agency that `agencies` does not declare, reported only where it is stated."""
    for spot in scene.spots:
        lead = spot.node.lead
        if spot.parent is not None and spot.parent.lead == lead:
            continue
        if lead and lead not in scene.rubric.agencies:
            yield finding("unknown-agency", entered=lead, **scene.at(spot, "lead"))


def misplaced_extras(scene: Scene) -> Iterator[Finding]:
    """Bonus and penalty points outside a top group of their own, or other points inside one."""
    for spot in scene.spots:
        above = spot.parent
        if above is None:
            continue
        own, outer = spot.node.channel, above.channel
        if own is not outer and (spot.node.is_extra or above.is_extra):
            params = {"outer": outer.value}
            place = scene.at(spot, "channel")
            yield finding("misplaced-extra", entered=own.value, params=params, **place)


RULES: tuple[Callable[[Scene], Iterator[Finding]], ...] = (
    empty_rubric,
    duplicate_ids,
    duplicate_codes,
    parts_not_positive,
    group_maxima,
    scale,
    declared_totals,
    declared_counts,
    misplaced_methods,
    misplaced_extras,
    methods_fit,
    unknown_roles,
    unknown_agencies,
)
