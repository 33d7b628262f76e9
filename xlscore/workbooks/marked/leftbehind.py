"""What a marked copy does not take over from the returned file, said so that nobody looks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from xlscore.findings import Finding
from xlscore.text import folded

_MOST = 50
_QUOTED = 40


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Something that stays in the archived original only.

    Attributes:
        sheet: name of the sheet in the returned file, or empty for the file as a whole.
        place: address or range there, or empty for the sheet as a whole.
        vi, en: what it is, in a few words.
    """

    sheet: str
    place: str
    vi: str
    en: str


def altered_formulas(findings: Iterable[Finding]) -> Iterator[LeftBehind]:
    """Yield the formulas that the reader found altered: telling so takes a comparison of its own."""
    for found in findings:
        if found.name == "altered-locked-cell" and found.entered.startswith("="):
            said = quoted(found.entered)
            vi, en = (
                f"công thức bị khóa đã sửa thành {said}",
                f"a locked formula, altered to {said}",
            )
            yield LeftBehind(found.sheet, found.cell, vi, en)


def bounded(items: Iterable[LeftBehind]) -> tuple[LeftBehind, ...]:
    """Return so many items as a person may read, and how many more there are."""
    every = iter(dict.fromkeys(items))
    kept = tuple(islice(every, _MOST))
    more = sum(1 for _ in every)
    if not more:
        return kept
    return (*kept, LeftBehind("", "", f"và {more} mục khác", f"and {more} more"))


def quoted(text: str) -> str:
    """Return a text as a short quotation."""
    said = folded(text)
    return f"“{said if len(said) <= _QUOTED else said[: _QUOTED - 1] + '…'}”"
