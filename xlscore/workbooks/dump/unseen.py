"""Which styles leave a cell unseen: letters in the colour of their ground, or too small to be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xlscore.workbooks.dump.looks import UNSEEN
from xlscore.workbooks.package.xml import Attributes, TagBudget, local_name, new_parser, run

_WHITE, _BLACK = "FFFFFF", "000000"
_THEME = {"0": _WHITE, "1": _BLACK}
_INDEXED = {"0": _BLACK, "1": _WHITE, "8": _BLACK, "9": _WHITE, "64": _BLACK, "65": _WHITE}
_LEAST_SIZE = 4.0
_ALIKE = 24
"""Colours whose red, green and blue differ by less cannot be told apart in print."""


@dataclass
class _Look:
    letters: str = ""
    ground: str = ""
    size: float = 11.0
    number: str = ""

    def is_unseen(self) -> bool:
        letters, ground = self.letters or _BLACK, self.ground or _WHITE
        return self.size < _LEAST_SIZE or _are_alike(letters, ground)


@dataclass(frozen=True)
class Unseen:
    """What a workbook's styles hide.

    Attributes:
        styles: indices of cell styles; rules: what a conditional format's style does to a figure, by index.
    """

    styles: frozenset[str] = frozenset()
    rules: Mapping[str, str] = field(default_factory=dict)


def unseen_in(data: bytes, part: str, budget: TagBudget) -> Unseen:
    """Read the styles part."""
    reader = _Styles()
    parser = new_parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    run(parser, data, part, budget)
    rules = {str(index): told for index, one in enumerate(reader.rules) if (told := _rule(one))}
    return Unseen(frozenset(map(str, reader.unseen())), rules)


def hidden_by(details: Iterable[tuple[str, Attributes]]) -> str:
    """Return what a style does to a figure that a conditional format brings along; empty for nothing."""
    reader = _Styles()
    reader.begin_rule()
    for tag, attributes in details:
        reader.detail(tag, attributes)
    return _rule(reader.rules[0])


def with_unseen_runs(
    strings: Mapping[str, str], data: bytes, part: str, budget: TagBudget
) -> dict[str, str]:
    """Return shared strings by index; one of which a part cannot be seen says so.

    What is black on white elsewhere can be white on white in one run of a text.
    """
    marked = dict(strings)
    if b"rPr" in data or b"\0" in data:
        reader = _Runs()
        parser = new_parser(data)
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        run(parser, data, part, budget)
        marked |= {
            str(index): marked[str(index)] + UNSEEN
            for index in reader.found
            if str(index) in marked
        }
    return marked


class _Runs:
    """Finds the shared strings with a run in white, or too small."""

    def __init__(self) -> None:
        self.found: set[int] = set()
        self._at = -1
        self._look: _Look | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        tag = local_name(name)
        if tag == "si":
            self._at += 1
        elif tag == "rPr":
            self._look = _Look()
        elif self._look is not None and tag == "color":
            self._look.letters = _colour(attributes)
        elif self._look is not None and tag == "sz":
            self._look.size = _size(attributes.get("val", ""))

    def end(self, name: str) -> None:
        if local_name(name) == "rPr" and self._look is not None:
            if self._look.is_unseen():
                self.found.add(self._at)
            self._look = None


def _rule(look: _Look) -> str:
    """Return what a conditional format makes unseen, or says in a figure's place."""
    if look.number and look.number.lower() != "general":
        return look.number
    return "unseen" if look.letters and look.is_unseen() else ""


class _Styles:
    def __init__(self) -> None:
        self.rules: list[_Look] = []
        self._fonts: list[_Look] = []
        self._fills: list[_Look] = []
        self._cells: list[tuple[str, str]] = []
        self._path: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        tag = local_name(name)
        self._path.append(tag)
        section, depth = self._path[1] if len(self._path) > 1 else "", len(self._path)
        if depth == 3:  # noqa: PLR2004  an entry of a list
            self._begin(section, attributes)
        elif depth > 3:  # noqa: PLR2004
            listed = {"fonts": self._fonts, "fills": self._fills, "dxfs": self.rules}.get(section)
            if listed:
                self._detail(listed[-1], tag, attributes, rule=section == "dxfs")

    def end(self, _name: str) -> None:
        self._path.pop()

    def begin_rule(self) -> None:
        """Begin the style of a conditional format."""
        self.rules.append(_Look())

    def detail(self, tag: str, attributes: Attributes) -> None:
        """Take an element of the style begun last."""
        self._detail(self.rules[-1], tag, attributes, rule=True)

    def unseen(self) -> list[int]:
        """Return the styles that leave a cell unseen."""
        return [
            index
            for index, (font, fill) in enumerate(self._cells)
            if _of(self._fonts, font, _of(self._fills, fill, _Look())).is_unseen()
        ]

    def _begin(self, section: str, attributes: Attributes) -> None:
        if section == "cellXfs":
            self._cells.append((attributes.get("fontId", "0"), attributes.get("fillId", "0")))
        elif section in {"fonts", "fills", "dxfs"}:
            {"fonts": self._fonts, "fills": self._fills, "dxfs": self.rules}[section].append(
                _Look()
            )

    def _detail(self, look: _Look, tag: str, attributes: Attributes, *, rule: bool) -> None:
        if tag == "color" and "border" not in self._path:
            look.letters = _colour(attributes)
        elif tag == "sz":
            look.size = _size(attributes.get("val", ""))
        elif tag == "numFmt":
            look.number = attributes.get("formatCode", "")
        elif tag == "patternFill":
            # What names no pattern is solid in a rule; in a cell it is no ground at all.
            pattern = attributes.get("patternType", "solid" if rule else "none")
            look.ground = "" if pattern == "solid" else _WHITE
        elif tag == ("bgColor" if rule else "fgColor") and look.ground != _WHITE:
            look.ground = _colour(attributes)


def _of(fonts: list[_Look], index: str, fill: _Look) -> _Look:
    # Python refuses to read thousands of digits.
    known = index.isascii() and index.isdecimal() and len(index) < 8  # noqa: PLR2004
    font = fonts[int(index)] if known and int(index) < len(fonts) else _Look()
    return _Look(font.letters, fill.letters or fill.ground or font.ground, font.size)


def _colour(attributes: Attributes) -> str:
    """Return a colour as six hexadecimal digits; as it stands where only the program knows it."""
    tint = attributes.get("tint", "0")
    if rgb := attributes.get("rgb", ""):
        known: str | None = rgb[-6:].upper()
    else:
        known = _THEME.get(attributes.get("theme", "")) or _INDEXED.get(
            attributes.get("indexed", "")
        )
    return known if known and tint in {"0", ""} else repr(sorted(attributes.items()))


def _size(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 11.0


def _are_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
        return max(abs(a - b) for a, b in pairs) < _ALIKE
    except ValueError:  # a colour that only the program knows
        return False
