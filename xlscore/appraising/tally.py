"""How far the procedure after self-assessment is, as values; all times are in the campaign's zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RowState(StrEnum):
    """What a round has made of a row; `open`: nobody has said anything on it yet."""

    DECIDED = "decided"
    QUERIED = "queried"
    CONFLICT = "conflict"
    REOPENED = "reopened"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class AgencyProgress:
    """One agency in one round.

    Attributes:
        rows: that it appraises; states: how many of them are in each.
        books: how many arrived that count; received: when the last one did.
    """

    agency: str
    title: str
    rows: int
    states: Mapping[RowState, int]
    books: int = 0
    received: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class ReplyProgress:
    """One unit that is to reply; `rows` are contested, `replied` of them have a reply."""

    unit: str
    name: str
    rows: int
    replied: int
    received: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """One round; deadlines are None where no day is set."""

    number: int
    title: str
    deadline: datetime | None
    replies_deadline: datetime | None
    agencies: tuple[AgencyProgress, ...]
    replies: tuple[ReplyProgress, ...]


@dataclass(frozen=True, slots=True)
class SurveyProgress:
    """The figures of one tier's surveys and indices: how many are there, of how many."""

    tier: str
    title: str
    figures: int
    expected: int


@dataclass(frozen=True, slots=True)
class Progress:
    """All of it; `council`: rows on which the council has spoken."""

    rounds: tuple[RoundProgress, ...]
    surveys: tuple[SurveyProgress, ...]
    council: int
