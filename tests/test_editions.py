"""Editions: frozen once, whole or not at all, kept with all they rest on, and reopened as they were."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import shutil
import sqlite3
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.editions import NOW, House, codes, edited_settings
from tests.killing import Fate
from xlscore import publishing
from xlscore.archive import ContentError, keep, kept
from xlscore.blobs import blob_path
from xlscore.cli import cli
from xlscore.deciding import Said, void
from xlscore.durable import write_whole
from xlscore.editions import FileKind, NoEditionError, basis_from_json, reopen
from xlscore.editions.printing import Printed, print_files, results_to_bytes
from xlscore.findings import Status
from xlscore.i18n import use
from xlscore.ledger import Edition, EditionFile, open_ledger
from xlscore.publishing import ChangedError, publish
from xlscore.ranking import Results
from xlscore.reasons import of_system
from xlscore.upkeep import back_up, check_ledger, rebuild
from xlscore.workbooks.ranking import TargetInUseError
from xlscore.workspace import open_workspace


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House.made(tmp_path_factory.mktemp("made") / "campaign")


@pytest.fixture
def house(template: House, tmp_path: Path) -> House:
    return template.copied(tmp_path / "campaign")


def editions(house: House) -> list[Edition]:
    with open_ledger(house.workspace.ledger_path) as ledger:
        return ledger.editions()


def files(house: House) -> list[EditionFile]:
    with open_ledger(house.workspace.ledger_path) as ledger:
        return ledger.edition_files()


def said(results: Results) -> list[tuple[str, int | None, str]]:
    return [(r.result.unit.code, r.rank, str(r.result.decisive_index)) for r in results.rows]


# --- kept contents ------------------------------------------------------------------------------------


def test_a_content_is_kept_under_its_hash_and_keeping_it_again_changes_nothing(
    tmp_path: Path,
) -> None:
    digest = keep(tmp_path / "archive", b"abc")
    path = blob_path(tmp_path / "archive", digest)
    before = path.stat().st_mtime_ns
    assert digest == hashlib.sha256(b"abc").hexdigest()
    assert keep(tmp_path / "archive", b"abc") == digest
    assert path.stat().st_mtime_ns == before
    assert kept(tmp_path / "archive", digest) == b"abc"
    assert list((tmp_path / "archive").glob("*.tmp")) == []


def test_an_altered_content_is_no_content_and_is_kept_anew(tmp_path: Path) -> None:
    digest = keep(tmp_path, b"abc")
    blob_path(tmp_path, digest).write_bytes(b"abd")
    with pytest.raises(ContentError):
        kept(tmp_path, digest)
    keep(tmp_path, b"abc")
    assert kept(tmp_path, digest) == b"abc"
    blob_path(tmp_path, digest).unlink()
    with pytest.raises(FileNotFoundError):
        kept(tmp_path, digest)


# --- freezing -----------------------------------------------------------------------------------------


def test_ranking_freezes_an_edition_with_its_files_and_all_it_rests_on(house: House) -> None:
    done = house.rank()
    assert (done.edition, done.new) == (1, True)
    assert done.results.edition == 1
    assert done.path == house.book
    (edition,) = editions(house)
    basis = basis_from_json(edition.basis)
    assert [i.name for i in basis.inputs][:2] == ["campaign.yaml", "units.csv"]
    assert (basis.arrival, basis.decision, basis.head) == (2, 0, edition.head)
    assert set(basis.submissions) == {"STP", "STC"}
    for sha256, size in basis.kept.items():
        assert len(kept(house.workspace.archive, sha256)) == size
    kinds = {file.kind for file in files(house)}
    assert kinds == {FileKind.WORKBOOK, FileKind.RESULTS, FileKind.PAGE, FileKind.ANNOUNCEMENT}
    for file in files(house):
        data = kept(house.workspace.archive, file.sha256)
        assert (len(data), bool(file.cells)) == (file.size, file.kind == FileKind.WORKBOOK)
        if file.kind != FileKind.RESULTS:
            assert house.file(file.name).read_bytes() == data
    assert check_ledger(house.workspace).troubles == []


def test_the_same_state_gives_no_further_edition(house: House) -> None:
    house.rank()
    again = house.rank()
    assert (again.edition, again.new, again.restored) == (1, False, ())
    assert len(editions(house)) == 1
    assert len(files(house)) == 4


def test_the_frozen_bytes_win_over_what_lies_in_reports(house: House) -> None:
    first = house.rank()
    data = first.path.read_bytes()
    first.path.write_bytes(b"changed")
    house.file(dict(first.files)[FileKind.PAGE].name).unlink()
    again = house.rank()
    assert first.path.read_bytes() == data
    assert set(again.restored) == {first.path, dict(first.files)[FileKind.PAGE]}


def test_the_files_of_an_older_edition_are_laid_there_again(house: House) -> None:
    first = house.rank(public=True)
    contents = {path: path.read_bytes() for _, path in first.files}
    house.send("STC", "1", NOW + timedelta(days=2))
    house.rank(3)
    later = house.file("xep-hang-thu-2026-lan-2.xlsx").read_bytes()
    house.book.write_bytes(b"altered")
    house.book.with_suffix(".html").unlink()
    with open_ledger(house.workspace.ledger_path) as ledger:
        head = ledger.head()

    def run(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["rank", "--edition", *options, "-C", str(house.root)])
        return done.exit_code, done.stdout + done.stderr

    code, said = run("1", "--json")
    told = json.loads(said)
    assert (code, told["edition"]) == (0, 1)
    assert set(told["files"].values()) == set(map(str, contents))
    assert set(told["restored"]) == {str(house.book), str(house.book.with_suffix(".html"))}
    assert {path: path.read_bytes() for path in contents} == contents
    assert house.file("xep-hang-thu-2026-lan-2.xlsx").read_bytes() == later
    with open_ledger(house.workspace.ledger_path) as ledger:
        assert (ledger.head(), ledger.latest_edition().number) == (head, 2)  # type: ignore[union-attr]
        file = ledger.edition_files(1)[0]
    house.book.unlink()
    code, said = run("1")
    assert (code, said.count(str(house.book))) == (0, 2)
    assert run("3")[0] == run("1", "--draft")[0] == 2
    blob_path(house.workspace.archive, file.sha256).unlink()
    house.book.unlink()
    code, said = run("1")
    assert (code, file.sha256[:12] in said, house.book.exists()) == (3, True, False)


def test_a_new_return_gives_a_new_edition_and_the_old_one_stays(house: House) -> None:
    first = house.rank()
    data = first.path.read_bytes()
    house.send("STC", "0.5", NOW + timedelta(days=1, hours=1))
    second = house.rank(2)
    assert (second.edition, second.new) == (2, True)
    assert first.path.read_bytes() == data
    assert second.path != first.path


def test_a_return_that_was_refused_gives_no_further_edition(house: House) -> None:
    first = house.rank()
    house.send("STC", "99", NOW + timedelta(days=1, hours=1))  # more than the row allows
    with open_ledger(house.workspace.ledger_path) as ledger:
        assert [a.status for a in ledger.arrivals()][-1] is Status.INVALID
    again = house.rank(2)
    assert (again.edition, again.new, again.restored) == (1, False, ())
    assert house.rank(2, public=True).new is False  # made from what was there then
    assert said(again.results) == said(first.results)
    with open_ledger(house.workspace.ledger_path) as ledger:
        assert results_to_bytes(reopen(house.workspace, ledger, 1).results) == results_to_bytes(
            replace(first.results, edition=1)
        )
    assert codes(house.verify(house.book)) == set()
    house.send("STC", "0.5", NOW + timedelta(days=1, hours=2))
    assert house.rank(2).edition == 2


def test_a_deadline_that_has_passed_is_a_new_state(house: House) -> None:
    house.rank()
    assert house.rank(40).edition == 2


def test_the_public_version_joins_the_edition_whenever_it_is_asked_for(house: House) -> None:
    house.rank()
    public = house.rank(public=True)
    assert (public.edition, public.new) == (1, False)
    kinds = [file.kind for file in files(house)]
    assert kinds[4:] == [FileKind.PUBLIC_WORKBOOK, FileKind.PUBLIC_PAGE]
    assert dict(public.files)[FileKind.PUBLIC_WORKBOOK].name.startswith("cong-bo-")
    assert house.rank(public=True).restored == ()
    assert len(files(house)) == 6


def test_a_draft_freezes_nothing(house: House) -> None:
    done = publish(house.workspace, NOW, draft=True)
    assert (done.edition, done.results.edition) == (0, 0)
    assert done.path.name.endswith("-du-thao.xlsx")
    assert editions(house) == []
    assert [path.name for path in (house.root / "reports").iterdir()] == [done.path.name]


def test_a_campaign_that_was_edited_under_way_is_opened_again_first(house: House) -> None:
    edited_settings(house.root, title="Kỳ khác")
    with pytest.raises(ChangedError):
        house.rank()
    assert editions(house) == []


def test_a_template_that_cannot_be_used_stops_no_other_file(house: House) -> None:
    (house.root / "letters").mkdir()
    (house.root / "letters" / "thong-bao.docx").write_bytes(b"nothing")
    done = house.rank()
    assert len(done.problems) == 1
    assert {file.kind for file in files(house)} == {
        FileKind.WORKBOOK, FileKind.RESULTS, FileKind.PAGE,
    }  # fmt: skip
    (house.root / "letters" / "thong-bao.docx").unlink()
    again = house.rank()
    assert (again.edition, again.problems) == (1, ())
    assert FileKind.ANNOUNCEMENT in dict(again.files)


# --- reopening ----------------------------------------------------------------------------------------


def test_an_edition_is_reopened_as_it_was_whatever_has_changed_since(house: House) -> None:
    before = said(house.rank().results)
    house.send("STC", "0.5", NOW + timedelta(days=1, hours=1))
    (house.root / "units.csv").write_text(
        (house.root / "units.csv").read_text("utf-8").replace("Sở", "Ban"), encoding="utf-8"
    )
    now = open_workspace(house.root)
    with open_ledger(now.ledger_path) as ledger:
        results = reopen(now, ledger, 1).results
        with pytest.raises(NoEditionError):
            reopen(now, ledger, 2)
    assert said(results) == before
    assert results.edition == 1
    assert all(not r.result.unit.name.startswith("Ban") for r in results.rows)


def test_a_decision_after_an_edition_does_not_reach_back_into_it(house: House) -> None:
    before = said(house.rank().results)
    with open_ledger(house.workspace.ledger_path) as ledger:
        sent = [a for a in ledger.arrivals() if a.unit == "STC"][-1]
        void(ledger, sent.id, Said("Nhập nhầm", "Lan", NOW + timedelta(days=1, hours=1)))
        assert said(reopen(house.workspace, ledger, 1).results) == before
    again = house.rank(2)
    assert again.edition == 2
    assert said(again.results) != before


@pytest.mark.parametrize("title", ["Kỳ \U0001f3c6 “2026” \\ud83d", "Kỳ \x7f 2026 \\x7f"])
def test_no_sign_in_the_settings_keeps_an_edition_from_being_frozen(
    house: House, title: str
) -> None:
    path = house.root / "campaign.yaml"
    data = json.loads(path.read_text("utf-8")) | {"title": title}
    escaped = json.dumps(data, ensure_ascii=False).replace("\x7f", "\\u007f")
    path.write_text(escaped, encoding="utf-8")
    workspace = open_workspace(house.root)
    assert publish(workspace, NOW + timedelta(days=1)).edition == 1
    with open_ledger(workspace.ledger_path) as ledger:
        assert reopen(workspace, ledger, 1).workspace.campaign.settings.title == title


def test_input_files_outside_the_folder_are_kept_and_reopened_too(house: House) -> None:
    outside = house.root.parent / "units-of-all.csv"
    shutil.move(house.root / "units.csv", outside)
    for named in ("../units-of-all.csv", str(outside)):
        edited_settings(house.root, units=named)
        house.workspace = open_workspace(house.root)
        before = said(house.rank().results)
        number = editions(house)[-1].number
        with open_ledger(house.workspace.ledger_path) as ledger:
            assert said(reopen(house.workspace, ledger, number).results) == before


def test_an_edition_keeps_the_earlier_years_that_it_knew(house: House) -> None:
    results = publish(house.workspace, NOW, draft=True).results
    last = json.loads(results_to_bytes(results)) | {"year": 2025}
    file = house.root / "nam-2025.json"
    file.write_text(json.dumps(last), encoding="utf-8")
    edited_settings(house.root, earlier=[{"year": "2025", "results": file.name}])
    house.workspace = open_workspace(house.root)
    before = house.rank().results.years
    assert [year.year for year in before.years] == [2025]
    file.unlink()
    with open_ledger(house.workspace.ledger_path) as ledger:
        assert reopen(house.workspace, ledger, 1).results.years == before
    done = house.verify(house.book)
    assert (codes(done), [f.entered for f in done.findings]) == (set(), [file.name])


# --- upkeep -------------------------------------------------------------------------------------------


def test_a_lost_ledger_is_rebuilt_with_its_editions(house: House) -> None:
    house.rank(public=True)
    house.send("STC", "0.5", NOW + timedelta(days=1, hours=1))
    house.rank(2)
    told, before = editions(house), files(house)
    house.workspace.ledger_path.unlink()
    done = rebuild(house.workspace, NOW + timedelta(days=3))
    assert (done.lacking, done.editions, done.letters) == ((), 2, 0)
    assert (editions(house), files(house)) == (told, before)
    assert check_ledger(house.workspace).troubles == []
    assert codes(house.verify(house.book)) == set()


def test_a_rebuild_without_journal_of_editions_tells_what_is_missing(house: House) -> None:
    house.rank()
    journal = next((house.workspace.data / "journal").glob("*.jsonl"))
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"edition-frozen"' not in line))
    house.workspace.ledger_path.unlink()
    done = rebuild(house.workspace, NOW + timedelta(days=3))
    assert "journal-line-missing" in {t.name for t in done.lacking}
    assert editions(house) == []


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE editions SET head = 'x'", "edition-altered"),
        ("UPDATE editions SET basis = json_set(basis, '$.arrival', 1)", "edition-altered"),
        ("UPDATE edition_files SET sha256 = 'x' WHERE id = 1", "edition-file-altered"),
        ("DELETE FROM edition_files WHERE id = 1", "edition-file-missing"),
    ],
)
def test_ledger_check_finds_an_altered_edition(house: House, statement: str, name: str) -> None:
    house.rank()
    connection = sqlite3.connect(house.workspace.ledger_path)
    for trigger in ("editions_stay", "editions_keep", "edition_files_stay", "edition_files_keep"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(statement)
    connection.commit()
    connection.close()
    assert name in {trouble.name for trouble in check_ledger(house.workspace).troubles}


def test_ledger_check_misses_a_kept_input_file(house: House) -> None:
    house.rank()
    basis = basis_from_json(editions(house)[0].basis)
    blob_path(house.workspace.archive, basis.inputs[0].sha256).unlink()
    assert [t.name for t in check_ledger(house.workspace).troubles] == ["content-missing"]


def test_a_backup_with_the_archive_holds_the_edition(house: House) -> None:
    house.rank()
    folder = back_up(house.workspace, None, NOW, archive=True)
    for file in files(house):
        assert kept(folder / "archive", file.sha256)


# --- many at once, killed ------------------------------------------------------------------------------


def _rank(root: str, days: int) -> int:
    return House(Path(root)).rank(days).edition


def test_two_operators_at_once_get_the_same_edition(house: House) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        given = pool.starmap(_rank, [(str(house.root), 1)] * 2)
    assert given == [1, 1]
    assert len(editions(house)) == 1
    assert check_ledger(house.workspace).troubles == []


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_killed_at_every_step_there_is_never_half_an_edition(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pristine = house.root.parent / "pristine"
    shutil.copytree(house.root, pristine)
    printed: list[Printed] = []

    def print_once(*given: Any) -> list[Printed]:  # what temporaries hold is nobody's business
        printed[:] = printed or print_files(*given)
        return list(printed)

    monkeypatch.setattr(publishing, "print_files", print_once)
    house.rank()  # everything is loaded before the children
    number, going_on, frozen = 0, True, set()
    while going_on:
        number += 7 if number < 50 else 1  # the archive is written to in equal turns at first
        shutil.rmtree(house.root)
        shutil.copytree(pristine, house.root)
        going_on = _killed(house, number)
        frozen.add(len(editions(house)))
        done = house.rank()
        assert (done.edition, len(editions(house)), len(files(house))) == (1, 1, 4), number
        assert all(path.exists() for _kind, path in done.files)
        assert check_ledger(house.workspace).troubles == [], number
    assert frozen == {0, 1}
    assert number > 50


def _killed(house: House, number: int) -> bool:
    child = os.fork()
    if child == 0:
        try:
            Fate(number).seal()
            house.rank()
        except BaseException:  # noqa: BLE001  the child must not go on as the parent
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


# --- the command --------------------------------------------------------------------------------------


def run(house: House, *options: str) -> Result:
    return CliRunner().invoke(cli, ["rank", "-C", str(house.root), *options])


def test_a_full_disk_is_told_with_the_file_and_the_next_run_lays_it_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = os.write
    reports = house.root / "reports"

    def write(descriptor: int, data: bytes) -> int:
        if any(reports.glob(".*.tmp")):
            raise OSError(errno.ENOSPC, "No space left on device")
        return written(descriptor, data)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write)
        with pytest.raises(OSError, match="No space left") as told:
            house.rank()
    assert told.value.filename == str(house.book)
    again = house.rank()
    assert (again.edition, again.new, house.book.exists()) == (1, False, True)


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (PermissionError(13, "denied", "a.tmp", None, "a.xlsx"), TargetInUseError),
        (PermissionError(13, "denied", "a.tmp"), PermissionError),
    ],
)
def test_a_folder_that_may_not_be_written_is_not_taken_for_a_file_in_use(
    house: House, monkeypatch: pytest.MonkeyPatch, error: OSError, raised: type[Exception]
) -> None:
    def refused(path: Path, data: bytes) -> None:
        raise error

    monkeypatch.setattr(publishing, "write_whole", refused)
    with pytest.raises(raised):
        house.rank()


def test_a_file_that_cannot_be_written_is_named_itself(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, *_args: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(OSError, match="Read-only") as told:
        write_whole(house.book, b"")
    monkeypatch.undo()
    assert told.value.filename == str(house.book)
    assert of_system(told.value)[0] == "ổ đĩa chỉ cho đọc, không cho ghi"


def test_the_command_tells_edition_and_files(house: House) -> None:
    first = json.loads(run(house, "--json").stdout)
    assert (first["edition"], first["frozen_now"], first["restored"]) == (1, True, [])
    assert set(first["files"]) == {"workbook", "page", "announcement"}
    assert json.loads(run(house, "--draft", "--json").stdout)["edition"] == "draft"
    assert run(house, "--draft", "--publish").exit_code == 2
    assert run(house, "--what-if", "x.yaml", "--draft").exit_code == 2


def test_files_that_a_full_disk_kept_from_being_written_are_not_said_to_have_been_changed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as disk:
        disk.setattr(publishing, "write_whole", full)
        assert run(house).exit_code == 3
    monkeypatch.setenv("XLSCORE_LANGUAGE", "en")
    try:
        again = run(house)
    finally:
        use("vi")
    assert f"{house.book} was not there, or not as it was frozen: it is now." in again.stderr
