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
_FIXED = {"templates": "templates"}
"""Folders of every campaign that no setting moves."""

_OPTIONAL = "status"

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
    """A folder that lies in another, or is the same.

    Attributes:
        field: which setting is to be corrected.
        entered: what it says of the inner folder.
        params: what the finding names: inner and outer folder, and what harm it does.
    """

    field: str
    entered: str
    params: Mapping[str, str]


def overlaps(root: Path, folders: Mapping[str, str]) -> Iterator[Overlap]:
    """Yield every harmful pair; `folders` are the settings of the campaign in `root`, by name."""
    named = {name: text or "." for name, text in folders.items() if text or name != _OPTIONAL}
    named |= _FIXED
    paths = {name: root / Path(text).expanduser() for name, text in named.items()}
    for inner, outer, (what, what_en) in _HARMFUL:
        if inner in named and is_within(paths[inner], paths[outer]):
            params = {"inner": inner, "outer": outer, "path": named[outer]}
            params |= {"what": what, "what_en": what_en}
            yield Overlap(outer if inner in _FIXED else inner, named[inner], params)


def is_within(path: Path, folder: Path) -> bool:
    """Whether `path` is `folder` or lies in it, as they are named.

    By name only: to ask the disk would make every command wait for a share that is away.
    """
    inner, outer = (os.path.normcase(os.path.abspath(one)) for one in (path, folder))  # noqa: PTH100  `absolute` keeps `..`
    return Path(inner).is_relative_to(outer)
