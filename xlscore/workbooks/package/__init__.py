"""The one door for returned workbooks: read a .xlsx or .xlsm file, or refuse it by name.

Nothing in a return is trusted. The file is opened without following links, its size is bounded,
every member of the archive is inflated to its declared size and checked against its CRC (a file
that is still being copied fails here), XML is parsed without document types and within a budget of
tags, and whatever two programs could read differently is refused. Macros and external links are
reported and never followed. What is left is a `Package`: every cell with its address, type, exact
text, formula and number format.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from xlscore.reasons import of_system
from xlscore.workbooks.package.book import (
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
from xlscore.workbooks.package.sniff import refuse_other_archives, refuse_other_formats
from xlscore.workbooks.package.styles import Formats, read_formats
from xlscore.workbooks.package.text import read_shared_strings
from xlscore.workbooks.package.values import (
    RETURNS,
    Cell,
    Kind,
    Limits,
    NumberFormat,
    Package,
    PackageError,
    PackageFault,
    Sheet,
    SheetState,
    cell_address,
    column_letters,
    parse_address,
)
from xlscore.workbooks.package.xml import TagBudget
from xlscore.workbooks.package.zip import Container

__all__ = [
    "MAX_FILE_SIZE",
    "Cell",
    "Kind",
    "Limits",
    "NumberFormat",
    "Package",
    "PackageError",
    "PackageFault",
    "Sheet",
    "SheetState",
    "cell_address",
    "column_letters",
    "open_container",
    "parse_address",
    "parse_package",
    "read_bytes",
    "read_package",
]

MAX_FILE_SIZE = RETURNS.file
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
_NO_PATH = "đường dẫn không đúng"
_Content = TypeVar("_Content")


def read_package(path: Path) -> Package:
    """Read a workbook file; raise PackageError where it is none, or not safely readable."""
    return parse_package(read_bytes(path))


def read_bytes(path: Path, limits: Limits = RETURNS) -> bytes:
    """Read a file that is none of ours, whole; raise PackageError where that is not safe."""
    try:
        return _read_file(path, limits.file)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ELOOP:
            # O_NOFOLLOW met a link that was no link a moment before.
            raise PackageError(PackageFault.SYMLINK) from error
        what, what_en = of_system(error) if isinstance(error, OSError) else (_NO_PATH, str(error))
        raise PackageError(PackageFault.UNREADABLE, what=what, what_en=what_en) from error


def parse_package(data: bytes) -> Package:
    """Read a workbook from its bytes; raise PackageError where they are none."""
    return _Reader(open_container(data)).read()


def open_container(data: bytes, limits: Limits = RETURNS) -> Container:
    """Open the archive that a workbook is; raise PackageError where the bytes are none."""
    if len(data) > limits.file:
        raise PackageError(PackageFault.TOO_LARGE, limit=str(limits.file))
    refuse_other_formats(data)
    container = Container(data, limits)
    refuse_other_archives(container)
    return container


def _read_file(path: Path, largest: int) -> bytes:
    _check_kind(os.lstat(path).st_mode)
    descriptor = os.open(path, _OPEN_FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        # Asked again: the entry may have been replaced since.
        status = os.fstat(descriptor)
        _check_kind(status.st_mode)
        if status.st_size > largest:
            raise PackageError(PackageFault.TOO_LARGE, limit=str(largest))
        data = file.read(largest + 1)
    if len(data) != status.st_size:
        raise PackageError(PackageFault.DAMAGED, what="changed while it was read")
    return data


def _check_kind(mode: int) -> None:
    if stat.S_ISLNK(mode):
        raise PackageError(PackageFault.SYMLINK)
    if not stat.S_ISREG(mode):
        raise PackageError(PackageFault.NOT_A_REGULAR_FILE)


class _Reader:
    """Reads the parts of one workbook in the order in which they lead to each other."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._budget = TagBudget()
        self._types = ContentTypes(container, self._budget)

    def read(self) -> Package:
        package = read_relationships(self._container, "", self._budget)
        part = find_workbook(self._container, self._types, package)
        links = read_relationships(self._container, part, self._budget)
        book = read_book(self._container, part, links, self._budget)
        strings = self._part(links, "sharedStrings", read_shared_strings, STRINGS_TYPES) or {}
        formats = self._part(links, "styles", read_formats, STYLES_TYPES) or {}
        sheets = tuple(self._sheet(entry, strings, formats) for entry in book.sheets)
        properties = self._part(package, "custom-properties", read_properties) or {}
        application = self._part(package, "extended-properties", read_application) or ""
        # Last, the members that were not needed: a file is whole or it is not read.
        self._container.check_rest()
        return Package(
            sheets=sheets,
            properties=properties,
            defined_names=book.defined_names,
            has_macros=book.has_macros,
            has_external_links=book.has_external_links,
            application=application,
            date_1904=book.date_1904,
        )

    def _part(
        self,
        links: Mapping[str, Relationship],
        kind: str,
        reader: Callable[[bytes, str, TagBudget], _Content],
        types: frozenset[str] = frozenset(),
    ) -> _Content | None:
        """The content of the one part of a kind, None where there is none.

        No other part may have one of the content `types` by which some programs would find it.
        """
        part = single(links, kind, self._container)
        if types:
            self._types.only(part or "", f"xl/{kind}.xml", types, self._container)
        return reader(self._container.read(part), part, self._budget) if part else None

    def _sheet(self, entry: SheetEntry, strings: Mapping[str, str], formats: Formats) -> Sheet:
        content = SheetContent()
        try:
            if entry.part:
                data = self._container.read(entry.part)
                content = read_sheet(data, entry.part, self._budget, strings, formats)
        except PackageError as error:
            error.sheet = entry.name
            raise
        return Sheet(entry.name, entry.state, content.protected, content.cells)
