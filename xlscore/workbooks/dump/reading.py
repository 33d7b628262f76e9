"""A workbook read into a dump, by the strict and bounded reader of returns."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import cast

from xlscore.workbooks.dump.formulas import Tables, canonical_formula, moved
from xlscore.workbooks.dump.looks import UNSEEN
from xlscore.workbooks.dump.margins import margins_of, print_titles, settings_of
from xlscore.workbooks.dump.model import Dump, DumpCell, Place, SheetDump
from xlscore.workbooks.dump.objects import extras_of, objects_of, print_areas, tables_of
from xlscore.workbooks.dump.passing import Passing, dumped
from xlscore.workbooks.dump.unseen import Unseen, unseen_in, with_unseen_runs
from xlscore.workbooks.package import Limits, PackageError, PackageFault, open_container
from xlscore.workbooks.package.book import (
    Book,
    SheetEntry,
    read_application,
    read_book,
    read_properties,
)
from xlscore.workbooks.package.cells import SheetContent
from xlscore.workbooks.package.parts import (
    STRINGS_TYPES,
    STYLES_TYPES,
    ContentTypes,
    Relationship,
    find_workbook,
    read_relationships,
    single,
)
from xlscore.workbooks.package.sheet import read_sheet
from xlscore.workbooks.package.styles import Formats, read_format_codes
from xlscore.workbooks.package.text import read_shared_strings
from xlscore.workbooks.package.values import parse_address
from xlscore.workbooks.package.xml import TagBudget

OURS = Limits(
    file=256 * 2**20, members=8192, member=2**30, total=2**31, tags=100_000_000, xml=2**31
)
"""Bounds for a workbook that we wrote ourselves and whose digest is known."""

_HANGING = {"drawing", "chart", "chartEx", "table"}
_SOURCES = {"connections", "pivotCacheDefinition"}
"""Parts through which figures may come from elsewhere."""
_TWICE = 4
_LEAST = Limits()


STRANGE = Limits(
    file=32 * 2**20, members=4096, member=2**27, total=2**28, tags=20_000_000, xml=2**28
)
"""Bounds for a workbook with which nothing can be compared."""


def like(frozen: bytes) -> Limits:
    """Return bounds for a file that says it is a known one: other programs write more, not ten times more."""
    size = open_container(frozen, OURS).size
    xml = _LEAST.xml + _TWICE * size
    return Limits(
        file=_LEAST.file + _TWICE * len(frozen),
        members=OURS.members,
        member=_LEAST.member + _TWICE * size,
        total=_LEAST.total + _TWICE * size,
        tags=_LEAST.tags + xml // 8,
        xml=xml,
    )


def read_dump(data: bytes, limits: Limits = OURS) -> Dump:
    """Read a workbook from its bytes.

    Raises:
        PackageError: it is none, or not safely readable, or beyond the limits.
    """
    return _Reader(data, limits).read()


def read_digests(data: bytes, limits: Limits = OURS) -> dict[str, str]:
    """Return `read_dump(data).digests()` without holding the cells, which take half a kilobyte each.

    Raises:
        PackageError: as `read_dump`.
    """
    return _Reader(data, limits).digests() or read_dump(data, limits).digests()


class _Reader:
    def __init__(self, data: bytes, limits: Limits) -> None:
        self._container = open_container(data, limits)
        self._budget = TagBudget(limits)
        self._types = ContentTypes(self._container, self._budget)
        self._strings: Mapping[str, str] = {}
        self._formats: Mapping[str | None, str] = {}
        self._tables: Tables = {}
        self._unseen = Unseen()
        self._inline: set[str] = set()
        self._repeats = False

    def read(self) -> Dump:
        container, budget = self._container, self._budget
        package, links, book = self._open()
        printed, titles = print_areas(book.print_areas), print_titles(book)
        sheets = tuple(
            self._sheet(entry, printed.get(entry.name, ""), titles.get(entry.name, ""))
            for entry in book.sheets
        )
        custom = single(package, "custom-properties", container)
        extended = single(package, "extended-properties", container)
        container.check_rest()
        return Dump(
            sheets,
            read_properties(container.read(custom), custom, budget) if custom else {},
            book.defined_names,
            read_application(container.read(extended), extended, budget) if extended else "",
            book.has_macros,
            book.has_external_links or any(link.kind in _SOURCES for link in links.values()),
            {name: _digest(container.read(name)) for name in container.names()},
            {part: entry.name for entry in book.sheets for part in self._parts(entry)},
            settings_of(book),
            self._repeats,
        )

    def digests(self) -> dict[str, str]:
        """Return every sheet's digest; nothing where a formula is shared: its first cell is needed later."""
        _, _, book = self._open()
        printed = print_areas(book.print_areas)
        found: dict[str, str] = {}
        for entry in book.sheets:
            passing = Passing(entry.name, entry.state, self._tables)
            content = SheetContent(cells=passing)
            area = printed.get(entry.name, "")
            objects = self._content(entry, area, content, passing.said)
            if content.shared:
                return {}
            rows = content.hidden_rows & passing.held.rows
            columns = _hidden_columns(content, passing.held.columns)
            found[entry.name] = passing.digest.finish(rows, columns, objects)
        self._container.check_rest()
        return found

    def _open(self) -> tuple[Mapping[str, Relationship], Mapping[str, Relationship], Book]:
        """Read what all sheets need; return the package's and the workbook's links, and the workbook."""
        container, budget = self._container, self._budget
        package = read_relationships(container, "", budget)
        part = find_workbook(container, self._types, package)
        links = read_relationships(container, part, budget)
        book = read_book(container, part, links, budget)
        strings = single(links, "sharedStrings", container)
        self._types.only(strings or "", "xl/sharedStrings.xml", STRINGS_TYPES, container)
        if strings:
            data = container.read(strings)
            told = read_shared_strings(data, strings, budget)
            self._strings = with_unseen_runs(told, data, strings, budget)
        styles = single(links, "styles", container)
        self._types.only(styles or "", "xl/styles.xml", STYLES_TYPES, container)
        if styles:
            codes = read_format_codes(container.read(styles), styles, budget)
            self._unseen = unseen_in(container.read(styles), styles, budget)
            self._formats = {
                index: code + UNSEEN * ((index or "0") in self._unseen.styles)
                for index, code in codes.items()
            }
        self._tables = tables_of(container, book.sheets, budget)
        return package, links, book

    def _parts(self, entry: SheetEntry) -> Iterator[str]:
        """Yield a sheet's part and those that hang on it, drawings and charts."""
        waiting = [entry.part] if entry.part else []
        while waiting:
            part = waiting.pop()
            yield part.lower()
            folder, _, name = part.rpartition("/")
            yield f"{folder}/_rels/{name}.rels".lower()
            links = read_relationships(self._container, part, self._budget)
            waiting += [
                link.target
                for link in links.values()
                if link.kind in _HANGING and not link.external
            ]

    def _sheet(self, entry: SheetEntry, printed: str, titles: str) -> SheetDump:
        content = SheetContent()
        objects = self._content(entry, printed, content)
        self._count_inline(content)
        return SheetDump(
            entry.name,
            entry.state,
            self._cells(entry.name, content),
            frozenset(content.hidden_rows & {row for row, _ in content.cells}),
            _hidden_columns(content, {column for _, column in content.cells}),
            objects,
            frozenset(_merged(content)),
            tuple(sorted(margins_of(content.extras, titles))),
        )

    def _count_inline(self, content: SheetContent) -> None:
        for place in () if self._repeats else content.inline:
            text = content.cells[place].value if place in content.cells else ""
            if text in self._inline:
                self._repeats = True
            elif text:
                self._inline.add(text)

    def _content(
        self,
        entry: SheetEntry,
        printed: str,
        content: SheetContent,
        said: Iterable[Place] | None = None,
    ) -> tuple[str, ...]:
        """Read a sheet into `content`; return what else there is on it.

        Args:
            said: the cells that show something, once `content` is read; by default those that it holds.
        """
        if not entry.part:
            return ()
        try:
            formats = cast("Formats", self._formats)  # codes in the place of their classes
            data = self._container.read(entry.part)
            read_sheet(data, entry.part, self._budget, self._strings, formats, content)
            del data
            if said is None:
                said = [place for place, cell in content.cells.items() if cell.value]
            objects = objects_of(self._container, entry.part, self._budget, said)
            links = read_relationships(self._container, entry.part, self._budget)
            extras = extras_of(content.extras, links, printed, self._unseen.rules)
            return tuple(sorted((*objects, *extras)))
        except PackageError as error:
            error.sheet = entry.name
            raise

    def _cells(self, sheet: str, content: SheetContent) -> dict[Place, DumpCell]:
        masters = {
            index: place
            for place, index in content.shared.items()
            if place in content.cells and content.cells[place].formula
        }
        found = {}
        for place, cell in content.cells.items():
            formula = cell.formula or ""
            if not formula and place in content.shared and content.shared[place] in masters:
                master = masters[content.shared[place]]
                formula = moved(content.cells[master].formula or "", master, place)
            found[place] = dumped(cell, canonical_formula(formula, sheet, place, self._tables))
        return found


def _hidden_columns(content: SheetContent, used: Collection[int]) -> frozenset[int]:
    return frozenset(
        column
        for first, last in content.hidden_columns
        for column in used
        if first <= column <= last
    )


def _merged(content: SheetContent) -> Iterator[tuple[Place, Place]]:
    for reference in content.merges:
        first, _, last = reference.replace("$", "").partition(":")
        try:
            yield parse_address(first), parse_address(last or first)
        except ValueError:
            what = "merged range"
            raise PackageError(PackageFault.DAMAGED, what=what, value=reference[:40]) from None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
