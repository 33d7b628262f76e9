"""Every problem by its name: permanent codes, exact places, words that are whole."""

from __future__ import annotations

import pytest

from tests.campaigns import Campaign, assert_readable
from tests.returned_cases import CASES
from tests.spoiled import Case, found
from xlscore.catalogue import BY_CODE, BY_NAME, ENTRIES, Severity
from xlscore.findings import Status, as_json, finding, has_errors, message

OF_A_RETURN = {entry.name for entry in ENTRIES if entry.code[0] in "PISMX"}
ELSEWHERE = {
    "return-refused": "implied by every invalid case",
    "evidence-advised": "tests/test_checking.py",
    "more-findings": "tests/test_returns.py",
    "role-conflict": "tests/test_merging.py",
    "card-outstanding": "tests/test_merging.py",
    "evidence-too-large": "tests/test_intake_evidence.py",
    "misplaced-evidence": "tests/test_intake_evidence.py",
}
"""Codes that no single file brings about, and where they are asserted."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_spoiled_return_is_found_out_exactly(campaign: Campaign, case: Case) -> None:
    back = case.build(campaign)
    refused = [("return-refused", "", "")] if case.status is Status.INVALID else []
    assert found(back) == [*case.expected, *refused]
    assert back.status is case.status


def test_every_code_of_a_return_has_a_case() -> None:
    covered = {name for case in CASES for name, _, _ in case.expected} | set(ELSEWHERE)
    assert covered == OF_A_RETURN


def test_a_second_check_in_the_same_process_gives_the_same(campaign: Campaign) -> None:
    for case in CASES:
        first, second = case.build(campaign), case.build(campaign)
        assert first.findings == second.findings, case.id
        assert first.status is second.status


def test_names_and_codes_are_unique() -> None:
    assert len(BY_CODE) == len(BY_NAME) == len(ENTRIES)


def test_a_number_is_said_with_the_decimal_mark_of_the_language() -> None:
    over = finding("over-maximum", entered="2.25", row="1.1", cell="F9", params={"maximum": "2.5"})
    assert message(over, "vi") == (
        "Tiêu chí 1.1, ô F9: Đã nhập 2,25, vượt mức tối đa 2,5. Nhập không quá 2,5."
    )
    assert message(over, "en") == (
        "Criterion 1.1, cell F9: 2.25 was entered, above the maximum 2.5. Enter at most 2.5."
    )
    steps = finding("off-step", entered="0.3", params={"step": "0.25", "example": "0.25; 0.5"})
    assert message(steps, "vi") == ("Đã nhập 0,3; điểm phải là bội số của 0,25. Ví dụ: 0,25; 0,5.")


def test_a_label_or_a_file_name_is_quoted_as_it_is_printed() -> None:
    level = finding("unknown-level", entered="x", params={"choices": "“Mức 1.2”; “Mức 0.5”"})
    assert "“Mức 1.2”; “Mức 0.5”" in message(level, "vi")


def test_what_a_template_lacks_is_marked_rather_than_fatal() -> None:
    assert "…" in message(finding("over-maximum", entered="3"), "vi")


def test_a_long_entry_is_cut_and_set_in_one_line() -> None:
    said = message(finding("not-a-number", entered="a\nb " * 40), "vi")
    assert "a b a b" in said
    assert "…" in said
    assert "\n" not in said


def test_a_waived_finding_is_a_note_and_says_by_whom() -> None:
    waived = finding("missing-evidence", entered="1").at(waived="mất hồ sơ (Sở Nội vụ)")
    assert waived.severity is Severity.NOTE
    assert not has_errors([waived])
    assert message(waived, "vi").endswith("[Được miễn: mất hồ sơ (Sở Nội vụ)]")
    assert message(waived, "en").endswith("[Waived: mất hồ sơ (Sở Nội vụ)]")


def test_a_finding_on_a_whole_file_names_the_file() -> None:
    said = finding("empty", file="STP.xlsx")
    assert message(said, "vi").startswith("STP.xlsx: Tệp rỗng")
    assert_readable(said)


def test_json_is_the_documented_shape() -> None:
    given = finding(
        "negative", sheet="Phiếu", cell="F9", row="1.1", entered="-1", params={"minimum": "0"}
    )
    assert as_json(given, "en") == {
        "code": "S013",
        "name": "negative",
        "severity": "error",
        "sheet": "Phiếu",
        "cell": "F9",
        "row": "1.1",
        "message": "Criterion 1.1, cell Phiếu!F9: The negative number -1 was entered. Enter 0 or more.",
    }
