"""The ledger: migrated, refused when foreign, never rewritten, shared by processes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from xlscore.findings import Status, finding
from xlscore.ledger import (
    APPLICATION_ID,
    Arrival,
    Ledger,
    LedgerError,
    cards,
    migrations,
    open_ledger,
)
from xlscore.ledger import opening as module

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
ROOT = Path(__file__).parent.parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with open_ledger(path) as opened:
        yield opened


def arrival(entry: bytes = b"STP.xlsx", sha256: str = "aa", **more: object) -> Arrival:
    facts = {
        "entry": entry, "sha256": sha256, "size": 10, "mtime_ns": 20, "file": "STP.xlsx",
        "status": Status.VALID, "unit": "STP", "role": "", "serial": 1, "received": NOW,
        "card": {"sheet": "Phiếu"}, "findings": (),
    }  # fmt: skip
    return Arrival(**(facts | more))  # type: ignore[arg-type]


def record(ledger: Ledger, **more: object) -> int:
    with ledger.transaction():
        return ledger.record(arrival(**more)).version  # type: ignore[arg-type]


def raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


# --- opening ----------------------------------------------------------------------------------------


def test_a_new_ledger_is_migrated_to_the_newest_version(ledger: Ledger, path: Path) -> None:
    with raw(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(migrations()),)
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    db.close()


def test_opening_again_keeps_what_is_recorded(path: Path) -> None:
    with open_ledger(path) as first:
        record(first)
    with open_ledger(path) as second:
        assert [s.version for s in second.submissions()] == [1]


def test_a_later_migration_is_applied_to_an_older_ledger(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_ledger(path) as first:
        record(first)
    more = [*migrations(), "CREATE TABLE later (id INTEGER) STRICT;"]
    monkeypatch.setattr(module, "migrations", lambda: more)
    with open_ledger(path) as second:
        assert len(second.submissions()) == 1
    with raw(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(more),)
        assert db.execute("SELECT count(*) FROM later").fetchone() == (0,)
    db.close()


def test_a_migration_that_fails_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_ledger(path):
        pass
    before = path.read_bytes()
    broken = [*migrations(), "CREATE TABLE later (id INTEGER) STRICT;\nCREATE TABLE later (id);"]
    monkeypatch.setattr(module, "migrations", lambda: broken)
    with pytest.raises(LedgerError, match="later already exists"), open_ledger(path):
        pass
    assert path.read_bytes() == before


def test_a_ledger_of_a_newer_version_is_refused(path: Path) -> None:
    with open_ledger(path):
        pass
    with raw(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LedgerError, match="99"), open_ledger(path):
        pass


@pytest.mark.parametrize(
    "script",
    ["CREATE TABLE theirs (id)", "PRAGMA user_version = 1", "PRAGMA application_id = 7"],
)
def test_another_programs_sqlite_file_is_refused_and_left_alone(path: Path, script: str) -> None:
    path.parent.mkdir()
    with raw(path) as db:
        db.execute(script)
    db.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="SQLite"), open_ledger(path):
        pass
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    with pytest.raises(LedgerError, match="not a database"), open_ledger(path):
        pass


# --- what is recorded -------------------------------------------------------------------------------


def test_an_arrival_comes_back_as_it_was_recorded(ledger: Ledger) -> None:
    hanoi = NOW.astimezone(timezone(timedelta(hours=7)))
    found = finding("over-maximum", sheet="Phiếu", cell="E9", row="1.1", entered="3",
                    params={"maximum": "2", "minimum": "0"})  # fmt: skip
    waived = finding("missing-evidence", row="1.2").at(waived="theo công văn")
    with ledger.transaction():
        told = ledger.record(arrival(received=hanoi, findings=(found, waived), role="van-phong"))
    (kept,) = ledger.submissions()
    assert kept == told
    assert kept.findings == (found, waived)
    assert kept.received == NOW


def test_cards_are_text_until_somebody_asks(ledger: Ledger) -> None:
    given = [{"values": {"d1.1": {"points": str(n)}}} for n in range(9)]
    told = []
    for n, card in enumerate(given):
        with ledger.transaction():
            told.append(ledger.record(arrival(b"%d.xlsx" % n, f"a{n}", card=card)))
    read = cards._read  # holds a few, so that a card is not read once per question
    read.cache_clear()
    for arrivals in (told, ledger.arrivals()):
        misses = read.cache_info().misses
        assert len(arrivals) == len(given)
        assert read.cache_info().misses == misses
        assert [one.card for one in arrivals] == given
        assert read.cache_info().currsize < len(given)


def test_versions_count_per_unit_and_role(ledger: Ledger) -> None:
    assert record(ledger, sha256="aa") == 1
    assert record(ledger, sha256="bb") == 2
    assert record(ledger, sha256="cc", role="van-phong") == 1
    assert record(ledger, sha256="dd", unit="STC") == 1


def test_an_entry_has_a_generation_for_each_content(ledger: Ledger) -> None:
    for content in ("aa", "bb", "aa"):
        record(ledger, sha256=content)
    last = ledger.sighting(b"STP.xlsx")
    assert last is not None
    assert (last.generation, last.sha256) == (3, "aa")
    assert ledger.sightings() == {b"STP.xlsx": last}


def test_entries_that_differ_by_one_byte_are_two(ledger: Ledger) -> None:
    record(ledger, entry=b"S\xc3\xa1u.xlsx", sha256="aa")
    record(ledger, entry=b"Sa\xcc\x81u.xlsx", sha256="bb")
    assert set(ledger.sightings()) == {b"S\xc3\xa1u.xlsx", b"Sa\xcc\x81u.xlsx"}


def test_a_content_is_known_under_any_name(ledger: Ledger) -> None:
    record(ledger, sha256="aa")
    record(ledger, sha256="aa", entry=b"B/STP.xlsx", status=Status.INVALID)
    record(ledger, sha256="cc")
    told = [(entry, r.status, r.version) for entry, r in ledger.outcomes("aa")]
    assert told == [(b"B/STP.xlsx", Status.INVALID, 2), (b"STP.xlsx", Status.VALID, 1)]
    assert ledger.outcomes("bb") == []


def test_what_has_no_bytes_is_never_known_content(ledger: Ledger) -> None:
    record(ledger, sha256="", unit="", status=Status.REJECTED)
    assert ledger.outcomes("") == []


def test_a_failed_transaction_records_nothing(ledger: Ledger) -> None:
    def failing() -> None:
        with ledger.transaction():
            ledger.record(arrival())
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        failing()
    assert ledger.submissions() == []
    assert ledger.head() == "0" * 64


def test_a_transaction_that_sqlite_rolled_back_tells_its_own_error(ledger: Ledger) -> None:
    ledger._db.execute("PRAGMA max_page_count = 40")

    def fill_the_disk() -> None:
        with ledger.transaction():
            for number in range(10_000):
                ledger.record(arrival(sha256=f"{number:064}", card={"sheet": "x" * 1000}))

    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill_the_disk()
    assert ledger.submissions() == []


# --- issued forms -----------------------------------------------------------------------------------


def test_a_form_unchanged_keeps_its_serial(ledger: Ledger) -> None:
    wanted = [("STP", "", "d1"), ("STC", "ke-toan", "d1"), ("STC", "van-phong", "d1")]
    first = ledger.issue("scorecard", wanted, NOW)
    assert sorted(first.values()) == [1, 2, 3]
    head = ledger.head()
    assert ledger.issue("scorecard", wanted, NOW) == first
    assert ledger.head() == head
    assert ledger.revoked() == {}


def test_a_form_whose_digest_changes_gets_a_new_serial_and_the_old_is_revoked(
    ledger: Ledger,
) -> None:
    ledger.issue("scorecard", [("STP", "", "d1"), ("STC", "", "d1")], NOW)
    again = ledger.issue("scorecard", [("STP", "", "d2"), ("STC", "", "d1")], NOW)
    assert again == {("STP", ""): 3, ("STC", ""): 2}
    assert ledger.revoked() == {1: "đã cấp phiếu mới"}
    assert {i.serial for i in ledger.issues("scorecard").values()} == {2, 3}


def test_a_unit_has_its_whole_card_or_role_cards_in_force_never_both(ledger: Ledger) -> None:
    roles = [("STP", "ke-toan", "d1"), ("STP", "van-phong", "d1")]
    ledger.issue("scorecard", [("STP", "", "d1"), ("STC", "", "d1")], NOW)
    assert ledger.issue("scorecard", roles, NOW) == {
        ("STP", "ke-toan"): 3, ("STP", "van-phong"): 4,
    }  # fmt: skip
    assert ledger.revoked() == {1: "đã cấp phiếu riêng từng người"}
    assert set(ledger.issues("scorecard")) == {("STC", ""), *((u, r) for u, r, _ in roles)}
    assert ledger.issue("scorecard", [("STP", "", "d1")], NOW) == {("STP", ""): 5}
    assert ledger.revoked() == {
        1: "đã cấp phiếu riêng từng người",
        3: "đã cấp phiếu chung của đơn vị",
        4: "đã cấp phiếu chung của đơn vị",
    }
    assert ledger.issue("scorecard", roles[:1], NOW) == {("STP", "ke-toan"): 6}


def test_rounds_and_kinds_of_forms_are_apart(ledger: Ledger) -> None:
    first = ledger.issue("scorecard", [("STP", "", "d1")], NOW)
    second = ledger.issue("scorecard", [("STP", "", "d2")], NOW, round_=2)
    third = ledger.issue("reply", [("STP", "", "d3")], NOW)
    assert [*first.values(), *second.values(), *third.values()] == [1, 2, 3]
    assert ledger.revoked() == {}


# --- the log ----------------------------------------------------------------------------------------


def test_the_chain_of_events_is_sound(ledger: Ledger) -> None:
    ledger.issue("scorecard", [("STP", "", "d1")], NOW)
    record(ledger)
    ledger.event(NOW, "note", {"text": "Kỳ thử"})
    assert ledger.chain_is_sound()
    assert len(ledger.head()) == 64


@pytest.mark.parametrize("column", ["at", "actor", "kind", "body", "previous", "hash"])
@pytest.mark.parametrize("seq", [1, 2, 3])
def test_an_event_that_was_altered_behind_our_back_is_found(
    ledger: Ledger, path: Path, column: str, seq: int
) -> None:
    for number in range(3):
        ledger.event(NOW, "note", {"number": number})
    with raw(path) as db:
        db.execute("DROP TRIGGER events_keep")
        db.execute(f"UPDATE events SET {column} = 'x' || {column} WHERE seq = ?", (seq,))  # noqa: S608
    db.close()
    assert not ledger.chain_is_sound()


def test_an_event_that_was_taken_out_is_found(ledger: Ledger, path: Path) -> None:
    for number in range(3):
        ledger.event(NOW, "note", {"number": number})
    with raw(path) as db:
        db.execute("DROP TRIGGER events_stay")
        db.execute("DELETE FROM events WHERE seq = 2")
    db.close()
    assert not ledger.chain_is_sound()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM submissions",
        "DELETE FROM findings",
        "DELETE FROM sightings",
        "DELETE FROM issues",
        "DELETE FROM events",
        "UPDATE events SET body = '{}'",
        "UPDATE submissions SET sha256 = 'bb'",
        "UPDATE submissions SET card = '{}'",
        "UPDATE submissions SET sighting = 2",
    ],
)
def test_nothing_recorded_can_be_deleted_or_rewritten(
    ledger: Ledger, path: Path, statement: str
) -> None:
    ledger.issue("scorecard", [("STP", "", "d1")], NOW)
    record(ledger, findings=(finding("draft"),))
    db = raw(path)  # foreign keys are off here: the triggers alone must hold
    with pytest.raises(sqlite3.IntegrityError, match=r"never|append-only"):
        db.execute(statement)
    db.close()


# --- several processes ------------------------------------------------------------------------------

WRITER = """
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from xlscore.ledger import open_ledger

    for number in range(15):
        with open_ledger(Path(sys.argv[1])) as ledger:
            ledger.event(datetime.now(UTC), "note", {"by": sys.argv[2], "number": number})
            ledger.issue("scorecard", [(f"U{number}", "", "d1")], datetime.now(UTC))
"""


def test_two_processes_write_to_one_ledger_from_the_first_moment_on(path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(path)]
    writers = [subprocess.Popen([*command, name], cwd=ROOT) for name in ("a", "b")]
    assert [writer.wait(timeout=300) for writer in writers] == [0, 0]
    with open_ledger(path) as ledger:
        assert ledger.chain_is_sound()
        assert len(ledger.issues("scorecard")) == 15
        (events,) = ledger._db.execute("SELECT count(*) FROM events WHERE kind = 'note'").fetchone()
    assert events == 30
