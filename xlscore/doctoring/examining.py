"""All checks in order; none of them can stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from xlscore.doctoring import (
    campaigns,
    editions,
    hosts,
    inboxes,
    ledgers,
    mails,
    pasts,
    sendings,
    watchers,
)
from xlscore.doctoring.checks import Check, Group, Level
from xlscore.doctoring.host import Host
from xlscore.doctoring.scene import Examination, Scene
from xlscore.findings import message
from xlscore.ledger import LedgerError
from xlscore.reasons import Words, of_system
from xlscore.workspace import Workspace, WorkspaceError, open_workspace

_EXAMINATIONS: tuple[tuple[Group, tuple[Examination, ...]], ...] = (
    (Group.CAMPAIGN, campaigns.EXAMINATIONS),
    (Group.LEDGER, ledgers.EXAMINATIONS),
    (Group.INBOX, inboxes.EXAMINATIONS),
    (Group.WATCHER, watchers.EXAMINATIONS),
    (Group.RANKING, editions.EXAMINATIONS + pasts.EXAMINATIONS),
    (Group.SENDING, sendings.EXAMINATIONS + mails.EXAMINATIONS),
)

Subject = TypeVar("Subject")


def examine(
    root: Path,
    host: Host | None = None,
    now: datetime | None = None,
    *,
    offline: bool = False,
) -> list[Check]:
    """Examine the host, and the campaign in `root` with its ledger, folders and watcher.

    Never raises: what cannot be examined is a warning of its own.

    Args:
        host: what answers for the computer; this computer by default.
        now: the moment; by default now.
        offline: ask no mail server.
    """
    machine = host or Host()
    checks = [c for look in hosts.EXAMINATIONS for c in _safely(Group.HOST, look, machine)]
    workspace, opened = _opened(root)
    checks.append(opened)
    if workspace is not None:
        scene = Scene(workspace, machine, now or datetime.now(UTC), offline)
        for group, looks in _EXAMINATIONS:
            for look in looks:
                checks += _safely(group, look, scene)
    return checks


def _opened(root: Path) -> tuple[Workspace | None, Check]:
    try:
        workspace = open_workspace(root)
    except WorkspaceError as error:
        count, first = len(error.findings), error.findings[0]
        vietnamese, english = message(first, "vi"), message(first, "en")
        said = (
            f"không mở được: {count} lỗi, đầu tiên là {first.code} {vietnamese}",
            f"does not open: {count} findings, the first is {first.code} {english}",
        )
        remedy = (
            "Sửa campaign.yaml và các tệp mà nó nêu; “xlscore status” nói hết các lỗi.",
            "Mend campaign.yaml and the files that it names; “xlscore status” tells all findings.",
        )
        return None, Check(Group.CAMPAIGN, "campaign", Level.ERROR, said, remedy)
    except Exception as error:  # noqa: BLE001  whatever it is, the operator wants the other checks
        return None, _failed(Group.CAMPAIGN, "campaign", error)
    return workspace, campaigns.opened(workspace)


def _safely(
    group: Group, look: Callable[[Subject], Iterator[Check]], subject: Subject
) -> Iterator[Check]:
    try:
        yield from look(subject)
    except Exception as error:  # noqa: BLE001  one check must never stop the others
        yield _failed(group, look.__name__.replace("_", "-"), error)


def _failed(group: Group, name: str, error: Exception) -> Check:
    words: Words = (f"{type(error).__name__}: {error}",) * 2
    if isinstance(error, OSError):
        words = of_system(error)
        if error.filename:
            words = f"{error.filename}: {words[0]}", f"{error.filename}: {words[1]}"
    elif isinstance(error, LedgerError):
        words = (str(error), str(error))
    said = (f"không kiểm tra được ({words[0]})", f"could not be examined ({words[1]})")
    return Check(group, name, Level.WARNING, said)
