"""The chapter of letters: one row per key, states that follow on each other, a log that restores them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.mail_office import NOW, MailOffice
from xlscore.ledger import LedgerError, LetterState
from xlscore.ledger.alone import alone
from xlscore.ledger.keeper import reading
from xlscore.upkeep import check_ledger, rebuild
from xlscore.upkeep.rebuilding import Rebuilt

S = LetterState


@pytest.fixture
def office(tmp_path: Path) -> MailOffice:
    return MailOffice(tmp_path / "c")


def become(office: MailOffice, number: int, *states: LetterState) -> list[bool]:
    with office.ledger() as ledger, ledger.transaction():
        return [ledger.letter_becomes(number, state, office.now, why="vì") for state in states]


def test_a_key_is_queued_once(office: MailOffice) -> None:
    assert office.queue("a@x.vn") == [1]
    assert office.queue("a@x.vn", "b@x.vn") == [0, 2]
    assert [row.letter.recipient for row in office.rows()] == ["a@x.vn", "b@x.vn"]


def test_nothing_is_queued_where_one_of_them_cannot_be(office: MailOffice) -> None:
    office.queue("a@x.vn")
    (row,) = office.rows()
    with pytest.raises(LedgerError), office.ledger() as ledger, ledger.transaction():
        ledger._db.execute("DELETE FROM letters")
    assert office.rows() == [row]


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        ([S.SENDING, S.SENT], [True, True]),
        ([S.SENDING, S.SENT, S.SENDING, S.WAITING, S.UNCERTAIN], [True, True, False, False, False]),
        ([S.SENDING, S.WAITING, S.SENDING, S.UNCERTAIN], [True] * 4),
        ([S.SENDING, S.UNCERTAIN, S.SENDING, S.WAITING, S.SENT], [True, True, False, False, True]),
        ([S.SENT], [False]),
        ([S.DRAFTED, S.SENDING, S.SENT], [True, False, True]),
        ([S.FAILED, S.WAITING, S.DROPPED, S.SENDING], [True, False, True, False]),
    ],
)
def test_a_state_follows_only_on_those_that_it_may(
    office: MailOffice, path: list[LetterState], holds: list[bool]
) -> None:
    office.queue("a@x.vn")
    assert become(office, 1, *path) == holds
    assert become(office, 2, S.SENDING) == [False]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM letters",
        "UPDATE letters SET recipient = 'b@x.vn'",
        "UPDATE letters SET sha256 = ''",
        "UPDATE letters SET state = 'waiting'",
    ],
)
def test_a_letter_that_was_sent_cannot_be_rewritten(office: MailOffice, statement: str) -> None:
    office.queue("a@x.vn")
    become(office, 1, S.SENDING, S.SENT)
    with reading(office.workspace.ledger_path) as ledger:
        ledger._db.execute("PRAGMA query_only = OFF")
        with pytest.raises(sqlite3.IntegrityError):
            ledger._db.execute(statement)


def history(office: MailOffice) -> None:
    office.queue("a@x.vn", "b@x.vn", "c@x.vn", "d@x.vn", "e@x.vn")
    become(office, 1, S.SENDING, S.SENT)
    become(office, 2, S.SENDING, S.UNCERTAIN)
    become(office, 3, S.FAILED, S.DROPPED)
    become(office, 4, S.SENDING)


def rebuilt(office: MailOffice) -> Rebuilt:
    office.workspace.ledger_path.unlink(missing_ok=True)
    return rebuild(office.workspace, office.now)


def test_a_lost_ledger_is_rebuilt_with_every_letter_as_it_was(office: MailOffice) -> None:
    history(office)
    with reading(office.workspace.ledger_path) as ledger:
        before = ledger.books().letters
    assert [trouble.name for trouble in rebuilt(office).lacking] == ["id-unknown"]
    with reading(office.workspace.ledger_path) as ledger:
        assert ledger.books().letters == before
    assert office.states() == ["sent", "uncertain", "dropped", "sending", "waiting"]
    assert check_ledger(office.workspace).troubles == []
    assert office.queue("a@x.vn", "e@x.vn", "f@x.vn") == [0, 0, 6]


def test_where_the_journal_has_gaps_letters_that_wait_are_held_back(office: MailOffice) -> None:
    history(office)
    (journal,) = (office.workspace.data / "journal").glob("*.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["kind"] != "letter-sending"]
    journal.write_bytes(b"".join(kept))
    names = [trouble.name for trouble in rebuilt(office).lacking]
    assert names.count("letter-doubtful") == 2
    assert office.states() == ["sent", "uncertain", "dropped", "uncertain", "uncertain"]
    troubles = [trouble.name for trouble in check_ledger(office.workspace).troubles]
    assert [name for name in troubles if name.startswith("letter")] == []


def test_every_event_of_a_letter_tells_the_whole_letter(office: MailOffice) -> None:
    history(office)
    (journal,) = (office.workspace.data / "journal").glob("*.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["kind"] != "letter-queued"]
    journal.write_bytes(b"".join(kept))
    rebuilt(office)
    assert [row.id for row in office.rows()] == [1, 2, 3, 4]
    assert office.queue("a@x.vn", "d@x.vn") == [0, 0]


def test_the_check_finds_a_letter_that_somebody_set_back(office: MailOffice) -> None:
    history(office)
    with reading(office.workspace.ledger_path) as ledger:
        ledger._db.execute("PRAGMA query_only = OFF")
        ledger._db.execute("UPDATE letters SET state = 'waiting' WHERE id = 2")
    assert [t.name for t in check_ledger(office.workspace).troubles] == ["letter-altered"]


def test_the_check_finds_a_letter_whose_bytes_were_altered(office: MailOffice) -> None:
    office.queue("a@x.vn")
    (path,) = office.workspace.archive.glob("??/*.bin")
    path.write_bytes(path.read_bytes() + b"x")
    assert [t.name for t in check_ledger(office.workspace).troubles] == ["content-altered"]


def test_letters_are_put_off_without_an_event(office: MailOffice) -> None:
    office.queue("a@x.vn", "b@x.vn")
    become(office, 2, S.SENDING)
    with office.ledger() as ledger:
        head = ledger.head()
        with ledger.transaction():
            ledger.put_off_letters("máy chủ tắt", {1: (3, NOW), 2: (3, NOW)})
        assert ledger.head() == head
    first, second = office.rows()
    assert (first.attempts, first.error, first.next_at) == (3, "máy chủ tắt", NOW)
    assert (second.attempts, second.next_at) == (1, None)


def test_the_lock_is_held_by_one_and_free_when_it_is_let_go(tmp_path: Path) -> None:
    with alone(tmp_path / "lock") as first, alone(tmp_path / "lock") as second:
        assert (first, second) == (True, False)
    with alone(tmp_path / "lock") as again:
        assert again
    with pytest.raises(OSError, match="lock"), alone(tmp_path / "none" / "lock"):
        pass
