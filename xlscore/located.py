"""YAML in which every value remembers its line, and every scalar stays the text that was written.

A code `1.10` must stay `1.10` and a maximum `0.1` become exactly `Decimal("0.1")`, so no scalar is
typed here; the models type them. Line numbers feed the messages of rubrics and campaigns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.emitter import Emitter
from yaml.representer import SafeRepresenter
from yaml.resolver import BaseResolver
from yaml.serializer import Serializer

from xlscore.reasons import NOT_UTF8, Words, of_system, of_yaml

Path_ = tuple[str | int, ...]

try:
    _Loader: Any = yaml.CSafeLoader
except AttributeError:  # PyYAML built without libyaml
    _Loader = yaml.SafeLoader

_SHORT = 80
"""Letters that a list or a mapping of texts may have to stand on one line."""

_NULLS = {"", "~", "null", "Null", "NULL"}


class LocatedError(Exception):
    """A file that cannot be read as YAML, or in which a key stands twice.

    Attributes:
        line: 1-based line, or 0 where the whole file is meant.
        problem: `unreadable` or `syntax`.
        words: what is wrong, in Vietnamese and in English.
    """

    def __init__(self, path: Path, line: int, problem: str, words: Words) -> None:
        super().__init__(f"{path}:{line}: {problem}: {words[1]}")
        self.path, self.line, self.problem, self.words = path, line, problem, words

    @property
    def place(self) -> str:
        """The file, with the line where one is known."""
        return f"{self.path.name}:{self.line}" if self.line else self.path.name

    @property
    def params(self) -> dict[str, str]:
        """What is wrong, for a finding."""
        return {"what": self.words[0], "what_en": self.words[1]}


@dataclass(frozen=True)
class Located:
    """Plain data (dicts, lists, texts, None) and the line on which each path of it stands."""

    path: Path
    data: Any
    lines: dict[Path_, int] = field(repr=False)

    def line(self, where: Path_) -> int:
        """Return the line of `where`, or of its nearest ancestor that has one."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def place(self, where: Path_) -> str:
        """Return the place of `where` for a finding, such as `so.yaml:12`."""
        return f"{self.path.name}:{self.line(where)}"


def load_yaml(path: Path) -> Located:
    """Read one YAML document.

    Raises:
        LocatedError: unreadable, not YAML, an alias, or a key that stands twice in one mapping.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LocatedError(path, 0, "unreadable", of_system(error)) from error
    except UnicodeDecodeError as error:
        raise LocatedError(path, 0, "unreadable", NOT_UTF8) from error
    return parse_yaml(text, path)


def parse_yaml(text: str, path: Path) -> Located:
    """Parse YAML text; `path` is only for messages. Raises as `load_yaml`."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise LocatedError(path, line, "syntax", of_yaml(str(error.problem))) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise LocatedError(path, 0, "syntax", of_yaml(str(error))) from error
    lines: dict[Path_, int] = {}
    reader = _Reader(path, lines)
    data = reader.read(root, ()) if root is not None else None
    return Located(path, data, lines)


class Span(NamedTuple):
    """Where a value stands in the text, as offsets: from `start` to the end of its last word.

    Attributes:
        block: whether it is a list or mapping without brackets, one item a line.
        after_key: just behind the colon of its key; -1 for items of lists and for the whole.
    """

    start: int
    end: int
    block: bool
    after_key: int


def spans(text: str) -> dict[Path_, Span]:
    """Return where every value stands, so that a text can be changed without losing its comments.

    Raises:
        yaml.YAMLError: the text is not YAML; what `parse_yaml` read is.
    """
    found: dict[Path_, Span] = {}
    root = yaml.compose(text, Loader=_Loader)
    if root is not None:
        _measure(text, root, (), -1, found)
    return found


def _measure(
    text: str, node: yaml.Node, where: Path_, after_key: int, found: dict[Path_, Span]
) -> int:
    """Note where a node stands and what is in it; return where its last word ends."""
    ends = [node.start_mark.index]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            colon = text.index(":", key.end_mark.index) + 1
            ends += [colon, _measure(text, value, (*where, str(key.value)), colon, found)]
    elif isinstance(node, yaml.SequenceNode):
        ends += [_measure(text, item, (*where, i), -1, found) for i, item in enumerate(node.value)]
    # The mark behind a block stands at the next thing, with comments in between.
    block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    end = max(ends) if block else _trimmed(text, node.start_mark.index, node.end_mark.index)
    found[where] = Span(node.start_mark.index, end, block, after_key)
    return end


def _trimmed(text: str, start: int, end: int) -> int:
    """Return the end of a value without the line breaks that belong to texts after `|` and `>`."""
    return start + len(text[start:end].rstrip())


def dump_yaml(data: Any) -> str:
    """Spell plain data (dicts, lists, texts, None) as YAML that `load_yaml` reads back the same.

    Numbers stand bare (`max: 0.25`) and short lists and mappings on one line, as people write them.
    """
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


class _Dumper(Emitter, Serializer, SafeRepresenter, BaseResolver):
    """Writes every text bare that `load_yaml` does not take for something else."""

    def __init__(self, stream: Any, **options: Any) -> None:
        emitting = {key: options[key] for key in ("width", "allow_unicode")}
        Emitter.__init__(self, stream, **emitting)
        Serializer.__init__(self)
        SafeRepresenter.__init__(self, sort_keys=options["sort_keys"])
        BaseResolver.__init__(self)

    def ignore_aliases(self, data: Any) -> bool:
        """Never write an alias: `load_yaml` refuses them."""
        return True

    def represent_sequence(self, tag: str, sequence: Any, flow_style: Any = None) -> Any:
        """Put a short list on one line."""
        return super().represent_sequence(tag, sequence, flow_style=_is_short(sequence))

    def represent_mapping(self, tag: str, mapping: Any, flow_style: Any = None) -> Any:
        """Put a short mapping on one line."""
        short = _is_short([*mapping, *mapping.values()])
        return super().represent_mapping(tag, mapping, flow_style=short)


_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]
)


def _is_short(parts: Iterable[Any]) -> bool:
    given = list(parts)
    return all(isinstance(part, str) for part in given) and sum(map(len, given)) < _SHORT


class _Reader:
    """One walk over a composed document: plain data out, lines noted on the way."""

    def __init__(self, path: Path, lines: dict[Path_, int]) -> None:
        self.path, self.lines = path, lines
        self.seen: set[int] = set()

    def read(self, node: yaml.Node, where: Path_) -> Any:
        line = node.start_mark.line + 1
        if id(node) in self.seen:  # an alias hides where a value stands, and may be endless
            raise LocatedError(self.path, line, "syntax", of_yaml("alias (*) is not supported"))
        self.seen.add(id(node))
        self.lines.setdefault(where, line)
        if isinstance(node, yaml.ScalarNode):
            # A plain scalar has the style None or, from libyaml, the empty one.
            return None if not node.style and node.value in _NULLS else node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*where, i)) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        raise LocatedError(self.path, line, "syntax", of_yaml(type(node).__name__))

    def _mapping(self, node: yaml.MappingNode, where: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in result:
                words = (f"trường “{key}” ghi hai lần", f"the field “{key}” stands twice")
                raise LocatedError(self.path, line, "syntax", words)
            self.lines[(*where, key)] = line
            result[key] = self.read(value_node, (*where, key))
        return result
