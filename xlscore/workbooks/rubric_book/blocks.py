"""The lines of a cell: named parameters, levels, bands, variables, branches.

A block writes the part of a method's parameters that has its home in one cell, and reads lines
back. Blocks write what they can; the caller keeps only what reads back the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from xlscore.workbooks.rubric_book.values import (
    REST,
    VALUE,
    UnreadableError,
    UnspeakableError,
    read_number,
    read_plain,
    write_number,
)

Spec = Mapping[str, Any]
"""Parameters of a method, plain data as in YAML, without `kind`."""


@dataclass
class Read:
    """What lines say: parameters, and (line, what is wanted) for each that says nothing."""

    spec: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)


class Block(Protocol):
    """The grammar of one cell; `keys` are the parameters that have their home there."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Parameters that stand in this cell."""

    def write(self, spec: Spec) -> list[str]:
        """Return the lines, empty where the parameters have no readable spelling."""

    def read(self, lines: Sequence[str]) -> Read:
        """Return what the lines say."""


def each_line(lines: Iterable[str], take: Callable[[str], None]) -> list[tuple[str, str]]:
    """Give every line to `take`, and return those that it refused with what is wanted."""
    problems = []
    for line in lines:
        try:
            take(line)
        except UnreadableError as error:
            problems.append((line, str(error)))
    return problems


# --- named parameters -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Param:
    """`label: value`: a number (with the sign of its unit), a word of a list, or a text."""

    label: str
    key: str
    number: bool = False
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def write(self, value: Any) -> str:
        """Spell the value; raises UnspeakableError."""
        if self.number:
            return f"{self.label}: {write_number(value, self.unit)}"
        if not isinstance(value, str):
            raise UnspeakableError(value)
        said = {meant: word for word, meant in self.words.items()}
        return f"{self.label}: {said.get(value, value)}"

    def read(self, text: str) -> Any:
        """Read the value; raises UnreadableError."""
        if self.number:
            value, percent = read_number(text)
            if percent and self.unit != "%":
                raise UnreadableError("cần một số, không ghi %")
            return value
        if self.words:
            if text.casefold() not in self.words:
                raise UnreadableError(f"cần một trong: {', '.join(self.words)}")
            return self.words[text.casefold()]
        return text


@dataclass(frozen=True)
class Named:
    """Lines `label: value` (the colon may be missing before a number), each at most once."""

    params: tuple[Param, ...] = ()
    open: bool = False
    """Whether parameters without a label may stand here under their own names, as YAML."""

    @property
    def keys(self) -> tuple[str, ...]:
        """See `Block`."""
        return tuple(param.key for param in self.params)

    def write(self, spec: Spec) -> list[str]:
        """See `Block`."""
        return [
            line
            for param in self.params
            if param.key in spec and (line := self._line(param, spec[param.key])) is not None
        ]

    def _line(self, param: Param, value: Any) -> str | None:
        try:
            line = param.write(value)
        except UnspeakableError:
            return None
        return line if "\n" not in line and self.read([line]).spec == {param.key: value} else None

    def read(self, lines: Sequence[str]) -> Read:
        """See `Block`."""
        result = Read()

        def take(line: str) -> None:
            key, value = self._parsed(line)
            if key in result.spec:
                raise UnreadableError("ghi hai lần")
            result.spec[key] = value

        result.problems = each_line(lines, take)
        return result

    def _parsed(self, line: str) -> tuple[str, Any]:
        for param in self.params:
            said = re.match(
                rf"{re.escape(param.label)}\s*(:|(?=\s[+-]?\d))\s*", line, re.IGNORECASE
            )
            if said:
                return param.key, param.read(line[said.end() :].strip())
        if self.open and re.match(r"[A-Za-z_]\w*\s*:", line):
            value = read_plain(re.sub(r"\s*:\s*", ": ", line, count=1))
            if isinstance(value, dict) and len(value) == 1:
                return next(iter(value.items()))
        known = ", ".join(f"“{param.label}: …”" for param in self.params)
        raise UnreadableError(f"chỉ ghi {known}" if known else "phương pháp này để trống ô này")


# --- levels, bands --------------------------------------------------------------------------------

_GIVES = re.compile(rf"(?P<what>.*\S)\s*:\s*(?P<points>{VALUE})\s*(?:điểm)?", re.IGNORECASE)
_LOWER = {"từ": "at_least", "≥": "at_least", ">=": "at_least", "trên": "above", ">": "above"}
_UPPER = {
    "đến dưới": "below",
    "dưới": "below",
    "<": "below",
    "đến": "at_most",
    "≤": "at_most",
    "<=": "at_most",
}
_ENDS = re.compile(
    rf"(?:(?P<low>từ|trên|≥|>=|>)\s*(?P<from>{VALUE})(?:\s+trở lên)?)?\s*,?\s*"
    rf"(?:(?P<high>đến dưới|dưới|đến|≤|<=|<)\s*(?P<to>{VALUE})(?:\s+trở xuống)?)?",
    re.IGNORECASE,
)


class _Points:
    """Points of all lines of a cell: percents of the maximum throughout, or nowhere."""

    def __init__(self) -> None:
        self.percent: bool | None = None

    def read(self, text: str) -> Any:
        value, percent = read_number(text)
        if self.percent not in {None, percent}:
            raise UnreadableError("các dòng phải cùng là điểm, hoặc cùng là % điểm tối đa")
        self.percent = percent
        return value

    def by(self) -> dict[str, str]:
        return {"by": "percent"} if self.percent else {}


def _unit(spec: Spec) -> str:
    return "%" if spec.get("by") == "percent" else ""


@dataclass(frozen=True)
class Labelled:
    """Lines `label: points`: a list under `key`, or (`mapping`) a mapping from labels to points."""

    key: str
    mapping: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """See `Block`."""
        return (self.key, "by")

    def write(self, spec: Spec) -> list[str]:
        """See `Block`."""
        given = spec.get(self.key)
        if self.mapping and isinstance(given, Mapping):
            given = [{"label": label, "points": points} for label, points in given.items()]
        try:
            return [
                f"{row['label']}: {write_number(row['points'], _unit(spec))}" for row in given or ()
            ]
        except (TypeError, KeyError, UnspeakableError):
            return []

    def read(self, lines: Sequence[str]) -> Read:
        """See `Block`."""
        rows: list[dict[str, Any]] = []
        points = _Points()

        def take(line: str) -> None:
            said = _GIVES.fullmatch(line)
            if said is None:
                raise UnreadableError("mỗi dòng viết “mức: điểm”, ví dụ Kịp thời: 0,5")
            if self.mapping and said["what"] in [row["label"] for row in rows]:
                raise UnreadableError("ghi hai lần")
            rows.append({"label": said["what"], "points": points.read(said["points"])})

        problems = each_line(lines, take)
        listed = {row["label"]: row["points"] for row in rows} if self.mapping else rows
        return Read({self.key: listed, **points.by()} if rows else {}, problems)


@dataclass(frozen=True)
class BandLines:
    """Lines `từ 70% đến dưới 90%: 1`, and `còn lại: 0` as the last; `unit` is that of thresholds."""

    unit: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """See `Block`."""
        return ("bands", "else", "by")

    def write(self, spec: Spec) -> list[str]:
        """See `Block`."""
        try:
            lines = [self._line(band, _unit(spec)) for band in spec.get("bands") or ()]
            if "else" in spec:
                lines.append(f"{REST}: {write_number(spec['else'], _unit(spec))}")
        except (TypeError, KeyError, UnspeakableError):
            return []
        return lines

    def _line(self, band: Mapping[str, Any], unit: str) -> str:
        words = (("at_least", "từ"), ("above", "trên"), ("at_most", "đến"), ("below", "dưới"))
        ends = [
            f"{word} {write_number(band[key], self.unit)}" for key, word in words if key in band
        ]
        said = " ".join(ends).replace(" dưới", " đến dưới")
        return f"{said}: {write_number(band['points'], unit)}"

    def read(self, lines: Sequence[str]) -> Read:
        """See `Block`."""
        spec: dict[str, Any] = {}
        bands: list[dict[str, Any]] = []
        points = _Points()

        def take(line: str) -> None:
            said = _GIVES.fullmatch(line)
            ends = said and self._ends(said["what"])
            if said is None or ends is None:
                raise UnreadableError(
                    "mỗi dòng viết như “từ 70% đến dưới 90%: 1” hoặc “còn lại: 0”"
                )
            if "else" in spec:
                raise UnreadableError(f"“{REST}” phải là dòng cuối")
            given = points.read(said["points"])
            if ends:
                bands.append({**ends, "points": given})
            else:
                spec["else"] = given

        problems = each_line(lines, take)
        if bands:
            spec["bands"] = bands
        return Read({**spec, **points.by()}, problems)

    def _ends(self, text: str) -> dict[str, Any] | None:
        """Return the ends, none for the rest, None for text that says neither."""
        if text.casefold() == REST:
            return {}
        said = _ENDS.fullmatch(text)
        if said is None:
            return None
        ends: dict[str, Any] = {}
        for words, word, end in ((_LOWER, "low", "from"), (_UPPER, "high", "to")):
            if said[word]:
                value, percent = read_number(said[end])
                if percent and self.unit != "%":
                    raise UnreadableError("ngưỡng của phương pháp này là số, không ghi %")
                ends[words[said[word].casefold()]] = value
        return ends
