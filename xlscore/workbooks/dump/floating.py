"""What floats over a sheet's cells: shapes with what they are linked to, and the cells that lie beneath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xlscore.workbooks.dump.formulas import plain_reference
from xlscore.workbooks.dump.model import Place
from xlscore.workbooks.package import cell_address
from xlscore.workbooks.package.xml import Attributes, TagBudget, local_name, new_parser, run

_SHAPES = frozenset({"sp", "cxnSp", "contentPart"})
_CORNERS = frozenset({"from", "to"})
_LOOSE = frozenset({"oneCellAnchor", "absoluteAnchor"})
"""Anchors that tell how large an object is, not which cells it covers; programs write none of their own."""
_NAMED = 12
_MOST = 256
"""Objects on a sheet beyond which nobody asks what lies beneath which: many thousands would take hours."""


@dataclass
class Floating:
    """What one drawing lays over its sheet.

    Attributes:
        shapes: one line per shape: a shape without text can hide what is beneath, or show another cell; and
            one per object that is not tied to cells on both ends.
        covered: first and last cell that lie wholly beneath an object, by object.
    """

    shapes: list[str] = field(default_factory=list)
    covered: list[tuple[Place, Place]] = field(default_factory=list)

    def hides(self, cells: Iterable[Place]) -> Iterator[str]:
        """Yield a line with those of the cells that lie beneath an object."""
        if len(self.covered) > _MOST:
            yield f"over cells: {len(self.covered)} objects"
            return
        beneath = sorted({
            place
            for place in cells
            for first, last in self.covered
            if first[0] <= place[0] <= last[0] and first[1] <= place[1] <= last[1]
        })  # fmt: skip
        if beneath:
            named = ", ".join(cell_address(*place) for place in beneath[:_NAMED])
            yield f"over cells: {named}{', …' if len(beneath) > _NAMED else ''}"


def floating_in(data: bytes, part: str, budget: TagBudget) -> Floating:
    """Read a drawing.

    Programs round where an object begins and ends: cells that it only touches are not beneath it.
    """
    reader = _Drawing()
    parser = new_parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    run(parser, data, part, budget)
    return reader.found


class _Drawing:
    def __init__(self) -> None:
        self.found = Floating()
        self._corner = self._counted = ""
        self._corners: dict[str, dict[str, str]] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        tag = local_name(name)
        if tag in _SHAPES:
            linked = attributes.get("textlink", "")
            self.found.shapes.append(f"shape: {plain_reference(linked)}" if linked else "shape")
        elif tag in _LOOSE:
            self._corners = {}
        elif tag in _CORNERS:
            self._corner = tag
            self._corners[tag] = {"row": "", "col": ""}
        elif self._corner and tag in {"row", "col"}:
            self._counted = tag

    def characters(self, text: str) -> None:
        corner = self._corners.get(self._corner)
        if self._counted and corner is not None:  # a hostile drawing ends one corner within another
            corner[self._counted] += text

    def end(self, name: str) -> None:
        tag = local_name(name)
        if tag == self._counted:
            self._counted = ""
        elif tag == self._corner:
            self._corner = ""
        elif tag == "twoCellAnchor":
            self._anchored()
        elif tag in _LOOSE:
            self.found.shapes.append(f"floating: {self._top_left()}")

    def _top_left(self) -> str:
        corner = self._corners.pop("from", {})
        row, column = (corner.get(key, "").strip() for key in ("row", "col"))
        known = row.isdecimal() and column.isdecimal() and max(len(row), len(column)) < 5  # noqa: PLR2004
        return cell_address(int(row) + 1, int(column) + 1) if known else "?"

    def _anchored(self) -> None:
        ends = [self._corners.pop(name, {}) for name in ("from", "to")]
        counted = [end.get(key, "").strip() for end in ends for key in ("row", "col")]
        if all(text.isascii() and text.isdecimal() and len(text) < 8 for text in counted):  # noqa: PLR2004
            top, left, bottom, right = map(int, counted)
            # Counted from 0; the first and the last may lie beneath in part only.
            self.found.covered.append(((top + 2, left + 2), (bottom, right)))
