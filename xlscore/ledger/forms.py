"""Forms: serials given, forms revoked, marked copies, what was handed out to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from xlscore.ledger.chapter import Chapter, to_stamp, to_time
from xlscore.ledger.records import Issue

_ISSUE = "serial, unit, role, digest, issued_at, revoked, coalesce(copy_of, 0)"


class Forms(Chapter):
    """The chapter of issued forms."""

    def issues(self, kind: str, round_: int = 1) -> dict[tuple[str, str], Issue]:
        """Return the forms in force by unit and role; marked copies stand beside them."""
        rows = self._db.execute(
            f"SELECT {_ISSUE} FROM issues"  # noqa: S608  ours
            " WHERE kind = ? AND round = ? AND revoked = '' AND copy_of IS NULL ORDER BY serial",
            (kind, round_),
        ).fetchall()
        return {(r[1], r[2]): _issue(r) for r in rows}

    def every_issue(self, unit: str, *kinds: str) -> list[Issue]:
        """Return every form of these kinds that a unit was ever given, in order.

        The code of an agency may be that of a unit: without kinds, its books are among them.
        """
        among = f" AND kind IN ({','.join('?' * len(kinds))})" if kinds else ""
        rows = self._db.execute(
            f"SELECT {_ISSUE} FROM issues WHERE unit = ?{among} ORDER BY serial",  # noqa: S608  ours
            (unit, *kinds),
        ).fetchall()
        return [_issue(row) for row in rows]

    def issue(
        self,
        kind: str,
        forms: Sequence[tuple[str, str, str]],
        now: datetime,
        round_: int = 1,
        *,
        revoking: bool = True,
    ) -> dict[tuple[str, str], int]:
        """Give every (unit, role, digest) a serial; a form unchanged keeps the one it has.

        A form whose digest has changed gets a new serial and the old one is revoked, with its marked
        copies; not where `revoking` is off: of books that are merged by row, earlier ones still serve.
        A unit has either its whole card (no role) or role cards in force: issuing the one
        revokes the others.
        """
        serials: dict[tuple[str, str], int] = {}
        made: list[Issue] = []
        with self.transaction():
            known = self.issues(kind, round_)
            revoked: dict[int, str] = {}
            for other in _other_shape(known.values(), forms) if revoking else ():
                shape = "chung của đơn vị" if other.role else "riêng từng người"
                revoked[other.serial] = f"đã cấp phiếu {shape}"
            for unit, role, digest in forms:
                old = known.get((unit, role))
                if old is not None and old.digest == digest:
                    serials[unit, role] = old.serial
                    continue
                if old is not None and revoking:
                    revoked[old.serial] = "đã cấp phiếu mới"
                new = self._add_issue(kind, round_, Issue(0, unit, role, digest, now))
                serials[unit, role] = new.serial
                made.append(new)
            revoked = self._revoke(revoked)
            if made or revoked:
                body = {"kind": kind, "round": round_, "forms": [_told(i) for i in made]}
                self._event(now, "issued", {**body, "revoked": revoked})
        return serials

    def issue_copy(self, kind: str, original: int, digest: str, now: datetime) -> int:
        """Give a marked copy of form `original` its serial; call inside a transaction."""
        (unit, role, round_, copied) = self._db.execute(
            "SELECT unit, role, round, coalesce(copy_of, serial) FROM issues WHERE serial = ?",
            (original,),
        ).fetchone()
        new = self._add_issue(kind, round_, Issue(0, unit, role, digest, now, copy_of=copied))
        body = {"kind": kind, "round": round_, "forms": [_told(new)], "revoked": {}}
        self._event(now, "issued", body)
        return new.serial

    def has_issue(self, serial: int) -> bool:
        """Whether this ledger knows the serial."""
        found = self._db.execute("SELECT 1 FROM issues WHERE serial = ?", (serial,)).fetchone()
        return found is not None

    def revoked(self) -> dict[int, str]:
        """Return the revoked serials with the reason."""
        rows = self._db.execute("SELECT serial, revoked FROM issues WHERE revoked <> ''")
        return dict(rows.fetchall())

    def release(
        self, channel: str, given: Iterable[tuple[int, str]], now: datetime
    ) -> list[tuple[int, str]]:
        """Note forms as handed out: (serial, target) pairs; return those that were not before."""
        new = []
        with self.transaction():
            for serial, target in given:
                cursor = self._db.execute(
                    "INSERT OR IGNORE INTO releases (serial, channel, target, released_at)"
                    " VALUES (?,?,?,?)",
                    (serial, channel, target, to_stamp(now)),
                )
                if cursor.rowcount:
                    new.append((serial, target))
            if new:
                self._event(now, "released", {"channel": channel, "forms": [list(n) for n in new]})
        return new

    def released(self, channel: str) -> dict[tuple[int, str], datetime]:
        """Return what was handed out through a channel: (serial, target) → when."""
        rows = self._db.execute(
            "SELECT serial, target, released_at FROM releases WHERE channel = ?", (channel,)
        ).fetchall()
        return {(serial, target): to_time(at) for serial, target, at in rows}

    def _add_issue(self, kind: str, round_: int, new: Issue) -> Issue:
        cursor = self._db.execute(
            "INSERT INTO issues (serial, kind, round, unit, role, digest, issued_at, copy_of)"
            " VALUES (?,?,?,?,?,?,?,?)",
            (
                new.serial or None, kind, round_, new.unit, new.role, new.digest,
                to_stamp(new.issued_at), new.copy_of or None,
            ),
        )  # fmt: skip
        return replace(new, serial=int(cursor.lastrowid or 0))

    def _revoke(self, reasons: Mapping[int, str]) -> dict[int, str]:
        """Revoke forms with their marked copies; return all that were in force until now."""
        gone: dict[int, str] = {}
        for serial, reason in reasons.items():
            rows = self._db.execute(
                "UPDATE issues SET revoked = ? WHERE (serial = ? OR copy_of = ?) AND revoked = ''"
                " RETURNING serial",
                (reason, serial, serial),
            ).fetchall()
            gone |= {row[0]: reason for row in rows}
        return gone


def _issue(row: tuple[int, str, str, str, str, str, int]) -> Issue:
    serial, unit, role, digest, issued_at, revoked, copy_of = row
    return Issue(serial, unit, role, digest, to_time(issued_at), revoked, copy_of)


def _told(new: Issue) -> list[object]:
    return [new.serial, new.unit, new.role, new.digest, new.copy_of]


def _other_shape(known: Iterable[Issue], forms: Sequence[tuple[str, str, str]]) -> Iterator[Issue]:
    """Yield the forms in force of units that are now issued in the other shape."""
    whole = {unit for unit, role, _ in forms if not role}
    by_role = {unit for unit, role, _ in forms if role}
    return (issue for issue in known if issue.unit in (whole if issue.role else by_role))
