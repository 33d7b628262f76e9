"""What follows from the mark file: may this ledger take in the inbox?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xlscore.reasons import Words
from xlscore.sentinel.values import NAME, Sentinel


class State(StrEnum):
    """What follows from the mark file."""

    AVAILABLE = "available"
    FIRST_USE = "first-use"
    UNAVAILABLE = "unavailable"
    OTHER_CAMPAIGN = "other-campaign"
    OTHER_HOST = "other-host"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether this ledger may take in the inbox; `words` say why not, in Vietnamese and in English."""

    state: State
    words: Words = ("", "")


def watch_over(
    found: Sentinel | None, *, campaign: str, inbox_id: str | None, ledger: str, host: str
) -> Verdict:
    """Judge what was found in the inbox.

    Args:
        found: what `read_sentinel` returned.
        inbox_id: the inbox that this ledger opened before; None when it never did.
        ledger: the id of this ledger.
        host: this computer. A ledger that was copied to another one is another holder: both may run.
    """
    if found is None:
        return Verdict(State.FIRST_USE) if inbox_id is None else _missing()
    if found.campaign != campaign:
        return Verdict(
            State.OTHER_CAMPAIGN,
            (
                f"đây là hộp nhận của kỳ đánh giá khác ({found.campaign})",
                f"this is the inbox of another campaign ({found.campaign})",
            ),
        )
    if inbox_id is not None and found.inbox != inbox_id:
        return Verdict(
            State.UNAVAILABLE,
            (
                "đây là một hộp nhận khác, không phải hộp đã dùng",
                "this is not the inbox used so far",
            ),
        )
    if (found.holder.ledger, found.holder.host.casefold()) != (ledger, host.casefold()):
        return _held(found, host)
    return Verdict(State.AVAILABLE)


def _missing() -> Verdict:
    return Verdict(
        State.UNAVAILABLE,
        (
            f"không thấy tệp {NAME}: có lẽ ổ mạng chưa được nối",
            f"{NAME} is not there: perhaps the share is not connected",
        ),
    )


def _held(found: Sentinel, host: str) -> Verdict:
    who, since = found.holder, found.since.isoformat(timespec="minutes")
    if who.host.casefold() == host.casefold():
        return Verdict(
            State.OTHER_HOST,
            (
                f"một sổ theo dõi khác trên chính máy này đang thu (người dùng {who.user}, từ {since})",
                f"another ledger on this very computer takes it in (user {who.user}, since {since})",
            ),
        )
    return Verdict(
        State.OTHER_HOST,
        (
            f"máy {who.host} đang thu (người dùng {who.user}, từ {since})",
            f"{who.host} takes it in (user {who.user}, since {since})",
        ),
    )
