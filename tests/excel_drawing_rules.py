"""The rules of `excel_rules` for what leads elsewhere from a sheet: links, sparklines, charts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from tests.excel_formulas import unquoted
from tests.excel_package import Package, Said, area, each, local, rule, text_of

_COMMA = re.compile(r",(?=(?:[^']|'[^']*')*$)")


@rule
def links_lead_somewhere(package: Package) -> Said:
    """Limits: 65,530 links a sheet, targets of 2,079 characters; places on sheets that are there."""
    for sheet in package.sheets:
        leads = package.relations(sheet.part)
        found = sheet.root.findall("{*}hyperlinks/{*}hyperlink")
        if len(found) > 65_530:
            yield sheet.part, f"{len(found)} links"
        for one in found:
            target = next(
                (leads[v][0] for k, v in one.items() if k.endswith("}id") and v in leads), ""
            )
            place, (name, mark, cells) = one.get("location", ""), _parted(one.get("location", ""))
            if len(target) > 2_079 or len(place) > 2_079 or len(one.get("tooltip", "")) > 255:
                yield sheet.part, f"link at {one.get('ref')} is too long"
            known = name in package.sheet_names if mark else place.casefold() in package.names
            if place and not target and not (known and (not mark or area(cells))):
                yield sheet.part, f"link at {one.get('ref')} leads to {place}"


def _parted(place: str) -> tuple[str, str, str]:
    name, mark, cells = place.rpartition("!")
    return unquoted(name[1:-1] if name.startswith("'") else name), mark, cells


@rule
def sparklines_are_in_place(package: Package) -> Said:
    """[MS-XLSX] 2.6.28: figures in one row or column of a sheet that is there, one cell each."""
    for sheet, one in each(package, ".//{*}sparklines/{*}sparkline"):
        ref, at = text_of(one.find("{*}f")), text_of(one.find("{*}sqref"))
        name, _, cells = _parted(ref)
        top, left, bottom, right = area(cells)
        if name not in package.sheet_names or (top != bottom and left != right) or ":" in at:
            yield sheet.part, f"sparkline at {at} of {ref}"
        area(at)


@rule
def charts_refer_to_cells(package: Package) -> Said:
    """E 21.2: ranges of sheets that are there, as many points as cached, axes and series in order."""
    for part, chart in package.roots("xl/charts"):
        numbers = Counter[tuple[str, str | None]]()
        for one in chart.iter():
            if local(one) in ("numRef", "strRef"):
                yield from ((part, what) for what in _wrong_points(package, one))
            elif local(one) == "ser":
                for key in ("idx", "order"):
                    found = one.find(f"{{*}}{key}")
                    numbers[key, None if found is None else found.get("val")] += 1
        yield from ((part, f"{key} {n} twice") for (key, n), t in numbers.items() if t > 1)
        drawn = {_value(one) for one in chart.iterfind("{*}chart/{*}plotArea/*/{*}axId")}
        there = {_value(one) for one in chart.iterfind("{*}chart/{*}plotArea/*/{*}axId/..")}
        axes = {
            _value(one.find("{*}axId"))
            for one in chart.iterfind("{*}chart/{*}plotArea/*")
            if local(one) in ("catAx", "valAx", "dateAx", "serAx")
        }
        if there and drawn != axes:
            yield part, f"axes {sorted(axes)}, drawn on {sorted(drawn)}"


def _value(element: ET.Element | None) -> str:
    return "" if element is None else element.get("val", "")


def _wrong_points(package: Package, ref: ET.Element) -> Iterator[str]:
    said = text_of(ref.find("{*}f"))
    size = 0
    for piece in _COMMA.split(said.strip("()")):
        name, mark, cells = _parted(piece)
        if not mark or name not in package.sheet_names:
            yield f"refers to {said}"
            return
        top, left, bottom, right = area(cells.replace("$", ""))
        size += (bottom - top + 1) * (right - left + 1)
    for cache in (one for one in ref if local(one) in ("numCache", "strCache")):
        places = [int(one.get("idx", "-1")) for one in cache.iterfind("{*}pt")]
        count = int(_value(cache.find("{*}ptCount")))  # 0: Excel reads the cells alone
        if count not in (0, size) or places != sorted({*places}):
            yield f"{said}: {count} points cached"
        if places and places[-1] >= size:
            yield f"{said}: point {places[-1]} of {size}"
