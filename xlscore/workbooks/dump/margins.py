"""What is printed around a sheet's cells, or said to whoever types there; the book's names and settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlscore.workbooks.dump.formulas import plain_reference
from xlscore.workbooks.package.book import Book
from xlscore.workbooks.package.extras import Extras
from xlscore.workbooks.package.text import clean

TITLES = "print titles: "
_TITLES = "_xlnm.Print_Titles"
_BUILT_IN = re.compile(r"_xlnm\..*|Print_Titles|_FilterDatabase", re.IGNORECASE)
"""Names that programs write for themselves; Gnumeric leaves the prefix off."""
_FONT = re.compile(r'(?:&")?(?:-|Times New Roman),(?:Regular|Bold|Italic|Bold Italic)"|&"[^"]*"')
_LOOK = re.compile(r"&(?:[0-9]{1,3} ?|K[0-9A-Fa-f]{6}|[BIUSEXY])")
_SECTION = re.compile(r"&([LCR])")
_LINES = re.compile(r"!([A-Z]{1,3}:[A-Z]{1,3}|[0-9]+:[0-9]+)(?![0-9A-Z])")


def margins_of(extras: Extras, titles: str) -> Iterator[str]:
    """Yield one line per header, footer, prompt; what repeats on every page; whether formulas are shown.

    Args:
        titles: what the sheet repeats on every page (see `print_titles`).
    """
    for name, text in extras.margins.items():
        if told := _printed(text):
            yield f"{'header' if name.endswith('Header') else 'footer'}: {told}"
    for cells, said in extras.prompts:
        yield f"prompt: {cells} {clean(said)}"
    if titles:
        yield TITLES + titles
    if extras.hides_by_default:
        yield "hides by default"
    if extras.shows_formulas:
        yield "shows formulas"


def print_titles(book: Book) -> dict[str, str]:
    """Return the rows and columns that repeat on every page, by the names of the sheets that they are of."""
    told = (plain_reference(text) for _, name, text in book.sheet_names if name == _TITLES)
    return {text[1:].partition("'!")[0]: ", ".join(sorted(_LINES.findall(text))) for text in told}


def _printed(text: str) -> str:
    """Return the text of a header, by its sections, without fonts, sizes and colours."""
    bare = _LOOK.sub("", _FONT.sub("", clean(text).replace("&&", "\0")))
    first, *rest = _SECTION.split(bare)
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    sections["C"] = f"{first} {sections.get('C', '')}"
    told = [
        f"{name} “{said}”" for name in "LCR" if (said := " ".join(sections.get(name, "").split()))
    ]
    return " ".join(told).replace("\0", "&")


def settings_of(book: Book) -> dict[str, str]:
    """Return what holds for the whole workbook: what dates count from, how is calculated, every name."""
    told = {f"name {name}": plain_reference(text) for name, text in book.defined_names.items()}
    for at, name, text in book.sheet_names:
        if not _BUILT_IN.fullmatch(name):
            told[f"name {name} ({at})"] = plain_reference(text)
    if book.date_1904:
        told["dates"] = "1904"
    if book.shown_precision:
        told["precision"] = "as shown"
    return {name: text for name, text in told.items() if not _BUILT_IN.fullmatch(name[5:])}
