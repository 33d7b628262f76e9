"""Letters on record and in plan, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from xlscore.cli.common import print_table, say, warn
from xlscore.i18n import _, language, shown
from xlscore.numbers import quantise

if TYPE_CHECKING:
    from decimal import Decimal

    from xlscore.ledger import LetterRow
    from xlscore.sending import Plan, Problem

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
        who = f"{problem.audience} {problem.recipient}".strip()
        warn(f"{who}: {problem.words[0 if language() == 'vi' else 1]}")
