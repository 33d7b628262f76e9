"""A worker process in which one hostile file at a time is read, with little memory."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import TimeoutError as PoolTimeoutError
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import NamedTuple, TypeVar

from xlscore.workbooks.package import PackageError, parse_package, read_package

SECONDS = 2.0
MEMORY = 200 * 2**20
# A hang must end the test; the processor's time decides whether it was too slow.
_PATIENCE = 300

_Argument = TypeVar("_Argument")
_Result = TypeVar("_Result")


class Outcome(NamedTuple):
    """What came of reading one file.

    Attributes:
        seconds: of the processor: that others load the machine is no fault of ours.
    """

    fault: str
    what: str
    cells: Mapping[str, tuple[str, str]]
    seconds: float


class Worker:
    """Reads files in the worker process."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.answers = True

    def read(self, source: bytes | Path) -> Outcome:
        """Read a file or its bytes."""
        return self.run(read_here, source)

    def run(self, function: Callable[[_Argument], _Result], argument: _Argument) -> _Result:
        """Call a function there; the worker's death or silence fails the test."""
        try:
            return self._pool.apply_async(function, (argument,)).get(_PATIENCE)
        except PoolTimeoutError:
            self.answers = False
            message = "reading did not come to an end, or ended the process"
            raise AssertionError(message) from None


@contextmanager
def worker() -> Iterator[Worker]:
    with get_context("spawn").Pool(1, initializer=_limit_memory) as pool:
        made = Worker(pool)
        yield made
        if made.answers:  # a pool that has lost a task would be waited for in vain
            pool.close()
            pool.join()


def _limit_memory() -> None:
    """Let the address space grow by MEMORY from here; more ends in a MemoryError."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def read_here(source: bytes | Path) -> Outcome:
    """Read a file, or its bytes, in this process."""
    start = time.process_time()
    try:
        package = read_package(source) if isinstance(source, Path) else parse_package(source)
    except PackageError as error:
        str(error)
        what = error.details.get("what") or error.details.get("format", "")
        return Outcome(error.fault.value, what, {}, time.process_time() - start)
    seconds = time.process_time() - start
    cells = {
        cell.address: (cell.kind, cell.value)
        for sheet in package.sheets
        for cell in sheet.cells.values()
    }
    return Outcome("", "", cells, seconds)
