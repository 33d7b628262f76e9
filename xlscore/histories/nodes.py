"""Which row of a rubric a person means: its id, or its printed number (STT) where that is unique."""

from __future__ import annotations

import difflib

from xlscore.rubric import Node, Rubric
from xlscore.text import folded

_NEAR = 5


class NoSuchRowError(LookupError):
    """No row is called so, or several are.

    Attributes:
        several: ids of the rows that share this printed number; empty where there is none.
        near: names of rows that look alike, never chosen by themselves.
    """

    def __init__(self, several: tuple[str, ...] = (), near: tuple[str, ...] = ()) -> None:
        super().__init__(several, near)
        self.several, self.near = several, near


def find_node(rubric: Rubric, named: str) -> Node:
    """Return the row with this id or printed number.

    Raises:
        NoSuchRowError: see there.
    """
    wanted = folded(named)
    if wanted in rubric.by_id:
        return rubric.by_id[wanted]
    alike = [node for node in rubric.walk() if folded(node.code) == wanted]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise NoSuchRowError(several=tuple(node.id for node in alike))
    raise NoSuchRowError(near=_near(rubric, wanted))


def _near(rubric: Rubric, wanted: str) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for node in rubric.walk():
        for name in (node.id, folded(node.code), folded(node.title)):
            names.setdefault(name.casefold(), node.id if name == node.id else f"{node.code}")
    found = difflib.get_close_matches(wanted.casefold(), names, n=_NEAR, cutoff=0.5)
    return tuple(dict.fromkeys(names[name] for name in found))
