"""Survey books: exact means, round trips through the inbox, ledger and results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns import Data, assert_readable, leaf
from tests.survey_campaign import (
    BANDED,
    BOTH,
    COUNTED,
    FRONT,
    INDEX,
    OPTIONS,
    PLAIN,
    Office,
    checked,
    fact,
    filling,
    submitted,
    survey_campaign,
    survey_rubric,
    told,
    typed,
)
from xlscore.findings import Status
from xlscore.methods.consolidated import RespondentGroup, Survey
from xlscore.numbers import quantise
from xlscore.plugins import load
from xlscore.workbooks.surveys.form import SOURCE
from xlscore.workbooks.surveys.plan import Way

COUNTS = st.integers(0, 10**6).map(Decimal)
WEIGHTS = st.decimals("0.01", "100", places=2)


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return survey_campaign(tmp_path / "campaign")


# --- exactness --------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from("ABCDE"), st.tuples(WEIGHTS, COUNTS), min_size=1))
def test_the_mean_of_counted_answers_is_exact(said: Mapping[str, tuple[Decimal, Decimal]]) -> None:
    method = Survey(options={option: weight for option, (weight, _) in said.items()})
    mean = method.percent_of_answers({option: n for option, (_, n) in said.items()})
    total = sum(int(n) for _, n in said.values())
    weighed = sum(int(n) * Fraction(str(weight)) for weight, n in said.values())
    assert mean == (Fraction(weighed) / total if total else None)


@given(st.dictionaries(st.sampled_from("abcd"), st.tuples(WEIGHTS, st.fractions(0, 100))))
def test_the_mean_of_groups_is_over_those_that_answered(
    said: Mapping[str, tuple[Decimal, Fraction]],
) -> None:
    others = {"silent": RespondentGroup(title="Không trả lời", weight=Decimal(7))}
    groups = {g: RespondentGroup(title=g, weight=weight) for g, (weight, _) in said.items()}
    mean = Survey(groups=groups | others).percent_of_groups({g: p for g, (_, p) in said.items()})
    weights = sum(Fraction(str(weight)) for weight, _ in said.values())
    weighed = sum(Fraction(str(weight)) * percent for weight, percent in said.values())
    assert mean == (weighed / weights if said else None)


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        ({"options": {"A": "100"}}, ["method-field"]),
        ({"options": {"A": "0", "B": "0"}}, ["method-field"]),
        ({"options": {"A": "120", "B": "0"}}, ["method-field"]),
        ({"options": {"A": "100", "B": "-5"}}, ["method-field"]),
        ({"options": {"A": "80", "B": "0"}}, ["maximum-unreachable"]),
        ({"groups": {"dan": {"title": "Người dân", "weight": "0"}}}, ["method-field"]),
        ({"groups": {"dan": {"weight": "1"}}}, ["method-field"]),
        ({"options": OPTIONS, "groups": {"dan": {"title": "Người dân"}}}, []),
    ],
)
def test_nonsense_in_options_and_groups_is_told(
    tmp_path: Path, spec: Data, names: list[str]
) -> None:
    row = leaf("2.3", "1", "survey", {"channel": "survey"}, **spec)
    assert _linted(tmp_path / "so.yaml", row) == names


def _linted(path: Path, row: Data) -> list[str]:
    path.write_text(json.dumps(survey_rubric(**{BOTH: row})), encoding="utf-8")
    return [found.name for found in load().read_rubric(path).findings]


# --- round trips: inbox, ledger, results ------------------------------------------------------------


def test_percents_come_back_and_score(desk: Office) -> None:
    book = desk.book()
    submitted(desk, "STP")
    said = {
        ("STP", BOTH, "hdnd"): "80",
        ("STP", BOTH, "dan"): "65",
        ("STP", COUNTED): "72.5",
        ("STP", INDEX): "0.6",
        ("STP", PLAIN): "100",
        ("STP", BANDED): "81",
    }
    arrival = checked(desk.arrival(book.filled(filling(book, said))))
    assert (arrival.status, told(arrival)) == (Status.VALID, [])
    assert arrival.card["figures"] == {
        "STP": {BOTH: "75", COUNTED: "72.5", INDEX: "0.6", PLAIN: "100", BANDED: "81"}
    }
    head = {key: arrival.card[key] for key in ("year", "source", "by")}
    assert head == {"year": 2026, "source": "SIPAS 2026", "by": "Nguyễn Văn A"}
    scores = {BOTH: "0.75", COUNTED: "0.3625", INDEX: "0.3", PLAIN: "0.5", BANDED: "0.5"}
    assert {node: desk.achieved("STP", node) for node in scores} == {
        node: Decimal(points) for node, points in scores.items()
    }


def test_numbers_of_answers_come_back_as_exact_means(desk: Office) -> None:
    book = desk.book(Way.ANSWERS)
    submitted(desk, "STP")
    counts = {"A": "10", "B": "7", "C": "3", "D": "1"}
    said = {("STP", COUNTED, "", option): n for option, n in counts.items()}
    said |= {("STP", BOTH, "hdnd", "A"): "1", ("STP", BOTH, "hdnd", "B"): "2"}
    said |= {("STP", BOTH, "dan", "C"): "3", ("STP", BOTH, "dan", "A"): "4"}
    arrival = checked(desk.arrival(book.filled(filling(book, said))))
    assert told(arrival) == []
    alone = Fraction(10 * 100 + 7 * 60 + 3 * 20, 21)
    groups = (2 * Fraction(220, 3) + Fraction(460, 7)) / 3
    figures = {node: Decimal(text) for node, text in arrival.card["figures"]["STP"].items()}
    assert figures == {COUNTED: quantise(alone, 15), BOTH: quantise(groups, 15)}
    assert ["hdnd", "B", "2"] in arrival.card["details"]["STP"][BOTH]
    assert desk.achieved("STP", COUNTED) == quantise(alone / 200, 12)
    assert desk.achieved("STP", BOTH) == quantise(groups / 100, 12)


def test_points_come_back_as_those_points(desk: Office) -> None:
    book = desk.book(Way.POINTS)
    submitted(desk, "STP")
    said = {("STP", BOTH): "0.37", ("STP", COUNTED): "0.17", ("STP", INDEX): "0.31"}
    said[("STP", BANDED)] = "79.9"  # bands cannot be turned round: the index itself is asked
    arrival = checked(desk.arrival(book.filled(filling(book, said))))
    assert told(arrival) == []
    assert arrival.card["figures"]["STP"][COUNTED] == "34"
    points = {node: desk.achieved("STP", node) for node in (BOTH, COUNTED, INDEX, BANDED)}
    assert points == {
        BOTH: Decimal("0.37"), COUNTED: Decimal("0.17"), INDEX: Decimal("0.31"), BANDED: Decimal(0),
    }  # fmt: skip


def test_points_that_no_percent_spells_come_back_exactly(tmp_path: Path) -> None:
    row = leaf(BOTH[1:], "1.1", "survey", {"channel": "survey"})
    rest = leaf(COUNTED[1:], "0.4", "survey", {"channel": "survey"})
    desk = survey_campaign(tmp_path / "campaign", changes={BOTH: row, COUNTED: rest})
    book = desk.book(Way.POINTS)
    submitted(desk, "STP")
    checked(desk.arrival(book.filled(filling(book, {("STP", BOTH): "0.7"}))))
    assert desk.achieved("STP", BOTH) == Decimal("0.7")


def test_a_later_book_replaces_what_it_says_and_nothing_else(desk: Office) -> None:
    book = desk.book()
    submitted(desk, "STP", "STC")
    first = {("STP", COUNTED): "50", ("STC", COUNTED): "60", ("STP", INDEX): "0.5"}
    desk.arrival(book.filled(filling(book, first)), "1.xlsx")
    desk.arrival(book.filled(filling(book, {("STP", COUNTED): "80"})), "2.xlsx")
    points = [desk.achieved(u, n) for u, n in (("STP", COUNTED), ("STC", COUNTED), ("STP", INDEX))]
    assert points == [Decimal("0.4"), Decimal("0.3"), Decimal("0.25")]


def test_last_years_figure_serves_an_index_and_is_shown_as_such(desk: Office) -> None:
    submitted(desk, "STP")
    book = desk.book(year=2025)
    said = {("STP", INDEX): "0.8", ("STP", COUNTED): "90"}
    arrival = checked(desk.arrival(book.filled(filling(book, said))))
    assert told(arrival) == [("survey-book-year-unused", "", COUNTED)]
    result = desk.result("STP")
    assert result.fallbacks == {INDEX: 2025}
    assert COUNTED in result.pending
    assert result.achieved[INDEX].points == Decimal("0.4")
    now = desk.book()
    checked(desk.arrival(now.filled(filling(now, {("STP", INDEX): "0.9"})), "nay.xlsx"))
    assert desk.result("STP").fallbacks == {}
    assert desk.achieved("STP", INDEX) == Decimal("0.45")


def test_a_draft_does_not_count(desk: Office) -> None:
    book = desk.book()
    submitted(desk, "STP")
    said = filling(book, {("STP", COUNTED): "50"}, complete=False)
    arrival = checked(desk.arrival(book.filled(said)))
    assert (arrival.status, told(arrival)) == (Status.DRAFT, [("draft-unticked", "", "")])
    assert desk.state().surveyed.figures == ()


def test_a_book_comes_before_the_table_and_a_difference_is_told(tmp_path: Path) -> None:
    root = tmp_path / "campaign"
    desk = survey_campaign(root)
    (root / "diem.csv").write_text(
        f"unit,node,value\nSTP,{COUNTED},40\nSTP,{INDEX},0.5\nSTC,{COUNTED},60\n", encoding="utf-8"
    )
    desk = survey_campaign(root, surveys=["diem.csv"])
    submitted(desk, "STP", "STC")
    book = desk.book()
    said = {("STP", COUNTED): "50", ("STP", INDEX): "0.5"}
    checked(desk.arrival(book.filled(filling(book, said))))
    assert desk.achieved("STP", COUNTED) == Decimal("0.25")
    assert desk.achieved("STC", COUNTED) == Decimal("0.3")
    (note,) = [f for f in desk.notes() if f.name == "survey-figure-differs"]
    assert_readable(note)
    assert (note.row, note.entered, note.params["table"]) == ("2.5", "50", "40")


def test_a_figure_above_todays_scale_does_not_count(tmp_path: Path) -> None:
    root = tmp_path / "campaign"
    wide = leaf(INDEX[1:], "0.5", "index", {"channel": "survey"}, scale="100")
    desk = survey_campaign(root, changes={INDEX: wide})
    book = desk.book()
    checked(desk.arrival(book.filled(filling(book, {("STP", INDEX): "60"}))))
    desk = survey_campaign(root)
    submitted(desk, "STP")
    desk.collect()
    assert INDEX in desk.result("STP").pending
    (note,) = [f for f in desk.notes() if f.name == "survey-figure-outgrown"]
    assert_readable(note)
    assert (note.row, note.entered, note.params["maximum"]) == ("2.6", "60", "1")
    again = checked(desk.arrival(book_of(desk, root), "cu.xlsx"))
    assert told(again) == [
        ("survey-column-outdated", "", INDEX),
        ("survey-empty", "", ""),
    ]


def test_where_the_latest_figure_is_outgrown_an_earlier_one_counts(tmp_path: Path) -> None:
    root = tmp_path / "campaign"
    wide = leaf(INDEX[1:], "0.5", "index", {"channel": "survey"}, scale="100")
    desk = survey_campaign(root, changes={INDEX: wide})
    book = desk.book()
    checked(desk.arrival(book.filled(filling(book, {("STP", INDEX): "0.8"})), "mot.xlsx"))
    checked(desk.arrival(book.filled(filling(book, {("STP", INDEX): "60"})), "hai.xlsx"))
    desk = survey_campaign(root)
    submitted(desk, "STP")
    desk.collect()
    assert desk.achieved("STP", INDEX) == Decimal("0.4")
    (note,) = [f for f in desk.notes() if f.name == "survey-figure-outgrown"]
    assert (note.entered, note.file) == ("60", "hai.xlsx")


def book_of(desk: Office, root: Path) -> bytes:
    """Return the book of the older rubric as it lies in the archive of what came in, saved anew."""
    old = (root / "inbox" / "dieu-tra.xlsx").read_bytes()
    return typed(old, {fact(SOURCE): "Bản lưu lại"}, FRONT)


def test_a_column_that_is_asked_since_is_told(tmp_path: Path) -> None:
    root = tmp_path / "campaign"
    few = leaf(BOTH[1:], "1", "levels", levels=[{"label": "Có", "points": "1"}])
    desk = survey_campaign(root, changes={BOTH: few})
    book = desk.book()
    data = book.filled(filling(book, {("STP", COUNTED): "50"}))
    arrival = checked(survey_campaign(root).arrival(data))
    assert told(arrival) == [("survey-column-lacking", "", BOTH)]
    assert arrival.card["figures"] == {"STP": {COUNTED: "50"}}
