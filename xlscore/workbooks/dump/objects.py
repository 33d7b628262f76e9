"""What stands on a sheet beside its cells: charts and their references, texts of shapes, pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from xlscore.workbooks.dump.charts import told_by_chart
from xlscore.workbooks.dump.floating import floating_in
from xlscore.workbooks.dump.formulas import Table, Tables, plain_reference
from xlscore.workbooks.dump.model import Place
from xlscore.workbooks.dump.unseen import hidden_by
from xlscore.workbooks.package.book import SheetEntry
from xlscore.workbooks.package.extras import Extras
from xlscore.workbooks.package.parts import Relationship, read_relationships
from xlscore.workbooks.package.text import clean
from xlscore.workbooks.package.values import parse_address
from xlscore.workbooks.package.xml import Attributes, TagBudget, local_name, new_parser, run
from xlscore.workbooks.package.zip import Container

_CHARTS = frozenset({"chart", "chartEx"})
_ADDED = frozenset({
    "comments", "threadedComment", "vmlDrawing", "image", "oleObject", "package", "control", "ctrlProp",
    "pivotTable", "queryTable", "slicer", "timeline",
})  # fmt: skip
"""What no program adds to a sheet by saving it: only a person does."""


def objects_of(
    container: Container, sheet: str, budget: TagBudget, cells: Iterable[Place]
) -> tuple[str, ...]:
    """Return one line per chart, picture, shape, comment, embedded object, and one for what they hide.

    Args:
        cells: those that say something.
    """
    found: list[str] = []
    for link in read_relationships(container, sheet, budget).values():
        if link.kind in _ADDED:
            outside = link.external or link.target not in container
            said = "" if outside else " ".join(_comments(container, link.target, budget, link.kind))
            found.append(f"{link.kind}: {said or link.target.rpartition('/')[2]}")
    for link in _linked(container, sheet, budget, "drawing"):
        drawing = link.target
        floating = floating_in(container.read(drawing), drawing, budget)
        found += [*floating.shapes, *floating.hides(cells)]
        # `f` links a shape's text to a cell; charts stand in parts of their own.
        found += [f"text: {text}" for text in _texts(container, drawing, budget, "t")]
        for part in _linked(container, drawing, budget, *_CHARTS):
            found.append(told_by_chart(container.read(part.target), part.target, budget))
        for picture in _linked(container, drawing, budget, "image"):
            content = hashlib.sha256(container.read(picture.target)).hexdigest()
            found.append(f"picture: {content}")
    return tuple(sorted(found))


def _comments(container: Container, part: str, budget: TagBudget, kind: str) -> list[str]:
    """Return what comments say."""
    wanted = {"comments": "t", "threadedComment": "text"}.get(kind)
    return _texts(container, part, budget, wanted) if wanted else []


def extras_of(
    extras: Extras, links: Mapping[str, Relationship], printed: str, rules: Mapping[str, str]
) -> Iterator[str]:
    """Yield one line per link, list to choose from, print area, and conditional format that hides figures.

    Args:
        rules: what the styles of conditional formats do to a figure, by index.
    """
    for cells, style in extras.rules:
        if style in rules:
            yield f"conditional format: {cells} → {rules[style]}"
    for cells, details in extras.own_rules:
        if said := hidden_by(details):
            yield f"conditional format: {cells} → {said}"
    for cells, location, outside in extras.links:
        target = plain_reference(location)
        if outside in links:  # LibreOffice spells what other programs leave as it was typed
            target = unquote(links[outside].target)
        yield f"link: {cells.partition(':')[0]} → {target}"
    for cells, source in extras.lists:
        yield f"list: {cells} ← {plain_reference(source)}"
    if printed:
        yield f"print area: {printed}"


def print_areas(told: Iterable[str]) -> dict[str, str]:
    """Return the print areas by the names of the sheets that they are of."""
    plain = (plain_reference(text) for text in told if "#REF!" not in text)  # Gnumeric's for none
    return {area[1:].partition("'!")[0]: area for area in plain}


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
