"""Hand the inbox to this host (chuyển máy thu): what its mark says now, and taking it over.

Whoever takes over must have brought `data/` along: without its keys no form can be recognised, and a
ledger that does not know what was taken in before takes it in once more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from xlscore.intake.door import INBOX, mark_of, remember_mark
from xlscore.ledger import Ledger
from xlscore.reasons import Words, of_system
from xlscore.sentinel import (
    NAME,
    Holder,
    Sentinel,
    SentinelDamagedError,
    SentinelError,
    State,
    create_sentinel,
    hand_over,
    read_sentinel,
    this_host,
    this_user,
)
from xlscore.workspace import KeysError, Workspace


class Stand(StrEnum):
    """How the inbox stands to this ledger on this host.

    `unused`: nobody collects yet, the first `collect` marks it; `older`: the mark comes from an older
    copy; `missing`, `damaged`: the mark of the inbox that this ledger opened; `other-inbox`: another
    inbox of this campaign; `other-campaign`, `unreachable`: nothing can be taken over.
    """

    OURS = "ours"
    UNUSED = "unused"
    OTHERS = "others"
    OLDER = "older"
    MISSING = "missing"
    DAMAGED = "damaged"
    OTHER_INBOX = "other-inbox"
    OTHER_CAMPAIGN = "other-campaign"
    UNREACHABLE = "unreachable"


NEEDS_NEW = frozenset({Stand.MISSING, Stand.DAMAGED, Stand.OTHER_INBOX})
"""Where a person has to say that the ledger may follow to an inbox with another mark."""

_REFUSED = frozenset({Stand.UNUSED, Stand.OTHER_CAMPAIGN, Stand.UNREACHABLE})

_STANDS = {
    State.AVAILABLE: Stand.OURS,
    State.FIRST_USE: Stand.UNUSED,
    State.OTHER_HOST: Stand.OTHERS,
    State.OTHER_CAMPAIGN: Stand.OTHER_CAMPAIGN,
}

_UNUSED: Words = (
    "chưa máy nào thu hộp nhận này: chạy “xlscore collect” là được",
    "nobody collects from this inbox yet: just run “xlscore collect”",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What was found in the inbox; `words` say what stands in the way, in Vietnamese and English."""

    stand: Stand
    sentinel: Sentinel | None = None
    words: Words = ("", "")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a takeover brought.

    Attributes:
        former: who had the inbox before, if the mark said so.
        set_aside: where a damaged mark is kept now.
        changed: False where this host had the inbox already.
    """

    sentinel: Sentinel
    former: Holder | None = None
    set_aside: Path | None = None
    changed: bool = True


class TakeoverError(Exception):
    """The inbox cannot be taken over, or only as a new inbox; `mark` says why."""

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark)
        self.mark = mark

    def __str__(self) -> str:
        return self.mark.words[1]


def look(workspace: Workspace, ledger: Ledger) -> Mark:
    """Return how the inbox stands to this ledger on this host; nothing is changed."""
    inbox = workspace.inbox
    if not inbox.is_dir():
        gone = (f"không thấy hộp nhận {inbox}", f"the inbox {inbox} is not there")
        return Mark(Stand.UNREACHABLE, words=gone)
    try:
        found, verdict = mark_of(workspace, ledger)
    except SentinelDamagedError as error:
        return Mark(Stand.DAMAGED, words=error.words)
    except SentinelError as error:
        return Mark(Stand.UNREACHABLE, words=error.words)
    stand = _STANDS.get(verdict.state)
    if stand is None:
        same = found is not None and found.inbox == ledger.fact(INBOX)
        stand = Stand.MISSING if found is None else Stand.OLDER if same else Stand.OTHER_INBOX
    words = _UNUSED if stand is Stand.UNUSED else verdict.words
    return Mark(stand, found, words)


def take_over(
    workspace: Workspace,
    ledger: Ledger,
    now: datetime,
    new_inbox: bool = False,  # noqa: FBT001, FBT002  says the same as the command's option
    seen: Mark | None = None,
) -> Taken:
    """Let this ledger on this host run intake from now on, with an event that tells from whom.

    The ledger of the former host tells its side when it next looks into the inbox.

    Args:
        new_inbox: the mark is gone or damaged, or names another inbox: make a new one, or follow it.
        seen: what the person who decided this had seen; where the mark is another by now, it stays.

    Raises:
        KeysError: the signing keys are not there, so that no form could be recognised.
        TakeoverError: see `Stand`.
        SentinelError: the mark cannot be written, or somebody else changed it meanwhile.
    """
    if workspace.existing_keys() is None:
        raise KeysError(workspace.data / "keys.json")
    mark = seen or look(workspace, ledger)
    if mark.stand in _REFUSED or (mark.stand in NEEDS_NEW and not new_inbox):
        raise TakeoverError(mark)
    if mark.sentinel is not None and mark.stand is Stand.OURS:
        return Taken(mark.sentinel, mark.sentinel.holder, changed=False)
    holder = Holder(ledger.id, this_host(), this_user())
    aside = None
    if mark.sentinel is not None:
        new = hand_over(workspace.inbox, mark.sentinel, holder, now)
    else:
        aside = _set_aside(workspace.inbox, now) if mark.stand is Stand.DAMAGED else None
        new = _marked_anew(workspace, holder, now)
    remember_mark(ledger, new, now, taken=True)
    return Taken(new, mark.sentinel.holder if mark.sentinel else None, aside)


def _marked_anew(workspace: Workspace, holder: Holder, now: datetime) -> Sentinel:
    campaign = workspace.campaign.settings.id
    new = create_sentinel(workspace.inbox, campaign=campaign, holder=holder, now=now)
    if (new.holder.ledger, new.holder.host) != (holder.ledger, holder.host):
        words = (
            f"máy {new.holder.host} vừa đánh dấu hộp nhận này: hãy xem lại rồi quyết định",
            f"{new.holder.host} has marked this inbox just now: look again before deciding",
        )
        raise TakeoverError(Mark(Stand.OTHER_INBOX, new, words))
    return new


def _set_aside(inbox: Path, now: datetime) -> Path:
    """Keep a damaged mark under a further name that the scan passes over.

    Raises:
        SentinelError: it cannot be renamed, or somebody has mended it meanwhile.
    """
    try:
        read_sentinel(inbox)
    except SentinelDamagedError:
        pass
    else:
        words = (
            f"tệp {NAME} vừa được thay đổi: hãy xem lại rồi quyết định",
            f"{NAME} was changed just now: look again before deciding",
        )
        raise SentinelError(words)
    stem = NAME.removesuffix(".json")
    kept = inbox / f"{stem}-hong-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}.json"
    try:
        (inbox / NAME).rename(kept)
    except OSError as error:
        raise SentinelError(of_system(error)) from error
    return kept
