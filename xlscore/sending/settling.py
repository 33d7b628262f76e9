"""What a person decides about a letter: it did arrive, or it shall go out once more, marked as such."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from xlscore.archive import ContentError, keep, kept
from xlscore.ledger import Ledger, LetterRow, LetterState, letter_key
from xlscore.mail import MailError, read_letter
from xlscore.reasons import SaidError
from xlscore.sending.passing import find_cut_short
from xlscore.sending.planning import freeze
from xlscore.workspace import Workspace

_AGAIN = " (gửi lại)"
_OPEN = {LetterState.WAITING, LetterState.SENDING}


class Outcome(StrEnum):
    """What is decided about a letter."""

    SENT = "sent"
    AGAIN = "again"


def unsettled(workspace: Workspace, ledger: Ledger, keys: Iterable[str]) -> list[LetterRow]:
    """Return those of these letters that failed or are uncertain, or the ones that went in their place."""
    rows = {row.letter.key: row for row in ledger.letters()}
    found = []
    for key in keys:
        row = rows.get(key)
        while row is not None and row.state is LetterState.DROPPED:
            row = rows.get(_key_again(workspace, row))
        if row is not None and row.state in {LetterState.FAILED, LetterState.UNCERTAIN}:
            found.append(row)
    return list(dict.fromkeys(found))


def _key_again(workspace: Workspace, row: LetterRow) -> str:
    return letter_key(workspace.campaign.settings.id, "again", row.letter.edition, str(row.id))


class SettleError(SaidError):
    """A letter about which that cannot be decided; `words` say why."""


def settle(
    workspace: Workspace, ledger: Ledger, number: int, outcome: Outcome, now: datetime
) -> LetterRow:
    """Settle a letter; return it, or the one that is queued in its place.

    Raises:
        SettleError: there is no such letter, it is still on its way, or was sent long since.
        OSError: the archive cannot be read or written.
    """
    find_cut_short(workspace, ledger, now)
    row = ledger.letter(number)
    if row is None:
        raise SettleError((f"không có thư số {number}", f"there is no letter {number}"))
    if outcome is Outcome.AGAIN:
        return _again(workspace, ledger, row, now)
    with ledger.transaction():  # another process may just be handing it over: that decides
        on_its_way = (ledger.letter(number) or row).state in _OPEN
        changed = not on_its_way and ledger.letter_becomes(
            number, LetterState.SENT, now, more={"settled": outcome}
        )
    fresh = ledger.letter(number)
    if not changed or fresh is None:
        raise SettleError((
            f"thư số {number} không chờ kết luận ({row.state})",
            f"letter {number} does not wait for a decision ({row.state})",
        ))  # fmt: skip
    return fresh


def _again(workspace: Workspace, ledger: Ledger, row: LetterRow, now: datetime) -> LetterRow:
    if row.state in {*_OPEN, LetterState.DROPPED}:
        raise SettleError((
            f"thư số {row.id} còn đang chờ gửi hoặc đã có thư khác thay ({row.state})",
            f"letter {row.id} is on its way, or another went in its place ({row.state})",
        ))  # fmt: skip
    try:
        letter = read_letter(kept(workspace.archive, row.letter.sha256))
        letter = replace(
            letter,
            subject=letter.subject.removesuffix(_AGAIN) + _AGAIN,
            date=now.astimezone(workspace.campaign.zone),
        )
        done = freeze(workspace, letter, replace(row.letter, key=_key_again(workspace, row)))
    except (ContentError, FileNotFoundError) as error:
        raise SettleError((
            "nội dung thư trong kho lưu bị mất hoặc bị sửa", "its bytes are gone or altered",
        )) from error  # fmt: skip
    except MailError as error:
        raise SettleError(error.words) from error
    keep(workspace.archive, done.data)
    with ledger.transaction():
        number = ledger.queue_letter(done.new, now)
        if number:
            ledger.letter_becomes(row.id, LetterState.DROPPED, now, more={"again": number})
    fresh = ledger.letter(number) if number else None
    if fresh is None:
        raise SettleError((
            f"thư số {row.id} đã được gửi lại bằng thư khác",
            f"letter {row.id} was sent again by another letter before",
        ))  # fmt: skip
    return fresh
