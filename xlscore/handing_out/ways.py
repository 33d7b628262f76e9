"""How to hand out, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from xlscore.drafts import Problem
from xlscore.identity import SCORECARD
from xlscore.reasons import SaidError


class Channel(StrEnum):
    """How forms reach those who fill them: `folders` of a share, or drafts of letters (`mail`)."""

    FOLDERS = "folders"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Way:
    """What to hand out, and how.

    Attributes:
        kind, round: which forms (see `identity`).
        target: the folder that holds a folder for each, or `_thu/`; the outbox by default.
        again: also what went out before; a file that somebody may be filling stays.
    """

    channel: Channel
    target: Path | None = None
    again: bool = False
    kind: str = SCORECARD
    round: int = 1


class TargetError(SaidError):
    """A target where nothing may be handed out; `words` say why in Vietnamese and in English."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Forms that one unit or agency was given.

    Attributes:
        unit: its code.
        path: the file in its folder, or the draft.
        target: its folder, or its addresses: together with the serial what the ledger keeps.
        found: whether the form was there already, perhaps being filled, and was left as it is.
        kept: name of another file that stands where the form would have gone, or empty.
    """

    unit: str
    serials: tuple[int, ...]
    path: Path
    target: str
    found: bool = False
    kept: str = ""


@dataclass
class Released:
    """What one run handed out; `left` are (code, serial) of what had gone out before."""

    handed: list[Handed] = field(default_factory=list)
    left: list[tuple[str, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
