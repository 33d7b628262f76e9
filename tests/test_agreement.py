"""A spreadsheet program that recalculates a filled scorecard shows what Python computes.

The heart of the tests: every scorecard method with every option, through real programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from tests.every_method import BLANK_HEAD, EDGE_CARDS, every_method, random_answers
from tests.office import (
    needs_gnumeric,
    needs_libreoffice,
    recalculate_with_libreoffice,
    resave_with_gnumeric,
)
from xlscore.form import scorecard_layout
from xlscore.layout import Column, Layout
from xlscore.plugins import load
from xlscore.workbooks.package import parse_address, read_package
from xlscore.workbooks.scorecard.cached import PROGRESS, Shown, calculated
from xlscore.workbooks.scorecard.fill import Typed, fill, understood
from xlscore.workbooks.scorecard.render import render_scorecard

pytestmark = pytest.mark.office
TOLERANCE = Decimal("1e-9")
CARDS = 30


class Deck:
    """Filled scorecards without cached values, and what each formula should show."""

    def __init__(self, decimals: int) -> None:
        self.decimals = decimals
        self.layout = scorecard_layout(every_method(), load().methods(), leaf_decimals=decimals)
        self.blank = render_scorecard(self.layout, BLANK_HEAD)
        dice = Random(20_260_000 + decimals)
        self.cards = [*EDGE_CARDS, *(random_answers(self.layout, dice) for _ in range(CARDS))]

    def write(self, folder: Path, cards: list[dict[tuple[str, str], Typed]]) -> list[Path]:
        paths = []
        for number, typed in enumerate(cards):
            data = fill(self.blank, self.layout, typed, decimals=self.decimals, cached=False)
            paths.append(folder / f"card-{number:02}.xlsx")
            paths[-1].write_bytes(data)
        return paths

    def differences(self, path: Path, typed: dict[tuple[str, str], Typed]) -> Iterator[str]:
        found = cells_of(path, self.layout)
        answers = understood(self.layout, typed)
        for (key, column), expected in calculated(self.layout, answers, self.decimals).items():
            address = address_of(self.layout, key, column)
            shown = found.get(address, "")
            if not same(shown, expected):
                node = {slot: v for (n, slot), v in typed.items() if f":{n}" in f"{key}/"}
                yield f"{path.name} {address} {key} {column}: {shown!r} != {expected!r}; {node}"


def address_of(layout: Layout, key: str, column: Column) -> str:
    if (key, column) == PROGRESS:
        return layout.progress_address
    return layout.address(layout.by_key[key], column)


def cells_of(path: Path, layout: Layout) -> dict[str, Shown]:
    sheet = next(s for s in read_package(path).sheets if s.name == "Phiếu chấm điểm")
    places = {address_of(layout, row.key, column) for row, column, _ in layout.calculations}
    found: dict[str, Shown] = {}
    for address in (*places, layout.progress_address):
        cell = sheet.cells.get(parse_address(address))
        if cell is not None:
            found[address] = Decimal(cell.value) if cell.kind == "number" else cell.value
    return found


def same(shown: Shown, expected: Shown) -> bool:
    if isinstance(shown, Decimal) and isinstance(expected, Decimal):
        return abs(shown - expected) <= TOLERANCE
    return shown == expected


@pytest.fixture(scope="module", params=[12, 2], ids=["12 decimals", "2 decimals"])
def deck(request: pytest.FixtureRequest) -> Deck:
    return Deck(request.param)


@needs_libreoffice
def test_libreoffice_calculates_what_python_does(deck: Deck, tmp_path: Path) -> None:
    made = recalculate_with_libreoffice(deck.write(tmp_path, deck.cards), tmp_path / "out")
    wrong = [
        d
        for path, typed in zip(made, deck.cards, strict=True)
        for d in deck.differences(path, typed)
    ]
    assert wrong == []


@needs_gnumeric
def test_gnumeric_calculates_what_python_does(deck: Deck, tmp_path: Path) -> None:
    cards = deck.cards[:20]
    wrong: list[str] = []
    for path, typed in zip(deck.write(tmp_path, cards), cards, strict=True):
        made = resave_with_gnumeric(path, tmp_path / f"gnumeric-{path.name}")
        wrong += deck.differences(made, typed)
    assert wrong == []


def test_the_cards_reach_every_outcome(deck: Deck) -> None:
    shown = [
        calculated(deck.layout, understood(deck.layout, typed), deck.decimals)
        for typed in deck.cards
    ]
    scores = {(key, column): {s[key, column] for s in shown} for key, column in shown[0]}
    idle = [
        place for place, values in scores.items() if len(values) == 1 and place[1] is Column.SCORE
    ]
    assert idle == []
    assert {"", "–", "Chưa tính được"} <= {value for values in scores.values() for value in values}
