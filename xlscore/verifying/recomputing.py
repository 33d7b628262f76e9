"""An edition recomputed: its returns read again from the archive, its results and its workbook made anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from xlscore import __version__
from xlscore.archive import ContentError, kept
from xlscore.blobs import blob_path
from xlscore.editions import Basis, FileKind, Reopened
from xlscore.editions.basis import FURTHER
from xlscore.editions.printing import print_files, results_to_bytes
from xlscore.findings import Finding, Status, finding
from xlscore.identity import SCORECARD
from xlscore.intake.judging import Job, Judges, Terms
from xlscore.intake.recording import card_json
from xlscore.ledger import EditionFile, Recorded
from xlscore.ledger.chapter import canonical
from xlscore.ledger.replay import Books, Facts
from xlscore.upkeep.recovering import decided_waivers
from xlscore.verifying.cells import as_findings
from xlscore.workbooks.dump import Dump, compare
from xlscore.workbooks.returns import Return
from xlscore.workspace import Workspace

_NAMED = 12
_BATCH = 8
"""Returns that a worker process reads at a time: few, so that all are done at about the same moment."""


def counting(opened: Reopened) -> list[Recorded]:
    """Return the arrivals that the results of an edition rest on."""
    hashes = {h for told in opened.basis.submissions.values() for h in told["sha256"]}
    cards = [a for a in opened.state.valid(SCORECARD) if a.sha256 in hashes]
    return [*cards, *opened.state.valid(*FURTHER)]


@contextmanager
def returns_again(
    opened: Reopened, arrivals: Iterable[Recorded], decisions: Mapping[int, Facts]
) -> Iterator[Iterator[dict[int, list[Finding]]]]:
    """Read returns again from the archive; give by number where they say something else.

    Where they are many, worker processes begin at once, and this one may do something else meanwhile.

    Args:
        decisions: of the log, for the waivers that stood then.
    """
    decided = {n: f for n, f in decisions.items() if n <= opened.basis.decision}
    terms = Terms({}, decided_waivers(Books(decisions=decided)))
    paths = [(blob_path(opened.workspace.archive, a.sha256), a) for a in arrivals]
    # One that is gone is told already. The largest come first, so that no process is left with them.
    there = [(path.stat().st_size, path, a) for path, a in paths if path.exists()]
    there.sort(key=lambda one: one[0], reverse=True)
    jobs = [Job(str(path), arrival.file, "") for _size, path, arrival in there]
    with Judges(opened.workspace, terms, len(jobs), opened.kept.opened) as judges:
        yield _held([arrival for *_, arrival in there], judges.judged(jobs, _BATCH))


def _held(
    arrivals: Sequence[Recorded], judged: Iterator[tuple[Sequence[int], list[Return]]]
) -> Iterator[dict[int, list[Finding]]]:
    for places, outcomes in judged:
        both = zip((arrivals[place] for place in places), outcomes, strict=True)
        yield {arrival.id: list(_read_again(arrival, outcome)) for arrival, outcome in both}


def _read_again(arrival: Recorded, outcome: Return) -> Iterator[Finding]:
    told = {"unit": arrival.unit}
    if outcome.status is not Status.VALID:
        name = "return-accepted" if arrival.judged_again else "return-differs"
        params = {**told, "what": outcome.status.value}
        yield finding(name, entered=str(arrival.id), file=arrival.file, params=params)
    elif canonical(card_json(outcome)) != canonical(dict(arrival.card)):
        fields = ", ".join(_differing(json.loads(canonical(card_json(outcome))), arrival.card))
        params = {**told, "what": fields}
        yield finding("return-differs", entered=str(arrival.id), params=params)


def _differing(read: dict[str, Any], recorded: Any) -> list[str]:
    return sorted(name for name in {*read, *recorded} if read.get(name) != recorded.get(name))


def results_again(
    workspace: Workspace, opened: Reopened, files: Mapping[str, EditionFile]
) -> Iterator[Finding]:
    """Recompute the results; yield the units whose results differ from the frozen ones."""
    file = files.get(FileKind.RESULTS)
    if file is None:
        return
    try:
        frozen = json.loads(kept(workspace.archive, file.sha256))
    except (OSError, ContentError):
        return  # told already
    now = json.loads(results_to_bytes(opened.results))
    if frozen == now:
        return
    before, after = _by_code(frozen), _by_code(now)
    codes = sorted(c for c in before.keys() | after.keys() if before.get(c) != after.get(c))
    named = ", ".join(codes[:_NAMED]) + (", …" if len(codes) > _NAMED else "")
    params = {"what": named or "kỳ đánh giá", "what_en": named or "the campaign"}
    yield finding("results-differ", params=params)


def _by_code(told: dict[str, Any]) -> dict[str, Any]:
    return {unit["code"]: unit for unit in told["units"]}


def written_again(workspace: Workspace, opened: Reopened, kind: FileKind) -> bytes:
    """Write the workbook of an edition anew, in a temporary folder."""
    made = opened.edition.frozen_at
    return print_files([kind], opened.results, workspace, made)[0].data


def workbook_findings(
    workspace: Workspace, basis: Basis, frozen: Dump, now: Dump
) -> Iterator[Finding]:
    """Yield the cells that come out otherwise than they were frozen."""
    tools = _tools(basis.xlscore, dict(basis.plugins))
    plugins = {n: str(getattr(p, "__version__", "?")) for n, p in workspace.plugins.third_party()}
    today = _tools(__version__, plugins)
    differences = list(compare(frozen, now))
    if differences and tools != today:
        yield finding("recomputed-otherwise", params={"frozen": tools, "found": today})
    else:
        yield from as_findings(differences, "recomputed-differs")


def _tools(version: str, plugins: dict[str, str]) -> str:
    return ", ".join([f"xlscore {version}", *(f"{n} {v}" for n, v in sorted(plugins.items()))])
