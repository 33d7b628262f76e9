"""Many files at once: worker processes, several runs, a file that takes its worker down."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from tests.intake_office import ROOT, Office, Prepared
from xlscore.cli.common import error_words
from xlscore.findings import Status
from xlscore.intake import judging, workers
from xlscore.workbooks.returns import Return
from xlscore.workspace import WorkspaceError


def many(office: Office, count: int = 10) -> None:
    for number in range(count):
        office.put(f"{number:02}.txt", f"file {number}".encode())
    office.put("STP.xlsx")
    office.put("STC.xlsx", "other")
    office.put("nhap.xlsx", "draft")


def facts(office: Office) -> list[tuple[Any, ...]]:
    return [(r.file, r.status, r.unit, r.version, r.sha256, r.card, r.findings)
            for r in office.recorded()]  # fmt: skip


def test_worker_processes_give_what_this_process_gives(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices = []
    for name, pool_from in (("alone", 1000), ("pool", 1)):
        shutil.copytree(prepared[0], tmp_path / name)
        offices.append(Office(tmp_path / name, prepared[1]))
        many(offices[-1])
        monkeypatch.setattr(judging, "POOL_FROM", pool_from)
        monkeypatch.setattr(judging, "BATCH", 4)
        offices[-1].collect()
    assert facts(offices[0]) == facts(offices[1])


def test_no_more_workers_are_started_than_windows_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    def pool(number: int, **_: Any) -> None:
        started.append(number)

    monkeypatch.setattr(workers, "ProcessPoolExecutor", pool)
    for cores in (4, 128):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        workers.workers(print)
    assert started == [4, 61]


def test_progress_is_told_to_the_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "BATCH", 4)
    many(office, 7)
    told: list[tuple[int, int]] = []
    office.collect(progress=lambda done, total: told.append((done, total)))
    assert told == [(4, 10), (8, 10), (10, 10)]


PLUGIN = """
import os
import xlscore

@xlscore.hookimpl
def xlscore_check(submission, layout, unit, campaign):
    if unit.code == "STC":
        os._exit(7)
    return []
"""


def test_a_file_that_takes_its_worker_down_is_refused_and_the_rest_goes_on(
    office: Office, tmp_path: Path
) -> None:
    many(office)
    package = tmp_path / "deadly-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[xlscore]\ndeadly = deadly\n")
    (tmp_path / "deadly.py").write_text(PLUGIN)
    script = tmp_path / "run.py"
    script.write_text(
        textwrap.dedent(f"""
        from pathlib import Path
        from tests.collecting import collect
        from xlscore.intake import judging, workers
        from xlscore.workspace import open_workspace

        if __name__ == "__main__":
            judging.POOL_FROM, judging.BATCH = 1, 4
            collect(open_workspace(Path({str(office.root)!r})), settle=0)
    """)
    )
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": path},
        check=True,
        timeout=300,
    )
    found = {r.file: (r.status.value, [f.name for f in r.findings]) for r in office.recorded()}
    assert len(found) == 13
    assert found["STC.xlsx"] == ("rejected", ["reader-stopped"])
    assert found["STP.xlsx"] == ("valid", [])


def test_processes_that_cannot_start_are_no_fault_of_a_file(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(office)
    monkeypatch.setattr(judging, "POOL_FROM", 1)
    early = 'import os, sys\nif "--multiprocessing-fork" in sys.argv:\n    os._exit(3)\n'
    (tmp_path / "sitecustomize.py").write_text(early, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ChildProcessError) as stopped:
        office.collect()
    assert office.recorded() == []
    assert "tiến trình phụ để đọc tệp không chạy được" in error_words(stopped.value)


def test_a_pool_that_breaks_while_work_is_handed_over_loses_no_file(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    pools: list[Mock] = []

    def ask(_pool: Mock, _question: object, jobs: list[judging.Job]) -> Future[list[Return]]:
        asked.append(len(jobs))
        if len(asked) == 2:
            raise BrokenProcessPool
        done: Future[list[Return]] = Future()
        done.set_result([Return(job.name, Status.REJECTED, ()) for job in jobs])
        return done

    def workers(*_: object) -> Mock:
        pools.append(Mock())
        return pools[-1]

    monkeypatch.setattr(judging, "ask", ask)
    monkeypatch.setattr(judging, "workers", workers)
    monkeypatch.setattr(judging, "POOL_FROM", 1)
    jobs = [judging.Job("", str(number), "") for number in range(5)]
    with judging.Judges(office.workspace, judging.Terms({}), len(jobs)) as judges:
        found = [(list(places), outcomes) for places, outcomes in judges.judged(jobs, batch=2)]
    assert [places for places, _ in found] == [[0, 1], [2, 3], [4]]
    assert [one.file for _, outcomes in found for one in outcomes] == ["0", "1", "2", "3", "4"]
    assert (asked, len(pools)) == ([2, 2, 2, 1], 2)


def test_a_campaign_damaged_under_way_stops_the_run_instead_of_refusing_everything(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(office)
    monkeypatch.setattr(judging, "POOL_FROM", 1)
    (office.root / "campaign.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(WorkspaceError) as raised:
        office.collect()
    assert [f.name for f in raised.value.findings] == ["campaign-syntax"]
    assert office.recorded() == []


def test_two_runs_at_once_record_every_file_once(office: Office) -> None:
    for number in range(30):
        office.put(f"{number}.txt", f"file {number}".encode())
    office.put("STP.xlsx")
    office.put("STC.xlsx", "other")
    code = (
        "from pathlib import Path; import sys; from tests.collecting import collect;"
        "from xlscore.workspace import open_workspace;"
        "collect(open_workspace(Path(sys.argv[1])), settle=1)"
    )
    command = [sys.executable, "-c", code, str(office.root)]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [run.wait(timeout=300) for run in running] == [0, 0, 0]
    recorded = office.recorded()
    assert len(recorded) == 32
    assert {r.file for r in recorded} == office.files()
    assert set(office.generations().values()) == {1}
