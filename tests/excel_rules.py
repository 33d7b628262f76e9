"""What makes Excel answer “We found a problem with some content” beyond what the schemas say.

LibreOffice and Gnumeric forgive all of this, and no Excel runs where the tests run. Each rule names
its source: Microsoft's “Excel specifications and limits” (Limits), ECMA-376 part 1 (E) and part 2
(OPC), Microsoft's notes on its implementation ([MS-OI29500], [MS-XLSX]), or Excel's own words in the
reports of repaired files (“View from …”).
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from tests import excel_drawing_rules, excel_sheet_rules  # noqa: F401  they register their rules
from tests.excel_formulas import unquoted
from tests.excel_package import RELATION, RULES, Package, Said, local, rule, text_of

_RELATED = re.compile(rb'\br:(?:id|embed|link|pict)="([^"]*)"')
_LIKE_A_CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}$|R[0-9]*C[0-9]*$|[RC]$", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d][\w.]*$")
_COMMA = re.compile(r",(?=(?:[^']|'[^']*')*$)")
_NO_SHEET = re.compile(r"[:\\/?*\[\]]|^'|'$|^history$", re.IGNORECASE)
_PLAIN_LETTER = re.compile(r"(?![dmyhsEGnral])[^\W\d_]|[^\x00-\x7f]")


class Fault(NamedTuple):
    """One breach: the rule (a function's name), the part, what is wrong there."""

    rule: str
    where: str
    what: str


def faults(file: Path | bytes, only: str = "") -> list[Fault]:
    """Return every breach in a workbook or a document, or those of one rule `only`."""
    package, rules = Package(file), [r for r in RULES if only in ("", r.__name__)]
    return [Fault(r.__name__, where, what) for r in rules for where, what in r(package)]


# --- the package ------------------------------------------------


@rule
def members_are_unique(package: Package) -> Said:
    """OPC 6.2.2: names of parts are compared without regard to case."""
    for name, times in Counter(map(str.lower, package.members)).items():
        if times > 1:
            yield name, f"{times} times"


@rule
def parts_have_a_type(package: Package) -> Said:
    """OPC 6.2.3: every part has a content type, and what is declared is there."""
    types = package.root("[Content_Types].xml")
    endings = {one.get("Extension", "").lower() for one in types if local(one) == "Default"}
    named = [one.get("PartName", "").lstrip("/") for one in types if local(one) == "Override"]
    for name in package.parts:
        ending = name.rpartition(".")[2].lower()
        free = ending in endings and (ending != "xml" or name.startswith("customXml/"))
        if name != "[Content_Types].xml" and name not in named and not free:
            yield name, "no content type"
    for name, times in Counter(named).items():
        if name not in package.parts or times > 1:
            yield name, f"declared {times} times, there {package.members.count(name)} times"


@rule
def relations_lead_somewhere(package: Package) -> Said:
    """OPC 6.5: ids lead to parts that are there, every part is led to; E 18.6: no stale calcChain."""
    led_to = set()
    for part in ["", *package.parts]:
        if part.endswith(".rels"):
            continue
        leads = package.relations(part)
        for target, kind in leads.values():
            led_to.add(target)
            if kind != "hyperlink" and target not in package.parts:
                yield part, f"leads to {target}, which is not there"
        for named in _RELATED.findall(package.parts.get(part, b"")):
            if named.decode() not in leads:
                yield part, f"no relationship {named.decode()!r}"
    for part in package.parts:
        if part not in led_to and not part.endswith(".rels") and part != "[Content_Types].xml":
            yield part, "nothing leads there"
    if "xl/calcChain.xml" in package.parts:
        yield "xl/calcChain.xml", "kept from another writing"


@rule
def properties_are_valid(package: Package) -> Said:
    """OPC 8.3.4: times are W3CDTF; E 22.3: property ids from 2 on, texts of 255 characters."""
    for one in package.root("docProps/core.xml"):
        if local(one) in ("created", "modified"):
            try:
                datetime.fromisoformat(text_of(one))
            except ValueError:
                yield "docProps/core.xml", f"{local(one)} {one.text!r}"
    own = list(package.root("docProps/custom.xml"))
    for key in ("pid", "name"):
        for value, times in Counter(one.get(key, "").casefold() for one in own).items():
            if times > 1 or (key == "pid" and int(value) < 2):
                yield "docProps/custom.xml", f"{key} {value} {times} times"
    for one in own:
        if len("".join(one.itertext())) > 255:
            yield "docProps/custom.xml", f"{one.get('name')} is too long"


# --- the workbook -----------------------------------------------


@rule
def sheets_are_named_well(package: Package) -> Said:
    """Limits: 31 UTF-16 units, none of : \\ / ? * [ ], unique whatever the case; one is visible."""
    listed = package.workbook.findall("{*}sheets/{*}sheet")
    for name, times in Counter(sheet.name.casefold() for sheet in package.sheets).items():
        units = len(name.encode("utf-16-le")) // 2
        if not 0 < units <= 31 or _NO_SHEET.search(name) or times > 1:
            yield "xl/workbook.xml", f"sheet {name!r} ({units} characters, {times} times)"
    for key in ("sheetId", f"{RELATION}id"):
        for value, times in Counter(one.get(key) for one in listed).items():
            if times > 1:
                yield "xl/workbook.xml", f"{key} {value} {times} times"
    view = package.workbook.find("{*}bookViews/{*}workbookView")
    shown = int("0" if view is None else view.get("activeTab", "0"))
    if listed and (shown >= len(listed) or listed[shown].get("state", "visible") != "visible"):
        yield "xl/workbook.xml", f"the active sheet {shown} is not to be seen"


@rule
def names_are_valid(package: Package) -> Said:
    """E 18.2.5 and Limits: no names like cells, unique in their scope; areas and titles of sheets."""
    seen = Counter[tuple[str, str | None]]()
    for one in package.workbook.iterfind("{*}definedNames/{*}definedName"):
        name, scope, text = one.get("name", ""), one.get("localSheetId"), one.text or ""
        seen[name.casefold(), scope] += 1
        if not _NAME.match(name) or _LIKE_A_CELL.match(name) or len(name) > 255:
            yield "xl/workbook.xml", f"the name {name!r}"
        if scope is not None and int(scope) >= len(package.sheets):
            yield "xl/workbook.xml", f"{name} of sheet {scope}"
        elif scope is not None and name.startswith("_xlnm."):
            own = package.sheets[int(scope)].name.casefold()
            pieces = _COMMA.split(text)
            if any(unquoted(p.rpartition("!")[0].strip("'")) != own for p in pieces):
                yield "xl/workbook.xml", f"{name} of {own} is {text}"
        for piece in _COMMA.split(text) if name.startswith("_xlnm.") else [text]:
            for what in package.said(name, piece, single=False):
                yield "xl/workbook.xml", what
    yield from (("xl/workbook.xml", f"{name} twice") for (name, _), n in seen.items() if n > 1)


@rule
def styles_are_in_range(package: Package) -> Said:
    """E 18.8 and Limits: ids of fonts, fills, borders, formats are there; 64,000 cell formats."""
    styles = package.root("xl/styles.xml")
    sizes = {kind: package.count(f"{{*}}{kind}s") for kind in ("font", "fill", "border")}
    found = styles.iterfind("{*}numFmts/{*}numFmt")
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in found}
    for one in styles.iterfind("{*}cellXfs/{*}xf"):
        for kind, size in sizes.items():
            if int(one.get(f"{kind}Id", "0")) >= size:
                yield "xl/styles.xml", f"{kind} {one.get(f'{kind}Id')}"
        number = one.get("numFmtId", "0")
        if int(number) >= 164 and number not in codes:
            yield "xl/styles.xml", f"number format {number}"
    for kind, most in (("cellXfs", 64_000), ("fonts", 1_024), ("numFmts", 250)):
        held = styles.find(f"{{*}}{kind}")
        if held is not None and (len(held) > most or int(held.get("count", 0)) != len(held)):
            yield "xl/styles.xml", f"{len(held)} of {kind}, declared {held.get('count')}"
    for code in codes.values():
        bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", code)
        if len(code) > 255 or '"' in bare or bare.count(";") > 3 or _PLAIN_LETTER.search(bare):
            yield "xl/styles.xml", f"number format {code!r}"


# --- documents --------------------------------------------------


@rule
def documents_hold_together(package: Package) -> Said:
    """E 17.4, 17.6: rows as wide as their grid, the section last; Word refuses line ends in texts."""
    body = package.root("word/document.xml").find("{*}body")
    if body is None:
        return
    if local(body[-1]) != "sectPr":
        yield "word/document.xml", f"ends with {local(body[-1])}"
    styles = {_w(one, "styleId") for one in package.root("word/styles.xml").iterfind("{*}style")}
    for one in body.iter():
        kind, value = local(one), _w(one, "val")
        if kind == "t" and re.search(r"[\n\t]", text_of(one)):
            yield "word/document.xml", f"a line end in {text_of(one)[:40]!r}"
        elif kind in ("pStyle", "rStyle", "tblStyle") and value not in styles:
            yield "word/document.xml", f"style {value}"
        elif kind == "tc" and local(one[-1]) != "p":
            yield "word/document.xml", "a cell that ends without a paragraph"
        elif kind == "tbl":
            width = len(one.findall("{*}tblGrid/{*}gridCol"))
            for row in one.iterfind("{*}tr"):
                spans = [cell.find("{*}tcPr/{*}gridSpan") for cell in row.iterfind("{*}tc")]
                if sum(1 if span is None else int(_w(span, "val")) for span in spans) != width:
                    yield "word/document.xml", f"a row unlike its grid of {width}"


def _w(element: ET.Element, name: str) -> str:
    return element.get(element.tag.partition("}")[0] + "}" + name, "")
