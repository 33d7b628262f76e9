"""One pass over the outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from xlscore.delivering.copies import marked
from xlscore.delivering.desk import Desk
from xlscore.delivering.evidence import evidence_list
from xlscore.delivering.names import EVIDENCE_LIST, NOBODYS, marked_name, receipt_name
from xlscore.delivering.receipts import receipt
from xlscore.durable import write_whole
from xlscore.intake.recording import EVIDENCE, MARKED
from xlscore.ledger import Ledger, Post, Recorded
from xlscore.pages.evidence import evidence_html
from xlscore.pages.receipt import receipt_html
from xlscore.workspace import Workspace

_ATTEMPTS = 5
"""What fails so often for a reason of its own is given up; a full or absent disk is waited for."""


@dataclass
class Delivered:
    """What one pass over the outbox wrote, and what it could not, in words."""

    written: list[Path] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def deliver(
    workspace: Workspace,
    ledger: Ledger,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Write everything that waits; what fails is told and tried again the next time.

    Raises:
        LedgerError: the ledger cannot be used.
    """
    done = Delivered()
    waiting = ledger.waiting_posts()
    if waiting:
        clerk = _Clerk(Desk(workspace, ledger, now))
        for post in waiting:
            if stopping():
                break
            _deliver_one(clerk, post, done)
    return done


def _deliver_one(clerk: _Clerk, post: Post, done: Delivered) -> None:
    ledger = clerk.desk.ledger
    try:
        path = clerk.write(post)
    except OSError as error:
        _failed(ledger, post, done, error.strerror or type(error).__name__, give_up=False)
    except Exception as error:  # noqa: BLE001  one page must never stop the others
        said = f"{type(error).__name__}: {error}"
        _failed(ledger, post, done, said, give_up=post.attempts + 1 >= _ATTEMPTS)
    else:
        with ledger.transaction():
            if path is None:
                ledger.dropped(post.id, "")
                return
            below = path.relative_to(clerk.desk.workspace.outbox).as_posix()
            ledger.written(post.id, below, clerk.desk.now)
        done.written.append(path)


def _failed(ledger: Ledger, post: Post, done: Delivered, said: str, *, give_up: bool) -> None:
    with ledger.transaction():
        ledger.failed(post.id, said)
        if give_up:
            ledger.dropped(post.id, said)
    done.failed.append(f"{post.kind} {post.subject or NOBODYS}: {said}")


class _Clerk:
    """Writes what a post asks for."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._left: dict[int, tuple[str, ...]] = {}

    def write(self, post: Post) -> Path | None:
        """Write one thing and return where; None where there is nothing to write any more.

        Raises:
            OSError: it cannot be written now.
        """
        folder = self.desk.workspace.outbox / (post.subject or NOBODYS)
        folder.mkdir(parents=True, exist_ok=True)
        if post.kind == EVIDENCE:
            return self._write_evidence(folder, post)
        arrival = self.desk.arrivals[post.submission]
        if post.kind == MARKED:
            return self._write_copy(folder, post, arrival)
        path = folder / receipt_name(arrival)
        page = receipt_html(receipt(self.desk, arrival, post, self._left_behind(arrival)))
        write_whole(path, page.encode())
        return path

    def _write_evidence(self, folder: Path, post: Post) -> Path | None:
        unit = self.desk.campaign.units.get(post.subject)
        if unit is None:
            return None
        path = folder / EVIDENCE_LIST
        write_whole(path, evidence_html(evidence_list(self.desk, unit)).encode())
        return path

    def _write_copy(self, folder: Path, post: Post, arrival: Recorded) -> Path | None:
        made = marked(self.desk, arrival, post.serial)
        if made is None:
            return None
        self._left[arrival.id] = tuple(left.vi for left in made.left_behind)
        path = folder / marked_name(arrival)
        if not path.exists():  # the unit may be correcting it already: it is never written again
            write_whole(path, made.data)
        return path

    def _left_behind(self, arrival: Recorded) -> tuple[str, ...]:
        post = self.desk.marked.get(arrival.id)
        if arrival.id not in self._left and post is not None:  # written before a crash
            made = marked(self.desk, arrival, post.serial)
            self._left[arrival.id] = tuple(x.vi for x in made.left_behind) if made else ()
        return self._left.get(arrival.id, ())
