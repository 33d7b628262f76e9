"""One card, checked: policies, what a blank entails, what is said only once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from tests.campaigns import Campaign, Key, faultless, make_campaign, number
from tests.spoiled import Place, found
from xlscore.answers import Answers
from xlscore.checking import FoundCell, check_card, evidence_coverage, waive
from xlscore.findings import Severity, Status, finding, message
from xlscore.layout import NOT_APPLICABLE, Slot
from xlscore.scoring import Open, score_card
from xlscore.settings import Policies
from xlscore.workbooks.scorecard.fill import Typed

NO_EVIDENCE: Mapping[Key, Typed | None] = {("n1.1", Slot.EVIDENCE): None}


def checked(campaign: Campaign, changes: Mapping[Key, Typed | None]) -> list[Place]:
    return found(campaign.read(campaign.filled(changes)))


@pytest.mark.parametrize(
    ("policy", "said", "status"),
    [
        ("required", ["missing-evidence", "return-refused"], Status.INVALID),
        ("warn", ["evidence-advised"], Status.VALID),
        ("off", [], Status.VALID),
    ],
)
def test_missing_evidence_is_what_the_campaign_says(
    tmp_path: Path, policy: str, said: list[str], status: Status
) -> None:
    campaign = make_campaign(tmp_path, policies={"evidence": policy})
    back = campaign.read(campaign.filled(NO_EVIDENCE))
    assert [f.name for f in back.findings] == said
    assert back.status is status


def test_a_full_explanation_replaces_evidence(campaign: Campaign) -> None:
    assert checked(campaign, {**NO_EVIDENCE, ("n1.1", Slot.EXPLANATION): "Hồ sơ lưu tại kho"}) == []


def test_claimed_points_are_said_as_they_are_shown_and_the_empty_cell_stays_empty(
    tmp_path: Path,
) -> None:
    campaign = make_campaign(tmp_path, policies={"display_decimals": 1})
    back = campaign.read(campaign.filled({**NO_EVIDENCE, ("n1.1", "points"): Decimal("0.25")}))
    (told,) = (f for f in back.findings if f.name == "missing-evidence")
    assert told.entered == ""
    assert "Đã tự chấm 0,3 điểm nhưng" in message(told, "vi")


def test_no_points_need_no_evidence(campaign: Campaign) -> None:
    assert checked(campaign, {**NO_EVIDENCE, ("n1.1", "points"): Decimal(0)}) == []


def test_a_refused_entry_is_not_also_missing_or_without_evidence(campaign: Campaign) -> None:
    wrong: Mapping[Key, Typed | None] = {**NO_EVIDENCE, ("n1.1", "points"): "đạt"}
    assert checked(campaign, wrong) == [("not-a-number", "F9", "1.1"), ("return-refused", "", "")]


def test_every_blank_input_is_said_by_its_printed_name(campaign: Campaign) -> None:
    blank: Mapping[Key, Typed | None] = {("n1.3", "numerator"): None, ("n1.3", "denominator"): None}
    back = campaign.read(campaign.filled(blank))
    assert [f.params.get("what") for f in back.findings if f.name == "missing-entry"] == [
        "Số hồ sơ đúng hạn",
        "Tổng số hồ sơ",
    ]
    level = campaign.read(campaign.filled({("n1.2", "level"): None})).findings[0]
    assert level.params == {"what": "Số liệu / Mức đạt"}


def test_a_blank_bonus_is_not_missing(campaign: Campaign) -> None:
    assert checked(campaign, {("nC", "points"): None}) == []


def test_every_item_of_a_checklist_is_answered(campaign: Campaign) -> None:
    assert checked(campaign, {("n2.2.2", "item2"): None}) == [
        ("missing-entry", "E34", "2.2.2"),
        ("return-refused", "", ""),
    ]


def test_what_is_left_out_needs_no_figures_but_a_reason(campaign: Campaign) -> None:
    left_out: dict[Key, Typed | None] = {
        ("n1.3", Slot.APPLICABILITY): NOT_APPLICABLE,
        ("n1.3", "numerator"): None,
        ("n1.3", "denominator"): None,
    }
    assert checked(campaign, left_out) == [
        ("not-applicable-unexplained", "E14", "1.3"),
        ("return-refused", "", ""),
    ]
    left_out["n1.3", Slot.EXPLANATION] = "Không phát sinh hồ sơ"
    back = campaign.read(campaign.filled(left_out))
    assert (found(back), back.status) == ([], Status.VALID)
    assert back.card is not None
    assert back.card.scores["n1.3"].open is Open.NOT_APPLICABLE


def test_figures_that_divide_by_zero_where_the_method_allows_it_are_fine(
    campaign: Campaign,
) -> None:
    nothing: Mapping[Key, Typed | None] = {
        ("n1.3", "numerator"): Decimal(0),
        ("n1.3", "denominator"): Decimal(0),
    }
    back = campaign.read(campaign.filled(nothing))
    assert back.status is Status.VALID
    assert back.card is not None
    assert back.card.scores["n1.3"].points == 3


def test_an_enormous_number_is_refused_and_stops_nothing(campaign: Campaign) -> None:
    huge = number("1E+300")
    assert checked(campaign, {("n1.1", "points"): huge})[0] == ("over-maximum", "F9", "1.1")
    counted = campaign.read(campaign.filled({("n1.4", "count"): huge}))
    assert counted.card is not None
    assert counted.card.scores["n1.4"].points == 2


def test_a_node_whose_row_was_refused_gives_no_values(campaign: Campaign) -> None:
    layout = campaign.layout()
    cells = {key: FoundCell(None, "A1") for key in layout.entries}
    card = check_card(layout, "Phiếu", cells, Policies(), frozenset({"n3"}))
    assert "n3" in card.refused
    assert not [f for f in card.findings if f.node == "n3"]


def test_evidence_coverage_counts_claimed_rows_that_need_evidence(campaign: Campaign) -> None:
    layout = campaign.layout()
    values = {"n1.1": {"points": Decimal(1)}}
    for evidence, percent in (({}, 0), ({"n1.1": " "}, 0), ({"n1.1": "KH 1"}, 100)):
        answers = Answers(values, evidence=evidence)
        scores = score_card(layout.rubric, layout.methods, answers)
        assert evidence_coverage(layout, answers, scores) == percent
    nothing = Answers()
    assert (
        evidence_coverage(layout, nothing, score_card(layout.rubric, layout.methods, nothing))
        == 100
    )


def test_a_waiver_covers_its_code_on_its_row_or_everywhere() -> None:
    one, other = finding("negative", row="1.1"), finding("negative", row="1.2")
    assert [f.waived for f in waive([one, other], {("S013", "1.1"): "lý do"})] == ["lý do", ""]
    everywhere = waive([one, other], {("S013", ""): "lý do"})
    assert [f.severity for f in everywhere] == [Severity.NOTE, Severity.NOTE]


def test_a_faultless_answer_stands_on_every_row(campaign: Campaign) -> None:
    answered = {node for node, _ in faultless(campaign.layout())}
    from_unit = {node for node, _ in campaign.layout().entries}
    assert answered == from_unit - {"n2.2"}
