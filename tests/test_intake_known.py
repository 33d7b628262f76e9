"""Content that comes again: as it was, changed and changed back, under another name, in another folder."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.campaigns import make_campaign, rubric
from tests.intake_office import NOW, ROOT, Office, codes
from xlscore.blobs import record_path
from xlscore.deciding import Said, accept
from xlscore.findings import Status
from xlscore.inbox import Scan, scan
from xlscore.intake import session


def test_a_changed_file_is_a_new_version_and_an_old_content_that_returns_too(
    office: Office,
) -> None:
    for content in ("first", "second", "first"):
        office.put("STP.xlsx", content)
        office.collect()
    assert office.told() == [("STP.xlsx", "valid", n) for n in (1, 2, 3)]
    assert office.generations() == {b"STP.xlsx": 3}
    assert len(office.blobs()) == 2


def test_a_touched_file_is_no_new_version_and_is_read_only_once_more(office: Office) -> None:
    path = office.put("STP.xlsx")
    office.collect()
    os.utime(path, ns=(1, 1))
    assert office.collect().unchanged == 1
    assert len(office.told()) == 1
    with office.ledger() as ledger:
        assert ledger.sightings()[b"STP.xlsx"].mtime_ns == 1


def test_a_touched_file_is_read_only_once_more_by_an_intake_that_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.put("STP.xlsx")
    with office.watched() as watched:
        watched.look()
        os.utime(path, ns=(1, 1))
        assert watched.look(1).unchanged == 1
        monkeypatch.setattr(session, "archive_copy", None)  # reading once more would fail
        assert watched.look(1).unchanged == 1


def test_a_file_replaced_by_its_like_is_not_read_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.put("STP.xlsx")
    office.collect()
    facts = path.stat()
    twin = office.put("twin.tmp")
    os.utime(twin, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    twin.replace(path)  # another inode, as shares give after a remount
    monkeypatch.setattr(session, "archive_copy", None)
    assert office.collect().unchanged == 1
    assert office.told() == [("STP.xlsx", "valid", 1)]


def test_an_older_file_time_is_a_change_like_any_other(office: Office) -> None:
    office.put("STP.xlsx")
    office.collect()
    path = office.put("STP.xlsx", "second")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    office.collect()
    assert office.told() == [("STP.xlsx", "valid", 1), ("STP.xlsx", "valid", 2)]


def test_a_clock_that_was_set_back_neither_loses_nor_repeats_anything(office: Office) -> None:
    with office.watched() as watched:
        office.put("STP.xlsx")
        watched.look()
        watched.moment = NOW.replace(year=2020)
        assert watched.look().unchanged == 1
        office.put("STP.xlsx", "second")
        watched.look()
    assert office.told() == [("STP.xlsx", "valid", 1), ("STP.xlsx", "valid", 2)]


def test_a_copy_under_another_name_is_seen_but_no_new_version(office: Office) -> None:
    office.put("STP.xlsx")
    office.collect()
    office.put("STP (1).xlsx")
    assert office.collect().unchanged == 2
    assert office.told() == [("STP.xlsx", "valid", 1)]
    assert set(office.generations()) == {b"STP.xlsx", b"STP (1).xlsx"}


def test_two_copies_that_arrive_together_are_one_version(office: Office) -> None:
    office.put("STP.xlsx")
    office.put("Ban sao.xlsx")
    result = office.collect()
    assert (len(result.recorded), result.unchanged) == (1, 1)
    assert set(office.generations()) == {b"STP.xlsx", b"Ban sao.xlsx"}


def test_a_file_that_vanishes_is_no_withdrawal_and_its_return_no_new_version(
    office: Office,
) -> None:
    path = office.put("STP.xlsx")
    office.collect()
    path.unlink()
    assert office.collect().recorded == []
    office.put("STP.xlsx")
    assert office.collect().recorded == []
    assert office.told() == [("STP.xlsx", "valid", 1)]


def outcomes(office: Office) -> list[tuple[str, str, str, int]]:
    return [(r.file, r.status.value, r.unit, r.version) for r in office.recorded()]


def moved(office: Office, old: str, new: str) -> None:
    (office.inbox / new).parent.mkdir(exist_ok=True)
    (office.inbox / old).rename(office.inbox / new)


def test_a_return_moved_to_its_own_folder_is_judged_again(office: Office) -> None:
    office.put("STC/phieu.xlsx")
    office.collect()
    moved(office, "STC/phieu.xlsx", "STP/phieu.xlsx")
    office.collect()
    expected = [("STC/phieu.xlsx", "rejected", "STP", 1), ("STP/phieu.xlsx", "valid", "STP", 2)]
    assert outcomes(office) == expected
    assert office.collect().unchanged == 1
    moved(office, "STP/phieu.xlsx", "STP/lai.xlsx")
    assert office.collect().recorded == []


def test_a_return_in_two_folders_at_once_is_judged_in_each(office: Office) -> None:
    office.put("STC/phieu.xlsx")
    office.put("STP/phieu.xlsx")
    office.collect()
    expected = [("STC/phieu.xlsx", "rejected", "STP", 1), ("STP/phieu.xlsx", "valid", "STP", 2)]
    assert outcomes(office) == expected
    office.put("STC/lai.xlsx")
    assert office.collect().recorded == []


def test_a_copy_in_a_strange_folder_is_refused(office: Office) -> None:
    office.put("STP/phieu.xlsx")
    office.collect()
    office.put("STC/phieu.xlsx")
    (refused,) = office.collect().recorded
    assert codes(refused.findings) == ["other-unit"]


@pytest.mark.parametrize("content", ["first", "draft", "wrong", b"no workbook"])
def test_a_copy_that_is_judged_as_before_is_no_new_version(
    office: Office, content: str | bytes
) -> None:
    office.put("STP.xlsx", content)
    office.put("lan 2.xlsx", content)
    office.collect()
    office.put("lan 3.xlsx", content)
    office.put("STP/lan 4.xlsx", content)
    assert office.collect().recorded == []
    assert len(office.recorded()) == 1
    assert len(office.generations()) == 4


def test_a_refused_return_sent_again_after_a_waiver_counts(office: Office) -> None:
    office.put("STP.xlsx", "unproven")
    office.collect()
    office.settle_on(waivers=[{"unit": "STP", "code": "S025", "reason": "a", "by": "b"}])
    office.put("STP lan 2.xlsx", "unproven")
    office.put("STP lan 3.xlsx", "unproven")
    result = office.collect()
    assert len(result.recorded) == 1
    assert [r.status for r in office.recorded()] == [Status.INVALID, Status.VALID]


def test_two_runs_at_once_judge_a_moved_return_again_only_once(office: Office) -> None:
    office.put("STC/phieu.xlsx")
    office.collect()
    moved(office, "STC/phieu.xlsx", "STP/phieu.xlsx")
    code = (
        "from pathlib import Path; import sys; from tests.collecting import collect;"
        "from xlscore.workspace import open_workspace;"
        "collect(open_workspace(Path(sys.argv[1])), settle=1)"
    )
    command = [sys.executable, "-c", code, str(office.root)]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [run.wait(timeout=300) for run in running] == [0, 0]
    assert [r.status for r in office.recorded()] == [Status.REJECTED, Status.VALID]


def test_a_copy_of_what_no_longer_fits_the_rubric_is_judged(office: Office) -> None:
    office.put("STP.xlsx")
    office.collect()
    changed = rubric()
    changed["nodes"][0]["nodes"][1]["method"]["levels"][0]["label"] = "Đúng hạn"
    office.workspace = make_campaign(office.root, rubrics={"so": changed}).workspace
    office.put("lai.xlsx")
    (new,) = office.collect().recorded
    assert (new.status, codes(new.findings)) == (Status.REJECTED, ["old-rubric"])


def test_a_record_that_the_ledger_does_not_know_is_set_aside_and_kept(office: Office) -> None:
    office.put("STP.xlsx", "unproven")
    office.collect()
    (first,) = office.recorded()
    stray = record_path(office.workspace.archive, first.sha256, 9)
    stray.write_bytes(b"{}")
    with office.ledger() as ledger:
        accept(office.workspace, ledger, 1, Said("đã xem", "Lan", NOW))
    assert not stray.exists()
    assert stray.with_name(f"{stray.name}.undone").read_bytes() == b"{}"


def test_a_listing_that_is_behind_brings_nothing_new(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("STP.xlsx")
    office.collect()
    real = scan
    sizes = {entry.key: entry for entry in real(office.inbox).entries}
    monkeypatch.setattr(session, "refreshed", lambda listed: [sizes[e.key] for e in listed])
    monkeypatch.setattr(session, "scan", lambda root, _known: _behind(real(root)))
    with office.watched(settle=60) as watched:
        found = watched.look()
    assert (found.changing, found.unchanged) == (0, 1)


def _behind(seen: Scan) -> Scan:
    """Return what Windows tells of files that are open: the size at their last closing."""
    return replace(seen, entries=[entry._replace(size=0) for entry in seen.entries])
