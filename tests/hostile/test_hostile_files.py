"""Every hostile or odd file has one exact outcome, reached quickly and in little memory."""

import sys
from collections.abc import Iterator

import pytest

from tests.hostile import books, containers, formats, markup, sheets
from tests.hostile.build import Case
from tests.hostile.guarded import MEMORY, SECONDS, Worker, read_here, worker

CASES: list[Case] = [
    case for module in (containers, formats, markup, sheets, books) for case in module.CASES
]


@pytest.fixture(scope="module")
def guarded() -> Iterator[Worker]:
    with worker() as running:
        yield running


def test_case_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("case", [case for case in CASES if case.fault], ids=lambda case: case.name)
def test_a_hostile_file_is_refused_by_name(case: Case, guarded: Worker) -> None:
    data = case.build()
    outcome = guarded.read(data)
    assert outcome.fault == case.fault, (outcome.what, outcome.cells)
    assert case.what in ("", outcome.what)
    assert outcome.seconds < SECONDS
    # Safe by now: the same again, where nothing of the first time may remain.
    assert read_here(data)[:3] == outcome[:3]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.fault is None], ids=lambda case: case.name
)
def test_an_odd_file_yields_exactly_its_cells(case: Case, guarded: Worker) -> None:
    data = case.build()
    outcome = guarded.read(data)
    assert outcome.fault == "", outcome.what
    assert outcome.cells == case.cells
    assert outcome.seconds < SECONDS
    assert read_here(data)[:3] == outcome[:3]


@pytest.mark.skipif(sys.platform != "linux", reason="the memory limit is set on Linux only")
def test_the_guard_stops_a_reader_that_takes_too_much_memory(guarded: Worker) -> None:
    with pytest.raises(MemoryError):
        guarded.run(_take, 2 * MEMORY)  # twice: earlier files left the worker memory to use again
    assert guarded.run(_take, 1) == 1


def _take(size: int) -> int:
    """Take memory; only its size goes back, since what does not fit cannot be sent either."""
    return len(bytes(size))
