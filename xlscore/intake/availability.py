"""Before a pass: is this really the inbox, do we run it, is there room to keep what comes?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xlscore.campaign import Waiver
from xlscore.ledger import Ledger
from xlscore.places import free_bytes
from xlscore.reasons import Words, of_system
from xlscore.sentinel import (
    Holder,
    SentinelError,
    State,
    create_sentinel,
    read_sentinel,
    this_host,
    this_user,
    watch_over,
)
from xlscore.workspace import Workspace

INBOX = "inbox"
"""The ledger's fact that names the inbox which it opened."""

_MB = 1 << 20


class Availability(StrEnum):
    """Whether anything can be taken in now."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"
    OTHER_CAMPAIGN = "other-campaign"
    OTHER_HOST = "other-host"
    DISK_FULL = "disk-full"


@dataclass(frozen=True, slots=True)
class Door:
    """The state of the inbox; `words` say why nothing is taken in, in Vietnamese and in English."""

    state: Availability
    words: Words = ("", "")

    @property
    def open(self) -> bool:
        """Whether files may be taken in."""
        return self.state is Availability.AVAILABLE


_OPEN = Door(Availability.AVAILABLE)


def availability(workspace: Workspace, ledger: Ledger, now: datetime) -> Door:
    """Return whether intake may go on; the first time, mark the inbox as this ledger's.

    Raises:
        OSError: the disk of the ledger cannot be asked for its room.
    """
    least = workspace.campaign.settings.intake.least_free_mb
    if free_bytes(workspace.data) < least * _MB:
        return Door(
            Availability.DISK_FULL,
            (
                f"ổ đĩa của thư mục data còn dưới {least} MB: tạm ngừng thu, không mất gì",
                f"the disk of data has less than {least} MB left: intake pauses, nothing is lost",
            ),
        )
    try:
        return _held(workspace, ledger, now)
    except SentinelError as error:
        return Door(Availability.UNAVAILABLE, error.words)
    except OSError as error:
        return Door(Availability.UNAVAILABLE, of_system(error))


def still_ours(workspace: Workspace, ledger: Ledger) -> bool:
    """Whether nobody has taken the inbox over meanwhile; asked before each batch is recorded."""
    try:
        found = read_sentinel(workspace.inbox)
    except SentinelError:
        return True  # a share that blinks: what is archived may be recorded all the same
    return found is None or (found.holder.ledger, found.holder.host.casefold()) == (
        ledger.id,
        this_host().casefold(),
    )


def _held(workspace: Workspace, ledger: Ledger, now: datetime) -> Door:
    inbox, campaign = workspace.inbox, workspace.campaign.settings.id
    if not inbox.is_dir():
        return Door(
            Availability.UNAVAILABLE,
            (f"không thấy hộp nhận {inbox}", f"the inbox {inbox} is not there"),
        )
    known = ledger.fact(INBOX) or None
    found = read_sentinel(inbox)
    verdict = watch_over(
        found, campaign=campaign, inbox_id=known, ledger=ledger.id, host=this_host()
    )
    if verdict.state is State.FIRST_USE:
        holder = Holder(ledger.id, this_host(), this_user())
        found = create_sentinel(inbox, campaign=campaign, holder=holder, now=now)
        verdict = watch_over(
            found, campaign=campaign, inbox_id=known, ledger=ledger.id, host=this_host()
        )
    if verdict.state is not State.AVAILABLE:
        return Door(Availability(verdict.state.value), verdict.words)
    if found is not None and known is None:
        open_inbox(ledger, found.inbox, "inbox-opened", now)
    return _OPEN


def open_inbox(ledger: Ledger, inbox: str, kind: str, now: datetime) -> None:
    """Remember which inbox this ledger takes in, with an event that names both."""
    with ledger.transaction():
        ledger.set_fact(INBOX, inbox)
        body = {"ledger": ledger.id, "inbox": inbox, "host": this_host()}
        ledger.tell(now, kind, body)


def decided_waivers(ledger: Ledger) -> tuple[Waiver, ...]:
    """Return the waivers that the operator has decided on beside those of the campaign."""
    return tuple(
        Waiver(
            unit=decision.unit,
            reason=decision.reason,
            by=decision.decided_by,
            code=str(decision.body["code"]),
            row=str(decision.body["row"]),
        )
        for decision in ledger.waivers()
    )
