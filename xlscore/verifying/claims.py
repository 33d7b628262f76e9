"""Which edition a file says it is, and which one it is nearest to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlscore.archive import ContentError, kept
from xlscore.editions import FileKind
from xlscore.ledger import Edition, EditionFile
from xlscore.workbooks.dump import Dump, compare, read_dump
from xlscore.workbooks.ranking.scope import LEDGER_HEAD, Scope
from xlscore.workspace import Workspace

_KINDS = {Scope.FULL.value: FileKind.WORKBOOK, Scope.PUBLIC.value: FileKind.PUBLIC_WORKBOOK}
_DIGITS = 9
"""Python refuses to read thousands of them."""
_ALIKE = 0.5
_LOOKED_AT = 12
"""So many of the latest workbooks are compared where a file does not say what it is."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a workbook says of itself: 0 or empty where it does not say.

    Attributes:
        edition: by its properties; -1 is a draft. `head` is that of its provenance sheet.
    """

    campaign: str = ""
    edition: int = 0
    kind: FileKind | None = None
    property_head: str = ""
    head: str = ""

    @property
    def is_draft(self) -> bool:
        """Whether the properties say that it is a draft."""
        return self.edition < 0


def claim_of(dump: Dump) -> Claim:
    """Return what a workbook says of itself."""
    told = dump.properties
    number = told.get("xlscore-edition", "")
    known = number.isascii() and number.isdecimal() and len(number) <= _DIGITS
    edition = int(number) if known else 0
    return Claim(
        told.get("xlscore-campaign", ""),
        -1 if number == "0" else edition,
        _KINDS.get(told.get("xlscore-scope", "")),
        told.get("xlscore-head", ""),
        _printed_head(dump),
    )


def _printed_head(dump: Dump) -> str:
    """Return the head of the ledger that stands beside its label, wherever the sheet is."""
    for sheet in reversed(dump.sheets):  # it stands at the end, and the front may quote its label
        for (row, column), cell in sheet.cells.items():
            if cell.value == LEDGER_HEAD:
                beside = sheet.cells.get((row, column + 1))
                return beside.value.strip() if beside else ""
    return ""


def by_head(editions: Sequence[Edition], head: str) -> int:
    """Return the edition that cites this head, or 0."""
    return next((one.number for one in editions if head and one.head == head), 0)


def frozen_workbooks(
    workspace: Workspace, files: Sequence[EditionFile], first: EditionFile | None
) -> Iterator[tuple[EditionFile, Dump]]:
    """Yield the workbooks of editions that the archive still has: `first`, then newest first."""
    books = [f for f in reversed(files) if FileKind(f.kind).is_workbook and f != first]
    for file in [*([first] if first else []), *books[:_LOOKED_AT]]:
        try:
            yield file, read_dump(kept(workspace.archive, file.sha256))
        except (OSError, ContentError):
            continue


def distance(frozen: Dump, found: Dump) -> int:
    """Return how many differences there are."""
    return sum(1 for _ in compare(frozen, found))


def is_alike(frozen: Dump, found: Dump) -> bool:
    """Whether more than half of what a frozen workbook says stands in the same place of another one."""
    theirs = found.by_name
    same = sum(
        place in other.cells and other.cells[place].value == cell.value
        for sheet in frozen.sheets
        if (other := theirs.get(sheet.name)) is not None
        for place, cell in sheet.cells.items()
    )
    return same > _ALIKE * size_of(frozen)


def size_of(dump: Dump) -> int:
    """Return how many cells a workbook has."""
    return sum(len(sheet.cells) for sheet in dump.sheets)
