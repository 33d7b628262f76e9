"""Results that come up from a unit above (UBND huyện chấm xã): one book, its units, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from xlscore.answers import value_from_json, value_to_json
from xlscore.identity import RESULT_BOOK, KeyRing, derived
from xlscore.methods.base import Value
from xlscore.numbers import exact, plain
from xlscore.rubric import Rubric
from xlscore.scoring import Open, Score, Scores

Figures = Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class Word:
    """The word that decided a row in the district: who gave it, and the reason."""

    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """The totals that the book itself states, with rank and band as the district gave them."""

    own: Decimal
    achieved: Decimal
    applicable: Decimal
    index: Decimal
    rank: int | None = None
    band: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """One unit's result, as the unit above it appraised it.

    Attributes:
        digest: first digits of the form digest of the rubric that was followed.
        own, achieved: self scores and achieved scores of the leaves; groups follow from them.
        pending: leaves that were still unknown there.
        unsettled: leaves that its appraisers had still to look at, once appraisal had begun.
        fallbacks: leaves scored from an older year's figure, with that year.
        words: the deciding words of appraisal, by leaf id.
        figures: what others than the unit supplied, by leaf id and input key.
        hashes: SHA-256 of the unit's returned files that count.
    """

    unit: str
    digest: str
    own: Scores
    achieved: Scores
    sums: Sums
    pending: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    fallbacks: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, Word] = field(default_factory=dict)
    figures: Figures = field(default_factory=dict)
    days_late: int = 0
    hashes: tuple[str, ...] = ()

    def follows(self, rubric: Rubric) -> bool:
        """Whether it was made by this very rubric, wording aside."""
        return rubric.form_digest.startswith(self.digest)


@dataclass(frozen=True)
class ResultBook:
    """A book of results (sổ kết quả).

    Attributes:
        campaign: id of the campaign that it is for; parent: code of the unit that reports.
        serial: of the authorisation under which it was made.
        made: when: of two books, the one made later counts, whichever arrives first.
        source: where it comes from: the district's campaign, ledger head, versions, plugins.
        provisional: whether anything in it still waits for a figure or a word.
        units: by code; None where nothing that counts was submitted.
    """

    campaign: str
    parent: str
    serial: int
    made: datetime
    source: Mapping[str, str]
    provisional: bool
    units: Mapping[str, Reported | None]


def sealing_keys(ring: KeyRing, parent: str, serial: int) -> KeyRing:
    """Return the keys that seal the books of one parent under one authorisation."""
    return derived(ring, f"{RESULT_BOOK}|{parent}|{serial}")


def book_to_json(book: ResultBook) -> dict[str, Any]:
    """Return the book as plain data; numbers are texts."""
    return {
        "campaign": book.campaign,
        "parent": book.parent,
        "serial": book.serial,
        "made": book.made.isoformat(),
        "source": dict(book.source),
        "provisional": book.provisional,
        "units": {code: unit and _unit_to_json(unit) for code, unit in book.units.items()},
    }


def book_from_json(data: Mapping[str, Any]) -> ResultBook:
    """Return the book that `book_to_json` gave.

    Raises:
        ValueError, TypeError, LookupError, AttributeError: it is none.
    """
    made = datetime.fromisoformat(data["made"])
    if made.tzinfo is None:
        raise ValueError(data["made"])
    return ResultBook(
        str(data["campaign"]),
        str(data["parent"]),
        int(data["serial"]),
        made,
        {str(name): str(said) for name, said in data["source"].items()},
        bool(data["provisional"]),
        {code: unit and _unit_from_json(code, unit) for code, unit in data["units"].items()},
    )


def _unit_to_json(unit: Reported) -> dict[str, Any]:
    sums = unit.sums
    numbers = [plain(n) for n in (sums.own, sums.achieved, sums.applicable, sums.index)]
    return {
        "digest": unit.digest,
        "sums": [*numbers, sums.rank, sums.band],
        "own": {node: _score_to_json(score) for node, score in unit.own.items()},
        "achieved": {node: _score_to_json(score) for node, score in unit.achieved.items()},
        "pending": list(unit.pending),
        "unsettled": list(unit.unsettled),
        "fallbacks": dict(unit.fallbacks),
        "words": {node: [word.by, word.reason] for node, word in unit.words.items()},
        "figures": {
            node: {key: value_to_json(value) for key, value in inputs.items()}
            for node, inputs in unit.figures.items()
        },
        "late": unit.days_late,
        "files": list(unit.hashes),
    }


def _unit_from_json(code: str, data: Mapping[str, Any]) -> Reported:
    own, achieved, applicable, index, rank, band = data["sums"]
    return Reported(
        code,
        str(data["digest"]),
        {node: _score_from_json(score) for node, score in data["own"].items()},
        {node: _score_from_json(score) for node, score in data["achieved"].items()},
        Sums(exact(own), exact(achieved), exact(applicable), exact(index),
             None if rank is None else int(rank), str(band)),
        tuple(map(str, data["pending"])),
        tuple(map(str, data["unsettled"])),
        {node: int(year) for node, year in data["fallbacks"].items()},
        {node: Word(str(by), str(reason)) for node, (by, reason) in data["words"].items()},
        {
            node: {key: value_from_json(value) for key, value in inputs.items()}
            for node, inputs in data["figures"].items()
        },
        int(data["late"]),
        tuple(map(str, data["files"])),
    )  # fmt: skip


def _score_to_json(score: Score) -> list[str | None]:
    points = None if score.points is None else plain(score.points)
    return [points, plain(score.applicable), score.open]


def _score_from_json(data: list[str | None]) -> Score:
    points, applicable, open_ = data
    if (points is None) == (open_ is None):
        raise ValueError(data)
    # `exact` and not `Decimal`, which takes `NaN`.
    reached = None if points is None else exact(points)
    return Score(reached, exact(applicable or ""), Open(open_) if open_ else None)
