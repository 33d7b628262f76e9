"""The ledger's upkeep: every damage is found under its name, a backup holds it, a rebuild brings it back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from tests.campaigns import make_campaign
from tests.collecting import collect
from tests.recorded import LATER, NOW, Office, write_history
from xlscore import i18n
from xlscore.blobs import blob_path, record_path
from xlscore.cli.ledgers import ledger as commands
from xlscore.findings import Status
from xlscore.jsonshapes import ranking_to_json, status_to_json
from xlscore.layout import Slot
from xlscore.ledger import LedgerError, open_ledger
from xlscore.ledger.keeper import reading
from xlscore.ledger.outbox import RECEIPT
from xlscore.ledger.replay import Books, history, replay
from xlscore.publishing import publish
from xlscore.standing import standings
from xlscore.upkeep import BackupError, Checked, Rebuilt, back_up, check_ledger
from xlscore.upkeep import backups as backing_up
from xlscore.upkeep import rebuilding as rebuilding_module
from xlscore.upkeep.backups import backups
from xlscore.upkeep.checks import compare_books
from xlscore.upkeep.forms import recover_forms
from xlscore.upkeep.troubles import _TABLE, Cure, Trouble
from xlscore.workspace import Workspace, open_workspace


def plain(books: Books) -> Any:
    return [
        books.forms,
        books.arrivals,
        books.evidence,
        books.decisions,
        books.releases,
        books.ledger,
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    campaign = make_campaign(tmp_path_factory.mktemp("made") / "campaign")
    (campaign.root / "inbox").mkdir()
    returns = {"STP": campaign.filled(), "STC": campaign.filled(unit="STC")}
    write_history(campaign, returns)
    return campaign.root, returns


@pytest.fixture
def office(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> Office:
    shutil.copytree(made[0], tmp_path / "campaign")
    return Office(open_workspace(tmp_path / "campaign"))


# --- what is sound ------------------------------------------------------------------------------------


def test_a_sound_ledger_has_no_trouble_and_is_left_untouched(office: Office) -> None:
    before = tree(office.data)
    done: list[tuple[int, int]] = []
    checked = check_ledger(office.workspace, lambda at, total: done.append((at, total)))
    assert checked.troubles == []
    assert (checked.arrivals, checked.contents, checked.chain) == (5, 5, 1)
    assert done == [(n, 5) for n in range(1, 6)]
    assert tree(office.data) == before


def test_a_campaign_that_has_done_nothing_yet_is_fine(tmp_path: Path) -> None:
    fresh = make_campaign(tmp_path / "fresh")
    assert check_ledger(fresh.workspace) == Checked()
    assert not fresh.workspace.data.exists()


def test_replaying_the_log_gives_what_the_ledger_holds(office: Office) -> None:
    with reading(office.path) as ledger:
        told = replay(logged.event for logged in history(ledger))
        assert list(compare_books(told, ledger.books())) == []
    assert {f["copy_of"] for f in told.forms.values()} == {0, 1}
    assert [s for s, f in told.forms.items() if f["revoked"]] == [4]
    assert told.ledger
    assert told.inbox == "1234"


# --- every damage under its name ----------------------------------------------------------------------


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def sql(*statements: str) -> Callable[[Office], None]:
    def apply(office: Office) -> None:
        with closing(sqlite3.connect(office.path, isolation_level=None)) as db:
            for (trigger,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                db.execute(f"DROP TRIGGER {trigger}")
            for statement in statements:
                db.execute(statement)

    return apply


def lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Office], None]:
    def apply(office: Office) -> None:
        path = office.journal.path(1)
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    return apply


def file(pattern: str, change: Callable[[Path], Any]) -> Callable[[Office], None]:
    def apply(office: Office) -> None:
        change(min(office.data.glob(pattern)))

    return apply


def stray_record(office: Office) -> None:
    path = record_path(office.archive, "ab" * 32, 99)
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")


def unclear_event(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        ledger.event(office.now(), "voided", {"what": "?"})


def flipped(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(bytes([data[0] ^ 1]) + data[1:])


def middle_removed(told: list[bytes]) -> list[bytes]:
    return told[:4] + told[5:]


NEW_FORM = "INSERT INTO issues VALUES (99, 'scorecard', 1, 'X', '', 'd', '2026-12-01', '', NULL)"
NEW_ARRIVAL = (
    "INSERT INTO sightings VALUES (99, x'61', 1, '', 0, 0, '2026')",
    (
        "INSERT INTO submissions SELECT 99, 99, '', 'f', 'valid', 'X', '', 1, 0, '2026', '{}', '', NULL,"
        " 'scorecard', 1"
    ),
)
DAMAGE: dict[str, tuple[Callable[[Office], None], set[str]]] = {
    "the file gone": (Office.lose, {"ledger-missing"}),
    "the file overwritten": (
        file("ledger.db", lambda p: p.write_bytes(b"x" * 5000)), {"ledger-unreadable"},
    ),
    "another program's file": (sql("PRAGMA application_id = 7"), {"ledger-unreadable"}),
    "an older version": (sql("PRAGMA user_version = 1"), {"ledger-older"}),
    "a newer version": (sql("PRAGMA user_version = 99"), {"ledger-unreadable"}),
    "a dangling reference": (
        sql("INSERT INTO releases VALUES (99, 99, 'mail', 'X', '2026')"),
        {"database-damaged", "release-unlogged"},
    ),
    "another id": (sql("UPDATE facts SET value = 'ff' WHERE key = 'ledger'"), {"identity-altered"}),
    "an event rewritten": (
        sql("UPDATE events SET body = replace(body, 'Lan', 'Mai') WHERE seq = 12"),
        {"chain-broken", "journal-line-altered", "decision-altered"},
    ),
    "an event removed": (
        sql("DELETE FROM events WHERE seq = 7"), {"chain-broken", "journal-ahead", "release-unlogged"},
    ),
    "the last event removed": (
        sql("DELETE FROM events WHERE kind = 'evidence'"), {"journal-ahead", "evidence-unlogged"},
    ),
    "an event that says nothing": (unclear_event, {"event-unclear"}),
    "the journal gone": (file("journal/*", Path.unlink), {"journal-behind"}),
    "the journal's last line half written": (
        lines(lambda told: [*told[:-1], told[-1][:30]]), {"journal-behind"},
    ),
    "a journal line damaged": (
        lines(lambda told: [*told[:4], b"??\n", *told[5:]]),
        {"journal-line-damaged", "journal-line-missing"},
    ),
    "a journal's last line damaged": (
        lines(lambda told: [*told, b"??\n"]), {"journal-line-damaged"},
    ),
    "a journal line altered": (
        lines(lambda told: [line.replace(b"Lan", b"Mai") for line in told]), {"journal-line-altered"},
    ),
    "a journal line missing": (lines(middle_removed), {"journal-line-missing"}),
    "a journal line twice": (lines(lambda told: told[:4] + told[3:]), {"journal-line-extra"}),
    "an original gone": (file("archive/??/*.bin", Path.unlink), {"content-missing"}),
    "an original altered": (file("archive/??/*.bin", flipped), {"content-altered"}),
    "an original cut": (
        file("archive/??/*.bin", lambda p: p.write_bytes(b"")), {"content-altered"},
    ),
    "a size altered": (sql("UPDATE blobs SET size = size + 1"), {"content-altered"}),
    "an original struck off the list": (sql("DELETE FROM blobs"), {"content-unlisted"}),
    "a record gone": (file("archive/??/*.json", Path.unlink), {"record-missing"}),
    "a record altered": (file("archive/??/*.json", flipped), {"record-altered"}),
    "a record of nobody": (stray_record, {"record-unknown"}),
    "the keys gone": (file("keys.json", Path.unlink), {"keys-missing"}),
    "the keys damaged": (file("keys.json", lambda p: p.write_text("{")), {"keys-damaged"}),
    "a form removed": (
        sql("DELETE FROM issues WHERE serial = 5"), {"form-missing"},
    ),
    "a form added": (sql(NEW_FORM), {"form-unlogged"}),
    "an arrival removed": (
        sql("DELETE FROM findings WHERE submission = 2", "DELETE FROM decisions WHERE submission = 2",
            "DELETE FROM submissions WHERE id = 2"),
        {"arrival-missing", "decision-missing"},
    ),
    "an arrival added": (sql(*NEW_ARRIVAL), {"arrival-unlogged"}),
    "evidence removed": (sql("DELETE FROM evidence"), {"evidence-missing"}),
    "evidence of another unit": (sql("UPDATE evidence SET unit = 'STC'"), {"evidence-altered"}),
    "a decision removed": (sql("DELETE FROM decisions WHERE id = 1"), {"decision-missing"}),
    "a decision added": (
        sql("INSERT INTO decisions VALUES (99, 'void', 2, 'STP', '{}', 'x', 'y', '2026-12-01')"),
        {"decision-unlogged"},
    ),
    "a decision's body no JSON": (
        sql("UPDATE decisions SET body = '{' WHERE kind = 'waive'"), {"decision-altered"},
    ),
    "a release removed": (sql("DELETE FROM releases WHERE serial = 1"), {"release-missing"}),
    "a release at another time": (
        sql("UPDATE releases SET released_at = '2026'"), {"release-altered"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damage_is_found_under_its_own_name(office: Office, damage: str) -> None:
    apply, expected = DAMAGE[damage]
    apply(office)
    found = check_ledger(office.workspace).troubles
    assert {trouble.name for trouble in found} == expected
    for trouble in found:
        assert all("{" not in said.replace("{}", "") for said in trouble.words), trouble
        assert all(trouble.cure.words)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "'x'"), ("round", "2"), ("unit", "'X'"), ("role", "'x'"), ("digest", "'x'"),
        ("issued_at", "'2026'"), ("revoked", "'x'"), ("copy_of", "3"),
    ],
)  # fmt: skip
def test_a_form_altered_in_sqlite_is_found(office: Office, column: str, value: str) -> None:
    sql(f"UPDATE issues SET {column} = {value} WHERE serial = 2")(office)  # noqa: S608
    (trouble,) = check_ledger(office.workspace).troubles
    assert (trouble.name, trouble.place) == ("form-altered", "2")
    assert trouble.what == {"issued_at": "at"}.get(column, column)


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("UPDATE submissions SET status = 'invalid' WHERE id = 2", "status"),
        ("UPDATE submissions SET unit = 'AB' WHERE id = 2", "unit"),
        ("UPDATE submissions SET role = 'x' WHERE id = 2", "role"),
        ("UPDATE submissions SET version = 9 WHERE id = 2", "version"),
        ("UPDATE submissions SET serial = 9 WHERE id = 2", "serial"),
        ("UPDATE submissions SET file = 'x' WHERE id = 2", "file"),
        ("UPDATE submissions SET received_at = '2026-01-01' WHERE id = 2", "received"),
        ("UPDATE submissions SET scanned_at = '2026-01-01' WHERE id = 2", "scanned"),
        ("UPDATE submissions SET judged_again = 1 WHERE id = 2", "judged_again"),
        ("UPDATE submissions SET card = replace(card, '\"2\"', '\"3\"') WHERE id = 2", "card"),
        ("UPDATE submissions SET card = '{' WHERE id = 2", "card"),
        ("INSERT INTO findings VALUES (2, 99, 'P001', '{}')", "findings"),
        ("UPDATE sightings SET entry = x'61' WHERE id = 2", "entry"),
    ],
)
def test_an_arrival_altered_in_sqlite_is_found(office: Office, statement: str, field: str) -> None:
    sql(statement)(office)
    (trouble,) = check_ledger(office.workspace).troubles
    assert (trouble.name, trouble.place, trouble.what) == ("arrival-altered", "2", field)


def test_a_finding_removed_or_altered_in_sqlite_is_found(office: Office) -> None:
    sql("DELETE FROM findings WHERE submission = 1")(office)
    sql("UPDATE findings SET code = 'P001' WHERE submission = 5")(office)
    found = [(t.name, t.place, t.what) for t in check_ledger(office.workspace).troubles]
    assert found == [("arrival-altered", "1", "findings"), ("arrival-altered", "5", "findings")]


def test_a_touched_file_is_no_trouble(office: Office) -> None:
    with open_ledger(office.path) as ledger, ledger.transaction():
        seen = ledger.sighting(b"STP.xlsx")
        assert seen is not None
        ledger.seen_again(seen, seen.size, 77)
    assert office.check() == []


def test_every_trouble_says_something_in_both_languages() -> None:
    for name in _TABLE:
        for said in Trouble(name, "<place>", "<what>").words:
            assert said.endswith((".", ";"))
            assert "{" not in said
    assert all(len(cure.words) == 2 for cure in Cure)


# --- backups -------------------------------------------------------------------------------------------


def test_a_backup_is_a_ledger_with_its_journal_keys_and_campaign(office: Office) -> None:
    folder = back_up(office.workspace, None, NOW)
    assert folder == office.data / "backups" / "xlscore-thu-2026-20261201-163000"
    assert set(tree(folder)) == {
        "ledger.db",
        "keys.json",
        "campaign.yaml",
        "journal/chain-0001.jsonl",
    }
    with reading(folder / "ledger.db") as copy, reading(office.path) as ledger:
        assert copy.head() == ledger.head()
        assert plain(copy.books()) == plain(ledger.books())
    assert (folder.parent / "latest.txt").read_text() == f"{folder.name}\n"
    assert {p.name for p in folder.parent.iterdir()} == {folder.name, "latest.txt"}
    assert list(office.data.glob("snapshot-*")) == []


def test_a_backup_with_the_archive_alone_brings_the_campaign_back(
    office: Office, tmp_path: Path
) -> None:
    before = office.books()
    folder = back_up(office.workspace, tmp_path / "share", NOW, archive=True)
    shutil.rmtree(office.data)
    shutil.copytree(folder, office.data)
    assert office.check() == []
    assert plain(office.books()) == plain(before)


def test_only_so_many_backups_are_kept_and_nothing_of_others_is_deleted(office: Office) -> None:
    target = office.data / "backups"
    (target / "xlscore-other-20200101-000000").mkdir(parents=True)
    (target / "xlscore-thu-2026-mine").mkdir()
    made = [
        back_up(office.workspace, target, NOW + timedelta(days=n), keep=2).name for n in range(4)
    ]
    assert [p.name for p in backups(target, "thu-2026")] == made[2:]
    assert (target / "xlscore-other-20200101-000000").is_dir()
    assert (target / "xlscore-thu-2026-mine").is_dir()


def test_two_backups_of_one_second_are_two(office: Office) -> None:
    made = [back_up(office.workspace, None, NOW).name for _ in range(2)]
    assert made == ["xlscore-thu-2026-20261201-163000", "xlscore-thu-2026-20261201-163000-2"]


def test_a_damaged_copy_is_no_backup(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaging(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:-1])

    monkeypatch.setattr(backing_up, "_copy", damaging)
    with pytest.raises(BackupError, match=r"ledger\.db"):
        back_up(office.workspace, None, NOW)
    assert list((office.data / "backups").iterdir()) == []


def test_a_ledger_whose_chain_is_broken_makes_no_backup(office: Office) -> None:
    sql("UPDATE events SET body = '{}' WHERE seq = 3")(office)
    with pytest.raises(BackupError):
        back_up(office.workspace, None, NOW)


# --- rebuilding ----------------------------------------------------------------------------------------


def names(done: Rebuilt) -> list[str]:
    return [trouble.name for trouble in done.lacking]


def shown(office: Office) -> str:
    """Status and ranking as JSON."""
    with open_ledger(office.path) as ledger:
        found = standings(office.workspace, ledger.submissions(), LATER)
    ranking = ranking_to_json(publish(office.workspace, LATER, draft=True))
    return json.dumps([status_to_json(office.workspace.campaign, found.values()), ranking])


def test_a_lost_ledger_comes_back_as_it_was(office: Office) -> None:
    before, said = office.books(), shown(office)
    with open_ledger(office.path) as ledger:
        told, waivers = ledger.submissions(), ledger.waivers()
    office.lose()
    done = office.rebuild()
    assert done.lacking == ()
    assert done.set_aside == ()
    assert (done.chain, done.arrivals, done.evidence, done.decisions) == (2, 5, 1, 5)
    assert (done.forms, done.releases) == (6, 2)
    assert office.books() == before
    assert shown(office) == said
    assert office.check() == []
    with open_ledger(office.path) as ledger:
        assert ledger.submissions() == told
        assert ledger.waivers() == waivers
        assert ledger.revoked() == {4: "đã cấp phiếu mới"}


def test_the_first_event_of_the_new_chain_cites_the_old_one(office: Office) -> None:
    with reading(office.path) as ledger:
        head, last = ledger.head(), len(ledger.events())
    office.lose()
    office.rebuild()
    body = office.event(1)
    assert body["previous"] == {"chain": 1, "last": last, "head": head}
    assert body["lacking"] == {}
    assert office.journal.chains() == [1, 2]


def test_numbers_go_on_after_a_rebuild(office: Office) -> None:
    office.lose()
    office.rebuild()
    with open_ledger(office.path) as ledger:
        serials = ledger.issue("scorecard", [("AB", "", "d9")], LATER)
        assert office.arrive(ledger, b"new") == 6
        assert ledger.submissions()[-1].version == 2
        assert office.decide(ledger, "void", 6) == 6
    assert serials == {("AB", ""): 7}
    assert office.check() == []


def test_entries_whose_bytes_are_known_are_known_after_a_rebuild(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        before = {e: (s.generation, s.sha256) for e, s in ledger.sightings().items()}
    office.lose()
    office.rebuild()
    with open_ledger(office.path) as ledger:
        assert {e: (s.generation, s.sha256) for e, s in ledger.sightings().items()} == before


def test_a_damaged_ledger_is_set_aside(office: Office) -> None:
    before = office.books()
    office.path.write_bytes(b"damaged" * 1000)
    done = office.rebuild()
    kept = {p.name: p.read_bytes() for p in done.set_aside}
    assert kept == {"ledger-broken-20261204-163000.db": b"damaged" * 1000}
    assert office.books() == before


def test_a_hot_journal_of_the_old_file_is_never_applied_to_the_new_one(tmp_path: Path) -> None:
    path, built = tmp_path / "ledger.db", tmp_path / "built.db"
    for place, data in ((path, b"old"), (built, b"new"), (tmp_path / "ledger.db-journal", b"hot")):
        place.write_bytes(data)
    (tmp_path / "ledger-broken-S.db").write_bytes(b"of an earlier rebuild")
    aside = rebuilding_module._put_in_place(built, path, "S")
    assert {p.name: p.read_bytes() for p in aside} == {
        "ledger-broken-S-2.db": b"old",
        "ledger-broken-S-2.db-journal": b"hot",
    }
    assert tree(tmp_path)["ledger.db"] == b"new"
    assert not (tmp_path / "ledger.db-journal").exists()


def test_rows_altered_in_sqlite_are_undone_by_a_rebuild(office: Office) -> None:
    before = office.books()
    sql("UPDATE submissions SET status = 'valid' WHERE id = 1", "DELETE FROM decisions")(office)
    assert office.rebuild().lacking == ()
    assert office.books() == before


def test_rebuilding_twice_in_a_row_changes_nothing(office: Office) -> None:
    before = office.books()
    assert [office.rebuild().chain for _ in range(2)] == [2, 3]
    assert office.books() == before
    assert office.check() == []
    assert len(list(office.data.glob("ledger-broken-*.db"))) == 2


def test_what_happens_after_a_rebuild_survives_the_next_one(office: Office) -> None:
    office.lose()
    office.rebuild()
    with open_ledger(office.path) as ledger:
        office.decide(ledger, "unwaive", code="S030", row="1.1")
        office.arrive(ledger, b"new")
        ledger.issue("reply", [("STP", "", "d3")], LATER)
    before = office.books()
    office.lose()
    assert office.rebuild().lacking == ()
    assert office.books() == before
    assert office.check() == []


def test_a_ledger_that_is_gone_is_not_silently_made_anew(office: Office) -> None:
    office.lose()
    with pytest.raises(LedgerError, match="rebuild"), open_ledger(office.path):
        pass
    assert not office.path.exists()


def test_an_earlier_journal_is_watched_after_a_rebuild(office: Office) -> None:
    office.rebuild()
    lines(lambda told: [line.replace(b"Lan", b"Mai") for line in told])(office)
    assert "earlier-journal-altered" in office.check()
    office.journal.path(1).unlink()
    assert "journal-missing" in office.check()


class KilledError(BaseException):
    pass


@pytest.mark.parametrize("step", ["_plan", "_build", "_put_in_place", "open_ledger"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_rebuild_that_is_killed_anywhere_can_be_run_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    before, real = office.books(), getattr(rebuilding_module, step)

    def dying(*args: Any, **how: Any) -> Any:
        if when == "after":
            real(*args, **how)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(rebuilding_module, step, dying)
        with pytest.raises(KilledError):
            office.rebuild()
    assert office.rebuild().lacking == ()
    assert office.books() == before
    assert office.check() == []
    assert not (office.data / "rebuilding").exists()


def test_a_rebuild_killed_between_the_two_names_leaves_a_ledger(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = office.books()
    real = Path.replace

    def dying(self: Path, target: Any) -> Path:
        if target == office.path:
            raise KilledError
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", dying)
        with pytest.raises(KilledError):
            office.rebuild()
    assert office.books() == before


# --- rebuilding from less ------------------------------------------------------------------------------


def test_without_a_journal_the_old_files_sound_log_serves(office: Office) -> None:
    before = office.books()
    office.journal.path(1).unlink()
    sql("UPDATE submissions SET status = 'valid' WHERE id = 1")(office)
    assert office.rebuild().lacking == ()
    assert office.books() == before
    assert office.check() == []


def test_a_damaged_journal_is_mended_from_the_sound_ledger(office: Office) -> None:
    before = office.books()
    whole = office.journal.path(1).read_bytes()
    lines(lambda told: [*told[:4], b"??\n", *told[5:]])(office)
    done = office.rebuild()
    assert done.lacking == ()
    assert office.journal.path(1).read_bytes() == whole
    assert "chain-0001.damaged-20261204-163000.jsonl" in {p.name for p in done.set_aside}
    assert office.books() == before
    assert office.check() == []


def test_without_any_log_arrivals_come_from_records_and_forms_from_workbooks(
    office: Office,
) -> None:
    before = office.books()
    office.lose()
    office.journal.path(1).unlink()
    done = office.rebuild()
    after = office.books()
    assert after.arrivals == before.arrivals
    assert {s: (f["unit"], f["digest"]) for s, f in after.forms.items()} == {
        s: (before.forms[s]["unit"], before.forms[s]["digest"]) for s in (1, 2)
    }
    assert (after.decisions, after.evidence, after.releases) == ({}, {}, {})
    assert names(done) == [
        "journal-missing", *["arrival-from-record"] * 5, *["form-recovered"] * 2, "id-unknown",
    ]  # fmt: skip
    assert office.check() == []
    office.rebuild()
    assert plain(office.books()) == plain(after)
    assert office.check() == []


def test_a_journal_that_was_cut_off_lacks_only_what_no_record_tells(office: Office) -> None:
    before = office.books()
    office.lose()
    lines(lambda told: told[:8])(office)
    done = office.rebuild()
    after = office.books()
    assert after.arrivals == before.arrivals
    assert after.forms == before.forms
    assert after.decisions == {}
    assert set(names(done)) == {"arrival-from-record"}
    assert office.check() == []


def test_a_damaged_line_costs_only_what_it_told(office: Office) -> None:
    before = office.books()
    office.lose()
    at = next(i for i, e in enumerate(journal_events(office)) if e["kind"] == "restored")
    lines(lambda told: [*told[:at], b"??\n", *told[at + 1 :]])(office)
    done = office.rebuild()
    assert set(names(done)) == {"journal-line-damaged", "journal-line-missing", "chain-broken"}
    assert office.books().arrivals == before.arrivals
    assert before.decisions.keys() - office.books().decisions.keys() == {2}
    assert office.check() == []
    assert office.rebuild().lacking == ()


def journal_events(office: Office) -> list[dict[str, Any]]:
    return [json.loads(line) for line in office.journal.path(1).read_bytes().splitlines()]


def test_a_line_that_somebody_altered_is_not_believed(office: Office) -> None:
    office.lose()
    lines(lambda told: [line.replace(b"Lan", b"Mai") for line in told])(office)
    done = office.rebuild()
    assert "journal-line-altered" in names(done)
    assert office.books().decisions == {}
    assert office.check() == []


def test_a_record_that_is_gone_is_read_again_from_the_original(office: Office) -> None:
    before, said = office.books(), shown(office)
    record_path(office.archive, before.arrivals[2]["sha256"], 2).unlink()
    office.lose()
    done = office.rebuild()
    assert [(t.name, t.place, t.what) for t in done.lacking][1:] == [
        ("arrival-read-again", "2", "valid → valid")
    ]
    again, then = office.books().arrivals[2], before.arrivals[2]
    for field in ("status", "unit", "role", "version", "serial", "received", "card"):
        assert again[field] == then[field], field
    assert shown(office).replace(again["file"], "STP.xlsx") == said
    assert office.check() == []


def test_a_record_that_was_altered_is_set_aside_and_not_believed(office: Office) -> None:
    before = office.books()
    path = record_path(office.archive, before.arrivals[2]["sha256"], 2)
    path.write_bytes(path.read_bytes().replace(b'"valid"', b'"draft"'))
    altered = path.read_bytes()
    office.lose()
    done = office.rebuild()
    assert names(done) == ["record-altered", "arrival-read-again"]
    assert office.books().arrivals[2]["status"] == "valid"
    assert [p.read_bytes() for p in done.set_aside] == [altered]
    assert office.check() == []


def test_a_record_that_is_gone_comes_back_from_the_old_ledger_where_its_hash_fits(
    office: Office,
) -> None:
    before = office.books()
    record_path(office.archive, before.arrivals[2]["sha256"], 2).unlink()
    assert names(office.rebuild()) == ["record-missing"]
    assert office.books() == before
    assert office.check() == []


def test_an_arrival_of_which_only_the_event_is_left_keeps_its_number_and_does_not_count(
    office: Office,
) -> None:
    before = office.books()
    sha256 = before.arrivals[2]["sha256"]
    record_path(office.archive, sha256, 2).unlink()
    blob_path(office.archive, sha256).unlink()
    office.lose()
    assert names(office.rebuild()) == ["record-missing", "arrival-lost"]
    with open_ledger(office.path) as ledger:
        lost = ledger.submission(2)
        assert lost is not None
        assert (lost.status, lost.unit, lost.version) == (Status.REJECTED, "STP", 1)
        assert [f.name for f in lost.findings] == ["content-lost"]
        assert lost.timed
    assert office.check() == ["content-missing"]


def test_what_was_refused_is_not_accepted_by_reading_it_again(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        data = blob_path(office.archive, office.books().arrivals[2]["sha256"]).read_bytes()
        number = office.arrive(ledger, data, status=Status.REJECTED, entry=b"old.xlsx")
    record_path(office.archive, hashlib.sha256(data).hexdigest(), number).unlink()
    office.lose()
    assert names(office.rebuild()) == ["record-missing", "arrival-lost"]
    assert office.books().arrivals[number]["status"] == "rejected"


def test_a_missing_original_costs_nothing_but_itself(office: Office) -> None:
    before = office.books()
    blob_path(office.archive, before.arrivals[2]["sha256"]).unlink()
    office.lose()
    assert office.rebuild().lacking == ()
    assert office.books() == before
    assert office.check() == ["content-missing"]


def test_what_a_killed_run_left_beside_its_content_takes_nobodys_number(office: Office) -> None:
    before = office.books()
    facts = {**before.arrivals[5], "sha256": "ab" * 32, "received": "2026-11-01T00:00:00+00:00"}
    path = record_path(office.archive, "ab" * 32, 5)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(facts))
    office.lose()
    assert names(office.rebuild()) == ["record-unused"]
    assert office.books() == before


def test_a_number_of_which_nothing_is_left_is_told_and_kept_where_others_refer_to_it(
    office: Office,
) -> None:
    before = office.books()
    told = {e["seq"]: e["kind"] for e in journal_events(office)}
    for number in (1, 4):
        facts = before.arrivals[number]
        record_path(office.archive, facts["sha256"], number).unlink()
    arrived = sorted(seq for seq, kind in told.items() if kind == "arrived")
    gone = {arrived[0], arrived[3]}
    office.lose()
    lines(lambda all_: [line for n, line in enumerate(all_, 1) if n not in gone])(office)
    done = office.rebuild()
    assert names(done).count("number-missing") == 2
    after = office.books().arrivals
    assert {n: after[n]["status"] for n in (1, 4)} == {1: "rejected", 4: "rejected"}
    assert office.books().decisions == before.decisions
    assert office.check() == []


def without_events(office: Office, *kinds: str) -> None:
    told = [e["kind"] for e in journal_events(office)]
    lines(lambda all_: [line for line, kind in zip(all_, told, strict=True) if kind not in kinds])(
        office
    )


def test_what_was_handed_out_of_forms_that_nothing_knows_is_left_out(office: Office) -> None:
    office.lose()
    shutil.rmtree(office.workspace.templates)
    without_events(office, "issued", "arrived")
    for record in office.archive.glob("??/*.json"):
        record.unlink()
    done = office.rebuild()
    assert [t.place for t in done.lacking if t.name == "dropped"] == [
        "1, mail, STP",
        "2, mail, STC",
    ]
    assert office.books().releases == {}
    assert office.check() == []


def test_forms_come_back_from_returns_and_the_original_of_a_copy_from_the_copy(
    office: Office,
) -> None:
    before = office.books()
    office.lose()
    shutil.rmtree(office.workspace.templates)
    lines(lambda told: told[1:3] + told[3:])(office)
    done = office.rebuild()
    recovered = {t.place for t in done.lacking if t.name == "form-recovered"}
    assert recovered == {"1"}
    assert {s: f["copy_of"] for s, f in office.books().forms.items()} == {
        s: f["copy_of"] for s, f in before.forms.items()
    }
    assert office.check() == []


def form(serial: int, digest: str, **more: Any) -> tuple[int, dict[str, Any]]:
    facts = {"kind": "scorecard", "round": 1, "unit": "STP", "role": "", "digest": digest,
             "at": "", "revoked": "", "copy_of": 0}  # fmt: skip
    return serial, {**facts, **more}


def test_of_recovered_forms_the_latest_is_in_force_and_one_alike_is_a_marked_copy() -> None:
    books = Books(forms=dict([form(1, "a")]))
    changed, troubles = recover_forms(books, [form(2, "a"), form(4, "b"), form(1, "z")])
    assert {s: (f["copy_of"], f["revoked"]) for s, f in sorted(changed.items())} == {
        1: (0, "đã cấp phiếu mới"),
        2: (1, "đã cấp phiếu mới"),
        4: (0, ""),
    }
    assert [(t.name, t.place) for t in troubles] == [
        ("form-recovered", "2"),
        ("form-recovered", "4"),
        ("serial-missing", "3"),
    ]


def test_damaged_keys_and_workbooks_do_not_keep_a_rebuild_from_its_work(office: Office) -> None:
    before = office.books()
    (office.workspace.templates / "so" / "x.xlsx").write_bytes(b"no workbook")
    office.lose()
    office.journal.path(1).unlink()
    office.rebuild()
    assert office.books().forms.keys() == {1, 2}
    office.lose()
    office.journal.path(1).unlink(missing_ok=True)
    office.journal.path(2).unlink()
    (office.data / "keys.json").write_text("{")
    Office(open_workspace(office.workspace.root)).rebuild()
    assert office.books().arrivals == before.arrivals


def test_a_record_that_says_nothing_is_told(office: Office) -> None:
    before = office.books()
    stray_record(office)
    office.lose()
    assert names(office.rebuild()) == ["record-altered"]
    assert office.books() == before


def test_a_line_that_stands_twice_is_told_and_counts_once(office: Office) -> None:
    before = office.books()
    office.lose()
    lines(lambda told: told[:4] + told[3:])(office)
    assert names(office.rebuild()) == ["journal-line-extra"]
    assert office.books() == before


def test_on_a_disk_without_links_the_old_file_is_renamed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_args: Any) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refusing)
    before, old = office.books(), office.path.read_bytes()
    (aside,) = office.rebuild().set_aside
    assert aside.read_bytes() == old
    assert office.books() == before


def test_a_receipt_that_was_lost_between_record_and_writing_is_posted_again(office: Office) -> None:
    written = {1, 2, 4, 5}
    office.lose()
    office.rebuild(
        arrivals_without_receipt=lambda told: [r for r in told if r.id not in written and r.unit]
    )
    with open_ledger(office.path) as ledger:
        (post,) = ledger.waiting_posts()
    assert (post.kind, post.subject, post.submission) == (RECEIPT, "STC", 3)


def test_no_restored_arrival_gets_a_post_unasked(office: Office) -> None:
    office.rebuild()
    with open_ledger(office.path) as ledger:
        assert ledger.posts() == []


# --- with the real intake ---------------------------------------------------------------------------


def test_after_a_rebuild_the_next_collect_records_nothing_twice(tmp_path: Path) -> None:
    campaign = make_campaign(tmp_path / "campaign")
    office, inbox = Office(campaign.workspace), campaign.root / "inbox"
    (inbox / "STC").mkdir(parents=True)
    (inbox / "minh-chung").mkdir()
    contents = {
        "STP.xlsx": campaign.filled(), "copy.xlsx": campaign.filled(), "x.txt": b"hello",
        "STC/draft.xlsx": campaign.filled({("", Slot.SUBMIT): None}, unit="STC"),
        "minh-chung/a.pdf": b"%PDF",
    }  # fmt: skip
    for name, data in contents.items():
        (inbox / name).write_bytes(data)
    assert not collect(campaign.workspace, settle=0, now=lambda: NOW).waiting
    with open_ledger(office.path) as ledger:
        told, seen = ledger.submissions(), set(ledger.sightings())
    said = shown(office)
    office.lose()
    assert office.rebuild().lacking == ()
    again = collect(campaign.workspace, settle=0, now=lambda: LATER)
    assert again.recorded == []
    with open_ledger(office.path) as ledger:
        assert ledger.submissions() == told
        assert set(ledger.sightings()) == seen
    assert shown(office) == said
    assert office.check() == []


# --- any history ----------------------------------------------------------------------------------------

STEPS = st.lists(
    st.sampled_from(
        ["arrive", "again", "void", "restore", "time", "waive", "unwaive", "issue", "copy",
         "evidence", "release", "cut", "rebuild"]
    ),
    max_size=14,
)  # fmt: skip


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = make_campaign(tmp_path_factory.mktemp("bare") / "campaign").workspace
    assert workspace.keys.ring.keys
    return workspace


@given(STEPS)
@budget(max_examples=40)
def test_a_rebuild_gives_the_ledger_whatever_happened(bare: Workspace, steps: list[str]) -> None:
    for left in (p for p in bare.data.rglob("*") if p.is_file() and p.name != "keys.json"):
        left.unlink()
    office = Office(bare)
    with open_ledger(office.path) as ledger:
        ledger.event(office.now(), "inbox-opened", {"ledger": ledger.id, "inbox": ""})
    for number, step in enumerate(steps):
        happen(office, step, number)
    before = office.books()
    office.lose()
    done = office.rebuild()
    assert done.lacking == ()
    assert plain(office.books()) == plain(before)
    assert office.check() == []


def happen(office: Office, step: str, number: int) -> None:
    if step == "rebuild":
        office.rebuild()
        return
    if step == "cut":  # a crash: the next opening writes what the journal lacks
        path = max((office.data / "journal").iterdir())
        path.write_bytes(path.read_bytes()[:-7])
    with open_ledger(office.path) as ledger:
        told = ledger.submissions()
        match step:
            case "arrive":
                unit = ("STP", "STC")[number % 2]
                office.arrive(ledger, b"%d" % number, entry=b"%d" % (number % 3), unit=unit)
            case "again" if told:
                office.arrive(ledger, b"again", judged_again=told[0].id)
            case "void" | "restore" if told:
                office.decide(ledger, step, told[-1].id)
            case "time" if told:
                office.decide(ledger, step, told[0].id, received="2026-12-10T00:00:00+00:00")
            case "waive" | "unwaive":
                office.decide(ledger, step, code="S030", row=str(number % 2))
            case "issue":
                ledger.issue("scorecard", [("STP", ("", "r")[number % 2], f"d{number}")], NOW)
            case "copy" if ledger.issues("scorecard"):
                first = next(iter(ledger.issues("scorecard").values()))
                with ledger.transaction():
                    ledger.issue_copy("scorecard", first.serial, "d", NOW)
            case "evidence":
                office.evidence(ledger, b"pdf %d" % number, b"e%d" % (number % 2))
            case "release":
                serials = [issue.serial for issue in ledger.every_issue("STP")]
                ledger.release("mail", [(serial, "STP") for serial in serials], office.now())


# --- the commands ---------------------------------------------------------------------------------------


def run(office: Office, *args: str, code: int = 0, said: str | None = None) -> str:
    i18n.use("en")
    done = CliRunner().invoke(commands, [*args, "-C", str(office.workspace.root)], input=said)
    i18n.use("vi")
    assert done.exit_code == code, done.output
    return done.output


def words(name: str) -> str:
    """Return how a trouble begins in words."""
    return Trouble(name, "§", "§").words[0].split("§")[0].strip()


def test_check_says_that_all_is_well(office: Office) -> None:
    with reading(office.path) as ledger:
        assert ledger.head() in run(office, "check")
    data = json.loads(run(office, "check", "--json"))
    assert (data["troubles"], data["arrivals"], data["chain"]) == ([], 5, 1)


def test_check_names_each_trouble_and_its_cure(office: Office) -> None:
    min(office.archive.glob("??/*.bin")).unlink()
    assert words("content-missing") in run(office, "check", code=1)
    (trouble,) = json.loads(run(office, "check", "--json", code=1))["troubles"]
    assert (trouble["name"], trouble["cure"]) == ("content-missing", "backup")
    assert all(trouble[key] for key in ("place", "message", "remedy"))


def test_many_troubles_are_counted(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        for _ in range(60):
            ledger.event(NOW, "voided", {})
    shown_lines = run(office, "check", code=1).splitlines()
    assert sum(line.startswith("•") for line in shown_lines) == 50
    assert "10" in shown_lines[-1]


def test_backup_says_where(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "share"
    assert str(target) in run(office, "backup", "--to", str(target), "--archive", "--keep", "1")
    (made,) = backups(target, "thu-2026")
    assert len(list(made.glob("archive/??/*.bin"))) == 5


def test_backup_of_nothing_or_of_a_broken_ledger_is_the_environments_trouble(
    office: Office,
) -> None:
    sql("UPDATE events SET body = '{}' WHERE seq = 3")(office)
    assert "xlscore ledger check" in run(office, "backup", code=3)
    office.lose()
    with pytest.raises(LedgerError, match="xlscore ledger rebuild"):
        CliRunner().invoke(
            commands, ["backup", "-C", str(office.workspace.root)], catch_exceptions=False
        )


def test_rebuild_refuses_while_the_ledger_is_sound_unless_forced(office: Office) -> None:
    before = tree(office.data)
    run(office, "rebuild", "--yes", code=2)
    assert tree(office.data) == before
    run(office, "rebuild", "--yes", "--force")
    assert office.event(1)["chain"] == 2


def test_rebuild_asks_first(office: Office) -> None:
    before = office.books()
    office.lose()
    run(office, "rebuild", code=1, said="n\n")
    assert not office.path.exists()
    run(office, "rebuild", said="y\n")
    assert office.books() == before


def test_rebuild_lists_what_is_lacking(office: Office) -> None:
    office.lose()
    office.journal.path(1).unlink()
    said = run(office, "rebuild", "--yes", code=1)
    assert words("arrival-from-record") in said
    assert words("id-unknown") in said


def test_while_a_ledger_is_rebuilt_nobody_writes_to_the_old_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    real = rebuilding_module._build

    def building(*given: Any) -> str:
        with closing(sqlite3.connect(office.path, timeout=0)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            told.append(True)
        return real(*given)

    monkeypatch.setattr(rebuilding_module, "_build", building)
    office.rebuild()
    assert told


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_data_folder_is_the_operators_alone(tmp_path: Path) -> None:
    keys, ledger = (make_campaign(tmp_path / name).workspace for name in ("keys", "ledger"))
    assert keys.keys.sheet_password
    with open_ledger(ledger.ledger_path):
        pass
    for workspace in (keys, ledger):
        assert workspace.data.stat().st_mode & 0o077 == 0
