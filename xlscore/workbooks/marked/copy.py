"""Make the marked copy: a fresh scorecard with what the unit typed, and every finding at its cell.

Nothing of the returned package goes into it but the values of input cells that the reader found. The
copy is a scorecard like any other: the unit mends it and sends it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xlscore.findings import Finding
from xlscore.layout import Layout
from xlscore.workbooks.formsheet import find_form
from xlscore.workbooks.marked.attachments import attachments
from xlscore.workbooks.marked.carried import carry
from xlscore.workbooks.marked.leftbehind import LeftBehind, altered_formulas, bounded
from xlscore.workbooks.marked.listsheet import FindingsList
from xlscore.workbooks.marked.marking import marks, remarks
from xlscore.workbooks.marked.places import Places
from xlscore.workbooks.marked.strays import strays
from xlscore.workbooks.package import PackageError, read_package
from xlscore.workbooks.scorecard.filling import Filling
from xlscore.workbooks.scorecard.head import Head, unit_texts
from xlscore.workbooks.scorecard.render import render_scorecard
from xlscore.workbooks.scorecard.surroundings import surroundings


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked copy.

    Attributes:
        data: the workbook.
        left_behind: what the returned file held besides the form's input cells, and the copy does
            not; at most some fifty items, the last of which then says how many more there are.
    """

    data: bytes
    left_behind: tuple[LeftBehind, ...]


def marked_copy(
    path: Path,
    layout: Layout,
    head: Head,
    password: str,
    findings: Sequence[Finding],
    *,
    decimals: int = 12,
    answers: str = "",
) -> Marked | None:
    """Return the marked copy of a returned file, or None where no form can be found in it.

    Args:
        path: the returned file as archived.
        layout: the form that was returned.
        head: of the new scorecard, with its own serial and token.
        password: of the sheet protection.
        findings: what was found, with the addresses of the returned file.
        decimals: the campaign's `leaf_decimals`.
        answers: which version the copy answers, as a phrase to print (`STP.xlsx, bản thứ 2`).
    """
    try:
        package = read_package(path)
    except PackageError:
        return None
    form = find_form(package, layout)
    if isinstance(form, Finding):
        return None
    carried = carry(form, layout)
    around = surroundings(head, unit_texts(head))
    left = [*attachments(path), *strays(package, form, layout, around)]
    left += [*altered_formulas(findings), *carried.left]
    named = bounded(left)
    items = Places(form, layout).placed(findings)
    filling = Filling(carried.typed, marks(items), remarks(items), decimals)
    listed = FindingsList(layout, head, items, named, answers)
    return Marked(render_scorecard(layout, head, password, filling, listed.write), named)
