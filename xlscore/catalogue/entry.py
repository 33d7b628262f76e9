"""What one entry of the catalogue is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error refuses the return (or the rubric, or the campaign); a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Words:
    """Message and remedy in one language, as templates."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One code: its name is what the program uses, its code what people quote."""

    code: str
    name: str
    severity: Severity
    vi: Words
    en: Words

    def words(self, language: str) -> Words:
        """Return the templates for `language` (`vi`, anything else is English)."""
        return self.vi if language == "vi" else self.en


def entry(code: str, name: str, severity: str, vi: tuple[str, str], en: tuple[str, str]) -> Entry:
    """Return an entry from (message, remedy) in both languages."""
    return Entry(code, name, Severity(severity), Words(*vi), Words(*en))
