"""Before a pass: is this really the inbox, do we run it, is there room to keep what comes?"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from xlscore.ledger import Ledger
from xlscore.ledger.chapter import canonical
from xlscore.places import free_bytes
from xlscore.reasons import Words, of_system
from xlscore.sentinel import (
    Holder,
    Sentinel,
    SentinelError,
    State,
    Verdict,
    create_sentinel,
    read_sentinel,
    this_host,
    this_user,
    watch_over,
)
from xlscore.settings import Waiver
from xlscore.workspace import Workspace

INBOX = "inbox"
"""The ledger's fact that names the inbox which it opened."""

EPOCH = "inbox-epoch"
"""The ledger's fact that names the latest mark it has seen: inbox, epoch, ledger and host, as JSON."""

_RESTORED: Words = (
    (
        "tệp đánh dấu trong hộp nhận được chép lại từ bản cũ (lần giao {epoch} ngày {day}, sổ đã biết"
        " lần {known}): xác định máy nào thu rồi chạy “xlscore takeover” trên máy đó"
    ),
    (
        "the inbox's mark comes from an older copy (holder number {epoch}, of {day}; the ledger knows"
        " of number {known}): decide which host collects, then run “xlscore takeover” there"
    ),
)

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
    return found is None or _is_here(found.holder, ledger)


def _held(workspace: Workspace, ledger: Ledger, now: datetime) -> Door:
    inbox, campaign = workspace.inbox, workspace.campaign.settings.id
    if not inbox.is_dir():
        return Door(
            Availability.UNAVAILABLE,
            (f"không thấy hộp nhận {inbox}", f"the inbox {inbox} is not there"),
        )
    found, verdict = mark_of(workspace, ledger)
    if verdict.state is State.FIRST_USE:
        holder = Holder(ledger.id, this_host(), this_user())
        create_sentinel(inbox, campaign=campaign, holder=holder, now=now)
        found, verdict = mark_of(workspace, ledger)
    if found is not None and verdict.state in {State.AVAILABLE, State.OTHER_HOST}:
        if verdict.state is State.AVAILABLE and not ledger.fact(INBOX):
            open_inbox(ledger, found.inbox, "inbox-opened", now)
        if ledger.fact(INBOX) == found.inbox:
            remember_mark(ledger, found, now)
    if verdict.state is not State.AVAILABLE:
        return Door(Availability(verdict.state.value), verdict.words)
    return _OPEN


def mark_of(workspace: Workspace, ledger: Ledger) -> tuple[Sentinel | None, Verdict]:
    """Return what the inbox's mark says, and what follows from it for this ledger on this host.

    Raises:
        SentinelError: see `read_sentinel`.
    """
    found = read_sentinel(workspace.inbox)
    verdict = watch_over(
        found,
        campaign=workspace.campaign.settings.id,
        inbox_id=ledger.fact(INBOX) or None,
        ledger=ledger.id,
        host=this_host(),
    )
    known, _holder = _remembered(ledger, found)
    judged = verdict.state in {State.AVAILABLE, State.OTHER_HOST}
    if found is not None and judged and found.epoch < known:
        return found, Verdict(State.UNAVAILABLE, _restored(found, known))
    return found, verdict


def _remembered(ledger: Ledger, found: Sentinel | None) -> tuple[int, Holder | None]:
    """Return the epoch and the holder of the mark as last seen in this inbox; 0 and None for never."""
    inbox, epoch, holder, host = json.loads(ledger.fact(EPOCH) or '["", 0, "", ""]')
    if found is None or inbox != found.inbox:
        return 0, None
    return epoch, Holder(holder, host, "")


def _restored(found: Sentinel, known: int) -> Words:
    # Whoever was named then may run again beside whoever was named since: a person has to choose.
    facts = {"epoch": found.epoch, "day": f"{found.since:%d/%m/%Y}", "known": known}
    vietnamese, english = _RESTORED
    return vietnamese.format(**facts), english.format(**facts)


def open_inbox(ledger: Ledger, inbox: str, kind: str, now: datetime) -> None:
    """Remember which inbox this ledger takes in, with an event that names both."""
    with ledger.transaction():
        ledger.set_fact(INBOX, inbox)
        body = {"ledger": ledger.id, "inbox": inbox, "host": this_host()}
        ledger.tell(now, kind, body)


def remember_mark(ledger: Ledger, found: Sentinel, now: datetime, *, taken: bool = False) -> None:
    """Remember the mark; where the inbox has come to us or gone from us, tell so, once.

    Args:
        taken: it was taken over this very moment, whatever the ledger remembers.
    """
    holder, former = found.holder, found.previous.holder if found.previous else None
    said = canonical([found.inbox, found.epoch, holder.ledger, holder.host])
    if not taken and ledger.fact(EPOCH) == said:
        return
    with ledger.transaction():
        if not taken and ledger.fact(EPOCH) == said:  # another process was quicker
            return
        _epoch, before = _remembered(ledger, found)
        ledger.set_fact(INBOX, found.inbox)
        ledger.set_fact(EPOCH, said)
        told: dict[str, object] = {"inbox": found.inbox, "epoch": found.epoch, "user": holder.user}
        if _is_here(holder, ledger):
            if taken or former:
                told |= {"ledger": ledger.id, "host": this_host(), "from": _named(former)}
                ledger.tell(now, "took-over", told)
        elif any(_is_here(other, ledger) for other in (former, before) if other):
            ledger.tell(now, "handed-over", told | {"to": holder.host})


def _named(holder: Holder | None) -> dict[str, str]:
    return asdict(holder) if holder else {}


def _is_here(holder: Holder, ledger: Ledger) -> bool:
    return (holder.ledger, holder.host.casefold()) == (ledger.id, this_host().casefold())


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
