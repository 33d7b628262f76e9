"""Which folders lie in one another: where that does harm, a campaign is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlscore.reasons import Words

_TAKEN_IN: Words = (
    "tệp ghi ở đó sẽ bị thu như phiếu của đơn vị gửi về",
    "what is written there would be taken in as if units had sent it",
)
_EXPOSED: Words = (
    "khóa ký và sổ theo dõi sẽ nằm ở nơi đơn vị đọc được",
    "the signing keys and the ledger would lie where units can read them",
)
_HARMFUL: tuple[tuple[str, str, Words], ...] = (
    ("outbox", "inbox", _TAKEN_IN),
    ("reports", "inbox", _TAKEN_IN),
    ("data", "inbox", _TAKEN_IN),
    ("status", "inbox", _TAKEN_IN),
    ("templates", "inbox", _TAKEN_IN),
    ("data", "outbox", _EXPOSED),
)
"""What must not lie in what; an inbox below the outbox or below `data` takes nothing of ours in."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """A folder that lies in another, or is the same; `words` say what harm that does."""

    inner: str
    outer: str
    words: Words


def overlaps(folders: Mapping[str, Path]) -> Iterator[Overlap]:
    """Yield every harmful pair; `folders` are the campaign's, those that it has, by name."""
    for inner, outer, words in _HARMFUL:
        if inner in folders and outer in folders and is_within(folders[inner], folders[outer]):
            yield Overlap(inner, outer, words)


def is_within(path: Path, folder: Path) -> bool:
    """Whether `path` is `folder` or lies in it, as they are named.

    By name only: to ask the disk would make every command wait for a share that is away.
    """
    inner, outer = (os.path.normcase(os.path.abspath(one)) for one in (path, folder))  # noqa: PTH100  `absolute` keeps `..`
    return Path(inner).is_relative_to(outer)
