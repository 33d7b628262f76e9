"""The demonstration, whole: every mishap ends as it would in an office, and always the same way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from xlscore.demo import Demo, run
from xlscore.findings import Status
from xlscore.jsonshapes import ranking_to_json
from xlscore.ledger import Recorded, open_ledger
from xlscore.standing import Standing, State, standings
from xlscore.workbooks.package import read_package

EXAMPLES = ["vinh-long-2023", "hai-cap-2026"]
pytestmark = pytest.mark.slow


def quiet(_what: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture(scope="module", params=EXAMPLES)
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return run(tmp_path_factory.mktemp("demo") / "một", request.param, quiet)


@pytest.fixture(scope="module")
def recorded(demo: Demo) -> list[Recorded]:
    with open_ledger(demo.workspace.ledger_path) as ledger:
        assert ledger.chain_is_sound()
        return ledger.submissions()


@pytest.fixture(scope="module")
def stand(demo: Demo, recorded: list[Recorded]) -> dict[str, Standing]:
    return standings(demo.workspace, recorded)


MISHAPS: dict[str, tuple[State, set[str]]] = {
    "tử số lớn hơn mẫu số": (State.INVALID, {"numerator-above-denominator", "missing-evidence"}),
    "bản nháp": (State.DRAFT, {"draft"}),
    "“1.000”": (State.INVALID, {"ambiguous-thousands"}),
    "dán đè": (State.INVALID, {"row-mismatch"}),
    "số nhập dạng văn bản": (State.SUBMITTED, {"number-as-text"}),
    "đổi tên tệp": (State.SUBMITTED, set()),
    "không gửi": (State.MISSING, set()),
    ".xls đời cũ": (State.MISSING, set()),
    "phiếu mẫu": (State.MISSING, set()),
    "gửi trễ hạn": (State.SUBMITTED, set()),
}


@pytest.mark.parametrize("words", MISHAPS)
def test_every_mishap_ends_in_its_state(
    demo: Demo, recorded: list[Recorded], stand: dict[str, Standing], words: str
) -> None:
    state, findings = MISHAPS[words]
    units = [unit for unit, told in demo.mishaps.items() if words in told]
    assert units
    for unit in units:
        mended = "đã sửa" in demo.mishaps[unit]
        assert stand[unit].state is (State.SUBMITTED if mended else state), unit
        first = [r for r in recorded if r.unit == unit][:1]
        assert {f.name for r in first for f in r.findings} >= findings
        if words == "gửi trễ hạn":
            assert stand[unit].late


def test_a_mended_return_counts_in_its_second_version(
    demo: Demo, stand: dict[str, Standing]
) -> None:
    (unit,) = [unit for unit, told in demo.mishaps.items() if "đã sửa" in told]
    assert (stand[unit].state, stand[unit].version, stand[unit].newer_invalid) == (
        State.SUBMITTED, 2, False,
    )  # fmt: skip


def test_old_formats_and_blank_samples_are_told_by_name(recorded: list[Recorded]) -> None:
    rejected = [f.name for r in recorded if r.status is Status.REJECTED for f in r.findings]
    assert sorted(rejected) == ["blank-sample", "old-xls"]


def test_whoever_had_no_mishap_has_submitted_in_time(
    demo: Demo, stand: dict[str, Standing]
) -> None:
    others = [s for code, s in stand.items() if code not in demo.mishaps]
    assert len(others) > len(demo.mishaps)
    assert {(s.state, s.late) for s in others} == {(State.SUBMITTED, False)}


def test_every_file_of_the_inbox_has_one_outcome(demo: Demo, recorded: list[Recorded]) -> None:
    inbox = {p.name for p in demo.workspace.inbox.glob("[!.]*")}
    with open_ledger(demo.workspace.ledger_path) as ledger:
        assert {entry.decode() for entry in ledger.sightings()} == inbox
    (twin,) = inbox - {r.file for r in recorded}  # sent twice under two names: one outcome
    assert twin.startswith("Báo cáo chấm điểm CCHC")
    (corrected,) = [r for r in demo.second.recorded if demo.mishaps[r.unit] != "gửi trễ hạn"]
    assert sorted(r.file for r in recorded) == sorted([*inbox - {twin}, corrected.file])


def test_the_ranking_is_written_and_holds_a_sheet_per_group(demo: Demo) -> None:
    package = read_package(demo.published.path)
    assert len(package.sheets) > len(demo.published.results.groups)


def test_some_units_do_better_than_others(demo: Demo) -> None:
    indices = {row.result.index for group in demo.published.results.groups for row in group.rows}
    assert len(indices) > 10


def figures(demo: Demo) -> Any:
    shape = ranking_to_json(demo.published)
    return json.dumps({**shape, "file": ""})


def test_two_runs_give_the_same_figures(demo: Demo, tmp_path: Path) -> None:
    name = next(n for n in EXAMPLES if demo.workspace.campaign.settings.id == n)
    again = run(tmp_path / "hai", name, quiet)
    assert figures(again) == figures(demo)
    assert again.mishaps == demo.mishaps
