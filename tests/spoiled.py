"""One return spoiled in one way, and exactly what must be found in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from tests.campaigns import Campaign, Key
from xlscore.findings import Status
from xlscore.workbooks.returns import Return
from xlscore.workbooks.scorecard.fill import Typed

Place = tuple[str, str, str]
"""Name, cell and row of a finding."""

Builder = Callable[[Campaign], Return]


@dataclass(frozen=True)
class Case:
    """One spoiled return.

    Attributes:
        expected: every finding in order, but for `return-refused`, which is implied by the status.
    """

    id: str
    build: Builder
    expected: tuple[Place, ...]
    status: Status


def typed(
    case: str,
    changes: Mapping[Key, Typed | None],
    *expected: Place,
    status: Status = Status.INVALID,
) -> Case:
    """Return a case of what is typed into input cells."""
    return Case(case, lambda c: c.read(c.filled(changes)), expected, status)


def spoiled(
    case: str,
    spoil: Callable[[bytes, Campaign], bytes],
    *expected: Place,
    status: Status = Status.REJECTED,
    name: str = "STP.xlsx",
    **how: Any,
) -> Case:
    """Return a case of a faultless return that is spoiled afterwards."""
    return Case(case, lambda c: c.read(spoil(c.filled(), c), name, **how), expected, status)


VALID = Status.VALID


def error(name: str, cell: str = "F9", row: str = "1.1") -> Place:
    """Return where a finding stands, by default at the points of criterion 1.1."""
    return (name, cell, row)


def whole(case: str, build: Builder, name: str) -> Case:
    """Return a case that is refused as a whole."""
    return Case(case, build, ((name, "", ""),), Status.REJECTED)


def with_members(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """Return the archive with members replaced, added, or (None) left out."""
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kept = {
        name: content for name, content in (parts | dict(changes)).items() if content is not None
    }
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in kept.items():
            archive.writestr(name, content)
    return target.getvalue()


def found(back: Return) -> list[Place]:
    """Return name, cell and row of every finding."""
    return [(f.name, f.cell, f.row) for f in back.findings]
