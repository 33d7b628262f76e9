"""Rubrics from YAML (or from data that came from elsewhere): located, typed node by node, linted.

A broken node never hides the defects of the others: each node is typed alone, what is wrong with it
is reported with its line, and it is mended for the linter's eyes only. What would merely follow
from a reported defect is not reported again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from xlscore.findings import Finding, finding
from xlscore.located import Located, LocatedError, Path_, load_yaml
from xlscore.methods import Registry
from xlscore.reasons import Words
from xlscore.rubric import Frozen, Node, Rubric
from xlscore.rubric_lint import lint
from xlscore.validation import field_name, problems, shown

INHERITED = ("channel", "lead", "role")
"""What a node takes from its nearest ancestor that states it."""

_EVERY = "*"
_WORDING = {"id", "code", "title", "evidence", "may_be_not_applicable", "lead", "role", "note"}
"""Fields of a node on which no other finding depends."""

_SUMS = (
    "sum-differs",
    "best-differs",
    "maximum-unreachable",
    "count-differs",
    "declared-total-differs",
    "scale-differs",
    "empty-rubric",
)
_FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "roles": ("unknown-role",),
    "agencies": ("unknown-agency",),
    "scale": ("scale-differs",),
    "declared": ("count-differs", "declared-total-differs"),
}
"""Findings on any node that may merely follow from a broken field."""

_NODE_SPARE = {"code": "", "title": "", "max": "0"}
_HEADER_SPARE = {"id": "x", "title": "", "year": "0", "tier": "x"}
_LIST = ("phải là danh sách", "must be a list")
_MAPPING = ("phải gồm các cặp “tên: giá trị”", "must be pairs “name: value”")
_HEADER = (
    "cần các trường id, title, year, tier, nodes…",
    "needs the fields id, title, year, tier, nodes…",
)

Model = TypeVar("Model", bound=Frozen)


@dataclass(frozen=True)
class RubricFile:
    """A rubric as read.

    Attributes:
        rubric: None when some field could not be typed; with other findings it is there to look at.
        findings: every defect, in the order of the lines.
        located: the plain data and their lines.
    """

    rubric: Rubric | None
    findings: tuple[Finding, ...]
    located: Located


def read_rubric(path: Path, methods: Registry) -> RubricFile:
    """Read, type and lint a YAML rubric; whatever is wrong with the file is a finding."""
    try:
        located = load_yaml(path)
    except LocatedError as error:
        found = finding(f"rubric-{error.problem}", params=error.params, file=error.place)
        return RubricFile(None, (found,), Located(path, None, {}))
    return parse_rubric(located, methods)


def parse_rubric(located: Located, methods: Registry) -> RubricFile:
    """Type and lint a rubric document that is already plain data."""
    typed = _Typing(located)
    rubric = typed.rubric()
    found = list(typed.findings)
    if rubric is not None:
        found += typed.new(lint(rubric, methods, typed.place))
    whole = None if typed.findings else rubric
    return RubricFile(whole, tuple(sorted(found, key=_line)), located)


def _line(found: Finding) -> int:
    line = found.file.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0


@dataclass
class _Typing:
    """One pass over a document: models out; on the side, findings and what follows from them.

    Attributes:
        silenced: pairs of node id and finding name that need not be reported again; the id of the
            rubric itself is empty, `*` stands for every id or every name.
        stand_ins: ids made up for nodes that have none that can be used.
        channelless: ids of nodes whose channel, stated or inherited, could not be typed.
    """

    located: Located
    findings: list[Finding] = field(default_factory=list)
    silenced: set[tuple[str, str]] = field(default_factory=set)
    stand_ins: set[str] = field(default_factory=set)
    channelless: set[str] = field(default_factory=set)

    def place(self, path: Path_) -> str:
        return self.located.place(path)

    def new(self, found: Iterable[Finding]) -> list[Finding]:
        """Return the linter's findings that do not merely follow from those reported already."""
        return [
            f.at(node="") if f.node in self.stand_ins else f
            for f in found
            if not self.silenced & {(f.node, _EVERY), (f.node, f.name), (_EVERY, f.name)}
        ]

    def rubric(self) -> Rubric | None:
        data = self.located.data
        if not isinstance(data, dict):
            self._report((), "rubric", _HEADER, data)
            return None
        header = _given(data, "nodes")
        rubric, _ = self._type(Rubric, header, (), _HEADER_SPARE)
        nodes = self._nodes(data.get("nodes"), ("nodes",), {}, ("",))
        return rubric.model_copy(update={"nodes": nodes})

    def _nodes(
        self, data: Any, path: Path_, inherited: Mapping[str, Any], above: tuple[str, ...]
    ) -> tuple[Node, ...]:
        if isinstance(data, list):
            numbered = enumerate(data)
            return tuple(self._node(raw, (*path, i), inherited, above) for i, raw in numbered)
        if data is not None:
            self._report(path, "nodes", _LIST, data)
            self._silence(above[0], above)
        return ()

    def _node(
        self, data: Any, path: Path_, inherited: Mapping[str, Any], above: tuple[str, ...]
    ) -> Node:
        spare = {**_NODE_SPARE, "id": "x" + "-".join(str(i) for i in path if isinstance(i, int))}
        if not isinstance(data, dict):
            self._report(path, "nodes", _MAPPING, data)
            data, own = {}, spare
            self._silence(spare["id"], above)
        else:
            own = {**inherited, **_given(data, "nodes")}
        node, broken = self._type(Node, own, path, spare)
        if node.id == spare["id"]:
            self.stand_ins.add(node.id)
        if "channel" in broken or ("channel" not in own and above[0] in self.channelless):
            self.channelless.add(node.id)
            self.silenced.add((node.id, "channel-mismatch"))
        if broken - _WORDING:
            # What a row's method lacks shows whatever the channel is.
            self._silence("" if broken - _WORDING == {"channel"} else node.id, above)
        passed = {name: getattr(node, name) for name in INHERITED if name in node.model_fields_set}
        children = self._nodes(data.get("nodes"), (*path, "nodes"), passed, (node.id, *above))
        return node.model_copy(update={"nodes": children})

    def _silence(self, node_id: str, above: tuple[str, ...]) -> None:
        if node_id:
            self.silenced.add((node_id, _EVERY))
        self.silenced.update((ancestor, name) for ancestor in above for name in _SUMS)

    def _type(
        self, model: type[Model], data: Mapping[str, Any], path: Path_, spare: Mapping[str, Any]
    ) -> tuple[Model, set[str]]:
        """Type one mapping; fields that do not fit are reported and left out, or spared."""
        try:
            return model.model_validate(data), set()
        except ValidationError as error:
            refused = list(problems(error))
        for loc, words, entered in refused:
            self._report((*path, *loc), field_name(loc), words, entered, data if path else {})
        broken = {str(problem.loc[0]) for problem in refused}
        for name in broken:
            self.silenced.update((_EVERY, follower) for follower in _FOLLOWS.get(name, ()))
        kept = {key: value for key, value in data.items() if key not in broken}
        return model.model_validate({**spare, **kept}), broken

    def _report(
        self,
        path: Path_,
        name: str,
        words: Words,
        entered: Any,
        node: Mapping[str, Any] | None = None,
    ) -> None:
        at = {"node": shown((node or {}).get("id")), "row": shown((node or {}).get("code"))}
        params = {"field": name, "what": words[0], "what_en": words[1]}
        place = self.place(path)
        self.findings.append(
            finding("rubric-field", entered=shown(entered), params=params, file=place, **at)
        )


def _given(data: Mapping[str, Any], *without: str) -> dict[str, Any]:
    """Leave out fields written without a value (`note:`)."""
    return {key: v for key, v in data.items() if v is not None and key not in without}
