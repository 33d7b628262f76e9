"""Letters on record and in plan, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlscore.cli.common import print_table, say, warn
from xlscore.i18n import _, language, shown
from xlscore.numbers import quantise

if TYPE_CHECKING:
    from decimal import Decimal

    from xlscore.ledger import LetterRow
    from xlscore.sending import Passed, Plan, Problem

_MB = 1 << 20


def mb(size: int) -> str:
    """Spell a size in megabytes."""
    from fractions import Fraction

    whole: Decimal = quantise(Fraction(size, _MB), 1)
    return shown(whole, 1)


def print_letters(rows: Sequence[LetterRow], *, empty: bool = True) -> None:
    """Print letters with state and why."""
    if not rows:
        if empty:
            say(_("No letter has been queued."))
        return
    print_table(
        [_("No."), _("To"), _("Recipient"), _("State"), _("Tries"), _("MB"), _("Why")],
        [
            [
                str(row.id),
                _which(row),
                row.letter.recipient,
                state_words(row),
                str(row.attempts),
                mb(row.letter.size),
                row.error or row.path,
            ]
            for row in rows
        ],
        right=(0, 4, 5),
    )


def _which(row: LetterRow) -> str:
    letter = row.letter
    return f"{letter.audience} ({letter.edition})" if letter.edition else letter.audience


def state_words(row: LetterRow) -> str:
    """Say where a letter stands."""
    return {
        "waiting": _("waiting"),
        "sending": _("sending"),
        "sent": _("sent"),
        "drafted": _("draft written"),
        "failed": _("failed"),
        "uncertain": _("uncertain"),
        "dropped": _("replaced"),
    }[row.state.value]


def letters_json(rows: Iterable[LetterRow]) -> list[dict[str, Any]]:
    """Return letters on record as JSON."""
    return [
        {
            "number": row.id,
            "kind": row.letter.kind,
            "edition": row.letter.edition,
            "audience": row.letter.audience,
            "recipient": row.letter.recipient,
            "subject": row.letter.subject,
            "message_id": row.letter.message_id,
            "sha256": row.letter.sha256,
            "size": row.letter.size,
            "state": row.state.value,
            "attempts": row.attempts,
            "next_at": _utc(row.next_at),
            "why": row.error,
            "carrier": row.carrier,
            "path": row.path,
            "queued_at": _utc(row.created_at),
            "done_at": _utc(row.done_at),
        }
        for row in rows
    ]


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def print_plan(made: Plan) -> None:
    """Print who would get what."""
    if made.letters:
        print_table(
            [_("To"), _("Recipient"), _("MB"), _("Subject")],
            [[one.audience, one.recipient, mb(one.size), one.subject] for one in made.letters],
            right=(2,),
        )


def problems_words(problems: Iterable[Problem]) -> None:
    """Say what cannot be sent, one line for each."""
    for problem in problems:
        audience, _slash, code = problem.audience.partition("/")
        who = audience if problem.recipient == code else problem.audience
        who = f"{who} {problem.recipient}".strip()
        warn(f"{who}: {problem.words[0 if language() == 'vi' else 1]}")


def print_passed(passed: Passed, before: int, stuck: Sequence[LetterRow]) -> None:
    """Say what a pass did; `stuck`: letters of the choice that went wrong before."""
    states = [row.state.value for row in passed.done]
    gone_wrong = [row for row in passed.done if row.state in {"failed", "uncertain"}]
    print_letters([*stuck, *gone_wrong], empty=False)
    if drafted := [row for row in passed.done if row.state == "drafted"]:
        place = Path(drafted[0].path).parent.as_posix()
        say(_("{count} drafts written to {place} of the outbox: open them, look them through and send"
              " them; nothing has been sent.", count=len(drafted), place=place))  # fmt: skip
    if "sent" in states:
        say(_("{count} letters sent.", count=states.count("sent")))
    if before:
        say(_("{count} left: queued before (see --list).", count=before))
    if wrong := len(stuck) + len(gone_wrong):
        warn(_("{count} letters failed or are uncertain and are not tried again by themselves. A wrong"
               " address: correct it and send. Else “xlscore send --settle NUMBER again” sends one once"
               " more, “… sent” notes that an uncertain one arrived.", count=wrong))  # fmt: skip
    if passed.busy:
        warn(_("Another process is sending just now; it takes these letters along."))
    if passed.trouble:
        warn(_("Waiting: {why}. They are tried again by “watch” and by the next “send”.",
               why=passed.trouble))  # fmt: skip


def print_waiting(passed: Passed, waiting: Sequence[LetterRow], *, nothing: bool) -> None:
    """Print the letters that wait; `nothing`: nothing else was said."""
    print_letters(waiting, empty=False)
    if waiting and not passed.trouble and not passed.busy:
        warn(_("{count} letters wait (see why above). They are tried again by “watch” and by the next"
               " “send”.", count=len(waiting)))  # fmt: skip
    if nothing and not (waiting or passed.busy or passed.trouble):
        say(_("There is nothing to send."))
