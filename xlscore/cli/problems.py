"""What keeps forms and letters from going out, in words: shared by `release` and `remind`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xlscore.cli.common import USAGE, fail, warn
from xlscore.i18n import _, language
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_SHEET, SCORECARD, SURVEY

if TYPE_CHECKING:
    from xlscore.drafts import Problem


@contextmanager
def usable() -> Iterator[None]:
    """Leave where the office's own text, or the folder it named, cannot be used."""
    from xlscore.handing_out import TargetError
    from xlscore.letter_texts import LetterTextError

    try:
        yield
    except (TargetError, LetterTextError) as error:
        fail(_said(error.words), USAGE)


def _said(words: tuple[str, str]) -> str:
    return words[0 if language() == "vi" else 1]


def warn_of(problems: Iterable[Problem]) -> None:
    """Say what could not be done, one line for each."""
    for problem in problems:
        warn(f"{problem.unit}: {_problem(problem)}")


def problems_json(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return what could not be done as JSON."""
    return [
        {"unit": p.unit, "reason": p.reason.value, "file": p.file, "message": _problem(p)}
        for p in problems
    ]


def _problem(problem: Problem) -> str:
    """Say what could not be done for a unit, and what to do."""
    templates = {
        "not-issued": _("no scorecard has been issued: run “{command}”.")
        if problem.kind == SCORECARD
        else _("no such form has been issued: run “{command}”."),
        "old-rubric": _("the rubric has changed since the form was issued, which would be refused:"
                        " run “{command}”."),
        "no-file": _("“{file}” is not there or cannot be read: run “{command}”."),
        "another-form": _("“{file}” is not the form in force: run “{command}”."),
        "changed": _("“{file}” was changed, or the campaign's texts were since it was written:"
                     " “{command} --force” writes it anew and keeps aside what is there."),
        "no-address": _("has no mail address: put it into the column “email” of the table of units"
                        " (several with “;” between them), or use “xlscore release --folders”."),
        "bad-letter": _("no letter can be made: {why}."),
        "not-written": _("“{file}” cannot be written: {why}."),
    }  # fmt: skip
    command = issuing_command(problem.kind, problem.round, problem.unit, by_role=problem.by_role)
    why = _said(problem.words)
    return templates[problem.reason].format(file=problem.file, why=why, command=command)


def issuing_command(kind: str, round_: int, code: str = "", *, by_role: bool = False) -> str:
    """Return the command that issues forms of a kind."""
    if kind == SCORECARD:
        # Without --by-role a whole card would be issued, and the role cards revoked.
        return f"xlscore generate --unit {code}{' --by-role' if by_role else ''}"
    return {
        APPRAISAL: f"xlscore appraise export --round {round_}",
        COUNCIL: "xlscore appraise export --council",
        REPLY: f"xlscore reply export --round {round_}",
        SURVEY: "xlscore survey export",
        RESULT_SHEET: "xlscore result export",
    }[kind]
