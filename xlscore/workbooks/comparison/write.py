"""A comparison in, its workbook out: which sheets there are, and in which order."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from xlscore.supposing import Comparison
from xlscore.workbooks.comparison.front import NAME, write_front
from xlscore.workbooks.comparison.groups import GroupSheet, write_group
from xlscore.workbooks.comparison.lists import (
    changes_maxima,
    write_maxima,
    write_scores,
    write_side_by_side,
)
from xlscore.workbooks.comparison.said import BANNER
from xlscore.workbooks.ranking.book import Book, replacing

_SIDE_BY_SIDE, _MAXIMA, _SCORES = "Các kịch bản", "Điểm tối đa", "Điểm thay đổi"


def write_comparison(
    comparison: Comparison, path: Path, *, generated: datetime | None = None
) -> None:
    """Write the workbook of a comparison; an older one of that name is replaced in one step.

    Raises:
        TargetInUseError: `path` is open in Excel.
        OSError: the folder cannot be written to.
    """
    settings = comparison.base.campaign.settings
    footer = f"{BANNER} – {settings.title}"
    decimals = settings.policies.display_decimals
    try:
        with replacing(path) as temporary, Book(temporary, decimals, footer, generated) as book:
            for fixed in (NAME, _SIDE_BY_SIDE, _MAXIMA, _SCORES):
                book.name(fixed)
            sheets = _plan(book, comparison)
            write_front(book, comparison, sheets, generated)
            if len(comparison.scenarios) > 1:
                write_side_by_side(book, comparison, _SIDE_BY_SIDE)
            for own in sheets:
                for one in own:
                    write_group(book, one)
            if changes_maxima(comparison):
                write_maxima(book, comparison, _MAXIMA)
            if any(scenario.rows for scenario in comparison.scenarios):
                write_scores(book, comparison, _SCORES)
    except FileCreateError as error:  # XlsxWriter's own word for any OSError
        cause = error.args[0]
        cause.filename = str(path)  # nobody knows the temporary's name
        raise cause from error


def _plan(book: Book, comparison: Comparison) -> list[list[GroupSheet]]:
    several = len(comparison.scenarios) > 1
    return [
        [
            GroupSheet(
                book.name(f"{f'KB{number}' if several else 'GĐ'} {group.title}"),
                scenario.supposition.title,
                group,
            )
            for group in scenario.groups
            if group.changes
        ]
        for number, scenario in enumerate(comparison.scenarios, 1)
    ]
