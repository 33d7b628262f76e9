"""The story of a score, or of a unit's file (diễn biến), as an inspector reads it on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xlscore.pages.rendering import render
from xlscore.settings import Authority


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One statement: the event of the log that vouches for it, its moment, who did it, what it says.

    Attributes:
        counts: whether it decides the result; such lines stand out.
    """

    event: str
    at: datetime | None
    actor: str
    text: str
    counts: bool = False


@dataclass(frozen=True, slots=True)
class StorySection:
    """The statements of one kind."""

    title: str
    lines: tuple[StoryLine, ...]


@dataclass(frozen=True, slots=True)
class StoryPart:
    """A leaf below a group, its figures spelt out."""

    code: str
    title: str
    maximum: str
    own: str
    appraised: str
    achieved: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """What the page says; all times are in the campaign's zone.

    Attributes:
        title: `DIỄN BIẾN ĐIỂM SỐ` for a row, another for a whole unit, or for the editions.
        unit_code, unit_name: empty where no single unit is meant.
        facts: name and value pairs below the title.
        conclusion: how the score follows, one sentence each; the first is the result itself.
        parts: the leaves of a group with, in `sums`, what they add up to.
        head: hash of the ledger's last event.
    """

    authority: Authority
    campaign: str
    written: datetime
    title: str
    unit_code: str
    unit_name: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[StorySection, ...]
    head: str
    conclusion: tuple[str, ...] = ()
    parts: tuple[StoryPart, ...] = ()
    sums: StoryPart | None = None


def story_html(page: StoryPage) -> str:
    """Return the story as one self-contained page."""
    return render("story.html.j2", page=page)
