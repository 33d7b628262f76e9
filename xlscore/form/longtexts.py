"""Printed texts that outgrow the tallest row (409 pt): cut in their cell, whole in the annex sheet."""

from __future__ import annotations

from collections.abc import Iterable

from xlscore.layout import Text

_LONGEST, _MOST_LINES = 900, 20


class LongTexts:
    """Gives texts as they are printed; `annex` holds what was cut."""

    def __init__(self, annex: Iterable[str] = ()) -> None:
        self.annex = list(annex)

    def printed(self, text: str, longest: int = _LONGEST, made: type[Text] = Text) -> Text:
        """Return a printed text; `longest` is how many letters its column surely has room for."""
        start = "\n".join(text.split("\n")[:_MOST_LINES])
        if len(start) > longest:
            start = start[:longest].rsplit(" ", 1)[0]
        if start == text:
            return made(text)
        self.annex.append(text)
        return made(f"{start} … (xem đủ ở Phụ lục, mục {len(self.annex)})")
