"""The number formats of a workbook: which cells show dates, percentages or text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlscore.workbooks.package.values import NumberFormat, PackageError, PackageFault
from xlscore.workbooks.package.xml import (
    MAX_DEPTH,
    Attributes,
    TagBudget,
    new_parser,
    root_prefix,
    run,
)

Formats = Mapping[str | None, NumberFormat]

# ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are dates in the East Asian locales.
_BUILT_IN: dict[str, NumberFormat] = {
    **{str(number): "date" for number in (*range(14, 23), *range(27, 37), *range(45, 48))},
    **{str(number): "date" for number in range(50, 59)},
    "9": "percent",
    "10": "percent",
    "49": "text",
}
# What a format code prints as it stands: quoted, escaped, padded or filled characters, and
# brackets (colours, locales, conditions) other than elapsed time such as [h].
_LITERAL = re.compile(r'"[^"]*"?|[\\_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]?', re.IGNORECASE | re.DOTALL)
_DATE_LETTER = re.compile(r"[dmyhs]", re.IGNORECASE)
# Excel's limit.
_MAX_CODE = 255


def classify_format(code: str) -> NumberFormat:
    """What a number format code makes of a number."""
    bare = _LITERAL.sub("", code[:_MAX_CODE])
    if _DATE_LETTER.search(bare.replace("General", "")):
        return "date"
    if "%" in bare:
        return "percent"
    return "text" if bare.strip() == "@" else "general"


def read_formats(data: bytes, member: str, budget: TagBudget) -> Formats:
    """The format class of each cell style by its index as cells write it; None for no index."""
    reader = _StyleReader()
    parser = new_parser(data)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    run(parser, data, member, budget)
    formats: dict[str | None, NumberFormat] = {
        str(index): reader.format_of(number) for index, number in enumerate(reader.styles)
    }
    formats[None] = formats.get("0", "general")
    return formats


def read_format_codes(data: bytes, member: str, budget: TagBudget) -> Mapping[str | None, str]:
    """The number format code of each cell style, likewise; built-in ones as `#` and their number."""
    reader = _StyleReader()
    parser = new_parser(data)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    run(parser, data, member, budget)
    codes: dict[str | None, str] = {
        str(index): reader.codes.get(number, f"#{number}")
        for index, number in enumerate(reader.styles)
    }
    codes[None] = codes.get("0", "#0")
    return codes


class _StyleReader:
    """Reads `numFmts/numFmt` and `cellXfs/xf` under the root, each list at most once."""

    def __init__(self) -> None:
        self.styles: list[str] = []
        self.codes: dict[str, str] = {}
        self._known: dict[str, NumberFormat] = dict(_BUILT_IN)
        self._depth = 0
        self._prefix = ""
        self._section = ""
        self._seen: set[str] = set()

    def start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth == 3:
            if self._section == "cellXfs":
                self._add_style(name, attributes)
            elif self._section == "numFmts" and name == f"{self._prefix}numFmt":
                self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif self._depth == 2:
            self._begin_section(name)
        elif self._depth == 1:
            self._prefix = root_prefix(name, attributes, "styleSheet")
        elif self._depth > MAX_DEPTH:
            raise PackageError(PackageFault.BOMB, what="depth", limit=str(MAX_DEPTH))

    def end(self, name: str) -> None:
        self._depth -= 1

    def format_of(self, number: str) -> NumberFormat:
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = classify_format(self.codes.get(number, ""))
        return known

    def _begin_section(self, name: str) -> None:
        self._section = name.removeprefix(self._prefix)
        if self._section in self._seen or name.endswith("AlternateContent"):
            raise PackageError(PackageFault.AMBIGUOUS, what=f"two {self._section[-40:]}")
        self._seen.add(self._section)

    def _add_style(self, name: str, attributes: Attributes) -> None:
        # Styles are counted by position: one element that only some programs count moves them all.
        if name != f"{self._prefix}xf":
            raise PackageError(PackageFault.AMBIGUOUS, what="unexpected element in cellXfs")
        self.styles.append(attributes.get("numFmtId", "0"))
