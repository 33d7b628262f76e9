"""Which agency appraises which row: rules, leads, rounds, and the coordinator for the rest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.small_campaign import Data, group, leaf, rubric
from xlscore.appraising import agency_of
from xlscore.campaign import Campaign, Unit
from xlscore.settings import Settings

AGENCIES = {code: {"title": f"Cơ quan {code}"} for code in ("SNV", "STP", "STC", "VPUB")}
UNITS = {
    unit.code: unit
    for unit in (
        Unit(code="SXD", name="Sở Xây dựng", tier="so"),
        Unit(code="STP", name="Sở Tư pháp", tier="so"),
        Unit(code="H1", name="Huyện Một", tier="huyen"),
        Unit(code="X1", name="Xã Một", tier="xa", parent="H1"),
        Unit(code="X2", name="Xã Hai", tier="xa", parent="H2"),
    )
}


def nodes() -> list[Data]:
    parts = [leaf("a.1", "1"), leaf("a.2", "1", lead="VPUB"), leaf("a.3", "1", lead="SKHCN")]
    return [
        group("a", "3", [group("a.g", "3", parts)], lead="STP"),
        group("b", "2", [leaf("b.1", "1"), leaf("b.2", "1")]),
    ]


def campaign(**appraisal: Any) -> Campaign:
    rubrics = {tier: rubric(nodes(), tier) for tier in ("so", "huyen", "xa")}
    tiers = {t: {"title": t, "rubric": "r.yaml", "deadline": "2026-12-15"} for t in rubrics}
    head = {"id": "thu", "title": "Kỳ thử", "year": 2026, "tiers": tiers,
            "authority": {"name": "UBND", "place": "Mẫu"}}  # fmt: skip
    made = Settings.model_validate({**head, "appraisal": {"agencies": AGENCIES, **appraisal}})
    return Campaign(made, UNITS, rubrics)


def appraisers(made: Campaign, row: str, round_: int = 1) -> list[str]:
    """Return who appraises a row of SXD, STP, H1, X1 and X2."""
    return [agency_of(made, unit, row, round_) for unit in UNITS.values()]


@pytest.mark.parametrize(
    ("row", "agency"),
    [
        ("a.1", "STP"),  # of the node two levels above
        ("a.2", "VPUB"),  # its own, before that of a node above
        ("a.3", "SNV"),  # no agency here
        ("b.1", "SNV"),  # nobody's
    ],
)
def test_the_nearest_lead_decides_and_the_coordinator_gets_the_rest(row: str, agency: str) -> None:
    assert appraisers(campaign(), row) == [agency] * 5


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"tiers": "so"}, ["STC", "STC", "SNV", "SNV", "SNV"]),
        ({"parents": "H1"}, ["SNV", "SNV", "SNV", "STC", "SNV"]),
        ({"units": ["STP", "X2"]}, ["SNV", "STC", "SNV", "SNV", "STC"]),
        ({"rows": "b"}, ["STC"] * 5),
        ({"rows": ["b.2", "b.1"]}, ["STC"] * 5),
        ({"rows": "b.2"}, ["SNV"] * 5),
        ({"tiers": ["xa", "huyen"], "rows": "b"}, ["SNV", "SNV", "STC", "STC", "STC"]),
        ({"tiers": "xa", "parents": "H2", "units": "X1"}, ["SNV"] * 5),
        ({}, ["STC"] * 5),
    ],
)
def test_a_rule_asks_for_what_it_names_and_for_all_of_it(
    rule: dict[str, Any], expected: list[str]
) -> None:
    assert appraisers(campaign(assignments=[{"agency": "STC", **rule}]), "b.1") == expected


def test_the_first_rule_that_fits_decides_also_before_a_lead() -> None:
    rules = [
        {"agency": "SNV", "units": "STP"},
        {"agency": "STC", "tiers": "so"},
        {"agency": "VPUB", "rows": "a.2"},
    ]
    made = campaign(assignments=rules)
    assert appraisers(made, "a.1") == ["STC", "SNV", "STP", "STP", "STP"]
    assert appraisers(made, "a.2") == ["STC", "SNV", "VPUB", "VPUB", "VPUB"]


def test_what_an_agency_without_part_in_the_round_leads_falls_to_the_coordinator() -> None:
    made = campaign(
        coordinator="VPUB",
        rounds=[{}, {"agencies": ["SNV", "STC"]}],
        assignments=[{"agency": "STC", "units": "SXD"}],
    )
    assert appraisers(made, "a.1", 1) == ["STC", "STP", "STP", "STP", "STP"]
    assert appraisers(made, "a.1", 2) == ["STC", "VPUB", "VPUB", "VPUB", "VPUB"]
    assert appraisers(made, "b.1", 2) == ["STC", "VPUB", "VPUB", "VPUB", "VPUB"]


def test_the_first_agency_coordinates_where_none_is_named() -> None:
    assert campaign().settings.appraisal.leader == "SNV"
    assert campaign(coordinator="STC").settings.appraisal.leader == "STC"


def test_without_agencies_the_campaigns_office_appraises_everything() -> None:
    made = campaign(agencies={})
    (code,) = made.agencies
    assert made.agencies[code].title == made.settings.authority.office
    for row in ("a.1", "a.2", "b.1"):
        assert appraisers(made, row) == [code] * 5


def test_rounds_are_called_by_their_title_or_their_number() -> None:
    made = campaign(rounds=[{}, {"title": "Thẩm định lại"}]).settings.appraisal
    assert [made.round_title(n) for n in (1, 2)] == ["Thẩm định lần 1", "Thẩm định lại"]
