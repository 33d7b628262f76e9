"""Names in a what-if file: tiers, policies, units, rows; unknown ones are told with the nearest known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from xlscore.findings import Finding, finding
from xlscore.located import Located, Path_
from xlscore.rubric import Node, Rubric
from xlscore.validation import field_name

_SHOWN = 12


def nearest(entered: str, known: Iterable[str]) -> str:
    """Return the known names that are most like what was entered."""
    choices = list(dict.fromkeys(known))
    near = difflib.get_close_matches(entered, choices, n=5, cutoff=0.5)
    return ", ".join(near or choices[:_SHOWN]) or "…"


@dataclass(frozen=True)
class Names:
    """Looks names up; what is not there is added to `findings`."""

    located: Located
    findings: list[Finding]

    def add(self, name: str, where: Path_, entered: str, **params: str) -> None:
        """Report something on the line of `where`."""
        place = self.located.place(where)
        self.findings.append(finding(name, file=place, entered=entered, params=params))

    def known(self, where: Path_, entered: str, known: Iterable[str]) -> bool:
        """Return whether a name is there; report it if not."""
        choices = list(known)
        if entered in choices:
            return True
        self.add("what-if-unknown", where, entered, field=field_name(where),
                 choices=nearest(entered, choices))  # fmt: skip
        return False

    def row(self, where: Path_, entered: str, rubric: Rubric) -> Node | None:
        """Return the node of this id, or of this printed number where only one has it."""
        if entered in rubric.by_id:
            return rubric.by_id[entered]
        named = [node for node in rubric.walk() if node.code == entered]
        if len(named) == 1:
            return named[0]
        if named:
            self.add("what-if-ambiguous", where, entered, field=field_name(where),
                     choices=", ".join(node.id for node in named))  # fmt: skip
        else:
            # Ids are what is to be named; but whoever errs in a number is shown numbers.
            numeric = entered[:1].isdigit()
            known = (node.code if numeric else node.id for node in rubric.walk())
            self.add("what-if-unknown", where, entered, field=field_name(where),
                     choices=nearest(entered, known))  # fmt: skip
        return None
