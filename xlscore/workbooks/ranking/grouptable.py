"""The table of ranking groups: units, results, mean, extremes, bands; one live row per group.

Groups of a tier stand together under a row that names the tier and its bands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from xlscore.layout import NOTHING
from xlscore.ranking import Results
from xlscore.ranking_words import bands_words
from xlscore.summaries import GroupSummary
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import GROUP_FILL, HEADING_FILL, LINE
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.pagegrid import PageGrid, Span, placed
from xlscore.workbooks.ranking.standings import Standing

_BORDER: dict[str, Any] = {"border": 1, "border_color": LINE}
_LINK = "#1D4E89"
_HEADINGS = {
    "title": "Nhóm xếp hạng",
    "units": "Số đơn vị",
    "sent": "Có kết quả",
    "missing": "Chưa có phiếu",
    "mean": "Trung bình (%)",
    "highest": "Cao nhất (%)",
    "first": "Đơn vị dẫn đầu (xếp loại)",
    "lowest": "Thấp nhất (%)",
    "last": "Đơn vị cuối nhóm (xếp loại)",
}
_UNIT_SPAN = 9
_TITLE = {"text_wrap": True, "indent": 1, "align": "left"}


@dataclass(frozen=True)
class GroupRow:
    """One group: its summary, and the ranking sheet to which its figures are linked."""

    summary: GroupSummary
    standing: Standing


Section = tuple[str, tuple[str, ...]]
"""What groups stand together by: their tier, and the bands that their units may have."""


@dataclass(frozen=True)
class GroupTable:
    """The table as it is laid out.

    Attributes:
        rows: the groups, those of a tier together.
        top: 0-based row of the heading.
        named: whether the first and the last unit are named.
    """

    results: Results
    rows: Sequence[GroupRow]
    grid: PageGrid
    top: int
    named: bool = True

    @cached_property
    def sections(self) -> Mapping[Section, Sequence[GroupRow]]:
        """The groups that stand together."""
        found: dict[Section, list[GroupRow]] = {}
        for row in self.rows:
            key = row.summary.group.tier, tuple(row.summary.bands)
            found.setdefault(key, []).append(row)
        return found

    @cached_property
    def places(self) -> Mapping[str, tuple[int, int]]:
        """First and last column of everything, by key; bands are `band 0` and so on."""
        fixed = [key for key in _HEADINGS if self.named or key not in {"first", "last"}]
        bands = [f"band {i}" for i in range(self.bands)]
        spans = {key: _UNIT_SPAN if key in {"first", "last"} else 2 for key in [*fixed, *bands]}
        spans["title"] = self.grid.columns - sum(spans.values()) + spans["title"]
        return dict(zip(spans, placed(list(spans.values())), strict=True))

    @cached_property
    def bands(self) -> int:
        """How many bands the tier with most of them has."""
        return max((len(row.summary.bands) for row in self.rows), default=0)

    @cached_property
    def first_rows(self) -> Mapping[Section, int]:
        """The 0-based row of the first group of every section."""
        found, row = {}, self.top + 1
        for section, groups in self.sections.items():
            found[section] = row + 1
            row += len(groups) + 1
        return found

    @property
    def end(self) -> int:
        """The row behind the table."""
        return self.top + 1 + len(self.rows) + len(self.sections)

    def block(self, key: str, section: Section) -> str:
        """Return the range of a column over the groups of a section, on its own sheet."""
        letter = letters(self.places[key][0])
        first = self.first_rows[section]
        last = first + len(self.sections[section]) - 1
        return f"${letter}${first + 1}:${letter}${last + 1}"

    def write(self) -> None:
        """Write headings, sections and groups."""
        self.write_heading()
        for section, groups in self.sections.items():
            start = self.first_rows[section]
            self.write_section(start - 1, section)
            for place, group in enumerate(groups):
                self._group(start + place, group)

    def write_heading(self) -> None:
        """Write the headings alone."""
        look = {"bold": True, "align": "center", "text_wrap": True, "bg_color": HEADING_FILL,
                "font_size": 10, **_BORDER}  # fmt: skip
        spans = [Span(*self.places[k], _HEADINGS[k], look, high=True)
                 for k in _HEADINGS if k in self.places]  # fmt: skip
        if self.bands:
            first, last = self.places["band 0"][0], self.places[f"band {self.bands - 1}"][1]
            spans.append(Span(first, last, "Số đơn vị theo xếp loại", look, high=True))
        self.grid.put(self.top, spans, least=32)

    def write_section(self, row: int, section: Section) -> None:
        """Write the row that names a tier and its bands."""
        names = section[1]
        last = self.places["band 0"][0] - 1 if self.bands else self.grid.last
        fill = {"bold": True, "bg_color": GROUP_FILL, "font_size": 10, **_BORDER}
        look = {**fill, "indent": 1, "italic": True, "text_wrap": True}
        spans = [Span(0, last, self._section_title(section), look, high=True)]
        look = {**fill, "align": "center", "shrink": True}
        padded = [*names, *[""] * (self.bands - len(names))]
        spans += [Span(*self.places[f"band {i}"], name, look) for i, name in enumerate(padded)]
        self.grid.put(row, spans)

    def _section_title(self, section: Section) -> str:
        """Return the tier's title, unless its only group has the same, and from where on each band is."""
        tier = self.results.campaign.settings.tiers[section[0]]
        alone = [group.summary.group.title for group in self.sections[section]] == [tier.title]
        bands = f"Xếp loại theo chỉ số: {bands_words(tier.bands)}" if section[1] else ""
        return " – ".join(part for part in ("" if alone and bands else tier.title, bands) if part)

    def _group(self, row: int, group: GroupRow) -> None:
        cells = dict(_cells(group))
        units, sent = (letters(self.places[key][0]) for key in ("units", "sent"))
        cells["missing"] = Live(f"{units}{row + 1}-{sent}{row + 1}", group.summary.missing)
        title = group.summary.group.title
        self.grid.put(row, [self.title(title, link=group.standing.name), *self.figures(cells)])

    def title(self, text: str, *, link: str) -> Span:
        """Return the first cell of a row."""
        look = {**_TITLE, **_BORDER, "bold": True, "font_color": _LINK}
        return Span(*self.places["title"], text, look, link=link, high=True)

    def figures(self, cells: Mapping[str, Cell], bands: Sequence[str] = ()) -> Iterator[Span]:
        """Yield the cells of a row behind its title; `bands` names them where no row above does."""
        named = {f"band {i}": name.replace('"', "") for i, name in enumerate(bands)}
        number = self.grid.book.number
        for key, (first, last) in self.places.items():
            if key == "title":
                continue
            text = key in {"first", "last"}
            look: dict[str, Any] = {**_BORDER, **(_TITLE if text else {"align": "center"})}
            if key in {"mean", "highest", "lowest"}:
                look |= {"num_format": number, "bold": key == "mean"}
            if key in named:
                look |= {"num_format": f'"{named[key]}: "0', "shrink": True}
            yield Span(first, last, cells.get(key, ""), look, high=text)


def _cells(group: GroupRow) -> Iterator[tuple[str, Cell]]:
    """Yield the figures of a group by key, live, over the columns of its ranking sheet."""
    summary, sheet = group.summary, group.standing
    sent, listed = len(summary.assessed), sheet.missing
    flags, index = sheet.block("key sent"), sheet.block("index")
    yield "units", Live(f"COUNTA({sheet.block('code')})+{summary.missing - listed}", summary.units)
    yield "sent", Live(f"SUM({flags})", sent)
    for place, (name, count) in enumerate(summary.bands.items()):
        quoted = name.replace('"', '""')
        formula = f'SUMPRODUCT(1*({sheet.block("band")}="{quoted}"))'
        yield f"band {place}", Live(formula, count)
    if not sent:
        yield from dict.fromkeys(("mean", "highest", "first", "lowest", "last"), NOTHING).items()
        return
    mean = summary.mean or Fraction(0)
    yield "mean", Live(f"AVERAGEIF({flags},1,{index})", float(mean))
    yield "highest", entry(group, 0, "index")
    yield "first", _named(group, 0)
    yield "lowest", entry(group, -1, "index")
    yield "last", _named(group, -1)


def _named(group: GroupRow, place: int) -> Live:
    """Return the name of the unit at a place with its band behind."""
    name, band = entry(group, place, "name"), entry(group, place, "band")
    if not group.summary.assessed[place].band:
        return name
    return Live(f'{name.formula}&" ("&{band.formula}&")"', f"{name.value} ({band.value})")


def entry(group: GroupRow, place: int, key: str) -> Live:
    """Return a live cell of the unit at a place among those with a result: 0 the first, -1 the last.

    Args:
        key: of the column: `name`, `index`, `band` or `rank`.
    """
    sheet, row = group.standing, group.summary.assessed[place]
    sought = str(place + 1)
    if place < 0:
        sought = f"SUM({sheet.block('key sent')})" + (f"-{-place - 1}" if place < -1 else "")
    found = f"INDEX({sheet.block(key)},MATCH({sought},{sheet.block('position')},0))"
    values: dict[str, float | str] = {
        "name": row.result.unit.name,
        "index": float(row.result.index),
        "band": row.band,
        "rank": row.rank or 0,
    }
    return Live(found, values[key])
