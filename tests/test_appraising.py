"""Appraisals merged by row: who is heard, in which order, and what a newer version of a unit reopens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.appraised import (
    ACCEPT,
    ADJUST,
    COUNCIL,
    QUERY,
    Card,
    card,
    numbered,
    results,
    unnumbered,
    word,
)
from tests.campaigns import assert_readable
from tests.small_campaign import Returned, group, leaf, points, rubric
from xlscore.answers import Answers
from xlscore.appraising import Claim, Decision, OpenRow, Reply, appraise
from xlscore.appraising.claims import (
    claim_from_json,
    claim_to_json,
    reply_from_json,
    reply_to_json,
)
from xlscore.findings import message
from xlscore.methods.base import Value

SHARE = {"kind": "proportional", "numerator": "Đạt", "denominator": "Tất cả"}
WHOLE = rubric(
    [
        group(
            "d1",
            "12",
            [
                leaf("a", "4"),
                leaf("b", "5", method=SHARE, may_be_not_applicable="không phát sinh"),
                leaf("c", "3", channel="appraiser"),
            ],
        ),
        group(
            "d2",
            "8",
            [
                leaf("s", "3", method={"kind": "survey"}, channel="survey"),
                leaf("e", "5"),
            ],
            may_be_not_applicable="không được giao",
        ),
        group("d3", "2", [leaf("x", "2"), leaf("y", "1")], combine="best"),
        leaf("plus", "2", channel="bonus"),
    ]
)
VALUES: dict[str, dict[str, Value]] = {
    **points(a="3", e="4", x="2"),
    "b": {"numerator": Decimal(3), "denominator": Decimal(4)},
}
LEFT_OUT = frozenset({"d2"})


@pytest.fixture
def sent() -> Card:
    return card(WHOLE, Answers(VALUES))


# --- properties -----------------------------------------------------------------------------------

NODES = ("a", "b", "c", "e", "s", "x", "y", "plus")
DECIDED = st.one_of(
    st.tuples(st.just(ACCEPT), st.none(), st.booleans()),
    st.tuples(st.just(ADJUST), st.sampled_from(["0", "0.5", "1"]), st.just(False)),
    st.tuples(st.just(QUERY), st.none(), st.just(False)),
)


@dataclass(frozen=True)
class Book:
    """What one speaker's returned book says; `claims` name rows that may be as they were before."""

    speaker: str
    round: int
    claims: tuple[tuple[str, tuple[Decision, str | None, bool], bool], ...]

    def said(self, now: Card, before: Card) -> list[Claim]:
        return [
            (before if outdated else now).claim(
                node, decision, score, rest=rest, agency=self.speaker,
                round=self.round, council=self.speaker == COUNCIL,
            )
            for node, (decision, score, rest), outdated in self.claims
        ]  # fmt: skip


BOOKS = st.lists(
    st.builds(
        Book,
        st.sampled_from(["A", "B", "C", COUNCIL]),
        st.integers(1, 3),
        st.lists(st.tuples(st.sampled_from(NODES), DECIDED, st.booleans()), max_size=5).map(tuple),
    ),
    max_size=7,
)
CARDS = st.sampled_from([frozenset[str](), LEFT_OUT, frozenset({"b"})]).map(
    lambda left_out: card(WHOLE, Answers(VALUES, left_out))
)
BEFORE = card(WHOLE, Answers(points(a="2", e="1", x="1", y="1", plus="1"), frozenset({"b"})))


def merged_from(books: Sequence[Book], now: Card) -> list[Claim]:
    return [claim for book in books for claim in book.said(now, BEFORE)]


@given(BOOKS, CARDS, st.data())
@settings(max_examples=150, deadline=None)
def test_the_order_in_which_different_speakers_books_arrive_changes_nothing(
    books: list[Book], now: Card, data: st.DataObject
) -> None:
    queues = {s: [b for b in books if b.speaker == s] for s in ("A", "B", "C", COUNCIL)}
    turns = data.draw(st.permutations([book.speaker for book in books]))
    shuffled = [queues[speaker].pop(0) for speaker in turns]
    first, second = (now.appraise(*merged_from(order, now)) for order in (books, shuffled))
    assert unnumbered(first) == unnumbered(second)
    assert first.findings(now.layout) == second.findings(now.layout)


@given(BOOKS, CARDS)
@settings(max_examples=100, deadline=None)
def test_merging_the_same_again_under_later_numbers_changes_nothing_but_numbers(
    books: list[Book], now: Card
) -> None:
    claims = numbered(merged_from(books, now))
    again = [*claims, *numbered(claims, len(claims) + 1)]
    once = appraise(now.unit, now.layout, now.answers, claims)
    twice = appraise(now.unit, now.layout, now.answers, again)
    assert unnumbered(once) == unnumbered(twice)


@given(BOOKS, CARDS)
@settings(max_examples=100, deadline=None)
def test_a_row_that_nobody_touches_never_changes(books: list[Book], now: Card) -> None:
    claims = merged_from(books, now)
    untouched = now.appraise()
    for node, row in now.appraise(*claims).rows.items():
        others = now.appraise(*(claim for claim in claims if claim.node == node))
        assert unnumbered(others).rows[node] == unnumbered(now.appraise(*claims)).rows[node]
        if all(claim.node != node for claim in claims):
            assert row == untouched.rows[node]
            assert node not in now.appraise(*claims).decisions


@given(BOOKS, CARDS)
@settings(max_examples=100, deadline=None)
def test_what_is_decided_was_said_by_somebody_about_the_row_as_it_is(
    books: list[Book], now: Card
) -> None:
    merged = now.appraise(*merged_from(books, now))
    for node, decided in merged.decisions.items():
        assert decided in merged.rows[node].words
        assert decided.decision is not QUERY
        assert decided.council or decided.basis == merged.rows[node].basis
    for row in merged.rows.values():
        assert (row.conflict is None) or row.council is None
        assert row.decided is not None or row.open is not None


@given(BOOKS, st.data())
@settings(max_examples=60, deadline=None)
def test_the_order_of_arrival_never_changes_the_results(
    books: list[Book], data: st.DataObject
) -> None:
    now = card(WHOLE, Answers(VALUES))
    queues = {s: [b for b in books if b.speaker == s] for s in ("A", "B", "C", COUNCIL)}
    turns = data.draw(st.permutations([book.speaker for book in books]))
    shuffled = [queues[speaker].pop(0) for speaker in turns]
    made = [
        results(WHOLE, {"U": Returned(VALUES)}, {"U": merged_from(order, now)})
        for order in (books, shuffled)
    ]
    told = [
        [(r.result.achieved, r.result.pending, r.result.index) for r in one.rows] for one in made
    ]
    assert told[0] == told[1]
    assert made[0].provisional == made[1].provisional


# --- within a round -------------------------------------------------------------------------------


def test_within_an_agency_the_later_word_counts_and_the_earlier_is_no_conflict(sent: Card) -> None:
    merged = sent.appraise(sent.claim("a", ADJUST, "1"), sent.claim("a", ADJUST, "2"))
    row = merged.rows["a"]
    assert (merged.points, row.open, row.conflict) == ({"a": Decimal(2)}, None, None)
    assert [claim.arrival for claim in row.words] == [2]


@pytest.mark.parametrize("turned", [False, True])
def test_an_explicit_word_outranks_the_acceptance_of_the_rest_whatever_the_order(
    sent: Card, turned: bool
) -> None:
    for agency in ("A", "B"):
        said = [sent.claim("a", ADJUST, "1"), sent.claim("a", rest=True, agency=agency)]
        merged = sent.appraise(*(reversed(said) if turned else said))
        assert (merged.points, merged.rows["a"].conflict) == ({"a": Decimal(1)}, None)


@pytest.mark.parametrize("turned", [False, True])
def test_the_rest_of_a_later_round_never_beats_what_was_said_of_the_row_itself(
    sent: Card, turned: bool
) -> None:
    rest = sent.claim("a", rest=True, agency="B", round=2)
    adjusted, other = (sent.claim("a", ADJUST, p, agency=a) for p, a in (("1", "A"), ("2", "C")))
    query = sent.claim("a", QUERY)
    told = []
    for said in ([rest, adjusted], [rest, adjusted, other], [rest, query]):
        row = sent.appraise(*(reversed(said) if turned else said)).rows["a"]
        told.append((row.decided.points if row.decided else None, row.open, row.spoken))
    assert told == [
        (Decimal(1), None, True), (None, OpenRow.CONFLICT, True), (None, OpenRow.QUERIED, True),
    ]  # fmt: skip


def test_acceptance_of_the_rest_decides_rows_that_nobody_names(sent: Card) -> None:
    merged = sent.appraise(*(sent.claim(n, rest=True) for n in ("a", "b", "e", "x", "y", "plus")))
    assert merged.confirmed == {"a", "b", "e", "x", "y", "plus"}
    assert merged.open == {"c": OpenRow.UNTOUCHED}


def test_two_agencies_that_say_the_same_agree_though_their_reasons_differ(sent: Card) -> None:
    merged = sent.appraise(
        sent.claim("a", ADJUST, "1", reason="thiếu văn bản"),
        sent.claim("a", ADJUST, "1.0", agency="B", reason="chậm"),
    )
    assert (merged.points, merged.open.get("a")) == ({"a": Decimal(1)}, None)


def test_two_agencies_that_differ_are_both_named_always_in_the_same_order(sent: Card) -> None:
    first = sent.claim("a", ADJUST, "1", agency="B", file="b.xlsx", place="Sổ!K9")
    second = sent.claim("a", agency="A", file="a.xlsx", place="Sổ!K7")
    for said in ([first, second], [second, first]):
        merged = sent.appraise(*said)
        assert merged.decisions == {}
        assert merged.open["a"] is OpenRow.CONFLICT
        (found,) = merged.findings(sent.layout)
        assert_readable(found)
        assert (found.code, found.row, found.node) == ("A001", "a", "a")
        assert "A “Công nhận” (a.xlsx, Sổ!K7) và B “Điều chỉnh 1” (b.xlsx, Sổ!K9)" in message(
            found, "vi"
        )


def test_different_figures_are_a_conflict_too(sent: Card) -> None:
    merged = sent.appraise(
        sent.claim("b", ADJUST, values={"numerator": Decimal(1)}),
        sent.claim("b", ADJUST, values={"numerator": Decimal(2)}, agency="B"),
    )
    assert merged.reentered == {}
    (found,) = merged.findings(sent.layout)
    assert (found.code, found.params["first"], found.params["second"]) == (
        "A001", "Điều chỉnh 1", "Điều chỉnh 2",
    )  # fmt: skip


def test_a_query_decides_nothing_and_outweighs_what_others_decide_in_its_round(sent: Card) -> None:
    merged = sent.appraise(
        sent.claim("a", ADJUST, "1"), sent.claim("a", QUERY, agency="B", reason="vì sao?")
    )
    assert merged.decisions == {}
    assert merged.open["a"] is OpenRow.QUERIED
    assert merged.findings(sent.layout) == ()


# --- rounds, the council --------------------------------------------------------------------------


def test_the_latest_round_that_decides_counts(sent: Card) -> None:
    merged = sent.appraise(
        sent.claim("a", ADJUST, "2", round=2, agency="B"), sent.claim("a", ADJUST, "1")
    )
    assert merged.points == {"a": Decimal(2)}
    assert [word.round for word in merged.rows["a"].words] == [1, 2]
    assert merged.rows["a"].in_round(1)[0].points == 1


def test_a_later_query_leaves_the_earlier_decision_and_opens_the_row(sent: Card) -> None:
    merged = sent.appraise(sent.claim("a", ADJUST, "1"), sent.claim("a", QUERY, round=2))
    assert merged.points == {"a": Decimal(1)}
    assert merged.open["a"] is OpenRow.QUERIED


def test_a_later_round_settles_a_conflict(sent: Card) -> None:
    said = [sent.claim("a", ADJUST, "1"), sent.claim("a", ADJUST, "2", agency="B")]
    assert sent.appraise(*said).rows["a"].conflict is not None
    merged = sent.appraise(*said, sent.claim("a", ADJUST, "1.5", agency="B", round=2))
    assert (merged.points, merged.findings(sent.layout)) == ({"a": Decimal("1.5")}, ())


def test_the_council_is_final_over_conflicts_queries_and_later_rounds(sent: Card) -> None:
    council = sent.claim("a", ADJUST, "2.5", council=True, agency=COUNCIL)
    merged = sent.appraise(
        council,
        sent.claim("a", ADJUST, "1", round=3),
        sent.claim("a", ADJUST, "2", round=3, agency="B"),
        sent.claim("a", QUERY, round=3, agency="C"),
    )
    row = merged.rows["a"]
    assert (merged.points, row.open, row.conflict) == ({"a": Decimal("2.5")}, None, None)
    assert row.council is not None
    assert row.words[-1] is row.council


def test_the_councils_later_word_replaces_its_earlier_one_and_its_query_decides_nothing(
    sent: Card,
) -> None:
    said = [sent.claim("a", ADJUST, p, council=True, agency=a) for p, a in (("1", "A"), ("2", "B"))]
    assert sent.appraise(*said).points == {"a": Decimal(2)}
    asked = sent.appraise(sent.claim("a", ADJUST, "1"), sent.claim("a", QUERY, council=True))
    assert (asked.points, asked.open["a"]) == ({"a": Decimal(1)}, OpenRow.QUERIED)


# --- a newer version of the unit ------------------------------------------------------------------


def test_changed_inputs_reopen_their_row_and_say_which_word_no_longer_counts(sent: Card) -> None:
    said = [
        sent.claim("a", ADJUST, "1", file="a.xlsx", place="Sổ!K7"),
        sent.claim("b", ADJUST, "1"),
    ]
    newer = sent.having(values={**VALUES, **points(a="4")})
    merged = newer.appraise(*said)
    assert merged.points == {"b": Decimal(1)}
    assert merged.open["a"] is OpenRow.REOPENED
    (found,) = merged.findings(newer.layout)
    assert_readable(found)
    assert (found.code, found.row) == ("A002", "a")
    assert [found.params[k] for k in ("agency", "round", "said", "place")] == [
        "A", "1", "Điều chỉnh 1", "a.xlsx, Sổ!K7",
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["evidence", "explanation"])
def test_more_evidence_or_explanation_reopens_nothing(sent: Card, what: str) -> None:
    said = sent.claim("a", ADJUST, "1")
    merged = sent.having(**{what: {"a": "Kế hoạch số 2"}}).appraise(said)
    assert (merged.points, merged.rows["a"].outdated) == ({"a": Decimal(1)}, ())


def test_the_same_figures_spelled_otherwise_reopen_nothing(sent: Card) -> None:
    spelled = sent.having(values={**VALUES, **points(a="3.00")})
    assert spelled.appraise(sent.claim("a")).confirmed == {"a"}


@pytest.mark.parametrize("node", ["b", "e", "s"])
def test_whether_a_row_applies_is_one_of_its_inputs(sent: Card, node: str) -> None:
    left_out = sent.having(not_applicable=frozenset({"b", "d2"}))
    assert left_out.appraise(left_out.claim(node)).confirmed == {node}
    back = sent.appraise(left_out.claim(node))
    if node == "s":  # a survey row that applies is not appraised at all
        assert node not in back.rows
    else:
        assert back.open[node] is OpenRow.REOPENED
    if node != "s":
        assert left_out.appraise(sent.claim(node)).open[node] is OpenRow.REOPENED


def test_a_changed_maximum_or_method_reopens_the_row(sent: Card) -> None:
    nodes = [leaf("a", "3"), *(leaf(n, "1") for n in ("b", "c", "e", "s", "x", "y", "plus"))]
    other = card(rubric(nodes), Answers(points(a="3")))
    assert other.appraise(sent.claim("a")).open["a"] is OpenRow.REOPENED


def test_a_row_appraised_again_on_its_new_figures_is_decided(sent: Card) -> None:
    newer = sent.having(values={**VALUES, **points(a="4")})
    merged = newer.appraise(sent.claim("a", ADJUST, "1"), newer.claim("a", ADJUST, "2"))
    assert (merged.points, merged.open.get("a")) == ({"a": Decimal(2)}, None)
    assert [claim.points for claim in merged.rows["a"].outdated] == [1]
    assert merged.findings(newer.layout) == ()


def test_figures_that_went_back_are_reopened_though_an_earlier_round_had_decided_them(
    sent: Card,
) -> None:
    between = sent.having(values={**VALUES, **points(a="4")})
    merged = sent.appraise(sent.claim("a", ADJUST, "1"), between.claim("a", round=2))
    assert merged.points == {"a": Decimal(1)}
    assert merged.open["a"] is OpenRow.REOPENED
    assert [f.code for f in merged.findings(sent.layout)] == ["A002"]


def test_the_councils_word_stands_whatever_the_unit_changes_and_that_is_told(sent: Card) -> None:
    newer = sent.having(values={**VALUES, **points(a="4")})
    merged = newer.appraise(sent.claim("a"), sent.claim("a", ADJUST, "2", council=True))
    assert (merged.points, merged.open.get("a")) == ({"a": Decimal(2)}, None)
    (found,) = merged.findings(newer.layout)
    assert_readable(found)
    assert (found.code, found.params["said"]) == ("A003", "Điều chỉnh 2")


RESERVED = rubric(
    [
        group("d1", "4", [leaf("a", "4")]),
        group(
            "d2",
            "6",
            [
                leaf("c", "3", channel="appraiser"),
                leaf("s", "3", method={"kind": "survey"}, channel="survey"),
            ],
            may_be_not_applicable="không được giao",
        ),
    ]
)


@pytest.mark.parametrize("node", ["c", "s"])
@pytest.mark.parametrize("score", [None, "2"])
def test_the_councils_word_on_a_row_left_out_stays_final_when_the_unit_takes_that_back(
    node: str, score: str | None
) -> None:
    before = card(RESERVED, Answers(points(a="3"), LEFT_OUT))
    council = before.claim(node, ADJUST if score else ACCEPT, score, council=True)
    merged = before.having(not_applicable=frozenset()).appraise(council)
    assert merged.points == ({node: Decimal(2)} if score else {})
    assert merged.excluded == (frozenset() if score else {node})
    assert merged.open.get(node) is None
    assert "A003" in [found.code for found in merged.findings(before.layout)]


def test_accepting_not_applicable_is_reopened_on_a_row_that_only_appraisers_fill() -> None:
    before = card(RESERVED, Answers(points(a="3"), LEFT_OUT))
    now = before.having(not_applicable=frozenset())
    assert now.appraise(before.claim("c")).open["c"] is OpenRow.REOPENED


def test_appraisal_has_begun_though_the_unit_has_changed_every_row_since(sent: Card) -> None:
    assert not sent.appraise().begun
    newer = sent.having(values={**VALUES, **points(a="4")})
    assert newer.appraise(sent.claim("a")).begun


# --- rows of other kinds --------------------------------------------------------------------------


def test_appraisers_look_at_what_units_answer_at_their_own_rows_and_at_what_is_left_out(
    sent: Card,
) -> None:
    assert set(sent.appraise().rows) == {"a", "b", "c", "e", "x", "y", "plus"}
    left_out = sent.having(not_applicable=LEFT_OUT).appraise()
    assert set(left_out.rows) == {"a", "b", "c", "s", "e", "x", "y", "plus"}
    assert left_out.left_out == {"s", "e"}


def test_rows_that_need_not_be_filled_are_open_only_once_somebody_looks_at_them(sent: Card) -> None:
    assert sent.appraise().optional == {"y", "plus"}
    assert set(sent.appraise().open) == {"a", "b", "c", "e", "x"}
    asked = sent.appraise(sent.claim("plus", QUERY))
    assert asked.open["plus"] is OpenRow.QUERIED
    filled = sent.having(values={**VALUES, **points(plus="1")})
    assert filled.appraise().open["plus"] is OpenRow.UNTOUCHED


def test_an_extra_that_the_unit_takes_back_need_not_be_looked_at(sent: Card) -> None:
    filled = sent.having(values={**VALUES, **points(plus="1")})
    merged = sent.appraise(filled.claim("plus"))
    assert "plus" not in merged.open
    assert merged.findings(sent.layout) == ()


def test_a_row_that_only_appraisers_fill_has_nothing_that_could_be_accepted(sent: Card) -> None:
    for said in (sent.claim("c", rest=True), sent.claim("c"), sent.claim("c", council=True)):
        merged = sent.appraise(said)
        assert merged.decisions == {}
        assert merged.open["c"] is OpenRow.UNTOUCHED
    assert sent.appraise(sent.claim("c", ADJUST, "2")).points == {"c": Decimal(2)}


def test_a_score_for_a_row_that_is_left_out_refuses_that(sent: Card) -> None:
    now = sent.having(not_applicable=LEFT_OUT)
    merged = now.appraise(now.claim("e", ADJUST, "3"), now.claim("s"))
    assert merged.refused == {"e"}
    assert merged.confirmed == {"s"}


def test_a_word_about_a_row_that_is_not_there_is_passed_over(sent: Card) -> None:
    gone = replace(sent.claim("a"), node="away")
    assert unnumbered(sent.appraise(gone)) == unnumbered(sent.appraise())


# --- replies, JSON --------------------------------------------------------------------------------


def test_a_units_later_reply_to_a_round_replaces_its_earlier_one(sent: Card) -> None:
    replies = [
        Reply(1, "U", "a", "lần đầu", arrival=4),
        Reply(2, "U", "a", "vòng hai", arrival=7),
        Reply(1, "U", "a", "nói lại", "12/KH", arrival=6),
    ]
    for given_ in (replies, replies[::-1]):
        merged = sent.appraise(replies=given_)
        assert {key: r.text for key, r in merged.replies.items()} == {
            (1, "a"): "nói lại", (2, "a"): "vòng hai",
        }  # fmt: skip


VALUE = st.decimals(0, 100, places=3) | st.text(max_size=5)
CLAIM = st.builds(
    Claim,
    agency=st.just("A"),
    round=st.integers(1, 20),
    unit=st.just("U"),
    node=st.sampled_from(NODES),
    decision=st.sampled_from(Decision),
    basis=st.text("0123456789abcdef", min_size=8, max_size=8),
    points=st.none() | st.decimals(0, 100, places=2),
    values=st.dictionaries(st.sampled_from(["numerator", "level"]), VALUE, max_size=2),
    reason=st.text(max_size=9),
    rest=st.booleans(),
    place=st.text(max_size=9),
    file=st.just("a.xlsx"),
    arrival=st.integers(1, 99),
    council=st.booleans(),
)


@given(CLAIM)
def test_a_claim_comes_back_from_json(claim: Claim) -> None:
    names = ("agency", "round", "file", "arrival", "council")
    arrival = {name: getattr(claim, name) for name in names}
    assert claim_from_json(claim_to_json(claim), **arrival) == claim


def test_a_reply_comes_back_from_json() -> None:
    reply = Reply(2, "U", "a", "Đã nộp", "Công văn 3", "Phiếu!H9", "U.xlsx", 5)
    stored = reply_to_json(reply)
    assert reply_from_json(stored, round=2, unit="U", file="U.xlsx", arrival=5) == reply


def test_a_word_made_for_tests_rests_on_the_row_as_it_is(sent: Card) -> None:
    made = results(WHOLE, {"U": Returned(VALUES)}, {"U": [word("a", ADJUST, "1")]})
    (row,) = made.rows
    assert row.result.appraised == {"a": Decimal(1)}
