"""Cards as the ledger keeps them: text until somebody asks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any


class StoredCard(Mapping[str, Any]):
    """What was read from a form, as JSON.

    A scorecard of 100 rows takes 20 kB as text and 140 kB when it is read, and a ranking has thousands of
    them in memory: only those that were asked for last are held.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __getitem__(self, key: str) -> Any:
        return _read(self._text)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_read(self._text))

    def __len__(self) -> int:
        return len(_read(self._text))

    def __repr__(self) -> str:
        return f"StoredCard({self._text!r})"


@lru_cache(maxsize=4)
def _read(text: str) -> Mapping[str, Any]:
    said: Mapping[str, Any] = json.loads(text)
    return said
