"""What an edition rests on: the state of the ledger, the input files, who wrote it with what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from xlscore import __version__
from xlscore.editions.inputs import input_files
from xlscore.findings import Finding
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_BOOK, SURVEY
from xlscore.ledger import Edition, Ledger
from xlscore.ledger.arrivalfacts import finding_facts
from xlscore.ledger.chapter import canonical, to_stamp
from xlscore.proceedings import Proceedings
from xlscore.yearfiles import year_from_json, year_to_json
from xlscore.years import Years

FURTHER = (APPRAISAL, REPLY, COUNCIL, SURVEY, RESULT_BOOK)
"""Kinds of returns, beside scorecards, that results rest on."""

_PASSING = ("chain", "event", "head", "moment", "kept", "arrival", "replaces")
"""What differs between two looks at the same state.

The last arrival, too: those that count are told one by one, and what was refused or is a draft changes no
result.
"""


@dataclass(frozen=True, slots=True)
class Input:
    """One input file as it was read: kind, name as `campaign.yaml` spells it, digest, size."""

    kind: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Basis:
    """What an edition rests on.

    Attributes:
        chain, event, head: the last event of the ledger when it was made.
        arrival, decision: numbers of the last arrival and the last decision that it knows.
        moment: when it was made, as the ledger spells it; `overdue`: how many units were past their
            deadline then.
        xlscore, plugins: versions.
        rubrics: digest by tier.
        inputs: the files of the campaign folder; `years`: digest of the earlier years, or empty.
        submissions: version and hashes by unit; `books`: what else counts, with its hash.
        provisional: whether results still waited for something.
        kept: what the archive keeps for it, SHA-256 → size.
        replaces: number of the edition before it, and when that was frozen; empty for the first.
    """

    chain: int
    event: int
    head: str
    arrival: int
    decision: int
    moment: str
    overdue: int
    xlscore: str
    plugins: Mapping[str, str]
    rubrics: Mapping[str, str]
    inputs: tuple[Input, ...]
    years: str
    submissions: Mapping[str, Mapping[str, Any]]
    books: tuple[Mapping[str, Any], ...]
    provisional: bool
    kept: Mapping[str, int] = field(default_factory=dict)
    replaces: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as the ledger keeps it."""
        told = asdict(self)
        return {**told, "inputs": list(told["inputs"]), "books": list(told["books"])}

    def same_as(self, other: Basis) -> bool:
        """Whether two bases give the same results: nothing that counts has happened in between."""
        ours, theirs = self.to_json(), other.to_json()
        return all(ours[name] == theirs[name] for name in ours if name not in _PASSING)


def basis_from_json(data: Mapping[str, Any]) -> Basis:
    """Read what `Basis.to_json` wrote.

    Raises:
        KeyError, TypeError: it is nothing of the kind.
    """
    told = {one.name: data[one.name] for one in fields(Basis) if one.name != "replaces"}
    told["replaces"] = data.get("replaces", {})  # the first editions of all did not tell it
    told["inputs"] = tuple(Input(**one) for one in data["inputs"])
    return Basis(**{**told, "books": tuple(data["books"])})


def basis_of(
    state: Proceedings, ledger: Ledger, inputs: Mapping[tuple[str, str], bytes] | None = None
) -> tuple[Basis, dict[str, bytes]]:
    """Return what a ranking of this state rests on, and the contents to be kept by their hash.

    Raises:
        OSError: an input file cannot be read.
    """
    contents: dict[str, bytes] = {}
    listed = []
    for (kind, name), data in (inputs or input_files(state.workspace)).items():
        listed.append(Input(kind, name, _keep(contents, data), len(data)))
    years = years_to_bytes(state.results.years)
    campaign, plugins = state.workspace.campaign, state.workspace.plugins
    events, latest = ledger.events(), ledger.latest_edition()
    basis = Basis(
        chain=ledger.chain(),
        event=next((e.seq for e in events if e.hash == state.head), 0),
        head=state.head,
        arrival=max((a.id for a in state.recorded), default=0),
        decision=max((d.id for d in ledger.decisions()), default=0),
        moment=to_stamp(state.now),
        overdue=sum(campaign.deadline(u) < state.now for u in campaign.active.values()),
        xlscore=__version__,
        plugins={n: str(getattr(p, "__version__", "?")) for n, p in plugins.third_party()},
        rubrics={tier: rubric.digest for tier, rubric in campaign.rubrics.items()},
        inputs=tuple(listed),
        years=_keep(contents, years) if years else "",
        submissions=_submissions(state),
        books=_books(state),
        provisional=state.results.provisional,
        kept={sha256: len(data) for sha256, data in contents.items()},
        replaces=_naming(latest) if latest else {},
    )
    # As the ledger will give it back: equality must not depend on tuples and enums.
    return basis_from_json(json.loads(canonical(basis.to_json()))), contents


def _naming(edition: Edition) -> dict[str, Any]:
    return {"edition": edition.number, "frozen_at": to_stamp(edition.frozen_at)}


def _keep(contents: dict[str, bytes], data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    contents[digest] = data
    return digest


def _submissions(state: Proceedings) -> dict[str, dict[str, Any]]:
    return {
        code: {"version": standing.version, "sha256": list(standing.submission.hashes)}
        for code, standing in state.standings.items()
        if standing.submission
    }


def _books(state: Proceedings) -> tuple[dict[str, Any], ...]:
    made = []
    for arrival in state.valid(*FURTHER):
        told = {"kind": arrival.kind, "unit": arrival.unit, "arrival": arrival.id}
        made.append({**told, "sha256": arrival.sha256})
    return tuple(made)


def years_to_bytes(years: Years) -> bytes:
    """Return earlier years as they are kept; nothing where there are none."""
    if years == Years():
        return b""
    told = {
        "years": [year_to_json(year) for year in years.years],
        "predecessors": {
            code: {str(year): list(codes) for year, codes in named.items()}
            for code, named in years.predecessors.items()
        },
        "findings": [{"code": found.code, **finding_facts(found)} for found in years.findings],
        "codes": sorted(years.codes),
    }
    return canonical(told).encode()


def years_from_bytes(data: bytes) -> Years:
    """Read what `years_to_bytes` wrote."""
    if not data:
        return Years()
    told = json.loads(data)
    return Years(
        tuple(year_from_json(year) for year in told["years"]),
        {
            code: {int(year): tuple(codes) for year, codes in named.items()}
            for code, named in told["predecessors"].items()
        },
        tuple(Finding(**facts) for facts in told["findings"]),
        frozenset(told.get("codes", ())),
    )


def moment_of(basis: Basis) -> datetime:
    """Return when a ranking was made."""
    return datetime.fromisoformat(basis.moment)
