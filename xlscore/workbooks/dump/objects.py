"""What stands on a sheet beside its cells: charts and their references, texts of shapes, pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from xlscore.workbooks.dump.formulas import Table, Tables, plain_reference
from xlscore.workbooks.package.book import SheetEntry
from xlscore.workbooks.package.parts import Relationship, read_relationships
from xlscore.workbooks.package.text import clean
from xlscore.workbooks.package.values import parse_address
from xlscore.workbooks.package.xml import Attributes, TagBudget, local_name, new_parser, run
from xlscore.workbooks.package.zip import Container

_CHARTS = frozenset({"chart", "chartEx"})
_TEXTS = frozenset({"t", "f"})


def objects_of(container: Container, sheet: str, budget: TagBudget) -> tuple[str, ...]:
    """Return one line per chart, picture and text of a shape; their places and looks are not told."""
    found: list[str] = []
    for link in _linked(container, sheet, budget, "drawing"):
        drawing = link.target
        # `f` links a shape's text to a cell; charts stand in parts of their own.
        found += [f"text: {text}" for text in _texts(container, drawing, budget, "t")]
        for part in _linked(container, drawing, budget, *_CHARTS):
            found.append(_chart(container, part.target, budget))
        for picture in _linked(container, drawing, budget, "image"):
            content = hashlib.sha256(container.read(picture.target)).hexdigest()
            found.append(f"picture: {content}")
    return tuple(sorted(found))


def _chart(container: Container, part: str, budget: TagBudget) -> str:
    # LibreOffice writes the names of series as quoted references.
    named = (text for text in _texts(container, part, budget, "f") if not text.startswith('"'))
    references = [plain_reference(text) for text in named]
    titles = [f"“{text}”" for text in _texts(container, part, budget, "t")]
    return "chart: " + "; ".join([*references, *titles])


def _linked(
    container: Container, part: str, budget: TagBudget, *kinds: str
) -> Iterator[Relationship]:
    for link in read_relationships(container, part, budget).values():
        if link.kind in kinds and not link.external and link.target in container:
            yield link


def _texts(container: Container, part: str, budget: TagBudget, wanted: str) -> list[str]:
    """Return the texts of the elements of one local name, in order."""
    found: list[str] = []
    parser = new_parser()
    collecting: list[list[str]] = []

    def start(name: str, _attributes: Attributes) -> None:
        if local_name(name) == wanted:
            collecting.append([])

    def end(name: str) -> None:
        if local_name(name) == wanted and collecting:
            text = clean("".join(collecting.pop()))
            if text.strip():
                found.append(text.strip())

    def characters(text: str) -> None:
        if collecting:
            collecting[-1].append(text)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    run(parser, container.read(part), part, budget)
    return found


def tables_of(container: Container, sheets: Iterable[SheetEntry], budget: TagBudget) -> Tables:
    """Return the tables of a workbook by their names in lower case."""
    found: Tables = {}
    for sheet in sheets:
        if sheet.part:
            for link in _linked(container, sheet.part, budget, "table"):
                table = _table(container, sheet.name, link.target, budget)
                found[table.name.lower()] = table
    return found


def _table(container: Container, sheet: str, part: str, budget: TagBudget) -> Table:
    told: dict[str, str] = {}
    columns: list[str] = []
    parser = new_parser()

    def start(name: str, attributes: Attributes) -> None:
        if local_name(name) == "table":
            told.update(attributes)
        elif local_name(name) == "tableColumn":
            columns.append(clean(attributes.get("name", "")))

    parser.StartElementHandler = start
    run(parser, container.read(part), part, budget)
    first, _, last = told.get("ref", "A1:A1").partition(":")
    top, left = parse_address(first)
    bottom, _right = parse_address(last or first)
    name = clean(told.get("displayName", told.get("name", "")))
    heading = told.get("headerRowCount", "1") != "0"
    foot = int(told.get("totalsRowCount", "0") == "1")
    return Table(name, sheet, top + heading, bottom - foot, left, tuple(columns))
