"""The story of a score: declared, appraised, replied, decided by the council, computed; every line held."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.browser import needs_chromium, width_taken
from tests.campaigns import Campaign, group, leaf, make_campaign, rubric
from tests.recorded import LATER, NOW, Office, valid
from xlscore import i18n
from xlscore.appraising import Claim, Decision, Reply, row_basis
from xlscore.appraising.claims import claim_to_json, reply_to_json
from xlscore.cardjson import card_from_json, card_to_json
from xlscore.cli.histories import history as command
from xlscore.findings import Status
from xlscore.histories import (
    NoSuchRowError,
    Section,
    Story,
    final_words,
    find_node,
    history_of,
    row_story,
    statement_words,
    story_page,
    story_to_json,
)
from xlscore.histories.scores import Who
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_BOOK, SURVEY
from xlscore.ledger import Ledger, open_ledger
from xlscore.proceedings import proceedings
from xlscore.reported import Reported, ResultBook, Sums, Word, book_to_json
from xlscore.rubric import Rubric
from xlscore.scoring import Score
from xlscore.workspace import open_workspace

APPRAISERS = {
    "agencies": {"STP": {"title": "Sở Tư pháp"}, "SNV": {"title": "Sở Nội vụ"}},
    "coordinator": "SNV",
    "rounds": [{}, {}],
}
"""An agency's code is that of a unit on purpose: they are different things."""

BANDS: Mapping[str, Any] = {"bands": [{"at_most": "0", "points": "1"}], "else": "0"}


def derived(code: str, quantity: str, **bands: Any) -> dict[str, Any]:
    given = bands or BANDS
    return leaf(code, "1", "derived", {"channel": "derived"}, quantity=quantity, **given)


def with_others() -> dict[str, Any]:
    """Return the usual rubric with rows that others supply."""
    data = rubric()
    high = {"bands": [{"at_least": "80", "points": "1"}], "else": "0"}
    fourth = [
        leaf("4.1", "2", "index", {"channel": "survey"}, source="PAR INDEX", fallback="1"),
        derived("4.2", "days_late"),
        derived("4.3", "evidence_coverage", **high),
        derived("4.4", "self_appraised_gap"),
        leaf("4.5", "2", "peer", label="Số dịch vụ"),
        leaf("4.6", "1", "points", {"channel": "appraiser"}),
    ]
    data["nodes"].insert(3, group("4", "8", fourth))
    return {**data, "scale": "38"}


class Desk:
    """What the test writes into the ledger, as the readers of returned forms would."""

    def __init__(self, campaign: Campaign, office: Office, ledger: Ledger) -> None:
        self.campaign, self.office, self.ledger = campaign, office, ledger

    def card(self, changes: Mapping[tuple[str, str], Any], unit: str = "STP") -> int:
        data = self.campaign.filled(changes, unit=unit)
        return valid(self.office, self.campaign, self.ledger, unit, data)

    def word(self, node: str, decision: Decision, unit: str = "STP", **said: Any) -> dict[str, Any]:
        cards = [a for a in self.ledger.submissions() if a.unit == unit and a.card]
        basis = row_basis(self.campaign.layout(unit), card_from_json(cards[-1].card).answers, node)
        return claim_to_json(Claim("", 1, unit, node, decision, basis, **said))

    def arrive(self, kind: str, unit: str, card: Mapping[str, Any], **more: Any) -> int:
        name = f"{kind}-{unit}-{more.get('round', 1)}.xlsx"
        facts = {"kind": kind, "unit": unit, "card": card, "file": name, "findings": (),
                 "status": Status.VALID, "serial": 30}  # fmt: skip
        number = self.office._minute
        data = f"{name} {number}".encode()
        entry = f"{number} {name}".encode()
        return self.office.arrive(self.ledger, data, **{**facts, "entry": entry, **more})

    def appraise(self, agency: str, *words: dict[str, Any], round_: int = 1, **more: Any) -> int:
        return self.arrive(APPRAISAL, agency, {"rows": list(words)}, round=round_, **more)


ACCEPT, ADJUST, QUERY = Decision.ACCEPT, Decision.ADJUST, Decision.QUERY
POINTS = Decimal("0.75")


LEFT_OUT: Mapping[tuple[str, str], Any] = {
    ("n1.3", "numerator"): None,
    ("n1.3", "denominator"): None,
    ("n1.3", "@applicability"): "Không áp dụng",
    ("n1.3", "@explanation"): "Không có hồ sơ",
}


def tell_everything(desk: Desk) -> dict[str, int]:
    """Write a story with two versions, two agencies, two rounds and all that may happen to a row."""
    word = desk.word
    n: dict[str, int] = {}
    n["v1"] = desk.card({("n1.2", "level"): "Chậm"})
    n["stc"] = desk.card({("n4.5", "value"): Decimal(8)}, "STC")
    n["first"] = desk.appraise(
        "STP",
        word("n1.1", ADJUST, points=Decimal("0.25"), reason="thiếu kế hoạch", place="So!H12"),
        word("n1.2", ACCEPT, place="So!H13"),
        word("n1.3", QUERY, reason="nêu căn cứ", place="So!H14"),
        word("n1.5", ADJUST, points=Decimal("0.5"), reason="sót", place="So!H16"),
    )
    n["second"] = desk.appraise(
        "SNV",
        word("n1.1", ADJUST, points=Decimal("0.5"), reason="chưa đủ", place="So!H12"),
        word("n1.5", ACCEPT, rest=True, place="So!H16"),
        word("n2.1", ACCEPT, "STC"),
    )
    n["v2"] = desk.card({("n4.5", "value"): Decimal(2)})
    reply = Reply(1, "STP", "n1.3", "đúng như biểu 06", "Biểu 06", place="Phiếu!J20")
    n["reply"] = desk.arrive(REPLY, "STP", {"rows": [reply_to_json(reply)]})
    n["wrong"] = desk.appraise("SNV", word("n1.4", ADJUST, points=Decimal(0), reason="nhầm"))
    n["early"] = desk.appraise(
        "STP", word("n1.1", ADJUST, points=Decimal("0.6"), reason="xem lại"), round_=2
    )
    n["later"] = desk.appraise(
        "STP",
        word("n1.1", ADJUST, points=Decimal("0.5"), reason="theo minh chứng", place="So!H12"),
        word("n1.3", ADJUST, values={"numerator": Decimal(1), "denominator": Decimal(4)},
             reason="theo biểu 06", place="So!H15"),
        word("n4.6", ADJUST, points=POINTS, reason="cho điểm"),
        round_=2,
    )  # fmt: skip
    council = word("n1.1", ADJUST, points=POINTS, reason="biên bản số 5", place="HĐ!G9")
    n["council"] = desk.arrive(COUNCIL, "SNV", {"rows": [council]})
    return n


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    campaign = _campaign(tmp_path_factory.mktemp("made") / "campaign")
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger:
        desk = Desk(campaign, office, ledger)
        numbers = tell_everything(desk)
        office.decide(ledger, "void", numbers["wrong"])
        office.decide(ledger, "waive", code="S030", row="1.1")
    return campaign.root, numbers


def _campaign(root: Path) -> Campaign:
    root.mkdir(parents=True)
    (root / "surveys.csv").write_text(
        "unit,node,value,year,source\nSTP,n2.3,80,2026,Bộ Nội vụ\nSTP,n4.1,90,2025,PAR INDEX\n",
        encoding="utf-8",
    )
    return make_campaign(
        root,
        rubrics={"so": with_others()},
        appraisal=APPRAISERS,
        surveys=["surveys.csv"],
        language="en",
    )


@pytest.fixture
def office(made: tuple[Path, dict[str, int]], tmp_path: Path) -> Office:
    shutil.copytree(made[0], tmp_path / "campaign")
    return Office(open_workspace(tmp_path / "campaign"))


@pytest.fixture
def n(made: tuple[Path, dict[str, int]]) -> dict[str, int]:
    return made[1]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("vi")


def story(office: Office, row: str, unit: str = "STP") -> Story:
    chosen = office.workspace.campaign.units[unit]
    node = find_node(office.workspace.campaign.rubric(chosen), row)
    with open_ledger(office.path) as ledger:
        return row_story(office.workspace, ledger, chosen, node, LATER)


def said(office: Office, row: str, section: Section, unit: str = "STP") -> list[str]:
    told = story(office, row, unit)
    return [statement_words(told, line) for line in told.section(section)]


# --- one row, from the declared figure to the final score -----------------------------------------------


def test_every_version_tells_its_inputs_its_place_and_whether_it_counts(
    office: Office, n: dict[str, int]
) -> None:
    told = story(office, "1.2").section(Section.DECLARED)
    chosen = ("submission", "version", "file", "self", "counts", "why", "other")
    assert [tuple(line.facts[name] for name in chosen) for line in told] == [
        (n["v1"], 1, "STP.xlsx", "0.5", False, "replaced", n["v2"]),
        (n["v2"], 2, "STP.xlsx", "1", True, "", 0),
    ]
    assert [line.facts["values"][0]["value"] for line in told] == ["Chậm", "Kịp thời"]
    assert {line.facts["values"][0]["place"] for line in told} == {"Phiếu chấm điểm!E11"}


def test_a_version_is_said_with_file_hash_form_cell_score_and_evidence(office: Office) -> None:
    last = said(office, "1.1", Section.DECLARED)[-1]
    hash_ = story(office, "1.1").section(Section.DECLARED)[-1].facts["sha256"][:12]
    assert last == (
        f"Arrival 5, version 2: STP.xlsx, SHA-256 {hash_}, form 1. Received 01/12/2026 16:35."
        " Điểm = 1 (cell Phiếu chấm điểm!F9). Self score: 1.00."
        " Evidence: “Kế hoạch số 12/KH-UBND ngày 05/01/2026”. THIS ONE COUNTS."
    )


def test_each_word_is_judged_conflict_replaced_overruled_and_what_counts(
    office: Office, n: dict[str, int]
) -> None:
    told = story(office, "1.1")
    words = (*told.section(Section.APPRAISED), *told.section(Section.COUNCIL))
    chosen = ("submission", "agency", "round", "points", "verdict", "other")
    assert [tuple(word.facts[name] for name in chosen) for word in words] == [
        (n["first"], "STP", 1, "0.25", "conflict", n["second"]),
        (n["second"], "SNV", 1, "0.5", "conflict", n["first"]),
        (n["early"], "STP", 2, "0.6", "replaced", n["later"]),
        (n["later"], "STP", 2, "0.5", "overruled", n["council"]),
        (n["council"], "SNV", 1, "0.75", "counts", 0),
    ]


def test_a_word_is_said_with_agency_round_reason_place_and_fate(office: Office) -> None:
    first = said(office, "1.1", Section.APPRAISED)[0]
    hash_ = story(office, "1.1").section(Section.APPRAISED)[0].facts["sha256"][:12]
    assert first == (
        "Thẩm định lần 1, Sở Tư pháp (STP) adjusts to 0.25. Reason: “thiếu kế hoạch”."
        f" Arrival 3: appraisal-STP-1.xlsx, So!H12, SHA-256 {hash_}."
        " Does not count: contradicted by Sở Nội vụ (arrival 4); neither does."
    )


def test_the_council_comes_before_the_rounds_and_they_before_the_self_score(
    office: Office,
) -> None:
    told = story(office, "1.1")
    assert final_words(told)[0] == (
        "Achieved score = 0.75: Hội đồng thẩm định 0.75 > Thẩm định lần 2 (STP) 0.50 > self 1.00"
    )


def test_a_row_that_the_unit_changed_is_reopened_and_its_old_word_outdated(office: Office) -> None:
    told = story(office, "1.2")
    (word,) = told.section(Section.APPRAISED)
    assert word.facts["verdict"] == "outdated"
    assert told.final is not None
    assert told.final.open == "reopened"
    assert final_words(told)[0] == "Achieved score = 1.00: self 1.00"
    assert (
        "The unit has changed its figures since it was appraised; the row is open."
        in final_words(told)
    )


def test_an_outdated_word_is_told_with_the_score_of_the_version_it_was_said_of(
    office: Office,
) -> None:
    told = story(office, "1.2")
    assert [line.facts["self"] for line in told.section(Section.DECLARED)] == ["0.5", "1"]
    (word,) = told.section(Section.APPRAISED)
    assert (word.facts["gives"], word.facts["left_out"]) == ("0.5", False)
    assert statement_words(told, word).startswith(
        "Thẩm định lần 1, Sở Tư pháp (STP) accepts: 0.50. Arrival 3:"
    )


def test_a_word_of_which_no_version_is_on_record_names_no_score(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        desk = Desk(Campaign(office.workspace.root, office.workspace), office, ledger)
        figures = {"numerator": Decimal(1), "denominator": Decimal(2)}
        words = (desk.word("n1.2", ACCEPT), desk.word("n1.3", ADJUST, values=figures),
                 desk.word("n1.4", ADJUST, points=POINTS))  # fmt: skip
        gone = [{**word, "basis": "00000000"} for word in words]
        desk.appraise("SNV", *gone, entry=b"gone.xlsx")
    last = {row: story(office, row).section(Section.APPRAISED)[-1] for row in ("1.2", "1.3", "1.4")}
    assert {row: word.facts["verdict"] for row, word in last.items()} == dict.fromkeys(
        last, "outdated"
    )
    assert [word.facts["gives"] for word in last.values()] == [None, None, "0.75"]
    assert "accepts what the unit declared. Arrival" in said(office, "1.2", Section.APPRAISED)[-1]
    assert said(office, "1.3", Section.APPRAISED)[-1].split(" Arrival")[0].endswith(" = 2.")
    assert "by the rule" not in said(office, "1.3", Section.APPRAISED)[-1]
    assert "adjusts to 0.75." in said(office, "1.4", Section.APPRAISED)[-1]


def test_the_councils_word_is_told_as_it_holds_whatever_the_unit_changes(tmp_path: Path) -> None:
    campaign = _campaign(tmp_path / "council")
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger:
        desk = Desk(campaign, office, ledger)
        desk.card(LEFT_OUT)
        words = (desk.word("n1.3", ACCEPT), desk.word("n1.2", ADJUST, values={"level": "Chậm"}))
        desk.arrive(COUNCIL, "SNV", {"rows": list(words)})
        desk.card({("n1.2", "level"): "Chậm"})
    left, changed = story(office, "1.3"), story(office, "1.2")
    assert [w.facts["gives"] for w in changed.section(Section.COUNCIL)] == ["0.5"]
    assert "accepts: Không áp dụng." in statement_words(left, left.section(Section.COUNCIL)[0])
    assert final_words(left)[0] == (
        "Achieved score = does not apply: Hội đồng thẩm định Không áp dụng > self 3.00"
    )


def test_a_query_its_reply_and_the_figures_entered_then(office: Office, n: dict[str, int]) -> None:
    told = story(office, "1.3")
    assert [w.facts["verdict"] for w in told.section(Section.APPRAISED)] == ["asks", "counts"]
    (reply,) = told.section(Section.REPLIED)
    assert (reply.facts["submission"], reply.facts["text"], reply.facts["verdict"]) == (
        n["reply"], "đúng như biểu 06", "counts",
    )  # fmt: skip
    assert final_words(told)[:3] == [
        "Achieved score = 0.75: Thẩm định lần 2 (STP) 0.75 > self 3.00",
        "Rule: Điểm = tỷ lệ % × 3 / 100%; Không phát sinh (Tổng số hồ sơ bằng 0): đạt điểm tối đa",
        "With the figures: 1 / 4 × 100% = 25% → 0.75",
    ]


def test_a_void_book_is_told_with_the_decision_and_counts_nothing(
    office: Office, n: dict[str, int]
) -> None:
    told = story(office, "1.4")
    (word,) = told.section(Section.APPRAISED)
    assert word.facts["verdict"] == "void"
    (decided,) = told.section(Section.DECISIONS)
    assert (decided.kind, decided.facts["submission"]) == ("voided", n["wrong"])
    assert final_words(told)[0] == "Achieved score = 1.00: self 1.00"


def test_a_word_given_by_the_cell_for_the_rest_yields_to_one_on_the_row(office: Office) -> None:
    told = story(office, "1.5")
    assert [w.facts["verdict"] for w in told.section(Section.APPRAISED)] == ["counts", "yields"]
    assert final_words(told)[0] == "Achieved score = 0.50: Thẩm định lần 1 (STP) 0.50 > self 1.00"


def test_a_waiver_on_the_row_is_told_there_and_on_no_other(office: Office) -> None:
    assert said(office, "1.1", Section.DECISIONS) == ["S030 waived (row 1.1) by Lan: theo công văn"]
    assert said(office, "1.2", Section.DECISIONS) == []


def test_every_statement_cites_the_event_of_its_arrival(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        events = {
            json.loads(event.body)["submission"]: str(event.seq)
            for event in ledger.events()
            if event.kind == "arrived"
        }
    cited = [
        line
        for row in ("1.1", "1.3", "4.5")
        for line in story(office, row).statements
        if line.section is not Section.DECISIONS and "submission" in line.facts
    ]
    assert len(cited) > 10
    assert [line.event for line in cited] == [events[line.facts["submission"]] for line in cited]


def test_the_final_score_of_every_row_is_that_of_the_ranking(office: Office) -> None:
    unit = office.workspace.campaign.units["STP"]
    with open_ledger(office.path) as ledger:
        state = proceedings(office.workspace, ledger, LATER)
        result = next(r.result for r in state.results.rows if r.result.unit.code == "STP")
        stories = [
            row_story(office.workspace, ledger, unit, node, LATER) for node in result.rubric.walk()
        ]
        assert {told.head for told in stories} == {ledger.head()}
    assert {told.node.id: told.score for told in stories} == dict(result.achieved)
    chains = {told.node.id: told.final.chain[0].points for told in stories if told.final}
    assert chains == {node: result.achieved[node].points for node in chains}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_said_the_first_step_of_the_chain_is_the_score(
    tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    root = tmp_path / "any"
    _campaign(root)
    path = root / "campaign.yaml"
    policies = {"unappraised": ("self", "zero")[seed % 2], "not_applicable": "full_points"}
    given = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**given, "policies": policies}), encoding="utf-8")
    campaign = Campaign(root, open_workspace(root))
    office = Office(campaign.workspace)
    leaves = [leaf_ for leaf_ in campaign.layout().rubric.leaves if leaf_.channel != "survey"]
    with open_ledger(office.path) as ledger:
        desk = Desk(campaign, office, ledger)
        desk.card(LEFT_OUT if seed > 1 else {})
        for book in range(5):
            words = [
                desk.word(
                    leaf_.id, decision, rest=decision is ACCEPT and chance.random() < 0.5,
                    points=Decimal("0.25") * chance.randint(0, 3) if decision is ADJUST else None,
                )
                for leaf_ in leaves
                if chance.random() < 0.5
                for decision in [chance.choice(list(Decision))]
            ]  # fmt: skip
            if book < 4:
                desk.appraise(
                    chance.choice(["STP", "SNV"]), *words, round_=chance.randint(1, 2),
                    entry=f"{book}.xlsx".encode(),
                )  # fmt: skip
            else:
                final_ = [word for word in words if word["decision"] == "adjust"]
                desk.arrive(COUNCIL, "SNV", {"rows": final_})
    told = [story(office, leaf_.id) for leaf_ in campaign.layout().rubric.leaves]
    for row in told:
        assert row.final is not None
        assert row.score is not None
        if row.final.chain[0].who is not Who.NOBODY:
            assert row.final.chain[0].points == row.score.points, row.node.id
        else:
            assert row.final.pending or row.score.points is None
        counting = [s for s in row.statements if s.facts.get("verdict") == "counts"]
        steps = {step.arrival for step in row.final.chain if step.arrival}
        assert {s.facts["submission"] for s in counting} <= steps


# --- figures of others ----------------------------------------------------------------------------------


def test_a_survey_figure_and_an_older_year_that_serves(office: Office) -> None:
    (now,) = story(office, "2.3").section(Section.FIGURES)
    assert (now.facts["value"], now.facts["year"], now.counts, now.facts["fallback"]) == (
        "80", 2026, True, False,
    )  # fmt: skip
    (older,) = said(office, "4.1", Section.FIGURES)
    assert older == (
        "PAR INDEX, 2025: 90. A value of the year 2025, in place of one that is not out yet."
        " From the survey files of the campaign. THIS ONE COUNTS."
    )
    assert final_words(story(office, "4.1"))[2] == "With the figures: 90 × 2 / 100 → 1.80"


def test_a_survey_book_is_told_with_its_source_and_who_entered_it(
    office: Office, made: tuple[Path, dict[str, int]]
) -> None:
    campaign = Campaign(office.workspace.root, office.workspace)
    card = {"year": 2026, "source": "SIPAS", "by": "Hoa", "figures": {"STP": {"n2.3": "75"}}}
    with open_ledger(office.path) as ledger:
        Desk(campaign, office, ledger).arrive(SURVEY, "so", card, entry=b"survey.xlsx")
    table, book = story(office, "2.3").section(Section.FIGURES)
    assert [(f.facts["value"], f.facts["source"], f.facts["by"], f.counts) for f in (table, book)] == [
        ("80", "Bộ Nội vụ", "", False), ("75", "SIPAS", "Hoa", True),
    ]  # fmt: skip
    assert (table.event, bool(book.event)) == ("", True)
    assert said(office, "2.3", Section.FIGURES)[1] == (
        "SIPAS, 2026: 75. Arrival 11, survey-so-1.xlsx. Entered by Hoa. THIS ONE COUNTS."
    )
    assert final_words(story(office, "2.3"))[2] == "With the figures: 75% × 3 / 100% → 2.25"


def test_a_void_survey_book_is_told_and_the_table_serves_again(office: Office) -> None:
    campaign = Campaign(office.workspace.root, office.workspace)
    card = {"year": 2026, "source": "SIPAS", "by": "", "figures": {"STP": {"n2.3": "75"}}}
    with open_ledger(office.path) as ledger:
        number = Desk(campaign, office, ledger).arrive(SURVEY, "so", card, entry=b"survey.xlsx")
        office.decide(ledger, "void", number)
    told = story(office, "2.3").section(Section.FIGURES)
    assert [(f.facts["value"], f.counts, f.facts["why"]) for f in told] == [
        ("80", True, ""), ("75", False, "void"),
    ]  # fmt: skip
    assert ("survey-arrived", str(number)) in lines(office, "STP")


def test_derived_figures_are_told_with_what_they_follow_from(office: Office) -> None:
    assert said(office, "4.2", Section.FIGURES) == [
        "Days late: 0. Received 01/12/2026 16:35, deadline 15/12/2026 23:59."
    ]
    assert said(office, "4.3", Section.FIGURES) == ["Evidence: 1 of 1 claimed rows have it, 100%."]
    assert said(office, "4.4", Section.FIGURES) == [
        "Not known yet: it follows once nothing is open in appraisal."
    ]
    assert final_words(story(office, "4.4"))[0] == "Achieved score = pending: no figures yet"


def test_the_gap_is_told_with_both_totals_once_nothing_is_open(office: Office) -> None:
    campaign = Campaign(office.workspace.root, office.workspace)
    with open_ledger(office.path) as ledger:
        desk = Desk(campaign, office, ledger)
        words = [
            desk.word(row.id, ACCEPT)
            for row in campaign.layout().rubric.leaves
            if row.id not in {"n1.1", "n1.3", "n1.5", "n4.6"}
        ]
        desk.appraise("SNV", *words, entry=b"rest.xlsx")
        unit = office.workspace.campaign.units["STP"]
        results = proceedings(office.workspace, ledger, LATER).results
    (result,) = [row.result for row in results.rows if row.result.unit == unit]
    assert result.figures["n4.4"]["self_appraised_gap"] == Decimal(3)
    # 2.25 off row 1.3, 0.25 off row 1.1, 0.5 off row 1.5; the peer row is no part of it.
    (told,) = said(office, "4.4", Section.FIGURES)
    assert told == "Gap: 3 points; self total 12.00, appraised total 9.00."


def test_the_best_value_of_the_tier_is_told_with_whose_it_is(office: Office) -> None:
    (told,) = story(office, "4.5").section(Section.FIGURES)
    assert told.facts["best"] == "8"
    assert [unit["unit"] for unit in told.facts["units"]] == ["STC"]
    assert final_words(story(office, "4.5"))[2] == "With the figures: 2 / 8 × 2 → 0.50"
    assert final_words(story(office, "4.5"))[0] == "Achieved score = 0.50: self 0.50"


def compared_story(root: Path, *decided: tuple[Decision, Mapping[str, Any]]) -> Story:
    """Tell of a row compared with the best of the tier: STP declares 40, STC 33; the rows of STP."""
    campaign = _campaign(root / "compared")
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger:
        desk = Desk(campaign, office, ledger)
        desk.card({("n4.5", "value"): Decimal(33)}, "STC")
        desk.card({("n4.5", "value"): Decimal(40)})
        for number, (decision, more) in enumerate(decided, 1):
            desk.appraise("STP", desk.word("n4.5", decision, **more), round_=number)
    return story(office, "4.5")


def test_no_score_is_made_of_a_declared_figure_and_a_best_it_was_never_compared_with(
    tmp_path: Path,
) -> None:
    lower = {"values": {"value": Decimal(30)}, "reason": "theo biên bản"}
    told = compared_story(tmp_path, (ACCEPT, {}), (ADJUST, lower))
    assert final_words(told)[0] == (
        "Achieved score = 1.818181818182: Thẩm định lần 2 (STP) 1.818181818182"
        " > Thẩm định lần 1 (STP) – > declared Số dịch vụ = 40"
    )
    assert final_words(told)[2] == "With the figures: 30 / 33 × 2 → 1.818181818182"
    accepted, entered = told.section(Section.APPRAISED)
    assert (accepted.facts["gives"], entered.facts["gives"]) == (None, "1.818181818182")
    assert "accepts what the unit declared." in statement_words(told, accepted)
    assert "by the rule 1.818181818182." in statement_words(told, entered)


def test_an_accepted_figure_has_the_score_that_it_reaches(tmp_path: Path) -> None:
    told = compared_story(tmp_path, (ACCEPT, {}))
    assert final_words(told)[0] == (
        "Achieved score = 2.00: Thẩm định lần 1 (STP) 2.00 > declared Số dịch vụ = 40"
    )
    (word,) = told.section(Section.APPRAISED)
    assert word.facts["gives"] == "2"


def test_a_row_that_only_appraisers_fill_has_no_self_score(office: Office) -> None:
    told = story(office, "4.6")
    assert told.section(Section.DECLARED) == ()
    assert final_words(told)[0] == "Achieved score = 0.75: Thẩm định lần 2 (STP) 0.75"


# --- not applicable -------------------------------------------------------------------------------------


def left_out_story(tmp_path: Path, *decided: tuple[Decision, Mapping[str, Any]]) -> Story:
    campaign = _campaign(tmp_path / "left-out")
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger:
        desk = Desk(campaign, office, ledger)
        blank = {("n1.3", "numerator"): None, ("n1.3", "denominator"): None}
        claimed = {
            ("n1.3", "@applicability"): "Không áp dụng",
            ("n1.3", "@explanation"): "Không có",
        }
        desk.card({**blank, **claimed})
        for number, (decision, more) in enumerate(decided, 1):
            desk.appraise("STP", desk.word("n1.3", decision, **more), round_=number)
    return story(office, "1.3")


def test_a_row_that_does_not_apply_leaves_the_denominator(tmp_path: Path) -> None:
    told = left_out_story(tmp_path, (ACCEPT, {}))
    (line,) = told.section(Section.DECLARED)
    assert "The unit says “Không áp dụng” (cell Phiếu chấm điểm!E14)." in statement_words(
        told, line
    )
    assert final_words(told)[0] == (
        "Achieved score = does not apply: Thẩm định lần 1 (STP) Không áp dụng > self Không áp dụng"
    )
    assert "Maximum 3.00; the row leaves the denominator." in final_words(told)
    (word,) = told.section(Section.APPRAISED)
    assert (word.facts["gives"], word.facts["left_out"]) == (None, True)
    assert "Sở Tư pháp (STP) accepts: Không áp dụng. Arrival" in statement_words(told, word)


def test_a_refused_not_applicable_gets_the_score_of_the_appraiser(tmp_path: Path) -> None:
    refusal = {"points": Decimal("1.5"), "reason": "có phát sinh"}
    told = left_out_story(tmp_path, (ACCEPT, {}), (ADJUST, refusal))
    assert final_words(told)[0] == (
        "Achieved score = 1.50: Thẩm định lần 2 (STP) 1.50"
        " > Thẩm định lần 1 (STP) Không áp dụng > self Không áp dụng"
    )
    assert "Maximum 3.00; applicable 3.00." in final_words(told)


def test_a_row_that_nobody_appraised_counts_nothing_where_the_campaign_says_so(
    tmp_path: Path,
) -> None:
    campaign = make_campaign(tmp_path, appraisal=APPRAISERS, policies={"unappraised": "zero"})
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger:
        desk = Desk(campaign, office, ledger)
        desk.card({})
        desk.appraise("STP", desk.word("n1.1", ACCEPT))
    assert final_words(story(office, "1.2"))[0] == (
        "Achieved score = 0.00: not appraised 0.00 > self 1.00"
    )
    assert final_words(story(office, "1.1"))[0] == (
        "Achieved score = 1.00: Thẩm định lần 1 (STP) 1.00 > self 1.00"
    )


def test_two_agencies_that_agree_and_one_that_waits_for_an_answer(tmp_path: Path) -> None:
    campaign = make_campaign(tmp_path, appraisal=APPRAISERS)
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger:
        desk = Desk(campaign, office, ledger)
        desk.card({})
        desk.appraise("STP", desk.word("n1.1", ACCEPT), desk.word("n1.2", QUERY, reason="vì sao"))
        desk.appraise("SNV", desk.word("n1.1", ACCEPT), desk.word("n1.2", ACCEPT))
        desk.appraise(
            "SNV", desk.word("n1.4", ACCEPT), status=Status.INVALID, entry=b"refused.xlsx"
        )
    verdicts = {
        row: sorted(w.facts["verdict"] for w in story(office, row).section(Section.APPRAISED))
        for row in ("1.1", "1.2", "1.4")
    }
    assert verdicts == {
        "1.1": ["agrees", "counts"],
        "1.2": ["asks", "waits"],
        "1.4": ["refused"],
    }


def test_a_word_without_a_return_that_counts_is_unheard(tmp_path: Path) -> None:
    campaign = make_campaign(tmp_path, appraisal=APPRAISERS)
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger:
        desk = Desk(campaign, office, ledger)
        number = desk.card({})
        desk.appraise("STP", desk.word("n1.1", ACCEPT))
        office.decide(ledger, "void", number)
    told = story(office, "1.1")
    assert [w.facts["verdict"] for w in told.section(Section.APPRAISED)] == ["unheard"]
    (line,) = told.section(Section.DECLARED)
    assert statement_words(told, line).endswith(
        " Does not count: declared void: theo công văn (Lan)."
    )
    assert final_words(told) == ["Nothing that counts was submitted: the row has no score."]


@pytest.mark.parametrize(
    ("status", "why", "words"),
    [
        (Status.DRAFT, "draft", "Does not count: a draft."),
        (Status.INVALID, "invalid", "Does not count: it was refused."),
    ],
)
def test_a_return_that_does_not_count_is_told_with_the_reason(
    office: Office, status: Status, why: str, words: str
) -> None:
    with open_ledger(office.path) as ledger:
        office.arrive(ledger, b"x", entry=b"x", status=status)
    told = story(office, "1.1")
    last = told.section(Section.DECLARED)[-1]
    assert (last.facts["why"], last.facts["read"]) == (why, False)
    assert statement_words(told, last).endswith("Nothing of it was read. " + words)


def test_a_role_card_tells_only_the_rows_of_its_role(tmp_path: Path) -> None:
    campaign = make_campaign(tmp_path)
    office = Office(campaign.workspace)
    data = campaign.filled(role="van-phong")
    back = campaign.read(data)
    assert back.card is not None
    assert back.token is not None
    card = {**card_to_json(back.card, back.sheet), "digest": back.token.digest}
    with open_ledger(office.path) as ledger:
        office.arrive(ledger, data, entry=b"vp.xlsx", role="van-phong", status=Status.VALID,
                      card=card, findings=())  # fmt: skip
    assert [f.facts["role"] for f in story(office, "1.1").section(Section.DECLARED)] == [
        "van-phong"
    ]
    assert story(office, "2.4").section(Section.DECLARED) == ()


# --- units that are appraised by the unit above -----------------------------------------------------------


def reporting_campaign(root: Path) -> Campaign:
    tiers = {
        tier: {"title": f"Cấp {tier}", "rubric": f"rubrics/{tier}.yaml", "deadline": "2026-12-15"}
        for tier in ("so", "xa")
    }
    tiers["xa"]["reported_by_parent"] = "yes"
    units = "code,name,tier,parent\nH1,Huyện Một,so,\nAB,An Bình,xa,H1\n"
    return make_campaign(root, units=units, tiers=tiers)


def district_book(desk: Desk, made: datetime, points: str) -> dict[str, Any]:
    own = desk.campaign.workspace.campaign.rubric(desk.campaign.workspace.campaign.units["AB"])
    scores = {node.id: Score(Decimal(0), node.max) for node in own.leaves}
    achieved = {**scores, "n1.1": Score(Decimal(points), Decimal(2))}
    sums = Sums(Decimal(0), Decimal(points), Decimal(30), Decimal(1))
    told = Reported("AB", own.form_digest[:16], scores, achieved, sums,
                    words={"n1.1": Word("Phòng Nội vụ", "theo biên bản")})  # fmt: skip
    return book_to_json(ResultBook("thu-2026", "H1", 1, made, {}, False, {"AB": told}))


def test_a_score_that_the_unit_above_reported_names_its_book_and_who_decided(
    tmp_path: Path,
) -> None:
    campaign = reporting_campaign(tmp_path)
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger:
        desk = Desk(campaign, office, ledger)
        new = desk.arrive(RESULT_BOOK, "H1", district_book(desk, LATER, "1.5"), entry=b"new.xlsx")
        old = desk.arrive(RESULT_BOOK, "H1", district_book(desk, NOW, "1"), entry=b"old.xlsx")
    told = story(office, "1.1", "AB")
    books = told.section(Section.FIGURES)
    assert [(b.facts["submission"], b.facts["achieved"], b.counts) for b in books] == [
        (new, "1.5", True), (old, "1", False),
    ]  # fmt: skip
    assert statement_words(told, books[0]) == (
        "Book of results of H1, made 04/12/2026 16:30: self score 0.00, achieved 1.50."
        " Decided there by Phòng Nội vụ. Reason: “theo biên bản”."
        " Arrival 1, results-H1-1.xlsx. THIS ONE COUNTS."
    )
    assert final_words(told)[0] == "Achieved score = 1.50: reported by H1 1.50 > self 0.00"
    assert lines(office, "AB") == lines(office, "H1") == [
        ("results-arrived", str(new)), ("results-arrived", str(old)),
    ]  # fmt: skip


# --- groups ---------------------------------------------------------------------------------------------


def test_a_group_tells_its_leaves_and_their_sum(office: Office) -> None:
    told = story(office, "1")
    one, three = Decimal(1), Decimal(3)
    assert [
        (part.node.code, part.own, part.appraised, part.achieved.points if part.achieved else None)
        for part in told.parts
    ] == [
        ("1.1", one, POINTS, POINTS),
        ("1.2", one, None, one),
        ("1.3", three, POINTS, POINTS),
        ("1.4", one, None, one),
        ("1.5", one, Decimal("0.5"), Decimal("0.5")),
    ]
    assert final_words(told)[0] == "Sum of the parts: 4.00 of 10.00."
    assert told.statements == ()


def test_of_a_best_of_group_only_the_best_part_counts(tmp_path: Path) -> None:
    data = rubric()
    data["nodes"][1]["nodes"][1] |= {"combine": "best", "max": "2"}
    data["nodes"][1]["max"] = "15"
    campaign = make_campaign(tmp_path, rubrics={"so": {**data, "scale": "29"}})
    office = Office(campaign.workspace)
    with open_ledger(office.path) as ledger:
        Desk(campaign, office, ledger).card({})
    told = story(office, "2.2")
    assert final_words(told)[0] == "Of the parts the best counts: 2.00 of 2.00."
    assert "Cao nhất" in story_page(told)
    assert "It goes into 2.2 Nhóm 2.2, where the best part counts: 2.00 of 2.00." in final_words(
        story(office, "2.2.2")
    )


# --- the unit -------------------------------------------------------------------------------------------


def lines(office: Office, unit: str) -> list[tuple[str, str]]:
    with open_ledger(office.path) as ledger:
        told = history_of(office.workspace, ledger, office.workspace.campaign.units[unit])
    return [(line.kind, str(line.facts.get("submission", ""))) for line in told]


def test_a_units_history_names_the_books_that_speak_of_it_and_no_others(
    office: Office, n: dict[str, int]
) -> None:
    books = ("first", "second", "wrong", "early", "later")
    expected = {("appraisal-arrived", str(n[name])) for name in books}
    told = lines(office, "STP")
    assert {line for line in told if line[0] == "appraisal-arrived"} == expected
    assert ("reply-arrived", str(n["reply"])) in told
    assert ("council-arrived", str(n["council"])) in told
    assert ("voided", str(n["wrong"])) in told
    assert lines(office, "STC")[1:] == [
        ("arrived", str(n["stc"])), ("appraisal-arrived", str(n["second"])),
    ]  # fmt: skip
    assert lines(office, "AB") == []


def test_forms_of_an_agency_are_no_forms_of_the_unit_that_has_its_code(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        ledger.issue(APPRAISAL, [("STP", "", "d1"), ("SNV", "", "d1")], office.now())
        ledger.issue(APPRAISAL, [("STP", "", "d2")], office.now())
        ledger.issue(REPLY, [("STP", "", "d1")], office.now())
    told = lines(office, "STP")
    assert [kind for kind, _number in told if kind.startswith("form-")] == [
        "form-issued", "form-issued",
    ]  # fmt: skip


def test_an_agencys_book_on_other_units_is_nothing_to_the_unit_of_its_code(
    office: Office,
) -> None:
    before = lines(office, "STP")
    with open_ledger(office.path) as ledger:
        desk = Desk(Campaign(office.workspace.root, office.workspace), office, ledger)
        number = desk.appraise("STP", desk.word("n1.1", ACCEPT, "STC"), entry=b"other.xlsx")
        office.decide(ledger, "void", number)
    assert lines(office, "STP") == before
    assert lines(office, "STC")[-2:] == [
        ("appraisal-arrived", str(number)), ("voided", str(number)),
    ]  # fmt: skip


# --- which row ------------------------------------------------------------------------------------------


def test_a_row_is_found_by_id_and_by_a_number_that_is_unique(office: Office) -> None:
    own = office.workspace.campaign.rubric(office.workspace.campaign.units["STP"])
    assert find_node(own, " 2.2.1 ").id == find_node(own, "n2.2.1").id == "n2.2.1"


def test_an_unknown_row_is_answered_with_what_looks_alike(office: Office) -> None:
    own = office.workspace.campaign.rubric(office.workspace.campaign.units["STP"])
    with pytest.raises(NoSuchRowError) as error:
        find_node(own, "2.2.11")
    assert "2.2.1" in error.value.near


def test_a_number_that_several_rows_have_is_refused_with_their_ids() -> None:
    data = rubric()
    data["nodes"][2]["code"] = "1.1"
    with pytest.raises(NoSuchRowError) as error:
        find_node(Rubric.model_validate(data), "1.1")
    assert error.value.several == ("n1.1", "n3")


# --- the command ----------------------------------------------------------------------------------------


def run(office: Office, *args: str) -> Result:
    return CliRunner().invoke(command, [*args, "-C", str(office.workspace.root)])


def test_the_command_tells_a_row_by_sections_and_ends_with_the_result(office: Office) -> None:
    done = run(office, "STP", "1.1")
    assert done.exit_code == 0
    flat = " ".join(done.output.split())
    told = (
        "STP – Sở Tư pháp 1.1 – Tiêu chí 1.1 Self-assessment", "Arrival 1, version 1",
        "Appraisal", "thiếu kế hoạch", "Council", "biên bản số 5", "Decisions and waivers",
        "Result Achieved score = 0.75: Hội đồng thẩm định 0.75", "check with: xlscore ledger check",
    )  # fmt: skip
    places = [flat.index(part) for part in told]
    assert places == sorted(places)


def test_the_command_gives_a_row_as_json(office: Office, n: dict[str, int]) -> None:
    data: Any = json.loads(run(office, "STP", "n1.1", "--json").output)
    assert (data["unit"], data["row"]["code"], data["self"], data["achieved"]) == (
        "STP", "1.1", "1", "0.75",
    )  # fmt: skip
    assert [(s["who"], s["points"], s["submission"]) for s in data["final"]["chain"]] == [
        ("council", "0.75", n["council"]), ("round", "0.5", n["later"]), ("self", "1", 0),
    ]  # fmt: skip
    assert [s["id"] for s in data["final"]["sums"]] == ["n1"]
    with open_ledger(office.path) as ledger:
        assert data["head"] == ledger.head()
    assert all(line["text"] and line["section"] for line in data["lines"])
    assert json.loads(run(office, "STP", "1", "--json").output)["final"] is None


@pytest.mark.parametrize(("row", "hint"), [("2.2.11", "2.2.1"), ("zzz", "zzz")])
def test_an_unknown_row_is_a_wrong_call(office: Office, row: str, hint: str) -> None:
    done = run(office, "STP", row)
    assert done.exit_code == 2
    assert hint in done.output


def test_rows_of_a_unit_that_left_have_no_rubric(office: Office) -> None:
    units = office.workspace.root / "units.csv"
    units.write_text("code,name,tier\nSTC,Sở Tài chính,so\nAB,An Bình,xa\n", encoding="utf-8")
    for leftover in office.workspace.root.glob("surveys.csv"):
        leftover.write_text("unit,node,value,year,source\n", encoding="utf-8")
    done = run(office, "STP", "1.1")
    assert done.exit_code == 2
    assert "history STP" in done.output
    whole = run(office, "STP", "--json")
    assert whole.exit_code == 0
    assert len(json.loads(whole.output)["lines"]) > 10


def test_a_row_that_a_waiver_leaves_out_is_answered_with_the_reason(office: Office) -> None:
    path = office.workspace.root / "campaign.yaml"
    settings = json.loads(path.read_text(encoding="utf-8"))
    waiver = {"unit": "STC", "leave_out": ["n3"], "reason": "không được giao", "by": "Lan"}
    path.write_text(json.dumps({**settings, "waivers": [waiver]}), encoding="utf-8")
    done = run(office, "STC", "3")
    assert done.exit_code == 2
    assert "không được giao" in done.output


def test_a_campaign_without_a_ledger_has_no_story(tmp_path: Path) -> None:
    fresh = make_campaign(tmp_path / "fresh")
    done = CliRunner().invoke(command, ["STP", "1.1", "-C", str(fresh.root)])
    assert done.exit_code == 2
    assert not fresh.workspace.ledger_path.exists()


def test_a_unit_that_exists_no_longer_has_a_story_without_a_score(office: Office) -> None:
    units = office.workspace.root / "units.csv"
    units.write_text(
        "code,name,tier,valid_to\nSTP,Sở Tư pháp,so,2026-06-30\nSTC,Sở Tài chính,so,\nAB,An Bình,xa,\n",
        encoding="utf-8",
    )
    done = run(office, "STP", "1.1")
    assert done.exit_code == 0
    assert "the row has no score" in done.output
    assert "thiếu kế hoạch" in done.output
    assert "Does not count: the unit has nothing there" in " ".join(done.output.split())


def test_an_event_that_somebody_made_senseless_is_passed_over(office: Office) -> None:
    before = [line.event for line in story(office, "1.1").statements]
    with open_ledger(office.path) as ledger:
        ledger.event(LATER, "voided", {"what": "?"})
        ledger.event(LATER, "arrived", {"submission": "?"})
        body = {"decision": 9, "submission": 0, "unit": "STP", "reason": "", "by": "", "body": 7}
        ledger.event(LATER, "waived", body)
    assert [line.event for line in story(office, "1.1").statements] == before


def test_the_docs_show_every_field_of_the_json(office: Office) -> None:
    page = (Path(__file__).parent.parent / "docs" / "json.md").read_text(encoding="utf-8")
    text = page.split("## `xlscore history UNIT ROW --json`")[1].split("```json")[1].split("```")[0]
    shown = json.loads(text)
    data = json.loads(run(office, "STP", "1.1", "--json").output)
    assert shown.keys() == data.keys()
    assert shown["final"].keys() == data["final"].keys()
    assert shown["final"]["chain"][0].keys() == data["final"]["chain"][0].keys()


# --- on paper -------------------------------------------------------------------------------------------


def test_the_page_names_the_events_the_head_and_how_to_check(
    office: Office, tmp_path: Path
) -> None:
    target = tmp_path / "1.1.html"
    done = run(office, "STP", "1.1", "--page", str(target))
    assert done.exit_code == 0
    page = target.read_text(encoding="utf-8")
    told = story(office, "1.1")
    assert "DIỄN BIẾN ĐIỂM SỐ" in page
    assert told.head[:16] in page
    assert "xlscore ledger check" in page
    for line in told.statements:
        assert f'data-name="Sự kiện">{line.event}</td>' in page
    assert page.count('class="counts"') == sum(line.counts for line in told.statements)


def test_the_page_of_a_unit_has_every_line(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "STP.html"
    assert run(office, "STP", "--page", str(target)).exit_code == 0
    page = target.read_text(encoding="utf-8")
    assert "DIỄN BIẾN HỒ SƠ" in page
    assert page.count('data-name="Sự kiện"') == len(lines(office, "STP"))


def test_what_was_typed_is_harmless_on_the_page(office: Office) -> None:
    with open_ledger(office.path) as ledger:
        desk = Desk(Campaign(office.workspace.root, office.workspace), office, ledger)
        word = desk.word("n1.4", ADJUST, points=Decimal(0), reason="<script>alert(1)</script>")
        desk.appraise("SNV", word, entry=b"hostile.xlsx")
    page = story_page(story(office, "1.4"))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@needs_chromium
@pytest.mark.parametrize("width", [390, 1400])
def test_the_page_needs_no_scrolling_sideways(office: Office, width: int) -> None:
    assert width_taken(story_page(story(office, "1.3")), width) <= width
    assert width_taken(story_page(story(office, "1")), width) <= width


def test_a_story_survives_a_rebuild_with_the_events_of_the_first_chain(office: Office) -> None:
    before = story_to_json(story(office, "1.3"))
    office.lose()
    office.rebuild()
    after = story_to_json(story(office, "1.3"))
    assert [line["text"] for line in after["lines"]] == [line["text"] for line in before["lines"]]
    assert [line["event"] for line in after["lines"]] == [line["event"] for line in before["lines"]]
    assert after["final"] == before["final"]
