"""Open the ledger's file: create it, migrate it forward, refuse what is not ours."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

from xlscore.i18n import _, language
from xlscore.ledger.journal import Journal
from xlscore.ledger.store import Ledger
from xlscore.places import place_of

APPLICATION_ID = 0x786C7363  # "xlsc"
_BUSY_SECONDS = 30


class LedgerError(Exception):
    """A ledger that cannot be used: not ours, of a newer version, in an unsafe place."""


class OlderLedgerError(LedgerError):
    """A ledger that only needs to be brought up to date: the next command that opens it does so."""


@contextmanager
def open_ledger(path: Path) -> Iterator[Ledger]:
    """Open (and where needed create or migrate) the ledger.

    Raises:
        LedgerError: the file is no ledger, damaged, of a newer version, or would lie on a network
            drive or in a synchronised folder, where SQLite loses what it says it has written; or it
            is gone although its journal is there.
    """
    _refuse_unsafe(path.parent)
    refuse_lost(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # others have no business there
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        with closing(connection):
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = EXTRA")
            _migrate(connection, path)  # may make a table anew that others refer to
            connection.execute("PRAGMA foreign_keys = ON")
            ledger = Ledger(connection, path.parent)
            if not ledger.catch_up():
                raise LedgerError(
                    _(
                        "{path} is older than its journal: run “xlscore ledger rebuild”",
                        path=path,
                    )
                )
            yield ledger
    except sqlite3.DatabaseError as error:
        raise LedgerError(str(error)) from error


def _refuse_unsafe(folder: Path) -> None:
    place = place_of(folder)
    if not place.is_local:
        reason = place.words[0 if language() == "vi" else 1]
        raise LedgerError(
            _(
                "{folder} is on {reason}, where records get lost; name a folder on a local disk"
                " in campaign.yaml (folders: data)",
                folder=folder,
                reason=reason,
            )
        )


def is_begun(path: Path) -> bool:
    """Return whether there is a ledger, or was: a lost one is to be told, not taken for a new campaign."""
    return path.exists() or bool(Journal(path.parent / "journal").chains())


def refuse_lost(path: Path) -> None:
    """Make sure that the ledger is there, or has never been.

    Raises:
        LedgerError: it is gone although its journal is there.
    """
    # An empty ledger beside the journal of a lost one would give its numbers away a second time.
    if not path.exists() and is_begun(path):
        raise LedgerError(
            _("{path} is gone, its journal is there: run “xlscore ledger rebuild”", path=path)
        )


def migrations() -> list[str]:
    """Return the numbered migration scripts in order."""
    folder = files("xlscore.ledger.migrations")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql"))
    return [folder.joinpath(name).read_text(encoding="utf-8") for name in names]


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    scripts = migrations()
    # One statement, so that another process cannot migrate between two looks.
    version, owner, used = connection.execute(
        "SELECT user_version, application_id, EXISTS (SELECT 1 FROM sqlite_master)"
        " FROM pragma_user_version, pragma_application_id"
    ).fetchone()
    if owner != APPLICATION_ID and (owner or version or used):
        raise LedgerError(_("this is another program's SQLite file"))
    if version > len(scripts):
        raise LedgerError(_("a newer xlscore wrote it (version {version})", version=version))
    if version == len(scripts):
        return
    if version:
        _back_up(connection, path, version)
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have migrated while this one waited for the lock.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for number, script in enumerate(scripts[version:], version + 1):
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Keep the file as it was before a migration."""
    # A name of its own, since another process may be about to do the same.
    name = f"{path.stem}-v{version}-{secrets.token_hex(3)}{path.suffix}"
    connection.execute("VACUUM INTO ?", (str(path.with_name(name)),))


def _statements(script: str) -> Iterator[str]:
    # `executescript` would commit the surrounding transaction.
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
