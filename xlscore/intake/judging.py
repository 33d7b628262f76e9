"""Check archived copies, on all cores where there are many; a file that takes a worker down is refused."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xlscore.findings import Status, finding
from xlscore.intake.workers import ask, workers
from xlscore.settings import Waiver
from xlscore.workbooks.returns import Return, read_return
from xlscore.workspace import Workspace, open_workspace

BATCH = 32
"""Files per task of a worker, and arrivals per ledger transaction."""

POOL_FROM = 64
"""Fewer files than this are checked in this process: starting workers costs more."""

_LOOK_UP = 0.2
"""Seconds after which whoever waits for a worker looks whether anybody still wants the answer."""


@dataclass(frozen=True, slots=True)
class Job:
    """One archived file to check: plain data, so that it can go to another process."""

    path: str
    name: str
    folder_unit: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What every check needs beside the campaign: serials revoked, waivers decided since."""

    revoked: Mapping[int, str]
    waivers: tuple[Waiver, ...] = ()


class Judges:
    """Checks files in this process, or in worker processes kept for a whole pass."""

    def __init__(
        self,
        workspace: Workspace,
        terms: Terms,
        expected: int,
        opened: Callable[[], Workspace] | None = None,
        leaving: Callable[[], bool] = lambda: False,
    ) -> None:
        """Prepare; processes are started when there is work for them.

        Args:
            expected: how many files there will be.
            opened: opens the campaign in another process, where it is not the folder's of today.
            leaving: whether nobody wants the outcomes any more; asked while workers are waited for.
        """
        self._leaving = leaving
        self._workspace, self._terms = workspace.with_waivers(terms.waivers), terms
        self._opened = opened or partial(open_workspace, workspace.root)
        self._many = expected >= POOL_FROM
        self._pool: ProcessPoolExecutor | None = None
        self._asked: list[Future[list[Return]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._dismiss()

    def judged(
        self, jobs: Sequence[Job], batch: int = 0
    ) -> Iterator[tuple[Sequence[int], list[Return]]]:
        """Yield (places in `jobs`, their outcomes), in order; worker processes begin at once.

        Args:
            batch: files that are checked at a time, `BATCH` by default.

        Raises:
            ChildProcessError: worker processes cannot be started.
        """
        size = batch or BATCH
        batches = [range(i, min(i + size, len(jobs))) for i in range(0, len(jobs), size)]
        if not self._many:
            return self._here(jobs, batches)
        self._submit_all(jobs, batches)
        return self._by_workers(jobs, batches)

    def _here(
        self, jobs: Sequence[Job], batches: Sequence[Sequence[int]]
    ) -> Iterator[tuple[Sequence[int], list[Return]]]:
        for batch in batches:
            yield batch, [judge(self._workspace, jobs[place], self._terms) for place in batch]

    def _by_workers(
        self, jobs: Sequence[Job], batches: Sequence[Sequence[int]]
    ) -> Iterator[tuple[Sequence[int], list[Return]]]:
        pending = list(batches)
        while pending:
            culprits: Sequence[int] = ()
            try:
                for future in self._asked:
                    if not self._is_worth_waiting_for(future):
                        return
                    yield pending[0], future.result()
                    pending.pop(0)
            except BrokenProcessPool:
                culprits = pending.pop(0)
            if pending or culprits:
                self._dismiss()
            for place in culprits:
                yield [place], [self._alone(jobs[place])]
            self._submit_all(jobs, pending)

    def _is_worth_waiting_for(self, future: Future[list[Return]]) -> bool:
        """Wait for an answer; False once we are leaving: starting workers alone may take seconds."""
        while not self._leaving():
            if wait([future], _LOOK_UP).done:
                return True
        return False

    def _submit_all(self, jobs: Sequence[Job], batches: Sequence[Sequence[int]]) -> None:
        self._asked = []
        if not batches:
            return
        pool = self._pool = self._pool or workers(_prepare, self._opened, self._terms)
        # One that takes a process down at once leaves the later batches to a fresh pool.
        with suppress(BrokenProcessPool):
            for batch in batches:
                self._asked.append(ask(pool, _judge_many, [jobs[place] for place in batch]))

    def _alone(self, job: Job) -> Return:
        with workers(_prepare, self._opened, self._terms, number=1) as pool:
            try:
                ask(pool, len, ()).result()
            except BrokenProcessPool as error:  # no file is to blame: none may be refused for it
                raise ChildProcessError(errno.ECHILD, os.strerror(errno.ECHILD)) from error
            try:
                return ask(pool, _judge_many, [job]).result()[0]
            except BrokenProcessPool:
                return Return(
                    job.name,
                    Status.REJECTED,
                    (finding("reader-stopped", file=job.name, params={"what": "process"}),),
                )

    def _dismiss(self) -> None:
        if self._pool is not None:
            if not all(future.done() for future in self._asked):
                # Nobody wants the rest any more: asked to stop, or the ledger failed.
                for process in list((self._pool._processes or {}).values()):  # noqa: SLF001
                    process.terminate()
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


_worker: dict[str, Any] = {}
"""What a worker process has opened: set once by `_prepare`."""


def _prepare(opened: Callable[[], Workspace], terms: Terms) -> None:
    _worker["opened"], _worker["terms"] = opened, terms


def _judge_many(jobs: Sequence[Job]) -> list[Return]:
    # Opened here and not at the start: a campaign that was damaged meanwhile must stop the run with
    # its findings, not look like a worker that a file took down.
    terms = _worker["terms"]
    if "workspace" not in _worker:
        _worker["workspace"] = _worker["opened"]().with_waivers(terms.waivers)
    # The layout stays behind: the ledger does not need it, pickling it costs.
    return [replace(judge(_worker["workspace"], job, terms), layout=None) for job in jobs]


def judge(workspace: Workspace, job: Job, terms: Terms) -> Return:
    """Read and check one archived file."""
    return read_return(
        Path(job.path),
        workspace,
        name=job.name,
        folder_unit=job.folder_unit,
        revoked=terms.revoked,
    )
