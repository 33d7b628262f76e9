"""All checks in order; none of them can stop the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from xlscore.doctoring import campaigns, hosts, inboxes, ledgers, sendings, watchers
from xlscore.doctoring.checks import Check, Group, Level
from xlscore.doctoring.host import Host
from xlscore.doctoring.scene import Examination, Scene
from xlscore.findings import Severity, message
from xlscore.workspace import Workspace, WorkspaceError, open_workspace

_EXAMINATIONS: tuple[tuple[Group, tuple[Examination, ...]], ...] = (
    (Group.CAMPAIGN, campaigns.EXAMINATIONS),
    (Group.LEDGER, ledgers.EXAMINATIONS),
    (Group.INBOX, inboxes.EXAMINATIONS),
    (Group.WATCHER, watchers.EXAMINATIONS),
    (Group.SENDING, sendings.EXAMINATIONS),
)


def examine(
    root: Path, host: Host | None = None, now: datetime | None = None, *, inspect: bool = True
) -> list[Check]:
    """Examine the host, and the campaign in `root` with its ledger, folders and watcher.

    Args:
        host: what answers for the computer; this computer by default.
        now: the moment; by default now.
        inspect: False examines the host and whether the campaign opens, nothing more.
    """
    machine = host or Host()
    checks = [c for look in hosts.EXAMINATIONS for c in _safely(Group.HOST, look, machine)]
    workspace, opened = _opened(root)
    checks.append(opened)
    if workspace is not None and inspect:
        scene = Scene(workspace, machine, now or datetime.now(UTC))
        for group, looks in _EXAMINATIONS:
            for look in looks:
                checks += _safely(group, look, scene)
    return checks
