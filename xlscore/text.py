"""Vietnamese text: one normal form, comparison as a reader sees it, names that any disk takes."""

from __future__ import annotations

import re
import unicodedata

EXCEL_TEXT_LIMIT = 32_767
"""So many UTF-16 units an Excel cell takes."""

_CUT_OFF = "… (còn tiếp)"
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\u200b\ufeff]+")
_RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in range(10)
}
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_NEW_LINES = re.compile(r"\r\n?")
_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Control characters, what turns the direction of writing, halves of characters."""

_MARKS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_TOWER = re.compile(rf"({_MARKS}{{4}}){_MARKS}+")
"""More marks on one letter than any language has: they would be painted over other lines."""

_NO_LETTER = "\u25cc"
"""What carries a mark that has no letter: after `>` a normaliser would make another character of it."""


def nfc(text: str) -> str:
    """Return `text` in the composed form (NFC) that is written everywhere."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """Return `text` as a reader sees it: composed, runs of white space as one space, trimmed."""
    return _SPACES.sub(" ", nfc(text)).strip()


def fits_cell(text: str) -> bool:
    """Whether an Excel cell takes the whole text."""
    # No character is longer than two units.
    short = 2 * len(text) <= EXCEL_TEXT_LIMIT
    return short or len(text.encode("utf-16-le", "replace")) <= 2 * EXCEL_TEXT_LIMIT


def cut_to_cell(text: str) -> str:
    """Return `text` as far as an Excel cell takes it; where something is cut off, its end says so."""
    if fits_cell(text):
        return text
    kept = text.encode("utf-16-le", "replace")[: 2 * (EXCEL_TEXT_LIMIT - len(_CUT_OFF))]
    return kept.decode("utf-16-le", "ignore") + _CUT_OFF


def plain_ascii(text: str) -> str:
    """Return `text` without marks (`Đặc khu` → `Dac khu`), for comparing headings and for file names."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def is_safe_name(name: str) -> bool:
    """Whether `name` can be a file name on NTFS, in a mail and in a URL: ASCII, not reserved."""
    return (
        bool(_SAFE_NAME.fullmatch(name))
        and not name.endswith(".")
        and name.split(".", maxsplit=1)[0].lower() not in _RESERVED
    )


def showable(text: str) -> str:
    """Return `text` as a page may show it: composed (NFC); what acts instead of showing is spelt out.

    A file name is a stranger's: a character that reverses the direction of writing would make
    `gnp.xlsx` of `xslx.png`, and half a character (a name in no encoding) could not be written.
    """
    composed = _NEW_LINES.sub("\n", nfc(text))
    safe = _UNSHOWABLE.sub(lambda found: f"‹U+{ord(found[0]):04X}›", composed)
    short = _TOWER.sub(r"\1", safe)
    return _NO_LETTER + short if short and unicodedata.combining(short[0]) else short
