"""Snapshots that a reader can compare: written anew with `pytest --update-golden`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Golden:
    """The folder of snapshots; `update` writes them instead of comparing."""

    update: bool

    def compare(self, name: str, text: str) -> None:
        """Compare `text` with a snapshot, line by line."""
        path = Path(__file__).parent / name
        if self.update:
            path.write_text(text + "\n", encoding="utf-8", newline="\n")
        assert text.splitlines() == path.read_text(encoding="utf-8").splitlines()
