"""One pass over the outbox."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from xlscore.delivering.desk import Desk
from xlscore.delivering.names import NOBODYS
from xlscore.delivering.papers import Papers
from xlscore.i18n import _, language
from xlscore.intake.recording import MARKED, RECEIPT
from xlscore.ledger import Ledger, Post
from xlscore.proceedings import Proceedings
from xlscore.reasons import of_system
from xlscore.workspace import Workspace

_ATTEMPTS = 5
"""What fails so often for a reason of its own is given up; a full or absent disk is waited for."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


@dataclass
class Delivered:
    """What one pass over the outbox wrote, and what it could not, in words.

    Attributes:
        failed: what waits and is tried again the next time.
        given_up: what failed too often and is not tried again.
    """

    written: list[Path] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)


def deliver(
    workspace: Workspace,
    ledger: Ledger,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
    state: Proceedings | None = None,
) -> Delivered:
    """Write everything that waits; what fails is told and tried again the next time.

    Args:
        state: the procedure's state of a moment ago, if the caller has it.

    Raises:
        LedgerError: the ledger cannot be used.
    """
    done = Delivered()
    tried: set[int] = set()
    # Once more after the last: a copy that could be written at last has its receipt name it.
    while waiting := [post for post in ledger.waiting_posts() if post.id not in tried]:
        if (away := _away(workspace)) is not None:
            done.failed.append(_outage(away, len(waiting)))
            break
        papers = Papers(Desk(workspace, ledger, now, state))
        for post in waiting:
            if stopping():
                return done
            if ledger.head() != papers.desk.head:
                break  # somebody recorded or decided something: look again before writing more
            tried.add(post.id)
            if not _deliver_one(papers, post, done):
                rest = [post for post in ledger.waiting_posts() if post.id not in tried]
                if rest:
                    done.failed.append(_("{count} more are waiting", count=len(rest)))
                return done
    return done


def _away(workspace: Workspace) -> OSError | None:
    """Return why the outbox is not there: asked once, not once for each of hundreds of papers."""
    try:
        workspace.outbox.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return error
    return None


def _outage(error: OSError, count: int) -> str:
    why = of_system(error)[0 if language() == "vi" else 1]
    return _("outbox, {count} waiting: {why}", count=count, why=why)


def _deliver_one(papers: Papers, post: Post, done: Delivered) -> bool:
    """Write one thing; return whether trying the next makes any sense."""
    desk = papers.desk
    try:
        paper = papers.write(post)
    except OSError as error:
        _put_off(desk.ledger, post, done, error)
        return error.errno not in _NO_ROOM and _away(desk.workspace) is None
    except Exception as error:  # noqa: BLE001  one page must never stop the others
        _fail(desk.ledger, post, done, f"{type(error).__name__}: {error}")
        return True
    with desk.ledger.transaction():
        if paper is None:
            desk.ledger.dropped(post.id, "")
            return True
        below = paper.path.relative_to(desk.workspace.outbox).as_posix()
        desk.ledger.written(post.id, below, desk.now, sha256=paper.sha256, size=paper.size)
        if post.kind == MARKED and RECEIPT in desk.answered(post.submission):
            desk.ledger.post(RECEIPT, post.subject, desk.now, submission=post.submission)
        elif post.kind != MARKED and desk.ledger.head() != desk.head:
            # Written over what another process knew better meanwhile: once more.
            desk.ledger.post(post.kind, post.subject, desk.now, submission=post.submission)
    done.written.append(paper.path)
    return True


def _put_off(ledger: Ledger, post: Post, done: Delivered, error: OSError) -> None:
    """Leave it waiting, however often: the disk or the share comes back."""
    said = of_system(error)
    if post.error != said[1]:  # a share that is away all weekend is noted once
        with ledger.transaction():
            ledger.put_off(post.id, said[1])
    done.failed.append(f"{_named(post)}: {said[0 if language() == 'vi' else 1]}")


def _fail(ledger: Ledger, post: Post, done: Delivered, said: str) -> None:
    give_up = post.attempts + 1 >= _ATTEMPTS
    with ledger.transaction():
        ledger.failed(post.id, said)
        if give_up:
            ledger.dropped(post.id, said)
    (done.given_up if give_up else done.failed).append(f"{_named(post)}: {said}")


def _named(post: Post) -> str:
    number = f", {post.submission}" if post.submission else ""
    return f"{post.kind} {post.subject or NOBODYS}{number}"
