"""Arrivals of every kind of form: an older ledger is brought up to them, and they are checked and rebuilt."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import make_campaign
from tests.recorded import NOW, Office, write_history
from xlscore.blobs import record_path
from xlscore.findings import Status, finding
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_BOOK, SCORECARD, SURVEY
from xlscore.ledger import APPLICATION_ID, Recorded, migrations, open_ledger
from xlscore.ledger.arrivals import arrival_of
from xlscore.upkeep import Cure, check_ledger
from xlscore.workspace import open_workspace

LATER = {"editions", "edition_files", "letters"}
VERSION = 2
Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    campaign = make_campaign(tmp_path_factory.mktemp("made") / "campaign")
    (campaign.root / "inbox").mkdir()
    write_history(campaign, {"STP": campaign.filled(), "STC": campaign.filled(unit="STC")})
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger, ledger.transaction():
        ledger.post("receipt", "STP", NOW, submission=2)
        ledger.post("copy", "STC", NOW, submission=3, serial=5)
    return campaign.root


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Office:
    shutil.copytree(made, tmp_path / "campaign")
    return Office(open_workspace(tmp_path / "campaign"))


def rows(path: Path) -> Tables:
    """Return everything that is in a ledger."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {n: [dict(row) for row in db.execute(f"SELECT * FROM {n}")] for n in names}  # noqa: S608


def master(path: Path, kind: str) -> set[str]:
    """Return the names of a ledger's triggers or indices, those that SQLite makes itself left out."""
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,)).fetchall()
    return {name for (name,) in found if not name.startswith("sqlite_")}


def put_back(path: Path) -> Tables:
    """Write a ledger anew as version 2 had it; return what it holds."""
    held = {name: content for name, content in rows(path).items() if name not in LATER}
    assert {row["kind"] for row in held["submissions"]} == {SCORECARD}
    path.unlink()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for script in migrations()[:VERSION]:
            db.executescript(script)
        db.execute("DELETE FROM facts")
        for name, content in held.items():
            for row in content:
                if name == "submissions":
                    del row["kind"], row["round"]
                if name == "outbox":
                    del row["sha256"]
                marks = ",".join("?" * len(row))
                columns = ",".join(row)
                db.execute(f"INSERT INTO {name} ({columns}) VALUES ({marks})", tuple(row.values()))  # noqa: S608
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    return held


# --- a ledger of version 2 ------------------------------------------------------------------------


def test_an_older_ledger_loses_nothing_and_its_returns_are_scorecards(office: Office) -> None:
    before = put_back(office.path)
    filled = ("submissions", "findings", "decisions", "outbox", "evidence", "issues", "events")
    assert all(before[name] for name in filled)
    assert any(row["submission"] for row in before["decisions"])
    assert any(row["judged_again"] for row in before["submissions"])
    with open_ledger(office.path) as ledger:
        assert ledger.troubles() == []
        assert [s.kind for s in ledger.submissions()] == [SCORECARD] * len(before["submissions"])
    after = {name: content for name, content in rows(office.path).items() if name not in LATER}
    for row in after["submissions"]:
        assert (row.pop("kind"), row.pop("round")) == (SCORECARD, 1)
    assert {row.pop("sha256") for row in after["outbox"]} == {""}
    assert after == before


def test_an_older_ledger_is_kept_as_it_was_beside_the_new_one(office: Office) -> None:
    before = put_back(office.path)
    with open_ledger(office.path):
        pass
    (kept,) = office.data.glob("ledger-v2-*.db")
    assert rows(kept) == before


def test_a_migrated_ledger_is_made_like_a_new_one(office: Office, tmp_path: Path) -> None:
    put_back(office.path)
    with open_ledger(office.path), open_ledger(tmp_path / "new" / "ledger.db"):
        pass
    for kind in ("trigger", "index", "table"):
        assert master(office.path, kind) == master(tmp_path / "new" / "ledger.db", kind)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM submissions", "UPDATE submissions SET card = '{}'", "DELETE FROM findings"],
)
def test_what_a_migrated_ledger_records_still_stays(office: Office, statement: str) -> None:
    put_back(office.path)
    with open_ledger(office.path):
        pass
    with (
        closing(sqlite3.connect(office.path)) as db,
        pytest.raises(sqlite3.DatabaseError, match="never"),
    ):
        db.execute(statement)


def test_what_others_refer_to_is_the_migrated_table(office: Office) -> None:
    put_back(office.path)
    with open_ledger(office.path):
        pass
    with closing(sqlite3.connect(office.path, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            db.execute("INSERT INTO findings VALUES (999, 1, 'S001', '{}')")


def test_versions_go_on_where_the_older_ledger_stopped(office: Office) -> None:
    put_back(office.path)
    with open_ledger(office.path) as ledger:
        last = max(s.version for s in ledger.submissions() if s.unit == "STP")
        office.arrive(ledger, b"next", entry=b"next.xlsx")
        office.arrive(ledger, b"reply", entry=b"reply.xlsx", kind=REPLY)
        added = ledger.arrivals()[-2:]
    assert [(a.kind, a.version) for a in added] == [(SCORECARD, last + 1), (REPLY, 1)]


def test_records_that_know_no_kind_agree_with_their_hash_and_their_ledger(office: Office) -> None:
    put_back(office.path)
    with open_ledger(office.path) as ledger:
        told = [json.loads(e.body) for e in ledger.events() if e.kind == "arrived"]
    for body in told:
        path = record_path(office.archive, body["sha256"], body["submission"])
        facts = json.loads(path.read_bytes())
        assert hashlib.sha256(path.read_bytes()).hexdigest() == body["record"]
        assert not {"kind", "round"} & (facts.keys() | body.keys())
        assert (arrival_of(facts).kind, arrival_of(facts).round) == (SCORECARD, 1)
    assert office.check() == []


# --- further kinds --------------------------------------------------------------------------------

CLAIM = {"unit": "STP", "node": "n1.1", "decision": "adjust", "basis": "0a1b2c3d", "points": "1.5"}
BOOKS: tuple[tuple[str, int, str, dict[str, Any]], ...] = (
    (APPRAISAL, 1, "SNV", {"rows": [CLAIM]}),
    (APPRAISAL, 1, "SNV", {"rows": [CLAIM, {**CLAIM, "unit": "STC"}]}),
    (APPRAISAL, 2, "SNV", {"rows": []}),
    (REPLY, 1, "STP", {"rows": [{"node": "n1.1", "text": "Đã nộp đủ"}]}),
    (COUNCIL, 1, "SNV", {"rows": [CLAIM]}),
    (SURVEY, 1, "so", {"rows": [["STP", "n2.3", "81.5"]]}),
    (RESULT_BOOK, 1, "STP", {"units": {}}),
)


def hand_in(office: Office) -> list[Recorded]:
    """Record one book of every kind; return all that is on record."""
    with open_ledger(office.path) as ledger:
        for number, (kind, round_, subject, card) in enumerate(BOOKS):
            office.arrive(
                ledger, f"book {number}".encode(), entry=f"{number}.xlsx".encode(), kind=kind,
                round=round_, unit=subject, card=card, status=Status.VALID, serial=0,
                findings=(finding("foreign-rows", params={"count": "1", "rows": "9"}),),
            )  # fmt: skip
        return ledger.arrivals()


def of_kinds(recorded: list[Recorded]) -> Iterator[tuple[Any, ...]]:
    return ((a.kind, a.round, a.unit, a.version) for a in recorded if a.kind != SCORECARD)


def test_each_kind_round_and_subject_counts_its_own_versions(office: Office) -> None:
    assert list(of_kinds(hand_in(office))) == [
        (APPRAISAL, 1, "SNV", 1),
        (APPRAISAL, 1, "SNV", 2),
        (APPRAISAL, 2, "SNV", 1),
        (REPLY, 1, "STP", 1),
        (COUNCIL, 1, "SNV", 1),
        (SURVEY, 1, "so", 1),
        (RESULT_BOOK, 1, "STP", 1),
    ]
    with open_ledger(office.path) as ledger:
        assert [a.kind for a in ledger.arrivals(REPLY, COUNCIL)] == [REPLY, COUNCIL]
        first, second, other = ledger.arrivals(APPRAISAL)
        assert [ledger.is_superseded(a) for a in (first, second, other)] == [True, False, False]


def test_a_ledger_with_every_kind_is_sound_and_a_rebuild_gives_the_same(office: Office) -> None:
    before = hand_in(office)
    assert office.check() == []
    office.lose()
    assert office.rebuild().lacking == ()
    with open_ledger(office.path) as ledger:
        assert ledger.arrivals() == before
    assert office.check() == []
    office.lose()  # and a second time, across two chains
    office.rebuild()
    with open_ledger(office.path) as ledger:
        assert ledger.arrivals() == before
    assert office.check() == []


def test_a_ledger_brought_up_from_version_2_is_rebuilt_with_its_new_kinds(office: Office) -> None:
    put_back(office.path)
    before = hand_in(office)
    office.lose()
    assert office.rebuild().lacking == ()
    with open_ledger(office.path) as ledger:
        assert ledger.arrivals() == before


@pytest.mark.parametrize(
    "change", ["kind = 'reply'", "round = 3", "unit = 'STC'", "kind = 'scorecard', round = 1"]
)
def test_a_kind_that_was_edited_in_the_file_is_found(office: Office, change: str) -> None:
    number = next(a.id for a in hand_in(office) if a.kind == APPRAISAL and a.round == 2)
    with closing(sqlite3.connect(office.path, isolation_level=None)) as db:
        db.execute(f"UPDATE submissions SET {change} WHERE id = {number}")  # noqa: S608
    assert office.check() != []


def test_without_its_record_an_arrival_keeps_kind_round_and_version(office: Office) -> None:
    before = hand_in(office)
    book = next(a for a in before if a.kind == APPRAISAL and a.version == 2)
    record_path(office.archive, book.sha256, book.id).unlink()
    office.lose()
    assert office.rebuild().lacking
    with open_ledger(office.path) as ledger:
        assert list(of_kinds(ledger.arrivals())) == list(of_kinds(before))


def test_a_check_leaves_an_older_ledger_to_the_next_command_and_asks_for_no_rebuild(
    office: Office,
) -> None:
    put_back(office.path)
    before = office.path.read_bytes()
    (trouble,) = check_ledger(office.workspace).troubles
    assert (trouble.name, trouble.cure) == ("ledger-older", Cure.AGAIN)
    assert trouble.what.endswith(" 2)")
    assert office.path.read_bytes() == before
    with open_ledger(office.path):
        pass
    assert office.check() == []


def test_a_rebuild_brings_an_older_ledger_up_to_date_too(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        before = ledger.arrivals()
    put_back(office.path)
    assert office.rebuild().lacking == ()
    with open_ledger(office.path) as ledger:
        assert ledger.arrivals() == before
    assert office.check() == []
