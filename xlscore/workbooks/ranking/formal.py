"""The form of an administrative document: who issues it, Quốc hiệu and Tiêu ngữ, who signs it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from xlscore.settings import Settings
from xlscore.workbooks.ranking.book import Sheet
from xlscore.workbooks.ranking.pagegrid import PageGrid, Span

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_CLERK, _BY_HAND, _STAMPED = "NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)", "(Ký tên, đóng dấu)"
_SIGNING_ROWS = 4
_LINE = 17.0
Look = dict[str, Any]


def day(generated: datetime | None) -> str:
    """Return the date as documents bear it; dots to fill in where there is none yet."""
    if generated is None:
        return "ngày …… tháng …… năm ………"
    return f"ngày {generated:%d} tháng {generated:%m} năm {generated.year}"


def letterhead(sheet: Sheet, settings: Settings, generated: datetime | None, last: int) -> int:
    """Write the head over the columns up to `last`; return the row behind it."""
    authority, half = settings.authority, last * 2 // 5
    rows: tuple[tuple[str, Look, str, Look], ...] = (
        (authority.name.upper(), {"font_size": 12}, NATION, {"font_size": 12, "bold": True}),
        (authority.office.upper(), {"font_size": 12, "bold": True, "underline": 1},
         MOTTO, {"font_size": 13, "bold": True, "underline": 1}),
        ("", {}, f"{authority.place}, {day(generated)}", {"font_size": 12, "italic": True}),
    )  # fmt: skip
    for row, (left, left_look, right, right_look) in enumerate(rows):
        sheet.height(row, 18)
        sheet.span(row, 0, half, left, sheet.book.format(align="center", **left_look))
        sheet.span(row, half + 1, last, right, sheet.book.format(align="center", **right_look))
    return len(rows)


def signatures(
    sheet: Sheet, settings: Settings, generated: datetime | None, row: int, last: int
) -> int:
    """Write who signs, over the columns up to `last`, from `row` on; return the row behind."""
    council = settings.appraisal.council.signatory if settings.appraisal.agencies else ""
    titles = (_CLERK, *([council] if council else []), settings.authority.signs)
    hints = (_BY_HAND, *([_BY_HAND] if council else []), _STAMPED)
    dated = f"{settings.authority.place}, {day(generated)}"
    lines = (
        (*[""] * (len(titles) - 1), dated),
        tuple(title.upper() for title in titles),
        hints,
    )
    looks: tuple[Look, ...] = ({"italic": True}, {"bold": True}, {"italic": True})
    for line, look in zip(lines, looks, strict=True):
        sheet.height(row, _high(*line))
        for place, text in enumerate(line):
            first, end = _part(place, len(line), last + 1)
            made = sheet.book.format(align="center", font_size=12, **_wrapped(text), **look)
            sheet.span(row, first, end, text, made)
        row += 1
    for blank in range(row, row + _SIGNING_ROWS):
        sheet.height(blank, 15)
    return row + _SIGNING_ROWS


def sign_off(grid: PageGrid, settings: Settings, start: int) -> list[list[Span]]:
    """Return the rows in which who made the ranking and who answers for it sign, from a column on.

    The date stands in the letterhead of the same page.
    """
    middle = (start + grid.last) // 2
    centred: Look = {"align": "center", "font_size": 11}

    def pair(left: str, right: str, **look: Any) -> list[Span]:
        made = {**centred, **look}
        second = {**made, **_wrapped(right)}
        return [
            Span(start, middle, left, made),
            Span(middle + 1, grid.last, right, second, high=True),
        ]

    return [
        pair(_CLERK, settings.authority.signs.upper(), bold=True),
        pair(_BY_HAND, _STAMPED, italic=True),
        *[[] for _ in range(_SIGNING_ROWS)],
    ]


def _wrapped(text: str) -> Look:
    """Return what a text of several lines needs beside its look."""
    return {"text_wrap": True, "valign": "top"} if "\n" in text else {}


def _high(*texts: str) -> float:
    return _LINE * (1 + max(text.count("\n") for text in texts))


def _part(place: int, parts: int, columns: int) -> tuple[int, int]:
    """Return the first and the last column of one of several equal parts."""
    return columns * place // parts, max(
        columns * (place + 1) // parts - 1, columns * place // parts
    )
