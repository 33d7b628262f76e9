"""The outbox: what is to be written for the units, from the very transaction that recorded its cause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from xlscore.ledger.chapter import Chapter, to_stamp
from xlscore.ledger.records import Post, Recorded

RECEIPT = "receipt"
"""Kind of the post that tells a unit what became of its return."""

_POST = (
    "SELECT id, kind, subject, coalesce(submission, 0), serial, path, attempts, error, state, sha256"
    " FROM outbox"
)


class Outbox(Chapter):
    """The chapter of things to write."""

    def post(
        self, kind: str, subject: str, now: datetime, *, submission: int = 0, serial: int = 0
    ) -> None:
        """Put something into the outbox; call inside the transaction of its cause."""
        self._db.execute(
            "INSERT INTO outbox (kind, subject, submission, serial, created_at) VALUES (?,?,?,?,?)",
            (kind, subject, submission or None, serial, to_stamp(now)),
        )

    def post_once(self, kind: str, subject: str, now: datetime) -> None:
        """Put something into the outbox unless it waits there already; call inside a transaction."""
        waiting = self._db.execute(
            "SELECT 1 FROM outbox WHERE kind = ? AND subject = ? AND state = 'waiting'",
            (kind, subject),
        ).fetchone()
        if waiting is None:
            self.post(kind, subject, now)

    def renew_receipts(self, arrivals: Iterable[Recorded], now: datetime) -> None:
        """Have receipts written anew that would say something else by now; inside a transaction."""
        receipts = [post for post in self.posts() if post.kind == RECEIPT]
        subjects = {post.submission: post.subject for post in receipts}
        waiting = {post.submission for post in receipts if post.state == "waiting"}
        for arrival in arrivals:
            if arrival.id not in waiting:
                subject = subjects.get(arrival.id, arrival.unit)
                self.post(RECEIPT, subject, now, submission=arrival.id)

    def posts(self, submission: int = 0) -> list[Post]:
        """Return everything ever put into the outbox, or what one submission caused, in order."""
        if submission:
            rows = self._db.execute(f"{_POST} WHERE submission = ? ORDER BY id", (submission,))
        else:
            rows = self._db.execute(f"{_POST} ORDER BY id")
        return [Post(*row) for row in rows.fetchall()]

    def waiting_posts(self) -> list[Post]:
        """Return what is not written yet, in order."""
        rows = self._db.execute(f"{_POST} WHERE state = 'waiting' ORDER BY id").fetchall()
        return [Post(*row) for row in rows]

    def written(
        self, post: int, path: str, now: datetime, *, sha256: str = "", size: int = 0
    ) -> None:
        """Note something as written; call inside a transaction.

        Args:
            sha256: under which the archive keeps it, if it does; `size` in bytes.
        """
        self._db.execute(
            "UPDATE outbox SET state = 'written', path = ?, written_at = ?, error = '', sha256 = ?"
            " WHERE id = ?",
            (path, to_stamp(now), sha256, post),
        )
        self.keep_blob(sha256, size, now)

    def dropped(self, post: int, why: str) -> None:
        """Note something as no longer to be written; call inside a transaction."""
        self._db.execute("UPDATE outbox SET state = 'dropped', error = ? WHERE id = ?", (why, post))

    def put_off(self, post: int, error: str) -> None:
        """Note why something has to wait through no fault of its own; call inside a transaction."""
        self._db.execute("UPDATE outbox SET error = ? WHERE id = ?", (error, post))

    def failed(self, post: int, error: str) -> None:
        """Note a failed attempt: it is tried again; call inside a transaction."""
        self._db.execute(
            "UPDATE outbox SET attempts = attempts + 1, error = ? WHERE id = ?", (error, post)
        )
