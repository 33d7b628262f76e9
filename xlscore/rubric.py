"""The rubric (bộ tiêu chí): the tree of domains, criteria and sub-criteria that a decision sets.

A rubric is data. It changes almost every year and differs by province and tier, so nothing here knows
a year, a unit or a criterion. A node is a group (it has `nodes`) or a leaf (it has a `method`), at any
depth. Printed codes (STT) repeat in real annexes; the stable `id` is what everything refers to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from xlscore.numbers import exact, plain
from xlscore.text import is_safe_name, nfc

UNSAFE_NAME = (
    "chỉ gồm chữ cái không dấu, chữ số, gạch ngang; dùng được làm tên tệp",
    "only plain letters, digits and hyphens, and usable as a file name",
)
"""What an id must be that names a file or a folder: a tier, a unit, a role."""


class Channel(StrEnum):
    """Where a leaf's points come from.

    `self`: the unit scores itself (tự đánh giá); `survey`: sociological survey (điều tra xã hội học);
    `appraiser`: only appraisers fill it; `derived`: computed by the system; `bonus` and `penalty`:
    points added to or taken from the whole card (điểm cộng, điểm trừ).
    """

    SELF = "self"
    SURVEY = "survey"
    APPRAISER = "appraiser"
    DERIVED = "derived"
    BONUS = "bonus"
    PENALTY = "penalty"


class Combine(StrEnum):
    """How a group's points follow from its parts: their sum, or the best of them."""

    SUM = "sum"
    BEST = "best"


def _decimal(value: Any) -> Any:
    return exact(value) if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _composed(value: Any) -> Any:
    return nfc(value) if isinstance(value, str) else value


def _file_name(value: str) -> str:
    if not is_safe_name(value):
        raise ValueError(*UNSAFE_NAME)
    return value


Points = Annotated[Decimal, BeforeValidator(_decimal)]
Text = Annotated[str, BeforeValidator(_composed)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
FileName = Annotated[str, AfterValidator(_file_name)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=60)]


class Frozen(BaseModel):
    """A model that is fixed once read and refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Declared(Frozen):
    """What the decision itself says the rubric adds up to; the linter holds the tree against it.

    Attributes:
        counts: number of nodes per depth (lĩnh vực, tiêu chí, tiêu chí thành phần), without bonus and
            penalty nodes.
        totals: points by part: `self` (self, derived and appraiser rows) and `survey`.
    """

    counts: tuple[int, ...] = ()
    totals: Mapping[str, Points] = {}


class Provenance(Frozen):
    """Where a rubric's structure and content come from, in words."""

    structure: Text = ""
    content: Text = ""


class Node(Frozen):
    """A domain (lĩnh vực), criterion (tiêu chí) or sub-criterion (tiêu chí thành phần).

    Attributes:
        id: stable, unique, never printed.
        code: printed number (STT); may repeat.
        max: maximum points (điểm tối đa); for bonus and penalty groups the cap.
        method: on leaves: `kind` and the parameters of a scoring method, as text.
        evidence: documents that prove the score (tài liệu kiểm chứng).
        applies_when: unit attributes that must hold, each with its admitted values.
        may_be_not_applicable: the condition under which a unit may answer "Không áp dụng".
        lead: agency that appraises (cơ quan chủ trì thẩm định).
        role: officers who fill the row (người thực hiện); empty means everybody.
        counts: declared number of descendants per depth below this node.
    """

    id: Identifier
    code: Text
    title: Text
    max: Points
    combine: Combine = Combine.SUM
    nodes: tuple[Node, ...] = ()
    channel: Channel = Channel.SELF
    method: Mapping[str, Any] | None = None
    evidence: Texts = ()
    applies_when: Mapping[str, Texts] = {}
    may_be_not_applicable: Text = ""
    lead: str = ""
    role: Texts = ()
    note: Text = ""
    counts: tuple[int, ...] = ()

    @property
    def is_leaf(self) -> bool:
        """Whether points are given here rather than summed."""
        return not self.nodes

    @property
    def is_extra(self) -> bool:
        """Whether this is a bonus or penalty node, outside the scale."""
        return self.channel in {Channel.BONUS, Channel.PENALTY}

    def applies_to(self, attributes: Mapping[str, str]) -> bool:
        """Whether a unit with these attributes has this node."""
        return all(
            attributes.get(name, "") in admitted for name, admitted in self.applies_when.items()
        )

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, in printed order."""
        yield self
        for node in self.nodes:
            yield from node.walk()

    def leaves(self) -> Iterator[Node]:
        """Yield the leaves at or below this node, in printed order."""
        return (node for node in self.walk() if node.is_leaf)


class Rubric(Frozen):
    """A whole rubric for one tier and year."""

    id: Identifier
    title: Text
    year: int
    tier: Identifier
    legal_basis: Text = ""
    annex: Text = ""
    scale: Points = Decimal(100)
    declared: Declared = Declared()
    provenance: Provenance = Provenance()
    roles: Mapping[FileName, Text] = {}
    agencies: Mapping[str, Text] = {}
    nodes: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Yield every node in printed order."""
        for node in self.nodes:
            yield from node.walk()

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """All leaves in printed order."""
        return tuple(node for node in self.walk() if node.is_leaf)

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        """Every node by its id."""
        return {node.id: node for node in self.walk()}

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """The id of every node's parent; empty for the domains."""
        found = {node.id: "" for node in self.nodes}
        for node in self.walk():
            found.update(dict.fromkeys((child.id for child in node.nodes), node.id))
        return found

    def ancestors(self, node_id: str) -> tuple[str, ...]:
        """Return the ids above `node_id`, nearest first."""
        chain = []
        while above := self.parents[node_id]:
            chain.append(above)
            node_id = above
        return tuple(chain)

    def alternatives(self, leaf_id: str) -> tuple[Node, ...]:
        """Return the leaves of the other branches of the nearest best-of group above a leaf.

        One branch that is filled is enough there: only the best case counts.
        """
        branch = leaf_id
        for above in self.ancestors(leaf_id):
            group = self.by_id[above]
            if group.combine is Combine.BEST:
                others = (child for child in group.nodes if child.id != branch)
                return tuple(leaf for child in others for leaf in child.leaves())
            branch = above
        return ()

    @property
    def domains(self) -> tuple[Node, ...]:
        """The top nodes that belong to the scale (lĩnh vực), without bonus and penalty."""
        return tuple(node for node in self.nodes if not node.is_extra)

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The unit attributes on which anything here depends."""
        named = {name for node in self.walk() for name in node.applies_when}
        return frozenset(named.union(*(_attributes(node.method) for node in self.walk())))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything in the rubric: provenance of a ranking."""
        return _sha256(self.model_dump(mode="json"))

    @cached_property
    def form_digest(self) -> str:
        """SHA-256 over what an issued form depends on: ids, maxima, methods, what may be left out.

        A wording fix does not change it, so it does not invalidate forms already issued.
        """
        return _sha256([_form_facts(node) for node in self.walk()])

    def for_unit(
        self, attributes: Mapping[str, str], left_out: frozenset[str] = frozenset()
    ) -> Rubric:
        """Return the rubric as it applies to one unit.

        Nodes whose `applies_when` the unit does not meet, and those in `left_out`, are gone, and the
        maxima of the sums above them follow: the denominator is per unit. Values that depend on an
        attribute (`by: kind, cases: …`) are settled.
        """
        kept = tuple(
            pruned
            for node in self.nodes
            if (pruned := _prune(node, attributes, left_out)) is not None
        )
        # Not `model_copy`: it would take the cached leaves, parents and digests along.
        return Rubric.model_construct(**{**_fields(self), "nodes": kept})


def settle(value: Any, attributes: Mapping[str, str]) -> Any:
    """Replace every `{by, cases, default}` in a method's parameters by the unit's own case."""
    if isinstance(value, Mapping):
        if is_by_attribute(value):
            return value["cases"].get(attributes.get(value["by"], ""), value.get("default"))
        return {key: settle(part, attributes) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [settle(part, attributes) for part in value]
    return value


def _attributes(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        own = {str(value["by"])} if is_by_attribute(value) else set()
        return own.union(*(_attributes(part) for part in value.values()))
    if isinstance(value, list | tuple):
        return set().union(*(_attributes(part) for part in value))
    return set()


def is_by_attribute(value: Any) -> bool:
    """Whether a method parameter depends on a unit attribute."""
    return isinstance(value, Mapping) and "by" in value and isinstance(value.get("cases"), Mapping)


def _prune(node: Node, attributes: Mapping[str, str], left_out: frozenset[str]) -> Node | None:
    if node.id in left_out or not node.applies_to(attributes):
        return None
    if node.is_leaf:
        if node.method is None:
            return node
        return node.model_copy(update={"method": settle(node.method, attributes)})
    kept = tuple(
        p for child in node.nodes if (p := _prune(child, attributes, left_out)) is not None
    )
    if not kept:
        return None
    maximum = node.max
    if not node.is_extra and [n.max for n in kept] != [n.max for n in node.nodes]:
        maximum = combined_maximum(node.combine, kept)
    return node.model_copy(update={"nodes": kept, "max": maximum})


def combined_maximum(combine: Combine, nodes: tuple[Node, ...]) -> Decimal:
    """Return the points a group can reach: the sum, or the best, of its parts' maxima."""
    maxima = [node.max for node in nodes]
    return sum(maxima, Decimal(0)) if combine is Combine.SUM else max(maxima)


def _fields(rubric: Rubric) -> dict[str, Any]:
    return {name: getattr(rubric, name) for name in type(rubric).model_fields}


def _form_facts(node: Node) -> list[Any]:
    facts = [node.id, plain(node.max), node.combine, node.channel, bool(node.may_be_not_applicable)]
    return [*facts, sorted(node.role), node.method]


def _sha256(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
