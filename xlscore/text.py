"""Vietnamese text: one normal form, comparison as a reader sees it, names that any disk takes."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\u200b\ufeff]+")
_RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in range(10)
}
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


def nfc(text: str) -> str:
    """Return `text` in the composed form (NFC) that is written everywhere."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """Return `text` as a reader sees it: composed, runs of white space as one space, trimmed."""
    return _SPACES.sub(" ", nfc(text)).strip()


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
